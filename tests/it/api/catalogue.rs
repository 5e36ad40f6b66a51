//! Every failure a person can meet, as it is told: the page to read before words change.

use std::fmt::Write;

use pentimento::api::langbase;
use pentimento::domain::{Doing, Failure, FailureKind};
use pentimento::engine::policy::{self, Then};

use super::head;

/// Answers of a service, as they come: what they are, the status, the body.
const ANSWERS: [(&str, u16, &str); 24] = [
    (
        "the words were refused",
        400,
        r#"{"error":{"code":"BAD_REQUEST","message":"Error from openai: Your request was rejected by the safety system."}}"#,
    ),
    (
        "a request that is malformed",
        400,
        r#"{"error":{"code":"BAD_REQUEST","message":"Error from openai: Invalid value: '1x1'."}}"#,
    ),
    (
        "a model that is gone",
        400,
        r#"{"error":{"code":"BAD_REQUEST","message":"Error from openai: The model `gpt-image-1` does not exist"}}"#,
    ),
    ("a key of Langbase", 401, r#"{"error":{"code":"UNAUTHORIZED","message":"Invalid API key."}}"#),
    (
        "a key of a provider",
        400,
        r#"{"error":{"code":"BAD_REQUEST","message":"Error from together: Invalid API key"}}"#,
    ),
    ("no credit", 402, r#"{"error":{"message":"Payment required."}}"#),
    (
        "a limit of the account",
        403,
        r#"{"error":{"code":"USAGE_EXCEEDED","message":"Usage limit reached."}}"#,
    ),
    ("a permission", 403, r#"{"error":{"code":"FORBIDDEN","message":"Not allowed."}}"#),
    (
        "an address that is not there",
        404,
        r#"{"error":{"code":"NOT_FOUND","message":"No such route."}}"#,
    ),
    ("a conflict", 409, r#"{"error":{"code":"CONFLICT","message":"Try again."}}"#),
    (
        "a precondition",
        412,
        r#"{"error":{"code":"PRECONDITION_FAILED","message":"Missing header."}}"#,
    ),
    (
        "too many requests",
        429,
        r#"{"error":{"code":"RATE_LIMITED","message":"Slow down.","rateLimit":{"limit":25,"remaining":0}}}"#,
    ),
    (
        "a fault of the service",
        500,
        r#"{"error":{"code":"INTERNAL_SERVER_ERROR","message":"Oops."}}"#,
    ),
    ("a service that is overloaded", 503, r#"{"error":{"message":"The engine is overloaded."}}"#),
    ("a gateway that gave up", 504, "<html>504 Gateway Time-out</html>"),
    ("plain words", 400, r#"{"error":"plain words"}"#),
    ("a detail", 422, r#"{"detail":"Field required"}"#),
    (
        "a list of details",
        422,
        r#"{"detail":[{"loc":["body","n"],"msg":"must be 1","type":"value_error"}]}"#,
    ),
    (
        "a list around an error",
        400,
        r#"[{"error":{"code":400,"message":"In a list.","status":"INVALID_ARGUMENT"}}]"#,
    ),
    ("another address", 307, ""),
    (
        "an error in a good answer",
        200,
        r#"{"error":{"code":402,"message":"Insufficient credits."}}"#,
    ),
    (
        "an answer without a picture",
        200,
        r#"{"choices":[{"index":0,"finish_reason":"content_filter","message":{"role":"assistant","content":"I cannot draw that."}}]}"#,
    ),
    ("an answer that is empty", 200, ""),
    ("an answer that is cut", 200, r#"{"choices":[{"index":0,"message":{"images":[{"image_url":"#),
];

/// All kinds, in the order of their list.
const KINDS: [FailureKind; 22] = [
    FailureKind::Request,
    FailureKind::BaseImage,
    FailureKind::MissingKey,
    FailureKind::Key,
    FailureKind::Credit,
    FailureKind::Budget,
    FailureKind::Moderation,
    FailureKind::RateLimit,
    FailureKind::Model,
    FailureKind::Rejected,
    FailureKind::Redirect,
    FailureKind::Unreachable,
    FailureKind::Overloaded,
    FailureKind::OutcomeUnknown,
    FailureKind::Unreadable,
    FailureKind::NoImage,
    FailureKind::Fetch,
    FailureKind::DeadLink,
    FailureKind::Storage,
    FailureKind::Config,
    FailureKind::Terminal,
    FailureKind::Internal,
];

/// A failure as a person reads it, with what becomes of its job.
fn told(failure: &Failure) -> String {
    let then = match policy::then(failure) {
        Then::Fail => "ends as failed",
        Then::Unknown => "ends as interrupted: send again, or give up",
        Then::Again(_) => "is sent again by itself",
        Then::AllWait(_) => "is sent again by itself, all of its provider wait",
        Then::AgainIfAllowed(_) => "ends as failed, or is sent again where that is allowed",
        Then::FetchAgain(_) => "the picture is fetched again by itself",
    };
    let (kind, what, hint) = (failure.kind.name(), &failure.what, &failure.hint);
    format!("  {what}\n  {hint}\n  ({}; {kind}; {then})\n", failure.verdict())
}

#[test]
fn every_answer_of_a_service_is_told_with_whose_doing_it_is_and_what_to_do() {
    let mut page = String::new();
    for (what, status, body) in ANSWERS {
        let failure = langbase::read(&head(status), body.as_bytes()).failure;
        let failure = failure.expect("each of them is a failure");
        assert!(!failure.what.is_blank() && !failure.hint.is_blank(), "{what}");
        writeln!(page, "{what}, HTTP {status}\n{}", told(&failure)).expect("it is text");
    }
    insta::assert_snapshot!(page);
}

#[test]
fn every_kind_of_failure_is_somebodys_doing() {
    let told = |kind: &FailureKind| format!("{}: {}", kind.name(), kind.doing().words());
    let page = KINDS.iter().map(told).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(page);
    for doing in [Doing::You, Doing::Service, Doing::Network, Doing::Machine, Doing::Program] {
        assert!(KINDS.iter().any(|kind| kind.doing() == doing), "{doing:?}");
    }
    // None is left out: each stands in the table of what becomes of jobs, or ends outside of one.
    for row in policy::ROWS {
        assert!(row.kinds.iter().all(|kind| KINDS.contains(kind)));
    }
}
