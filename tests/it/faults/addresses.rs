//! Promise 15: nothing reaches the inside network.
//!
//! One listener stands on every address of this machine. A link from a service out on the
//! internet is spelled in every way that leads there, and nobody may come.

use std::collections::BTreeSet;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

use pentimento::api::{Bounds, Fetcher};
use pentimento::domain::{Failure, FailureKind};
use url::Url;

use super::{figures, times};
use crate::server::{Reply, Server};

/// Loopback, as an attacker might write it.
const LOOPBACK: [&str; 50] = [
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "127.1.",
    "127.8.8.8",
    "127.255.255.254",
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0x7F.0x0.0x0.0x1",
    "0x7f.1",
    "0177.0.0.1",
    "0177.1",
    "00000177.0.0.01",
    "127.0x0.00.1",
    "0",
    "0.0.0.0",
    "0x0",
    "00.00.00.00",
    "%31%32%37.0.0.1",
    "127%2e0%2e0%2e1",
    "１２７.0.0.1",
    "１２７．０．０．１",
    "127。0。0。1",
    "①②⑦.0.0.1",
    "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "ⓛocalhost",
    "ｌｏｃａｌｈｏｓｔ",
    "local%68ost",
    "any.localhost",
    "me@127.0.0.1",
    "me:secret@localhost",
    "example.com@127.0.0.1",
    "example.com%00@127.0.0.1",
    "example.com:80@127.0.0.1",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[0000::0001]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "[fe80::1%25lo]",
];

/// Addresses of the inside that most machines do not have themselves.
const ELSEWHERE: [&str; 10] = [
    "169.254.169.254",
    "2852039166",
    "0xA9FEA9FE",
    "0251.0376.0251.0376",
    "[::ffff:169.254.169.254]",
    "[fd00:ec2::254]",
    "100.100.100.200",
    "10.0.0.1",
    "192.168.0.1",
    "[fe80::1]",
];

/// This machine's own addresses beside loopback, and its names, as far as it tells.
fn own() -> Vec<String> {
    let mut hosts = BTreeSet::new();
    let towards = |here: &str, there: &str| {
        let socket = UdpSocket::bind(here).ok()?;
        socket.connect(there).ok()?;
        Some(socket.local_addr().ok()?.ip())
    };
    let v6 = fs::read_to_string("/proc/net/if_inet6").unwrap_or_default();
    let v6 = v6.lines().filter_map(|line| u128::from_str_radix(line.get(..32)?, 16).ok());
    let found = towards("0.0.0.0:0", "198.51.100.1:9").into_iter();
    for address in found.chain(v6.map(|bits| Ipv6Addr::from_bits(bits).into())) {
        hosts.extend(spelled(address));
    }
    let names = fs::read_to_string("/etc/hosts").unwrap_or_default();
    let names = names.lines().filter_map(|line| line.split('#').next());
    hosts.extend(names.flat_map(|line| line.split_whitespace().skip(1).map(str::to_owned)));
    hosts.into_iter().collect()
}

fn spelled(address: IpAddr) -> Vec<String> {
    match address {
        IpAddr::V6(v6) => vec![format!("[{v6}]")],
        IpAddr::V4(v4) if v4 == Ipv4Addr::UNSPECIFIED => Vec::new(),
        IpAddr::V4(v4) => {
            let [a, b, c, d] = v4.octets();
            vec![
                v4.to_string(),
                v4.to_bits().to_string(),
                format!("{:#x}", v4.to_bits()),
                format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
                format!("[::ffff:{v4}]"),
                format!("[64:ff9b::{v4}]"),
            ]
        }
    }
}

/// A listener on every address there is, which counts who came.
struct Inside(TcpListener);

impl Inside {
    fn open() -> Self {
        let listener = TcpListener::bind("[::]:0").or_else(|_| TcpListener::bind("0.0.0.0:0"));
        let listener = listener.expect("there are ports");
        listener.set_nonblocking(true).expect("a socket can be made non-blocking");
        Self(listener)
    }

    fn port(&self) -> u16 {
        self.0.local_addr().expect("a bound socket has an address").port()
    }

    /// Connections since this was asked last: whoever has connected waits in the queue.
    fn came(&self) -> usize {
        std::iter::from_fn(|| self.0.accept().ok()).count()
    }
}

async fn fetch(link: String, base: &str) -> (String, Result<(), Failure>) {
    // Without a name server some names would be asked for without end.
    let bounds = Bounds { connect: Duration::from_secs(2), ..Bounds::default() };
    let base = Url::parse(base).expect("a URL");
    let fetched = Fetcher::new(bounds).fetch(&link, Some(&base), &mut |_| Ok(())).await;
    (link, fetched)
}

/// Fetches all of these at once; each must fail, as a link that is not followed.
async fn all_refused(links: Vec<String>, base: &'static str) {
    let tasks: Vec<_> = links.into_iter().map(|link| tokio::spawn(fetch(link, base))).collect();
    for task in tasks {
        let (link, fetched) = task.await.expect("no fetch panics");
        let failure = fetched.expect_err(&link);
        assert_eq!(failure.kind, FailureKind::Fetch, "{link}: {failure:?}");
    }
}

#[tokio::test]
async fn no_spelling_of_an_inside_address_is_connected_to() {
    let inside = Inside::open();
    let port = inside.port();
    let own = own();
    let hosts = LOOPBACK.into_iter().chain(ELSEWHERE).chain(own.iter().map(String::as_str));
    let both = |host: &str| ["https", "http"].map(|scheme| format!("{scheme}://{host}:{port}/x"));
    let links: Vec<String> = hosts.flat_map(both).collect();
    assert!(links.len() >= 120, "{}", links.len());
    let step = times(2, 1);
    let links: Vec<String> = links.into_iter().step_by(step).collect();
    let spellings = links.len();
    all_refused(links, "https://api.langbase.com").await;

    // What is allowed at first and leads on: from a service on this machine, which may
    // show pictures of its own, to everything inside that is not this machine.
    let beyond = ELSEWHERE.into_iter().chain(["0.0.0.0", "0", "[::]"]);
    let beyond = beyond.chain(own.iter().map(String::as_str).filter(|host| is_address(host)));
    let targets: Vec<String> = beyond.flat_map(both).collect();
    let behind = targets.len();
    let to = targets.clone();
    let door = Server::answering(move |request, _| {
        let nth: usize = request.path[1..].parse().expect("a number");
        Reply::redirect([301, 302, 303, 307, 308][nth % 5], &to[nth])
    });
    let doors = (0..behind).map(|nth| door.at(&format!("/{nth}")).to_string()).collect();
    all_refused(doors, "http://127.0.0.1").await;
    assert_eq!(door.count(), behind, "each door was opened");

    let came = inside.came();
    figures(
        15,
        &format!(
            "{spellings} spellings of inside addresses and {behind} redirects to them: {came} \
             connections"
        ),
    );
    assert_eq!(came, 0);
}

/// Whether this is an address other than loopback: such a name would be allowed here.
fn is_address(host: &str) -> bool {
    let url = Url::parse(&format!("http://{host}/"));
    !url.is_ok_and(|url| url.domain().is_some() || pentimento::api::is_local(&url))
}

#[tokio::test]
async fn the_listener_inside_counts_whoever_does_come() {
    let inside = Inside::open();
    drop(TcpStream::connect(("127.0.0.1", inside.port())).expect("it listens"));
    assert_eq!(inside.came(), 1);
    for host in ["127.1", "0x7f000001", "[::ffff:127.0.0.1]", "localhost"] {
        let link = format!("https://{host}:{}/x", inside.port());
        let client = reqwest::Client::builder().timeout(Duration::from_millis(500)).no_proxy();
        let undefended = client.build().expect("a client").get(&link).send().await;
        assert!(undefended.is_err(), "nobody answers there");
        assert!(inside.came() > 0, "{link}");
    }
}
