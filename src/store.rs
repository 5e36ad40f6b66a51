//! The history on disk: every request, what came of it, and the pictures themselves.
//!
//! Owns `history.db` (SQLite) and the files beside it, and hides both. Promises that
//! what a method reported as done outlives a crash, that no file is ever replaced by
//! another picture, that a change of state applies only to the state it was meant for,
//! and that one unreadable row never hides the others. Must never read a clock, touch
//! the network, or decode a picture. Everything blocks: call it from a thread of its own.

mod about;
mod adopt;
mod attempt;
mod charges;
mod days;
mod decision;
mod disk;
mod error;
mod explain;
mod images;
mod import;
mod inbox;
mod journal;
mod lineage;
mod lines;
mod mend;
mod mount;
mod opinions;
mod presets;
mod prompts;
mod query;
mod queue;
mod receipt;
mod recovery;
mod row;
mod schema;
mod search;
mod trash;
mod words;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use crate::domain::{Answer, Attempt, Head, Received, WorkerId};
pub use about::{About, versions};
pub use adopt::Rebuilt;
pub use error::StoreError;
pub use images::ImageSink;
pub use import::{KnownPictures, imported_id};
pub use inbox::{AnswerFile, WaitingAnswer};
pub use journal::Outcome;
pub use lines::Line;
pub use mend::Remark;
pub use mount::file_system;
pub use opinions::Changed;
pub use query::{Entry, Found, Position, Start};
pub use queue::{Claim, Limit};
pub use recovery::{ExpectedImage, UnderWay};

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
        let _alone = alone(dir)?;
        Self::open_alone(dir)
    }

    /// The history in `dir` where there is one: nothing is made.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_existing(dir: &Path) -> Result<Option<Self>, StoreError> {
        if database(dir).exists() { Self::open(dir).map(Some) } else { Ok(None) }
    }

    /// Opens what nobody else is opening.
    fn open_alone(dir: &Path) -> Result<Self, StoreError> {
        let (db, read_only) = schema::open(&database(dir))?;
        Ok(Self { dir: dir.to_owned(), db, read_only })
    }

    /// The directory of the history.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Whether the database is of a newer program, so that nothing may be written.
    pub const fn is_read_only(&self) -> bool {
        self.read_only
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
        let done = change().map_err(|error| StoreError::database(database, error))?;
        // Who watches the directory hears of a commit when it can be seen: SQLite's own
        // files change before.
        disk::touch(&self.dir.join(LOCK));
        Ok(done)
    }
}

/// The file that whoever opens the history locks meanwhile, and that every commit touches.
const LOCK: &str = "history.lock";

/// Where the database of the history in `dir` is.
fn database(dir: &Path) -> PathBuf {
    dir.join("history.db")
}

/// Makes the directories of the history in `dir`, waits until no other process opens it,
/// and keeps them out until the result is dropped: two must not make or update the same
/// tables.
fn alone(dir: &Path) -> Result<File, StoreError> {
    for dir in [dir, &dir.join(images::DIR), &dir.join(inbox::DIR)] {
        disk::create_dir(dir)?;
    }
    let path = dir.join(LOCK);
    let file = disk::open_private(&path)?;
    match file.lock() {
        // A file system without locks: SQLite will complain where it needs them.
        Err(error) if error.kind() != io::ErrorKind::Unsupported => {
            Err(StoreError::io(path, error))
        }
        _ => Ok(file),
    }
}
