//! One generation from its row in the journal to its kept image, whatever dies between.
//!
//! Owns the worker process, the order in which things are written down, what is tried
//! again and what is not, and the line by which a face talks to its worker. Promises
//! that nothing is sent without a row, that an answer is on the disk before it is read,
//! and that nothing which may have been paid for is sent again unasked. Must never
//! touch the terminal.

pub mod base;
pub mod link;
pub mod policy;
pub mod worker;

mod attempt;
mod examine;
mod identity;
mod lane;
mod lingering;
mod patience;
mod pictures;
mod reading;
mod recovery;

pub use crate::api::curl;
pub use examine::examine;
pub use identity::is_gone;

use crate::domain::{Charged, Failure, FailureKind, GenerationId, Retry, Timestamp};

/// The time by the clock of the machine: the one place where it is read.
#[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Timestamp::from_millis(since.map_or(0, |since| since.as_millis() as i64))
}

/// Links of pictures that were asked for before are not looked at any more.
pub fn links_since() -> Timestamp {
    now().plus_seconds(-policy::LINK_LIFE.as_secs_f64())
}

/// What a generation ends with whose outcome is unknown and which the user gives up.
pub fn given_up() -> Failure {
    Failure::before_sending(
        FailureKind::OutcomeUnknown,
        "It was given up: nobody knows what became of it.",
        "It is kept all the same if it still comes; it can be sent again.",
    )
    .charged(Charged::Maybe)
    .retry(Retry::Ask)
}

/// A number from 0 to 1 that differs between generations and tries, so that those which
/// failed together do not come back together.
fn chance(id: GenerationId, tries: u32) -> f64 {
    let digits = u32::from_str_radix(&id.short(), 16).unwrap_or(0);
    f64::from(digits.rotate_left(tries.wrapping_mul(7))) / f64::from(u32::MAX)
}

/// The id of a generation that is asked for now.
pub fn new_id() -> GenerationId {
    let mut entropy = [0; 10];
    // The pool is full from early boot on; if it ever is not, the clock tells ids apart.
    let _ = rustix::rand::getrandom(&mut entropy, rustix::rand::GetRandomFlags::empty());
    GenerationId::from_parts(now().millis().unsigned_abs(), entropy)
}
