//! A command of the user's that prints a key.
//!
//! Promises that it gets no shell, no keys, no terminal and no more than its time, and
//! that what it prints is never shown.

use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use secrecy::SecretString;

use super::environment::Environment;

/// More than this is not read from a command, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Why a command gave no key.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// It could not be started.
    #[error("could not be started: {0}")]
    Start(std::io::Error),
    /// It did not end in time.
    #[error("took longer than {} s", .0.as_secs_f32())]
    Slow(Duration),
    /// It said that it failed.
    #[error("{}", ended(*.0))]
    Failed(ExitStatus),
    /// Its first line is empty, or no text.
    #[error("printed no key on its first line")]
    Empty,
}

fn ended(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with status {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "failed".to_owned(),
    }
}

/// Runs `argv` (a program and its arguments) for at most `limit` and takes the first
/// line it prints.
///
/// # Errors
/// When the command cannot be started, fails, is too slow or prints nothing.
#[expect(clippy::disallowed_methods, reason = "the home of key commands")]
pub fn first_line(
    argv: &[String],
    environment: &Environment,
    limit: Duration,
) -> Result<SecretString, CommandError> {
    let (program, arguments) = argv.split_first().ok_or(CommandError::Empty)?;
    let child = Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(environment.for_children())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(CommandError::Start)?;
    let group = Pid::from_child(&child);
    let (outcome, awaited) = mpsc::channel();
    // The thread ends with the command. Nobody listens any more once time is up.
    thread::spawn(move || outcome.send(read_to_end(child)));
    let Ok(outcome) = awaited.recv_timeout(limit) else {
        // Gone already is as good as killed.
        let _ = kill_process_group(group, Signal::KILL);
        return Err(CommandError::Slow(limit));
    };
    let (printed, status) = outcome.map_err(CommandError::Start)?;
    if !status.success() {
        return Err(CommandError::Failed(status));
    }
    let line = printed.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = std::str::from_utf8(line).map_or("", str::trim);
    if line.is_empty() { Err(CommandError::Empty) } else { Ok(line.into()) }
}

/// What the command prints, and how it ends.
fn read_to_end(mut child: Child) -> std::io::Result<(Vec<u8>, ExitStatus)> {
    let mut printed = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(LONGEST).read_to_end(&mut printed)?;
    }
    Ok((printed, child.wait()?))
}
