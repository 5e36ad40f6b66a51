//! The pictures and words in an answer, wherever it has put them.

use serde_json::Value;
use url::Url;

use super::number;
use crate::api::{Delivered, data_url};

/// What an answer delivers.
pub(super) struct Found {
    /// The pictures, in order of (choice, image).
    pub(super) images: Vec<Delivered>,
    /// How many of them are kept as the text they came as.
    pub(super) undecodable: usize,
    /// What the model said.
    pub(super) words: String,
    /// Why the model ended, other than by being done.
    pub(super) reasons: Vec<String>,
}

/// Where a picture stands: its choice, and its place in there.
type Place = (i64, i64);

#[derive(Default)]
struct Search {
    images: Vec<(Place, Delivered)>,
    undecodable: usize,
    words: Vec<String>,
    reasons: Vec<String>,
}

impl Found {
    /// Takes everything out of `answer`. The reference knows `choices[].message.images[]`
    /// alone; where that is empty, the places other image services use are looked at.
    pub(super) fn of(answer: &mut Value) -> Self {
        let mut search = Search::default();
        for (place, choice) in items(take(answer, "choices")).into_iter().enumerate() {
            search.choice(choice, place);
        }
        for elsewhere in ["images", "data"] {
            if search.images.is_empty() {
                search.images(take(answer, elsewhere), 0);
            }
        }
        let Search { mut images, undecodable, mut words, reasons } = search;
        // Choices of one request often say the same.
        words.dedup();
        images.sort_by_key(|(place, _)| *place);
        let images = images.into_iter().map(|(_, image)| image).collect();
        Self { images, undecodable, words: words.join(" "), reasons }
    }
}

impl Search {
    fn choice(&mut self, mut choice: Value, place: usize) {
        let at = index(&choice, place);
        for key in ["finish_reason", "native_finish_reason"] {
            if let Value::String(reason) = take(&mut choice, key)
                && !reason.eq_ignore_ascii_case("stop")
                && !self.reasons.contains(&reason)
            {
                self.reasons.push(reason);
            }
        }
        let mut message = take(&mut choice, "message");
        self.images(take(&mut message, "images"), at);
        for key in ["content", "refusal"] {
            match take(&mut message, key) {
                Value::String(words) => self.words.push(words),
                parts => self.parts(parts, at),
            }
        }
    }

    /// `content` as a list of parts, some of which may be pictures.
    fn parts(&mut self, parts: Value, choice: i64) {
        for (place, mut part) in items(parts).into_iter().enumerate() {
            match (take(&mut part, "text"), part) {
                (Value::String(words), _) | (_, Value::String(words)) => self.words.push(words),
                (_, part) => self.image(part, (choice, place as i64)),
            }
        }
    }

    fn images(&mut self, images: Value, choice: i64) {
        for (place, image) in items(images).into_iter().enumerate() {
            let place = index(&image, place);
            self.image(image, (choice, place));
        }
    }

    fn image(&mut self, image: Value, place: Place) {
        let Some(text) = address(image) else { return };
        let (picture, decoded) = picture(&text);
        self.undecodable += usize::from(!decoded);
        self.images.push((place, picture));
    }
}

/// The text that stands for a picture: bare, under `image_url` (itself an object or a
/// text), `url` or `b64_json`.
fn address(mut image: Value) -> Option<String> {
    let text = if image.is_string() {
        image
    } else {
        ["image_url", "url", "b64_json"]
            .into_iter()
            .map(|key| {
                let mut value = take(&mut image, key);
                if value.is_object() { take(&mut value, "url") } else { value }
            })
            .find(Value::is_string)?
    };
    match text {
        Value::String(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}

/// The picture a text stands for, and whether it could be decoded.
pub(super) fn picture(text: &str) -> (Delivered, bool) {
    let text = text.trim();
    let bytes = match data_url::strip_scheme(text) {
        Some(rest) => data_url::decode(rest),
        None if Url::parse(text).is_ok_and(|url| url.has_host()) => {
            return (Delivered::Link(text.to_owned()), true);
        }
        None => data_url::base64(text.bytes()),
    };
    let decoded = bytes.is_some();
    (Delivered::Inline(bytes.unwrap_or_else(|| text.as_bytes().to_vec())), decoded)
}

/// The number an item gives itself, or its place on the wire.
fn index(item: &Value, place: usize) -> i64 {
    number(&item["index"]).map_or(place as i64, |index| index as i64)
}

fn take(value: &mut Value, key: &str) -> Value {
    value.get_mut(key).map(Value::take).unwrap_or_default()
}

/// The items of a list; anything else is a list of itself, and nothing is none.
fn items(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        Value::Null => Vec::new(),
        one => vec![one],
    }
}
