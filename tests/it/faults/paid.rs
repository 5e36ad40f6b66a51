//! A history, a service that counts what it sells, and the judge of both.
//!
//! How a request is answered is the first word of its prompt, so whoever judges later
//! knows what was delivered without having been there.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pentimento::domain::{Charged, FailureKind, Generation, GenerationId, Job, Query, Request};
use pentimento::engine;
use pentimento::store::{Attempt, Start, Store};
use rustix::process::{Pid, Signal, kill_process};

use super::enter;
use crate::home::{Home, wait_for};
use crate::recovery::{answer_with, pixel};
use crate::server::{Received, Reply, Server};
use crate::unlimited::Unlimited as _;

/// Who draws.
pub(crate) const MODEL: &str = "openai:gpt-image-2";

/// How one request is answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Manner {
    /// At once, with the picture in it.
    Inline,
    /// With two addresses of pictures.
    Links,
    /// Refused for free the first time.
    Limited,
    /// A large picture, a little at a time.
    Slow,
    /// When the server is released.
    Held,
    /// Refused for free.
    Refused,
    /// Cut in the middle.
    Broken,
    /// With an end of the line.
    Lost,
}

impl Manner {
    pub(crate) const ALL: [Self; 8] = [
        Self::Inline,
        Self::Links,
        Self::Limited,
        Self::Slow,
        Self::Held,
        Self::Refused,
        Self::Broken,
        Self::Lost,
    ];

    fn of(prompt: &str) -> Self {
        let word = prompt.split(' ').next().unwrap_or_default();
        let named = Self::ALL.into_iter().find(|manner| format!("{manner:?}") == word);
        named.unwrap_or(Self::Inline)
    }
}

/// The pictures that are delivered for `prompt`, no two of them alike.
fn pictures(prompt: &str) -> Vec<Vec<u8>> {
    let (count, ballast) = match Manner::of(prompt) {
        Manner::Links => (2, 0),
        Manner::Slow => (1, 48 << 10),
        Manner::Refused | Manner::Lost => (0, 0),
        _ => (1, 0),
    };
    (0..count).map(|index| picture(prompt, index, ballast)).collect()
}

fn picture(prompt: &str, index: usize, ballast: usize) -> Vec<u8> {
    [pixel(), format!("{prompt}/{index}").into_bytes(), vec![b'.'; ballast]].concat()
}

/// The whole answer to `prompt`.
fn answer(prompt: &str, host: &str) -> String {
    let name = prompt.replace(' ', "-");
    let urls: Vec<String> = match Manner::of(prompt) {
        Manner::Links => (0..2).map(|index| format!("http://{host}/{name}/{index}")).collect(),
        _ => pictures(prompt)
            .iter()
            .map(|picture| format!("data:image/png;base64,{}", STANDARD.encode(picture)))
            .collect(),
    };
    answer_with(&urls.iter().map(String::as_str).collect::<Vec<_>>())
}

/// What was asked of the service under one name.
#[derive(Clone, Copy, Default, Debug)]
struct Sale {
    posts: usize,
    /// Those that are paid for, as far as the service is concerned.
    charged: usize,
}

type Sales = BTreeMap<GenerationId, Sale>;

/// A history, and the service that its pictures come from.
pub(crate) struct Paid {
    pub(crate) home: Home,
    pub(crate) server: Server,
    pub(crate) store: Store,
    sales: Arc<Mutex<Sales>>,
    /// How often the user has said: send it again.
    resent: BTreeMap<GenerationId, usize>,
}

impl Paid {
    pub(crate) fn new() -> Self {
        Self::with(|_, reply| reply)
    }

    /// With the last word on each reply.
    pub(crate) fn with(last: impl Fn(&Received, Reply) -> Reply + Send + Sync + 'static) -> Self {
        let sales = Arc::new(Mutex::new(Sales::new()));
        let sold = Arc::clone(&sales);
        let server = Server::answering(move |request, _| {
            let reply = match request.method.as_str() {
                "POST" => sell(request, &sold),
                _ => fetched(request),
            };
            last(request, reply)
        });
        let home = Home::beside(&server);
        let model = format!("[studio]\nmodel = \"{MODEL}\"\n[queue]\nparallel = 4\n");
        home.configure(&format!("{model}[demo]\nmoment = 0\n"));
        let store = Store::open(home.path()).expect("an empty directory");
        Self { home, server, store, sales, resent: BTreeMap::new() }
    }

    /// A row in the queue.
    pub(crate) fn ask(&mut self, prompt: &str) -> GenerationId {
        queue(&mut self.store, prompt)
    }

    /// The user has it sent again, whatever it costs.
    pub(crate) fn resend(&mut self, id: GenerationId) {
        if self.store.resend(id).expect("the history can be written") {
            *self.resent.entry(id).or_default() += 1;
        }
    }

    /// The user takes it back, if it has not been sent.
    pub(crate) fn cancel(&mut self, id: GenerationId) {
        self.store.cancel(id, engine::now()).expect("the history can be written");
    }

    /// Begins to make what waits, in a face of its own.
    pub(crate) fn begin(&self) -> Child {
        begin(&self.home)
    }

    /// A worker of this history. One that has nothing to do is gone soon, so the face
    /// that starts it is looked at too.
    pub(crate) fn worker(&self, face: &mut Child) -> Option<Pid> {
        wait_for("a worker", || match self.home.workers().first() {
            Some(worker) => Some(Some(*worker)),
            None => face.try_wait().expect("a child can be asked").map(|_| None),
        })
    }

    /// Kills one worker the hard way; `false` when it had gone by itself.
    pub(crate) fn kill(&self, worker: Pid) -> bool {
        self.home.workers().contains(&worker) && kill_process(worker, Signal::KILL).is_ok()
    }

    /// Starts the program as often as it takes until nothing is under way.
    pub(crate) fn settle(&self) {
        settle(&self.home, &self.store);
        wait_for("the workers to leave", || self.home.workers().is_empty().then_some(()));
    }

    /// Every row.
    pub(crate) fn rows(&self) -> Vec<Generation> {
        let page = self.store.page(&Query::default(), Start::Oldest, u32::MAX);
        let entries = page.expect("the history can be read").into_iter();
        entries.map(|entry| entry.generation.expect("no row is damaged")).collect()
    }

    /// How many rows are in this state.
    pub(crate) fn count(&self, state: &str) -> usize {
        self.rows().iter().filter(|row| row.job.name() == state).count()
    }

    /// How many rows say that they were paid for and only a part of the answer came.
    pub(crate) fn cut_short(&self) -> usize {
        self.rows().iter().filter(|row| Self::is_cut(row)).count()
    }

    /// Whether only a part of the answer to it came.
    pub(crate) fn is_cut(row: &Generation) -> bool {
        let why = row.job.failure().map(|failure| (failure.kind, failure.charged));
        why == Some((FailureKind::Unreadable, Charged::Yes))
    }

    /// The attempts at a row that may have reached the service.
    fn sent(&self, id: GenerationId) -> Vec<Attempt> {
        let attempts = self.store.attempts(id).expect("the history can be read");
        attempts.into_iter().filter(|attempt| attempt.connected.is_some()).collect()
    }

    /// What the service has sold and must not have: without a row, or twice unasked.
    pub(crate) fn overcharges(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut sales = self.sales.lock().expect("whole").clone();
        for row in self.rows() {
            let sale = sales.remove(&row.id).unwrap_or_default();
            if sale.posts > self.sent(row.id).len() {
                found.push(format!("sent without a note of it: {row:?}"));
            }
            if sale.charged > 1 + self.resent.get(&row.id).copied().unwrap_or(0) {
                found.push(format!("paid for twice: {row:?}"));
            }
        }
        found.extend(sales.keys().map(|id| format!("charged without a row: {id}")));
        found
    }

    /// What must not be once all is settled: an overcharge, a whole answer without its
    /// pictures, a picture that is not what was delivered, a damaged database.
    pub(crate) fn objections(&self) -> Vec<String> {
        let mut found = self.overcharges();
        let mut kept: BTreeMap<_, _> = self.picture_files().into_iter().collect();
        for row in self.rows() {
            let delivered = pictures(&row.request.prompt);
            let files: Vec<_> =
                row.images.iter().filter_map(|image| kept.remove(&image.path)).collect();
            if files.len() < row.images.len() {
                found.push(format!("the file of a picture is gone: {row:?}"));
            }
            if files.iter().any(|file| !delivered.contains(file)) {
                found.push(format!("a picture is not what was delivered: {row:?}"));
            }
            let mut sent = self.sent(row.id).into_iter();
            let is_whole = row.job == Job::Done || sent.any(|one| self.is_whole(&row, &one));
            if is_whole && !delivered.iter().all(|picture| files.contains(picture)) {
                found.push(format!("an answer is whole and its pictures are not here: {row:?}"));
            }
        }
        found.extend(kept.keys().map(|path| format!("nobody's picture: {}", path.display())));
        found.extend(self.store.check().err().map(|error| error.to_string()));
        found
    }

    /// Every file that passes for a picture, with what is in it.
    fn picture_files(&self) -> Vec<(std::path::PathBuf, Vec<u8>)> {
        let files = self.home.files().into_iter();
        files
            .filter(|path| {
                path.extension().is_some_and(|ending| ending == "png" || ending == "bin")
            })
            .map(|path| (path.clone(), fs::read(path).expect("a picture can be read")))
            .collect()
    }

    /// Whether the whole answer to an attempt is on the disk.
    fn is_whole(&self, row: &Generation, attempt: &Attempt) -> bool {
        let url = self.server.url();
        let host = format!("127.0.0.1:{}", url.port().expect("it has one"));
        let body = self.store.read_answer(row.id, attempt.number).expect("it can be read");
        body.is_some_and(|body| body == answer(&row.request.prompt, &host).as_bytes())
    }

    /// Enters this history into the ledger. An attempt of which only the row knows must
    /// say that nobody knows what became of it: its worker died with the request in hand.
    pub(crate) fn enter(&self, suite: &str) {
        let sales = self.sales.lock().expect("whole").clone();
        let (mut attempts, mut posts) = (0, 0);
        for row in self.rows() {
            let sent = self.sent(row.id);
            let arrived = sales.get(&row.id).map_or(0, |sale| sale.posts);
            let unknown = sent.iter().filter(|attempt| attempt.head.is_none()).count();
            let never = sent.len().saturating_sub(arrived);
            assert!(never <= unknown, "{suite}: an answer to {row:?} that nobody gave");
            attempts += sent.len() - never;
            posts += arrived;
        }
        enter(suite, attempts, posts);
    }
}

/// Begins to make what waits in the history of `home`, in a face of its own.
#[expect(clippy::disallowed_methods, reason = "the process is what is killed")]
fn begin(home: &Home) -> Child {
    Command::new(env!("CARGO_BIN_EXE_pentimento"))
        .arg("resume")
        .env_clear()
        .envs(home.environment())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

/// Starts the program as often as it takes until nothing is under way.
pub(crate) fn settle(home: &Home, store: &Store) {
    wait_for("all to settle", || {
        begin(home).wait().expect("it ends");
        store.under_way().expect("it can be read").is_empty().then_some(())
    });
}

/// Writes the row of a request, as a face does.
pub(crate) fn queue(store: &mut Store, prompt: &str) -> GenerationId {
    let request = Request::new(prompt, MODEL.parse().expect("a model"));
    let id = engine::new_id();
    let queued = Generation::queued(id, request, engine::now());
    store.enqueue(&[queued]).expect("the history can be written");
    id
}

fn sell(request: &Received, sales: &Mutex<Sales>) -> Reply {
    let name = request.header("idempotency-key").expect("every request has a name");
    let id = name.parse().expect("it is the row's");
    let body = request.json();
    let prompt = body["prompt"].as_str().expect("there is a prompt");
    let mut sales = sales.lock().expect("whole");
    let sale = sales.entry(id).or_default();
    sale.posts += 1;
    let manner = Manner::of(prompt);
    let limited = manner == Manner::Limited && sale.posts == 1;
    sale.charged += usize::from(!limited && manner != Manner::Refused);
    let host = request.header("host").expect("every request has a host");
    let whole = answer(prompt, host);
    let half = whole.len() / 2;
    match manner {
        Manner::Limited if limited => Reply::new(429, "{}").header("retry-after-ms", "1"),
        Manner::Refused => Reply::new(400, r#"{"error": {"message": "no such size"}}"#),
        Manner::Slow => Reply::ok(whole).drip(8 << 10),
        Manner::Held => Reply::ok(whole).hang(),
        Manner::Broken => Reply::ok(whole).cut_after(half),
        Manner::Lost => Reply::close(),
        _ => Reply::ok(whole),
    }
}

/// A picture behind an address, which says whose it is.
fn fetched(request: &Received) -> Reply {
    let mut parts = request.path.trim_start_matches('/').split('/');
    let prompt = parts.next().expect("a name").replace('-', " ");
    let index = parts.next().and_then(|index| index.parse().ok()).expect("a place");
    Reply::ok(picture(&prompt, index, 0))
}

/// Waits for a moment that chance has chosen: where in the work it falls is the test.
pub(crate) fn wait_until(begun: Instant, after: Duration) {
    while begun.elapsed() < after {
        std::thread::yield_now();
    }
}
