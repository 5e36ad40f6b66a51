//! Prompts that were sent before, walked through in the form or looked for in the picker.
//!
//! Owns where in them the form stands. Promises that what was being written comes back at
//! the near end. Must never change another field than the prompt.

use super::form::Field;
use super::{Effect, Focus, State, picker};
use crate::domain::GenerationId;

/// How many prompts are asked for at once.
pub const MOST: usize = 200;

/// Which of the prompts ever sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All.
    All,
    /// Those of the model in the form.
    Model,
    /// Those of favourites.
    Favourites,
    /// Those that have to do with one generation: what it came from and what came of that.
    Lineage,
}

impl Scope {
    /// The next one, that of a lineage only where there `is_lineage`.
    pub(super) const fn next(self, is_lineage: bool) -> Self {
        match self {
            Self::All => Self::Model,
            Self::Model => Self::Favourites,
            Self::Favourites if is_lineage => Self::Lineage,
            Self::Favourites | Self::Lineage => Self::All,
        }
    }

    /// In a few words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Model => "this model",
            Self::Favourites => "favourites",
            Self::Lineage => "this lineage",
        }
    }
}

/// What prompts are asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Who wants them.
    pub wanted: For,
    /// What must be found in them, as in the search.
    pub typed: String,
    /// Which.
    pub scope: Scope,
    /// The model in the form.
    pub model: String,
    /// The generation whose lineage it is.
    pub of: Option<GenerationId>,
}

/// Who wants prompts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// The picker.
    Picker,
    /// The form, to walk through them.
    Form,
}

/// Where in the prompts ever sent the form stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recall {
    /// What was being written when the walk began, and the prompts from there on, the last
    /// one first. Empty where nobody walks.
    prompts: Vec<String>,
    /// The place in them; 0 is what was being written.
    at: usize,
    /// Steps to be taken when the prompts have come.
    owed: usize,
}

/// Goes to the prompt before.
pub(super) fn older(state: &mut State) -> Vec<Effect> {
    state.focus = Focus::Form(Field::Prompt);
    let text = state.form.text(Field::Prompt).to_owned();
    let recall = &mut state.recall;
    if recall.prompts.get(recall.at) == Some(&text) && recall.at > 0 {
        step(state, 1);
        return Vec::new();
    }
    recall.owed += 1;
    if recall.owed > 1 {
        return Vec::new();
    }
    *recall = Recall { prompts: vec![text], at: 0, owed: 1 };
    let asked = Asked {
        wanted: For::Form,
        typed: String::new(),
        scope: Scope::All,
        model: String::new(),
        of: None,
    };
    vec![Effect::FindPrompts(asked)]
}

/// Goes to the prompt after, and at last to what was being written.
pub(super) fn newer(state: &mut State) {
    state.focus = Focus::Form(Field::Prompt);
    let recall = &state.recall;
    let here = recall.prompts.get(recall.at).map(String::as_str);
    if recall.at == 0 || here != Some(state.form.text(Field::Prompt)) {
        state.say("There is no newer prompt.");
    } else {
        step(state, -1);
    }
}

fn step(state: &mut State, by: isize) {
    let to = state.recall.at.saturating_add_signed(by);
    match state.recall.prompts.get(to).cloned() {
        Some(prompt) => {
            state.recall.at = to;
            put(state, prompt);
        }
        None => state.say("There is no older prompt."),
    }
}

/// Puts a prompt into the form.
pub(super) fn put(state: &mut State, prompt: String) {
    state.form.editor_mut(Field::Prompt).set(prompt);
    state.focus = Focus::Form(Field::Prompt);
}

/// Takes in prompts that were found, the last one first.
pub(super) fn hear(state: &mut State, asked: &Asked, prompts: Vec<String>) {
    if asked.wanted == For::Picker {
        return picker::hear_of_prompts(state, asked, prompts);
    }
    let owed = std::mem::take(&mut state.recall.owed);
    let written = state.recall.prompts.first().cloned().unwrap_or_default();
    let others = prompts.into_iter().filter(|prompt| *prompt != written);
    state.recall.prompts.extend(others);
    let last = state.recall.prompts.len().saturating_sub(1);
    // What was written meanwhile is no part of the walk, and is not overwritten.
    if state.form.text(Field::Prompt) == written {
        step(state, owed.min(last.max(1)).cast_signed());
    }
}
