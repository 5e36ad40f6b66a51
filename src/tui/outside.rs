//! A picture in a program of its own.
//!
//! Owns which program that is. Promises that it is given no key of a service, writes
//! nothing on the screen, and lives on when the studio ends. Must never wait for it where
//! a key would.

use std::io::ErrorKind;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tokio::sync::mpsc::UnboundedSender;

use super::Message;
use crate::app::{Event, away};
use crate::config::Settings;
use crate::config::environment::Environment;
use crate::config::keymap::{Action, Context};
use crate::domain::{Failure, FailureKind};

/// What the system has to open a file with.
const USUAL: &str = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };

/// The program with its arguments that opens a picture: the user's, or that of the system.
///
/// # Errors
/// When there is no display to open anything on.
pub(super) fn program(
    settings: &Settings,
    environment: &Environment,
) -> Result<Vec<String>, Failure> {
    let has_display = cfg!(target_os = "macos") && environment.get("SSH_CONNECTION").is_none()
        || ["WAYLAND_DISPLAY", "DISPLAY"].into_iter().any(|name| environment.get(name).is_some());
    match &settings.away.open {
        Some(own) => Ok(own.clone()),
        None if has_display => Ok(vec![USUAL.to_owned()]),
        None => {
            let key = settings.keys.hint(Context::Browse, Action::Download);
            let hint = key.map_or_else(String::new, |key| format!("{key} downloads it."));
            Err(trouble("There is no display here to open it on.", &hint))
        }
    }
}

/// Has `words` open the picture at `path`, on a thread of its own. How that ends, and that
/// it has begun, goes to `inbox`.
#[expect(clippy::disallowed_methods, reason = "the home of programs that open pictures")]
pub(super) fn open(
    words: &[String],
    path: PathBuf,
    environment: &Environment,
    inbox: UnboundedSender<Message>,
) {
    let Some((name, arguments)) = words.split_first() else { return };
    let mut command = Command::new(name);
    command
        .args(arguments)
        .arg(path)
        .env_clear()
        .envs(environment.for_children())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // What the terminal tells its programs (an interrupt, a hangup) is not for it.
        .process_group(0);
    let name = name.clone();
    std::thread::spawn(move || {
        // Without a loop there is nobody to tell.
        let tell = |event| drop(inbox.send(Message::Event(event)));
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => return tell(Event::Failed(unstarted(&name, &error))),
        };
        tell(Event::Away(away::News::Opened(name.clone())));
        if let Ok(status) = child.wait()
            && !status.success()
        {
            let how = status.code().map_or_else(String::new, |code| format!(" (status {code})"));
            tell(Event::Failed(trouble(&format!("{name} could not open it{how}."), "")));
        }
    });
}

fn unstarted(name: &str, error: &std::io::Error) -> Failure {
    match error.kind() {
        ErrorKind::NotFound => {
            let hint = "[open] command names the program that opens a picture.";
            trouble(&format!("There is no program {name} to open it with."), hint)
        }
        _ => trouble(&format!("{name} cannot be started: {error}."), ""),
    }
}

fn trouble(what: &str, hint: &str) -> Failure {
    Failure::before_sending(FailureKind::Terminal, what, hint)
}
