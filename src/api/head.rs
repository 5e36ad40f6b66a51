//! What stands above the body of an answer.

use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, LOCATION, RETRY_AFTER};
use serde::{Deserialize, Serialize};
use url::Url;

use super::mask::Mask;
use crate::domain::Text;

/// The head of an answer: enough to read its body by, today or after a restart.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Head {
    /// The HTTP status.
    pub status: u16,
    /// The host that was asked.
    pub host: Text,
    /// The service's own name for the request: `lb-request-id`, else `x-request-id`.
    pub request_id: Option<Text>,
    /// Bytes of the body, where announced.
    pub length: Option<u64>,
    /// The declared type of the body.
    pub content_type: Option<Text>,
    /// Milliseconds to wait before the next request, from `retry-after-ms` or
    /// `retry-after` (seconds, or a date against the service's own `date`).
    pub retry_after: Option<u64>,
    /// The host a redirect points to.
    pub location: Option<Text>,
    /// Requests a minute.
    pub rate: RateLimit,
    /// The account's use.
    pub usage: UsageLimit,
}

/// `lb-ratelimit-*`: how many requests the account may send for now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct RateLimit {
    /// Requests in a window.
    pub limit: Option<u64>,
    /// Requests left in this one.
    pub remaining: Option<u64>,
    /// When the window ends, in seconds since 1970.
    pub reset: Option<u64>,
}

/// `lb-usagelimit-*`: how much the account may use at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct UsageLimit {
    /// The most.
    pub limit: Option<u64>,
    /// What is left of it.
    pub remaining: Option<u64>,
    /// What is used of it.
    pub used: Option<u64>,
}

impl Head {
    /// A head of which no more is known than what the journal notes of it.
    pub fn noted(status: u16, request_id: Option<Text>, length: Option<u64>) -> Self {
        Self { status, request_id, length, ..Self::default() }
    }

    /// Whether the status says that the body is what was asked for.
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    /// The head of `response` to a request sent to `asked`, without what `mask` covers.
    pub(super) fn of(asked: &Url, response: &Response, mask: &Mask) -> Self {
        let headers = response.headers();
        let number = |name| text(headers, name).and_then(|number| number.trim().parse().ok());
        let kept = |name| text(headers, name).map(|raw| Text::capped(&mask.text(raw), 200));
        let location = text(headers, LOCATION.as_str());
        Self {
            status: response.status().as_u16(),
            host: Text::new(asked.host_str().unwrap_or_default()),
            request_id: kept("lb-request-id").or_else(|| kept("x-request-id")),
            length: response.content_length(),
            content_type: kept(CONTENT_TYPE.as_str()),
            retry_after: retry_after(headers),
            location: location
                .and_then(|to| asked.join(to).ok())
                .and_then(|to| to.host_str().map(|host| Text::new(&mask.text(host)))),
            rate: RateLimit {
                limit: number("lb-ratelimit-limit"),
                remaining: number("lb-ratelimit-remaining"),
                reset: number("lb-ratelimit-reset"),
            },
            usage: UsageLimit {
                limit: number("lb-usagelimit-limit"),
                remaining: number("lb-usagelimit-remaining"),
                used: number("lb-usagelimit-used"),
            },
        }
    }
}

/// Milliseconds the service asks to be left alone.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let milliseconds = |raw: &str, unit: f64| {
        let number: f64 = raw.trim().parse().ok()?;
        (number.is_finite() && number >= 0.0).then_some((number * unit).ceil() as u64)
    };
    let after = text(headers, RETRY_AFTER.as_str());
    text(headers, "retry-after-ms")
        .and_then(|raw| milliseconds(raw, 1.0))
        .or_else(|| after.and_then(|raw| milliseconds(raw, 1000.0)))
        .or_else(|| {
            // The service's date is measured with the service's clock: ours may be wrong.
            let now = moment(text(headers, DATE.as_str())?)?;
            Some(moment(after?)?.saturating_sub(now).max(0).cast_unsigned())
        })
}

/// The moment an HTTP date names, in milliseconds since 1970.
fn moment(date: &str) -> Option<i64> {
    let zoned = jiff::fmt::rfc2822::DateTimeParser::new().parse_zoned_datetime(date).ok()?;
    Some(zoned.timestamp().as_millisecond())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().filter(|raw| !raw.trim().is_empty())
}
