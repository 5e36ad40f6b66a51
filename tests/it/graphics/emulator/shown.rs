//! What a person sees: cells, the blocks in them, and pictures, as pixels.

use std::rc::Rc;

use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

use super::super::protocols::Placed;
use super::diacritics::DIACRITICS;
use super::{Canvas, Emulator};

/// The colour behind the text.
pub(super) const BACKGROUND: [u8; 3] = [0x11, 0x12, 0x14];

/// The colour of text that has none.
const FOREGROUND: [u8; 3] = [0xe0; 3];

/// What is first in a cell that stands for a part of a picture.
const PLACEHOLDER: char = '\u{10eeee}';

/// The part of a picture that a cell shows, in cells from its corner.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) picture: Rc<Placed>,
    pub(super) column: u16,
    pub(super) row: u16,
}

/// The picture that text names, the cells it fills, and which of them is meant.
type Named<'a> = (&'a RgbImage, (u16, u16), (u16, u16));

impl Emulator {
    /// The whole screen in pixels. Letters are not drawn, block elements are.
    pub(crate) fn shown(&self) -> RgbImage {
        self.shown_in((0, 0), self.cells())
    }

    /// The cells from `corner` on, `sides` of them, in pixels.
    pub(crate) fn shown_in(&self, corner: (u16, u16), sides: (u16, u16)) -> RgbImage {
        let (width, height) = (u32::from(self.cell.0), u32::from(self.cell.1));
        let mut shown = RgbImage::new(u32::from(sides.0) * width, u32::from(sides.1) * height);
        let canvas = self.canvas();
        let mut placed: Vec<&Placed> = canvas.graphics.placed.iter().collect();
        placed.sort_by_key(|placed| placed.layer);
        for (x, y) in (0..sides.1).flat_map(|y| (0..sides.0).map(move |x| (x, y))) {
            let at = (corner.0 + x, corner.1 + y);
            let cell = self.drawn(canvas, &placed, at);
            imageops::replace(
                &mut shown,
                &cell,
                (u32::from(x) * width).into(),
                (u32::from(y) * height).into(),
            );
        }
        shown
    }

    /// Whether a cell shows a part of a picture by any protocol.
    pub(crate) fn covers(&self, at: (u16, u16)) -> bool {
        let canvas = self.canvas();
        let nth = usize::from(at.1) * usize::from(self.cells().0) + usize::from(at.0);
        canvas.cells[nth].is_some()
            || canvas.graphics.placed.iter().any(|placed| covers(placed, at))
            || self.placeholder(canvas, at).is_some()
    }

    /// Whether a cell may be of a picture in blocks: it holds one, or is all of one colour
    /// that is none of the sixteen.
    pub(crate) fn has_block(&self, at: (u16, u16)) -> bool {
        let Some(cell) = self.text.screen().cell(at.1, at.0) else { return false };
        let coloured = matches!(cell.bgcolor(), vt100::Color::Rgb(..) | vt100::Color::Idx(16..));
        quarters(cell.contents()) != [false; 4] || coloured && cell.contents().trim().is_empty()
    }

    /// How many cells show a part of a picture.
    pub(crate) fn covered(&self) -> usize {
        self.each_cell().filter(|at| self.covers(*at)).count()
    }

    /// Every cell, as column and row from 0.
    pub(crate) fn each_cell(&self) -> impl Iterator<Item = (u16, u16)> + use<> {
        let (columns, rows) = self.cells();
        (0..rows).flat_map(move |row| (0..columns).map(move |column| (column, row)))
    }

    /// One cell: what is uppermost in it, since nothing is transparent. What is `placed`
    /// is given from the lowest layer to the highest.
    fn drawn(&self, canvas: &Canvas, placed: &[&Placed], at: (u16, u16)) -> RgbImage {
        let nth = usize::from(at.1) * usize::from(self.cells().0) + usize::from(at.0);
        if let Some(placed) = placed.iter().rev().find(|placed| covers(placed, at)) {
            let part = (at.0 - placed.column, at.1 - placed.row);
            self.part(&placed.pixels, (placed.columns, placed.rows), part)
        } else if let Some(Part { picture, column, row }) = &canvas.cells[nth] {
            self.part(&picture.pixels, (picture.columns, picture.rows), (*column, *row))
        } else if let Some((pixels, sides, part)) = self.placeholder(canvas, at) {
            self.part(pixels, sides, part)
        } else {
            self.block(at)
        }
    }

    /// One cell of a picture that is stretched over `sides` cells.
    fn part(&self, pixels: &RgbImage, sides: (u16, u16), part: (u16, u16)) -> RgbImage {
        let (width, height) = (u32::from(self.cell.0), u32::from(self.cell.1));
        let all = (u32::from(sides.0) * width, u32::from(sides.1) * height);
        RgbImage::from_fn(width, height, |x, y| {
            let (x, y) = (u32::from(part.0) * width + x, u32::from(part.1) * height + y);
            *pixels.get_pixel(x * pixels.width() / all.0, y * pixels.height() / all.1)
        })
    }

    /// One cell of text.
    fn block(&self, at: (u16, u16)) -> RgbImage {
        let (width, height) = (u32::from(self.cell.0), u32::from(self.cell.1));
        let Some(cell) = self.text.screen().cell(at.1, at.0) else {
            return RgbImage::from_pixel(width, height, Rgb(BACKGROUND));
        };
        let (front, behind) =
            (colour(cell.fgcolor(), FOREGROUND), colour(cell.bgcolor(), BACKGROUND));
        let (front, behind) = if cell.inverse() { (behind, front) } else { (front, behind) };
        let quarters = quarters(cell.contents());
        RgbImage::from_fn(width, height, |x, y| {
            let quarter = usize::from(2 * y >= height) * 2 + usize::from(2 * x >= width);
            Rgb(if quarters[quarter] { front } else { behind })
        })
    }

    /// What the text of a cell names.
    fn placeholder<'a>(&self, canvas: &'a Canvas, at: (u16, u16)) -> Option<Named<'a>> {
        let cell = self.text.screen().cell(at.1, at.0)?;
        let mut symbols = cell.contents().chars();
        symbols.next().filter(|first| *first == PLACEHOLDER)?;
        let mut number = || {
            let mark = symbols.next()?;
            Some(DIACRITICS.iter().position(|known| *known == mark)? as u16)
        };
        let (row, column) = (number()?, number()?);
        let high = number().unwrap_or(0);
        let vt100::Color::Rgb(red, green, blue) = cell.fgcolor() else { return None };
        let id = u32::from_be_bytes([high as u8, red, green, blue]);
        let sides = *canvas.graphics.by_text.get(&id)?;
        let inside = column < sides.0 && row < sides.1;
        let pixels = canvas.graphics.held.get(&id).filter(|_| inside)?;
        Some((pixels, sides, (column, row)))
    }
}

/// Whether a placement covers this cell.
fn covers(placed: &Placed, (column, row): (u16, u16)) -> bool {
    (placed.column..placed.column.saturating_add(placed.columns)).contains(&column)
        && (placed.row..placed.row.saturating_add(placed.rows)).contains(&row)
}

/// Which quarters of a cell a block element fills: the upper two first, each from the left.
fn quarters(symbol: &str) -> [bool; 4] {
    let bits = match symbol {
        "▘" => 0b1000,
        "▝" => 0b0100,
        "▀" => 0b1100,
        "▖" => 0b0010,
        "▌" => 0b1010,
        "▞" => 0b0110,
        "▛" => 0b1110,
        "▗" => 0b0001,
        "▚" => 0b1001,
        "▐" => 0b0101,
        "▜" => 0b1101,
        "▄" => 0b0011,
        "▙" => 0b1011,
        "▟" => 0b0111,
        "█" => 0b1111,
        _ => 0,
    };
    [8, 4, 2, 1].map(|bit| bits & bit != 0)
}

/// A colour of text as the terminal draws it.
pub(super) fn colour(colour: vt100::Color, default: [u8; 3]) -> [u8; 3] {
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    match colour {
        vt100::Color::Default => default,
        vt100::Color::Rgb(red, green, blue) => [red, green, blue],
        vt100::Color::Idx(index @ 232..) => [8 + 10 * (index - 232); 3],
        vt100::Color::Idx(index @ 16..) => {
            let index = index - 16;
            [index / 36, index / 6 % 6, index % 6].map(level)
        }
        vt100::Color::Idx(index) => {
            let high = if index < 8 { 0xaa } else { 0xff };
            [1, 2, 4].map(|bit| if index & bit == 0 { 0 } else { high })
        }
    }
}

/// How far two pictures of any size are from each other: the mean difference of channels.
pub(crate) fn difference(seen: &RgbImage, asked: &RgbImage) -> f64 {
    let seen = imageops::resize(seen, asked.width(), asked.height(), FilterType::Triangle);
    let pairs = seen.as_raw().iter().zip(asked.as_raw());
    let sum: f64 = pairs.map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
    sum / asked.as_raw().len().max(1) as f64
}
