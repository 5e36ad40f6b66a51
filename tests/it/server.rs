//! A small real HTTP/1.1 server on 127.0.0.1, which answers as it is told and remembers
//! what it was asked. It runs on a thread of its own, so a test may be async or not.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use url::Url;

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("a request's body is JSON")
    }
}

/// What is sent back.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    manner: Manner,
    /// Whether the length of the body is said beforehand.
    measured: bool,
}

/// How it is sent.
#[derive(Clone, Copy, Debug)]
enum Manner {
    Whole,
    /// So many bytes of the body, then the connection ends.
    Cut(usize),
    /// So many bytes of the body, and the rest when the server is released.
    Stall(usize),
    /// So many bytes at a time.
    Drip(usize),
    /// Nothing until the server is released.
    Hang,
    /// Nothing, and an end: after reading the request.
    Close,
    /// Nothing, and a reset.
    Reset,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            manner: Manner::Whole,
            measured: true,
        }
    }

    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, body)
    }

    pub(crate) fn redirect(status: u16, location: &str) -> Self {
        Self::new(status, "").header("location", location)
    }

    pub(crate) fn close() -> Self {
        Self { manner: Manner::Close, ..Self::ok("") }
    }

    pub(crate) fn reset() -> Self {
        Self { manner: Manner::Reset, ..Self::ok("") }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn cut_after(self, bytes: usize) -> Self {
        Self { manner: Manner::Cut(bytes), ..self }
    }

    pub(crate) fn stall_after(self, bytes: usize) -> Self {
        Self { manner: Manner::Stall(bytes), ..self }
    }

    pub(crate) fn drip(self, bytes: usize) -> Self {
        Self { manner: Manner::Drip(bytes), ..self }
    }

    /// Without a length: the body ends with the connection.
    pub(crate) fn open_ended(self) -> Self {
        Self { measured: false, ..self }
    }

    /// Bytes of the body.
    pub(crate) fn length(&self) -> usize {
        self.body.len()
    }

    pub(crate) fn hang(self) -> Self {
        Self { manner: Manner::Hang, ..self }
    }
}

type Script = dyn Fn(&Received, usize) -> Reply + Send + Sync;

/// The server; it is gone when this value is.
pub(crate) struct Server {
    address: SocketAddr,
    record: Arc<Record>,
    released: watch::Sender<bool>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

#[derive(Default)]
struct Record {
    connections: Mutex<usize>,
    bytes: Mutex<usize>,
    /// Requests that are being answered now, and the most that ever were at once.
    at_once: Mutex<(usize, usize)>,
    requests: Mutex<Vec<Received>>,
}

impl Record {
    fn begin(&self) {
        let mut at_once = self.at_once.lock().expect("no test panics here");
        at_once.0 += 1;
        at_once.1 = at_once.1.max(at_once.0);
    }

    fn end(&self) {
        self.at_once.lock().expect("no test panics here").0 -= 1;
    }
}

impl Server {
    /// Answers the first request with the first reply and so on; the last one stays.
    pub(crate) fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies: Vec<Reply> = replies.into_iter().collect();
        let last = replies.len() - 1;
        Self::answering(move |_, nth| replies[nth.min(last)].clone())
    }

    /// Answers each request, of which so many came before, as `script` says.
    pub(crate) fn answering(
        script: impl Fn(&Received, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has ports");
        listener.set_nonblocking(true).expect("a socket can be made non-blocking");
        let address = listener.local_addr().expect("a bound socket has an address");
        let record = Arc::new(Record::default());
        let (released, release) = watch::channel(false);
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&record);
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime starts");
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).expect("a listener is taken over");
                tokio::select! {
                    () = accept(listener, shared, Arc::new(script), release) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { address, record, released, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn url(&self) -> Url {
        self.at("/")
    }

    pub(crate) fn at(&self, path: &str) -> Url {
        let url = format!("http://{}{path}", self.address);
        Url::parse(&url).expect("an address and a path make a URL")
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn requests(&self) -> Vec<Received> {
        self.record.requests.lock().expect("no test panics here").clone()
    }

    /// Whole requests.
    pub(crate) fn count(&self) -> usize {
        self.record.requests.lock().expect("no test panics here").len()
    }

    /// The most requests that were under way at once.
    pub(crate) fn most_at_once(&self) -> usize {
        self.record.at_once.lock().expect("no test panics here").1
    }

    /// Connections, whatever came over them.
    pub(crate) fn connections(&self) -> usize {
        *self.record.connections.lock().expect("no test panics here")
    }

    /// Bytes received over all connections.
    pub(crate) fn bytes(&self) -> usize {
        *self.record.bytes.lock().expect("no test panics here")
    }

    /// Lets everything go on that hangs or stalls, now and from now on.
    pub(crate) fn release(&self) {
        self.released.send_replace(true);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _: thread::Result<()> = thread.join();
        }
    }
}

async fn accept(
    listener: TcpListener,
    record: Arc<Record>,
    script: Arc<Script>,
    release: watch::Receiver<bool>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        *record.connections.lock().expect("no test panics here") += 1;
        tokio::spawn(serve(stream, Arc::clone(&record), Arc::clone(&script), release.clone()));
    }
}

/// Answers one request on one connection. A client that goes away is no concern.
async fn serve(
    mut stream: TcpStream,
    record: Arc<Record>,
    script: Arc<Script>,
    release: watch::Receiver<bool>,
) {
    let Some(request) = receive(&mut stream, &record).await else { return };
    let nth = {
        let mut requests = record.requests.lock().expect("no test panics here");
        requests.push(request.clone());
        requests.len() - 1
    };
    record.begin();
    let _: std::io::Result<()> = respond(&mut stream, script(&request, nth), release).await;
    record.end();
}

async fn receive(stream: &mut TcpStream, record: &Record) -> Option<Received> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        read_some(stream, &mut bytes, record).await?;
    };
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let mut lines = text.lines();
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut request = Received { method, path, headers, body: bytes.split_off(head) };
    let length = request.header("content-length").map_or(0, |n| n.parse().expect("a length"));
    while request.body.len() < length {
        read_some(stream, &mut request.body, record).await?;
    }
    Some(request)
}

async fn read_some(stream: &mut TcpStream, bytes: &mut Vec<u8>, record: &Record) -> Option<()> {
    let read = stream.read_buf(bytes).await.ok()?;
    *record.bytes.lock().expect("no test panics here") += read;
    (read > 0).then_some(())
}

async fn respond(
    stream: &mut TcpStream,
    reply: Reply,
    mut release: watch::Receiver<bool>,
) -> std::io::Result<()> {
    match reply.manner {
        Manner::Close => return Ok(()),
        Manner::Reset => {
            return stream.set_zero_linger();
        }
        Manner::Hang => wait(&mut release).await,
        _ => {}
    }
    let headers: Vec<_> = reply.headers.iter().map(|(k, v)| format!("{k}: {v}\r\n")).collect();
    let length = if reply.measured {
        format!(
            "content-length: {}
",
            reply.body.len()
        )
    } else {
        String::new()
    };
    let headers = headers.concat();
    let head =
        format!("HTTP/1.1 {} Told\r\nconnection: close\r\n{headers}{length}\r\n", reply.status);
    stream.write_all(head.as_bytes()).await?;
    match reply.manner {
        Manner::Cut(bytes) => stream.write_all(&reply.body[..bytes]).await?,
        Manner::Stall(bytes) => {
            stream.write_all(&reply.body[..bytes]).await?;
            wait(&mut release).await;
            stream.write_all(&reply.body[bytes..]).await?;
        }
        Manner::Drip(bytes) => {
            for drop in reply.body.chunks(bytes) {
                stream.write_all(drop).await?;
                tokio::task::yield_now().await;
            }
        }
        _ => stream.write_all(&reply.body).await?,
    }
    stream.shutdown().await
}

async fn wait(release: &mut watch::Receiver<bool>) {
    let _: Result<_, watch::error::RecvError> = release.wait_for(|released| *released).await;
}
