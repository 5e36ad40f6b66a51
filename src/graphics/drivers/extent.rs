//! The cells that a picture fills.
//!
//! Owns the way from a box of cells to the part of it that has the picture's ratio.
//! Promises that no side is 0. Must never know where on the screen it is.

use crate::graphics::CellSize;
use crate::graphics::blocks::grid;

/// Whole cells, and their size. A picture is stretched to fill them, so its ratio is kept
/// to half a row.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Extent {
    columns: u16,
    rows: u16,
    cell: CellSize,
}

impl Extent {
    /// The largest part of `columns` × `rows` cells with the ratio of `source`, which is
    /// in pixels; `None` when there are no cells.
    pub fn within((columns, rows): (u16, u16), source: (u32, u32), cell: CellSize) -> Option<Self> {
        let (columns, half_rows) = grid(source, (columns, rows), cell);
        (columns > 0).then_some(Self { columns, rows: half_rows.div_ceil(2), cell })
    }

    /// Cells across.
    pub const fn columns(self) -> u16 {
        self.columns
    }

    /// Cells down.
    pub const fn rows(self) -> u16 {
        self.rows
    }

    /// The size of each.
    pub const fn cell(self) -> CellSize {
        self.cell
    }

    /// Pixels across and down.
    pub fn pixels(self) -> (u32, u32) {
        self.cell.pixels((self.columns, self.rows))
    }
}
