//! What the service says of a refusal, in every shape it was seen in.

use serde_json::Value;

use super::{parse, salvage};
use crate::api::refusal::Complaint;
use crate::domain::Text;

/// The longest piece of a body that is no JSON and still shown, in characters.
const SNIPPET: usize = 300;

/// Reads the body of a refusal: JSON of any shape, a web page, plain text, or nothing.
pub(super) fn read(body: &[u8]) -> Complaint {
    let Some(value) = parse(body) else { return not_json(body) };
    from_error(&value["error"])
        .or_else(|| from_detail(&value["detail"]))
        .or_else(|| from_error(&value))
        .unwrap_or_default()
}

/// The error inside an answer whose status is a good one: around the whole, or in one
/// of its choices.
pub(super) fn in_answer(value: &Value) -> Option<Complaint> {
    let choices = value["choices"].as_array().map(Vec::as_slice).unwrap_or_default();
    from_error(&value["error"])
        .or_else(|| choices.iter().find_map(|choice| from_error(&choice["error"])))
}

/// `"text"`, or `{message, code, type, status}` with any of them.
fn from_error(error: &Value) -> Option<Complaint> {
    if let Some(text) = error.as_str() {
        return (!text.trim().is_empty()).then(|| from_text(text, Vec::new()));
    }
    let codes: Vec<String> =
        ["code", "type", "status"].iter().filter_map(|k| code(&error[k])).collect();
    let message = ["message", "error", "msg"].iter().find_map(|key| error[key].as_str());
    // OpenRouter's own message says only that a provider failed; this says how.
    let raw = error["metadata"]["raw"].as_str();
    let message = [message, raw].into_iter().flatten().collect::<Vec<_>>().join(": ");
    (!message.is_empty() || !codes.is_empty()).then(|| from_text(&message, codes))
}

/// `"text"`, or `FastAPI`'s list of `{loc, msg, type}`.
fn from_detail(detail: &Value) -> Option<Complaint> {
    let Some(list) = detail.as_array() else { return from_error(detail) };
    let one = |item: &Value| {
        let place = item["loc"].as_array().and_then(|path| path.last()).and_then(code);
        let message = item["msg"].as_str().or(item.as_str())?;
        Some(place.map_or_else(|| message.to_owned(), |place| format!("{place}: {message}")))
    };
    let all = list.iter().filter_map(one).collect::<Vec<_>>().join("; ");
    (!all.is_empty()).then(|| from_text(&all, Vec::new()))
}

/// A code is a text, a number, or nothing.
fn code(value: &Value) -> Option<String> {
    match value {
        Value::String(code) if !code.is_empty() => Some(Text::capped(code, 60).to_string()),
        Value::Number(code) => Some(code.to_string()),
        _ => None,
    }
}

/// A message, taken apart where the service passes on a provider's words:
/// `Error from openai: words`.
fn from_text(text: &str, codes: Vec<String>) -> Complaint {
    let passed_on = text.trim().strip_prefix("Error from ").and_then(|rest| rest.split_once(':'));
    let (provider, message) = match passed_on {
        Some((provider, words)) => (Some(Text::capped(provider.trim(), 60)), words),
        None => (None, text),
    };
    Complaint { provider, message: Text::new(message.trim()), described: false, codes }
}

fn not_json(body: &[u8]) -> Complaint {
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    let described = |what: &str| Complaint {
        message: Text::new(what),
        described: true,
        ..Complaint::default()
    };
    match text.as_bytes().first() {
        None => Complaint::default(),
        Some(b'<') => match title(text) {
            Some(title) => {
                described(&format!("a web page titled “{}”.", Text::capped(title, SNIPPET)))
            }
            None => described("a web page."),
        },
        Some(b'{' | b'[') => match salvage::message(body) {
            Some(message) => from_text(&message, Vec::new()),
            None => described("an answer that is cut short."),
        },
        Some(_) => from_text(Text::capped(text, SNIPPET).as_str(), Vec::new()),
    }
}

/// The title of a web page.
fn title(page: &str) -> Option<&str> {
    let lower = page.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower[open..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    Some(page[start..end].trim()).filter(|title| !title.is_empty())
}
