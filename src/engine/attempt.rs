//! One generation, attempt by attempt, in the order that loses nothing.
//!
//! 1. the row says who makes it
//! 2. the receipt is written and the answer's file reserved
//! 3. the line is made
//! 4. the row says so, and only then the request is written
//! 5. the head of the answer is noted
//! 6. the body streams to the file
//! 7. the file is sealed
//! 8. the row says so
//! 9. the answer is read ([`super::reading`])

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::base::Ground;
use super::lane::{Turn, limit, paused};
use super::link::Service;
use super::patience::Patience;
use super::policy::{self, Next};
use super::worker::Shop;
use super::{base, chance, now, reading};
use crate::api::langbase::{self, Reading};
use crate::api::{self, Route, demo};
use crate::domain::{
    Charged, Failure, FailureKind, Generation, GenerationId, Job, Retry, Text, Timestamp,
};
use crate::store::{Answer, AnswerFile, Claim, Head, Outcome, Store, StoreError};

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

/// How a turn ended.
pub(super) enum End {
    /// There is nothing more to do for the generation, or it is somebody else's.
    Over,
    /// It is to wait for another turn: it is paused, or its provider asks to wait.
    Waits,
}

/// Makes the generation `id`, with as many attempts as the policy says. A generation that is
/// not in the queue is left alone. `failures` counts how often it has failed in a row.
///
/// # Errors
/// Only when the journal fails.
pub(super) async fn make(
    shop: &Arc<Shop>,
    id: GenerationId,
    service: &Service,
    turn: &mut Turn,
    failures: &mut u32,
) -> Result<End, Failure> {
    loop {
        let claimed = shop.store().claim(id, &shop.me, now(), limit(turn.width()));
        let attempt = match claimed.map_err(not_sent)? {
            Claim::Taken(attempt) => attempt,
            Claim::Waits => return Ok(End::Waits),
            Claim::Gone => return Ok(End::Over),
        };
        turn.note(true);
        let Some(generation) = shop.store().get(id)? else { return Ok(End::Over) };
        let since = now();
        shop.report(id, Job::Running { since, attempt });
        let went = send(shop, &generation, (since, attempt), service).await;
        let (failure, asked, reading) =
            match went.unwrap_or_else(|trouble| Went::Stopped(unsaved(trouble))) {
                Went::Stopped(failure) => (failure, None, None),
                Went::Answered(head, answer) => {
                    let at = now();
                    shop.patiently(|store| store.received(id, attempt, &answer, at)).await?;
                    let reading = reading::read(shop, id, attempt, &head)?;
                    let Some(failure) = reading.failure.clone() else {
                        reading::settle(shop, &generation, attempt, reading).await?;
                        return Ok(End::Over);
                    };
                    (failure, head.retry_after.map(Duration::from_millis), Some(reading))
                }
            };
        *failures += 1;
        let failures = *failures;
        let (allowed, chance) = (shop.terms.retry_on_503, chance(id, failures));
        let next = policy::next(&failure, failures, asked, allowed, chance);
        let (Next::Again(pause) | Next::AllWait(pause)) = next else {
            let failure = in_the_end(failure, failures, asked);
            fail(shop, &generation, attempt, failure, reading).await?;
            return Ok(End::Over);
        };
        let budget = shop.budget();
        if failure.charged == Charged::No {
            shop.store().release(id, attempt, &failure, now())?;
        } else if !shop.store().release_at_a_risk(id, attempt, &failure, budget, now())? {
            let hint = format!("{} Not sent again by itself: [budget] has no room.", failure.hint);
            let failure = Failure { hint: hint.into(), ..failure };
            fail(shop, &generation, attempt, failure, reading).await?;
            return Ok(End::Over);
        }
        tracing::info!(%id, what = %failure.what, ?pause, "trying again");
        turn.note(false);
        if let Next::AllWait(_) = next {
            turn.close(pause, failure);
            return Ok(End::Waits);
        }
        shop.report(id, paused(pause, failure));
        tokio::time::sleep(pause).await;
    }
}

/// Ends a generation with `failure`, and with what its answer held where there was one.
async fn fail(
    shop: &Arc<Shop>,
    generation: &Generation,
    attempt: u32,
    failure: Failure,
    reading: Option<Reading>,
) -> Result<(), Failure> {
    match reading {
        Some(reading) => {
            let reading = Reading { failure: Some(failure), ..reading };
            reading::settle(shop, generation, attempt, reading).await
        }
        None => end(shop, generation.id, attempt, failure).await,
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
pub(super) async fn end(
    shop: &Shop,
    id: GenerationId,
    attempt: u32,
    failure: Failure,
) -> Result<(), Failure> {
    let job = policy::ended(failure);
    conclude(shop, id, attempt, &Outcome { job, usage: None, cost: None, words: None }).await
}

/// Ends a generation as `outcome` says, in the journal and in its receipt.
pub(super) async fn conclude(
    shop: &Shop,
    id: GenerationId,
    attempt: u32,
    outcome: &Outcome,
) -> Result<(), Failure> {
    let at = now();
    let write = |store: &mut Store| {
        store.finish(id, attempt, outcome, at)?;
        store.get(id)?.map_or(Ok(()), |generation| store.write_receipt(&generation).map(drop))
    };
    // There is nothing to keep of what was not sent, and somebody waits to hear of it.
    if outcome.job.failure().is_some_and(|failure| failure.charged == Charged::No) {
        return write(&mut shop.store()).map_err(not_sent);
    }
    shop.patiently(write).await
}

/// What a request is made with, and its base image as that wants it.
enum Material<'a> {
    Painter { moment: f64, ground: Option<Ground> },
    Post { route: &'a Route, image: Option<String> },
}

impl<'a> Material<'a> {
    async fn of(
        shop: &Shop,
        generation: &Generation,
        service: &'a Service,
    ) -> Result<Self, Failure> {
        let (image, darkroom) = (&generation.request.image, &shop.darkroom);
        Ok(match service {
            Service::Demo { moment } => Self::Painter {
                moment: *moment,
                ground: match image {
                    Some(image) => Some(base::ground(image, darkroom).await?),
                    None => None,
                },
            },
            Service::Langbase(route) => Self::Post {
                route,
                image: match image {
                    Some(image) => {
                        Some(base::travelling(image, darkroom, shop.terms.keep_metadata).await?)
                    }
                    None => None,
                },
            },
        })
    }
}

async fn send(
    shop: &Shop,
    generation: &Generation,
    (since, attempt): (Timestamp, u32),
    service: &Service,
) -> Result<Went, Failure> {
    // What can fail for free fails before anything is reserved.
    let with = match Material::of(shop, generation, service).await {
        Ok(with) => with,
        Err(failure) => return Ok(Went::Stopped(failure)),
    };
    // The receipt is there before anything is sent: what is asked outlives the database.
    let reserved = reserve(&shop.store(), generation, attempt);
    let file = match reserved {
        Ok(file) => file,
        Err(error) => return Ok(Went::Stopped(error.into())),
    };
    match with {
        Material::Painter { moment, ground } => {
            paint(shop, generation, (since, attempt), (moment, ground), file).await
        }
        Material::Post { route, image } => {
            post(shop, generation, (since, attempt), route, image, file).await
        }
    }
}

fn reserve(store: &Store, generation: &Generation, attempt: u32) -> Result<AnswerFile, StoreError> {
    store.write_receipt(generation)?;
    store.reserve(generation.id, attempt, ROOM)
}

/// The demo painter's answer goes the same way as one that was paid for.
async fn paint(
    shop: &Shop,
    generation: &Generation,
    (since, attempt): (Timestamp, u32),
    (moment, ground): (f64, Option<Ground>),
    file: AnswerFile,
) -> Result<Went, Failure> {
    shop.store().connected(generation.id, attempt, now())?;
    shop.report_sent(generation.id, since, attempt);
    let begun = tokio::time::Instant::now();
    let request = generation.request.clone();
    let easel = shop.easels.acquire().await.expect("easels are never taken away");
    let painted = tokio::task::spawn_blocking(move || demo::answer(&request, ground));
    let body = match painted.await.unwrap_or_else(|_| Err(fault())) {
        Ok(body) => body,
        Err(failure) => {
            file.discard()?;
            return Ok(Went::Stopped(failure));
        }
    };
    drop(easel);
    tokio::time::sleep(Duration::from_secs_f64(moment).saturating_sub(begun.elapsed())).await;
    let head = api::Head::noted(200, None, Some(body.len() as u64));
    let mut coming = Coming::begin(shop, generation.id, attempt, &head, None, file);
    coming.take(&body);
    Ok(Went::Answered(head, coming.keep().await?))
}

async fn post(
    shop: &Shop,
    generation: &Generation,
    (since, attempt): (Timestamp, u32),
    route: &Route,
    image: Option<String>,
    file: AnswerFile,
) -> Result<Went, Failure> {
    let id = generation.id;
    let body = langbase::body(&generation.request, image);
    // Only a connection that the journal knows of may carry the request.
    let connected = async {
        if shop.store().connected(id, attempt, now())? {
            shop.report_sent(id, since, attempt);
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
    let mut coming = Coming::begin(shop, id, attempt, &head, Some(&route.base_url), file);
    loop {
        match answering.chunk().await {
            Ok(Some(chunk)) => coming.take(&chunk),
            Ok(None) => break,
            // What came is kept: the pictures that are whole in it were paid for.
            Err(failure) => {
                tracing::warn!(%id, what = %failure.what, "the answer broke off");
                break;
            }
        }
    }
    Ok(Went::Answered(head, coming.keep().await?))
}

/// An answer on its way to the disk. It was paid for, so no trouble of the disk or the
/// journal ends it: what finds no room is held, and written when there is some.
struct Coming<'s> {
    shop: &'s Shop,
    id: GenerationId,
    attempt: u32,
    head: Head,
    file: AnswerFile,
    patience: Patience,
}

impl<'s> Coming<'s> {
    fn begin(
        shop: &'s Shop,
        id: GenerationId,
        attempt: u32,
        head: &api::Head,
        service: Option<&Url>,
        file: AnswerFile,
    ) -> Self {
        let head = Head {
            status: head.status,
            request_id: head.request_id.clone(),
            length: head.length,
            service: service.map(Url::to_string),
        };
        let noted = shop.store().head(id, attempt, &head);
        let mut coming = Self { shop, id, attempt, head, file, patience: Patience::default() };
        coming.tell(noted.err());
        coming
    }

    fn take(&mut self, chunk: &[u8]) {
        let written = self.file.write(chunk);
        self.tell(written.err());
    }

    fn tell(&mut self, trouble: Option<StoreError>) {
        if let Some(error) = trouble {
            self.patience.tell(self.shop, &error);
        }
    }

    /// Seals the answer, and notes its head where that was not possible before.
    async fn keep(mut self) -> Result<Answer, Failure> {
        let keep = |store: &mut Store| {
            store.head(self.id, self.attempt, &self.head)?;
            self.file.seal()
        };
        self.shop.patiently(keep).await
    }
}

/// The journal failed before anything was sent.
fn not_sent(error: StoreError) -> Failure {
    let failure = Failure::from(error);
    let stays = "The request was not sent and stays in the queue: `pentimento resume` sends it.";
    let hint = Text::new(&format!("{} {stays}", failure.hint));
    Failure { hint, ..failure }
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
