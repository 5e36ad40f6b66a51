//! Names that never change: of a generation, and of one picture in it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Timestamp;

/// Names one generation for ever: a UUID of version 7, so ids sort by the time
/// they were made. It is also the `Idempotency-Key` of its request.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GenerationId(Uuid);

impl GenerationId {
    /// The id for a generation made at `unix_ms`, told apart from others of the
    /// same millisecond by `entropy`.
    pub fn from_parts(unix_ms: u64, entropy: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(unix_ms, &entropy).into_uuid())
    }

    /// When it was made.
    pub fn created(self) -> Timestamp {
        let (seconds, nanos) = self.0.get_timestamp().map_or((0, 0), |made| made.to_unix());
        Timestamp::from_millis(seconds as i64 * 1000 + i64::from(nanos / 1_000_000))
    }

    /// What of it is not its time.
    pub fn mark(self) -> Mark {
        Mark(self.to_string()[Mark::BEGINS_AT..].to_owned())
    }

    /// The last eight hexadecimal digits: what a person reads and types.
    /// (The first ones are the clock's, and alike for neighbours.)
    pub fn short(self) -> String {
        let whole = self.0.simple().to_string();
        whole[whole.len() - 8..].to_owned()
    }
}

impl fmt::Display for GenerationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for GenerationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.short())
    }
}

/// What of an id is not its time. Two ids that were made from the same entropy have the same.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(transparent)]
pub struct Mark(String);

impl Mark {
    /// Where it begins in an id as it is written.
    pub const BEGINS_AT: usize = 14;
}

/// The text was not the id of a generation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not the id of a generation")]
pub struct IdError;

impl FromStr for GenerationId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Uuid::parse_str(text).map(Self).map_err(|_| IdError)
    }
}

/// Names one delivered picture: its generation, and its place in the answer from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct ImageId {
    /// The generation that delivered it.
    pub generation: GenerationId,
    /// Its place in the answer, from 0, in the order of (choice, image).
    pub index: u32,
}
