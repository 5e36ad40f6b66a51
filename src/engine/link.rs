//! The line between a face and its worker: JSON, one value a line, both ways.
//!
//! Owns the two vocabularies and the handle a face holds. Promises that a worker that
//! died is started again and asked once more for what it had not settled. Must never
//! be needed for the truth: that is in the journal, and losing this line loses nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc;
use url::Url;

use crate::api::{ApiKey, Route};
use crate::domain::{Budget, Failure, FailureKind, GenerationId, Progress};

/// How often a worker that dies is started again before its jobs are left alone.
const RESTARTS: u32 = 3;

/// What the worker inherits of the environment: how to reach the network and how to
/// name places, and no key.
const INHERITED: [&str; 20] = [
    "PATH",
    "HOME",
    "TMPDIR",
    "TZ",
    "TZDIR",
    "LANG",
    "LC_ALL",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "RUST_LOG",
    "RUST_BACKTRACE",
    "LLVM_PROFILE_FILE",
];

/// Who makes the pictures of a request, and how it is reached.
#[derive(Clone, Debug)]
pub enum Service {
    /// The demo painter on this machine, which takes so many seconds.
    Demo {
        /// Seconds a painting takes.
        moment: f64,
    },
    /// Langbase.
    Langbase(Route),
}

/// What a face tells its worker.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Order {
    /// Comes first.
    Hello(Terms),
    /// Make this generation, which is in the journal.
    Run { id: GenerationId, service: WireService },
    /// Read the answer to this generation again.
    Reread { id: GenerationId },
    /// The user has changed the order of the queue, or what is paused.
    Look,
    /// The user has changed what may be spent.
    Allow(Budget),
}

/// A [`Service`] on the line. This is the one place where a key is written out: into
/// a pipe that only the worker reads.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WireService {
    Demo { moment: f64 },
    Langbase { base_url: Url, key: String, provider_key: String },
}

/// What a worker tells its face.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// How far a job is.
    Progress(Progress),
    /// Nothing more will happen to this generation by itself: read it from the journal.
    Settled(GenerationId),
    /// The worker itself is in trouble.
    Trouble(Failure),
}

impl Service {
    /// Langbase at `base_url`, with its own key and the one of the provider behind it.
    pub fn langbase(base_url: Url, key: SecretString, provider_key: SecretString) -> Self {
        Self::Langbase(Route {
            base_url,
            key: ApiKey { source: "the key of Langbase".to_owned(), value: key },
            provider_key: Some(ApiKey {
                source: "the provider's key".to_owned(),
                value: provider_key,
            }),
        })
    }
}

impl From<&Service> for WireService {
    fn from(service: &Service) -> Self {
        match service {
            Service::Demo { moment } => Self::Demo { moment: *moment },
            Service::Langbase(route) => Self::Langbase {
                base_url: route.base_url.clone(),
                key: route.key.value.expose_secret().to_owned(),
                provider_key: route
                    .provider_key
                    .as_ref()
                    .map_or_else(String::new, |key| key.value.expose_secret().to_owned()),
            },
        }
    }
}

impl WireService {
    /// The service again, at the other end of the line.
    pub(super) fn service(self) -> Service {
        match self {
            Self::Demo { moment } => Service::Demo { moment },
            Self::Langbase { base_url, key, provider_key } => Service::langbase(
                base_url,
                SecretString::from(key),
                SecretString::from(provider_key),
            ),
        }
    }
}

/// Where a worker works.
#[derive(Clone, Debug)]
pub struct Place {
    /// The program to start as the worker: this one.
    pub program: PathBuf,
    /// The directory of the history.
    pub dir: PathBuf,
    /// Where its log goes.
    pub log: PathBuf,
    /// How it works.
    pub terms: Terms,
}

/// How a worker works: what of the user's settings concerns it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Terms {
    /// How many jobs of one provider may run at once, in all processes.
    pub parallel: u32,
    /// The same of those providers that have a number of their own.
    pub parallel_of: BTreeMap<String, u32>,
    /// Whether what an overloaded service refused is sent again by itself, although it is
    /// charged now and then.
    pub retry_on_503: bool,
    /// What may be spent, where that is so, until another budget is said.
    pub budget: Budget,
    /// For how many days answers are kept beside the pictures taken out of them.
    pub keep_answers_days: u32,
    /// Whether base images are sent with all that their files hold.
    pub keep_metadata: bool,
    /// Where the service is: links of one on this machine may lead back to this machine.
    pub base_url: Url,
}

/// The worker, as a face holds it. Dropping it lets the worker finish what it has and
/// go.
#[derive(Debug)]
pub struct Link {
    orders: mpsc::UnboundedSender<Wanted>,
}

/// What a face wants of its worker.
enum Wanted {
    Run(GenerationId, Service),
    Reread(GenerationId),
    /// That there is one, to take up what another has left.
    Wake,
    /// That it looks at the queue again.
    Look,
    /// That it spends no more than this from now on.
    Allow(Budget),
}

impl Link {
    /// A link whose worker is started with the first order. Reports come on the
    /// receiver, which ends with the link.
    pub fn new(place: Place) -> (Self, mpsc::UnboundedReceiver<Report>) {
        let (orders, wanted) = mpsc::unbounded_channel();
        let (reports, heard) = mpsc::unbounded_channel();
        tokio::spawn(keep(place, wanted, reports));
        (Self { orders }, heard)
    }

    /// Has a generation made which is in the journal.
    pub fn run(&self, id: GenerationId, service: Service) {
        // The keeper only ends with the link.
        let _ = self.orders.send(Wanted::Run(id, service));
    }

    /// Has an answer read again that is still in the inbox: pictures that were missed are
    /// taken out of it, and nothing is sent.
    pub fn reread(&self, id: GenerationId) {
        let _ = self.orders.send(Wanted::Reread(id));
    }

    /// Has a worker started, which takes up what one that is gone has left under way.
    pub fn wake(&self) {
        let _ = self.orders.send(Wanted::Wake);
    }

    /// Has the worker, if there is one, look at once what has become of the queue.
    pub fn look(&self) {
        let _ = self.orders.send(Wanted::Look);
    }

    /// Has what is sent again by itself from now on judged by `budget`.
    pub fn allow(&self, budget: Budget) {
        let _ = self.orders.send(Wanted::Allow(budget));
    }
}

/// A worker that runs, and the two ends of its line.
struct Running {
    child: Child,
    orders: ChildStdin,
    reports: tokio::io::Lines<BufReader<ChildStdout>>,
}

/// What was asked for and is not settled.
type Unsettled = BTreeMap<GenerationId, Asked>;

/// What was asked for of one generation.
struct Asked {
    task: Task,
    /// Whether it was asked for once more since the worker was told.
    again: bool,
}

/// What is to be done for one generation.
enum Task {
    Run(Service),
    Reread,
}

impl Task {
    fn order(&self, id: GenerationId) -> Order {
        match self {
            Self::Run(service) => Order::Run { id, service: service.into() },
            Self::Reread => Order::Reread { id },
        }
    }
}

/// Notes what a face wants; gives the order there is for it.
fn note(wanted: Wanted, terms: &mut Terms, unsettled: &mut Unsettled) -> Option<Order> {
    let (id, task) = match wanted {
        Wanted::Run(id, service) => (id, Task::Run(service)),
        Wanted::Reread(id) => (id, Task::Reread),
        Wanted::Wake => return None,
        Wanted::Look => return Some(Order::Look),
        Wanted::Allow(budget) => {
            // The next worker hears of it first.
            terms.budget = budget;
            return Some(Order::Allow(budget));
        }
    };
    // What is under way already is asked for once more only when it is settled: it may have
    // ended in the journal by now, and be in the queue again.
    if let Some(asked) = unsettled.get_mut(&id) {
        *asked = Asked { task, again: true };
        return None;
    }
    let order = task.order(id);
    unsettled.insert(id, Asked { task, again: false });
    Some(order)
}

/// Notes that a generation is settled; gives the order there is for it where it was asked for
/// once more.
fn settled(id: GenerationId, unsettled: &mut Unsettled) -> Option<Order> {
    let asked = unsettled.remove(&id).filter(|asked| asked.again)?;
    let order = asked.task.order(id);
    unsettled.insert(id, Asked { again: false, ..asked });
    Some(order)
}

async fn keep(
    mut place: Place,
    mut wanted: mpsc::UnboundedReceiver<Wanted>,
    reports: mpsc::UnboundedSender<Report>,
) {
    let mut unsettled = Unsettled::new();
    let mut deaths = 0;
    while let Some(first) = wanted.recv().await {
        // Without a worker there is nobody to look, or to spend.
        let order = note(first, &mut place.terms, &mut unsettled);
        if matches!(order, Some(Order::Look | Order::Allow(_))) {
            continue;
        }
        // The worker stays for as long as the face does, unless it dies.
        while let Err(failure) = serve(&mut place, &mut unsettled, &mut wanted, &reports).await {
            deaths += 1;
            tracing::error!(what = %failure.what, deaths, "the worker is gone");
            if deaths <= RESTARTS {
                continue;
            }
            let _ = reports.send(Report::Trouble(failure));
            for id in std::mem::take(&mut unsettled).into_keys() {
                let _ = reports.send(Report::Settled(id));
            }
            deaths = 0;
            break;
        }
    }
}

/// Runs one worker until the face is gone; the worker finishes alone then.
///
/// # Errors
/// When the worker is gone before.
async fn serve(
    place: &mut Place,
    unsettled: &mut Unsettled,
    wanted: &mut mpsc::UnboundedReceiver<Wanted>,
    reports: &mpsc::UnboundedSender<Report>,
) -> Result<(), Failure> {
    let mut worker = start(place)?;
    tell(&mut worker.orders, &Order::Hello(place.terms.clone())).await?;
    for (id, asked) in unsettled.iter_mut() {
        asked.again = false;
        tell(&mut worker.orders, &asked.task.order(*id)).await?;
    }
    loop {
        tokio::select! {
            order = wanted.recv() => {
                let Some(order) = order else { return Ok(()) };
                if let Some(order) = note(order, &mut place.terms, unsettled) {
                    tell(&mut worker.orders, &order).await?;
                }
            }
            line = worker.reports.next_line() => {
                let Ok(Some(line)) = line else {
                    let status = worker.child.wait().await;
                    return Err(gone(&status.map_or_else(|e| e.to_string(), |s| s.to_string())));
                };
                let Ok(report) = serde_json::from_str::<Report>(&line) else { continue };
                let again = match &report {
                    Report::Settled(id) => settled(*id, unsettled),
                    _ => None,
                };
                let _ = reports.send(report);
                if let Some(order) = again {
                    tell(&mut worker.orders, &order).await?;
                }
            }
        }
    }
}

/// Has the allocator of glibc give back what a picture took as soon as it is let go: each
/// thread would keep some for the next one. Other allocators do not read it.
const FRUGAL: [(&str, &str); 2] = [("MALLOC_ARENA_MAX", "2"), ("MALLOC_MMAP_THRESHOLD_", "262144")];

#[expect(clippy::disallowed_methods, reason = "this is where workers are started")]
fn start(place: &Place) -> Result<Running, Failure> {
    let mut command = Command::new(&place.program);
    command.arg("worker").arg("--dir").arg(&place.dir).arg("--log").arg(&place.log);
    command.env_clear();
    command.envs(INHERITED.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command.envs(FRUGAL);
    // The worker must outlive us, so nothing of ours may tie it to the terminal.
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.current_dir("/");
    let mut child = command.spawn().map_err(|error| gone(&error.to_string()))?;
    let (Some(orders), Some(reports)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(gone("it has no pipes"));
    };
    Ok(Running { child, orders, reports: BufReader::new(reports).lines() })
}

async fn tell(orders: &mut ChildStdin, order: &Order) -> Result<(), Failure> {
    let mut line = serde_json::to_string(order).expect("orders are plain data");
    line.push('\n');
    orders.write_all(line.as_bytes()).await.map_err(|error| gone(&error.to_string()))?;
    orders.flush().await.map_err(|error| gone(&error.to_string()))
}

fn gone(why: &str) -> Failure {
    Failure::before_sending(
        FailureKind::Internal,
        format!("The worker that makes the pictures is gone: {why}."),
        "What it had received is kept. Press the key again; the log says more.",
    )
}

/// The program that runs, to be started again as a worker or a decoder: also after an
/// update has put another one in its place.
pub fn own_program() -> PathBuf {
    let running = Path::new("/proc/self/exe");
    if running.exists() {
        running.to_owned()
    } else {
        std::env::current_exe().unwrap_or_else(|_| PathBuf::from("pentimento"))
    }
}
