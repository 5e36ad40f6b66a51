//! A program on a real pseudo-terminal of 120 × 40 cells, and what it writes there.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use pentimento::store::Store;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::generator;

/// What the studio ends a frame with: the end of a synchronized update.
const FRAME_END: &[u8] = b"\x1b[?2026l";

/// A program that has not done what is waited for by then never will.
const DEADLINE: Duration = Duration::from_mins(1);

/// The program and its screen. Dropping it ends the program.
pub(crate) struct Screen {
    parser: vt100::Parser,
    written: Receiver<(Instant, Vec<u8>)>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    /// Kept: the terminal hangs up with it.
    _pty: Box<dyn MasterPty + Send>,
    started: Instant,
    /// Whether frames have ends that can be seen.
    synchronized: bool,
    /// The last bytes written.
    tail: Vec<u8>,
}

impl Screen {
    /// The studio on the history in `dir`, as if nobody had left it anywhere before: what an
    /// earlier measurement searched for would be searched for again.
    pub(crate) fn studio(dir: &Path) -> Self {
        let mut store = Store::open(dir).expect("the history opens");
        store.save_draft("").expect("a draft can be written");
        drop(store);
        Self::spawn(Path::new(env!("CARGO_BIN_EXE_pentimento")), dir, true)
    }

    /// Any other program.
    pub(crate) fn start(program: &Path, dir: &Path) -> Self {
        Self::spawn(program, dir, false)
    }

    /// Starts `program` with nothing in its environment but what it needs.
    fn spawn(program: &Path, dir: &Path, synchronized: bool) -> Self {
        let size = PtySize { rows: 40, cols: 120, pixel_width: 1200, pixel_height: 800 };
        let pty = native_pty_system().openpty(size).expect("there are pseudo-terminals");
        let mut reader = pty.master.try_clone_reader().expect("its output can be read");
        let keys = pty.master.take_writer().expect("its input can be written");
        let (sender, written) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            while let Ok(length @ 1..) = reader.read(&mut buffer) {
                if sender.send((Instant::now(), buffer[..length].to_vec())).is_err() {
                    return;
                }
            }
        });
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        command.env("PENTIMENTO_DIR", dir);
        command.cwd(dir);
        let started = Instant::now();
        let child = pty.slave.spawn_command(command).expect("the program starts");
        let [rows, columns] = [size.rows, size.cols]
            .map(|side| NonZero::new(side).expect("this size has no side of 0"));
        let parser = vt100::Parser::new(rows, columns, 0);
        Self {
            parser,
            written,
            keys,
            child,
            _pty: pty.master,
            started,
            synchronized,
            tail: Vec::new(),
        }
    }

    /// Waits until the screen is as asked at the end of a frame, and says how long after
    /// the start that was.
    pub(crate) fn wait(&mut self, what: &str, is_so: impl Fn(&vt100::Screen) -> bool) -> Duration {
        let mut at = Instant::now();
        let mut whole = true;
        while !whole || !is_so(self.parser.screen()) {
            let Ok((when, bytes)) = self.written.recv_timeout(DEADLINE) else {
                panic!("waited in vain for {what}:\n{}", self.parser.screen().contents());
            };
            at = when;
            self.parser.process(&bytes);
            // The end of a frame may come in two pieces.
            self.tail.extend_from_slice(&bytes);
            self.tail.drain(..self.tail.len().saturating_sub(FRAME_END.len()));
            whole = !self.synchronized || self.tail == FRAME_END;
        }
        at - self.started
    }

    /// Waits until `text` is on the screen.
    pub(crate) fn wait_for(&mut self, text: &str) -> Duration {
        self.wait(text, |screen| screen.contents().contains(text))
    }

    /// Waits until generation number `n` of the history is selected and shown.
    pub(crate) fn wait_for_generation(&mut self, n: u32) -> Duration {
        let id = generator::generation(n).id.short();
        self.wait_for(&format!("Preview · {id}"))
    }

    /// Whether `text` is on the screen as far as that has been read.
    pub(crate) fn shows(&self, text: &str) -> bool {
        self.parser.screen().contents().contains(text)
    }

    /// Sends the bytes of keys.
    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("the terminal is there");
    }

    /// Presses `key` and waits until the cursor has moved; how long that took.
    pub(crate) fn type_key(&mut self, key: &str) -> Duration {
        while let Ok((_, bytes)) = self.written.try_recv() {
            self.parser.process(&bytes);
        }
        let before = self.parser.screen().cursor_position();
        let pressed = self.started.elapsed();
        self.press(key);
        let shown = self.wait("a cursor", |screen| screen.cursor_position() != before);
        shown.checked_sub(pressed).expect("what was written before the key was read before it")
    }

    /// How many bytes are written before nothing has been for `quiet`.
    pub(crate) fn listen(&mut self, quiet: Duration) -> usize {
        let mut bytes = 0;
        while let Ok((_, piece)) = self.written.recv_timeout(quiet) {
            bytes += piece.len();
            self.parser.process(&piece);
        }
        bytes
    }

    /// The process of the program.
    pub(crate) fn pid(&self) -> u32 {
        self.child.process_id().expect("the program runs")
    }

    /// The worker that the studio has started.
    pub(crate) fn worker(&self) -> Option<u32> {
        let is_worker = |pid: &u32| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            line.split(|byte| *byte == 0).nth(1) == Some(b"worker")
        };
        tasks(self.pid())
            .iter()
            .filter_map(|task| fs::read_to_string(task.join("children")).ok())
            .flat_map(|list| list.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
            .filter_map(|pid| pid.parse().ok())
            .find(is_worker)
    }

    /// Leaves the studio, or any program that ends with a key.
    pub(crate) fn quit(mut self) {
        self.press("\x11");
        let _ = self.child.wait();
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// Where the kernel tells of each thread of `pid`.
fn tasks(pid: u32) -> Vec<PathBuf> {
    fs::read_dir(format!("/proc/{pid}/task"))
        .map(|tasks| tasks.filter_map(|task| Some(task.ok()?.path())).collect())
        .unwrap_or_default()
}

/// The number behind `name` in the status of a process or a thread.
fn number(status: &Path, name: &str) -> Option<u64> {
    let text = fs::read_to_string(status.join("status")).ok()?;
    text.lines().find_map(|line| {
        line.strip_prefix(name)?.strip_prefix(':')?.split_whitespace().next()?.parse().ok()
    })
}

/// Megabytes that `pid` holds now, and the most it ever held.
pub(crate) fn resident(pid: u32) -> (f64, f64) {
    let status = Path::new("/proc").join(OsStr::new(&pid.to_string()));
    let megabytes = |name| number(&status, name).unwrap_or(0) as f64 / 1024.0;
    (megabytes("VmRSS"), megabytes("VmHWM"))
}

/// How often each thread of `pid` has been put to work so far.
pub(crate) fn wake_ups(pid: u32) -> HashMap<PathBuf, u64> {
    let switches = ["voluntary_ctxt_switches", "nonvoluntary_ctxt_switches"];
    let count = |task: &PathBuf| switches.iter().filter_map(|name| number(task, name)).sum::<u64>();
    tasks(pid).into_iter().map(|task| (task.clone(), count(&task))).collect()
}
