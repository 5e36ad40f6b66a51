//! A sealed answer becomes kept pictures and an end.
//!
//! 10. the answer is parsed
//! 11. one row for each picture it names, before any is fetched
//! 12. each picture is kept
//! 13. the generation ends
//!
//! Every step can be done again after a crash.

use url::Url;

use super::attempt::{conclude, end};
use super::policy;
use super::worker::Shop;
use crate::api::{self, Delivered, langbase};
use crate::domain::{Charged, Failure, FailureKind, Generation, ImageId, Job};
use crate::store::Outcome;

/// Reads the answer to `attempt`, keeps its pictures, and ends the generation.
///
/// # Errors
/// Only when the journal or the disk fails; the answer stays in the inbox.
pub(super) async fn settle(
    shop: &Shop,
    generation: &Generation,
    attempt: u32,
    head: &api::Head,
    api_base: Option<&Url>,
) -> Result<(), Failure> {
    let id = generation.id;
    let Some(body) = shop.store().read_answer(id, attempt)? else {
        let what = "The answer is gone from the inbox.";
        let failure = Failure::before_sending(FailureKind::Storage, what, "");
        return end(shop, id, attempt, failure.charged(Charged::Maybe));
    };
    let reading = langbase::read(head, &body);
    drop(body);
    let links: Vec<Option<&str>> = reading
        .answer
        .images
        .iter()
        .map(|image| match image {
            Delivered::Link(link) => Some(link.as_str()),
            Delivered::Inline(_) => None,
        })
        .collect();
    let ids = shop.store().expect_images(id, attempt, &links)?;
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
                let image = shop.store().keep(generation, image.index, bytes)?;
                shop.store().image_kept(&image)?;
            }
            Delivered::Link(link) => {
                if let Err(failure) = fetch(shop, generation, *image, link, api_base).await? {
                    shop.store().image_lost(*image, &failure)?;
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
    let outcome = Outcome { job, usage: answer.usage, cost: answer.cost, words: answer.words };
    conclude(shop, id, attempt, &outcome)
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
    let mut failures = 0;
    loop {
        let mut sink = shop.store().image_sink(generation, image.index)?;
        let mut write = |chunk: &[u8]| sink.write(chunk).map_err(Failure::from);
        match shop.fetcher.fetch(link, api_base, &mut write).await {
            Ok(()) => {
                let image = sink.finish()?;
                shop.store().image_kept(&image)?;
                return Ok(Ok(()));
            }
            Err(failure) => {
                failures += 1;
                match policy::pause(&failure, failures, 0.5) {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => return Ok(Err(failure)),
                }
            }
        }
    }
}
