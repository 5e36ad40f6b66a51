//! Two pictures compared.

use insta::assert_snapshot;
use pentimento::domain::{Generation, Job, Subject};

use super::fixture::{Studio, a_lineage, generation, image};
use super::screens::screen_of;

/// A studio that compares what `keys` lead to.
fn comparing(all: &[Generation], keys: &str, columns: u16, lines: u16) -> Studio {
    let mut studio = Studio::sized(all.to_vec(), columns, lines);
    studio.keys("<F3>").keys(keys).keys("c").answer(all);
    studio.answer(all);
    studio
}

fn subjects(studio: &Studio) -> Vec<Subject> {
    studio.scene.images.iter().map(|(view, _)| view.subject()).collect()
}

#[test]
fn a_picture_stands_beside_what_it_came_from_with_what_changed_below() {
    for (columns, lines) in [(40, 12), (80, 24), (120, 40)] {
        let mut studio = comparing(&a_lineage(), "j", columns, lines);
        let name = |what: &str| format!("compare{what}-{columns}x{lines}");
        assert_snapshot!(name(""), screen_of(&mut studio));
        assert_snapshot!(name("-flipped"), screen_of(studio.keys(" ")));
        assert_snapshot!(name("-difference"), screen_of(studio.keys("c")));
    }
    let mut studio = comparing(&a_lineage(), "jcc", 80, 24);
    assert_snapshot!("compare-near-80x24", screen_of(studio.keys("++")));
}

#[test]
fn one_is_flipped_in_the_place_of_the_other_which_is_at_hand() {
    let mut studio = comparing(&a_lineage(), "j", 120, 40);
    let both = subjects(&studio);
    assert_eq!(both.len(), 2);
    studio.keys(" ");
    assert_eq!(subjects(&studio), [both[0]]);
    let place = studio.scene.images[0].1;
    assert_eq!(studio.scene.ahead.iter().map(|(view, _)| view.subject()).next(), Some(both[1]));
    assert_eq!(studio.scene.ahead[0].1, place);
    studio.keys(" ");
    assert_eq!((subjects(&studio), studio.scene.images[0].1), (vec![both[1]], place));
}

#[test]
fn the_difference_is_of_both_and_says_where_their_sizes_differ() {
    let mut all = a_lineage();
    (all[1].images[0].width, all[1].images[0].height) = (512, 512);
    let mut studio = comparing(&all, "j", 120, 40);
    let both = subjects(&studio);
    studio.keys("cc");
    let [Subject::Image(one), Subject::Image(other)] = *both else { panic!("{both:?}") };
    assert_eq!(subjects(&studio), [Subject::Difference(one, other)]);
    let says = "sizes differ: 512×512 brought to 1024×640";
    assert!(studio.screen().contains(says), "{}", studio.screen());
    assert_eq!(subjects(studio.keys("c")), both);
}

#[test]
fn both_are_enlarged_and_moved_along_together() {
    let mut studio = comparing(&a_lineage(), "j", 120, 40);
    studio.keys("+++<right>");
    let [(one, _), (other, _)] = studio.scene.images[..] else { panic!("two are shown") };
    assert!(!one.is_whole());
    assert_eq!((one.zoom(), one.centre()), (other.zoom(), other.centre()));
    studio.keys("  ");
    assert_eq!((studio.scene.images[0].0.zoom(), one.centre()), (one.zoom(), other.centre()));
    assert_eq!(
        studio.keys("Z<left>").notice().split(':').next(),
        Some("The whole pictures are seen")
    );
}

#[test]
fn two_that_are_marked_are_compared_wherever_they_stand() {
    let all = a_lineage();
    let studio = comparing(&all, "j j ", 120, 40);
    let marked = [all[3].id, all[1].id];
    let sides = studio.state.compare.as_ref().map(|compare| compare.sides().map(|side| side.of));
    assert_eq!(sides, Some(marked));
}

#[test]
fn the_pictures_of_one_generation_are_compared_with_each_other() {
    let mut two = generation(1, "two boats", Job::Done);
    two.images.push(image(two.id, 1));
    let studio = comparing(&[two], "", 120, 40);
    assert_eq!(subjects(&studio).len(), 2);
    assert!(studio.screen().contains("The same request."), "{}", studio.screen());
}

#[test]
fn what_cannot_be_compared_is_said_and_escape_leaves() {
    let all = vec![generation(1, "a fox", Job::Done)];
    let studio = comparing(&all, "", 120, 40);
    assert_eq!(studio.notice(), "It came from nothing: mark another one to compare them.");
    let mut studio = comparing(&a_lineage(), "   ", 120, 40);
    assert_eq!(studio.notice(), "More than two are marked: two can be compared.");
    studio.keys("<esc>jc");
    assert!(studio.state.compare.is_some());
    assert_eq!(studio.keys("r").notice(), "Two pictures are compared here. Esc leaves them.");
    assert_eq!(studio.keys("<esc>").state.compare, None);
}
