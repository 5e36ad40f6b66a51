//! The worker process: it owns the network and the keys, and outlives its face.
//!
//! Owns the queue limits and the life of the process. Promises to finish what it has
//! taken up after its face is gone, and to leave when there is nothing left. Must never
//! write to a terminal, nor keep a key longer than its jobs.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;

use super::attempt::End;
use super::base::Darkroom;
use super::lane::{self, Lanes, Place, Widths};
use super::link::{Order, Report, Service, Terms};
use super::{attempt, identity, now, pictures, recovery};
use crate::api::{Bounds, Client, Fetcher};
use crate::domain::{Budget, Failure, FailureKind, GenerationId, Job, Progress, Timestamp};
use crate::store::{Store, WorkerId};

/// Demo paintings at once, however many jobs there are.
const EASELS: usize = 2;

/// What every job of this worker shares.
pub(super) struct Shop {
    store: Mutex<Store>,
    pub(super) me: WorkerId,
    pub(super) terms: Terms,
    /// What may be spent, as it was said last.
    budget: Mutex<Budget>,
    pub(super) client: Client,
    pub(super) fetcher: Fetcher,
    /// What a worker that is gone has left, until it is judged.
    pub(super) recovering: watch::Sender<BTreeSet<GenerationId>>,
    reports: mpsc::UnboundedSender<Report>,
    /// Who of the jobs has a turn.
    pub(super) lanes: Arc<Lanes>,
    pub(super) darkroom: Darkroom,
    /// Places to paint at: a painting takes a processor and much memory.
    pub(super) easels: Semaphore,
}

impl Shop {
    /// The journal. Its commits take a millisecond, so they are made where they are due.
    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        // A panic while the store was held left a transaction behind that rolled back.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What may be spent.
    pub(super) fn budget(&self) -> Budget {
        *self.budget.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the face, if there still is one.
    pub(super) fn report(&self, id: GenerationId, job: Job) {
        self.tell(Report::Progress(Progress { id, job, sent: None }));
    }

    /// Tells the face that an attempt is on its way to whoever draws.
    pub(super) fn report_sent(&self, id: GenerationId, since: Timestamp, attempt: u32) {
        let job = Job::Running { since, attempt };
        self.tell(Report::Progress(Progress { id, job, sent: Some(now()) }));
    }

    pub(super) fn tell(&self, report: Report) {
        let _ = self.reports.send(report);
    }

    pub(super) fn settled(&self, id: GenerationId) {
        self.tell(Report::Settled(id));
    }
}

/// Runs the worker over standard input and output, on the history in `dir`, until its
/// face is gone and its jobs are done. Base images are opened in `darkroom`.
///
/// # Errors
/// When the history cannot be opened.
pub fn run(dir: &Path, darkroom: Darkroom) -> Result<(), Failure> {
    // A session of our own: a hangup of the face's terminal does not reach us. It fails
    // where we already lead one, which is as good.
    let _ = rustix::process::setsid();
    let store = Store::open(dir).map_err(Failure::from)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| {
        Failure::before_sending(
            FailureKind::Internal,
            format!("No thread could be started: {error}."),
            "Close other programs of yours; `ulimit -u` says how many may run.",
        )
    })?;
    runtime.block_on(serve(store, darkroom));
    Ok(())
}

async fn serve(store: Store, darkroom: Darkroom) {
    ignore_hangups();
    let mut orders = BufReader::new(tokio::io::stdin()).lines();
    let Some(terms) = terms(orders.next_line().await) else { return };
    let (reports, mut told) = mpsc::unbounded_channel();
    // Before any order is read: what is ordered may be among it.
    let left = recovery::left(&store);
    let widths = Widths { usual: terms.parallel, of: terms.parallel_of.clone() };
    let shop = Arc::new(Shop {
        store: Mutex::new(store),
        me: identity::own(),
        budget: Mutex::new(terms.budget),
        terms,
        client: Client::new(Bounds::default()),
        fetcher: Fetcher::new(Bounds::default()),
        recovering: watch::Sender::new(left.iter().map(|(generation, _)| generation.id).collect()),
        reports,
        lanes: Lanes::new(widths),
        darkroom,
        easels: Semaphore::new(EASELS),
    });
    tokio::spawn(async move {
        let mut out = tokio::io::stdout();
        while let Some(report) = told.recv().await {
            let mut line = serde_json::to_string(&report).expect("reports are plain data");
            line.push('\n');
            // A face that is gone hears nothing; the journal has it all.
            let _ = out.write_all(line.as_bytes()).await;
            let _ = out.flush().await;
        }
    });

    tokio::spawn(lane::attend(Arc::clone(&shop)));
    let mut jobs = JoinSet::new();
    jobs.spawn(recovery::recover(Arc::clone(&shop), left));
    if let Err(failure) = pictures::look_again(&shop) {
        tracing::error!(what = %failure.what, "what is missing cannot be read");
    }
    let clearing = Arc::clone(&shop);
    jobs.spawn_blocking(move || clear_inbox(&clearing));
    let mut face = true;
    while face || !jobs.is_empty() {
        tokio::select! {
            line = orders.next_line(), if face => {
                if let Ok(Some(line)) = line {
                    obey(&shop, &mut jobs, &line);
                } else {
                    face = false;
                    shop.lanes.lose_face();
                }
            }
            Some(ended) = jobs.join_next() => {
                if let Err(error) = ended {
                    tracing::error!(%error, "a job ended in a fault of the program");
                }
            }
        }
    }
}

/// How to work, which a face says first.
fn terms(line: std::io::Result<Option<String>>) -> Option<Terms> {
    if let Ok(Order::Hello(terms)) = serde_json::from_str(&line.ok()??) {
        return Some(terms);
    }
    tracing::error!("the first order is no greeting");
    None
}

fn obey(shop: &Arc<Shop>, jobs: &mut JoinSet<()>, line: &str) {
    match serde_json::from_str::<Order>(line) {
        Ok(Order::Hello(_)) => tracing::warn!("a second greeting is ignored"),
        Ok(Order::Run { id, service }) => {
            let shop = Arc::clone(shop);
            let mut recovering = shop.recovering.subscribe();
            // At once, so that jobs stand in the line in which they were ordered.
            let place = (!recovering.borrow().contains(&id)).then(|| join(&shop, id));
            jobs.spawn(async move {
                // The sender is in the shop, so this ends with the judgement alone.
                let _ = recovering.wait_for(|ids| !ids.contains(&id)).await;
                let place = place.unwrap_or_else(|| join(&shop, id));
                if make(&shop, id, &service.service(), place).await {
                    shop.settled(id);
                }
            });
        }
        Ok(Order::Reread { id }) => {
            let shop = Arc::clone(shop);
            jobs.spawn(async move {
                if let Err(failure) = recovery::reread(&shop, id).await {
                    tracing::error!(%id, what = %failure.what, "an answer could not be read again");
                    shop.tell(Report::Trouble(failure));
                }
                shop.settled(id);
            });
        }
        Ok(Order::Look) => shop.lanes.look(),
        Ok(Order::Allow(budget)) => {
            *shop.budget.lock().unwrap_or_else(PoisonError::into_inner) = budget;
        }
        // Not even the line itself goes to the log: it may hold a key.
        Err(error) => tracing::error!(%error, "an order could not be read"),
    }
}

/// Removes answers that have served their time.
fn clear_inbox(shop: &Shop) {
    let days = f64::from(shop.terms.keep_answers_days);
    let before = now().plus_seconds(-days * 86_400.0);
    match shop.store().clear_inbox(before) {
        Ok(0) => {}
        Ok(removed) => tracing::info!(removed, "old answers removed"),
        Err(error) => tracing::warn!(%error, "old answers cannot be removed"),
    }
}

/// Has a generation wait for its turn, with the others of its provider. `None` when there is
/// none of that name.
fn join(shop: &Shop, id: GenerationId) -> Option<(String, Place)> {
    let generation = shop.store().get(id);
    match generation {
        Ok(generation) => {
            let provider = generation?.request.model.provider().to_owned();
            let place = shop.lanes.join(id, &provider);
            Some((provider, place))
        }
        Err(error) => {
            shop.tell(Report::Trouble(error.into()));
            None
        }
    }
}

/// Makes one generation, in its turn. `false` when it still waits: it is paused, and the
/// face is gone.
async fn make(
    shop: &Arc<Shop>,
    id: GenerationId,
    service: &Service,
    place: Option<(String, Place)>,
) -> bool {
    let Some((provider, mut place)) = place else { return true };
    let mut failures = 0;
    loop {
        let turn = place.turn(|pause| shop.report(id, pause)).await;
        let Some(mut turn) = turn else { return false };
        match attempt::make(shop, id, service, &mut turn, &mut failures).await {
            Ok(End::Waits) => place = shop.lanes.join(id, &provider),
            Ok(End::Over) => return true,
            Err(failure) => {
                tracing::error!(%id, what = %failure.what, "the journal failed");
                shop.tell(Report::Trouble(failure));
                return true;
            }
        }
    }
}

/// A hangup is for the face; what is paid for is received to its end.
fn ignore_hangups() {
    use tokio::signal::unix::{SignalKind, signal};
    for kind in [SignalKind::hangup(), SignalKind::interrupt(), SignalKind::quit()] {
        if let Ok(mut signals) = signal(kind) {
            tokio::spawn(async move { while signals.recv().await.is_some() {} });
        }
    }
}
