//! Asking the terminal what it is, while the studio runs.
//!
//! Owns the questions that are under way. Promises that nothing waits for an answer while
//! the studio has the terminal, that a late one still counts, that each conclusion is told
//! once, and that none is typed into another program. Must never draw.

use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedReceiver;

use super::Message;
use super::pictures::Pictures;
use super::terminal::Screen;
use crate::graphics::answers::Answer;
use crate::graphics::probe::{Conclusion, DEADLINE, Overrides, Probe};

/// How long answers are told apart from keys with some care, if they do not come.
const OWED: Duration = Duration::from_secs(10);

/// How soon a terminal answers that does: one that does not keeps nobody from leaving.
const SOON: Duration = Duration::from_millis(300);

/// What was asked, and what has been concluded.
pub(super) struct Probing {
    probe: Probe,
    overrides: Overrides,
    asked: Option<Instant>,
    /// Since when the size of a cell is asked for.
    size_asked: Option<Instant>,
    /// Since when the colour behind letters is asked for once more.
    background_asked: Option<Instant>,
    concluded: Option<Conclusion>,
    /// Whether everything is to be asked as soon as there is a screen.
    is_due: bool,
}

impl Probing {
    /// Asks for the first time.
    pub(super) fn begin(overrides: Overrides, screen: &mut Screen) -> Self {
        let mut probing = Self {
            probe: Probe::new(overrides),
            overrides,
            asked: None,
            size_asked: None,
            background_asked: None,
            concluded: None,
            is_due: false,
        };
        probing.ask(screen, Instant::now());
        probing
    }

    /// What is known of the terminal.
    pub(super) const fn probe(&self) -> &Probe {
        &self.probe
    }

    /// What the user wants of the terminal, whatever it says.
    pub(super) const fn overrides(&self) -> Overrides {
        self.overrides
    }

    /// Asks everything, as if nothing were known.
    pub(super) fn ask(&mut self, screen: &mut Screen, now: Instant) {
        self.probe = Probe::new(self.overrides);
        self.asked = Some(now);
        screen.send(Probe::questions());
    }

    /// From now on the user wants this, whatever the terminal says: it is asked anew, unless
    /// another program has it.
    pub(super) fn override_by(&mut self, overrides: Overrides, screen: Option<&mut Screen>) {
        if overrides != self.overrides {
            self.overrides = overrides;
            self.is_due = true;
        }
        if let Some(screen) = screen {
            self.catch_up(screen);
        }
    }

    /// Asks what could not be asked while another program had the terminal.
    pub(super) fn catch_up(&mut self, screen: &mut Screen) {
        if std::mem::take(&mut self.is_due) {
            self.ask(screen, Instant::now());
        }
    }

    /// Asks how large a cell is now, if the terminal has said it before.
    pub(super) fn ask_size(&mut self, screen: &mut Screen, now: Instant) {
        if let Some(question) = self.probe.size_question() {
            self.size_asked = Some(now);
            screen.send(question);
        }
    }

    /// Asks what is behind letters now, if the terminal has said it before: another program
    /// had it, and may have taken its news.
    pub(super) fn ask_background(&mut self, screen: &mut Screen, now: Instant) {
        if let Some(question) = self.probe.background_question() {
            self.background_asked = Some(now);
            screen.send(&question);
        }
    }

    /// Hears an answer, and asks what follows from it.
    fn hear(&mut self, answer: &Answer, screen: &mut Screen) {
        if matches!(answer, Answer::Background(_)) {
            self.background_asked = None;
        }
        // The last of the two things that are asked of sizes.
        if matches!(answer, Answer::Area(..)) {
            self.size_asked = None;
        }
        if let Some(question) = self.probe.hear(answer) {
            screen.send(&question);
            if matches!(answer, Answer::Scheme(_)) {
                self.background_asked = Some(Instant::now());
            }
        }
    }

    /// What follows from the answers on a screen of these cells, when that is new and
    /// nothing is left to wait for.
    fn conclude(&mut self, cells: (u16, u16), now: Instant) -> Option<&Conclusion> {
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

    /// Takes in what the terminal has answered; says whether there is anything to show for
    /// it.
    pub(super) fn take(
        &mut self,
        answers: &[(Instant, Answer)],
        screen: &mut Screen,
        pictures: &mut Pictures,
    ) -> bool {
        for (at, answer) in answers {
            self.take_one(*at, answer, screen, pictures);
        }
        let Some(conclusion) = self.conclude(screen.cells(), Instant::now()) else { return false };
        pictures.clear(screen);
        pictures.go_by(conclusion);
        true
    }

    /// Waits until the terminal owes nothing, since its answers would be typed into whatever
    /// has it next. Gives what else has come meanwhile. Whoever tells the studio to quit once
    /// more is not kept waiting.
    pub(super) async fn take_last(
        &mut self,
        arrivals: &mut UnboundedReceiver<Message>,
        screen: &mut Screen,
        pictures: &mut Pictures,
    ) -> Vec<Message> {
        let mut others = Vec::new();
        let end = tokio::time::Instant::now() + DEADLINE;
        while pictures.courier.owed() > 0 || self.is_waited_for(Instant::now()) {
            match tokio::time::timeout_at(end, arrivals.recv()).await {
                Ok(Some(Message::Answer(at, answer))) => {
                    self.take_one(at, &answer, screen, pictures);
                }
                Ok(Some(Message::Quit) | None) | Err(_) => break,
                Ok(Some(message)) => others.push(message),
            }
        }
        others
    }

    fn take_one(
        &mut self,
        at: Instant,
        answer: &Answer,
        screen: &mut Screen,
        pictures: &mut Pictures,
    ) {
        if *answer == Answer::Ready {
            pictures.courier.heard(at);
        }
        self.hear(answer, screen);
    }

    /// Whether answers are likely to be on their way.
    fn is_waited_for(&self, now: Instant) -> bool {
        let is_due = |asked: Option<Instant>| asked.is_some_and(|asked| now < asked + SOON);
        is_due(self.asked) && !self.probe.is_over()
            || is_due(self.size_asked)
            || is_due(self.background_asked)
    }

    /// How many answers may still come.
    pub(super) fn owed(&self, now: Instant) -> usize {
        let may_come = |asked: Option<Instant>| asked.is_some_and(|asked| now < asked + OWED);
        usize::from(may_come(self.asked) && !self.probe.is_over())
            + usize::from(may_come(self.size_asked))
            + usize::from(may_come(self.background_asked))
    }
}
