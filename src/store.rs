//! The history on disk: every request, what came of it, and the pictures themselves.
//!
//! Owns `history.db` (SQLite) and the files beside it, and hides both. Promises that
//! what a method reported as done outlives a crash, that no file is ever replaced by
//! another picture, that a change of state applies only to the state it was meant for,
//! and that one unreadable row never hides the others. Must never read a clock, touch
//! the network, or decode a picture. Everything blocks: call it from a thread of its own.

mod attempt;
mod decision;
mod disk;
mod error;
mod images;
mod inbox;
mod journal;
mod mount;
mod query;
mod receipt;
mod recovery;
mod row;
mod schema;
mod search;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::domain::Timestamp;

pub use attempt::{Attempt, Head, Received, WorkerId};
pub use error::StoreError;
pub use images::ImageSink;
pub use inbox::{Answer, AnswerFile, WaitingAnswer};
pub use journal::Outcome;
pub use mount::file_system;
pub use query::{Entry, Found, Position, Start};
pub use receipt::Rebuilt;
pub use recovery::{ExpectedImage, UnderWay};
pub use search::Filter;

/// The history in one directory. Several may be open on the same directory, in this
/// process and in others.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
    db: Connection,
    read_only: bool,
}

impl Store {
    /// Opens the history in `dir`, and makes or updates what is missing or old.
    /// A database of a newer program that this one still understands is opened for
    /// reading alone.
    ///
    /// # Errors
    /// When the directory cannot be written, or the database is damaged, held by
    /// another program for more than 5 s, or too new.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        for dir in [dir, &dir.join(images::DIR), &dir.join(inbox::DIR)] {
            disk::create_dir(dir)?;
        }
        let _alone = alone(dir)?;
        let (db, read_only) = schema::open(&database(dir))?;
        Ok(Self { dir: dir.to_owned(), db, read_only })
    }

    /// Puts a damaged database out of the way, so that [`Store::open`] begins an empty
    /// one and [`Store::rebuild`] can fill it. The damaged file is kept; the answer is
    /// where. `None` where there is no database.
    ///
    /// # Errors
    /// When the file cannot be renamed.
    pub fn set_aside(dir: &Path, now: Timestamp) -> Result<Option<PathBuf>, StoreError> {
        let _alone = alone(dir)?;
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

    /// The directory of the history.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Whether the database is of a newer program, so that nothing may be written.
    pub const fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Reads the whole database and checks that it is sound. Takes seconds for a large
    /// history.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it is not.
    pub fn check(&self) -> Result<(), StoreError> {
        let verdict: String =
            self.read(|db| db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)))?;
        if verdict == "ok" { Ok(()) } else { Err(StoreError::Damaged(self.database())) }
    }

    /// A number that changes whenever another process or another open [`Store`] has
    /// written; this store's own writes do not change it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn changes(&self) -> Result<i64, StoreError> {
        self.read(|db| db.query_row("PRAGMA data_version", [], |row| row.get(0)))
    }

    /// Keeps what stands in the form, in the caller's own words.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save_draft(&mut self, draft: &str) -> Result<(), StoreError> {
        self.write(|db| {
            db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('draft', ?1)", [draft])?;
            Ok(())
        })
    }

    /// What [`Store::save_draft`] kept last.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn draft(&self) -> Result<Option<String>, StoreError> {
        self.read(|db| schema::meta(db, "draft"))
    }

    fn database(&self) -> PathBuf {
        database(&self.dir)
    }

    /// Runs `work` on one unchanging view of the database.
    fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let view = || {
            let view = self.db.unchecked_transaction()?;
            work(&view)
        };
        view().map_err(|error| StoreError::database(self.database(), error))
    }

    /// Runs `work`, with nobody else writing, and makes all of it durable, or nothing.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let database = self.database();
        if self.read_only {
            return Err(StoreError::ReadOnly(database));
        }
        let change = || {
            let change = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&change)?;
            change.commit()?;
            Ok(done)
        };
        change().map_err(|error| StoreError::database(database, error))
    }
}

/// Where the database of the history in `dir` is.
fn database(dir: &Path) -> PathBuf {
    dir.join("history.db")
}

/// Waits until no other process opens the history in `dir`, and keeps them out until
/// the result is dropped: two must not make or update the same tables.
fn alone(dir: &Path) -> Result<File, StoreError> {
    let path = dir.join("history.lock");
    let file = disk::open_private(&path)?;
    match file.lock() {
        // A file system without locks: SQLite will complain where it needs them.
        Err(error) if error.kind() != io::ErrorKind::Unsupported => {
            Err(StoreError::io(path, error))
        }
        _ => Ok(file),
    }
}
