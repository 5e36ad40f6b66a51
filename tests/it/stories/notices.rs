//! Being told of what is done while one looks elsewhere.

use std::time::Instant;

use rustix::process::Signal;

use super::{draw, studio, studio_in};
use crate::home::Home;
use crate::server::{Reply, Server};
use crate::studio::Studio;

const FOCUS_IN: &[u8] = b"\x1b[I";
const FOCUS_OUT: &[u8] = b"\x1b[O";

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|some| some == part)
}

#[test]
fn a_notice_comes_only_while_the_window_has_no_focus_and_says_nothing_private() {
    let home = Home::with_config("[notify]\ndone = \"osc777\"\n");
    let mut studio = studio_in(&home);
    draw(&mut studio, "a fox");
    studio.send(FOCUS_OUT).send(FOCUS_IN).keys("es").shows("a foxes").generate();
    studio.until("both are done", |screen| screen.matches('✓').count() == 2);
    assert!(!holds(studio.drained(), b"]777"), "somebody looks at it");
    // Nothing of what the terminal says is typed.
    assert_eq!(home.prompts(), ["a foxes", "a fox"]);

    studio.send(FOCUS_OUT).press_until_sent("<F5>");
    let notice = b"\x1b]777;notify;Pentimento;1 picture is done.\x1b\\";
    studio.until_written("a notice", notice);
    assert!(!holds(studio.drained(), b";a foxes"));
    studio.quit();
    assert!(holds(studio.drained(), b"\x1b[?1004l"), "focus is reported no longer");
}

#[test]
fn several_that_end_together_are_one_notice_with_the_prompt_only_if_that_is_wanted() {
    let server = Server::start([Reply::ok(crate::recovery::answer()).hang()]);
    let home = Home::beside(&server);
    home.configure("[notify]\ndone = \"osc9\"\nprompt = true\n");
    let mut studio = studio_in(&home);
    studio.keys("<shift+tab><ctrl+u>openai:gpt-image-2<F2>a fox").shows("a fox").generate();
    studio.generate().shows("2 under way").send(FOCUS_OUT);
    server.release();
    studio.until_written("a notice", b"\x1b]9;Pentimento: 2 pictures are done.\x1b\\");
    studio.send(FOCUS_IN).keys("es").shows("a foxes");
    studio.send(FOCUS_OUT).press_until_sent("<F5>");
    studio.until_written("a notice", b"\x1b]9;Pentimento: 1 picture is done: a foxes\x1b\\");
    let notices = studio.drained().windows(4).filter(|bytes| bytes == b"\x1b]9;").count();
    assert_eq!(notices, 2);
    studio.quit();
}

#[test]
fn a_terminal_of_which_nothing_is_known_is_rung_and_shows_no_bar() {
    let mut studio = studio();
    studio.send(FOCUS_OUT).keys("a fox<tab>64x64<F2>").shows("64x64").generate();
    // The only bell that no other sequence ends with.
    studio.until_written("a bell", b"\x07").quit();
    assert!(!holds(studio.drained(), b"\x1b]9;4"));
}

/// A studio that shows a bar, with a request under way.
fn with_bar(server: &Server) -> Studio {
    let home = Home::beside(server);
    home.configure("[notify]\nprogress = \"on\"\n");
    let mut studio = studio_in(&home);
    studio.keys("<shift+tab><ctrl+u>openai:gpt-image-2<F2>a fox").shows("a fox").generate();
    studio.shows("drawing").until_written("a bar", b"\x1b]9;4;3\x1b\\");
    studio
}

#[test]
fn a_bar_stands_while_something_is_under_way_and_goes_however_the_studio_does() {
    let end = b"\x1b]9;4;0\x1b\\";
    let server = Server::start([Reply::ok(crate::recovery::answer()).hang()]);
    let mut studio = with_bar(&server);
    server.release();
    studio.until_written("the end of the bar", end).shows("✓").quit();
    for signal in [None, Some(Signal::TERM), Some(Signal::INT)] {
        let server = Server::start([Reply::ok(crate::recovery::answer()).hang()]);
        let mut studio = with_bar(&server);
        assert!(!holds(studio.drained(), end));
        match signal {
            None => studio.quit(),
            Some(signal) => {
                studio.signal(signal);
                studio.end();
            }
        }
        assert!(holds(studio.drained(), end), "{signal:?}");
    }
    // While an editor has the terminal there is none, and afterwards there is again.
    let server = Server::start([Reply::ok(crate::recovery::answer()).hang()]);
    let home = Home::beside(&server).with("EDITOR", "sh -c 'echo borrowed; read line'");
    home.configure("[notify]\nprogress = \"on\"\n");
    let mut studio = studio_in(&home);
    studio.keys("<shift+tab><ctrl+u>openai:gpt-image-2<F2>a fox").shows("a fox").generate();
    studio.shows("drawing").until_written("a bar", b"\x1b]9;4;3\x1b\\");
    studio.keys("<F6>").shows("borrowed");
    let before = studio.drained().len();
    assert!(holds(studio.drained(), end));
    studio.keys("<enter>").shows("drawing");
    let begun = Instant::now();
    while !holds(&studio.written()[before..], b"\x1b]9;4;3\x1b\\") {
        studio.hear("the bar again", begun);
    }
    studio.quit();
}
