//! The form: what the next request will be.
//!
//! Owns the fields, the request they make, and the draft that outlives the program.
//! Promises that a request is only made of fields that are all right, and names the
//! field that is not. Must never check anything outside of itself (files, keys).

use serde::{Deserialize, Serialize};
use serde_json::Map;

use super::batch::Reading;
use super::editor::Editor;
use super::place::Place;
use crate::config::Settings;
use crate::domain::{
    BaseImage, Failure, FailureKind, Generation, GenerationId, IMPORTED_FROM, LIMITS, ModelId,
    Plan, Problem, Request, Sum, parse_count, parse_extra, parse_size, shown_size,
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
    /// Whether it was sent as it is, or but for some words, and waits to hear which generation
    /// that became: the parent of the next one.
    is_sent: bool,
    /// What the prompt was read as.
    pub reading: Reading,
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
    /// Where the user was.
    #[serde(default)]
    pub place: Place,
}

/// A field that keeps the form from being sent, and why.
pub type Refusal = (Field, Failure);

impl Form {
    /// The form of a first start: `model`, and nothing else.
    pub fn new(model: &ModelId) -> Self {
        let fields = std::array::from_fn(|_| Editor::default());
        let mut form = Self { fields, parent: None, is_sent: false, reading: Reading::default() };
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
        Draft { fields, parent: self.parent, place: Place::default() }
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

    /// Puts a whole request into the form, with `prompt` as what is written.
    pub(super) fn fill(&mut self, request: &Request, prompt: String) {
        self.fill_settings(request);
        let image = request.image.as_ref().map_or_else(String::new, ToString::to_string);
        self.editor_mut(Field::Prompt).set(prompt);
        self.editor_mut(Field::BaseImage).set(image);
    }

    /// Puts all of a request into the form but its prompt and its base image. A model that
    /// cannot be asked stays out, and with it what only it understands.
    pub(super) fn fill_settings(&mut self, request: &Request) {
        let number = |number: Option<u32>| number.map_or_else(String::new, |n| n.to_string());
        for (field, text) in [
            (Field::Size, shown_size(request.width, request.height)),
            (Field::Count, number(request.n)),
            (Field::Steps, number(request.steps)),
            (Field::Negative, request.negative_prompt.clone().unwrap_or_default()),
        ] {
            self.editor_mut(field).set(text);
        }
        if let Some(model) = request.model.askable() {
            let extra = request.extra.iter().filter(|(key, _)| *key != IMPORTED_FROM);
            let extra: Vec<_> = extra.map(|(key, value)| format!("{key}={value}")).collect();
            self.editor_mut(Field::Model).set(model.to_string());
            self.editor_mut(Field::Extra).set(extra.join("\n"));
        }
    }

    /// From now on it is about what `parent` was.
    pub(super) const fn come_from(&mut self, parent: GenerationId) {
        (self.parent, self.is_sent) = (Some(parent), false);
    }

    /// It is about nothing that was here before.
    pub(super) const fn begin_anew(&mut self) {
        (self.parent, self.is_sent) = (None, false);
    }

    /// It was sent as it is.
    pub(super) const fn note_sent(&mut self) {
        self.is_sent = true;
    }

    /// What was sent is now this generation. What is written from here on comes of it, as long
    /// as anything of it is left.
    pub(super) fn became(&mut self, queued: &Generation) {
        if self.is_sent && queued.parent == self.parent {
            self.come_from(queued.id);
        }
    }

    /// Where nothing is left of what it came from, it comes from nothing.
    pub(super) fn forget_parent_if_blank(&mut self) {
        if self.text(Field::Prompt).is_empty() && self.text(Field::BaseImage).is_empty() {
            self.begin_anew();
        }
    }

    /// What the form asks for.
    ///
    /// # Errors
    /// The first field that is not all right, and what to do about it.
    pub fn plan(&self, settings: &Settings) -> Result<Plan, Refusal> {
        let plan = self.assemble(settings)?;
        let prompt = plan.template.prompt(0);
        let first = Request { prompt, ..plan.base.clone() };
        first.check().map_err(refusal)?;
        Ok(plan)
    }

    /// How many requests the form stands for and what they will cost, where that are not too
    /// many to be sent; `None` while a field
    /// is not all right. The prompt may still have to be written.
    pub fn estimate(&self, settings: &Settings) -> Option<(u128, Option<Sum>)> {
        let plan = self.assemble(settings).ok()?;
        let count = plan.count();
        let is_priced = count <= settings.prompt.most.into();
        Some((count, is_priced.then(|| settings.models.estimate_plan(&plan, None))))
    }

    /// What is read from the fields, each by itself.
    fn assemble(&self, settings: &Settings) -> Result<Plan, Refusal> {
        let refuse = |field: Field, what: String| {
            let what = format!("Not sent: {what}");
            (field, Failure::before_sending(FailureKind::Request, what, ""))
        };
        let models: Vec<ModelId> = several(self.text(Field::Model))
            .map(|name| {
                name.parse::<ModelId>().map_err(|error| {
                    let known = settings.models.nearest(name);
                    let hint =
                        known.map_or_else(String::new, |model| format!("Did you mean {model}?"));
                    let what = format!("Not sent: {error}.");
                    (Field::Model, Failure::before_sending(FailureKind::Model, what, hint))
                })
            })
            .collect::<Result<_, _>>()?;
        let filled = |field| Some(self.text(field).trim()).filter(|text| !text.is_empty());
        let sizes: Vec<_> = match filled(Field::Size) {
            None => vec![(None, None)],
            Some(sizes) => several(sizes)
                .map(|size| {
                    parse_size(size).map_err(|error| refuse(Field::Size, error.to_string()))
                })
                .collect::<Result<_, _>>()?,
        };
        let mut base = Request::new("", models[0].clone());
        (base.width, base.height) = sizes[0];
        if let Some(n) = filled(Field::Count) {
            let n = parse_count("pictures", n, LIMITS.n);
            base.n = Some(n.map_err(|error| refuse(Field::Count, error.to_string()))?);
        }
        if let Some(steps) = filled(Field::Steps) {
            let steps = parse_count("steps", steps, LIMITS.steps);
            base.steps = Some(steps.map_err(|error| refuse(Field::Steps, error.to_string()))?);
        }
        base.image = filled(Field::BaseImage).map(|text| BaseImage::from(text.to_owned()));
        base.negative_prompt = filled(Field::Negative).map(str::to_owned);
        base.extra = Map::new();
        for line in self.text(Field::Extra).lines().filter(|line| !line.trim().is_empty()) {
            let (key, value) =
                parse_extra(line).map_err(|error| refuse(Field::Extra, error.to_string()))?;
            base.extra.insert(key, value);
        }
        let template = self.template()?;
        let text = self.text(Field::Prompt).to_owned();
        Ok(Plan { base, models, sizes, template, text })
    }
}

impl Form {
    /// The models that are asked, as they are written.
    pub fn models(&self) -> impl Iterator<Item = &str> {
        several(self.text(Field::Model))
    }
}

/// What stands between commas, each once. Always something, if only nothing.
fn several(text: &str) -> impl Iterator<Item = &str> {
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    if parts.is_empty() {
        parts.push(text);
    }
    parts.into_iter()
}

/// A broken rule as the reason not to send.
pub(super) fn refusal(problem: Problem) -> Refusal {
    (field_of(&problem), problem.into())
}

/// The field whose rule was broken.
fn field_of(problem: &Problem) -> Field {
    match problem {
        Problem::EmptyPrompt | Problem::LongPrompt(_) => Field::Prompt,
        Problem::Imported(_) => Field::Model,
        Problem::Side(..) => Field::Size,
        Problem::Count("steps", ..) => Field::Steps,
        Problem::Count(..) => Field::Count,
        Problem::OwnField(_) | Problem::NamelessField => Field::Extra,
        Problem::Address(..) => Field::BaseImage,
    }
}
