//! The one reader of the terminal's keys, on a thread of its own.
//!
//! Owns the way from bytes to keys and to what the terminal answers. Promises that a
//! hangup is noticed and ends the reading, that a key waits for nothing unless it may be
//! the start of an answer that is owed, and that a pause is one: once [`Keyboard::pause`]
//! has returned, every key is for whoever else reads. Must never decide what a key means.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use termina::Parser;
use tokio::sync::mpsc::UnboundedSender;

use super::Message;
use super::input::{self, Input};
use crate::domain::{Failure, FailureKind};
use crate::engine;
use crate::graphics::answers::{Answer, Answers, Heard};

/// How long a lone escape may be the start of an answer, while one is owed, and the start
/// of a sequence that of a key.
const ESCAPE_PAUSE: Duration = Duration::from_millis(50);

/// How long the rest of an answer is waited for. Whatever is typed meanwhile may be lost in
/// it, and a slow line takes its time between two pieces.
const REST_PAUSE: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };

/// Bytes that are read at a time.
const PIECE: usize = 4096;

/// What follows a line feed within this time was not typed: both are of a paste that the
/// terminal did not mark.
const FOLLOWING: Duration = Duration::from_millis(25);

/// The reader, as the loop holds it.
pub(super) struct Keyboard {
    gate: Gate,
    wake: UnixStream,
    owed: Arc<AtomicUsize>,
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
        // The terminal may have been asked before.
        let owed = Arc::new(AtomicUsize::new(1));
        let reader = Reader {
            gate: gate.clone(),
            woken,
            owed: Arc::clone(&owed),
            answers: Answers::default(),
            parser: Parser::default(),
            queue: VecDeque::new(),
            inbox,
        };
        std::thread::spawn(move || reader.work());
        Ok(Self { gate, wake, owed })
    }

    /// Says how many answers the terminal owes: what may be the start of one is no key yet.
    pub(super) fn expect(&self, owed: usize) {
        self.owed.store(owed, Ordering::Relaxed);
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
    owed: Arc<AtomicUsize>,
    answers: Answers,
    parser: Parser,
    /// What was read and not yet handed on.
    queue: VecDeque<Item>,
    inbox: UnboundedSender<Message>,
}

/// Something that was read.
enum Item {
    Input(Input),
    Answer(Answer),
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
        // With nothing held this sleeps until something comes.
        match poll(&mut asked, self.answers.holds().then_some(&REST_PAUSE)) {
            Err(rustix::io::Errno::INTR) => return Ok(true),
            Ok(0) => {
                let rest = self.answers.give_up();
                self.sort(rest);
                return self.hand_on_all();
            }
            polled => drop(polled?),
        }
        let [keys, woken] = asked.map(|fd| fd.revents());
        if keys.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Ok(false);
        }
        if !woken.is_empty() {
            return Ok(self.woken.read(&mut [0])? > 0);
        }
        // Whoever pauses us waits until this is handed on.
        let gate = self.gate.clone();
        let open = gate.lock();
        if *open { self.read() } else { Ok(true) }
    }

    /// Reads what is there, and hands it on.
    fn read(&mut self) -> io::Result<bool> {
        if !self.take_in()? {
            return Ok(false);
        }
        loop {
            if !self.hand_on_all()? {
                return Ok(false);
            }
            if !self.answers.holds_key() {
                return Ok(true);
            }
            let pause = match self.owed.load(Ordering::Relaxed) {
                0 if !self.answers.begins_key() => Duration::ZERO,
                _ => ESCAPE_PAUSE,
            };
            if is_readable(pause)? {
                if !self.take_in()? {
                    return Ok(false);
                }
            } else {
                let keys = self.answers.give_up();
                self.sort(keys);
            }
        }
    }

    fn hand_on_all(&mut self) -> io::Result<bool> {
        while let Some(read) = self.queue.pop_front() {
            if !self.hand_on(read)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn hand_on(&mut self, read: Item) -> io::Result<bool> {
        let message = match read {
            Item::Answer(answer) => Message::Answer(Instant::now(), answer),
            Item::Input(mut input) => {
                let at = engine::now();
                if input.is_line_feed() && self.is_followed()? {
                    input = Input::Paste("\n".to_owned());
                }
                Message::Input(at, input)
            }
        };
        Ok(self.inbox.send(message).is_ok())
    }

    /// Whether a key follows so soon that nobody typed it.
    fn is_followed(&mut self) -> io::Result<bool> {
        if self.queue.is_empty() && is_readable(FOLLOWING)? {
            self.take_in()?;
        }
        let first = self.queue.iter().find(|read| matches!(read, Item::Input(_)));
        Ok(matches!(first, Some(Item::Input(Input::Key(_)))))
    }

    /// Reads once; says whether there is still a terminal.
    fn take_in(&mut self) -> io::Result<bool> {
        let mut bytes = [0; PIECE];
        let count = match rustix::io::read(rustix::stdio::stdin(), &mut bytes) {
            Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => return Ok(true),
            read => read?,
        };
        let heard = self.answers.take(&bytes[..count]);
        self.sort(heard);
        Ok(count > 0)
    }

    fn sort(&mut self, heard: Vec<Heard>) {
        for heard in heard {
            match heard {
                Heard::Answer(answer) => self.queue.push_back(Item::Answer(answer)),
                Heard::Alt(key) => self.queue.push_back(Item::Input(Input::alt(key))),
                Heard::Keys(bytes) => {
                    // A lone escape at the end is the key: what may be more is not handed out.
                    self.parser.parse(&bytes, false);
                    while let Some(raw) = self.parser.pop() {
                        self.queue.extend(input::read(raw).map(Item::Input));
                    }
                }
            }
        }
    }
}

/// Whether something can be read within `pause`.
fn is_readable(pause: Duration) -> io::Result<bool> {
    let stdin = rustix::stdio::stdin();
    let mut asked = [PollFd::new(&stdin, PollFlags::IN)];
    let pause = Timespec { tv_sec: pause.as_secs() as i64, tv_nsec: pause.subsec_nanos().into() };
    match poll(&mut asked, Some(&pause)) {
        Err(rustix::io::Errno::INTR) => Ok(false),
        polled => Ok(polled? > 0),
    }
}
