//! The preview of the selected generation.
//!
//! Owns which of its images is shown and how much is said of it. Must never know
//! pixels: the scene names the image, the graphics show it.

use crate::domain::{Generation, GenerationId, Image};

/// What the preview shows of the selected generation.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    of: Option<GenerationId>,
    index: usize,
    /// Whether the details stand beside the image.
    pub details: bool,
    /// Whether the preview has the whole screen.
    pub full_screen: bool,
}

impl Default for Preview {
    fn default() -> Self {
        Self { of: None, index: 0, details: true, full_screen: false }
    }
}

impl Preview {
    /// The image of `generation` that is shown.
    pub fn image<'a>(&self, generation: &'a Generation) -> Option<&'a Image> {
        generation.images.get(self.index(generation))
    }

    /// The place of that image among those of `generation`.
    pub fn index(&self, generation: &Generation) -> usize {
        let last = generation.images.len().saturating_sub(1);
        if self.of == Some(generation.id) { self.index.min(last) } else { 0 }
    }

    /// Shows the image `by` places on, around the end.
    pub(super) fn turn(&mut self, generation: &Generation, by: isize) {
        let count = generation.images.len().max(1) as isize;
        self.index = (self.index(generation) as isize + by).rem_euclid(count) as usize;
        self.of = Some(generation.id);
    }
}
