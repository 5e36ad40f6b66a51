//! Generations that are looked at wherever they stand in the history.
//!
//! Owns those that were read by their names beside the rows of the history. Promises that none
//! is asked for twice, and holds no more than a few hundred beyond what is wanted now. Must never
//! decide what is looked at.

use std::collections::{BTreeMap, BTreeSet};

use super::slideshow::{self, Slideshow};
use super::{Effect, State};
use crate::domain::{Generation, GenerationId, Image, ImageId};

/// How many are held that nobody wants at the moment.
const MOST: usize = 400;

/// Generations by their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    found: BTreeMap<GenerationId, Generation>,
    /// What was asked for, found or not.
    asked: BTreeSet<GenerationId>,
}

impl Known {
    /// The one called `id`, once it is known.
    pub fn get(&self, id: GenerationId) -> Option<&Generation> {
        self.found.get(&id)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Generation> {
        self.found.values()
    }

    /// Asks for those of `wanted` that are not known yet.
    pub(super) fn want(&mut self, wanted: &BTreeSet<GenerationId>) -> Option<Effect> {
        if self.asked.len() > MOST + wanted.len() {
            self.found.retain(|id, _| wanted.contains(id));
            self.asked.retain(|id| wanted.contains(id));
        }
        let missing: Vec<GenerationId> =
            wanted.iter().copied().filter(|id| self.asked.insert(*id)).collect();
        (!missing.is_empty()).then_some(Effect::Read(missing))
    }

    /// Takes in one that was found, or is at hand.
    pub(super) fn take(&mut self, generation: Generation) {
        self.asked.insert(generation.id);
        self.found.insert(generation.id, generation);
    }

    /// A generation is now so.
    pub(super) fn update(&mut self, generation: &Generation) {
        if let Some(held) = self.found.get_mut(&generation.id) {
            held.clone_from(generation);
        }
    }

    /// Something has changed on the disk: what is wanted is asked for anew, and until then as
    /// it was.
    pub(super) fn doubt(&mut self) {
        self.asked.clear();
    }

    /// Nothing is looked at any more.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

impl State {
    /// The selected generation, as far as it is; in a slideshow the one that is in sight.
    pub fn selected(&self) -> Option<&Generation> {
        if let Some(lineage) = &self.lineage {
            return self.known.get(lineage.selected());
        }
        let selected = self.history.selected();
        let shown = || self.preview.slideshow.as_ref().and_then(Slideshow::shown);
        selected.filter(|it| !it.images.is_empty()).or_else(shown).or(selected)
    }

    /// The generation called `id`, where it is at hand.
    pub fn generation(&self, id: GenerationId) -> Option<&Generation> {
        let known = self.known.get(id);
        known.or_else(|| self.history.rows().iter().find(|row| row.id == id))
    }

    /// The image called `id`, where its generation is at hand.
    pub fn image(&self, id: ImageId) -> Option<Image> {
        let made = self.generation(id.generation);
        let made = made.and_then(|it| it.images.iter().find(|image| image.id == id).cloned());
        let picked = || self.base.files.as_ref()?.picture().filter(|image| image.id == id);
        made.or_else(picked)
    }

    /// What the next step would select, up or down, as far as it is at hand.
    pub fn beside(&self) -> impl Iterator<Item = &Generation> {
        let in_history = || {
            let (rows, at) = (self.history.rows(), self.history.selected_index());
            let beside = [at.checked_add(1), at.checked_sub(1)].into_iter().flatten();
            beside.filter_map(|at| rows.get(at)).map(|row| row.id).collect()
        };
        let ids: Vec<GenerationId> = match &self.lineage {
            _ if self.preview.slideshow.is_some() => slideshow::next(self).into_iter().collect(),
            Some(lineage) => lineage.beside(),
            None => in_history(),
        };
        ids.into_iter().filter_map(|id| self.generation(id))
    }

    /// A generation is now so, wherever it is shown.
    pub(super) fn renew(&mut self, generation: &Generation) {
        self.history.update(generation);
        self.known.update(generation);
    }
}
