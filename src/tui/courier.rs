//! When something is sent to the terminal.
//!
//! Owns the account of the line. Promises that what is on its way is never more than the
//! line holds and a little, so that the echo of a key stands behind no picture, and that a
//! terminal which stops answering is not waited for. Must never know what it sends.

use std::time::{Duration, Instant};

use super::terminal::Screen;
use crate::graphics::drivers::passthrough;
use crate::graphics::pace::{Pace, QUESTION};
use crate::graphics::presenter::Line;

/// A frame of fewer bytes is not asked about: the question would cost more than it tells.
const WORTH_ASKING: usize = 512;

/// A line of more bytes a second takes anything at once.
const QUICK: f64 = 3e6;
/// A line of fewer bytes a second is slow, until it is twice as fast.
const SLOW: f64 = 250e3;

/// Who has just pressed a key may press another.
const HASTE: Duration = Duration::from_millis(400);

/// How long an answer may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(3);

/// Who would answer a question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FarEnd {
    /// Nobody.
    Mute,
    /// The terminal.
    Terminal,
    /// The terminal around tmux, which would answer itself if it were not passed through.
    AroundTmux,
}

/// The line to the terminal.
pub(super) struct Courier {
    pace: Pace,
    begun: Instant,
    far_end: FarEnd,
    /// An answer was lost, and none has come since.
    lost: bool,
    /// The same, and nobody has pressed a key since.
    stalled: bool,
    slow: bool,
    /// When somebody has last pressed a key.
    touched: Option<Instant>,
}

impl Courier {
    pub(super) fn new() -> Self {
        Self {
            pace: Pace::default(),
            begun: Instant::now(),
            far_end: FarEnd::Mute,
            lost: false,
            stalled: false,
            slow: false,
            touched: None,
        }
    }

    /// From now on the terminal is asked what it has read, if it answers, through tmux
    /// where that is in between.
    pub(super) fn trust(&mut self, answers: bool, tmux: bool) {
        self.far_end = match (answers, tmux) {
            (false, _) => FarEnd::Mute,
            (true, false) => FarEnd::Terminal,
            (true, true) => FarEnd::AroundTmux,
        };
    }

    /// Notes that the terminal has answered.
    pub(super) fn heard(&mut self, at: Instant) {
        self.pace.answered(at.saturating_duration_since(self.begun));
        (self.lost, self.stalled) = (false, false);
        if let Some(rate) = self.pace.rate() {
            self.slow = rate < if self.slow { 2.0 * SLOW } else { SLOW };
        }
    }

    /// Notes that there is somebody: what stalled may be tried again.
    pub(super) fn revive(&mut self) {
        self.stalled = false;
        self.touched = Some(Instant::now());
    }

    /// Whether a piece may be sent now that is as large as pieces get, since it must be whole:
    /// while somebody presses keys, only where nothing else is on its way.
    pub(super) fn is_free_for_large(&self) -> bool {
        let hurries = self.touched.is_some_and(|at| at.elapsed() < HASTE);
        self.is_free() && (!hurries || self.is_quick() || self.pace.owed() == 0)
    }

    /// Whether a piece of a picture may be sent now.
    pub(super) fn is_free(&self) -> bool {
        !self.stalled && (self.is_mute() || self.pace.allows())
    }

    /// Whether a frame of any size may be sent now.
    pub(super) fn has_room(&self) -> bool {
        self.lost || !self.pace.is_flooded()
    }

    /// Sends a piece of a picture.
    pub(super) fn send(&mut self, screen: &mut Screen, mut piece: Vec<u8>) {
        let bytes = piece.len();
        piece.extend(self.question());
        screen.send(&piece);
        self.note(bytes);
    }

    /// Sends a part of something in which no question can stand. Who does so sees to it that
    /// no more is on its way than the line holds.
    #[expect(clippy::unused_self, reason = "whoever sends goes by the courier")]
    pub(super) fn send_unasked(&mut self, screen: &mut Screen, part: &[u8]) {
        screen.send(part);
    }

    /// Notes that a frame of so many bytes was sent.
    pub(super) fn drew(&mut self, screen: &mut Screen, bytes: usize) {
        if bytes >= WORTH_ASKING && !self.is_mute() {
            screen.send(&self.question());
            self.note(bytes);
        }
    }

    /// What is known of the line.
    pub(super) fn line(&self) -> Line {
        Line { rate: self.pace.rate() }
    }

    /// Whether anything may be sent at once: the line is fast, or nobody can tell.
    pub(super) fn is_quick(&self) -> bool {
        self.is_mute() || self.pace.rate().is_some_and(|rate| rate > QUICK)
    }

    /// Whether bytes are dear.
    pub(super) const fn is_slow(&self) -> bool {
        self.slow
    }

    /// How many answers are owed.
    pub(super) fn owed(&self) -> usize {
        self.pace.owed()
    }

    /// Forgets what is on its way: the terminal was somebody else's since.
    pub(super) fn forget(&mut self) {
        self.pace.forget();
        (self.lost, self.stalled) = (false, false);
    }

    /// When an answer that is owed counts as lost, unless it comes.
    pub(super) fn patience_ends(&self) -> Option<Instant> {
        self.pace.waits_since().map(|since| self.begun + since + PATIENCE)
    }

    /// Gives up what counts as lost by `now`.
    pub(super) fn give_up(&mut self, now: Instant) {
        if self.patience_ends().is_some_and(|end| end <= now) {
            self.pace.forget();
            (self.lost, self.stalled) = (true, true);
        }
    }

    fn note(&mut self, bytes: usize) {
        if !self.is_mute() {
            self.pace.sent(bytes, self.begun.elapsed());
        }
    }

    fn question(&self) -> Vec<u8> {
        match self.far_end {
            FarEnd::Mute => Vec::new(),
            FarEnd::Terminal => QUESTION.to_vec(),
            FarEnd::AroundTmux => passthrough(QUESTION),
        }
    }

    /// Whether nobody says what was read.
    pub(super) fn is_mute(&self) -> bool {
        self.far_end == FarEnd::Mute
    }
}
