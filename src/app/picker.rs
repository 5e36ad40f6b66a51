//! The picker: a list over the panes, narrowed by what is typed, from which the form is
//! filled.
//!
//! Owns what is offered and what of it is marked. Promises that leaving it leaves the form
//! as it was. Must never ask the disk itself, nor keep anybody from typing what is not
//! offered.

use std::collections::BTreeSet;
use std::ops::Range;

use super::editor::Editor;
use super::form::Field;
use super::presets::{self, Preset};
use super::recall::{Asked, For, Scope};
use super::{Effect, Focus, Overlay, State, fuzzy, recall, typing};
use crate::config::Settings;
use crate::config::chord::Chord;
use crate::config::keymap::{Action, Context};
use crate::domain::{GenerationId, ModelId, shown_size};

/// Sizes to offer for a model of which nothing is known, in pixels.
const SIZES: [(u32, u32); 5] = [(1024, 1024), (1536, 1024), (1024, 1536), (1344, 768), (768, 1344)];

/// An open picker.
#[derive(Clone, Debug, PartialEq)]
pub struct Picker {
    /// What is offered.
    pub offers: Offers,
    /// What narrows it.
    pub filter: Editor,
    /// The place of the selected one among those that fit.
    pub selected: usize,
}

/// What can be offered.
#[derive(Clone, Debug, PartialEq)]
pub enum Offers {
    /// Texts for a field that takes several.
    Values {
        /// Which field.
        field: Field,
        /// All of them.
        values: Vec<Value>,
        /// Those that are marked, in the order in which they were.
        marked: Vec<String>,
    },
    /// What was kept under a name.
    Presets {
        /// All of them.
        presets: Vec<Preset>,
        /// The same, as they are shown.
        values: Vec<Value>,
    },
    /// Prompts that were sent before.
    Prompts {
        /// Which of them.
        scope: Scope,
        /// What the selected generation has to do with is the scope of a lineage.
        of: Option<GenerationId>,
        /// Those that are found, the last one first.
        found: Vec<String>,
    },
}

/// One text for a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The text.
    pub text: String,
    /// What it may be found by beside that.
    pub title: String,
    /// What is to be known of it.
    pub note: String,
    /// Whether it can be used with the keys there are.
    pub is_reached: bool,
}

/// A value that fits what is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// Its place among all.
    pub place: usize,
    /// The bytes of its text that were typed.
    pub marks: Vec<Range<usize>>,
}

impl Picker {
    fn new(offers: Offers) -> Self {
        Self { offers, filter: Editor::default(), selected: 0 }
    }

    /// All that is filtered here.
    pub fn values(&self) -> &[Value] {
        match &self.offers {
            Offers::Values { values, .. } | Offers::Presets { values, .. } => values,
            Offers::Prompts { .. } => &[],
        }
    }

    /// The preset that is selected.
    fn preset(&self) -> Option<Preset> {
        let Offers::Presets { presets, .. } = &self.offers else { return None };
        presets.get(self.fits().get(self.selected)?.place).cloned()
    }

    /// The values that fit what is typed, the best first.
    pub fn fits(&self) -> Vec<Fit> {
        let values = self.values();
        let words = |place: &usize| (values[*place].text.clone(), values[*place].title.clone());
        let found = fuzzy::rank(self.filter.text(), 0..values.len(), words).into_iter();
        found.map(|(place, marks)| Fit { place, marks }).collect()
    }

    /// How many there are to select from.
    fn len(&self) -> usize {
        match &self.offers {
            Offers::Values { .. } | Offers::Presets { .. } => self.fits().len(),
            Offers::Prompts { found, .. } => found.len(),
        }
    }

    /// Whether the value with this text is marked.
    pub fn is_marked(&self, text: &str) -> bool {
        match &self.offers {
            Offers::Values { marked, .. } => marked.iter().any(|marked| marked == text),
            Offers::Presets { .. } | Offers::Prompts { .. } => false,
        }
    }

    /// The text that is selected.
    pub fn picked(&self) -> Option<String> {
        match &self.offers {
            Offers::Values { values, .. } | Offers::Presets { values, .. } => {
                Some(values[self.fits().get(self.selected)?.place].text.clone())
            }
            Offers::Prompts { found, .. } => found.get(self.selected).cloned(),
        }
    }

    pub(super) fn go(&mut self, by: isize) {
        let last = self.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
    }

    fn mark(&mut self) {
        let Some(picked) = self.picked() else { return };
        let last = self.len().saturating_sub(1);
        if let Offers::Values { marked, .. } = &mut self.offers {
            if let Some(place) = marked.iter().position(|text| *text == picked) {
                marked.remove(place);
            } else {
                marked.push(picked);
            }
            self.selected = (self.selected + 1).min(last);
        }
    }
}

/// Opens the list of models.
pub(super) fn models(settings: &Settings, state: &mut State) -> Vec<Effect> {
    let values = settings.models.iter().map(|model| Value {
        text: model.id.to_string(),
        title: model.title.to_string(),
        note: settings.models.note(&model.id),
        is_reached: true,
    });
    let mut values: Vec<Value> = values.collect();
    let painter = "demo:painter";
    if values.iter().all(|value| value.text != painter) {
        values.push(Value {
            text: painter.to_owned(),
            title: "paints here".to_owned(),
            note: "free · painted here, not by a model".to_owned(),
            is_reached: true,
        });
    }
    open(state, Offers::Values { field: Field::Model, values, marked: Vec::new() });
    vec![Effect::FindModels]
}

/// Takes in which models were asked last, and which providers can be reached.
pub(super) fn hear_of_models(
    settings: &Settings,
    state: &mut State,
    used: &[ModelId],
    reached: &BTreeSet<String>,
) {
    let Some(Picker { offers: Offers::Values { field: Field::Model, values, .. }, .. }) =
        &mut state.picker
    else {
        return;
    };
    for model in used {
        if values.iter().all(|value| value.text != model.as_str()) {
            values.push(Value {
                text: model.to_string(),
                title: String::new(),
                note: settings.models.note(model),
                is_reached: true,
            });
        }
    }
    let place = |text: &str| used.iter().position(|model| model.as_str() == text);
    values.sort_by_key(|value| place(&value.text).unwrap_or(usize::MAX));
    for value in values {
        value.is_reached = value.text.split(':').next().is_some_and(|it| reached.contains(it));
    }
}

/// Opens the list of sizes for the first model in the form.
pub(super) fn sizes(settings: &Settings, state: &mut State) -> Vec<Effect> {
    let model = state.form.text(Field::Model).split(',').next().unwrap_or_default();
    let model = model.trim().parse::<ModelId>().ok();
    let known = model.and_then(|model| settings.models.get(&model)).map(|model| &*model.sizes);
    let sizes = known.filter(|sizes| !sizes.is_empty()).unwrap_or(&SIZES);
    let value = |&(width, height): &(u32, u32)| Value {
        text: shown_size(Some(width), Some(height)),
        title: ratio(width, height),
        note: String::new(),
        is_reached: true,
    };
    let values = sizes.iter().map(value).collect();
    open(state, Offers::Values { field: Field::Size, values, marked: Vec::new() });
    Vec::new()
}

/// How two sides compare, in small numbers and a word: `3:2 landscape`.
fn ratio(width: u32, height: u32) -> String {
    let exact = f64::from(width) / f64::from(height);
    let near = |&(w, h): &(u32, u32)| (f64::from(w) / f64::from(h) - exact).abs();
    let known = [
        (1, 1),
        (5, 4),
        (4, 3),
        (3, 2),
        (16, 10),
        (16, 9),
        (21, 9),
        (2, 1),
        (4, 5),
        (3, 4),
        (2, 3),
        (10, 16),
        (9, 16),
        (9, 21),
        (1, 2),
    ];
    let (w, h) = known.into_iter().min_by(|a, b| near(a).total_cmp(&near(b))).unwrap_or((1, 1));
    let shape = match width.cmp(&height) {
        std::cmp::Ordering::Less => "portrait",
        std::cmp::Ordering::Equal => "square",
        std::cmp::Ordering::Greater => "landscape",
    };
    format!("{w}:{h} {shape}")
}

/// Opens the list of prompts that were ever sent.
pub(super) fn prompts(state: &mut State) -> Vec<Effect> {
    let of = state.form.parent.or_else(|| state.selected().map(|selected| selected.id));
    open(state, Offers::Prompts { scope: Scope::All, of, found: Vec::new() });
    ask(state)
}

pub(super) fn open(state: &mut State, offers: Offers) {
    state.overlay = Some(Overlay::Picking);
    state.opinions.line = None;
    state.preview.full_screen = false;
    state.picker = Some(Picker::new(offers));
}

/// Asks for the prompts that fit.
fn ask(state: &State) -> Vec<Effect> {
    let Some(Picker { offers: Offers::Prompts { scope, of, .. }, filter, .. }) = &state.picker
    else {
        return Vec::new();
    };
    let asked = Asked {
        wanted: For::Picker,
        typed: filter.text().to_owned(),
        scope: *scope,
        model: state.form.text(Field::Model).to_owned(),
        of: *of,
    };
    vec![Effect::FindPrompts(asked)]
}

/// Takes in the prompts that were found, unless something else is asked by now.
pub(super) fn hear_of_prompts(state: &mut State, asked: &Asked, prompts: Vec<String>) {
    if let Some(Picker { offers: Offers::Prompts { scope, found, .. }, filter, selected }) =
        &mut state.picker
        && asked.typed == filter.text()
        && asked.scope == *scope
    {
        *selected = (*selected).min(prompts.len().saturating_sub(1));
        *found = prompts;
    }
}

/// What a key means while a picker is open.
pub(super) fn press(settings: &Settings, state: &mut State, chord: Chord) -> Vec<Effect> {
    let Some(picker) = &mut state.picker else { return Vec::new() };
    let action = settings.keys.action(Context::Text, chord);
    match action {
        Some(Action::Leave) => state.overlay = None,
        Some(Action::NewLine) => take(state),
        Some(Action::Generate) => {
            take(state);
            return state.generate(settings);
        }
        Some(Action::DeleteForward) if picker.filter.text().is_empty() => {
            if let Some(preset) = picker.preset() {
                return presets::forget(state, &preset);
            }
        }
        Some(Action::Next) => picker.mark(),
        Some(Action::Previous) => picker.go(-1),
        Some(Action::Prompts) => {
            if let Offers::Prompts { scope, of, .. } = &mut picker.offers {
                *scope = scope.next(of.is_some());
                return ask(state);
            }
        }
        _ => return typing::narrow(settings, state, chord),
    }
    Vec::new()
}

/// Moves the selection by so many.
pub(super) fn go(state: &mut State, by: isize) {
    if let Some(picker) = &mut state.picker {
        picker.go(by);
    }
}

/// Changes what narrows the list.
pub(super) fn edit(state: &mut State, change: impl FnOnce(&mut Editor)) -> Vec<Effect> {
    let Some(picker) = &mut state.picker else { return Vec::new() };
    let before = picker.filter.text().to_owned();
    change(&mut picker.filter);
    if picker.filter.text() == before {
        return Vec::new();
    }
    picker.selected = 0;
    ask(state)
}

/// Fills the form with what is marked, or else with what is selected.
fn take(state: &mut State) {
    state.overlay = None;
    let Some(picker) = state.picker.take() else { return };
    let (picked, preset) = (picker.picked(), picker.preset());
    match picker.offers {
        Offers::Values { field, marked, .. } => {
            let several = (!marked.is_empty()).then(|| marked.join(", "));
            if let Some(text) = several.or(picked) {
                state.form.editor_mut(field).set(text);
            }
            if !matches!(state.focus, Focus::Form(_)) {
                state.focus = Focus::Form(Field::Prompt);
            }
        }
        Offers::Presets { .. } => {
            if let Some(preset) = preset {
                presets::apply(state, &preset);
            }
        }
        Offers::Prompts { .. } => {
            if let Some(prompt) = picked {
                recall::put(state, prompt);
            }
        }
    }
}
