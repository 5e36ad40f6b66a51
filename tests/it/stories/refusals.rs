//! Bad input gets a clear message, and nothing is lost or sent.

use super::{studio, studio_in};
use crate::home::Home;
use crate::studio::Studio;

/// Nothing was asked for, and the prompt is still there.
fn kept(studio: &mut Studio, prompt: &str) {
    assert!(studio.screen().contains(prompt), "{}", studio.screen());
    assert!(studio.home.history().is_empty());
    studio.quit();
}

#[test]
fn an_empty_prompt_is_refused() {
    let mut studio = studio();
    studio
        .keys("<F5>")
        .shows("Not sent: the prompt is empty.")
        .shows("Write what you want to see.");
    kept(&mut studio, "What do you want to see?");
}

#[test]
fn a_size_that_is_none_is_refused() {
    for (size, says) in [("large", "“large” is not a size"), ("0x64", "outside 1 to 16384")] {
        let mut studio = studio();
        studio.keys(&format!("a fox<tab>{size}<F5>")).shows(says);
        assert!(studio.row("Size").contains(size));
        kept(&mut studio, "a fox");
    }
}

#[test]
fn counts_that_are_none_are_refused() {
    let mut studio = studio();
    studio.keys("a fox<tab><tab>0<F5>").shows("“0” is no number of pictures");
    studio.keys("<ctrl+u>1<tab>-3<F5>").shows("“-3” is no number of steps");
    studio.keys("<ctrl+u>99999<F5>").shows("whole number from 1 to 1000");
    kept(&mut studio, "a fox");
}

#[test]
fn a_model_without_its_provider_is_refused() {
    let mut studio = studio();
    studio.keys("a fox<shift+tab><ctrl+u>gpt-image-2<F5>").shows("Not sent:");
    studio.shows("openai:gpt-image-2");
    kept(&mut studio, "a fox");
}

#[test]
fn a_provider_nobody_knows_is_refused_with_the_nearest_one() {
    let mut studio = studio();
    studio.keys("a fox<shift+tab><ctrl+u>opnai:gpt-image-2");
    studio.press_until("<F5>", "no provider is called “opnai”. Did you mean openai?");
    kept(&mut studio, "a fox");
}

#[test]
fn a_missing_key_names_every_variable_that_is_needed() {
    let mut studio = studio();
    studio.keys("a fox<shift+tab><ctrl+u>openai:gpt-image-2");
    studio.press_until("<F5>", "Not sent: LANGBASE_API_KEY and OPENAI_API_KEY are not set.");
    kept(&mut studio, "a fox");
}

#[test]
fn a_base_image_that_is_not_there_is_refused() {
    let mut studio = studio();
    studio.keys("a fox<tab><tab><tab><tab>/nowhere/base.png");
    studio.press_until("<F5>", "there is no file /nowhere/base.png on this machine.");
    kept(&mut studio, "a fox");
}

#[test]
fn a_base_image_that_is_no_picture_is_refused() {
    let home = Home::new();
    let note = home.path().join("config.toml");
    let mut studio = studio_in(&home);
    studio.keys(&format!("a fox<tab><tab><tab><tab>{}", note.display()));
    studio.press_until("<F5>", "is no picture.");
    kept(&mut studio, "a fox");
}

#[test]
fn a_broken_configuration_is_named_and_the_studio_opens_all_the_same() {
    let home = Home::new();
    home.configure("[studio]\nmodle = \"demo:painter\"\n");
    let mut studio = studio_in(&home);
    studio.shows("config.toml:2:1: unknown key `modle`");
    studio.keys("a fox").shows("a fox");
    studio.quit();
}
