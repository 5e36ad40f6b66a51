//! Getting a delivered picture from where the answer says it is.
//!
//! A link is a stranger's word. Promises that no key, cookie or referer goes along, that
//! no address inside this machine's networks is ever connected to, and that no more is
//! taken than the bound. Must never store anything or try twice.

use std::net::SocketAddr;

use reqwest::header::{ACCEPT_ENCODING, LOCATION};
use reqwest::{Response, redirect};
use tokio::net::lookup_host;
use tokio::time::timeout;
use url::{Host, Url};

use super::client::reason;
use super::head::retry_after;
use super::{Bounds, USER_AGENT, is_global, is_local};
use crate::domain::{Charged, Failure, FailureKind, Retry, Text};

/// Redirects that are followed.
const REDIRECTS: usize = 3;

/// Fetches pictures.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fetcher {
    bounds: Bounds,
}

impl Fetcher {
    /// A fetcher which keeps to `bounds`.
    pub const fn new(bounds: Bounds) -> Self {
        Self { bounds }
    }

    /// Hands the bytes behind `link` to `sink`, piece by piece. Only `https` to the public
    /// internet will do, unless `api_base`, the service that gave the link, is on this
    /// machine: then this machine will do too, and plain `http` to it.
    ///
    /// # Errors
    /// What `sink` fails with; else a failure that is charged, since the picture is paid
    /// for: [`FailureKind::DeadLink`] where the host says that there is nothing (any more),
    /// [`FailureKind::Fetch`] for everything else, with [`Retry::Never`] for a link that is
    /// not allowed or a picture too long. What `sink` was given before a failure is no
    /// picture.
    pub async fn fetch(
        &self,
        link: &str,
        api_base: Option<&Url>,
        sink: &mut (dyn FnMut(&[u8]) -> Result<(), Failure> + Send),
    ) -> Result<(), Failure> {
        let local = api_base.is_some_and(is_local);
        let mut url = Url::parse(link).map_err(|_| refused("is no address"))?;
        for _ in 0..=REDIRECTS {
            let response = self.get(&url, local).await?;
            if !response.status().is_redirection() {
                return self.take(&url, response, sink).await;
            }
            let location = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            url = location
                .and_then(|to| url.join(to).ok())
                .ok_or_else(|| refused("redirects to nowhere"))?;
        }
        Err(refused("redirects too often"))
    }

    /// One request to an address that was looked at first.
    async fn get(&self, url: &Url, local: bool) -> Result<Response, Failure> {
        let addresses = self.allowed_addresses(url, local).await?;
        let mut url = url.clone();
        // reqwest would make a header of these.
        url.set_username("")
            .and_then(|()| url.set_password(None))
            .map_err(|()| refused("has no host"))?;
        let mut builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .retry(reqwest::retry::never())
            .redirect(redirect::Policy::none())
            .referer(false)
            .pool_max_idle_per_host(0)
            .connect_timeout(self.bounds.connect);
        if addresses.iter().all(|address| address.ip().is_loopback()) {
            builder = builder.no_proxy();
        }
        if let Some(Host::Domain(name)) = url.host() {
            // Pinned: a second answer of the name server could be another one.
            builder = builder.resolve_to_addrs(name, &addresses);
        }
        let http = builder.build().map_err(|error| passing(&url, &reason(&error.without_url())))?;
        let sent = http.get(url.clone()).header(ACCEPT_ENCODING, "identity").send();
        match timeout(self.bounds.idle, sent).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(passing(&url, &reason(&error.without_url()))),
            Err(_) => Err(passing(&url, "it does not answer")),
        }
    }

    /// The addresses of the host of `url` that may be connected to; never none.
    async fn allowed_addresses(&self, url: &Url, local: bool) -> Result<Vec<SocketAddr>, Failure> {
        let plain = match url.scheme() {
            "https" => false,
            "http" if local => true,
            _ => return Err(refused("is not https")),
        };
        let port = url.port_or_known_default().ok_or_else(|| refused("has no port"))?;
        let found: Vec<SocketAddr> = match url.host() {
            None => return Err(refused("has no host")),
            Some(Host::Ipv4(v4)) => vec![(v4, port).into()],
            Some(Host::Ipv6(v6)) => vec![(v6, port).into()],
            Some(Host::Domain(name)) => {
                match timeout(self.bounds.connect, lookup_host((name, port))).await {
                    Ok(Ok(found)) => found.collect(),
                    Ok(Err(_)) | Err(_) => return Err(passing(url, "its name is not known")),
                }
            }
        };
        let allowed = |address: &SocketAddr| {
            let ip = address.ip().to_canonical();
            (local && ip.is_loopback()) || (!plain && is_global(ip))
        };
        let addresses: Vec<_> = found.into_iter().filter(allowed).collect();
        if addresses.is_empty() {
            return Err(refused("leads into a private network"));
        }
        Ok(addresses)
    }

    /// The body of a good answer, or the failure a bad one is.
    async fn take(
        &self,
        url: &Url,
        mut response: Response,
        sink: &mut (dyn FnMut(&[u8]) -> Result<(), Failure> + Send),
    ) -> Result<(), Failure> {
        let status = response.status().as_u16();
        if status != 200 {
            return Err(turned_away(url, status, retry_after(response.headers())));
        }
        let most = self.bounds.image;
        let mut taken = 0;
        loop {
            let piece = match timeout(self.bounds.idle, response.chunk()).await {
                Ok(Ok(piece)) => piece,
                Ok(Err(error)) => return Err(passing(url, &reason(&error.without_url()))),
                Err(_) => return Err(passing(url, "nothing more came")),
            };
            let Some(piece) = piece else { break };
            taken += piece.len() as u64;
            if taken > most {
                return Err(refused(&format!("holds more than {} MiB", most >> 20)));
            }
            sink(&piece)?;
        }
        if taken == 0 {
            return Err(passing(url, "it sent nothing"));
        }
        Ok(())
    }
}

/// The failure that a status other than 200 is.
fn turned_away(url: &Url, status: u16, retry_after: Option<u64>) -> Failure {
    match status {
        408 | 425 | 429 | 500..=999 => passing(url, &format!("it answered HTTP {status}"))
            .retry(Retry::After(retry_after.unwrap_or(0))),
        403 | 404 | 410 => dead(
            &format!("{} has no picture at its link, or no more (HTTP {status}).", host(url)),
            "It is paid for, and looking for it again is free.",
        ),
        _ => dead(
            &format!("{} does not give the picture away (HTTP {status}).", host(url)),
            "The link is in the details of the generation; a browser may get it.",
        ),
    }
}

/// A failure that may pass by itself.
fn passing(url: &Url, reason: &str) -> Failure {
    failure(
        &format!("The picture could not be fetched from {}: {reason}.", host(url)),
        "It is paid for, and fetching it again is free.",
        Retry::After(0),
    )
}

/// A link behind which the host says there is nothing. It may be late in putting it up.
fn dead(what: &str, hint: &str) -> Failure {
    Failure { kind: FailureKind::DeadLink, ..failure(what, hint, Retry::After(0)) }
}

/// A link that is not followed, ever.
fn refused(why: &str) -> Failure {
    failure(
        &format!("The link to the picture {why}; it was not fetched."),
        "The link is in the details of the generation.",
        Retry::Never,
    )
}

fn failure(what: &str, hint: &str, retry: Retry) -> Failure {
    Failure {
        kind: FailureKind::Fetch,
        what: Text::new(what),
        hint: Text::new(hint),
        charged: Charged::Yes,
        retry,
    }
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}
