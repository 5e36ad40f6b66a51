//! This program's own note in a picture: the whole request, as JSON in ASCII.
//!
//! Promises that nothing of this machine leaves with it: neither where a base image lies nor
//! where a picture was imported from. Fields may be added, never change their meaning.

use serde::{Deserialize, Serialize};

use super::{Program, Told};
use crate::domain::{BaseImage, GenerationId, IMPORTED_FROM, Request, Timestamp};

/// The word it stands under.
pub(super) const KEYWORD: &str = "pentimento";

/// A request, and which of the pictures that came of it this is.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Origin {
    /// The generation.
    pub id: GenerationId,
    /// Which of its pictures, from 0.
    pub index: u32,
    /// When it was asked for.
    pub created: Timestamp,
    /// What was asked.
    pub request: Request,
    /// What its prompt was made from, where that is not the prompt itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Document {
    version: u32,
    #[serde(flatten)]
    origin: Origin,
}

impl Origin {
    /// The same without what is only of this machine.
    #[must_use]
    pub fn abroad(mut self) -> Self {
        let is_address =
            |image: &BaseImage| matches!(image, BaseImage::Url(url) if !url.starts_with("data:"));
        self.request.image = self.request.image.filter(is_address);
        self.request.extra.remove(IMPORTED_FROM);
        self
    }
}

pub(super) fn read(text: &str) -> Option<Told> {
    let Document { origin, .. } = serde_json::from_str(text).ok()?;
    let request = &origin.request;
    Some(Told {
        prompt: request.prompt.clone(),
        negative: request.negative_prompt.clone(),
        width: request.width,
        height: request.height,
        steps: request.steps,
        model: Some(request.model.to_string()),
        settings: request.extra.clone(),
        origin: Some(origin),
        ..Told::by(Program::Pentimento)
    })
}

/// The note, without a character beyond ASCII: every reader of every format passes that on.
pub(super) fn write(origin: &Origin) -> String {
    let document = Document { version: 1, origin: origin.clone() };
    let json = serde_json::to_string(&document).expect("it has text keys and can be written");
    let mut ascii = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() && c != '\u{7f}' {
            ascii.push(c);
        } else {
            let mut units = [0; 2];
            ascii.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    ascii
}
