//! What the terminal has been sent.
//!
//! Owns which strips it holds, where it shows them ([`Places`]), and which stand in its
//! cells. Promises to say of nothing that it is there unless it was sent. Must never
//! decide what is to be seen.

use std::collections::{BTreeMap, BTreeSet};

use ratatui::layout::{Position, Rect};

use super::Wanted;
use crate::graphics::drivers::{Step, Strip, free, hide};

/// The terminal, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Screen {
    /// Numbers that the terminal holds.
    held: BTreeSet<u32>,
    /// Every number that it may know anything of.
    known: BTreeSet<u32>,
    drawn: Vec<Drawn>,
}

/// A strip that stands in cells.
#[derive(Debug)]
struct Drawn {
    of: Wanted,
    step: Step,
    nth: usize,
    cells: Rect,
    /// Whether nothing else was written to any of its cells.
    whole: bool,
}

impl Drawn {
    fn is(&self, of: &Wanted, step: Step, nth: usize) -> bool {
        self.of == *of && self.step == step && self.nth == nth
    }
}

impl Screen {
    /// Whether strip number `nth` of `step` needs not be sent to be seen in its place.
    pub(super) fn has(&self, of: Option<&Wanted>, step: Step, nth: usize, strip: &Strip) -> bool {
        match strip.id() {
            Some(id) => self.held.contains(&id),
            None => of.is_some_and(|of| {
                self.drawn.iter().any(|drawn| drawn.whole && drawn.is(of, step, nth))
            }),
        }
    }

    /// The terminal has been sent some of number `id`.
    pub(super) fn know(&mut self, id: u32) {
        self.known.insert(id);
    }

    /// The terminal holds number `id` now.
    pub(super) fn hold(&mut self, id: u32) {
        self.held.insert(id);
    }

    /// A strip was written to its cells.
    pub(super) fn draw(&mut self, of: Wanted, step: Step, nth: usize, cells: Rect) {
        self.drawn.retain(|drawn| !drawn.is(&of, step, nth));
        self.drawn.push(Drawn { of, step, nth, cells, whole: true });
    }

    /// Nothing is certain of what stands in cells.
    pub(super) fn forget_cells(&mut self) {
        self.drawn.clear();
    }

    /// Something else was written to cells: what stood there is not whole any more.
    pub(super) fn damaged(&mut self, at: Position) {
        // The rest of it still stands there.
        for drawn in self.drawn.iter_mut().filter(|drawn| drawn.cells.contains(at)) {
            drawn.whole = false;
        }
    }

    /// Forgets what stands in cells where it is not `wanted`; says which cells those are.
    pub(super) fn keep_only(&mut self, wanted: &[Wanted]) -> Vec<Rect> {
        let mut stale = Vec::new();
        self.drawn.retain(|drawn| {
            let keep = wanted.contains(&drawn.of);
            if !keep {
                stale.push(drawn.cells);
            }
            keep
        });
        stale
    }

    /// Notes that `strips` are not to be seen any more; gives their numbers.
    pub(super) fn let_go(&mut self, strips: &[Strip]) -> Vec<u32> {
        let ids: Vec<u32> = strips.iter().filter_map(Strip::id).collect();
        self.held.retain(|id| !ids.contains(id));
        ids
    }

    /// What makes the terminal forget all that it was sent.
    pub(super) fn farewell(&self) -> impl Iterator<Item = Vec<u8>> + '_ {
        self.known.iter().map(|id| free(*id))
    }
}

/// Where the terminal shows what it holds; `None` is for somewhere.
#[derive(Debug, Default)]
pub(super) struct Places(BTreeMap<u32, Option<Position>>);

impl Places {
    /// Nothing is certain of where pictures are, but that some are.
    pub(super) fn forget_where(&mut self) {
        self.0.values_mut().for_each(|corner| *corner = None);
    }

    /// Shows exactly `target` of what is held: each strip with the corner of its picture.
    /// Says what is to be sent for it.
    pub(super) fn show(&mut self, target: &[(&Strip, Position)]) -> Vec<u8> {
        let wanted: BTreeMap<u32, (&Strip, Position)> = target
            .iter()
            .filter_map(|&(strip, corner)| Some((strip.id()?, (strip, corner))))
            .collect();
        let mut bytes = Vec::new();
        self.0.retain(|id, _| {
            let keep = wanted.contains_key(id);
            if !keep {
                bytes.extend(hide(*id));
            }
            keep
        });
        for (id, (strip, corner)) in wanted {
            if self.0.insert(id, Some(corner)) != Some(Some(corner)) {
                bytes.extend(strip.place_at(corner));
            }
        }
        bytes
    }
}
