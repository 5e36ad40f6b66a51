//! The preview of the selected generation.
//!
//! Owns which of its images is shown, how closely, and how much is said of it. Promises that
//! another generation is seen whole at first, and another image of the same one as closely
//! as the one before. Must never know pixels: the scene says what is looked at, the graphics
//! show it.

use super::lens::Lens;
use super::slideshow::Slideshow;
use crate::domain::{Generation, GenerationId, Image, View};

/// What the preview shows of the selected generation.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    of: Option<GenerationId>,
    index: usize,
    lens: Lens,
    /// Whether the details stand beside the image.
    pub details: bool,
    /// Whether the preview has the whole screen.
    pub full_screen: bool,
    /// One after another, while that runs.
    pub slideshow: Option<Slideshow>,
}

impl Default for Preview {
    fn default() -> Self {
        Self {
            of: None,
            index: 0,
            lens: Lens::default(),
            details: true,
            full_screen: false,
            slideshow: None,
        }
    }
}

impl Preview {
    /// The image of `generation` that is shown.
    pub fn image<'a>(&self, generation: &'a Generation) -> Option<&'a Image> {
        generation.images.get(self.index(generation))
    }

    /// What is seen of that image.
    pub fn view(&self, generation: &Generation) -> Option<View> {
        let image = self.image(generation)?.id;
        if self.of != Some(generation.id) {
            return Some(View::whole(image));
        }
        Some(self.lens.view(image))
    }

    /// The place of that image among those of `generation`.
    pub fn index(&self, generation: &Generation) -> usize {
        let last = generation.images.len().saturating_sub(1);
        if self.of == Some(generation.id) { self.index.min(last) } else { 0 }
    }

    /// Shows the image `by` places on, around the end.
    pub(super) fn turn(&mut self, generation: &Generation, by: isize) {
        self.turn_to(generation);
        let count = generation.images.len().max(1) as isize;
        self.index = (self.index(generation) as isize + by).rem_euclid(count) as usize;
    }

    /// Looks `by` steps more closely, from further away when negative.
    pub(super) fn zoom(&mut self, generation: &Generation, by: isize) {
        self.turn_to(generation);
        self.lens.look(by);
    }

    /// Shows all of the image; says whether that was not so.
    pub(super) fn fit(&mut self, generation: &Generation) -> bool {
        let was_near = self.view(generation).is_some_and(|view| !view.is_whole());
        self.lens = Lens::default();
        was_near
    }

    /// Moves what is seen a quarter of itself to the right and down, or the other way when
    /// negative.
    pub(super) fn go(&mut self, right: i32, down: i32) {
        self.lens.go(right, down);
    }

    /// From now on it is about this one.
    fn turn_to(&mut self, generation: &Generation) {
        if self.of != Some(generation.id) {
            self.of = Some(generation.id);
            (self.index, self.lens) = (0, Lens::default());
        }
    }
}
