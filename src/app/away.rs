//! Taking pictures and requests away: the copy menu, downloads, opening outside.
//!
//! Owns what is wanted of whom, and what is known of a download under way. Promises that
//! what is marked is meant as a whole, and otherwise the picture that is shown. Must never
//! know how text gets to a clipboard or a file through a terminal.

use super::opinions::concerned;
use super::{Effect, Overlay, State, keys, why};
use crate::config::Settings;
use crate::config::chord::Chord;
use crate::config::keymap::{Action, Context};
use crate::domain::{Extract, Failure, GenerationId, counted};

/// What is being taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Away {
    /// How far the download is; `None` while there is none.
    pub download: Option<Progress>,
}

/// How far a download is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Which file, from 1.
    pub file: usize,
    /// Of how many.
    pub files: usize,
    /// How much of all of them, in percent.
    pub percent: u8,
}

/// Something that is to be done with generations outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errand {
    /// What.
    pub task: Task,
    /// With which.
    pub of: Vec<GenerationId>,
    /// With which of its pictures; all where that is not said.
    pub index: Option<usize>,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Copy this of them.
    Copy(Extract),
    /// Send their pictures through the terminal.
    Download,
    /// Open the picture in a program of its own.
    Open,
    /// Copy their pictures, with the request in them.
    Export,
}

/// What came of an errand.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// This was copied.
    Copied {
        /// What.
        what: Extract,
        /// Of how many.
        count: usize,
        /// How many characters it has.
        characters: usize,
        /// What that the clipboard has it may depend on.
        remark: Option<&'static str>,
    },
    /// The terminal takes no files: the line of scp, of so many characters, was copied.
    Instead {
        /// Why it takes none.
        why: &'static str,
        /// How many characters the line has.
        characters: usize,
        /// What that the clipboard has it may depend on.
        remark: Option<&'static str>,
    },
    /// The terminal asks the user whether it may take files.
    Asked(usize),
    /// A download is so far.
    Downloading(Progress),
    /// The download is done.
    Downloaded {
        /// How many files have gone.
        files: usize,
        /// How many could not be read, and were left out.
        unread: usize,
        /// Where they are now.
        place: String,
    },
    /// The download was given up after so many files.
    Stopped(usize),
    /// The download has ended, and why.
    Ended(Failure),
    /// The screen would stand still: only a second press means it.
    Slow {
        /// For so many seconds.
        seconds: u64,
        /// How many characters the line of scp has, where it was copied instead.
        copied: Option<usize>,
    },
    /// The screen stands still now, for so many seconds.
    Still(u64),
    /// A key ended what kept the screen still, after so many files.
    BrokenOff(usize),
    /// A picture was opened by this program.
    Opened(String),
    /// Copies were made.
    Exported {
        /// How many.
        files: usize,
        /// How many of them are plain, because they have no place for the request.
        plain: usize,
        /// Where they are; the file itself where it is one.
        place: String,
        /// Why others could not be made, the first of them.
        failure: Option<Failure>,
    },
}

/// The letter by which something is copied.
pub const fn letter(what: Extract) -> char {
    match what {
        Extract::Prompt => 'p',
        Extract::Path => 'f',
        Extract::Scp => 's',
        Extract::Curl => 'u',
        Extract::Command => 'c',
        Extract::Json => 'j',
    }
}

/// How many generations are meant: those that are marked, or the selected one.
pub fn meant(state: &State) -> usize {
    state.opinions.marks().max(1)
}

/// Does what a key means for taking something away; `None` where it means something else.
pub(super) fn act(state: &mut State, action: Action) -> Option<Vec<Effect>> {
    match action {
        Action::CopyMenu => {
            state.overlay = Some(Overlay::Copying(0));
            Some(Vec::new())
        }
        Action::Download => Some(errand(state, Task::Download)),
        Action::Export => Some(errand(state, Task::Export)),
        Action::Open => {
            let of = state.selected().map(|it| it.id).into_iter().collect();
            Some(vec![Effect::Away(Errand { task: Task::Open, of, index: shown(state) })])
        }
        _ => None,
    }
}

fn errand(state: &State, task: Task) -> Vec<Effect> {
    let of = concerned(state).into_iter().map(|(id, _)| id).collect();
    let index = if state.opinions.marks() == 0 { shown(state) } else { None };
    vec![Effect::Away(Errand { task, of, index })]
}

/// Which picture of the selected generation is shown.
fn shown(state: &State) -> Option<usize> {
    state.selected().map(|generation| state.preview.index(generation))
}

/// Does what a key means in the copy menu.
pub(super) fn choose(
    settings: &Settings,
    state: &mut State,
    chord: Chord,
    selected: usize,
) -> Vec<Effect> {
    let is_meant = |what: &Extract| chord.types() == Some(letter(*what));
    let last = Extract::ALL.len() - 1;
    let mut go = |to| {
        state.overlay = Some(Overlay::Copying(to));
        Vec::new()
    };
    let chosen = match settings.keys.action(Context::Browse, chord) {
        _ if Extract::ALL.iter().any(is_meant) => Extract::ALL.into_iter().find(is_meant),
        Some(Action::UseAll) => Extract::ALL.get(selected).copied(),
        Some(Action::Down) => return go((selected + 1).min(last)),
        Some(Action::Up) => return go(selected.saturating_sub(1)),
        Some(Action::Leave | Action::CopyMenu) => None,
        Some(action) if action.context() == Context::Everywhere => {
            state.overlay = None;
            return keys::perform(settings, state, action);
        }
        _ => return Vec::new(),
    };
    state.overlay = None;
    chosen.map_or_else(Vec::new, |what| errand(state, Task::Copy(what)))
}

/// Takes in what came of an errand.
pub(super) fn hear(settings: &Settings, state: &mut State, news: News) {
    let download = state.away.download.take();
    match news {
        News::Copied { what, count, characters, remark } => {
            state.away.download = download;
            let remark = remark.map_or_else(String::new, |remark| format!(" {remark}"));
            let what = what.words(count);
            state.say(format!("Copied: the {what}, {}.{remark}", counted(characters, "character")));
        }
        News::Instead { why, characters, remark } => {
            let length = counted(characters, "character");
            let remark = remark.map_or_else(String::new, |remark| format!(" {remark}"));
            state.say(format!("{why} Copied instead: the scp line, {length}.{remark}"));
        }
        News::Opened(program) => {
            state.away.download = download;
            state.say(format!("Opened with {program}."));
        }
        News::Exported { files: 0, failure: Some(failure), .. } => {
            state.away.download = download;
            state.refused(failure);
        }
        News::Exported { files, plain, place, failure } => {
            state.away.download = download;
            let plain = match plain {
                0 => String::new(),
                _ => format!(" {plain} without the request: they have no place for it."),
            };
            let failure = failure.map_or_else(String::new, |it| format!(" But not all: {it}"));
            let what =
                if files == 1 { "Exported".to_owned() } else { format!("Exported {files} files") };
            state.say(format!("{what} to {place}.{plain}{failure}"));
        }
        News::Asked(files) => {
            state.away.download = Some(Progress { file: 1, files, percent: 0 });
            let asks = "The terminal asks whether it may take the file. {leave} stops it.";
            state.say(why::with_keys(settings, asks));
        }
        News::Downloading(progress) => {
            if download.is_none() {
                let goes_on = "The download goes on while you work. {leave} stops it.";
                state.say(why::with_keys(settings, goes_on));
            }
            state.away.download = Some(progress);
        }
        // Why there are none was said before.
        News::Downloaded { files: 0, .. } => {}
        News::Downloaded { files, unread, place } => {
            let left_out = match unread {
                0 => String::new(),
                _ => format!(" {unread} could not be read."),
            };
            state.say(format!("Downloaded {} to {place}.{left_out}", counted(files, "file")));
        }
        News::Stopped(files) => {
            let after = match files {
                0 => String::new(),
                _ => format!(" after {}", counted(files, "file")),
            };
            state.say(format!("The download was stopped{after}. A part of a file may be there."));
        }
        News::Ended(failure) => state.refused(failure),
        News::Slow { seconds, copied } => {
            let copied = copied.map_or_else(String::new, |characters| {
                format!("Copied: the scp line, {}. ", counted(characters, "character"))
            });
            let still = format!("the screen stands still, {seconds} s; a key ends that");
            state.say(format!("{copied}Press again to download it: {still}."));
        }
        News::Still(seconds) => {
            state.say(format!("The screen stands still for about {seconds} s. Any key ends that."));
        }
        News::BrokenOff(files) => {
            let after = match files {
                0 => String::new(),
                _ => format!(" after {}", counted(files, "file")),
            };
            state.say(format!(
                "A key ended the download{after}, and nothing of the file is there. The scp line fetches it."
            ));
        }
    }
}
