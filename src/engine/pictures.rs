//! A linked picture is paid for, so it is fetched until it is here or its link is dead.
//!
//! Within its job for as long as the pauses are short; after that beside the jobs, while
//! the worker lives, and once more at every start of a worker. What is looked for keeps no
//! worker alive: one whose face is gone leaves when its jobs are done.

use std::sync::Arc;

use url::Url;

use super::patience::Patience;
use super::worker::Shop;
use super::{chance, links_since, policy};
use crate::domain::{Failure, FailureKind, Generation, GenerationId, ImageId, Job, Retry};

/// A picture that is not here.
struct Missing {
    image: ImageId,
    link: String,
    /// What came of the last try.
    failure: Option<Failure>,
    tries: Tries,
}

/// How often in a row the same has come of fetching one picture.
#[derive(Default)]
struct Tries {
    kind: Option<FailureKind>,
    failures: u32,
}

impl Tries {
    fn count(&mut self, failure: &Failure) {
        self.failures = if self.kind == Some(failure.kind) { self.failures + 1 } else { 1 };
        self.kind = Some(failure.kind);
    }
}

/// Fetches one picture of an answer. Where it is not to be had as soon as its job can wait
/// for, this is noted, and it is looked for beside the jobs.
///
/// # Errors
/// Those of the disk.
pub(super) async fn fetch(
    shop: &Arc<Shop>,
    generation: &Generation,
    image: ImageId,
    link: &str,
) -> Result<(), Failure> {
    let mut tries = Tries::default();
    loop {
        let Err(failure) = fetch_once(shop, generation, image, link).await? else { return Ok(()) };
        tries.count(&failure);
        shop.patiently(|store| store.image_lost(image, &failure)).await?;
        let chance = chance(image.generation, tries.failures + image.index);
        match policy::fetch_pause(&failure, tries.failures, chance) {
            Some(pause) if policy::is_within_job(pause) => tokio::time::sleep(pause).await,
            Some(_) => {
                let link = link.to_owned();
                let missing = Missing { image, link, failure: Some(failure), tries };
                tokio::spawn(pursue(Arc::clone(shop), generation.clone(), missing));
                return Ok(());
            }
            None => return Ok(()),
        }
    }
}

/// Looks for every picture that was delivered as a link and is not here.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn look_again(shop: &Arc<Shop>) -> Result<(), Failure> {
    let missing = shop.store().missing_images(links_since())?;
    for (image, link) in missing {
        let generation = shop.store().get(image.generation)?;
        if let Some(generation) = generation {
            let missing = Missing { image, link, failure: None, tries: Tries::default() };
            tokio::spawn(pursue(Arc::clone(shop), generation, missing));
        }
    }
    Ok(())
}

async fn pursue(shop: Arc<Shop>, generation: Generation, missing: Missing) {
    let id = generation.id;
    let pursued = until_found(&shop, &generation, missing).await;
    if let Err(failure) = pursued.and_then(|()| resettle(&shop, id)) {
        tracing::warn!(%id, what = %failure.what, "a picture cannot be looked for");
    }
}

/// Fetches one picture until it is here or given up.
async fn until_found(
    shop: &Shop,
    generation: &Generation,
    missing: Missing,
) -> Result<(), Failure> {
    let Missing { image, link, failure: mut last, mut tries } = missing;
    loop {
        if let Some(failure) = last {
            let chance = chance(image.generation, tries.failures + image.index);
            let pause = policy::fetch_pause(&failure, tries.failures, chance);
            let Some(pause) = pause.filter(|_| generation.created > links_since()) else {
                shop.store().image_lost(image, &dead(&failure))?;
                return Ok(());
            };
            tokio::time::sleep(pause).await;
        }
        let Err(failure) = fetch_once(shop, generation, image, &link).await? else { return Ok(()) };
        tries.count(&failure);
        shop.patiently(|store| store.image_lost(image, &failure)).await?;
        last = Some(failure);
    }
}

/// One try. The outer error is the disk's, the inner one the link's.
async fn fetch_once(
    shop: &Shop,
    generation: &Generation,
    image: ImageId,
    link: &str,
) -> Result<Result<(), Failure>, Failure> {
    let service = service(shop, image.generation)?;
    let mut patience = Patience::default();
    loop {
        let mut sink = shop.patiently(|store| store.image_sink(generation, image.index)).await?;
        let mut trouble = None;
        let mut write = |chunk: &[u8]| {
            sink.write(chunk).map_err(|error| {
                let failure = Failure::from(&error);
                trouble = Some(error);
                failure
            })
        };
        let fetched = shop.fetcher.fetch(link, Some(&service), &mut write).await;
        let kept = match (fetched, trouble) {
            (Ok(()), _) => sink.finish(),
            (Err(_), Some(trouble)) => Err(trouble),
            (Err(failure), None) => return Ok(Err(failure)),
        };
        match kept {
            Ok(image) => {
                shop.patiently(|store| store.image_kept(&image)).await?;
                return Ok(Ok(()));
            }
            // What the disk cannot take now is free to be fetched again.
            Err(error) => patience.wait(shop, error).await?,
        }
    }
}

/// Where the answer to a generation came from: links of a service on this machine may lead
/// back to this machine. One that a lost history brought back does not know.
fn service(shop: &Shop, id: GenerationId) -> Result<Url, Failure> {
    let noted = shop.store().attempts(id)?.pop().and_then(|attempt| attempt.head?.service);
    let noted = noted.and_then(|service| service.parse().ok());
    Ok(noted.unwrap_or_else(|| shop.terms.base_url.clone()))
}

/// Ends a generation anew of which a picture has come late, or never will.
fn resettle(shop: &Shop, id: GenerationId) -> Result<(), Failure> {
    let mut store = shop.store();
    let job = match store.lost_image(id)? {
        Some(failure) => Job::Failed { failure },
        None => Job::Done,
    };
    if store.resettle(id, &job)?
        && let Some(generation) = store.get(id)?
    {
        store.write_receipt(&generation)?;
    }
    drop(store);
    shop.settled(id);
    Ok(())
}

/// The last word on a picture.
fn dead(failure: &Failure) -> Failure {
    Failure {
        kind: FailureKind::DeadLink,
        what: format!("The link to the picture is dead. {}", failure.what).as_str().into(),
        hint: "It is paid for and could not be fetched: whoever draws pictures keeps them for about an hour."
            .into(),
        retry: Retry::Never,
        ..failure.clone()
    }
}
