//! Orders without a budget, taken up without a limit, as most tests give them.

use pentimento::domain::{Allowance, Generation, GenerationId, Timestamp, Verdict};
use pentimento::store::{Claim, Limit, Store, StoreError, WorkerId};

pub(crate) trait Unlimited {
    /// Puts generations into the queue: all of them, or none.
    fn enqueue(&mut self, generations: &[Generation]) -> Result<(), StoreError>;
    /// Puts one into the queue once more; `false` when it has not ended.
    fn resend(&mut self, id: GenerationId) -> Result<bool, StoreError>;
    /// Takes one up that waits, however many are under way; the number of the attempt.
    fn take_up(
        &mut self,
        id: GenerationId,
        worker: &WorkerId,
        now: Timestamp,
    ) -> Result<Option<u32>, StoreError>;
}

impl Unlimited for Store {
    fn enqueue(&mut self, generations: &[Generation]) -> Result<(), StoreError> {
        let verdict = self.order(generations, &Allowance::default())?;
        assert_eq!(verdict, Verdict::Fits, "nothing is limited");
        Ok(())
    }

    fn resend(&mut self, id: GenerationId) -> Result<bool, StoreError> {
        Ok(self.order_again(id, None, &Allowance::default())?.is_some())
    }

    fn take_up(
        &mut self,
        id: GenerationId,
        worker: &WorkerId,
        now: Timestamp,
    ) -> Result<Option<u32>, StoreError> {
        let limit = Limit { parallel: u32::MAX, lives: &|_| true };
        Ok(match self.claim(id, worker, now, limit)? {
            Claim::Taken(attempt) => Some(attempt),
            Claim::Waits | Claim::Gone => None,
        })
    }
}
