//! One generation, attempt by attempt, in the order that loses nothing.
//!
//! 1. the answer's file is reserved
//! 2. the row says who makes it
//! 3. the line is made
//! 4. the row says so, and only then the request is written
//! 5. the head of the answer is noted
//! 6. the body streams to the file
//! 7. the file is sealed
//! 8. the row says so
//! 9. the answer is read ([`super::reading`])

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::lane::{Lane, paused};
use super::link::Service;
use super::policy::{self, Next};
use super::worker::Shop;
use super::{base, chance, now, reading};
use crate::api::langbase::{self, Reading};
use crate::api::{self, Route, demo};
use crate::domain::{
    BaseImage, Charged, Failure, FailureKind, Generation, GenerationId, Job, Retry,
};
use crate::store::{Answer, AnswerFile, Head, Outcome};

/// Room that is set aside for an answer before it is asked for: a large picture in
/// base64, in bytes.
const ROOM: u64 = 16 << 20;

/// How an attempt went on from the sealed answer, or how it ended before.
enum Went {
    /// The answer is in the inbox, with the head it came under.
    Answered(api::Head, Answer),
    /// It ended without a whole answer.
    Stopped(Failure),
}

/// Makes the generation `id`, with as many attempts as the policy says, each when its
/// lane is open. A generation that is not in the queue is left alone.
///
/// # Errors
/// Only when the journal fails.
pub(super) async fn make(
    shop: &Arc<Shop>,
    id: GenerationId,
    service: &Service,
    lane: &Lane,
) -> Result<(), Failure> {
    let mut failures = 0;
    loop {
        lane.open(|pause| shop.report(id, pause)).await;
        let Some(attempt) = shop.store().claim(id, &shop.me, now())? else { return Ok(()) };
        let Some(generation) = shop.store().get(id)? else { return Ok(()) };
        shop.report(id, Job::Running { since: now(), attempt });
        let went = send(shop, &generation, attempt, service).await;
        let (failure, asked, reading) =
            match went.unwrap_or_else(|trouble| Went::Stopped(unsaved(trouble))) {
                Went::Stopped(failure) => (failure, None, None),
                Went::Answered(head, answer) => {
                    shop.store().received(id, attempt, &answer, now())?;
                    let reading = reading::read(shop, id, attempt, &head)?;
                    let Some(failure) = reading.failure.clone() else {
                        return reading::settle(shop, &generation, attempt, reading).await;
                    };
                    (failure, head.retry_after.map(Duration::from_millis), Some(reading))
                }
            };
        failures += 1;
        let (allowed, chance) = (shop.terms.retry_on_503, chance(id, failures));
        let next = policy::next(&failure, failures, asked, allowed, chance);
        let (Next::Again(pause) | Next::AllWait(pause)) = next else {
            let failure = in_the_end(failure, failures, asked);
            return match reading {
                Some(reading) => {
                    let reading = Reading { failure: Some(failure), ..reading };
                    reading::settle(shop, &generation, attempt, reading).await
                }
                None => end(shop, id, attempt, failure),
            };
        };
        tracing::info!(%id, what = %failure.what, ?pause, "trying again");
        if failure.charged == Charged::No {
            shop.store().release(id, attempt, &failure, now())?;
        } else {
            shop.store().release_at_a_risk(id, attempt, &failure, now())?;
        }
        if let Next::AllWait(_) = next {
            lane.close(pause, failure);
        } else {
            shop.report(id, paused(pause, failure));
            tokio::time::sleep(pause).await;
        }
    }
}

/// The failure that a job ends with, and what is left to the user.
fn in_the_end(failure: Failure, failures: u32, asked: Option<Duration>) -> Failure {
    if !policy::is_sent_again(&failure) {
        return failure;
    }
    let tried = match failures {
        1 => String::new(),
        failures => format!("It was tried {failures} times. "),
    };
    let then = match asked.filter(|asked| !asked.is_zero()) {
        Some(asked) => {
            format!("From {} on it", now().plus_seconds(asked.as_secs_f64()).to_minute())
        }
        None => "It".to_owned(),
    };
    let hint = format!("{} {tried}{then} can be sent again.", failure.hint);
    Failure { hint: hint.into(), ..failure }
}

/// Ends a generation that has no answer to read.
pub(super) fn end(
    shop: &Shop,
    id: GenerationId,
    attempt: u32,
    failure: Failure,
) -> Result<(), Failure> {
    let job = policy::ended(failure);
    conclude(shop, id, attempt, &Outcome { job, usage: None, cost: None, words: None })
}

/// Ends a generation as `outcome` says, in the journal and in its receipt.
pub(super) fn conclude(
    shop: &Shop,
    id: GenerationId,
    attempt: u32,
    outcome: &Outcome,
) -> Result<(), Failure> {
    let mut store = shop.store();
    store.finish(id, attempt, outcome, now())?;
    if let Some(generation) = store.get(id)? {
        store.write_receipt(&generation)?;
    }
    Ok(())
}

async fn send(
    shop: &Shop,
    generation: &Generation,
    attempt: u32,
    service: &Service,
) -> Result<Went, Failure> {
    // What can fail for free fails before anything is reserved.
    let image = generation.request.image.clone();
    let travelling = match service {
        Service::Langbase(_) => image.as_ref().map(base::travelling).transpose(),
        Service::Demo { .. } => Ok(None),
    };
    let travelling = match travelling {
        Ok(travelling) => travelling,
        Err(failure) => return Ok(Went::Stopped(failure)),
    };
    let file = match shop.store().reserve(generation.id, attempt, ROOM) {
        Ok(file) => file,
        Err(error) => return Ok(Went::Stopped(error.into())),
    };
    match service {
        Service::Demo { moment } => paint(shop, generation, attempt, *moment, file).await,
        Service::Langbase(route) => post(shop, generation, attempt, route, travelling, file).await,
    }
}

/// The demo painter's answer goes the same way as one that was paid for.
async fn paint(
    shop: &Shop,
    generation: &Generation,
    attempt: u32,
    moment: f64,
    mut file: AnswerFile,
) -> Result<Went, Failure> {
    shop.store().connected(generation.id, attempt, now())?;
    let begun = tokio::time::Instant::now();
    let request = generation.request.clone();
    let painted = tokio::task::spawn_blocking(move || {
        let base = match &request.image {
            None => None,
            Some(BaseImage::File(path)) => Some(base::bytes(Path::new(path))?.1),
            Some(BaseImage::Url(_)) => {
                return Err(Failure::before_sending(
                    FailureKind::BaseImage,
                    "The demo painter has no network, so it cannot fetch a base image.",
                    "Give it a file of this machine, or choose another model.",
                ));
            }
        };
        demo::answer(&request, base.as_deref())
    });
    let body = match painted.await.unwrap_or_else(|_| Err(fault())) {
        Ok(body) => body,
        Err(failure) => {
            file.discard()?;
            return Ok(Went::Stopped(failure));
        }
    };
    tokio::time::sleep(Duration::from_secs_f64(moment).saturating_sub(begun.elapsed())).await;
    let head = api::Head::noted(200, None, Some(body.len() as u64));
    note_head(shop, generation.id, attempt, &head)?;
    file.write(&body)?;
    Ok(Went::Answered(head, file.seal()?))
}

async fn post(
    shop: &Shop,
    generation: &Generation,
    attempt: u32,
    route: &Route,
    image: Option<String>,
    mut file: AnswerFile,
) -> Result<Went, Failure> {
    let id = generation.id;
    let body = langbase::body(&generation.request, image);
    // Only a connection that the journal knows of may carry the request.
    let connected = async {
        if shop.store().connected(id, attempt, now())? {
            return Ok(());
        }
        let what = "Not sent: another worker has taken this job.";
        Err(Failure::before_sending(FailureKind::Storage, what, ""))
    };
    let mut answering = match shop.client.send(route, &body, id, connected).await {
        Ok(answering) => answering,
        Err(failure) => {
            if failure.charged == Charged::No {
                file.discard()?;
            }
            return Ok(Went::Stopped(failure));
        }
    };
    let head = answering.head().clone();
    note_head(shop, id, attempt, &head)?;
    loop {
        match answering.chunk().await {
            Ok(Some(chunk)) => file.write(&chunk)?,
            Ok(None) => break,
            // What came is kept: the pictures that are whole in it were paid for.
            Err(failure) => {
                tracing::warn!(%id, what = %failure.what, "the answer broke off");
                break;
            }
        }
    }
    Ok(Went::Answered(head, file.seal()?))
}

fn note_head(shop: &Shop, id: GenerationId, attempt: u32, head: &api::Head) -> Result<(), Failure> {
    let noted =
        Head { status: head.status, request_id: head.request_id.clone(), length: head.length };
    shop.store().head(id, attempt, &noted)?;
    Ok(())
}

/// The disk or the journal failed after the request was sent.
pub(super) fn unsaved(trouble: Failure) -> Failure {
    trouble.charged(Charged::Maybe).retry(Retry::Ask)
}

/// The painter has panicked.
fn fault() -> Failure {
    Failure::before_sending(
        FailureKind::Internal,
        "The demo painter failed: a fault of this program.",
        "Change a word of the prompt; the log says more.",
    )
    .retry(Retry::Never)
}
