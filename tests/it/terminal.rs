//! The terminal is given back as it was, however the studio ends; and it is left alone
//! while nothing happens.

use std::fs;
use std::time::Instant;

use pentimento::graphics::probe::DEADLINE;
use rustix::process::Signal;

use crate::home::{Home, wait_for};
use crate::studio::Studio;

/// A studio that owns its terminal.
fn studio() -> Studio {
    let mut studio = Studio::open(120, 40);
    studio.shows("Nothing made yet.");
    assert!(studio.is_raw());
    let model = studio.model();
    assert!(model.alternate_screen() && model.bracketed_paste());
    assert_ne!(model.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    studio
}

/// Nothing of the studio is left on its terminal.
#[track_caller]
fn given_back(studio: &mut Studio) {
    studio.drained();
    let model = studio.model();
    assert!(!model.alternate_screen(), "the alternate screen is still there");
    assert!(!model.hide_cursor(), "the cursor is hidden");
    assert!(!model.bracketed_paste(), "pastes are still marked");
    assert_eq!(model.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    assert!(!studio.is_raw(), "the terminal is raw");
    assert_eq!(studio.screen(), "");
}

#[test]
fn quitting_gives_the_terminal_back() {
    for key in ["<ctrl+q>", "<F3>q"] {
        let mut studio = studio();
        assert!(studio.keys(key).end().success());
        given_back(&mut studio);
    }
}

#[test]
fn every_signal_that_ends_it_gives_the_terminal_back() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT] {
        let mut studio = studio();
        studio.signal(signal);
        assert!(studio.end().success());
        given_back(&mut studio);
    }
}

#[test]
fn a_signal_in_the_middle_of_a_prompt_keeps_the_draft() {
    let mut studio = studio();
    studio.keys("half a thought").shows("half a thought").signal(Signal::TERM);
    studio.end();
    studio.start_again().shows("half a thought").quit();
}

#[test]
fn a_line_that_drops_ends_the_studio_and_keeps_the_draft() {
    let mut studio = studio();
    studio.keys("half a thought").shows("half a thought").hang_up();
    studio.end();
    studio.start_again().shows("half a thought").quit();
}

#[test]
fn a_mouse_that_is_left_to_the_terminal_is_its_own_until_it_is_taken_back() {
    let mut studio = studio();
    let modes = |studio: &mut Studio| {
        let written = studio.drained().to_vec();
        [&b"\x1b[?1000h"[..], b"\x1b[?1000l"]
            .map(|mode| written.windows(mode.len()).filter(|part| *part == mode).count())
    };
    assert_eq!(modes(&mut studio), [1, 0]);
    let is_none =
        |model: &vt100::Screen| model.mouse_protocol_mode() == vt100::MouseProtocolMode::None;
    studio.keys("<alt+m>").shows("the terminal's now").until_model("no mouse", is_none);
    assert_eq!(modes(&mut studio), [1, 1]);
    // Not even by a way back from a shell.
    studio.keys("<ctrl+z>").keys("<ctrl+l>a fox").shows("a fox");
    assert!(is_none(studio.model()));
    studio.keys("<alt+m>").shows("the studio's again").until_model("the mouse", |it| !is_none(it));
    studio.keys("<alt+m>").shows("the terminal's now").until_model("no mouse", is_none);
    studio.quit();
    given_back(&mut studio);
}

#[test]
fn a_mouse_that_the_settings_leave_to_the_terminal_can_be_taken_and_follows_them() {
    let home = Home::with_config("[studio]\nmouse = false\n");
    let mut studio = Studio::open_in(&home, 120, 40);
    let has = |model: &vt100::Screen| model.mouse_protocol_mode() != vt100::MouseProtocolMode::None;
    studio.shows("Nothing made yet.");
    assert!(!has(studio.model()));
    home.configure("[studio]\nmouse = true\n");
    studio.shows("read again").until_model("the mouse", has).quit();
    given_back(&mut studio);
}

#[test]
fn a_suspended_studio_gives_the_terminal_to_its_shell_and_returns() {
    let script = "set -m; \"$0\"; echo with the shell; read line; fg";
    let mut studio = Studio::within(&Home::new(), script);
    studio.shows("Nothing made yet.").keys("a fox").shows("a fox").keys("<ctrl+z>");
    studio.shows("with the shell");
    assert!(!studio.is_raw());
    assert!(!studio.model().alternate_screen() && !studio.model().bracketed_paste());

    studio.keys("<enter>").shows("Nothing made yet.").shows("a fox");
    assert!(studio.is_raw());
    assert!(studio.model().alternate_screen() && studio.model().bracketed_paste());
    studio.keys("es").shows("a foxes").quit();
}

#[test]
fn a_studio_that_no_shell_could_continue_is_not_suspended() {
    let mut studio = studio();
    studio.keys("a fox<ctrl+z>").keys("es").shows("a foxes");
    assert!(studio.is_raw() && studio.model().alternate_screen());
    studio.quit();
    given_back(&mut studio);
}

#[test]
fn without_a_terminal_it_names_the_commands_that_need_none() {
    let ended = Home::new().run(&[]).with_code(1);
    let ended = ended.saying("The studio needs a terminal, and this is none.");
    ended.saying("`pentimento generate PROMPT`");
}

#[test]
fn an_idle_studio_writes_nothing_and_does_not_even_wake() {
    let home = Home::new();
    let mut studio = Studio::open_in(&home, 120, 40);
    studio.shows("Nothing made yet.").keys("x").shows("x").drained();
    // This terminal answers nothing, and is waited for so long.
    let begun = Instant::now();
    wait_for("the end of the questions", || (begun.elapsed() > 2 * DEADLINE).then_some(()));
    studio.drained();
    let tasks = format!("/proc/{}/task", studio.pid().as_raw_nonzero());
    let wakes = || -> Vec<String> {
        let tasks = fs::read_dir(&tasks).expect("the program is there").flatten();
        let mut counts: Vec<String> = tasks
            .map(|task| {
                let status = fs::read_to_string(task.path().join("status")).expect("it runs");
                let is_count = |line: &&str| line.starts_with("voluntary_ctxt_switches");
                status.lines().find(is_count).expect("Linux counts them").to_owned()
            })
            .collect();
        counts.sort();
        counts
    };
    // The draft is written a while after the key; from then on nothing is left to do.
    let store = pentimento::store::Store::open(home.path()).expect("the history can be opened");
    wait_for("the draft on the disk", || store.draft().expect("it can be read"));
    let settled = wait_for("a moment of rest", || {
        let before = wakes();
        for _ in 0..3 {
            home.run(&["config", "path"]).done();
        }
        (wakes() == before).then_some(before)
    });
    let written = studio.drained().len();
    // As long as ten other programs take from their start to their end.
    for _ in 0..10 {
        home.run(&["config", "check"]).done();
    }
    assert_eq!(wakes(), settled);
    assert_eq!(studio.drained().len(), written);
    studio.quit();
}

#[test]
fn a_key_that_does_nothing_writes_nothing() {
    let mut studio = studio();
    studio.keys("a").until_model("its cursor", |model| model.cursor_position().1 == 3);
    let before = studio.drained().len();
    studio.keys("b").until_model("its cursor", |model| model.cursor_position().1 == 4);
    let one_letter = studio.drained().len() - before;
    let terminal = studio.terminal();
    for _ in 0..20 {
        studio.keys("<ctrl+c>");
        wait_for("the key to be read", || {
            let unread = rustix::io::ioctl_fionread(&terminal).expect("a terminal can be asked");
            (unread == 0).then_some(())
        });
    }
    let before = studio.drained().len();
    studio.keys("c").until_model("its cursor", |model| model.cursor_position().1 == 5);
    let after = studio.drained()[before..].to_owned();
    assert_eq!(after.len(), one_letter, "{}", after.escape_ascii());
    studio.quit();
}

#[test]
fn line_feeds_of_a_paste_that_is_not_marked_send_nothing() {
    let mut studio = studio();
    studio.keys("a fox").shows("a fox");
    // The draft is written so late that the keys do not speak against sending any more: the
    // first line feed could be a hand's.
    let store = pentimento::store::Store::open(studio.home.path()).expect("it can be opened");
    wait_for("the draft on the disk", || store.draft().expect("it can be read"));
    studio.send(b"\n\nin the snow\nat night\n").shows("at night").shows("in the snow");
    assert!(studio.home.history().is_empty());
    studio.quit();
}
