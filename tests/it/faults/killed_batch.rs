//! A file of requests whose runs are killed, interrupted, and run at once: each line is sent
//! once.

use std::process::{Child, Command, Stdio};
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process};

use super::chance::Chance;
use super::paid::wait_until;
use super::{figures, times};
use crate::batch_file::{FILE, batch, counts, home, sent};
use crate::home::{Home, wait_for};
use crate::recovery::answer;
use crate::server::{Reply, Server};

#[test]
fn two_that_run_the_same_file_at_once_send_each_line_once() {
    let server = Server::start([Reply::ok(answer())]);
    let lines: Vec<String> = (0..12).map(|number| format!("fox {number}")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let home = home(&server, &lines);
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..3).map(|_| scope.spawn(|| batch(&home, &[]).done())).collect();
        for one in all {
            let ended = one.join().expect("it ends well");
            assert_eq!(ended.out.lines().count(), 12, "each names all of them: {}", ended.err);
        }
    });
    assert_eq!(sent(&server).into_values().collect::<Vec<_>>(), vec![1; 12]);
}

/// Begins the file in a process that can be killed.
#[expect(clippy::disallowed_methods, reason = "the process is what is killed")]
fn begin(home: &Home) -> Child {
    Command::new(env!("CARGO_BIN_EXE_pentimento"))
        .args(["batch", FILE])
        .env_clear()
        .envs(home.environment())
        .current_dir(home.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

#[test]
fn one_that_is_killed_goes_on_in_the_background_and_the_next_waits_for_it() {
    let server = Server::start([Reply::ok(answer()).hang()]);
    let home = home(&server, &["one", "two", "three"]);
    let mut first = begin(&home);
    wait_for("the first request", || (server.count() == 1).then_some(()));
    first.kill().expect("it runs");
    first.wait().expect("it is gone");
    let ended = std::thread::scope(|scope| {
        let second = scope.spawn(|| batch(&home, &[]));
        wait_for("the second worker", || (home.workers().len() == 2).then_some(()));
        server.release();
        second.join().expect("it ends")
    });
    let ended = ended.done().saying("none to send, 3 sent before");
    assert_eq!(ended.out.lines().count(), 3);
    assert_eq!(sent(&server), counts(&[("one", 1), ("two", 1), ("three", 1)]));
}

#[test]
fn one_that_is_interrupted_takes_back_what_waits_and_the_next_sends_it() {
    let server = Server::start([Reply::ok(answer()).hang()]);
    let home = home(&server, &["one", "two", "three"]);
    let mut first = begin(&home);
    wait_for("the first request", || (server.count() == 1).then_some(()));
    let pid = Pid::from_child(&first);
    kill_process(pid, Signal::INT).expect("it runs");
    assert_eq!(first.wait().expect("it ends").code(), Some(130));
    assert_eq!(server.count(), 1);
    server.release();
    wait_for("the worker to leave", || home.workers().is_empty().then_some(()));
    assert_eq!(server.count(), 1, "what was taken back is not sent");
    batch(&home, &[]).done().saying("2 to send (2 of unknown price), 1 sent before");
    assert_eq!(sent(&server), counts(&[("one", 1), ("two", 1), ("three", 1)]));
    assert_eq!(home.history().len(), 3);
}

#[test]
fn killed_at_any_moment_with_its_worker_or_without_it_sends_no_line_twice() {
    let mut chance = Chance::new(31);
    let lines: Vec<String> = (0..8).map(|number| format!("fox {number}")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let server = Server::start([Reply::ok(answer())]);
    let whole = {
        let (home, begun) = (home(&server, &lines), Instant::now());
        begin(&home).wait().expect("it ends");
        begun.elapsed()
    };
    let (mut unknown, mut killed) = (0, 0);
    for round in 0..times(4, 300) {
        let server = Server::start([Reply::ok(answer())]);
        let home = home(&server, &lines);
        for _ in 0..3 {
            let mut face = begin(&home);
            wait_until(Instant::now(), whole.mul_f64(chance.fraction()));
            killed += usize::from(face.try_wait().expect("it can be asked").is_none());
            let _ = face.kill();
            face.wait().expect("it is gone");
            if round % 2 == 0 {
                home.kill_workers();
            }
        }
        let ended = batch(&home, &["--json"]);
        let states = ended.json();
        assert_eq!(states.len(), lines.len(), "{}", ended.err);
        let sent = sent(&server);
        for line in &states {
            let prompt = line["request"]["prompt"].as_str().expect("a prompt");
            let (state, times) = (line["status"].as_str().expect("a state"), sent.get(prompt));
            match state {
                "done" => assert_eq!(times, Some(&1), "{prompt}"),
                // Its worker died: nobody knows whether it arrived, so it is left to the user.
                "interrupted" => {
                    assert!(round % 2 == 0 && times.is_none_or(|times| *times == 1), "{prompt}");
                    unknown += 1;
                }
                other => panic!("{prompt} is {other}: {}", ended.err),
            }
        }
        let ended_well = states.iter().all(|line| line["status"] == "done");
        assert_eq!(ended.code, Some(if ended_well { 0 } else { 3 }), "{}", ended.err);
        assert_eq!(home.history().len(), lines.len());
    }
    assert!(killed > 0, "some were killed while they ran");
    assert!(unknown <= killed, "a worker that is killed leaves one of unknown outcome");
    figures(
        2,
        &format!(
            "{killed} runs of a file killed with kill -9, half of them with their worker: \
             {unknown} lines left unknown, 0 sent twice, 0 forgotten"
        ),
    );
}
