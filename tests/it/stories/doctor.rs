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
    studio.quit();
}

#[test]
fn a_configuration_that_was_broken_meanwhile_is_named() {
    let mut studio = studio_in(&Home::new());
    studio.home.configure("[studio]\nmodle = \"demo:painter\"\n");
    studio.keys("<alt+h>").shows("unknown key `modle`").shows("did you mean `model`?");
    studio.quit();
}
