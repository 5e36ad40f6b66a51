//! What is known of one attempt: who took it up, how far it came.

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use crate::domain::{Failure, Text, Timestamp};

use super::{Answer, row};

/// One process that sends requests, told apart from every other one, also across
/// restarts of the machine.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct WorkerId {
    /// The name of the machine.
    pub host: String,
    /// The id of the machine's present run.
    pub boot_id: String,
    /// The process id.
    pub pid: u32,
    /// When the process started, in the system's own ticks.
    pub start_time: u64,
}

/// One time that a generation was taken up to be sent.
#[derive(Clone, PartialEq, Debug)]
pub struct Attempt {
    /// Which one, from 1.
    pub number: u32,
    /// Who took it up.
    pub worker: WorkerId,
    /// When.
    pub claimed: Timestamp,
    /// When the line stood; from then on the request may have been sent.
    pub connected: Option<Timestamp>,
    /// The head of the answer.
    pub head: Option<Head>,
    /// The whole answer, which lies in the inbox.
    pub received: Option<Received>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// What it ended with.
    pub failure: Option<Failure>,
}

/// The head of an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// The status of HTTP.
    pub status: u16,
    /// The service's own name for the request.
    pub request_id: Option<Text>,
    /// How long the answer says it is, in bytes.
    pub length: Option<u64>,
    /// The address of the service that answered; `None` for the demo painter.
    pub service: Option<String>,
}

/// What was noted when an answer had been received to its end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Received {
    /// When.
    pub at: Timestamp,
    /// Its size and hash.
    pub answer: Answer,
}

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
