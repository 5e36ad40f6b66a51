//! A moment, and how people read it. The clock itself is read elsewhere.

mod period;

use std::ops::Range;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

pub(super) use period::{FIRST, LAST, period};

/// A moment in milliseconds since 1970-01-01 UTC.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment `ms` milliseconds after 1970-01-01 UTC.
    pub const fn from_millis(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Seconds from `earlier` to this moment; 0 when the clock went backwards.
    pub fn seconds_since(self, earlier: Self) -> f64 {
        (self.0 - earlier.0).max(0) as f64 / 1000.0
    }

    /// This moment, `seconds` later.
    #[must_use]
    pub fn plus_seconds(self, seconds: f64) -> Self {
        Self(self.0.saturating_add((seconds * 1000.0) as i64))
    }

    /// `2026-11-23 18:05` in the zone of the machine.
    pub fn to_minute(self) -> String {
        self.format("%Y-%m-%d %H:%M")
    }

    /// `2026-11-23` in the zone of the machine.
    pub fn to_day(self) -> String {
        self.format("%Y-%m-%d")
    }

    /// `2026-11-23 18:05:11` in the zone of the machine.
    pub fn to_second(self) -> String {
        self.format("%Y-%m-%d %H:%M:%S")
    }

    /// The day of this moment as it is said at `now`: `Today`, `Yesterday` or
    /// `Tue 24 November 2026`.
    pub fn to_day_name(self, now: Self) -> String {
        if now.day().contains(&self) {
            return "Today".to_owned();
        }
        match period("yesterday", now) {
            Some(yesterday) if yesterday.contains(&self) => "Yesterday".to_owned(),
            _ => self.format("%a %-d %B %Y"),
        }
    }

    /// `18:05` in the zone of the machine.
    pub fn to_clock(self) -> String {
        self.format("%H:%M")
    }

    /// RFC 3339 in UTC, for machines: `2026-11-23T18:05:11.123Z`.
    pub fn to_rfc3339(self) -> String {
        self.instant().to_string()
    }

    /// `2026-11-23-180511` in the zone of the machine, for names of files.
    pub fn to_file_name(self) -> String {
        self.format("%Y-%m-%d-%H%M%S")
    }

    /// The day that this moment is in, in the zone of the machine, to just before its end.
    pub fn day(self) -> Range<Self> {
        period("today", self).unwrap_or(FIRST..LAST)
    }

    /// The month that this moment is in, likewise.
    pub fn month(self) -> Range<Self> {
        period(&self.format("%Y-%m"), self).unwrap_or(FIRST..LAST)
    }

    fn instant(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    fn format(self, pattern: &str) -> String {
        TimeZone::system().to_datetime(self.instant()).strftime(pattern).to_string()
    }
}
