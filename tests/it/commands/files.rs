//! `pentimento batch`: a file with a request on each line, run as often as it takes.

use std::fs;

use serde_json::{Value, json};

use crate::batch_file::{FILE, MODEL, batch, counts, home, sent, write};
use crate::home::{Ended, Home};
use crate::recovery::answer;
use crate::server::{Reply, Server};

#[test]
fn every_line_is_sent_once_however_often_the_file_is_run() {
    let server = Server::start([Reply::ok(answer())]);
    let home = home(&server, &["a fox", "", "# owls", "  an owl\r", r"\# 1 hare"]);
    let first = batch(&home, &[]).done().saying("3 requests: 3 to send");
    assert_eq!(first.out.lines().count(), 3);
    let once = counts(&[("a fox", 1), ("an owl", 1), ("# 1 hare", 1)]);
    assert_eq!(sent(&server), once);

    let second = batch(&home, &[]).done().saying("none to send, 3 sent before");
    let sorted = |ended: &Ended| {
        let mut lines: Vec<String> = ended.out.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&first), sorted(&second), "the pictures are all named again");
    assert_eq!(sent(&server), once);

    // Lines come, go and change places: what was sent is known by what it asks for.
    write(&home, &["a hare", "an owl", "a fox"]);
    batch(&home, &[]).done().saying("1 to send (price unknown), 2 sent before");
    assert_eq!(sent(&server).values().sum::<usize>(), 4);
    let batches: Vec<Value> = home.history().iter().map(|row| row["batch"].clone()).collect();
    assert!(batches[0].is_string() && batches.iter().all(|other| *other == batches[0]));
}

#[test]
fn lines_that_are_alike_are_sent_once_each_and_all_once_more_when_that_is_wanted() {
    let server = Server::start([Reply::ok(answer())]);
    let home = home(&server, &["a fox", "a fox"]);
    for expected in [2, 2] {
        batch(&home, &[]).done();
        assert_eq!(sent(&server), counts(&[("a fox", expected)]));
    }
    batch(&home, &["--again"]).done().saying("2 to send");
    batch(&home, &[]).done().saying("none to send, 2 sent before");
    assert_eq!(sent(&server), counts(&[("a fox", 4)]));
    // A round that is under way is the one that goes on.
    write(&home, &["a fox", "a fox", "a fox"]);
    batch(&home, &[]).done().saying("1 to send");
    // Another file is another matter.
    fs::write(home.path().join("other.txt"), "a fox").expect("there is room");
    home.run(&["batch", "other.txt"]).done();
    home.run(&["batch", "./other.txt"]).done().saying("none to send");
    assert_eq!(sent(&server), counts(&[("a fox", 6)]));
}

#[test]
fn every_wrong_line_is_named_before_anything_is_sent() {
    let server = Server::start([Reply::ok(answer())]);
    let home = home(&server, &[]);
    let lines: [&[u8]; 9] = [
        b"a fox",
        b"{\"prompt\": \"a fox\", \"widht\": 64}",
        b"{\"prompt\": \"a fox\"",
        b"a \xFF fox",
        b"a {red|blue fox",
        b"{\"prompt\": \"a fox\", \"model\": \"fox\"}",
        b"{\"prompt\": \" \"}",
        b"{\"prompt\": \"a fox\", \"image\": \"nowhere.png\"}",
        b"{\"prompt\": \"a fox\", \"size\": \"64\"}",
    ];
    fs::write(home.path().join(FILE), lines.join(&b'\n')).expect("there is room");
    let ended = batch(&home, &[]).with_code(2).saying("8 lines of prompts.txt are wrong.");
    for (line, words) in [
        (2, "unknown field `widht`"),
        (3, "EOF"),
        (4, "not UTF-8"),
        (5, "the prompt"),
        (6, "provider:name"),
        (7, "the prompt is empty"),
        (8, "nowhere.png"),
        (9, "is not a size"),
    ] {
        let begin = format!("prompts.txt:{line}: ");
        let said = ended.err.lines().find(|said| said.contains(&begin)).unwrap_or_default();
        assert!(said.contains(words), "{words}: {}", ended.err);
    }
    assert!(!ended.err.contains("prompts.txt:1:") && !ended.err.contains("at line 1"));
    assert_eq!((server.count(), home.history().len()), (0, 0));

    home.run(&["batch", "nowhere.txt"]).with_code(2).saying("nowhere.txt cannot be read");
    write(&home, &["# nothing but a remark"]);
    batch(&home, &[]).with_code(2).saying("there is no prompt in prompts.txt");
    for (flag, value) in [("--budget", "much"), ("--size", "large"), ("-m", "fox")] {
        batch(&home, &[flag, value]).with_code(2).saying("Not sent: ");
    }
}

#[test]
fn a_line_can_be_a_request_as_this_program_prints_it() {
    let home = Home::new();
    fs::write(home.path().join("fox.png"), crate::recovery::pixel()).expect("there is room");
    let full = [
        "generate",
        "a {red|blue} fox",
        "-m",
        "demo:x",
        "--size",
        "64x48",
        "-n",
        "2",
        "--steps",
        "3",
        "--image",
        "fox.png",
        "--negative",
        "people",
        "--set",
        "seed=7",
        "--dry-run",
    ];
    let planned = home.run(&full).done();
    let requests = |ended: &Ended| -> Vec<Value> {
        ended.json().iter().map(|line| line["request"].clone()).collect()
    };
    let mut again = home.command(&["batch", "-", "--dry-run"]);
    again.write_stdin(planned.out.clone());
    let again = String::from_utf8(again.output().expect("it runs").stdout).expect("text");
    let again: Vec<Value> =
        again.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let read: Vec<Value> = again.iter().map(|line| line["request"].clone()).collect();
    assert_eq!(read, requests(&planned));
    assert_eq!(again[1]["line"], 2);

    // The prompt of a request stands for itself, one that is written for many.
    write(&home, &[r#"{"prompt": "a {red|blue} owl"}"#, "a {red|blue} hare"]);
    let lines = batch(&home, &["--dry-run", "--size", "8x8"]).done().json();
    let prompts: Vec<&Value> = lines.iter().map(|line| &line["request"]["prompt"]).collect();
    assert_eq!(prompts, ["a {red|blue} owl", "a red hare", "a blue hare"]);
    assert!(lines.iter().all(|line| line["request"]["width"] == 8 && line["status"] == "new"));
    assert!(home.history().is_empty());
}

#[test]
fn a_budget_is_kept_over_all_runs_of_a_file() {
    let server = Server::start([Reply::ok(answer())]);
    let home = home(&server, &["one", "two", "three", "four"]);
    let model = "together:black-forest-labs/FLUX.1-schnell";
    let home = home.with("TOGETHER_API_KEY", "sk-together");
    let price = batch(&home, &["-m", model, "--dry-run"]).done().json()[0]["estimate_usd"].clone();
    let price = price.as_f64().expect("its price is known");
    let run = |times: f64| batch(&home, &["-m", model, "--budget", &(price * times).to_string()]);
    run(2.5).with_code(3).saying("2 to send").saying("2 left out by --budget");
    assert_eq!(server.count(), 2);
    run(2.5).with_code(3).saying("none to send, 2 sent before, 2 left out");
    run(4.0).done().saying("2 to send");
    assert_eq!(server.count(), 4);
    batch(&home, &["--budget", "5"]).with_code(2).saying("nobody knows what line 1 costs");
    assert_eq!(server.count(), 4);
}

#[test]
fn what_failed_for_nothing_is_sent_again_and_what_may_have_been_paid_for_never() {
    let refusal = json!({"error": {"message": "blocked by our content policy"}}).to_string();
    let server = Server::answering(move |request, nth| match request.json()["prompt"].as_str() {
        Some("refused") if nth < 3 => Reply::new(400, refusal.clone()),
        Some("lost") => Reply::close(),
        _ => Reply::ok(answer()),
    });
    let home = home(&server, &["refused", "lost", "made"]);
    let ended = batch(&home, &["--json"]).with_code(3);
    ended.saying("line 1, ").saying("line 2, ").saying("resume --send-again");
    assert_eq!(sent(&server), counts(&[("refused", 1), ("lost", 1), ("made", 1)]));
    let ended = batch(&home, &["--json"]).with_code(3).saying("1 to send");
    assert_eq!(sent(&server), counts(&[("refused", 2), ("lost", 1), ("made", 1)]));
    let mut states: Vec<(u64, String)> = ended
        .json()
        .iter()
        .map(|line| (line["line"].as_u64().expect("a line"), line["status"].to_string()))
        .collect();
    states.sort();
    let states: Vec<&str> = states.iter().map(|(_, state)| state.as_str()).collect();
    assert_eq!(states, ["\"done\"", "\"interrupted\"", "\"done\""]);
    assert_eq!(home.history().len(), 3, "another attempt is no other generation");
}

#[test]
fn a_missing_key_is_said_before_anything_is_queued() {
    let home = Home::new();
    write(&home, &["a fox"]);
    batch(&home, &["-m", MODEL]).with_code(2).saying("LANGBASE_API_KEY");
    assert!(home.history().is_empty());
}

#[test]
fn copies_are_made_once_and_never_over_another_file() {
    let home = Home::new();
    write(&home, &["a fox", "an owl"]);
    for _ in 0..2 {
        batch(&home, &["-m", "demo:painter", "--size", "64x64", "-o", "out"]).done();
    }
    assert_eq!(fs::read_dir(home.path().join("out")).expect("it is there").count(), 2);
}
