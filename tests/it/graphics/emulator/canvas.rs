//! The pictures of one of a terminal's two screens.

use std::collections::{BTreeSet, VecDeque};

use super::super::protocols::{self, Refused};
use super::field;
use super::shown::Part;

/// The pictures of one screen.
pub(super) struct Canvas {
    pub(super) graphics: protocols::Screen,
    /// What stands in each cell, row by row.
    pub(super) cells: Vec<Option<Part>>,
    /// What was held once and had to go for something else.
    evicted: BTreeSet<u32>,
    /// What is held, the longest unused first.
    used: VecDeque<u32>,
}

impl Canvas {
    pub(super) fn new(cell: (u16, u16), (columns, rows): (u16, u16)) -> Self {
        Self {
            graphics: protocols::Screen::new(cell),
            cells: vec![None; usize::from(columns) * usize::from(rows)],
            evicted: BTreeSet::new(),
            used: VecDeque::new(),
        }
    }

    pub(super) fn has_parts(&self) -> bool {
        self.cells.iter().any(Option::is_some)
    }

    /// Pictures that stand nowhere and in no text are freed with the screen.
    pub(super) fn erase_placed(&mut self) {
        let graphics = &mut self.graphics;
        graphics.placed.clear();
        graphics.held.retain(|id, _| graphics.by_text.contains_key(id));
    }

    /// All rows move up by so many.
    pub(super) fn scroll(&mut self, columns: u16, rows: u16) {
        let gone = (usize::from(columns) * usize::from(rows)).min(self.cells.len());
        self.cells.rotate_left(gone);
        let kept = self.cells.len() - gone;
        self.cells[kept..].fill(None);
        self.graphics.placed.retain(|placed| placed.row >= rows);
        self.graphics.placed.iter_mut().for_each(|placed| placed.row -= rows);
    }

    /// Takes a command of kitty's protocol.
    pub(super) fn kitty(&mut self, body: &[u8], quota: Option<usize>) -> Result<(), Refused> {
        let id = field(body, "i").and_then(|id| id.parse().ok());
        let places = field(body, "a").as_deref() == Some("p");
        if places && id.is_some_and(|id| self.evicted.contains(&id)) {
            // The terminal would say so, were it not told to be quiet.
            return Ok(());
        }
        let before: BTreeSet<u32> = self.graphics.held.keys().copied().collect();
        self.graphics.kitty(body)?;
        let new: Vec<u32> =
            self.graphics.held.keys().copied().filter(|id| !before.contains(id)).collect();
        for id in new.into_iter().chain(id.filter(|_| places)) {
            self.used.retain(|used| *used != id);
            self.used.push_back(id);
            self.evicted.remove(&id);
            if let Some(quota) = quota {
                self.make_room(quota, id);
            }
        }
        self.used.retain(|used| self.graphics.held.contains_key(used));
        Ok(())
    }

    fn is_shown(&self, id: u32) -> bool {
        self.graphics.placed.iter().any(|placed| placed.id == Some(id))
            || self.graphics.by_text.contains_key(&id)
    }

    fn size(&self) -> usize {
        self.graphics.held.values().map(|held| held.pixels().len() * 4).sum()
    }

    /// Makes room as kitty does: first goes all that is not shown, then what was unused
    /// for longest; never the `newest`.
    fn make_room(&mut self, quota: usize, newest: u32) {
        if self.size() > quota {
            let ids: Vec<u32> = self.graphics.held.keys().copied().collect();
            for id in ids.into_iter().filter(|id| *id != newest) {
                if !self.is_shown(id) {
                    self.evict(id);
                }
            }
        }
        while self.size() > quota
            && let Some(id) = self.used.iter().copied().find(|id| *id != newest)
        {
            self.evict(id);
        }
    }

    fn evict(&mut self, id: u32) {
        self.used.retain(|used| *used != id);
        self.graphics.held.remove(&id);
        self.graphics.by_text.remove(&id);
        self.graphics.placed.retain(|placed| placed.id != Some(id));
        self.evicted.insert(id);
    }
}
