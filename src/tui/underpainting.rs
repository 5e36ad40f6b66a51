//! Whether there is something in the cells of a picture until it has been drawn over them.
//!
//! Promises one decision for each picture: cells that change take away what was drawn over
//! them. Must never paint.

use crate::graphics::presenter::Wanted;

/// What was decided last, and for what.
#[derive(Default)]
pub(super) struct Underpainting(Option<(Wanted, bool)>);

impl Underpainting {
    /// Whether `want` has it: as it was decided when that was wanted first, else if it `pays`
    /// now.
    pub(super) fn is_for(&mut self, want: Wanted, pays: bool) -> bool {
        match self.0 {
            Some((known, decided)) if known == want => decided,
            _ => {
                self.0 = Some((want, pays));
                pays
            }
        }
    }
}
