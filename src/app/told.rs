//! The form filled from the file of a picture, whoever has made it.
//!
//! Owns the line in which the file is named, and what is said of what was found. Promises
//! that a file which tells nothing leaves the form as it is. Must never read a file: that is
//! an effect.

use super::editor::Editor;
use super::form::Field;
use super::opinions::{Line, Wants};
use super::{Effect, Focus, State};
use crate::domain::{Request, template};

/// What the file of a picture has told.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The name of the file.
    pub file: String,
    /// Who wrote it.
    pub program: String,
    /// What was asked.
    pub request: Request,
    /// What its prompt was made from, where that is known and not the prompt itself.
    pub template: Option<String>,
}

/// Asks which file.
pub(super) fn ask(state: &mut State) -> Vec<Effect> {
    let wants = Wants::File { typed: String::new(), offered: Vec::new() };
    state.opinions.line = Some(Line { wants, editor: Editor::default() });
    Vec::new()
}

/// Whether the line is for the name of a file.
pub(super) fn is_asked(state: &State) -> bool {
    matches!(state.opinions.line, Some(Line { wants: Wants::File { .. }, .. }))
}

/// Has the file looked into that was named.
pub(super) fn look(state: &mut State, typed: &str) -> Vec<Effect> {
    let path = path(typed);
    if path.is_empty() {
        state.say("No file was named; the form is as it was.");
        return Vec::new();
    }
    vec![Effect::Look(path)]
}

/// Has the name of the file that is typed gone on with.
pub(super) fn complete(state: &State) -> Vec<Effect> {
    let typed = state.opinions.line.as_ref().map(|line| line.editor.text().to_owned());
    typed.map(Effect::Complete).into_iter().collect()
}

/// Takes in how the name goes on, unless something else was typed by now.
pub(super) fn completed(state: &mut State, typed: &str, whole: String, offered: Vec<String>) {
    if let Some(Line { wants, editor }) = &mut state.opinions.line
        && matches!(wants, Wants::File { .. })
        && editor.text() == typed
    {
        *wants = Wants::File { typed: whole.clone(), offered };
        if whole != typed {
            editor.set(whole);
        }
    }
}

/// The path in what was typed, pasted or dropped: terminals put quotes, backslashes or an
/// address around it.
fn path(typed: &str) -> String {
    let typed = typed.trim();
    for quote in ['\'', '"'] {
        let inner = typed.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if let Some(inner) = inner.filter(|inner| !inner.is_empty()) {
            return inner.to_owned();
        }
    }
    if let Some(address) = typed.strip_prefix("file://") {
        // What stands before the path is the name of a machine.
        let path = address.find('/').map_or(address, |path| &address[path..]);
        return unescaped(path);
    }
    let mut path = String::new();
    let mut characters = typed.chars();
    while let Some(c) = characters.next() {
        path.extend(if c == '\\' { characters.next() } else { Some(c) });
    }
    path
}

/// The text of an address, in which `%20` is a space.
fn unescaped(address: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), address.as_bytes());
    while let [first, behind @ ..] = rest {
        let digits = behind.get(..2).filter(|_| *first == b'%');
        let digits = digits.and_then(|two| std::str::from_utf8(two).ok());
        if let Some(byte) = digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            bytes.push(byte);
            rest = &behind[2..];
        } else {
            bytes.push(*first);
            rest = behind;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Fills the form with what was found, and says what that is.
pub(super) fn hear(state: &mut State, told: Told) {
    let Told { file, program, request, template } = told;
    let prompt = template.unwrap_or_else(|| template::literal(&request.prompt));
    state.form.fill(&request, prompt);
    state.form.begin_anew();
    state.preview.full_screen = false;
    state.focus = Focus::Form(Field::Prompt);
    let model = request.model.askable();
    let filled: Vec<&str> = [
        (!request.prompt.trim().is_empty(), "prompt"),
        (request.negative_prompt.is_some(), "negative"),
        (request.width.is_some() || request.height.is_some(), "size"),
        (request.steps.is_some(), "steps"),
        (model.is_some(), "model"),
    ]
    .into_iter()
    .filter_map(|(is_there, what)| is_there.then_some(what))
    .collect();
    let filled =
        if filled.is_empty() { "nothing for the form".to_owned() } else { filled.join(", ") };
    // A seed, a sampler, a file of weights mean nothing to another model.
    let rest = match (model, request.model.name().split_once('/')) {
        (None, Some((_, name))) => format!(" Its model, {name}, stays out."),
        (Some(_), _) | (None, None) => String::new(),
    };
    state.say(format!("{file}, by {program}: {filled}.{rest}"));
}
