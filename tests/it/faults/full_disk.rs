//! Promise 9: a full disk is a message.
//!
//! A real file system of 40 MiB, in a mount namespace of its own; where the system does
//! not allow one, the suite says so and tries nothing.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustix::fs::{FallocateFlags, fallocate, statvfs};
use serde_json::Value;

use super::{enter, figures, times};
use crate::home::{DEADLINE, Home, wait_for};
use crate::recovery::{answer, answer_with, pixel};
use crate::server::{Reply, Server};

/// A home on a small disk.
struct Disk {
    home: Home,
    /// The process that holds the namespace, until its standard input ends.
    holder: Child,
    _line: ChildStdin,
}

impl Disk {
    /// `None` where the system does not allow it.
    #[expect(clippy::disallowed_methods, reason = "a namespace is made by a process")]
    fn new(home: Home) -> Option<Self> {
        let mount = "mount -t tmpfs -o size=40m none \"$0\" && echo mounted && exec cat";
        let mut holder = Command::new("unshare")
            .args(["-Urm", "sh", "-c", mount])
            .arg(home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let line = holder.stdin.take()?;
        let mut said = String::new();
        BufReader::new(holder.stdout.take()?).read_line(&mut said).ok()?;
        if said != "mounted\n" {
            let _ = holder.wait();
            return None;
        }
        Some(Self { home, holder, _line: line })
    }

    /// The disk, as it is reached from here.
    fn path(&self) -> PathBuf {
        let below = self.home.path().strip_prefix("/").expect("a home has a whole path");
        Path::new("/proc").join(self.holder.id().to_string()).join("root").join(below)
    }

    #[expect(clippy::disallowed_methods, reason = "the program runs in the namespace")]
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("nsenter");
        let holder = self.holder.id().to_string();
        command.args(["-t", &holder, "-U", "-m", "--preserve-credentials"]);
        command.arg(env!("CARGO_BIN_EXE_pentimento")).args(arguments);
        command.env_clear().envs(self.home.environment());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn generate(&self) -> Asking {
        let mut child = self
            .command(&["generate", "a fox", "-m", "openai:gpt-image-2"])
            .spawn()
            .expect("nsenter is where unshare is");
        let stderr = child.stderr.take().expect("it is piped");
        let (tell, said) = channel();
        thread::spawn(move || {
            BufReader::new(stderr).lines().map_while(Result::ok).all(|line| tell.send(line).is_ok())
        });
        Asking { child, said }
    }

    fn history(&self) -> Vec<Value> {
        let output = self.command(&["history", "--json"]).output().expect("it starts");
        let text = String::from_utf8(output.stdout).expect("it is UTF-8");
        text.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // The namespace ends with the last process in it.
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

/// A command that runs.
struct Asking {
    child: Child,
    said: Receiver<String>,
}

impl Asking {
    /// Everything it said, and its exit code, when it has ended.
    fn end(mut self) -> (Option<i32>, String) {
        let said: Vec<String> = self.said.iter().collect();
        let code = wait_for("the command", || self.child.try_wait().expect("it can be waited for"));
        (code.code(), said.join("\n"))
    }
}

/// Bytes that are free on the disk.
fn free(disk: &Path) -> u64 {
    statvfs(disk).map_or(0, |about| about.f_bavail * about.f_frsize)
}

/// Takes all room on the disk but so many bytes; what was taken comes back with the file.
fn fill(disk: &Path, name: &str, leaving: u64) -> Filler {
    let path = disk.join(name);
    let file = File::create(&path).expect("a name takes no room");
    // Whole pages, and none where another process was quicker.
    let taken = free(disk).saturating_sub(leaving);
    if taken > 0 {
        let _ = fallocate(&file, FallocateFlags::empty(), 0, taken);
    }
    Filler(path)
}

struct Filler(PathBuf);

impl Drop for Filler {
    fn drop(&mut self) {
        // The disk may be gone first.
        let _ = fs::remove_file(&self.0);
    }
}

/// Takes all room but so many bytes again and again, also what is given back meanwhile,
/// until it is dropped.
struct Greed(Option<(Sender<()>, thread::JoinHandle<()>)>);

impl Greed {
    fn begin(disk: PathBuf, leaving: u64) -> Self {
        // What there is now is gone before anything goes on.
        let first = fill(&disk, "first", leaving);
        let (stop, stopped) = channel::<()>();
        let thread = thread::spawn(move || {
            let mut fillers = vec![first];
            while matches!(stopped.try_recv(), Err(TryRecvError::Empty)) {
                if free(&disk) > leaving {
                    let name = format!("more-{}", fillers.len());
                    fillers.push(fill(&disk, &name, leaving));
                }
                thread::yield_now();
            }
        });
        Self(Some((stop, thread)))
    }
}

impl Drop for Greed {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.0.take() {
            drop(stop);
            let _ = thread.join();
        }
    }
}

/// What the disk was too full for, as the message names it.
fn point(said: &str) -> &'static str {
    let line = said.lines().find(|line| line.contains("is full")).unwrap_or_default();
    match line {
        _ if line.contains("/inbox") => "inbox",
        _ if line.contains("history.") => "journal",
        _ if line.contains(".json ") => "receipt",
        _ if line.contains("/images") => "picture",
        _ => "none",
    }
}

/// The sums of the suite.
#[derive(Default)]
struct Sums {
    points: std::collections::BTreeMap<&'static str, usize>,
    requests: usize,
    attempts: usize,
}

/// A disk that is full before anything is sent: nothing is.
fn before_sending(trial: usize, sums: &mut Sums) {
    let server = Server::start([Reply::ok(answer())]);
    let Some(disk) = Disk::new(Home::beside(&server)) else { return };
    // The history is there, so that a full disk is not only met while it is made.
    assert!(disk.history().is_empty());
    // From not a page, over too little for the journal, to too little for the answer.
    let leaving = [0, 8 << 10, 40 << 10, 1 << 20, 12 << 20][trial % 5] + (trial as u64 / 5) * 4096;
    let filler = fill(&disk.path(), "filler", leaving);
    let (code, said) = disk.generate().end();
    assert_eq!(server.count(), 0, "{leaving}: {said}");
    assert!(matches!(code, Some(1..=3)), "{leaving}: {code:?}: {said}");
    assert!(said.contains("is full"), "{leaving}: {said}");
    assert!(said.contains("Free some"), "{leaving}: {said}");
    assert!(!said.contains("charged"), "{leaving}: {said}");
    *sums.points.entry(point(&said)).or_default() += 1;
    drop(filler);
    let (code, said) = disk.generate().end();
    assert_eq!(code, Some(0), "{leaving}: it works again: {said}");
    sums.count(&disk, &server);
}

/// A disk that fills up after the request was sent: the answer waits.
fn after_sending(trial: usize, sums: &mut Sums) {
    let step = (trial as u64 / 4) * 4096;
    let inside =
        |bytes: &[u8]| answer_with(&[&format!("data:image/png;base64,{}", STANDARD.encode(bytes))]);
    let large = [pixel(), vec![0; 2 << 20]].concat();
    let (picture, body, leaving) = match trial % 4 {
        // No room for the journal, from the head of the answer on.
        0 => (pixel(), answer(), 0),
        // An answer that outgrows the room that was set aside.
        1 => (pixel(), " ".repeat(17 << 20) + &answer(), step),
        // Room for the journal, and not for the picture.
        2 => (large.clone(), inside(&large), (1 << 20) + step),
        // It fills up while the picture is kept, or right after.
        _ => (pixel(), answer(), step % (64 << 10)),
    };
    let greed = Arc::new(Mutex::new(None));
    let place = Arc::new(Mutex::new(PathBuf::new()));
    let (full, at) = (Arc::clone(&greed), Arc::clone(&place));
    let when_asked = trial % 4 < 3;
    let server = Server::answering(move |_, nth| {
        if nth == 0 && when_asked {
            let disk = at.lock().expect("whole").clone();
            *full.lock().expect("whole") = Some(Greed::begin(disk, leaving));
        }
        Reply::ok(body.clone())
    });
    let Some(disk) = Disk::new(Home::beside(&server)) else { return };
    assert!(disk.history().is_empty());
    *place.lock().expect("whole") = disk.path();
    let asking = disk.generate();
    if !when_asked {
        wait_for("a picture", || any_file(&disk.path(), "png").then_some(()));
        *greed.lock().expect("whole") = Some(Greed::begin(disk.path(), leaving));
    }
    let first = asking.said.recv_timeout(DEADLINE);
    greed.lock().expect("whole").take();
    let (code, rest) = asking.end();
    let said = format!("{}\n{rest}", first.unwrap_or_default());
    assert_eq!(code, Some(0), "{trial}: {said}");
    assert_eq!(server.count(), 1, "{trial}: {said}");
    let told = said.contains("is full") && said.contains("held in memory");
    assert!(told || !when_asked && point(&said) == "none", "{trial}: {said}");
    *sums.points.entry(point(&said)).or_default() += 1;
    let rows = disk.history();
    assert_eq!(rows[0]["images"][0]["bytes"], picture.len(), "{trial}: {rows:?}");
    sums.count(&disk, &server);
}

fn any_file(dir: &Path, ending: &str) -> bool {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let mut paths = entries.map(|entry| entry.path());
    paths.any(|path| {
        path.is_dir() && any_file(&path, ending) || path.extension().is_some_and(|e| e == ending)
    })
}

impl Sums {
    fn count(&mut self, disk: &Disk, server: &Server) {
        wait_for("the worker to leave", || disk.home.workers().is_empty().then_some(()));
        // SQLite would follow the way into the namespace out of it again.
        let copy = disk.home.path().join("history.db");
        fs::copy(disk.path().join("history.db"), &copy).expect("it is there");
        // Two that close it at once leave the log to the next one.
        let log = |dir: &Path| dir.join("history.db-wal");
        if log(&disk.path()).exists() {
            fs::copy(log(&disk.path()), log(disk.home.path())).expect("nobody writes any more");
        }
        let database = rusqlite::Connection::open(copy).expect("it is there");
        let sent = "SELECT count(*) FROM attempts WHERE connected IS NOT NULL";
        let sent: u32 = database.query_row(sent, [], |row| row.get(0)).expect("it is sound");
        self.attempts += sent as usize;
        self.requests += server.count();
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "a suite that cannot run says so")]
fn a_full_disk_is_a_message_before_sending_and_a_wait_after() {
    if Disk::new(Home::new()).is_none() {
        println!("promise  9: skipped: this system allows no file system of one's own (unshare)");
        return;
    }
    let all = times(9, 100);
    let mut sums = Sums::default();
    for trial in 0..all {
        if trial < all * 5 / 9 {
            before_sending(trial, &mut sums);
        } else {
            after_sending(trial - all * 5 / 9, &mut sums);
        }
    }
    let Sums { points, requests, attempts } = &sums;
    let met = all - points.get("none").unwrap_or(&0);
    figures(
        9,
        &format!(
            "{all} disks filled up, {met} of them before all was written ({points:?}): 0 requests sent without room \
             for the answer, 0 answers lost, {all} of {all} worked again when there was room"
        ),
    );
    enter("full disk", *attempts, *requests);
}
