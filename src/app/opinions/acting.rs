//! What keys mean for opinions: on the selected generation, or on all that are marked.

use std::collections::BTreeSet;

use super::{Line, Wants, Wish};
use crate::app::editor::Editor;
use crate::app::{Effect, Overlay, State, lineage, presets, told, typing};
use crate::config::chord::{Chord, Key};
use crate::config::keymap::Action;
use crate::domain::{Change, GenerationId, Opinion, Rating, SavedSearch, Tag, TagError};

/// Does what a key means for opinions; `None` where it means something else.
pub(in crate::app) fn act(state: &mut State, action: Action) -> Option<Vec<Effect>> {
    let wish = |wish| Some(vec![Effect::Opinion(wish)]);
    match action {
        Action::TakeBack => return wish(Wish::TakeBack),
        Action::DoAgain => return wish(Wish::DoAgain),
        Action::EmptyTrash => return wish(Wish::Weigh),
        Action::Searches => {
            state.overlay = Some(Overlay::Searches(0));
            return wish(Wish::Learn);
        }
        Action::SaveSearch => return Some(name_search(state)),
        _ => {}
    }
    let concerned = concerned(state);
    let all = |is_so: fn(&Opinion) -> bool| concerned.iter().all(|(_, opinion)| is_so(opinion));
    let change = match action {
        Action::Mark | Action::Tag if concerned.is_empty() => return None,
        Action::Mark => return Some(mark(state)),
        Action::Tag => {
            open_tags(state, &concerned);
            return wish(Wish::Learn);
        }
        Action::Favourite => Change::Favourite(!all(|opinion| opinion.favourite)),
        Action::Unrate => Change::Rate(Rating::NONE),
        Action::RateOne => Change::Rate(Rating::new(1)),
        Action::RateTwo => Change::Rate(Rating::new(2)),
        Action::RateThree => Change::Rate(Rating::new(3)),
        Action::RateFour => Change::Rate(Rating::new(4)),
        Action::RateFive => Change::Rate(Rating::BEST),
        Action::Trash if all(|opinion| opinion.trashed.is_some()) => Change::Restore,
        Action::Trash => Change::Trash(state.now),
        _ => return None,
    };
    if concerned.is_empty() {
        return None;
    }
    let ids = concerned.into_iter().map(|(id, _)| id).collect();
    state.opinions.clear_marks();
    wish(Wish::Change(ids, change))
}

/// What is marked, or else what is selected.
pub(in crate::app) fn concerned(state: &State) -> Vec<(GenerationId, Opinion)> {
    if state.opinions.marked.is_empty() {
        let selected = state.selected().into_iter();
        return selected.map(|row| (row.id, row.opinion.clone())).collect();
    }
    state.opinions.marked.iter().map(|(id, opinion)| (*id, opinion.clone())).collect()
}

fn mark(state: &mut State) -> Vec<Effect> {
    if let Some(generation) = state.selected().cloned() {
        state.opinions.turn_mark(&generation);
    }
    if state.lineage.is_some() {
        return lineage::go_on(state);
    }
    state.history.go(1).map(Effect::Load).into_iter().collect()
}

fn open_tags(state: &mut State, concerned: &[(GenerationId, Opinion)]) {
    let mut had = concerned.first().map(|(_, opinion)| opinion.tags.clone()).unwrap_or_default();
    had.retain(|tag| concerned.iter().all(|(_, opinion)| opinion.tags.contains(tag)));
    let typed = had.iter().fold(String::new(), |typed, tag| typed + tag.as_str() + " ");
    let of = concerned.iter().map(|(id, _)| *id).collect();
    let wants = Wants::Tags { of, had };
    state.opinions.line = Some(Line { wants, editor: Editor::new(typed) });
}

fn name_search(state: &mut State) -> Vec<Effect> {
    let query = state.history.query().to_owned();
    state.opinions.line = Some(Line { wants: Wants::Name(query), editor: Editor::default() });
    Vec::new()
}

/// Takes the line as it is.
pub(in crate::app) fn commit(state: &mut State) -> Vec<Effect> {
    let Some(line) = state.opinions.line.take() else { return Vec::new() };
    let wish = match line.wants {
        Wants::Tags { of, had } => match tags(line.editor.text()) {
            Ok(tags) => {
                let add: BTreeSet<Tag> = tags.difference(&had).cloned().collect();
                let remove: BTreeSet<Tag> = had.difference(&tags).cloned().collect();
                if add.is_empty() && remove.is_empty() {
                    return Vec::new();
                }
                state.opinions.clear_marks();
                Wish::Change(of, Change::Tag { add, remove })
            }
            Err(wrong) => {
                state.say(format!("Not tagged: {wrong}."));
                state.opinions.line =
                    Some(Line { wants: Wants::Tags { of, had }, editor: line.editor });
                return Vec::new();
            }
        },
        Wants::File { .. } => return told::look(state, line.editor.text()),
        Wants::Preset { body, is_piece } => {
            let name = line.editor.text().to_owned();
            if name.trim().is_empty() {
                state.say("Not kept: it needs a name.");
                let wants = Wants::Preset { body, is_piece };
                state.opinions.line = Some(Line { wants, editor: line.editor });
                return Vec::new();
            }
            return presets::keep(state, &name, body);
        }
        Wants::Name(query) => {
            // A name is one word, as a tag is.
            let typed = line.editor.text().trim().trim_start_matches('@');
            let Ok(name) = typed.parse::<Tag>() else {
                state.say("Not saved: a name is one word, without quotes.");
                state.opinions.line = Some(Line { wants: Wants::Name(query), editor: line.editor });
                return Vec::new();
            };
            state.say(format!("Saved: @{name} finds it again."));
            Wish::Save(SavedSearch { name: name.to_string(), query })
        }
    };
    vec![Effect::Opinion(wish)]
}

/// The tags in `text`.
fn tags(text: &str) -> Result<BTreeSet<Tag>, TagError> {
    let words = text.split([' ', ',', '\t']).filter(|word| !word.is_empty());
    words.map(str::parse).collect()
}

/// Goes on with the tag that fits best.
pub(in crate::app) fn complete(state: &mut State) -> Vec<Effect> {
    if told::is_asked(state) {
        return told::complete(state);
    }
    let offered = state.opinions.offered().first().map(ToString::to_string);
    if let (Some(tag), Some(line)) = (offered, &mut state.opinions.line) {
        let text = line.editor.text();
        let begun = text.rfind([' ', ',']).map_or(0, |before| before + 1);
        let whole = format!("{}{tag} ", &text[..begun]);
        line.editor.set(whole);
    }
    Vec::new()
}

/// Does what a key means among the searches with a name.
pub(in crate::app) fn pick(state: &mut State, action: Action, selected: usize) -> Vec<Effect> {
    let last = state.opinions.searches.len().saturating_sub(1);
    let to = match action {
        Action::Down => (selected + 1).min(last),
        Action::Up => selected.saturating_sub(1),
        Action::Top | Action::PageUp => 0,
        Action::Bottom | Action::PageDown => last,
        Action::UseAll | Action::Trash => {
            state.overlay = None;
            let Some(search) = state.opinions.searches.get(selected).cloned() else {
                return Vec::new();
            };
            if action == Action::UseAll {
                state.history.search.set(format!("@{} ", search.name));
                return typing::search(state);
            }
            // What it stood for is not lost: it stands in the search line.
            state.say(format!("Forgotten: @{}. What it found is still searched for.", search.name));
            state.history.search.set(search.query);
            let forgotten = SavedSearch { name: search.name, query: String::new() };
            let mut effects = typing::search(state);
            effects.push(Effect::Opinion(Wish::Save(forgotten)));
            return effects;
        }
        _ => selected,
    };
    state.overlay = Some(Overlay::Searches(to));
    Vec::new()
}

/// Whether the trash is emptied: only `y` says so.
pub(in crate::app) fn decide(state: &mut State, chord: Chord) -> Vec<Effect> {
    state.overlay = None;
    if chord.key == Key::Char('y') && chord.types().is_some() {
        return vec![Effect::Opinion(Wish::Empty)];
    }
    state.say("Nothing was deleted.");
    Vec::new()
}
