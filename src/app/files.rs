//! The picker of files: the pictures of this machine, directory by directory, one of which
//! becomes the base image.
//!
//! Owns where one stands, what is typed there and what fits it. Promises that a directory of
//! any size keeps no key waiting: it is listed elsewhere, and narrowed once a change. Must
//! never look at the disk itself, nor keep anybody from naming what is not offered.

mod way;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::editor::Editor;
use super::form::Field;
use super::{Effect, Focus, Overlay, State, base, fuzzy, typing};
use crate::config::Settings;
use crate::config::chord::Chord;
use crate::config::keymap::{Action, Context};
use crate::domain::{BaseImage, Failure, Image, PictureFile, names_picture};
use way::{is_one_name, joined, simple};

/// Where one stands among the files, and what is there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Files {
    /// The directory: as it was named until it is listed, then its whole path. Empty where
    /// none was named: the working directory.
    pub dir: String,
    /// What narrows the list.
    pub filter: Editor,
    /// What there is.
    pub listing: Listing,
    /// The place of the selected one among those that fit.
    pub selected: usize,
    /// The places among all of those that fit.
    fits: Vec<usize>,
    /// What is known of files, by their paths: that they are no pictures, too.
    seen: BTreeMap<String, Result<PictureFile, Failure>>,
    /// Those that were asked about last, until they are known.
    asked: BTreeSet<String>,
    /// The name to select when it is listed.
    came_from: Option<String>,
}

/// What a directory holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Listing {
    /// It is being read.
    #[default]
    Reading,
    /// It cannot be read, and why.
    Refused(String),
    /// All that is in it, in the order of the list.
    Read(Arc<Vec<Entry>>),
}

/// Something in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Whether it is a directory itself.
    pub is_dir: bool,
}

/// What is to be found out on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// What is in this directory.
    List(String),
    /// What is to be known of these files.
    See(Vec<String>),
}

/// What was found out.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// What is in the directory that was asked for under this name.
    Listed {
        /// The name.
        asked: String,
        /// The whole path.
        dir: String,
        /// What is in it, or why that cannot be said.
        entries: Result<Arc<Vec<Entry>>, String>,
    },
    /// What is known of files.
    Seen(Vec<(String, Result<PictureFile, Failure>)>),
}

impl Files {
    fn entries(&self) -> &[Entry] {
        match &self.listing {
            Listing::Read(entries) => entries,
            Listing::Reading | Listing::Refused(_) => &[],
        }
    }

    /// How many fit what is typed.
    pub const fn len(&self) -> usize {
        self.fits.len()
    }

    /// Whether nothing fits.
    pub const fn is_empty(&self) -> bool {
        self.fits.is_empty()
    }

    /// Those that fit from the place `top` on, the best first.
    pub fn from(&self, top: usize) -> impl Iterator<Item = &Entry> {
        let entries = self.entries();
        self.fits.iter().skip(top).filter_map(|place| entries.get(*place))
    }

    /// The bytes of a name that were typed.
    pub fn marks(&self, name: &str) -> Vec<Range<usize>> {
        fuzzy::marked(self.filter.text(), name)
    }

    /// The selected one.
    pub fn entry(&self) -> Option<&Entry> {
        self.from(self.selected).next()
    }

    /// The path of something in this directory.
    pub fn path(&self, name: &str) -> String {
        joined(&self.dir, name)
    }

    /// What is known of a file in this directory.
    pub fn known(&self, name: &str) -> Option<&Result<PictureFile, Failure>> {
        self.seen.get(&self.path(name))
    }

    /// The picture in the selected file.
    pub fn picture(&self) -> Option<Image> {
        let entry = self.entry().filter(|entry| !entry.is_dir)?;
        Some(self.known(&entry.name)?.as_ref().ok()?.image())
    }

    fn go(&mut self, by: isize) {
        let last = self.fits.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
    }

    /// Finds again what fits. Files are offered by their ending; one of another is when its
    /// whole name is typed. What is hidden is when a dot is.
    fn narrow(&mut self) {
        let typed = self.filter.text();
        let hidden = typed.starts_with('.');
        let is_offered = |entry: &&Entry| {
            (hidden || !entry.name.starts_with('.'))
                && (entry.is_dir || names_picture(&entry.name) || entry.name == typed)
        };
        let entries = self.entries().iter().enumerate();
        let offered = entries.filter(|(_, entry)| is_offered(entry));
        let mut scores: Vec<(u32, bool, usize)> =
            fuzzy::scores(typed, offered.map(|(place, entry)| (place, entry.name.as_str())))
                .map(|(score, place)| (score, self.entries()[place].name == typed, place))
                .collect();
        // What was typed as a whole is what is meant.
        scores.sort_by_key(|(score, is_whole, _)| Reverse((*is_whole, *score)));
        self.fits = scores.into_iter().map(|(.., place)| place).collect();
        let from = self.came_from.as_ref();
        let back = from.and_then(|name| self.from(0).position(|entry| entry.name == *name));
        self.selected = back.unwrap_or(0);
    }

    /// Goes into a directory; `typed` is what narrows it.
    fn enter(&mut self, dir: String, typed: &str) -> Vec<Effect> {
        self.filter.set(typed);
        self.came_from = None;
        self.list(dir)
    }

    fn list(&mut self, dir: String) -> Vec<Effect> {
        self.dir = dir;
        self.listing = Listing::Reading;
        self.narrow();
        vec![Effect::Files(Wish::List(self.dir.clone()))]
    }

    /// Goes to the directory around this one, to where one came from.
    fn up(&mut self) -> Vec<Effect> {
        let dir = Path::new(&self.dir);
        let (Some(parent), Some(name)) = (dir.parent(), dir.file_name()) else {
            return Vec::new();
        };
        let parent = parent.to_string_lossy().into_owned();
        self.came_from = Some(name.to_string_lossy().into_owned());
        self.filter.set("");
        self.list(parent)
    }

    /// Goes along what is typed of a path. A directory that was begun is the selected one.
    fn walk(&mut self) -> Vec<Effect> {
        let typed = self.filter.text().to_owned();
        let Some(at) = typed.rfind('/') else {
            self.came_from = None;
            self.narrow();
            return Vec::new();
        };
        let (way, rest) = (&typed[..at], &typed[at + 1..]);
        let is_there = self.entries().iter().any(|entry| entry.name == way);
        let way = match self.entry() {
            Some(begun) if begun.is_dir && !is_there && is_one_name(way) => begun.name.clone(),
            _ => way.to_owned(),
        };
        let dir = if at == 0 {
            "/".to_owned()
        } else if way.starts_with('/') || way.starts_with('~') {
            simple(Path::new(&way))
        } else {
            simple(Path::new(&self.path(&way)))
        };
        self.enter(dir, rest)
    }
}

/// Opens the picker where the base image in the form is, or else where it was before.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    let mut files = state.base.files.take().unwrap_or_default();
    if let BaseImage::File(path) = BaseImage::from(state.form.text(Field::BaseImage).to_owned())
        && let Some(dir) = path.parent().filter(|dir| dir.has_root() || dir.starts_with("~"))
    {
        files.dir = dir.to_string_lossy().into_owned();
        files.came_from = path.file_name().map(|name| name.to_string_lossy().into_owned());
    }
    files.filter.set("");
    // Files may have changed since.
    files.seen.clear();
    files.asked.clear();
    state.opinions.line = None;
    state.preview.full_screen = false;
    state.overlay = Some(Overlay::Files);
    let dir = files.dir.clone();
    let effects = files.list(dir);
    state.base.files = Some(files);
    effects
}

/// Goes to where a path leads that was pasted.
pub(super) fn go_to(state: &mut State, path: &str) -> Vec<Effect> {
    let Some(files) = &mut state.base.files else { return Vec::new() };
    files.filter.set(path);
    files.walk()
}

/// Takes in what was found out.
pub(super) fn hear(state: &mut State, news: News) {
    let Some(files) = &mut state.base.files else { return };
    match news {
        News::Listed { asked, dir, entries } => {
            if asked != files.dir {
                return;
            }
            files.dir = dir;
            files.listing = entries.map_or_else(Listing::Refused, Listing::Read);
            files.narrow();
        }
        News::Seen(seen) => {
            files.asked.clear();
            files.seen.extend(seen);
        }
    }
}

/// Asks about the files that are seen and not known yet, unless an answer is owed.
pub(super) fn look(state: &mut State) -> Option<Effect> {
    let rows = usize::from(state.extents.picker_rows);
    let files = state.base.files.as_mut().filter(|_| state.overlay == Some(Overlay::Files))?;
    if !files.asked.is_empty() {
        return None;
    }
    let top = top(files.selected, rows);
    let seen = files.from(top).take(rows).filter(|entry| !entry.is_dir);
    let paths = seen.map(|entry| files.path(&entry.name));
    let unknown: BTreeSet<String> = paths.filter(|path| !files.seen.contains_key(path)).collect();
    files.asked.clone_from(&unknown);
    (!unknown.is_empty()).then(|| Effect::Files(Wish::See(unknown.into_iter().collect())))
}

/// The first one that is seen where so many fit and this one is selected.
pub fn top(selected: usize, rows: usize) -> usize {
    (selected + 1).saturating_sub(rows)
}

/// What a key means among the files.
pub(super) fn press(settings: &Settings, state: &mut State, chord: Chord) -> Vec<Effect> {
    let Some(files) = &mut state.base.files else { return Vec::new() };
    let (is_empty, at_end) = {
        let filter = &files.filter;
        (filter.text().is_empty(), filter.cursor() == filter.text().len())
    };
    match settings.keys.action(Context::Text, chord) {
        Some(Action::Leave | Action::PickImage) => state.overlay = None,
        Some(Action::NewLine) => return take(state),
        Some(Action::Generate) => {
            let effects = take(state);
            if state.overlay.is_some() {
                return effects;
            }
            return state.generate(settings);
        }
        Some(Action::DeleteBack | Action::Left) if is_empty => return files.up(),
        Some(Action::Right | Action::Next) if at_end => return into(files),
        Some(Action::LineStart | Action::TextStart) if is_empty => files.selected = 0,
        Some(Action::LineEnd | Action::TextEnd) if is_empty => files.go(isize::MAX),
        _ => return typing::narrow(settings, state, chord),
    }
    Vec::new()
}

/// Moves the selection by so many.
pub(super) fn go(state: &mut State, lines: isize) {
    if let Some(files) = &mut state.base.files {
        files.go(lines);
    }
}

/// Changes what narrows the list.
pub(super) fn edit(state: &mut State, change: impl FnOnce(&mut Editor)) -> Vec<Effect> {
    let Some(files) = &mut state.base.files else { return Vec::new() };
    let before = files.filter.text().to_owned();
    change(&mut files.filter);
    if files.filter.text() == before { Vec::new() } else { files.walk() }
}

/// Goes into the selected directory.
fn into(files: &mut Files) -> Vec<Effect> {
    match files.entry() {
        Some(entry) if entry.is_dir => {
            let dir = files.path(&entry.name);
            files.enter(dir, "")
        }
        _ => Vec::new(),
    }
}

/// Goes into the selected directory, or makes the selected file the base image.
fn take(state: &mut State) -> Vec<Effect> {
    let Some(files) = &mut state.base.files else { return Vec::new() };
    let typed = files.filter.text();
    if typed == "~" || typed == ".." {
        files.filter.set(format!("{typed}/"));
        return files.walk();
    }
    let Some(entry) = files.entry() else {
        let what = match files.listing {
            Listing::Reading => "The directory is still being read.",
            _ => "No picture here is called so.",
        };
        state.say(what);
        return Vec::new();
    };
    if entry.is_dir {
        return into(files);
    }
    let path = files.path(&entry.name);
    state.overlay = None;
    state.form.editor_mut(Field::BaseImage).set(path);
    if !matches!(state.focus, Focus::Form(_)) {
        state.focus = Focus::Form(Field::Prompt);
    }
    base::say_taken(state)
}
