//! The preview of the selected generation.
//!
//! Owns which of its images is shown, how closely, and how much is said of it. Promises that
//! another generation is seen whole at first, and another image of the same one as closely
//! as the one before. Must never know pixels: the scene says what is looked at, the graphics
//! show it.

use crate::domain::{Generation, GenerationId, Image, View};

/// How close one can look, step by step, in percent of the size that just fits.
const STEPS: [u16; 13] =
    [View::WHOLE, 150, 200, 300, 400, 600, 800, 1200, 1600, 2400, 3200, 4800, View::NEAREST];

/// What the preview shows of the selected generation.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    of: Option<GenerationId>,
    index: usize,
    zoom: u16,
    centre: (u16, u16),
    /// Whether the details stand beside the image.
    pub details: bool,
    /// Whether the preview has the whole screen.
    pub full_screen: bool,
}

impl Default for Preview {
    fn default() -> Self {
        Self {
            of: None,
            index: 0,
            zoom: View::WHOLE,
            centre: CENTRE,
            details: true,
            full_screen: false,
        }
    }
}

/// The middle of an image.
const CENTRE: (u16, u16) = (View::EDGE / 2, View::EDGE / 2);

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
        Some(View::near(image, self.zoom, self.centre))
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
        let place = STEPS.iter().rposition(|step| *step <= self.zoom).unwrap_or(0);
        let place = place.saturating_add_signed(by).min(STEPS.len() - 1);
        self.zoom = STEPS[place];
        self.go(0, 0);
    }

    /// Shows all of the image; says whether that was not so.
    pub(super) fn fit(&mut self, generation: &Generation) -> bool {
        let was_near = self.view(generation).is_some_and(|view| !view.is_whole());
        (self.zoom, self.centre) = (View::WHOLE, CENTRE);
        was_near
    }

    /// Moves what is seen a quarter of itself to the right and down, or the other way when
    /// negative.
    pub(super) fn go(&mut self, right: i32, down: i32) {
        let seen = i32::from(View::EDGE) * i32::from(View::WHOLE) / i32::from(self.zoom);
        let moved = |centre: u16, by: i32| {
            let centre = i32::from(centre) + by * (seen / 4).max(1);
            // What is seen ends where the image does.
            let (least, most) = (seen / 2, i32::from(View::EDGE) - seen / 2);
            u16::try_from(centre.clamp(least.min(most), most)).unwrap_or(View::EDGE / 2)
        };
        self.centre = (moved(self.centre.0, right), moved(self.centre.1, down));
    }

    /// From now on it is about this one.
    fn turn_to(&mut self, generation: &Generation) {
        if self.of != Some(generation.id) {
            self.of = Some(generation.id);
            (self.index, self.zoom, self.centre) = (0, View::WHOLE, CENTRE);
        }
    }
}
