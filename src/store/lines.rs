//! The lines of a file that are sent one after the other, over as many runs as it takes.
//!
//! Owns what a line is known by: its id says it, but for the part that is a time. So it is
//! written with the row itself, stands in every receipt, and needs no list of its own.
//! Promises that a line which is in the history is not put there again, whoever else sends
//! the same file at the same moment, and that none is sent again that may have been paid
//! for. Must never read the file.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::domain::{
    Allowance, Generation, GenerationId, Job, Mark, Request, Sum, Timestamp, Verdict,
};

use super::charges::{judge, put_at_the_end};
use super::{Store, StoreError, row};

/// What tells one line of a file from every other.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The file: the same bytes for the same file.
    pub file: &'a [u8],
    /// How often all of the file was begun anew.
    pub round: u32,
    /// What the line asks for.
    pub request: &'a Request,
    /// How many lines before it ask for the same.
    pub before: u32,
}

impl Line<'_> {
    /// The id of this line's generation if it was made at `now`.
    pub fn id(&self, now: Timestamp) -> GenerationId {
        let mut hash = Sha256::new();
        for part in [
            self.file,
            &self.round.to_le_bytes(),
            &self.before.to_le_bytes(),
            row::to_json(self.request).as_bytes(),
        ] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let entropy = hash.finalize().first_chunk().copied().expect("a hash is longer");
        GenerationId::from_parts(now.millis().max(0).unsigned_abs(), entropy)
    }
}

impl Store {
    /// Those of `marks` that are in the history, and under which id. All ids are looked at
    /// once, which takes a second at most where there are a million.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn marked(
        &self,
        marks: impl IntoIterator<Item = Mark>,
    ) -> Result<BTreeMap<Mark, GenerationId>, StoreError> {
        let marks: Vec<Mark> = marks.into_iter().collect();
        self.read(|db| marked(db, &marks))
    }

    /// Puts those of `lines` into the queue that are not in the history yet, that were taken
    /// back, or that failed and certainly cost nothing: all of those or none, where what they
    /// cost together may be spent.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn order_lines(
        &mut self,
        lines: &[Generation],
        allowance: &Allowance,
    ) -> Result<Verdict, StoreError> {
        self.write(|db| {
            let marks: Vec<Mark> = lines.iter().map(|line| line.id.mark()).collect();
            let known = marked(db, &marks)?;
            let mut ordered = Vec::new();
            for (line, mark) in lines.iter().zip(&marks) {
                match known.get(mark) {
                    None => ordered.push((line, None)),
                    Some(id) => ordered.extend(free(db, *id)?.map(|seq| (line, Some(seq)))),
                }
            }
            let batch: Sum = ordered.iter().map(|(line, _)| line.estimate).collect();
            let verdict = judge(db, batch, allowance)?;
            if verdict != Verdict::Fits {
                return Ok(verdict);
            }
            for (line, seq) in ordered {
                let Some(seq) = seq else {
                    row::insert(db, &Generation { job: Job::Queued, ..line.clone() })?;
                    continue;
                };
                put_at_the_end(db, seq, line.estimate, allowance.now)?;
            }
            Ok(verdict)
        })
    }

    /// Takes those of `ids` out of the queue that are still in it.
    ///
    /// # Errors
    /// When it cannot be written; then none is.
    pub fn cancel_all(&mut self, ids: &[GenerationId], now: Timestamp) -> Result<(), StoreError> {
        self.write(|db| {
            db.prepare_cached(
                "UPDATE generations SET state = 'cancelled', finished = ?2 \
                 WHERE state = 'queued' AND id IN (SELECT value FROM json_each(?1))",
            )?
            .execute(params![row::to_json(&ids), now.millis()])?;
            Ok(())
        })
    }
}

fn marked(db: &Connection, marks: &[Mark]) -> rusqlite::Result<BTreeMap<Mark, GenerationId>> {
    let mut found = BTreeMap::new();
    let mut select = db.prepare_cached(
        "SELECT id FROM generations WHERE substr(id, ?2) IN (SELECT value FROM json_each(?1))",
    )?;
    let mut rows = select.query(params![row::to_json(&marks), Mark::BEGINS_AT as i64 + 1])?;
    while let Some(found_row) = rows.next()? {
        let id: GenerationId = row::parsed(found_row, "id")?;
        found.insert(id.mark(), id);
    }
    Ok(found)
}

/// The row of a generation that ended and certainly cost nothing, and may be sent again
/// without a question.
fn free(db: &Connection, id: GenerationId) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(
        "SELECT seq FROM generations WHERE id = ?1 AND NOT gone AND (state = 'cancelled' \
             OR (state = 'failed' AND failure ->> '$.charged' = 'no'))",
    )?
    .query_row([id.to_string()], |row| row.get(0))
    .optional()
}
