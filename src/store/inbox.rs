//! The inbox: answers as they come in, before anything in them is understood.
//!
//! Promises that a sealed answer is on the disk whole, and that an answer is removed
//! only when every picture of its generation is kept and unchanged.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::domain::{Answer, GenerationId, Job, Timestamp};

use super::{Store, StoreError, disk};

/// Where they lie, below the directory of the history.
pub(super) const DIR: &str = "inbox";

/// A file in the inbox.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WaitingAnswer {
    /// Whose answer.
    pub id: GenerationId,
    /// To which attempt.
    pub attempt: u32,
    /// Whether it was sealed. One that was not may be whole all the same.
    pub sealed: bool,
    /// Its size so far.
    pub bytes: u64,
}

impl Store {
    /// Makes the file for the answer to one attempt, with room for `expected` bytes
    /// where the file system can set it aside. Do this before anything is sent.
    ///
    /// # Errors
    /// When there is no room, or the file exists.
    pub fn reserve(
        &self,
        id: GenerationId,
        attempt: u32,
        expected: u64,
    ) -> Result<AnswerFile, StoreError> {
        let part = self.inbox_path(id, attempt, "part");
        let file = disk::create_new(&part)?;
        if let Err(error) = set_room_aside(&file, expected) {
            // An empty reservation is nobody's answer.
            let _ = fs::remove_file(&part);
            return Err(StoreError::io(part, error));
        }
        disk::sync_dir(&self.dir().join(DIR))?;
        let whole = self.inbox_path(id, attempt, "answer");
        Ok(AnswerFile {
            file,
            part,
            whole,
            bytes: 0,
            hash: Sha256::new(),
            held: Vec::new(),
            doubtful: false,
        })
    }

    /// Every answer in the inbox, whole or not, oldest generation first.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub fn waiting_answers(&self) -> Result<Vec<WaitingAnswer>, StoreError> {
        let mut waiting: Vec<_> = disk::files(&self.dir().join(DIR))?
            .iter()
            .filter_map(|path| recognised(path))
            .collect();
        waiting.sort_by_key(|answer| (answer.id, answer.attempt));
        Ok(waiting)
    }

    /// What came of the answer to one attempt, whole or not; `None` when there is no file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read_answer(
        &self,
        id: GenerationId,
        attempt: u32,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        for ending in ["answer", "part"] {
            let path = self.inbox_path(id, attempt, ending);
            match fs::read(&path) {
                Ok(bytes) => return Ok(Some(bytes)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(StoreError::io(path, error)),
            }
        }
        Ok(None)
    }

    /// Seals an answer whose writer is gone and which turned out to be whole; one that
    /// is sealed already stays as it is. `None` when there is no file.
    ///
    /// # Errors
    /// When it cannot be read or made durable.
    pub fn promote(&self, id: GenerationId, attempt: u32) -> Result<Option<Answer>, StoreError> {
        let part = self.inbox_path(id, attempt, "part");
        let whole = self.inbox_path(id, attempt, "answer");
        if !whole.exists() {
            match File::open(&part) {
                Ok(file) => {
                    file.sync_all().map_err(|error| StoreError::io(&part, error))?;
                    name_whole(&part, &whole)?;
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(StoreError::io(part, error)),
            }
        }
        let explain = |error| StoreError::io(&whole, error);
        let bytes = whole.metadata().map_err(explain)?.len();
        Ok(Some(Answer { bytes, sha256: disk::sha256(&whole).map_err(explain)? }))
    }

    /// Removes the answers of generations that were done before `before` and whose
    /// pictures are all kept and unchanged, and says how many those were.
    ///
    /// # Errors
    /// When one cannot be checked or removed.
    pub fn clear_inbox(&self, before: Timestamp) -> Result<usize, StoreError> {
        let mut removed = 0;
        for answer in self.waiting_answers()?.into_iter().filter(|answer| answer.sealed) {
            let Some(generation) = self.get(answer.id)? else { continue };
            let settled = generation.job == Job::Done
                && generation.finished.is_some_and(|finished| finished < before)
                && !generation.images.is_empty()
                && self.expected_images(answer.id)?.is_empty();
            let is_kept = |image| self.verify(image);
            if settled && all(generation.images.iter().map(is_kept))? {
                let path = self.inbox_path(answer.id, answer.attempt, "answer");
                fs::remove_file(&path).map_err(|error| StoreError::io(path, error))?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn inbox_path(&self, id: GenerationId, attempt: u32, ending: &str) -> PathBuf {
        self.dir().join(DIR).join(format!("{id}.{attempt}.{ending}"))
    }
}

/// An answer that is coming in. Dropped before [`AnswerFile::seal`], what came stays, as
/// far as there was room for it.
#[derive(Debug)]
pub struct AnswerFile {
    file: File,
    part: PathBuf,
    whole: PathBuf,
    bytes: u64,
    hash: Sha256,
    /// What came and is not in the file.
    held: Vec<u8>,
    /// The disk has failed to take what is in the file, and will not say so twice.
    doubtful: bool,
}

impl AnswerFile {
    /// Adds the next bytes. What the disk does not take is held in memory.
    ///
    /// # Errors
    /// When something is held. The next bytes, or the seal, try again.
    pub fn write(&mut self, chunk: &[u8]) -> Result<(), StoreError> {
        self.bytes += chunk.len() as u64;
        self.hash.update(chunk);
        self.held.extend_from_slice(chunk);
        self.write_held()
    }

    fn write_held(&mut self) -> Result<(), StoreError> {
        let mut written = 0;
        let ended = loop {
            let rest = &self.held[written..];
            if rest.is_empty() {
                break Ok(());
            }
            match self.file.write(rest) {
                Ok(0) => break Err(io::ErrorKind::WriteZero.into()),
                Ok(more) => written += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        self.held.drain(..written);
        ended.map_err(|error| StoreError::io(&self.part, error))
    }

    /// How many bytes came so far.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Makes the answer durable under the name of a whole one.
    ///
    /// # Errors
    /// When that fails; it may be tried again.
    pub fn seal(&mut self) -> Result<Answer, StoreError> {
        self.write_held()?;
        let answer = Answer { bytes: self.bytes, sha256: disk::hex(self.hash.clone()) };
        // Gives back what was set aside and not needed.
        self.file.set_len(self.bytes).map_err(|error| StoreError::io(&self.part, error))?;
        self.doubtful |= self.file.sync_all().is_err();
        if self.doubtful {
            self.write_again(&answer)?;
        } else {
            name_whole(&self.part, &self.whole)?;
        }
        Ok(answer)
    }

    /// Writes the answer anew under another name: the system still has it, and the disk
    /// perhaps not.
    fn write_again(&self, answer: &Answer) -> Result<(), StoreError> {
        let explain = |error| StoreError::io(&self.part, error);
        let mut again = disk::unnamed(self.part.parent().unwrap_or(Path::new(".")))?;
        io::copy(&mut File::open(&self.part).map_err(explain)?, &mut again).map_err(explain)?;
        if disk::sha256(again.path()).map_err(explain)? != answer.sha256 {
            return Err(explain(io::Error::other("the disk has lost a part of the answer")));
        }
        disk::replace(again, &self.whole)?;
        fs::remove_file(&self.part).map_err(explain)
    }

    /// Removes the file of an attempt that sent nothing.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn discard(self) -> Result<(), StoreError> {
        fs::remove_file(&self.part).map_err(|error| StoreError::io(&self.part, error))
    }
}

/// Gives a durable part the name of a whole answer, durably.
fn name_whole(part: &Path, whole: &Path) -> Result<(), StoreError> {
    fs::rename(part, whole).map_err(|error| StoreError::io(whole, error))?;
    whole.parent().map_or(Ok(()), disk::sync_dir)
}

/// Reads `<id>.<attempt>.part` or `.answer`; other files are nobody's.
fn recognised(path: &Path) -> Option<WaitingAnswer> {
    let mut name = path.file_name()?.to_str()?.split('.');
    let id = name.next()?.parse().ok()?;
    let attempt = name.next()?.parse().ok()?;
    let sealed = match name.next()? {
        "answer" => true,
        "part" => false,
        _ => return None,
    };
    let bytes = path.metadata().ok()?.len();
    Some(WaitingAnswer { id, attempt, sealed, bytes })
}

/// Whether all of `checks` hold; stops at the first that does not.
fn all(mut checks: impl Iterator<Item = Result<bool, StoreError>>) -> Result<bool, StoreError> {
    checks.try_fold(true, |so_far, check| Ok(so_far && check?))
}

/// Takes `bytes` of room for `file` without making it longer.
#[cfg(target_os = "linux")]
fn set_room_aside(file: &File, bytes: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    use rustix::io::Errno;

    if bytes == 0 {
        return Ok(());
    }
    match fallocate(file, FallocateFlags::KEEP_SIZE, 0, bytes) {
        // A file system that cannot promise room is not one without room.
        Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) | Ok(()) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Other systems have no such call.
#[cfg(not(target_os = "linux"))]
fn set_room_aside(_file: &File, _bytes: u64) -> io::Result<()> {
    Ok(())
}
