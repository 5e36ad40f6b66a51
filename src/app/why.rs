//! Why a key can do nothing now: the one table of it.
//!
//! Owns every sentence that is said in place of an action. Promises that an action which
//! gets one changes nothing, and that one which gets none does something or asks for it.
//! Must never change the state, nor speak for a cursor at the end of its text, which is
//! seen.

use super::form::Field;
use super::preview::Preview;
use super::{
    Focus, Overlay, State, arrangement, browsing, compare, queue, slideshow, told, typing,
};
use crate::config::Settings;
use crate::config::keymap::{Action, Context};
use crate::domain::{Charged, Generation, Job, View};

/// Why `action` does nothing now, in a sentence; `None` where it does something.
pub(super) fn why_not(settings: &Settings, state: &State, action: Action) -> Option<String> {
    let why = match (action.context(), state.overlay) {
        (Context::Everywhere, _) => {
            everywhere(state, action).or_else(|| arrangement::why_not(settings, state, action))
        }
        (Context::Text, _) => in_text(state, action),
        (Context::Browse, Some(Overlay::Help { .. })) if !scrolls(action) => {
            Some("The help is open. {leave} closes it.")
        }
        (Context::Browse, Some(Overlay::Help { scroll, .. })) => {
            let (lines, visible) = state.extents.help;
            let (is_first, is_last) = (scroll == 0, scroll >= lines.saturating_sub(visible));
            at_the_ends(action, is_first, "The help begins here.", is_last, "The help ends here.")
        }
        (Context::Browse, Some(Overlay::Doctor { .. })) if !scrolls(action) => {
            Some("The doctor is in. {leave} closes it.")
        }
        (Context::Browse, Some(Overlay::Doctor { scroll })) => {
            let (lines, visible) = state.extents.help;
            let (is_first, is_last) = (scroll == 0, scroll >= lines.saturating_sub(visible));
            at_the_ends(action, is_first, "It begins here.", is_last, "It ends here.")
        }
        (Context::Browse, Some(Overlay::Details { .. })) if action == Action::AllDetails => None,
        (Context::Browse, Some(Overlay::Details { .. })) if !scrolls(action) => {
            Some("The details are open. {leave} closes them.")
        }
        (Context::Browse, Some(Overlay::Details { scroll })) => {
            let (lines, visible) = state.extents.help;
            let (is_first, is_last) = (scroll == 0, scroll >= lines.saturating_sub(visible));
            at_the_ends(
                action,
                is_first,
                "The details begin here.",
                is_last,
                "The details end here.",
            )
        }
        (Context::Browse, Some(Overlay::Searches(_)))
            if !scrolls(action) && !matches!(action, Action::UseAll | Action::Trash) =>
        {
            Some("This is to pick a search. {leave} leaves it.")
        }
        (Context::Browse, Some(Overlay::Searches(_))) if state.opinions.searches.is_empty() => {
            Some("There is no saved search yet.")
        }
        (Context::Browse, Some(Overlay::Searches(selected))) => {
            let all = state.opinions.searches.len();
            let (is_first, is_last) = (selected == 0, selected + 1 >= all);
            at_the_ends(
                action,
                is_first,
                "This is the first one.",
                is_last,
                "This is the last one.",
            )
        }
        (Context::Browse, Some(Overlay::Queue)) if !is_meant_in_queue(action) => {
            Some("This is the queue. {leave} leaves it.")
        }
        (Context::Browse, Some(Overlay::Queue)) => queue::why_not(state, action),
        (Context::Browse, _) => in_panes(state, action),
    };
    why.map(|why| with_keys(settings, why))
}

/// `sentence` with the keys that are in force in place of actions in braces.
pub(super) fn with_keys(settings: &Settings, sentence: &str) -> String {
    let pieces = sentence.split(['{', '}']).enumerate();
    let said = pieces.map(|(nth, piece)| match nth % 2 {
        0 => piece.to_owned(),
        _ => key(settings, piece),
    });
    said.collect()
}

/// The key of the action of this name, or its name where it has none.
fn key(settings: &Settings, name: &str) -> String {
    let bound = Action::named(name).and_then(|action| {
        let mut contexts = [action.context(), Context::Browse].into_iter();
        contexts.find_map(|context| settings.keys.hint(context, action))
    });
    bound.map_or_else(|| format!("“{}”", name.replace('_', " ")), |key| key.to_string())
}

const fn scrolls(action: Action) -> bool {
    use Action::{Bottom, Down, PageDown, PageUp, Top, Up};
    matches!(action, Down | Up | PageDown | PageUp | Top | Bottom)
}

const fn is_meant_in_queue(action: Action) -> bool {
    use Action::{Cancel, GiveUp, PauseProvider, PauseQueue, QueueDown, QueueUp, RunNext};
    scrolls(action)
        || matches!(action, QueueUp | QueueDown | RunNext | PauseQueue | PauseProvider)
        || matches!(action, Cancel | GiveUp | Action::SendAgain | Action::UseAll)
}

fn at_the_ends(
    action: Action,
    is_first: bool,
    first: &'static str,
    is_last: bool,
    last: &'static str,
) -> Option<&'static str> {
    use Action::{Bottom, Down, PageDown, PageUp, Top, Up};
    match action {
        Up | PageUp | Top if is_first => Some(first),
        Down | PageDown | Bottom if is_last => Some(last),
        _ => None,
    }
}

fn everywhere(state: &State, action: Action) -> Option<&'static str> {
    if state.opinions.line.is_some() {
        let is_vain =
            action == Action::Next && !told::is_asked(state) && state.opinions.offered().is_empty();
        return is_vain.then_some("No tag in use goes on so.");
    }
    if state.overlay.is_some() {
        return None;
    }
    match action {
        Action::FocusForm if state.focus == Focus::Form(Field::Prompt) => {
            Some("The prompt has the keys already.")
        }
        Action::FocusHistory if state.focus == Focus::History => {
            Some("The history has the keys already.")
        }
        Action::FocusPreview if state.focus == Focus::Preview => {
            Some("The preview has the keys already.")
        }
        _ => None,
    }
}

fn in_text(state: &State, action: Action) -> Option<&'static str> {
    if action == Action::Editor {
        return None;
    }
    let Some(editor) = typing::editor(state) else {
        return Some("That is meant in a text, and none has the keys.");
    };
    let is_line = state.opinions.line.is_some();
    match action {
        Action::Undo if !editor.can_undo() => Some("There is nothing to undo."),
        Action::Redo if !editor.can_redo() => Some("There is nothing to redo."),
        Action::Yank if !editor.can_yank() => {
            Some("Nothing was deleted that could be put back: a word, or to the end of a line.")
        }
        Action::LineUp | Action::LineDown if is_line => Some("There is one line only."),
        Action::LineUp if typing::is_at_edge(state, -1) => Some("This is the first field."),
        Action::LineDown if typing::is_at_edge(state, 1) => Some("This is the last field."),
        _ => None,
    }
}

fn in_panes(state: &State, action: Action) -> Option<&'static str> {
    if let Some(compare) = &state.compare {
        return compare::why_not(state, compare, action);
    }
    match action {
        Action::Compare => compare::pair(state).err(),
        Action::Slideshow => slideshow::why_not(state),
        Action::Search
        | Action::Details
        | Action::FullScreen
        | Action::Gallery
        | Action::TakeBack
        | Action::DoAgain
        | Action::EmptyTrash
        | Action::PauseQueue
        | Action::Searches => None,
        Action::SaveSearch => {
            state.history.query().is_empty().then_some(
                "Search for something first: what is found can then be saved under a name.",
            )
        }
        _ if state.lineage.is_some() && !state.is_near() => lineage(state, action),
        _ => match state.selected() {
            Some(generation) => {
                moving(state, action, generation).or_else(|| acting(state, action, generation))
            }
            None if state.history.is_loading() => Some("The history is still being read."),
            None if !state.history.query().is_empty() => {
                Some("Nothing was found, so there is no generation for that.")
            }
            None => Some("There is no generation yet: write a prompt and press {generate}."),
        },
    }
}

/// Why an action does nothing in a lineage.
fn lineage(state: &State, action: Action) -> Option<&'static str> {
    use Action::{
        Bottom, Down, Lineage, MoveLeft, MoveRight, NextDay, PageDown, PageUp, PreviousDay, Top, Up,
    };
    let lineage = state.lineage.as_ref()?;
    let leads_nowhere = lineage.way(action, state.extents.lineage_rows).is_none();
    match action {
        Lineage => return None,
        Down | PageDown | Bottom => return leads_nowhere.then_some("This is the last line."),
        Up | PageUp | Top => return leads_nowhere.then_some("This is the first line."),
        MoveLeft => return leads_nowhere.then_some("It came from nothing."),
        MoveRight => return leads_nowhere.then_some("Nothing came of it yet."),
        NextDay => return leads_nowhere.then_some("Nothing else came of the same one after it."),
        PreviousDay => {
            return leads_nowhere.then_some("Nothing else came of the same one before it.");
        }
        _ => {}
    }
    let id = lineage.selected();
    match state.selected() {
        Some(it) if action == Action::UseAll && it.opinion.trashed.is_some() => {
            Some("It is in the trash: search the history for “trashed” to see it there.")
        }
        Some(_) if action == Action::UseAll => None,
        Some(generation) => {
            moving(state, action, generation).or_else(|| acting(state, action, generation))
        }
        None if lineage.tree().relative(id).is_some_and(|it| it.is_gone) => {
            Some("It was deleted for good: only its place is left.")
        }
        None => Some("It is still being read."),
    }
}

/// Why one cannot go on that way.
fn moving(state: &State, action: Action, generation: &Generation) -> Option<&'static str> {
    const ENDS: &str = "The picture ends here.";
    if state.is_near() {
        let stays = |right, down| same(&state.preview, |preview| preview.go(right, down));
        match action {
            Action::Down => return stays(0, 1).then_some(ENDS),
            Action::Up => return stays(0, -1).then_some(ENDS),
            Action::MoveLeft => return stays(-1, 0).then_some(ENDS),
            Action::MoveRight => return stays(1, 0).then_some(ENDS),
            _ => {}
        }
    }
    if let Some(place) = browsing::in_matrix(state, action) {
        return place.err();
    }
    let along = matches!(action, Action::MoveLeft | Action::MoveRight);
    let turns = matches!(action, Action::NextImage | Action::PreviousImage);
    if turns || along && !state.shows_gallery() {
        return match generation.images.len() {
            0 => Some("It has no picture."),
            1 => Some("It has only this picture."),
            _ => None,
        };
    }
    match action {
        Action::Down | Action::PageDown | Action::Bottom | Action::MoveRight => {
            state.history.is_at_end().then_some("This is the oldest one.")
        }
        Action::NextDay => {
            state.history.is_last_day().then_some("Nothing below is of another day.")
        }
        Action::Up | Action::PageUp | Action::Top | Action::MoveLeft | Action::PreviousDay => {
            state.history.is_at_start().then_some("This is the newest one.")
        }
        _ => None,
    }
}

/// Why that cannot be done to this generation.
pub(super) fn acting(
    state: &State,
    action: Action,
    generation: &Generation,
) -> Option<&'static str> {
    let has_none = generation.images.is_empty();
    let preview = |change: fn(&mut Preview, &Generation)| {
        same(&state.preview, |preview| change(preview, generation))
    };
    match (action, &generation.job) {
        (Action::Open, _) => has_none.then_some("It has no picture to open."),
        (Action::Download, _) if state.opinions.marks() == 0 => {
            has_none.then_some("It has no picture to download.")
        }
        (Action::Export, _) if state.opinions.marks() == 0 => {
            has_none.then_some("It has no picture to export.")
        }
        (Action::RunAgain, _) if generation.request.model.is_imported() => {
            Some("It was made elsewhere. {use_all} puts it into the form, for a model of yours.")
        }
        (Action::Iterate, _) => has_none.then_some("It has no picture to iterate on."),
        (Action::ZoomIn | Action::ZoomOut | Action::Fit, _) if has_none => {
            Some("It has no picture to look at.")
        }
        (Action::ZoomIn | Action::ZoomOut, _) if state.shows_gallery() => {
            Some("Look closely at one picture: {full_screen} shows it alone.")
        }
        (Action::ZoomIn, _) => preview(|preview, it| preview.zoom(it, 1))
            .then_some("Nearer than this one cannot look."),
        (Action::ZoomOut | Action::Fit, _) => {
            let is_whole = state.preview.view(generation).is_none_or(View::is_whole);
            is_whole.then_some("The whole picture is seen already.")
        }
        (Action::Batch, _) => generation.batch.is_none().then_some("It was asked for alone."),
        (Action::SendAgain, Job::Failed { failure }) => (failure.charged == Charged::Yes)
            .then_some("Its answer is here and paid for: `pentimento resume` reads it again."),
        (Action::SendAgain | Action::GiveUp, Job::Interrupted { .. })
        | (Action::Cancel, Job::Queued | Job::Paused { .. }) => None,
        (Action::SendAgain, _) => Some("It has not failed, so there is nothing to send again."),
        (Action::GiveUp, _) => Some("Only what nobody knows the outcome of can be given up."),
        (Action::Cancel, Job::Running { .. } | Job::Fetching { .. }) => {
            Some("It was already sent and may be charged, so its picture is kept when it comes.")
        }
        (Action::Cancel, _) => Some("It has already ended."),
        (Action::QueueUp | Action::QueueDown | Action::RunNext, _) => queue::why_not(state, action),
        _ => None,
    }
}

/// Whether `change` leaves what is seen as it is.
fn same(preview: &Preview, change: impl FnOnce(&mut Preview)) -> bool {
    let mut changed = preview.clone();
    change(&mut changed);
    changed == *preview
}
