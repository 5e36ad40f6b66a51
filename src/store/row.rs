//! Between the domain's values and the columns of the database.
//!
//! Promises that a row which holds anything unexpected is an error of that row.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::{
    Cost, Generation, GenerationId, Image, ImageFormat, ImageId, Job, Opinion, Rating, Text,
    Timestamp,
};

use super::trash::{self, Place};

/// The columns of a generation, as [`generation`] reads them. The tables are called
/// `g` and, for the attempt under way, `a`.
pub(super) const COLUMNS: &str = "g.seq, g.id, g.parent, g.batch, g.template, g.request, g.state, g.attempt, \
     g.created, g.finished, g.failure, g.usage, g.estimate, g.cost, g.words, g.request_id, \
     g.favourite, g.rating, g.tags, g.trashed, a.claimed, a.connected";

/// What [`COLUMNS`] are selected from.
pub(super) const TABLES: &str = "generations AS g \
     LEFT JOIN attempts AS a ON a.generation = g.seq AND a.number = g.attempt";

/// The same, walked down in the order of the history as it is shown: without the trash.
pub(super) const SHOWN: &str = "generations AS g INDEXED BY generations_shown \
     LEFT JOIN attempts AS a ON a.generation = g.seq AND a.number = g.attempt";

/// The generation in `row`, with its pictures, which lie below `dir`.
pub(super) fn generation(
    db: &Connection,
    dir: &Path,
    row: &Row<'_>,
) -> rusqlite::Result<Generation> {
    let id: GenerationId = parsed(row, "id")?;
    let opinion = opinion(row)?;
    let place = Place { dir, trashed: opinion.trashed.is_some() };
    let pictures = pictures(db, place, row.get("seq")?, id, row.get("attempt")?)?;
    Ok(Generation {
        id,
        request: json(row, "request")?,
        job: job(row, pictures.done, pictures.of)?,
        created: required_time(row, "created")?,
        finished: time(row, "finished")?,
        images: pictures.kept,
        usage: maybe_json(row, "usage")?,
        estimate: micros(row, "estimate")?,
        cost: row.get::<_, Option<f64>>("cost")?.and_then(Cost::from_usd),
        words: text(row, "words")?,
        request_id: text(row, "request_id")?,
        sent: time(row, "connected")?,
        parent: maybe_parsed(row, "parent")?,
        batch: maybe_parsed(row, "batch")?,
        template: row.get("template")?,
        opinion,
    })
}

/// What the user thinks of the generation in `row`.
pub(super) fn opinion(row: &Row<'_>) -> rusqlite::Result<Opinion> {
    Ok(Opinion {
        favourite: row.get("favourite")?,
        rating: Rating::new(row.get("rating")?),
        tags: json(row, "tags")?,
        trashed: time(row, "trashed")?,
    })
}

fn job(row: &Row<'_>, done: u32, of: u32) -> rusqlite::Result<Job> {
    let state: String = row.get("state")?;
    Ok(match state.as_str() {
        "queued" => Job::Queued,
        "running" => {
            Job::Running { since: required_time(row, "claimed")?, attempt: row.get("attempt")? }
        }
        "fetching" => Job::Fetching { done, of },
        "done" => Job::Done,
        "failed" => Job::Failed { failure: json(row, "failure")? },
        "cancelled" => Job::Cancelled,
        "interrupted" => Job::Interrupted { failure: json(row, "failure")? },
        _ => return Err(wrong(row, "state", &format!("unknown state “{state}”"))),
    })
}

struct Pictures {
    kept: Vec<Image>,
    /// Kept ones of the attempt under way.
    done: u32,
    /// All that the answer of the attempt under way names.
    of: u32,
}

fn pictures(
    db: &Connection,
    place: Place<'_>,
    seq: i64,
    generation: GenerationId,
    current: u32,
) -> rusqlite::Result<Pictures> {
    let mut pictures = Pictures { kept: Vec::new(), done: 0, of: 0 };
    let mut select =
        db.prepare_cached("SELECT * FROM images WHERE generation = ?1 ORDER BY idx")?;
    let mut rows = select.query([seq])?;
    while let Some(row) = rows.next()? {
        let kept = row.get::<_, Option<String>>("path")?.is_some();
        if row.get::<_, u32>("attempt")? == current {
            pictures.of += 1;
            pictures.done += u32::from(kept);
        }
        if kept {
            pictures.kept.push(image(row, place, generation)?);
        }
    }
    Ok(pictures)
}

fn image(row: &Row<'_>, place: Place<'_>, generation: GenerationId) -> rusqlite::Result<Image> {
    let relative = PathBuf::from(row.get::<_, String>("path")?);
    let path = place
        .resolve(&relative)
        .ok_or_else(|| wrong(row, "path", "a path outside of the pictures"))?;
    Ok(Image {
        id: ImageId { generation, index: row.get("idx")? },
        path,
        width: row.get("width")?,
        height: row.get("height")?,
        format: format(row)?,
        bytes: size(row, "bytes")?.unwrap_or(0),
        sha256: row.get("sha256")?,
    })
}

fn format(row: &Row<'_>) -> rusqlite::Result<ImageFormat> {
    let name: String = row.get("format")?;
    serde_json::from_value(name.into()).map_err(|error| wrong(row, "format", &error.to_string()))
}

/// The key of `id` in the other tables.
pub(super) fn seq(db: &Connection, id: GenerationId) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT seq FROM generations WHERE id = ?1")?
        .query_row([id.to_string()], |row| row.get(0))
        .optional()
}

/// Adds `generation` with everything it says of itself but its pictures, and answers
/// its key. What was made elsewhere is no order, and has no charge.
pub(super) fn insert(db: &Connection, generation: &Generation) -> rusqlite::Result<i64> {
    let seq = db
        .prepare_cached(
        "INSERT INTO generations (id, parent, batch, template, request, state, created, finished, failure, \
             usage, estimate, cost, words, request_id) \
         VALUES (:id, :parent, :batch, :template, :request, :state, :created, :finished, :failure, \
             :usage, :estimate, :cost, :words, :request_id)",
    )?
    .insert(named_params! {
        ":id": generation.id.to_string(),
        ":parent": generation.parent.map(|parent| parent.to_string()),
        ":batch": generation.batch.map(|batch| batch.to_string()),
        ":template": generation.template,
        ":request": to_json(&generation.request),
        ":state": generation.job.name(),
        ":created": generation.created.millis(),
        ":finished": generation.finished.map(Timestamp::millis),
        ":failure": generation.job.failure().map(to_json),
        ":usage": generation.usage.as_ref().map(to_json),
        ":estimate": generation.estimate.map(to_micros),
        ":cost": generation.cost.map(Cost::usd),
        ":words": generation.words.as_ref().map(Text::as_str),
        ":request_id": generation.request_id.as_ref().map(Text::as_str),
    })?;
    if generation.request.model.is_imported() {
        // Nobody here has ordered it.
        db.prepare_cached("DELETE FROM charges WHERE generation = ?1")?.execute([seq])?;
    }
    Ok(seq)
}

/// Records that `image` is kept, below `dir`. It may be one that no answer named.
pub(super) fn keep_image(
    db: &Connection,
    dir: &Path,
    generation: i64,
    image: &Image,
) -> rusqlite::Result<bool> {
    let changed = db
        .prepare_cached(
            "INSERT INTO images (generation, idx, attempt, path, width, height, format, bytes, \
                 sha256) \
             SELECT seq, :idx, attempt, :path, :width, :height, :format, :bytes, :sha256 \
                 FROM generations WHERE seq = :generation \
             ON CONFLICT (generation, idx) DO UPDATE SET \
                 path = excluded.path, width = excluded.width, height = excluded.height, \
                 format = excluded.format, bytes = excluded.bytes, sha256 = excluded.sha256, \
                 failure = NULL \
             WHERE path IS NULL",
        )?
        .execute(named_params! {
            ":generation": generation,
            ":idx": image.id.index,
            ":path": trash::relative(dir, &image.path),
            ":width": image.width,
            ":height": image.height,
            ":format": format_name(image.format),
            ":bytes": image.bytes as i64,
            ":sha256": image.sha256,
        })?;
    // One that comes late may belong to a generation that is in the trash by now.
    db.prepare_cached(
        "INSERT INTO unsettled (generation) SELECT seq FROM generations \
         WHERE seq = ?1 AND trashed IS NOT NULL ON CONFLICT DO NOTHING",
    )?
    .execute([generation])?;
    Ok(changed == 1)
}

fn format_name(format: ImageFormat) -> String {
    match serde_json::to_value(format) {
        Ok(serde_json::Value::String(name)) => name,
        _ => unreachable!("a format is written as its name"),
    }
}

/// `value` as JSON.
pub(super) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("the domain's values have text keys and can be written")
}

/// A column of JSON.
pub(super) fn json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| wrong(row, column, &error.to_string()))
}

/// A column of JSON that may be empty.
pub(super) fn maybe_json<T: DeserializeOwned>(
    row: &Row<'_>,
    column: &str,
) -> rusqlite::Result<Option<T>> {
    match row.get::<_, Option<String>>(column)? {
        Some(_) => json(row, column).map(Some),
        None => Ok(None),
    }
}

/// A column of text from outside that may be empty.
pub(super) fn text(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Text>> {
    Ok(row.get::<_, Option<String>>(column)?.map(Text::from))
}

/// A column of time.
pub(super) fn required_time(row: &Row<'_>, column: &str) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp::from_millis)
}

/// A column of time that may be empty.
pub(super) fn time(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp::from_millis))
}

/// A column of a number of bytes that may be empty.
pub(super) fn size(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<u64>> {
    Ok(row.get::<_, Option<i64>>(column)?.and_then(|size| u64::try_from(size).ok()))
}

/// A column of money in millionths of a dollar that may be empty.
pub(super) fn micros(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Cost>> {
    Ok(size(row, column)?.map(Cost::from_micros))
}

/// An amount as its column holds it.
pub(super) fn to_micros(cost: Cost) -> i64 {
    i64::try_from(cost.micros()).unwrap_or(i64::MAX)
}

/// A column of text in the form that `T` reads, which may be empty.
pub(super) fn maybe_parsed<T: FromStr>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>>
where
    T::Err: std::fmt::Display,
{
    match row.get::<_, Option<String>>(column)? {
        Some(_) => parsed(row, column).map(Some),
        None => Ok(None),
    }
}

/// A column of text in the form that `T` reads.
pub(super) fn parsed<T: FromStr>(row: &Row<'_>, column: &str) -> rusqlite::Result<T>
where
    T::Err: std::fmt::Display,
{
    let text: String = row.get(column)?;
    text.parse().map_err(|error: T::Err| wrong(row, column, &error.to_string()))
}

/// What is wrong with one column of one row.
fn wrong(row: &Row<'_>, column: &str, what: &str) -> rusqlite::Error {
    let index = row.as_ref().column_index(column).unwrap_or_default();
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, format!("{column}: {what}").into())
}
