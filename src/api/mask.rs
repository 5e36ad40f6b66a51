//! Keys that come back: a service may repeat in an answer what it was sent.
//!
//! Promises that no key of the request passes as it is or with the `/` of JSON escaped,
//! wherever the pieces of the answer break, and that nothing else changes, not even a
//! length. Must never keep back what cannot be the beginning of a key.

use secrecy::{ExposeSecret, SecretString};

use super::Route;

/// Shorter words are no keys: they may stand anywhere.
const SHORTEST: usize = 8;

/// Covers the keys of one request with asterisks.
#[derive(Debug)]
pub(super) struct Mask {
    keys: Vec<SecretString>,
    /// The end of what has come, where it may be the beginning of a key.
    held: Vec<u8>,
}

impl Mask {
    /// Covers the keys that `route` is asked with.
    pub(super) fn of(route: &Route) -> Self {
        let mut keys = Vec::new();
        for key in std::iter::once(&route.key).chain(&route.provider_key) {
            let key = key.value.expose_secret().trim();
            if key.len() < SHORTEST {
                continue;
            }
            keys.push(key.into());
            if key.contains('/') {
                keys.push(key.replace('/', "\\/").into());
            }
        }
        Self { keys, held: Vec::new() }
    }

    /// A whole text without the keys.
    pub(super) fn text(&self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        self.cover(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// What may go on of the next piece and what was held of those before it.
    pub(super) fn pass(&mut self, piece: &[u8]) -> Vec<u8> {
        let mut come = std::mem::take(&mut self.held);
        come.extend_from_slice(piece);
        self.cover(&mut come);
        self.held = come.split_off(come.len() - self.begun(&come));
        come
    }

    /// What was held at the end of the answer.
    pub(super) fn rest(&mut self) -> Vec<u8> {
        let mut rest = std::mem::take(&mut self.held);
        if rest.len() >= SHORTEST {
            rest.fill(b'*');
        }
        rest
    }

    fn keys(&self) -> impl Iterator<Item = &[u8]> {
        self.keys.iter().map(|key| key.expose_secret().as_bytes())
    }

    fn cover(&self, bytes: &mut [u8]) {
        for key in self.keys() {
            let mut at = 0;
            while let Some(end) = (at + key.len() <= bytes.len()).then_some(at + key.len()) {
                // The name of a host is in lower case, whatever the key was in.
                if bytes[at..end].eq_ignore_ascii_case(key) {
                    bytes[at..end].fill(b'*');
                }
                at += 1;
            }
        }
    }

    /// How many of the last bytes may be the beginning of a key.
    fn begun(&self, bytes: &[u8]) -> usize {
        let begins = |key: &[u8], length: usize| {
            bytes[bytes.len() - length..].eq_ignore_ascii_case(&key[..length])
        };
        let longest = |key: &[u8]| {
            let most = bytes.len().min(key.len() - 1);
            (1..=most).rev().find(|length| begins(key, *length)).unwrap_or(0)
        };
        self.keys().map(longest).max().unwrap_or(0)
    }
}
