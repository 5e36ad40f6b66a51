//! The one thread that reads and writes the history for the studio.
//!
//! Owns the store, from its opening to its closing. Promises first come, first served,
//! except that a question whose answer nobody would look at any more is skipped. Must
//! never keep the loop waiting: questions go in by a channel, answers come back as messages.

mod opinions;
mod presets;
mod prompts;
mod queue;
mod spending;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;

use super::opening::{Glimpse, Opened, Opening};
use super::{Message, watch};
use crate::app::Event;
use crate::app::form::Draft;
use crate::app::history::{From, PAGE, Page, Wanted};
use crate::app::lineage;
use crate::app::opinions::Wish;
use crate::app::recall::Asked;
use crate::domain::{Allowance, Failure, Generation, GenerationId, Job, ModelId, Timestamp};
use crate::engine;
use crate::store::{Start, Store, StoreError};

/// The draft is written this long after the first of a row of changes.
const DRAFT_PAUSE: Duration = Duration::from_millis(800);
/// Matches are counted no further than this.
const MOST_COUNTED: u32 = 1_000_000;

/// What the store is asked.
pub(super) enum Ask {
    /// Put these into the journal where that may be paid for; then call back.
    Order(Vec<Generation>, Allowance, Box<dyn FnOnce() + Send>),
    /// Put this into the queue once more, likewise; then call back.
    OrderAgain(Box<Generation>, Allowance, Box<dyn FnOnce() + Send>),
    /// Do this with the presets.
    Presets(crate::app::presets::Wish),
    /// Find prompts that were sent before.
    Prompts(Asked),
    /// Name the models that were asked last.
    Models(Box<dyn FnOnce(Vec<ModelId>) + Send>),
    /// Sum up what was spent.
    SumUp,
    GiveUp(GenerationId),
    Cancel(GenerationId),
    Load(Wanted, Search),
    Count(String, Search),
    /// Read what is known of this one beside what it is.
    Record(GenerationId),
    /// Find the lineage of this one.
    Lineage(GenerationId),
    Wish(Wish),
    /// Change the queue, or find out about it; then call back.
    Queue(crate::app::queue::Wish, Box<dyn FnOnce() + Send>),
    /// Read this generation again: it has changed.
    Reread(GenerationId),
    /// Find these, as far as they are there; then call back.
    Find(Vec<GenerationId>, Box<dyn FnOnce(Vec<Generation>) + Send>),
    /// See whether another process has written.
    Look,
    /// Name every generation that waits in the queue or was left under way, and say whether
    /// a picture is missing that may still be fetched.
    UnderWay(Box<dyn FnOnce(Vec<Generation>, bool) + Send>),
    Draft(Draft),
    /// Everything before this is done: close the history and say so.
    Finish(Sender<()>),
}

/// Which of the searches so far something belongs to: a later one outdates it.
pub(super) type Search = u64;

/// The thread, as the loop holds it.
pub(super) struct Records {
    asks: Sender<Ask>,
    /// Whether the history is open, so that questions are answered soon.
    open: Arc<AtomicBool>,
    /// The last search that was asked for.
    search: Arc<AtomicU64>,
}

impl Records {
    /// Questions that come before the history is open wait for that. It is told of with
    /// [`Message::Opened`], or [`Message::Lost`].
    pub(super) fn new(opening: Opening, inbox: UnboundedSender<Message>) -> Self {
        let (asks, asked) = channel();
        let open = Arc::new(AtomicBool::new(false));
        let search = Arc::new(AtomicU64::new(0));
        let records =
            Self { asks: asks.clone(), open: Arc::clone(&open), search: Arc::clone(&search) };
        std::thread::spawn(move || {
            let tell = |glimpse: Glimpse| {
                open.store(true, Ordering::Release);
                let _ = inbox.send(Message::Opened(glimpse.draft.map(Box::new)));
                let newest = glimpse.newest.map(|page| Message::Event(Event::Page(page)));
                let _ = newest.map(|newest| inbox.send(newest));
            };
            let glimpse = opening.glimpse().map(tell);
            let Opened { store, remark } = match opening.end() {
                Ok(opened) => opened,
                Err(failure) => return drop(inbox.send(Message::Lost(failure))),
            };
            // One that had to be made again first has no draft.
            if glimpse.is_err() {
                tell(Glimpse::default());
            }
            let (seen, unsettled) = (store.changes().unwrap_or(0), !store.is_read_only());
            let opened = engine::now();
            let keeper = Keeper { seen, store, inbox, draft: None, search, unsettled, opened };
            if let Some(remark) = remark {
                keeper.tell(Event::Failed(remark));
            }
            keeper.sum_up();
            watch::for_changes(keeper.store.dir(), asks);
            keeper.work(&asked);
        });
        records
    }

    pub(super) fn ask(&self, ask: Ask) {
        // The thread ends only with this handle.
        let _ = self.asks.send(ask);
    }

    /// Asks for rows. What is still being looked for by an earlier search is given up.
    pub(super) fn load(&self, wanted: Wanted) {
        let begins = u64::from(wanted.from == From::Newest);
        let search = self.search.fetch_add(begins, Ordering::AcqRel) + begins;
        self.ask(Ask::Load(wanted, search));
    }

    /// Asks how many rows the last search finds.
    pub(super) fn count(&self, query: String) {
        self.ask(Ask::Count(query, self.search.load(Ordering::Acquire)));
    }

    /// Waits until everything asked so far is done, the draft included, and the history
    /// is closed. What a history that is not open was asked is forgotten.
    pub(super) fn finish(&self) {
        if !self.open.load(Ordering::Acquire) {
            return;
        }
        let (done, wait) = channel();
        self.ask(Ask::Finish(done));
        let _ = wait.recv_timeout(Duration::from_secs(5));
    }
}

struct Keeper {
    store: Store,
    inbox: UnboundedSender<Message>,
    /// The number of the last change by another process that was seen.
    seen: i64,
    /// A draft to be written, and when.
    draft: Option<(Draft, Instant)>,
    /// The last search that was asked for.
    search: Arc<AtomicU64>,
    /// Whether files may have to follow their rows.
    unsettled: bool,
    /// When the studio was opened.
    opened: Timestamp,
}

impl Keeper {
    fn work(mut self, asked: &Receiver<Ask>) {
        loop {
            let first = match &self.draft {
                _ if self.unsettled => match asked.try_recv() {
                    Err(TryRecvError::Empty) => {
                        self.settle();
                        continue;
                    }
                    ask => ask.map_err(|_| RecvTimeoutError::Disconnected),
                },
                None => asked.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some((_, due)) => asked.recv_timeout(due.saturating_duration_since(Instant::now())),
            };
            match first {
                Ok(ask) => {
                    let mut waiting = vec![ask];
                    waiting.extend(asked.try_iter());
                    skip_outdated(&mut waiting);
                    for ask in waiting {
                        if let Some(done) = self.answer(ask) {
                            self.write_draft();
                            // The last one to close it writes its log into the database.
                            drop(self);
                            let _ = done.send(());
                            return;
                        }
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.write_draft(),
                Err(RecvTimeoutError::Disconnected) => return self.write_draft(),
            }
        }
    }

    /// Answers; gives whom to tell when that was the last question.
    fn answer(&mut self, ask: Ask) -> Option<Sender<()>> {
        match ask {
            Ask::Finish(done) => return Some(done),
            Ask::Order(generations, allowance, then) => self.order(generations, &allowance, then),
            Ask::OrderAgain(generation, allowance, then) => {
                self.order_again(*generation, &allowance, then);
            }
            Ask::Presets(wish) => self.grant_presets(wish),
            Ask::Prompts(asked) => self.find_prompts(asked),
            Ask::Models(then) => match self.models_used() {
                Ok(used) => then(used),
                Err(error) => self.fail(error),
            },
            Ask::SumUp => self.sum_up(),
            Ask::GiveUp(id) => match self.give_up(id) {
                Ok(()) => self.reread(id),
                Err(error) => self.fail(error),
            },
            Ask::Cancel(id) => match self.store.cancel(id, engine::now()) {
                Ok(_) => self.reread(id),
                Err(error) => self.fail(error),
            },
            Ask::Load(wanted, search) => {
                self.search(search, |store| page(store, wanted), Event::Page);
            }
            Ask::Count(query, search) => self.search(
                search,
                |store| {
                    let asked = store.query(&query, engine::now())?;
                    Ok((query, store.count(&asked, MOST_COUNTED)?))
                },
                |(query, total)| Event::Counted(query, total.into()),
            ),
            Ask::Record(id) => match self.store.record(id) {
                Ok(record) => self.tell(Event::Record(id, record)),
                Err(error) => self.fail(error),
            },
            Ask::Lineage(id) => match self.store.lineage(id, lineage::MOST) {
                Ok(found) => self.tell(Event::Lineage(found)),
                Err(error) => self.fail(error),
            },
            Ask::Wish(wish) => self.grant(wish),
            Ask::Queue(wish, then) => self.grant_queue(wish, then),
            Ask::Reread(id) => self.reread(id),
            Ask::Find(ids, then) => {
                match ids.into_iter().map(|id| self.store.get(id)).collect::<Result<Vec<_>, _>>() {
                    Ok(found) => then(found.into_iter().flatten().collect()),
                    Err(error) => self.fail(error),
                }
            }
            Ask::Look => {
                let now = self.store.changes().unwrap_or(self.seen);
                if now != self.seen {
                    self.seen = now;
                    self.sum_up();
                    self.tell(Event::Elsewhere);
                }
            }
            Ask::UnderWay(then) => match self.under_way() {
                Ok((found, missing)) => then(found, missing),
                Err(error) => self.fail(error),
            },
            Ask::Draft(draft) => {
                let due = self.draft.as_ref().map_or(Instant::now() + DRAFT_PAUSE, |held| held.1);
                self.draft = Some((draft, due));
            }
        }
        None
    }

    fn under_way(&self) -> Result<(Vec<Generation>, bool), StoreError> {
        let missing = self.store.missing_images(engine::links_since())?;
        let found = self.store.under_way()?.into_iter().flatten();
        Ok((found.map(|found| found.generation).collect(), !missing.is_empty()))
    }

    fn give_up(&mut self, id: GenerationId) -> Result<(), StoreError> {
        if self.store.give_up(id, &engine::given_up())?
            && let Some(generation) = self.store.get(id)?
        {
            self.store.write_receipt(&generation)?;
        }
        Ok(())
    }

    /// Finds what a search wants, unless another one has been asked for since, before
    /// it or on the way.
    fn search<T>(
        &self,
        search: Search,
        find: impl FnOnce(&Store) -> Result<T, StoreError>,
        found: impl FnOnce(T) -> Event,
    ) {
        let last = Arc::clone(&self.search);
        match self.store.unless(move || last.load(Ordering::Acquire) != search, find) {
            Ok(Some(it)) => self.tell(found(it)),
            Ok(None) => {}
            Err(error) => self.fail(error),
        }
    }

    fn reread(&self, id: GenerationId) {
        match self.store.get(id) {
            Ok(Some(generation)) => {
                self.tell(Event::Changed(Box::new(generation)));
                self.sum_up();
            }
            Ok(None) => {}
            Err(error) => self.fail(error),
        }
    }

    fn write_draft(&mut self) {
        let Some((draft, _)) = self.draft.take().filter(|_| !self.store.is_read_only()) else {
            return;
        };
        let text = serde_json::to_string(&draft).expect("a draft is plain data");
        if let Err(error) = self.store.save_draft(&text) {
            self.fail(error);
        }
    }

    fn tell(&self, event: Event) {
        // Without a loop there is nobody to tell.
        let _ = self.inbox.send(Message::Event(event));
    }

    fn fail(&self, error: StoreError) {
        self.tell(Event::Failed(Failure::from(error)));
    }
}

/// Drops every page but the last where several wait from a row of key presses, and
/// likewise counts and drafts.
fn skip_outdated(waiting: &mut Vec<Ask>) {
    let is_page = |ask: &Ask| matches!(ask, Ask::Load(Wanted { from: From::Newest, .. }, _));
    let is_count = |ask: &Ask| matches!(ask, Ask::Count(..));
    let is_prompts = |ask: &Ask| matches!(ask, Ask::Prompts(_));
    let is_lineage = |ask: &Ask| matches!(ask, Ask::Lineage(_));
    let is_look = |ask: &Ask| matches!(ask, Ask::Look);
    let is_learn = |ask: &Ask| matches!(ask, Ask::Queue(crate::app::queue::Wish::Learn(_), _));
    let kinds = [
        &is_page as &dyn Fn(&Ask) -> bool,
        &is_count,
        &is_prompts,
        &is_lineage,
        &is_look,
        &is_learn,
    ];
    for kind in kinds {
        let last = waiting.iter().rposition(kind);
        let mut place = 0;
        waiting.retain(|ask| {
            place += 1;
            !kind(ask) || Some(place - 1) == last
        });
    }
}

/// A page of the history, with the rows that can be read.
pub(super) fn page(store: &Store, wanted: Wanted) -> Result<Page, StoreError> {
    let beside = |id| store.position(id);
    let query = store.query(&wanted.query, engine::now())?;
    let from = match wanted.from {
        From::Newest => Some(Start::Newest),
        From::Oldest => Some(Start::Oldest),
        From::Below(id) => beside(id)?.map(Start::OlderThan),
        From::Above(id) => beside(id)?.map(Start::NewerThan),
        From::At(id) => beside(id)?.map(Start::At),
        From::DayBelow(id) => store.day_below(&query, id)?.map(Start::At),
        From::DayAbove(id) => store.day_above(&query, id)?.map(Start::At),
    };
    let entries = match from {
        Some(from) => store.page(&query, from, PAGE)?,
        None => Vec::new(),
    };
    let rows = entries.into_iter().filter_map(|entry| entry.generation.ok()).collect();
    Ok(Page { wanted, rows })
}

/// Whether a generation read from the journal is one to take up again at a start.
pub(super) fn waits(generation: &Generation) -> bool {
    generation.job == Job::Queued
}
