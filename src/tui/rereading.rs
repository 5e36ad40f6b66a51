//! The configuration is read again whenever its file has changed.
//!
//! Owns the watch over the file, wherever its directory or itself leads to. Promises to sleep
//! until then, that a file which an editor writes anew, renames or takes away for a moment is
//! read once and whole, and that one which was only touched is not told of. Where the system
//! cannot tell, the next start reads it. Must never decide what follows.

#[cfg(target_os = "linux")]
mod linux;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use tokio::sync::mpsc::UnboundedSender;

use super::Message;
use crate::config::environment::Environment;
use crate::config::paths::Paths;

/// How the file was when it was read last: what is in it, and who may write it. Kept instead
/// of the text, which may hold keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Fingerprint(u64);

impl Fingerprint {
    /// That of `file` now.
    pub(super) fn of(file: &Path) -> Self {
        let mut hasher = DefaultHasher::new();
        std::fs::read(file).ok().hash(&mut hasher);
        std::fs::metadata(file).ok().map(|about| about.mode()).hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// Reads the configuration of `paths` whenever its file is another one than was `seen` last,
/// and sends it to `inbox`.
#[cfg(target_os = "linux")]
pub(super) fn begin(
    seen: Fingerprint,
    paths: Paths,
    environment: Environment,
    inbox: UnboundedSender<Message>,
) {
    // Without a watch nobody is told; everything else works.
    let Ok(watch) = linux::Watch::over(&paths.config_file, seen) else { return };
    std::thread::spawn(move || watch.work(&paths, &environment, &inbox));
}

/// Other systems tell it in other ways.
#[cfg(not(target_os = "linux"))]
pub(super) fn begin(
    _seen: Fingerprint,
    _paths: Paths,
    _environment: Environment,
    _inbox: UnboundedSender<Message>,
) {
}
