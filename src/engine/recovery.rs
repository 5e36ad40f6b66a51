//! What a worker that is gone has left under way is judged, at every start.
//!
//! Promises that a whole answer is read as if nothing had happened, that a request which
//! never left goes back into the queue, and that one which may have arrived is marked
//! and not sent again.

use std::sync::Arc;

use tokio::task::spawn_blocking;
use url::Url;

use super::attempt::end;
use super::worker::Shop;
use super::{identity, now, reading};
use crate::api;
use crate::domain::{Charged, Failure, FailureKind, Generation, GenerationId, Retry};
use crate::store::{Attempt, Head, Store};

/// Takes up everything whose worker is gone, and the files that no row accounts for.
pub(super) async fn recover(shop: Arc<Shop>) {
    let dir = shop.store().dir().to_owned();
    let adopting = spawn_blocking(move || Store::open(&dir)?.rebuild()).await;
    match adopting {
        Ok(Ok(found)) if found.is_empty() => {}
        Ok(Ok(found)) => tracing::warn!(?found, "files that no row knew of are in the history"),
        Ok(Err(error)) => tracing::error!(%error, "the files cannot be looked through"),
        Err(error) => tracing::error!(%error, "the look through the files broke off"),
    }
    let found = shop.store().under_way();
    let found = match found {
        Ok(found) => found,
        Err(error) => return tracing::error!(%error, "what was under way cannot be read"),
    };
    for under_way in found {
        let under_way = match under_way {
            Ok(under_way) => under_way,
            Err(error) => {
                tracing::error!(%error, "a row that is under way cannot be read");
                continue;
            }
        };
        let Some(attempt) = under_way.attempt else { continue };
        if !identity::is_gone(&attempt.worker) {
            continue;
        }
        let id = under_way.generation.id;
        if let Err(failure) = judge(&shop, &under_way.generation, &attempt).await {
            tracing::error!(%id, what = %failure.what, "it could not be taken up");
        }
        shop.settled(id);
    }
}

async fn judge(shop: &Shop, generation: &Generation, attempt: &Attempt) -> Result<(), Failure> {
    let (id, number) = (generation.id, attempt.number);
    // Of two workers that find it, one takes it over.
    if !shop.store().take_over(id, number, &attempt.worker, &shop.me)? {
        return Ok(());
    }
    if attempt.connected.is_none() {
        let failure = Failure::before_sending(
            FailureKind::Unreachable,
            "The program ended before the request was sent.",
            "",
        );
        shop.store().release(id, number, &failure, now())?;
        return Ok(());
    }
    let Some(noted) = &attempt.head else { return end(shop, id, number, interrupted()).await };
    let length = shop.store().read_answer(id, number)?.map_or(0, |body| body.len() as u64);
    // An answer of which all has come is ours, whatever was noted of it.
    let whole = attempt.received.is_some() || noted.length == Some(length);
    if !whole && length == 0 {
        return end(shop, id, number, interrupted()).await;
    }
    // On a line of its own: in the condition the store would be held, and waited for.
    let promoted = shop.store().promote(id, number)?;
    if let Some(answer) = promoted {
        shop.store().received(id, number, &answer, now())?;
    }
    let reading = reading::read(shop, id, number, &noted_head(noted))?;
    reading::settle(shop, generation, number, reading, service(noted).as_ref()).await
}

/// Reads the answer to the last attempt at a generation again, which failed or was
/// interrupted: an update may understand it, a picture it links to may be there now.
pub(super) async fn reread(shop: &Shop, id: GenerationId, base_url: &Url) -> Result<(), Failure> {
    let Some(attempt) = shop.store().attempts(id)?.pop() else { return Ok(()) };
    let Some(noted) = &attempt.head else { return Ok(()) };
    if !shop.store().reopen(id, attempt.number, &shop.me)? {
        return Ok(());
    }
    let Some(generation) = shop.store().get(id)? else { return Ok(()) };
    let reading = reading::read(shop, id, attempt.number, &noted_head(noted))?;
    // One that a lost history brought back does not know where it came from.
    let service = service(noted).unwrap_or_else(|| base_url.clone());
    reading::settle(shop, &generation, attempt.number, reading, Some(&service)).await
}

/// Where an answer came from.
fn service(noted: &Head) -> Option<Url> {
    noted.service.as_ref()?.parse().ok()
}

fn noted_head(noted: &Head) -> api::Head {
    api::Head::noted(noted.status, noted.request_id.clone(), noted.length)
}

fn interrupted() -> Failure {
    Failure::before_sending(
        FailureKind::OutcomeUnknown,
        "The program ended after the request was sent; what became of it is unknown.",
        "It is not sent again by itself. Run it again if you are ready to pay again.",
    )
    .charged(Charged::Maybe)
    .retry(Retry::Ask)
}
