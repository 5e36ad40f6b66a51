//! The queues of the providers: so many of a provider's jobs at once, none while it asks to
//! wait or the user has paused it, and the next one is the first in the order of the journal.
//!
//! Owns who of this worker's jobs has a turn. Promises that a job which waits hears of each
//! pause that a provider asks for, so that a face can count it down, and that what is paused
//! by the user keeps no worker alive whose face is gone. Pauses of a provider run on the
//! monotonic clock; only what is shown of them is a time of day. Must never take a job up:
//! the journal judges that once more when its turn has come.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot, watch};
use tokio::time::{Instant, sleep_until};

use super::worker::Shop;
use super::{identity, now};
use crate::domain::{Failure, GenerationId, Job, Pauses};
use crate::store::{Limit, Store, StoreError};

/// How soon it is noticed what another process has changed: its job has ended, or it has
/// resumed the queue. Nobody looks while nothing waits.
const LOOK: Duration = Duration::from_secs(1);

/// How many jobs of a provider may be under way at once.
#[derive(Clone, Debug)]
pub(super) struct Widths {
    /// Of one that is not named.
    pub(super) usual: u32,
    /// Of those that are.
    pub(super) of: BTreeMap<String, u32>,
}

/// The queues of all providers.
pub(super) struct Lanes {
    of: Mutex<HashMap<String, Lane>>,
    widths: Widths,
    changed: Notify,
    faceless: AtomicBool,
}

/// The queue of one provider.
struct Lane {
    waiting: HashMap<GenerationId, oneshot::Sender<Turn>>,
    /// Turns that were given and do not stand in the journal as jobs under way.
    held: u32,
    pause: watch::Sender<Option<Pause>>,
}

/// Nothing is sent until then.
#[derive(Clone)]
struct Pause {
    end: Instant,
    shown: Job,
}

/// Where a job waits for its turn.
pub(super) struct Place {
    given: oneshot::Receiver<Turn>,
    pauses: watch::Receiver<Option<Pause>>,
}

impl Place {
    /// Waits for the turn. `tell` is told of each pause of the provider meanwhile. `None` when
    /// the job is paused by the user, and nobody is there any more who would wait for it.
    pub(super) async fn turn(mut self, tell: impl Fn(Job)) -> Option<Turn> {
        loop {
            tokio::select! {
                biased;
                turn = &mut self.given => return turn.ok(),
                Ok(()) = self.pauses.changed() => {
                    // One that joins later hears of the last one, which may be long over.
                    let pause = self.pauses.borrow_and_update();
                    if let Some(pause) = pause.as_ref().filter(|it| it.end > Instant::now()) {
                        tell(pause.shown.clone());
                    }
                }
            }
        }
    }
}

/// What a job is made in. Dropping it gives it to the next one.
pub(super) struct Turn {
    lanes: Arc<Lanes>,
    provider: String,
    /// Whether the job stands in the journal as under way.
    noted: bool,
}

impl Turn {
    /// How many jobs of the provider may be under way at once.
    pub(super) fn width(&self) -> u32 {
        self.lanes.width(&self.provider)
    }

    /// Has nothing sent to the provider for so long, because of `failure`.
    pub(super) fn close(&self, pause: Duration, failure: Failure) {
        self.lanes.close(&self.provider, pause, failure);
    }

    /// Says whether the job stands in the journal as under way, so that it counts there.
    pub(super) fn note(&mut self, noted: bool) {
        if noted != self.noted {
            self.noted = noted;
            let by = if noted { -1 } else { 1 };
            self.lanes.hold(&self.provider, by);
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.note(true);
        self.lanes.look();
    }
}

impl Lanes {
    /// Queues in which so many jobs run at once.
    pub(super) fn new(widths: Widths) -> Arc<Self> {
        Arc::new(Self {
            of: Mutex::default(),
            widths,
            changed: Notify::new(),
            faceless: AtomicBool::new(false),
        })
    }

    /// How many jobs of `provider` may be under way at once.
    fn width(&self, provider: &str) -> u32 {
        self.widths.of.get(provider).copied().unwrap_or(self.widths.usual).max(1)
    }

    /// Has a job wait for a turn from now on.
    pub(super) fn join(&self, id: GenerationId, provider: &str) -> Place {
        let (give, given) = oneshot::channel();
        let mut pauses = self.with(provider, |lane| {
            lane.waiting.insert(id, give);
            lane.pause.subscribe()
        });
        // Also of the one that is there already.
        pauses.mark_changed();
        self.look();
        Place { given, pauses }
    }

    /// Has nothing sent to `provider` for so long, because of `failure`.
    fn close(&self, provider: &str, pause: Duration, failure: Failure) {
        let pause = Pause { end: Instant::now() + pause, shown: paused(pause, failure) };
        self.with(provider, |lane| {
            lane.pause.send_if_modified(|held| {
                let longer = held.as_ref().is_none_or(|held| held.end < pause.end);
                if longer {
                    *held = Some(pause);
                }
                longer
            });
        });
    }

    /// Something may have changed: the order, a pause, what is under way.
    pub(super) fn look(&self) {
        self.changed.notify_one();
    }

    /// Nobody is there any more who would wait.
    pub(super) fn lose_face(&self) {
        self.faceless.store(true, Ordering::Relaxed);
        self.look();
    }

    fn hold(&self, provider: &str, by: i32) {
        self.with(provider, |lane| lane.held = lane.held.saturating_add_signed(by));
    }

    fn with<T>(&self, provider: &str, work: impl FnOnce(&mut Lane) -> T) -> T {
        let mut lanes = self.lock();
        if !lanes.contains_key(provider) {
            let lane = Lane { waiting: HashMap::new(), held: 0, pause: watch::Sender::new(None) };
            lanes.insert(provider.to_owned(), lane);
        }
        work(lanes.get_mut(provider).expect("it was added"))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Lane>> {
        self.of.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the turns that are free. Says when to look again, if anything waits.
    fn give(self: &Arc<Self>, store: &Store) -> Result<Option<Instant>, StoreError> {
        let mut again: Option<Instant> = None;
        let mut unwanted = Vec::new();
        let mut lanes = self.lock();
        if lanes.values().all(|lane| lane.waiting.is_empty()) {
            return Ok(None);
        }
        let pauses = store.pauses()?;
        for (provider, lane) in lanes.iter_mut() {
            if let Some(end) = self.give_in(store, &pauses, provider, lane, &mut unwanted)? {
                again = Some(again.map_or(end, |other| other.min(end)));
            }
        }
        // A turn that nobody took gives itself back, which needs the lanes.
        drop(lanes);
        Ok(again)
    }

    fn give_in(
        self: &Arc<Self>,
        store: &Store,
        pauses: &Pauses,
        provider: &str,
        lane: &mut Lane,
        unwanted: &mut Vec<Turn>,
    ) -> Result<Option<Instant>, StoreError> {
        let soon = Instant::now() + LOOK;
        if pauses.holds(provider) {
            if self.faceless.load(Ordering::Relaxed) {
                lane.waiting.clear();
            }
            return Ok((!lane.waiting.is_empty()).then_some(soon));
        }
        let ends = lane.pause.borrow().as_ref().map(|pause| pause.end);
        if let Some(end) = ends.filter(|end| *end > Instant::now()) {
            return Ok((!lane.waiting.is_empty()).then_some(end));
        }
        let busy = store.busy(provider, &identity::lives_here)?;
        let free = self.width(provider).saturating_sub(busy.saturating_add(lane.held)) as usize;
        let mut next = store.next_in_line(free, |id| lane.waiting.contains_key(&id))?;
        // What waits and is not in the queue was taken back, and ends when it hears of it.
        let left = free - next.len();
        let others = lane.waiting.keys().filter(|id| !next.contains(id)).take(left);
        let others: Vec<GenerationId> = others.copied().collect();
        next.extend(others);
        for id in next {
            let Some(waiting) = lane.waiting.remove(&id) else { continue };
            lane.held += 1;
            let turn =
                Turn { lanes: Arc::clone(self), provider: provider.to_owned(), noted: false };
            unwanted.extend(waiting.send(turn).err());
        }
        Ok((!lane.waiting.is_empty()).then_some(soon))
    }
}

/// Gives turns for as long as the worker lives.
pub(super) async fn attend(shop: Arc<Shop>) {
    loop {
        let given = shop.lanes.give(&shop.store());
        let again = given.unwrap_or_else(|error| {
            tracing::warn!(%error, "the queue cannot be read");
            Some(Instant::now() + LOOK)
        });
        tokio::select! {
            () = shop.lanes.changed.notified() => {}
            () = until(again) => {}
        }
    }
}

async fn until(end: Option<Instant>) {
    match end {
        Some(end) => sleep_until(end).await,
        None => std::future::pending().await,
    }
}

/// A limit on what is under way to one provider, with so many at once.
pub(super) fn limit(parallel: u32) -> Limit<'static> {
    Limit { parallel, lives: &identity::lives_here }
}

/// A job that waits for so long from now.
pub(super) fn paused(pause: Duration, failure: Failure) -> Job {
    Job::Paused { until: now().plus_seconds(pause.as_secs_f64()), failure }
}
