//! `pentimento resume`: what was interrupted is finished.
//!
//! Promises that nothing is sent unasked which may have been paid for: what never left the
//! queue is made, what was answered is read, and what nobody knows the outcome of is named,
//! to be sent again or given up.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::timeout;

use super::{Exit, Surroundings, consent, generate, opening, output, queue, show};
use crate::domain::{Charged, Failure, FailureKind, GenerationId, Job, Verdict};
use crate::engine;
use crate::engine::link::{Link, Report};
use crate::store::{Attempt, Store};

/// How long nothing is heard before the journal is looked at: it is the truth.
const SILENCE: Duration = Duration::from_secs(1);

/// Finish what was interrupted; sends nothing unasked that may have been paid for.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Send this one again, which failed or whose outcome is unknown.
    #[arg(long, value_name = "ID")]
    send_again: Vec<String>,
    /// Give this one up, whose outcome is unknown.
    #[arg(long, value_name = "ID")]
    give_up: Vec<String>,
    /// Send again without a question, where the budget would ask one.
    #[arg(long)]
    yes: bool,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let mut store = opening::open(&surroundings.paths.dir)?;
    let given_up = decide(arguments, surroundings, &mut store)?;
    let unread = unread(&store)?;
    let under_way = store.under_way()?.into_iter().flatten().map(|found| found.generation.id);
    let to_finish: BTreeSet<_> = under_way.chain(unread.iter().copied()).collect();
    // What nobody knows the outcome of is only named.
    let ids: BTreeSet<_> =
        to_finish.iter().copied().chain(store.unknown()?).chain(given_up).collect();
    if ids.is_empty() {
        output::say("Nothing was interrupted.");
        return Ok(Exit::Done);
    }
    if !to_finish.is_empty() {
        let runtime = super::runtime()?;
        runtime.block_on(finish(surroundings, &store, unread))?;
        runtime.shutdown_background();
    }
    let mut all_done = true;
    for id in ids {
        let Some(generation) = store.get(id)? else { continue };
        all_done &= generation.job == Job::Done;
        if arguments.json {
            output::json_line(&output::json(&generation, engine::now()));
        } else {
            let estimate = surroundings.estimate(&generation.request);
            output::line(&output::describe(&generation, engine::now(), estimate));
        }
    }
    Ok(if all_done { Exit::Done } else { Exit::Partly })
}

/// Does what the user has decided: what is sent again is in the queue then, and what is
/// given up comes back.
fn decide(
    arguments: &Arguments,
    surroundings: &Surroundings,
    store: &mut Store,
) -> Result<Vec<GenerationId>, Failure> {
    for part in &arguments.send_again {
        let (id, settings) = (show::find(store, part)?, surroundings.settings()?);
        let known = store.get(id)?;
        if let Some(generation) = &known {
            queue::refuse_paused(store, std::slice::from_ref(&generation.request))?;
        }
        let estimate = known.as_ref().and_then(|it| settings.models.estimate(&it.request));
        let paid = known.is_some_and(|generation| {
            generation.job.failure().is_some_and(|failure| failure.charged == Charged::Yes)
        });
        let mut is_ended = !paid;
        let again = |allowance: &_| {
            let verdict = store.order_again(id, estimate, allowance)?;
            is_ended = verdict.is_some();
            Ok(verdict.unwrap_or(Verdict::Fits))
        };
        // What the user does not want after all is listed as it is.
        let _ = paid || consent::order(settings, arguments.yes, again)?;
        if !is_ended {
            return Err(refused(id, "be sent again: it has not failed, or its answer is here"));
        }
    }
    let mut given_up = Vec::new();
    for part in &arguments.give_up {
        let id = show::find(store, part)?;
        if !store.give_up(id, &engine::given_up())? {
            return Err(refused(id, "be given up: its outcome is not unknown"));
        }
        if let Some(generation) = store.get(id)? {
            store.write_receipt(&generation)?;
        }
        given_up.push(id);
    }
    Ok(given_up)
}

fn refused(id: GenerationId, what: &str) -> Failure {
    let what = format!("{} cannot {what}.", id.short());
    let hint = format!("`pentimento show {}` says how it is.", id.short());
    Failure::before_sending(FailureKind::Request, what, hint)
}

/// The generations that ended without all of their pictures, and whose answer is here.
fn unread(store: &Store) -> Result<Vec<GenerationId>, Failure> {
    let mut unread = Vec::new();
    for answer in store.waiting_answers()?.into_iter().filter(|answer| answer.sealed) {
        let Some(generation) = store.get(answer.id)? else { continue };
        let worth_it = generation.job.failure().is_some_and(|failure| {
            matches!(
                failure.kind,
                FailureKind::Unreadable
                    | FailureKind::Fetch
                    | FailureKind::DeadLink
                    | FailureKind::Storage
            )
        });
        if worth_it && unread.last() != Some(&answer.id) {
            unread.push(answer.id);
        }
    }
    Ok(unread)
}

/// Has all of it done, and waits for that.
async fn finish(
    surroundings: &Surroundings,
    store: &Store,
    unread: Vec<GenerationId>,
) -> Result<(), Failure> {
    let settings = surroundings.settings()?;
    let (link, mut reports) = Link::new(surroundings.place(settings));
    // First what a worker that is gone has left under way, since some of it may only have
    // to go back into the queue. What a worker that lives has is its own to finish.
    let gone = store.under_way()?.into_iter().flatten().filter_map(|found| {
        found
            .attempt
            .filter(|attempt| engine::is_gone(&attempt.worker))
            .map(|_| found.generation.id)
    });
    let gone: BTreeSet<_> = gone.collect();
    link.wake();
    taken_up(&mut reports, store, gone).await?;

    let mut asked: BTreeSet<_> = unread.iter().copied().collect();
    for id in unread {
        link.reread(id);
    }
    let pauses = store.pauses()?;
    for found in store.under_way()?.into_iter().flatten() {
        let (id, model) = (found.generation.id, found.generation.request.model);
        if found.generation.job != Job::Queued {
            continue;
        }
        if pauses.holds(model.provider()) {
            output::failure(&queue::paused(&pauses, model.provider()));
            continue;
        }
        match surroundings.service(model.provider()) {
            Ok(service) => {
                link.run(id, service);
                asked.insert(id);
            }
            Err(failure) => output::failure(&failure),
        }
    }
    settle(&mut reports, store, asked).await?;
    Ok(())
}

/// Waits until a worker has taken up all of `left`, which workers that are gone have left
/// under way. The journal says so: the worker that did it may be another one than ours, or
/// have died before it could tell.
async fn taken_up(
    reports: &mut UnboundedReceiver<Report>,
    store: &Store,
    mut left: BTreeSet<GenerationId>,
) -> Result<(), Failure> {
    let mut trouble = false;
    while !left.is_empty() {
        match timeout(SILENCE, reports.recv()).await {
            Ok(Some(Report::Trouble(failure))) => {
                output::failure(&failure);
                trouble = true;
            }
            Ok(None) => return Ok(()),
            Ok(Some(_)) | Err(_) => {}
        }
        // After a trouble there may be none to take up what still is nobody's.
        let held = |attempt: &Attempt| !(trouble && engine::is_gone(&attempt.worker));
        let under_way = store.under_way()?.into_iter().flatten();
        let held: BTreeSet<_> = under_way
            .filter(|found| found.attempt.as_ref().is_some_and(held))
            .map(|found| found.generation.id)
            .collect();
        left.retain(|id| held.contains(id));
    }
    Ok(())
}

/// Waits until all of `waited_for` are settled.
async fn settle(
    reports: &mut UnboundedReceiver<Report>,
    store: &Store,
    mut waited_for: BTreeSet<GenerationId>,
) -> Result<(), Failure> {
    let mut paused = false;
    while !waited_for.is_empty() {
        match timeout(generate::COUNT, reports.recv()).await {
            Ok(Some(Report::Settled(id))) => drop(waited_for.remove(&id)),
            Ok(Some(Report::Trouble(failure))) => output::failure(&failure),
            Ok(Some(Report::Progress(_))) => {}
            Ok(None) => break,
            Err(_) => {
                let (ended, held) = queue::elsewhere(store, &waited_for)?;
                waited_for.retain(|id| !ended.contains(id));
                if let Some(failure) = held.filter(|_| !std::mem::replace(&mut paused, true)) {
                    output::failure(&failure);
                }
            }
        }
    }
    Ok(())
}
