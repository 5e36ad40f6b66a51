//! What is known of the times that a generation was taken up to be sent.
//!
//! Promises that nothing in it is secret. Must never know how it is kept.

use serde::{Deserialize, Serialize};

use super::{Failure, Text, Timestamp};

/// One process that sends requests, told apart from every other one, also across
/// restarts of the machine.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct WorkerId {
    /// The name of the machine.
    pub host: String,
    /// The id of the machine's present run.
    pub boot_id: String,
    /// The process id.
    pub pid: u32,
    /// When the process started, in the system's own ticks.
    pub start_time: u64,
}

/// One time that a generation was taken up to be sent.
#[derive(Clone, PartialEq, Debug)]
pub struct Attempt {
    /// Which one, from 1.
    pub number: u32,
    /// Who took it up.
    pub worker: WorkerId,
    /// When.
    pub claimed: Timestamp,
    /// When the line stood; from then on the request may have been sent.
    pub connected: Option<Timestamp>,
    /// The head of the answer.
    pub head: Option<Head>,
    /// The whole answer, which lies in the inbox.
    pub received: Option<Received>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// What it ended with.
    pub failure: Option<Failure>,
}

/// The head of an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// The status of HTTP.
    pub status: u16,
    /// The service's own name for the request.
    pub request_id: Option<Text>,
    /// How long the answer says it is, in bytes.
    pub length: Option<u64>,
    /// The address of the service that answered; `None` for the demo painter.
    pub service: Option<String>,
}

/// What was noted when an answer had been received to its end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Received {
    /// When.
    pub at: Timestamp,
    /// Its size and hash.
    pub answer: Answer,
}

/// A whole answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

/// What is known of a generation beside what it is.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Record {
    /// Every attempt, in order.
    pub attempts: Vec<Attempt>,
    /// The pictures that an answer names and that are not here.
    pub missing: Vec<MissingImage>,
}

/// A picture that an answer names and that is not here.
#[derive(Clone, PartialEq, Debug)]
pub struct MissingImage {
    /// Its place in the answer.
    pub index: u32,
    /// Where it may be fetched; `None` where it came inside the answer.
    pub link: Option<String>,
    /// Why it is not here, as far as that was tried.
    pub failure: Option<Failure>,
}
