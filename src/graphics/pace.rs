//! How much of a picture may be on its way to the terminal at once.
//!
//! Owns the account of what was sent and what the terminal has answered. Each piece of a
//! picture is followed by a question that every terminal answers, so an answer says that
//! all before it has crossed the line and been read. Promises that what is on its way
//! never takes longer to cross than the line itself does, and a little: a key's echo
//! stands behind no more. Never reads a clock, and never writes.

use std::collections::VecDeque;
use std::time::Duration;

/// The question behind each piece: a device status report, answered by `CSI 0 n`.
pub const QUESTION: &[u8] = b"\x1b[5n";

/// Bytes that may always be on their way, or a fast line would never show that it is one.
const LEAST: usize = 8 << 10;
/// Bytes beyond what the line holds, so that it does not run dry between two answers.
const SPARE: usize = 4 << 10;
/// Answers whose rate is remembered.
const REMEMBERED: usize = 16;
/// How long the quickest answer is remembered. Of the last few answers alone, each has
/// waited behind our own bytes: a window made of them would only grow.
const QUICKEST_HOLDS: Duration = Duration::from_secs(30);

/// One piece on its way.
#[derive(Clone, Copy, Debug)]
struct Sent {
    bytes: usize,
    at: Duration,
    /// Bytes that were answered for when it was sent, and when the last of them was.
    answered: u64,
    answered_at: Duration,
}

/// The account of a line. Times are those of any clock that only goes forward.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    under_way: VecDeque<Sent>,
    /// Bytes a second, as the last answers have shown.
    rates: VecDeque<f64>,
    /// The shortest time there and back, and when that was.
    quickest: Option<(Duration, Duration)>,
    answered: u64,
    answered_at: Duration,
}

impl Pace {
    /// Whether another piece may be sent now.
    pub fn allows(&self) -> bool {
        self.on_its_way() < self.window()
    }

    /// Notes that a piece of `bytes` bytes and [`QUESTION`] have been sent.
    pub fn sent(&mut self, bytes: usize, now: Duration) {
        if self.under_way.is_empty() {
            // A line that lay idle is not a slow one.
            self.answered_at = now;
        }
        let (answered, answered_at) = (self.answered, self.answered_at);
        self.under_way.push_back(Sent { bytes, at: now, answered, answered_at });
    }

    /// Notes that an answer has come. One that was not asked for says nothing.
    pub fn answered(&mut self, now: Duration) {
        let Some(sent) = self.under_way.pop_front() else { return };
        self.answered += sent.bytes as u64;
        self.answered_at = now;
        let round_trip = now.saturating_sub(sent.at);
        let span = now.saturating_sub(sent.answered_at).max(Duration::from_micros(100));
        let rate = (self.answered - sent.answered) as f64 / span.as_secs_f64();
        self.rates.push_back(rate);
        if self.rates.len() > REMEMBERED {
            self.rates.pop_front();
        }
        let holds = |&(quickest, at): &(Duration, Duration)| {
            quickest < round_trip && now.saturating_sub(at) < QUICKEST_HOLDS
        };
        if !self.quickest.as_ref().is_some_and(holds) {
            self.quickest = Some((round_trip, now));
        }
    }

    /// Forgets what is on its way: a terminal that was left and taken again, or one that
    /// does not answer, owes nothing.
    pub fn forget(&mut self) {
        self.under_way.clear();
    }

    /// Since when the oldest answer is owed.
    pub fn waits_since(&self) -> Option<Duration> {
        self.under_way.front().map(|sent| sent.at)
    }

    /// Whether so much is on its way that more would only wait.
    pub fn is_flooded(&self) -> bool {
        self.on_its_way() > 2 * self.window()
    }

    /// How many answers are owed.
    pub fn owed(&self) -> usize {
        self.under_way.len()
    }

    /// Bytes a second at best, of late; `None` before the first answer.
    pub fn rate(&self) -> Option<f64> {
        self.rates.iter().copied().reduce(f64::max)
    }

    /// The time there and back at best, of late; `None` before the first answer.
    pub fn round_trip(&self) -> Option<Duration> {
        self.quickest.map(|(round_trip, _)| round_trip)
    }

    fn on_its_way(&self) -> usize {
        self.under_way.iter().map(|sent| sent.bytes).sum()
    }

    /// Bytes that may be on their way: what the line holds, a tenth more to find out
    /// whether it has become faster, and some to spare.
    fn window(&self) -> usize {
        let (Some(rate), Some(round_trip)) = (self.rate(), self.round_trip()) else {
            return LEAST;
        };
        let held = 1.1 * rate * round_trip.as_secs_f64();
        LEAST.max(held as usize + SPARE)
    }
}
