//! A picture made ready to be sent.
//!
//! Owns how many pixels and colours each step has: chosen by the picture, since soft ones
//! lose nothing at half the resolution and text loses everything. Promises strips from
//! top to bottom that fill the extent without a gap, in pieces of at most [`PIECE`] bytes
//! where a terminal must be sent them whole and that is possible. Takes some tens of milliseconds for
//! a large pane, so it belongs on a thread of its own.

use fast_image_resize::Resizer;
use image::{DynamicImage, RgbImage, imageops};
use ratatui::layout::Rect;

use super::palette::Indexed;
use super::strip::Body;
use super::{Character, Extent, Ids, Protocol, Step, Strip, file, iterm, kitty, sixel};
use crate::graphics::Pixels;
use crate::graphics::pixels::contain;

/// Bytes of a piece that must be sent whole: a key waits for it on a slow line.
const PIECE: usize = 8 << 10;

/// Rows of cells in a strip: enough for headers to be cheap, few enough to stop soon.
const ROWS: u16 = 3;

/// The longer side of a preview, in pixels.
const PREVIEW: u32 = 75;

/// Pictures whose longer side is shorter than this are cheap as they are.
const SMALL: u32 = 200;

/// A picture and the cells it is to fill.
#[derive(Clone, Debug)]
pub struct Plate {
    picture: RgbImage,
    extent: Extent,
    character: Character,
}

/// How a step is sent.
#[derive(Clone, Copy)]
enum Form {
    /// At most so many colours.
    Palette(u16),
    /// JPEG of this quality.
    Jpeg(u8),
    Lossless,
    /// Sixel with at most so many colours.
    Sixel(u16),
}

impl Plate {
    /// The picture in `pixels`, which may be larger or smaller than `extent`.
    pub fn new(pixels: &Pixels, extent: Extent) -> Self {
        let picture = RgbImage::from_raw(pixels.width(), pixels.height(), pixels.rgb().to_vec())
            .expect("three bytes for each pixel, by construction of Pixels");
        // A whole number of pixels for each row of cells lets strips meet without a seam.
        let row = (picture.height() / u32::from(extent.rows()))
            .clamp(1, u32::from(extent.cell().height()));
        let width = extent.pixels().0.min(picture.width());
        let picture = scaled(&picture, width, row * u32::from(extent.rows()));
        let character = Character::of(&picture);
        Self { picture, extent, character }
    }

    /// The cells it fills.
    pub const fn extent(&self) -> Extent {
        self.extent
    }

    /// What kind of picture it is.
    pub const fn character(&self) -> Character {
        self.character
    }

    /// The steps worth sending, from coarse to fine. Where sixel is all there is, nothing
    /// coarse is cheap; what is drawn is cheap at once, and unreadable before.
    pub fn steps(&self, protocol: Protocol) -> &'static [Step] {
        match (protocol, self.character) {
            (Protocol::Sixel, _) => &[Step::Full],
            _ if self.is_small() => &[Step::Full, Step::Lossless],
            (_, Character::Drawn) => &[Step::Full, Step::Lossless],
            (_, Character::Soft) => &[Step::Preview, Step::Full, Step::Lossless],
            _ => &[Step::Preview, Step::Middle, Step::Full, Step::Lossless],
        }
    }

    /// The picture as it is sent in `step`, from top to bottom; `ids` number what the
    /// terminal is to hold. A step that is not worth sending is made all the same.
    pub fn strips(&self, protocol: Protocol, step: Step, ids: &Ids) -> Vec<Strip> {
        let (columns, rows) = (self.extent.columns(), self.extent.rows());
        let mut press = Press { protocol, step, ids, form: Form::Sixel(0), strips: Vec::new() };
        if protocol == Protocol::Sixel {
            return self.sixels(press);
        }
        let (quarters, form) = self.recipe(protocol, step);
        press.form = form;
        if step == Step::Preview {
            let (width, height) = contain(self.picture.dimensions(), (PREVIEW, PREVIEW));
            press.print(&scaled(&self.picture, width, height), Rect::new(0, 0, columns, rows));
            return press.strips;
        }
        let quarters = if self.is_small() { 4 } else { quarters };
        let row = self.picture.height() / u32::from(rows);
        let part = |pixels: u32| (pixels * quarters / 4).max(1);
        let picture =
            scaled(&self.picture, part(self.picture.width()), part(row) * u32::from(rows));
        self.cut(&picture, part(row), ROWS, press)
    }

    fn is_small(&self) -> bool {
        self.picture.width().max(self.picture.height()) < SMALL
    }

    /// How many quarters of the resolution are sent (of a preview: as many as it takes),
    /// and in what form. Palettes are dear in what is fine, JPEG in what is drawn; fewer
    /// pixels need more colours.
    fn recipe(&self, protocol: Protocol, step: Step) -> (u32, Form) {
        match (protocol == Protocol::Kitty, step, self.character) {
            (_, Step::Lossless, _) => (4, Form::Lossless),
            (_, Step::Full, Character::Drawn) => (4, Form::Palette(24)),
            (true, Step::Full, Character::Soft) => (2, Form::Palette(128)),
            (true, Step::Full, Character::Mixed) => (3, Form::Palette(64)),
            (true, Step::Full, Character::Fine) => (4, Form::Palette(32)),
            (true, Step::Middle | Step::Preview, _) => (2, Form::Palette(32)),
            (false, Step::Full, Character::Soft) => (3, Form::Jpeg(75)),
            (false, Step::Full, _) => (4, Form::Jpeg(85)),
            (false, Step::Middle, _) => (2, Form::Jpeg(75)),
            (false, Step::Preview, _) => (2, Form::Jpeg(60)),
        }
    }

    fn sixels(&self, mut press: Press<'_>) -> Vec<Strip> {
        // Each colour is one more pass over the row, which is dear where all are everywhere.
        press.form = Form::Sixel(match self.character {
            Character::Drawn | Character::Fine => 16,
            Character::Soft | Character::Mixed => 32,
        });
        let cell = u32::from(self.extent.cell().height());
        // Each strip ends with a whole row of six, or terminals would round it up.
        let rows = [ROWS, 2].into_iter().find(|&rows| u32::from(rows) * cell % 6 == 0).unwrap_or(6);
        let height = cell * u32::from(self.extent.rows());
        let picture = scaled(&self.picture, self.extent.pixels().0, height);
        self.cut(&picture, cell, rows, press)
    }

    /// Prints `rows` rows of cells at a time; `height` pixels belong to each row.
    fn cut(&self, picture: &RgbImage, height: u32, rows: u16, mut press: Press<'_>) -> Vec<Strip> {
        let (columns, all) = (self.extent.columns(), self.extent.rows());
        for row in (0..all).step_by(rows.into()) {
            let cells = Rect::new(0, row, columns, rows.min(all - row));
            let (top, down) = (height * u32::from(row), height * u32::from(cells.height));
            let pixels = imageops::crop_imm(picture, 0, top, picture.width(), down).to_image();
            press.print(&pixels, cells);
        }
        press.strips
    }
}

/// Turns pixels into strips, one after the other.
struct Press<'a> {
    protocol: Protocol,
    step: Step,
    form: Form,
    ids: &'a Ids,
    strips: Vec<Strip>,
}

impl Press<'_> {
    /// Adds the strip with `pixels` that fills `cells`; two halves side by side, each cut
    /// again, where one would be too long to be sent whole.
    fn print(&mut self, pixels: &RgbImage, cells: Rect) {
        let body = self.body(pixels, (cells.width, cells.height));
        let too_long = matches!(&body, Body::Passing(bytes) if bytes.len() > PIECE);
        if too_long
            && !matches!(self.form, Form::Lossless)
            && let Some(left) = middle(pixels.width(), cells.width)
        {
            let at = pixels.width() * u32::from(left) / u32::from(cells.width);
            let part =
                |x, width| imageops::crop_imm(pixels, x, 0, width, pixels.height()).to_image();
            self.print(&part(0, at), Rect { width: left, ..cells });
            let right = Rect { x: cells.x + left, width: cells.width - left, ..cells };
            self.print(&part(at, pixels.width() - at), right);
        } else {
            self.strips.push(Strip { cells, step: self.step, body });
        }
    }

    fn body(&self, pixels: &RgbImage, sides: (u16, u16)) -> Body {
        let bytes = match self.form {
            Form::Palette(colours) => file::indexed(&Indexed::new(pixels, colours)),
            Form::Jpeg(quality) => file::jpeg(pixels, quality),
            Form::Lossless => file::lossless(pixels),
            Form::Sixel(colours) => {
                return Body::Passing(sixel::encode(&Indexed::new(pixels, colours)));
            }
        };
        if self.protocol == Protocol::Kitty {
            let id = self.ids.take();
            Body::Held { id, units: kitty::units(id, &bytes) }
        } else {
            Body::Passing(iterm::inline(&bytes, sides, self.protocol == Protocol::WezTerm))
        }
    }
}

/// How many of `columns` columns are nearest to half of them and a whole number of `width`
/// pixels wide, so that two halves meet without a seam; `None` when no columns are.
fn middle(width: u32, columns: u16) -> Option<u16> {
    let half = columns / 2;
    let meets = |left: &u16| (u32::from(*left) * width).is_multiple_of(columns.into());
    (1..columns).filter(meets).min_by_key(|left| left.abs_diff(half))
}

fn scaled(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    if picture.dimensions() == (width, height) {
        return picture.clone();
    }
    let source = DynamicImage::ImageRgb8(picture.clone());
    let mut scaled = DynamicImage::new_rgb8(width, height);
    Resizer::new()
        .resize(&source, &mut scaled, None)
        .expect("both pictures are of the same kind, and no side is 0");
    scaled.into_rgb8()
}
