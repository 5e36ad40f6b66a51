//! What the user decides of a generation: take it back, send it again, give it up.
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

    /// Puts a failed or interrupted generation into the queue once more, because the
    /// user says so: it may be paid for again. `false` when it is in another state.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn resend(&mut self, id: GenerationId) -> Result<bool, StoreError> {
        self.write(|db| {
            let queued = db
                .prepare_cached(
                    "UPDATE generations SET state = 'queued', finished = NULL, failure = NULL \
                     WHERE id = ?1 AND state IN ('failed', 'interrupted')",
                )?
                .execute([id.to_string()])?;
            Ok(queued == 1)
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
