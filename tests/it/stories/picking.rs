//! Finding again what was asked before.

use super::{ROOM, studio};
use crate::home::Home;
use crate::studio::Studio;

#[test]
fn older_prompts_come_back_key_by_key_after_a_restart_too() {
    let home = Home::new();
    for prompt in ["a fox", "an owl", "an owl"] {
        home.generate(prompt);
    }
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    studio.shows("History · 3").keys("a draft").shows("a draft");
    studio.keys("<alt+up>").until("the last one", |screen| prompt(screen) == "an owl");
    studio.keys("<alt+up>").until("the one before", |screen| prompt(screen) == "a fox");
    studio.keys("<alt+down>").until("the last one", |screen| prompt(screen) == "an owl");
    studio.keys("<alt+down>").until("the draft", |screen| prompt(screen) == "a draft");
    studio.quit();
}

/// The first line of the prompt in the form.
fn prompt(screen: &str) -> &str {
    let label = screen.lines().position(|row| row.contains("┃ Prompt"));
    let row = label.and_then(|label| screen.lines().nth(label + 1)).unwrap_or_default();
    row.trim_start_matches('┃').split('┃').next().unwrap_or_default().trim()
}

#[test]
fn a_prompt_is_found_among_all_by_a_few_letters_and_by_what_is_a_favourite() {
    let home = Home::new();
    for prompt in ["a fox in the snow", "an owl at night", "a fox at night"] {
        home.generate(prompt);
    }
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    studio.shows("History · 3").keys("<F3>j").keys("*").shows("♥ favourite.");
    studio.keys("<ctrl+r>").shows("Prompts · all").keys("fox");
    studio.until("two of three", |screen| {
        overlaid(screen, "fox") >= 2 && overlaid(screen, "owl") == 0
    });
    studio.keys("<ctrl+u>night").until("two", |screen| overlaid(screen, "night") >= 2);
    studio.keys("<ctrl+r>").shows("Prompts · this model");
    studio.keys("<ctrl+r>").shows("Prompts · favourites");
    studio.until("one", |screen| overlaid(screen, "an owl") > 0 && overlaid(screen, "a fox") == 0);
    studio.keys("<enter>").until("it in the form", |screen| prompt(screen) == "an owl at night");
    studio.quit();
}

/// How many lines of the window over the panes hold `text`.
fn overlaid(screen: &str, text: &str) -> usize {
    let inside = screen.lines().filter_map(|row| row.split('┃').find(|part| part.len() > 80));
    inside.filter(|row| row.contains(text)).count()
}

#[test]
fn a_model_is_picked_and_says_what_is_known_of_it() {
    let mut studio = studio();
    studio.keys("<F7>").shows("Models").shows("no key").keys("painter").hides("gemini");
    studio.keys("<enter>").shows("painted here, not by a model");
    studio.quit();
}

#[test]
fn a_preset_is_there_after_a_restart() {
    let mut studio = studio();
    studio.keys("a fox<tab>64x64<alt+k>").shows("keep this form as:");
    studio.keys("tiny<enter>").shows("Kept as “tiny”.");
    studio.keys("<ctrl+u><shift+tab><ctrl+u>something else").shows("something else");
    studio.restart().shows("something else").keys("<alt+p>").shows("tiny").keys("<enter>");
    studio.shows("a fox").shows("64x64").hides("something else");
    studio.quit();
}

#[test]
fn the_next_start_is_where_the_last_one_ended() {
    let home = Home::new();
    for prompt in ["a fox in the snow", "an owl", "a fox at night", "a fox at dawn"] {
        home.generate(prompt);
    }
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    studio.shows("History · 4").keys("<F3>/").keys("fox<enter>").shows("3 found").keys("j");
    studio.until("the second", |screen| details(screen).contains("a fox at night"));
    studio.restart().shows("3 found");
    studio.until("the second", |screen| details(screen).contains("a fox at night"));
    // The history has focus: a key of its own works.
    studio.keys("j").until("the third", |screen| details(screen).contains("a fox in the snow"));
    studio.quit();
}

/// What stands in the right half of the screen.
fn details(screen: &str) -> String {
    let right = screen.lines().map(|row| row.chars().skip(45).collect::<String>());
    right.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_preset_whose_row_was_damaged_leaves_the_others_and_the_form_alone() {
    let home = Home::new();
    home.generate("a fox");
    let database = rusqlite::Connection::open(home.path().join("history.db")).expect("it opens");
    database
        .execute_batch(
            "INSERT INTO presets VALUES ('torn', CAST(x'7b22ff00' AS TEXT));
             INSERT INTO presets VALUES ('older', '{\"fields\":[[\"size\",\"64x64\"],[\"mood\",\"calm\"]]}');",
        )
        .expect("it can be written");
    drop(database);
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    studio.shows("History · 1").keys("a draft<alt+p>").shows("older").shows("cannot be read");
    studio.keys("torn<enter>").shows("“torn” cannot be read by this version").shows("a draft");
    studio.keys("<alt+p>").shows("older").keys("older<enter>").shows("64x64");
    studio.shows("“older” is of another version: mood in it was left out.").quit();
}
