//! The letters of places.

use crate::app::form::Field;
use crate::app::{Effect, Focus, Overlay, State, Target, keys, lineage};
use crate::config::Settings;
use crate::config::chord::Chord;
use crate::config::keymap::{Action, Context};

/// The letters, those under the fingers first.
const LETTERS: [char; 26] = [
    'a', 's', 'd', 'f', 'g', 'h', 'j', 'k', 'l', 'q', 'w', 'e', 'r', 't', 'y', 'u', 'i', 'o', 'p',
    'z', 'x', 'c', 'v', 'b', 'n', 'm',
];

/// The letters of one of `of` places: one each, or two where one does not go round.
pub fn label(place: usize, of: usize) -> String {
    let letter = |nth: usize| LETTERS[nth % LETTERS.len()];
    if of <= LETTERS.len() {
        return letter(place).to_string();
    }
    [letter(place / LETTERS.len()), letter(place)].iter().collect()
}

/// Goes to the place of the letters that were typed.
pub(in crate::app) fn jump(
    settings: &Settings,
    state: &mut State,
    chord: Chord,
    typed: Option<char>,
) -> Vec<Effect> {
    state.overlay = None;
    let Some(letter) = chord.types() else {
        let action = settings.keys.action(Context::Browse, chord);
        let means = |action: &Action| {
            action.context() == Context::Everywhere
                && !matches!(action, Action::Leave | Action::Jump)
        };
        let action = action.filter(means);
        return action.map_or_else(Vec::new, |action| keys::perform(settings, state, action));
    };
    let letters: String = typed.into_iter().chain(letter.to_lowercase()).collect();
    let of = state.reach.targets.len();
    let mut labelled = (0..of).map(|place| label(place, of));
    if let Some(place) = labelled.clone().position(|label| label == letters) {
        return go_to(state, state.reach.targets[place]);
    } else if labelled.any(|label| label.starts_with(&letters)) {
        state.overlay = Some(Overlay::Jumping(Some(letter)));
    } else {
        state.say(format!("No place on the screen has the letters “{letters}”."));
    }
    Vec::new()
}

fn go_to(state: &mut State, target: Target) -> Vec<Effect> {
    state.focus = match target {
        Target::Field(field) => Focus::Form(field),
        Target::Row(id) => {
            state.history.select(id);
            Focus::History
        }
        Target::Relative(id) => return lineage::go(state, id),
        Target::History => Focus::History,
        Target::Preview => Focus::Preview,
    };
    if matches!(state.focus, Focus::Form(Field::Prompt)) {
        state.preview.full_screen = false;
    }
    Vec::new()
}
