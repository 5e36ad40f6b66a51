//! Waiting for what a file asked for, and telling of each as it ends.
//!
//! Promises that the journal is believed and not the line to the worker: what another worker
//! has, of a run before or of a studio, is waited for as well. Must never send what the journal
//! does not have in its queue.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::timeout;

use crate::cli::output;
use crate::domain::{Failure, Generation, GenerationId};
use crate::engine;
use crate::engine::link::{Link, Place, Report, Service};
use crate::store::Store;

/// How long nothing is heard before the journal is looked at.
const SILENCE: Duration = Duration::from_secs(1);

/// So many looks in a row find the worker of a request gone before another one is started,
/// which takes up what that one left.
const LOOKS: u32 = 3;

/// One request that is waited for.
pub(super) struct Waiting {
    /// Which line it is of.
    pub(super) line: usize,
    /// Who makes it.
    pub(super) service: Service,
}

/// What is left, and who hears of what has ended.
struct Watch<'a> {
    left: BTreeMap<GenerationId, Waiting>,
    all: usize,
    store: &'a mut Store,
    tell: &'a mut dyn FnMut(&Generation, usize),
}

/// Has all of `left` made and waits for it; `tell` hears of each as it ends, with its line.
/// Where the user interrupts that, what was not sent yet is taken back, and the answer is how
/// much that is and how much goes on.
///
/// # Errors
/// When the journal cannot be read or written.
pub(super) async fn wait(
    place: Place,
    left: BTreeMap<GenerationId, Waiting>,
    store: &mut Store,
    tell: &mut dyn FnMut(&Generation, usize),
) -> Result<Option<String>, Failure> {
    if left.is_empty() {
        return Ok(None);
    }
    let (link, mut reports) = Link::new(place.clone());
    // What a worker that is gone has under way is judged first, by the one that starts.
    link.wake();
    for (id, waiting) in &left {
        link.run(*id, waiting.service.clone());
    }
    let mut watch = Watch { all: left.len(), left, store, tell };
    let bar = output::progress();
    bar.enable_steady_tick(Duration::from_millis(120));
    let mut interrupted = std::pin::pin!(tokio::signal::ctrl_c());
    let (mut orphaned, mut another) = (0, None);
    while !watch.left.is_empty() {
        bar.set_message(format!("{} of {} done", watch.all - watch.left.len(), watch.all));
        tokio::select! {
            ended = heard(&mut reports) => match ended? {
                Heard::Ended(id) => bar.suspend(|| watch.look_at(id, true))?,
                Heard::Nothing => {
                    let orphans = bar.suspend(|| watch.look())?;
                    orphaned = if orphans { orphaned + 1 } else { 0 };
                    if orphaned >= LOOKS && another.is_none() {
                        let (link, reports) = Link::new(place.clone());
                        link.wake();
                        another = Some((link, reports));
                    }
                }
                Heard::Trouble(failure) => bar.suspend(|| output::failure(&failure)),
                Heard::Other => {}
            },
            _ = &mut interrupted => {
                bar.finish_and_clear();
                return watch.take_back().map(Some);
            }
        }
    }
    bar.finish_and_clear();
    Ok(None)
}

/// What was heard of the worker.
enum Heard {
    /// It will do nothing more for this one.
    Ended(GenerationId),
    /// It is in trouble.
    Trouble(Failure),
    /// How far one is.
    Other,
    /// For a while nothing.
    Nothing,
}

async fn heard(reports: &mut UnboundedReceiver<Report>) -> Result<Heard, Failure> {
    Ok(match timeout(SILENCE, reports.recv()).await {
        Ok(Some(Report::Settled(id))) => Heard::Ended(id),
        Ok(Some(Report::Trouble(failure))) => Heard::Trouble(failure),
        Ok(Some(Report::Progress(_))) => Heard::Other,
        // The line is there for as long as we hold the link.
        Ok(None) | Err(_) => Heard::Nothing,
    })
}

impl Watch<'_> {
    /// Looks how one is in the journal; `settled` when our worker has nothing more to do for it.
    fn look_at(&mut self, id: GenerationId, settled: bool) -> Result<(), Failure> {
        let Some(waiting) = self.left.get(&id) else { return Ok(()) };
        let Some(generation) = self.store.get(id)? else {
            self.left.remove(&id);
            return Ok(());
        };
        // Under way although ours has let go of it: another worker has it.
        let is_elsewhere = generation.job.is_under_way() && !generation.job.is_waiting();
        if is_elsewhere || generation.job.is_waiting() && !settled {
            return Ok(());
        }
        (self.tell)(&generation, waiting.line);
        self.left.remove(&id);
        Ok(())
    }

    /// Looks at all that is left; says whether a worker that is gone has any of it.
    fn look(&mut self) -> Result<bool, Failure> {
        let under_way: Vec<_> = self.store.under_way()?.into_iter().flatten().collect();
        let ids: BTreeSet<_> = under_way.iter().map(|found| found.generation.id).collect();
        let ended: Vec<_> = self.left.keys().filter(|id| !ids.contains(id)).copied().collect();
        ended.into_iter().try_for_each(|id| self.look_at(id, false))?;
        Ok(under_way.iter().any(|found| {
            self.left.contains_key(&found.generation.id)
                && found.attempt.as_ref().is_some_and(|attempt| engine::is_gone(&attempt.worker))
        }))
    }

    /// Takes back what was not sent yet.
    fn take_back(&mut self) -> Result<String, Failure> {
        let ids: Vec<GenerationId> = self.left.keys().copied().collect();
        self.store.cancel_all(&ids, engine::now())?;
        let under_way: BTreeSet<_> =
            self.store.under_way()?.into_iter().flatten().map(|it| it.generation.id).collect();
        let go_on = ids.iter().filter(|id| under_way.contains(id)).count();
        let back = ids.len() - go_on;
        Ok(format!("{back} were not sent, {go_on} go on in the background."))
    }
}
