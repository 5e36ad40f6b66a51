//! What the studio is told by the system: that it must end, that it goes on after a stop,
//! that its terminal has another size, and that another process has written to the
//! history.
//!
//! Promises to sleep until then: nothing here looks at intervals. Must never act on it.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::Duration;

use rustix::process::Signal;
use signal_hook::flag;
use tokio::signal::unix::{Signal as Signals, SignalKind, signal};
use tokio::sync::mpsc;

use super::Message;
use super::records::Ask;
use crate::domain::{Failure, FailureKind};

/// How long the terminal may change its size before that is shown once more.
const RESIZE_PAUSE: Duration = Duration::from_millis(40);

/// Whether a signal that ends programs has come before [`for_signals`] could hear it.
pub(super) struct Early(Arc<AtomicBool>);

impl Early {
    /// From now on none of them ends this one with the terminal in modes of ours.
    ///
    /// # Errors
    /// When the system does not let them be handled.
    pub(super) fn note() -> Result<Self, Failure> {
        let came = Arc::new(AtomicBool::new(false));
        for signal in [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT] {
            flag::register(signal.as_raw(), Arc::clone(&came)).map_err(|error| trouble(&error))?;
        }
        Ok(Self(came))
    }
}

/// Turns signals into messages, also what came early.
///
/// # Errors
/// When the system does not let them be handled.
pub(super) fn for_signals(
    early: &Early,
    inbox: &mpsc::UnboundedSender<Message>,
) -> Result<(), Failure> {
    pass_on(inbox, SignalKind::terminate(), || Message::Quit)?;
    pass_on(inbox, SignalKind::hangup(), || Message::Quit)?;
    pass_on(inbox, SignalKind::interrupt(), || Message::Interrupted)?;
    pass_on(inbox, SignalKind::quit(), || Message::Interrupted)?;
    let continued = SignalKind::from_raw(Signal::CONT.as_raw());
    pass_on(inbox, continued, || Message::Continued)?;
    let mut resized = handle(SignalKind::window_change())?;
    let told = inbox.clone();
    tokio::spawn(async move {
        while resized.recv().await.is_some() {
            let _ = told.send(Message::Resized);
            // What comes meanwhile is one signal, and seen after this.
            tokio::time::sleep(RESIZE_PAUSE).await;
        }
    });
    if early.0.load(Ordering::SeqCst) {
        // It is heard before anything else is begun.
        let _ = inbox.send(Message::Quit);
    }
    Ok(())
}

fn pass_on(
    inbox: &mpsc::UnboundedSender<Message>,
    kind: SignalKind,
    message: fn() -> Message,
) -> Result<(), Failure> {
    let mut signals = handle(kind)?;
    let inbox = inbox.clone();
    tokio::spawn(async move {
        while signals.recv().await.is_some() {
            let _ = inbox.send(message());
        }
    });
    Ok(())
}

fn handle(kind: SignalKind) -> Result<Signals, Failure> {
    signal(kind).map_err(|error| trouble(&error))
}

fn trouble(error: &io::Error) -> Failure {
    let what = format!("Signals cannot be handled: {error}.");
    Failure::before_sending(FailureKind::Internal, what, "")
}

/// Has the records look at the history whenever something was committed to it: another studio or a
/// command has made something. Where the system cannot tell, the next start shows it.
#[cfg(target_os = "linux")]
pub(super) fn for_changes(dir: &Path, records: Sender<Ask>) {
    use rustix::fs::inotify::{CreateFlags, Reader, WatchFlags, add_watch, init};
    use std::mem::MaybeUninit;

    let Ok(changes) = init(CreateFlags::CLOEXEC) else { return };
    if add_watch(&changes, dir, WatchFlags::ATTRIB).is_err() {
        return;
    }
    std::thread::spawn(move || {
        let mut buffer = [MaybeUninit::uninit(); 1024];
        let mut reader = Reader::new(changes, &mut buffer);
        while let Ok(change) = reader.next() {
            // Touched after every commit; SQLite's own files change before it can be seen.
            if change.file_name().is_some_and(|name| name.to_bytes() == b"history.lock") {
                // The thread of the records ends only with the studio.
                let _ = records.send(Ask::Look);
            }
        }
    });
}

/// Other systems tell it in other ways.
#[cfg(not(target_os = "linux"))]
pub(super) fn for_changes(_dir: &Path, _records: Sender<Ask>) {}
