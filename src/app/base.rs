//! The base image in the form: what is known of it, and what a paste has to do with it.
//!
//! Owns the way from a path that was pasted or dropped to the base image, and back with one
//! undo. Promises that a paste is never lost: a text keeps it until its file was seen to be a
//! picture. Must never look at a file itself.

use std::path::Path;

use super::files::Files;
use super::form::Field;
use super::{Effect, Focus, Overlay, State, keys};
use crate::config::Settings;
use crate::config::chord::Chord;
use crate::config::keymap::{Action, Context};
use crate::domain::{
    BaseImage, Failure, ModelId, PictureFile, dropped, is_of_windows, names_picture,
};

/// What is known of the base image in the form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Base {
    /// What stood in the form when it was looked at last.
    asked: String,
    /// What came of that.
    pub known: Option<Known>,
    /// Where one stands among the files, once [`super::Overlay::Files`] was open.
    pub files: Option<Files>,
    /// A file that lies where the user is, and waits to be brought here.
    pub elsewhere: Option<Elsewhere>,
    pasted: Option<Pasted>,
    taken: Option<Taken>,
}

/// What is known of a base image.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// A picture on this machine.
    Picture {
        /// What is known of the file.
        file: PictureFile,
        /// How many bytes are sent; not known yet while it is encoded anew.
        travels: Option<u64>,
    },
    /// It cannot be sent.
    Refused(Failure),
    /// It lies where the user is.
    Elsewhere(Elsewhere),
    /// It is an address, from which the service fetches it; or what is wrong with that.
    Address(Option<String>),
}

/// A file of the machine that the user sits at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// Its path there.
    pub path: String,
    /// The line that brings it here, to be run there; none where nobody knows what this
    /// machine is called.
    pub line: Option<String>,
    /// Where it is then.
    pub arrives: String,
}

/// Why something is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It stands in the form.
    Written,
    /// It was pasted into some text.
    Pasted,
}

/// A path that was pasted into a text, until it is known whether it is a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pasted {
    path: String,
    field: Field,
    /// The text of the field before and after.
    before: String,
    after: String,
}

/// How it was before a paste became the base image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    field: Field,
    text: String,
    base: String,
}

/// Asks about the base image in the form where it is another one.
pub(super) fn look(state: &mut State) -> Option<Effect> {
    let text = state.form.text(Field::BaseImage).trim();
    if text == state.base.asked {
        return None;
    }
    let text = text.to_owned();
    (state.base.asked, state.base.known) = (text.clone(), None);
    match BaseImage::from(text.clone()) {
        BaseImage::File(_) => (!text.is_empty()).then_some(Effect::LookAt(text, Why::Written)),
        address @ BaseImage::Url(_) => {
            let problem = address.check().err().map(|problem| problem.to_string());
            state.base.known = Some(Known::Address(problem));
            None
        }
    }
}

/// Takes in what came of a look.
pub(super) fn hear(state: &mut State, text: &str, why: Why, known: Known) {
    match why {
        Why::Written if text == state.base.asked => state.base.known = Some(known),
        Why::Written => {}
        Why::Pasted => {
            let Some(pasted) = state.base.pasted.take_if(|it| it.path == text) else { return };
            // Whoever has written on since means it as a text.
            if state.form.text(pasted.field) != pasted.after {
                return;
            }
            match known {
                Known::Picture { .. } => take(state, pasted, text),
                Known::Elsewhere(elsewhere) if state.overlay.is_none() => {
                    state.base.pasted = Some(pasted);
                    offer(state, elsewhere);
                }
                Known::Elsewhere(_) | Known::Refused(_) | Known::Address(_) => {}
            }
        }
    }
}

/// Makes a path the base image that was pasted into a text, and takes it out of that.
fn take(state: &mut State, pasted: Pasted, path: &str) {
    let Pasted { field, before, after, .. } = pasted;
    let base = state.form.text(Field::BaseImage).to_owned();
    state.form.editor_mut(field).set(before);
    state.form.editor_mut(Field::BaseImage).set(path);
    state.base.taken = Some(Taken { field, text: after, base });
    let name = name_of(path);
    state.say(format!("{name} is the base image now; undo leaves it in the text."));
}

/// What an undo right after that takes back; for one key only.
pub(super) fn last_taken(state: &mut State) -> Option<Taken> {
    state.base.taken.take()
}

/// Puts a path back into the text it was pasted into.
pub(super) fn put_back(state: &mut State, taken: Taken) {
    state.form.editor_mut(taken.field).set(taken.text);
    state.form.editor_mut(Field::BaseImage).set(taken.base);
    state.focus = Focus::Form(taken.field);
    state.say("It stands in the text, and the base image is as it was.");
}

/// Takes a paste into the field of the base image, where it consists of files or addresses.
pub(super) fn paste(state: &mut State, text: &str) -> bool {
    let names = dropped(text);
    let Some(name) = names.iter().find(|name| names_picture(name)).or(names.first()) else {
        return false;
    };
    state.form.editor_mut(Field::BaseImage).set(name.as_str());
    if names.len() > 1 {
        let (name, of) = (name_of(name), names.len());
        state.say(format!("A request takes one base image: of these {of}, {name} is it now."));
    }
    true
}

/// Notes that a text was pasted: where it is a path of a picture and nothing else, its file is
/// looked at.
pub(super) fn note_paste(
    state: &mut State,
    text: &str,
    field: Field,
    before: String,
) -> Option<Effect> {
    let [path] = &*dropped(text) else { return None };
    let is_file = matches!(BaseImage::from(path.clone()), BaseImage::File(_));
    if !is_file || !names_picture(path) {
        return None;
    }
    let after = state.form.text(field).to_owned();
    state.base.pasted = Some(Pasted { path: path.clone(), field, before, after });
    Some(Effect::LookAt(path.clone(), Why::Pasted))
}

/// Says what the base image is now.
pub(super) fn say_taken(state: &mut State) -> Vec<Effect> {
    let name = name_of(state.form.text(Field::BaseImage)).to_owned();
    state.say(format!("{name} is the base image now."));
    Vec::new()
}

/// Shows how a file gets here that lies where the user is.
pub(super) fn offer(state: &mut State, elsewhere: Elsewhere) {
    state.base.elsewhere = Some(elsewhere);
    state.overlay = Some(Overlay::Elsewhere);
}

/// The file in the form that is not here, where it is one.
pub(super) fn missing(state: &State) -> Option<Elsewhere> {
    match &state.base.known {
        Some(Known::Elsewhere(it))
            if state.form.text(Field::BaseImage).trim() == state.base.asked =>
        {
            Some(it.clone())
        }
        _ => None,
    }
}

/// What a key means while it is shown how a file gets here.
pub(super) fn decide(settings: &Settings, state: &mut State, chord: Chord) -> Vec<Effect> {
    let Some(elsewhere) = state.base.elsewhere.clone() else { return Vec::new() };
    if chord.types() == Some('y') {
        return elsewhere.line.map(Effect::Copy).into_iter().collect();
    }
    match settings.keys.action(Context::Browse, chord) {
        Some(Action::UseAll) => {
            state.overlay = None;
            // What was written since then is not to be lost.
            let pasted = state.base.pasted.take();
            if let Some(pasted) = pasted.filter(|it| state.form.text(it.field) == it.after) {
                state.form.editor_mut(pasted.field).set(pasted.before);
            }
            state.form.editor_mut(Field::BaseImage).set(elsewhere.arrives);
            // The same name may be looked at anew.
            state.base.asked.clear();
        }
        Some(Action::Leave) => {
            state.overlay = None;
            state.base.pasted = None;
        }
        action => return keys::of_program(state, action),
    }
    Vec::new()
}

/// The models in the form that begin from no picture, as far as that is known; none where
/// there is no base image.
pub fn ignored_by(settings: &Settings, state: &State) -> Vec<ModelId> {
    if state.form.text(Field::BaseImage).trim().is_empty() {
        return Vec::new();
    }
    let models = state.form.models().filter_map(|model| model.parse::<ModelId>().ok());
    models.filter(|model| settings.models.get(model).is_some_and(|model| !model.image)).collect()
}

/// The last part of a path, by whichever system it is written.
pub fn name_of(path: &str) -> &str {
    let of_windows = is_of_windows(path).then(|| path.rsplit('\\').next()).flatten();
    let name = Path::new(path).file_name().and_then(|name| name.to_str());
    of_windows.or(name).unwrap_or(path)
}
