//! The studio as a value: what happened is folded into the state, and what must be
//! done outside is returned.
//!
//! Owns [`State`] and [`update`], which routes an [`Event`] and returns [`Effect`]s; the
//! slices own their parts. Promises that the same events make the same state. Must never do input
//! or output, read a clock, or start a task.

pub mod arrangement;
pub mod away;
pub mod base;
pub mod batch;
pub mod compare;
pub mod details;
pub mod doctor;
pub mod editor;
pub mod files;
pub mod form;
pub mod history;
pub mod jobs;
pub mod known;
pub mod lens;
pub mod lineage;
pub mod opinions;
pub mod picker;
pub mod place;
pub mod presets;
pub mod preview;
pub mod queue;
pub mod reach;
pub mod recall;
pub mod slideshow;
pub mod spending;
pub mod told;

mod browsing;
mod event;
mod focus;
mod fuzzy;
mod keys;
mod notice;
mod overlay;
mod sending;
mod typing;
mod why;

use crate::config::Settings;
use crate::config::keymap::Context;
use crate::domain::{ModelId, Query, Timestamp};
use arrangement::Arrangement;
use away::Away;
use base::Base;
use batch::Wildcards;
use compare::Compare;
use details::Details;
use doctor::Doctor;
use form::{Draft, Field, Form};
use history::{From, History};
use jobs::Jobs;
use known::Known;
use lineage::Lineage;
use opinions::Opinions;
use picker::Picker;
use preview::Preview;
use queue::Queue;
use reach::Reach;
use recall::Recall;
use spending::Spending;

pub use event::{Effect, Event, Extents, Target};
pub use focus::Focus;
pub use keys::LINE_FEED;
pub use notice::Notice;
pub use overlay::Overlay;

/// Everything the studio knows.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The time of the last tick.
    pub now: Timestamp,
    /// What keys go to.
    pub focus: Focus,
    /// What the next request will be.
    pub form: Form,
    /// What was ever made.
    pub history: History,
    /// What is under way.
    pub jobs: Jobs,
    /// Their order, and what is paused.
    pub queue: Queue,
    /// How the selected generation is shown.
    pub preview: Preview,
    /// What is marked, and how it is tagged and searched for.
    pub opinions: Opinions,
    /// What was spent, and what waits to be agreed to.
    pub spending: Spending,
    /// What wildcards stand for.
    pub wildcards: Wildcards,
    /// What is being taken away.
    pub away: Away,
    /// What is in effect, and why.
    pub doctor: Doctor,
    /// How any action and any place is reached by a few letters.
    pub reach: Reach,
    /// How the studio is arranged on its terminal.
    pub arrangement: Arrangement,
    /// Two pictures, while they are compared.
    pub compare: Option<Compare>,
    /// What was read to show everything that is known of a generation.
    pub details: Details,
    /// Generations that are looked at beside those of the history.
    pub known: Known,
    /// What came from what, while that is walked along.
    pub lineage: Option<Lineage>,
    /// Whether the history is shown as a gallery, while it has focus.
    pub gallery: bool,
    /// The list that the form is filled from, while [`Overlay::Picking`] is open.
    pub picker: Option<Picker>,
    /// What is known of the base image in the form.
    pub base: Base,
    /// Where in the prompts ever sent the form stands.
    pub recall: Recall,
    /// What lies over the panes.
    pub overlay: Option<Overlay>,
    /// The line for what just happened; the next key clears it.
    pub notice: Option<Notice>,
    /// The sizes of the last frame.
    pub extents: Extents,
    sent_at: Option<Timestamp>,
    pasted_at: Option<Timestamp>,
    typed_at: Option<Timestamp>,
}

impl State {
    /// The state of a start, with the form as `draft` left it (or with nothing but
    /// `model`), and what it needs.
    pub fn new(model: &ModelId, draft: Option<&Draft>) -> (Self, Vec<Effect>) {
        let mut state = Self {
            now: Timestamp::default(),
            focus: Focus::Form(Field::Prompt),
            form: draft.map_or_else(|| Form::new(model), |draft| Form::restored(draft, model)),
            history: History::default(),
            jobs: Jobs::default(),
            queue: Queue::default(),
            preview: Preview::default(),
            opinions: Opinions::default(),
            spending: Spending::default(),
            wildcards: Wildcards::new(),
            away: Away::default(),
            doctor: Doctor::default(),
            reach: Reach::default(),
            arrangement: Arrangement::default(),
            compare: None,
            details: Details::default(),
            known: Known::default(),
            lineage: None,
            gallery: false,
            picker: None,
            base: Base::default(),
            recall: Recall::default(),
            overlay: None,
            notice: None,
            extents: Extents::default(),
            sent_at: None,
            pasted_at: None,
            typed_at: None,
        };
        if let Some(draft) = draft {
            state.go_back_to(&draft.place);
        }
        let wanted = state.history.want(From::Newest);
        let count = Effect::Count(state.history.query().to_owned());
        let effects = wanted.map(Effect::Load).into_iter().chain([count, state.learn()]);
        (state, effects.collect())
    }

    /// What keys mean at the moment.
    pub const fn context(&self) -> Context {
        match (self.overlay, self.focus) {
            _ if self.opinions.line.is_some() || self.looks_up() => Context::Text,
            (Some(Overlay::Picking | Overlay::Files), _)
            | (None, Focus::Form(_) | Focus::Search) => Context::Text,
            (Some(_), _) | (None, Focus::History | Focus::Preview) => Context::Browse,
        }
    }

    /// What is searched for.
    pub fn query(&self) -> Query {
        Query::parse(self.history.query(), self.now, &self.opinions.searches)
    }

    fn say(&mut self, what: impl Into<String>) {
        self.notice = Some(Notice::Said(what.into()));
    }
}

/// Folds what happened into the state, and returns what must be done outside.
pub fn update(settings: &Settings, state: &mut State, event: Event) -> Vec<Effect> {
    update_all(settings, state, [event])
}

/// Folds in what happened between two frames. What a whole text has to be looked at for
/// is done once, so that ten thousand typed lines do not take ten thousand looks.
pub fn update_all(
    settings: &Settings,
    state: &mut State,
    events: impl IntoIterator<Item = Event>,
) -> Vec<Effect> {
    let before = state.form.draft();
    let mut effects = Vec::new();
    for event in events {
        effects.extend(route(settings, state, event));
    }
    browsing::follow(state);
    effects.extend(state.follow_lineage());
    effects.extend(state.follow_comparison());
    state.form.forget_parent_if_blank();
    let draft = state.form.draft();
    effects.extend(state.take_ended());
    effects.extend(state.read_prompt(settings, false));
    effects.extend(base::look(state).into_iter().chain(files::look(state)));
    if draft != before {
        effects.push(Effect::SaveDraft(state.draft()));
    }
    effects
}

fn route(settings: &Settings, state: &mut State, event: Event) -> Vec<Effect> {
    match event {
        Event::Tick(now) => {
            state.now = now;
            let summed = state.spending.turn(now);
            return slideshow::tick(settings, state).into_iter().chain(summed).collect();
        }
        Event::Key(chord) => return keys::press(settings, state, chord),
        Event::Paste(text) => return typing::paste(state, &text),
        Event::Edited(prompt) => state.form.editor_mut(Field::Prompt).set(prompt),
        Event::Click(target, at) => return browsing::click(state, target, at),
        Event::Wheel(target, lines) => return browsing::wheel(state, target, lines),
        Event::Resized(extents) => state.extents = extents,
        Event::Labelled(targets) => state.reach.targets = targets,
        Event::Restored(draft) => state.form.restore(&draft),
        Event::Wildcards(found) => {
            state.wildcards.extend(found);
            return state.read_prompt(settings, true);
        }
        Event::Prompts(asked, prompts) => recall::hear(state, &asked, prompts),
        Event::Presets(all) => presets::hear(state, all),
        Event::Told(told) => told::hear(state, *told),
        Event::Completed { typed, whole, offered } => {
            told::completed(state, &typed, whole, offered);
        }
        Event::Models { used, reached } => {
            picker::hear_of_models(settings, state, &used, &reached);
        }
        Event::Base(text, why, known) => base::hear(state, &text, why, *known),
        Event::Files(news) => files::hear(state, news),
        Event::Queued(generations) => return state.queued(settings, generations),
        Event::Progress(news) => {
            if let Some(generation) = state.jobs.hear(news) {
                state.renew(&generation);
            }
        }
        Event::Changed(mut generation) => {
            state.settle(&mut generation);
            state.renew(&generation);
            return details::follow(state, generation.id).into_iter().collect();
        }
        Event::Read(found) => {
            for mut generation in found {
                state.settle(&mut generation);
                state.known.take(generation);
            }
        }
        Event::Record(id, record) => details::hear(state, id, record),
        Event::Lineage(found) => lineage::hear(state, &found),
        Event::Page(page) => return state.take_page(page),
        Event::Elsewhere => {
            state.known.doubt();
            let lineage = state.ask_for_lineage();
            let count = Effect::Count(state.history.query().to_owned());
            let wanted = state.history.reload().map(Effect::Load);
            let load = wanted.into_iter().flat_map(|load| [load, count.clone()]);
            return load.chain(lineage).chain([state.learn()]).collect();
        }
        Event::Asked(question) => state.ask(*question),
        Event::Spent(totals) => state.spending.totals = Some(totals),
        Event::Away(news) => away::hear(settings, state, news),
        Event::Examined(findings) => doctor::hear(state, findings),
        Event::Opinion(news) => return opinions::hear(state, news),
        Event::Queue(news) => return queue::hear(state, news),
        Event::Counted(query, total) => {
            if query == state.history.query() {
                state.history.total = Some(total);
            }
        }
        Event::Configured(read) => state.notice = Some(Notice::of_the_settings(read)),
        Event::Failed(failure) => state.refused(failure),
    }
    Vec::new()
}
