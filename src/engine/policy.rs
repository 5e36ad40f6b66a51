//! What is tried again by itself, when, and how often.
//!
//! Promises that only what certainly cost nothing is.

use std::time::Duration;

use crate::domain::{Charged, Failure, FailureKind, Retry};

/// Longest pause that a service may ask for before the job fails instead.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);

/// A picture that is not there is not waited for any longer than this within its job;
/// `pentimento resume` looks again.
const LONGEST_FETCH_PAUSE: Duration = Duration::from_mins(1);

/// One row of the policy: a kind of failure, how often it is tried again, and the least
/// pause before the first time, which doubles from then on. A limit's pause is the one
/// that the service names.
const ROWS: [(FailureKind, u32, Duration); 3] = [
    (FailureKind::Unreachable, 5, Duration::from_secs(1)),
    (FailureKind::RateLimit, 6, Duration::ZERO),
    (FailureKind::Fetch, 5, Duration::from_secs(1)),
];

/// How long to wait before trying again what has failed `failures` times in a row with
/// `failure`; `None` when it is not tried again by itself. `chance`, from 0 to 1,
/// spreads the pause by a quarter either way.
pub(super) fn pause(failure: &Failure, failures: u32, chance: f64) -> Option<Duration> {
    let Retry::After(least) = failure.retry else { return None };
    // A request that may have been paid for is never sent again; a picture that was paid
    // for may always be fetched again.
    if failure.charged != Charged::No && failure.kind != FailureKind::Fetch {
        return None;
    }
    let (_, most, first) = ROWS.into_iter().find(|row| row.0 == failure.kind)?;
    if failures > most {
        return None;
    }
    let least = Duration::from_millis(least);
    let fetching = failure.kind == FailureKind::Fetch;
    if least > if fetching { LONGEST_FETCH_PAUSE } else { LONGEST_PAUSE } {
        return None;
    }
    let doubled = first.max(least) * 2_u32.pow(failures.saturating_sub(1).min(10));
    Some(doubled.mul_f64(0.75 + chance.clamp(0.0, 1.0) / 2.0).max(least))
}
