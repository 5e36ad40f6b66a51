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
        let mut told = false;
        loop {
            // On a line of its own: the store must not be held while waiting.
            let done = work(&mut self.store());
            match done {
                Err(error) if error.passes() => {
                    if !told {
                        self.tell_of_waiting(&error);
                        told = true;
                    }
                    Self::wait_for_room().await;
                }
                done => return done.map_err(Failure::from),
            }
        }
    }

    /// Lets the time pass between two looks whether there is room by now.
    pub(super) async fn wait_for_room() {
        tokio::time::sleep(PAUSE).await;
    }

    /// Tells the face what an answer waits for.
    pub(super) fn tell_of_waiting(&self, error: &StoreError) {
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
