//! The form: what the next request will be.
//!
//! Owns the fields, the request they make, and the draft that outlives the program.
//! Promises that a request is only made of fields that are all right, and names the
//! field that is not. Must never check anything outside of itself (files, keys).

use serde::{Deserialize, Serialize};
use serde_json::Map;

use super::editor::Editor;
use crate::config::Settings;
use crate::domain::{
    BaseImage, Failure, FailureKind, GenerationId, LIMITS, ModelId, Problem, Request, Sum,
    parse_count, parse_extra, parse_size, shown_size,
};

/// A field of the form, in the order of the screen.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Who draws: `provider:name`.
    Model,
    /// What to draw.
    Prompt,
    /// `WIDTHxHEIGHT`.
    Size,
    /// How many pictures.
    Count,
    /// Steps of refinement.
    Steps,
    /// A file or an address to begin from.
    BaseImage,
    /// What not to draw.
    Negative,
    /// `KEY=JSON`, one a line.
    Extra,
}

impl Field {
    /// All of them, in the order of the screen.
    pub const ALL: [Self; 8] = [
        Self::Model,
        Self::Prompt,
        Self::Size,
        Self::Count,
        Self::Steps,
        Self::BaseImage,
        Self::Negative,
        Self::Extra,
    ];

    /// Its label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Model => "Model",
            Self::Prompt => "Prompt",
            Self::Size => "Size",
            Self::Count => "N",
            Self::Steps => "Steps",
            Self::BaseImage => "Base image",
            Self::Negative => "Negative",
            Self::Extra => "Extra",
        }
    }

    /// What stands in it while it is empty.
    pub const fn placeholder(self) -> &'static str {
        match self {
            Self::Model => "provider:name",
            Self::Prompt => "What do you want to see?",
            Self::Size => "1024x1024",
            Self::Count => "1",
            Self::Steps => "auto",
            Self::BaseImage => "a file or https://…",
            Self::Negative => "what not to draw",
            Self::Extra => "seed=42",
        }
    }

    /// Whether its text may have several lines.
    pub const fn is_multiline(self) -> bool {
        matches!(self, Self::Prompt | Self::Extra)
    }
}

/// The fields and what they were filled from.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    fields: [Editor; 8],
    /// The generation the form was filled from: the parent of the next one.
    pub parent: Option<GenerationId>,
}

/// The form as it is kept between two starts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The text of each field that is not empty.
    #[serde(default)]
    pub fields: Vec<(Field, String)>,
    /// What the form was filled from.
    #[serde(default)]
    pub parent: Option<GenerationId>,
}

/// A field that keeps the form from being sent, and why.
pub type Refusal = (Field, Failure);

impl Form {
    /// The form of a first start: `model`, and nothing else.
    pub fn new(model: &ModelId) -> Self {
        let mut form = Self { fields: std::array::from_fn(|_| Editor::default()), parent: None };
        form.fields[Field::Model as usize] = Editor::new(model.as_str());
        form
    }

    /// The form as `draft` left it.
    pub fn restored(draft: &Draft, model: &ModelId) -> Self {
        let mut form = Self::new(model);
        form.restore(draft);
        form
    }

    /// Puts what `draft` kept into the form, unless something was written by now.
    pub(super) fn restore(&mut self, draft: &Draft) {
        let is_blank = |field| field == Field::Model || self.text(field).is_empty();
        if Field::ALL.into_iter().all(is_blank) {
            for (field, text) in &draft.fields {
                self.fields[*field as usize] = Editor::new(text.clone());
            }
            self.parent = draft.parent;
        }
    }

    /// The form to be kept.
    pub fn draft(&self) -> Draft {
        let fields = Field::ALL
            .into_iter()
            .filter(|field| *field == Field::Model || !self.text(*field).is_empty())
            .map(|field| (field, self.text(field).to_owned()))
            .collect();
        Draft { fields, parent: self.parent }
    }

    /// The text of a field.
    pub fn text(&self, field: Field) -> &str {
        self.editor(field).text()
    }

    /// The editor of a field.
    pub fn editor(&self, field: Field) -> &Editor {
        &self.fields[field as usize]
    }

    /// The editor of a field, to edit it.
    pub(super) fn editor_mut(&mut self, field: Field) -> &mut Editor {
        &mut self.fields[field as usize]
    }

    /// Puts a whole request into the form.
    pub(super) fn fill(&mut self, request: &Request) {
        let number = |number: Option<u32>| number.map_or_else(String::new, |n| n.to_string());
        let extra = request.extra.iter().map(|(key, value)| format!("{key}={value}"));
        for (field, text) in [
            (Field::Model, request.model.to_string()),
            (Field::Prompt, request.prompt.clone()),
            (Field::Size, shown_size(request.width, request.height)),
            (Field::Count, number(request.n)),
            (Field::Steps, number(request.steps)),
            (
                Field::BaseImage,
                request.image.as_ref().map_or_else(String::new, ToString::to_string),
            ),
            (Field::Negative, request.negative_prompt.clone().unwrap_or_default()),
            (Field::Extra, extra.collect::<Vec<_>>().join("\n")),
        ] {
            self.editor_mut(field).set(text);
        }
    }

    /// The request that the form makes.
    ///
    /// # Errors
    /// The first field that is not all right, and what to do about it.
    pub fn request(&self, settings: &Settings) -> Result<Request, Refusal> {
        let request = self.assemble(settings)?;
        request.check().map_err(|problem| (field_of(&problem), problem.into()))?;
        Ok(request)
    }

    /// What sending the form will cost; `None` while a field is not all right. The prompt
    /// may still have to be written.
    pub fn estimate(&self, settings: &Settings) -> Option<Sum> {
        Some(settings.models.estimate_all([&self.assemble(settings).ok()?]))
    }

    /// What is read from the fields, each by itself.
    fn assemble(&self, settings: &Settings) -> Result<Request, Refusal> {
        let refuse = |field: Field, what: String| {
            let what = format!("Not sent: {what}");
            (field, Failure::before_sending(FailureKind::Request, what, ""))
        };
        let model = self.text(Field::Model).parse::<ModelId>().map_err(|error| {
            let known = settings.models.nearest(self.text(Field::Model));
            let hint = known.map_or_else(String::new, |model| format!("Did you mean {model}?"));
            let what = format!("Not sent: {error}.");
            (Field::Model, Failure::before_sending(FailureKind::Model, what, hint))
        })?;
        let filled = |field| Some(self.text(field).trim()).filter(|text| !text.is_empty());
        let mut request = Request::new(self.text(Field::Prompt), model);
        if let Some(size) = filled(Field::Size) {
            (request.width, request.height) =
                parse_size(size).map_err(|error| refuse(Field::Size, error.to_string()))?;
        }
        if let Some(n) = filled(Field::Count) {
            let n = parse_count("pictures", n, LIMITS.n);
            request.n = Some(n.map_err(|error| refuse(Field::Count, error.to_string()))?);
        }
        if let Some(steps) = filled(Field::Steps) {
            let steps = parse_count("steps", steps, LIMITS.steps);
            request.steps = Some(steps.map_err(|error| refuse(Field::Steps, error.to_string()))?);
        }
        request.image = filled(Field::BaseImage).map(|text| BaseImage::from(text.to_owned()));
        request.negative_prompt = filled(Field::Negative).map(str::to_owned);
        request.extra = Map::new();
        for line in self.text(Field::Extra).lines().filter(|line| !line.trim().is_empty()) {
            let (key, value) =
                parse_extra(line).map_err(|error| refuse(Field::Extra, error.to_string()))?;
            request.extra.insert(key, value);
        }
        Ok(request)
    }
}

/// The field whose rule was broken.
fn field_of(problem: &Problem) -> Field {
    match problem {
        Problem::EmptyPrompt | Problem::LongPrompt(_) => Field::Prompt,
        Problem::Side(..) => Field::Size,
        Problem::Count("steps", ..) => Field::Steps,
        Problem::Count(..) => Field::Count,
        Problem::OwnField(_) | Problem::NamelessField => Field::Extra,
    }
}
