//! Orders without a budget, as most tests give them.

use pentimento::domain::{Allowance, Generation, GenerationId, Verdict};
use pentimento::store::{Store, StoreError};

pub(crate) trait Unlimited {
    /// Puts generations into the queue: all of them, or none.
    fn enqueue(&mut self, generations: &[Generation]) -> Result<(), StoreError>;
    /// Puts one into the queue once more; `false` when it has not ended.
    fn resend(&mut self, id: GenerationId) -> Result<bool, StoreError>;
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
}
