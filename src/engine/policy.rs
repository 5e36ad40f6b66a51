//! What becomes of a job after each failure: the one table of it.
//!
//! Owns what is tried again by itself, after which pauses and how often, and what is left
//! to the user. Promises that nothing is sent again unasked unless it certainly cost
//! nothing. Must never act: it reads no clock and knows no job.

use std::time::Duration;

use crate::domain::Charged::{self, Maybe, No, Yes};
use crate::domain::FailureKind::{
    self, BaseImage, Config, Credit, DeadLink, Fetch, Internal, Key, MissingKey, Model, Moderation,
    NoImage, OutcomeUnknown, Overloaded, RateLimit, Redirect, Rejected, Request, Storage,
    Unreachable, Unreadable,
};
use crate::domain::{Failure, Job, Retry};

/// A picture is waited for within its job for as long as no pause is longer than this;
/// after that its link is looked at again beside the jobs.
const LONGEST_WITHIN_JOB: Duration = Duration::from_secs(20);

/// A link is not looked at any more when its request is older than this: nobody who draws
/// keeps a picture for longer.
pub const LINK_LIFE: Duration = Duration::from_hours(24);

/// What becomes of a job after a failure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Then {
    /// It ends as failed; one key sends it again.
    Fail,
    /// It ends as interrupted, and the user decides: send again, or give up.
    Unknown,
    /// It is sent again by itself.
    Again(Pauses),
    /// It is sent again by itself, and until then nothing is sent to its provider.
    AllWait(Pauses),
    /// It ends as failed, or is sent again by itself where the settings say so.
    AgainIfAllowed(Pauses),
    /// The picture is fetched again by itself.
    FetchAgain(Pauses),
}

/// The pauses between tries: each twice the one before, up to the longest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pauses {
    /// The first.
    pub first: Duration,
    /// The longest, also where a service asks for its own.
    pub longest: Duration,
    /// How many there are before it ends.
    pub times: u32,
}

/// Some kinds of failure, charged in one way, and what becomes of a job after them.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The kinds.
    pub kinds: &'static [FailureKind],
    /// Whether they are charged.
    pub charged: Charged,
    /// What becomes of the job.
    pub then: Then,
}

/// The table. What stands in no row ends as failed.
pub const ROWS: [Row; 11] = [
    row(&[Request, BaseImage, MissingKey, Config, Storage, Internal], No, Then::Fail),
    row(&[Unreachable], No, Then::Again(pauses(1, 8, 5))),
    row(&[RateLimit], No, Then::AllWait(pauses(20, 600, 6))),
    row(&[Rejected, Key, Credit, Moderation, Model, Redirect, Overloaded], No, Then::Fail),
    row(&[Overloaded], Maybe, Then::AgainIfAllowed(pauses(10, 600, 2))),
    row(&[OutcomeUnknown], Maybe, Then::Unknown),
    row(&[NoImage, Moderation], Maybe, Then::Fail),
    row(&[Storage], Maybe, Then::Fail),
    row(&[Unreadable], Yes, Then::Fail),
    row(&[Fetch], Yes, Then::FetchAgain(pauses(1, 3600, u32::MAX))),
    row(&[DeadLink], Yes, Then::FetchAgain(pauses(300, 300, 2))),
];

/// What to do next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// End: see [`ended`].
    End,
    /// Send it again after so long.
    Again(Duration),
    /// Send nothing to its provider for so long, then it again.
    AllWait(Duration),
}

const fn row(kinds: &'static [FailureKind], charged: Charged, then: Then) -> Row {
    Row { kinds, charged, then }
}

const fn pauses(first: u64, longest: u64, times: u32) -> Pauses {
    Pauses { first: Duration::from_secs(first), longest: Duration::from_secs(longest), times }
}

/// What becomes of a job after `failure`.
pub fn then(failure: &Failure) -> Then {
    let fits = |row: &&Row| row.charged == failure.charged && row.kinds.contains(&failure.kind);
    ROWS.iter().find(fits).map_or(Then::Fail, |row| row.then)
}

/// Whether a job is sent again by itself after `failure`, as long as that makes sense.
pub fn is_sent_again(failure: &Failure) -> bool {
    matches!(then(failure), Then::Again(_) | Then::AllWait(_) | Then::AgainIfAllowed(_))
}

/// What to do with a job that was sent and has failed `failures` times in a row, with
/// `failure` last. `asked` is the pause that the service asks for. `allowed` is whether
/// what is rarely charged may be sent again. `chance`, from 0 to 1, spreads a pause that
/// nobody asked for by a quarter either way.
pub fn next(
    failure: &Failure,
    failures: u32,
    asked: Option<Duration>,
    allowed: bool,
    chance: f64,
) -> Next {
    match then(failure) {
        Then::Again(pauses) => {
            pauses.before(failures, asked, chance).map_or(Next::End, Next::Again)
        }
        Then::AgainIfAllowed(pauses) if allowed => {
            pauses.before(failures, asked, chance).map_or(Next::End, Next::Again)
        }
        Then::AllWait(pauses) => {
            pauses.before(failures, asked, 0.5).map_or(Next::End, Next::AllWait)
        }
        _ => Next::End,
    }
}

/// How long to wait before a picture is fetched again which was not to be had `failures`
/// times in a row, with `failure` last; `None` when it is given up.
pub fn fetch_pause(failure: &Failure, failures: u32, chance: f64) -> Option<Duration> {
    let Then::FetchAgain(pauses) = then(failure) else { return None };
    let Retry::After(asked) = failure.retry else { return None };
    Some(pauses.before(failures, None, chance)?.max(Duration::from_millis(asked)))
}

/// Whether a job waits for so long before its picture is fetched again.
pub fn is_within_job(pause: Duration) -> bool {
    pause <= LONGEST_WITHIN_JOB
}

/// The end of a job with `failure`.
pub fn ended(failure: Failure) -> Job {
    match then(&failure) {
        Then::Unknown => Job::Interrupted { failure },
        _ => Job::Failed { failure },
    }
}

impl Pauses {
    /// The pause after so many failures; `None` after too many, or when `asked` is longer
    /// than the longest.
    fn before(self, failures: u32, asked: Option<Duration>, chance: f64) -> Option<Duration> {
        if failures > self.times || asked.is_some_and(|asked| asked > self.longest) {
            return None;
        }
        let doubled = self.first.saturating_mul(2_u32.pow(failures.saturating_sub(1).min(20)));
        let spread = 0.75 + chance.clamp(0.0, 1.0) / 2.0;
        Some(asked.unwrap_or_else(|| doubled.min(self.longest).mul_f64(spread)))
    }
}
