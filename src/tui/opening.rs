//! The history is opened on a thread of its own while settings are read and the runtime
//! is made: the first frame waits for neither.
//!
//! Promises that nothing is opened, or made, without a terminal to show it on, that a
//! history which another program holds is waited for, and that the draft does not wait
//! until the whole database is known to be sound. Must never outlive the start.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvError, channel};
use std::thread::{JoinHandle, park_timeout};
use std::time::Duration;

use crate::app::form::Draft;
use crate::domain::{Failure, FailureKind};
use crate::engine;
use crate::store::{Store, StoreError};

/// Between two tries to open what another program holds.
const PAUSE: Duration = Duration::from_millis(500);

/// The history, on its way while the rest of a start is done.
pub struct Opening {
    draft: Receiver<Option<Draft>>,
    store: JoinHandle<Result<Opened, Failure>>,
}

/// The history when it is open.
pub(super) struct Opened {
    pub(super) store: Store,
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
        let (found, draft) = channel();
        let store = std::thread::spawn(move || {
            loop {
                // Nobody waits for a draft whose studio has ended.
                let first = |store: &Store| drop(found.send(draft_of(store)));
                match Store::open_mended(&dir, engine::now(), first) {
                    Err(StoreError::Locked(_)) => park_timeout(PAUSE),
                    opened => {
                        let (store, remark) = opened?;
                        return Ok(Opened { store, remark: remark.as_ref().map(Failure::from) });
                    }
                }
            }
        });
        Ok(Self { draft, store })
    }

    /// Waits for what stood in the form, if anything.
    ///
    /// # Errors
    /// Where the history cannot be opened as it is.
    pub(super) fn draft(&self) -> Result<Option<Draft>, RecvError> {
        self.draft.recv()
    }

    /// Waits until it is open.
    pub(super) fn end(self) -> Result<Opened, Failure> {
        self.store.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

fn draft_of(store: &Store) -> Option<Draft> {
    serde_json::from_str(&store.draft().ok().flatten()?).ok()
}
