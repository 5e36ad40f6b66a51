//! Asking the doctor in the studio.

use super::{draw, studio_in};
use crate::home::Home;
use crate::studio::Studio;

#[test]
fn the_doctor_says_what_is_in_effect_without_a_key_waiting_for_it() {
    let home = Home::new().with("OPENAI_API_KEY", "sk-very-secret").with("LANG", "de_DE.UTF-8");
    let mut studio = studio_in(&home);
    draw(&mut studio, "a fox");
    // What is typed goes on in the form once it is closed.
    studio.keys("<alt+h>").shows("things are off, and");
    studio.shows("openai: from OPENAI_API_KEY in the environment").shows("LANG=de_DE.UTF-8");
    studio.keys("G").shows("1 generation, sound").shows("none needed: nothing is under way");
    assert!(!studio.screen().contains("sk-very-secret"));
    studio.keys("<esc>").hides("1 generation, sound").keys(" at night").shows("a fox at night");
    studio.quit();
}

#[test]
fn a_terminal_that_answers_is_named_with_what_it_can() {
    let mut studio = Studio::open(120, 40);
    studio.shows("Nothing made yet.");
    studio.send(b"\x1bP>|kitty(0.35.2)\x1b\\\x1b_Gi=4207849;OK\x1b\\\x1b[6;20;10t\x1b[?62;c");
    studio.keys("<alt+h>").shows("kitty(0.35.2), as it says").shows("the protocol of kitty");
    studio.shows("10 × 20 pixels, the terminal says so").shows("kitty's file transfer");
    studio.shows("by OSC 99 while the window has no focus: the terminal is known to show it");
    studio.shows("off: the terminal is not known to have one; progress = \"on\"");
    studio.quit();
}

#[test]
fn what_the_configuration_says_of_notices_and_the_bar_is_said_at_once() {
    let mut studio = Studio::open(120, 40);
    studio.shows("Nothing made yet.");
    studio.send(b"\x1bP>|ghostty 1.2.3\x1b\\\x1b_Gi=4207849;OK\x1b\\\x1b[6;20;10t\x1b[?62;c");
    studio.keys("<alt+h>").shows("by OSC 9 while the window").shows("on (OSC 9;4): the terminal");
    studio.keys("<esc>");
    studio.home.configure("[notify]\ndone = \"off\"\nprogress = \"off\"\n");
    studio.shows("The configuration was read again.");
    studio.keys("<alt+h>").shows("off: done under [notify] says so");
    studio.shows("off: progress under [notify] says so");
    studio.quit();
}

#[test]
fn a_configuration_that_was_broken_meanwhile_is_named() {
    let mut studio = studio_in(&Home::new());
    studio.home.configure("[studio]\nmodle = \"demo:painter\"\n");
    studio.keys("<alt+h>").shows("unknown key `modle`").shows("did you mean `model`?");
    studio.quit();
}
