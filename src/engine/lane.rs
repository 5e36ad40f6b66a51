//! The queue of one provider: so many of its jobs at once, and none while it asks to wait.
//!
//! Promises that a job which waits hears of each pause, so that a face can count it down.
//! Pauses run on the monotonic clock; only what is shown of them is a time of day.

use std::pin::pin;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::time::{Instant, sleep_until};

use super::now;
use crate::domain::{Failure, Job};

/// The queue of one provider.
pub(super) struct Lane {
    turns: Semaphore,
    pause: watch::Sender<Option<Pause>>,
}

/// Nothing is sent until then.
#[derive(Clone)]
struct Pause {
    end: Instant,
    shown: Job,
}

impl Lane {
    /// A queue in which so many jobs run at once.
    pub(super) fn new(parallel: u32) -> Self {
        Self { turns: Semaphore::new(parallel as usize), pause: watch::Sender::new(None) }
    }

    /// Waits for a turn. `tell` is told of each pause meanwhile.
    pub(super) async fn turn(&self, tell: impl Fn(Job)) -> SemaphorePermit<'_> {
        let mut pauses = self.pause.subscribe();
        // Also of the one that is there already.
        pauses.mark_changed();
        let mut turn = pin!(self.turns.acquire());
        loop {
            tokio::select! {
                biased;
                turn = &mut turn => return turn.expect("lanes are never closed"),
                Ok(()) = pauses.changed() => {
                    if let Some(pause) = pauses.borrow_and_update().as_ref() {
                        tell(pause.shown.clone());
                    }
                }
            }
        }
    }

    /// Waits until nobody asks to wait any more. `tell` is told of each pause.
    pub(super) async fn open(&self, tell: impl Fn(Job)) {
        loop {
            let pause = self.pause.borrow().clone();
            let Some(pause) = pause.filter(|pause| pause.end > Instant::now()) else { return };
            tell(pause.shown);
            sleep_until(pause.end).await;
        }
    }

    /// Has nothing sent for so long, because of `failure`.
    pub(super) fn close(&self, pause: Duration, failure: Failure) {
        let pause = Pause { end: Instant::now() + pause, shown: paused(pause, failure) };
        self.pause.send_if_modified(|held| {
            let longer = held.as_ref().is_none_or(|held| held.end < pause.end);
            if longer {
                *held = Some(pause);
            }
            longer
        });
    }
}

/// A job that waits for so long from now.
pub(super) fn paused(pause: Duration, failure: Failure) -> Job {
    Job::Paused { until: now().plus_seconds(pause.as_secs_f64()), failure }
}
