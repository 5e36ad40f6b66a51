//! What can go wrong with the history on disk, and what a person can do about it.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;

use crate::domain::{Failure, FailureKind};

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something that is no directory stands where the history should be.
    #[error("{} is not a directory", .0.display())]
    NotADirectory(PathBuf),
    /// The file or directory may not be read or written.
    #[error("{} cannot be written", .0.display())]
    Denied(PathBuf),
    /// No space or quota is left.
    #[error("The disk that holds {} is full", .0.display())]
    Full(PathBuf),
    /// The database is no database, or a damaged one.
    #[error("The history in {} is damaged", .0.display())]
    Damaged(PathBuf),
    /// Another program holds the database for too long.
    #[error("{} is in use by another program", .0.display())]
    Locked(PathBuf),
    /// The database was written by a newer program and this one cannot read it.
    #[error("{} was written by a newer version of this program", .0.display())]
    Newer(PathBuf),
    /// The database was written by a newer program: this one may read, not write.
    #[error("{} was written by a newer version of this program and is only read", .0.display())]
    ReadOnly(PathBuf),
    /// One row cannot be understood; the others can.
    #[error("An entry of the history cannot be read: {0}")]
    Row(String),
    /// Anything else the system said.
    #[error("{}: {source}", .path.display())]
    Io {
        /// What was worked on.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Anything else SQLite said.
    #[error("{}: {source}", .path.display())]
    Database {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

impl StoreError {
    /// The system's error on `path`, told apart.
    pub(super) fn io(path: impl AsRef<Path>, source: io::Error) -> Self {
        let path = path.as_ref().to_owned();
        match source.kind() {
            io::ErrorKind::NotADirectory => Self::NotADirectory(path),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::Denied(path)
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full(path),
            _ => Self::Io { path, source },
        }
    }

    /// SQLite's error on the database at `path`, told apart.
    pub(super) fn database(path: impl AsRef<Path>, source: rusqlite::Error) -> Self {
        let path = path.as_ref().to_owned();
        if let rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::Utf8Error(..)
        | rusqlite::Error::IntegralValueOutOfRange(..) = source
        {
            return Self::Row(source.to_string());
        }
        match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged(path),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked(path),
            Some(ErrorCode::DiskFull) => Self::Full(path),
            // The memory that the log shares lies on the same disk.
            _ if extended(&source) == Some(SQLITE_IOERR_SHMSIZE) => Self::Full(path),
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::Denied(path)
            }
            _ => Self::Database { path, source },
        }
    }

    /// Whether the database is damaged. What this program asks fits its own tables, so
    /// where SQLite cannot make sense of it the tables are no longer those.
    pub(super) fn is_damage(&self) -> bool {
        match self {
            Self::Damaged(_)
            | Self::Database { source: rusqlite::Error::SqlInputError { .. }, .. } => true,
            Self::Database { source, .. } => source.sqlite_error_code() == Some(ErrorCode::Unknown),
            _ => false,
        }
    }

    /// Whether it was stopped because nobody waited for it any more.
    pub(super) fn is_stopped(&self) -> bool {
        matches!(self, Self::Database { source, .. }
            if source.sqlite_error_code() == Some(ErrorCode::OperationInterrupted))
    }

    /// Whether it passes when somebody makes room or lets go: the same again may work.
    pub const fn passes(&self) -> bool {
        matches!(self, Self::Full(_) | Self::Locked(_))
    }

    /// What a person can do about it.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NotADirectory(_) => "Move that file away, or choose another place with --dir.",
            Self::Denied(_) => {
                "Check who owns it and its permissions, or choose another place with --dir."
            }
            Self::Full(_) => "Free some space and try again; nothing that was kept is lost.",
            Self::Damaged(_) => {
                "Run `pentimento doctor --rebuild`: it sets the damaged file aside and reads the \
                 history again from the receipts beside the pictures."
            }
            Self::Locked(_) => "Close the program that holds it, or try again in a moment.",
            Self::Newer(_) | Self::ReadOnly(_) => "Update this program.",
            Self::Row(_) => "The other entries are not affected.",
            Self::Io { .. } | Self::Database { .. } => "Run `pentimento doctor` to see more.",
        }
    }
}

/// What SQLite says more closely.
const fn extended(source: &rusqlite::Error) -> Option<i32> {
    match source {
        rusqlite::Error::SqliteFailure(error, _) => Some(error.extended_code),
        _ => None,
    }
}

impl From<&StoreError> for Failure {
    fn from(error: &StoreError) -> Self {
        Self::before_sending(FailureKind::Storage, format!("{error}."), error.hint())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::from(&error)
    }
}
