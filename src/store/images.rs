//! The pictures: files with names a person can read, byte for byte as delivered.
//!
//! Promises that a picture which is reported as kept outlives a crash, that no file is
//! ever replaced, and that keeping the same bytes twice leaves one file. Reads headers
//! at most; decoding is done elsewhere, under limits.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::domain::{Generation, Image, ImageFormat, ImageId, Timestamp};

use super::{Store, StoreError, disk};

/// Where they lie, below the directory of the history.
pub(super) const DIR: &str = "images";

/// The most characters of the prompt in a file's name.
const SLUG: usize = 40;

/// As many bytes as it takes to tell the format.
const HEAD: usize = 16;

impl Store {
    /// Keeps a picture that is here in one piece, as number `index` of `generation`.
    ///
    /// # Errors
    /// When it cannot be written. Nothing is left behind then; it may be tried again.
    pub fn keep(
        &self,
        generation: &Generation,
        index: u32,
        bytes: &[u8],
    ) -> Result<Image, StoreError> {
        let mut sink = self.image_sink(generation, index)?;
        sink.write(bytes)?;
        sink.finish()
    }

    /// Begins to keep a picture that comes in pieces, as number `index` of `generation`.
    ///
    /// # Errors
    /// When no file can be made.
    pub fn image_sink(&self, generation: &Generation, index: u32) -> Result<ImageSink, StoreError> {
        let dir = month(self.dir(), generation.created);
        disk::create_dir(&dir)?;
        let mut stem =
            format!("{}-{}-{index}", generation.created.to_file_name(), generation.id.short());
        let words = slug(&generation.request.prompt);
        if !words.is_empty() {
            stem = format!("{stem}-{words}");
        }
        Ok(ImageSink {
            id: ImageId { generation: generation.id, index },
            file: disk::unnamed(&dir)?,
            dir,
            stem,
            head: Vec::with_capacity(HEAD),
            bytes: 0,
            hash: Sha256::new(),
        })
    }

    /// Whether the file of `image` is there and unchanged.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn verify(&self, image: &Image) -> Result<bool, StoreError> {
        match disk::sha256(&image.path) {
            Ok(hash) => Ok(hash == image.sha256),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(StoreError::io(&image.path, error)),
        }
    }
}

/// A picture that is coming in. Dropped before [`ImageSink::finish`], it leaves nothing.
#[derive(Debug)]
pub struct ImageSink {
    id: ImageId,
    file: NamedTempFile,
    dir: PathBuf,
    stem: String,
    head: Vec<u8>,
    bytes: u64,
    hash: Sha256,
}

impl ImageSink {
    /// Adds the next bytes.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn write(&mut self, chunk: &[u8]) -> Result<(), StoreError> {
        self.file.write_all(chunk).map_err(|error| StoreError::io(self.file.path(), error))?;
        let missing = HEAD.saturating_sub(self.head.len()).min(chunk.len());
        self.head.extend_from_slice(&chunk[..missing]);
        self.bytes += chunk.len() as u64;
        self.hash.update(chunk);
        Ok(())
    }

    /// How many bytes came so far.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Makes the file durable and gives it its name.
    ///
    /// # Errors
    /// When that fails. Nothing is left behind then; it may be tried again.
    pub fn finish(self) -> Result<Image, StoreError> {
        let format = ImageFormat::sniff(&self.head);
        let (width, height) = dimensions(self.file.path(), format);
        let sha256 = disk::hex(self.hash);
        self.file.as_file().sync_all().map_err(|error| StoreError::io(self.file.path(), error))?;
        let path = place(self.file, &self.dir, &self.stem, format.extension(), &sha256)?;
        disk::sync_dir(&self.dir)?;
        Ok(Image { id: self.id, path, width, height, format, bytes: self.bytes, sha256 })
    }
}

/// Gives `file` the first free name, or finds that the same bytes have one already: a
/// crash may have come between the name and the note of it.
fn place(
    mut file: NamedTempFile,
    dir: &Path,
    stem: &str,
    extension: &str,
    sha256: &str,
) -> Result<PathBuf, StoreError> {
    let mut copy = 1;
    loop {
        let path = match copy {
            1 => dir.join(format!("{stem}.{extension}")),
            _ => dir.join(format!("{stem}-{copy}.{extension}")),
        };
        match file.persist_noclobber(&path) {
            Ok(_) => return Ok(path),
            Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => {
                if disk::sha256(&path).is_ok_and(|there| there == sha256) {
                    return Ok(path);
                }
                file = taken.file;
                copy += 1;
            }
            Err(failed) => return Err(StoreError::io(path, failed.error)),
        }
    }
}

/// What the file at `path` shows of itself, as the picture `id`.
pub(super) fn examine(path: &Path, id: ImageId) -> io::Result<Image> {
    let mut head = Vec::with_capacity(HEAD);
    File::open(path)?.take(HEAD as u64).read_to_end(&mut head)?;
    let format = ImageFormat::sniff(&head);
    let (width, height) = dimensions(path, format);
    let (bytes, sha256) = (path.metadata()?.len(), disk::sha256(path)?);
    Ok(Image { id, path: path.to_owned(), width, height, format, bytes, sha256 })
}

/// Width and height as the header says, or zeros.
fn dimensions(path: &Path, format: ImageFormat) -> (u32, u32) {
    if format == ImageFormat::Bin {
        return (0, 0);
    }
    File::open(path)
        .ok()
        .and_then(|file| imagesize::reader_size(BufReader::new(file)).ok())
        .and_then(|size| Some((size.width.try_into().ok()?, size.height.try_into().ok()?)))
        .unwrap_or((0, 0))
}

/// `images/2026/11` for what was asked in that month, by the machine's zone.
pub(super) fn month(dir: &Path, created: Timestamp) -> PathBuf {
    let day = created.to_day();
    let mut parts = day.rsplitn(3, '-').skip(1);
    let month = parts.next().unwrap_or("00");
    let year = parts.next().unwrap_or("0000");
    dir.join(DIR).join(year).join(month)
}

/// The first words of `prompt` as part of a file's name: ASCII letters, digits, dashes.
fn slug(prompt: &str) -> String {
    let mut slug = String::new();
    let words = prompt.split(|c: char| !c.is_alphanumeric());
    let plain = words.map(|word| {
        let letters = word.chars().filter(char::is_ascii);
        letters.map(|c| c.to_ascii_lowercase()).collect::<String>()
    });
    for word in plain.filter(|word| !word.is_empty()) {
        let dash = usize::from(!slug.is_empty());
        if slug.len() + dash + word.len() > SLUG {
            if slug.is_empty() {
                slug.push_str(&word[..SLUG]);
            }
            break;
        }
        if dash == 1 {
            slug.push('-');
        }
        slug.push_str(&word);
    }
    slug
}
