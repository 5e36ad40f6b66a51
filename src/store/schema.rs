//! The tables, how they came to be, and the settings of every connection.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use rusqlite_migration::{M, Migrations};

use super::{StoreError, disk, mount};

/// Every step from an empty file to today's tables. What was released never changes.
const STEPS: &[M<'static>] = &[
    M::up(include_str!("migrations/001-history.sql")),
    M::up(include_str!("migrations/002-service.sql")),
    M::up(include_str!("migrations/003-opinions.sql")),
    M::up(include_str!("migrations/004-charges.sql")),
    M::up(include_str!("migrations/005-batches.sql")),
    M::up(include_str!("migrations/006-queue.sql")),
];

/// The version of today's tables.
pub(super) const VERSION: usize = STEPS.len();

/// How long to wait for another process to finish writing.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the database at `path`, with today's tables. The flag says that it belongs to
/// a newer program and must only be read.
pub(super) fn open(path: &Path) -> Result<(Connection, bool), StoreError> {
    // SQLite gives its own files the permissions of this one.
    let file = disk::open_private(path)?;
    let is_new = file.metadata().map_err(|error| StoreError::io(path, error))?.len() == 0;
    drop(file);
    let explain = |error| StoreError::database(path, error);

    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags).map_err(explain)?;
    write_at_close(&db, false).map_err(explain)?;
    set(&db).map_err(explain)?;
    let version = version(&db).map_err(explain)?;
    if version > VERSION {
        let oldest = oldest_reader(&db).map_err(explain)?;
        if oldest.is_none_or(|oldest| oldest > VERSION) {
            return Err(StoreError::Newer(path.to_owned()));
        }
        db.pragma_update(None, "query_only", true).map_err(explain)?;
        return Ok((db, true));
    }
    set_journal_mode(&db, is_new, mount::is_local(path)).map_err(explain)?;
    if version < VERSION {
        if version > 0 {
            copy_before_migration(&db, path, version)?;
        }
        migrate(&mut db, path)?;
    }
    write_at_close(&db, true).map_err(explain)?;
    Ok((db, false))
}

/// The value of `key` in the table of small facts.
pub(super) fn meta(db: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    db.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0)).optional()
}

/// Whether the last one to close the database writes its log into it: not where it may
/// be damaged, since that is never written.
pub(super) fn write_at_close(db: &Connection, write: bool) -> rusqlite::Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !write).map(|_| ())
}

fn set(db: &Connection) -> rusqlite::Result<()> {
    db.busy_timeout(PATIENCE)?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "trusted_schema", false)?;
    // SQLite answers this one only where it was built to map files at all.
    db.pragma_update_and_check(None, "mmap_size", 0, |_| Ok(())).optional()?;
    Ok(())
}

/// The version of the tables in the file; today's are [`VERSION`].
pub(super) fn version(db: &Connection) -> rusqlite::Result<usize> {
    let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}

/// The oldest version of the tables whose programs can read this database, as its maker
/// says.
pub(super) fn oldest_reader(db: &Connection) -> rusqlite::Result<Option<usize>> {
    Ok(meta(db, "oldest_reader")?.and_then(|oldest| oldest.parse().ok()))
}

/// A write-ahead log on this machine's own disks; elsewhere a rollback journal, because
/// the log's shared memory corrupts the database on a network file system. An existing
/// database on a local disk keeps the mode its owner chose.
fn set_journal_mode(db: &Connection, is_new: bool, is_local: bool) -> rusqlite::Result<()> {
    let now: String = db.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    let mode = match (is_new, is_local, now.as_str()) {
        (true, true, _) | (false, true, "wal") => "WAL",
        _ => "TRUNCATE",
    };
    db.pragma_update_and_check(None, "journal_mode", mode, |_| Ok(()))
}

/// Keeps the database as it was, beside itself, before it is changed for good.
fn copy_before_migration(db: &Connection, path: &Path, version: usize) -> Result<(), StoreError> {
    let copy = path.with_extension(format!("db.version-{version}"));
    if copy.metadata().is_ok_and(|copy| copy.len() > 0) {
        return Ok(());
    }
    // The copy gets its name when it is whole: half a copy would pass for one.
    let part = path.with_extension("db.part");
    let file = disk::open_private(&part)?;
    file.set_len(0).map_err(|error| StoreError::io(&part, error))?;
    db.execute("VACUUM INTO ?1", [part.to_string_lossy()])
        .map_err(|error| StoreError::database(path, error))?;
    file.sync_all().map_err(|error| StoreError::io(&part, error))?;
    std::fs::rename(&part, &copy).map_err(|error| StoreError::io(&copy, error))?;
    path.parent().map_or(Ok(()), disk::sync_dir)
}

fn migrate(db: &mut Connection, path: &Path) -> Result<(), StoreError> {
    Migrations::from_slice(STEPS).to_latest(db).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => StoreError::database(path, err),
        other => StoreError::io(path, std::io::Error::other(other)),
    })
}
