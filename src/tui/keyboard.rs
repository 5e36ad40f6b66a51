//! The one reader of the terminal's keys, on a thread of its own.
//!
//! Promises that a hangup is noticed and ends the reading, and that a pause is one: once
//! [`Keyboard::pause`] has returned, every key is for whoever else reads. Must never read
//! a terminal that is gone: crossterm would spin on it.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossterm::event::{self, Event as Raw};
use rustix::event::{PollFd, PollFlags, poll};
use tokio::sync::mpsc::UnboundedSender;

use super::Message;
use super::input::{self, Input};
use crate::domain::{Failure, FailureKind};
use crate::engine;

/// How long the reader stays for more once it has read something. Not zero: crossterm
/// reads nothing then, and keeps to itself what it has already read.
const LINGER: Duration = Duration::from_millis(10);

/// What follows a line feed within this time was not typed: both are of a paste that the
/// terminal did not mark.
const FOLLOWING: Duration = Duration::from_millis(25);

/// The reader, as the loop holds it.
pub(super) struct Keyboard {
    gate: Gate,
    wake: UnixStream,
}

/// Whether keys are read. The reader holds it for as long as it reads.
#[derive(Clone)]
struct Gate(Arc<Mutex<bool>>);

impl Gate {
    fn lock(&self) -> MutexGuard<'_, bool> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keyboard {
    /// Begins to read. What the user does, and the end of the line, go to `inbox`.
    ///
    /// # Errors
    /// When the system has no room for a pair of sockets.
    pub(super) fn listen(inbox: UnboundedSender<Message>) -> Result<Self, Failure> {
        let (wake, woken) = UnixStream::pair().map_err(|error| {
            let what = format!("Keys cannot be read: {error}.");
            Failure::before_sending(FailureKind::Terminal, what, "")
        })?;
        let gate = Gate(Arc::new(Mutex::new(true)));
        let reader = Reader { gate: gate.clone(), woken, inbox };
        std::thread::spawn(move || reader.work());
        Ok(Self { gate, wake })
    }

    /// Reads no more keys until [`Keyboard::resume`].
    pub(super) fn pause(&mut self) {
        self.set(false);
    }

    /// Reads keys again.
    pub(super) fn resume(&mut self) {
        self.set(true);
    }

    fn set(&mut self, open: bool) {
        *self.gate.lock() = open;
        // A reader that is gone has said so.
        let _ = self.wake.write_all(&[0]);
    }
}

struct Reader {
    gate: Gate,
    woken: UnixStream,
    inbox: UnboundedSender<Message>,
}

impl Reader {
    /// Reads until the terminal or the loop is gone.
    fn work(mut self) {
        // Nobody is left to tell when the loop is gone.
        while let Ok(true) = self.turn() {}
        let _ = self.inbox.send(Message::Quit);
    }

    /// Waits for one thing to happen and sees to it; says whether to go on.
    fn turn(&mut self) -> io::Result<bool> {
        let stdin = rustix::stdio::stdin();
        let wanted = if *self.gate.lock() { PollFlags::IN } else { PollFlags::empty() };
        // A hangup is reported to a poll that asks for nothing, too.
        let mut asked = [PollFd::new(&stdin, wanted), PollFd::new(&self.woken, PollFlags::IN)];
        match poll(&mut asked, None) {
            Err(rustix::io::Errno::INTR) => return Ok(true),
            polled => polled?,
        };
        let [keys, woken] = asked.map(|fd| fd.revents());
        if keys.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Ok(false);
        }
        if !woken.is_empty() {
            return Ok(self.woken.read(&mut [0])? > 0);
        }
        self.read()
    }

    fn read(&self) -> io::Result<bool> {
        let open = self.gate.lock();
        let mut follower = None;
        while *open && (follower.is_some() || event::poll(LINGER)?) {
            let raw = match follower.take() {
                Some(follower) => follower,
                None => event::read()?,
            };
            let at = engine::now();
            let Some(mut input) = input::read(raw) else { continue };
            if input.is_line_feed() && event::poll(FOLLOWING)? {
                let next = event::read()?;
                if matches!(next, Raw::Key(_)) {
                    input = Input::Paste("\n".to_owned());
                }
                follower = Some(next);
            }
            if self.inbox.send(Message::Input(at, input)).is_err() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
