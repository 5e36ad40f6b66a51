//! Keeping what is good and putting away what is not, and taking that back.

use std::path::PathBuf;

use pentimento::domain::{Generation, Query};
use pentimento::store::{Start, Store};

use super::{ROOM, studio_in};
use crate::home::{Home, wait_for};
use crate::studio::Studio;

/// A studio whose history has these, the last one newest, with the newest selected.
fn with(home: &Home, prompts: &[&str]) -> Studio {
    for prompt in prompts {
        home.generate(prompt);
    }
    let mut studio = Studio::open_in(home, ROOM.0, ROOM.1);
    studio.shows(&format!("History · {}", prompts.len()));
    studio.keys("<F3>");
    studio
}

/// Everything that `typed` finds on the disk.
fn kept(home: &Home, typed: &str) -> Vec<Generation> {
    let store = Store::open(home.path()).expect("the history opens");
    let query = Query::parse(typed, pentimento::engine::now(), &[]);
    let page = store.page(&query, Start::Newest, 99).expect("a page can be read");
    page.into_iter().filter_map(|entry| entry.generation.ok()).collect()
}

fn picture(home: &Home, typed: &str) -> PathBuf {
    kept(home, typed).remove(0).images.remove(0).path
}

#[test]
fn ratings_tags_and_favourites_are_there_after_a_restart_and_can_be_taken_back() {
    let home = Home::new();
    let mut studio = with(&home, &["a fox", "an owl"]);
    studio.keys("4").shows("1 generation rated ★★★★.");
    studio.keys("*").shows("♥ favourite.");
    studio.keys("t").shows("tags:");
    studio.keys("night bird").shows("night bird").keys("<enter>").shows("tagged #bird #night.");
    studio.shows("♥ ★★★★ #bird #night");
    studio.keys("/tag:nihgt").shows("no tag begins with").shows("There is #night.");
    studio.keys("<esc>").hides("tag:nihgt");
    studio.restart().shows("♥ ★★★★ #bird #night").keys("<F3>");
    studio.keys("u").shows("Taken back: 1 generation tagged").hides("#bird #night\n");
    studio.keys("u").shows("Taken back: 1 generation ♥").keys("U").shows("Done again");
    studio.quit();
    let owl = &kept(&home, "owl")[0].opinion;
    assert_eq!((owl.favourite, owl.rating.get(), owl.tags.len()), (true, 4, 0));
}

#[test]
fn a_picture_in_the_trash_is_found_there_and_comes_back_byte_for_byte() {
    let home = Home::new();
    let mut studio = with(&home, &["a fox", "an owl"]);
    let before = picture(&home, "owl");
    let bytes = std::fs::read(&before).expect("the picture is there");
    studio.keys("d").shows("1 generation in the trash.").shows("History · 1").hides("an owl");
    let trashed = picture(&home, "owl trashed");
    assert!(trashed.starts_with(home.path().join("trash")), "{}", trashed.display());
    wait_for("the file in the trash", || trashed.exists().then_some(()));
    assert!(!before.exists());
    studio.keys("/").keys("trashed").shows("1 found").shows("an owl");
    studio.keys("<esc>").hides("found").shows("History · 1");
    studio.restart().keys("<F3>").shows("History · 1");
    studio.keys("u").shows("Taken back").shows("an owl").shows("History · 2");
    assert_eq!(std::fs::read(&before).expect("the picture is back"), bytes);
    studio.quit();
}

#[test]
fn marked_ones_go_to_the_trash_at_once_but_for_favourites_and_are_deleted_after_a_question() {
    let home = Home::new();
    let mut studio = with(&home, &["a fox", "an owl", "a hare"]);
    studio.keys("*").shows("♥ favourite.");
    studio.keys("  ").shows("2 marked");
    studio.keys(" ").shows("3 marked");
    studio.keys("d").shows("2 generations in the trash. 1 stayed: favourite.");
    studio.shows("History · 1");
    studio.keys("D").shows("Empty the trash?").shows("prompts: 2 generations");
    studio.keys("n").shows("Nothing was deleted.");
    studio.keys("D").shows("Empty the trash?").keys("y").shows("Deleted for good: 2 generations");
    studio.keys("u").shows("Taken back: 1 generation ♥");
    studio.quit();
    assert_eq!(kept(&home, "trashed"), []);
    assert_eq!(home.prompts(), ["a hare"]);
    let left = home.files().into_iter().filter(|file| file.extension().is_some_and(|e| e == "png"));
    assert_eq!(left.count(), 1);
}

#[test]
fn a_search_finds_as_it_is_typed_says_what_is_wrong_and_is_saved() {
    let home = Home::new();
    let mut studio = with(&home, &["a fox at night", "an owl at night", "a fox"]);
    studio.keys("/").keys("fo").shows("2 found");
    studio.keys("x -night").shows("1 found").hides("an owl");
    studio.keys(" modle:painter").shows("did you mean “model:”?").shows("1 found");
    studio.keys("<ctrl+u>").keys("model:paint nig").shows("2 found").keys("<enter>");
    studio.keys("S").shows("save this search as @").keys("dark<enter>").shows("Saved: @dark");
    studio.keys("<esc>").hides("found").shows("History · 3");
    studio.restart().keys("<F3>F").shows("@dark  model:paint nig").keys("<enter>").shows("2 found");
    studio.quit();
    let listed = home.run(&["history", "@dark", "-owl"]).done().out;
    assert!(listed.contains("a fox at night") && listed.lines().count() == 1, "{listed}");
}

#[test]
fn two_studios_take_back_what_either_of_them_did() {
    let home = Home::new();
    let mut one = with(&home, &["a fox"]);
    let mut other = studio_in_full(&home);
    one.keys("3").shows("★★★ painter");
    other.shows("★★★ painter").keys("u").hides("★★★ painter");
    one.hides("★★★ painter").keys("U").shows("★★★ painter");
    one.quit();
    other.quit();
}

/// A second studio on the same history, which is not empty.
fn studio_in_full(home: &Home) -> Studio {
    let mut studio = Studio::open_in(home, ROOM.0, ROOM.1);
    studio.shows("History · 1").keys("<F3>");
    studio
}

#[test]
fn an_empty_history_takes_every_key_about_opinions() {
    let home = Home::new();
    let mut studio = studio_in(&home);
    studio.keys("<F3>*").shows("There is no generation yet");
    studio.keys("u").shows("There is nothing to take back.");
    studio.keys("D").shows("The trash is empty");
    studio.keys("F").shows("There are none yet.").keys("<esc>").hides("There are none yet.");
    studio.quit();
}
