//! The watch over the file of the configuration, by inotify.
//!
//! Owns the directories that its names stand in: a file that is renamed over another one is
//! another file. Promises to wake for nothing else than a change in one of them. Must never
//! keep what stands in the file, which may be a key.

use std::collections::BTreeSet;
use std::ffi::{CStr, OsString};
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::{CreateFlags, Reader, WatchFlags, add_watch, init};
use tokio::sync::mpsc::UnboundedSender;

use super::super::Message;
use super::Fingerprint;
use crate::config::Settings;
use crate::config::environment::Environment;
use crate::config::paths::Paths;

/// How long nothing may happen to the file before it is read: an editor takes the old
/// one away and puts the new one in its place.
const REST: Timespec = Timespec { tv_sec: 0, tv_nsec: 150_000_000 };

pub(super) struct Watch {
    changes: OwnedFd,
    file: PathBuf,
    /// What the file is called in the directories that are watched.
    names: BTreeSet<OsString>,
    /// How it was when it was read last.
    seen: Fingerprint,
}

impl Watch {
    pub(super) fn over(file: &Path, seen: Fingerprint) -> io::Result<Self> {
        let changes = init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        let mut watch = Self { changes, file: file.to_owned(), names: BTreeSet::new(), seen };
        watch.look_at(file)?;
        watch.follow();
        Ok(watch)
    }

    /// Watches the directory that `file` stands in.
    fn look_at(&mut self, file: &Path) -> io::Result<()> {
        let (Some(dir), Some(name)) = (file.parent(), file.file_name()) else { return Ok(()) };
        let flags = WatchFlags::CLOSE_WRITE
            | WatchFlags::MOVED_TO
            | WatchFlags::MOVED_FROM
            | WatchFlags::CREATE
            | WatchFlags::DELETE
            | WatchFlags::ATTRIB;
        add_watch(&self.changes, dir, flags)?;
        self.names.insert(name.to_owned());
        Ok(())
    }

    /// Watches the file that a link in its place leads to, too.
    fn follow(&mut self) {
        if let Ok(file) = self.file.canonicalize()
            && file != self.file
        {
            // One that cannot be watched is read when the link changes.
            let _ = self.look_at(&file);
        }
    }

    /// Reads the file whenever it has changed, until nobody wants to know.
    pub(super) fn work(
        mut self,
        paths: &Paths,
        environment: &Environment,
        inbox: &UnboundedSender<Message>,
    ) {
        // It may have changed before it was watched.
        loop {
            let now = Fingerprint::of(&self.file);
            if now != self.seen {
                self.seen = now;
                self.follow();
                let read = Settings::load(paths, environment).map(Box::new);
                if inbox.send(Message::Configured(read)).is_err() {
                    return;
                }
            }
            if self.is_changed(None).is_err() {
                return;
            }
            // Until it rests.
            while self.is_changed(Some(&REST)).unwrap_or(false) {}
        }
    }

    /// Waits so long, or for ever, for something to happen to the file; says whether it
    /// did.
    fn is_changed(&self, most: Option<&Timespec>) -> io::Result<bool> {
        loop {
            let mut asked = [PollFd::new(&self.changes, PollFlags::IN)];
            match poll(&mut asked, most) {
                Err(rustix::io::Errno::INTR) => continue,
                Ok(0) => return Ok(false),
                polled => drop(polled?),
            }
            let mut buffer = [MaybeUninit::uninit(); 1024];
            let mut reader = Reader::new(&self.changes, &mut buffer);
            let mut is_ours = false;
            // Until nothing is left to be read.
            while let Ok(change) = reader.next() {
                let name = change.file_name().map(CStr::to_bytes);
                is_ours |= self.names.iter().any(|own| name == Some(own.as_bytes()));
            }
            if is_ours {
                return Ok(true);
            }
        }
    }
}
