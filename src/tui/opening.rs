//! The history is opened on a thread of its own while settings are read and the runtime
//! is made: the first frame waits for neither.
//!
//! Promises that nothing is opened, or made, without a terminal to show it on, and that a
//! history which another program holds is waited for. Must never outlive the start.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::thread::{JoinHandle, park_timeout};
use std::time::Duration;

use crate::app::form::Draft;
use crate::domain::{Failure, FailureKind};
use crate::engine;
use crate::store::{Store, StoreError};

/// Between two tries to open what another program holds.
const PAUSE: Duration = Duration::from_millis(500);

/// The history, on its way while the rest of a start is done.
pub struct Opening(JoinHandle<Result<Opened, Failure>>);

/// The history when it is open.
pub(super) struct Opened {
    pub(super) store: Store,
    /// What stood in the form.
    pub(super) draft: Option<Draft>,
    /// What the user must know of the history.
    pub(super) remark: Option<Failure>,
}

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
            let (store, remark) = loop {
                match Store::open_mended(&dir, engine::now()) {
                    Err(StoreError::Locked(_)) => park_timeout(PAUSE),
                    opened => break opened?,
                }
            };
            let draft = store.draft().ok().flatten();
            let draft = draft.and_then(|text| serde_json::from_str(&text).ok());
            Ok(Opened { store, draft, remark: remark.as_ref().map(Failure::from) })
        })))
    }

    /// Waits until it is open.
    pub(super) fn end(self) -> Result<Opened, Failure> {
        self.0.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}
