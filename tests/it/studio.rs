//! The studio on a real terminal: the program itself, a pseudo-terminal, and a model of
//! what a person would see on it.

mod frames;
mod keys;

use std::fs::{self, File};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};

use crate::home::{DEADLINE, Home, wait_for};
use frames::whole_frames;
use keys::encode;

/// What the fixture itself writes to the terminal, to know that it has read everything
/// before.
const END: &[u8] = b"\x1b]9;everything was read\x07";

/// The studio, and the terminal it runs on.
pub(crate) struct Studio {
    pub(crate) home: Home,
    size: (u16, u16),
    line: Option<Line>,
    model: vt100::Parser,
    /// Every byte the program has written.
    written: Vec<u8>,
    /// How many of them the model has seen: all but a frame that is not whole yet.
    seen: usize,
    arrivals: Receiver<Vec<u8>>,
    ended: Receiver<ExitStatus>,
    pid: Pid,
    alive: bool,
    /// The modes of the terminal before the program.
    before: Termios,
}

/// Our end of the terminal.
struct Line {
    master: Box<dyn MasterPty>,
    /// Held so that the terminal outlives the program.
    _slave: Box<dyn SlavePty>,
    typed: Sender<Vec<u8>>,
    /// Tells the reader to let go of the terminal.
    hang_up: Arc<AtomicBool>,
}

impl Studio {
    /// The studio in a new home.
    pub(crate) fn open(columns: u16, rows: u16) -> Self {
        Self::open_in(&Home::new(), columns, rows)
    }

    pub(crate) fn open_in(home: &Home, columns: u16, rows: u16) -> Self {
        Self::start(home, &[], columns, rows)
    }

    /// Any command of the program, on a terminal.
    pub(crate) fn start(home: &Home, arguments: &[&str], columns: u16, rows: u16) -> Self {
        let own = [env!("CARGO_BIN_EXE_pentimento")];
        Self::run(home, &[&own, arguments].concat(), columns, rows)
    }

    /// The studio as this script of a shell starts it, where `$0` is the program.
    pub(crate) fn within(home: &Home, script: &str) -> Self {
        Self::run(home, &["/bin/sh", "-c", script, env!("CARGO_BIN_EXE_pentimento")], 120, 40)
    }

    /// Any program with the environment of the home, on a terminal.
    pub(crate) fn run(home: &Home, words: &[&str], columns: u16, rows: u16) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("there are pseudo-terminals");
        let name = pair.master.tty_name().expect("a pseudo-terminal has a name");
        let before = tcgetattr(open(name)).expect("a terminal has modes");
        let mut command = CommandBuilder::from_argv(words.iter().map(Into::into).collect());
        command.cwd(home.path());
        command.env_clear();
        for (name, value) in home.environment() {
            command.env(name, value);
        }
        let mut child = pair.slave.spawn_command(command).expect("the program can be started");
        let pid = child.process_id().and_then(|pid| Pid::from_raw(pid as i32)).expect("it has one");
        let (tell, ended) = channel();
        thread::spawn(move || tell.send(child.wait().expect("a child can be waited for")));

        let mut reader = pair.master.try_clone_reader().expect("a terminal can be read");
        let hang_up = Arc::new(AtomicBool::new(false));
        let (pass, arrivals) = channel();
        let stop = Arc::clone(&hang_up);
        thread::spawn(move || {
            let mut bytes = vec![0; 1 << 16];
            while let Ok(count) = reader.read(&mut bytes)
                && count > 0
                && !stop.load(Ordering::SeqCst)
                && pass.send(bytes[..count].to_vec()).is_ok()
            {}
        });
        let mut writer = pair.master.take_writer().expect("a terminal can be written");
        let (typed, to_type) = channel::<Vec<u8>>();
        thread::spawn(move || {
            while let Ok(bytes) = to_type.recv()
                && writer.write_all(&bytes).is_ok()
            {}
        });
        let line = Line { master: pair.master, _slave: pair.slave, typed, hang_up };
        Self {
            home: home.clone(),
            size: (columns, rows),
            line: Some(line),
            model: vt100::Parser::new(cells(rows), cells(columns), 0),
            written: Vec::new(),
            seen: 0,
            arrivals,
            ended,
            pid,
            alive: true,
            before,
        }
    }

    /// Types keys, written as in the configuration: `a fox<F5>`. A lone `<esc>` begins
    /// any other key too, so it must be the last before something is waited for.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        self.send(&encode(keys))
    }

    /// Pastes, as a terminal does that was asked to mark pastes.
    pub(crate) fn paste(&mut self, text: &str) -> &mut Self {
        self.send(format!("\x1b[200~{text}\x1b[201~").as_bytes())
    }

    /// Sends bytes as they are.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> &mut Self {
        let line = self.line.as_ref().expect("the line has not hung up");
        line.typed.send(bytes.to_vec()).expect("the terminal takes what is typed");
        self
    }

    /// Waits until the screen is so.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, is_so: impl Fn(&str) -> bool) -> &mut Self {
        self.until_model(what, |model| is_so(&model.contents()))
    }

    /// Waits until this stands on the screen.
    #[track_caller]
    pub(crate) fn shows(&mut self, text: &str) -> &mut Self {
        self.until(&format!("“{text}”"), |screen| screen.contains(text))
    }

    /// Waits until this stands on the screen no more.
    #[track_caller]
    pub(crate) fn hides(&mut self, text: &str) -> &mut Self {
        self.until(&format!("no “{text}”"), |screen| !screen.contains(text))
    }

    /// Waits until the terminal is so.
    #[track_caller]
    pub(crate) fn until_model(
        &mut self,
        what: &str,
        is_so: impl Fn(&vt100::Screen) -> bool,
    ) -> &mut Self {
        let begun = Instant::now();
        while !is_so(self.model.screen()) {
            self.hear(what, begun);
        }
        self
    }

    /// Waits until the program has written this to its terminal.
    #[track_caller]
    pub(crate) fn until_written(&mut self, what: &str, part: &[u8]) -> &mut Self {
        let begun = Instant::now();
        while !self.written.windows(part.len()).any(|bytes| bytes == part) {
            self.hear(what, begun);
        }
        self
    }

    /// Waits until the program has written something.
    #[track_caller]
    pub(crate) fn hear(&mut self, what: &str, begun: Instant) {
        match self.arrivals.recv_timeout(DEADLINE.saturating_sub(begun.elapsed())) {
            Ok(bytes) => self.take(&bytes),
            Err(why) => panic!("waited in vain for {what} ({why}) on\n{}", self.screen()),
        }
    }

    /// Takes what is written, until nothing has been for a moment.
    pub(crate) fn hear_for(&mut self, moment: Duration) {
        while let Ok(bytes) = self.arrivals.recv_timeout(moment) {
            self.take(&bytes);
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.written.extend_from_slice(bytes);
        let end = self.seen + whole_frames(&self.written[self.seen..]);
        self.model.process(&self.written[self.seen..end]);
        self.seen = end;
    }

    /// Has the form sent, as often as it takes: a press right after a paste or another
    /// press is held back, and says so.
    #[track_caller]
    pub(crate) fn generate(&mut self) -> &mut Self {
        self.press_until_sent("<F5>")
    }

    #[track_caller]
    pub(crate) fn press_until_sent(&mut self, key: &str) -> &mut Self {
        let asked = self.asked();
        loop {
            self.keys(key).until("an answer to the key", |screen| {
                screen.contains("Press again") || count_of(screen) > asked
            });
            if self.asked() > asked {
                return self;
            }
            self.keys("<ctrl+c>").hides("Press again");
        }
    }

    /// Presses a key that would send, as often as it takes for it to count, until this
    /// stands on the screen: what was typed at once counts as a paste for a moment.
    #[track_caller]
    pub(crate) fn press_until(&mut self, key: &str, answer: &str) -> &mut Self {
        let held_back = |screen: &str| {
            screen.contains("Not sent: a paste") || screen.contains("Not sent twice")
        };
        loop {
            self.keys(key).until(&format!("“{answer}”"), |screen| {
                held_back(screen) || screen.contains(answer)
            });
            if self.screen().contains(answer) {
                return self;
            }
            self.keys("<ctrl+c>").until("the next try", |screen| !held_back(screen));
        }
    }

    /// How many generations the history says it has.
    fn asked(&self) -> usize {
        count_of(&self.screen())
    }

    /// What stands on the screen.
    pub(crate) fn screen(&self) -> String {
        self.model.screen().contents()
    }

    /// The row of the screen that holds this.
    #[track_caller]
    pub(crate) fn row(&self, holding: &str) -> String {
        let screen = self.screen();
        let row = screen.lines().find(|row| row.contains(holding));
        row.unwrap_or_else(|| panic!("no “{holding}” on\n{screen}")).to_owned()
    }

    /// The terminal as the program has set it.
    pub(crate) fn model(&self) -> &vt100::Screen {
        self.model.screen()
    }

    /// Every byte the program has written so far.
    pub(crate) fn written(&self) -> &[u8] {
        &self.written
    }

    /// Every byte the program wrote until now, those on their way too.
    pub(crate) fn drained(&mut self) -> &[u8] {
        let mut terminal = self.terminal();
        terminal.write_all(END).expect("the terminal can be written");
        drop(terminal);
        let begun = Instant::now();
        // Where the mark can begin: what is before was looked at.
        let mut from = 0;
        loop {
            let mut after = self.written[from..].windows(END.len());
            if let Some(at) = after.position(|bytes| bytes == END).map(|at| from + at) {
                self.written.drain(at..at + END.len());
                self.seen -= END.len().min(self.seen.saturating_sub(at));
                return &self.written;
            }
            from = self.written.len().saturating_sub(END.len() - 1);
            let left = DEADLINE.saturating_sub(begun.elapsed());
            let bytes = self.arrivals.recv_timeout(left).expect("the terminal gives what it got");
            self.take(&bytes);
        }
    }

    /// The program's end of the terminal.
    pub(crate) fn terminal(&self) -> File {
        let line = self.line.as_ref().expect("the line has not hung up");
        open(line.master.tty_name().expect("a pseudo-terminal has a name"))
    }

    /// Whether the terminal hands over single keys, unechoed.
    pub(crate) fn is_raw(&self) -> bool {
        let modes = tcgetattr(self.terminal()).expect("a terminal has modes").local_modes;
        !modes.intersects(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }

    /// Whether the modes of the terminal are those from before the program.
    pub(crate) fn modes_kept(&self) -> bool {
        let now = tcgetattr(self.terminal()).expect("a terminal has modes");
        format!("{now:?}") == format!("{:?}", self.before)
    }

    /// Sets the modes of the terminal as they were before the program, as a shell does.
    pub(crate) fn set_modes_back(&self) {
        tcsetattr(self.terminal(), OptionalActions::Now, &self.before).expect("they can be set");
    }

    pub(crate) fn pid(&self) -> Pid {
        self.pid
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).expect("the program can be signalled");
    }

    /// Waits until the program is stopped.
    #[track_caller]
    pub(crate) fn stopped(&mut self) -> &mut Self {
        let stat = format!("/proc/{}/stat", self.pid.as_raw_nonzero());
        wait_for("the stop", || {
            let stat = fs::read_to_string(&stat).expect("the program is there");
            stat.rsplit_once(')').is_some_and(|(_, rest)| rest.starts_with(" T")).then_some(())
        });
        self
    }

    pub(crate) fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        // The model first: what the program draws from now on is meant for it.
        self.model.set_size(cells(rows), cells(columns));
        let line = self.line.as_ref().expect("the line has not hung up");
        line.master.resize(size).expect("a terminal can be resized");
        self.size = (columns, rows);
        self
    }

    /// The line drops: nobody holds our end any more.
    pub(crate) fn hang_up(&mut self) {
        let line = self.line.take().expect("a line hangs up once");
        line.hang_up.store(true, Ordering::SeqCst);
        let name = line.master.tty_name().expect("a pseudo-terminal has a name");
        // A writer that is dropped types a line feed and the end of file, if there is one.
        let mut modes = tcgetattr(open(name.clone())).expect("a terminal has modes");
        modes.special_codes[SpecialCodeIndex::VEOF] = 0;
        tcsetattr(open(name.clone()), OptionalActions::Now, &modes).expect("modes can be set");
        // The reader wakes for it, and lets go.
        open(name).write_all(END).expect("the terminal can be written");
        while self.arrivals.recv().is_ok() {}
    }

    /// Waits for the end of the program.
    #[track_caller]
    pub(crate) fn end(&mut self) -> ExitStatus {
        let status = match self.ended.recv_timeout(DEADLINE) {
            Ok(status) => status,
            Err(RecvTimeoutError::Timeout) => panic!("it does not end, on\n{}", self.screen()),
            Err(RecvTimeoutError::Disconnected) => panic!("it has ended before"),
        };
        self.alive = false;
        status
    }

    /// Waits until this stands on the screen, or the program has ended; says which.
    pub(crate) fn comes_up_with(&mut self, text: &str) -> bool {
        let begun = Instant::now();
        while !self.screen().contains(text) {
            if self.ended.try_recv().is_ok() {
                self.alive = false;
                return false;
            }
            assert!(begun.elapsed() < DEADLINE, "it neither ends nor comes up: {}", self.screen());
            if let Ok(bytes) = self.arrivals.recv_timeout(Duration::from_millis(5)) {
                self.take(&bytes);
            }
        }
        true
    }

    /// Leaves as a user does.
    #[track_caller]
    pub(crate) fn quit(&mut self) {
        let status = self.keys("<ctrl+q>").end();
        assert!(status.success(), "{status:?}");
    }

    /// Leaves and starts again.
    #[track_caller]
    pub(crate) fn restart(&mut self) -> &mut Self {
        self.quit();
        self.start_again()
    }

    /// Starts again after an end of any kind.
    pub(crate) fn start_again(&mut self) -> &mut Self {
        assert!(!self.alive, "it has not ended yet");
        *self = Self::open_in(&self.home.clone(), self.size.0, self.size.1);
        self
    }

    /// Ends the program the hard way.
    pub(crate) fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.end();
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        if self.alive {
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}

/// The terminal of this name, which does not become ours.
fn open(name: PathBuf) -> File {
    let flags = OFlags::RDWR | OFlags::NOCTTY;
    rustix::fs::open(name, flags, Mode::empty()).expect("the terminal can be opened").into()
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has cells")
}

/// The number in `History · 3`.
fn count_of(screen: &str) -> usize {
    let after = screen.split("History · ").nth(1).unwrap_or("0");
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}
