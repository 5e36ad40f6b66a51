//! The configuration is read again whenever its file has changed.
//!
//! Owns the watch over the file, wherever its directory or itself leads to. Promises to sleep
//! until then, that a file which an editor writes anew, renames or takes away for a moment is
//! read once and whole, and that one which was only touched is not told of. Where the system
//! cannot tell, the next start reads it. Must never decide what follows.

#[cfg(target_os = "linux")]
mod linux;

use tokio::sync::mpsc::UnboundedSender;

use super::Message;
use crate::config::environment::Environment;
use crate::config::paths::Paths;

/// Reads the configuration of `paths` whenever its file changes, and sends it to `inbox`.
#[cfg(target_os = "linux")]
pub(super) fn begin(paths: Paths, environment: Environment, inbox: UnboundedSender<Message>) {
    // Without a watch nobody is told; everything else works.
    let Ok(watch) = linux::Watch::over(&paths.config_file) else { return };
    std::thread::spawn(move || watch.work(&paths, &environment, &inbox));
}

/// Other systems tell it in other ways.
#[cfg(not(target_os = "linux"))]
pub(super) fn begin(_paths: Paths, _environment: Environment, _inbox: UnboundedSender<Message>) {}
