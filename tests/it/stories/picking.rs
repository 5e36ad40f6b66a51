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
