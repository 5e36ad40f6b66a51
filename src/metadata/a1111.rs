//! The layout of AUTOMATIC1111: the prompt, `Negative prompt: …`, and a last line of
//! `Key: value` pairs with commas between them.
//!
//! Reads by the rules of its own reader (`parse_generation_parameters` in
//! `modules/infotext_utils.py`): the last line counts only where it has three pairs, values
//! that hold a comma, a colon or a line end are quoted as JSON. Promises a time in proportion
//! to the text.

use serde_json::Value;

use super::{Program, Told};
use crate::domain::{Request, shown_size};

const NEGATIVE: &str = "Negative prompt:";
/// Pairs that make a line one of settings.
const ENOUGH: usize = 3;

/// Whether the last line has settings.
pub(super) fn has_settings(text: &str) -> bool {
    pairs(text.trim().lines().next_back().unwrap_or_default()).len() >= ENOUGH
}

pub(super) fn read(text: &str) -> Told {
    let text = text.trim();
    let (lines, last) = match text.rsplit_once('\n') {
        Some((lines, last)) => (lines, last),
        None => ("", text),
    };
    let pairs = pairs(last);
    let (lines, pairs) = if pairs.len() < ENOUGH { (text, Vec::new()) } else { (lines, pairs) };
    let (mut prompt, mut negative) = (Vec::new(), None::<Vec<&str>>);
    for line in lines.split('\n').map(str::trim) {
        if let Some(begun) = line.strip_prefix(NEGATIVE) {
            negative.get_or_insert_default().push(begun.trim());
        } else if let Some(negative) = &mut negative {
            negative.push(line);
        } else {
            prompt.push(line);
        }
    }
    let mut told = Told::by(Program::Automatic1111);
    told.prompt = prompt.join("\n");
    told.negative = negative.map(|lines| lines.join("\n")).filter(|text| !text.is_empty());
    for (key, value) in pairs {
        take(&mut told, key, &value);
    }
    told
}

/// Takes what one pair says.
fn take(told: &mut Told, key: &str, value: &str) {
    let text = Value::from(value);
    match key {
        "Steps" => told.steps(&text),
        "Size" => match value.split_once('x') {
            Some((width, height)) => {
                told.side("width", &Value::from(width));
                told.side("height", &Value::from(height));
            }
            None => told.keep("size", &text),
        },
        "Model" => told.model = Some(value.to_owned()).filter(|model| !model.is_empty()),
        // Fooocus writes what was typed beside what became of it.
        "Raw prompt" if !value.is_empty() => value.clone_into(&mut told.prompt),
        "Raw negative prompt" => told.negative = Some(value.to_owned()).filter(|it| !it.is_empty()),
        _ => {
            if key == "Version" && value.starts_with("Fooocus") {
                told.program = Program::Fooocus;
            }
            let name = key.to_lowercase().replace([' ', '-', '/'], "_");
            told.keep(&name, &typed(value));
        }
    }
}

/// A number where it is one as JSON writes it, and otherwise the text.
fn typed(value: &str) -> Value {
    match serde_json::from_str(value) {
        Ok(Value::Number(number)) if number.to_string() == value => Value::Number(number),
        _ => Value::from(value),
    }
}

/// The pairs in a line, as this pattern finds them:
/// `\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)`.
fn pairs(line: &str) -> Vec<(&str, String)> {
    let mut pairs = Vec::new();
    let mut rest = line;
    while let Some((key, behind)) = key(rest) {
        let behind = behind.trim_start();
        let (value, next) = quoted(behind).unwrap_or_else(|| {
            let end = behind.find(',').unwrap_or(behind.len());
            (behind[..end].to_owned(), &behind[end..])
        });
        pairs.push((key, value));
        rest = next.strip_prefix(',').unwrap_or(next);
    }
    pairs
}

/// The first key in `text`, and what stands behind its colon.
fn key(text: &str) -> Option<(&str, &str)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let is_within = |c: char| is_word(c) || matches!(c, ' ' | '-' | '/');
    let mut from = 0;
    loop {
        // A run of characters that can stand in a key; no key begins and ends in two.
        from += text[from..].find(is_word)?;
        let run = &text[from..];
        let end = run.find(|c| !is_within(c))?;
        let (key, behind) = (&run[..end], &run[end..]);
        if let Some(behind) = behind.strip_prefix(':')
            && key.chars().nth(1).is_some()
        {
            return Some((key, behind));
        }
        from += end;
    }
}

/// The value that `text` begins with in quotes, where a comma or nothing follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut is_escaped = false;
    let end = inner.find(|c| {
        let is_end = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_end
    })?;
    let (whole, next) = text.split_at(end + 2);
    if end == 0 || !(next.is_empty() || next.starts_with(',')) {
        return None;
    }
    // What is no JSON stands for itself, quotes and all.
    Some((serde_json::from_str(whole).unwrap_or_else(|_| whole.to_owned()), next))
}

/// A request in that layout, of a picture of this size.
pub(super) fn write(request: &Request, (width, height): (u32, u32)) -> String {
    let mut settings = Vec::new();
    let mut pair = |key: &str, value: String| settings.push(format!("{key}: {}", quote(value)));
    if let Some(steps) = request.steps {
        pair("Steps", steps.to_string());
    }
    for (key, value) in &request.extra {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if let Some(key) = label(key).filter(|_| !text.is_empty()) {
            pair(&key, text);
        }
    }
    // The size of the picture, which the request need not name.
    let (width, height) = (Some(width).filter(|it| *it > 0), Some(height).filter(|it| *it > 0));
    let size = shown_size(width.or(request.width), height.or(request.height));
    if !size.is_empty() {
        pair("Size", size);
    }
    pair("Model", request.model.askable().unwrap_or_else(|| request.model.clone()).to_string());
    pair("Provider", request.model.provider().to_owned());
    pair("Version", format!("Pentimento {}", env!("CARGO_PKG_VERSION")));
    let negative = request.negative_prompt.as_ref().filter(|text| !text.trim().is_empty());
    let negative = negative.map_or_else(String::new, |text| format!("{NEGATIVE} {text}\n"));
    format!("{}\n{negative}{}", request.prompt, settings.join(", "))
}

/// The key under which others look for an extra field; `None` for one that cannot be a key
/// there.
fn label(key: &str) -> Option<String> {
    let known = match key {
        "seed" => "Seed",
        "cfg_scale" | "guidance" | "guidance_scale" => "CFG scale",
        "sampler" => "Sampler",
        key => key,
    };
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let is_key = known.starts_with(is_word)
        && known.chars().nth(1).is_some()
        && known.chars().all(|c| is_word(c) || matches!(c, ' ' | '-' | '/'));
    // One that means something else there would be read as that.
    let is_taken = ["Steps", "Size", "Model", "Provider", "Version"].contains(&known);
    (is_key && !is_taken).then(|| known.to_owned())
}

/// A value as it can stand in the line.
fn quote(value: String) -> String {
    let is_plain = !value.contains([',', ':', '\n', '\r', '"']) && value.trim() == value;
    if is_plain { value } else { Value::from(value).to_string() }
}
