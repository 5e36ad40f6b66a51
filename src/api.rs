//! Speaking to the services that draw, and fetching what they link to.
//!
//! Owns every socket of the program and the words of each wire format. Promises that
//! one call is at most one request, that a key goes to the address it belongs to and
//! nowhere else (no log, no error, no redirect, not out of an answer that repeats it),
//! and that any answer whatever is read without a panic. Must never touch the disk, the configuration or the history, and
//! never try anything a second time: when to try again is its caller's to decide.

mod address;
mod bounds;
mod client;
mod curl;
mod data_url;
pub mod demo;
mod fetch;
mod head;
pub mod langbase;
mod mask;
mod refusal;

pub use address::{is_global, is_local};
pub use bounds::Bounds;
pub use client::{Answering, ApiKey, Client, Route};
pub use curl::curl;
pub use fetch::Fetcher;
pub use head::{Head, RateLimit, UsageLimit};

use crate::domain::{Cost, Text, Usage};

/// Sent with every request: some hosts refuse a client without a name.
const USER_AGENT: &str = concat!("pentimento/", env!("CARGO_PKG_VERSION"));

/// What an answer holds, whichever wire format it came in.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Answer {
    /// The delivered pictures in order of (choice, image), whatever the order on the wire.
    pub images: Vec<Delivered>,
    /// What the model said beside its pictures, or instead of them.
    pub words: Option<Text>,
    /// Tokens, where the service counted them.
    pub usage: Option<Usage>,
    /// What it cost, where the answer says so.
    pub cost: Option<Cost>,
    /// The service's own name for the request, from the head.
    pub request_id: Option<Text>,
    /// The answer's own `id`.
    pub id: Option<Text>,
}

/// One picture as an answer delivers it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Delivered {
    /// An address to fetch it from, which may expire within the hour.
    Link(String),
    /// Its bytes. Where the answer held no valid encoding, the text as it came: such a
    /// picture keeps its place in the order and is recognised as none by its bytes.
    Inline(Vec<u8>),
}
