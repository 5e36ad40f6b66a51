//! What is known of one attempt: who took it up, how far it came.

use crate::domain::{Answer, Attempt, Head, MissingImage, Received, Timestamp, WorkerId};
use rusqlite::{Connection, Row, params};

use super::row;

/// Every attempt at one generation, in order.
pub(super) fn attempts(db: &Connection, generation: i64) -> rusqlite::Result<Vec<Attempt>> {
    db.prepare_cached("SELECT * FROM attempts WHERE generation = ?1 ORDER BY number")?
        .query_map([generation], attempt)?
        .collect()
}

/// Adds an attempt of which no more is known than when it was sent, to a generation that
/// has none.
pub(super) fn insert_sent(
    db: &Connection,
    generation: i64,
    sent: Timestamp,
) -> rusqlite::Result<usize> {
    let nobody = WorkerId { host: String::new(), boot_id: String::new(), pid: 0, start_time: 0 };
    db.prepare_cached(
        "INSERT INTO attempts (generation, number, worker, claimed, connected, ended) \
         VALUES (?1, 0, ?2, ?3, ?3, ?3)",
    )?
    .execute(params![generation, row::to_json(&nobody), sent.millis()])
}

/// Every picture that an answer to one generation names and that is not here.
pub(super) fn missing(db: &Connection, generation: i64) -> rusqlite::Result<Vec<MissingImage>> {
    db.prepare_cached(
        "SELECT idx, link, failure FROM images WHERE generation = ?1 AND path IS NULL ORDER BY idx",
    )?
    .query_map([generation], |found| {
        Ok(MissingImage {
            index: found.get("idx")?,
            link: found.get("link")?,
            failure: row::maybe_json(found, "failure")?,
        })
    })?
    .collect()
}

fn attempt(row: &Row<'_>) -> rusqlite::Result<Attempt> {
    let head = match row.get::<_, Option<u16>>("status")? {
        Some(status) => Some(Head {
            status,
            request_id: row::text(row, "request_id")?,
            length: row::size(row, "length")?,
            service: row.get("service")?,
        }),
        None => None,
    };
    let received = match row::time(row, "received")? {
        Some(at) => Some(Received {
            at,
            answer: Answer {
                bytes: row::size(row, "bytes")?.unwrap_or(0),
                sha256: row.get("sha256")?,
            },
        }),
        None => None,
    };
    Ok(Attempt {
        number: row.get("number")?,
        worker: row::json(row, "worker")?,
        claimed: row::required_time(row, "claimed")?,
        connected: row::time(row, "connected")?,
        head,
        received,
        ended: row::time(row, "ended")?,
        failure: row::maybe_json(row, "failure")?,
    })
}
