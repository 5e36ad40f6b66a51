//! What a worker that is gone has left under way is judged, at every start.
//!
//! Promises that a whole answer is read as if nothing had happened, that a request which
//! never left goes back into the queue, and that one which may have arrived is marked
//! and not sent again.

use std::sync::Arc;

use super::attempt::end;
use super::worker::Shop;
use super::{identity, now, reading};
use crate::api;
use crate::domain::{Charged, Failure, FailureKind, Generation, GenerationId, Retry};
use crate::store::{Attempt, Head};

/// An answer that a worker has left, to be read.
pub(super) struct Left {
    generation: Generation,
    attempt: Attempt,
    head: Head,
}

/// Judges everything whose worker is gone. What is left to read comes back; all else is
/// settled, so that an order for it that comes after finds it in the queue.
pub(super) fn judge_all(shop: &Shop) -> Vec<Left> {
    let found = shop.store().under_way();
    let found = found.unwrap_or_else(|error| {
        tracing::error!(%error, "what was under way cannot be read");
        Vec::new()
    });
    let mut to_read = Vec::new();
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
        match judge(shop, under_way.generation, attempt) {
            Ok(Some(left)) => {
                to_read.push(left);
                continue;
            }
            Ok(None) => {}
            Err(failure) => tracing::error!(%id, what = %failure.what, "it could not be judged"),
        }
        shop.settled(id);
    }
    to_read
}

fn judge(shop: &Shop, generation: Generation, attempt: Attempt) -> Result<Option<Left>, Failure> {
    let (id, number) = (generation.id, attempt.number);
    // Of two workers that find it, one takes it over.
    if !shop.store().take_over(id, number, &attempt.worker, &shop.me)? {
        return Ok(None);
    }
    if attempt.connected.is_none() {
        let failure = Failure::before_sending(
            FailureKind::Unreachable,
            "The program ended before the request was sent.",
            "",
        );
        shop.store().release(id, number, &failure, now())?;
        return Ok(None);
    }
    let Some(head) = attempt.head.clone() else {
        return end(shop, id, number, interrupted()).map(|()| None);
    };
    let length = shop.store().read_answer(id, number)?.map_or(0, |body| body.len() as u64);
    // An answer of which all has come is ours, whatever was noted of it.
    let whole = attempt.received.is_some() || head.length == Some(length);
    if !whole && length == 0 {
        return end(shop, id, number, interrupted()).map(|()| None);
    }
    Ok(Some(Left { generation, attempt, head }))
}

/// Reads an answer that was left.
pub(super) async fn read(shop: &Arc<Shop>, left: Left) {
    let id = left.generation.id;
    if let Err(failure) = keep(shop, &left).await {
        tracing::error!(%id, what = %failure.what, "it could not be taken up");
    }
    shop.settled(id);
}

async fn keep(shop: &Arc<Shop>, left: &Left) -> Result<(), Failure> {
    let (id, number) = (left.generation.id, left.attempt.number);
    // On a line of its own: in the condition the store would be held, and waited for.
    let promoted = shop.store().promote(id, number)?;
    if let Some(answer) = promoted {
        shop.store().received(id, number, &answer, now())?;
    }
    let reading = reading::read(shop, id, number, &noted_head(&left.head))?;
    reading::settle(shop, &left.generation, number, reading).await
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
    api::Head::noted(noted.status, noted.request_id.clone(), noted.length)
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
