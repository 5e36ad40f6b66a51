//! The prompt in the user's own editor.
//!
//! Owns the file in which the prompt is handed over, and the process that edits it.
//! Promises that what was saved there comes back however the editor ends, that the editor
//! is given no key of a service, and that one which is stopped stops the studio too, so
//! that the shell is there. Must never touch the terminal, which is the editor's
//! meanwhile.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, getpid, kill_process, waitid};
use tempfile::TempDir;
use tokio::sync::mpsc::UnboundedSender;

use super::Message;
use crate::config::environment::Environment;
use crate::domain::{Failure, FailureKind, printable};

/// More than this is not taken back, in bytes.
const LONGEST: u64 = 1 << 20;
/// What a shell says of a program that is not there.
const NOT_FOUND: i32 = 127;
/// What it says of something that is no program, or not for us to run.
const NO_PROGRAM: i32 = 126;
/// What is opened where neither `VISUAL` nor `EDITOR` says it.
const USUAL: &str = "vi";

/// An editor that is open.
pub(super) struct Editor(Pid);

/// What came of it.
pub(super) struct Edited {
    /// The prompt as it was saved, where that is another one.
    pub(super) prompt: Option<String>,
    /// Why the editor did not end well.
    pub(super) failure: Option<Failure>,
}

impl Editor {
    /// Opens `prompt` in the user's editor on the terminal of the studio, which must have
    /// been given back. [`Message::Edited`] follows.
    ///
    /// # Errors
    /// When there is no room for the file, or no shell to start the editor with.
    #[expect(clippy::disallowed_methods, reason = "the home of the user's editor")]
    pub(super) fn open(
        prompt: String,
        environment: &Environment,
        inbox: UnboundedSender<Message>,
    ) -> Result<Self, Failure> {
        let name = ["VISUAL", "EDITOR"].into_iter().find_map(|name| environment.get(name));
        let name = name.unwrap_or(USUAL).to_owned();
        let refused = |error: &io::Error| {
            trouble(&format!("The prompt cannot be opened in an editor: {error}."))
        };
        let dir = lay_out(&prompt).map_err(|error| refused(&error))?;
        let file = dir.path().join(FILE);
        let mut child = Command::new("/bin/sh")
            // As git does it: an editor may come with arguments, and these with quotes.
            .args(["-c", &format!("exec {name} \"$1\""), "editor"])
            .arg(&file)
            .env_clear()
            .envs(environment.for_children())
            .spawn()
            .map_err(|error| refused(&error))?;
        let pid = Pid::from_child(&child);
        std::thread::spawn(move || {
            let ended = end_of(&mut child);
            let prompt = take_back(&file).ok().filter(|text| *text != prompt);
            let failure = complaint(&name, ended);
            // Without a loop there is nobody to tell.
            let _ = inbox.send(Message::Edited(Edited { prompt, failure }));
            drop(dir);
        });
        Ok(Self(pid))
    }

    /// Asks the editor to end.
    pub(super) fn end(&self) {
        // One that has just ended by itself is as good.
        let _ = kill_process(self.0, Signal::TERM);
    }
}

/// The name tells an editor how to wrap and colour, and a person what it is.
const FILE: &str = "prompt.txt";

/// A directory of its own, since editors put other files beside the one they edit.
fn lay_out(prompt: &str) -> io::Result<TempDir> {
    let only_ours = fs::Permissions::from_mode(0o700);
    let dir = tempfile::Builder::new().prefix("pentimento-").permissions(only_ours).tempdir()?;
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(dir.path().join(FILE))?;
    file.write_all(prompt.as_bytes())?;
    Ok(dir)
}

/// The prompt as the editor left it, without the line end that editors add.
fn take_back(file: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(file)?.take(LONGEST).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    Ok(printable(text.strip_suffix('\n').unwrap_or(&text)))
}

/// Waits for the end of the editor. Where it stops alone, we stop with it: the shell
/// waits for us, and would not come back otherwise.
fn end_of(child: &mut Child) -> io::Result<ExitStatus> {
    let pid = Pid::from_child(child);
    let any = WaitIdOptions::EXITED | WaitIdOptions::STOPPED;
    loop {
        let status = match waitid(WaitId::Pid(pid), any | WaitIdOptions::NOWAIT) {
            Err(rustix::io::Errno::INTR) => continue,
            status => status?,
        };
        if !status.is_some_and(|status| status.stopped()) {
            return child.wait();
        }
        // A stop of us both is over when we come here, and the editor goes on by itself.
        let again = WaitIdOptions::STOPPED | WaitIdOptions::NOHANG;
        if waitid(WaitId::Pid(pid), again)?.is_some() {
            kill_process(getpid(), Signal::STOP)?;
            kill_process(pid, Signal::CONT)?;
        }
    }
}

/// What is to be said of an editor that ended so.
fn complaint(name: &str, ended: io::Result<ExitStatus>) -> Option<Failure> {
    let how = match ended {
        Ok(status) if status.success() => return None,
        Ok(status) => match (status.code(), status.signal()) {
            (Some(NOT_FOUND), _) => "was not found".to_owned(),
            (Some(NO_PROGRAM), _) => "cannot be run".to_owned(),
            (Some(code), _) => format!("ended with status {code}"),
            (None, signal) => format!("was ended by signal {}", signal.unwrap_or_default()),
        },
        Err(error) => format!("cannot be waited for: {error}"),
    };
    Some(trouble(&format!("The editor “{name}” {how}.")))
}

fn trouble(what: &str) -> Failure {
    let hint = "Your prompt is as it was last saved. VISUAL or EDITOR says which editor is opened.";
    Failure::before_sending(FailureKind::Terminal, what, hint)
}
