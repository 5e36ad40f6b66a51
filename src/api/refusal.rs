//! What a refusal means: which failure it is, whether it was charged, what to do.
//!
//! Owns the two tables this is decided by: the status says what is charged, the words of
//! the service say which of the known refusals it is. Knows no wire format.

use super::Head;
use crate::domain::Charged::{self, Maybe, No};
use crate::domain::FailureKind::{
    self, Credit, Key, Model, Moderation, NoImage, OutcomeUnknown, Overloaded, RateLimit, Redirect,
    Rejected,
};
use crate::domain::{Failure, Retry, Text};

/// What a service says of its refusal, taken out of its wire format.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Complaint {
    /// The provider, where these are its words and not the service's own.
    pub(super) provider: Option<Text>,
    /// The sentence; may be blank.
    pub(super) message: Text,
    /// Whether that is about what came, and not the words of anybody.
    pub(super) described: bool,
    /// Its machine words: codes, types, reasons for ending.
    pub(super) codes: Vec<String>,
}

/// The statuses from one on to the next row's: what they are, and what words may turn
/// them into.
struct Row {
    from: u16,
    kind: FailureKind,
    charged: Charged,
    heeds: &'static [FailureKind],
}

const fn row(from: u16, kind: FailureKind, charged: Charged, heeds: &'static [FailureKind]) -> Row {
    Row { from, kind, charged, heeds }
}

/// A service that answered at all, and told why.
const TOLD: &[FailureKind] = &[Moderation, Model, RateLimit, Credit, Overloaded, Key];

/// In order of status. Where nobody knows what became of a request, no words change that.
const ROWS: [Row; 16] = [
    row(0, NoImage, Maybe, TOLD), // a good status around an error, or around nothing
    row(300, Redirect, No, &[]),
    row(400, Rejected, No, TOLD),
    row(401, Key, No, &[Credit]),
    row(402, Credit, No, &[]),
    row(403, Key, No, &[Moderation, Model, RateLimit, Credit]),
    row(404, Rejected, No, TOLD),
    row(408, OutcomeUnknown, Maybe, &[]), // and 409
    row(410, Rejected, No, TOLD),
    row(429, RateLimit, No, &[RateLimit, Credit]),
    row(430, Rejected, No, TOLD),
    row(499, OutcomeUnknown, Maybe, &[]), // and 500 to 502
    row(503, OutcomeUnknown, Maybe, &[Overloaded]),
    row(504, OutcomeUnknown, Maybe, &[]), // and 520 to 524
    row(529, OutcomeUnknown, Maybe, &[Overloaded]),
    row(530, OutcomeUnknown, Maybe, &[]), // and whatever else there is
];

/// What services call a failure: whole codes, and groups of words that stand together
/// in a message. All in lower case.
struct Rule {
    kind: FailureKind,
    codes: &'static [&'static str],
    words: &'static [&'static [&'static str]],
}

/// In order of precedence.
const RULES: [Rule; 6] = [
    Rule {
        kind: Moderation,
        codes: &[
            "moderation_blocked",
            "content_policy_violation",
            "content_filter",
            "safety",
            "image_safety",
            "prohibited_content",
            "image_prohibited_content",
            "recitation",
            "image_recitation",
            "blocklist",
            "spii",
        ],
        words: &[
            &["moderation"],
            &["safety", "system"],
            &["safety", "filter"],
            &["safety", "settings"],
            &["content", "policy"],
            &["content", "policies"],
            &["content_policy"],
            &["usage policies"],
            &["prohibited content"],
            &["sensitive content"],
            &["nsfw"],
            &["flagged"],
        ],
    },
    Rule {
        kind: Model,
        codes: &["model_not_found", "model_not_available", "invalid_model"],
        words: &[
            &["model", "not found"],
            &["model", "does not exist"],
            &["model", "not supported"],
            &["model", "not available"],
            &["model", "no longer"],
            &["model", "deprecated"],
            &["model", "shut down"],
            &["model", "retired"],
            &["not a valid model"],
            &["unable to access model"],
            &["invalid model"],
            &["unknown model"],
            &["unsupported model"],
        ],
    },
    Rule {
        kind: RateLimit,
        codes: &["rate_limited", "rate_limit_exceeded", "429"],
        words: &[&["rate limit"], &["rate-limit"], &["too many requests"]],
    },
    Rule {
        kind: Credit,
        codes: &[
            "usage_exceeded",
            "insufficient_quota",
            "billing_hard_limit_reached",
            "credit_limit",
            "402",
        ],
        words: &[
            &["credit", "insufficient"],
            &["credit", "more"],
            &["credit", "out of"],
            &["insufficient", "funds"],
            &["insufficient", "balance"],
            &["exceeded", "quota"],
            &["usage limit"],
            &["spending limit"],
            &["billing"],
        ],
    },
    Rule {
        kind: Overloaded,
        codes: &["overloaded", "overloaded_error", "unavailable", "service_unavailable", "503"],
        words: &[
            &["overload"],
            &["capacity"],
            &["high demand"],
            &["too busy"],
            &["temporarily unavailable"],
        ],
    },
    Rule {
        kind: Key,
        codes: &["unauthorized", "invalid_api_key", "api_key_invalid", "401"],
        words: &[&["api key"], &["api_key"], &["apikey"], &["unauthorized"], &["llm-key"]],
    },
];

/// The failure that an answer of this `head` is, given what the service says of it.
pub(super) fn failure(head: &Head, complaint: &Complaint) -> Failure {
    let row = ROWS.iter().rev().find(|row| row.from <= head.status).unwrap_or(&ROWS[0]);
    let kind = told(row.heeds, complaint).unwrap_or(row.kind);
    let retry = match (kind, row.charged) {
        (RateLimit, No) => Retry::After(head.retry_after.unwrap_or(0)),
        (Overloaded, _) | (_, Maybe | Charged::Yes) => Retry::Ask,
        (_, No) => Retry::Never,
    };
    let (what, hint) = words(kind, head, complaint);
    Failure { kind, what: Text::new(&what), hint: Text::new(&hint), charged: row.charged, retry }
}

/// A failure that is charged and was nobody's will: the answer came and cannot be read.
pub(super) fn unreadable(what: &str) -> Failure {
    Failure {
        kind: FailureKind::Unreadable,
        what: what.into(),
        hint: "The answer is kept as it came; an update of this program may read more of it."
            .into(),
        charged: Charged::Yes,
        retry: Retry::Ask,
    }
}

/// Which of the failures in `heeds` the service names.
fn told(heeds: &[FailureKind], complaint: &Complaint) -> Option<FailureKind> {
    let message = complaint.message.as_str().to_lowercase();
    let named = |rule: &&Rule| {
        let mut codes = complaint.codes.iter();
        codes.any(|code| rule.codes.contains(&code.to_lowercase().as_str()))
            || rule.words.iter().any(|group| group.iter().all(|word| message.contains(word)))
    };
    RULES.iter().filter(|rule| heeds.contains(&rule.kind)).find(named).map(|rule| rule.kind)
}

/// What happened, and what to do.
fn words(kind: FailureKind, head: &Head, complaint: &Complaint) -> (String, String) {
    let (host, status) = (&head.host, head.status);
    if kind == Redirect {
        let never = "A request with keys in it is never sent on.";
        return match &head.location {
            Some(to) => (
                format!("{host} answered {status} and points to {to}. {never}"),
                format!("If {to} is right, make it the base URL."),
            ),
            None => (
                format!("{host} answered {status} and does not say where else to ask. {never}"),
                "Check the base URL.".to_owned(),
            ),
        };
    }
    let provider = complaint.provider.as_ref();
    let who = provider.unwrap_or(host);
    let lead = match kind {
        Moderation => "The prompt or the picture was refused",
        Model => "The model cannot be used",
        RateLimit => "Too many requests for now",
        Credit => "There is no credit left, or a limit of the account is reached",
        Overloaded => "The service is overloaded",
        Key => "The key was not accepted",
        NoImage => "The answer holds no picture",
        OutcomeUnknown => "The request was sent and its outcome is unknown",
        _ => "The request was refused",
    };
    let status = status.to_string();
    let codes = complaint.codes.iter().filter(|code| **code != status);
    let codes = std::iter::once(&status).chain(codes).map(String::as_str);
    let mut what = format!("{lead} ({host}: HTTP {}).", codes.collect::<Vec<_>>().join(", "));
    if !complaint.message.is_blank() {
        let verb = if complaint.described { " sent " } else { " says: " };
        what.extend([" ", who.as_str(), verb, complaint.message.as_str().trim()]);
    }
    (what, hint(kind, head, provider))
}

fn hint(kind: FailureKind, head: &Head, provider: Option<&Text>) -> String {
    match (kind, provider) {
        (Moderation, _) => "Say it in other words, or begin from another picture.".to_owned(),
        (Model, _) => "Choose another model, or check how its name is written: provider:name.".to_owned(),
        (RateLimit, _) => match head.retry_after {
            Some(wait) => format!("Wait {}.", duration(wait)),
            None => "Wait a little.".to_owned(),
        },
        (Credit, _) => {
            let whose = provider.unwrap_or(&head.host);
            format!("Look at your account with {whose}, then send it again.")
        }
        (Overloaded, _) => "Send it again in a few minutes, or choose another model.".to_owned(),
        (Key, Some(provider)) => {
            format!("Check your key for {provider}; `pentimento doctor` says where it is from.")
        }
        (Key, None) => {
            "Check your key for the service and the provider's; `pentimento doctor` says where they \
             are from."
                .to_owned()
        }
        (NoImage, _) => {
            "Say in the prompt that a picture is wanted, or choose another model.".to_owned()
        },
        (OutcomeUnknown, _) => {
            "It may have been charged. Look at the account before sending it again.".to_owned()
        }
        _ if head.status == 404 => "Check the base URL and the model.".to_owned(),
        _ => "Change what it complains of and send it again.".to_owned(),
    }
}

/// `45 s`, `3 min`, `2 h`: rounded up, for a person who waits.
fn duration(milliseconds: u64) -> String {
    match milliseconds.div_ceil(1000) {
        seconds @ 0..=120 => format!("{seconds} s"),
        seconds @ 121..=7200 => format!("{} min", seconds.div_ceil(60)),
        seconds => format!("{} h", seconds.div_ceil(3600)),
    }
}
