//! The prompt in the user's own editor.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use rustix::process::{Pid, Signal, kill_process};

use super::studio_in;
use crate::home::{Home, wait_for};
use crate::recovery::answer;
use crate::server::{Reply, Server};
use crate::studio::Studio;

/// A home whose editor is this script; `$1` is the file with the prompt.
fn with_editor(home: Home, script: &str) -> Home {
    let editor = home.path().join("an editor");
    fs::write(&editor, format!("#!/bin/sh\n{script}\n")).expect("the home can be written");
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let quoted = format!("'{}'", editor.display());
    home.with("EDITOR", &quoted)
}

/// A studio whose editor is open on this prompt.
fn editing(home: &Home, prompt: &str) -> Studio {
    let mut studio = studio_in(home);
    studio.keys(prompt).shows(prompt).keys("<F6>").shows("EDITOR");
    assert!(!studio.model().alternate_screen() && !studio.model().bracketed_paste());
    assert!(!studio.is_raw());
    studio
}

fn read(home: &Home, name: &str) -> String {
    fs::read_to_string(home.path().join(name)).expect("the editor has written it")
}

#[test]
fn the_prompt_is_written_in_an_editor_which_alone_reads_the_keys() {
    let home = with_editor(
        Home::new().with("OPENAI_API_KEY", "sk-secret"),
        "env > env; stat -c %a \"$1\" \"${1%/*}\" > modes; echo EDITOR
         read line; printf '%s\\n\\033]0;owned\\007in the snow\\n' \"$line\" > \"$1\"",
    );
    let mut studio = editing(&home, "a fox");
    studio.send(b"qqq<F5> and an owl\r").shows("in the snow");
    assert!(studio.screen().contains("qqq<F5> and an owl"), "{}", studio.screen());
    assert!(studio.is_raw() && studio.model().alternate_screen());
    assert!(!read(&home, "env").contains("sk-secret"));
    assert!(read(&home, "env").contains("PENTIMENTO_DIR"));
    assert_eq!(read(&home, "modes"), "600\n700\n");
    studio.keys("!").shows("in the snow!").keys("<alt+u><alt+u>").shows("a fox").quit();
    assert_eq!(home.history().len(), 0);
}

#[test]
fn an_editor_that_fails_or_is_missing_loses_nothing() {
    let home = with_editor(Home::new(), "echo ' in the snow' >> \"$1\"; echo EDITOR; exit 3");
    let mut studio = studio_in(&home);
    studio.keys("a fox<F6>").shows("ended with status 3").shows("in the snow").shows("a fox");
    studio.quit();

    let home = Home::new().with("VISUAL", "no-such-editor");
    let mut studio = studio_in(&home);
    studio.keys("a fox<F6>").shows("“no-such-editor” was not found").shows("a fox").quit();
}

#[test]
fn an_editor_that_is_killed_loses_nothing_and_leaves_the_terminal_to_the_studio() {
    let home = with_editor(
        Home::new(),
        "echo ' in the snow' >> \"$1\"; stty raw -echo; printf '\\033[?1049h\\033[?25lEDITOR'
         echo $$ > pid; while :; do sleep 100; done",
    );
    let mut studio = studio_in(&home);
    studio.keys("a fox<F6>").shows("EDITOR");
    let pid = wait_for("its id", || {
        fs::read_to_string(home.path().join("pid")).ok()?.trim().parse().ok()
    });
    let pid = Pid::from_raw(pid).expect("it is one");
    kill_process(pid, Signal::KILL).expect("it runs");
    studio.shows("was ended by signal 9").shows("in the snow").shows("a fox").quit();
    studio.drained();
    assert!(!studio.is_raw() && !studio.model().alternate_screen());
    assert!(!studio.model().hide_cursor());
}

#[test]
fn jobs_go_on_while_the_editor_is_open() {
    let server = Server::start([Reply::ok(answer()).hang()]);
    let home =
        with_editor(Home::beside(&server), "echo EDITOR; read line; echo \"$line\" > \"$1\"");
    let mut studio = studio_in(&home);
    studio.keys("<shift+tab><ctrl+u>openai:gpt-image-2<F2>a fox").generate().shows("drawing");
    studio.keys("<F6>").shows("EDITOR");
    server.release();
    wait_for("the picture", || {
        home.history().iter().any(|row| row["status"] == "done").then_some(())
    });
    studio.keys("an owl<enter>").shows("an owl").shows("✓").quit();
    assert_eq!(server.count(), 1);
}

#[test]
fn an_editor_that_stops_takes_the_studio_with_it_and_both_come_back() {
    let home =
        with_editor(Home::new(), "echo EDITOR; kill -STOP $$; read line; echo \"$line\" > \"$1\"");
    let mut studio = editing(&home, "a fox");
    studio.stopped().signal(Signal::CONT);
    studio.send(b"an owl\r").shows("an owl").shows("Nothing made yet.").quit();
}

#[test]
fn a_studio_that_is_told_to_end_takes_what_the_editor_has_saved() {
    let home = with_editor(
        Home::new(),
        "echo ' in the snow' >> \"$1\"; echo EDITOR; while :; do sleep 0.1; done",
    );
    let mut studio = editing(&home, "a fox");
    studio.signal(Signal::INT);
    studio.signal(Signal::TERM);
    assert!(studio.end().success());
    studio.start_again().shows("in the snow").quit();
}

#[test]
fn an_editor_that_is_no_program_or_no_sentence_of_a_shell_loses_nothing() {
    for (editor, says) in [
        ("/tmp", "The editor “/tmp” cannot be run."),
        ("'unfinished", "The editor “'unfinished” ended with status"),
        ("false --wait", "The editor “false --wait” ended with status 1."),
    ] {
        let home = Home::new().with("EDITOR", editor);
        let mut studio = studio_in(&home);
        studio.keys("a fox<F6>").shows(says).shows("a fox");
        assert!(studio.is_raw() && studio.model().alternate_screen());
        studio.quit();
    }
}

#[test]
fn ctrl_c_ends_an_editor_that_never_ends_and_not_the_studio() {
    let home = with_editor(
        Home::new(),
        "echo ' in the snow' >> \"$1\"; echo EDITOR; while :; do sleep 1; done",
    );
    let mut studio = editing(&home, "a fox");
    studio.send(b"\x03").shows("was ended by signal 2").shows("in the snow").shows("a fox");
    assert!(studio.is_raw() && studio.model().alternate_screen());
    studio.keys("!").shows("in the snow!").quit();
}

#[test]
fn an_editor_that_hears_no_ctrl_c_keeps_the_terminal_and_the_studio_stays_behind_it() {
    let home =
        with_editor(Home::new(), "trap '' INT; echo EDITOR; read line; echo \"$line\" > \"$1\"");
    let mut studio = editing(&home, "a fox");
    studio.send(b"\x03").send(b"\x03").send(b"an owl\r").shows("an owl");
    studio.shows("Nothing made yet.").quit();
}

#[test]
fn ctrl_z_in_an_editor_gives_the_shell_and_fg_gives_the_editor_back() {
    let home = with_editor(
        Home::new(),
        "echo EDITOR; until read line; do :; done; echo \"$line\" > \"$1\"",
    );
    let mut studio = Studio::within(&home, "set -m; \"$0\"; echo SHELL; read line; fg >/dev/null");
    studio.shows("Nothing made yet.").keys("a fox").shows("a fox").keys("<F6>").shows("EDITOR");
    studio.send(b"\x1a").shows("SHELL").send(b"\r");
    studio.send(b"an owl\r").shows("an owl").shows("Nothing made yet.");
    studio.hang_up();
}
