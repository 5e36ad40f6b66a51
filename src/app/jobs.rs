//! The jobs under way, whichever rows the history shows.
//!
//! Owns what is known of each until it has settled. Promises that a settled job hears
//! nothing more. Must never hold a job that has ended.

use super::history::Page;
use super::{Effect, Notice, State};
use crate::domain::{Generation, GenerationId, Job, Progress};

/// The jobs under way, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Jobs(Vec<Generation>);

impl Jobs {
    /// Those under way, oldest first.
    pub fn all(&self) -> &[Generation] {
        &self.0
    }

    /// The one called `id`, while it is under way.
    pub fn get(&self, id: GenerationId) -> Option<&Generation> {
        self.0.iter().find(|generation| generation.id == id)
    }

    /// Takes in a generation as it is in the journal: holds it while it is under way. A
    /// pause stands in no journal, so it stays in what still waits there.
    pub(super) fn put(&mut self, generation: &mut Generation) {
        let place = self.0.iter().position(|held| held.id == generation.id);
        if let Some(held) = place.map(|place| &self.0[place])
            && generation.job == Job::Queued
            && held.job.is_waiting()
        {
            generation.job = held.job.clone();
        }
        match (place, generation.job.is_under_way()) {
            (Some(place), true) => self.0[place] = generation.clone(),
            (Some(place), false) => drop(self.0.remove(place)),
            (None, true) => self.0.push(generation.clone()),
            (None, false) => {}
        }
    }

    /// Takes in news of a job; of a settled one nothing is heard any more. Gives the
    /// generation as it is now.
    pub(super) fn hear(&mut self, news: Progress) -> Option<Generation> {
        let generation = self.0.iter_mut().find(|held| held.id == news.id)?;
        // How a job ended is read from the journal, with its pictures and its cost.
        if !news.job.is_under_way() {
            return None;
        }
        generation.job = news.job;
        generation.sent = news.sent.or(generation.sent);
        Some(generation.clone())
    }

    /// How many wait, and how many are being made.
    pub fn counts(&self) -> (usize, usize) {
        let waiting = self.0.iter().filter(|held| held.job.is_waiting()).count();
        (waiting, self.0.len() - waiting)
    }
}

impl State {
    /// Takes in a page of the history, and what its rows say of jobs.
    pub(super) fn take_page(&mut self, mut page: Page) -> Vec<Effect> {
        page.rows.iter_mut().for_each(|generation| self.settle(generation));
        self.history.take(page);
        let more = self.history.follow_up().map(Effect::Load);
        more.into_iter().chain(self.ask_usual()).collect()
    }

    /// Takes in how a job is now in the journal, and says so when it has just ended.
    pub(super) fn settle(&mut self, generation: &mut Generation) {
        let was_job = self.jobs.get(generation.id).is_some();
        let ends = was_job && !generation.job.is_under_way();
        self.queue.note(generation, was_job);
        if ends && !matches!(self.notice, Some(Notice::Held(_))) {
            self.notice = Some(Notice::of_the_end(generation));
        }
        self.jobs.put(generation);
        self.forget_ended();
    }
}
