//! Files that no row accounts for become entries of the history again.
//!
//! Promises that nothing is deleted, that what is under way in another process is left
//! alone, and that doing it twice changes nothing. Must never guess more than a file
//! says of itself: a picture without a receipt has the words of its name for a prompt.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::domain::{
    Charged, Failure, FailureKind, Generation, GenerationId, Image, ImageFormat, ImageId, Job,
    Request, Retry, Timestamp, counted,
};

use super::row::{self, to_json};
use super::{Store, StoreError, WaitingAnswer, WorkerId, attempt, disk, images, opinions, trash};

/// What [`Store::rebuild`] found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rebuilt {
    /// Generations that were missing and are there again, from their receipts.
    pub added: usize,
    /// Receipts of generations that were there.
    pub known: usize,
    /// Pictures that no row and no receipt knew of.
    pub pictures: usize,
    /// Answers that no row knew of.
    pub answers: usize,
    /// Receipts that cannot be read; they stay where they are.
    pub unreadable: Vec<PathBuf>,
}

impl Rebuilt {
    /// Whether the history had everything.
    pub const fn is_empty(&self) -> bool {
        self.added == 0 && self.pictures == 0 && self.answers == 0
    }

    /// What is there again, in words.
    pub fn words(&self) -> String {
        let beside = match (self.pictures, self.answers) {
            (0, 0) => String::new(),
            (pictures, 0) => format!(", {} without one", counted(pictures, "picture")),
            (0, answers) => format!(", {} without one", counted(answers, "answer")),
            (pictures, answers) => {
                let pictures = counted(pictures, "picture");
                format!(", {pictures} and {} without one", counted(answers, "answer"))
            }
        };
        format!("{} with a receipt{beside}", counted(self.added, "generation"))
    }
}

/// The files as they were listed, before the rows are looked at. A row is always written
/// before its files, so what is listed and has no row is nobody's.
struct Files {
    receipts: Vec<PathBuf>,
    pictures: Vec<PathBuf>,
    answers: Vec<WaitingAnswer>,
}

impl Store {
    /// Adds to the history what lies beside it and is not in it: every receipt, in the
    /// order of their ids; then every picture, to its generation or to a new one; then
    /// every answer in the inbox. All of it, or nothing.
    ///
    /// # Errors
    /// When the directories cannot be read or the database not be written. A receipt
    /// that cannot be read is no error; it is named in the answer.
    pub fn rebuild(&mut self) -> Result<Rebuilt, StoreError> {
        let mut files = self.files()?;
        let mut rebuilt = Rebuilt::default();
        let (ids, known) = self.read(|db| {
            let paths = names(db, "SELECT path FROM images WHERE path IS NOT NULL")?;
            Ok((names(db, "SELECT id FROM generations")?, paths))
        })?;
        let mut told = Vec::new();
        for path in files.receipts {
            let id = path.file_stem().and_then(|id| id.to_str());
            if id.is_some_and(|id| ids.contains(id)) {
                rebuilt.known += 1;
            } else if let Some(generation) = self.read_receipt(&path) {
                told.push(generation);
            } else {
                rebuilt.unreadable.push(path);
            }
        }
        let dir = self.dir().to_owned();
        files.pictures.retain(|path| !known.contains(&*trash::relative(&dir, path)));
        files.answers.retain(|answer| !ids.contains(&answer.id.to_string()));
        if told.is_empty() && files.pictures.is_empty() && files.answers.is_empty() {
            return Ok(rebuilt);
        }
        let found = self.write(|db| {
            for generation in &told {
                rebuilt.added += usize::from(adopt(db, &dir, generation)?);
            }
            let mut found = Vec::new();
            for path in &files.pictures {
                found.extend(adopt_picture(db, &dir, path)?);
            }
            for answer in &files.answers {
                rebuilt.answers += usize::from(adopt_answer(db, answer)?);
            }
            Ok(found)
        })?;
        rebuilt.pictures = found.len();
        for id in found.into_iter().collect::<HashSet<_>>() {
            if let Some(generation) = self.get(id)? {
                self.write_receipt(&generation)?;
            }
        }
        Ok(rebuilt)
    }

    fn files(&self) -> Result<Files, StoreError> {
        let (mut receipts, mut pictures) = (Vec::new(), Vec::new());
        let places = [images::DIR, trash::DIR].map(|place| self.dir().join(place));
        let years = places.iter().map(|place| disk::files(place)).collect::<Result<Vec<_>, _>>()?;
        for year in years.concat().iter().filter(|dir| dir.is_dir()) {
            for month in disk::files(year)?.iter().filter(|dir| dir.is_dir()) {
                for file in disk::files(month)? {
                    if file.extension().is_some_and(|ending| ending == "json") {
                        receipts.push(file);
                    } else {
                        pictures.push(file);
                    }
                }
            }
        }
        // Oldest first: the names of receipts are ids, and those of pictures begin with
        // a date.
        receipts.sort_by(|a, b| a.file_name().cmp(&b.file_name()));
        pictures.sort_by(|a, b| a.file_name().cmp(&b.file_name()));
        let mut answers = self.waiting_answers()?;
        for answer in answers.iter_mut().filter(|answer| !answer.sealed) {
            answer.sealed = self.promote_whole(answer)?;
        }
        Ok(Files { receipts, pictures, answers })
    }

    /// Seals an answer of which all has come, as far as that can be seen without the row
    /// that knows its length. One that has a row is left to its worker.
    fn promote_whole(&self, answer: &WaitingAnswer) -> Result<bool, StoreError> {
        if self.read(|db| row::seq(db, answer.id))?.is_some() {
            return Ok(false);
        }
        let body = self.read_answer(answer.id, answer.attempt)?.unwrap_or_default();
        let whole = serde_json::from_slice::<serde::de::IgnoredAny>(&body).is_ok();
        Ok(whole && self.promote(answer.id, answer.attempt)?.is_some())
    }
}

/// Every value of a column of text.
fn names(db: &Connection, select: &str) -> rusqlite::Result<HashSet<String>> {
    db.prepare(select)?.query_map([], |row| row.get(0))?.collect()
}

fn adopt(db: &Connection, dir: &Path, generation: &Generation) -> rusqlite::Result<bool> {
    if row::seq(db, generation.id)?.is_some() {
        return Ok(false);
    }
    let seq = row::insert(db, generation)?;
    if let Some(sent) = generation.sent {
        attempt::insert_sent(db, seq, sent)?;
    }
    for image in &generation.images {
        row::keep_image(db, dir, seq, image)?;
    }
    opinions::adopt(db, generation, seq)?;
    Ok(true)
}

/// Adds the picture at `path` to the generation that its name tells, or to a new one,
/// and says to which. `None` when it is no picture, it is known by now, or its generation is under way.
fn adopt_picture(
    db: &Connection,
    dir: &Path,
    path: &Path,
) -> rusqlite::Result<Option<GenerationId>> {
    let noted = "SELECT 1 FROM images WHERE path = ?1";
    if db.query_row(noted, [trash::relative(dir, path)], |_| Ok(())).optional()?.is_some() {
        return Ok(None);
    }
    let name = Name::of(path);
    let unsure = ImageId { generation: name.id(path), index: name.index };
    // One that has gone since, or cannot be read, is left for the next time.
    let Ok(image) = images::examine(path, unsure) else { return Ok(None) };
    let is_picture =
        image.format != ImageFormat::Bin || path.extension().is_some_and(|e| e == "bin");
    if name.hidden || !is_picture {
        return Ok(None);
    }
    let whose: Option<(i64, String, Option<i64>)> = db
        .prepare_cached("SELECT seq, id, finished FROM generations WHERE id LIKE '%' || ?1")?
        .query_row([unsure.generation.short()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let (seq, id) = match whose {
        Some((_, _, None)) => return Ok(None),
        Some((seq, id, Some(_))) => (seq, id.parse().unwrap_or(unsure.generation)),
        None => {
            let mut found = unknown(unsure.generation, name.words, changed(path));
            found.opinion.trashed = trash::holds(dir, path).then_some(found.created);
            let seq = row::insert(db, &found)?;
            opinions::adopt(db, &found, seq)?;
            (seq, found.id)
        }
    };
    // What lies on the wrong side of its row is moved.
    opinions::unsettle(db, seq)?;
    let kept = |index| {
        let image = Image { id: ImageId { generation: id, index }, ..image.clone() };
        row::keep_image(db, dir, seq, &image)
    };
    if !kept(name.index)? {
        let next = "SELECT max(idx) + 1 FROM images WHERE generation = ?1";
        kept(db.query_row(next, [seq], |row| row.get(0))?)?;
    }
    Ok(Some(id))
}

/// Makes a row for the answer where there is none, or gives it to the one that a receipt
/// has just brought back, so that it can be read. Says whether it did.
fn adopt_answer(db: &Connection, answer: &WaitingAnswer) -> rusqlite::Result<bool> {
    let seq = if let Some(seq) = row::seq(db, answer.id)? {
        let waits = "SELECT 1 FROM generations WHERE seq = ?1 AND attempt = 0 \
             AND state IN ('failed', 'interrupted')";
        if db.query_row(waits, [seq], |_| Ok(())).optional()?.is_none() {
            return Ok(false);
        }
        seq
    } else {
        let words = "(the words are lost)".to_owned();
        row::insert(db, &unknown(answer.id, words, answer.id.created()))?
    };
    let nobody = WorkerId { host: String::new(), boot_id: String::new(), pid: 0, start_time: 0 };
    // What an answer came under is not in it; one that is a refusal says so itself.
    db.prepare_cached(
        "INSERT INTO attempts (generation, number, worker, claimed, connected, status, ended) \
         SELECT seq, ?2, ?3, created, created, 200, created FROM generations WHERE seq = ?1",
    )?
    .execute(params![seq, answer.attempt, to_json(&nobody)])?;
    db.prepare_cached(
        "UPDATE generations SET state = 'failed', attempt = ?2, failure = ?3, \
             finished = coalesce(finished, created) WHERE seq = ?1",
    )?
    .execute(params![seq, answer.attempt, to_json(&unread(answer.sealed))])?;
    Ok(true)
}

/// A generation of which only a file is known.
fn unknown(id: GenerationId, prompt: String, created: Timestamp) -> Generation {
    let model = "unknown:unknown".parse().expect("it has the form of a model's name");
    let asked = Generation::queued(id, Request::new(prompt, model), created);
    Generation { job: Job::Done, finished: Some(created), ..asked }
}

/// Why a generation has no pictures although its answer is here.
fn unread(sealed: bool) -> Failure {
    let (what, hint) = if sealed {
        (
            "The history was lost while this was under way; its answer is kept.",
            "`pentimento resume` reads it.",
        )
    } else {
        (
            "The history was lost while this was under way; a part of its answer is kept.",
            "Look at what the service says of it before you send it again.",
        )
    };
    Failure::before_sending(FailureKind::Storage, what, hint)
        .charged(Charged::Maybe)
        .retry(Retry::Ask)
}

/// When the file at `path` was written, as well as the file system knows.
fn changed(path: &Path) -> Timestamp {
    let modified = path.metadata().and_then(|about| about.modified()).ok();
    let since = modified.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    Timestamp::from_millis(since.map_or(0, |since| since.as_millis() as i64))
}

/// What the name of a picture's file says, as [`Store::image_sink`] writes it:
/// `2026-11-23-180511-0a1b2c3d-0-a-red-fox.png`.
struct Name {
    /// The last eight digits of the generation's id.
    short: Option<[u8; 4]>,
    /// Its place in the answer.
    index: u32,
    /// What stands behind that, or the whole name where it is of another form.
    words: String,
    /// Whether it is a file that was not finished.
    hidden: bool,
}

impl Name {
    fn of(path: &Path) -> Self {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let parts: Vec<&str> = stem.splitn(7, '-').collect();
        let hidden = stem.starts_with('.');
        if let [_, _, _, _, short, index, words @ ..] = parts.as_slice()
            && let (8, Ok(short), Ok(index)) =
                (short.len(), u32::from_str_radix(short, 16), index.parse())
        {
            let words = words.first().map_or(stem.clone(), |words| words.replace('-', " "));
            return Self { short: Some(short.to_be_bytes()), index, words, hidden };
        }
        Self { short: None, index: 0, words: stem, hidden }
    }

    /// The id of the generation, if it is a new one: the same each time.
    fn id(&self, path: &Path) -> GenerationId {
        let hash = Sha256::digest(path.file_name().unwrap_or_default().as_encoded_bytes());
        let mut entropy = [0; 10];
        entropy[..6].copy_from_slice(&hash[..6]);
        entropy[6..].copy_from_slice(&self.short.unwrap_or([hash[6], hash[7], hash[8], hash[9]]));
        GenerationId::from_parts(changed(path).millis().unsigned_abs(), entropy)
    }
}
