//! A request with its outcome, kept for ever.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{
    Charged, Cost, Failure, FailureKind, GenerationId, ImageId, Opinion, Request, Sum, Text,
    Timestamp, Usage, template,
};

/// One request and what came of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Generation {
    /// Its name.
    pub id: GenerationId,
    /// What was asked.
    pub request: Request,
    /// How far it is, or how it ended.
    pub job: Job,
    /// When the user asked.
    pub created: Timestamp,
    /// When it ended; `None` while under way.
    pub finished: Option<Timestamp>,
    /// The delivered pictures that are kept, in order of [`ImageId::index`].
    pub images: Vec<Image>,
    /// Tokens, where the service counted them.
    pub usage: Option<Usage>,
    /// What it was to cost when it was asked for, where that was known.
    pub estimate: Option<Cost>,
    /// What it cost, where that is known.
    pub cost: Option<Cost>,
    /// What the model said beside its pictures, or instead of them.
    pub words: Option<Text>,
    /// The service's own name for the request, for its support.
    pub request_id: Option<Text>,
    /// When it was sent last: from then on it may have been charged.
    pub sent: Option<Timestamp>,
    /// The generation this one was iterated from.
    pub parent: Option<GenerationId>,
    /// The first of those it was asked for together with; `None` where it was alone.
    pub batch: Option<GenerationId>,
    /// What its prompt was made from, where that is not the prompt itself.
    pub template: Option<String>,
    /// What the user thinks of it.
    pub opinion: Opinion,
}

impl Generation {
    /// A generation that has just been asked for.
    pub fn queued(id: GenerationId, request: Request, created: Timestamp) -> Self {
        Self {
            id,
            request,
            job: Job::Queued,
            created,
            finished: None,
            images: Vec::new(),
            usage: None,
            estimate: None,
            cost: None,
            words: None,
            request_id: None,
            sent: None,
            parent: None,
            batch: None,
            template: None,
            opinion: Opinion::default(),
        }
    }

    /// Its prompt as it can be written again: as it was, or so that it stands for itself.
    pub fn written(&self) -> String {
        self.template.clone().unwrap_or_else(|| template::literal(&self.request.prompt))
    }

    /// Notes that these were asked for together, where they are several.
    pub fn bind(together: &mut [Self]) {
        if let [first, _, ..] = together {
            let first = first.id;
            for generation in together {
                generation.batch = Some(first);
            }
        }
    }

    /// What it cost, or will cost by its estimate; `None` where neither is known, and where
    /// nothing is to be paid because nothing was sent.
    pub fn price(&self) -> Option<String> {
        let failed_free = self.job.failure().is_some_and(|it| it.charged == Charged::No);
        match (self.cost, self.estimate) {
            (Some(cost), _) => Some(cost.to_string()),
            (None, Some(estimate)) if !failed_free && self.job != Job::Cancelled => {
                Some(Sum::from_iter([Some(estimate)]).to_string())
            }
            _ => None,
        }
    }

    /// What a person needs to know to decide about one of unknown outcome: what it may have
    /// cost by `estimate`, and when it was sent.
    pub fn price_and_time(&self, estimate: Option<Cost>) -> String {
        let price = match estimate {
            None => "unknown".to_owned(),
            Some(cost) if cost.is_free() => cost.to_string(),
            Some(cost) => format!("about {cost}"),
        };
        let sent = self.sent.map_or_else(|| "unknown".to_owned(), Timestamp::to_minute);
        format!("price: {price} · sent: {sent}")
    }

    /// How long it took so far, in words; `None` where it was made elsewhere, and nobody knows.
    pub fn took(&self, now: Timestamp) -> Option<String> {
        let is_known = !self.request.model.is_imported();
        is_known.then(|| format!("{:.1} s", self.seconds(now)))
    }

    /// Whether it is being sent, and was not yet.
    pub fn is_being_sent(&self) -> bool {
        let Job::Running { since, .. } = self.job else { return false };
        self.sent.is_none_or(|sent| sent < since)
    }

    /// Seconds from asking to the end, or to `now` while it is under way.
    pub fn seconds(&self, now: Timestamp) -> f64 {
        self.finished.unwrap_or(now).seconds_since(self.created)
    }
}

/// A request under way, and the ways it can end.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Job {
    /// Waits for its turn; nothing was sent.
    Queued,
    /// Waits to be sent again, or for its provider, which asks to wait. Stands in no
    /// journal, where it waits in the queue.
    Paused {
        /// Until when, by the clock of the machine: for a person who waits.
        until: Timestamp,
        /// Why.
        failure: Failure,
    },
    /// Being sent, or sent and awaited.
    Running {
        /// When this attempt began.
        since: Timestamp,
        /// Which attempt it is, from 1.
        attempt: u32,
    },
    /// Answered; its pictures are being fetched and stored.
    Fetching {
        /// Pictures already kept.
        done: u32,
        /// Pictures the answer names.
        of: u32,
    },
    /// All its pictures are kept.
    Done,
    /// It ended without all of its pictures.
    Failed {
        /// Why.
        failure: Failure,
    },
    /// The user took it back before it was sent.
    Cancelled,
    /// It was sent, and what became of it is unknown: never sent again unasked.
    Interrupted {
        /// What is known.
        failure: Failure,
    },
}

impl Job {
    /// Whether anything can still happen to it by itself.
    pub const fn is_under_way(&self) -> bool {
        matches!(
            self,
            Self::Queued | Self::Paused { .. } | Self::Running { .. } | Self::Fetching { .. }
        )
    }

    /// Whether nothing was sent, so that it can be taken back for nothing.
    pub const fn is_waiting(&self) -> bool {
        matches!(self, Self::Queued | Self::Paused { .. })
    }

    /// What it waits for at `now`, and for how many seconds more: `openai asks to wait,
    /// 17 s`. `None` while it simply waits for its turn, or does not wait.
    pub fn waits_for(&self, provider: &str, now: Timestamp) -> Option<String> {
        let Self::Paused { until, failure } = self else { return None };
        let seconds = until.seconds_since(now).ceil();
        if seconds <= 0.0 {
            return None;
        }
        Some(if failure.kind == FailureKind::RateLimit {
            format!("{provider} asks to wait, {seconds} s")
        } else {
            format!("trying again in {seconds} s")
        })
    }

    /// When its present attempt was begun, where it is being made; it was `sent` last then.
    pub const fn begun(&self, sent: Option<Timestamp>) -> Option<Timestamp> {
        match self {
            Self::Running { since, .. } => Some(*since),
            Self::Fetching { .. } => sent,
            _ => None,
        }
    }

    /// The failure it ended with.
    pub const fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed { failure } | Self::Interrupted { failure } => Some(failure),
            _ => None,
        }
    }

    /// The word for its state, in JSON, in the database and on the screen.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Paused { .. } => "paused",
            Self::Running { .. } => "running",
            Self::Fetching { .. } => "fetching",
            Self::Done => "done",
            Self::Failed { .. } => "failed",
            Self::Cancelled => "cancelled",
            Self::Interrupted { .. } => "interrupted",
        }
    }
}

/// News of a job from the worker. The database is the truth; this only makes it quick.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Progress {
    /// Whose news.
    pub id: GenerationId,
    /// How far it is now.
    pub job: Job,
    /// When it was sent, as soon as it was.
    #[serde(default)]
    pub sent: Option<Timestamp>,
}

/// One delivered picture, kept byte for byte as it came.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Image {
    /// Its name.
    pub id: ImageId,
    /// Where the file is.
    pub path: PathBuf,
    /// Pixels across; 0 where the bytes are no picture this program knows.
    pub width: u32,
    /// Pixels down; 0 where the bytes are no picture this program knows.
    pub height: u32,
    /// The type of the bytes, whatever the answer said of them.
    pub format: ImageFormat,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

/// The type of a picture, read from its first bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageFormat {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
    /// GIF.
    Gif,
    /// Anything else: kept, marked, never opened.
    Bin,
}

impl ImageFormat {
    /// The type that the first bytes of a file show (at least 12 of them).
    pub fn sniff(head: &[u8]) -> Self {
        match head {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Self::Png,
            [0xFF, 0xD8, 0xFF, ..] => Self::Jpeg,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Self::Webp,
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Self::Gif,
            _ => Self::Bin,
        }
    }

    /// The ending of its files, and its name in JSON.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Gif => "gif",
            Self::Bin => "bin",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Bin => "application/octet-stream",
        }
    }
}
