//! Actions by their names, and places by their letters.

use pentimento::app::form::Field;
use pentimento::app::reach::label;
use pentimento::app::{Effect, Event, Focus, Overlay, State, Target};
use pentimento::config::keymap::Action;
use pentimento::domain::Change;
use std::collections::BTreeSet;

use super::fixture::{Studio, some_of_everything};
use pentimento::app::opinions::Wish;

fn found(studio: &Studio) -> Vec<Action> {
    studio.state.reach.palette.found().iter().map(|found| found.action).collect()
}

#[test]
fn the_palette_finds_an_action_by_letters_of_its_name_and_does_it() {
    let mut studio = Studio::with(some_of_everything());
    studio.keys("<F3>jj<ctrl+p>favour");
    assert_eq!(found(&studio)[0], Action::Favourite);
    assert!(studio.screen().contains("Make it a favourite"), "{}", studio.screen());
    studio.taken();
    studio.keys("<enter>");
    let wished = studio.taken();
    let is_favourite = |effect: &Effect| {
        matches!(effect, Effect::Opinion(Wish::Change(_, Change::Favourite(true))))
    };
    assert!(wished.iter().any(is_favourite), "{wished:?}");
    assert_eq!(studio.state.overlay, None);
}

#[test]
fn what_was_used_last_comes_first_and_is_done_where_the_palette_was_opened() {
    let mut studio = Studio::with(some_of_everything());
    studio.keys("<F3><ctrl+p>details<enter><ctrl+p>gallery<enter>").keys("<ctrl+p>");
    assert_eq!(found(&studio)[..2], [Action::Gallery, Action::Details]);
    studio.keys("<esc>").keys("<F2>a fox<ctrl+p>delete the word before<enter>");
    assert_eq!(studio.field(Field::Prompt), "a ");
}

#[test]
fn what_was_used_last_comes_first_in_the_next_start_too() {
    let mut studio = Studio::with(some_of_everything());
    studio.keys("<F3><ctrl+p>details<enter><ctrl+p>gallery<enter>");
    let kept = serde_json::to_string(&studio.state.draft()).expect("a draft is plain data");
    let kept = kept.replace("\"details\"", "\"details\",\"no_longer_an_action\"");
    let draft = serde_json::from_str(&kept).expect("an older draft can be read");
    (studio.state, _) = State::new(&super::fixture::demo(), Some(&draft));
    studio.keys("<ctrl+p>");
    assert_eq!(found(&studio)[..2], [Action::Gallery, Action::Details]);
}

#[test]
fn an_action_that_can_do_nothing_says_why_in_the_palette_too() {
    let mut studio = Studio::with(some_of_everything());
    studio.keys("<F3>jjj<ctrl+p>iterate<enter>");
    assert_eq!(studio.notice(), "It has no picture to iterate on.");
    studio.keys("<ctrl+p>redo the edit<enter>");
    assert_eq!(studio.notice(), "That is meant in a text, and none has the keys.");
    studio.keys("<ctrl+p>zzzzqq<enter>");
    assert_eq!(studio.notice(), "No action is called so.");
}

#[test]
fn a_paste_into_the_palette_does_nothing_by_itself() {
    let mut studio = Studio::with(some_of_everything());
    studio.keys("<F3><ctrl+p>").happen(Event::Paste("quit\n".to_owned()));
    studio.happen(Event::Key("enter".parse().expect("a key")));
    assert_eq!(studio.taken(), []);
    assert!(studio.notice().contains("a paste has only just ended"), "{}", studio.notice());
    assert_eq!(studio.field(Field::Prompt), "");
}

#[test]
fn escape_leaves_the_palette_and_everything_as_it_was() {
    let mut studio = Studio::with(some_of_everything());
    studio.keys("<F3>jj");
    let before = (studio.state.focus, studio.state.history.selected_index());
    studio.keys("<ctrl+p>quit<down><up><esc>");
    assert_eq!((studio.state.focus, studio.state.history.selected_index()), before);
    assert_eq!(studio.state.overlay, None);
}

#[test]
fn letters_go_to_fields_panes_and_rows() {
    let mut studio = Studio::with(some_of_everything());
    studio.keys("<ctrl+o>");
    let targets = studio.state.reach.targets.clone();
    assert!(targets.contains(&Target::Preview) && targets.contains(&Target::History));
    for (place, target) in targets.iter().enumerate() {
        let letters = label(place, targets.len());
        studio.keys("<F2><ctrl+o>").keys(&letters);
        let expected = match target {
            Target::Field(field) => Focus::Form(*field),
            Target::Row(_) | Target::Relative(_) | Target::History => Focus::History,
            Target::Preview => Focus::Preview,
        };
        assert_eq!(studio.state.focus, expected, "{letters}");
        if let Target::Row(id) = target {
            assert_eq!(studio.state.selected().map(|row| row.id), Some(*id));
        }
        assert_eq!(studio.state.reach.targets, []);
    }
}

#[test]
fn a_letter_that_no_place_has_says_so_and_escape_says_nothing() {
    let mut studio = Studio::with(some_of_everything());
    studio.keys("<ctrl+o>&");
    assert!(studio.notice().starts_with("No place on the screen"), "{}", studio.notice());
    studio.keys("<ctrl+o><esc>");
    assert_eq!((studio.notice().as_str(), studio.state.overlay), ("", None));
    assert_eq!(studio.state.focus, Focus::Form(Field::Prompt));
}

#[test]
fn letters_are_told_apart_however_many_places_there_are() {
    for of in [1, 2, 26, 27, 200, 676] {
        let labels: BTreeSet<String> = (0..of).map(|place| label(place, of)).collect();
        assert_eq!(labels.len(), of);
        let lengths: BTreeSet<usize> = labels.iter().map(String::len).collect();
        assert_eq!(lengths.len(), 1, "none is the beginning of another");
    }
}

#[test]
fn two_letters_are_typed_one_after_the_other_where_there_are_many_places() {
    let rows =
        (1..60).map(|n| super::fixture::generation(n, "a fox", pentimento::domain::Job::Done));
    let mut studio = Studio::sized(rows.collect(), 200, 50);
    studio.keys("<F3>v<ctrl+o>");
    let of = studio.state.reach.targets.len();
    assert!(of > 26, "{of}");
    let Target::Row(id) = studio.state.reach.targets[of - 1] else { panic!("the last is a row") };
    let letters = label(of - 1, of);
    studio.keys(&letters[..1]);
    assert_eq!(studio.state.overlay, Some(Overlay::Jumping(letters.chars().next())));
    studio.keys(&letters[1..]);
    assert_eq!(studio.state.selected().map(|row| row.id), Some(id));
}
