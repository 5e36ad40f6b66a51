//! The paid client against a real server.

use std::future::ready;
use std::time::Duration;

use pentimento::api::{Answering, ApiKey, Bounds, Client, Route, langbase};
use pentimento::domain::{Charged, Failure, FailureKind, Request, Retry, Text};
use serde_json::{Value, json};
use tokio::net::TcpSocket;
use url::Url;

use super::id;
use crate::server::{Reply, Server};

const SDK: &str = include_str!("../fixtures/sdk-request.json");

fn route(base_url: Url) -> Route {
    Route {
        base_url,
        key: key("LANGBASE_API_KEY", "user_key"),
        provider_key: Some(key("OPENAI_API_KEY", "llm_key")),
    }
}

fn key(source: &str, value: &str) -> ApiKey {
    ApiKey { source: source.into(), value: value.into() }
}

fn fox() -> Request {
    Request::new("A fox in the snow", "openai:gpt-image-1".parse().expect("a model"))
}

/// Short enough to run into.
const SHORT: Duration = Duration::from_millis(100);

/// Bounds of size that a test can run into, and of time that it cannot.
fn small() -> Bounds {
    Bounds { answer: 1_000, refusal: 100, ..Bounds::default() }
}

async fn send(client: Client, route: &Route) -> Result<Answering, Failure> {
    client.send(route, &langbase::body(&fox(), None), id(), ready(Ok(()))).await
}

/// Every piece of the body, and what ended it.
async fn drain(mut answering: Answering) -> (Vec<u8>, Option<Failure>) {
    let mut body = Vec::new();
    loop {
        match answering.chunk().await {
            Ok(Some(piece)) => body.extend(piece),
            Ok(None) => return (body, None),
            Err(failure) => return (body, Some(failure)),
        }
    }
}

/// A socket at which nobody listens, and which keeps its port from those who would.
fn closed() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().expect("there are sockets");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("loopback has ports");
    let address = socket.local_addr().expect("a bound socket has an address");
    (socket, format!("http://{address}"))
}

#[tokio::test]
async fn a_request_is_the_one_the_official_sdk_sends() {
    let sdk: Value = serde_json::from_str(SDK).unwrap();
    let server = Server::start([Reply::ok("{}")]);
    let mut request = fox();
    let small = langbase::body(&request, None);
    (request.width, request.height) = (Some(1024), Some(1536));
    (request.n, request.steps) = (Some(2), Some(4));
    request.negative_prompt = Some("text".into());
    request.extra.insert("seed".into(), json!(42));
    let full = langbase::body(&request, Some("https://example.com/base.png".into()));

    let mut route = route(server.url());
    Client::default().send(&route, &full, id(), ready(Ok(()))).await.unwrap();
    route.provider_key = None;
    Client::default().send(&route, &small, id(), ready(Ok(()))).await.unwrap();

    let requests = server.requests();
    for (ours, headers, body) in [
        (&requests[0], "headers", "body"),
        (&requests[1], "headers_without_a_provider_key", "smallest_body"),
    ] {
        assert_eq!(ours.method, sdk["method"]);
        // The base URL ends in a slash here; the SDK doubles it then, and we do not.
        assert_eq!(ours.path, sdk["path"]);
        for name in ["authorization", "lb-llm-key", "content-type", "content-length"] {
            assert_eq!(ours.header(name), sdk[headers][name].as_str(), "{name}");
        }
        // Byte for byte, order of the fields included.
        assert_eq!(String::from_utf8_lossy(&ours.body), sdk[body].as_str().unwrap());
        assert_eq!(ours.json()["model"], "openai:gpt-image-1");
    }
}

#[tokio::test]
async fn every_request_names_itself_and_this_program() {
    let server = Server::start([Reply::ok("{}")]);
    send(Client::default(), &route(server.url())).await.unwrap();
    let request = &server.requests()[0];
    assert_eq!(request.header("idempotency-key"), Some(id().to_string().as_str()));
    let name = concat!("pentimento/", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.header("user-agent"), Some(name));
    for absent in ["cookie", "referer", "accept-encoding", "expect"] {
        assert_eq!(request.header(absent), None, "{absent}");
    }
}

#[test]
fn only_what_the_user_set_is_sent_and_extra_fields_as_they_are() {
    let mut request = fox();
    request.extra.insert("size".into(), json!("1024x1024"));
    request.extra.insert("nested".into(), json!({"a": [1, null]}));
    // A field of its own wins over an extra one of the same name.
    request.extra.insert("prompt".into(), json!("another"));
    assert_eq!(
        langbase::body(&request, None),
        json!({"prompt": "A fox in the snow", "model": "openai:gpt-image-1",
               "size": "1024x1024", "nested": {"a": [1, null]}})
    );
}

#[tokio::test]
async fn a_base_url_is_joined_whether_or_not_it_ends_in_a_slash() {
    let server = Server::start([Reply::ok("{}")]);
    for (base, path) in [
        ("", "/v1/images"),
        ("/", "/v1/images"),
        ("//", "/v1/images"),
        ("/behind/a/proxy", "/behind/a/proxy/v1/images"),
        ("/behind/a/proxy/", "/behind/a/proxy/v1/images"),
        ("/?query#fragment", "/v1/images"),
    ] {
        send(Client::default(), &route(server.at(base))).await.unwrap();
        assert_eq!(server.requests().last().unwrap().path, path, "{base}");
    }
}

#[tokio::test]
async fn a_base_url_nothing_can_be_sent_to_is_refused_before_connecting() {
    for base in ["ftp://example.com", "https://me:secret@example.com", "data:text/plain,hello"] {
        let failure = send(Client::default(), &route(base.parse().unwrap())).await.unwrap_err();
        assert_eq!((failure.kind, failure.charged), (FailureKind::Config, Charged::No), "{base}");
        assert!(!format!("{failure:?}").contains("secret"));
    }
}

#[tokio::test]
async fn nothing_is_written_before_the_caller_has_taken_note() {
    let server = Server::start([Reply::ok("{}")]);
    let route = route(server.url());
    let body = langbase::body(&fox(), None);
    let full = || Failure::before_sending(FailureKind::Storage, "The disk is full.", "");

    let noted = async {
        assert_eq!(server.bytes(), 0);
        Err(full())
    };
    let failure = Client::default().send(&route, &body, id(), noted).await.unwrap_err();
    assert_eq!(failure, full());

    let mut noted = false;
    let note = async {
        noted = true;
        Ok(())
    };
    Client::default().send(&route, &body, id(), note).await.unwrap();
    assert!(noted);
    assert_eq!((server.connections(), server.count()), (2, 1));
}

#[tokio::test]
async fn a_service_that_cannot_be_reached_has_been_sent_nothing() {
    let silent = Server::start([Reply::ok("{}")]);
    let name = "http://no-such-host.invalid".to_owned();
    let (_held, closed) = closed();
    for (base, why) in [
        (closed, "refused"),
        (name, "no-such-host.invalid could not be reached"),
        // Its side of the handshake never comes.
        (format!("https://127.0.0.1:{}", silent.port()), "timed out"),
    ] {
        let bounds = Bounds { connect: SHORT * 5, ..small() };
        let never = async { panic!("it is connected") };
        let route = route(base.parse().unwrap());
        let body = langbase::body(&fox(), None);
        let failure = Client::new(bounds).send(&route, &body, id(), never).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Unreachable, "{base}");
        assert_eq!(failure.charged, Charged::No);
        assert!(matches!(failure.retry, Retry::After(_)));
        assert!(failure.what.as_str().contains(why), "{failure:?}");
    }
    assert_eq!(silent.count(), 0);
}

#[tokio::test]
async fn a_request_that_was_sent_and_not_answered_is_unknown_and_not_repeated() {
    for (reply, head) in [
        (Reply::close(), small().head),
        (Reply::reset(), small().head),
        (Reply::ok("").hang(), SHORT * 5),
    ] {
        let server = Server::start([reply.clone()]);
        let bounds = Bounds { head, ..small() };
        let failure = send(Client::new(bounds), &route(server.url())).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::OutcomeUnknown, "{reply:?}");
        assert_eq!((failure.charged, failure.retry), (Charged::Maybe, Retry::Ask));
        assert_eq!((server.connections(), server.count()), (1, 1), "{reply:?}");
    }
}

#[tokio::test]
async fn the_head_may_take_longer_than_a_piece_of_the_body() {
    let server = Server::start([Reply::ok("{}").hang()]);
    let bounds = Bounds { idle: SHORT, ..small() };
    let route = route(server.url());
    let sending = tokio::spawn(async move { send(Client::new(bounds), &route).await });
    let release = async {
        // Longer than the wait between two pieces may be.
        let _: Result<(), _> = tokio::time::timeout(SHORT * 2, std::future::pending()).await;
        server.release();
    };
    let (answering, ()) = tokio::join!(sending, release);
    assert_eq!(answering.unwrap().unwrap().head().status, 200);
}

#[tokio::test]
async fn no_status_makes_the_client_send_twice() {
    for status in [301, 302, 303, 307, 308, 400, 401, 408, 409, 425, 429, 500, 502, 503, 504, 529] {
        let elsewhere = Server::start([Reply::ok("{}")]);
        let reply = Reply::redirect(status, elsewhere.url().as_str()).header("retry-after", "0");
        let server = Server::start([reply]);
        let answering = send(Client::default(), &route(server.url())).await.unwrap();
        assert_eq!(answering.head().status, status);
        assert_eq!((server.count(), elsewhere.connections()), (1, 0), "{status}");
    }
}

#[tokio::test]
async fn a_redirect_is_a_failure_that_names_both_hosts() {
    let server = Server::start([Reply::redirect(307, "https://elsewhere.example/path?secret=1")]);
    let answering = send(Client::default(), &route(server.url())).await.unwrap();
    let failure = langbase::read(answering.head(), b"").failure.unwrap();
    assert_eq!(failure.kind, FailureKind::Redirect);
    assert_eq!((failure.charged, failure.retry), (Charged::No, Retry::Never));
    let what = failure.what.as_str();
    assert!(what.contains("127.0.0.1") && what.contains("elsewhere.example"), "{what}");
    assert!(!what.contains("secret"));
}

#[tokio::test]
async fn the_head_keeps_what_is_worth_keeping() {
    let reply = Reply::new(429, "{}")
        .header("lb-request-id", "lb-1")
        .header("x-request-id", "x-1")
        .header("content-type", "application/json")
        .header("lb-ratelimit-limit", "25")
        .header("lb-ratelimit-remaining", "0")
        .header("lb-ratelimit-reset", "1700000000")
        .header("lb-usagelimit-limit", "500")
        .header("lb-usagelimit-remaining", "1")
        .header("lb-usagelimit-used", "499");
    let server = Server::start([reply, Reply::ok("{}").header("x-request-id", "x-2")]);
    let answering = send(Client::default(), &route(server.url())).await.unwrap();
    let head = answering.head();
    assert_eq!(head.request_id.as_ref().unwrap().as_str(), "lb-1");
    assert_eq!(head.content_type.as_ref().unwrap().as_str(), "application/json");
    assert_eq!(head.length, Some(2));
    let rate = (head.rate.limit, head.rate.remaining, head.rate.reset);
    assert_eq!(rate, (Some(25), Some(0), Some(1_700_000_000)));
    let usage = (head.usage.limit, head.usage.remaining, head.usage.used);
    assert_eq!(usage, (Some(500), Some(1), Some(499)));

    let answering = send(Client::default(), &route(server.url())).await.unwrap();
    assert_eq!(answering.head().request_id.as_ref().unwrap().as_str(), "x-2");
}

#[tokio::test]
async fn a_wait_is_read_from_seconds_milliseconds_or_a_date() {
    let date = "Mon, 23 Nov 2026 18:00:00 GMT";
    for (headers, wait) in [
        (&[("retry-after", "7")][..], Some(7_000)),
        (&[("retry-after", "1.5")], Some(1_500)),
        (&[("retry-after", "7"), ("retry-after-ms", "250")], Some(250)),
        (&[("retry-after", "Mon, 23 Nov 2026 18:00:30 GMT"), ("date", date)], Some(30_000)),
        (&[("retry-after", "Mon, 23 Nov 2026 17:00:00 GMT"), ("date", date)], Some(0)),
        (&[("retry-after", "Mon, 23 Nov 2026 18:00:30 GMT")], None),
        (&[("retry-after", "-1")], None),
        (&[("retry-after", "NaN")], None),
        (&[("retry-after", "soon"), ("date", date)], None),
        (&[], None),
    ] {
        let reply = headers.iter().fold(Reply::new(429, ""), |r, (k, v)| r.header(k, v));
        let server = Server::start([reply]);
        let answering = send(Client::default(), &route(server.url())).await.unwrap();
        assert_eq!(answering.head().retry_after, wait, "{headers:?}");
    }
}

#[tokio::test]
async fn a_whole_answer_comes_in_pieces_and_ends() {
    let server = Server::start([Reply::ok("x".repeat(900)).drip(100)]);
    let answering = send(Client::new(Bounds { idle: SHORT * 5, ..small() }), &route(server.url()))
        .await
        .unwrap();
    assert_eq!(drain(answering).await, ("x".repeat(900).into_bytes(), None));
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_charged_and_what_came_of_it_is_kept() {
    for (reply, kept) in [
        (Reply::ok("x".repeat(900)).cut_after(500), 500..=500),
        (Reply::ok("x".repeat(900)).stall_after(500), 500..=500),
        (Reply::ok("x".repeat(5_000)), 0..=1_000),
    ] {
        let server = Server::start([reply.clone()]);
        let answering =
            send(Client::new(Bounds { idle: SHORT * 5, ..small() }), &route(server.url()))
                .await
                .unwrap();
        let (body, failure) = drain(answering).await;
        let failure = failure.unwrap();
        assert_eq!((failure.kind, failure.charged), (FailureKind::Unreadable, Charged::Yes));
        assert_eq!(failure.retry, Retry::Ask);
        assert!(kept.contains(&body.len()), "{reply:?} kept {}", body.len());
    }
}

#[tokio::test]
async fn of_a_refusal_no_more_is_read_than_its_bound_and_its_breaking_off_is_no_failure() {
    for (reply, length) in [
        (Reply::new(500, "x".repeat(70)), 70),
        (Reply::new(500, "x".repeat(100)), 100),
        (Reply::new(500, "x".repeat(5_000)), 100),
        (Reply::new(500, "x".repeat(5_000)).drip(30), 100),
        (Reply::new(500, "x".repeat(70)).cut_after(60), 60),
        (Reply::new(500, "x".repeat(70)).stall_after(60), 60),
    ] {
        let server = Server::start([reply.clone()]);
        let answering =
            send(Client::new(Bounds { idle: SHORT * 5, ..small() }), &route(server.url()))
                .await
                .unwrap();
        let (body, failure) = drain(answering).await;
        assert_eq!((body.len(), failure), (length, None), "{reply:?}");
    }
}

#[tokio::test]
async fn a_key_is_shown_nowhere() {
    let (_held, closed) = closed();
    let mut route = route(closed.parse().unwrap());
    route.key.value = "sk-canary\nsk-canary".into();
    let failure = send(Client::default(), &route).await.unwrap_err();
    assert_eq!((failure.kind, failure.charged), (FailureKind::Key, Charged::No));
    assert!(failure.what.as_str().contains("LANGBASE_API_KEY"));
    assert!(!format!("{route:?} {failure:?}").contains("canary"));

    // A line end behind the key is what a file leaves there, and no part of it.
    route.key.value = "sk-canary\n".into();
    let failure = send(Client::default(), &route).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unreachable);
    assert!(!format!("{failure:?}").contains("canary"));

    let server = Server::start([Reply::ok("{}")]);
    route.base_url = server.url();
    let answering = send(Client::default(), &route).await.unwrap();
    assert!(!format!("{answering:?}").contains("canary"));
    assert_eq!(server.requests()[0].header("authorization"), Some("Bearer sk-canary"));
}

#[tokio::test]
async fn a_key_that_a_service_repeats_is_covered_wherever_the_pieces_break() {
    let mut route = route(local());
    route.key.value = "lb/sk-canary".into();
    route.provider_key = Some(key("OPENAI_API_KEY", "llm/sk-canary-llm"));
    let body = r#"{"error":"no key lb/sk-canary, lb\/sk-canary or LLM/SK-CANARY-LLM, but lb/sk"}"#;
    let covered =
        r#"{"error":"no key ************, ************* or *****************, but lb/sk"}"#;
    for size in [1, 2, 3, 5, 7, 11, 13, 100] {
        for status in [200, 401] {
            let reply = Reply::new(status, body)
                .header("lb-request-id", "for lb/sk-canary")
                .header("content-type", "text/llm/sk-canary-llm")
                .drip(size);
            let server = Server::start([reply]);
            route.base_url = server.url();
            let answering = send(Client::default(), &route).await.unwrap();
            let head = answering.head().clone();
            assert!(!format!("{head:?}").contains("canary"), "{head:?}");
            assert_eq!(head.request_id.as_ref().map(Text::as_str), Some("for ************"));
            let (bytes, failure) = drain(answering).await;
            assert_eq!((str::from_utf8(&bytes).unwrap(), failure), (covered, None), "{size}");
        }
    }
}

#[tokio::test]
async fn what_looks_like_the_beginning_of_a_key_is_handed_over_at_the_end() {
    for (reply, breaks_off) in
        [(Reply::ok("an llm"), false), (Reply::ok("an llm_k...").cut_after(6), true)]
    {
        let server = Server::start([reply]);
        let answering = send(Client::default(), &route(server.url())).await.unwrap();
        let (bytes, failure) = drain(answering).await;
        assert_eq!(bytes, b"an llm");
        assert_eq!(failure.is_some(), breaks_off);
    }
    // A refusal is cut at its bound, and so may be the key in it: nobody needs the half.
    let server = Server::start([Reply::new(401, format!("{}llm_key", "x".repeat(91)))]);
    let mut route = route(server.url());
    route.provider_key = Some(key("OPENAI_API_KEY", "llm_key-that-is-long"));
    let answering = send(Client::new(small()), &route).await.unwrap();
    assert_eq!(drain(answering).await.0.len(), 98);
    let server = Server::start([Reply::new(401, format!("{}llm_key-that", "x".repeat(90)))]);
    route.base_url = server.url();
    let answering = send(Client::new(small()), &route).await.unwrap();
    let (bytes, _) = drain(answering).await;
    assert_eq!(bytes, format!("{}**********", "x".repeat(90)).as_bytes());
}

fn local() -> Url {
    Url::parse("http://127.0.0.1").expect("a URL")
}
