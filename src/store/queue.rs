//! Whose turn it is: the order of the queue, what the user has paused, and who takes a
//! generation up.
//!
//! Promises that nothing is taken up which was cancelled, paused, or is one too many for its
//! provider: that is judged in the transaction which takes it up, so it holds for any number
//! of processes. The order and the pauses are rows, so they outlive every process. Where a
//! generation stands is a number; one that nobody has moved stands by its `seq`, with room
//! for a million others before the next one.

use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::{Generation, GenerationId, ModelId, Move, Pause, Pauses, Timestamp, median};

use super::row::{self, to_json};
use super::{Start, Store, StoreError, WorkerId};

/// Where a generation stands in the queue, as the index has it.
const TURN: &str = "coalesce(turn, seq << 20)";

/// [`TURN`] where the table has a name.
pub(super) const TURN_OF_G: &str = "coalesce(g.turn, g.seq << 20)";

/// Where one stands that is put at the end: behind all there is, and before what comes next.
pub(super) const LAST_TURN: &str = "(SELECT max( \
     coalesce((SELECT max(coalesce(turn, seq << 20)) FROM generations WHERE finished IS NULL), 0), \
     coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'generations'), 0) << 20) + 1)";

/// Past generations that say how long a model usually takes.
const PAST: u32 = 40;

/// How many generations of one provider may be under way at once, in all processes.
#[derive(Clone, Copy)]
pub struct Limit<'a> {
    /// So many.
    pub parallel: u32,
    /// Whether what a worker has taken up counts: it lives.
    pub lives: &'a dyn Fn(&WorkerId) -> bool,
}

/// What became of taking a generation up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Claim {
    /// It is the caller's, with the number of the attempt.
    Taken(u32),
    /// It must wait: its provider is paused, or has enough to do.
    Waits,
    /// It is not in the queue (any more).
    Gone,
}

impl Store {
    /// Takes a queued generation up, for `worker` alone.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn claim(
        &mut self,
        id: GenerationId,
        worker: &WorkerId,
        now: Timestamp,
        limit: Limit<'_>,
    ) -> Result<Claim, StoreError> {
        self.write(|db| {
            let queued: Option<(i64, Option<String>)> = db
                .prepare_cached(
                    "SELECT seq, CASE WHEN json_valid(request) THEN request ->> '$.model' END \
                     FROM generations \
                     WHERE id = ?1 AND state = 'queued'",
                )?
                .query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((seq, model)) = queued else { return Ok(Claim::Gone) };
            let provider = provider(model.as_deref().unwrap_or_default());
            if pauses(db)?.holds(provider) || busy(db, provider, limit.lives)? >= limit.parallel {
                return Ok(Claim::Waits);
            }
            let attempt: u32 = db
                .prepare_cached(
                    "UPDATE generations SET state = 'running', attempt = attempt + 1 \
                     WHERE seq = ?1 RETURNING attempt",
                )?
                .query_row([seq], |row| row.get(0))?;
            db.prepare_cached(
                "INSERT INTO attempts (generation, number, worker, claimed) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![seq, attempt, to_json(worker), now.millis()])?;
            Ok(Claim::Taken(attempt))
        })
    }

    /// How many generations of `provider` are under way with workers that live.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn busy(
        &self,
        provider: &str,
        lives: &dyn Fn(&WorkerId) -> bool,
    ) -> Result<u32, StoreError> {
        self.read(|db| busy(db, provider, lives))
    }

    /// The first `most` in the queue that are `wanted`, in its order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn next_in_line(
        &self,
        most: usize,
        wanted: impl Fn(GenerationId) -> bool,
    ) -> Result<Vec<GenerationId>, StoreError> {
        self.read(|db| {
            let mut select = db.prepare_cached(&format!(
                "SELECT id FROM generations WHERE state = 'queued' ORDER BY {TURN}, seq"
            ))?;
            let mut rows = select.query([])?;
            let mut next = Vec::new();
            while next.len() < most
                && let Some(row) = rows.next()?
            {
                // One that cannot be read must not hold up the others.
                next.extend(row::parsed(row, "id").ok().filter(|id| wanted(*id)));
            }
            Ok(next)
        })
    }

    /// What is under way, the oldest first, and behind that the first `most` that wait, in the
    /// order in which they are taken up; and how many wait in all. What cannot be read is
    /// left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn line(&self, most: u32) -> Result<(Vec<Generation>, u32), StoreError> {
        self.read(|db| {
            let mut line = Vec::new();
            for (index, which, order, limit) in [
                ("generations_running", "g.state IN ('running', 'fetching')", "g.seq", u32::MAX),
                ("generations_waiting", "g.state = 'queued'", TURN_OF_G, most),
            ] {
                let tables = row::TABLES.replacen(" AS g", &format!(" AS g INDEXED BY {index}"), 1);
                let columns = row::COLUMNS;
                let mut select = db.prepare_cached(&format!(
                    "SELECT {columns} FROM {tables} WHERE {which} ORDER BY {order}, g.seq LIMIT ?1"
                ))?;
                let mut rows = select.query([limit])?;
                while let Some(row) = rows.next()? {
                    line.extend(row::generation(db, self.dir(), row).ok());
                }
            }
            let waiting = db
                .prepare_cached("SELECT count(*) FROM generations WHERE state = 'queued'")?
                .query_row([], |row| row.get(0))?;
            Ok((line, waiting))
        })
    }

    /// Moves a generation in the queue. `false` when it does not wait in it, or stands there
    /// already.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn move_in_line(&mut self, id: GenerationId, to: Move) -> Result<bool, StoreError> {
        self.write(|db| {
            let mut line: Vec<(i64, i64, String)> = db
                .prepare_cached(&format!(
                    "SELECT seq, {TURN}, id FROM generations WHERE state = 'queued' \
                     ORDER BY {TURN}, seq"
                ))?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect::<rusqlite::Result<_>>()?;
            let name = id.to_string();
            let Some(place) = line.iter().position(|(.., other)| *other == name) else {
                return Ok(false);
            };
            let other = match to {
                Move::First if place > 0 => {
                    let first: i64 = db
                        .prepare_cached(&format!(
                            "SELECT min({TURN}) FROM generations WHERE finished IS NULL"
                        ))?
                        .query_row([], |row| row.get(0))?;
                    stand(db, line[place].0, first - 1)?;
                    return Ok(true);
                }
                Move::First => None,
                Move::Up => place.checked_sub(1),
                Move::Down => Some(place + 1).filter(|next| *next < line.len()),
            };
            let Some(other) = other else { return Ok(false) };
            let turns: Vec<i64> = line.iter().map(|(_, turn, _)| *turn).collect();
            line.swap(place, other);
            // Each keeps the number of its place. Two of the same number are told apart.
            let mut least = i64::MIN;
            for ((seq, held, _), turn) in line.iter().zip(turns) {
                let turn = turn.max(least);
                least = turn.saturating_add(1);
                if turn != *held {
                    stand(db, *seq, turn)?;
                }
            }
            Ok(true)
        })
    }

    /// What nothing is sent to until the user says so.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn pauses(&self) -> Result<Pauses, StoreError> {
        self.read(pauses)
    }

    /// Pauses the queue, or what waits for one provider. `false` when that is so already.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn pause(&mut self, pause: &Pause) -> Result<bool, StoreError> {
        self.write(|db| {
            let paused = db
                .prepare_cached("INSERT OR IGNORE INTO pauses (provider) VALUES (?1)")?
                .execute([pause.name()])?;
            Ok(paused == 1)
        })
    }

    /// Takes such a pause back. `false` when there is none.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn resume(&mut self, pause: &Pause) -> Result<bool, StoreError> {
        self.write(|db| {
            let resumed = db
                .prepare_cached("DELETE FROM pauses WHERE provider = ?1")?
                .execute([pause.name()])?;
            Ok(resumed == 1)
        })
    }

    /// How many seconds `model` usually takes from the sending to the kept pictures: the median
    /// of its last generations that were done. `None` where there are none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn usual_seconds(&self, model: &ModelId) -> Result<Option<f64>, StoreError> {
        let query = self.query(&format!("model:\"{model}\" is:done"), Timestamp::default())?;
        let past = self.page(&query, Start::Newest, PAST)?;
        let seconds = past.into_iter().filter_map(|entry| {
            let generation = entry.generation.ok().filter(|it| it.request.model == *model)?;
            Some(generation.finished?.seconds_since(generation.sent?)).filter(|it| *it >= 0.0)
        });
        Ok(median(seconds.collect()))
    }
}

fn stand(db: &Connection, seq: i64, turn: i64) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE generations SET turn = ?2 WHERE seq = ?1")?
        .execute([seq, turn])
        .map(drop)
}

fn pauses(db: &Connection) -> rusqlite::Result<Pauses> {
    db.prepare_cached("SELECT provider FROM pauses")?
        .query_map([], |row| Ok(Pause::named(&row.get::<_, String>(0)?)))?
        .collect()
}

fn busy(
    db: &Connection,
    provider: &str,
    lives: &dyn Fn(&WorkerId) -> bool,
) -> rusqlite::Result<u32> {
    // One that cannot be read must not hold up the others.
    let mut select = db.prepare_cached(
        "SELECT CASE WHEN json_valid(g.request) THEN g.request ->> '$.model' END AS model, \
                a.worker \
         FROM generations AS g INDEXED BY generations_running \
         JOIN attempts AS a ON a.generation = g.seq AND a.number = g.attempt \
         WHERE g.state IN ('running', 'fetching')",
    )?;
    let mut rows = select.query([])?;
    let mut busy = 0;
    while let Some(row) = rows.next()? {
        let model: Option<String> = row.get("model")?;
        let counts = self::provider(model.as_deref().unwrap_or_default()) == provider
            && row::json(row, "worker").is_ok_and(|worker| lives(&worker));
        busy += u32::from(counts);
    }
    Ok(busy)
}

/// The provider in the name of a model.
fn provider(model: &str) -> &str {
    model.split_once(':').map_or("", |(provider, _)| provider)
}
