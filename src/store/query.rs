//! Reading the history: one generation, a page of them, how many there are.

use std::collections::BTreeSet;

use rusqlite::{Connection, Row, named_params};

use crate::domain::{Failure, Generation, GenerationId, Query};

use super::search::Plan;
use super::{Store, StoreError, row};

/// Whose id begins so: a part of the index of ids, in which only hexadecimal digits and `-`
/// stand.
pub(super) const BEGINS: &str =
    "SELECT id FROM generations WHERE id >= ?1 AND id < ?1 || 'g' AND NOT gone LIMIT 2";
/// Whose id ends so. No index has the ends of ids, so the index of ids is read from its beginning,
/// and of the rows only those that match: an eighth of a second for a million, and only the
/// command line asks. An index of the ends would cost every new generation a write.
pub(super) const ENDS: &str = "SELECT g.id FROM generations AS ids CROSS JOIN generations AS g \
     WHERE substr(ids.id, -length(?1)) = ?1 AND g.seq = ids.seq AND NOT g.gone LIMIT 2";

/// So many steps of SQLite's machine are done between two looks at whether anybody waits.
const STEPS: i32 = 10_000;

/// A place in the history that stays the same when entries come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Position(pub(super) i64);

/// Where a page begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Start {
    /// At the newest entry.
    Newest,
    /// At this place, and on to older entries.
    At(Position),
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
                "SELECT {} FROM {} WHERE g.id = ?1 AND NOT g.gone",
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
        let ids: BTreeSet<String> = self.read(|db| {
            let mut ids = BTreeSet::new();
            for select in [BEGINS, ENDS] {
                let mut select = db.prepare_cached(select)?;
                for id in select.query_map([&part], |row| row.get(0))? {
                    ids.insert(id?);
                }
            }
            Ok(ids)
        })?;
        let mut ids = ids.iter();
        Ok(match (ids.next(), ids.next()) {
            (None, _) => Found::None,
            (Some(id), None) => id.parse().map_or(Found::None, Found::One),
            (Some(_), Some(_)) => Found::Ambiguous,
        })
    }

    /// Where a generation stands in the history.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn position(&self, id: GenerationId) -> Result<Option<Position>, StoreError> {
        Ok(self.read(|db| row::seq(db, id))?.map(Position))
    }

    /// At most `limit` entries that `query` finds, newest first. As quick at the end of
    /// a long history as at its beginning.
    ///
    /// # Errors
    /// When the database cannot be read; an entry that cannot be read is in its place.
    pub fn page(&self, query: &Query, from: Start, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let (above, below, upwards) = match from {
            Start::Newest => (i64::MIN, i64::MAX, false),
            Start::OlderThan(Position(seq)) => (i64::MIN, seq, false),
            Start::At(Position(seq)) => (i64::MIN, seq.saturating_add(1), false),
            Start::NewerThan(Position(seq)) => (seq, i64::MAX, true),
            Start::Oldest => (i64::MIN, i64::MAX, true),
        };
        let mut entries = self.read(|db| {
            let Some(plan) = Plan::of(db, query)? else { return Ok(Vec::new()) };
            let mut select = db.prepare_cached(&plan.page(upwards))?;
            let mut rows = select.query(named_params! {
                ":expression": plan.expression,
                ":above": above.max(plan.seqs.start.saturating_sub(1)),
                ":below": below.min(plan.seqs.end),
                ":limit": limit,
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

    /// How many entries `query` finds, counted no further than `most`: counting takes
    /// time in proportion, so ask for no more than is shown.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count(&self, query: &Query, most: u32) -> Result<u32, StoreError> {
        self.read(|db| {
            let Some(plan) = Plan::of(db, query)? else { return Ok(0) };
            let mut count = db.prepare_cached(&plan.count())?;
            count.query_row(
                named_params! {
                    ":expression": plan.expression,
                    ":above": plan.seqs.start.saturating_sub(1),
                    ":below": plan.seqs.end,
                    ":limit": most,
                },
                |row| row.get(0),
            )
        })
    }

    /// Does what reads alone, until `stop` says that nobody waits for it any more:
    /// then there is no answer.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn unless<T>(
        &self,
        stop: impl FnMut() -> bool + Send + 'static,
        work: impl FnOnce(&Self) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let explain = |error| StoreError::database(self.database(), error);
        self.db.progress_handler(STEPS, Some(stop)).map_err(explain)?;
        let done = work(self);
        self.db.progress_handler(STEPS, None::<fn() -> bool>).map_err(explain)?;
        match done {
            Err(error) if error.is_stopped() => Ok(None),
            done => done.map(Some),
        }
    }

    fn entry(&self, db: &Connection, row: &Row<'_>) -> rusqlite::Result<Entry> {
        let position = Position(row.get("seq")?);
        let generation = row::generation(db, self.dir(), row)
            .map_err(|error| StoreError::database(self.database(), error).into());
        Ok(Entry { position, generation })
    }
}

impl Plan {
    /// What selects a page.
    pub(super) fn page(&self, upwards: bool) -> String {
        let order = if upwards { "ASC" } else { "DESC" };
        let (from, key) = self.from(&format!("CROSS JOIN {}", row::TABLES), row::SHOWN);
        format!("SELECT {} FROM {from} ORDER BY {key} {order} LIMIT :limit", row::COLUMNS)
    }

    /// What counts.
    fn count(&self) -> String {
        let rows = if self.besides.is_empty() { "" } else { "CROSS JOIN generations AS g" };
        let (from, _) = self.from(rows, "generations AS g INDEXED BY generations_shown");
        format!("SELECT count(*) FROM (SELECT 1 FROM {from} LIMIT :limit)")
    }

    /// The rows that are found, joined to `rows` or walked down in `shown`; and the column
    /// that has their order.
    fn from(&self, rows: &str, shown: &str) -> (String, &'static str) {
        let besides = &self.besides;
        if self.expression.is_none() {
            let walk = "g.trashed IS NULL AND g.seq > :above AND g.seq < :below";
            let from = format!("{shown} WHERE :expression IS NULL AND {walk}{besides}");
            return (from, "g.seq");
        }
        let joined = if rows.is_empty() { "" } else { "AND g.seq = search.rowid" };
        let found = "search.rowid > :above AND search.rowid < :below";
        let from =
            format!("search {rows} WHERE search MATCH :expression AND {found} {joined}{besides}");
        (from, "search.rowid")
    }
}
