//! What the user thinks of generations: marks, the line for tags, and what comes of it.
//!
//! Owns what is marked, the tags and searches that are known, and the line in which one of
//! them is typed. Promises that what is marked is acted on at once and as one operation, and
//! that what the history shows follows. Must never change an opinion by itself: it becomes
//! so in the history on the disk, and is heard of.

mod acting;

use std::collections::{BTreeMap, BTreeSet};

use super::editor::Editor;
use super::history::From;
use super::{Effect, Overlay, State};
use crate::domain::{Change, Generation, GenerationId, Opinion, SavedSearch, Tag, Weight};

pub(super) use acting::{act, commit, complete, concerned, decide, pick};

/// What is marked, and how it is tagged and searched for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Opinions {
    marked: BTreeMap<GenerationId, Opinion>,
    /// Every tag in use, the most used first, as far as that was asked.
    pub tags: Vec<Tag>,
    /// The searches with a name, as far as that was asked.
    pub searches: Vec<SavedSearch>,
    /// The line that is typed in, before anything else.
    pub line: Option<Line>,
}

/// A line that is typed in.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What for.
    pub wants: Wants,
    /// What stands in it.
    pub editor: Editor,
}

/// What a line is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wants {
    /// The tags of these.
    Tags {
        /// Whose.
        of: Vec<GenerationId>,
        /// Those that all of them had when the line was opened.
        had: BTreeSet<Tag>,
    },
    /// The file of a picture, to fill the form from.
    File {
        /// What was typed when it was asked how that goes on.
        typed: String,
        /// How that goes on.
        offered: Vec<String>,
    },
    /// The name for this search.
    Name(String),
    /// The name for a preset.
    Preset {
        /// What it holds.
        body: String,
        /// Whether that is a piece of a prompt and no form.
        is_piece: bool,
    },
}

/// What is wanted of the history on the disk.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// Change what the user thinks of these, as one operation.
    Change(Vec<GenerationId>, Change),
    /// Take back the last operation.
    TakeBack,
    /// Do again what was taken back last.
    DoAgain,
    /// Keep this search, or forget it where its query is blank.
    Save(SavedSearch),
    /// Read the tags in use and the searches with a name.
    Learn,
    /// Say how much is in the trash.
    Weigh,
    /// Delete for good what is in the trash.
    Empty,
}

/// What came of a wish.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// An operation was done.
    Changed {
        /// Whether for the first time.
        how: How,
        /// What it was.
        change: Change,
        /// What is different now, as it is now.
        generations: Vec<Generation>,
        /// Favourites that stayed out of the trash.
        protected: usize,
        /// Generations under way that stayed out of the trash.
        under_way: usize,
    },
    /// There is nothing to take back, or to do again.
    Nothing(How),
    /// The tags in use and the searches with a name.
    Known(Vec<Tag>, Vec<SavedSearch>),
    /// So much is in the trash.
    Weighed(Weight),
    /// So much was deleted for good.
    Emptied(Weight),
}

/// Which way an operation went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// Done.
    Done,
    /// Taken back.
    TakenBack,
    /// Done again.
    DoneAgain,
}

impl Opinions {
    /// Whether `id` is marked.
    pub fn is_marked(&self, id: GenerationId) -> bool {
        self.marked.contains_key(&id)
    }

    /// What is marked, the earliest first.
    pub fn marked(&self) -> impl Iterator<Item = GenerationId> {
        self.marked.keys().copied()
    }

    /// How many are marked.
    pub fn marks(&self) -> usize {
        self.marked.len()
    }

    /// The tags that may go on from what is typed, the most used first.
    pub fn offered(&self) -> Vec<&Tag> {
        let Some(Line { wants: Wants::Tags { .. }, editor }) = &self.line else {
            return Vec::new();
        };
        let (typed, begun) = editor.text().rsplit_once([' ', ',']).unwrap_or(("", editor.text()));
        let typed: Vec<&str> = typed.split([' ', ',']).collect();
        let begun = begun.trim_start_matches('#').to_lowercase();
        let fits = |tag: &&Tag| {
            tag.as_str().starts_with(&begun)
                && tag.as_str() != begun
                && !typed.contains(&tag.as_str())
        };
        self.tags.iter().filter(fits).collect()
    }

    /// Marks nothing any more; says whether anything was.
    pub(super) fn clear_marks(&mut self) -> bool {
        !std::mem::take(&mut self.marked).is_empty()
    }

    /// Marks a generation, or no longer.
    fn turn_mark(&mut self, generation: &Generation) {
        if self.marked.remove(&generation.id).is_none() {
            self.marked.insert(generation.id, generation.opinion.clone());
        }
    }
}

/// Takes in what came of a wish.
pub(super) fn hear(state: &mut State, news: News) -> Vec<Effect> {
    match news {
        News::Changed { how, change, generations, protected, under_way } => {
            state.say(words(how, &change, generations.len(), protected, under_way));
            return follow(state, how, &generations);
        }
        News::Nothing(How::DoneAgain) => state.say("There is nothing to do again."),
        News::Nothing(_) => state.say("There is nothing to take back."),
        News::Known(tags, searches) => {
            (state.opinions.tags, state.opinions.searches) = (tags, searches);
            if let Some(Overlay::Searches(selected)) = &mut state.overlay {
                let last = state.opinions.searches.len().saturating_sub(1);
                *selected = (*selected).min(last);
            }
        }
        News::Weighed(weight) if weight.generations == 0 => {
            state.say("The trash is empty, but for favourites.");
        }
        News::Weighed(weight) => state.overlay = Some(Overlay::Emptying(weight)),
        News::Emptied(weight) => {
            state.say(format!("Deleted for good: {}.", weight.words()));
            state.known.clear();
            let lineage = state.ask_for_lineage();
            return reload(state).into_iter().chain(lineage).collect();
        }
    }
    Vec::new()
}

/// Has the history show what has changed.
fn follow(state: &mut State, how: How, generations: &[Generation]) -> Vec<Effect> {
    let query = state.query();
    let (mut is_complete, mut moved) = (true, false);
    for generation in generations {
        state.known.update(generation);
        let is_trashed = generation.opinion.trashed.is_some();
        let is_shown = state.history.rows().iter().any(|row| row.id == generation.id);
        if let Some(opinion) = state.opinions.marked.get_mut(&generation.id) {
            *opinion = generation.opinion.clone();
        }
        if is_trashed != query.is_of_trash() {
            moved |= is_shown;
            state.history.remove(generation.id);
            state.opinions.marked.remove(&generation.id);
        } else if is_shown {
            state.history.update(generation);
        } else if query.is_empty() && state.history.put_back(generation) {
            moved = true;
        } else {
            is_complete = false;
        }
    }
    if let Some(first) = generations.first().filter(|_| how != How::Done) {
        state.history.select(first.id);
    }
    if !is_complete {
        state.history.goal = generations.first().filter(|_| how != How::Done).map(|it| it.id);
        return reload(state);
    }
    if moved { vec![Effect::Count(state.history.query().to_owned())] } else { Vec::new() }
}

/// Asks anew for what the history shows.
fn reload(state: &mut State) -> Vec<Effect> {
    let count = Effect::Count(state.history.query().to_owned());
    state.history.want(From::Newest).map(Effect::Load).into_iter().chain([count]).collect()
}

/// What became of a change, in one line.
fn words(how: How, change: &Change, count: usize, protected: usize, under_way: usize) -> String {
    let mut said = match how {
        How::Done if count == 0 && protected > 0 => {
            return "A favourite does not go to the trash.".to_owned();
        }
        How::Done if count == 0 && under_way > 0 => {
            return "What is under way does not go to the trash.".to_owned();
        }
        How::Done if count == 0 => return "It is so already.".to_owned(),
        How::Done => format!("{}.", change.words(count)),
        How::TakenBack => format!("Taken back: {}.", change.words(count)),
        How::DoneAgain => format!("Done again: {}.", change.words(count)),
    };
    for (left, what) in [(protected, "favourite"), (under_way, "under way")] {
        if left > 0 {
            said = format!("{said} {left} stayed: {what}.");
        }
    }
    said
}
