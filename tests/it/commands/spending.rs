//! Prices, `cost` and the budget on the command line.

use std::thread;

use serde_json::json;

use crate::home::{Ended, Home};
use crate::recovery::answer;
use crate::server::{Reply, Server};
use crate::studio::Studio;

/// The model whose price the test says.
const MODEL: &str = "openai:gpt-image-2";

/// A home beside this server, with a model for 10 cents a picture and this budget.
fn home(server: &Server, budget: &str) -> Home {
    let home = Home::beside(server);
    home.configure(&format!(
        "[models.\"{MODEL}\"]\nprice = 0.10\n[models.\"openai:odd\"]\n[budget]\n{budget}\n"
    ));
    home
}

fn ask(home: &Home, more: &[&str]) -> Ended {
    home.run(&[&["generate", "a fox", "-m", MODEL, "--json"], more].concat())
}

/// An answer that says what it cost.
fn costing(usd: f64) -> Reply {
    let mut body: serde_json::Value = serde_json::from_str(&answer()).expect("it is JSON");
    body["usage"]["cost"] = json!(usd);
    Reply::ok(body.to_string())
}

#[test]
fn a_dry_run_says_the_price_of_the_whole_batch_or_that_it_is_unknown() {
    let home = Home::new();
    let estimate = |model: &str| {
        let dry = ["generate", "a fox", "--dry-run", "-n", "3", "-m", model];
        home.run(&dry).done().json().remove(0)["estimate_usd"].clone()
    };
    assert_eq!(estimate("google:gemini-3-pro-image"), json!(0.402));
    assert_eq!(estimate("demo:painter"), json!(0.0));
    assert_eq!(estimate("acme:brush"), json!(null));
}

#[test]
fn what_the_answer_says_settles_the_estimate_and_what_is_unknown_stays_so() {
    let server = Server::start([costing(0.0312), Reply::ok(answer())]);
    let home = home(&server, "");
    let settled = ask(&home, &[]).done().json().remove(0);
    assert_eq!((&settled["estimate_usd"], &settled["cost_usd"]), (&json!(0.1), &json!(0.0312)));
    let open = ask(&home, &["-n", "2"]).done().json().remove(0);
    assert_eq!((&open["estimate_usd"], &open["cost_usd"]), (&json!(0.2), &json!(null)));
    home.run(&["generate", "a fox", "-m", "openai:odd"]).done();

    let out = home.run(&["cost"]).done().out;
    let line = "about $0.2312 and 1 of unknown price";
    assert_eq!(out, format!("today       {line}\nthis month  {line}\nin all      {line}\n"));
    let by_model = home.run(&["cost", "--by", "model"]).done().out;
    assert_eq!(by_model, format!("{MODEL}  about $0.2312\nopenai:odd          price unknown\n"));
    let days = home.run(&["cost", "--by", "day", "--json"]).done().json();
    let [day] = &days[..] else { panic!("{days:?}") };
    assert_eq!((&day["settled_usd"], &day["estimated_usd"]), (&json!(0.0312), &json!(0.2)));
    assert_eq!((&day["cost_usd"], &day["unknown"]), (&json!(0.2312), &json!(1)));
    home.run(&["cost", "--by", "week"]).with_code(2);
}

#[test]
fn what_asks_is_refused_in_a_script_unless_it_says_yes() {
    let server = Server::start([Reply::ok(answer())]);
    let home = home(&server, "ask_above = 0.15");
    ask(&home, &[]).done();
    let refused = ask(&home, &["-n", "2"]).with_code(2);
    refused.saying("It costs about $0.20; you are asked above $0.15.").saying("With --yes");
    home.run(&["generate", "a fox", "-m", "openai:odd"])
        .with_code(2)
        .saying("Its price is not known, and there is a budget.");
    assert_eq!((server.count(), home.history().len()), (1, 1), "nothing was sent or kept");
    ask(&home, &["-n", "2", "--yes"]).done();
    assert_eq!(server.count(), 2);
}

#[test]
fn a_limit_refuses_whatever_is_said_and_names_what_to_change() {
    let server = Server::start([Reply::ok(answer())]);
    let home = home(&server, "per_month = 0.25\nask_at = 100");
    ask(&home, &["-n", "2"]).done();
    ask(&home, &["--yes"])
        .with_code(2)
        .saying("over budget")
        .saying("It costs about $0.10 after about $0.20 this month; the limit of $0.25 a month")
        .saying("raise per_month in [budget] of config.toml, or wait until next month");
    home.run(&["generate", "a fox", "-m", "demo:painter", "--size", "64x64"]).done();
    assert_eq!(server.count(), 1);
}

#[test]
fn a_refusal_that_cost_nothing_gives_its_money_back() {
    let refusal = Reply::new(401, r#"{"error":{"message":"bad key"}}"#);
    let server = Server::start([refusal, Reply::ok(answer())]);
    let home = home(&server, "per_day = 0.10\nask_at = 100");
    ask(&home, &[]).with_code(1);
    assert!(home.run(&["cost"]).done().out.starts_with("today       free\n"));
    ask(&home, &[]).done();
    ask(&home, &[]).with_code(2).saying("over budget");
}

#[test]
fn what_is_sent_again_is_paid_for_again_and_asked_about_like_the_first() {
    let server = Server::start([Reply::close(), Reply::ok(answer())]);
    let home = home(&server, "per_day = 0.20\nask_above = 0.05");
    ask(&home, &["--yes"]).with_code(1);
    let id = home.history()[0]["id"].as_str().expect("an id").to_owned();
    assert!(home.run(&["cost"]).done().out.starts_with("today       about $0.10\n"));
    home.run(&["resume", "--send-again", &id]).with_code(2).saying("With --yes");
    home.run(&["resume", "--send-again", &id, "--yes"]).done();
    assert!(home.run(&["cost"]).done().out.starts_with("today       about $0.20\n"));
    ask(&home, &["--yes"]).with_code(2).saying("over budget");
}

#[test]
fn many_processes_at_once_stay_within_the_budget_together() {
    let server = Server::start([Reply::ok(answer())]);
    let home = home(&server, "per_day = 0.30\nask_at = 100");
    let ended: Vec<Option<i32>> = thread::scope(|scope| {
        let all: Vec<_> = (0..8).map(|_| scope.spawn(|| ask(&home, &[]).code)).collect();
        all.into_iter().map(|one| one.join().expect("it ends")).collect()
    });
    let count = |code| ended.iter().filter(|ended| **ended == Some(code)).count();
    assert_eq!((count(0), count(2), server.count()), (3, 5, 3), "{ended:?}");
    assert!(home.run(&["cost"]).done().out.starts_with("today       about $0.30\n"));
}

#[test]
fn on_a_terminal_it_asks_and_takes_nothing_but_yes() {
    let server = Server::start([Reply::ok(answer())]);
    let home = home(&server, "ask_above = 0.05");
    for (typed, sent) in [("no\r", 0), ("\r", 0), ("yes\r", 1)] {
        let generate = ["generate", "a fox", "-m", MODEL];
        let mut terminal = Studio::start(&home, &generate, 100, 30);
        terminal.shows("It costs about $0.10; you are asked above $0.05. Send it? Type yes:");
        terminal.send(typed.as_bytes());
        assert_eq!(terminal.end().success(), sent == 1, "{typed:?}");
        assert_eq!(server.count(), sent, "{typed:?}");
    }
}
