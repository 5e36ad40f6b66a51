//! What was spent, and the question before something that costs too much to go unasked.
//!
//! Owns the totals on the screen, and what waits to be agreed to. Promises that only the
//! key that generates agrees, and that everything else leaves the money where it is. Must
//! never judge a price by itself: the history on the disk does, as it takes an order.

use super::{Effect, Overlay, State, keys};
use crate::config::Settings;
use crate::config::chord::Chord;
use crate::config::keymap::{Action, Context};
use crate::domain::{Bill, Sum, Timestamp};

/// What was spent, and what waits to be agreed to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spending {
    /// What was spent, once that is known.
    pub totals: Option<Totals>,
    /// What waits to be agreed to, while it is asked.
    pub question: Option<Question>,
}

/// What was spent in the times that a person thinks in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Since the studio was opened.
    pub session: Sum,
    /// Today, in the zone of the machine.
    pub day: Sum,
    /// This month.
    pub month: Sum,
    /// When the day ends for which that is true.
    pub until: Timestamp,
}

/// Something that is only done when the user agrees to what it costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What it costs, and why that is asked.
    pub bill: Bill,
    /// What is done then.
    pub effect: Effect,
}

impl Spending {
    /// Forgets the totals of a day that is over at `now`, and has them summed up anew.
    pub(super) fn turn(&mut self, now: Timestamp) -> Vec<Effect> {
        match self.totals.take_if(|totals| totals.until <= now) {
            Some(_) => vec![Effect::SumUp],
            None => Vec::new(),
        }
    }
}

impl State {
    /// Asks whether something may cost what it costs.
    pub(super) fn ask(&mut self, question: Question) {
        self.opinions.line = None;
        self.spending.question = Some(question);
        self.overlay = Some(Overlay::Asking);
    }

    /// What a key means while a price waits to be agreed to: the question may come while
    /// the user types, so no letter answers it.
    pub(super) fn decide_spending(&mut self, settings: &Settings, chord: Chord) -> Vec<Effect> {
        match settings.keys.action(Context::Text, chord) {
            Some(Action::Generate) => {
                let Some(question) = self.spending.question.clone() else { return Vec::new() };
                let effects = self.send(Effect::Consented(Box::new(question.effect)));
                if !effects.is_empty() {
                    self.close_question();
                }
                effects
            }
            Some(Action::Leave) => {
                self.close_question();
                self.say("Not sent.");
                Vec::new()
            }
            action => keys::of_program(self, action),
        }
    }

    fn close_question(&mut self) {
        self.spending.question = None;
        self.overlay = None;
    }
}
