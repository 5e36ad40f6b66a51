//! The Langbase Images API, version 1: what is sent, and how an answer is read.
//!
//! Promises to send exactly what the user set and never a key, and to read whatever
//! comes: unknown, missing or wrongly typed fields break nothing. The source of its
//! facts is the published reference, the official SDKs, and what was seen in the wild.

mod complaint;
mod found;
mod salvage;

use serde_json::{Map, Value};

use self::found::Found;
use super::refusal::{self, Complaint};
use super::{Answer, Head};
use crate::domain::{Cost, Failure, Request, Text, Usage};

/// What came of reading an answer. Both can be there: pictures, and what went wrong
/// with the rest.
#[derive(Clone, PartialEq, Debug)]
pub struct Reading {
    /// Everything the answer holds; empty when it is a refusal.
    pub answer: Answer,
    /// Why it is not all that was asked for.
    pub failure: Option<Failure>,
}

/// The body of `request`: the fields the user set, under the names of the wire, and the
/// extra ones behind them. The base image comes as `image_url`, because a file has to
/// be made a data URL elsewhere.
pub fn body(request: &Request, image_url: Option<String>) -> Value {
    let mut fields = Map::new();
    fields.insert("prompt".into(), request.prompt.as_str().into());
    fields.insert("model".into(), request.model.as_str().into());
    let numbers = [
        ("width", request.width),
        ("height", request.height),
        ("n", request.n),
        ("steps", request.steps),
    ];
    for (name, number) in numbers {
        if let Some(number) = number {
            fields.insert(name.into(), number.into());
        }
    }
    for (name, text) in
        [("image_url", image_url), ("negative_prompt", request.negative_prompt.clone())]
    {
        if let Some(text) = text {
            fields.insert(name.into(), text.into());
        }
    }
    for (name, value) in &request.extra {
        fields.entry(name).or_insert_with(|| value.clone());
    }
    Value::Object(fields)
}

/// Reads an answer: the whole body, or as much of it as came.
pub fn read(head: &Head, body: &[u8]) -> Reading {
    let answer = Answer { request_id: head.request_id.clone(), ..Answer::default() };
    if !head.is_success() {
        let failure = refusal::failure(head, &complaint::read(body));
        return Reading { answer, failure: Some(failure) };
    }
    match parse(body) {
        Some(value) => read_whole(head, value, answer),
        None => read_part(head, body, answer),
    }
}

/// Reads an answer that is JSON, whatever is in it.
fn read_whole(head: &Head, mut value: Value, mut answer: Answer) -> Reading {
    answer.id = value["id"].as_str().map(|id| Text::capped(id, 200));
    answer.usage = usage(&value["usage"]);
    answer.cost = number(&value["usage"]["cost"]).and_then(Cost::from_usd);
    let complaint = complaint::in_answer(&value);
    let provider = value["provider"].as_str().map(|name| Text::capped(name, 60));

    let Found { images, undecodable, words, reasons } = Found::of(&mut value);
    answer.images = images;
    answer.words = Some(Text::new(&words)).filter(|words| !words.is_blank());
    let failure = if let Some(complaint) = complaint {
        Some(refusal::failure(head, &complaint))
    } else if answer.images.is_empty() {
        let message = answer.words.clone().unwrap_or_default();
        Some(refusal::failure(
            head,
            &Complaint { provider, message, described: false, codes: reasons },
        ))
    } else if undecodable > 0 {
        let of = answer.images.len();
        Some(refusal::unreadable(&format!(
            "{undecodable} of {of} pictures in the answer of {} cannot be decoded.",
            head.host
        )))
    } else {
        None
    };
    Reading { answer, failure }
}

/// Takes the whole pictures out of an answer that broke off, or is no JSON.
fn read_part(head: &Head, body: &[u8], mut answer: Answer) -> Reading {
    answer.images = salvage::pictures(body).map(|text| found::picture(&text).0).collect();
    let host = &head.host;
    let saved = match answer.images.len() {
        0 => "no picture in it is whole".to_owned(),
        1 => "1 picture in it is whole".to_owned(),
        n => format!("{n} pictures in it are whole"),
    };
    let first = body.trim_ascii_start().first();
    let has_some = !matches!(first, None | Some(b'<'));
    let what = match first {
        None => format!("{host} answered with HTTP {} and nothing else.", head.status),
        Some(b'<') => format!("{host} answered with a web page in place of pictures."),
        Some(_) => format!("The answer of {host} is cut off or is no JSON; {saved}."),
    };
    let mut failure = refusal::unreadable(&what);
    if !has_some {
        failure.hint =
            "The answer is kept as it came. Look at your account before you send it again.".into();
    }
    Reading { answer, failure: Some(failure) }
}

/// The JSON of a body, out of the one-element array some gateways put around it.
fn parse(body: &[u8]) -> Option<Value> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    match serde_json::from_slice(body).ok()? {
        Value::Array(mut one) if one.len() == 1 => one.pop(),
        value => Some(value),
    }
}

fn usage(usage: &Value) -> Option<Usage> {
    let count = |count: &Value| number(count).filter(|n| *n >= 0.0).map(|n| n as u64);
    let either = |one: &str, other: &str| count(&usage[one]).or_else(|| count(&usage[other]));
    let counted = Usage {
        prompt_tokens: either("prompt_tokens", "input_tokens"),
        completion_tokens: either("completion_tokens", "output_tokens"),
        total_tokens: count(&usage["total_tokens"]),
        image_tokens: count(&usage["completion_tokens_details"]["image_tokens"])
            .or_else(|| count(&usage["output_tokens_details"]["image_tokens"])),
    };
    (counted != Usage::default()).then_some(counted)
}

/// A number, also one written as a text.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|n| n.is_finite())
}
