//! What a person may want to know of the history's place: for `pentimento doctor`.

use super::{Store, StoreError, mount, schema};

/// How the history lies on its disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct About {
    /// How SQLite keeps its journal: `wal` or `truncate`.
    pub journal: String,
    /// The type of the file system, where the system tells.
    pub file_system: Option<String>,
    /// The version of the tables in the file.
    pub schema: usize,
    /// The oldest version of the tables whose programs can still read this file.
    pub oldest_reader: usize,
    /// The version of the tables that this program makes.
    pub own_schema: usize,
    /// Bytes that are free for this user.
    pub free: u64,
}

/// The version of the tables that this program makes, and that of SQLite inside it.
pub fn versions() -> (usize, &'static str) {
    (schema::VERSION, rusqlite::version())
}

impl Store {
    /// How the history lies on its disk.
    ///
    /// # Errors
    /// When the database cannot be read or the file system not be asked.
    pub fn about(&self) -> Result<About, StoreError> {
        let (journal, schema, oldest) = self.read(|db| {
            let journal = db.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
            Ok((journal, schema::version(db)?, schema::oldest_reader(db)?))
        })?;
        let explain = |error: rustix::io::Errno| StoreError::io(self.dir(), error.into());
        let disk = rustix::fs::statvfs(self.dir()).map_err(explain)?;
        Ok(About {
            journal,
            file_system: mount::kind(self.dir()),
            schema,
            oldest_reader: oldest.unwrap_or(schema),
            own_schema: schema::VERSION,
            free: disk.f_bavail * disk.f_frsize,
        })
    }
}
