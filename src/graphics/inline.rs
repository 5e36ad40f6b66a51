//! A picture in the scrollback, for commands.
//!
//! Owns what `show`, `generate` and `history --thumbnails` print. Promises that the
//! terminal is never asked anything: half blocks are viuer's, printed with every
//! detection off; the protocols are those of [`super::drivers`], because viuer asks the
//! terminal (without a deadline) before it uses one. Must never run while the studio owns the
//! screen: everything here ends with a new line.

use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};

use ratatui::layout::Rect;

use super::blocks::{grid, mean};
use super::color::{nearest_16, nearest_256};
use super::drivers::{Extent, Ids, Plate, Protocol, Step};
use super::{Blocks, ColorDepth, Display, Glyphs, Pixels, shade};
use crate::domain::{Failure, FailureKind};

/// Where and how pictures are printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Inline {
    /// The protocol of the terminal; `None` for half blocks, which every terminal shows.
    pub protocol: Option<Protocol>,
    /// What the terminal can show.
    pub display: Display,
    /// Most cells across.
    pub columns: u16,
    /// Most cells down.
    pub rows: u16,
}

impl Inline {
    /// The pixels to decode a picture to, for printing it.
    pub fn fit(&self) -> (u32, u32) {
        match self.protocol {
            // Twice the half blocks, so that the last scaling has something to average.
            None => (2 * u32::from(self.columns), 4 * u32::from(self.rows)),
            Some(_) => self.display.cell.pixels((self.columns, self.rows)),
        }
    }

    /// Prints `pixels` on standard output, from the cursor on, and goes to the next line.
    ///
    /// # Errors
    /// When standard output does not take it.
    pub fn print(&self, pixels: &Pixels) -> Result<(), Failure> {
        if self.columns == 0 || self.rows == 0 {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        let Display { depth, glyphs, .. } = self.display;
        let printed = if let Some(protocol) = self.protocol {
            self.write_strips(pixels, protocol, &mut out)
        } else if matches!(depth, ColorDepth::True | ColorDepth::Indexed256)
            && glyphs == Glyphs::Unicode
        {
            // viuer takes standard output itself.
            drop(out);
            return self.print_with_viuer(pixels);
        } else {
            let blocks = Blocks::new(pixels, (self.columns, self.rows), self.display.cell);
            match glyphs {
                Glyphs::Unicode => write_blocks(&blocks, depth, &mut out),
                Glyphs::Ascii => write_in_ascii(&blocks, depth, &mut out),
            }
        };
        printed.map_err(|error| not_printed(&error))
    }

    fn print_with_viuer(&self, pixels: &Pixels) -> Result<(), Failure> {
        let (columns, half_rows) =
            grid(pixels.source(), (self.columns, self.rows), self.display.cell);
        let image = pixels.scaled_to_grid(columns.into(), half_rows.into());
        let config = viuer::Config {
            absolute_offset: false,
            width: Some(columns.into()),
            height: Some(half_rows.div_ceil(2).into()),
            truecolor: self.display.depth == ColorDepth::True,
            use_kitty: false,
            use_iterm: false,
            ..viuer::Config::default()
        };
        viuer::print(&image, &config).map(|_| ()).map_err(|error| not_printed(&error))
    }

    /// The whole picture in strips, one below the other, not enlarged. The lines are made
    /// first: at the bottom of the screen they move up what is above.
    fn write_strips(
        &self,
        pixels: &Pixels,
        protocol: Protocol,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let cell = self.display.cell;
        let cells = |pixels: u32, side: u16| {
            u16::try_from(pixels.div_ceil(side.into())).unwrap_or(u16::MAX)
        };
        let columns = self.columns.min(cells(pixels.width(), cell.width()));
        let rows = self.rows.min(cells(pixels.height(), cell.height()));
        let Some(extent) = Extent::within((columns, rows), pixels.source(), cell) else {
            return Ok(());
        };
        // Pictures of another command may still be on the screen.
        let ids = Ids::new(RandomState::new().hash_one(0) as u32);
        for strip in Plate::new(pixels, extent).strips(protocol, Step::Full, &ids) {
            let Rect { x, height: rows, .. } = strip.cells();
            // What stands beside another piece has its lines already.
            let lines = if x == 0 { "\n".repeat(rows.into()) } else { String::new() };
            write!(out, "{lines}\x1b[{rows}A\x1b7")?;
            if x > 0 {
                write!(out, "\x1b[{x}C")?;
            }
            strip.units().iter().try_for_each(|unit| out.write_all(unit))?;
            // xterm writes the cell anew in which its cursor was seen while sixel came.
            write!(out, "\x1b[?25l")?;
            out.write_all(&strip.place())?;
            write!(out, "\x1b8\x1b[?25h\x1b[{rows}B")?;
        }
        out.flush()
    }
}

/// For terminals with sixteen colours or none, which viuer does not know of.
fn write_blocks(blocks: &Blocks, depth: ColorDepth, out: &mut impl Write) -> io::Result<()> {
    for (row, cells) in (0..).zip(blocks.halves()) {
        for (column, halves) in (0..).zip(cells) {
            if depth == ColorDepth::None {
                out.write_all(shade(mean(halves), column, row).as_bytes())?;
            } else {
                let [upper, lower] = halves.map(Option::unwrap_or_default);
                let upper = sgr(30, nearest_16(upper, column, 2 * row));
                let lower = sgr(40, nearest_16(lower, column, 2 * row + 1));
                write!(out, "\x1b[{upper};{lower}m▀")?;
            }
        }
        out.write_all(if depth == ColorDepth::None { b"\n" } else { b"\x1b[0m\n" })?;
    }
    out.flush()
}

/// For terminals without half blocks: each cell in one colour, or as a character where there
/// are no colours.
fn write_in_ascii(blocks: &Blocks, depth: ColorDepth, out: &mut impl Write) -> io::Result<()> {
    for (row, cells) in (0..).zip(blocks.halves()) {
        for (column, halves) in (0..).zip(cells) {
            let rgb @ [red, green, blue] = mean(halves);
            match depth {
                ColorDepth::None => {
                    out.write_all(Glyphs::Ascii.sign(shade(rgb, column, row)).as_bytes())
                }
                ColorDepth::Ansi16 => {
                    write!(out, "\x1b[{}m ", sgr(40, nearest_16(rgb, column, row)))
                }
                ColorDepth::Indexed256 => write!(out, "\x1b[48;5;{}m ", nearest_256(rgb)),
                ColorDepth::True => write!(out, "\x1b[48;2;{red};{green};{blue}m "),
            }?;
        }
        out.write_all(if depth == ColorDepth::None { b"\n" } else { b"\x1b[0m\n" })?;
    }
    out.flush()
}

/// The number that selects one of the sixteen colours: from `base`, or 60 above it for
/// the bright ones.
fn sgr(base: u8, index: u8) -> u8 {
    if index < 8 { base + index } else { base + 60 + index - 8 }
}

fn not_printed(error: &dyn std::error::Error) -> Failure {
    Failure::before_sending(
        FailureKind::Terminal,
        format!("The picture could not be printed: {error}."),
        "It is kept in the history.",
    )
}
