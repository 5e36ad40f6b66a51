//! Walking back through what came from what.

use super::{draw, pictured, studio, studio_in};
use crate::home::Home;
use crate::studio::Studio;

/// A fox, and the same fox at night, made by changing a word and sending again.
fn two_foxes(home: &Home) -> Studio {
    let mut studio = studio_in(home);
    draw(&mut studio, "a fox");
    studio.keys("<F2> at night").shows("a fox at night").generate().shows("History · 2");
    studio.shows("1 picture in");
    studio
}

#[test]
fn a_word_changed_and_sent_again_is_a_step_that_is_walked_back_with_the_picture_following() {
    let home = Home::new();
    let mut studio = two_foxes(&home);
    studio.keys("<F3>l").shows("Lineage · 2").shows("✓ [+at night]").shows("a fox [+at night]");
    studio.keys("<left>").shows("Beginning").until_model("the first picture", pictured);
    studio.keys("<enter>").hides("Lineage").shows("History · 2");
    studio.keys("e").shows("Base image");
    studio.keys("<ctrl+e>, oil painting").generate().shows("History · 3").shows("1 picture in");
    studio.keys("<F3>l").shows("Lineage · 3").shows("[+, oil painting] base image its picture");
    studio.shows("base image: none → its picture");
    studio.keys("{").shows("a fox [+at night]");
    studio.press_until("r", "Lineage · 4").shows("the same again").shows("The same again.");
    studio.quit();
}

#[test]
fn the_lineage_of_what_was_deleted_for_good_still_hangs_together() {
    let home = Home::new();
    let mut studio = two_foxes(&home);
    studio.keys("<F3>").press_until("r", "History · 3").shows("1 picture in");
    studio.keys("jd").shows("1 generation in the trash.").shows("History · 2");
    studio.keys("D").shows("Empty the trash?").keys("y").shows("Deleted for good");
    studio.keys("gl").shows("Lineage · 3").shows("· deleted for good");
    studio.keys("g").shows("Beginning").keys("j").shows("It was deleted for good.");
    studio.quit();
}

#[test]
fn one_alone_has_a_lineage_of_its_own() {
    let mut studio = studio();
    draw(&mut studio, "a fox");
    studio.keys("<F3>l").shows("It came from nothing, and nothing came of it yet.");
    studio.keys("<esc>").hides("Lineage").shows("History · 1");
    studio.quit();
}
