//! A database that is damaged or gone: noticed, set aside, and made again.
//!
//! Promises that a damaged file is kept and never written, that whoever opens the history
//! at the same time sees it before or after, and that a crash on the way leaves what the
//! next opening mends. Must never mend what is only locked, full or newer.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::domain::{Failure, FailureKind, Timestamp};

use super::{Rebuilt, Store, StoreError, alone, database, disk, images, row, schema};

/// What [`Store::open_mended`] found, for the user to know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Remark {
    /// The database was damaged or gone, and was made again.
    Mended {
        /// Where the damaged one is now; `None` where there was none.
        aside: Option<PathBuf>,
        /// What is there again.
        rebuilt: Rebuilt,
    },
    /// The database in this file is of a newer program and is only read.
    ReadOnly(PathBuf),
}

impl From<&Remark> for Failure {
    fn from(remark: &Remark) -> Self {
        let (what, hint) = match remark {
            Remark::ReadOnly(path) => return StoreError::ReadOnly(path.clone()).into(),
            Remark::Mended { aside: Some(aside), rebuilt } => (
                format!("The history was damaged. Back in it: {}.", rebuilt.words()),
                format!("The damaged database is kept as {}.", aside.display()),
            ),
            Remark::Mended { aside: None, rebuilt } => (
                format!("The database of the history was gone. Back in it: {}.", rebuilt.words()),
                String::new(),
            ),
        };
        Self::before_sending(FailureKind::Storage, what, hint)
    }
}

impl Store {
    /// Opens the history in `dir` as [`Store::open`] does, and makes it again from the
    /// receipts and files where its database is damaged or gone. Whether it is takes a
    /// second for a million generations; what cannot wait for that is done in `first`.
    ///
    /// # Errors
    /// As [`Store::open`], but for a damaged database; when there is no room for another.
    pub fn open_mended(
        dir: &Path,
        now: Timestamp,
        first: impl FnOnce(&Self),
    ) -> Result<(Self, Option<Remark>), StoreError> {
        let _alone = alone(dir)?;
        let opened = Self::open_alone(dir).and_then(|store| {
            first(&store);
            store.check_with(looks_sound)?;
            Ok(store)
        });
        let (mut store, aside) = match opened {
            Ok(store) if store.is_read_only() => {
                return Ok((store, Some(Remark::ReadOnly(database(dir)))));
            }
            Ok(store) if !store.has_lost_everything()? => return Ok((store, None)),
            Ok(store) => (store, None),
            Err(error) if error.is_damage() => {
                let aside = move_aside(dir, now)?;
                (Self::open_alone(dir)?, aside)
            }
            Err(error) => return Err(error),
        };
        let rebuilt = store.rebuild()?;
        Ok((store, Some(Remark::Mended { aside, rebuilt })))
    }

    /// Puts a damaged database out of the way, so that [`Store::open`] begins an empty
    /// one and [`Store::rebuild`] can fill it. The damaged file is kept; the answer is
    /// where. `None` where there is no database.
    ///
    /// # Errors
    /// When the file cannot be renamed.
    pub fn set_aside(dir: &Path, now: Timestamp) -> Result<Option<PathBuf>, StoreError> {
        let _alone = alone(dir)?;
        move_aside(dir, now)
    }

    /// Reads the whole database and checks that it is sound; what stands in a row is not
    /// looked at. Takes seconds for a large history.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it is not.
    pub fn check(&self) -> Result<(), StoreError> {
        self.check_with(|db| {
            let verdict: String =
                db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
            Ok(verdict == "ok" && looks_sound(db)?)
        })
    }

    fn check_with(
        &self,
        check: impl FnOnce(&Connection) -> rusqlite::Result<bool>,
    ) -> Result<(), StoreError> {
        let checked = self.read(check);
        match checked {
            Ok(true) => return Ok(()),
            Err(error) if !error.is_damage() => return Err(error),
            Ok(false) | Err(_) => {}
        }
        schema::write_at_close(&self.db, false)
            .map_err(|error| StoreError::database(self.database(), error))?;
        Err(StoreError::Damaged(self.database()))
    }

    /// Whether there are pictures and no row at all.
    fn has_lost_everything(&self) -> Result<bool, StoreError> {
        let any = "SELECT EXISTS (SELECT 1 FROM generations)";
        let any: bool = self.read(|db| db.query_row(any, [], |row| row.get(0)))?;
        Ok(!any && !disk::files(&self.dir().join(images::DIR))?.is_empty())
    }
}

/// Whether every page of every table is, and everything can be asked that this program
/// asks: damage to the names of tables and columns leaves pages that are sound. The index
/// of the search is not compared with what it finds, which would take ten times as long.
fn looks_sound(db: &Connection) -> rusqlite::Result<bool> {
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0";
    for table in db.prepare(tables)?.query_map([], |row| row.get::<_, String>(0))? {
        let check = "SELECT quick_check FROM pragma_quick_check(?1)";
        let verdict: String = db.query_row(check, [table?], |row| row.get(0))?;
        if verdict != "ok" {
            return Ok(false);
        }
    }
    let all = [
        format!("SELECT {} FROM {}", row::COLUMNS, row::TABLES),
        "SELECT generation, number, worker, claimed, connected, status, request_id, length, \
             received, bytes, sha256, ended, failure, service FROM attempts"
            .to_owned(),
        "SELECT generation, idx, attempt, link, failure, path, width, height, format, bytes, \
             sha256 FROM images"
            .to_owned(),
        "SELECT prompt, negative_prompt, model, facets FROM search WHERE search MATCH 'x'"
            .to_owned(),
        "SELECT o.number, o.what, o.undone, c.generation, c.before, c.after \
             FROM operations AS o JOIN operation_changes AS c ON c.operation = o.number"
            .to_owned(),
        "SELECT generation, version FROM unsettled".to_owned(),
        "SELECT name, uses FROM tags".to_owned(),
        "SELECT name, query FROM searches".to_owned(),
        "SELECT block, first, last FROM spans".to_owned(),
        "SELECT name FROM models".to_owned(),
        "SELECT key, value FROM meta".to_owned(),
    ];
    for select in all {
        db.prepare(&select)?;
    }
    Ok(true)
}

/// Renames the database in `dir`, which nobody else is opening, and its logs.
fn move_aside(dir: &Path, now: Timestamp) -> Result<Option<PathBuf>, StoreError> {
    let from = database(dir);
    if !from.exists() {
        return Ok(None);
    }
    let aside = format!("{}.damaged-{}", from.display(), now.millis());
    // The log goes first: left behind, it would be taken for one of the new database.
    for part in ["-wal", "-journal", "-shm", ""] {
        let (from, to) = (format!("{}{part}", from.display()), format!("{aside}{part}"));
        match std::fs::rename(&from, to) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(StoreError::io(from, error));
            }
            _ => {}
        }
    }
    disk::sync_dir(dir)?;
    Ok(Some(aside.into()))
}
