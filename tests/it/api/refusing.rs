//! Status and body of a refusal → which failure, charged or not, whose turn it is.

use pentimento::api::langbase;
use pentimento::domain::Charged::{Maybe, No};
use pentimento::domain::FailureKind::{
    Credit, Key, Model, Moderation, OutcomeUnknown, Overloaded, RateLimit, Redirect, Rejected,
};
use pentimento::domain::Retry::{After, Ask, Never};
use pentimento::domain::{Charged, Failure, FailureKind, Retry};
use serde_json::json;

use super::head;

fn failure(status: u16, body: &str) -> Failure {
    langbase::read(&head(status), body.as_bytes()).failure.expect("no such status is a success")
}

/// An error as Langbase writes it.
fn langbase_error(code: &str, message: &str) -> String {
    json!({"success": false, "error": {"code": code, "status": 400, "message": message,
           "docs": "https://langbase.com/docs/errors"}})
    .to_string()
}

/// A provider's error as Langbase passes it on.
fn passed_on(message: &str) -> String {
    langbase_error("BAD_REQUEST", message)
}

#[test]
fn every_status_says_what_it_is_and_whether_it_was_charged() {
    let table: &[(&[u16], FailureKind, Charged, Retry)] = &[
        (&[300, 301, 302, 303, 304, 307, 308], Redirect, No, Never),
        (&[400, 404, 405, 406, 410, 412, 413, 414, 415, 418, 422, 424, 451], Rejected, No, Never),
        (&[401, 403], Key, No, Never),
        (&[402], Credit, No, Never),
        (&[429], RateLimit, No, After(0)),
        (&[408, 409, 499, 500, 501, 502, 503, 504, 507], OutcomeUnknown, Maybe, Ask),
        (&[520, 521, 522, 523, 524, 525, 529, 530, 599, 600, 999], OutcomeUnknown, Maybe, Ask),
        (&[0, 100, 101], FailureKind::NoImage, Maybe, Ask),
    ];
    for (statuses, kind, charged, retry) in table {
        for status in *statuses {
            for body in ["", "{}", "[]", "null", "<html></html>", "{\"error\":{", "\u{0}"] {
                let failure = failure(*status, body);
                let got = (failure.kind, failure.charged, failure.retry);
                assert_eq!(got, (*kind, *charged, *retry), "{status} {body:?}");
                assert!(!failure.what.is_blank() && !failure.hint.is_blank());
            }
        }
    }
}

#[test]
fn every_code_of_langbase_is_told_apart() {
    for (status, code, kind, charged, retry) in [
        (400, "BAD_REQUEST", Rejected, No, Never),
        (401, "UNAUTHORIZED", Key, No, Never),
        (403, "FORBIDDEN", Key, No, Never),
        (403, "DISABLED", Key, No, Never),
        (403, "INSUFFICIENT_PERMISSIONS", Key, No, Never),
        (403, "USAGE_EXCEEDED", Credit, No, Never),
        (404, "NOT_FOUND", Rejected, No, Never),
        (409, "CONFLICT", OutcomeUnknown, Maybe, Ask),
        (412, "PRECONDITION_FAILED", Rejected, No, Never),
        (429, "RATE_LIMITED", RateLimit, No, After(0)),
        (500, "INTERNAL_SERVER_ERROR", OutcomeUnknown, Maybe, Ask),
    ] {
        let failure = failure(status, &langbase_error(code, "The words of Langbase."));
        assert_eq!(
            (failure.kind, failure.charged, failure.retry),
            (kind, charged, retry),
            "{code}"
        );
        let what = failure.what.as_str();
        assert!(what.contains("The words of Langbase."), "{what}");
        assert!(what.contains(code) && what.contains("api.langbase.com says"), "{what}");
    }
}

#[test]
fn a_providers_own_failure_is_told_as_the_providers_words() {
    for (message, kind) in [
        ("Error from openai: Your request was rejected by the safety system.", Moderation),
        ("Error from openai: Incorrect API key provided: sk-***. You can find yours at …", Key),
        ("Error from openai: Billing hard limit has been reached", Credit),
        ("Error from openai: You exceeded your current quota, please check your plan.", Credit),
        ("Error from openai: The model `gpt-image-1` does not exist", Model),
        ("Error from openai: The model `gpt-image-1` has been deprecated", Model),
        ("Error from openai: Rate limit reached for images per minute", RateLimit),
        ("Error from openai: Invalid value: '1x1'. Supported values are …", Rejected),
        ("Error from openai: The engine is currently overloaded", Overloaded),
    ] {
        let failure = failure(400, &passed_on(message));
        assert_eq!(failure.kind, kind, "{message}");
        // A 400 is never charged, whatever it speaks of.
        assert_eq!(failure.charged, No);
        let words = message.strip_prefix("Error from openai: ").unwrap();
        let told = format!("openai says: {words}");
        assert!(failure.what.as_str().ends_with(&told), "{failure:?}");
        assert!(!failure.what.as_str().contains("Error from"));
    }
    let hint = failure(400, &passed_on("Error from together: Invalid API key")).hint;
    assert!(hint.as_str().contains("together"), "{hint}");
}

#[test]
fn every_shape_of_an_error_is_read() {
    for (body, told) in [
        (json!({"error": "plain words"}), "plain words"),
        (
            json!({"error": {"message": "plain words", "type": "invalid_request_error", "param": null, "code": null}}),
            "plain words",
        ),
        (json!({"error": {"message": "plain words", "code": 400}}), "plain words"),
        (json!({"error": {"message": "plain words", "code": "some_code"}}), "some_code"),
        (json!({"error": {"code": "only_a_code"}}), "only_a_code"),
        (
            json!({"error": {"message": "Provider returned error", "metadata": {"raw": "plain words"}}}),
            "plain words",
        ),
        (json!({"detail": "plain words"}), "plain words"),
        (
            json!({"detail": [{"loc": ["body", "size"], "msg": "plain words", "type": "x"}]}),
            "size: plain words",
        ),
        (json!({"detail": {"message": "plain words"}}), "plain words"),
        (
            json!([{"error": {"code": 400, "message": "plain words", "status": "INVALID_ARGUMENT", "details": []}}]),
            "INVALID_ARGUMENT",
        ),
        (json!({"message": "plain words"}), "plain words"),
        (json!("plain words"), "plain words"),
        (json!({"id": "x", "error": {"message": "plain words", "error_type": "y"}}), "plain words"),
    ] {
        let what = failure(400, &body.to_string()).what;
        assert!(what.as_str().contains(told), "{body}: {what}");
    }
    for (body, told) in [
        ("plain words", "plain words"),
        (
            "<html><head><title>502 Bad\nGateway</title></head></html>",
            "a web page titled “502 Bad Gateway”",
        ),
        ("<html>", "a web page"),
        (r#"{"success":false,"error":{"code":"X","message":"plain words","doc"#, "plain words"),
        (r#"{"success":false,"error":{"code":"X","message":"pla"#, "cut short"),
    ] {
        let what = failure(400, body).what;
        assert!(what.as_str().contains(told), "{body}: {what}");
    }
}

#[test]
fn a_rate_limit_waits_as_long_as_the_service_says() {
    let limited = langbase_error("RATE_LIMITED", "Rate limit exceeded");
    for (retry_after, retry, hint) in [
        (Some(7_000), After(7_000), "Wait 7 s."),
        (Some(0), After(0), "Wait 0 s."),
        (Some(180_000), After(180_000), "Wait 3 min."),
        (Some(10_800_000), After(10_800_000), "Wait 3 h."),
        (None, After(0), "Wait a little."),
    ] {
        let mut head = head(429);
        head.retry_after = retry_after;
        let failure = langbase::read(&head, limited.as_bytes()).failure.unwrap();
        assert_eq!((failure.retry, failure.hint.as_str()), (retry, hint));
    }
}

#[test]
fn an_empty_account_is_no_rate_limit() {
    let quota = json!({"error": {"message": "You exceeded your current quota, please check your plan and billing details.",
        "type": "insufficient_quota", "param": null, "code": "insufficient_quota"}});
    let got = failure(429, &quota.to_string());
    assert_eq!((got.kind, got.charged, got.retry), (Credit, No, Never));
    // Gemini opens with the same words and means a rate.
    let gemini = json!([{"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message":
        "You exceeded your current quota. See https://ai.google.dev/gemini-api/docs/rate-limits."}}]);
    assert_eq!(failure(429, &gemini.to_string()).kind, RateLimit);
}

#[test]
fn an_overload_is_one_only_when_the_service_says_so() {
    for status in [503, 529] {
        for (body, kind) in [
            (r#"{"error":{"message":"The model is overloaded"}}"#, Overloaded),
            (r#"{"error":{"code":"service_unavailable"}}"#, Overloaded),
            (r#"{"error":{"message":"No capacity left"}}"#, Overloaded),
            (r#"{"error":{"message":"Something broke"}}"#, OutcomeUnknown),
            ("", OutcomeUnknown),
        ] {
            let got = failure(status, body);
            assert_eq!((got.kind, got.charged, got.retry), (kind, Maybe, Ask), "{status} {body}");
        }
    }
}

#[test]
fn words_do_not_change_that_nobody_knows_the_outcome() {
    for words in ["moderation", "invalid api key", "model not found", "rate limit", "overloaded"] {
        for status in [408, 409, 500, 502, 504, 520] {
            let body = langbase_error("X", words);
            assert_eq!(failure(status, &body).kind, OutcomeUnknown, "{status} {words}");
        }
    }
}

#[test]
fn a_services_words_cannot_drive_a_terminal() {
    let failure =
        failure(400, &langbase_error("\u{1b}]0;code\u{7}", "\u{1b}[2J\u{202e}words\r\nmore"));
    let shown = format!("{}{}", failure.what, failure.hint);
    assert!(!shown.chars().any(|c| c.is_control() || c == '\u{202e}'), "{shown:?}");
    assert!(shown.contains("words"));
}
