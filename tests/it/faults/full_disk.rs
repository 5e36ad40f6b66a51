//! Promise 9: a full disk is a message.
//!
//! A real file system of 40 MiB, in a mount namespace of its own; where the system does
//! not allow one, the suite says so and tries nothing.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use rustix::fs::{FallocateFlags, fallocate, statvfs};
use serde_json::Value;

use super::{enter, figures, times};
use crate::home::{DEADLINE, Home, wait_for};
use crate::recovery::{answer, pixel};
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

/// Takes all room on the disk but so many bytes; what was taken comes back with the file.
fn fill(disk: &Path, leaving: u64) -> Filler {
    let path = disk.join("filler");
    let file = File::create(&path).expect("a name takes no room");
    let about = statvfs(disk).expect("it is mounted");
    let free = (about.f_bavail * about.f_frsize).saturating_sub(leaving);
    // Whole pages, and none where another process was quicker.
    if free > 0 {
        let _ = fallocate(&file, FallocateFlags::empty(), 0, free);
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

/// What the disk was too full for, as the message names it.
fn point(said: &str) -> &'static str {
    let line = said.lines().find(|line| line.contains("is full")).unwrap_or_default();
    match line {
        _ if line.contains(".part ") => "inbox",
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
    let filler = fill(&disk.path(), leaving);
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
    // One that fits into the room that was set aside, or one that does not.
    let large = trial % 4 == 1;
    let body = if large { " ".repeat(17 << 20) + &answer() } else { answer() };
    let filler = Arc::new(Mutex::new(None));
    let place = Arc::new(Mutex::new(PathBuf::new()));
    let leaving = (trial as u64 / 4) * 4096;
    let (full, at) = (Arc::clone(&filler), Arc::clone(&place));
    let when_asked = trial % 4 < 2;
    let server = Server::answering(move |_, nth| {
        if nth == 0 && when_asked {
            let disk = at.lock().expect("whole").clone();
            *full.lock().expect("whole") = Some(fill(&disk, leaving));
        }
        Reply::ok(body.clone())
    });
    let Some(disk) = Disk::new(Home::beside(&server)) else { return };
    assert!(disk.history().is_empty());
    *place.lock().expect("whole") = disk.path();
    let asking = disk.generate();
    if !when_asked {
        // While the answer is sealed, or while its picture is kept.
        let mark = if trial % 4 == 2 { "answer" } else { "png" };
        wait_for(mark, || any_file(&disk.path(), mark).then_some(()));
        *filler.lock().expect("whole") = Some(fill(&disk.path(), leaving));
    }
    let first = asking.said.recv_timeout(DEADLINE);
    filler.lock().expect("whole").take();
    let (code, rest) = asking.end();
    let said = format!("{}\n{rest}", first.unwrap_or_default());
    assert_eq!(code, Some(0), "{trial}: {said}");
    assert_eq!(server.count(), 1, "{trial}: {said}");
    assert!(!said.contains("is full") || said.contains("held in memory"), "{trial}: {said}");
    *sums.points.entry(point(&said)).or_default() += 1;
    let rows = disk.history();
    assert_eq!(rows[0]["images"][0]["bytes"], pixel().len(), "{trial}: {rows:?}");
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
    figures(
        9,
        &format!(
            "{all} disks that were full at one point ({points:?}): 0 requests sent without room \
             for the answer, 0 answers lost, {all} of {all} worked again when there was room"
        ),
    );
    enter("full disk", *attempts, *requests);
}
