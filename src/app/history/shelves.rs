//! The rows of the history as they stand on the screen: in lines, with headings between days.
//!
//! Owns where each visible row stands. Promises that no line holds rows of two days, that a
//! heading stands only where a row below it does, and that the selected row is in sight. The
//! day of the first visible row has no heading of its own: the frame around them names it.
//!
//! ```text
//! ┌ History · 9 ───── Today ┐
//! │ row                     │
//! │ row                     │
//! │ Yesterday ───────────── │
//! │ row                     │
//! └─────────────────────────┘
//! ```

use std::ops::Range;

use super::{History, Wanted};
use crate::domain::{Generation, Timestamp};

/// The room for rows, in cells.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Room {
    /// Lines of cells.
    pub height: u16,
    /// Lines of cells that a row takes.
    pub each: u16,
    /// Rows that stand side by side.
    pub columns: u16,
}

/// What stands in the room.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Placed {
    /// The heading of a day, which begins with the row of this place.
    Day {
        /// The place of the row among those that are loaded.
        row: usize,
        /// The line of cells.
        y: u16,
    },
    /// The row of this place.
    Row {
        /// The place of the row among those that are loaded.
        row: usize,
        /// Its first line of cells.
        y: u16,
        /// How many stand on its left.
        column: u16,
    },
}

/// Rows of one day that stand side by side.
struct Shelf {
    rows: Range<usize>,
    /// Whether a day begins with it.
    begins_day: bool,
}

impl Room {
    /// How many lines of rows there are at most.
    pub fn lines(self) -> u16 {
        (self.height / self.each.max(1)).max(1)
    }
}

impl History {
    /// What stands where in `room`.
    pub fn placed(&self, room: Room) -> Vec<Placed> {
        let shelves = shelves(&self.rows, room.columns);
        let first = shelf_of(&shelves, self.top);
        let mut placed = Vec::new();
        let mut y = 0;
        for (nth, shelf) in shelves.into_iter().enumerate().skip(first) {
            let heading = u16::from(shelf.begins_day && nth > first);
            if nth > first && y + heading + room.each > room.height {
                break;
            }
            if heading > 0 {
                placed.push(Placed::Day { row: shelf.rows.start, y });
            }
            y += heading;
            let rows = (0..).zip(shelf.rows);
            placed.extend(rows.map(|(column, row)| Placed::Row { row, y, column }));
            y += room.each;
        }
        placed
    }

    /// When the first visible row was asked for: its day is that of the frame.
    pub fn first_day(&self) -> Option<Timestamp> {
        self.rows.get(self.top).map(|row| row.created)
    }

    /// Selects what stands `by` lines down, or up when negative.
    pub(in crate::app) fn go_lines(&mut self, by: isize, columns: u16) -> Option<Wanted> {
        let shelves = shelves(&self.rows, columns);
        let here = shelf_of(&shelves, self.selected);
        let there = here.saturating_add_signed(by).min(shelves.len().saturating_sub(1));
        if there == here {
            // As far as it goes: to the first or the last one.
            return self.go(if by > 0 { isize::MAX } else { -isize::MAX });
        }
        let column = self.selected - shelves[here].rows.start;
        let rows = &shelves[there].rows;
        self.selected = (rows.start + column).min(rows.end - 1);
        self.go(0)
    }

    /// Keeps the selected row in sight.
    pub(in crate::app) fn follow(&mut self, room: Room) {
        let shelves = shelves(&self.rows, room.columns);
        let Some(last) = shelves.len().checked_sub(1) else {
            self.top = 0;
            return;
        };
        let selected = shelf_of(&shelves, self.selected);
        // The first shelf from which on all to `end` can be seen.
        let first_for = |end: usize| {
            let mut height = room.each;
            let mut first = end;
            while first > 0 {
                let heading = u16::from(shelves[first].begins_day);
                height = height.saturating_add(room.each + heading);
                if height > room.height {
                    break;
                }
                first -= 1;
            }
            first
        };
        let top = shelf_of(&shelves, self.top).clamp(first_for(selected), selected);
        // No more than what is needed to see the last one.
        self.top = shelves[top.min(first_for(last))].rows.start;
    }
}

/// The place of the shelf that holds the row of this place.
fn shelf_of(shelves: &[Shelf], row: usize) -> usize {
    shelves.partition_point(|shelf| shelf.rows.end <= row).min(shelves.len().saturating_sub(1))
}

fn shelves(rows: &[Generation], columns: u16) -> Vec<Shelf> {
    let columns = usize::from(columns).max(1);
    let mut shelves: Vec<Shelf> = Vec::new();
    let mut day: Option<Range<Timestamp>> = None;
    for (place, row) in rows.iter().enumerate() {
        let is_same = day.as_ref().is_some_and(|day| day.contains(&row.created));
        match shelves.last_mut() {
            Some(shelf) if is_same && shelf.rows.len() < columns => shelf.rows.end = place + 1,
            _ => shelves.push(Shelf { rows: place..place + 1, begins_day: !is_same }),
        }
        if !is_same {
            day = Some(row.created.day());
        }
    }
    shelves
}
