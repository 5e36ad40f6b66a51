//! Several jobs at once, and taking one back.

use super::{draw, studio_in};
use crate::home::Home;
use crate::server::{Reply, Server};

/// An answer with one picture.
fn picture() -> Reply {
    Reply::ok(crate::recovery::answer())
}

#[test]
fn several_jobs_run_at_once_and_the_studio_goes_on() {
    let server = Server::start([picture().hang()]);
    let home = Home::beside(&server);
    let mut studio = studio_in(&home);
    studio.keys("<shift+tab><ctrl+u>openai:gpt-image-2<F2>a fox").generate();
    studio.generate().generate().shows("3 under way");
    studio.keys(" in the snow").shows("a fox in the snow");
    server.release();
    studio.hides("under way").until("all are done", |screen| screen.matches('✓').count() == 3);
    assert_eq!(server.count(), 3);
    studio.quit();
}

#[test]
fn a_job_that_waits_is_taken_back_for_nothing() {
    let server = Server::start([picture().hang()]);
    let home = Home::beside(&server);
    home.configure("[queue]\nparallel = 1\n");
    let mut studio = studio_in(&home);
    studio.keys("<shift+tab><ctrl+u>openai:gpt-image-2<F2>the first").generate();
    studio.shows("drawing");
    studio.keys("<ctrl+w>second").generate().shows("1 under way, 1 waiting");
    studio.keys("<F3>x").shows("cancelled before it was sent");
    server.release();
    studio.hides("under way").until("the first is done", |screen| screen.contains('✓'));
    let status: Vec<_> = home.history().iter().map(|row| row["status"].clone()).collect();
    assert_eq!(status, ["cancelled", "done"]);
    assert_eq!(server.count(), 1);
    studio.quit();
}

#[test]
fn a_job_that_was_sent_is_not_taken_back_and_says_why() {
    let server = Server::start([picture().hang()]);
    let home = Home::beside(&server);
    let mut studio = studio_in(&home);
    studio.keys("<shift+tab><ctrl+u>openai:gpt-image-2<F2>a fox").generate();
    studio.shows("drawing").keys("<F3>x").shows("already sent and may be charged");
    server.release();
    studio.until("it is done", |screen| screen.contains('✓'));
    studio.quit();
}

#[test]
fn a_finished_job_cannot_be_taken_back() {
    let mut studio = studio_in(&Home::new());
    draw(&mut studio, "a fox").keys("<F3>x").shows("It has already ended.");
    studio.quit();
}
