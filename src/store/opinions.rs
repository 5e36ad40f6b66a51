//! What the user thinks of generations, and taking that back.
//!
//! Owns the log of what was done. Promises that a change and the note of it are one
//! transaction, that each can be undone and done again, in this process or a later one, and
//! that a favourite or what is under way never goes to the trash. Must never touch a file:
//! that is `trash`, afterwards.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::{Change, Generation, GenerationId, Opinion, Tag, Timestamp};

use super::row::{self, to_json};
use super::{Store, StoreError};

/// So many operations can be undone.
const MOST_OPERATIONS: i64 = 1000;

/// What became of a change, or of undoing one.
#[derive(Clone, PartialEq, Debug)]
pub struct Changed {
    /// What was done.
    pub change: Change,
    /// The generations that are different now, as they are now.
    pub generations: Vec<Generation>,
    /// Favourites that the trash was not given.
    pub protected: usize,
    /// Generations under way that the trash was not given.
    pub under_way: usize,
}

/// One generation in an operation.
struct Step {
    seq: i64,
    id: GenerationId,
    to: Opinion,
}

impl Store {
    /// Changes what the user thinks of `ids`, as one operation. What makes no difference
    /// is none.
    ///
    /// # Errors
    /// When it cannot be written. Where a file cannot be moved, that is tried again later.
    pub fn change(&mut self, ids: &[GenerationId], change: &Change) -> Result<Changed, StoreError> {
        let is_trash = matches!(change, Change::Trash(_));
        let (mut protected, mut under_way) = (0, 0);
        let steps = self.write(|db| {
            let mut steps = Vec::new();
            for &id in ids {
                let Some((seq, is_under_way, before)) = standing(db, id)? else { continue };
                protected += usize::from(is_trash && before.favourite);
                let is_held = is_trash && !before.favourite && is_under_way;
                under_way += usize::from(is_held);
                let to = before.after(change);
                if to != before && !is_held {
                    steps.push((before, Step { seq, id, to }));
                }
            }
            if steps.is_empty() {
                return Ok(Vec::new());
            }
            db.execute("DELETE FROM operations WHERE undone", [])?;
            let number = db
                .prepare_cached("INSERT INTO operations (what) VALUES (?1)")?
                .insert([to_json(change)])?;
            db.prepare_cached("DELETE FROM operations WHERE number <= ?1")?
                .execute([number - MOST_OPERATIONS])?;
            let mut note = db.prepare_cached(
                "INSERT INTO operation_changes (operation, generation, before, after) \
                 VALUES (?1, ?2, ?3, ?4)",
            )?;
            for (before, step) in &steps {
                note.execute(params![number, step.seq, to_json(before), to_json(&step.to)])?;
            }
            let steps: Vec<_> = steps.into_iter().map(|(_, step)| step).collect();
            set(db, &steps)?;
            Ok(steps)
        })?;
        let generations = self.settled(&steps)?;
        Ok(Changed { change: change.clone(), generations, protected, under_way })
    }

    /// Takes back what was done last and is not undone. `None` where there is nothing.
    ///
    /// # Errors
    /// As [`Store::change`].
    pub fn undo(&mut self) -> Result<Option<Changed>, StoreError> {
        self.step(
            "SELECT max(number) FROM operations WHERE NOT undone",
            "SELECT generation, before AS opinion FROM operation_changes WHERE operation = ?1",
            true,
        )
    }

    /// Does again what was undone last. `None` where there is nothing.
    ///
    /// # Errors
    /// As [`Store::change`].
    pub fn redo(&mut self) -> Result<Option<Changed>, StoreError> {
        self.step(
            "SELECT min(number) FROM operations WHERE undone",
            "SELECT generation, after AS opinion FROM operation_changes WHERE operation = ?1",
            false,
        )
    }

    fn step(
        &mut self,
        which: &str,
        opinions: &str,
        undone: bool,
    ) -> Result<Option<Changed>, StoreError> {
        let done = self.write(|db| {
            let number: Option<i64> = db.query_row(which, [], |row| row.get(0))?;
            let Some(number) = number else { return Ok(None) };
            let change = db
                .prepare_cached("SELECT what FROM operations WHERE number = ?1")?
                .query_row([number], |found| row::json(found, "what"))?;
            let found: Vec<(i64, Opinion)> = db
                .prepare_cached(opinions)?
                .query_map([number], |found| {
                    Ok((found.get("generation")?, row::json(found, "opinion")?))
                })?
                .collect::<rusqlite::Result<_>>()?;
            let mut id = db.prepare_cached("SELECT id FROM generations WHERE seq = ?1")?;
            let mut step = |(seq, to)| {
                let id = id.query_row([seq], |found| row::parsed(found, "id"))?;
                Ok(Step { seq, id, to })
            };
            let steps: Vec<_> =
                found.into_iter().map(&mut step).collect::<rusqlite::Result<_>>()?;
            set(db, &steps)?;
            db.prepare_cached("UPDATE operations SET undone = ?2 WHERE number = ?1")?
                .execute(params![number, undone])?;
            Ok(Some((change, steps)))
        })?;
        let Some((change, steps)) = done else { return Ok(None) };
        let generations = self.settled(&steps)?;
        Ok(Some(Changed { change, generations, protected: 0, under_way: 0 }))
    }

    /// Moves the files of what was changed, and reads it again.
    fn settled(&self, steps: &[Step]) -> Result<Vec<Generation>, StoreError> {
        for step in steps {
            // What cannot be moved now is found unsettled later.
            let _ = self.move_pictures(step.seq);
        }
        steps.iter().filter_map(|step| self.get(step.id).transpose()).collect()
    }
}

/// The key of `id`, whether it is under way, and what the user thinks of it.
fn standing(db: &Connection, id: GenerationId) -> rusqlite::Result<Option<(i64, bool, Opinion)>> {
    db.prepare_cached(
        "SELECT seq, finished, favourite, rating, tags, trashed FROM generations \
         WHERE id = ?1 AND NOT gone",
    )?
    .query_row([id.to_string()], |found| {
        let is_under_way = found.get::<_, Option<i64>>("finished")?.is_none();
        Ok((found.get("seq")?, is_under_way, row::opinion(found)?))
    })
    .optional()
}

/// Writes opinions into their rows, counts their tags, and notes that files have to follow.
fn set(db: &Connection, steps: &[Step]) -> rusqlite::Result<()> {
    let now: Vec<BTreeSet<Tag>> =
        steps.iter().map(|step| tags(db, step.seq)).collect::<rusqlite::Result<_>>()?;
    // All in one statement: after each one the full-text index writes what has changed.
    let rows: Vec<_> = steps
        .iter()
        .map(|Step { seq, to, .. }| {
            let trashed = to.trashed.map(Timestamp::millis);
            (seq, to.favourite, to.rating, to_json(&to.tags), trashed)
        })
        .collect();
    db.prepare_cached(
        "UPDATE generations SET favourite = new.value ->> 1, rating = new.value ->> 2, \
             tags = new.value ->> 3, trashed = new.value ->> 4 \
         FROM json_each(?1) AS new WHERE seq = new.value ->> 0",
    )?
    .execute([to_json(&rows)])?;
    let mut count = db.prepare_cached(
        "INSERT INTO tags (name, uses) VALUES (?1, ?2) \
         ON CONFLICT (name) DO UPDATE SET uses = uses + ?2",
    )?;
    for (step, now) in steps.iter().zip(now) {
        for tag in step.to.tags.difference(&now) {
            count.execute(params![tag.as_str(), 1])?;
        }
        for tag in now.difference(&step.to.tags) {
            count.execute(params![tag.as_str(), -1])?;
        }
        unsettle(db, step.seq)?;
    }
    db.prepare_cached("DELETE FROM tags WHERE uses <= 0")?.execute([])?;
    Ok(())
}

fn tags(db: &Connection, seq: i64) -> rusqlite::Result<BTreeSet<Tag>> {
    db.prepare_cached("SELECT tags FROM generations WHERE seq = ?1")?
        .query_row([seq], |found| row::json(found, "tags"))
}

/// Notes the opinion that came with a generation which has just been added.
pub(super) fn adopt(db: &Connection, generation: &Generation, seq: i64) -> rusqlite::Result<()> {
    if generation.opinion == Opinion::default() {
        return Ok(());
    }
    let step = Step { seq, id: generation.id, to: generation.opinion.clone() };
    set(db, &[step])
}

/// Notes that the files of a generation have to follow its row.
pub(super) fn unsettle(db: &Connection, seq: i64) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO unsettled (generation) VALUES (?1) \
         ON CONFLICT (generation) DO UPDATE SET version = version + 1",
    )?
    .execute([seq])?;
    Ok(())
}
