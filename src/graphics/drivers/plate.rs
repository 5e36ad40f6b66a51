//! A picture made ready to be sent.
//!
//! Owns how many pixels and colours each step has: chosen by the picture, since soft ones
//! lose nothing at half the resolution and text loses everything. Promises strips from
//! top to bottom that fill the extent without a gap. Takes some tens of milliseconds for
//! a large pane, so it belongs on a thread of its own.

use fast_image_resize::Resizer;
use image::{DynamicImage, RgbImage, imageops};

use super::palette::Indexed;
use super::strip::Body;
use super::{Character, Extent, Ids, Protocol, Step, Strip, file, iterm, kitty, sixel};
use crate::graphics::Pixels;
use crate::graphics::pixels::contain;

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
}

impl Plate {
    /// The picture in `pixels`, which may be larger or smaller than `extent`.
    pub fn new(pixels: &Pixels, extent: Extent) -> Self {
        let picture = RgbImage::from_raw(pixels.width(), pixels.height(), pixels.rgb().to_vec())
            .expect("three bytes for each pixel, by construction of Pixels");
        // A whole number of pixels for each row of cells lets strips meet without a seam.
        let row = (picture.height() / u32::from(extent.rows()))
            .clamp(1, u32::from(extent.cell().height()));
        let width = extent.width().min(picture.width());
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
    pub fn strips(&self, protocol: Protocol, step: Step, ids: &mut Ids) -> Vec<Strip> {
        if protocol == Protocol::Sixel {
            return self.sixels();
        }
        let (quarters, form) = self.recipe(protocol, step);
        if step == Step::Preview {
            let (width, height) = contain(self.picture.dimensions(), (PREVIEW, PREVIEW));
            let preview = scaled(&self.picture, width, height);
            return vec![self.strip(protocol, form, &preview, (0, self.extent.rows()), ids)];
        }
        let quarters = if self.is_small() { 4 } else { quarters };
        let row = self.picture.height() / u32::from(self.extent.rows());
        let part = |pixels: u32| (pixels * quarters / 4).max(1);
        let height = part(row) * u32::from(self.extent.rows());
        let picture = scaled(&self.picture, part(self.picture.width()), height);
        self.cut(&picture, part(row), ROWS)
            .map(|(place, pixels)| self.strip(protocol, form, &pixels, place, ids))
            .collect()
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

    fn strip(
        &self,
        protocol: Protocol,
        form: Form,
        pixels: &RgbImage,
        (row, rows): (u16, u16),
        ids: &mut Ids,
    ) -> Strip {
        let bytes = match form {
            Form::Palette(colours) => file::indexed(&Indexed::new(pixels, colours)),
            Form::Jpeg(quality) => file::jpeg(pixels, quality),
            Form::Lossless => file::lossless(pixels),
        };
        let columns = self.extent.columns();
        let body = if protocol == Protocol::Kitty {
            let id = ids.take();
            Body::Held { id, columns, units: kitty::units(id, &bytes) }
        } else {
            let cursor_stays = protocol == Protocol::WezTerm;
            Body::Passing(iterm::inline(&bytes, (columns, rows), cursor_stays))
        };
        Strip { row, rows, body }
    }

    fn sixels(&self) -> Vec<Strip> {
        // Each colour is one more pass over the row, which is dear where all are everywhere.
        let colours = match self.character {
            Character::Drawn | Character::Fine => 16,
            Character::Soft | Character::Mixed => 32,
        };
        let cell = u32::from(self.extent.cell().height());
        // Each strip ends with a whole row of six, or terminals would round it up.
        let rows = [ROWS, 2].into_iter().find(|&rows| u32::from(rows) * cell % 6 == 0).unwrap_or(6);
        let height = cell * u32::from(self.extent.rows());
        let picture = scaled(&self.picture, self.extent.width(), height);
        self.cut(&picture, cell, rows)
            .map(|((row, rows), pixels)| {
                let body = Body::Passing(sixel::encode(&Indexed::new(&pixels, colours)));
                Strip { row, rows, body }
            })
            .collect()
    }

    /// The pixels of `rows` rows of cells at a time, with the first row and their number;
    /// `height` pixels belong to each row.
    fn cut(
        &self,
        picture: &RgbImage,
        height: u32,
        rows: u16,
    ) -> impl Iterator<Item = ((u16, u16), RgbImage)> {
        (0..self.extent.rows()).step_by(rows.into()).map(move |row| {
            let rows = rows.min(self.extent.rows() - row);
            let (top, down) = (height * u32::from(row), height * u32::from(rows));
            let pixels = imageops::crop_imm(picture, 0, top, picture.width(), down).to_image();
            ((row, rows), pixels)
        })
    }
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
