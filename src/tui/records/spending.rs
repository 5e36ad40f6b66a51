//! What the studio orders, and what it has spent.

use super::Keeper;
use crate::app::batch::Batch;
use crate::app::spending::{Question, Totals};
use crate::app::{Effect, Event};
use crate::domain::{Allowance, Bill, Generation, Timestamp, Verdict};
use crate::engine;
use crate::store::StoreError;

impl Keeper {
    /// Puts generations into the journal where they may be paid for, and calls back.
    pub(super) fn order(
        &mut self,
        generations: Vec<Generation>,
        allowance: &Allowance,
        then: impl FnOnce(),
    ) {
        match self.store.order(&generations, allowance) {
            Ok(Verdict::Fits) => {
                self.tell(Event::Queued(generations));
                then();
                self.sum_up();
            }
            Ok(Verdict::Asks(bill)) => {
                let first = generations.first();
                let parent = first.and_then(|first| first.parent);
                let template = first.and_then(|first| first.template.clone());
                let requests = generations.into_iter().map(|it| it.request).collect();
                let batch = Batch { requests, parent, template };
                self.ask_about(bill, Effect::Generate(Box::new(batch)));
            }
            Ok(Verdict::Refused(bill)) => self.tell(Event::Failed(bill.refusal())),
            Err(error) => self.fail(error),
        }
    }

    /// Puts a generation into the queue once more, likewise.
    pub(super) fn order_again(
        &mut self,
        generation: Generation,
        allowance: &Allowance,
        then: impl FnOnce(),
    ) {
        let (id, estimate) = (generation.id, generation.estimate);
        match self.store.order_again(id, estimate, allowance) {
            Ok(None) => self.reread(id),
            Ok(Some(Verdict::Fits)) => {
                self.reread(id);
                then();
            }
            Ok(Some(Verdict::Asks(bill))) => {
                self.ask_about(bill, Effect::Resend(Box::new(generation)));
            }
            Ok(Some(Verdict::Refused(bill))) => self.tell(Event::Failed(bill.refusal())),
            Err(error) => self.fail(error),
        }
    }

    fn ask_about(&self, bill: Bill, effect: Effect) {
        self.tell(Event::Asked(Box::new(Question { bill, effect })));
    }

    /// Says what was spent.
    pub(super) fn sum_up(&self) {
        match self.totals() {
            Ok(totals) => self.tell(Event::Spent(totals)),
            Err(error) => self.fail(error),
        }
    }

    fn totals(&self) -> Result<Totals, StoreError> {
        let now = engine::now();
        let today = now.day();
        Ok(Totals {
            session: self.store.spent(self.opened..Timestamp::from_millis(i64::MAX))?,
            day: self.store.spent(today.clone())?,
            month: self.store.spent(now.month())?,
            until: today.end,
        })
    }
}
