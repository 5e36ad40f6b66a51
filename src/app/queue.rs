//! The queue: every job under way or waiting, of this studio and of others, in the order in
//! which they are taken up; what is paused; and how long a model usually takes.
//!
//! Owns the order as the journal says it, and what is selected in the pane. Promises that the
//! order and the pauses are those of the journal: a key asks for a change, and what is shown
//! follows from what became of it. Must never send anything: whoever takes a job up judges
//! that by the journal.

use std::collections::{BTreeMap, BTreeSet};

use super::{Effect, Focus, Overlay, State, why};
use crate::config::keymap::Action;
use crate::domain::{Bar, Generation, GenerationId, Job, ModelId, Move, Pause, Pauses, Timestamp};

/// How far half a page is in the pane.
const HALF: usize = 8;
/// A job that takes longer than its model usually does is shown so far.
const NEARLY: f64 = 0.95;

/// What is known of the queue beside the jobs themselves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queue {
    /// What nothing is sent to until the user says so.
    pub pauses: Pauses,
    /// How many wait in the journal, those too that are not shown.
    pub waiting: usize,
    /// Those under way and waiting, in the order of the journal.
    line: Vec<GenerationId>,
    /// Those that wait for the user to decide.
    stuck: Vec<Generation>,
    /// Seconds that models usually take, where anybody knows.
    usual: BTreeMap<ModelId, f64>,
    /// The models of which that was asked since one of their jobs has ended.
    asked: BTreeSet<ModelId>,
    /// What is selected in the pane, and its place there.
    selected: (Option<GenerationId>, usize),
    /// How many jobs have ended since there were none.
    ended: usize,
    /// Those that have ended and were not told of outside.
    over: Vec<Ended>,
}

/// What the studio wishes of the queue.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// To know it, and what has become of these jobs.
    Learn(Vec<GenerationId>),
    /// To know how long these models usually take.
    Usual(Vec<ModelId>),
    /// To have a waiting job moved.
    Move(GenerationId, Move),
    /// To have nothing sent.
    Pause(Pause),
    /// To have it sent again.
    Resume(Pause),
}

/// What became of a wish.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// The queue is now so.
    Line {
        /// Those under way, and behind them the first that wait, in their order.
        jobs: Vec<Generation>,
        /// How many wait in all.
        waiting: usize,
        /// Those that wait for the user to decide: interrupted, or failed not long ago.
        stuck: Vec<Generation>,
        /// What is paused.
        pauses: Pauses,
    },
    /// So many seconds these models usually take.
    Usual(Vec<(ModelId, Option<f64>)>),
}

/// A job that has ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// How many pictures came of it.
    pub pictures: usize,
    /// Whether it failed, or nobody knows.
    pub failed: bool,
    /// What was asked for.
    pub prompt: String,
}

impl Queue {
    /// How many seconds `model` usually takes.
    pub fn usual(&self, model: &ModelId) -> Option<f64> {
        self.usual.get(model).copied()
    }

    /// Whether a job waits that is paused by the user.
    pub fn holds(&self, job: &Generation) -> bool {
        job.job.is_waiting() && self.pauses.holds(job.request.model.provider())
    }

    /// A job is now so in the journal.
    pub(super) fn note(&mut self, generation: &Generation, was_job: bool) {
        let place = self.stuck.iter().position(|stuck| stuck.id == generation.id);
        match (place, generation.job.failure().is_some()) {
            (Some(place), true) => self.stuck[place] = generation.clone(),
            (Some(place), false) => drop(self.stuck.remove(place)),
            (None, true) if was_job => self.stuck.insert(0, generation.clone()),
            (None, _) => {}
        }
        if was_job && !generation.job.is_under_way() {
            self.ended += 1;
            self.over.extend((generation.job != Job::Cancelled).then(|| Ended {
                pictures: generation.images.len(),
                failed: generation.job.failure().is_some(),
                prompt: generation.request.prompt.clone(),
            }));
            // What is known stands until something newer is.
            self.asked.remove(&generation.request.model);
        }
    }
}

/// What the pane shows: what is under way, what waits in its order, and what waits for the
/// user to decide.
pub fn rows(state: &State) -> Vec<&Generation> {
    let jobs = &state.jobs;
    let in_line = state.queue.line.iter().filter_map(|id| jobs.get(*id));
    let new = jobs.all().iter().filter(|job| !state.queue.line.contains(&job.id));
    let mut rows: Vec<&Generation> = in_line.chain(new).collect();
    rows.sort_by_key(|job| job.job.is_waiting());
    rows.extend(state.queue.stuck.iter().filter(|stuck| jobs.get(stuck.id).is_none()));
    rows
}

/// The place of what is selected among `rows`.
pub fn selected_place(state: &State, rows: &[&Generation]) -> usize {
    let (id, place) = state.queue.selected;
    let found = rows.iter().position(|row| Some(row.id) == id);
    found.unwrap_or(place).min(rows.len().saturating_sub(1))
}

/// How far everything under way is; `None` while nothing is.
pub fn bar(state: &State) -> Option<Bar> {
    let jobs = state.jobs.all();
    if jobs.is_empty() {
        return None;
    }
    let usual = |job: &Generation| state.queue.usual(&job.request.model);
    let part = |job: &Generation| {
        let gone = job.job.begun(job.sent).map_or(0.0, |begun| state.now.seconds_since(begun));
        usual(job).map_or(0.0, |usual| (gone / usual.max(0.1)).clamp(0.0, NEARLY))
    };
    let done = state.queue.ended as f64 + jobs.iter().map(part).sum::<f64>();
    let percent = (100.0 * done / (state.queue.ended + jobs.len()) as f64) as u8;
    Some(if jobs.iter().all(|job| state.queue.holds(job)) {
        Bar::Paused(percent)
    } else if state.queue.ended == 0 && jobs.iter().all(|job| usual(job).is_none()) {
        Bar::Unknown
    } else {
        Bar::Percent(percent)
    })
}

/// Opens the pane, or closes it.
pub(super) fn open(state: &mut State, was_open: bool) -> Vec<Effect> {
    if was_open {
        return Vec::new();
    }
    let selected = state.selected().map(|row| row.id);
    state.queue.selected = (selected, 0);
    state.overlay = Some(Overlay::Queue);
    vec![state.learn()]
}

/// What a key is meant for: what is selected in the pane, or in the history.
fn subject(state: &State) -> Option<Generation> {
    if state.overlay != Some(Overlay::Queue) {
        return state.selected().cloned();
    }
    let rows = rows(state);
    rows.get(selected_place(state, &rows)).map(|row| (*row).clone())
}

/// Does what a key means in the pane.
pub(super) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    let rows = rows(state);
    let (place, last) = (selected_place(state, &rows), rows.len().saturating_sub(1));
    let place = match action {
        Action::Down => place + 1,
        Action::Up => place.saturating_sub(1),
        Action::PageDown => place + HALF,
        Action::PageUp => place.saturating_sub(HALF),
        Action::Top => 0,
        Action::Bottom => last,
        _ => return on_job(state, action).unwrap_or_default(),
    };
    let place = place.min(last);
    state.queue.selected = (rows.get(place).map(|row| row.id), place);
    Vec::new()
}

/// Does what a key means for a job in the pane or in the history; `None` where it means
/// something else.
pub(super) fn on_job(state: &mut State, action: Action) -> Option<Vec<Effect>> {
    let wish = |wish| Some(vec![Effect::Queue(wish)]);
    if action == Action::PauseQueue {
        return wish(turned(state, Pause::All));
    }
    let job = subject(state)?;
    // It stays selected where it goes to.
    if state.overlay == Some(Overlay::Queue) {
        let place = selected_place(state, &rows(state));
        state.queue.selected = (Some(job.id), place);
    }
    match action {
        Action::QueueUp => wish(Wish::Move(job.id, Move::Up)),
        Action::QueueDown => wish(Wish::Move(job.id, Move::Down)),
        Action::RunNext => wish(Wish::Move(job.id, Move::First)),
        Action::PauseProvider => {
            let provider = job.request.model.provider().to_owned();
            wish(turned(state, Pause::Provider(provider)))
        }
        _ if state.overlay != Some(Overlay::Queue) => None,
        Action::Cancel => Some(vec![Effect::Cancel(job.id)]),
        Action::GiveUp => Some(vec![Effect::GiveUp(job.id)]),
        Action::SendAgain => Some(state.send(Effect::Resend(Box::new(job)))),
        Action::UseAll => {
            state.overlay = None;
            state.preview.full_screen = false;
            state.focus = Focus::History;
            Some(state.go_to(job.id))
        }
        _ => None,
    }
}

/// The other way round than it is.
fn turned(state: &State, pause: Pause) -> Wish {
    if state.queue.pauses.has(&pause) { Wish::Resume(pause) } else { Wish::Pause(pause) }
}

/// Why a key can do nothing in the pane, or to a job.
pub(super) fn why_not(state: &State, action: Action) -> Option<&'static str> {
    let in_pane = state.overlay == Some(Overlay::Queue);
    if action == Action::PauseQueue {
        return None;
    }
    let Some(job) = subject(state) else {
        return Some("Nothing is under way, and nothing waits.");
    };
    let rows = rows(state);
    let place = selected_place(state, &rows);
    match action {
        Action::Up | Action::PageUp | Action::Top => {
            (place == 0).then_some("This is the first one.")
        }
        Action::Down | Action::PageDown | Action::Bottom => {
            (place + 1 >= rows.len()).then_some("This is the last one.")
        }
        Action::QueueUp | Action::QueueDown | Action::RunNext if !job.job.is_waiting() => {
            Some("It does not wait for its turn, so it cannot be moved.")
        }
        Action::QueueUp | Action::RunNext => {
            let first = rows.iter().find(|row| row.job.is_waiting());
            first.is_some_and(|row| row.id == job.id).then_some("It is the next one already.")
        }
        Action::QueueDown => {
            let last = rows.iter().rfind(|row| row.job.is_waiting());
            last.is_some_and(|row| row.id == job.id).then_some("It is the last one already.")
        }
        Action::Cancel | Action::GiveUp | Action::SendAgain if in_pane => {
            why::acting(state, action, &job)
        }
        _ => None,
    }
}

/// Takes in what became of a wish.
pub(super) fn hear(state: &mut State, news: News) -> Vec<Effect> {
    match news {
        News::Usual(usual) => {
            let known = usual.into_iter().filter_map(|(model, usual)| Some((model, usual?)));
            state.queue.usual.extend(known);
        }
        News::Line { mut jobs, waiting, stuck, pauses } => {
            let was = std::mem::replace(&mut state.queue.pauses, pauses);
            if was != state.queue.pauses {
                state.say(said(&state.queue.pauses));
            }
            state.queue.line = jobs.iter().map(|job| job.id).collect();
            (state.queue.waiting, state.queue.stuck) = (waiting, stuck);
            for job in &mut jobs {
                state.jobs.put(job);
            }
            return state.ask_usual();
        }
    }
    Vec::new()
}

/// What is paused, in a sentence.
fn said(pauses: &Pauses) -> String {
    let names: Vec<&str> = pauses.iter().map(Pause::name).filter(|name| !name.is_empty()).collect();
    if pauses.has(&Pause::All) {
        "The queue is paused: nothing more is sent. What was sent goes on.".to_owned()
    } else if names.is_empty() {
        "The queue goes on.".to_owned()
    } else {
        format!("Nothing more is sent to {}. The rest of the queue goes on.", names.join(", "))
    }
}

impl State {
    /// What has ended, to be told to whoever looks elsewhere.
    pub(super) fn take_ended(&mut self) -> Option<Effect> {
        let over = std::mem::take(&mut self.queue.over);
        (!over.is_empty()).then_some(Effect::Announce(over))
    }

    /// To know the queue, and what has become of the jobs.
    pub(super) fn learn(&self) -> Effect {
        let known = self.jobs.all().iter().map(|job| job.id).collect();
        Effect::Queue(Wish::Learn(known))
    }

    /// Asks how long the models of the jobs usually take, where that was not asked.
    pub(super) fn ask_usual(&mut self) -> Vec<Effect> {
        let mut wanted = Vec::new();
        for job in self.jobs.all() {
            let model = &job.request.model;
            if self.queue.asked.insert(model.clone()) {
                wanted.push(model.clone());
            }
        }
        if wanted.is_empty() { Vec::new() } else { vec![Effect::Queue(Wish::Usual(wanted))] }
    }

    /// Whether time is to be told though nothing happens: for a job, or a slideshow.
    pub fn moves(&self) -> bool {
        self.jobs_move() || self.preview.slideshow.is_some()
    }

    /// Whether time passes for any job: one that is paused by the user stands still.
    pub fn jobs_move(&self) -> bool {
        let stands = |job: &Generation| job.job == Job::Queued && self.queue.holds(job);
        !self.jobs.all().iter().all(stands)
    }

    /// Begins to count anew when there are no jobs.
    pub(super) fn forget_ended(&mut self) {
        if self.jobs.all().is_empty() {
            self.queue.ended = 0;
        }
    }
}

/// How long a job is being made by now, and how long that usually takes: `12 s of usually
/// 20 s`. Nothing while it is not being made.
pub fn duration(queue: &Queue, job: &Generation, now: Timestamp) -> Option<String> {
    let begun = job.job.begun(job.sent)?;
    let gone = seconds(now.seconds_since(begun).max(0.0));
    Some(match queue.usual(&job.request.model) {
        Some(usual) => format!("{gone} of usually {}", seconds(usual)),
        None => gone,
    })
}

/// A time for people: `0.8 s`, `12 s`, `3 min`.
pub fn seconds(seconds: f64) -> String {
    if seconds < 9.95 {
        format!("{seconds:.1} s")
    } else if seconds < 180.0 {
        format!("{seconds:.0} s")
    } else {
        format!("{:.0} min", seconds / 60.0)
    }
}
