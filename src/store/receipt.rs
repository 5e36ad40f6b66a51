//! Receipts: one small file beside the pictures for every generation, from which the
//! history can be made again when its database is lost.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::domain::{
    Charged, Cost, Failure, FailureKind, Generation, GenerationId, Image, Job, Request, Retry,
    Text, Timestamp, Usage,
};

use super::{Store, StoreError, attempt, disk, images, row};

/// What [`Store::rebuild`] found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rebuilt {
    /// Generations that were missing and are there again.
    pub added: usize,
    /// Generations that were there.
    pub known: usize,
    /// Receipts that cannot be read; they stay where they are.
    pub unreadable: Vec<PathBuf>,
}

/// The file, as JSON. Fields may be added, never change their meaning.
#[derive(Serialize, Deserialize)]
struct Receipt {
    id: GenerationId,
    #[serde(default)]
    parent: Option<GenerationId>,
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
    cost_usd: Option<Cost>,
    #[serde(default)]
    words: Option<Text>,
    #[serde(default)]
    request_id: Option<Text>,
    #[serde(default)]
    sent: Option<Timestamp>,
}

impl Store {
    /// Writes the receipt of a generation, in place of an older one, and says where.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_receipt(&self, generation: &Generation) -> Result<PathBuf, StoreError> {
        let first = generation.images.first().and_then(|image| image.path.parent());
        let dir =
            first.map_or_else(|| images::month(self.dir(), generation.created), PathBuf::from);
        disk::create_dir(&dir)?;
        let path = dir.join(format!("{}.json", generation.id));
        let mut file = disk::unnamed(&dir)?;
        let json = serde_json::to_vec_pretty(&self.receipt(generation))
            .expect("the domain's values have text keys and can be written");
        file.write_all(&json).map_err(|error| StoreError::io(&path, error))?;
        disk::replace(file, &path)?;
        Ok(path)
    }

    /// Adds to the database every generation that has a receipt and is not in it, in
    /// the order of their ids.
    ///
    /// # Errors
    /// When the pictures' directories cannot be read or the database not be written. A
    /// receipt that cannot be read is no error; it is named in the answer.
    pub fn rebuild(&mut self) -> Result<Rebuilt, StoreError> {
        let mut rebuilt = Rebuilt::default();
        for path in self.receipts()? {
            let Some(generation) = self.read_receipt(&path) else {
                rebuilt.unreadable.push(path);
                continue;
            };
            if self.adopt(&generation)? {
                rebuilt.added += 1;
            } else {
                rebuilt.known += 1;
            }
        }
        Ok(rebuilt)
    }

    fn receipt(&self, generation: &Generation) -> Receipt {
        let relative = |image: &Image| Image {
            path: image.path.strip_prefix(self.dir()).unwrap_or(&image.path).to_owned(),
            ..image.clone()
        };
        Receipt {
            id: generation.id,
            parent: generation.parent,
            created: generation.created,
            finished: generation.finished,
            job: generation.job.clone(),
            request: generation.request.clone(),
            images: generation.images.iter().map(relative).collect(),
            usage: generation.usage,
            cost_usd: generation.cost,
            words: generation.words.clone(),
            request_id: generation.request_id.clone(),
            sent: generation.sent,
        }
    }

    /// All receipts, oldest generation first: their names are ids, which sort by time.
    fn receipts(&self) -> Result<Vec<PathBuf>, StoreError> {
        let mut receipts = Vec::new();
        for year in disk::files(&self.dir().join(images::DIR))?.iter().filter(|dir| dir.is_dir()) {
            for month in disk::files(year)?.iter().filter(|dir| dir.is_dir()) {
                let files = disk::files(month)?.into_iter();
                receipts.extend(files.filter(|file| file.extension().is_some_and(|e| e == "json")));
            }
        }
        receipts.sort_by(|a, b| a.file_name().cmp(&b.file_name()));
        Ok(receipts)
    }

    fn read_receipt(&self, path: &PathBuf) -> Option<Generation> {
        let receipt: Receipt = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        let absolute = |image: Image| {
            let path = images::resolve(self.dir(), &image.path)?;
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
            cost: receipt.cost_usd,
            words: receipt.words,
            request_id: receipt.request_id,
            sent: receipt.sent,
            parent: receipt.parent,
        })
    }

    fn adopt(&mut self, generation: &Generation) -> Result<bool, StoreError> {
        let dir = self.dir().to_owned();
        self.write(|db| {
            if row::seq(db, generation.id)?.is_some() {
                return Ok(false);
            }
            let seq = row::insert(db, generation)?;
            if let Some(sent) = generation.sent {
                attempt::insert_sent(db, seq, sent)?;
            }
            for image in &generation.images {
                row::keep_image(db, &dir, seq, image)?;
            }
            Ok(true)
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
