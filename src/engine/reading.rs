//! A sealed answer becomes kept pictures and an end.
//!
//! 10. the answer is parsed
//! 11. one row for each picture it names, before any is fetched
//! 12. each picture is kept
//! 13. the generation ends
//!
//! Every step can be done again after a crash.

use url::Url;

use super::attempt::{conclude, end, unsaved};
use super::policy;
use super::worker::Shop;
use crate::api::langbase::{self, Reading};
use crate::api::{self, Delivered};
use crate::domain::{Failure, FailureKind, Generation, GenerationId, ImageId, Job};
use crate::store::{Outcome, StoreError};

/// Reads the answer to `attempt`, which lies in the inbox.
///
/// # Errors
/// When it is not there, or cannot be read from the disk.
pub(super) fn read(
    shop: &Shop,
    id: GenerationId,
    attempt: u32,
    head: &api::Head,
) -> Result<Reading, Failure> {
    match shop.store().read_answer(id, attempt)? {
        Some(body) => Ok(langbase::read(head, &body)),
        None => Err(Failure::before_sending(
            FailureKind::Storage,
            "The answer is gone from the inbox.",
            "",
        )),
    }
}

/// Keeps the pictures of an answer that was read, and ends the generation.
///
/// # Errors
/// Only when not even that can be written; the answer stays in the inbox.
pub(super) async fn settle(
    shop: &Shop,
    generation: &Generation,
    attempt: u32,
    reading: Reading,
    api_base: Option<&Url>,
) -> Result<(), Failure> {
    match keep_all(shop, generation, attempt, reading, api_base).await {
        Ok(outcome) => conclude(shop, generation.id, attempt, &outcome).await,
        Err(trouble) => end(shop, generation.id, attempt, unsaved(trouble)).await,
    }
}

async fn keep_all(
    shop: &Shop,
    generation: &Generation,
    attempt: u32,
    reading: Reading,
    api_base: Option<&Url>,
) -> Result<Outcome, Failure> {
    let id = generation.id;
    let links: Vec<Option<&str>> = reading
        .answer
        .images
        .iter()
        .map(|image| match image {
            Delivered::Link(link) => Some(link.as_str()),
            Delivered::Inline(_) => None,
        })
        .collect();
    let ids = shop.patiently(|store| store.expect_images(id, attempt, &links)).await?;
    let of = ids.len() as u32;
    let mut lost = None;
    for (done, (image, delivered)) in ids.iter().zip(&reading.answer.images).enumerate() {
        shop.report(id, Job::Fetching { done: done as u32, of });
        let kept = generation.images.iter().any(|kept| kept.id == *image);
        if kept {
            continue;
        }
        match delivered {
            Delivered::Inline(bytes) => {
                shop.patiently(|store| {
                    let image = store.keep(generation, image.index, bytes)?;
                    store.image_kept(&image)
                })
                .await?;
            }
            Delivered::Link(link) => {
                if let Err(failure) = fetch(shop, generation, *image, link, api_base).await? {
                    shop.patiently(|store| store.image_lost(*image, &failure)).await?;
                    lost = Some(failure);
                }
            }
        }
    }
    let job = match reading.failure.or(lost) {
        Some(failure) if failure.kind == FailureKind::OutcomeUnknown => {
            Job::Interrupted { failure }
        }
        Some(failure) => Job::Failed { failure },
        None => Job::Done,
    };
    let answer = reading.answer;
    Ok(Outcome { job, usage: answer.usage, cost: answer.cost, words: answer.words })
}

/// Fetches one linked picture: it is paid for, so as often as makes sense. The outer
/// error is the disk's, the inner one the link's.
async fn fetch(
    shop: &Shop,
    generation: &Generation,
    image: ImageId,
    link: &str,
    api_base: Option<&Url>,
) -> Result<Result<(), Failure>, Failure> {
    let (mut failures, mut told) = (0, false);
    loop {
        let mut sink = shop.patiently(|store| store.image_sink(generation, image.index)).await?;
        // What the disk cannot take now is free to be fetched again.
        let mut waits_for = None;
        let mut write = |chunk: &[u8]| {
            sink.write(chunk).map_err(|error| {
                let failure = Failure::from(&error);
                waits_for = Some(error).filter(StoreError::passes);
                failure
            })
        };
        let fetched = shop.fetcher.fetch(link, api_base, &mut write).await;
        let kept = match fetched {
            Ok(()) => sink.finish(),
            Err(failure) => match waits_for {
                Some(error) => Err(error),
                None => {
                    failures += 1;
                    match policy::pause(&failure, failures, 0.5) {
                        Some(pause) => tokio::time::sleep(pause).await,
                        None => return Ok(Err(failure)),
                    }
                    continue;
                }
            },
        };
        match kept {
            Ok(image) => {
                shop.patiently(|store| store.image_kept(&image)).await?;
                return Ok(Ok(()));
            }
            Err(error) if error.passes() => {
                if !told {
                    shop.tell_of_waiting(&error);
                    told = true;
                }
                Shop::wait_for_room().await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}
