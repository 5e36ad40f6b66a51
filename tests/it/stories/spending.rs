//! What pictures cost, from the key to the screen.

use super::studio_in;
use crate::home::{Home, wait_for};
use crate::recovery::answer;
use crate::server::{Reply, Server};

const MODEL: &str = "openai:gpt-image-2";

/// A home beside this server, with a model for 10 cents a picture and this budget.
fn home(server: &Server, budget: &str) -> Home {
    let home = Home::beside(server);
    configure(&home, budget);
    home
}

fn configure(home: &Home, budget: &str) {
    home.configure(&format!(
        "[studio]\nmodel = \"{MODEL}\"\n[models.\"{MODEL}\"]\nprice = 0.10\n[budget]\n{budget}\n"
    ));
}

#[test]
fn the_price_stands_in_the_form_and_what_was_spent_on_top_even_after_a_restart() {
    let server = Server::start([Reply::ok(answer())]);
    let mut studio = studio_in(&home(&server, "per_day = 5"));
    studio.keys("a fox").shows("Form · about $0.10").generate();
    studio.shows("~$0.10 now · ~$0.10 of $5.00 today · ~$0.10 this month");
    studio.shows("1 picture in").shows("about $0.10 · 2");
    studio.restart().shows("$0 now · ~$0.10 of $5.00 today");
    studio.quit();
}

#[test]
fn a_batch_above_the_limit_is_asked_about_and_sent_only_by_a_second_press() {
    let server = Server::start([Reply::ok(answer())]);
    let mut studio = studio_in(&home(&server, "ask_above = 0.15"));
    studio.keys("two foxes<tab><tab>2").shows("Form · about $0.20");
    studio.press_until("<F5>", "It costs about $0.20; you are asked above $0.15.");
    studio.keys("<esc>").shows("Not sent.").hides("Send it?");
    assert_eq!((server.count(), studio.home.history().len()), (0, 0));
    studio.press_until("<F5>", "Send it?").press_until_sent("<F5>");
    studio.shows("1 picture in");
    assert_eq!(server.count(), 1);
    studio.quit();
}

#[test]
fn a_budget_that_is_lowered_stops_what_would_have_been_sent_again_by_itself() {
    let overload = Reply::new(503, r#"{"error": "overloaded"}"#).header("retry-after", "0");
    let server = Server::start([overload.hang(), Reply::ok(answer())]);
    let settings = |limit| format!("per_day = {limit}\nask_at = 100\n[queue]\nretry_on_503 = true");
    let home = home(&server, &settings("5"));
    let mut studio = studio_in(&home);
    studio.keys("a fox").generate();
    wait_for("the request", || (server.count() == 1).then_some(()));
    configure(&home, &settings("0.25"));
    studio.shows("read again").keys(", and an owl").generate();
    // What came behind the news is done, so the worker has it.
    studio.shows("1 picture in");
    server.release();
    studio.shows("overloaded");
    studio.quit();
    let hint = home.history()[1]["error"]["hint"].as_str().expect("one failed").to_owned();
    assert!(hint.contains("Not sent again by itself: [budget] has no room."), "{hint}");
    let states: Vec<_> = home.history().iter().map(|row| row["status"].clone()).collect();
    assert_eq!((server.count(), states), (2, vec!["done".into(), "failed".into()]));
}

#[test]
fn a_batch_over_the_budget_is_refused_with_what_to_change() {
    let server = Server::start([Reply::ok(answer())]);
    let mut studio = studio_in(&home(&server, "per_day = 0.15\nask_at = 100"));
    studio.keys("a fox").generate().shows("1 picture in");
    studio.press_until("<F5>", "Not sent: over budget.");
    studio.shows("after about $0.10 today");
    assert_eq!((server.count(), studio.home.history().len()), (1, 1));
    studio.quit();
}
