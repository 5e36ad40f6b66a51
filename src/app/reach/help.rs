//! The help: every action with its keys, what has focus first, and what is not a key.
//!
//! Owns the lines of the help, what of them is looked for, and what is told there beside the
//! actions. Must never know how wide a line is.

use crate::app::editor::Editor;
use crate::app::{Effect, Overlay, State, browsing, keys, typing};
use crate::config::Settings;
use crate::config::chord::Chord;
use crate::config::keymap::{ACTIONS, Action, Context};

/// What is looked for in the help.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lookup {
    /// What is typed.
    pub line: Editor,
    /// Whether keys are typed into it.
    pub is_typing: bool,
}

/// A line of the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// What the next ones are about.
    Heading(&'static str),
    /// An action.
    Action(Action),
    /// Something worth knowing.
    Note(Cue, &'static str),
}

/// What a note is about, and stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    /// The keys of an action.
    Keys(Action),
    /// What is written so.
    Written(&'static str),
}

/// What is worth knowing and no key tells.
const NOTES: [(Cue, &str); 17] = [
    (
        Cue::Keys(Action::Editor),
        "The prompt has many lines, a selection and undo; this opens it in your own editor",
    ),
    (
        Cue::Keys(Action::Models),
        "Under its name stands what is known of a model; one that is not in the list can be typed",
    ),
    (
        Cue::Keys(Action::PickImage),
        "The base image: picked among the files here; or a path or an address typed in its field; or a file dropped onto the window",
    ),
    (
        Cue::Keys(Action::Iterate),
        "The base image is this picture. Where it comes from a model that takes none, the form says so",
    ),
    (
        Cue::Written("· $0.08"),
        "Over the form: the price of all that would be sent. [budget] sets limits that ask, or refuse",
    ),
    (
        Cue::Written("{red|blue}"),
        "In a prompt: each of these. What comes of it is shown, with its price, before it is sent",
    ),
    (
        Cue::Written("{2$$a|b|c}"),
        "Each two of these; {2$$ and $$a|b|c} says what stands between them",
    ),
    (Cue::Written("__animal__"), "Each line of wildcards/animal.txt beside the configuration"),
    (
        Cue::Written("$mood = {a|b}"),
        "On a line of its own: what $mood stands for in all of the prompt",
    ),
    (Cue::Written("\\{ \\| \\$ \\_"), "The character itself"),
    (
        Cue::Written("64x64, 96x96"),
        "Several sizes, or several models, with commas between: each with each prompt, as one batch",
    ),
    (Cue::Keys(Action::Batch), "That batch alone, side by side"),
    (
        Cue::Keys(Action::KeepPreset),
        "A preset is the whole form, or the piece of the prompt that is selected",
    ),
    (
        Cue::Keys(Action::Cancel),
        "What waits in the queue costs nothing when it is cancelled; it goes on when the studio is closed",
    ),
    (
        Cue::Keys(Action::OlderPrompt),
        "Every prompt that was ever sent comes back, the last one first",
    ),
    (
        Cue::Keys(Action::Prompts),
        "The same by a few letters; pressed again: of this model, of favourites, of this lineage",
    ),
    (Cue::Written("Ctrl+C"), "Takes a message away"),
];

impl Lookup {
    /// The lines of the help that was opened where keys mean what they do in `context`, of
    /// those that hold all words that are typed.
    pub fn lines(&self, settings: &Settings, context: Context) -> Vec<Line> {
        let mut contexts = vec![context, Context::Everywhere];
        contexts.extend(Context::ALL);
        let mut sections: Vec<(&'static str, Vec<Line>)> = Vec::new();
        for context in contexts {
            if sections.iter().all(|(title, _)| *title != context.title()) {
                let actions = ACTIONS.iter().filter(|row| row.2 == context);
                let actions = actions.map(|row| Line::Action(row.0)).collect();
                sections.push((context.title(), actions));
            }
        }
        let notes = NOTES.into_iter().map(|(cue, what)| Line::Note(cue, what)).collect();
        sections.push(("Worth knowing", notes));
        let typed = self.line.text().to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let is_found = |line: &Line| {
            let text = line.text(settings).to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let mut lines = Vec::new();
        for (title, all) in sections {
            let found: Vec<Line> = all.into_iter().filter(is_found).collect();
            if !found.is_empty() {
                lines.push(Line::Heading(title));
                lines.extend(found);
            }
        }
        lines
    }
}

impl Line {
    /// All by which it is found.
    fn text(&self, settings: &Settings) -> String {
        match self {
            Self::Heading(title) => (*title).to_owned(),
            Self::Action(action) => {
                let keys = chords(settings, *action);
                format!("{keys} {} {}", action.what(), action.name().replace('_', " "))
            }
            Self::Note(cue, what) => format!("{} {what}", cue.text(settings)),
        }
    }
}

impl Cue {
    /// As it stands before its note.
    pub fn text(&self, settings: &Settings) -> String {
        match self {
            Self::Keys(action) => chords(settings, *action),
            Self::Written(text) => (*text).to_owned(),
        }
    }
}

/// The keys of an action; where it has none, the name under which it can be given one.
pub fn chords(settings: &Settings, action: Action) -> String {
    let chords = settings.keys.chords(action).iter().map(ToString::to_string);
    let chords = chords.collect::<Vec<_>>().join(" ");
    if chords.is_empty() { format!("no key: {}", action.name()) } else { chords }
}

impl State {
    /// Whether keys are typed into what is looked for in the help.
    pub(in crate::app) const fn looks_up(&self) -> bool {
        matches!(self.overlay, Some(Overlay::Help { .. })) && self.reach.help.is_typing
    }
}

/// What a key means for what is looked for in the help; `None` where it means what it does
/// there.
pub(in crate::app) fn look_up(
    settings: &Settings,
    state: &mut State,
    chord: Chord,
) -> Option<Vec<Effect>> {
    let Some(Overlay::Help { context, .. }) = state.overlay else { return None };
    let lookup = &mut state.reach.help;
    if !lookup.is_typing {
        match settings.keys.action(Context::Browse, chord) {
            Some(Action::Search) => lookup.is_typing = true,
            Some(Action::Leave) if !lookup.line.text().is_empty() => {
                *lookup = Lookup::default();
                state.overlay = Some(Overlay::Help { scroll: 0, context });
            }
            _ => return None,
        }
        return Some(Vec::new());
    }
    let before = lookup.line.text().to_owned();
    match settings.keys.action(Context::Text, chord) {
        None => match (chord.types(), settings.keys.action(Context::Browse, chord)) {
            (Some(c), _) => lookup.line.type_char(c),
            (None, Some(action)) => return Some(browsing::scroll(state, action)),
            (None, None) => {}
        },
        Some(Action::NewLine) => lookup.is_typing = false,
        Some(Action::Leave) => *lookup = Lookup::default(),
        Some(Action::LineUp) => return Some(browsing::scroll(state, Action::Up)),
        Some(Action::LineDown) => return Some(browsing::scroll(state, Action::Down)),
        Some(action) if action.context() == Context::Text => {
            typing::apply(&mut lookup.line, action);
        }
        Some(action) => {
            *lookup = Lookup::default();
            return Some(keys::perform(settings, state, action));
        }
    }
    if state.reach.help.line.text() != before {
        state.overlay = Some(Overlay::Help { scroll: 0, context });
    }
    Some(Vec::new())
}
