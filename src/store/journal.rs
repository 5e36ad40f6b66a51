//! The journal: what was sent, what came back, how it ended. Who takes a generation up, and
//! when, is judged in [`super::queue`].
//!
//! Every change names the state it is meant for and says whether it applied, so that
//! two workers cannot both send and late news cannot undo an end. Each is durable when
//! its method returns.

use rusqlite::{Connection, OptionalExtension, ToSql, named_params, params};

use crate::domain::{
    Charged, Cost, Failure, GenerationId, Image, ImageId, Job, Text, Timestamp, Usage,
};

use super::row::{self, to_json};
use super::{Answer, Head, Store, StoreError, WorkerId};

/// How a generation ended.
#[derive(Clone, PartialEq, Debug)]
pub struct Outcome {
    /// Done, failed or interrupted.
    pub job: Job,
    /// Tokens of the whole generation, where they are known.
    pub usage: Option<Usage>,
    /// What the whole generation cost, where it is known.
    pub cost: Option<Cost>,
    /// What the model said.
    pub words: Option<Text>,
}

impl Store {
    /// Hands an attempt that `from` left unfinished over to `to`. `false` when it has
    /// ended or is no longer `from`'s.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn take_over(
        &mut self,
        id: GenerationId,
        attempt: u32,
        from: &WorkerId,
        to: &WorkerId,
    ) -> Result<bool, StoreError> {
        self.write(|db| {
            change_attempt(
                db,
                id,
                attempt,
                "worker = ?3",
                "worker = ?4 AND ended IS NULL",
                &[&to_json(to), &to_json(from)],
            )
        })
    }

    /// Notes that the line stands: from here on the request may be sent and paid for.
    ///
    /// # Errors
    /// When it cannot be written; then nothing may be sent.
    pub fn connected(
        &mut self,
        id: GenerationId,
        attempt: u32,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(|db| {
            change_attempt(
                db,
                id,
                attempt,
                "connected = ?3",
                "connected IS NULL AND ended IS NULL",
                &[&now.millis()],
            )
        })
    }

    /// Puts a generation back into the queue because of `why`, which certainly cost
    /// nothing. `false` when it may have cost something, or the attempt is not the one
    /// under way.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn release(
        &mut self,
        id: GenerationId,
        attempt: u32,
        why: &Failure,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if why.charged != Charged::No {
            return Ok(false);
        }
        self.write(|db| put_back(db, id, attempt, why, now))
    }

    /// Notes the head of an answer.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn head(
        &mut self,
        id: GenerationId,
        attempt: u32,
        head: &Head,
    ) -> Result<bool, StoreError> {
        let request_id = head.request_id.as_ref().map(Text::as_str);
        self.write(|db| {
            let noted = change_attempt(
                db,
                id,
                attempt,
                "status = ?3, request_id = ?4, length = ?5, service = ?6",
                "connected IS NOT NULL AND status IS NULL AND ended IS NULL",
                &[
                    &head.status,
                    &request_id,
                    &head.length.map(|length| length as i64),
                    &head.service,
                ],
            )?;
            if noted {
                db.prepare_cached("UPDATE generations SET request_id = ?2 WHERE id = ?1")?
                    .execute(params![id.to_string(), request_id])?;
            }
            Ok(noted)
        })
    }

    /// Notes that the whole answer lies in the inbox.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn received(
        &mut self,
        id: GenerationId,
        attempt: u32,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(|db| {
            change_attempt(
                db,
                id,
                attempt,
                "received = ?3, bytes = ?4, sha256 = ?5",
                "connected IS NOT NULL AND received IS NULL AND ended IS NULL",
                &[&now.millis(), &(answer.bytes as i64), &answer.sha256],
            )
        })
    }

    /// Writes down every picture an answer names, before any is fetched: `None` for one
    /// that came inside the answer, else its link. Their names come back in that order;
    /// asked again for the same attempt, the same names. Empty when there is no such
    /// attempt.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn expect_images(
        &mut self,
        id: GenerationId,
        attempt: u32,
        links: &[Option<&str>],
    ) -> Result<Vec<ImageId>, StoreError> {
        self.write(|db| {
            let Some(seq) = generation_with(db, id, attempt)? else { return Ok(Vec::new()) };
            db.prepare_cached(
                "UPDATE generations SET state = 'fetching' \
                 WHERE seq = ?1 AND attempt = ?2 AND state = 'running'",
            )?
            .execute([seq, i64::from(attempt)])?;
            let mut known = named(db, seq, attempt)?;
            if known.is_empty() {
                let mut insert = db.prepare_cached(
                    "INSERT INTO images (generation, idx, attempt, link) VALUES (?1, \
                     (SELECT coalesce(max(idx) + 1, 0) FROM images WHERE generation = ?1), ?2, ?3)",
                )?;
                for link in links {
                    insert.execute(params![seq, attempt, link])?;
                }
                known = named(db, seq, attempt)?;
            }
            Ok(known.into_iter().map(|index| ImageId { generation: id, index }).collect())
        })
    }

    /// Notes that a picture is kept. `false` when it was already, or there is no such
    /// generation.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn image_kept(&mut self, image: &Image) -> Result<bool, StoreError> {
        let dir = self.dir().to_owned();
        self.write(|db| match row::seq(db, image.id.generation)? {
            Some(seq) => row::keep_image(db, &dir, seq, image),
            None => Ok(false),
        })
    }

    /// Notes why a picture could not be fetched. `false` when it is kept already.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn image_lost(&mut self, id: ImageId, why: &Failure) -> Result<bool, StoreError> {
        self.write(|db| {
            let changed = db
                .prepare_cached(
                    "UPDATE images SET failure = ?3 WHERE idx = ?2 AND path IS NULL \
                     AND generation = (SELECT seq FROM generations WHERE id = ?1)",
                )?
                .execute(params![id.generation.to_string(), id.index, to_json(why)])?;
            Ok(changed == 1)
        })
    }

    /// Ends the attempt under way and its generation. One that was taken for interrupted,
    /// and perhaps given up, is done all the same when its pictures come late. `false` when
    /// that attempt is not under way (any more), or the outcome is no end.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(
        &mut self,
        id: GenerationId,
        attempt: u32,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if outcome.job.is_under_way() || outcome.job == Job::Cancelled {
            return Ok(false);
        }
        self.write(|db| {
            let finished = db
                .prepare_cached(
                    "UPDATE generations SET state = :state, finished = :now, failure = :failure, \
                         usage = :usage, cost = :cost, words = :words \
                     WHERE id = :id AND attempt = :attempt AND (state IN ('running', 'fetching') \
                         OR (:state = 'done' AND failure ->> '$.kind' = 'outcome_unknown'))",
                )?
                .execute(named_params! {
                    ":id": id.to_string(),
                    ":attempt": attempt,
                    ":now": now.millis(),
                    ":state": outcome.job.name(),
                    ":failure": outcome.job.failure().map(to_json),
                    ":usage": outcome.usage.as_ref().map(to_json),
                    ":cost": outcome.cost.map(Cost::usd),
                    ":words": outcome.words.as_ref().map(Text::as_str),
                })?;
            Ok(finished == 1 && end_attempt(db, id, attempt, outcome.job.failure(), now)?)
        })
    }

    /// Says anew how a generation ended of which a picture could not be fetched: done, when
    /// it has come late, or failed with another reason. `false` when it is in another
    /// state.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn resettle(&mut self, id: GenerationId, job: &Job) -> Result<bool, StoreError> {
        self.write(|db| {
            let settled = db
                .prepare_cached(
                    "UPDATE generations SET state = ?2, failure = ?3 \
                     WHERE id = ?1 AND state = 'failed' \
                         AND failure ->> '$.kind' IN ('fetch', 'dead_link')",
                )?
                .execute(params![id.to_string(), job.name(), job.failure().map(to_json)])?;
            Ok(settled == 1)
        })
    }

    /// Takes the last attempt of a failed or interrupted generation up again, to read
    /// an answer that is there after all; nothing is sent. `false` when it is in another
    /// state or that was not its last attempt.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn reopen(
        &mut self,
        id: GenerationId,
        attempt: u32,
        worker: &WorkerId,
    ) -> Result<bool, StoreError> {
        self.write(|db| {
            let reopened = db
                .prepare_cached(
                    "UPDATE generations SET state = 'running', finished = NULL, failure = NULL \
                     WHERE id = ?1 AND attempt = ?2 AND state IN ('failed', 'interrupted')",
                )?
                .execute(params![id.to_string(), attempt])?;
            let set = "worker = ?3, ended = NULL, failure = NULL";
            let when = "ended IS NOT NULL";
            Ok(reopened == 1 && change_attempt(db, id, attempt, set, when, &[&to_json(worker)])?)
        })
    }
}

/// Puts a generation back into the queue. `false` when the attempt is not the one under way.
pub(super) fn put_back(
    db: &Connection,
    id: GenerationId,
    attempt: u32,
    why: &Failure,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    let released = db
        .prepare_cached(
            "UPDATE generations SET state = 'queued' \
             WHERE id = ?1 AND attempt = ?2 AND state = 'running'",
        )?
        .execute(params![id.to_string(), attempt])?;
    Ok(released == 1 && end_attempt(db, id, attempt, Some(why), now)?)
}

/// Does `set` to one attempt if `when` holds for it. The first two parameters are
/// taken; `more` begin at `?3`.
fn change_attempt(
    db: &Connection,
    id: GenerationId,
    attempt: u32,
    set: &str,
    when: &str,
    more: &[&dyn ToSql],
) -> rusqlite::Result<bool> {
    let id = id.to_string();
    let mut values: Vec<&dyn ToSql> = vec![&id, &attempt];
    values.extend_from_slice(more);
    let changed = db
        .prepare_cached(&format!(
            "UPDATE attempts SET {set} WHERE number = ?2 AND {when} \
             AND generation = (SELECT seq FROM generations WHERE id = ?1)"
        ))?
        .execute(values.as_slice())?;
    Ok(changed == 1)
}

fn end_attempt(
    db: &Connection,
    id: GenerationId,
    attempt: u32,
    why: Option<&Failure>,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    let (now, why) = (now.millis(), why.map(to_json));
    // Its generation has said that it is the one to end.
    change_attempt(db, id, attempt, "ended = ?3, failure = ?4", "TRUE", &[&now, &why])
}

/// The key of the generation that has this attempt.
fn generation_with(
    db: &Connection,
    id: GenerationId,
    attempt: u32,
) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(
        "SELECT g.seq FROM generations g JOIN attempts a ON a.generation = g.seq \
         WHERE g.id = ?1 AND a.number = ?2",
    )?
    .query_row(params![id.to_string(), attempt], |row| row.get(0))
    .optional()
}

/// The places of the pictures that the answer to one attempt names.
fn named(db: &Connection, generation: i64, attempt: u32) -> rusqlite::Result<Vec<u32>> {
    db.prepare_cached("SELECT idx FROM images WHERE generation = ?1 AND attempt = ?2 ORDER BY idx")?
        .query_map(params![generation, attempt], |row| row.get(0))?
        .collect()
}
