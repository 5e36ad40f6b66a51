//! Small pictures on disk, so that a history appears at once.
//!
//! Owns the cache directory. Promises that a cached picture is the one that was stored
//! or none at all, that files are written whole with mode 0600, and that the directory
//! stays within its budget. A cache that cannot be read or written costs time, never a
//! picture. Must never keep anything that cannot be made again.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::spawn_blocking;

use super::decode::decode;
use super::pixels::{Pixels, Shape};
use crate::domain::{Failure, FailureKind, Image, ImageFormat};

/// A cache of decoded pictures; clones share it.
#[derive(Clone, Debug)]
pub struct Thumbnails {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    directory: PathBuf,
    program: PathBuf,
    budget: u64,
    /// Bytes in the directory; unknown until the first write looks.
    held: Mutex<Option<u64>>,
}

impl Thumbnails {
    /// The cache in `directory`, which need not exist, with at most about `budget`
    /// bytes. What it does not hold is decoded by a process of `program`, which is this
    /// program's own path.
    pub fn new(directory: PathBuf, program: PathBuf, budget: u64) -> Self {
        let held = Mutex::new(None);
        Self { shared: Arc::new(Shared { directory, program, budget, held }) }
    }

    /// The picture scaled to stay within `fit` pixels, from the cache or from its file.
    ///
    /// # Errors
    /// As [`decode()`]; files that are kept without being pictures are not opened.
    pub async fn load(&self, image: &Image, fit: (u32, u32)) -> Result<Pixels, Failure> {
        if image.format == ImageFormat::Bin {
            return Err(Failure::before_sending(
                FailureKind::Unreadable,
                "No preview: the file is not a PNG, JPEG, WebP or GIF picture.",
                format!("The original is kept at {}.", image.path.display()),
            ));
        }
        // Names come from the database; only a hash becomes the name of a file.
        let is_hash =
            image.sha256.len() == 64 && image.sha256.bytes().all(|b| b.is_ascii_hexdigit());
        if !is_hash {
            return decode(&self.shared.program, &image.path, fit).await;
        }
        let name = format!("{}-{}x{}", image.sha256.to_ascii_lowercase(), fit.0, fit.1);
        let path = self.shared.directory.join(name);

        let cached = path.clone();
        if let Ok(Ok(pixels)) = spawn_blocking(move || read(&cached, fit)).await {
            return Ok(pixels);
        }
        let pixels = decode(&self.shared.program, &image.path, fit).await?;
        let (shared, copy) = (Arc::clone(&self.shared), pixels.clone());
        let stored = spawn_blocking(move || shared.store(&path, &copy)).await;
        if let Ok(Err(error)) = stored {
            tracing::debug!(%error, "a thumbnail was not stored");
        }
        Ok(pixels)
    }
}

impl Shared {
    fn store(&self, path: &Path, pixels: &Pixels) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.directory)?;
        // Born with mode 0600, seen under its name only when whole. Not synced: a file
        // that a power cut spoiled fails its checksum.
        let mut file = tempfile::NamedTempFile::new_in(&self.directory)?;
        let header = pixels.header();
        file.write_all(&header)?;
        file.write_all(pixels.rgb())?;
        file.write_all(&checksum(&header, pixels.rgb()))?;
        file.persist(path)?;

        let written = (Shape::HEADER + pixels.rgb().len() + CHECKSUM) as u64;
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let now = match *held {
            Some(before) => before + written,
            None => files(&self.directory)?.iter().map(|file| file.bytes).sum(),
        };
        *held = Some(if now > self.budget { self.trim()? } else { now });
        Ok(())
    }

    /// Removes the oldest files until three quarters of the budget are left, so that it
    /// is not done at every write, and returns what is left.
    fn trim(&self) -> io::Result<u64> {
        let mut files = files(&self.directory)?;
        files.sort_unstable_by_key(|file| file.modified);
        let mut left = files.iter().map(|file| file.bytes).sum();
        for file in files {
            if left <= self.budget / 4 * 3 {
                break;
            }
            // Another studio may have been quicker.
            if fs::remove_file(&file.path).is_ok() || !file.path.exists() {
                left -= file.bytes;
            }
        }
        Ok(left)
    }
}

struct CachedFile {
    path: PathBuf,
    bytes: u64,
    modified: std::time::SystemTime,
}

fn files(directory: &Path) -> io::Result<Vec<CachedFile>> {
    let cached = |entry: io::Result<fs::DirEntry>| {
        let entry = entry.ok()?;
        let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        let modified = metadata.modified().ok()?;
        Some(CachedFile { path: entry.path(), bytes: metadata.len(), modified })
    };
    Ok(fs::read_dir(directory)?.filter_map(cached).collect())
}

/// Bytes of the checksum after the pixels.
const CHECKSUM: usize = 8;

/// Tells a spoiled file from a whole one. The function may change with the compiler: then
/// every picture is decoded once more.
fn checksum(header: &[u8], rgb: &[u8]) -> [u8; CHECKSUM] {
    let mut hasher = DefaultHasher::new();
    hasher.write(header);
    hasher.write(rgb);
    hasher.finish().to_le_bytes()
}

fn read(path: &Path, fit: (u32, u32)) -> io::Result<Pixels> {
    let invalid = || io::Error::from(io::ErrorKind::InvalidData);
    let mut file = File::open(path)?;
    let mut header = [0; Shape::HEADER];
    file.read_exact(&mut header)?;
    let shape = Shape::from_header(&header, fit).ok_or_else(invalid)?;
    let mut rgb = vec![0; shape.bytes()];
    file.read_exact(&mut rgb)?;
    let mut stored = [0; CHECKSUM];
    file.read_exact(&mut stored)?;
    if stored != checksum(&header, &rgb) {
        return Err(invalid());
    }
    Pixels::from_parts(shape, rgb).ok_or_else(invalid)
}
