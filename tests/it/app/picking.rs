//! Models, sizes and prompts that are picked instead of typed.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use pentimento::app::form::Field;
use pentimento::app::recall::{Asked, For, Scope};
use pentimento::app::{Effect, Event, Focus};
use pentimento::domain::{Job, ModelId};

use super::fixture::{Studio, generation};

/// What was asked for prompts since the last time.
fn asked(studio: &mut Studio) -> Vec<Asked> {
    let effects = studio.taken().into_iter();
    effects
        .filter_map(|effect| match effect {
            Effect::FindPrompts(asked) => Some(asked),
            _ => None,
        })
        .collect()
}

/// Answers the last question for prompts.
fn found(studio: &mut Studio, prompts: &[&str]) {
    let last = asked(studio).pop().expect("prompts were asked for");
    let prompts = prompts.iter().map(|&prompt| prompt.to_owned()).collect();
    studio.happen(Event::Prompts(last, prompts)).draw();
}

fn models(names: &[&str]) -> Vec<ModelId> {
    names.iter().map(|name| name.parse().expect("a model")).collect()
}

#[test]
fn a_few_letters_find_a_model_and_enter_takes_it() {
    let mut studio = Studio::with(vec![]);
    studio.keys("a fox<F7>flxdev<enter>");
    assert_eq!(studio.field(Field::Model), "together:black-forest-labs/FLUX.2-dev");
    assert_eq!(studio.state.overlay, None);
    // What it replaced is one undo away, as all that is typed.
    studio.keys("<shift+tab><ctrl+_>");
    assert_eq!(studio.field(Field::Model), "demo:painter");
}

#[test]
fn esc_leaves_the_model_as_it_was() {
    let mut studio = Studio::with(vec![]);
    studio.keys("<F7>gpt<down><esc>");
    assert_eq!(studio.field(Field::Model), "demo:painter");
    assert_eq!(studio.state.focus, Focus::Form(Field::Prompt));
}

#[test]
fn marked_models_are_all_taken_in_the_order_of_their_marks() {
    let mut studio = Studio::with(vec![]);
    studio.keys("<F7>gemini<tab><tab><ctrl+u>painter<tab><enter>");
    let taken = studio.field(Field::Model);
    assert!(taken.starts_with("google:gemini-") && taken.ends_with(", demo:painter"), "{taken}");
    assert_eq!(taken.split(", ").count(), 3);
}

#[test]
fn models_used_last_come_first_and_one_without_a_key_says_so() {
    let mut studio = Studio::with(vec![]);
    studio.keys("<F7>");
    assert_eq!(studio.taken().pop(), Some(Effect::FindModels));
    let used = models(&["google:gemini-3-pro-image", "local:my-own"]);
    let reached = BTreeSet::from(["demo".to_owned(), "google".to_owned()]);
    let twice = Event::Models { used: used.clone(), reached: reached.clone() };
    studio.happen(twice).happen(Event::Models { used, reached }).draw();
    assert!(!studio.screen().contains("no key · no key"));
    let screen = studio.screen();
    let rows: Vec<&str> = screen.lines().filter(|row| row.contains("image")).collect();
    assert!(rows[0].contains("google:gemini-3-pro-image") && !rows[0].contains("no key"));
    assert!(screen.contains("local:my-own"), "one that nobody lists can be picked again");
    assert!(screen.contains("no key · "), "{screen}");
}

#[test]
fn a_ratio_finds_a_size_and_a_key_turns_it_on_its_side() {
    let mut studio = Studio::with(vec![]);
    studio.keys("<F8>3:2<enter>");
    assert_eq!(studio.field(Field::Size), "1536x1024");
    studio.keys("<alt+s>");
    assert_eq!(studio.field(Field::Size), "1024x1536");
    studio.keys("<F8><esc><tab><ctrl+u><alt+s>");
    assert_eq!(studio.notice(), "There is no size to turn on its side.");
}

#[test]
fn older_prompts_are_walked_through_and_what_was_written_comes_back() {
    let mut studio = Studio::with(vec![generation(1, "a fox", Job::Done)]);
    studio.keys("a new thing<alt+up>");
    found(&mut studio, &["an owl", "a fox"]);
    assert_eq!(studio.field(Field::Prompt), "an owl");
    studio.keys("<alt+up>");
    assert_eq!(studio.field(Field::Prompt), "a fox");
    studio.keys("<alt+up>");
    assert_eq!(studio.notice(), "There is no older prompt.");
    studio.keys("<alt+down><alt+down>");
    assert_eq!(studio.field(Field::Prompt), "a new thing");
    studio.keys("<alt+down>");
    assert_eq!(studio.notice(), "There is no newer prompt.");
}

#[test]
fn two_presses_before_the_answer_are_two_steps() {
    let mut studio = Studio::with(vec![]);
    studio.keys("<alt+up><alt+up>");
    found(&mut studio, &["an owl", "a fox", "a hare"]);
    assert_eq!(studio.field(Field::Prompt), "a fox");
}

#[test]
fn what_is_written_while_prompts_are_looked_for_is_not_overwritten() {
    let mut studio = Studio::with(vec![]);
    studio.keys("<alt+up>a lynx");
    found(&mut studio, &["an owl"]);
    assert_eq!(studio.field(Field::Prompt), "a lynx");
}

#[test]
fn a_changed_prompt_is_where_the_next_walk_begins() {
    let mut studio = Studio::with(vec![]);
    studio.keys("<alt+up>");
    found(&mut studio, &["an owl", "a fox"]);
    studio.keys("s<alt+up>");
    found(&mut studio, &["an owl", "a fox"]);
    assert_eq!(studio.field(Field::Prompt), "an owl");
    studio.keys("<alt+down>");
    assert_eq!(studio.field(Field::Prompt), "an owls");
}

#[test]
fn every_prompt_ever_sent_is_looked_through_in_four_scopes() {
    let made = generation(1, "a fox", Job::Done);
    let mut studio = Studio::with(vec![made.clone()]);
    studio.keys("<ctrl+r>fo");
    let wanted = |scope, of| Asked {
        wanted: For::Picker,
        typed: "fo".to_owned(),
        scope,
        model: "demo:painter".to_owned(),
        of,
    };
    assert_eq!(asked(&mut studio).pop(), Some(wanted(Scope::All, Some(made.id))));
    studio.keys("<ctrl+r><ctrl+r><ctrl+r><ctrl+r>");
    let scopes: Vec<Scope> = asked(&mut studio).into_iter().map(|asked| asked.scope).collect();
    assert_eq!(scopes, [Scope::Model, Scope::Favourites, Scope::Lineage, Scope::All]);
    // An answer that comes late is dropped.
    let late = Event::Prompts(wanted(Scope::Model, Some(made.id)), vec!["late".to_owned()]);
    studio.happen(late).draw();
    assert!(!studio.screen().contains("late"));
}

#[test]
fn a_prompt_that_is_found_goes_into_the_form_and_can_be_sent_at_once() {
    let mut studio = Studio::with(vec![]);
    studio.keys("<F3><ctrl+r>");
    found(&mut studio, &["an owl", "a fox in the snow"]);
    studio.keys("<down><enter>");
    assert_eq!(studio.field(Field::Prompt), "a fox in the snow");
    assert_eq!(studio.state.focus, Focus::Form(Field::Prompt));
}

#[test]
fn the_pickers() {
    for (columns, lines) in [(80, 24), (120, 40), (40, 12)] {
        let mut studio = Studio::sized(vec![], columns, lines);
        studio.keys("<F7>");
        let reached = BTreeSet::from(["demo".to_owned(), "openai".to_owned()]);
        studio.happen(Event::Models { used: models(&["demo:painter"]), reached });
        studio.keys("<tab>g3<down>");
        assert_snapshot!(format!("models-{columns}x{lines}"), studio.screen());
        studio.keys("<esc><F8>");
        assert_snapshot!(format!("sizes-{columns}x{lines}"), studio.screen());
        studio.keys("<esc><ctrl+r>fox");
        found(&mut studio, &["a red fox in the snow", "the same fox at night, in heavy rain"]);
        assert_snapshot!(format!("prompts-{columns}x{lines}"), studio.screen());
    }
}
