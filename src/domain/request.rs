//! What is asked of a model, and the rules a request must keep.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{BaseImage, Failure, FailureKind, ModelId};

/// What is asked of a model. A field that is `None` was not set by the user and is
/// not sent.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Request {
    /// What to draw.
    pub prompt: String,
    /// Who draws.
    pub model: ModelId,
    /// Pixels across.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// How many pictures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
    /// Steps of refinement, for models that take them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<u32>,
    /// The picture to begin from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<BaseImage>,
    /// What not to draw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub negative_prompt: Option<String>,
    /// Fields this program does not know, passed on as they are.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// The bounds no request may leave, whatever the model. A model's own are narrower
/// and are the service's to enforce.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Longest prompt, in characters.
    pub prompt: usize,
    /// Longest side, in pixels.
    pub side: u32,
    /// Most pictures in one request.
    pub n: u32,
    /// Most steps.
    pub steps: u32,
}

/// The bounds in force.
pub const LIMITS: Limits = Limits { prompt: 100_000, side: 16_384, n: 64, steps: 1_000 };

/// Fields of the wire that have a field of their own in [`Request`], and so may not
/// come as extra ones.
const OWN_FIELDS: [&str; 8] =
    ["prompt", "model", "width", "height", "n", "steps", "image_url", "negative_prompt"];

/// A rule that a request breaks: one sentence on what is wrong and one on what is right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The prompt is empty or blank.
    #[error("the prompt is empty")]
    EmptyPrompt,
    /// The prompt is longer than [`Limits::prompt`].
    #[error("the prompt has {0} characters; the most is {most}", most = LIMITS.prompt)]
    LongPrompt(usize),
    /// A side of 0 or above [`Limits::side`].
    #[error("a {0} of {1} pixels is outside 1 to {most}", most = LIMITS.side)]
    Side(&'static str, u32),
    /// A count of 0 or too large: its name, its value, the most.
    #[error("{0} is {1}; it must be 1 to {2}")]
    Count(&'static str, u32, u32),
    /// The model is that of a picture from elsewhere.
    #[error("{0} is not a model that can be asked: it drew a picture that was imported")]
    Imported(ModelId),
    /// An extra field which has a field of its own.
    #[error("`{0}` has a field of its own and cannot be an extra one")]
    OwnField(String),
    /// An extra field without a name.
    #[error("an extra field has no name")]
    NamelessField,
    /// An address of a base image that leads nowhere: its beginning, and why.
    #[error("the base image “{0}” cannot be used: {1}")]
    Address(String, &'static str),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let hint = match &problem {
            Problem::EmptyPrompt => "Write what you want to see.",
            Problem::LongPrompt(_) => "Shorten it.",
            Problem::Side(..) => {
                "Write a size like 1024x640, or leave it empty for the model's own."
            }
            Problem::Count(..) => "Choose a number in that range, or leave it empty.",
            Problem::Imported(_) => "Choose another model.",
            Problem::OwnField(_) => "Use the field or flag of that name.",
            Problem::NamelessField => "Write KEY=JSON, for example seed=42.",
            Problem::Address(..) => "Write an address like https://example.org/a.png, or a file.",
        };
        Self::before_sending(FailureKind::Request, format!("Not sent: {problem}."), hint)
    }
}

impl Request {
    /// A request with nothing set but its prompt and model.
    pub fn new(prompt: impl Into<String>, model: ModelId) -> Self {
        Self {
            prompt: prompt.into(),
            model,
            width: None,
            height: None,
            n: None,
            steps: None,
            image: None,
            negative_prompt: None,
            extra: Map::new(),
        }
    }

    /// How many pictures it asks for.
    pub fn count(&self) -> u32 {
        self.n.unwrap_or(1)
    }

    /// Checks every rule that needs no look at the world.
    ///
    /// # Errors
    /// The first rule that is broken, in the order of the form.
    pub fn check(&self) -> Result<(), Problem> {
        if self.prompt.trim().is_empty() {
            return Err(Problem::EmptyPrompt);
        }
        let characters = self.prompt.chars().count();
        if characters > LIMITS.prompt {
            return Err(Problem::LongPrompt(characters));
        }
        for (name, side) in [("width", self.width), ("height", self.height)] {
            if let Some(side) = side.filter(|side| !(1..=LIMITS.side).contains(side)) {
                return Err(Problem::Side(name, side));
            }
        }
        for (name, count, most) in [("n", self.n, LIMITS.n), ("steps", self.steps, LIMITS.steps)] {
            if let Some(count) = count.filter(|count| !(1..=most).contains(count)) {
                return Err(Problem::Count(name, count, most));
            }
        }
        if self.model.is_imported() {
            return Err(Problem::Imported(self.model.clone()));
        }
        self.image.as_ref().map_or(Ok(()), BaseImage::check)?;
        for key in self.extra.keys() {
            if key.trim().is_empty() {
                return Err(Problem::NamelessField);
            }
            if OWN_FIELDS.contains(&key.as_str()) {
                return Err(Problem::OwnField(key.clone()));
            }
        }
        Ok(())
    }
}

/// A text that should be a size, a count or an extra field, and is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// Not two numbers with an `x` between.
    #[error("“{0}” is not a size; write WIDTHxHEIGHT, for example 1024x640")]
    Shape(String),
    /// A side of 0 or above [`Limits::side`].
    #[error("a side of {0} pixels is outside 1 to {most}", most = LIMITS.side)]
    Range(String),
    /// Not a whole number from 1 on: what it is for, the text, the most.
    #[error("“{1}” is no number of {0}; write a whole number from 1 to {2}")]
    Count(&'static str, String, u32),
    /// Not `KEY=JSON`.
    #[error("“{0}” is no extra field; write KEY=JSON, for example seed=42")]
    Extra(String),
}

/// Reads `1024x640` (also `1024×640`, `1024*640` and with spaces around the sign). One
/// side may be left out, `1024x` or `x640`: it is then the model's own.
///
/// # Errors
/// When it is no size, or a side is outside [`LIMITS`].
pub fn parse_size(text: &str) -> Result<(Option<u32>, Option<u32>), FieldError> {
    let shape = || FieldError::Shape(shown(text));
    let (width, height) = text.trim().split_once(['x', 'X', '×', '*']).ok_or_else(shape)?;
    let side = |side: &str| {
        let side = side.trim();
        if !side.bytes().all(|b| b.is_ascii_digit()) {
            return Err(shape());
        }
        if side.is_empty() {
            return Ok(None);
        }
        u32::from_str(side)
            .ok()
            .filter(|pixels| (1..=LIMITS.side).contains(pixels))
            .map(Some)
            .ok_or_else(|| FieldError::Range(shown(side)))
    };
    match (side(width)?, side(height)?) {
        (None, None) => Err(shape()),
        sides => Ok(sides),
    }
}

/// A size as [`parse_size`] reads it; nothing where neither side is set.
pub fn shown_size(width: Option<u32>, height: Option<u32>) -> String {
    let side = |side: Option<u32>| side.map_or_else(String::new, |pixels| pixels.to_string());
    match (width, height) {
        (None, None) => String::new(),
        _ => format!("{}x{}", side(width), side(height)),
    }
}

/// Reads a count of `what` from 1 to `most`.
///
/// # Errors
/// When it is no whole number in that range.
pub fn parse_count(what: &'static str, text: &str, most: u32) -> Result<u32, FieldError> {
    u32::from_str(text.trim())
        .ok()
        .filter(|count| (1..=most).contains(count))
        .ok_or_else(|| FieldError::Count(what, shown(text), most))
}

/// Reads `KEY=JSON`. A value that is no JSON is taken as a text, so that
/// `quality=high` does what it looks like.
///
/// # Errors
/// When there is no `=` or no key.
pub fn parse_extra(text: &str) -> Result<(String, Value), FieldError> {
    let (key, value) = text.split_once('=').ok_or_else(|| FieldError::Extra(shown(text)))?;
    let (key, value) = (key.trim(), value.trim());
    if key.is_empty() {
        return Err(FieldError::Extra(shown(text)));
    }
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
    Ok((key.to_owned(), value))
}

/// A piece of the user's own text, fit to stand in a message.
fn shown(text: &str) -> String {
    super::Text::capped(text, 40).to_string()
}
