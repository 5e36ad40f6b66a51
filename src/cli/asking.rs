//! Asking the terminal what it is, for one command.
//!
//! Owns the modes of the terminal while it is asked. Promises that they are as they were
//! afterwards, whatever signal ends the program meanwhile; that it takes no longer than
//! [`DEADLINE`]; and that what was typed ahead for the shell stays in the terminal, which
//! then is not asked. Must never be used while the studio has the terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Signal, getpgrp};
use rustix::stdio::stdin;
use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetpgrp, tcsetattr,
};
use signal_hook::{flag, low_level};

use super::Surroundings;
use crate::graphics::answers::{Answers, Heard};
use crate::graphics::probe::{DEADLINE, Probe};

/// Signals that would end the program with the terminal in modes of ours.
const ENDING: [Signal; 4] = [Signal::INT, Signal::QUIT, Signal::TERM, Signal::HUP];

/// What the terminal has said.
pub(super) struct Asked {
    /// All of it.
    pub(super) probe: Probe,
    /// Why it was not asked, if it was not.
    pub(super) not_asked: Option<String>,
}

/// Asks the terminal, if there is one and it is ours.
pub(super) fn ask(surroundings: &Surroundings) -> Asked {
    let mut probe = Probe::new(surroundings.overrides);
    let is_dumb = surroundings.environment.get("TERM") == Some("dumb");
    let not_asked = if is_dumb {
        // It would print the questions.
        Some("TERM says that it is dumb".to_owned())
    } else {
        converse(&mut probe).err()
    };
    Asked { probe, not_asked }
}

fn converse(probe: &mut Probe) -> Result<(), String> {
    if !stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err("standard input or output is no terminal".to_owned());
    }
    if tcgetpgrp(stdin()) != Ok(getpgrp()) {
        return Err("another program has the terminal".to_owned());
    }
    let signals = Signals::hold().map_err(|error| error.to_string())?;
    let asked = Modes::take().map_err(|error| error.to_string()).and_then(|modes| {
        let asked = match is_readable(Duration::ZERO) {
            Ok(false) => listen(probe, &signals).map_err(|error| error.to_string()),
            _ => Err("something was typed ahead".to_owned()),
        };
        drop(modes);
        asked
    });
    signals.let_go();
    asked
}

/// Asks, and hears what is answered until the deadline.
fn listen(probe: &mut Probe, signals: &Signals) -> io::Result<()> {
    let end = Instant::now() + DEADLINE;
    let mut answers = Answers::default();
    write(Probe::questions())?;
    while !probe.is_over() && !signals.has_come() {
        match is_readable(end.saturating_duration_since(Instant::now())) {
            Err(Errno::INTR) => continue,
            Ok(false) => break,
            readable => drop(readable?),
        }
        let mut bytes = [0; 1024];
        let count = match rustix::io::read(stdin(), &mut bytes) {
            Err(Errno::INTR) => continue,
            read => read?,
        };
        if count == 0 {
            break;
        }
        for heard in answers.take(&bytes[..count]) {
            // What is typed now is lost: no terminal takes back what was read from it.
            if let Heard::Answer(answer) = heard
                && let Some(question) = probe.hear(&answer)
            {
                write(&question)?;
            }
        }
    }
    Ok(())
}

fn write(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Whether something can be read within `pause`.
fn is_readable(pause: Duration) -> Result<bool, Errno> {
    let stdin = stdin();
    let mut asked = [PollFd::new(&stdin, PollFlags::IN)];
    let pause = Timespec { tv_sec: pause.as_secs() as i64, tv_nsec: pause.subsec_nanos().into() };
    Ok(poll(&mut asked, Some(&pause))? > 0)
}

/// The modes the terminal had, which it is given back.
struct Modes(Termios);

impl Modes {
    /// Has the terminal hand over single keys, unechoed. Those that interrupt still do.
    fn take() -> io::Result<Self> {
        let before = tcgetattr(stdin())?;
        let mut modes = before.clone();
        modes.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
        modes.special_codes[SpecialCodeIndex::VMIN] = 1;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        // A shell would find the terminal so.
        modes.special_codes[SpecialCodeIndex::VSUSP] = 0;
        tcsetattr(stdin(), OptionalActions::Now, &modes)?;
        Ok(Self(before))
    }
}

impl Drop for Modes {
    fn drop(&mut self) {
        // A terminal that is gone has no modes.
        let _ = tcsetattr(stdin(), OptionalActions::Now, &self.0);
    }
}

/// The signals that would end the program, held back while the terminal is asked.
struct Signals {
    /// The last one that came meanwhile; 0 for none.
    came: Arc<AtomicUsize>,
    /// Whether they do again what they always do.
    pass: Arc<AtomicBool>,
}

impl Signals {
    fn hold() -> io::Result<Self> {
        let held = Self { came: Arc::default(), pass: Arc::default() };
        for signal in ENDING {
            let number = signal.as_raw();
            flag::register_conditional_default(number, Arc::clone(&held.pass))?;
            flag::register_usize(number, Arc::clone(&held.came), number as usize)?;
        }
        Ok(held)
    }

    fn has_come(&self) -> bool {
        self.came.load(Ordering::SeqCst) != 0
    }

    /// Lets signals through again, and the one first that came.
    fn let_go(self) {
        self.pass.store(true, Ordering::SeqCst);
        let came = self.came.load(Ordering::SeqCst);
        if came != 0 {
            // It ends the program, unless the command itself waits for it.
            let _ = low_level::raise(came as i32);
        }
    }
}
