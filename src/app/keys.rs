//! From a key to the slice whose action it means; and what is meant everywhere.

use super::form::Field;
use super::reach::help::Lookup;
use super::why::why_not;
use super::{
    Effect, Focus, Overlay, State, arrangement, away, base, browsing, doctor, files, opinions,
    picker, presets, queue, reach, recall, slideshow, told, typing,
};
use crate::config::Settings;
use crate::config::chord::{Chord, Key};
use crate::config::keymap::{Action, Context};

/// The key as which a line feed comes.
pub const LINE_FEED: Chord = Chord { key: Key::Char('j'), ctrl: true, alt: false, shift: false };

/// What a key does: what it is bound to where it is pressed, or a character typed.
pub(super) fn press(settings: &Settings, state: &mut State, chord: Chord) -> Vec<Effect> {
    state.notice = None;
    if slideshow::takes(settings, state, chord) {
        return Vec::new();
    }
    let taken = base::last_taken(state);
    let context = state.context();
    if context == Context::Text && chord == LINE_FEED && state.is_pasting() {
        return typing::line_feed(state);
    }
    if let Some(Overlay::Picking) = state.overlay {
        return picker::press(settings, state, chord);
    }
    if let Some(Overlay::Files) = state.overlay {
        return files::press(settings, state, chord);
    }
    if matches!(state.overlay, Some(Overlay::Asking | Overlay::Batch(_))) && chord.types().is_some()
    {
        // A paste that no terminal marked agrees to nothing that costs money.
        state.note_typing();
    }
    if let Some(Overlay::Emptying(_)) = state.overlay {
        return opinions::decide(state, chord);
    }
    if let Some(Overlay::Asking) = state.overlay {
        return state.decide_spending(settings, chord);
    }
    if let Some(Overlay::Batch(choice)) = state.overlay {
        return state.decide_batch(settings, chord, choice);
    }
    if let Some(Overlay::Elsewhere) = state.overlay {
        return base::decide(settings, state, chord);
    }
    if let Some(Overlay::Copying(selected)) = state.overlay {
        return away::choose(settings, state, chord, selected);
    }
    if let Some(Overlay::Palette) = state.overlay {
        return reach::pick(settings, state, chord);
    }
    if let Some(Overlay::Jumping(typed)) = state.overlay {
        return reach::jump(settings, state, chord, typed);
    }
    if let Some(effects) = reach::look_up(settings, state, chord) {
        return effects;
    }
    let Some(action) = settings.keys.action(context, chord) else {
        return match (context, chord.types()) {
            (Context::Text, Some(c)) => typing::type_char(state, c),
            _ => Vec::new(),
        };
    };
    if let (Action::Undo, Some(taken)) = (action, taken) {
        base::put_back(state, taken);
        return Vec::new();
    }
    perform(settings, state, action)
}

/// Does what `action` means, or says why that is nothing now.
pub(super) fn perform(settings: &Settings, state: &mut State, action: Action) -> Vec<Effect> {
    if let Some(why) = why_not(settings, state, action) {
        state.say(why);
        return Vec::new();
    }
    match action.context() {
        Context::Everywhere => everywhere(settings, state, action),
        Context::Text => typing::act(state, action),
        Context::Browse if state.overlay.is_some() => over_panes(state, action),
        Context::Browse => browsing::act(state, action),
    }
}

/// What an action means for what lies over the panes.
pub(super) fn over_panes(state: &mut State, action: Action) -> Vec<Effect> {
    match state.overlay {
        Some(Overlay::Searches(selected)) => opinions::pick(state, action, selected),
        Some(Overlay::Queue) => queue::act(state, action),
        _ => browsing::scroll(state, action),
    }
}

fn everywhere(settings: &Settings, state: &mut State, action: Action) -> Vec<Effect> {
    if action == Action::Mouse {
        // What lies over the panes stays: it may be what is to be selected.
        arrangement::act(settings, state, action);
        return Vec::new();
    }
    let context = state.context();
    if state.opinions.line.is_some() {
        match action {
            Action::Next => return opinions::complete(state),
            Action::Redraw | Action::Suspend | Action::Quit => {}
            _ => state.opinions.line = None,
        }
        if action == Action::Leave {
            return Vec::new();
        }
    }
    let overlay = state.overlay.take();
    match action {
        Action::Generate => return state.generate(settings),
        Action::Models => return picker::models(settings, state),
        Action::Sizes => return picker::sizes(settings, state),
        Action::PickImage => return files::open(state),
        Action::Presets => return presets::open(state),
        Action::Queue => return queue::open(state, overlay == Some(Overlay::Queue)),
        Action::KeepPreset => return presets::name(state),
        Action::Prompts => return picker::prompts(state),
        Action::OlderPrompt => return recall::older(state),
        Action::NewerPrompt => recall::newer(state),
        Action::OpenFile => return told::ask(state),
        Action::Next => state.focus = state.focus.neighbour(1),
        Action::Previous => state.focus = state.focus.neighbour(-1),
        Action::FocusForm => state.focus = Focus::Form(Field::Prompt),
        Action::FocusHistory => state.focus = Focus::History,
        Action::FocusPreview => state.focus = Focus::Preview,
        Action::Jump => state.overlay = Some(Overlay::Jumping(None)),
        Action::Palette => reach::open(state, context),
        Action::Help if overlay.is_none() => {
            state.reach.help = Lookup::default();
            state.overlay = Some(Overlay::Help { scroll: 0, context });
        }
        Action::Doctor => return doctor::open(state),
        Action::Leave if overlay.is_none() => return browsing::leave(state),
        Action::ZoomPane | Action::Layout => arrangement::act(settings, state, action),
        Action::Redraw | Action::Suspend | Action::Quit => return of_program(state, Some(action)),
        _ => {}
    }
    if state.focus != Focus::Preview && state.focus != Focus::History {
        state.preview.full_screen = false;
    }
    Vec::new()
}

/// What is done to the program and its terminal, from which nothing that is open keeps anyone;
/// nothing where it is no key for that.
pub(super) fn of_program(state: &State, action: Option<Action>) -> Vec<Effect> {
    match action {
        Some(Action::Redraw) => vec![Effect::Redraw],
        Some(Action::Suspend) => vec![Effect::Suspend],
        Some(Action::Quit) => vec![Effect::SaveDraft(state.draft()), Effect::Quit],
        _ => Vec::new(),
    }
}
