//! A server that plays bytes as they are: what a broken service does, or a broken line.
//!
//! It speaks as much HTTP/1 and HTTP/2 as it takes to know which request has come, by
//! the prompt in it, and counts each, also those that it never reads to the end.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Of this server, and of whoever trusts it.
pub(crate) const CERTIFICATE: &str = include_str!("../fixtures/loopback.crt");
const KEY: &str = include_str!("../fixtures/loopback.key");

/// What every client of HTTP/2 says first (RFC 9113, 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) prompt: String,
    /// How many of this prompt came before.
    pub(crate) nth: usize,
    /// The stream of HTTP/2 that it came on.
    pub(crate) stream: u32,
    /// Where it was sent: `127.0.0.1:PORT`.
    pub(crate) host: SocketAddr,
}

/// What is done about a request.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) bytes: Vec<u8>,
    pub(crate) then: Then,
}

/// What becomes of the line after that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Then {
    Close,
    Reset,
    Stay,
}

type Script = dyn Fn(&Asked) -> Fault + Send + Sync;
type Whole = dyn Fn(&str) -> bool + Send + Sync;
type Posts = Arc<Mutex<BTreeMap<String, usize>>>;

/// The server; it is gone when this value is.
pub(crate) struct Wire {
    pub(crate) address: SocketAddr,
    posts: Posts,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// What the tasks of the server share.
struct Play {
    address: SocketAddr,
    posts: Posts,
    script: Box<Script>,
    /// Whether a request with this prompt is read to its end before it is answered.
    whole: Box<Whole>,
    /// Lines to cut before they are encrypted.
    cut: Mutex<usize>,
}

impl Wire {
    /// HTTP/1, as plain text. Of the prompts that `whole` denies, only as much is read
    /// as it takes to know them.
    pub(crate) fn plain(
        whole: impl Fn(&str) -> bool + Send + Sync + 'static,
        script: impl Fn(&Asked) -> Fault + Send + Sync + 'static,
    ) -> Self {
        Self::start(Box::new(whole), Box::new(script), None, 0)
    }

    /// HTTP/2 inside TLS, with the first `cut` lines cut in the handshake.
    pub(crate) fn encrypted(
        cut: usize,
        script: impl Fn(&Asked) -> Fault + Send + Sync + 'static,
    ) -> Self {
        let certificate = CertificateDer::from_pem_slice(CERTIFICATE.as_bytes());
        let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes());
        let mut config = ServerConfig::builder_with_provider(aws_lc_rs::default_provider().into())
            .with_safe_default_protocol_versions()
            .expect("the provider speaks TLS")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.expect("it is PEM")], key.expect("it is PEM"))
            .expect("they belong together");
        config.alpn_protocols = vec![b"h2".to_vec()];
        let tls = TlsAcceptor::from(Arc::new(config));
        Self::start(Box::new(|_| true), Box::new(script), Some(tls), cut)
    }

    fn start(whole: Box<Whole>, script: Box<Script>, tls: Option<TlsAcceptor>, cut: usize) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has ports");
        listener.set_nonblocking(true).expect("a socket can be made non-blocking");
        let address = listener.local_addr().expect("a bound socket has an address");
        let posts = Posts::default();
        let cut = Mutex::new(cut);
        let play = Arc::new(Play { address, posts: Arc::clone(&posts), script, whole, cut });
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime starts").block_on(async move {
                let listener = TcpListener::from_std(listener).expect("a listener is taken over");
                tokio::select! {
                    () = accept(listener, play, tls) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { address, posts, stop: Some(stop), thread: Some(thread) }
    }

    /// How many requests came, by their prompts.
    pub(crate) fn posts(&self) -> BTreeMap<String, usize> {
        self.posts.lock().expect("whole").clone()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _: thread::Result<()> = thread.join();
        }
    }
}

async fn accept(listener: TcpListener, play: Arc<Play>, tls: Option<TlsAcceptor>) {
    while let Ok((tcp, _)) = listener.accept().await {
        let (play, tls) = (Arc::clone(&play), tls.clone());
        tokio::spawn(async move {
            let Some(tls) = tls else {
                let mut tcp = tcp;
                let reset = plain(&mut tcp, &play).await;
                return part(tcp, reset).await;
            };
            if play.cuts() {
                return part(tcp, Then::Reset).await;
            }
            // A client that does not trust us has gone by now.
            let Ok(mut line) = tls.accept(tcp).await else { return };
            let then = encrypted(&mut line, &play).await;
            part(line.into_inner().0, then).await;
        });
    }
}

impl Play {
    /// Whether the line that has just come is one of those to be cut.
    fn cuts(&self) -> bool {
        let mut left = self.cut.lock().expect("whole");
        let cuts = *left > 0;
        *left = left.saturating_sub(1);
        cuts
    }
}

async fn part(mut tcp: TcpStream, then: Then) {
    if then == Then::Reset {
        let _: std::io::Result<()> = tcp.set_zero_linger();
    } else {
        let _: std::io::Result<()> = tcp.shutdown().await;
    }
}

/// Counts a request, and says what is to be done about it.
fn fault(play: &Play, prompt: &str, stream: u32) -> Fault {
    let nth = {
        let mut posts = play.posts.lock().expect("whole");
        let count = posts.entry(prompt.to_owned()).or_default();
        *count += 1;
        *count - 1
    };
    (play.script)(&Asked { prompt: prompt.to_owned(), nth, stream, host: play.address })
}

/// Requests of HTTP/1, one after another, for as long as the line stays.
async fn plain(line: &mut TcpStream, play: &Play) -> Then {
    loop {
        let mut bytes = Vec::new();
        let prompt = loop {
            if let Some(prompt) = prompt(&bytes) {
                break prompt;
            }
            if !more(line, &mut bytes).await {
                return Then::Close;
            }
        };
        while (play.whole)(&prompt) && !is_whole(&bytes) {
            if !more(line, &mut bytes).await {
                return Then::Close;
            }
        }
        let fault = fault(play, &prompt, 0);
        let written = line.write_all(&fault.bytes).await;
        if written.is_err() || fault.then != Then::Stay {
            return fault.then;
        }
    }
}

async fn more(line: &mut (impl AsyncRead + Unpin), bytes: &mut Vec<u8>) -> bool {
    line.read_buf(bytes).await.is_ok_and(|read| read > 0)
}

/// The prompt of a request, once that much of it is here.
fn prompt(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(1 << 12)]);
    let (_, rest) = text.split_once(r#""prompt":""#)?;
    rest.split_once('"').map(|(prompt, _)| prompt.to_owned())
}

/// Whether a request of HTTP/1 is here to its end.
fn is_whole(bytes: &[u8]) -> bool {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
    let length: usize = length.and_then(|length| length.parse().ok()).expect("a length");
    bytes.len() >= end + 4 + length
}

/// Requests of HTTP/2, for as long as the line stays.
async fn encrypted(line: &mut (impl AsyncRead + AsyncWrite + Unpin), play: &Play) -> Then {
    let mut bytes = Vec::new();
    while bytes.len() < PREFACE.len() {
        if !more(line, &mut bytes).await {
            return Then::Close;
        }
    }
    bytes.drain(..PREFACE.len());
    if line.write_all(&frame(SETTINGS, 0, 0, &[])).await.is_err() {
        return Then::Close;
    }
    let mut bodies: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
    loop {
        while let Some((kind, flags, stream, payload)) = take_frame(&mut bytes) {
            let mut answer = Vec::new();
            let mut then = Then::Stay;
            if kind == SETTINGS && flags == 0 {
                answer = frame(SETTINGS, ACK, 0, &[]);
            } else if kind == DATA {
                let body = bodies.entry(stream).or_default();
                body.extend(payload);
                if flags & END_STREAM != 0 {
                    let prompt = prompt(body).expect("every request has a prompt");
                    let fault = fault(play, &prompt, stream);
                    (answer, then) = (fault.bytes, fault.then);
                }
            }
            let written = async {
                line.write_all(&answer).await?;
                line.flush().await
            };
            if written.await.is_err() || then != Then::Stay {
                return then;
            }
        }
        if !more(line, &mut bytes).await {
            return Then::Close;
        }
    }
}

/// Kinds and flags of frames (RFC 9113, 6).
pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const RESET: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const GO_AWAY: u8 = 7;
pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;
const ACK: u8 = 1;

/// A frame of HTTP/2.
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u32).to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

fn take_frame(bytes: &mut Vec<u8>) -> Option<(u8, u8, u32, Vec<u8>)> {
    let head: [u8; 9] = bytes.get(..9)?.try_into().ok()?;
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
    let payload = bytes.get(9..9 + length)?.to_vec();
    bytes.drain(..9 + length);
    Some((head[3], head[4], u32::from_be_bytes([head[5], head[6], head[7], head[8]]), payload))
}
