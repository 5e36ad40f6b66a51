//! Links to pictures: what is fetched, and what is never connected to.

use std::net::IpAddr;
use std::time::Duration;

use pentimento::api::{Bounds, Fetcher, is_global};
use pentimento::domain::{Charged, Failure, FailureKind, Retry};
use url::Url;

use crate::server::{Reply, Server};

/// Fetches `link` as one that came from `api_base`: the bytes and how it ended.
async fn fetch_within(bounds: Bounds, link: &str, api_base: &Url) -> (Vec<u8>, Option<Failure>) {
    let mut bytes = Vec::new();
    let mut keep = |piece: &[u8]| {
        bytes.extend_from_slice(piece);
        Ok(())
    };
    let fetched = Fetcher::new(bounds).fetch(link, Some(api_base), &mut keep).await;
    (bytes, fetched.err())
}

/// Fetches a link which a service on this machine has given.
async fn fetch(link: &Url) -> (Vec<u8>, Option<Failure>) {
    fetch_within(Bounds::default(), link.as_str(), &local()).await
}

fn local() -> Url {
    Url::parse("http://localhost:1").expect("a URL")
}

fn outside() -> Url {
    Url::parse("https://api.langbase.com").expect("a URL")
}

fn assert_fetch(failure: Option<Failure>, retry: Retry, context: &str) {
    let failure = failure.unwrap_or_else(|| panic!("it was fetched: {context}"));
    assert!(matches!(failure.kind, FailureKind::Fetch | FailureKind::DeadLink), "{context}");
    assert_eq!(failure.charged, Charged::Yes, "{context}");
    assert_eq!(failure.retry, retry, "{context}: {failure:?}");
}

#[tokio::test]
async fn a_picture_comes_byte_for_byte_and_nothing_of_ours_goes_along() {
    let server = Server::start([Reply::ok([0, 159, 146, 150]).drip(1)]);
    let mut link = server.at("/shrt/abc?sig=x#part");
    link.set_username("me").unwrap();
    link.set_password(Some("secret")).unwrap();
    assert_eq!(fetch(&link).await, (vec![0, 159, 146, 150], None));
    let request = &server.requests()[0];
    assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", "/shrt/abc?sig=x"));
    let mut names: Vec<&str> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "accept-encoding", "host", "user-agent"]);
    assert_eq!(request.header("accept-encoding"), Some("identity"));
    let name = concat!("pentimento/", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.header("user-agent"), Some(name));
}

#[tokio::test]
async fn three_redirects_are_followed_and_a_fourth_is_not() {
    for (hops, reached) in [(0, true), (1, true), (3, true), (4, false), (99, false)] {
        let server = Server::answering(move |request, nth| {
            assert_eq!(request.header("referer"), None);
            if nth < hops { Reply::redirect(302, "next?x=1") } else { Reply::ok("picture") }
        });
        let (bytes, failure) = fetch(&server.at("/dir/first")).await;
        assert_eq!(failure.is_none(), reached, "{hops}");
        if reached {
            assert_eq!(bytes, b"picture");
        } else {
            assert_fetch(failure, Retry::Never, "too many redirects");
            assert_eq!(server.count(), 4);
        }
    }
    let server = Server::start([Reply::new(302, "")]);
    assert_fetch(fetch(&server.url()).await.1, Retry::Never, "no location");
}

#[tokio::test]
async fn a_redirect_to_what_is_not_allowed_is_not_followed() {
    for location in [
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "data:image/png;base64,AAAA",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/",
        "http://93.184.216.34/",
    ] {
        let server = Server::start([Reply::redirect(302, location)]);
        assert_fetch(fetch(&server.url()).await.1, Retry::Never, location);
    }
}

#[tokio::test]
async fn a_link_from_outside_never_reaches_this_machine_however_it_is_spelled() {
    let server = Server::start([Reply::ok("secret")]);
    let port = server.port();
    for host in [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "017700000001",
        "0",
        "0.0.0.0",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "127。0。0。1",
        "127.8.8.8",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "me:secret@127.0.0.1",
        "example.com@127.0.0.1",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
    ] {
        for scheme in ["https", "http"] {
            let link = format!("{scheme}://{host}:{port}/");
            let (bytes, failure) = fetch_within(Bounds::default(), &link, &outside()).await;
            assert_eq!(bytes, b"", "{link}");
            // A machine without a name server does not know `localhost.` either.
            let failure = failure.unwrap_or_else(|| panic!("it was fetched: {link}"));
            assert_eq!((failure.kind, failure.charged), (FailureKind::Fetch, Charged::Yes));
            assert!(failure.retry == Retry::Never || host == "localhost.", "{link}: {failure:?}");
        }
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn only_https_is_fetched_and_plain_http_from_this_machine_alone() {
    for link in [
        "",
        "no link",
        "/relative.png",
        "file:///etc/passwd",
        "ftp://example.com/x.png",
        "gopher://example.com/",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "unix:/run/x.sock",
        "https://",
        "http://example.com/x.png",
        "http://93.184.216.34/x.png",
    ] {
        for base in [local(), outside()] {
            if base == local() && link == "http://example.com/x.png" {
                continue; // asks a name server first
            }
            let (_, failure) = fetch_within(Bounds::default(), link, &base).await;
            assert_fetch(failure, Retry::Never, link);
        }
    }
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_what_is_dead_is_called_so() {
    for (status, retry) in [
        (403, Retry::After(0)),
        (404, Retry::After(0)),
        (410, Retry::After(0)),
        (401, Retry::After(0)),
        (408, Retry::After(0)),
        (429, Retry::After(0)),
        (500, Retry::After(0)),
        (503, Retry::After(0)),
        (599, Retry::After(0)),
    ] {
        let server = Server::start([Reply::new(status, "sorry")]);
        let (bytes, failure) = fetch(&server.url()).await;
        assert_eq!(bytes, b"", "{status}: the page of an error is no picture");
        let kind = failure.as_ref().unwrap().kind;
        assert_eq!(kind == FailureKind::DeadLink, matches!(status, 401 | 403 | 404 | 410));
        assert_fetch(failure, retry, &status.to_string());
        assert_eq!(server.count(), 1);
    }
    let server = Server::start([Reply::new(429, "").header("retry-after", "30")]);
    assert_fetch(fetch(&server.url()).await.1, Retry::After(30_000), "retry-after");
}

#[tokio::test]
async fn a_picture_that_does_not_come_whole_is_no_picture() {
    let bounds = Bounds { idle: Duration::from_millis(500), image: 1_000, ..Bounds::default() };
    for (reply, retry) in [
        (Reply::ok("x".repeat(900)).cut_after(500), Retry::After(0)),
        (Reply::ok("x".repeat(900)).stall_after(500), Retry::After(0)),
        (Reply::ok("x".repeat(900)).hang(), Retry::After(0)),
        (Reply::ok(""), Retry::After(0)),
        (Reply::close(), Retry::After(0)),
        (Reply::reset(), Retry::After(0)),
        (Reply::ok("x".repeat(1_001)), Retry::Never),
    ] {
        let server = Server::start([reply.clone()]);
        let (_, failure) = fetch_within(bounds, server.url().as_str(), &local()).await;
        assert_fetch(failure, retry, &format!("{reply:?}"));
    }
    let server = Server::start([Reply::ok("x".repeat(1_000))]);
    let (bytes, failure) = fetch_within(bounds, server.url().as_str(), &local()).await;
    assert_eq!((bytes.len(), failure), (1_000, None));
}

#[tokio::test]
async fn a_full_disk_ends_the_fetch_with_its_own_words() {
    let server = Server::start([Reply::ok("picture")]);
    let full = Failure::before_sending(FailureKind::Storage, "The disk is full.", "");
    let (link, told) = (server.url(), full.clone());
    let fetched = tokio::spawn(async move {
        let mut keep = |_: &[u8]| Err(told.clone());
        Fetcher::default().fetch(link.as_str(), Some(&local()), &mut keep).await
    });
    assert_eq!(fetched.await.unwrap(), Err(full));
}

#[test]
fn an_address_is_global_or_it_is_not() {
    for address in [
        "8.8.8.8",
        "1.1.1.1",
        "93.184.216.34",
        "172.32.0.1",
        "100.128.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2001:4860:4860::8888",
        "2a00:1450::1",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
    ] {
        assert!(is_global(address.parse::<IpAddr>().unwrap()), "{address}");
    }
    for address in [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.255",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::8.8.8.8",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2001:10::1",
        "2002:7f00:1::",
        "2002:808:808::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ] {
        assert!(!is_global(address.parse::<IpAddr>().unwrap()), "{address}");
    }
}
