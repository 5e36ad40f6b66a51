//! One picture after another over the whole screen.

use insta::assert_snapshot;
use pentimento::app::form::Field;
use pentimento::app::history::PAGE;
use pentimento::app::{Effect, Event, Focus, Target};
use pentimento::domain::{Failure, FailureKind, Generation, GenerationId, Job, Subject};

use super::fixture::{Studio, a_lineage, generation};
use super::screens::screen_of;

/// So many pictures, newest first; the generations with these numbers have failed.
fn pictures(count: u64, failed: &[u64]) -> Vec<Generation> {
    let made = |n| {
        let failure = Failure::before_sending(FailureKind::Moderation, "Refused.", "");
        let job = if failed.contains(&n) { Job::Failed { failure } } else { Job::Done };
        generation(n, &format!("picture {n}"), job)
    };
    (1..=count).rev().map(made).collect()
}

/// A slideshow of what `keys` lead to in the history.
fn showing(all: &[Generation], keys: &str) -> Studio {
    let mut studio = Studio::with(all.to_vec());
    studio.keys("<F3>").keys(keys).answer(all);
    studio.keys(".").answer(all);
    studio
}

fn selected(studio: &Studio) -> GenerationId {
    studio.state.selected().expect("one is selected").id
}

/// The place in `all` of what is shown now and after each of the next steps.
fn round(studio: &mut Studio, all: &[Generation], steps: usize) -> Vec<usize> {
    let mut places = Vec::new();
    for _ in 0..steps {
        let shown = selected(studio);
        places.push(all.iter().position(|row| row.id == shown).expect("it is one of them"));
        studio.wait(5_000).answer(all);
        // What had to be read first has its time from here on.
        studio.wait(250);
    }
    places
}

#[test]
fn it_looks_so() {
    for (columns, lines) in [(40, 12), (80, 24), (120, 40)] {
        let all = a_lineage();
        let mut studio = Studio::sized(all.clone(), columns, lines);
        studio.keys("<F3>j.");
        assert_snapshot!(format!("slideshow-{columns}x{lines}"), screen_of(&mut studio));
    }
}

#[test]
fn each_picture_has_its_time_and_after_the_oldest_it_begins_anew() {
    let all = pictures(3, &[]);
    let mut studio = showing(&all, "");
    assert!(studio.state.preview.full_screen && studio.state.moves());
    assert_eq!(selected(studio.wait(4_900)), all[0].id);
    assert_eq!(selected(studio.wait(100)), all[1].id);
    assert_eq!(selected(studio.wait(4_900)), all[1].id);
    studio.wait(100);
    assert_eq!(round(&mut studio, &all, 4), [2, 0, 1, 2]);
    studio.settings.studio.slideshow = 60;
    let shown = selected(&studio);
    assert_eq!(selected(studio.wait(59_000)), shown);
    assert_ne!(selected(studio.wait(1_000)), shown);
}

#[test]
fn a_clock_that_is_set_back_does_not_stop_it() {
    let all = pictures(3, &[]);
    let mut studio = showing(&all, "");
    assert_eq!(selected(studio.wait(-3_600_000)), all[1].id);
    assert_eq!(selected(studio.wait(5_000)), all[2].id);
}

#[test]
fn what_has_no_picture_is_passed_over() {
    let all = pictures(5, &[5, 3, 1]);
    let mut studio = showing(&all, "");
    assert_eq!(round(&mut studio, &all, 3), [1, 3, 1]);
}

#[test]
fn where_any_are_marked_only_those_are_shown() {
    let all = pictures(6, &[4]);
    let mut studio = showing(&all, " j  j ");
    assert_eq!(studio.state.opinions.marks(), 4);
    assert_eq!(round(&mut studio, &all, 5), [5, 0, 3, 5, 0]);
}

#[test]
fn marked_ones_are_shown_that_are_far_from_what_is_loaded() {
    let all = pictures(1_000, &[]);
    let mut studio = Studio::with(all.clone());
    studio.keys("<F3> G").answer(&all);
    studio.keys(" ").answer(&all);
    studio.keys("g").answer(&all);
    studio.keys(".").answer(&all);
    assert_eq!(round(&mut studio, &all, 4), [0, 999, 0, 999]);
}

#[test]
fn it_goes_on_through_pages_that_are_loaded_on_the_way() {
    let count = u64::from(PAGE) * 4;
    let all = pictures(count, &[]);
    let mut studio = showing(&all, "");
    let shown = round(&mut studio, &all, all.len());
    assert!(shown.into_iter().eq(0..all.len()));
    // The newest were not loaded any more.
    assert_eq!(round(&mut studio, &all, 2), [0, 1]);
}

#[test]
fn a_long_row_of_failed_ones_is_walked_through_for_the_next_picture() {
    let count = u64::from(PAGE) * 3;
    let failed: Vec<u64> = (2..count).collect();
    let all = pictures(count, &failed);
    let mut studio = showing(&all, "");
    studio.wait(5_000).answer(&all);
    // Nobody sees the way there: the picture before stays until the next one is found.
    let mut seen = vec![selected(&studio)];
    for _ in 0..20 {
        studio.wait(250).answer(&all);
        seen.push(selected(&studio));
    }
    seen.dedup();
    assert_eq!(seen, [all[0].id, all[all.len() - 1].id]);
}

#[test]
fn a_key_in_the_middle_of_such_a_row_leaves_where_the_last_picture_is() {
    let count = u64::from(PAGE) * 2;
    let failed: Vec<u64> = (2..count).collect();
    let all = pictures(count, &failed);
    let mut studio = showing(&all, "");
    // What it asks for then is not answered.
    studio.wait(5_000);
    assert!(studio.state.history.selected_index() > 0);
    assert_eq!(selected(studio.keys("<esc>")), all[0].id);
    assert_eq!(studio.state.history.selected_index(), 0);
}

#[test]
fn the_next_picture_is_at_hand_before_its_time() {
    let all = pictures(4, &[3]);
    let studio = showing(&all, "");
    let ahead: Vec<Subject> = studio.scene.ahead.iter().map(|(view, _)| view.subject()).collect();
    assert_eq!(ahead, [Subject::Image(all[2].images[0].id)]);
    assert_eq!(studio.scene.ahead[0].1, studio.scene.images[0].1);
}

#[test]
fn any_key_ends_it_and_does_nothing_else() {
    let all = pictures(3, &[]);
    for key in ["d", "r", "<enter>", "<esc>", "<F5>", "<F2>", ".", "<F1>", "<tab>"] {
        let mut studio = showing(&all, "");
        studio.wait(5_000).taken();
        studio.keys(key);
        assert_eq!(studio.taken(), [], "{key}");
        let state = &studio.state;
        assert_eq!((state.focus, state.preview.full_screen), (Focus::History, false), "{key}");
        assert_eq!((&state.preview.slideshow, state.overlay), (&None, None), "{key}");
        assert!(!state.moves(), "nothing wakes the studio any more");
        assert_eq!(selected(&studio), all[1].id, "{key}");
        assert_eq!(selected(studio.wait(60_000)), all[1].id, "{key}");
    }
}

#[test]
fn the_mouse_and_a_paste_end_it_too_and_the_marks_stay() {
    let all = pictures(3, &[]);
    let ends = [
        Event::Click(Target::Preview, (1, 1)),
        Event::Wheel(Target::Preview, 1),
        Event::Paste("a fox".to_owned()),
    ];
    for event in ends {
        let mut studio = showing(&all, "  ");
        studio.wait(5_000).happen(event);
        assert_eq!((&studio.state.preview.slideshow, studio.state.opinions.marks()), (&None, 2));
        assert_eq!((selected(&studio), studio.field(Field::Prompt)), (all[1].id, ""));
    }
}

#[test]
fn it_goes_back_to_where_it_was_begun() {
    let all = pictures(3, &[]);
    let mut studio = showing(&all, "v");
    studio.keys("<esc>");
    assert!(studio.state.shows_gallery());
    let mut studio = showing(&all, "z");
    studio.keys("x");
    assert!(studio.state.preview.full_screen && studio.state.focus == Focus::Preview);
}

#[test]
fn the_key_that_quits_quits() {
    let mut studio = showing(&pictures(3, &[]), "");
    assert!(studio.keys("<ctrl+q>").taken().contains(&Effect::Quit));
}

#[test]
fn what_is_searched_for_is_what_is_shown() {
    let all = pictures(20, &[]);
    let mut studio = Studio::with(all.clone());
    studio.keys("<F3>/picture 1").answer(&all);
    studio.keys("<F3>G").answer(&all);
    studio.keys(".").answer(&all);
    assert_eq!(round(&mut studio, &all, 3), [19, 1, 2]);
}

#[test]
fn why_there_is_none_is_said() {
    let none = pictures(3, &[1, 2, 3]);
    assert_eq!(showing(&none, "").notice(), "There is no picture yet to show.");
    let one = pictures(3, &[2, 3]);
    let says = "There is only one picture, which z shows over the whole screen.";
    assert_eq!(showing(&one, "").notice(), says);
    assert_eq!(showing(&one, " ").notice(), "Nothing that is marked has a picture to show.");
    let says = "Only one picture is marked: mark more of them, or none to see all.";
    assert_eq!(showing(&pictures(3, &[]), " ").notice(), says);
    let says = "The lineage is open: leave it for a slideshow of the history.";
    assert_eq!(showing(&a_lineage(), "l").notice(), says);
    assert!(Studio::with(vec![]).keys("<F3>.").notice().contains("There is no picture yet"));
}

#[test]
fn pictures_that_go_meanwhile_end_it_with_a_word() {
    let mut all = pictures(2, &[]);
    let mut studio = showing(&all, "");
    for row in &mut all {
        row.images.clear();
        studio.happen(Event::Changed(Box::new(row.clone())));
    }
    studio.wait(250);
    assert_eq!(studio.notice(), "The slideshow has ended: there is no picture left to show.");
    assert!(!studio.state.preview.full_screen);
}
