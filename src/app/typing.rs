//! What keys and pastes mean while a text has focus.

use super::editor::{Editor, Motion};
use super::form::Field;
use super::sending::HELD_AS_PASTE;
use super::{
    Effect, Focus, Overlay, State, base, browsing, files, keys, opinions, picker, slideshow,
};
use crate::config::Settings;
use crate::config::chord::Chord;
use crate::config::keymap::{Action, Context};
use crate::domain::{dropped, parse_size, shown_size};

/// The longest paste that is taken in, in bytes.
const LONGEST_PASTE: usize = 1 << 20;

/// Types a character where the focus is.
pub(super) fn type_char(state: &mut State, c: char) -> Vec<Effect> {
    state.note_typing();
    edit(state, |editor| editor.type_char(c))
}

/// A line feed in a paste that the terminal did not mark comes as the key that sends. It
/// ends a line, where there can be more than one.
pub(super) fn line_feed(state: &mut State) -> Vec<Effect> {
    state.pasted_at = Some(state.now);
    state.notice = Some(HELD_AS_PASTE);
    if is_multiline(state) { type_char(state, '\n') } else { Vec::new() }
}

/// Takes in a paste where the focus is; text elsewhere goes to the prompt.
pub(super) fn paste(state: &mut State, text: &str) -> Vec<Effect> {
    state.pasted_at = Some(state.now);
    if slideshow::end(state) {
        return Vec::new();
    }
    if let Some(Overlay::Palette) = state.overlay {
        state.reach.palette.change(|line| line.insert(&text.replace(char::is_whitespace, " ")));
        return Vec::new();
    }
    if let (Some(Overlay::Help { context, .. }), true) = (state.overlay, state.reach.help.is_typing)
    {
        state.reach.help.line.insert(&text.replace(char::is_control, " "));
        state.overlay = Some(Overlay::Help { scroll: 0, context });
        return Vec::new();
    }
    if let (Some(Overlay::Files), [path, ..]) = (state.overlay, &*dropped(text)) {
        return files::go_to(state, path);
    }
    if let Some(Overlay::Batch(_)) = state.overlay {
        // What was shown is not what would be sent any more.
        state.overlay = None;
    }
    if !matches!(state.focus, Focus::Form(_) | Focus::Search)
        && state.opinions.line.is_none()
        && !matches!(state.overlay, Some(Overlay::Picking | Overlay::Files))
    {
        state.overlay = None;
        state.focus = Focus::Form(Field::Prompt);
    }
    let is_in_form = state.overlay.is_none() && state.opinions.line.is_none();
    if is_in_form && state.focus == Focus::Form(Field::BaseImage) && base::paste(state, text) {
        return Vec::new();
    }
    let mut end = text.len().min(LONGEST_PASTE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    if end < text.len() {
        state.say("The paste was cut: it is longer than 1 MiB.");
    }
    let text = text[..end].replace("\r\n", "\n").replace('\r', "\n");
    let text =
        if is_multiline(state) { text } else { text.trim_end_matches('\n').replace('\n', " ") };
    let Focus::Form(field) = state.focus else {
        return edit(state, |editor| editor.insert(&text));
    };
    let before = state.form.text(field).to_owned();
    let mut effects = edit(state, |editor| editor.insert(&text));
    if is_in_form {
        effects.extend(base::note_paste(state, &text, field, before));
    }
    effects
}

/// Does what a key means in a text.
pub(super) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::NewLine if state.opinions.line.is_some() => return opinions::commit(state),
        Action::LineUp | Action::LineDown if state.opinions.line.is_some() => {}
        Action::NewLine if is_multiline(state) => return type_char(state, '\n'),
        Action::NewLine => {
            state.note_typing();
            state.focus = match state.focus {
                Focus::Search => Focus::History,
                focus => focus.neighbour(1),
            };
        }
        Action::Editor => {
            state.focus = Focus::Form(Field::Prompt);
            return vec![Effect::EditPrompt(state.form.text(Field::Prompt).to_owned())];
        }
        Action::Swap => swap(state),
        Action::SelectUp => return select_line(state, -1),
        Action::SelectDown => return select_line(state, 1),
        Action::LineUp => go_line(state, -1),
        Action::LineDown => go_line(state, 1),
        _ => {
            return edit(state, |editor| apply(editor, action));
        }
    }
    Vec::new()
}

/// What a key means where a list is narrowed by typing, as far as no list has its own meaning
/// for it.
pub(super) fn narrow(settings: &Settings, state: &mut State, chord: Chord) -> Vec<Effect> {
    let page = isize::try_from(state.extents.picker_rows.max(2) / 2).unwrap_or(1);
    let by = match settings.keys.action(Context::Text, chord) {
        Some(Action::LineDown) => 1,
        Some(Action::LineUp) => -1,
        Some(action) if action.context() == Context::Text => {
            return edit(state, |editor| apply(editor, action));
        }
        action @ Some(_) => return keys::of_program(state, action),
        None => match (chord.types(), settings.keys.action(Context::Browse, chord)) {
            (Some(c), _) => return type_char(state, c),
            (None, Some(Action::PageDown)) => page,
            (None, Some(Action::PageUp)) => -page,
            (None, _) => return Vec::new(),
        },
    };
    browsing::go_in_list(state, by);
    Vec::new()
}

/// Does to a text what an action means to it.
pub(super) fn apply(editor: &mut Editor, action: Action) {
    match action {
        Action::Left => editor.go(Motion::Left),
        Action::Right => editor.go(Motion::Right),
        Action::WordLeft => editor.go(Motion::WordLeft),
        Action::WordRight => editor.go(Motion::WordRight),
        Action::LineStart => editor.go(Motion::LineStart),
        Action::LineEnd => editor.go(Motion::LineEnd),
        Action::TextStart => editor.go(Motion::TextStart),
        Action::TextEnd => editor.go(Motion::TextEnd),
        Action::DeleteBack => editor.delete(Motion::Left),
        Action::DeleteForward => editor.delete(Motion::Right),
        Action::DeleteWordBack => editor.delete(Motion::WordLeft),
        Action::DeleteWordForward => editor.delete(Motion::WordRight),
        Action::DeleteToStart => editor.delete(Motion::LineStart),
        Action::DeleteToEnd => editor.delete(Motion::LineEnd),
        Action::Yank => editor.yank(),
        Action::SelectLeft => editor.select(Motion::Left),
        Action::SelectRight => editor.select(Motion::Right),
        Action::SelectWordLeft => editor.select(Motion::WordLeft),
        Action::SelectWordRight => editor.select(Motion::WordRight),
        Action::SelectLineStart => editor.select(Motion::LineStart),
        Action::SelectLineEnd => editor.select(Motion::LineEnd),
        Action::SelectAll => editor.select_all(),
        Action::Select => editor.turn_selecting(),
        Action::KeepText => drop(editor.copy()),
        Action::Undo => drop(editor.undo()),
        Action::Redo => drop(editor.redo()),
        _ => {}
    }
}

/// The text that has the keys, if one has.
pub(super) fn editor(state: &State) -> Option<&Editor> {
    match (&state.opinions.line, state.focus) {
        (Some(line), _) => Some(&line.editor),
        (None, Focus::Form(field)) => Some(state.form.editor(field)),
        (None, Focus::Search) => Some(&state.history.search),
        (None, Focus::History | Focus::Preview) => None,
    }
}

/// Whether `by` lines on there is neither another line nor another field.
pub(super) fn is_at_edge(state: &State, by: isize) -> bool {
    let Focus::Form(field) = state.focus else { return false };
    let edge = if by < 0 { Field::ALL[0] } else { Field::ALL[Field::ALL.len() - 1] };
    let (columns, _) = state.extents.fields[field as usize];
    field == edge && !state.form.editor(field).has_line(by, columns.max(1).into())
}

/// Up and down move inside a text, and beyond its first and last line to the
/// neighbouring field; in the search line they move the selection.
fn go_line(state: &mut State, by: isize) {
    let Focus::Form(field) = state.focus else {
        if state.focus == Focus::Search {
            state.focus = Focus::History;
        }
        return;
    };
    let (columns, _) = state.extents.fields[field as usize];
    if !state.form.editor_mut(field).go_lines(by, columns.max(1).into()) {
        state.focus = state.focus.neighbour(by);
    }
}

/// Selects a line more, as far as the text goes.
fn select_line(state: &mut State, by: isize) -> Vec<Effect> {
    let columns = match state.focus {
        Focus::Form(field) => state.extents.fields[field as usize].0.max(1).into(),
        _ => usize::MAX,
    };
    edit(state, |editor| editor.select_lines(by, columns))
}

/// Turns the sizes in the form on their side.
fn swap(state: &mut State) {
    let turned = |size: &str| {
        let (width, height) = parse_size(size).ok()?;
        Some(shown_size(height, width))
    };
    let sizes = state.form.text(Field::Size).split(',').map(turned);
    match sizes.collect::<Option<Vec<_>>>() {
        Some(sizes) => state.form.editor_mut(Field::Size).set(sizes.join(", ")),
        None => state.say("There is no size to turn on its side."),
    }
}

fn edit(state: &mut State, change: impl FnOnce(&mut Editor)) -> Vec<Effect> {
    if let Some(Overlay::Picking) = state.overlay {
        return picker::edit(state, change);
    }
    if let Some(Overlay::Files) = state.overlay {
        return files::edit(state, change);
    }
    if let Some(line) = &mut state.opinions.line {
        change(&mut line.editor);
        return Vec::new();
    }
    match state.focus {
        Focus::Form(field) => {
            change(state.form.editor_mut(field));
            Vec::new()
        }
        Focus::Search => {
            let before = state.history.query().to_owned();
            change(&mut state.history.search);
            if state.history.query() == before { Vec::new() } else { search(state) }
        }
        Focus::History | Focus::Preview => Vec::new(),
    }
}

/// Asks anew for what the search line says.
pub(super) fn search(state: &mut State) -> Vec<Effect> {
    let count = Effect::Count(state.history.query().to_owned());
    state.history.searched().map(Effect::Load).into_iter().chain([count]).collect()
}

fn is_multiline(state: &State) -> bool {
    let is_field = matches!(state.focus, Focus::Form(field) if field.is_multiline());
    let is_covered = matches!(state.overlay, Some(Overlay::Picking | Overlay::Files));
    is_field && state.opinions.line.is_none() && !is_covered
}
