//! What a worker that is gone has left under way is judged, at every start.
//!
//! Promises that a whole answer is read as if nothing had happened, that a request which
//! never left goes back into the queue, and that one which may have arrived is marked
//! and not sent again.

use std::sync::Arc;

use futures::future::join_all;
use tokio::task::spawn_blocking;
use url::Url;

use super::attempt::end;
use super::worker::Shop;
use super::{identity, now, policy, reading};
use crate::api;
use crate::domain::{Charged, Failure, FailureKind, Generation, GenerationId, Job, Retry, Text};
use crate::store::{Attempt, Head, Store};

/// An attempt whose worker is gone, and its generation.
pub(super) type Left = (Generation, Attempt);

/// Everything whose worker is gone.
pub(super) fn left(store: &Store) -> Vec<Left> {
    let found = store.under_way().unwrap_or_else(|error| {
        tracing::error!(%error, "what was under way cannot be read");
        Vec::new()
    });
    let readable = found.into_iter().filter_map(|under_way| {
        under_way
            .inspect_err(|error| tracing::error!(%error, "a row that is under way is unreadable"))
            .ok()
    });
    let taken = readable.filter_map(|it| Some((it.generation, it.attempt?)));
    taken.filter(|(_, attempt)| identity::is_gone(&attempt.worker)).collect()
}

/// Takes up what was left, and the files that no row accounts for.
pub(super) async fn recover(shop: Arc<Shop>, left: Vec<Left>) {
    // All at once: a picture that is late keeps none of the others waiting.
    let judging = left.into_iter().map(|(generation, attempt)| {
        let shop = Arc::clone(&shop);
        async move { take_up(&shop, &generation, &attempt).await }
    });
    join_all(judging).await;
    adopt(&shop).await;
}

async fn take_up(shop: &Arc<Shop>, generation: &Generation, attempt: &Attempt) {
    let id = generation.id;
    let judged = judge(shop, generation, attempt).await;
    shop.recovering.send_modify(|ids| {
        ids.remove(&id);
    });
    match judged {
        Ok(Judgement::Settled) => shop.settled(id),
        Ok(Judgement::Queued) => shop.report(id, Job::Queued),
        Err(failure) => {
            tracing::error!(%id, what = %failure.what, "it could not be taken up");
            shop.settled(id);
        }
    }
}

async fn adopt(shop: &Shop) {
    let dir = shop.store().dir().to_owned();
    let adopting = spawn_blocking(move || Store::open(&dir)?.rebuild()).await;
    match adopting {
        Ok(Ok(found)) if found.is_empty() => {}
        Ok(Ok(found)) => tracing::warn!(?found, "files that no row knew of are in the history"),
        Ok(Err(error)) => tracing::error!(%error, "the files cannot be looked through"),
        Err(error) => tracing::error!(%error, "the look through the files broke off"),
    }
}

/// What became of what was left.
enum Judgement {
    /// It has ended, or is another worker's.
    Settled,
    /// It waits for its turn again.
    Queued,
}

async fn judge(
    shop: &Arc<Shop>,
    generation: &Generation,
    attempt: &Attempt,
) -> Result<Judgement, Failure> {
    let (id, number) = (generation.id, attempt.number);
    // Of two workers that find it, one takes it over.
    if !shop.store().take_over(id, number, &attempt.worker, &shop.me)? {
        return Ok(Judgement::Settled);
    }
    if attempt.connected.is_none() {
        let failure = Failure::before_sending(
            FailureKind::Unreachable,
            "The program ended before the request was sent.",
            "",
        );
        shop.store().release(id, number, &failure, now())?;
        return Ok(Judgement::Queued);
    }
    finish(shop, generation, attempt).await
}

/// Reads what has come of an answer to a request that was sent, if it is enough.
async fn finish(
    shop: &Arc<Shop>,
    generation: &Generation,
    attempt: &Attempt,
) -> Result<Judgement, Failure> {
    let (id, number) = (generation.id, attempt.number);
    let length = shop.store().read_answer(id, number)?.map_or(0, |body| body.len() as u64);
    let is_enough = |noted: &&Head| {
        // A part of an answer may hold whole pictures, and a refusal is known by its head.
        let all = attempt.received.is_some() || noted.length == Some(length);
        all || length > 0 || !noted_head(noted).is_success()
    };
    let Some(noted) = attempt.head.as_ref().filter(is_enough) else {
        end(shop, id, number, interrupted()).await?;
        return Ok(Judgement::Settled);
    };
    let head = noted_head(noted);
    // On a line of its own: in the condition the store would be held, and waited for.
    let promoted = shop.store().promote(id, number)?;
    if let Some(answer) = promoted {
        shop.store().received(id, number, &answer, now())?;
    }
    let reading = reading::read(shop, id, number, &head)?;
    // Refused for now and for free, it waits for its turn as if its worker were alive.
    if let Some(failure) = &reading.failure
        && failure.charged == Charged::No
        && policy::is_sent_again(failure)
    {
        shop.store().release(id, number, failure, now())?;
        return Ok(Judgement::Queued);
    }
    reading::settle(shop, generation, number, reading).await?;
    Ok(Judgement::Settled)
}

/// Reads the answer to the last attempt at a generation again, which failed or was
/// interrupted: an update may understand it, a picture it links to may be there now.
pub(super) async fn reread(shop: &Arc<Shop>, id: GenerationId) -> Result<(), Failure> {
    let Some(attempt) = shop.store().attempts(id)?.pop() else { return Ok(()) };
    let Some(noted) = &attempt.head else { return Ok(()) };
    if !shop.store().reopen(id, attempt.number, &shop.me)? {
        return Ok(());
    }
    let Some(generation) = shop.store().get(id)? else { return Ok(()) };
    let reading = reading::read(shop, id, attempt.number, &noted_head(noted))?;
    reading::settle(shop, &generation, attempt.number, reading).await
}

fn noted_head(noted: &Head) -> api::Head {
    let service: Option<Url> = noted.service.as_ref().and_then(|service| service.parse().ok());
    let host = service.as_ref().and_then(Url::host_str).unwrap_or("the service");
    let head = api::Head::noted(noted.status, noted.request_id.clone(), noted.length);
    api::Head { host: Text::new(host), ..head }
}

fn interrupted() -> Failure {
    Failure::before_sending(
        FailureKind::OutcomeUnknown,
        "The program ended after the request was sent; what became of it is unknown.",
        "It is not sent again by itself. Look at the account before you send it again.",
    )
    .charged(Charged::Maybe)
    .retry(Retry::Ask)
}
