//! One generation from its row in the journal to its kept image, whatever dies between.
//!
//! Owns the worker process, the order in which things are written down, what is tried
//! again and what is not, and the line by which a face talks to its worker. Promises
//! that nothing is sent without a row, that an answer is on the disk before it is read,
//! and that nothing which may have been paid for is sent again unasked. Must never
//! touch the terminal.

pub mod base;
pub mod link;
pub mod worker;

mod attempt;
mod identity;
mod patience;
mod policy;
mod reading;
mod recovery;

pub use identity::is_gone;

use crate::domain::{GenerationId, Timestamp};

/// The time by the clock of the machine: the one place where it is read.
#[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Timestamp::from_millis(since.map_or(0, |since| since.as_millis() as i64))
}

/// The id of a generation that is asked for now.
pub fn new_id() -> GenerationId {
    let mut entropy = [0; 10];
    // The pool is full from early boot on; if it ever is not, the clock tells ids apart.
    let _ = rustix::rand::getrandom(&mut entropy, rustix::rand::GetRandomFlags::empty());
    GenerationId::from_parts(now().millis().unsigned_abs(), entropy)
}
