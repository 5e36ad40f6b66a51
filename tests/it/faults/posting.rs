//! Promise 1: one press, one POST, whatever the network does.

use std::collections::BTreeMap;
use std::fs;

use pentimento::domain::{BaseImage, Charged, Generation, Job, Request};
use pentimento::engine;
use pentimento::store::Store;

use super::paid::{MODEL, settle};
use super::wire::{
    Asked, CERTIFICATE, DATA, END_HEADERS, END_STREAM, Fault, GO_AWAY, HEADERS, RESET, Then, Wire,
    frame,
};
use super::{enter, figures, times};
use crate::home::Home;
use crate::recovery::{answer, pixel};
use crate::server::{Reply, Server};

use crate::unlimited::Unlimited as _;
use Known::{Free, FreeThenMade, Made, NotFree};
use Then::{Close, Reset, Stay};

/// What must be known of a request once it has met a fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Known {
    /// Its picture is here.
    Made,
    /// It has cost nothing.
    Free,
    /// It has cost nothing, was asked again, and its picture is here.
    FreeThenMade,
    /// It may have cost something, or certainly has.
    NotFree,
}

/// Faults in HTTP/1: a name, what is played, how the line ends, what is known then.
/// `|` stands for the end of a line, `{ok}` for a good status, `{answer}` for a whole
/// answer and `{length}` for its length, `{half}` for half of it, `{here}` and
/// `{elsewhere}` for two hosts. Those that are called so are only half read.
const PLAIN: [(&str, &str, Then, Known); 38] = [
    ("whole", "{ok}content-length: {length}||{answer}", Close, Made),
    ("kept alive", "{ok}content-length: {length}||{answer}", Stay, Made),
    ("without a length", "{ok}|{answer}", Close, Made),
    ("early hints", "HTTP/1.1 100 Continue||HTTP/1.1 103 Hints||{ok}|{answer}", Close, Made),
    ("more than its length", "{ok}content-length: {length}||{answer}{ok}|", Close, Made),
    ("less than its length", "{ok}content-length: {length}0||{answer}", Close, Made),
    ("closed", "", Close, NotFree),
    ("reset", "", Reset, NotFree),
    ("closed, half read", "", Close, NotFree),
    ("reset, half read", "", Reset, NotFree),
    ("half a status line", "HTTP/1.1 2", Close, NotFree),
    ("half a head", "{ok}content-le", Close, NotFree),
    ("half a head, reset", "{ok}content-le", Reset, NotFree),
    ("no HTTP", "220 mail.example ESMTP|", Close, NotFree),
    ("only a continue", "HTTP/1.1 100 Continue||", Close, NotFree),
    ("two lengths", "{ok}content-length: 3|content-length: 5||{answer}", Close, NotFree),
    ("a length of nonsense", "{ok}content-length: 99999999999999999999||{answer}", Close, NotFree),
    ("cut", "{ok}content-length: {length}||{half}", Close, NotFree),
    ("cut by a reset", "{ok}content-length: {length}||{half}", Reset, NotFree),
    ("half a chunk", "{ok}transfer-encoding: chunked||ffff|{half}", Close, NotFree),
    ("no chunk", "{ok}transfer-encoding: chunked||zz|{answer}", Close, NotFree),
    ("falsely packed", "{ok}content-encoding: gzip|content-length: 3||\u{1f}gz", Close, NotFree),
    ("empty", "{ok}content-length: 0||", Close, NotFree),
    ("204", "HTTP/1.1 204 Told||", Close, NotFree),
    ("301 here", "HTTP/1.1 301 Told|location: http://{here}/v1/images||", Close, Free),
    ("302 elsewhere", "HTTP/1.1 302 Told|location: http://{elsewhere}/||", Close, Free),
    ("303 here", "HTTP/1.1 303 Told|location: http://{here}/v1/images||", Close, Free),
    ("307 here", "HTTP/1.1 307 Told|location: /v1/images||", Close, Free),
    ("307 elsewhere", "HTTP/1.1 307 Told|location: http://{elsewhere}/||", Close, Free),
    ("308 elsewhere", "HTTP/1.1 308 Told|location: http://{elsewhere}/||", Close, Free),
    ("408", "HTTP/1.1 408 Told|connection: close||", Close, NotFree),
    ("409", "HTTP/1.1 409 Told|retry-after: 0||", Close, NotFree),
    ("413", "HTTP/1.1 413 Told|retry-after: 0||", Close, Free),
    ("429 once", "HTTP/1.1 429 Told|retry-after-ms: 1|content-length: 2||{}", Close, FreeThenMade),
    ("500", "HTTP/1.1 500 Told||", Close, NotFree),
    ("502", "HTTP/1.1 502 Told||<html>bad gateway</html>", Close, NotFree),
    ("503", "HTTP/1.1 503 Told|retry-after: 0||", Close, NotFree),
    ("504", "HTTP/1.1 504 Told|content-length: 9||", Reset, NotFree),
];

/// Faults in HTTP/2, alike; what is played depends on the stream.
type Encrypted = (&'static str, fn(u32) -> Vec<u8>, Then, Known);
const ENCRYPTED: [Encrypted; 14] = [
    ("h2 whole", whole, Stay, Made),
    ("h2 go away, nothing was done", |_| go_away(0, 0), Stay, NotFree),
    ("h2 go away, closed", |_| go_away(0, 0), Close, NotFree),
    ("h2 go away, calm down", |_| go_away(0, 0xB), Stay, NotFree),
    ("h2 go away after this", |id| [go_away(id, 0), whole(id)].concat(), Close, Made),
    ("h2 refused stream", |id| reset(id, 0x7), Stay, NotFree),
    ("h2 cancelled stream", |id| reset(id, 0x8), Stay, NotFree),
    ("h2 HTTP/1.1 required", |id| reset(id, 0xD), Stay, NotFree),
    ("h2 reset after the head", |id| [head(id, 200), reset(id, 0x2)].concat(), Stay, NotFree),
    ("h2 reset in the answer", |id| [half(id), reset(id, 0x8)].concat(), Stay, NotFree),
    ("h2 closed in the answer", half, Close, NotFree),
    ("h2 reset line", |_| Vec::new(), Reset, NotFree),
    ("h2 no frame", |_| b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), Close, NotFree),
    ("h2 redirect", |id| [head(id, 307), data(id, b"")].concat(), Stay, Free),
];

fn head(stream: u32, status: u16) -> Vec<u8> {
    // A field without a place in the table, whose name is in place 8 of it (RFC 7541).
    let fields = [&[0x08, 3], status.to_string().as_bytes()].concat();
    frame(HEADERS, END_HEADERS, stream, &fields)
}

fn data(stream: u32, last: &[u8]) -> Vec<u8> {
    frame(DATA, END_STREAM, stream, last)
}

fn whole(stream: u32) -> Vec<u8> {
    [head(stream, 200), data(stream, answer().as_bytes())].concat()
}

fn half(stream: u32) -> Vec<u8> {
    let answer = answer();
    [head(stream, 200), frame(DATA, 0, stream, &answer.as_bytes()[..answer.len() / 2])].concat()
}

fn go_away(last: u32, code: u32) -> Vec<u8> {
    frame(GO_AWAY, 0, 0, &[last.to_be_bytes(), code.to_be_bytes()].concat())
}

fn reset(stream: u32, code: u32) -> Vec<u8> {
    frame(RESET, 0, stream, &code.to_be_bytes())
}

/// What is played to a request of HTTP/1.
fn plain_fault(asked: &Asked, elsewhere: &str) -> Fault {
    let row = PLAIN.iter().find(|row| row.0 == asked.prompt).expect("each prompt is a fault");
    let (_, bytes, then, known) = row;
    let bytes = if *known == FreeThenMade && asked.nth > 0 { PLAIN[0].1 } else { bytes };
    let answer = answer();
    let bytes = bytes
        .replace("{ok}", "HTTP/1.1 200 OK|")
        .replace('|', "\r\n")
        .replace("{length}", &answer.len().to_string())
        .replace("{half}", &answer[..answer.len() / 2])
        .replace("{answer}", &answer)
        .replace("{here}", &asked.host.to_string())
        .replace("{elsewhere}", elsewhere);
    Fault { bytes: bytes.into_bytes(), then: *then }
}

/// What is played to a request of HTTP/2.
fn encrypted_fault(asked: &Asked) -> Fault {
    let row = ENCRYPTED.iter().find(|row| row.0 == asked.prompt).expect("each prompt is a fault");
    Fault { bytes: row.1(asked.stream), then: row.2 }
}

/// A home whose requests go to this address.
fn home(base_url: &str) -> Home {
    let certificate = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/fixtures/loopback.crt");
    let home = Home::new()
        .with("PENTIMENTO_LANGBASE_URL", base_url)
        .with("LANGBASE_API_KEY", "sk-langbase")
        .with("OPENAI_API_KEY", "sk-openai")
        .with("SSL_CERT_FILE", certificate);
    home.configure("[queue]\nparallel = 4\n");
    home
}

/// Has one request made for each of these faults, by the program itself. What comes back
/// are the rows, and how many attempts the history knows of.
fn make(home: &Home, faults: &[(&str, Known)]) -> (Vec<Generation>, usize) {
    let base = home.path().join("base.png");
    // More than a socket holds while nobody reads.
    fs::write(&base, [pixel(), vec![0; 8 << 20]].concat()).expect("there is room");
    let mut store = Store::open(home.path()).expect("an empty directory");
    let mut ids = Vec::new();
    for (prompt, _) in faults {
        let mut request = Request::new(*prompt, MODEL.parse().expect("a model"));
        if prompt.contains("half read") {
            request.image = Some(BaseImage::File(base.clone()));
        }
        let queued = Generation::queued(engine::new_id(), request, engine::now());
        ids.push(queued.id);
        store.enqueue(&[queued]).expect("the history can be written");
    }
    settle(home, &store);
    let row = |id: &_| store.get(*id).expect("it can be read").expect("it is there");
    let attempts = ids.iter().flat_map(|id| store.attempts(*id).expect("it can be read"));
    let sent = attempts.filter(|attempt| attempt.connected.is_some()).count();
    (ids.iter().map(row).collect(), sent)
}

/// The requests that were sent more often than their faults allow.
fn sent_twice(posts: &BTreeMap<String, usize>, faults: &[(&str, Known)]) -> Vec<String> {
    let most = |prompt: &str| {
        let known = faults.iter().find(|fault| fault.0 == prompt).map(|fault| fault.1);
        1 + usize::from(known == Some(FreeThenMade))
    };
    let twice = posts.iter().filter(|(prompt, count)| **count > most(prompt));
    twice.map(|(prompt, count)| format!("{prompt}: sent {count} times")).collect()
}

/// What its row says of a request and its fault does not.
fn misjudged(row: &Generation, known: Known) -> Option<String> {
    let charged = row.job.failure().map(|failure| failure.charged);
    let right = match known {
        Made | FreeThenMade => row.job == Job::Done && row.images.len() == 1,
        Free => charged == Some(Charged::No),
        NotFree => charged.is_some_and(|charged| charged != Charged::No),
    };
    (!right).then(|| format!("{}: {known:?}, and yet {:?}", row.request.prompt, row.job))
}

#[test]
fn one_press_is_one_post_whatever_the_network_does() {
    let plain: Vec<_> = PLAIN.iter().map(|row| (row.0, row.3)).collect();
    let encrypted: Vec<_> = ENCRYPTED.iter().map(|row| (row.0, row.3)).collect();
    let rounds = times(1, 25);
    let mut right = 0;
    for _ in 0..rounds {
        let elsewhere = Server::start([Reply::ok(answer())]);
        let host = format!("127.0.0.1:{}", elsewhere.port());
        let one = Wire::plain(
            |prompt| !prompt.contains("half read"),
            move |asked| plain_fault(asked, &host),
        );
        // Its first line does not come to be, which costs nothing and is tried again.
        let other = Wire::encrypted(1, encrypted_fault);
        for (wire, scheme, faults) in [(&one, "http", &plain), (&other, "https", &encrypted)] {
            let (rows, sent) = make(&home(&format!("{scheme}://{}", wire.address)), faults);
            let posts = wire.posts();
            assert_eq!(sent_twice(&posts, faults), Vec::<String>::new());
            let misjudged: Vec<String> = rows
                .iter()
                .zip(faults)
                .filter_map(|(row, fault)| misjudged(row, fault.1))
                .collect();
            assert_eq!(misjudged, Vec::<String>::new());
            assert_eq!(posts.len(), faults.len(), "a fault was never met");
            enter("posting", sent, posts.values().sum());
            right += rows.len();
        }
        assert_eq!(elsewhere.connections(), 0, "a redirect was followed");
    }
    let kinds = plain.len() + encrypted.len();
    figures(
        1,
        &format!(
            "{kinds} kinds of faults × {rounds}: at most one POST a job and its row true, \
             {right}/{}",
            kinds * rounds
        ),
    );
}

#[tokio::test]
async fn a_client_with_its_usual_settings_sends_again_and_is_seen() {
    let faults: Vec<_> = ENCRYPTED.iter().map(|row| (row.0, row.3)).collect();
    let wire = Wire::encrypted(0, encrypted_fault);
    let trusted = reqwest::Certificate::from_pem(CERTIFICATE.as_bytes()).unwrap();
    for prompt in ["h2 go away, nothing was done", "h2 refused stream"] {
        let client = reqwest::Client::builder().tls_certs_only([trusted.clone()]).build().unwrap();
        let body = serde_json::json!({ "prompt": prompt }).to_string();
        let url = format!("https://{}/v1/images", wire.address);
        client.post(url).body(body).send().await.unwrap_err();
    }
    assert_eq!(sent_twice(&wire.posts(), &faults).len(), 2, "{:?}", wire.posts());
}
