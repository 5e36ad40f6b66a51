//! What was paid for waits for the disk: as long as the worker lives, nothing of it is
//! given up because there is no room or another program holds the database.
//!
//! Promises that the face is told once what is waited for. Must never be used before
//! something was sent: that costs nothing to ask for again.

use std::time::Duration;

use super::link::Report;
use super::worker::Shop;
use crate::domain::{Charged, Failure, Text};
use crate::store::{Store, StoreError};

/// Between two looks whether there is room by now.
const PAUSE: Duration = Duration::from_millis(500);

impl Shop {
    /// Does `work` until it is done, or fails in a way that does not pass.
    pub(super) async fn patiently<T>(
        &self,
        mut work: impl FnMut(&mut Store) -> Result<T, StoreError>,
    ) -> Result<T, Failure> {
        let mut patience = Patience::default();
        loop {
            // On a line of its own: the store must not be held while waiting.
            let done = work(&mut self.store());
            match done {
                Ok(done) => return Ok(done),
                Err(error) => patience.wait(self, error).await?,
            }
        }
    }

    /// Tells the face what an answer waits for.
    fn tell_of_waiting(&self, error: &StoreError) {
        let hint = format!(
            "{} What was received is held in memory until it can be written: leave this machine \
             running.",
            error.hint()
        );
        let failure = Failure { hint: Text::new(&hint), ..Failure::from(error) };
        tracing::warn!(what = %failure.what, "an answer waits for the disk");
        self.tell(Report::Trouble(failure.charged(Charged::Maybe)));
    }
}

/// The waiting for one thing.
#[derive(Default)]
pub(super) struct Patience {
    /// Whether the face knows of it.
    told: bool,
}

impl Patience {
    /// Tells the face of what is in the way, the first time.
    pub(super) fn tell(&mut self, shop: &Shop, error: &StoreError) {
        if !self.told {
            shop.tell_of_waiting(error);
            self.told = true;
        }
    }

    /// Lets the time pass until it is worth trying again.
    ///
    /// # Errors
    /// When what is in the way does not pass.
    pub(super) async fn wait(&mut self, shop: &Shop, error: StoreError) -> Result<(), Failure> {
        if !error.passes() {
            return Err(error.into());
        }
        self.tell(shop, &error);
        tokio::time::sleep(PAUSE).await;
        Ok(())
    }
}
