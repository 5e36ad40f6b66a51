//! Opening the history for a command.
//!
//! Promises that whoever waits is told for what, and that what was found on the way is
//! said. Must never be used by `doctor`, which looks and touches nothing.

use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::output;
use crate::domain::Failure;
use crate::engine;
use crate::store::Store;

/// Longest wait without a word.
const MOMENT: Duration = Duration::from_secs(1);

/// Opens the history in `dir`.
///
/// # Errors
/// When it cannot be opened, or another program holds it for too long.
pub(super) fn open(dir: &Path) -> Result<Store, Failure> {
    let (opened, wait) = channel();
    let place = dir.to_owned();
    std::thread::spawn(move || {
        // Whoever asked waits until then.
        let _ = opened.send(Store::open_mended(&place, engine::now(), |_| ()));
    });
    let opened = match wait.recv_timeout(MOMENT) {
        Err(RecvTimeoutError::Timeout) => {
            let dir = dir.display();
            output::say(&format!("Another program holds the history in {dir}: waiting for it."));
            wait.recv().ok()
        }
        opened => opened.ok(),
    };
    let (store, remark) = opened.expect("the thread answers before it ends")?;
    if let Some(remark) = remark {
        output::failure(&(&remark).into());
    }
    Ok(store)
}
