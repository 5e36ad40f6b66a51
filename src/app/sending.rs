//! When a request is really sent: what was not meant twice, or not at all, is not.

use super::{Effect, Notice, State, lineage};
use crate::config::Settings;
use crate::config::keymap::{Action, Context};
use crate::domain::{Failure, FailureKind, Generation, Timestamp};

/// A press within this time of the last one does not send again, in milliseconds.
const SEND_PAUSE: i64 = 500;
/// Nothing is sent within this time of a paste, in milliseconds: what looks like a key
/// may still belong to it.
const PASTE_PAUSE: i64 = 300;
/// No hand types two keys within this time, in milliseconds: such keys are a paste that
/// the terminal did not mark.
const FASTEST: i64 = 25;

/// What is said of a key that may belong to a paste.
pub(super) const HELD_AS_PASTE: Notice =
    Notice::Held("Not sent: a paste has only just ended. Press again to send.");
/// What is said of a second press.
const HELD_AS_SECOND: Notice =
    Notice::Held("Not sent twice: the last one went a moment ago. Press again to send.");

impl State {
    /// Sends what costs money, unless a press or a paste just before speaks against it.
    pub(super) fn send(&mut self, effect: Effect) -> Vec<Effect> {
        if self.is_pasting() {
            self.notice = Some(HELD_AS_PASTE);
            return Vec::new();
        }
        if self.is_within(self.sent_at, SEND_PAUSE) {
            self.notice = Some(HELD_AS_SECOND);
            return Vec::new();
        }
        self.sent_at = Some(self.now);
        vec![effect]
    }

    /// Whether a key may belong to a paste, marked or not.
    pub(super) fn is_pasting(&self) -> bool {
        self.is_within(self.pasted_at, PASTE_PAUSE) || self.is_within(self.typed_at, FASTEST)
    }

    /// Notes that something was typed; faster than by any hand, it was pasted.
    pub(super) fn note_typing(&mut self) {
        if self.is_within(self.typed_at, FASTEST) {
            self.pasted_at = Some(self.now);
        }
        self.typed_at = Some(self.now);
    }

    fn is_within(&self, then: Option<Timestamp>, pause: i64) -> bool {
        then.is_some_and(|then| (0..pause).contains(&(self.now.millis() - then.millis())))
    }

    /// Requests are in the history and wait for their turn.
    pub(super) fn queued(
        &mut self,
        settings: &Settings,
        generations: Vec<Generation>,
    ) -> Vec<Effect> {
        generations.iter().take(1).for_each(|first| self.form.became(first));
        let lineage = lineage::hear_of_queued(self, &generations);
        if let [first, _, ..] = &*generations {
            let key = settings.keys.hint(Context::Browse, Action::Batch);
            let key = key.map_or_else(String::new, |key| format!("; {key} shows them alone"));
            self.say(format!("{} requests wait for their turn{key}.", generations.len()));
            self.history.select(first.id);
        }
        for mut generation in generations {
            self.jobs.put(&mut generation);
            self.history.add(generation);
        }
        lineage.into_iter().chain(self.ask_usual()).collect()
    }

    /// Something failed outside of any job. Where that kept a request from being sent,
    /// the next press is no second one.
    pub(super) fn refused(&mut self, failure: Failure) {
        if matches!(
            failure.kind,
            FailureKind::Request
                | FailureKind::BaseImage
                | FailureKind::MissingKey
                | FailureKind::Budget
                | FailureKind::Config
        ) {
            self.sent_at = None;
        }
        self.notice = Some(Notice::Failed(failure));
    }
}
