//! Reading the history: one generation, a page of them, how many there are.

use rusqlite::{Connection, Row, named_params, params};

use crate::domain::{Failure, Generation, GenerationId};

use super::{Filter, Store, StoreError, row};

/// A place in the history that stays the same when entries come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Position(i64);

/// Where a page begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Start {
    /// At the newest entry.
    Newest,
    /// Right after this place: the next older entries.
    OlderThan(Position),
    /// Right before this place: the next newer entries.
    NewerThan(Position),
    /// So that the page ends with the oldest entry.
    Oldest,
}

/// One line of the history.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Where it stands.
    pub position: Position,
    /// The generation, or why its row cannot be read.
    pub generation: Result<Generation, Failure>,
}

/// What a part of an id, as a person types it, names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found {
    /// Nothing.
    None,
    /// This one.
    One(GenerationId),
    /// More than one.
    Ambiguous,
}

impl Store {
    /// The generation of this name.
    ///
    /// # Errors
    /// When the database or its row cannot be read.
    pub fn get(&self, id: GenerationId) -> Result<Option<Generation>, StoreError> {
        self.read(|db| {
            let mut select = db.prepare_cached(&format!(
                "SELECT {} FROM {} WHERE g.id = ?1",
                row::COLUMNS,
                row::TABLES
            ))?;
            let mut rows = select.query([id.to_string()])?;
            match rows.next()? {
                Some(row) => row::generation(db, self.dir(), row).map(Some),
                None => Ok(None),
            }
        })
    }

    /// The generation whose id begins or ends with `part`, whatever its case.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn find(&self, part: &str) -> Result<Found, StoreError> {
        let part = part.trim().trim_start_matches('#').to_ascii_lowercase();
        let is_id = |part: &str| part.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        if part.is_empty() || !is_id(&part) {
            return Ok(Found::None);
        }
        let ids: Vec<String> = self.read(|db| {
            db.prepare_cached(
                "SELECT id FROM generations \
                 WHERE id LIKE ?1 || '%' OR id LIKE '%' || ?1 LIMIT 2",
            )?
            .query_map([part], |row| row.get(0))?
            .collect()
        })?;
        Ok(match ids.as_slice() {
            [] => Found::None,
            [id] => id.parse().map_or(Found::None, Found::One),
            _ => Found::Ambiguous,
        })
    }

    /// Where a generation stands in the history.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn position(&self, id: GenerationId) -> Result<Option<Position>, StoreError> {
        Ok(self.read(|db| row::seq(db, id))?.map(Position))
    }

    /// At most `limit` entries that pass `filter`, newest first. As quick at the end of
    /// a long history as at its beginning.
    ///
    /// # Errors
    /// When the database cannot be read; an entry that cannot be read is in its place.
    pub fn page(&self, filter: &Filter, from: Start, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let (above, below, upwards) = match from {
            Start::Newest => (i64::MIN, i64::MAX, false),
            Start::OlderThan(Position(seq)) => (i64::MIN, seq, false),
            Start::NewerThan(Position(seq)) => (seq, i64::MAX, true),
            Start::Oldest => (i64::MIN, i64::MAX, true),
        };
        let order = if upwards { "ASC" } else { "DESC" };
        let expression = filter.expression();
        let sql = match expression {
            Some(_) => format!(
                "SELECT {} FROM search CROSS JOIN {} WHERE search MATCH :expression \
                 AND search.rowid > :above AND search.rowid < :below AND g.seq = search.rowid \
                 ORDER BY search.rowid {order} LIMIT :limit",
                row::COLUMNS,
                row::TABLES,
            ),
            None => format!(
                "SELECT {} FROM {} WHERE :expression IS NULL \
                 AND g.seq > :above AND g.seq < :below ORDER BY g.seq {order} LIMIT :limit",
                row::COLUMNS,
                row::TABLES,
            ),
        };
        let mut entries = self.read(|db| {
            let mut select = db.prepare_cached(&sql)?;
            let mut rows = select.query(named_params! {
                ":expression": expression, ":above": above, ":below": below, ":limit": limit,
            })?;
            let mut entries = Vec::new();
            while let Some(row) = rows.next()? {
                entries.push(self.entry(db, row)?);
            }
            Ok(entries)
        })?;
        if upwards {
            entries.reverse();
        }
        Ok(entries)
    }

    /// How many entries pass `filter`, counted no further than `most`: counting takes
    /// time in proportion, so ask for no more than is shown.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count(&self, filter: &Filter, most: u32) -> Result<u32, StoreError> {
        self.read(|db| match filter.expression() {
            Some(expression) => db
                .prepare_cached(
                    "SELECT count(*) FROM \
                     (SELECT 1 FROM search WHERE search MATCH ?1 LIMIT ?2)",
                )?
                .query_row(params![expression, most], |row| row.get(0)),
            None => db
                .prepare_cached("SELECT count(*) FROM (SELECT 1 FROM generations LIMIT ?1)")?
                .query_row([most], |row| row.get(0)),
        })
    }

    fn entry(&self, db: &Connection, row: &Row<'_>) -> rusqlite::Result<Entry> {
        let position = Position(row.get("seq")?);
        let generation = row::generation(db, self.dir(), row)
            .map_err(|error| StoreError::database(self.database(), error).into());
        Ok(Entry { position, generation })
    }
}
