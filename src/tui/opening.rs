//! The history is opened on a thread of its own while settings are read and the runtime
//! is made: the first frame waits for whichever takes longer, not for both.
//!
//! Promises that nothing is opened, or made, without a terminal to show it on. Must never
//! outlive the start.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::thread::JoinHandle;

use crate::app::form::Draft;
use crate::domain::{Failure, FailureKind};
use crate::store::Store;

/// The history, on its way while the rest of a start is done.
pub struct Opening(JoinHandle<Result<(Store, Option<Draft>), Failure>>);

impl Opening {
    /// Begins to open the history in `dir`.
    ///
    /// # Errors
    /// When the studio has no terminal to run on.
    pub fn begin(dir: PathBuf) -> Result<Self, Failure> {
        if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
            return Err(Failure::before_sending(
                FailureKind::Terminal,
                "The studio needs a terminal, and this is none.",
                "In scripts use `pentimento generate PROMPT`, `pentimento history` or `pentimento show ID`.",
            ));
        }
        Ok(Self(std::thread::spawn(move || {
            let store = Store::open(&dir).map_err(Failure::from)?;
            let draft = store.draft().ok().flatten();
            Ok((store, draft.and_then(|text| serde_json::from_str(&text).ok())))
        })))
    }

    /// Waits until it is open.
    pub(super) fn end(self) -> Result<(Store, Option<Draft>), Failure> {
        self.0.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}
