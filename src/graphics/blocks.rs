//! A picture as blocks: four pixels, two above two, in each cell.
//!
//! Owns the grid, the choice of the two colours of a cell and of what is drawn in which,
//! and the way into a buffer. In 24-bit and 256 colours a cell is drawn in quarters, which
//! shows more of every kind of picture than halves do for the same bytes; sixteen colours
//! are dithered in halves, and without colours a cell is a shade. Sixths would show more
//! yet, but many fonts do not have them.
//!
//! Promises that the ratio is kept to half a row, whatever the shape of the cells, and
//! that nothing outside the given area or the buffer is touched. Must never do input or
//! output.

use ratatui::buffer::{Buffer, Cell as Drawn};
use ratatui::layout::Rect;
use ratatui::style::Color;

use super::color::{ColorDepth, Ink, Rgb, distance, shade};
use super::{CellSize, Pixels};

/// The characters by the quarters that are drawn in front, as bits: upper left, upper
/// right, lower left, lower right.
const SYMBOLS: [&str; 16] =
    [" ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█"];

/// How much more a cell may differ from the picture, over its four quarters, to be drawn
/// in the colours that are set already: some four levels of each channel. In 24 bits that
/// halves the bytes of most pictures and costs at most .01 of their likeness (SSIM).
const THRIFT: i32 = 640;

/// A grid of cells holding one picture, without any margin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Blocks {
    columns: u16,
    half_rows: u16,
    cells: Vec<Cell>,
}

/// One cell of the picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Cell {
    /// Upper left, upper right, lower left, lower right.
    quarters: [Rgb; 4],
    /// Those that are of one colour, as bits, where the others are of another.
    front: u8,
}

impl Blocks {
    /// The picture, as large as it fits into `columns` × `rows` cells. Empty when one of
    /// them is 0.
    pub fn new(pixels: &Pixels, (columns, rows): (u16, u16), cell: CellSize) -> Self {
        let (columns, half_rows) = grid(pixels.source(), (columns, rows), cell);
        if columns == 0 {
            return Self { columns: 0, half_rows: 0, cells: Vec::new() };
        }
        let image = pixels.scaled_to_grid(2 * u32::from(columns), half_rows.into()).into_rgb8();
        let pixel = |x: u32, y: u32| image.get_pixel(x, y.min(image.height() - 1)).0;
        let cells = (0..u32::from(half_rows.div_ceil(2)))
            .flat_map(|row| (0..u32::from(columns)).map(move |column| (2 * column, 2 * row)))
            .map(|(x, y)| [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)])
            .map(|places| Cell::new(places.map(|(x, y)| pixel(x, y))))
            .collect();
        Self { columns, half_rows, cells }
    }

    /// Cells across.
    pub const fn columns(&self) -> u16 {
        self.columns
    }

    /// Cells down.
    pub const fn rows(&self) -> u16 {
        self.half_rows.div_ceil(2)
    }

    /// The cells row by row: the mean colours of the upper and the lower half of each.
    /// Only the lower halves of the last row may be empty: those of a picture with an odd
    /// number of halves.
    pub fn halves(&self) -> impl Iterator<Item = impl Iterator<Item = [Option<Rgb>; 2]>> {
        (0..).zip(self.cells.chunks_exact(self.columns.max(1).into())).map(|(row, cells)| {
            let whole = self.is_whole(row);
            cells
                .iter()
                .map(move |cell| [Some(cell.mean(0b0011)), whole.then(|| cell.mean(0b1100))])
        })
    }

    /// Whether a row of cells has a lower half.
    const fn is_whole(&self, row: u16) -> bool {
        2 * row + 1 < self.half_rows
    }

    /// Draws the picture in the middle of `area`, as far as that lies in `buffer`. Where
    /// the colours of the cell on the left can show a cell, they do: what a terminal is
    /// told already costs no bytes.
    pub fn paint(&self, buffer: &mut Buffer, area: Rect, depth: ColorDepth) {
        let visible = area.intersection(buffer.area);
        let left = u32::from(area.x) + u32::from(area.width.saturating_sub(self.columns) / 2);
        let top = u32::from(area.y) + u32::from(area.height.saturating_sub(self.rows()) / 2);
        let halves = self.halves();
        let cells = self.cells.chunks_exact(self.columns.max(1).into());
        for (row, (cells, halves)) in (0..).zip(cells.zip(halves)) {
            let mut inks = None;
            for (column, (cell, halves)) in (0..).zip(cells.iter().zip(halves)) {
                let place = (
                    u16::try_from(left + u32::from(column)).unwrap_or(u16::MAX),
                    u16::try_from(top + u32::from(row)).unwrap_or(u16::MAX),
                );
                if visible.contains(place.into())
                    && let Some(drawn) = buffer.cell_mut(place)
                {
                    drawn.reset();
                    if halves[1].is_some()
                        && let Some(own) = cell.inks(depth, inks)
                    {
                        inks = Some(cell.draw(drawn, own, inks));
                    } else {
                        draw_halves(drawn, halves, (column, row), depth);
                    }
                }
            }
        }
    }
}

impl Cell {
    fn new(quarters: [Rgb; 4]) -> Self {
        let error = |front: u8| {
            let cell = Self { quarters, front };
            let colors = [cell.mean(front), cell.mean(!front)];
            let of = |(at, quarter): (u8, Rgb)| {
                distance(quarter, colors[usize::from(front >> at & 1 == 0)])
            };
            (0..).zip(quarters).map(of).sum::<i32>()
        };
        // The other half of the ways is the same with front and back exchanged.
        let front = (0..8).min_by_key(|&front| error(front)).expect("8 is not 0");
        Self { quarters, front }
    }

    /// The mean colour of some of the quarters, black for none.
    fn mean(&self, which: u8) -> Rgb {
        let (mut sum, mut count) = ([0; 3], 0);
        for (_, quarter) in (0..).zip(self.quarters).filter(|(at, _)| which >> at & 1 == 1) {
            count += 1;
            for (sum, channel) in sum.iter_mut().zip(quarter) {
                *sum += u16::from(channel);
            }
        }
        sum.map(|sum| ((sum + count / 2) / count.max(1)) as u8)
    }

    /// The best colours for it, front and back, where the terminal has enough of them;
    /// where one is enough, the other stays as it is among those that are set.
    fn inks(&self, depth: ColorDepth, set: Option<[Ink; 2]>) -> Option<[Ink; 2]> {
        let back = depth.ink(self.mean(!self.front))?;
        let front = if self.front == 0 {
            set.map_or(back, |[front, _]| front)
        } else {
            depth.ink(self.mean(self.front))?
        };
        Some([front, back])
    }

    /// Draws it in its own colours, or in those that are set if they do; gives those taken.
    fn draw(&self, drawn: &mut Drawn, own: [Ink; 2], set: Option<[Ink; 2]>) -> [Ink; 2] {
        let (mut front, error) = self.nearest(own);
        let mut inks = own;
        if let Some(set) = set {
            let (front_set, error_set) = self.nearest(set);
            if error_set <= error + THRIFT {
                (front, inks) = (front_set, set);
            }
        }
        drawn.set_symbol(SYMBOLS[front]).set_fg(inks[0].color).set_bg(inks[1].color);
        inks
    }

    /// The quarters to draw in front in these colours, as bits, and how much that differs.
    fn nearest(&self, [front, back]: [Ink; 2]) -> (usize, i32) {
        (0..).zip(self.quarters).fold((0, 0), |(bits, error), (at, quarter)| {
            let [in_front, behind] = [front, back].map(|ink| distance(quarter, ink.rgb));
            (bits | usize::from(in_front < behind) << at, error + in_front.min(behind))
        })
    }
}

/// Draws a cell in halves, or where there are no colours, as a shade.
fn draw_halves(
    drawn: &mut Drawn,
    halves: [Option<Rgb>; 2],
    (column, row): (u16, u16),
    depth: ColorDepth,
) {
    if depth == ColorDepth::None {
        drawn.set_symbol(shade(mean(halves), column, row));
        return;
    }
    let [upper, lower] = [0, 1].map(|half| {
        halves[usize::from(half)]
            .and_then(|rgb| depth.color(rgb, column, 2 * row + half))
            .unwrap_or(Color::Reset)
    });
    drawn.set_symbol("▀").set_fg(upper).set_bg(lower);
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
