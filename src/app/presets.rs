//! Presets: a whole form, or a piece of a prompt, under a name.
//!
//! Owns what a preset holds and what becomes of it in the form. Promises that one of another
//! version is read as far as it is understood, and that the rest is said. Must never keep
//! anything itself: presets stand in the history on the disk.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::editor::Editor;
use super::form::{Field, Form};
use super::opinions::{Line, Wants};
use super::picker::{Offers, Value};
use super::{Effect, Focus, State, picker};

/// The version of what is written today.
const VERSION: u32 = 1;

/// Something to put into the form, under a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// Its name.
    pub name: String,
    /// What it holds, as JSON, of this version or of another.
    pub body: String,
}

/// What a preset holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Content {
    #[serde(default)]
    version: u32,
    /// The text of each field, by its name: another version may know other fields, and write
    /// something else for one.
    #[serde(default)]
    fields: Vec<(String, Json)>,
    /// What is put behind the prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    append: Option<String>,
}

/// What is wanted of the presets on the disk.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// Name them all.
    Learn,
    /// Keep this one, in place of one of the same name.
    Keep(Preset),
    /// Forget the one of this name.
    Forget(String),
}

impl Content {
    fn of(form: &Form) -> Self {
        let fields = Field::ALL.into_iter().map(|field| (field, form.text(field).to_owned()));
        let fields = fields.map(|(field, text)| (name_of(field), Json::String(text))).collect();
        Self { version: VERSION, fields, append: None }
    }

    fn append(text: String) -> Self {
        Self { version: VERSION, fields: Vec::new(), append: Some(text) }
    }

    fn read(body: &str) -> Option<Self> {
        // A list would be read as one without names.
        let body = serde_json::from_str::<Json>(body).ok().filter(Json::is_object)?;
        serde_json::from_value(body).ok()
    }

    fn words(&self) -> String {
        if let Some(text) = &self.append {
            return format!("… {text}");
        }
        let texts = self.fields.iter().filter_map(|(_, text)| text.as_str());
        texts.collect::<Vec<_>>().join(" ")
    }
}

/// The name of a field in a preset.
fn name_of(field: Field) -> String {
    match serde_json::to_value(field) {
        Ok(Json::String(name)) => name,
        _ => unreachable!("a field is written as its name"),
    }
}

fn field_of(name: &str) -> Option<Field> {
    serde_json::from_value(Json::String(name.to_owned())).ok()
}

/// Opens the list of presets.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    picker::open(state, Offers::Presets { presets: Vec::new(), values: Vec::new() });
    vec![Effect::Presets(Wish::Learn)]
}

/// Takes in all presets there are.
pub(super) fn hear(state: &mut State, all: Vec<Preset>) {
    let Some(open) = &mut state.picker else { return };
    if let Offers::Presets { presets, values } = &mut open.offers {
        *values = all.iter().map(value).collect();
        *presets = all;
        open.go(0);
    }
}

fn value(preset: &Preset) -> Value {
    let content = Content::read(&preset.body);
    let words = content.map_or_else(|| "cannot be read".to_owned(), |content| content.words());
    Value {
        text: preset.name.clone(),
        title: words.clone(),
        note: words.replace('\n', " "),
        is_reached: true,
    }
}

/// Asks for a name for the form, or for the piece of the prompt that is selected.
pub(super) fn name(state: &mut State) -> Vec<Effect> {
    let selected = state.form.editor(Field::Prompt).selected().map(str::to_owned);
    let content = selected.map_or_else(|| Content::of(&state.form), Content::append);
    let is_piece = content.append.is_some();
    let body = serde_json::to_string(&content).expect("a preset is plain data");
    state.overlay = None;
    let wants = Wants::Preset { body, is_piece };
    state.opinions.line = Some(Line { wants, editor: Editor::default() });
    Vec::new()
}

/// Keeps what was named.
pub(super) fn keep(state: &mut State, name: &str, body: String) -> Vec<Effect> {
    let name = name.trim().to_owned();
    state.say(format!("Kept as “{name}”."));
    vec![Effect::Presets(Wish::Keep(Preset { name, body }))]
}

/// Forgets the one of this name.
pub(super) fn forget(state: &mut State, preset: &Preset) -> Vec<Effect> {
    state.say(format!("Forgotten: “{}”.", preset.name));
    vec![Effect::Presets(Wish::Forget(preset.name.clone())), Effect::Presets(Wish::Learn)]
}

/// Puts a preset into the form.
pub(super) fn apply(state: &mut State, preset: &Preset) {
    let Some(content) = Content::read(&preset.body) else {
        let name = &preset.name;
        state.say(format!("“{name}” cannot be read by this version; the form is as it was."));
        return;
    };
    let mut strange = Vec::new();
    for (name, text) in &content.fields {
        match (field_of(name), text) {
            (Some(field), Json::String(text)) => state.form.editor_mut(field).set(text.as_str()),
            _ => strange.push(name.as_str()),
        }
    }
    if let Some(text) = &content.append {
        let prompt = state.form.text(Field::Prompt).trim_end();
        let between = match prompt.chars().last() {
            None => "",
            Some(',' | '.' | ';' | ':') => " ",
            Some(_) => ", ",
        };
        let prompt = format!("{prompt}{between}{}", text.trim_start_matches([',', ' ']));
        state.form.editor_mut(Field::Prompt).set(prompt);
    }
    if content.version > VERSION || !strange.is_empty() {
        let left = if strange.is_empty() { "more" } else { &strange.join(", ") };
        let name = &preset.name;
        state.say(format!("“{name}” is of another version: {left} in it was left out."));
    }
    state.focus = Focus::Form(Field::Prompt);
}
