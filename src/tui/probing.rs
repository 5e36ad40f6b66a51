//! Asking the terminal what it is, while the studio runs.
//!
//! Owns the questions that are under way. Promises that nothing waits for an answer, that
//! a late one still counts, and that each conclusion is told once. Must never draw.

use std::time::{Duration, Instant};

use super::terminal::Screen;
use crate::graphics::answers::Answer;
use crate::graphics::probe::{Conclusion, DEADLINE, Overrides, Probe};

/// How long answers are told apart from keys with some care, if they do not come.
const OWED: Duration = Duration::from_secs(10);

/// What was asked, and what has been concluded.
pub(super) struct Probing {
    probe: Probe,
    overrides: Overrides,
    asked: Option<Instant>,
    /// Since when the size of a cell is asked for.
    size_asked: Option<Instant>,
    concluded: Option<Conclusion>,
}

impl Probing {
    pub(super) fn new(overrides: Overrides) -> Self {
        let probe = Probe::new(overrides);
        Self { probe, overrides, asked: None, size_asked: None, concluded: None }
    }

    /// Asks everything, as if nothing were known.
    pub(super) fn ask(&mut self, screen: &mut Screen, now: Instant) {
        self.probe = Probe::new(self.overrides);
        self.asked = Some(now);
        screen.send(Probe::questions());
    }

    /// Asks how large a cell is now, if the terminal has said it before.
    pub(super) fn ask_size(&mut self, screen: &mut Screen, now: Instant) {
        if let Some(question) = self.probe.size_question() {
            self.size_asked = Some(now);
            screen.send(question);
        }
    }

    /// Hears an answer, and asks what follows from it.
    pub(super) fn hear(&mut self, answer: &Answer, screen: &mut Screen) {
        // The last of the two things that are asked of sizes.
        if matches!(answer, Answer::Area(..)) {
            self.size_asked = None;
        }
        if let Some(question) = self.probe.hear(answer) {
            screen.send(&question);
        }
    }

    /// What follows from the answers on a screen of these cells, when that is new and
    /// nothing is left to wait for.
    pub(super) fn conclude(&mut self, cells: (u16, u16), now: Instant) -> Option<&Conclusion> {
        let is_over = self.probe.is_over() || self.deadline().is_some_and(|end| end <= now);
        if !is_over {
            return None;
        }
        let conclusion = self.probe.conclusion(cells);
        if self.concluded.as_ref() == Some(&conclusion) {
            return None;
        }
        self.concluded = Some(conclusion);
        self.concluded.as_ref()
    }

    /// When what was not answered counts as absent.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.asked.map(|asked| asked + DEADLINE)
    }

    /// How many answers may still come.
    pub(super) fn owed(&self, now: Instant) -> usize {
        let may_come = |asked: Option<Instant>| asked.is_some_and(|asked| now < asked + OWED);
        usize::from(may_come(self.asked) && !self.probe.is_over())
            + usize::from(may_come(self.size_asked))
    }
}
