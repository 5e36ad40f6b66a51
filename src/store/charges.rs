//! What was spent and is reserved, and the orders that add to it.
//!
//! Owns the table of charges. Promises that an order is judged in the transaction that puts
//! it into the queue, so that no number of processes exceeds a budget together, and that a
//! sum is read from one index. Must never compute a price.

use std::ops::Range;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::{
    Allowance, Budget, Charged, Consent, Cost, Failure, Generation, GenerationId, Job, Spent, Sum,
    Text, Timestamp, Verdict,
};

use super::queue::LAST_TURN;
use super::{Store, StoreError, journal, row};

/// What a sum adds up, of charges that stand.
const SUM: &str = "coalesce(sum(cost), 0) AS settled, \
     coalesce(sum(CASE WHEN cost IS NULL THEN estimate END), 0) AS estimated, \
     count(*) FILTER (WHERE cost IS NULL AND estimate IS NULL) AS unknown";

impl Store {
    /// Puts generations into the queue, all of them or none: where what they cost together
    /// may be spent. The verdict says whether they are in it.
    ///
    /// # Errors
    /// When they cannot be written, for example because one is there already.
    pub fn order(
        &mut self,
        generations: &[Generation],
        allowance: &Allowance,
    ) -> Result<Verdict, StoreError> {
        let batch = generations.iter().map(|generation| generation.estimate).collect();
        self.write(|db| {
            let verdict = judge(db, batch, allowance)?;
            if verdict == Verdict::Fits {
                for generation in generations {
                    let queued = Generation { job: Job::Queued, ..generation.clone() };
                    row::insert(db, &queued)?;
                }
            }
            Ok(verdict)
        })
    }

    /// Puts a failed or interrupted generation into the queue once more, because the user
    /// says so, where `estimate` may be spent: it may be paid for again. `None` when it is
    /// in another state.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn order_again(
        &mut self,
        id: GenerationId,
        estimate: Option<Cost>,
        allowance: &Allowance,
    ) -> Result<Option<Verdict>, StoreError> {
        self.write(|db| {
            let ended: Option<i64> = db
                .prepare_cached(
                    "SELECT seq FROM generations \
                     WHERE id = ?1 AND state IN ('failed', 'interrupted')",
                )?
                .query_row([id.to_string()], |row| row.get(0))
                .optional()?;
            let Some(seq) = ended else { return Ok(None) };
            let verdict = judge(db, Sum::from_iter([estimate]), allowance)?;
            if verdict == Verdict::Fits {
                put_at_the_end(db, seq, estimate, allowance.now)?;
            }
            Ok(Some(verdict))
        })
    }

    /// Puts a generation back into the queue because of `why`, although it may have cost
    /// something: the user's settings say so. `false` when the attempt is not the one under
    /// way, or `budget` has no room for another.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn release_at_a_risk(
        &mut self,
        id: GenerationId,
        attempt: u32,
        why: &Failure,
        budget: Budget,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        // Whoever allows that in the settings is not asked each time.
        let allowance = Allowance { budget, consent: Consent::Given, now };
        self.write(|db| {
            let Some(seq) = row::seq(db, id)? else { return Ok(false) };
            let estimate = db
                .prepare_cached("SELECT estimate FROM generations WHERE seq = ?1")?
                .query_row([seq], |row| row::micros(row, "estimate"))?;
            if judge(db, Sum::from_iter([estimate]), &allowance)? != Verdict::Fits
                || !journal::put_back(db, id, attempt, why, now)?
            {
                return Ok(false);
            }
            if why.charged != Charged::No {
                reserve(db, seq, now)?;
            }
            Ok(true)
        })
    }

    /// What was spent and is reserved of what was ordered in `time`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn spent(&self, time: Range<Timestamp>) -> Result<Sum, StoreError> {
        self.read(|db| spent(db, &time))
    }

    /// What was spent on each model in `time`, by their names.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn spent_by_model(&self, time: Range<Timestamp>) -> Result<Vec<(Text, Sum)>, StoreError> {
        self.read(|db| {
            db.prepare_cached(&format!(
                "SELECT model, {SUM} FROM charges INDEXED BY charges_standing \
                 WHERE NOT released AND at >= ?1 AND at < ?2 GROUP BY model ORDER BY model"
            ))?
            .query_map([time.start.millis(), time.end.millis()], |row| {
                Ok((Text::from(row.get::<_, String>("model")?), sum(row)?))
            })?
            .collect()
        })
    }

    /// When anything was first ordered at `from` or later that may have cost something.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn first_charge(&self, from: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        self.read(|db| {
            db.prepare_cached(
                "SELECT min(at) FROM charges INDEXED BY charges_standing \
                 WHERE NOT released AND at >= ?1",
            )?
            .query_row([from.millis()], |row| row.get::<_, Option<i64>>(0))
            .map(|at| at.map(Timestamp::from_millis))
        })
    }
}

/// What `budget` makes of a batch, with all that is spent and reserved by now.
pub(super) fn judge(
    db: &Connection,
    batch: Sum,
    allowance: &Allowance,
) -> rusqlite::Result<Verdict> {
    let Allowance { budget, consent, now } = *allowance;
    let spent = if budget.is_set() {
        Spent { day: spent(db, &now.day())?, month: spent(db, &now.month())? }
    } else {
        Spent::default()
    };
    Ok(budget.judge(batch, spent, consent))
}

fn spent(db: &Connection, time: &Range<Timestamp>) -> rusqlite::Result<Sum> {
    db.prepare_cached(&format!(
        "SELECT {SUM} FROM charges INDEXED BY charges_standing \
         WHERE NOT released AND at >= ?1 AND at < ?2"
    ))?
    .query_row([time.start.millis(), time.end.millis()], sum)
}

/// Puts a generation that has ended at the end of the queue, and reserves what it is to cost.
pub(super) fn put_at_the_end(
    db: &Connection,
    seq: i64,
    estimate: Option<Cost>,
    now: Timestamp,
) -> rusqlite::Result<()> {
    db.prepare_cached(&format!(
        "UPDATE generations SET state = 'queued', finished = NULL, failure = NULL, cost = NULL, \
             estimate = ?2, turn = {LAST_TURN} WHERE seq = ?1"
    ))?
    .execute(params![seq, estimate.map(row::to_micros)])?;
    reserve(db, seq, now)
}

/// Reserves what a generation is to cost another time.
fn reserve(db: &Connection, seq: i64, now: Timestamp) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO charges (generation, at, model, estimate) \
         SELECT generation, ?2, model, estimate FROM charged WHERE generation = ?1",
    )?
    .execute(params![seq, now.millis()])?;
    Ok(())
}

fn sum(row: &Row<'_>) -> rusqlite::Result<Sum> {
    let cost = |column| Ok::<_, rusqlite::Error>(row::micros(row, column)?.unwrap_or_default());
    Ok(Sum {
        settled: cost("settled")?,
        estimated: cost("estimated")?,
        unknown: row::size(row, "unknown")?.unwrap_or_default(),
    })
}
