//! The queue without the studio.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use pentimento::store::Store;

use crate::home::{Home, wait_for};
use crate::server::{Reply, Server};

#[test]
fn no_command_sends_what_is_paused_and_each_says_so() {
    let server = Server::start([Reply::ok(crate::recovery::answer())]);
    let home = Home::beside(&server);
    home.run(&["queue", "pause", "openai"]).done().saying("What waits for openai is paused.");
    let refused = home.run(&["generate", "a fox", "-m", "openai:gpt-image-2"]).with_code(2);
    refused.saying("what waits for openai is paused").saying("pentimento queue resume openai");
    home.generate("an owl");

    home.run(&["queue", "resume", "openai"]).done().saying("Nothing is paused.");
    home.run(&["queue", "pause"]).done().saying("The queue is paused");
    home.run(&["generate", "a fox", "-m", "demo:painter"])
        .with_code(2)
        .saying("the queue is paused");
    assert_eq!(home.prompts(), ["an owl"], "what is refused is in no queue");
    assert_eq!(server.count(), 0);
    home.run(&["queue", "resume"]).done().saying("Nothing is paused.");
    home.run(&["generate", "a fox", "-m", "openai:gpt-image-2"]).done();
    assert_eq!(server.count(), 1);
    assert!(home.run(&["queue"]).done().out.is_empty());
    home.run(&["queue", "pause", "openia"])
        .with_code(2)
        .saying("Not paused: no provider is called “openia”. Did you mean openai?");
    home.run(&["queue"]).done().saying("Nothing is paused.");
}

#[test]
fn what_waits_in_a_paused_queue_is_listed_and_left_by_resume() {
    let home = Home::new();
    let mut studio = crate::studio::Studio::open_in(&home, 120, 40);
    studio.shows("Nothing made yet.").keys("<F9>W").shows("The queue is paused").keys("<F9>");
    studio.keys("a fox").shows("a fox").generate().shows("1 waiting").quit();
    assert!(home.run(&["queue"]).done().saying("is paused").out.contains("a fox"));
    home.run(&["resume"]).with_code(3).saying("Not sent: the queue is paused.");
    home.run(&["queue", "resume"]).done();
    home.run(&["resume"]).done();
    assert_eq!(home.history()[0]["status"], "done");
}

#[expect(clippy::disallowed_methods, reason = "the process is what waits")]
fn generating(home: &Home, prompt: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_pentimento"))
        .args(["generate", prompt, "-m", "openai:gpt-image-2"])
        .env_clear()
        .envs(home.environment())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

#[test]
fn a_command_that_waits_says_what_was_paused_since_and_ends_with_what_is_taken_back() {
    let server = Server::start([Reply::ok(crate::recovery::answer()).hang()]);
    let mut home = Home::with_config("[queue]\nparallel = 1\n");
    home = home.with_server(&server).with("OPENAI_API_KEY", "sk-openai");
    let mut first = generating(&home, "a fox");
    wait_for("the request", || (server.count() == 1).then_some(()));
    let mut second = generating(&home, "an owl");
    wait_for("the second one in the queue", || {
        home.history().iter().any(|row| row["status"] == "queued").then_some(())
    });
    home.run(&["queue", "pause"]).done();
    let mut said = BufReader::new(second.stderr.take().expect("it is a pipe")).lines();
    let paused = said.find(|line| line.as_ref().is_ok_and(|line| line.contains("is paused")));
    assert!(paused.is_some(), "it says so");

    let mut store = Store::open(home.path()).expect("there is a history");
    let under_way: Vec<_> =
        store.under_way().expect("it can be read").into_iter().flatten().collect();
    let waits = under_way.iter().find(|it| it.generation.request.prompt == "an owl");
    let id = waits.expect("it waits").generation.id;
    assert!(store.cancel(id, pentimento::engine::now()).expect("it can be written"));
    assert!(!second.wait().expect("it ends").success());
    server.release();
    assert!(first.wait().expect("it ends").success());
    assert_eq!(server.count(), 1, "nothing was sent of the one that was taken back");
}
