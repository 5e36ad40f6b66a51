//! Promise 14: keys stay home.
//!
//! Keys that can be recognised are sent through success, refusals that repeat them,
//! redirects and an abort. Afterwards every file, stream, screen and command line is
//! searched for them in six encodings.

mod search;

use std::fs;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};

use pentimento::api::{ApiKey, Client, Route, langbase};
use pentimento::domain::{FailureKind, GenerationId, Request};
use pentimento::store::Store;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use self::search::{Search, forms};
use super::{enter, figures, times};
use crate::home::{DEADLINE, Home, wait_for};
use crate::recovery::PNG;
use crate::server::{Received, Reply, Server};
use crate::studio::Studio;

const LANGBASE: &str = "lb/canary+Langbase~1qZ8";

/// The variable of each provider, its key, and one of its models.
const PROVIDERS: [(&str, &str, &str); 4] = [
    ("OPENAI_API_KEY", "sk/canary+Openai~7Qx4", "openai:gpt-image-2"),
    ("TOGETHER_API_KEY", "tg/canary+Together~5Lm2", "together:black-forest-labs/FLUX.2-dev"),
    ("GEMINI_API_KEY", "AI/canary+Gemini~9Rt6", "google:gemini-3-pro-image"),
    ("OPENROUTER_API_KEY", "or/canary+Router~3Kp0", "openrouter:google/gemini-3.1-flash-image"),
];

fn every_key() -> Vec<&'static str> {
    [LANGBASE].into_iter().chain(PROVIDERS.map(|(_, key, _)| key)).collect()
}

/// A home with all keys in its environment, and every log line there is.
fn home(server: &Server) -> Home {
    let home = Home::new()
        .with("PENTIMENTO_LANGBASE_URL", server.url().as_str())
        .with("LANGBASE_API_KEY", LANGBASE)
        .with("RUST_LOG", "trace");
    PROVIDERS.iter().fold(home, |home, (variable, key, _)| home.with(variable, key))
}

/// What the service was told in confidence.
fn heard(request: &Received) -> String {
    let header = |name| request.header(name).unwrap_or_default();
    format!("{} and {}", header("authorization"), header("lb-llm-key"))
}

/// The ways in which a service repeats what it heard: where it stands in the body.
const WAYS: [&str; 6] = ["answer", "error", "detail", "page", "words", "cut"];

/// An answer that repeats what was heard in every place there is.
fn echo(way: &str, status: u16, heard: &str, link: &str) -> Reply {
    // As some services write JSON, with every `/` escaped.
    let escaped = |value: Value| value.to_string().replace('/', "\\/");
    let body = match way {
        "answer" => json!({
            "id": heard, "provider": heard, "model": heard, "usage": {"total_tokens": heard},
            "choices": [{"index": 0, "finish_reason": heard, "message": {
                "role": "assistant", "content": heard,
                "images": [
                    {"image_url": {"url": format!("data:image/png;base64,{PNG}")}},
                    {"image_url": {"url": format!("{link}{heard}")}},
                ],
            }}],
        })
        .to_string(),
        "error" => escaped(json!({"error": {
            "message": format!("Error from {heard}: {heard}"), "code": heard, "type": heard,
            "metadata": {"raw": heard},
        }})),
        "detail" => json!({"detail": [{"loc": ["header", heard], "msg": heard}]}).to_string(),
        "page" => format!("<html><title>No {heard}</title>{heard}</html>"),
        "words" => format!("I do not know {heard}."),
        _ => format!("{{\"error\": {{\"message\": \"{heard}"),
    };
    Reply::new(status, body)
        .header("lb-request-id", heard)
        .header("x-request-id", heard)
        .header("content-type", heard)
        .header("location", &format!("https://elsewhere.example/{heard}"))
        // Longer than anything is waited for.
        .header("retry-after", "7200")
        .drip(7)
}

/// Every status told apart, and how its body is.
fn refusals() -> Vec<(u16, &'static str)> {
    let statuses = [
        200, 400, 401, 402, 403, 404, 409, 413, 422, 429, 500, 502, 503, 529, 301, 302, 303, 307,
        308,
    ];
    statuses.into_iter().flat_map(|status| WAYS.map(|way| (status, way))).collect()
}

fn posts(server: &Server) -> usize {
    server.requests().iter().filter(|request| request.method == "POST").count()
}

fn attempts(home: &Home) -> usize {
    let store = Store::open(home.path()).expect("the history can be opened");
    let id = |row: &Value| row["id"].as_str().and_then(|id| id.parse::<GenerationId>().ok());
    let rows = home.run(&["history", "--json", "--limit", "1000"]).done().json();
    let ids = rows.iter().map(id).collect::<Option<Vec<_>>>().expect("rows have ids");
    let of = |id| store.attempts(id).expect("they can be read").len();
    ids.into_iter().map(of).sum()
}

/// Searches every file below a home, and what is known of every process.
struct Searched {
    files: usize,
    bytes: usize,
    hits: Vec<String>,
}

fn search_all(search: &Search, home: &Home, streams: &[(&str, Vec<u8>)]) -> Searched {
    let mut hits = Vec::new();
    let mut bytes = 0;
    let mut look = |place: String, found: &[u8]| {
        bytes += found.len();
        if let Some(encoding) = search.finds(found) {
            hits.push(format!("{place} ({encoding})"));
        }
    };
    let files = home.files();
    for file in &files {
        look(file.display().to_string(), file.as_os_str().as_encoded_bytes());
        // The worker may have given a file its final name meanwhile.
        look(file.display().to_string(), &fs::read(file).unwrap_or_default());
    }
    for (stream, written) in streams {
        look((*stream).to_owned(), written);
    }
    for entry in fs::read_dir("/proc").expect("there is /proc").flatten() {
        let place = entry.path().join("cmdline");
        look(place.display().to_string(), &fs::read(&place).unwrap_or_default());
    }
    for worker in home.workers() {
        let place = format!("/proc/{}/environ", worker.as_raw_nonzero());
        look(place.clone(), &fs::read(&place).unwrap_or_default());
    }
    Searched { files: files.len(), bytes, hits }
}

/// What a command has written, where a reader finds it again.
fn run(home: &Home, arguments: &[&str], streams: &mut Vec<(&'static str, Vec<u8>)>) {
    let ended = home.run(arguments);
    streams.push(("standard output", ended.out.into_bytes()));
    streams.push(("standard error", ended.err.into_bytes()));
}

#[test]
fn a_key_that_every_answer_repeats_is_found_nowhere() {
    let search = Search::of(&every_key());
    let refusals = refusals();
    let cases = times(6, refusals.len());
    // One status after the other, and one way after the other.
    let step = refusals.len() / cases;
    let chosen: Vec<_> = (0..cases).map(|nth| refusals[nth * step + nth % step.max(1)]).collect();
    let script = chosen.clone();
    let pictures = Mutex::new(String::new());
    let server = Server::answering(move |request, _| {
        if request.method == "GET" {
            return Reply::ok("GIF89a, as it were").header("x-seen", &request.path);
        }
        let link = format!("http://{}/", request.header("host").unwrap_or_default());
        *pictures.lock().expect("whole") = link.clone();
        let nth: usize = request.json()["prompt"].as_str().map_or(0, |prompt| {
            prompt.rsplit(' ').next().and_then(|nth| nth.parse().ok()).unwrap_or(0)
        });
        let (status, way) = script[nth];
        echo(way, status, &heard(request), &link)
    });
    let home = home(&server);
    let mut streams = Vec::new();
    for nth in 0..chosen.len() {
        let (_, _, model) = PROVIDERS[nth % PROVIDERS.len()];
        let prompt = format!("number {nth}");
        run(&home, &["generate", &prompt, "-m", model, "--json"], &mut streams);
    }
    // The same on a screen, with all that is known of it.
    let mut studio = Studio::open_in(&home, 120, 40);
    studio.shows("History · ").keys("<shift+tab><ctrl+u>openai:gpt-image-2<F2>number 0").generate();
    wait_for("its request", || (posts(&server) > chosen.len()).then_some(()));
    studio.hides("under way").keys("<F3>i").shows("openai:gpt-image-2").keys("jjj<F1>");
    studio.shows("Help");
    studio.keys("<esc>").hides("In the history and the preview");
    streams.push(("the screen", studio.drained().to_vec()));
    for arguments in [&["doctor"][..], &["config", "check"], &["history", "--json"], &["resume"]] {
        run(&home, arguments, &mut streams);
    }
    let asked = server.requests();
    let told = asked.iter().filter(|request| heard(request).contains("canary")).count();
    assert!(told > chosen.len(), "the service did hear keys");
    for request in asked.iter().filter(|request| request.method == "GET") {
        assert_eq!(search.finds(format!("{request:?}").as_bytes()), None, "{}", request.path);
    }

    let searched = search_all(&search, &home, &streams);
    studio.quit();
    wait_for("the workers to leave", || home.workers().is_empty().then_some(()));
    assert!(home.files().iter().any(|file| file.extension().is_some_and(|it| it == "log")));
    assert_eq!(searched.hits, Vec::<String>::new());
    enter("secrets", attempts(&home), posts(&server));
    figures(
        14,
        &format!(
            "{told} answers that repeat the keys in {} places: {} found in {} files and {} KiB of \
             files, streams, screen and command lines, in 6 encodings",
            WAYS.len() + 4,
            searched.hits.len(),
            searched.files,
            searched.bytes >> 10
        ),
    );
}

/// A server that hangs, and says when it is asked.
fn hanging() -> (Server, Receiver<()>) {
    let (asked, was_asked) = channel();
    let asked = Mutex::new(asked);
    let server = Server::answering(move |_, _| {
        asked.lock().expect("whole").send(()).expect("the test waits");
        Reply::ok("").hang()
    });
    (server, was_asked)
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the process is what is aborted")]
fn a_process_that_aborts_leaves_no_key_behind() {
    let (server, was_asked) = hanging();
    let home = home(&server);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_pentimento"))
        .args(["generate", "a fox", "-m", "openai:gpt-image-2"])
        .env_clear()
        .envs(home.environment())
        .current_dir(home.path())
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program starts");
    was_asked.recv_timeout(DEADLINE).expect("the request comes");
    let search = Search::of(&every_key());
    assert_eq!(search_all(&search, &home, &[]).hits, Vec::<String>::new(), "while it runs");
    let workers = home.workers();
    for process in workers.iter().copied().chain([Pid::from_child(&command)]) {
        kill_process(process, Signal::ABORT).expect("it runs");
    }
    let status = command.wait().expect("it ends");
    assert!(!std::os::unix::process::ExitStatusExt::core_dumped(&status), "{status:?}");
    wait_for("the worker to end", || home.workers().is_empty().then_some(()));
    assert_eq!(search_all(&search, &home, &[]).hits, Vec::<String>::new(), "afterwards");
    enter("an abort", attempts(&home), posts(&server));
}

#[test]
fn a_command_that_knows_a_key_keeps_it_to_itself() {
    let server = Server::answering(|request, _| echo("error", 401, &heard(request), "http://x/"));
    let outside = tempfile::NamedTempFile::new().expect("there is room for a file");
    fs::write(outside.path(), PROVIDERS[0].1).expect("it can be written");
    let home = Home::with_config(&format!(
        "[langbase]\nbase_url = \"{}\"\n[providers.openai]\napi_key_cmd = [\"cat\", {:?}]\n",
        server.url(),
        outside.path()
    ))
    .with("LANGBASE_API_KEY", LANGBASE);
    let mut streams = Vec::new();
    run(&home, &["generate", "a fox", "-m", PROVIDERS[0].2], &mut streams);
    assert!(heard(&server.requests()[0]).contains(PROVIDERS[0].1));
    let searched = search_all(&Search::of(&every_key()), &home, &streams);
    assert_eq!(searched.hits, Vec::<String>::new());
    enter("a command's key", attempts(&home), posts(&server));
}

/// What is wrong with what another host was sent, where anything is.
fn leaks(search: &Search, requests: &[Received]) -> Option<String> {
    requests.iter().find_map(|request| {
        let everything = format!("{request:?} {}", String::from_utf8_lossy(&request.body));
        search.finds(everything.as_bytes()).map(|_| everything)
    })
}

/// Where a redirect may lead: `first` is the host that was asked.
fn targets(first: u16, second: u16) -> [String; 12] {
    [
        "/v1/images".to_owned(),
        "?again=1".to_owned(),
        format!("//127.0.0.1:{first}/elsewhere"),
        format!("http://127.0.0.1:{first}/v1/images"),
        format!("http://127.0.0.1:{second}/v1/images"),
        format!("//127.0.0.1:{second}/v1/images"),
        format!("http://localhost:{second}/v1/images"),
        format!("http://LOCALHOST:{second}/"),
        format!("http://127.1:{second}/v1/images"),
        format!("http://[::ffff:127.0.0.1]:{second}/v1/images"),
        format!("http://me:pass@127.0.0.1:{second}/v1/images"),
        format!("https://127.0.0.1:{second}/v1/images"),
    ]
}

const REDIRECTS: [u16; 5] = [301, 302, 303, 307, 308];

#[tokio::test]
async fn no_redirect_takes_a_key_along() {
    let search = Search::of(&every_key());
    let redirects = times(12, 60);
    let mut sent = 0;
    for nth in 0..redirects {
        let status = REDIRECTS[nth % 5];
        let second = Server::start([Reply::ok("{}")]);
        let port = second.port();
        let first = Server::answering(move |request, _| {
            let own = request.header("host").and_then(|host| host.rsplit(':').next()?.parse().ok());
            let to = targets(own.expect("it has a port"), port);
            Reply::redirect(status, &to[nth % 12])
        });
        let key = |value: &str| ApiKey { source: "a test".to_owned(), value: value.into() };
        let route = Route {
            base_url: first.url(),
            key: key(LANGBASE),
            provider_key: Some(key(PROVIDERS[0].1)),
        };
        let request = Request::new("a fox", PROVIDERS[0].2.parse().expect("a model"));
        let id = GenerationId::from_parts(nth as u64, [7; 10]);
        let ready = std::future::ready(Ok(()));
        let body = langbase::body(&request, None);
        let answering = Client::default().send(&route, &body, id, ready).await.expect("an answer");
        let failure = langbase::read(answering.head(), b"").failure.expect("no picture");
        assert_eq!(failure.kind, FailureKind::Redirect);
        assert_eq!((first.count(), second.connections()), (1, 0), "{status}");
        assert_eq!(leaks(&search, &second.requests()), None);
        sent += first.count();
    }
    figures(
        14,
        &format!(
            "{redirects} redirects of a request with keys: {sent} requests, 0 followed, 0 keys at another host"
        ),
    );
}

#[tokio::test]
async fn a_client_that_follows_redirects_is_caught() {
    let search = Search::of(&every_key());
    let mut caught = 0;
    for status in REDIRECTS {
        let second = Server::start([Reply::ok("{}")]);
        let first = Server::start([Reply::redirect(status, second.at("/x").as_str())]);
        let post = reqwest::Client::new().post(first.url()).header("LB-LLM-Key", PROVIDERS[0].1);
        post.bearer_auth(LANGBASE).body("{}").send().await.expect("an answer");
        caught += usize::from(leaks(&search, &second.requests()).is_some());
    }
    assert_eq!(caught, REDIRECTS.len(), "reqwest as it comes hands the provider's key on");
}

#[test]
fn a_key_that_was_planted_is_found_in_every_encoding() {
    let search = Search::of(&every_key());
    assert_eq!(search.finds(b"nothing of the kind, not even sk/canary+Opena or 7Qx4"), None);
    let mut planted = 0;
    for key in every_key() {
        for (encoding, form) in forms(key) {
            let haystack = [&b"\0\xFFbefore"[..], &form.to_ascii_uppercase(), b"after"].concat();
            assert!(search.finds(&haystack).is_some(), "{key} in {encoding}");
            planted += 1;
        }
        // Wherever it stands in what was encoded.
        for before in 0..3 {
            use base64::Engine;
            let text = format!("{}{key}, and more", "x".repeat(before));
            let text = base64::engine::general_purpose::STANDARD.encode(text);
            assert_eq!(search.finds(text.as_bytes()), Some("base64"), "{before}");
        }
    }
    assert_eq!(planted, every_key().len() * 13);

    let server = Server::start([Reply::ok("")]);
    let home = home(&server);
    fs::write(home.path().join("spill"), format!("key: {LANGBASE}")).expect("it can be written");
    assert_eq!(search_all(&search, &home, &[]).hits.len(), 1, "and in a file of a home");
}
