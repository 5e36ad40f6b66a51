//! The picture while it is being painted.
//!
//! Owns the pixels and the units: the picture is [`Canvas::wide`] by [`Canvas::high`]
//! units with an area of one square unit, so that every shape keeps its place and
//! proportion at any size. Promises soft edges. Must never know what is painted.

use std::num::NonZero;
use std::ops::Range;

use image::RgbImage;

use super::colour::Rgb;
use super::shape::Shape;

/// Fewer pixels than this are painted sooner than a thread is started.
const PIXELS_WORTH_A_THREAD: usize = 40_000;

/// Pixels of light, and the picture's own units.
#[derive(Clone)]
pub(crate) struct Canvas {
    width: usize,
    height: usize,
    /// Pixels in one unit.
    pub(crate) scale: f32,
    pub(crate) pixels: Vec<Rgb>,
}

impl Canvas {
    /// A black canvas; sides in pixels, at least 1.
    pub(crate) fn new(width: u32, height: u32) -> Self {
        Self {
            width: width as usize,
            height: height as usize,
            scale: (width as f32 * height as f32).sqrt(),
            pixels: vec![Rgb::BLACK; width as usize * height as usize],
        }
    }

    /// The pixels of `picture`.
    pub(crate) fn of(picture: &RgbImage) -> Self {
        let mut canvas = Self::new(picture.width(), picture.height());
        for (pixel, seen) in canvas.pixels.iter_mut().zip(picture.pixels()) {
            *pixel = Rgb::new(f32::from(seen[0]), f32::from(seen[1]), f32::from(seen[2]))
                * (1.0 / 255.0);
        }
        canvas
    }

    /// Pixels across.
    pub(crate) const fn width(&self) -> usize {
        self.width
    }

    /// Pixels down.
    pub(crate) const fn height(&self) -> usize {
        self.height
    }

    /// Units across.
    pub(crate) fn wide(&self) -> f32 {
        self.width as f32 / self.scale
    }

    /// Units down.
    pub(crate) fn high(&self) -> f32 {
        self.height as f32 / self.scale
    }

    /// The shorter side in units: what subjects are measured by.
    pub(crate) fn span(&self) -> f32 {
        self.wide().min(self.high())
    }

    /// Gives every pixel between two heights (in units) a new colour from its place
    /// and its old one.
    pub(crate) fn shade(
        &mut self,
        from: f32,
        to: f32,
        brush: impl Fn(f32, f32, Rgb) -> Rgb + Sync,
    ) {
        let step = 1.0 / self.scale;
        self.each_row(self.rows(from, to), |row, line| {
            let y = (row as f32 + 0.5) * step;
            for (column, pixel) in line.iter_mut().enumerate() {
                *pixel = brush((column as f32 + 0.5) * step, y, *pixel);
            }
        });
    }

    /// Works on each of the rows, on as many processors as it pays to use.
    fn each_row(&mut self, rows: Range<usize>, work: impl Fn(usize, &mut [Rgb]) + Sync) {
        let width = self.width;
        let band = &mut self.pixels[rows.start * width..rows.end.max(rows.start) * width];
        let most = std::thread::available_parallelism().map_or(1, NonZero::get);
        let parts = (band.len() / PIXELS_WORTH_A_THREAD).clamp(1, most.min(8));
        let share = rows.len().div_ceil(parts).max(1);
        let paint = |part: usize, lines: &mut [Rgb]| {
            for (offset, line) in lines.chunks_exact_mut(width).enumerate() {
                work(rows.start + part * share + offset, line);
            }
        };
        if parts == 1 {
            return paint(0, band);
        }
        std::thread::scope(|scope| {
            for (part, lines) in band.chunks_mut(share * width).enumerate() {
                let paint = &paint;
                scope.spawn(move || paint(part, lines));
            }
        });
    }

    fn rows(&self, from: f32, to: f32) -> Range<usize> {
        let clip = |y: f32| ((y * self.scale).max(0.0) as usize).min(self.height);
        clip(from)..clip(to + 1.0 / self.scale)
    }

    /// The height of a skyline over every column of pixels, in units.
    pub(crate) fn skyline(&self, height: impl FnMut(f32) -> f32) -> Vec<f32> {
        let step = 1.0 / self.scale;
        (0..self.width).map(|column| (column as f32 + 0.5) * step).map(height).collect()
    }

    /// Paints what lies below `top` and, where given, above `bottom`; the edge at
    /// the top is soft.
    pub(crate) fn below(
        &mut self,
        top: &[f32],
        bottom: Option<&[f32]>,
        brush: impl Fn(f32, f32, f32) -> Rgb + Sync,
    ) {
        let (step, scale) = (1.0 / self.scale, self.scale);
        let highest = top.iter().copied().fold(f32::MAX, f32::min);
        self.each_row(self.rows(highest, self.high()), |row, line| {
            let y = (row as f32 + 0.5) * step;
            for (column, pixel) in line.iter_mut().enumerate() {
                let depth = y - top[column];
                if depth < -step || bottom.is_some_and(|bottom| y > bottom[column] + 2.0 * step) {
                    continue;
                }
                let cover = (depth * scale + 0.5).clamp(0.0, 1.0);
                if cover > 0.0 {
                    let x = (column as f32 + 0.5) * step;
                    *pixel = pixel.mix(brush(x, y, depth.max(0.0)), cover);
                }
            }
        });
    }

    /// Fills `shape`; the brush gives colour and opacity at a place.
    pub(crate) fn fill(&mut self, shape: &Shape, brush: impl Fn(f32, f32) -> (Rgb, f32)) {
        let step = 1.0 / self.scale;
        let width = self.width;
        let pixels = &mut self.pixels;
        shape.coverage(self.scale, width, self.height, |column, row, cover| {
            let place = ((column as f32 + 0.5) * step, (row as f32 + 0.5) * step);
            let (colour, opacity) = brush(place.0, place.1);
            let pixel = &mut pixels[row * width + column];
            *pixel = pixel.mix(colour, cover * opacity);
        });
    }

    /// Fills `shape` with one colour.
    pub(crate) fn flat(&mut self, shape: &Shape, colour: Rgb, opacity: f32) {
        self.fill(shape, |_, _| (colour, opacity));
    }

    /// A round dab with a soft edge; at least about half a pixel across.
    pub(crate) fn dab(&mut self, x: f32, y: f32, radius: f32, colour: Rgb, opacity: f32) {
        self.oval(x, y, (radius, radius), colour, opacity);
    }

    /// An upright oval with a soft edge.
    pub(crate) fn oval(&mut self, x: f32, y: f32, radii: (f32, f32), colour: Rgb, opacity: f32) {
        let least = 0.5 / self.scale;
        let (rx, ry) = (radii.0.max(least), radii.1.max(least));
        // What is thinner than a pixel is paler instead.
        let opacity = opacity * (radii.0 / rx) * (radii.1 / ry);
        let soft = self.scale * rx.min(ry);
        self.around(x, y, rx + least * 2.0, ry + least * 2.0, |dx, dy, pixel| {
            let distance = ((dx / rx).powi(2) + (dy / ry).powi(2)).sqrt();
            let cover = ((1.0 - distance) * soft + 0.5).clamp(0.0, 1.0);
            pixel.mix(colour, cover * opacity)
        });
    }

    /// Adds light that fades out to `radius`.
    pub(crate) fn glow(&mut self, x: f32, y: f32, radius: f32, light: Rgb) {
        self.around(x, y, radius, radius, |dx, dy, pixel| {
            let left = (1.0 - (dx * dx + dy * dy) / (radius * radius)).max(0.0);
            pixel.screened(light * (left * left * left))
        });
    }

    /// Darkens or tints softly out to the radii.
    pub(crate) fn veil(&mut self, x: f32, y: f32, radii: (f32, f32), colour: Rgb, opacity: f32) {
        self.around(x, y, radii.0, radii.1, |dx, dy, pixel| {
            let left = (1.0 - (dx / radii.0).powi(2) - (dy / radii.1).powi(2)).max(0.0);
            pixel.mix(colour, opacity * left * left)
        });
    }

    fn around(&mut self, x: f32, y: f32, rx: f32, ry: f32, brush: impl Fn(f32, f32, Rgb) -> Rgb) {
        let step = 1.0 / self.scale;
        let columns = |x: f32| ((x * self.scale).max(0.0) as usize).min(self.width);
        for row in self.rows(y - ry, y + ry) {
            for column in columns(x - rx)..columns(x + rx + step) {
                let (px, py) = ((column as f32 + 0.5) * step, (row as f32 + 0.5) * step);
                let pixel = &mut self.pixels[row * self.width + column];
                *pixel = brush(px - x, py - y, *pixel);
            }
        }
    }

    /// The colour at a place, in units; the border goes on for ever.
    pub(crate) fn at(&self, x: f32, y: f32) -> Rgb {
        let (x, y) = (x * self.scale - 0.5, y * self.scale - 0.5);
        let (x, y) =
            (x.clamp(0.0, self.width as f32 - 1.0), y.clamp(0.0, self.height as f32 - 1.0));
        let (left, top) = (x as usize, y as usize);
        let (right, low) = ((left + 1).min(self.width - 1), (top + 1).min(self.height - 1));
        let (u, v) = (x - left as f32, y - top as f32);
        let upper =
            self.pixels[top * self.width + left].mix(self.pixels[top * self.width + right], u);
        let lower =
            self.pixels[low * self.width + left].mix(self.pixels[low * self.width + right], u);
        upper.mix(lower, v)
    }

    /// The same picture `width` by `height` pixels, each the mean of what it covers.
    pub(crate) fn reduced(&self, width: usize, height: usize) -> Self {
        let mut small = Self::new(width as u32, height as u32);
        for (index, pixel) in small.pixels.iter_mut().enumerate() {
            let rows = span(index / width, height, self.height);
            let columns = span(index % width, width, self.width);
            let count = (rows.len() * columns.len()) as f32;
            let mut sum = Rgb::BLACK;
            for row in rows {
                for seen in &self.pixels[row * self.width..][columns.clone()] {
                    sum = sum + *seen;
                }
            }
            *pixel = sum * (1.0 / count);
        }
        small
    }

    /// Blurs with about that radius, in units.
    pub(crate) fn blur(&mut self, radius: f32) {
        let reach = ((radius * self.scale / 1.7).round() as usize).min(self.width.max(self.height));
        if reach == 0 {
            return;
        }
        let mut line = Vec::with_capacity(self.width.max(self.height));
        for _ in 0..2 {
            for row in 0..self.height {
                box_blur(&mut self.pixels, row * self.width, 1, self.width, reach, &mut line);
            }
            for column in 0..self.width {
                box_blur(&mut self.pixels, column, self.width, self.height, reach, &mut line);
            }
        }
    }

    /// The finished picture, with a trace of `grain` against banding.
    pub(crate) fn finish(self, grain: impl Fn(usize, usize) -> f32) -> RgbImage {
        let width = self.width;
        let mut bytes = Vec::with_capacity(self.pixels.len() * 3);
        for (index, pixel) in self.pixels.iter().enumerate() {
            let grain = grain(index % width, index / width);
            for channel in [pixel.r, pixel.g, pixel.b] {
                bytes.push(((channel + grain).clamp(0.0, 1.0) * 255.0 + 0.5) as u8);
            }
        }
        RgbImage::from_raw(self.width as u32, self.height as u32, bytes)
            .expect("three bytes were written for every pixel")
    }
}

/// The source cells that target cell `index` of `of` covers; never none.
fn span(index: usize, of: usize, source: usize) -> Range<usize> {
    let from = (index * source / of).min(source - 1);
    from..((index + 1) * source / of).clamp(from + 1, source)
}

fn box_blur(
    pixels: &mut [Rgb],
    start: usize,
    stride: usize,
    count: usize,
    reach: usize,
    line: &mut Vec<Rgb>,
) {
    line.clear();
    line.extend((0..count).map(|i| pixels[start + i * stride]));
    let at = |i: isize| line[i.clamp(0, count as isize - 1) as usize];
    let reach = reach as isize;
    let share = 1.0 / (2 * reach + 1) as f32;
    let mut sum = (-reach..=reach).fold(Rgb::BLACK, |sum, i| sum + at(i));
    for i in 0..count as isize {
        pixels[start + i as usize * stride] = sum * share;
        sum = sum + at(i + reach + 1) + at(i - reach) * -1.0;
    }
}
