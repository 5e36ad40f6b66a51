//! Where the user was, kept with the draft, so that the next start is there again.
//!
//! Promises that a place which is gone is no harm. Must never hold what is in the form.

use serde::{Deserialize, Serialize};

use super::form::Draft;
use super::{Focus, State};
use crate::domain::GenerationId;

/// Where the user was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Whether in the history; in the form otherwise.
    #[serde(default)]
    pub in_history: bool,
    /// Whether that was a gallery.
    #[serde(default)]
    pub gallery: bool,
    /// What was searched for.
    #[serde(default)]
    pub query: String,
    /// The names of the actions that were picked from the palette, the last one first.
    #[serde(default)]
    pub used: Vec<String>,
    /// What was selected, unless it was the newest.
    #[serde(default)]
    pub selected: Option<GenerationId>,
}

impl State {
    /// The form and the place of the user, to be kept.
    pub fn draft(&self) -> Draft {
        let selected = self.history.selected().filter(|_| self.history.selected_index() > 0);
        let place = Place {
            in_history: !matches!(self.focus, Focus::Form(_)),
            gallery: self.gallery,
            query: self.history.query().to_owned(),
            used: self.reach.palette.used(),
            selected: selected.map(|row| row.id),
        };
        Draft { place, ..self.form.draft() }
    }

    /// Goes to where the user was.
    pub(super) fn go_back_to(&mut self, place: &Place) {
        if place.in_history {
            self.focus = Focus::History;
        }
        self.gallery = place.gallery;
        self.reach.palette.set_used(&place.used);
        self.history.search.set(place.query.clone());
        self.history.goal = place.selected;
    }
}
