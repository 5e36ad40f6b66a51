//! The queue: seen, reordered, paused, and the same after a quit and a crash.

use super::{studio, studio_in};
use crate::home::{Home, wait_for};
use crate::server::{Received, Reply, Server};
use crate::studio::Studio;

fn picture() -> Reply {
    Reply::ok(crate::recovery::answer())
}

/// A studio that draws one thing after the other, with a first one under way and these
/// waiting.
fn waiting(home: &Home, prompts: &[&str]) -> Studio {
    home.configure("[queue]\nparallel = 1\n");
    let mut studio = studio_in(home);
    studio.keys("<shift+tab><ctrl+u>openai:gpt-image-2<F2>first").shows("first").generate();
    studio.shows("drawing");
    for (nth, prompt) in prompts.iter().enumerate() {
        studio.keys("<ctrl+u>").keys(prompt).generate();
        studio.shows(&format!("{} waiting", nth + 1));
    }
    studio
}

/// The prompts of what waits in the open queue, in its order.
fn in_queue(screen: &str) -> Vec<String> {
    let rows = screen.lines().filter(|row| row.contains("┃ … "));
    let prompt = |row: &str| row.split("┃ … ").nth(1)?.split_whitespace().next().map(str::to_owned);
    rows.filter_map(prompt).collect()
}

/// The prompts that were sent, in their order.
fn sent(server: &Server) -> Vec<String> {
    let prompt = |it: &Received| it.json()["prompt"].as_str().unwrap_or_default().to_owned();
    server.requests().iter().map(prompt).collect()
}

#[test]
fn waiting_jobs_are_reordered_and_sent_in_that_order() {
    let server = Server::start([picture().hang()]);
    let mut studio = waiting(&Home::beside(&server), &["second", "third", "fourth"]);
    studio.keys("<F9>").shows("Queue · 1 under way · 3 waiting").shows("A next");
    studio
        .keys("GA")
        .until("the order", |screen| in_queue(screen) == ["fourth", "second", "third"]);
    studio.keys("J").until("the order", |screen| in_queue(screen) == ["second", "fourth", "third"]);
    server.release();
    studio
        .keys("<F9>")
        .hides("under way")
        .until("all are done", |screen| screen.matches('✓').count() == 4);
    assert_eq!(sent(&server), ["first", "second", "fourth", "third"]);
    assert_eq!(server.most_at_once(), 1);
    studio.quit();
}

#[test]
fn a_paused_queue_sends_nothing_until_it_is_resumed_in_any_later_process() {
    let server = Server::start([picture().hang()]);
    let home = Home::beside(&server);
    let mut studio = waiting(&home, &["second", "third"]);
    studio.keys("<F9>GA").until("the order", |screen| in_queue(screen) == ["third", "second"]);
    studio.keys("W").shows("The queue is paused").keys("<F9>").shows("paused");
    // What was sent goes on, and nothing more is sent.
    server.release();
    studio.until("the first is done", |screen| screen.contains('✓')).shows("‖ 2 waiting · paused");
    studio.restart().shows("‖ 2 waiting · paused");
    // Nor by one that comes after a crash.
    studio.kill();
    wait_for("the workers to leave", || (home.kill_workers() == 0).then_some(()));
    studio.start_again().shows("‖ 2 waiting · paused").shows("The queue is paused");
    assert_eq!(sent(&server), ["first"]);
    studio.keys("<F9>W").shows("The queue goes on.").keys("<F9>");
    studio.until("all are done", |screen| screen.matches('✓').count() == 3);
    assert_eq!(sent(&server), ["first", "third", "second"], "once each, in the order that was set");
    studio.quit();
}

#[test]
fn a_worker_whose_studio_is_gone_leaves_what_is_paused_to_the_next_one() {
    let server = Server::start([picture().hang()]);
    let home = Home::beside(&server);
    let mut studio = waiting(&home, &["second"]);
    studio.keys("<F9>W").shows("The queue is paused").keys("<F9>").quit();
    server.release();
    wait_for("the worker to leave", || home.workers().is_empty().then_some(()));
    assert_eq!(sent(&server), ["first"]);
    studio.start_again().shows("‖ 1 waiting · paused").keys("<F9>W").keys("<F9>");
    studio.until("both are done", |screen| screen.matches('✓').count() == 2);
    assert_eq!(sent(&server), ["first", "second"]);
    studio.quit();
}

#[test]
fn one_provider_is_paused_and_the_others_go_on() {
    let server = Server::start([picture()]);
    let home = Home::beside(&server);
    let mut studio = studio_in(&home);
    studio.keys("<F9>W").shows("The queue is paused").keys("<F9>");
    studio.keys("<shift+tab><ctrl+u>demo:painter<F2>painted<tab>64x64<F2>").shows("64x64");
    studio
        .generate()
        .shows("1 waiting")
        .keys("<shift+tab><ctrl+u>openai:gpt-image-2<F2><ctrl+u>sent")
        .shows("sent")
        .generate();
    studio.shows("2 waiting").keys("<F9>w").keys("W").shows("Nothing more is sent to openai");
    studio.keys("<F9>").shows("1 picture in").shows("‖ 1 waiting · openai paused");
    assert_eq!(server.count(), 0);
    studio.keys("<F3>w").until("both are done", |screen| screen.matches('✓').count() == 2);
    assert_eq!(sent(&server), ["sent"]);
    studio.quit();
}

#[test]
fn the_queue_of_another_studio_is_seen_cancelled_and_paused() {
    let server = Server::start([picture().hang()]);
    let home = Home::beside(&server);
    let mut one = waiting(&home, &["second", "third"]);
    let mut other = Studio::open_in(&home, 120, 40);
    other.shows("History · 3").keys("<F9>").shows("first").shows("drawing").shows("third");
    other.until("the order", |screen| in_queue(screen) == ["second", "third"]).keys("Gx");
    other.until("the order", |screen| in_queue(screen) == ["second"]);
    one.shows("cancelled before it was sent");
    other.keys("W").shows("The queue is paused");
    one.shows("· paused");
    server.release();
    one.until("the first is done", |screen| screen.contains('✓'));
    other.keys("W").shows("The queue goes on.").keys("<F9>");
    for studio in [&mut one, &mut other] {
        studio.until("both are done", |screen| screen.matches('✓').count() == 2);
        studio.hides("under way").quit();
    }
    assert_eq!(sent(&server), ["first", "second"]);
}

#[test]
fn what_failed_is_sent_again_from_the_queue_and_enter_goes_to_it() {
    let server = Server::start([Reply::new(402, "no credit"), picture()]);
    let home = Home::beside(&server);
    let mut studio = studio_in(&home);
    studio.keys("<shift+tab><ctrl+u>openai:gpt-image-2<F2>a fox").shows("a fox").generate();
    studio.shows("no credit").keys("<F9>").shows("Queue").shows("failed");
    studio.press_until("R", "nothing waits.").keys("<F9>").shows("✓");
    assert_eq!(server.count(), 2);
    studio.quit();
}

#[test]
fn the_help_and_the_footer_name_the_queue() {
    let mut studio = studio();
    studio
        .keys("<F3>?")
        .shows("Next generation")
        .keys(&"j".repeat(50))
        .shows("The queue: every job under way or waiting");
    studio.keys("<F9>").shows("Nothing is under way, and nothing waits.");
    studio.keys("<F9>").hides("and nothing waits").quit();
}

#[test]
fn a_provider_has_a_limit_of_its_own_for_all_programs_together() {
    let server = Server::start([picture().hang()]);
    let home = Home::beside(&server).with("TOGETHER_API_KEY", "sk-together");
    home.configure("[queue]\nparallel = 3\n[providers.openai]\nparallel = 1\n");
    let generate = |model: &'static str, prompt: String| {
        let home = &home;
        move || home.run(&["generate", &prompt, "-m", model]).done()
    };
    std::thread::scope(|scope| {
        for nth in 0..4 {
            scope.spawn(generate("openai:gpt-image-2", format!("openai {nth}")));
        }
        for nth in 0..2 {
            scope.spawn(generate("together:x", format!("together {nth}")));
        }
        wait_for("all that may be sent", || (server.count() == 3).then_some(()));
        let store = pentimento::store::Store::open(home.path()).expect("it can be opened");
        wait_for("all of it in the queue", || {
            (store.line(9).expect("it can be read").0.len() == 6).then_some(())
        });
        assert_eq!(server.count(), 3, "one to openai, two to together");
        server.release();
    });
    let by = |name: &str| sent(&server).iter().filter(|it| it.starts_with(name)).count();
    assert_eq!((by("openai"), by("together")), (4, 2), "each once");
    assert_eq!(server.most_at_once(), 3);
}
