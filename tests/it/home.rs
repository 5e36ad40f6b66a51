//! A user's directory with the program in it: configuration, environment, commands, and
//! the processes that work there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use pentimento::config::Settings;
use pentimento::config::paths::Paths;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::server::Server;

/// Longest wait for anything: a failure, never a pause.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// A directory of its own. Workers that still work in it end with its last copy.
#[derive(Clone)]
pub(crate) struct Home {
    dir: Arc<Dir>,
    variables: Vec<(String, String)>,
}

struct Dir(TempDir);

impl Home {
    /// The demo painter takes no time here.
    pub(crate) fn new() -> Self {
        Self::with_config("")
    }

    /// A home whose configuration says this besides.
    pub(crate) fn with_config(more: &str) -> Self {
        let dir = TempDir::new().expect("there is room for a directory");
        let home = Self { dir: Arc::new(Dir(dir)), variables: Vec::new() };
        home.configure(&format!("[demo]\nmoment = 0\n{more}"));
        home
    }

    /// A home whose requests to `OpenAI` go to this server.
    pub(crate) fn beside(server: &Server) -> Self {
        Self::new().with_server(server).with("OPENAI_API_KEY", "sk-openai")
    }

    pub(crate) fn with_server(self, server: &Server) -> Self {
        self.with("PENTIMENTO_LANGBASE_URL", server.url().as_str())
            .with("LANGBASE_API_KEY", "sk-langbase")
    }

    /// With this variable in the environment.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.0.path()
    }

    pub(crate) fn configure(&self, text: &str) {
        fs::write(self.path().join("config.toml"), text).expect("the directory can be written");
    }

    /// The settings that are in force here.
    pub(crate) fn settings(&self) -> Settings {
        let environment = self.environment().into_iter().collect();
        let paths = Paths::find(Some(self.path()), &environment).expect("it has places");
        Settings::load(&paths, &environment).expect("its configuration is right")
    }

    /// The whole environment of the program.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let own = [("TERM", "xterm-256color"), ("COLORTERM", "truecolor")];
        let own = own.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let dir = ("PENTIMENTO_DIR".to_owned(), self.path().display().to_string());
        own.chain([dir]).chain(self.variables.iter().cloned()).collect()
    }

    /// `pentimento` with these arguments, without a terminal.
    pub(crate) fn command(&self, arguments: &[&str]) -> assert_cmd::Command {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_pentimento"));
        command.args(arguments).env_clear().envs(self.environment());
        command.current_dir(self.path()).timeout(DEADLINE);
        command
    }

    /// Runs `pentimento` with these arguments to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.command(arguments).output().expect("the program can be started"))
    }

    /// What `pentimento history` lists, newest first.
    pub(crate) fn history(&self) -> Vec<Value> {
        self.run(&["history", "--json", "--limit", "100"]).done().json()
    }

    /// The prompts in the history, newest first.
    pub(crate) fn prompts(&self) -> Vec<String> {
        let prompt = |row: &Value| row["request"]["prompt"].as_str().unwrap_or("?").to_owned();
        self.history().iter().map(prompt).collect()
    }

    /// Has the demo painter make one small picture.
    pub(crate) fn generate(&self, prompt: &str) -> Value {
        let painter = ["-m", "demo:painter", "--size", "64x64", "--json"];
        self.run(&[&["generate", prompt][..], &painter].concat()).done().json().remove(0)
    }

    /// The workers of this directory.
    pub(crate) fn workers(&self) -> Vec<Pid> {
        let mark = format!("worker\0--dir\0{}\0", self.path().display()).into_bytes();
        processes()
            .into_iter()
            .filter(|(_, command)| command.windows(mark.len()).any(|part| part == mark))
            .map(|(pid, _)| pid)
            .collect()
    }

    /// Every process that has to do with this directory, by what it was called with or
    /// where it works.
    pub(crate) fn processes(&self) -> Vec<Pid> {
        let home = self.path().as_os_str().as_encoded_bytes();
        let here = |(pid, command): &(Pid, Vec<u8>)| {
            let cwd = fs::read_link(format!("/proc/{}/cwd", pid.as_raw_nonzero()));
            command.windows(home.len()).any(|part| part == home)
                || cwd.is_ok_and(|cwd| cwd == self.path())
        };
        processes().into_iter().filter(here).map(|(pid, _)| pid).collect()
    }

    /// Ends every worker of this directory, the hard way.
    pub(crate) fn kill_workers(&self) -> usize {
        let workers = self.workers();
        for worker in &workers {
            // One that has just ended by itself is as good.
            let _ = kill_process(*worker, Signal::KILL);
        }
        workers.len()
    }

    /// Every file below, whatever it is.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let mut open = vec![self.path().to_owned()];
        let mut files = Vec::new();
        while let Some(dir) = open.pop() {
            for entry in fs::read_dir(dir).expect("a directory can be read").flatten() {
                let path = entry.path();
                if path.is_dir() { open.push(path) } else { files.push(path) }
            }
        }
        files
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        // What waits for an answer that never comes would outlive the test.
        let home = self.0.path().display().to_string();
        let mark = format!("worker\0--dir\0{home}\0").into_bytes();
        for (pid, command) in processes() {
            if command.windows(mark.len()).any(|part| part == mark) {
                let _ = kill_process(pid, Signal::KILL);
            }
        }
    }
}

/// Every process, with its command line.
fn processes() -> Vec<(Pid, Vec<u8>)> {
    let entries = fs::read_dir("/proc").expect("there is /proc").flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    pids.filter_map(|pid| {
        // A process may be gone by now.
        let command = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        Some((Pid::from_raw(pid)?, command))
    })
    .collect()
}

/// How long a process has been at work so far, in hundredths of a second: its own time
/// and the system's for it. Nothing when it is gone.
pub(crate) fn time_at_work(pid: Pid) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = fields.split(' ').collect();
    // The fields 14 and 15, where the state of the process is the third.
    let ticks: u64 = fields[11].parse::<u64>().ok()? + fields[12].parse::<u64>().ok()?;
    (!fields[0].starts_with(['Z', 'X'])).then_some(ticks)
}

/// Waits until `found` gives something.
pub(crate) fn wait_for<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(begun.elapsed() < DEADLINE, "waited in vain for {what}");
        thread::yield_now();
    }
}

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The same, of a command that must have ended well.
    pub(crate) fn done(self) -> Self {
        self.with_code(0)
    }

    /// The same, of a command that must have ended with this code.
    pub(crate) fn with_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "out: {}\nerr: {}", self.out, self.err);
        self
    }

    /// The same, of a command that must have said this on standard error.
    pub(crate) fn saying(self, words: &str) -> Self {
        assert!(self.err.contains(words), "“{words}” is not in: {}", self.err);
        self
    }

    /// The lines on standard output, each of which is one value.
    pub(crate) fn json(&self) -> Vec<Value> {
        let line = |line| serde_json::from_str(line).expect("each line is one JSON value");
        self.out.lines().map(line).collect()
    }
}
