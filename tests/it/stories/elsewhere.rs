//! Pictures from elsewhere, and for elsewhere.

use std::fs;

use pentimento::metadata::read;

use super::{ROOM, draw, studio_in};
use crate::home::{Home, wait_for};
use crate::metadata::{directory, sample};
use crate::studio::Studio;

#[test]
fn the_form_is_filled_from_the_file_of_another_program_and_sent() {
    let home = Home::new();
    fs::create_dir(home.path().join("old pictures")).expect("room");
    fs::write(home.path().join("old pictures/fox.png"), sample("comfyui.png")).expect("room");
    let mut studio = studio_in(&home);
    studio.keys("<alt+o>").shows("picture:").keys("old").shows("picture: old").keys("<tab>");
    studio.shows("picture: old pictures/").keys("<tab>").shows("old pictures/fox.png   Enter");
    studio.keys("<enter>").shows("fox.png, by ComfyUI: prompt, negative, size, steps.");
    studio.shows("512x768").shows("a red fox in snow");
    studio.generate().shows("1 picture in");
    studio.quit();
    let row = &home.history()[0];
    assert_eq!((&row["model"], &row["request"]["steps"]), (&"demo:painter".into(), &24.into()));
    assert_eq!(row["request"]["extra"], serde_json::Value::Null);
}

#[test]
fn a_file_that_is_not_here_or_says_nothing_is_named_and_the_form_stays() {
    let home = Home::new();
    let silent = directory().join("nothing.png").display().to_string();
    let mut studio = studio_in(&home);
    studio.keys("an owl").shows("an owl");
    studio.keys("<alt+o>").shows("picture:").paste("/Users/me/fox.png").shows("/Users/me/fox.png");
    studio.keys("<enter>").shows("There is no file /Users/me/fox.png on this machine.");
    studio.keys("<alt+o>").shows("picture:").paste(&format!("'{silent}'")).shows("nothing.png'");
    studio.keys("<enter>").shows("nothing.png does not say how it was made.").shows("an owl");
    studio.quit();
}

#[test]
fn a_picture_is_exported_and_fills_the_form_of_another_day() {
    let home = Home::with_config("[export]\ndirectory = \"~/out\"\nname = \"{prompt} {index}\"\n");
    let there = home.path().display().to_string();
    let home = home.with("HOME", &there);
    let mut studio = studio_in(&home);
    draw(&mut studio, "a fox");
    studio.keys("<F3>E").shows("Exported to ").shows("a fox 1.png");
    let copy = home.path().join("out/a fox 1.png");
    let bytes = wait_for("the copy", || fs::read(&copy).ok());
    let origin = read(&bytes).and_then(|told| told.origin).expect("its request is in it");
    assert_eq!(origin.request.prompt, "a fox");
    studio.keys("E").shows("a fox 1 2.png");
    studio.keys("<F2><alt+a>an owl").shows("an owl");
    studio.keys("<alt+o>").shows("picture:").keys("~/out/a fox 1.png").shows("1.png");
    studio.keys("<enter>").shows("by this program: prompt, size, model.").hides("an owl");
    studio.quit();
}

#[test]
fn imported_pictures_stand_in_the_history_and_give_their_prompt() {
    let home = Home::new();
    let mut studio = studio_in(&home);
    let file = directory().join("fooocus.png").display().to_string();
    home.run(&["import", &file]).done();
    studio.shows("History · 1").shows("#imported");
    studio.keys("<F3>r").shows("It was made elsewhere.");
    studio.keys("<enter>").shows("896x1152").shows("demo:painter");
    studio.quit();
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    studio.shows("History · 1").quit();
}
