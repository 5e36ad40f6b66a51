//! One picture after another over the whole screen.
//!
//! Owns which picture is next and since when this one is shown; the selection is on the one
//! that is shown. Promises that the pictures are those that are marked, where any are, or else
//! those of what the history shows, from newer to older and then anew; that a picture on
//! its way is waited for no longer than one that is there is shown; and that one stays in sight
//! until the next is found, however many have none in between. Must never run behind
//! anything else: whatever takes the screen ends it.

use std::collections::BTreeSet;

use super::history::From;
use super::{Effect, Focus, State};
use crate::config::Settings;
use crate::config::chord::Chord;
use crate::config::keymap::{Action, Context};
use crate::domain::{Generation, GenerationId, Timestamp};

/// A slideshow that runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Slideshow {
    /// What was shown last, and since when.
    shown: Option<Generation>,
    since: Timestamp,
    /// Whether it has begun anew and found no picture since.
    in_vain: bool,
    /// Whether the preview had the whole screen before, and what had the keys.
    before: (bool, Focus),
}

impl Slideshow {
    /// What stays in sight while the selection is on one without a picture.
    pub(super) const fn shown(&self) -> Option<&Generation> {
        self.shown.as_ref()
    }
}

/// Begins with what is selected, where that belongs to it.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    if let Some(selected) = state.selected().cloned() {
        state.preview.fit(&selected);
    }
    let before = (state.preview.full_screen, state.focus);
    let (shown, since, in_vain) = (None, state.now, false);
    state.preview.slideshow = Some(Slideshow { shown, since, in_vain, before });
    state.preview.full_screen = true;
    state.focus = Focus::Preview;
    let mut effects: Vec<Effect> = hold_marked(state).into_iter().collect();
    if !state.selected().is_some_and(|selected| belongs(state, selected)) {
        effects.extend(step(state));
    }
    arrive(state);
    effects
}

/// Keeps what is marked at hand wherever the history goes, and asks for what is not.
fn hold_marked(state: &mut State) -> Option<Effect> {
    let marked: BTreeSet<GenerationId> = state.opinions.marked().collect();
    for id in &marked {
        if let Some(generation) = state.generation(*id).cloned() {
            state.known.take(generation);
        }
    }
    state.known.want(&marked)
}

/// Ends it, with the panes as they were; gives whether there was one.
pub(super) fn end(state: &mut State) -> bool {
    let Some(Slideshow { before: (full_screen, focus), shown, .. }) =
        state.preview.slideshow.take()
    else {
        return false;
    };
    if let Some(shown) = shown.filter(|_| has_none(state)) {
        state.history.select(shown.id);
    }
    state.preview.full_screen &= full_screen;
    if state.focus == Focus::Preview {
        state.focus = focus;
    }
    true
}

/// Ends it with a key, and gives whether that was all this key is for: what is done to the
/// program or its terminal is done all the same.
pub(super) fn takes(settings: &Settings, state: &mut State, chord: Chord) -> bool {
    let action = settings.keys.action(Context::Browse, chord);
    end(state) && !matches!(action, Some(Action::Quit | Action::Suspend | Action::Redraw))
}

/// Goes on to the next picture when it is time.
pub(super) fn tick(settings: &Settings, state: &mut State) -> Vec<Effect> {
    if state.preview.slideshow.is_none() {
        return Vec::new();
    }
    if state.overlay.is_some() || state.opinions.line.is_some() || !state.preview.full_screen {
        end(state);
        return Vec::new();
    }
    let is_shown = arrive(state);
    let Some(slideshow) = &state.preview.slideshow else { return Vec::new() };
    // A clock that was set back is no reason to stand still.
    let until = slideshow.since.plus_seconds(settings.studio.slideshow.into());
    if is_shown && (slideshow.since..until).contains(&state.now) {
        return Vec::new();
    }
    let effects = step(state);
    arrive(state);
    effects
}

/// Begins the time of what is selected, where it is new; gives whether it has a picture.
fn arrive(state: &mut State) -> bool {
    if has_none(state) {
        return false;
    }
    if let (Some(selected), Some(slideshow)) =
        (state.history.selected(), &mut state.preview.slideshow)
        && slideshow.shown.as_ref().is_none_or(|shown| shown.id != selected.id)
    {
        let shown = Some(selected.clone());
        (slideshow.shown, slideshow.since, slideshow.in_vain) = (shown, state.now, false);
    }
    true
}

/// Whether the selection is on no picture.
fn has_none(state: &State) -> bool {
    state.history.selected().is_none_or(|selected| selected.images.is_empty())
}

/// Whether it is one of those that are shown.
fn belongs(state: &State, generation: &Generation) -> bool {
    let is_meant = state.opinions.marks() == 0 || state.opinions.is_marked(generation.id);
    is_meant && !generation.images.is_empty()
}

/// What is shown next, as far as that is at hand.
pub(super) fn next(state: &State) -> Option<GenerationId> {
    let has_picture = |id: &GenerationId| {
        state.generation(*id).is_some_and(|generation| belongs(state, generation))
    };
    if state.opinions.marks() > 0 {
        let mut marked: Vec<GenerationId> = state.opinions.marked().filter(has_picture).collect();
        marked.reverse();
        let here = state.selected().map(|selected| selected.id);
        let older = marked.iter().find(|id| here.is_some_and(|here| **id < here));
        return older.or_else(|| marked.first()).copied();
    }
    let history = &state.history;
    let (newer, older) =
        history.rows().split_at(history.selected_index().min(history.rows().len()));
    let is_whole = history.is_whole();
    let anew = newer.iter().filter(|_| is_whole);
    let mut rows = older.iter().skip(1).chain(anew);
    rows.find(|row| belongs(state, row)).map(|row| row.id)
}

/// Goes to the next one, or asks for where it may be.
fn step(state: &mut State) -> Vec<Effect> {
    if let Some(id) = next(state) {
        let mut effects = state.go_to(id);
        effects.extend(state.history.go(0).map(Effect::Load));
        return effects;
    }
    if state.opinions.marks() > 0 || state.history.is_loading() {
        return Vec::new();
    }
    if !state.history.at_oldest() {
        return state.history.go(isize::MAX).map(Effect::Load).into_iter().collect();
    }
    let Some(slideshow) = &mut state.preview.slideshow else { return Vec::new() };
    if state.history.at_newest() {
        // The only picture stays; without one there is nothing to show.
        if !state.history.selected().is_some_and(|selected| belongs(state, selected)) {
            stop(state);
        }
    } else if std::mem::replace(&mut slideshow.in_vain, true) {
        stop(state);
    } else {
        return state.history.want(From::Newest).map(Effect::Load).into_iter().collect();
    }
    Vec::new()
}

fn stop(state: &mut State) {
    end(state);
    state.say("The slideshow has ended: there is no picture left to show.");
}

/// Why there can be none now.
pub(super) fn why_not(state: &State) -> Option<&'static str> {
    if state.lineage.is_some() {
        return Some("The lineage is open: leave it for a slideshow of the history.");
    }
    let count = |generations: &mut dyn Iterator<Item = &Generation>| {
        generations.filter(|generation| belongs(state, generation)).count()
    };
    if state.opinions.marks() > 0 {
        let marked = || state.opinions.marked().map(|id| state.generation(id));
        let unknown = marked().filter(Option::is_none).count();
        return match count(&mut marked().flatten()) + unknown {
            0 => Some("Nothing that is marked has a picture to show."),
            1 => Some("Only one picture is marked: mark more of them, or none to see all."),
            _ => None,
        };
    }
    let history = &state.history;
    if history.rows().is_empty() && history.is_loading() {
        return Some("The history is still being read.");
    }
    if !history.is_whole() {
        return None;
    }
    match count(&mut history.rows().iter()) {
        0 if history.query().is_empty() => Some("There is no picture yet to show."),
        0 => Some("Nothing was found that has a picture to show."),
        1 => Some("There is only one picture, which {full_screen} shows over the whole screen."),
        _ => None,
    }
}
