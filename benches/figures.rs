//! Rows of measured times, and the line that is printed of each.

use std::time::Duration;

/// Times of the same thing, measured again and again.
#[derive(Default)]
pub(crate) struct Figures(Vec<Duration>);

impl Figures {
    pub(crate) fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// How many there are.
    pub(crate) const fn count(&self) -> usize {
        self.0.len()
    }

    /// The time that `percent` of a hundred stay within, in milliseconds.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let place = (sorted.len() * percent).div_ceil(100).max(1) - 1;
        sorted[place].as_secs_f64() * 1000.0
    }

    /// Prints what came out beside what is wanted.
    pub(crate) fn print(&self, what: &str, goal: &str) {
        let [half, nearly, most] = [50, 95, 99].map(|percent| self.percentile(percent));
        let times = self.count();
        println!(
            "{what}: p50 {half:.2} ms, p95 {nearly:.2} ms, p99 {most:.2} ms of {times} ({goal})"
        );
    }
}
