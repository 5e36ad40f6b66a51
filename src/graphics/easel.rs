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
use crate::domain::{Failure, Subject, View};

/// Pictures being decoded at the same time: one for each of two processors.
const AT_ONCE: usize = 2;

/// Most bytes of pixels that are kept: some fifty previews. Others are read again from the
/// disk's cache, which takes less than a frame.
const MOST_BYTES: usize = 10 << 20;

/// Pixels of a side beyond which a picture is not looked at more closely.
const MOST_PIXELS: u32 = 4096;

/// Most grids that are kept: a gallery's worth, several times.
const MOST_GRIDS: NonZeroUsize = NonZeroUsize::new(512).expect("512 is not 0");

/// Most refusals that are remembered.
const MOST_REFUSED: NonZeroUsize = NonZeroUsize::new(4096).expect("4096 is not 0");

/// A picture that is to be decoded, and the pixels it must stay within. Each one is
/// answered by [`Easel::insert`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Missing {
    /// Which picture, or the difference of which.
    pub subject: Subject,
    /// Most pixels across and down. Only a few sizes occur, so that a cache serves many
    /// layouts.
    pub fit: (u32, u32),
}

/// One grid is kept for each place a picture was seen in.
type GridKey = (View, (u16, u16), CellSize);

/// What there is of a picture.
#[derive(Clone, Copy, Debug)]
pub enum Look<'a> {
    /// Pixels as fine as they were asked for.
    Sharp(&'a Pixels),
    /// Coarser ones; finer ones are to come, unless they were refused.
    Coarse(&'a Pixels),
    /// Nothing, and why.
    Refused(&'a Failure),
    /// Nothing yet.
    Loading,
}

/// Holds pictures up to the screen.
#[derive(Debug)]
pub struct Easel {
    /// The largest that came of each picture.
    loaded: LruCache<Subject, Pixels>,
    loaded_bytes: usize,
    grids: LruCache<GridKey, Blocks>,
    refused: LruCache<Subject, Failure>,
    under_way: HashMap<Subject, Missing>,
    /// What is to be asked for.
    missing: Vec<Missing>,
}

impl Default for Easel {
    fn default() -> Self {
        Self {
            loaded: LruCache::unbounded(),
            loaded_bytes: 0,
            grids: LruCache::new(MOST_GRIDS),
            refused: LruCache::new(MOST_REFUSED),
            under_way: HashMap::new(),
            missing: Vec::new(),
        }
    }
}

impl Easel {
    /// What there is of `subject`, which is to be shown within `fit` pixels. What is missing
    /// is said by [`Easel::missing`].
    pub fn look(&mut self, subject: Subject, fit: (u32, u32)) -> Look<'_> {
        let pixels = self.loaded.get(&subject);
        let is_sharp =
            pixels.is_some_and(|it| it.is_whole() || it.width() >= fit.0 || it.height() >= fit.1);
        if !is_sharp
            && self.under_way.len() < AT_ONCE
            && !self.under_way.contains_key(&subject)
            && !self.refused.contains(&subject)
        {
            let ask = Missing { subject, fit };
            self.under_way.insert(subject, ask);
            self.missing.push(ask);
        }
        match pixels {
            Some(pixels) if is_sharp => Look::Sharp(pixels),
            Some(pixels) => Look::Coarse(pixels),
            None => self.refused.get(&subject).map_or(Look::Loading, Look::Refused),
        }
    }

    /// What is to be decoded now. Looks at the same frame again and again say it once;
    /// what is beyond two at a time is said after a later look.
    #[must_use = "a picture that was asked for is not asked for again"]
    pub fn missing(&mut self) -> Vec<Missing> {
        std::mem::take(&mut self.missing)
    }

    /// Takes a question back that nobody is going to answer now.
    pub fn put_back(&mut self, missing: Missing) {
        self.under_way.remove(&missing.subject);
    }

    /// Draws each wanted picture in the middle of its area, from the best pixels there
    /// are, and says what is to be decoded now.
    #[must_use = "a picture that was asked for is not asked for again"]
    pub fn paint(
        &mut self,
        buffer: &mut Buffer,
        wanted: &[(View, Rect)],
        display: Display,
    ) -> Vec<Missing> {
        for &(view, area) in wanted {
            self.paint_one(buffer, view, area, display);
        }
        self.missing()
    }

    /// Draws one picture as [`Easel::paint`] does.
    pub fn paint_one(&mut self, buffer: &mut Buffer, view: View, area: Rect, display: Display) {
        let area = area.intersection(buffer.area);
        if area.is_empty() {
            return;
        }
        match self.look(view.subject(), fit_for(view, area)) {
            Look::Sharp(pixels) | Look::Coarse(pixels) => {
                // Of shared bytes: what is looked at must not be held on to by the look.
                let pixels = pixels.clone();
                let sides = (area.width, area.height);
                let grid = || {
                    Blocks::new(&pixels.seen(view, display.cell.pixels(sides)), sides, display.cell)
                };
                let key = (view, sides, display.cell);
                self.grids.get_or_insert(key, grid).paint(buffer, area, display.depth);
            }
            Look::Refused(failure) => write_centred(buffer, area, failure.what.as_str()),
            Look::Loading => write_centred(buffer, area, "…"),
        }
    }

    /// Takes what came of one picture that was asked for. A refusal is shown in its
    /// place, unless there are pixels of it already.
    pub fn insert(&mut self, missing: Missing, result: Result<Pixels, Failure>) {
        let subject = missing.subject;
        self.under_way.remove(&subject);
        match result {
            Ok(pixels) => {
                self.loaded_bytes += pixels.rgb().len();
                if let Some(coarser) = self.loaded.put(subject, pixels) {
                    self.loaded_bytes -= coarser.rgb().len();
                }
                self.grids.retain(|(view, ..), _| view.subject() != subject);
                while self.loaded_bytes > MOST_BYTES && self.loaded.len() > 1 {
                    let oldest = self.loaded.pop_lru();
                    self.loaded_bytes -= oldest.map_or(0, |(_, pixels)| pixels.rgb().len());
                }
            }
            Err(failure) => {
                self.refused.put(subject, failure);
            }
        }
    }
}

/// The pixels to ask for: twice the half blocks of `area`, so that the last scaling has
/// something to average, rounded up to a power of two.
pub fn fit_for(view: View, area: Rect) -> (u32, u32) {
    const LEAST: u32 = 64;
    let half_blocks = u32::from(area.width).max(2 * u32::from(area.height));
    let side = 2 * half_blocks * u32::from(view.zoom()) / u32::from(View::WHOLE);
    let side = side.next_power_of_two().clamp(LEAST, MOST_PIXELS);
    (side, side)
}

/// The same for a terminal that shows pixels.
pub fn fit_for_pixels(view: View, area: Rect, cell: CellSize) -> (u32, u32) {
    const STEP: u32 = 128;
    let (width, height) = cell.pixels((area.width, area.height));
    let side = u64::from(width.max(height)) * u64::from(view.zoom()) / u64::from(View::WHOLE);
    let side = u32::try_from(side).unwrap_or(u32::MAX).min(MOST_PIXELS);
    let side = side.next_multiple_of(STEP);
    (side, side)
}

/// Writes quiet words on the middle line of `area`, cut at its edges.
pub fn write_centred(buffer: &mut Buffer, area: Rect, words: &str) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let width = u16::try_from(words.width()).unwrap_or(u16::MAX).min(area.width);
    let (x, y) = (area.x + (area.width - width) / 2, area.y + area.height / 2);
    let quiet = Style::new().add_modifier(Modifier::DIM);
    buffer.set_stringn(x, y, words, width.into(), quiet);
}
