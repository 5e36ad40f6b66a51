//! The client that spends money: one call, at most one request.
//!
//! Promises that nothing is sent before the caller has taken note of it, that no
//! request is repeated or redirected by itself, and that every failure says whether
//! something had been sent. Must never put a key into a text.

use std::error::Error;
use std::future::Future;
use std::pin::pin;

use futures::FutureExt;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::redirect;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tower::BoxError;
use tower::timeout::TimeoutLayer;
use tower::util::AndThenLayer;
use url::Url;

use super::mask::Mask;
use super::{Bounds, Head, USER_AGENT, is_local};
use crate::domain::{Charged, Failure, FailureKind, GenerationId, Retry, Text};

/// How the service is reached for one provider.
#[derive(Clone, Debug)]
pub struct Route {
    /// Where the service lives, with or without a `/` at its end; may have a path.
    pub base_url: Url,
    /// The service's own key.
    pub key: ApiKey,
    /// The provider's key, which the service passes on.
    pub provider_key: Option<ApiKey>,
}

/// A key, and what to call it in a message.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// Where it comes from: `LANGBASE_API_KEY`.
    pub source: String,
    /// What is never shown.
    pub value: SecretString,
}

/// Sends requests that cost money.
#[derive(Clone, Copy, Debug, Default)]
pub struct Client {
    bounds: Bounds,
}

/// An answer whose head is here and whose body is still coming.
#[derive(Debug)]
pub struct Answering {
    head: Head,
    response: reqwest::Response,
    bounds: Bounds,
    taken: u64,
    mask: Mask,
    /// How the body ended, where its last bytes were still to be handed over.
    ended: Option<Result<(), Failure>>,
}

impl Client {
    /// A client which keeps to `bounds`.
    pub const fn new(bounds: Bounds) -> Self {
        Self { bounds }
    }

    /// Sends `body` to `/v1/images` of `route`, once, under the name `idempotency`,
    /// and waits for the head of the answer.
    ///
    /// `on_connected` runs when the connection stands (proxy and TLS included) and
    /// before the first byte of the request is written.
    ///
    /// # Errors
    /// - what `on_connected` fails with: nothing was sent;
    /// - before that, [`FailureKind::Unreachable`] (or [`FailureKind::Config`],
    ///   [`FailureKind::Key`] for a route nothing can be sent by): nothing was sent;
    /// - after that, [`FailureKind::OutcomeUnknown`]: it may have been charged.
    ///
    /// Any status at all is an answer, not an error.
    pub async fn send(
        &self,
        route: &Route,
        body: &Value,
        idempotency: GenerationId,
        on_connected: impl Future<Output = Result<(), Failure>>,
    ) -> Result<Answering, Failure> {
        let url = endpoint(&route.base_url)?;
        let (arrivals, mut arrived) = mpsc::channel(1);
        let http = self.http(&url, arrivals)?;
        let mut request = http
            .post(url.clone())
            .header(AUTHORIZATION, secret("Bearer ", &route.key)?)
            .header("Idempotency-Key", idempotency.to_string())
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json")
            .body(body.to_string());
        if let Some(key) = &route.provider_key {
            request = request.header("LB-LLM-Key", secret("", key)?);
        }

        let mut answer = pin!(request.send().fuse());
        let go = tokio::select! {
            biased;
            Some(go) = arrived.recv() => go,
            early = &mut answer => return Err(unreachable(&url, early.err())),
        };
        // From here on a second connection finds nobody to let it through.
        drop(arrived);
        on_connected.await?;
        // The receiver waits inside `answer`, which is alive and not done.
        let _: Result<(), ()> = go.send(());

        let response = match timeout(self.bounds.head, answer).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(unknown(&url, &reason(&error.without_url()))),
            Err(_) => {
                let seconds = self.bounds.head.as_secs();
                return Err(unknown(&url, &format!("no answer came within {seconds} s")));
            }
        };
        let mask = Mask::of(route);
        let head = Head::of(&url, &response, &mask);
        Ok(Answering { head, response, bounds: self.bounds, taken: 0, mask, ended: None })
    }

    /// A client for one request. Its only connection announces itself to `arrivals`
    /// and waits there to be let through.
    fn http(
        &self,
        url: &Url,
        arrivals: mpsc::Sender<oneshot::Sender<()>>,
    ) -> Result<reqwest::Client, Failure> {
        let gate = move |connection| {
            let arrivals = arrivals.clone();
            async move {
                let (go, may_go) = oneshot::channel();
                arrivals.send(go).await?;
                may_go.await?;
                Ok::<_, BoxError>(connection)
            }
        };
        let mut builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            // Each of these would send a paid request twice, or to somebody else.
            .retry(reqwest::retry::never())
            .redirect(redirect::Policy::none())
            .referer(false)
            .pool_max_idle_per_host(0)
            .connector_layer(TimeoutLayer::new(self.bounds.connect))
            .connector_layer(AndThenLayer::new(gate));
        if is_local(url) {
            builder = builder.no_proxy();
        }
        builder.build().map_err(|error| no_client(&error.without_url()))
    }
}

impl Answering {
    /// The head of the answer.
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// The next piece of the body; `None` at its end. Of a refusal no more is read than
    /// its bound, and one that breaks off simply ends: its status has said it all. Where
    /// the service repeats a key, there are asterisks in its place.
    ///
    /// # Errors
    /// [`FailureKind::Unreadable`], charged, when a good answer breaks off, stops coming
    /// or is longer than its bound. The pieces before it are worth keeping and reading.
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        if let Some(ended) = self.ended.take() {
            return ended.map(|()| None);
        }
        loop {
            let ended = match self.piece().await {
                Ok(Some(piece)) => {
                    let passed = self.mask.pass(&piece);
                    if passed.is_empty() {
                        continue;
                    }
                    return Ok(Some(passed));
                }
                Ok(None) => Ok(()),
                Err(failure) => Err(failure),
            };
            let rest = self.mask.rest();
            if rest.is_empty() {
                return ended.map(|()| None);
            }
            self.ended = Some(ended);
            return Ok(Some(rest));
        }
    }

    /// The next piece as it comes.
    async fn piece(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let next = timeout(self.bounds.idle, self.response.chunk()).await;
        let most = if self.head.is_success() { self.bounds.answer } else { self.bounds.refusal };
        let left = usize::try_from(most - self.taken).unwrap_or(usize::MAX);
        let trouble = match next {
            Ok(Ok(None)) => return Ok(None),
            Ok(Ok(Some(piece))) if piece.len() <= left => {
                self.taken += piece.len() as u64;
                return Ok(Some(piece.into()));
            }
            Ok(Ok(Some(piece))) if !self.head.is_success() => {
                self.taken = most;
                return Ok((left > 0).then(|| piece[..left].to_vec()));
            }
            _ if !self.head.is_success() => return Ok(None),
            Ok(Ok(Some(_))) => format!("it is longer than {} MiB", most >> 20),
            Ok(Err(error)) => reason(&error.without_url()),
            Err(_) => format!("nothing more came for {} s", self.bounds.idle.as_secs()),
        };
        Err(Failure {
            kind: FailureKind::Unreadable,
            what: Text::new(&format!(
                "The answer of {} broke off after {} bytes: {trouble}.",
                self.head.host, self.taken
            )),
            hint: "What came of it is kept; pictures that are whole are taken out of it.".into(),
            charged: Charged::Yes,
            retry: Retry::Ask,
        })
    }
}

/// The address of the images below `base`, which may end in `/` (the SDKs send
/// `//v1/images` then).
pub(super) fn endpoint(base: &Url) -> Result<Url, Failure> {
    let unusable = |what: &str| {
        Failure::before_sending(
            FailureKind::Config,
            format!("Not sent: the base URL {what}."),
            "Write it like https://api.langbase.com.",
        )
    };
    if !matches!(base.scheme(), "https" | "http") {
        return Err(unusable("is neither https nor http"));
    }
    if !base.username().is_empty() || base.password().is_some() {
        return Err(unusable("holds a user name or a password"));
    }
    let mut url = base.clone();
    url.set_path(&format!("{}/v1/images", base.path().trim_end_matches('/')));
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

/// A header that no Debug output shows.
fn secret(scheme: &str, key: &ApiKey) -> Result<HeaderValue, Failure> {
    let mut value = HeaderValue::from_str(&format!("{scheme}{}", key.value.expose_secret().trim()))
        .map_err(|_| {
            Failure::before_sending(
                FailureKind::Key,
                format!("Not sent: the key from {} holds characters no key has.", key.source),
                "Copy the key again, without line ends or quotes.",
            )
        })?;
    value.set_sensitive(true);
    Ok(value)
}

/// The words of the deepest cause, which is the one a person can act on.
pub(super) fn reason(error: &reqwest::Error) -> String {
    let mut deepest: &dyn Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    Text::capped(&deepest.to_string(), 300).to_string()
}

/// The failure of building a client: without the system's certificates, mostly.
fn no_client(error: &reqwest::Error) -> Failure {
    Failure::before_sending(
        FailureKind::Config,
        format!("Not sent: encryption could not be set up: {}.", reason(error)),
        "Check that the system's certificates are installed (the package ca-certificates).",
    )
}

fn unreachable(url: &Url, error: Option<reqwest::Error>) -> Failure {
    let host = url.host_str().unwrap_or_default();
    let reason = error.map_or_else(String::new, |error| reason(&error.without_url()));
    Failure::before_sending(
        FailureKind::Unreachable,
        format!("{host} could not be reached: {reason}."),
        "Nothing was sent. Check the network, the proxy and the base URL.",
    )
    .retry(Retry::After(0))
}

fn unknown(url: &Url, reason: &str) -> Failure {
    let host = url.host_str().unwrap_or_default();
    Failure {
        kind: FailureKind::OutcomeUnknown,
        what: Text::new(&format!(
            "The request was sent to {host} and its outcome is unknown: {reason}."
        )),
        hint: "It may have been charged. Look at the account before sending it again.".into(),
        charged: Charged::Maybe,
        retry: Retry::Ask,
    }
}
