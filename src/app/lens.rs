//! How closely a picture is looked at, and which part of it.
//!
//! Promises that the part lies inside the picture. Must never know which picture it is: two may
//! be looked at through one.

use crate::domain::{Subject, View};

/// How close one can look, step by step, in percent of the size that just fits.
const STEPS: [u16; 13] =
    [View::WHOLE, 150, 200, 300, 400, 600, 800, 1200, 1600, 2400, 3200, 4800, View::NEAREST];
/// The middle of a picture.
const CENTRE: (u16, u16) = (View::EDGE / 2, View::EDGE / 2);

/// How closely a picture is looked at, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lens {
    zoom: u16,
    centre: (u16, u16),
}

impl Default for Lens {
    fn default() -> Self {
        Self { zoom: View::WHOLE, centre: CENTRE }
    }
}

impl Lens {
    /// What is seen of `subject` through it.
    pub fn view(self, subject: impl Into<Subject>) -> View {
        View::near(subject, self.zoom, self.centre)
    }

    /// How much larger than when it just fits, in percent.
    pub const fn zoom(self) -> u16 {
        self.zoom
    }

    /// Whether all of a picture is seen.
    pub const fn is_whole(self) -> bool {
        self.zoom == View::WHOLE
    }

    /// Looks `by` steps more closely, from further away when negative.
    pub(super) fn look(&mut self, by: isize) {
        let place = STEPS.iter().rposition(|step| *step <= self.zoom).unwrap_or(0);
        let place = place.saturating_add_signed(by).min(STEPS.len() - 1);
        self.zoom = STEPS[place];
        self.go(0, 0);
    }

    /// Moves what is seen a quarter of itself to the right and down, or the other way when
    /// negative.
    pub(super) fn go(&mut self, right: i32, down: i32) {
        let seen = i32::from(View::EDGE) * i32::from(View::WHOLE) / i32::from(self.zoom);
        let moved = |centre: u16, by: i32| {
            let centre = i32::from(centre) + by * (seen / 4).max(1);
            // What is seen ends where the picture does.
            let (least, most) = (seen / 2, i32::from(View::EDGE) - seen / 2);
            u16::try_from(centre.clamp(least.min(most), most)).unwrap_or(View::EDGE / 2)
        };
        self.centre = (moved(self.centre.0, right), moved(self.centre.1, down));
    }
}
