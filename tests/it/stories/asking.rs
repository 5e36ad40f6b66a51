//! Write, generate, look, change a word, generate again.

use super::{draw, pictured, studio, studio_in};
use crate::home::Home;

#[test]
fn a_prompt_becomes_a_picture_which_is_still_there_after_a_restart() {
    let mut studio = studio();
    draw(&mut studio, "a fox in the snow").until_model("a picture", pictured);
    studio.shows("painted here, not by a model");
    let row = studio.home.history().remove(0);
    assert_eq!((&row["status"], &row["request"]["width"]), (&"done".into(), &64.into()));

    studio.restart().shows("History · 1").until_model("the picture again", pictured);
    assert!(studio.screen().contains("a fox in the snow"));
    studio.quit();
}

#[test]
fn changing_a_word_makes_another_picture_beside_the_first() {
    let mut studio = studio();
    draw(&mut studio, "a red fox");
    studio.keys("<ctrl+w>owl").shows("a red owl").generate().shows("History · 2");
    studio.until("both are done", |screen| screen.matches('✓').count() == 2);
    assert_eq!(studio.home.prompts(), ["a red owl", "a red fox"]);
    studio.quit();
}

#[test]
fn two_pictures_of_one_request_are_turned_through() {
    let mut studio = studio();
    studio.keys("two foxes<tab>64x64<tab>2<F2>").shows("64x64").generate();
    studio.shows("2 pictures in").shows("1 of 2");
    studio.keys("<F3>]").shows("2 of 2");
    studio.keys("]").shows("1 of 2");
    studio.keys("[").shows("2 of 2");
    studio.quit();
}

#[test]
fn enter_puts_the_whole_request_into_the_form() {
    let mut studio = studio();
    draw(&mut studio, "a fox");
    studio.keys("<F2><ctrl+u>nothing like it<tab><ctrl+u>32x32<F3>").shows("32x32");
    studio.keys("<enter>").hides("nothing like it").hides("32x32");
    assert!(studio.row("Size").contains("64x64"));
    studio.keys("es").shows("a foxes");
    studio.quit();
}

#[test]
fn p_puts_only_the_prompt_into_the_form() {
    let mut studio = studio();
    draw(&mut studio, "a fox");
    studio.keys("<F2><ctrl+u>nothing like it<tab><ctrl+u>32x32<F3>").shows("32x32");
    studio.keys("p").hides("nothing like it");
    assert!(studio.row("Size").contains("32x32"));
    studio.quit();
}

#[test]
fn r_runs_the_same_request_again() {
    let mut studio = studio();
    draw(&mut studio, "a fox");
    studio.keys("<F2><ctrl+u>another<F3>").press_until_sent("r").shows("History · 2");
    studio.until("both are done", |screen| screen.matches('✓').count() == 2);
    assert_eq!(studio.home.prompts(), ["a fox", "a fox"]);
    studio.quit();
}

#[test]
fn e_makes_the_picture_the_base_image_of_the_next_one() {
    let mut studio = studio();
    draw(&mut studio, "a fox");
    let first = studio.home.history().remove(0);
    let start: String = studio.home.path().display().to_string().chars().take(8).collect();
    studio.keys("<F3>e").until("a base image", |screen| {
        screen.lines().any(|row| row.contains("Base image") && row.contains(&start))
    });
    studio.keys(" at night").generate();
    studio.until("both are done", |screen| screen.matches('✓').count() == 2);
    let second = studio.home.history().remove(0);
    assert_eq!(second["request"]["image"], first["images"][0]["path"]);
    assert_eq!(second["request"]["prompt"], "a fox at night");
    assert_ne!(second["images"][0]["sha256"], first["images"][0]["sha256"]);
    studio.quit();
}

#[test]
fn the_search_finds_while_it_is_typed_and_esc_shows_everything_again() {
    let home = Home::new();
    for prompt in ["a fox", "an owl at night", "a lighthouse"] {
        home.generate(prompt);
    }
    let mut studio = crate::studio::Studio::open_in(&home, 120, 40);
    studio.shows("History · 3").keys("<F3>/ow").shows("1 found").hides("lighthouse");
    assert!(studio.screen().contains("an owl at night"));
    studio.keys("x").shows("Nothing found.");
    studio.keys("<backspace>").shows("1 found");
    studio.keys("<esc>").shows("History · 3").shows("lighthouse");
    studio.quit();
}

#[test]
fn a_prompt_of_32000_characters_goes_through_whole() {
    let home = Home::new();
    let mut studio = studio_in(&home);
    let piece = "a 🦊 and 👩‍👩‍👧 beside שלום עולם, مرحبا;\ta fox\n";
    let prompt: String = piece.chars().cycle().take(31_997).chain("end".chars()).collect();
    studio.paste(&prompt).shows("end").generate().shows("1 picture in");
    let kept = home.prompts().remove(0);
    assert_eq!(kept.chars().count(), 32_000);
    assert_eq!(kept, prompt);
    studio.quit();
}

#[test]
fn control_characters_of_a_paste_do_nothing_to_the_terminal() {
    let mut studio = studio();
    studio.paste("a fox\x07\x1b[2J\x1b]0;owned\x07\x1b[?1049l\u{9b}31m in snow").shows("in snow");
    assert!(studio.model().alternate_screen());
    for harm in [&b"\x1b[2Jin"[..], b"owned\x07", b"\x1b[?1049l", b"\xc2\x9b"] {
        assert!(!studio.written().windows(harm.len()).any(|bytes| bytes == harm), "{harm:?}");
    }
    studio.quit();
}
