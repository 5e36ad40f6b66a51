//! What went wrong: what happened, whose doing, whether it was charged, what to do.

use serde::{Deserialize, Serialize};

use super::Text;

/// One failure, in words for a person. Everything a program decides on is in
/// [`Failure::kind`], [`Failure::charged`] and [`Failure::retry`]; the texts are never
/// matched on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
#[error("{what}")]
pub struct Failure {
    /// Which of the known failures this is.
    pub kind: FailureKind,
    /// What happened, in one sentence.
    pub what: Text,
    /// What to do about it, in one sentence; may be empty.
    pub hint: Text,
    /// Whether the request was paid for.
    pub charged: Charged,
    /// Whether sending it again can help.
    pub retry: Retry,
}

/// The failures the program tells apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The request breaks a rule of its own (empty prompt, size of zero).
    Request,
    /// The base image is missing, unreadable or no image.
    BaseImage,
    /// The key of a service is not set.
    MissingKey,
    /// The service does not accept the key.
    Key,
    /// No credit, or a spending or usage limit of the account.
    Credit,
    /// The user's own budget.
    Budget,
    /// The words were refused by a content filter.
    Moderation,
    /// Too many requests for now.
    RateLimit,
    /// The service does not know the model, or no longer.
    Model,
    /// The service refused the request as malformed.
    Rejected,
    /// The service sent us to another address.
    Redirect,
    /// The service could not be reached; nothing was sent.
    Unreachable,
    /// The service is overloaded and said so.
    Overloaded,
    /// The request was sent and nobody knows what became of it.
    OutcomeUnknown,
    /// An answer came and could not be read.
    Unreadable,
    /// An answer came, without any picture in it.
    NoImage,
    /// A delivered link to a picture could not be fetched, for now.
    Fetch,
    /// The host of a delivered link says that there is no picture (any more).
    DeadLink,
    /// The disk, the database or the directory of the history.
    Storage,
    /// The configuration.
    Config,
    /// The terminal.
    Terminal,
    /// A fault of this program.
    Internal,
}

impl FailureKind {
    /// The name used in JSON and on the screen, in `snake_case`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::BaseImage => "base_image",
            Self::MissingKey => "missing_key",
            Self::Key => "key",
            Self::Credit => "credit",
            Self::Budget => "budget",
            Self::Moderation => "moderation",
            Self::RateLimit => "rate_limit",
            Self::Model => "model",
            Self::Rejected => "rejected",
            Self::Redirect => "redirect",
            Self::Unreachable => "unreachable",
            Self::Overloaded => "overloaded",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::Unreadable => "unreadable",
            Self::NoImage => "no_image",
            Self::Fetch => "fetch",
            Self::DeadLink => "dead_link",
            Self::Storage => "storage",
            Self::Config => "config",
            Self::Terminal => "terminal",
            Self::Internal => "internal",
        }
    }

    /// Whose doing it is.
    pub const fn doing(self) -> Doing {
        match self {
            Self::Request
            | Self::BaseImage
            | Self::MissingKey
            | Self::Key
            | Self::Credit
            | Self::Budget
            | Self::Moderation
            | Self::Model
            | Self::Rejected
            | Self::Config => Doing::You,
            Self::RateLimit
            | Self::Redirect
            | Self::Overloaded
            | Self::Unreadable
            | Self::NoImage
            | Self::DeadLink => Doing::Service,
            Self::Unreachable | Self::OutcomeUnknown | Self::Fetch => Doing::Network,
            Self::Storage | Self::Terminal => Doing::Machine,
            Self::Internal => Doing::Program,
        }
    }
}

/// Whose doing a failure is, and so who can mend it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Doing {
    /// The user's: what was asked for, or the keys and accounts it was asked with.
    You,
    /// That of the service, or of the model behind it.
    Service,
    /// What lies between this machine and the service; it may be the service too.
    Network,
    /// This machine's: its disk, its terminal.
    Machine,
    /// This program's.
    Program,
}

impl Doing {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::Service => "service",
            Self::Network => "network",
            Self::Machine => "machine",
            Self::Program => "program",
        }
    }

    /// How the screen says it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::You => "yours to mend",
            Self::Service => "the service's doing",
            Self::Network => "the network's or the service's doing",
            Self::Machine => "this machine's doing",
            Self::Program => "a fault of Pentimento",
        }
    }
}

/// Whether money was spent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charged {
    /// Certainly not.
    No,
    /// Nobody can tell.
    Maybe,
    /// Yes.
    Yes,
}

impl Charged {
    /// How the screen says it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::No => "not charged",
            Self::Maybe => "may have been charged",
            Self::Yes => "charged",
        }
    }
}

/// Whether sending the same again can help, and who decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// The same request will fail again.
    Never,
    /// It costs nothing to try again, and whoever is asked wants to be left alone for so
    /// many milliseconds; 0 where nothing was said of that.
    After(u64),
    /// It may cost money again: only when the user says so.
    Ask,
}

impl Failure {
    /// A failure before anything was sent: certainly not charged.
    pub fn before_sending(kind: FailureKind, what: impl AsRef<str>, hint: impl AsRef<str>) -> Self {
        Self {
            kind,
            what: Text::new(what.as_ref()),
            hint: Text::new(hint.as_ref()),
            charged: Charged::No,
            retry: Retry::Never,
        }
    }

    /// The same failure, charged as said.
    #[must_use]
    pub fn charged(mut self, charged: Charged) -> Self {
        self.charged = charged;
        self
    }

    /// The same failure, to be tried again as said.
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Whose doing it is and whether it was charged, as it stands below the words.
    pub fn verdict(&self) -> String {
        format!("{}, {}", self.kind.doing().words(), self.charged.words())
    }

    /// Whether no service was asked for anything, so that nobody wonders what it cost.
    pub const fn is_local(&self) -> bool {
        use FailureKind as Kind;
        let here = matches!(
            self.kind,
            Kind::Request
                | Kind::BaseImage
                | Kind::MissingKey
                | Kind::Budget
                | Kind::Config
                | Kind::Storage
                | Kind::Terminal
        );
        here && matches!(self.charged, Charged::No)
    }

    /// Whether a person has a reason to send the same request again.
    pub const fn retryable(&self) -> bool {
        !matches!(self.retry, Retry::Never)
    }
}
