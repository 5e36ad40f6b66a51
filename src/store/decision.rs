//! What the user decides of a generation: take it back, give it up.
//!
//! Like the journal's, every change names the state it is meant for and says whether it
//! applied.

use rusqlite::params;

use crate::domain::{Failure, GenerationId, Timestamp};

use super::row::to_json;
use super::{Store, StoreError};

impl Store {
    /// Takes a generation out of the queue for good. `false` when it is not in it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn cancel(&mut self, id: GenerationId, now: Timestamp) -> Result<bool, StoreError> {
        self.write(|db| {
            let cancelled = db
                .prepare_cached(
                    "UPDATE generations SET state = 'cancelled', finished = ?2 \
                     WHERE id = ?1 AND state = 'queued'",
                )?
                .execute(params![id.to_string(), now.millis()])?;
            Ok(cancelled == 1)
        })
    }

    /// Gives a generation up whose outcome is unknown: it ends as failed with `why`.
    /// `false` when it is in another state.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn give_up(&mut self, id: GenerationId, why: &Failure) -> Result<bool, StoreError> {
        self.write(|db| {
            let given_up = db
                .prepare_cached(
                    "UPDATE generations SET state = 'failed', failure = ?2 \
                     WHERE id = ?1 AND state = 'interrupted'",
                )?
                .execute(params![id.to_string(), to_json(why)])?;
            Ok(given_up == 1)
        })
    }
}
