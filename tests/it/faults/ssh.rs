//! A session that is cut over a real `sshd`.

use std::fs;
use std::io::Read;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::channel;

use tempfile::TempDir;

use super::{enter, figures};
use crate::home::{DEADLINE, Home, wait_for};
use crate::recovery::answer;
use crate::server::{Reply, Server};
use crate::studio::Studio;

/// Where distributions put it: outside the search path of users.
const SSHD: &str = "/usr/sbin/sshd";
const SSH: &str = "/usr/bin/ssh";

/// A server of our own, with keys of its own, for whoever runs the test.
struct Sshd {
    keys: TempDir,
    port: u16,
    server: Child,
}

impl Sshd {
    /// Starts it; says why not where it cannot be.
    #[expect(clippy::disallowed_methods, reason = "a server of the system is part of the test")]
    fn start() -> Result<Self, String> {
        if let Some(missing) = [SSHD, SSH].iter().find(|program| !Path::new(program).exists()) {
            return Err(format!("there is no {missing}"));
        }
        // Started by root, it wants this directory, which a system with the service has.
        let _ = fs::create_dir("/run/sshd");
        let keys = TempDir::new().expect("there is room for a directory");
        for key in ["host", "user"] {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-f", key])
                .current_dir(keys.path())
                .status();
            if !made.is_ok_and(|status| status.success()) {
                return Err("ssh-keygen makes no key".to_owned());
            }
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has ports");
        let port = listener.local_addr().expect("it has an address").port();
        drop(listener);
        let dir = keys.path().display();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {dir}/host\n\
             AuthorizedKeysFile {dir}/user.pub\nStrictModes no\nUsePAM no\nPidFile none\n\
             PermitRootLogin yes\nPasswordAuthentication no\nPrintMotd no\nPrintLastLog no\n"
        );
        fs::write(keys.path().join("config"), config).expect("the directory can be written");
        let server = Command::new(SSHD)
            .args(["-D", "-e", "-f"])
            .arg(keys.path().join("config"))
            .stderr(Stdio::piped())
            .spawn()
            .expect("it is there");
        let mut sshd = Self { keys, port, server };
        let ended = wait_for("the server", || {
            let ended = sshd.server.try_wait().expect("it is our child").is_some();
            let listens = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok();
            (ended || listens).then_some(ended)
        });
        if ended {
            let mut why = String::new();
            let stderr = sshd.server.stderr.take();
            stderr.expect("it is piped").read_to_string(&mut why).expect("it writes text");
            return Err(format!("sshd does not start: {}", why.trim()));
        }
        Ok(sshd)
    }

    /// The studio over a session with a terminal.
    fn studio(&self, home: &Home) -> Studio {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
        let variables = home.environment();
        let variables: Vec<String> =
            variables.iter().map(|(name, value)| quoted(&format!("{name}={value}"))).collect();
        let there = format!(
            "cd {} && exec env -i {} {}",
            quoted(&home.path().display().to_string()),
            variables.join(" "),
            quoted(env!("CARGO_BIN_EXE_pentimento"))
        );
        let (port, key) = (self.port.to_string(), self.keys.path().join("user"));
        let options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "BatchMode=yes"];
        let options = options.iter().flat_map(|option| ["-o", option]);
        let words: Vec<&str> = [SSH, "-tt", "-q", "-F", "/dev/null", "-p", &port, "-i"]
            .into_iter()
            .chain([key.to_str().expect("it is UTF-8")])
            .chain(options)
            .chain(["127.0.0.1", &there])
            .collect();
        Studio::run(home, &words, 120, 40)
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn a_picture_asked_for_over_ssh_arrives_although_the_session_is_cut() {
    let sshd = match Sshd::start() {
        Ok(sshd) => sshd,
        Err(why) => return figures(3, &format!("skipped, over ssh: {why}")),
    };
    let (asked, was_asked) = channel();
    let asked = Mutex::new(asked);
    let server = Server::answering(move |_, _| {
        asked.lock().expect("whole").send(()).expect("the test waits");
        Reply::ok(answer()).hang()
    });
    let home = Home::beside(&server);
    let mut studio = sshd.studio(&home);
    studio.shows("Nothing made yet.");
    studio.keys("<shift+tab><ctrl+u>openai:gpt-image-2<F2>a fox").generate().shows("drawing");
    was_asked.recv_timeout(DEADLINE).expect("the request comes");
    studio.kill();
    wait_for("the studio to be gone", || (home.processes() == home.workers()).then_some(()));
    assert_eq!(home.workers().len(), 1);
    server.release();
    let rows = wait_for("the picture", || {
        let rows = home.history();
        rows.iter().any(|row| row["status"] == "done").then_some(rows)
    });
    wait_for("no process to be left", || home.processes().is_empty().then_some(()));
    enter("ssh", rows.len(), server.count());
    figures(
        3,
        "an ssh client killed under a request: its picture is in the history, 0 processes left",
    );
}
