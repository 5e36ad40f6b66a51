//! Directories and files that only their owner can read, and that outlive a crash.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::StoreError;

/// Makes `dir` and what is missing above it, 0700, and makes the new names durable.
pub(super) fn create_dir(dir: &Path) -> Result<(), StoreError> {
    if dir.is_dir() {
        return Ok(());
    }
    if let Some(above) = dir.parent().filter(|above| !above.as_os_str().is_empty()) {
        create_dir(above)?;
    }
    match DirBuilder::new().mode(0o700).create(dir) {
        Ok(()) => dir.parent().map_or(Ok(()), sync_dir),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && dir.is_dir() => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(StoreError::NotADirectory(dir.to_owned()))
        }
        Err(error) => Err(StoreError::io(dir, error)),
    }
}

/// Makes the names in `dir` durable.
pub(super) fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    File::open(dir).and_then(|file| file.sync_all()).map_err(|error| StoreError::io(dir, error))
}

/// Opens a file, 0600, that may or may not be there yet.
pub(super) fn open_private(path: &Path) -> Result<File, StoreError> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(|error| StoreError::io(path, error))
}

/// Makes a file, 0600, that must not be there yet.
pub(super) fn create_new(path: &Path) -> Result<File, StoreError> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| StoreError::io(path, error))
}

/// A file in `dir` without its final name yet, 0600; gone again unless it is placed.
pub(super) fn unnamed(dir: &Path) -> Result<NamedTempFile, StoreError> {
    tempfile::Builder::new()
        .prefix(".")
        .suffix(".part")
        .tempfile_in(dir)
        .map_err(|error| StoreError::io(dir, error))
}

/// Gives a file its final name, taking the place of another of that name, durably.
pub(super) fn replace(file: NamedTempFile, path: &Path) -> Result<(), StoreError> {
    file.as_file().sync_all().map_err(|error| StoreError::io(path, error))?;
    file.persist(path).map_err(|error| StoreError::io(path, error.error))?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// Gives the file at `path` the present as its time. A failure only delays others.
pub(super) fn touch(path: &Path) {
    use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, UTIME_NOW, utimensat};

    let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
    let times = Timestamps { last_access: now, last_modification: now };
    let _ = utimensat(CWD, path, &times, AtFlags::empty());
}

/// SHA-256 of the file at `path`, in hexadecimal.
pub(super) fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut chunk = vec![0; 64 * 1024];
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(hex(hash)),
            read => hash.update(&chunk[..read]),
        }
    }
}

/// What a hash came to, in hexadecimal.
pub(super) fn hex(hash: Sha256) -> String {
    use std::fmt::Write as _;
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

/// The files in `dir`, or none where it does not exist.
pub(super) fn files(dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let entries = match dir.read_dir() {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::io(dir, error)),
    };
    entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()
        .map_err(|error| StoreError::io(dir, error))
}
