//! Walking along what came from what.

use insta::assert_snapshot;
use pentimento::app::form::Field;
use pentimento::app::{Effect, Event, Focus};
use pentimento::domain::{Generation, Job};

use super::fixture::{Studio, a_lineage, generation};
use super::screens::screen_of;

/// A studio in the lineage of the row that `keys` select.
fn walking(keys: &str, columns: u16, lines: u16) -> Studio {
    let all = a_lineage();
    let mut studio = Studio::sized(all.clone(), columns, lines);
    studio.keys("<F3>").keys(keys).keys("l").answer(&all);
    studio.answer(&all);
    studio
}

fn selected(studio: &Studio) -> &str {
    studio.state.selected().map_or("", |row| &row.request.prompt)
}

#[test]
fn a_lineage_is_a_tree_of_changed_words_with_the_step_and_the_picture_beside_it() {
    for (columns, lines) in [(40, 12), (80, 24), (120, 40)] {
        let mut studio = walking("j", columns, lines);
        assert_snapshot!(format!("lineage-{columns}x{lines}"), screen_of(&mut studio));
    }
}

#[test]
fn one_walks_by_lines_parents_children_and_siblings() {
    let mut studio = walking("j", 120, 40);
    assert_eq!(selected(&studio), "a red fox and two hares in deep snow at night, oil painting");
    for (keys, says) in [
        ("<left>", "a red fox in deep snow at night, oil painting"),
        ("<left><left>", "a red fox in deep snow, oil painting"),
        ("}", "a hare in the snow, oil painting"),
        ("{", "a red fox in deep snow, oil painting"),
        ("<right>", "a red fox in deep snow at night, oil painting"),
        ("}", "a red fox in deep snow, watercolour"),
        ("}", "a red fox in deep snow, woodcut"),
        ("g", "a fox in the snow, oil painting"),
        ("j", "a hare in the snow, oil painting"),
        ("j", "a hare and a gun, oil painting"),
        ("k", "a hare in the snow, oil painting"),
        ("G", "a red fox and two hares in deep snow at night, oil painting"),
    ] {
        studio.keys(keys).answer(&a_lineage());
        assert_eq!(selected(&studio), says, "{keys}");
        // The preview follows: one picture, or none of what has none.
        let pictures = usize::from(!says.contains("gun"));
        assert_eq!(studio.scene.images.len(), pictures, "{keys}");
    }
    assert_eq!(studio.keys("j").notice(), "This is the last line.");
    assert_eq!(studio.keys("<right>").notice(), "Nothing came of it yet.");
    assert_eq!(studio.keys("g<left>").notice(), "It came from nothing.");
}

#[test]
fn enter_goes_to_it_in_the_history_and_escape_back_to_where_one_was() {
    let mut studio = walking("j", 120, 40);
    studio.keys("g<enter>");
    assert_eq!(studio.state.lineage, None);
    assert_eq!(studio.state.history.selected_index(), 8);
    let mut studio = walking("j", 120, 40);
    studio.keys("g<esc>");
    assert_eq!(studio.state.lineage, None);
    assert_eq!((studio.state.focus, studio.state.history.selected_index()), (Focus::History, 1));
}

#[test]
fn what_is_not_loaded_is_gone_to_through_a_page_that_begins_with_it() {
    let all = a_lineage();
    let mut studio = Studio::with(all.clone());
    studio.keys("<F3>/hares<enter>").answer(&all);
    studio.keys("l").answer(&all);
    studio.answer(&all);
    studio.keys("g<enter>").answer(&all);
    assert_eq!(selected(&studio), "a fox in the snow, oil painting");
    assert_eq!(studio.state.history.query(), "");
    studio.answer(&all);
    assert_eq!(studio.state.history.rows().len(), all.len());
}

#[test]
fn recall_keys_are_about_the_selected_relative_and_leave_the_lineage() {
    let mut studio = walking("j", 120, 40);
    studio.keys("<left>p");
    assert_eq!(studio.field(Field::Prompt), "a red fox in deep snow at night, oil painting");
    assert_eq!((&studio.state.lineage, studio.state.focus), (&None, Focus::Form(Field::Prompt)));
    let parent = a_lineage().into_iter().find(|row| row.request.extra.len() == 1);
    assert_eq!(studio.state.form.parent, parent.map(|row| row.id));
    let mut studio = walking("j", 120, 40);
    studio.keys("<left>e");
    assert!(studio.field(Field::BaseImage).contains("/pictures/"));
}

#[test]
fn what_is_run_again_from_a_lineage_is_the_next_step_of_it() {
    let mut studio = walking("j", 120, 40);
    let mut all = a_lineage();
    studio.taken();
    studio.keys("r");
    let sent = studio.taken();
    let [Effect::Generate(batch)] = &*sent else { panic!("{sent:?}") };
    let parent = studio.state.selected().map(|row| row.id);
    assert_eq!(batch.parent, parent);
    let mut queued = generation(20, &batch.requests[0].prompt, Job::Queued);
    queued.parent = parent;
    all.insert(0, queued.clone());
    studio.happen(Event::Queued(vec![queued.clone()])).answer(&all);
    assert_eq!(studio.state.selected().map(|row| row.id), Some(queued.id));
    assert!(studio.screen().contains("the same again"), "{}", studio.screen());
}

#[test]
fn a_word_changed_and_sent_again_comes_of_what_was_sent_before_until_the_form_is_blank() {
    let mut studio = Studio::with(vec![]);
    let send = |studio: &mut Studio, n: u64| -> Generation {
        studio.wait(900);
        studio.taken();
        studio.keys("<F5>");
        let sent = studio.taken();
        let [Effect::Generate(batch)] = &*sent else { panic!("{sent:?}") };
        let mut queued = generation(n, &batch.requests[0].prompt, Job::Queued);
        queued.parent = batch.parent;
        studio.happen(Event::Queued(vec![queued.clone()]));
        queued
    };
    let first = send(studio.keys("a fox"), 20);
    let second = send(studio.keys(" at night"), 21);
    let third = send(&mut studio, 22);
    assert_eq!(
        [first.parent, second.parent, third.parent],
        [None, Some(first.id), Some(second.id)]
    );
    studio.keys("<ctrl+u>a boat");
    assert_eq!(send(&mut studio, 23).parent, None);
}

#[test]
fn a_lineage_of_one_says_that_nothing_came_of_it() {
    let all = vec![generation(1, "a fox", Job::Done)];
    let mut studio = Studio::with(all.clone());
    studio.keys("<F3>l").answer(&all);
    assert!(studio.screen().contains("It came from nothing, and nothing"), "{}", studio.screen());
}

#[test]
fn what_was_deleted_for_good_keeps_its_grey_place() {
    let mut all = a_lineage();
    let fox = all.pop().expect("the first one");
    all.retain(|row| row.parent == Some(fox.id));
    let mut studio = Studio::with(all.clone());
    studio.keys("<F3>l").answer(&all);
    studio.answer(&all);
    assert!(studio.screen().contains("What it came from was deleted"), "{}", studio.screen());
    studio.keys("<left>");
    assert!(studio.screen().contains("It was deleted for good."), "{}", studio.screen());
    assert!(studio.screen().contains("· deleted for good"), "{}", studio.screen());
    let why = "It was deleted for good: only its place is left.";
    assert_eq!(studio.keys("<enter>").notice(), why);
}
