//! The queue without the studio.

use crate::home::Home;
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
