//! Every action by its name.

use std::ops::Range;

use crate::app::editor::Editor;
use crate::app::{Effect, Overlay, State, fuzzy, keys, typing};
use crate::config::Settings;
use crate::config::chord::Chord;
use crate::config::keymap::{ACTIONS, Action, Context};

/// How many actions are remembered as the last ones used.
const REMEMBERED: usize = 20;

/// What is typed, and what is selected of what that finds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette {
    line: Editor,
    selected: usize,
    /// The actions that were picked, the last one first.
    recent: Vec<Action>,
    /// Where it was opened.
    from: Option<Context>,
}

/// An action that is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub action: Action,
    /// Which bytes of [`Action::what`] were found.
    pub marks: Vec<Range<usize>>,
}

impl Palette {
    /// What is typed.
    pub const fn line(&self) -> &Editor {
        &self.line
    }

    /// Where it was opened: where keys are meant that are shown.
    pub fn from(&self) -> Context {
        self.from.unwrap_or(Context::Browse)
    }

    /// Which of the found ones is selected.
    pub const fn selected(&self) -> usize {
        self.selected
    }

    /// The actions that are found, the best first: of those that are as good, the last used
    /// first, and then those of where one is.
    pub fn found(&self) -> Vec<Found> {
        let is_offered = |action: &Action| *action != Action::Palette;
        let mut actions: Vec<Action> = ACTIONS.iter().map(|row| row.0).filter(is_offered).collect();
        actions.sort_by_key(|action| {
            let used = self.recent.iter().position(|recent| recent == action);
            (used.unwrap_or(usize::MAX), Some(action.context()) != self.from)
        });
        // What a name in the configuration says and its description does not.
        let words = |action: &Action| (action.what().to_owned(), action.name().replace('_', " "));
        let found = fuzzy::rank(self.line.text(), actions, words).into_iter();
        found.map(|(action, marks)| Found { action, marks }).collect()
    }

    /// The names of the actions that were picked, the last one first.
    pub(in crate::app) fn used(&self) -> Vec<String> {
        self.recent.iter().map(|action| action.name().to_owned()).collect()
    }

    /// Takes these for the actions that were picked; a name that no action has is nothing.
    pub(in crate::app) fn set_used(&mut self, names: &[String]) {
        self.recent = names.iter().filter_map(|name| Action::named(name)).collect();
        self.recent.truncate(REMEMBERED);
    }

    /// Changes what is typed; the best one is selected then.
    pub(in crate::app) fn change(&mut self, change: impl FnOnce(&mut Editor)) {
        let before = self.line.text().to_owned();
        change(&mut self.line);
        if self.line.text() != before {
            self.selected = 0;
        }
    }

    fn go(&mut self, by: isize) {
        let last = self.found().len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
    }

    fn remember(&mut self, action: Action) {
        self.recent.retain(|recent| *recent != action);
        self.recent.insert(0, action);
        self.recent.truncate(REMEMBERED);
    }
}

/// Opens the palette over where keys mean what they do in `from`.
pub(in crate::app) fn open(state: &mut State, from: Context) {
    let palette = &mut state.reach.palette;
    (palette.line, palette.selected, palette.from) = (Editor::default(), 0, Some(from));
    state.overlay = Some(Overlay::Palette);
}

/// Does what a key means in the palette.
pub(in crate::app) fn pick(settings: &Settings, state: &mut State, chord: Chord) -> Vec<Effect> {
    let palette = &mut state.reach.palette;
    match settings.keys.action(Context::Text, chord) {
        None => {
            if let Some(c) = chord.types() {
                palette.change(|line| line.type_char(c));
                state.note_typing();
            }
        }
        Some(Action::NewLine) => return run(settings, state),
        Some(Action::Leave | Action::Palette) => state.overlay = None,
        Some(Action::LineUp | Action::Previous) => palette.go(-1),
        Some(Action::LineDown | Action::Next) => palette.go(1),
        Some(action) if action.context() == Context::Everywhere => {
            state.overlay = None;
            return keys::perform(settings, state, action);
        }
        Some(action) => palette.change(|line| typing::apply(line, action)),
    }
    Vec::new()
}

/// Does what is selected, where the palette was opened.
fn run(settings: &Settings, state: &mut State) -> Vec<Effect> {
    if state.is_pasting() {
        state.say("Nothing was done: a paste has only just ended. Press again.");
        return Vec::new();
    }
    let palette = &mut state.reach.palette;
    let Some(found) = palette.found().into_iter().nth(palette.selected) else {
        state.say("No action is called so.");
        return Vec::new();
    };
    palette.remember(found.action);
    state.overlay = None;
    keys::perform(settings, state, found.action)
}
