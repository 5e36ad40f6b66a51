//! Promise 5: what is free is tried again, what is paid for is asked about.

mod table;

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use pentimento::domain::{Charged, Failure, FailureKind, Generation, Job, Request, Retry};
use pentimento::engine;
use pentimento::store::{Outcome, Store};
use url::Url;

use super::{enter, figures, times};
use crate::home::{Home, wait_for};
use crate::recovery::{answer, answer_with, pixel};
use crate::server::{Received, Reply, Server};
use crate::studio::Studio;
use crate::unlimited::Unlimited as _;

const MODEL: &str = "openai:gpt-image-2";

/// Puts requests into the queue of a home, named by their prompts.
fn enqueue(home: &Home, prompts: &[String]) -> Vec<Generation> {
    let request = |prompt: &String| {
        let request = Request::new(prompt.as_str(), MODEL.parse().expect("a model"));
        Generation::queued(engine::new_id(), request, engine::now())
    };
    let generations: Vec<_> = prompts.iter().map(request).collect();
    store(home).enqueue(&generations).expect("the history can be written");
    generations
}

fn store(home: &Home) -> Store {
    Store::open(home.path()).expect("the history can be opened")
}

/// The attempts that sent something, by the journal.
fn sent(home: &Home, generations: &[Generation]) -> usize {
    let store = store(home);
    let attempts = |row: &Generation| store.attempts(row.id).expect("they can be read");
    let attempts = generations.iter().flat_map(attempts);
    attempts.filter(|attempt| attempt.connected.is_some()).count()
}

/// How often this prompt was posted before.
#[derive(Default)]
struct Tally(Mutex<BTreeMap<String, usize>>);

impl Tally {
    fn count(&self, what: &str) -> usize {
        let mut counts = self.0.lock().expect("whole");
        let count = counts.entry(what.to_owned()).or_default();
        *count += 1;
        *count - 1
    }
}

fn prompt(request: &Received) -> String {
    request.json()["prompt"].as_str().expect("a prompt").to_owned()
}

fn posts(server: &Server) -> usize {
    server.requests().iter().filter(|request| request.method == "POST").count()
}

#[test]
fn every_picture_is_stored_although_three_of_ten_fetches_are_reset() {
    const EACH: usize = 4;
    let wanted = times(40, 500);
    let (tally, here) = (Arc::new(Tally::default()), Arc::new(OnceLock::<Url>::new()));
    let (own, tried) = (Arc::clone(&here), Arc::clone(&tally));
    let server = Server::answering(move |request: &Received, _| {
        if request.method == "POST" {
            let prompt = prompt(request);
            let here = own.get().expect("told before");
            let link = |n| here.join(&format!("/{prompt}/{n}")).expect("a path").to_string();
            let links: Vec<_> = (0..EACH).map(link).collect();
            return Reply::ok(answer_with(&links.iter().map(String::as_str).collect::<Vec<_>>()));
        }
        let nth = tried.count(&request.path);
        if is_reset(&request.path, nth) { Reply::reset() } else { Reply::ok(pixel()) }
    });
    here.set(server.url()).expect("told once");
    let home = Home::beside(&server);
    home.configure("[queue]\nparallel = 64\n");
    let prompts: Vec<_> = (0..wanted / EACH).map(|n| n.to_string()).collect();
    let generations = enqueue(&home, &prompts);
    let stored = || -> usize {
        let store = store(&home);
        let row = |row: &Generation| store.get(row.id).expect("readable").expect("there");
        generations.iter().map(|generation| row(generation).images.len()).sum()
    };
    let mut rounds = 0;
    while stored() < wanted {
        rounds += 1;
        assert!(rounds < 10, "{} of {wanted} are stored", stored());
        let mut command = home.command(&["resume"]);
        command.timeout(Duration::from_mins(5)).output().expect("it can be started");
    }
    let fetches = server.count() - posts(&server);
    assert_eq!(posts(&server), generations.len());
    enter("fetches", sent(&home, &generations), posts(&server));
    figures(
        5,
        &format!(
            "{wanted} pictures, {fetches} fetches, {} of them reset: {} stored",
            fetches - wanted,
            stored()
        ),
    );
}

/// Three of ten; in the short form never the same one twice, which would take seconds.
fn is_reset(path: &str, nth: usize) -> bool {
    let mut hash = DefaultHasher::new();
    (path, nth).hash(&mut hash);
    let unlucky = hash.finish() % 10 < if cfg!(feature = "faults") { 3 } else { 4 };
    unlucky && (nth == 0 || cfg!(feature = "faults"))
}

#[test]
fn a_picture_whose_link_seemed_dead_is_looked_for_at_the_next_start() {
    let (here, tally) = (Arc::new(OnceLock::<Url>::new()), Tally::default());
    let own = Arc::clone(&here);
    let server = Server::answering(move |request: &Received, _| match request.method.as_str() {
        "POST" => {
            let link = own.get().expect("told before").join("/late.png").expect("a path");
            Reply::ok(answer_with(&[link.as_str()]))
        }
        _ if tally.count("late") == 0 => Reply::new(404, ""),
        _ => Reply::ok(pixel()),
    });
    here.set(server.url()).expect("told once");
    let home = Home::beside(&server);
    home.run(&["generate", "a fox", "-m", MODEL]).with_code(1).saying("no picture at its link");
    Studio::open_in(&home, 120, 40).shows("✓").quit();
    let row = home.history().remove(0);
    assert_eq!((&row["status"], &row["error"]), (&"done".into(), &serde_json::Value::Null));
    assert_eq!((posts(&server), server.count()), (1, 3));
}

/// A studio whose next requests go to the server, with `prompt` asked for.
fn asking(home: &Home, prompt: &str) -> Studio {
    let mut studio = Studio::open_in(home, 120, 40);
    studio.shows("Nothing made yet.");
    studio.keys(&format!("<shift+tab><ctrl+u>{MODEL}<F2>{prompt}")).generate();
    studio
}

#[test]
fn a_limit_holds_every_job_of_its_provider_and_is_counted_down() {
    let server = Server::start([Reply::new(429, "slow").header("retry-after", "300")]);
    let home = Home::beside(&server);
    home.configure("[queue]\nparallel = 1\n");
    let mut studio = asking(&home, "a fox");
    studio.shows("openai asks to wait, 300 s").shows("openai asks to wait, 299 s");
    studio.keys("<ctrl+w>owl").generate().shows("2 waiting");
    studio.until("both count", |screen| screen.matches("openai asks to wait").count() >= 3);
    assert_eq!(server.count(), 1);
    studio.keys("<F3>").press_until("x", "cancelled before it was sent");
    studio.keys("j").press_until("x", "cancelled before it was sent").hides("waiting");
    studio.quit();
    assert_eq!(server.count(), 1);
    let status: Vec<_> = home.history().iter().map(|row| row["status"].clone()).collect();
    assert_eq!(status, ["cancelled", "cancelled"]);
}

#[test]
fn a_service_that_is_not_there_is_tried_again_and_costs_nothing() {
    let server = Server::start([Reply::ok(answer())]);
    let home = Home::beside(&server);
    drop(server);
    let mut studio = asking(&home, "a fox");
    studio.shows("trying again in").shows("could not be reached");
    if cfg!(feature = "faults") {
        // After 1, 2, 4, 8 and 8 seconds, a quarter more or less.
        let store = store(&home);
        let id = store.under_way().expect("readable").remove(0).expect("readable").generation.id;
        wait_for("the fourth try", || (store.attempts(id).ok()?.len() > 3).then_some(()));
        studio.shows("✗");
        let error = &home.history()[0]["error"];
        assert_eq!(error["charged"], "no");
        let hint = error["hint"].as_str().expect("a hint");
        assert!(hint.ends_with("It was tried 6 times. It can be sent again."), "{hint}");
    } else {
        studio.keys("<F3>").press_until("x", "cancelled before it was sent");
    }
    studio.quit();
}

#[test]
fn what_nobody_knows_is_shown_with_price_time_and_name_and_is_sent_again_or_given_up() {
    let lost = Reply::new(502, "bad gateway").header("lb-request-id", "req-7");
    let server = Server::start([lost.clone(), lost, Reply::ok(answer())]);
    let home = Home::beside(&server);
    let mut studio = asking(&home, "a fox");
    studio.shows("outcome is unknown").shows("may have been charged").shows("price: ");
    studio.shows(" · sent: 20").shows("request id: req-7").shows("R send again · X give up");
    studio.keys("<F3>").shows(" R send again  X give up  Enter");
    studio.keys("X").shows("It was given up").hides("X give up");
    assert_eq!(home.history()[0]["status"], "failed");

    // It can be taken up again all the same.
    studio.press_until("R", "outcome is unknown");
    let id = home.history()[0]["id"].as_str().expect("an id").to_owned();
    let shown = home.run(&["show", &id]).done().out;
    for words in ["price: ", "sent: 20", "request id: req-7", "--send-again", "--give-up"] {
        assert!(shown.contains(words), "“{words}” is not in {shown}");
    }
    assert!(home.run(&["resume"]).with_code(3).out.contains("--send-again"));
    assert_eq!(server.count(), 2);
    home.run(&["resume", "--send-again", &id]).done();
    studio.restart().shows("✓").quit();
    let names: Vec<_> = server.requests();
    let names: Vec<_> = names.iter().map(|request| request.header("idempotency-key")).collect();
    assert_eq!(names, [Some(id.as_str()); 3]);
    home.run(&["resume", "--give-up", &id]).with_code(2).saying("cannot be given up");
}

#[test]
fn an_answer_that_comes_after_it_was_given_up_is_kept() {
    let server = Server::start([Reply::ok(answer()).hang()]);
    let home = Home::beside(&server);
    let mut studio = asking(&home, "a fox");
    wait_for("the request", || (server.count() == 1).then_some(()));
    // Another machine that shares the directory takes its worker for gone.
    let mut store = store(&home);
    let id = store.under_way().expect("readable").remove(0).expect("readable").generation.id;
    let failure = Failure::before_sending(FailureKind::OutcomeUnknown, "Nobody knows.", "");
    let failure = failure.charged(Charged::Maybe).retry(Retry::Ask);
    let job = Job::Interrupted { failure };
    let outcome = Outcome { job, usage: None, cost: None, words: None };
    assert!(store.finish(id, 1, &outcome, engine::now()).expect("writable"));
    studio.shows("Nobody knows.").keys("<F3>X").shows("It was given up");
    server.release();
    studio.shows("✓").quit();
    assert_eq!(home.history()[0]["status"], "done");
    assert_eq!(server.count(), 1);
}
