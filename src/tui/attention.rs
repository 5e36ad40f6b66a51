//! Whether somebody looks at what is shown, or is only passing through.
//!
//! Owns the time since the pictures on the screen have changed. Promises that the first
//! step after a rest counts as a look at once, and of steps that follow one another only
//! the one where they end. Must never read a clock.

use std::time::{Duration, Instant};

use ratatui::layout::Rect;

use crate::domain::View;

/// When one picture follows another within this time, somebody is passing through.
const HURRY: Duration = Duration::from_millis(150);
/// Who passes through goes on doing so until a picture was there for so long: a key that is
/// held can come late once, on a line or a machine that is busy.
const CALM: Duration = Duration::from_millis(500);
/// What is on the screen for so long is looked at: some more than the 50 ms that are meant,
/// since keys that are held do not come evenly.
const LOOK: Duration = Duration::from_millis(80);

/// What is on the screen, and since when.
#[derive(Default)]
pub(super) struct Attention {
    shown: Vec<(View, Rect)>,
    since: Option<Instant>,
    /// When what is shown counts as looked at.
    from: Option<Instant>,
}

impl Attention {
    /// Notes what is on the screen now.
    pub(super) fn turn(&mut self, shown: &[(View, Rect)], now: Instant) {
        if self.shown == shown {
            return;
        }
        let hurry = if self.from.is_some() { CALM } else { HURRY };
        let hurries = self.since.is_some_and(|since| now.saturating_duration_since(since) < hurry);
        self.shown = shown.to_vec();
        self.since = Some(now);
        self.from = hurries.then(|| now + LOOK);
    }

    /// When what is on the screen has last changed.
    pub(super) const fn since(&self) -> Option<Instant> {
        self.since
    }

    /// Whether it is looked at.
    pub(super) fn rests(&self, now: Instant) -> bool {
        self.from.is_none_or(|from| from <= now)
    }

    /// When it will be, if it is not and nothing changes.
    pub(super) fn rests_from(&self, now: Instant) -> Option<Instant> {
        self.from.filter(|from| *from > now)
    }
}
