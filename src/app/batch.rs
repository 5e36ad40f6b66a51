//! Many requests from one form: each model at each size, with each prompt of the template.
//!
//! Owns how they follow from the form, and the window that shows them before they are
//! sent. Promises that their number is known without making them, and that what is shown
//! is what is sent. Must never send more than one request unseen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::form::{Field, Form, Refusal, refusal};
use super::{Effect, Focus, Notice, Overlay, State, base, keys};
use crate::config::Settings;
use crate::config::chord::{Chord, Key};
use crate::config::keymap::{Action, Context};
use crate::domain::template::{self, Mistake, Template};
use crate::domain::{Draw, Failure, FailureKind, GenerationId, Plan, Request};

/// Requests that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// What is asked: at least one.
    pub requests: Vec<Request>,
    /// What the form was filled from.
    pub parent: Option<GenerationId>,
    /// The prompt as it was written, where it says more than each prompt does.
    pub template: Option<String>,
}

/// What a prompt was read as.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What it stands for, or what is wrong with it.
    pub template: Result<Arc<Template>, Mistake>,
    /// The prompt that was read.
    text: String,
}

/// What of a plan is to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// So many prompts at random instead of all.
    pub at_random: Option<u32>,
    /// What they are drawn with.
    pub seed: u64,
    /// The first prompt that is shown.
    pub top: usize,
}

/// What is known of the wildcards that were ever asked for.
pub type Wildcards = BTreeMap<String, Result<Vec<String>, String>>;

impl Reading {
    /// Reads `text`; also gives the wildcards that are not known yet.
    pub(super) fn of(
        text: &str,
        wildcards: &Wildcards,
        settings: &Settings,
    ) -> (Self, BTreeSet<String>) {
        let missing = std::cell::RefCell::new(BTreeSet::new());
        let look_up = |name: &str| {
            wildcards.get(name).cloned().unwrap_or_else(|| {
                missing.borrow_mut().insert(name.to_owned());
                Err(format!("the wildcard “{name}” is being read"))
            })
        };
        let escaped;
        let read = if settings.prompt.templates {
            text
        } else {
            escaped = template::escape(text);
            &escaped
        };
        let template = Template::read(read, &look_up).map(Arc::new);
        (Self { template, text: text.to_owned() }, missing.into_inner())
    }
}

impl Default for Reading {
    fn default() -> Self {
        let none = |name: &str| Err(format!("the wildcard “{name}” is being read"));
        Self { template: Template::read("", &none).map(Arc::new), text: String::new() }
    }
}

impl Choice {
    /// The prompts to draw, where not all are sent.
    pub fn draw(self) -> Option<Draw> {
        self.at_random.map(|prompts| Draw { prompts, seed: self.seed })
    }
}

impl Form {
    /// What is wrong with the prompt as a template, as a reason not to send it.
    pub(super) fn template(&self) -> Result<Arc<Template>, Refusal> {
        self.reading.template.clone().map_err(|mistake| {
            let what = format!("Not sent: the prompt: {mistake}.");
            let hint = "Write \\ before a character that stands for itself.";
            (Field::Prompt, Failure::before_sending(FailureKind::Request, what, hint))
        })
    }
}

impl State {
    /// Reads the prompt anew where it is another one, or where `again` says so; what is
    /// needed for that and not known yet is asked for.
    pub(super) fn read_prompt(&mut self, settings: &Settings, again: bool) -> Vec<Effect> {
        let text = self.form.text(Field::Prompt);
        if !again && text == self.form.reading.text {
            return Vec::new();
        }
        let (reading, missing) = Reading::of(text, &self.wildcards, settings);
        self.form.reading = reading;
        if missing.is_empty() { Vec::new() } else { vec![Effect::ReadWildcards(missing)] }
    }

    /// Sends what the form asks for; where that are several requests, shows them first.
    pub(super) fn generate(&mut self, settings: &Settings) -> Vec<Effect> {
        // Keys of one batch of events come before the prompt was read anew.
        let mut effects = self.read_prompt(settings, false);
        if let Some(elsewhere) = base::missing(self) {
            base::offer(self, elsewhere);
            return effects;
        }
        let sent = self.form.plan(settings).and_then(|plan| {
            let choice = Choice { at_random: None, seed: self.seed(), top: 0 };
            if plan.count() > 1 {
                // The files may have changed since.
                effects.extend(self.read_wildcards_again());
                self.overlay = Some(Overlay::Batch(choice));
                return Ok(Vec::new());
            }
            Ok(self.send_all(&plan, plan.requests(choice.draw()).map_err(refusal)?))
        });
        effects.extend(sent.unwrap_or_else(|refusal| self.refuse(refusal)));
        effects
    }

    fn send_all(&mut self, plan: &Plan, requests: Vec<Request>) -> Vec<Effect> {
        let batch = Batch { requests, parent: self.form.parent, template: plan.written() };
        let effects = self.send(Effect::Generate(Box::new(batch)));
        if !effects.is_empty() {
            self.form.note_sent();
        }
        effects
    }

    fn refuse(&mut self, (field, failure): Refusal) -> Vec<Effect> {
        self.focus = Focus::Form(field);
        if let (Field::Prompt, Err(mistake)) = (field, &self.form.reading.template) {
            let at = mistake.at;
            self.form.editor_mut(Field::Prompt).stand_at(at);
        }
        self.notice = Some(Notice::Failed(failure));
        Vec::new()
    }

    /// Asks for the wildcards in use once more.
    fn read_wildcards_again(&self) -> Option<Effect> {
        let names: BTreeSet<String> = self.wildcards.keys().cloned().collect();
        (!names.is_empty()).then_some(Effect::ReadWildcards(names))
    }

    /// A number that is short enough to be read out, and another one next time.
    fn seed(&self) -> u64 {
        self.now.millis().unsigned_abs() % 10_000
    }

    /// What a key means while requests are shown that wait to be sent.
    pub(super) fn decide_batch(
        &mut self,
        settings: &Settings,
        chord: Chord,
        choice: Choice,
    ) -> Vec<Effect> {
        let Ok(plan) = self.form.plan(settings) else {
            self.overlay = None;
            return self.generate(settings);
        };
        let typed = chord.types();
        if let Some(digit) = typed.and_then(|c| c.to_digit(10)) {
            let drawn = choice.at_random.unwrap_or(0).saturating_mul(10).saturating_add(digit);
            return self.choose(drawn.min(settings.prompt.most), choice);
        }
        if chord.key == Key::Backspace {
            return self.choose(choice.at_random.unwrap_or(0) / 10, choice);
        }
        if typed == Some('r') {
            let seed = (choice.seed + 1) % 10_000;
            let at_random = choice.at_random.or(Some(1));
            self.overlay = Some(Overlay::Batch(Choice { at_random, seed, top: 0 }));
            return Vec::new();
        }
        let last = usize::try_from(plan.drawn(choice.draw())).unwrap_or(usize::MAX) - 1;
        let half = 8;
        let top = match settings.keys.action(Context::Browse, chord) {
            Some(Action::Generate | Action::UseAll) => {
                return self.send_chosen(settings, &plan, choice);
            }
            Some(Action::Leave) => {
                self.overlay = None;
                self.say("Not sent.");
                return Vec::new();
            }
            Some(Action::Down) => choice.top + 1,
            Some(Action::Up) => choice.top.saturating_sub(1),
            Some(Action::PageDown) => choice.top + half,
            Some(Action::PageUp) => choice.top.saturating_sub(half),
            Some(Action::Top) => 0,
            Some(Action::Bottom) => last,
            action => return keys::of_program(self, action),
        };
        self.overlay = Some(Overlay::Batch(Choice { top: top.min(last), ..choice }));
        Vec::new()
    }

    fn choose(&mut self, drawn: u32, choice: Choice) -> Vec<Effect> {
        let at_random = (drawn > 0).then_some(drawn);
        self.overlay = Some(Overlay::Batch(Choice { at_random, top: 0, ..choice }));
        Vec::new()
    }

    fn send_chosen(&mut self, settings: &Settings, plan: &Plan, choice: Choice) -> Vec<Effect> {
        let most = settings.prompt.most;
        let count = plan.chosen(choice.draw());
        if count > u128::from(most) {
            let what = format!("Not sent: these are {count} requests, and {most} are allowed.");
            let hint = "Type how many to draw at random, or change [prompt] most.";
            let failure = Failure::before_sending(FailureKind::Request, what, hint);
            self.notice = Some(Notice::Failed(failure));
            return Vec::new();
        }
        match plan.requests(choice.draw()) {
            Ok(requests) => {
                let effects = self.send_all(plan, requests);
                if !effects.is_empty() {
                    self.overlay = None;
                }
                effects
            }
            Err(problem) => {
                self.overlay = None;
                self.refuse(refusal(problem))
            }
        }
    }
}
