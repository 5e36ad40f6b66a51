//! What a start finds: generations that were under way when a process went away.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::{Failure, Generation, GenerationId, ImageId, Record, Timestamp};

use super::attempt::{attempts, missing};
use super::queue::TURN_OF_G;
use super::{Attempt, Store, StoreError, row, search};

/// The few that have this state out of very many: the full-text index has a word for it.
pub(super) const UNKNOWN: &str = "SELECT g.id FROM search CROSS JOIN generations AS g \
     WHERE search MATCH ?1 AND g.seq = search.rowid AND g.state = 'interrupted' \
     ORDER BY search.rowid";

/// A generation that has not ended.
#[derive(Clone, PartialEq, Debug)]
pub struct UnderWay {
    /// The generation.
    pub generation: Generation,
    /// The attempt under way; `None` while it waits in the queue.
    pub attempt: Option<Attempt>,
}

/// A picture which an answer names and which is not kept yet.
#[derive(Clone, PartialEq, Debug)]
pub struct ExpectedImage {
    /// Its name.
    pub id: ImageId,
    /// The attempt whose answer names it.
    pub attempt: u32,
    /// Where to fetch it; `None` where it came inside the answer.
    pub link: Option<String>,
    /// Why it could not be fetched so far.
    pub failure: Option<Failure>,
}

impl Store {
    /// Every generation that has not ended, in the order of the queue. One that cannot be read
    /// is an error in its place.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn under_way(&self) -> Result<Vec<Result<UnderWay, StoreError>>, StoreError> {
        let read = |db: &Connection, row: &Row<'_>| {
            let generation = row::generation(db, self.dir(), row)?;
            let current: u32 = row.get("attempt")?;
            let attempt = attempts(db, row.get("seq")?)?
                .into_iter()
                .find(|attempt: &Attempt| attempt.number == current && attempt.ended.is_none());
            Ok(UnderWay { generation, attempt })
        };
        self.read(|db| {
            let mut select = db.prepare_cached(&format!(
                "SELECT {} FROM {} WHERE g.finished IS NULL ORDER BY {TURN_OF_G}, g.seq",
                row::COLUMNS,
                row::TABLES
            ))?;
            let mut rows = select.query([])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(
                    read(db, row).map_err(|error| StoreError::database(self.database(), error)),
                );
            }
            Ok(found)
        })
    }

    /// Every attempt at one generation, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn attempts(&self, id: GenerationId) -> Result<Vec<Attempt>, StoreError> {
        self.read(|db| match row::seq(db, id)? {
            Some(seq) => attempts(db, seq),
            None => Ok(Vec::new()),
        })
    }

    /// What is known of one generation beside what it is.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn record(&self, id: GenerationId) -> Result<Record, StoreError> {
        self.read(|db| match row::seq(db, id)? {
            Some(seq) => Ok(Record { attempts: attempts(db, seq)?, missing: missing(db, seq)? }),
            None => Ok(Record::default()),
        })
    }

    /// Every picture that was delivered as a link and is not here, of the generations that
    /// ended and were asked for after `since`: its name and its link. One that was given
    /// up, or whose link is not allowed, is left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn missing_images(&self, since: Timestamp) -> Result<Vec<(ImageId, String)>, StoreError> {
        // Ids begin with their time, and have an index.
        let first = GenerationId::from_parts(since.millis().max(0).unsigned_abs(), [0; 10]);
        self.read(|db| {
            db.prepare_cached(
                "SELECT g.id, i.idx, i.link FROM generations g \
                 JOIN images i ON i.generation = g.seq \
                 WHERE g.id > ?1 AND g.finished IS NOT NULL AND i.path IS NULL \
                     AND i.link IS NOT NULL AND i.failure ->> '$.retry' IS NOT 'never' \
                 ORDER BY g.id, i.idx",
            )?
            .query_map([first.to_string()], |found| {
                let id =
                    ImageId { generation: row::parsed(found, "id")?, index: found.get("idx")? };
                Ok((id, found.get("link")?))
            })?
            .collect()
        })
    }

    /// Why a picture of the last attempt at a generation is not here; `None` where all are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn lost_image(&self, id: GenerationId) -> Result<Option<Failure>, StoreError> {
        self.read(|db| {
            db.prepare_cached(
                "SELECT i.failure FROM generations g \
                 JOIN images i ON i.generation = g.seq AND i.attempt = g.attempt \
                 WHERE g.id = ?1 AND i.path IS NULL AND i.failure IS NOT NULL ORDER BY i.idx",
            )?
            .query_row([id.to_string()], |found| row::json(found, "failure"))
            .optional()
        })
    }

    /// Every generation of which nobody knows whether it was charged, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn unknown(&self) -> Result<Vec<GenerationId>, StoreError> {
        self.read(|db| {
            db.prepare_cached(UNKNOWN)?
                .query_map([search::state("interrupted")], |found| row::parsed(found, "id"))?
                .collect()
        })
    }

    /// The pictures of one generation that are named and not kept yet, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn expected_images(&self, id: GenerationId) -> Result<Vec<ExpectedImage>, StoreError> {
        self.read(|db| {
            db.prepare_cached(
                "SELECT idx, attempt, link, failure FROM images WHERE path IS NULL \
                 AND generation = (SELECT seq FROM generations WHERE id = ?1) ORDER BY idx",
            )?
            .query_map(params![id.to_string()], |row| {
                Ok(ExpectedImage {
                    id: ImageId { generation: id, index: row.get("idx")? },
                    attempt: row.get("attempt")?,
                    link: row.get("link")?,
                    failure: row::maybe_json(row, "failure")?,
                })
            })?
            .collect()
        })
    }
}
