//! What is there after leaving, by whichever way; and two that are there at once.

use pentimento::store::Store;

use super::{ROOM, draw, studio, studio_in};
use crate::home::{Home, wait_for};
use crate::studio::Studio;

#[test]
fn the_draft_is_there_after_a_restart() {
    let mut studio = studio();
    studio.keys("half a thought<tab>640x480").shows("640x480");
    studio.restart().shows("half a thought").shows("640x480");
    studio.quit();
}

#[test]
fn the_draft_survives_a_program_that_is_killed() {
    let mut studio = studio();
    studio.keys("half a thought").shows("half a thought");
    let store = Store::open(studio.home.path()).expect("the history can be opened");
    wait_for("the draft on the disk", || {
        let draft = store.draft().expect("the draft can be read");
        draft.filter(|draft| draft.contains("half a thought"))
    });
    studio.kill();
    studio.start_again().shows("half a thought");
    studio.quit();
}

#[test]
fn two_studios_in_one_directory_keep_everything_of_both() {
    let home = Home::new();
    let mut one = studio_in(&home);
    let mut other = studio_in(&home);
    draw(&mut one, "a fox");
    other.shows("History · 1");
    draw(&mut other, "an owl");
    one.quit();
    other.quit();
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    studio.shows("History · 2").shows("a fox").shows("an owl");
    studio.quit();
}
