//! A sealed answer becomes kept pictures and an end.
//!
//! 10. the answer is parsed
//! 11. one row for each picture it names, before any is fetched
//! 12. each picture is kept
//! 13. the generation ends
//!
//! Every step can be done again after a crash.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures::future::try_join_all;

use super::attempt::{conclude, end, unsaved};
use super::worker::Shop;
use super::{pictures, policy};
use crate::api::langbase::{self, Reading};
use crate::api::{self, Delivered};
use crate::domain::{Failure, FailureKind, Generation, GenerationId, Job};
use crate::store::{Outcome, Store};

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
    shop: &Arc<Shop>,
    generation: &Generation,
    attempt: u32,
    reading: Reading,
) -> Result<(), Failure> {
    match keep_all(shop, generation, attempt, reading).await {
        Ok(outcome) => conclude(shop, generation.id, attempt, &outcome).await,
        Err(trouble) => end(shop, generation.id, attempt, unsaved(trouble)).await,
    }
}

async fn keep_all(
    shop: &Arc<Shop>,
    generation: &Generation,
    attempt: u32,
    reading: Reading,
) -> Result<Outcome, Failure> {
    let id = generation.id;
    let Reading { answer, failure } = reading;
    let links: Vec<Option<&str>> = answer
        .images
        .iter()
        .map(|image| match image {
            Delivered::Link(link) => Some(link.as_str()),
            Delivered::Inline(_) => None,
        })
        .collect();
    let ids = shop.patiently(|store| store.expect_images(id, attempt, &links)).await?;
    let of = ids.len() as u32;
    let done = AtomicU32::new(0);
    let report = || shop.report(id, Job::Fetching { done: done.load(Ordering::Relaxed), of });
    report();
    // All at once: one that is late keeps none of the others waiting.
    let keeping = ids.iter().zip(&answer.images).map(async |(image, delivered)| {
        if !generation.images.iter().any(|kept| kept.id == *image) {
            match delivered {
                Delivered::Inline(bytes) => {
                    let keep = |store: &mut Store| {
                        let image = store.keep(generation, image.index, bytes)?;
                        store.image_kept(&image)
                    };
                    shop.patiently(keep).await?;
                }
                Delivered::Link(link) => pictures::fetch(shop, generation, *image, link).await?,
            }
        }
        done.fetch_add(1, Ordering::Relaxed);
        report();
        Ok::<(), Failure>(())
    });
    try_join_all(keeping).await?;
    let lost = shop.patiently(|store| store.lost_image(id)).await?;
    let job = failure.or(lost).map_or(Job::Done, policy::ended);
    Ok(Outcome { job, usage: answer.usage, cost: answer.cost, words: answer.words })
}
