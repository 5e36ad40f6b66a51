//! The pictures of the studio's screen.
//!
//! Owns the pixels that are loaded, the grids made of them, and what is still to be
//! decoded. Promises that a picture once seen is never taken away for a sharper one, that
//! at most [`AT_ONCE`] pictures are asked for at a time, and that pictures which scrolled
//! past are not asked for at all. Must never read a file or wait.

use std::collections::HashMap;
use std::num::NonZeroUsize;

use lru::LruCache;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use unicode_width::UnicodeWidthStr;

use super::{Blocks, CellSize, Display, Pixels};
use crate::domain::{Failure, ImageId, View};

/// Pictures being decoded at the same time: one for each of two processors.
const AT_ONCE: usize = 2;

/// Most bytes of pixels that are kept: some sixty previews. Others are read again from the
/// disk's cache, which takes less than a frame.
const MOST_BYTES: usize = 12 << 20;

/// Most grids that are kept: a gallery's worth, several times.
const MOST_GRIDS: NonZeroUsize = NonZeroUsize::new(512).expect("512 is not 0");

/// Most refusals that are remembered.
const MOST_REFUSED: NonZeroUsize = NonZeroUsize::new(4096).expect("4096 is not 0");

/// A picture that is to be decoded, and the pixels it must stay within. Each one is
/// answered by [`Easel::insert`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Missing {
    /// Which picture.
    pub image: ImageId,
    /// Most pixels across and down. Only a few sizes occur, so that a cache serves many
    /// layouts.
    pub fit: (u32, u32),
}

/// One grid is kept for each place a picture was seen in.
type GridKey = (ImageId, (u16, u16), CellSize);

/// Holds pictures up to the screen.
#[derive(Debug)]
pub struct Easel {
    /// The largest that came of each picture.
    loaded: LruCache<ImageId, Pixels>,
    loaded_bytes: usize,
    grids: LruCache<GridKey, Blocks>,
    refused: LruCache<ImageId, Failure>,
    under_way: HashMap<ImageId, Missing>,
}

impl Default for Easel {
    fn default() -> Self {
        Self {
            loaded: LruCache::unbounded(),
            loaded_bytes: 0,
            grids: LruCache::new(MOST_GRIDS),
            refused: LruCache::new(MOST_REFUSED),
            under_way: HashMap::new(),
        }
    }
}

impl Easel {
    /// Draws each wanted picture in the middle of its area, from the best pixels there
    /// are, and says what is to be decoded now. Calls for the same frame again and again
    /// say it once; what is beyond two at a time is said by a later call.
    #[must_use = "a picture that was asked for is not asked for again"]
    pub fn paint(
        &mut self,
        buffer: &mut Buffer,
        wanted: &[(View, Rect)],
        display: Display,
    ) -> Vec<Missing> {
        let mut missing = Vec::new();
        for &(view, area) in wanted {
            let image = view.image();
            let area = area.intersection(buffer.area);
            if area.is_empty() {
                continue;
            }
            let fit = fit_for(area);
            let sharp = self.paint_one(buffer, image, area, display, fit);
            if !sharp
                && self.under_way.len() < AT_ONCE
                && !self.under_way.contains_key(&image)
                && !self.refused.contains(&image)
            {
                let ask = Missing { image, fit };
                self.under_way.insert(image, ask);
                missing.push(ask);
            }
        }
        missing
    }

    /// Takes what came of one picture that was asked for. A refusal is shown in its
    /// place, unless there are pixels of it already.
    pub fn insert(&mut self, missing: Missing, result: Result<Pixels, Failure>) {
        let image = missing.image;
        self.under_way.remove(&image);
        match result {
            Ok(pixels) => {
                self.loaded_bytes += pixels.rgb().len();
                if let Some(coarser) = self.loaded.put(image, pixels) {
                    self.loaded_bytes -= coarser.rgb().len();
                }
                self.grids.retain(|key, _| key.0 != image);
                while self.loaded_bytes > MOST_BYTES && self.loaded.len() > 1 {
                    let oldest = self.loaded.pop_lru();
                    self.loaded_bytes -= oldest.map_or(0, |(_, pixels)| pixels.rgb().len());
                }
            }
            Err(failure) => {
                self.refused.put(image, failure);
            }
        }
    }

    /// Draws one picture and tells whether no sharper one is needed there.
    fn paint_one(
        &mut self,
        buffer: &mut Buffer,
        image: ImageId,
        area: Rect,
        display: Display,
        fit: (u32, u32),
    ) -> bool {
        let Some(pixels) = self.loaded.get(&image) else {
            match self.refused.get(&image) {
                Some(failure) => write_centred(buffer, area, failure.what.as_str()),
                None => write_centred(buffer, area, "…"),
            }
            return false;
        };
        let key = (image, (area.width, area.height), display.cell);
        self.grids
            .get_or_insert(key, || Blocks::new(pixels, (area.width, area.height), display.cell))
            .paint(buffer, area, display.depth);
        pixels.is_whole() || pixels.width() >= fit.0 || pixels.height() >= fit.1
    }
}

/// The pixels to ask for: twice the half blocks of `area`, so that the last scaling has
/// something to average, rounded up to a power of two.
fn fit_for(area: Rect) -> (u32, u32) {
    const LEAST: u32 = 64;
    let half_blocks = u32::from(area.width).max(2 * u32::from(area.height));
    let side = (2 * half_blocks).next_power_of_two().max(LEAST);
    (side, side)
}

/// Writes quiet words on the middle line of `area`, cut at its edges.
fn write_centred(buffer: &mut Buffer, area: Rect, words: &str) {
    let width = u16::try_from(words.width()).unwrap_or(u16::MAX).min(area.width);
    let (x, y) = (area.x + (area.width - width) / 2, area.y + area.height / 2);
    let quiet = Style::new().add_modifier(Modifier::DIM);
    buffer.set_stringn(x, y, words, width.into(), quiet);
}
