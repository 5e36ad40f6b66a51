//! Whatever dies, nothing is lost and nothing is paid for twice.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::home::{DEADLINE, Home, wait_for};
use crate::server::{Reply, Server};
use crate::studio::Studio;

/// The smallest whole PNG: one pixel.
pub(crate) const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// The picture itself.
pub(crate) fn pixel() -> Vec<u8> {
    STANDARD.decode(PNG).expect("it is base64")
}

/// An answer with the pictures behind these addresses.
pub(crate) fn answer_with(urls: &[&str]) -> String {
    let image = |(index, url): (usize, &&str)| json!({"type": "image_url", "index": index, "image_url": {"url": url}});
    let images: Vec<Value> = urls.iter().enumerate().map(image).collect();
    json!({
        "id": "gen-1", "provider": "openai", "model": "gpt-image-2",
        "choices": [{"index": 0, "finish_reason": "stop",
            "message": {"role": "assistant", "content": "", "images": images}}],
        "usage": {"prompt_tokens": 4, "completion_tokens": 8, "total_tokens": 12},
    })
    .to_string()
}

/// An answer with one picture in it.
pub(crate) fn answer() -> String {
    answer_with(&[&format!("data:image/png;base64,{PNG}")])
}

/// A server that tells of each request, and answers in this way.
fn telling(reply: Reply) -> (Server, Receiver<()>) {
    let (asked, was_asked) = channel();
    let asked = Mutex::new(asked);
    let server = Server::answering(move |_, _| {
        asked.lock().expect("whole").send(()).expect("the test waits");
        reply.clone()
    });
    (server, was_asked)
}

/// A studio that has asked the server for a picture.
fn asking(home: &Home, was_asked: &Receiver<()>) -> Studio {
    let mut studio = Studio::open_in(home, 120, 40);
    studio.shows("Nothing made yet.");
    studio.keys("<shift+tab><ctrl+u>openai:gpt-image-2<F2>a fox").generate().shows("drawing");
    was_asked.recv_timeout(DEADLINE).expect("the request comes");
    studio
}

/// Waits until the only row of the history is so.
fn row_until(home: &Home, status: &str) -> Value {
    wait_for(status, || home.history().into_iter().find(|row| row["status"] == status))
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the process is what is interrupted")]
fn an_interrupted_command_says_so_and_its_picture_arrives_all_the_same() {
    let (server, was_asked) = telling(Reply::ok(answer()).hang());
    let home = Home::beside(&server);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_pentimento"))
        .args(["generate", "a fox", "-m", "openai:gpt-image-2"])
        .env_clear()
        .envs(home.environment())
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program starts");
    was_asked.recv_timeout(DEADLINE).expect("the request comes");
    let pid = rustix::process::Pid::from_child(&command);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("it runs");
    assert_eq!(command.wait().expect("it ends").code(), Some(130));
    server.release();
    row_until(&home, "done");
    assert_eq!(server.count(), 1);
}

#[test]
fn a_picture_arrives_although_the_studio_was_killed() {
    let (server, was_asked) = telling(Reply::ok(answer()).hang());
    let home = Home::beside(&server);
    asking(&home, &was_asked).kill();
    server.release();
    let row = row_until(&home, "done");
    assert_eq!(row["images"][0]["bytes"], pixel().len());
    assert_eq!(server.count(), 1);
    wait_for("the worker to leave", || home.workers().is_empty().then_some(()));
}

#[test]
fn a_picture_arrives_although_the_line_dropped() {
    let (server, was_asked) = telling(Reply::ok(answer()).hang());
    let home = Home::beside(&server);
    let mut studio = asking(&home, &was_asked);
    studio.hang_up();
    studio.end();
    server.release();
    row_until(&home, "done");
    studio.start_again().shows("✓").shows("a fox").quit();
    assert_eq!(server.count(), 1);
}

#[test]
fn a_request_whose_worker_was_killed_is_marked_and_never_sent_again() {
    let (server, was_asked) = telling(Reply::ok(answer()).hang());
    let home = Home::beside(&server);
    let mut studio = asking(&home, &was_asked);
    assert_eq!(home.kill_workers(), 1);
    studio.shows("It is not sent again by itself");
    let row = row_until(&home, "interrupted");
    assert_eq!(row["error"]["charged"], "maybe");
    studio.restart().shows("It is not sent again by itself").quit();
    assert_eq!(server.count(), 1);
}

#[test]
fn a_request_whose_worker_and_face_were_killed_is_marked_at_the_next_start() {
    let (server, was_asked) = telling(Reply::ok(answer()).hang());
    let home = Home::beside(&server);
    let mut studio = asking(&home, &was_asked);
    studio.kill();
    assert_eq!(home.kill_workers(), 1);
    home.generate("another one");
    row_until(&home, "interrupted");
    studio.start_again().shows("interrupted").quit();
    assert_eq!(server.count(), 1);
}

#[test]
fn an_answer_that_came_whole_is_taken_up_at_the_next_start() {
    // The worker has all of it and waits for the end of the line.
    let whole = answer();
    let (server, was_asked) =
        telling(Reply::ok(whole.clone()).open_ended().stall_after(whole.len()));
    let home = Home::beside(&server);
    let mut studio = asking(&home, &was_asked);
    wait_for("the whole answer in the inbox", || {
        let inbox = std::fs::read_dir(home.path().join("inbox")).expect("it is there");
        let mut sizes = inbox.flatten().map(|file| file.metadata().expect("it is there").len());
        sizes.any(|size| size == whole.len() as u64).then_some(())
    });
    studio.kill();
    assert_eq!(home.kill_workers(), 1);
    studio.start_again().shows("✓").quit();
    let row = row_until(&home, "done");
    assert_eq!(row["images"][0]["bytes"], pixel().len());
    assert_eq!(server.count(), 1);
}

#[test]
fn a_request_that_waited_when_everything_was_killed_is_made_at_the_next_start() {
    let (server, was_asked) = telling(Reply::ok(answer()).hang());
    let home = Home::beside(&server);
    home.configure("[queue]\nparallel = 1\n");
    let mut studio = asking(&home, &was_asked);
    studio.keys("<ctrl+w>owl").generate().shows("1 waiting");
    studio.kill();
    assert_eq!(home.kill_workers(), 1);
    server.release();
    studio.start_again().shows("a owl").shows("✓").hides("under way").quit();
    let rows = home.history();
    let status: Vec<_> = rows.iter().map(|row| row["status"].clone()).collect();
    assert_eq!(status, ["done", "interrupted"]);
    assert_eq!(server.count(), 2);
}

#[test]
fn a_picture_behind_a_link_to_this_machine_is_fetched_by_the_next_worker() {
    let (asked, was_asked) = channel();
    let asked = Mutex::new(asked);
    let link = std::sync::Arc::new(Mutex::new(String::new()));
    let told = std::sync::Arc::clone(&link);
    let server = Server::answering(move |request, nth| {
        if request.method == "POST" {
            return Reply::ok(answer_with(&[&told.lock().expect("whole")]));
        }
        asked.lock().expect("whole").send(()).expect("the test waits");
        let picture = Reply::ok(pixel());
        if nth == 1 { picture.hang() } else { picture }
    });
    *link.lock().expect("whole") = server.at("/fox.png").to_string();
    let home = Home::beside(&server);
    let arguments = ["generate", "a fox", "-m", "openai:gpt-image-2", "--json"];
    std::thread::scope(|scope| {
        let ended = scope.spawn(|| home.run(&arguments));
        was_asked.recv_timeout(DEADLINE).expect("the picture is asked for");
        assert_eq!(home.kill_workers(), 1);
        ended.join().expect("no test panics here").done();
    });
    let row = row_until(&home, "done");
    assert_eq!(row["images"][0]["bytes"], pixel().len());
    let posts = server.requests().into_iter().filter(|request| request.method == "POST");
    assert_eq!(posts.count(), 1);
}
