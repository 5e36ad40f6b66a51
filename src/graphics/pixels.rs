//! A decoded picture in memory, and its form on pipes and in files.
//!
//! Owns the invariant that there are as many bytes as the sides say. Must never read
//! an image format.

use std::sync::Arc;

use image::{DynamicImage, RgbImage};

use crate::domain::View;

/// The first bytes of the form on pipes and in files; the digit is its version.
const MAGIC: [u8; 8] = *b"pntpix-1";

/// A picture as rows of red, green and blue, from the top left. Clones share the bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Pixels {
    shape: Shape,
    rgb: Arc<Vec<u8>>,
}

/// The sides of [`Pixels`], before there are any.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Shape {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) source: (u32, u32),
}

impl Shape {
    /// Bytes of the header.
    pub(super) const HEADER: usize = 24;

    /// The sides that a header announces, when they stay within `fit`.
    pub(super) fn from_header(header: &[u8; Self::HEADER], fit: (u32, u32)) -> Option<Self> {
        let (magic, sides) = header.split_first_chunk::<8>()?;
        let (sides, _) = sides.as_chunks::<4>();
        let &[width, height, source_width, source_height] = sides else { return None };
        let [width, height] = [width, height].map(u32::from_le_bytes);
        let source = (u32::from_le_bytes(source_width), u32::from_le_bytes(source_height));
        let whole = *magic == MAGIC
            && (1..=fit.0).contains(&width)
            && (1..=fit.1).contains(&height)
            && source.0 > 0
            && source.1 > 0;
        whole.then_some(Self { width, height, source })
    }

    /// Bytes of the picture that follow the header.
    pub(super) const fn bytes(self) -> usize {
        self.width as usize * self.height as usize * 3
    }
}

impl Pixels {
    /// A picture of `width` × `height` pixels, scaled from one of `source`; `None` when
    /// a side is 0 or `rgb` is not three bytes for each pixel.
    pub fn new(width: u32, height: u32, source: (u32, u32), rgb: Vec<u8>) -> Option<Self> {
        Self::from_parts(Shape { width, height, source }, rgb)
    }

    /// As [`Pixels::new`].
    pub(super) fn from_parts(shape: Shape, rgb: Vec<u8>) -> Option<Self> {
        let sides = [shape.width, shape.height, shape.source.0, shape.source.1];
        (sides.iter().all(|&side| side > 0) && rgb.len() == shape.bytes())
            .then(|| Self { shape, rgb: Arc::new(rgb) })
    }

    /// Pixels across.
    pub const fn width(&self) -> u32 {
        self.shape.width
    }

    /// Pixels down.
    pub const fn height(&self) -> u32 {
        self.shape.height
    }

    /// The sides of the picture these were scaled from, turned as it is to be seen.
    pub const fn source(&self) -> (u32, u32) {
        self.shape.source
    }

    /// Red, green and blue of each pixel, row by row.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The same, without the sides.
    pub fn into_rgb(self) -> Vec<u8> {
        Arc::unwrap_or_clone(self.rgb)
    }

    /// What `view` shows of this picture in a box of `area` pixels, neither side 0: all of
    /// it, or the part that fills the box when enlarged so far.
    #[must_use]
    pub fn seen(&self, view: View, area: (u32, u32)) -> Self {
        if view.is_whole() {
            return self.clone();
        }
        let [(left, columns), (top, rows)] = self.part(view, area);
        let stride = 3 * self.width() as usize;
        let (from, length) = (3 * left as usize, 3 * columns as usize);
        let mut rgb = Vec::with_capacity(length * rows as usize);
        for row in self.rgb.chunks_exact(stride).skip(top as usize).take(rows as usize) {
            rgb.extend_from_slice(&row[from..from + length]);
        }
        Self::new(columns, rows, self.seen_source(view, area), rgb)
            .expect("both sides are at least one pixel")
    }

    /// The sides of the part of the source that [`Pixels::seen`] would show.
    pub fn seen_source(&self, view: View, area: (u32, u32)) -> (u32, u32) {
        let [(_, columns), (_, rows)] = self.part(view, area);
        let share = |part: u32, whole: u32, source: u32| {
            let source = u64::from(source) * u64::from(part) / u64::from(whole);
            u32::try_from(source).unwrap_or(u32::MAX).max(1)
        };
        let (across, down) = self.source();
        (share(columns, self.width(), across), share(rows, self.height(), down))
    }

    /// The first pixel and the number of pixels that are seen, across and down.
    fn part(&self, view: View, area: (u32, u32)) -> [(u32, u32); 2] {
        if view.is_whole() {
            return [(0, self.width()), (0, self.height())];
        }
        let (width, height) = (f64::from(self.width()), f64::from(self.height()));
        let (across, down) = (f64::from(area.0), f64::from(area.1));
        let scale =
            (across / width).min(down / height) * f64::from(view.zoom()) / f64::from(View::WHOLE);
        let part = |side: f64, room: f64, centre: u16| {
            let seen = (room / scale).clamp(1.0, side).round();
            let middle = side * f64::from(centre) / f64::from(View::EDGE);
            ((middle - seen / 2.0).clamp(0.0, side - seen).round() as u32, seen as u32)
        };
        [part(width, across, view.centre().0), part(height, down, view.centre().1)]
    }

    /// Whether the source has no more detail than this.
    pub fn is_whole(&self) -> bool {
        self.source() == (self.width(), self.height())
    }

    /// What stands before [`Pixels::rgb`] on pipes and in files.
    pub(super) fn header(&self) -> [u8; Shape::HEADER] {
        let Shape { width, height, source } = self.shape;
        let mut header = [0; Shape::HEADER];
        header[..8].copy_from_slice(&MAGIC);
        for (place, side) in
            header[8..].chunks_exact_mut(4).zip([width, height, source.0, source.1])
        {
            place.copy_from_slice(&side.to_le_bytes());
        }
        header
    }

    /// This picture scaled by viuer to exactly `columns` × `half_rows` pixels, neither 0.
    pub(super) fn scaled_to_grid(&self, columns: u32, half_rows: u32) -> DynamicImage {
        let mut rgb = self.rgb.to_vec();
        let mut height = self.height();
        // viuer makes an odd number of rows from an odd picture and an even number
        // from an even one: one row more of the same makes the parity the wanted one.
        if height % 2 != half_rows % 2 {
            rgb.extend_from_within(rgb.len() - self.width() as usize * 3..);
            height += 1;
        }
        let image = RgbImage::from_raw(self.width(), height, rgb)
            .expect("three bytes for each pixel, by construction of Pixels");
        viuer::resize(&DynamicImage::ImageRgb8(image), Some(columns), Some(half_rows.div_ceil(2)))
    }
}

impl std::fmt::Debug for Pixels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.shape.fmt(f)
    }
}

/// The largest size with the ratio of `source` that stays within `fit` and within the
/// source itself; no side of it is 0.
pub(super) fn contain(source: (u32, u32), fit: (u32, u32)) -> (u32, u32) {
    let (width, height) = (u64::from(source.0), u64::from(source.1));
    let (across, down) = (u64::from(fit.0).min(width), u64::from(fit.1).min(height));
    let round = |a: u64, b: u64| ((a + b / 2) / b).max(1) as u32;
    if across * height <= down * width {
        (across.max(1) as u32, round(height * across, width))
    } else {
        (round(width * down, height), down.max(1) as u32)
    }
}
