//! A picture as half blocks: two pixels, one above the other, in each cell.
//!
//! Owns the grid and its way into a buffer. Promises that the ratio is kept to half a
//! row, whatever the shape of the cells, and that nothing outside the given area or the
//! buffer is touched. Must never do input or output.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Color;

use super::color::{ColorDepth, Rgb, shade};
use super::{CellSize, Pixels};

/// A grid of cells holding one picture, without any margin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Blocks {
    columns: u16,
    rows: u16,
    cells: Vec<[Option<Rgb>; 2]>,
}

impl Blocks {
    /// The picture, as large as it fits into `columns` × `rows` cells. Empty when one of
    /// them is 0.
    pub fn new(pixels: &Pixels, (columns, rows): (u16, u16), cell: CellSize) -> Self {
        let (columns, half_rows) = grid(pixels.source(), (columns, rows), cell);
        if columns == 0 {
            return Self { columns: 0, rows: 0, cells: Vec::new() };
        }
        let image = pixels.scaled_to_grid(columns.into(), half_rows.into()).into_rgb8();
        let rows = half_rows.div_ceil(2);
        let half = |column: u16, half_row: u16| {
            image.get_pixel_checked(column.into(), half_row.into()).map(|pixel| pixel.0)
        };
        let cells = (0..rows)
            .flat_map(|row| (0..columns).map(move |column| (column, row)))
            .map(|(column, row)| [half(column, 2 * row), half(column, 2 * row + 1)])
            .collect();
        Self { columns, rows, cells }
    }

    /// Cells across.
    pub const fn columns(&self) -> u16 {
        self.columns
    }

    /// Cells down.
    pub const fn rows(&self) -> u16 {
        self.rows
    }

    /// The upper and lower half of each cell, row by row. Only the lower halves of the
    /// last row may be empty: those of a picture with an odd number of halves.
    pub fn cells(&self) -> &[[Option<Rgb>; 2]] {
        &self.cells
    }

    /// Draws the picture in the middle of `area`, as far as that lies in `buffer`. Where
    /// the colours of the cell on the left can show a cell, they do: what a terminal is
    /// told already costs no bytes.
    pub fn paint(&self, buffer: &mut Buffer, area: Rect, depth: ColorDepth) {
        let visible = area.intersection(buffer.area);
        let left = u32::from(area.x) + u32::from(area.width.saturating_sub(self.columns) / 2);
        let top = u32::from(area.y) + u32::from(area.height.saturating_sub(self.rows) / 2);
        for (row, cells) in (0..).zip(self.cells.chunks_exact(self.columns.max(1).into())) {
            let mut inks = (Color::Reset, Color::Reset);
            for (column, &halves) in (0..).zip(cells) {
                let place = (
                    u16::try_from(left + u32::from(column)).unwrap_or(u16::MAX),
                    u16::try_from(top + u32::from(row)).unwrap_or(u16::MAX),
                );
                if visible.contains(place.into())
                    && let Some(cell) = buffer.cell_mut(place)
                {
                    inks = ink(cell, halves, (column, row), depth, inks);
                }
            }
        }
    }
}

/// Draws one cell, with `inks` (front and back) if they do, and returns those it took.
fn ink(
    cell: &mut Cell,
    halves: [Option<Rgb>; 2],
    (column, row): (u16, u16),
    depth: ColorDepth,
    inks: (Color, Color),
) -> (Color, Color) {
    cell.reset();
    if depth == ColorDepth::None {
        cell.set_symbol(shade(mean(halves), column, row));
        return inks;
    }
    let [upper, lower] = [0, 1].map(|half| {
        halves[usize::from(half)]
            .and_then(|rgb| depth.color(rgb, column, 2 * row + half))
            .unwrap_or(Color::Reset)
    });
    let (symbol, front, back) = if inks == (lower, upper) && upper != lower {
        ("▄", lower, upper)
    } else if upper == lower && upper == inks.1 {
        (" ", inks.0, upper)
    } else if upper == lower && upper == inks.0 && upper != Color::Reset {
        ("█", upper, inks.1)
    } else {
        ("▀", upper, lower)
    };
    cell.set_symbol(symbol).set_fg(front).set_bg(back);
    (front, back)
}

/// The colour between the two halves; an empty half counts as black.
pub(super) fn mean([upper, lower]: [Option<Rgb>; 2]) -> Rgb {
    let (upper, lower) = (upper.unwrap_or_default(), lower.unwrap_or_default());
    [0, 1, 2].map(|channel| u8::midpoint(upper[channel], lower[channel]))
}

/// The columns and half rows of the largest picture with the ratio of `source` within
/// `columns` × `rows` cells; both 0 when there are no cells, else both at least 1.
pub(super) fn grid(source: (u32, u32), (columns, rows): (u16, u16), cell: CellSize) -> (u16, u16) {
    if columns == 0 || rows == 0 {
        return (0, 0);
    }
    let half_rows = u128::from(rows.min(u16::MAX / 2)) * 2;
    let columns = u128::from(columns);
    // One column is as wide as `across` / `down` half rows of the picture are high.
    let across = u128::from(cell.width()) * 2 * u128::from(source.1);
    let down = u128::from(cell.height()) * u128::from(source.0);
    let round = |a: u128, b: u128, most: u128| ((a + b / 2) / b).clamp(1, most) as u16;
    if columns * across <= half_rows * down {
        (columns as u16, round(columns * across, down, half_rows))
    } else {
        (round(half_rows * down, across, columns), half_rows as u16)
    }
}
