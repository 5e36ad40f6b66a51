//! One piece of a picture: some rows of cells, or a part of them, complete in themselves.
//!
//! Owns in which order its bytes must be sent. Promises that text may stand before and
//! after each piece of bytes it hands out, and never inside one. Must never know what
//! else is on the screen.

use ratatui::layout::{Position, Rect};

use super::{Step, kitty};
use crate::graphics::Rgb;

/// Some whole cells of a picture, in the words of a protocol.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Strip {
    pub(super) cells: Rect,
    pub(super) step: Step,
    pub(super) body: Body,
}

/// What is sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Body {
    /// Sent once, in units, and then held by the terminal under a number.
    Held { id: u32, units: Vec<Vec<u8>> },
    /// Sent whole wherever it is to be seen, and each time.
    Passing(Vec<u8>),
}

impl Strip {
    /// The cells it fills, counted from the corner of the picture.
    pub const fn cells(&self) -> Rect {
        self.cells
    }

    /// The cells it fills of a screen that has the corner of the picture at `corner`.
    pub const fn cells_at(&self, corner: Position) -> Rect {
        Rect { x: corner.x + self.cells.x, y: corner.y + self.cells.y, ..self.cells }
    }

    /// What must be sent before the strip can be placed: units of at most [`super::UNIT`]
    /// bytes, in this order. Text may stand between them, other graphics may not. Nothing,
    /// where the terminal holds no pictures.
    pub fn units(&self) -> &[Vec<u8>] {
        match &self.body {
            Body::Held { units, .. } => units,
            Body::Passing(_) => &[],
        }
    }

    /// Lets go of the units, once the terminal holds what was in them.
    pub fn forget_units(&mut self) {
        if let Body::Held { units, .. } = &mut self.body {
            *units = Vec::new();
        }
    }

    /// What makes the strip appear with its corner at the cursor, which may move. Must be
    /// sent whole: some fifty bytes where the terminal holds it, else all of it.
    pub fn place(&self) -> Vec<u8> {
        match &self.body {
            Body::Held { id, .. } => kitty::place(*id, self.sides(), self.step as u8),
            Body::Passing(bytes) => bytes.clone(),
        }
    }

    /// The same for a picture whose corner is at `corner` of the screen. The cursor is
    /// where it was, afterwards.
    pub fn place_at(&self, corner: Position) -> Vec<u8> {
        let Rect { x, y, .. } = self.cells_at(corner);
        let mut bytes =
            format!("\x1b7\x1b[{};{}H", u32::from(y) + 1, u32::from(x) + 1).into_bytes();
        bytes.extend(self.place());
        bytes.extend(b"\x1b8");
        bytes
    }

    /// The number under which the terminal holds it.
    pub const fn id(&self) -> Option<u32> {
        match self.body {
            Body::Held { id, .. } => Some(id),
            Body::Passing(_) => None,
        }
    }

    /// What is sent instead of [`Strip::place`] where [`Strip::placeholder`] says where a
    /// held strip is to be seen.
    pub fn place_by_text(&self) -> Vec<u8> {
        self.id().map(|id| kitty::place_by_text(id, self.sides())).unwrap_or_default()
    }

    /// The text that stands for the cell at `column`, `row` of a held strip, and its
    /// foreground colour. It scrolls, is cut off and is covered as any other text: the
    /// way to show pictures inside tmux. `None` outside the strip, and beyond the 297
    /// rows and columns that can be named.
    pub fn placeholder(&self, column: u16, row: u16) -> Option<(String, Rgb)> {
        let inside = column < self.cells.width && row < self.cells.height;
        self.id().filter(|_| inside).and_then(|id| kitty::placeholder(id, column, row))
    }

    /// How many bytes it takes until the strip is seen for the first time.
    pub fn bytes(&self) -> usize {
        self.units().iter().map(Vec::len).sum::<usize>() + self.place().len()
    }

    const fn sides(&self) -> (u16, u16) {
        (self.cells.width, self.cells.height)
    }
}
