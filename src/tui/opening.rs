//! The history is opened on a thread of its own, behind the first frame.
//!
//! Promises that nothing is opened, or made, without a terminal to show it on, that a
//! history which another program holds is waited for, and that neither the draft nor the
//! newest rows wait until the whole database is known to be sound. Must never outlive the
//! start.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvError, channel};
use std::thread::{JoinHandle, park_timeout};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;

use super::{Message, records};
use crate::app::form::Draft;
use crate::app::history::{From, Page, Wanted};
use crate::config::paths::Paths;
use crate::domain::{Failure, FailureKind};
use crate::engine;
use crate::store::{Store, StoreError};

/// Between two tries to open what another program holds.
const PAUSE: Duration = Duration::from_millis(500);

/// Whether the studio can be shown here.
///
/// # Errors
/// When it has no terminal to run on, or one that `term` says nothing can be drawn on.
pub fn has_terminal(term: Option<&str>) -> Result<(), Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Failure::before_sending(
            FailureKind::Terminal,
            "The studio needs a terminal, and this is none.",
            "In scripts use `pentimento generate PROMPT`, `pentimento history` or `pentimento show ID`.",
        ));
    }
    if term == Some("dumb") {
        return Err(Failure::before_sending(
            FailureKind::Terminal,
            "The studio needs a terminal that it can draw on, and TERM says that this one is dumb.",
            "Use `pentimento generate PROMPT`, `pentimento history` or `pentimento show ID`, or \
             set TERM to what the terminal is, for example xterm-256color.",
        ));
    }
    Ok(())
}

/// The history, on its way while the rest of a start is done.
pub(super) struct Opening {
    glimpse: Receiver<Glimpse>,
    store: JoinHandle<Result<Opened, Failure>>,
}

/// What is shown of a history before it is known to be sound.
#[derive(Default)]
pub(super) struct Glimpse {
    /// What stood in the form.
    pub(super) draft: Option<Draft>,
    /// The newest rows.
    pub(super) newest: Option<Page>,
}

impl Glimpse {
    fn of(store: &Store) -> Self {
        let draft = store.draft().ok().flatten();
        let newest = Wanted { query: String::new(), from: From::Newest };
        Self {
            draft: draft.and_then(|text| serde_json::from_str(&text).ok()),
            newest: records::page(store, newest).ok(),
        }
    }
}

/// The history when it is open.
pub(super) struct Opened {
    pub(super) store: Store,
    /// What the user must know of the history.
    pub(super) remark: Option<Failure>,
}

impl Opening {
    /// Begins to open the history in `dir`.
    pub(super) fn begin(dir: PathBuf) -> Self {
        let (seen, glimpse) = channel();
        let store = std::thread::spawn(move || {
            loop {
                // Nobody waits for it when the studio has ended.
                let first = |store: &Store| drop(seen.send(Glimpse::of(store)));
                match Store::open_mended(&dir, engine::now(), first) {
                    Err(StoreError::Locked(_)) => park_timeout(PAUSE),
                    opened => {
                        let (store, remark) = opened?;
                        return Ok(Opened { store, remark: remark.as_ref().map(Failure::from) });
                    }
                }
            }
        });
        Self { glimpse, store }
    }

    /// Waits for what can be shown at once.
    ///
    /// # Errors
    /// Where the history cannot be opened as it is.
    pub(super) fn glimpse(&self) -> Result<Glimpse, RecvError> {
        self.glimpse.recv()
    }

    /// Waits until it is open.
    pub(super) fn end(self) -> Result<Opened, Failure> {
        self.store.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

/// Waits until the history is open, for its draft; otherwise says how the studio ends.
/// What comes before is kept in `early`.
pub(super) async fn opened(
    arrivals: &mut UnboundedReceiver<Message>,
    early: &mut Vec<Message>,
) -> Result<Option<Draft>, Result<(), Failure>> {
    loop {
        match arrivals.recv().await {
            Some(Message::Opened(draft)) => return Ok(draft.map(|draft| *draft)),
            Some(Message::Lost(failure)) => return Err(Err(failure)),
            None | Some(Message::Quit | Message::Interrupted) => return Err(Ok(())),
            Some(message) => early.push(message),
        }
    }
}

/// Another program holds the history, and the studio waits for it.
pub(super) fn held(paths: &Paths) -> Failure {
    let what = format!("Another program holds the history in {}.", paths.dir.display());
    let hint = "It is waited for; what you write meanwhile stays in the form.";
    Failure::before_sending(FailureKind::Storage, what, hint)
}
