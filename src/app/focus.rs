//! What keys go to while nothing lies over the panes.
//!
//! Owns the places that can have focus and their round. Must never know what a key does.

use super::form::Field;

/// What keys go to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Focus {
    /// A field of the form.
    Form(Field),
    /// The list of the history.
    History,
    /// The search line of the history.
    Search,
    /// The preview.
    Preview,
}

impl Focus {
    /// What is `by` places on in the round of fields and panes.
    pub(super) fn neighbour(self, by: isize) -> Self {
        let panes = [Self::History, Self::Preview];
        let round: Vec<Self> = Field::ALL.map(Self::Form).into_iter().chain(panes).collect();
        let focus = if self == Self::Search { Self::History } else { self };
        let place = round.iter().position(|other| *other == focus).unwrap_or(0) as isize;
        round[(place + by).rem_euclid(round.len() as isize) as usize]
    }
}
