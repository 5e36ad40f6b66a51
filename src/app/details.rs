//! Everything that is known of a generation, in a window.
//!
//! Owns what was read for that. Promises that it is about the generation that is selected.
//! Must never read anything itself.

use super::{Effect, Overlay, State};
use crate::domain::{GenerationId, Record};

/// What was read of a generation beside the generation itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    record: Option<(GenerationId, Record)>,
}

impl Details {
    /// What is known of `id`, once that was read.
    pub fn record(&self, id: GenerationId) -> Option<&Record> {
        self.record.as_ref().filter(|(of, _)| *of == id).map(|(_, record)| record)
    }
}

/// Opens the window about what is selected.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    let Some(id) = state.selected().map(|generation| generation.id) else { return Vec::new() };
    state.overlay = Some(Overlay::Details { scroll: 0 });
    vec![Effect::ReadRecord(id)]
}

/// Takes in what was read.
pub(super) fn hear(state: &mut State, id: GenerationId, record: Record) {
    state.details.record = Some((id, record));
}

/// Has it read again where the window is open about `id`, which has changed.
pub(super) fn follow(state: &State, id: GenerationId) -> Option<Effect> {
    let is_open = matches!(state.overlay, Some(Overlay::Details { .. }));
    let is_shown = state.selected().is_some_and(|generation| generation.id == id);
    (is_open && is_shown).then_some(Effect::ReadRecord(id))
}
