//! How long the network is waited for, and how much of it is taken.

use std::time::Duration;

/// The bounds of one exchange. Times run on the monotonic clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// From the name of the host to a connection ready to be written to.
    pub connect: Duration,
    /// From then to the first line of the answer: the time it takes to draw.
    pub head: Duration,
    /// From one piece of the answer to the next.
    pub idle: Duration,
    /// The longest answer, in bytes.
    pub answer: u64,
    /// As much of the body of a refusal as is read, in bytes.
    pub refusal: u64,
    /// The longest picture behind a link, in bytes.
    pub image: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            head: Duration::from_mins(10),
            idle: Duration::from_mins(1),
            answer: 512 << 20,
            refusal: 64 << 10,
            image: 256 << 20,
        }
    }
}
