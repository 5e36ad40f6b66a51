//! Promise 4: what was delivered is saved before it is understood.

use std::fs;

use pentimento::api::{Head, langbase};
use pentimento::store::Store;
use serde_json::json;

use super::chance::Chance;
use super::paid::{queue, settle};
use super::{enter, figures, times};
use crate::home::Home;
use crate::recovery::{PNG, answer, answer_with};
use crate::server::{Received, Reply, Server};

/// Answers in one history.
const ANSWERS: usize = 500;

/// What services were seen to send. The only link leads nowhere, and is refused unasked.
fn recorded() -> Vec<String> {
    let inline = format!("data:image/png;base64,{PNG}");
    let link = "http://192.0.2.1/a-fox.png";
    vec![
        answer(),
        answer_with(&[&inline, link, &inline]),
        json!({"data": [{"b64_json": PNG}, {"url": link}], "usage": {"input_tokens": 7}})
            .to_string(),
        json!({"id": "gen-2", "choices": [{"index": 1, "message": {"content": [
            {"type": "text", "text": "Here \u{202e}it is."}, {"image_url": {"url": inline}}]}}]})
        .to_string(),
        json!([{"choices": [{"finish_reason": "content_filter", "message": {"refusal": "No."}}]}])
            .to_string(),
        json!({"error": {"message": "Error from openai: it broke", "code": "server_error",
            "metadata": {"raw": "upstream"}}})
        .to_string(),
        "<html><head><title>502 Bad Gateway</title></head></html>".to_owned(),
    ]
}

/// Answer number `n`: a recorded one, damaged in up to three ways.
fn damaged(n: usize) -> Vec<u8> {
    let mut chance = Chance::new(n as u64);
    let recorded = recorded();
    let mut body = recorded[chance.below(recorded.len())].clone().into_bytes();
    for _ in 0..=chance.below(3) {
        damage(&mut body, &mut chance);
    }
    body
}

fn damage(body: &mut Vec<u8>, chance: &mut Chance) {
    let length = body.len();
    if length == 0 {
        return;
    }
    let (one, other) = (chance.below(length), chance.below(length));
    let (from, to) = (one.min(other), one.max(other));
    match chance.below(10) {
        0 => body.truncate(from),
        1 => body[from] ^= 1 << chance.below(8),
        2 => drop(body.drain(from..to)),
        3 => {
            let again = body[from..to].to_vec();
            body.splice(to..to, again);
        }
        4 => body[from] = 0xFF,
        // Whatever the value was, it is another one now.
        5 => {
            let value: &[u8] = chance.pick(&[
                b"null",
                b"1e400",
                b"-99999999999999999999999",
                b"[]",
                b"{}",
                b"true",
                b"\"\"",
                b"\"data:image/png;base64,!!!!\"",
                b"\"data:,\"",
                b"\"\\ud800\"",
            ]);
            replace_value(body, from, value);
        }
        6 => replace_value(body, from, "[".repeat(5_000).as_bytes()),
        7 => {
            let nested = format!("{}1{}", "{\"a\":[".repeat(60), "]}".repeat(60));
            replace_value(body, from, nested.as_bytes());
        }
        8 => {
            let field = br#""choices":7,"images":{"url":[]},"usage":"x","index":-1e9,"#;
            let open = body.iter().position(|byte| *byte == b'{').map_or(0, |open| open + 1);
            body.splice(open..open, field.iter().copied());
        }
        _ => {
            let bytes: Vec<u8> = (0..chance.below(40)).map(|_| chance.below(256) as u8).collect();
            body.splice(from..from, bytes);
        }
    }
}

/// Puts `value` in place of the value behind the first colon after `from`.
fn replace_value(body: &mut Vec<u8>, from: usize, value: &[u8]) {
    let Some(colon) = body[from..].iter().position(|byte| *byte == b':') else { return };
    let begin = from + colon + 1;
    let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']');
    let end = body[begin..].iter().position(ends).map_or(body.len(), |end| begin + end);
    body.splice(begin..end, value.iter().copied());
}

/// The number in the prompt of a request.
fn number(request: &Received) -> usize {
    let body = request.json();
    let number = body["prompt"].as_str().and_then(|prompt| prompt.parse().ok());
    number.expect("each prompt is a number")
}

#[test]
fn no_answer_makes_the_reader_panic_or_takes_it_for_a_good_one_without_pictures() {
    for number in 0..times(300, 10_000) {
        let reading = langbase::read(&Head::noted(200, None, None), &damaged(number));
        let is_something = !reading.answer.images.is_empty() || reading.failure.is_some();
        assert!(is_something, "answer {number} is nothing at all");
    }
}

#[test]
fn an_answer_is_kept_as_it_came_whatever_is_in_it() {
    let all = times(40, 10_000);
    let mut kept = 0;
    for first in (0..all).step_by(ANSWERS) {
        let numbers = first..all.min(first + ANSWERS);
        let server = Server::answering(|request, _| {
            let status = if number(request) % 8 == 7 { 500 } else { 200 };
            Reply::new(status, damaged(number(request)))
        });
        let home = Home::beside(&server);
        home.configure("[queue]\nparallel = 4\n");
        let mut store = Store::open(home.path()).expect("an empty directory");
        let ids: Vec<_> =
            numbers.clone().map(|number| queue(&mut store, &number.to_string())).collect();
        settle(&home, &store);
        for (number, id) in numbers.zip(&ids) {
            let row = store.get(*id).expect("it can be read").expect("it is there");
            assert!(row.finished.is_some(), "answer {number} was not read to its end: {row:?}");
            assert_eq!(store.attempts(*id).expect("it can be read").len(), 1, "answer {number}");
            let here = store.read_answer(*id, 1).expect("it can be read");
            assert!(here == Some(damaged(number)), "answer {number} is not as it came");
            kept += 1;
        }
        enter("answers", ids.len(), server.count());
        let logs = fs::read_dir(home.path().join("log")).expect("there is a log").flatten();
        for log in logs {
            let log = fs::read_to_string(log.path()).expect("it can be read");
            assert!(!log.contains("fault of the program"), "{log}");
        }
        store.check().expect("the database is sound");
    }
    figures(4, &format!("{all} damaged answers: {kept} kept as they came, 0 panics, 0 sent again"));
}
