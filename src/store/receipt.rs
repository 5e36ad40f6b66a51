//! Receipts: one small file beside the pictures for every generation, from which the
//! history can be made again when its database is lost.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::domain::{
    Charged, Cost, Failure, FailureKind, Generation, GenerationId, Image, Job, Opinion, Request,
    Retry, Text, Timestamp, Usage,
};

use super::trash::{Place, relative};
use super::{Store, StoreError, disk, images};

/// The file, as JSON. Fields may be added, never change their meaning.
#[derive(Serialize, Deserialize)]
struct Receipt {
    id: GenerationId,
    #[serde(default)]
    parent: Option<GenerationId>,
    #[serde(default)]
    batch: Option<GenerationId>,
    #[serde(default)]
    template: Option<String>,
    created: Timestamp,
    #[serde(default)]
    finished: Option<Timestamp>,
    job: Job,
    request: Request,
    /// Their paths are relative to the directory of the history.
    #[serde(default)]
    images: Vec<Image>,
    #[serde(default)]
    usage: Option<Usage>,
    #[serde(default)]
    estimate_usd: Option<Cost>,
    #[serde(default)]
    cost_usd: Option<Cost>,
    #[serde(default)]
    words: Option<Text>,
    #[serde(default)]
    request_id: Option<Text>,
    #[serde(default)]
    sent: Option<Timestamp>,
    #[serde(default)]
    opinion: Opinion,
}

impl Store {
    /// Writes the receipt of a generation, in place of an older one, and says where.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_receipt(&self, generation: &Generation) -> Result<PathBuf, StoreError> {
        // Beside the place of the pictures in the history, wherever they are.
        let first = generation.images.first().map(|image| self.home(image));
        let dir = first.as_deref().and_then(Path::parent).map_or_else(
            || images::month(self.dir(), generation.created),
            |dir| self.dir().join(dir),
        );
        disk::create_dir(&dir)?;
        let path = dir.join(format!("{}.json", generation.id));
        let mut file = disk::unnamed(&dir)?;
        let json = serde_json::to_vec_pretty(&self.receipt(generation))
            .expect("the domain's values have text keys and can be written");
        file.write_all(&json).map_err(|error| StoreError::io(&path, error))?;
        disk::replace(file, &path)?;
        Ok(path)
    }

    fn receipt(&self, generation: &Generation) -> Receipt {
        let relative = |image: &Image| Image { path: self.home(image), ..image.clone() };
        Receipt {
            id: generation.id,
            parent: generation.parent,
            batch: generation.batch,
            template: generation.template.clone(),
            created: generation.created,
            finished: generation.finished,
            job: generation.job.clone(),
            request: generation.request.clone(),
            images: generation.images.iter().map(relative).collect(),
            usage: generation.usage,
            estimate_usd: generation.estimate,
            cost_usd: generation.cost,
            words: generation.words.clone(),
            request_id: generation.request_id.clone(),
            sent: generation.sent,
            opinion: generation.opinion.clone(),
        }
    }

    /// The place of a picture in the history, below its directory.
    fn home(&self, image: &Image) -> PathBuf {
        PathBuf::from(&*relative(self.dir(), &image.path))
    }

    /// The generation that the receipt at `path` tells of, if it tells of one.
    pub(super) fn read_receipt(&self, path: &Path) -> Option<Generation> {
        let receipt: Receipt = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        let place = Place { dir: self.dir(), trashed: receipt.opinion.trashed.is_some() };
        let absolute = |image: Image| {
            let path = place.resolve(&image.path)?;
            Some(Image { path, ..image })
        };
        let (job, finished) = match receipt.job {
            job if job.is_under_way() => (lost_on_the_way(), Some(receipt.created)),
            job => (job, receipt.finished.or(Some(receipt.created))),
        };
        Some(Generation {
            id: receipt.id,
            request: receipt.request,
            job,
            created: receipt.created,
            finished,
            images: receipt.images.into_iter().map(absolute).collect::<Option<_>>()?,
            usage: receipt.usage,
            estimate: receipt.estimate_usd,
            cost: receipt.cost_usd,
            words: receipt.words,
            request_id: receipt.request_id,
            sent: receipt.sent,
            parent: receipt.parent,
            batch: receipt.batch,
            template: receipt.template,
            opinion: receipt.opinion,
        })
    }
}

/// The end of a generation that was under way when its receipt was written and whose
/// row is lost.
fn lost_on_the_way() -> Job {
    let failure = Failure::before_sending(
        FailureKind::OutcomeUnknown,
        "The history was lost while this was under way.",
        "Look at what the service says of it before you send it again.",
    );
    Job::Interrupted { failure: failure.charged(Charged::Maybe).retry(Retry::Ask) }
}
