//! A studio at the near end of a line of so many bits a second, and a terminal at the far
//! end of it.
//!
//! The line has a rate, a delay each way, and in front of it as much room as a connection
//! over SSH has: what is written beyond that waits in the program.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::terminal::{Kind, Terminal};

/// Bytes that wait in front of the line, in pieces of [`PIECE`].
const BUFFER: usize = 64 << 10;
const PIECE: usize = 1 << 10;

/// Columns and rows.
pub(crate) const SIZE: (u16, u16) = (120, 40);

/// A line.
#[derive(Clone, Copy)]
pub(crate) struct Line {
    pub(crate) name: &'static str,
    /// Bits a second; `None` for a terminal on the same machine.
    pub(crate) rate: Option<f64>,
    /// There and back.
    pub(crate) round_trip: Duration,
}

/// The studio, the line and the terminal.
pub(crate) struct Studio {
    pub(crate) terminal: Arc<Mutex<Terminal>>,
    typed: Sender<(Instant, Vec<u8>)>,
    delay: Duration,
    child: Box<dyn Child + Send + Sync>,
    /// Kept: the terminal hangs up with it.
    _pty: Box<dyn MasterPty + Send>,
}

impl Studio {
    /// Opens the studio on the history in `dir`.
    pub(crate) fn open(dir: &Path, kind: Kind, line: Line) -> Self {
        let (cols, rows) = SIZE;
        let size = PtySize { rows, cols, pixel_width: 1200, pixel_height: 800 };
        let pty = native_pty_system().openpty(size).expect("there are pseudo-terminals");
        let mut output = pty.master.try_clone_reader().expect("its output can be read");
        let mut input = pty.master.take_writer().expect("its input can be written");
        let delay = line.round_trip / 2;
        let (queue, sent) = sync_channel::<Vec<u8>>(BUFFER / PIECE);
        thread::spawn(move || {
            let mut piece = [0; PIECE];
            while let Ok(count @ 1..) = output.read(&mut piece) {
                if queue.send(piece[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let (cross, arriving) = channel::<(Instant, Vec<u8>)>();
        thread::spawn(move || {
            for piece in sent {
                if let Some(rate) = line.rate {
                    thread::sleep(Duration::from_secs_f64(piece.len() as f64 * 8.0 / rate));
                }
                if cross.send((Instant::now() + delay, piece)).is_err() {
                    return;
                }
            }
        });
        let terminal = Arc::new(Mutex::new(Terminal::new(kind, cols, rows)));
        let (typed, to_type) = channel::<(Instant, Vec<u8>)>();
        let (reading, answers) = (Arc::clone(&terminal), typed.clone());
        thread::spawn(move || {
            for (at, piece) in arriving {
                until(at);
                let answer = reading.lock().expect("nobody panics").read(&piece);
                if !answer.is_empty() && answers.send((Instant::now() + delay, answer)).is_err() {
                    return;
                }
            }
        });
        thread::spawn(move || type_all(&to_type, &mut input));
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_pentimento"));
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        command.env("PENTIMENTO_DIR", dir);
        command.cwd(dir);
        let child = pty.slave.spawn_command(command).expect("the program starts");
        Self { terminal, typed, delay, child, _pty: pty.master }
    }

    /// Presses keys at the far end.
    pub(crate) fn press(&self, keys: &str) {
        let at = Instant::now() + self.delay;
        self.typed.send((at, keys.as_bytes().to_vec())).expect("the line is there");
    }

    /// What is so of the terminal.
    pub(crate) fn look<T>(&self, at: impl FnOnce(&Terminal) -> T) -> T {
        at(&self.terminal.lock().expect("nobody panics"))
    }

    /// Waits until it is so; says when that was seen. Gives up after a while.
    pub(crate) fn wait(&self, is_so: impl Fn(&Terminal) -> bool) -> Option<Instant> {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            if self.look(&is_so) {
                return Some(Instant::now());
            }
            thread::sleep(Duration::from_micros(200));
        }
        None
    }

    /// Waits until nothing has come for so long.
    pub(crate) fn rest(&self, quiet: Duration) {
        while self.look(|terminal| terminal.touched.elapsed()) < quiet {
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// The process of the program.
    pub(crate) fn pid(&self) -> u32 {
        self.child.process_id().expect("the program runs")
    }

    pub(crate) fn quit(mut self) {
        self.press("\x11");
        let _ = self.child.wait();
    }
}

fn type_all(to_type: &Receiver<(Instant, Vec<u8>)>, input: &mut dyn Write) {
    for (at, bytes) in to_type {
        until(at);
        if input.write_all(&bytes).is_err() {
            return;
        }
    }
}

fn until(at: Instant) {
    thread::sleep(at.saturating_duration_since(Instant::now()));
}
