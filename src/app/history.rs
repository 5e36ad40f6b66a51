//! The history: a window of rows over all that was ever made, newest first.
//!
//! Owns which rows are loaded, which one is selected, and what is searched for.
//! Promises that the selection is a loaded row whenever there is one. Must never
//! hold more than [`MOST_ROWS`], nor ask for the same rows twice at once.

mod days;
mod shelves;

use super::editor::Editor;
use crate::domain::{Generation, GenerationId};
pub use shelves::{Placed, Room};

/// Rows asked for at a time.
pub const PAGE: u32 = 200;
/// Rows kept at most; those farthest from the selection go first.
pub const MOST_ROWS: usize = 600;
/// This near to the end of what is loaded, more is asked for.
const MARGIN: usize = 60;

/// Where a page of rows begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum From {
    /// At the newest.
    Newest,
    /// So that it ends with the oldest.
    Oldest,
    /// Just below (older than) this one.
    Below(GenerationId),
    /// So that it ends just above (newer than) this one.
    Above(GenerationId),
    /// At this one.
    At(GenerationId),
    /// At the first one below this one that is of another day.
    DayBelow(GenerationId),
    /// At the first one of the day of this one, or else of the day above.
    DayAbove(GenerationId),
}

/// A page of rows to be loaded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// What is searched for; everything when blank.
    pub query: String,
    /// Where it begins.
    pub from: From,
}

/// A page of rows, newest first.
#[derive(Clone, PartialEq, Debug)]
pub struct Page {
    /// What was asked.
    pub wanted: Wanted,
    /// The rows; fewer than [`PAGE`] where the history ends.
    pub rows: Vec<Generation>,
}

/// The window and what is selected in it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct History {
    rows: Vec<Generation>,
    selected: usize,
    /// First visible row.
    top: usize,
    /// Whether the first row is the newest of all, and the last one the oldest.
    at_newest: bool,
    at_oldest: bool,
    /// What is being loaded.
    wanted: Option<Wanted>,
    /// Whether something has changed on the disk since.
    changed: bool,
    /// What is to be selected as soon as it is loaded.
    pub(super) goal: Option<GenerationId>,
    /// The search line.
    pub search: Editor,
    /// How many rows the search finds (all, where nothing is searched), once known.
    pub total: Option<u64>,
}

impl History {
    /// The loaded rows.
    pub fn rows(&self) -> &[Generation] {
        &self.rows
    }

    /// The first visible row.
    pub const fn top(&self) -> usize {
        self.top
    }

    /// The place of the selected row among the loaded ones.
    pub const fn selected_index(&self) -> usize {
        self.selected
    }

    /// The selected generation.
    pub fn selected(&self) -> Option<&Generation> {
        self.rows.get(self.selected)
    }

    /// Whether the newest of all is loaded.
    pub const fn at_newest(&self) -> bool {
        self.at_newest
    }

    /// Whether the oldest of all is loaded.
    pub const fn at_oldest(&self) -> bool {
        self.at_oldest
    }

    /// Whether the newest of all is selected.
    pub const fn is_at_start(&self) -> bool {
        self.at_newest && self.selected == 0
    }

    /// Whether the oldest of all is selected.
    pub const fn is_at_end(&self) -> bool {
        self.at_oldest && self.selected + 1 >= self.rows.len()
    }

    /// Whether all of it is loaded.
    pub const fn is_whole(&self) -> bool {
        self.at_newest && self.at_oldest
    }

    /// Whether rows have been asked for and have not come yet.
    pub const fn is_loading(&self) -> bool {
        self.wanted.is_some()
    }

    /// What is searched for.
    pub fn query(&self) -> &str {
        self.search.text().trim()
    }

    /// Asks for a page, unless it is the one already on its way.
    pub(super) fn want(&mut self, from: From) -> Option<Wanted> {
        let wanted = Wanted { query: self.query().to_owned(), from };
        if self.wanted.as_ref() == Some(&wanted) {
            return None;
        }
        self.wanted = Some(wanted.clone());
        Some(wanted)
    }

    /// Takes in a page; an answer to a question no longer asked is dropped.
    pub(super) fn take(&mut self, page: Page) {
        if self.wanted.as_ref() != Some(&page.wanted) {
            return;
        }
        self.wanted = None;
        let ended = page.rows.len() < PAGE as usize;
        match page.wanted.from {
            From::Newest => {
                let keep = self.goal.take().or_else(|| self.selected().map(|row| row.id));
                self.rows = page.rows;
                (self.at_newest, self.at_oldest) = (true, ended);
                let place = keep.and_then(|id| self.place(id));
                self.selected = place.unwrap_or(0);
            }
            From::Oldest => {
                self.rows = page.rows;
                (self.at_newest, self.at_oldest) = (ended, true);
                self.selected = self.rows.len().saturating_sub(1);
            }
            From::Below(id) if self.rows.last().is_some_and(|row| row.id == id) => {
                self.rows.extend(page.rows);
                self.at_oldest = ended;
                let surplus = self.rows.len().saturating_sub(MOST_ROWS).min(self.selected);
                self.drop_first(surplus);
            }
            From::Above(id) if self.rows.first().is_some_and(|row| row.id == id) => {
                let added = page.rows.len();
                self.rows.splice(0..0, page.rows);
                self.selected += added;
                self.top += added;
                self.at_newest = ended;
                if self.rows.len() > MOST_ROWS {
                    self.rows.truncate(MOST_ROWS.max(self.selected + 1));
                    self.at_oldest = false;
                }
            }
            From::At(_) | From::DayBelow(_) | From::DayAbove(_) if !page.rows.is_empty() => {
                self.rows = page.rows;
                (self.selected, self.top) = (0, 0);
                (self.at_newest, self.at_oldest) = (false, ended);
            }
            // Nothing is there, or nobody needs it any more.
            _ => {}
        }
    }

    /// Selects the row `by` places down, or up when negative.
    pub(super) fn go(&mut self, by: isize) -> Option<Wanted> {
        let last = self.rows.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
        self.refill()
    }

    /// Selects a loaded row.
    pub(super) fn select(&mut self, id: GenerationId) {
        if let Some(place) = self.place(id) {
            self.selected = place;
        }
    }

    /// Selects the loaded row in this place.
    pub(super) fn select_place(&mut self, place: usize) {
        self.selected = place.min(self.rows.len().saturating_sub(1));
    }

    /// Goes to the newest row of all.
    pub(super) fn go_newest(&mut self) -> Option<Wanted> {
        self.selected = 0;
        if self.at_newest { None } else { self.want(From::Newest) }
    }

    /// Goes to the oldest row of all.
    pub(super) fn go_oldest(&mut self) -> Option<Wanted> {
        self.selected = self.rows.len().saturating_sub(1);
        if self.at_oldest { None } else { self.want(From::Oldest) }
    }

    /// Something has changed on the disk: the rows are asked for anew, where the
    /// newest are in sight. Elsewhere nothing that is loaded is out of place. A page that is
    /// on its way may be older than the change, so another one follows it.
    pub(super) fn reload(&mut self) -> Option<Wanted> {
        self.changed = self.wanted.is_some();
        let near_newest = self.at_newest && self.selected < PAGE as usize / 2;
        if near_newest && !self.changed { self.want(From::Newest) } else { None }
    }

    /// Asks on after a page: anew where something has changed while it was on its way, or
    /// else for what is near and not there yet.
    pub(super) fn follow_up(&mut self) -> Option<Wanted> {
        let anew = if self.changed { self.reload() } else { None };
        anew.or_else(|| self.refill())
    }

    /// The search line has changed: everything is asked for anew.
    pub(super) fn searched(&mut self) -> Option<Wanted> {
        self.selected = 0;
        self.total = None;
        self.want(From::Newest)
    }

    /// A generation has just been asked for: it stands on top and is selected.
    pub(super) fn add(&mut self, generation: Generation) {
        if self.at_newest && self.query().is_empty() && self.place(generation.id).is_none() {
            self.rows.insert(0, generation);
            self.total = self.total.map(|total| total + 1);
            self.selected = 0;
        }
    }

    /// A generation is now so.
    pub(super) fn update(&mut self, generation: &Generation) {
        if let Some(place) = self.place(generation.id) {
            self.rows[place] = generation.clone();
        }
    }

    /// A generation stands in it no more.
    pub(super) fn remove(&mut self, id: GenerationId) {
        if let Some(place) = self.place(id) {
            self.rows.remove(place);
            let last = self.rows.len().saturating_sub(1);
            let above = usize::from(place < self.selected);
            self.selected = (self.selected - above).min(last);
            self.top -= usize::from(place < self.top);
        }
    }

    /// A generation stands in it again, by the time it was asked for; outside of what is
    /// loaded nothing is missing. `false` where its place cannot be told so: what came from
    /// elsewhere stands where it came in.
    pub(super) fn put_back(&mut self, generation: &Generation) -> bool {
        if self.place(generation.id).is_some() {
            self.update(generation);
            return true;
        }
        let key = |row: &Generation| (row.created, row.id);
        let is_by_time = self.rows.is_sorted_by(|above, below| key(above) > key(below));
        if generation.request.model.is_imported() || !is_by_time {
            return false;
        }
        let place = self.rows.partition_point(|row| key(row) > key(generation));
        let is_inside =
            (place > 0 || self.at_newest) && (place < self.rows.len() || self.at_oldest);
        if is_inside {
            self.rows.insert(place, generation.clone());
            self.selected += usize::from(place <= self.selected && self.rows.len() > 1);
        }
        true
    }

    fn refill(&mut self) -> Option<Wanted> {
        if self.wanted.is_some() || self.rows.is_empty() {
            return None;
        }
        if !self.at_oldest && self.selected + MARGIN >= self.rows.len() {
            return self.rows.last().map(|row| row.id).and_then(|id| self.want(From::Below(id)));
        }
        if !self.at_newest && self.selected < MARGIN {
            return self.rows.first().map(|row| row.id).and_then(|id| self.want(From::Above(id)));
        }
        None
    }

    fn drop_first(&mut self, count: usize) {
        if count > 0 {
            self.rows.drain(..count);
            self.selected -= count;
            self.top = self.top.saturating_sub(count);
            self.at_newest = false;
        }
    }

    fn place(&self, id: GenerationId) -> Option<usize> {
        self.rows.iter().position(|row| row.id == id)
    }
}
