//! What the studio is told by the system: that it must end, and that another process has
//! written to the history.
//!
//! Promises to sleep until then: nothing here looks at intervals. Must never act on it.

use std::path::Path;
use std::sync::mpsc::Sender;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use super::Message;
use super::records::Ask;
use crate::domain::{Failure, FailureKind};

/// Turns signals and a line that hangs up into [`Message::Quit`].
pub(super) fn for_the_end(inbox: &mpsc::UnboundedSender<Message>) -> Result<(), Failure> {
    for kind in
        [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup(), SignalKind::quit()]
    {
        let mut signals = signal(kind).map_err(|error| {
            let what = format!("Signals cannot be handled: {error}.");
            Failure::before_sending(FailureKind::Internal, what, "")
        })?;
        let inbox = inbox.clone();
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                let _ = inbox.send(Message::Quit);
            }
        });
    }
    // The event stream neither errs nor ends on a hangup, and spins instead. A hangup is
    // always reported to a poll that asks for nothing, so this thread sleeps until then.
    let inbox = inbox.clone();
    std::thread::spawn(move || {
        use rustix::event::{PollFd, PollFlags, poll};
        let stdin = rustix::stdio::stdin();
        loop {
            let mut asked = [PollFd::new(&stdin, PollFlags::empty())];
            let polled = poll(&mut asked, None);
            let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
            match polled {
                Ok(_) if asked[0].revents().intersects(gone) => break,
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => break,
            }
        }
        let _ = inbox.send(Message::Quit);
    });
    Ok(())
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
