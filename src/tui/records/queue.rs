//! The queue as the journal has it, and what the studio wishes of it.

use super::Keeper;
use crate::app::Event;
use crate::app::queue::{News, Wish};
use crate::domain::{Generation, GenerationId, Query};
use crate::engine;
use crate::store::{Start, StoreError};

/// So many of those that wait are shown.
const MOST: u32 = 200;
/// So many of those that wait for the user are looked at.
const STUCK: u32 = 100;

impl Keeper {
    pub(super) fn grant_queue(&mut self, wish: Wish, then: impl FnOnce()) {
        match self.granted_of_queue(wish) {
            Ok(news) => {
                self.tell(Event::Queue(news));
                then();
            }
            Err(error) => self.fail(error),
        }
    }

    fn granted_of_queue(&mut self, wish: Wish) -> Result<News, StoreError> {
        let mut known = Vec::new();
        match wish {
            Wish::Usual(models) => {
                let usual = models.into_iter().map(|model| {
                    let usual = self.store.usual_seconds(&model)?;
                    Ok((model, usual))
                });
                return usual.collect::<Result<_, StoreError>>().map(News::Usual);
            }
            Wish::Learn(jobs) => known = jobs,
            Wish::Move(id, to) => drop(self.store.move_in_line(id, to)?),
            Wish::Pause(pause) => drop(self.store.pause(&pause)?),
            Wish::Resume(pause) => drop(self.store.resume(&pause)?),
        }
        let (jobs, waiting) = self.store.line(MOST)?;
        known.retain(|id| jobs.iter().all(|job| job.id != *id));
        self.tell_of_ended(&known)?;
        let (stuck, pauses) = (self.stuck()?, self.store.pauses()?);
        Ok(News::Line { jobs, waiting: waiting as usize, stuck, pauses })
    }

    /// Tells how those have ended that are not under way any more. Most of many wait.
    fn tell_of_ended(&self, known: &[GenerationId]) -> Result<(), StoreError> {
        for id in known.iter().take(MOST as usize) {
            let ended = self.store.get(*id)?.filter(|it| !it.job.is_under_way());
            if let Some(generation) = ended {
                self.tell(Event::Changed(Box::new(generation)));
            }
        }
        Ok(())
    }

    /// What waits for the user to decide: interrupted, or failed since the studio was opened.
    fn stuck(&self) -> Result<Vec<Generation>, StoreError> {
        let found = |words| {
            let query = Query::parse(words, engine::now(), &[]);
            let page = self.store.page(&query, Start::Newest, STUCK)?;
            Ok::<_, StoreError>(page.into_iter().filter_map(|entry| entry.generation.ok()))
        };
        let mut stuck: Vec<Generation> = found("interrupted")?.collect();
        let is_new = |it: &Generation| it.finished.is_some_and(|at| at >= self.opened);
        stuck.extend(found("failed")?.filter(is_new));
        Ok(stuck)
    }
}
