//! No bound key is silent: it does something, asks for something, or says why not.

use pentimento::app::{Event, State};
use pentimento::config::Settings;
use pentimento::config::keymap::{ACTIONS, Action, Context};
use pentimento::domain::Generation;

use crate::home::Home;

use super::fixture::{Studio, generation, some_of_everything};
use pentimento::domain::Job;

/// The state without what passes by itself.
fn essence(studio: &Studio) -> State {
    let mut state = studio.state.clone();
    state.now = pentimento::domain::Timestamp::default();
    state
}

/// What was pressed in vain, without a word, after `keys` in a studio with `rows`.
fn silent(rows: &[Generation], keys: &str, actions: &[Action]) -> Vec<String> {
    let settings = pentimento::config::Settings::default();
    let mut silent = Vec::new();
    for action in actions {
        let mut studio = Studio::with(rows.to_vec());
        studio.keys(keys).answer(rows);
        studio.keys("<F13>");
        let Some(chord) = settings.keys.hint(studio.state.context(), *action) else { continue };
        let before = essence(&studio);
        studio.taken();
        studio.happen(Event::Key(chord));
        let says = studio.state.notice.is_some();
        if essence(&studio) == before && studio.taken().is_empty() && !says {
            silent.push(format!("{} after {keys:?}", action.name()));
        }
    }
    silent
}

fn meant_in(contexts: &[Context]) -> Vec<Action> {
    ACTIONS.iter().filter(|row| contexts.contains(&row.2)).map(|row| row.0).collect()
}

#[test]
fn every_key_in_the_history_does_something_or_says_why_not() {
    let actions = meant_in(&[Context::Everywhere, Context::Browse]);
    let all = some_of_everything();
    let mut found = silent(&[], "<F3>", &actions);
    for keys in [
        "<F3>",
        "<F3>j",
        "<F3>jj",
        "<F3>jjj",
        "<F3>jjjj",
        "<F3>G",
        "<F3>v",
        "<F3>vjj",
        "<F3>vG",
        "<F3>jjl",
        "<F3>jjl<F4>",
        "<F3>jjI",
        "<F3>jj<space>j<space>c",
        "<F3>jj<space>j<space>c<space>++",
        "<F3>jjz",
        "<F3>jjz++",
        "<F3>jjz++++<left><left><left><left><left><up><up><up><up>",
        "<F3>jjz++++++++++++",
        "<F3>/fox<enter>",
        "<F3>/nothing<enter>",
        "<F3>?",
        "<F3>F",
        "<F3> j",
        "<F4>",
    ] {
        found.extend(silent(&all, keys, &actions));
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_key_in_a_text_that_does_nothing_says_why_but_for_a_cursor_that_is_seen_to_stand() {
    use Action::{LineDown, LineUp, Redo, Undo, Yank};
    let actions = [meant_in(&[Context::Everywhere]), vec![Undo, Redo, Yank, LineUp, LineDown]];
    let mut found = Vec::new();
    for keys in ["", "a fox", "<up>", "<F3>/fox", "<F3>t"] {
        found.extend(silent(&some_of_everything(), keys, &actions.concat()));
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn each_reason_is_a_sentence_about_what_is_there() {
    let one = generation(1, "a fox", Job::Done);
    for (keys, says) in [
        ("<F3>]", "It has only this picture."),
        ("<F3>j", "This is the oldest one."),
        ("<F3>k", "This is the newest one."),
        ("<F3>}", "Nothing below is of another day."),
        ("<F3>{", "This is the newest one."),
        ("<F3>l<left>", "It came from nothing."),
        ("<F3>l<right>", "Nothing came of it yet."),
        ("<F3>lj", "This is the last line."),
        ("<F3>lk", "This is the first line."),
        ("<F3>l}", "Nothing else came of the same one after it."),
        ("<F3>b", "It was asked for alone."),
        ("<F3>-", "The whole picture is seen already."),
        ("<F3>R", "It has not failed, so there is nothing to send again."),
        ("<F3>?r", "The help is open. Esc closes it."),
        ("<F3>F<enter>", "There is no saved search yet."),
        ("<alt+u>", "There is nothing to undo."),
        ("<F3><F3>", "The history has the keys already."),
    ] {
        let mut studio = Studio::with(vec![one.clone()]);
        assert_eq!(studio.keys(keys).notice(), says, "{keys}");
    }
    let mut studio = Studio::with(some_of_everything());
    assert_eq!(studio.keys("<F3>jjje").notice(), "It has no picture to iterate on.");
}

#[test]
fn a_reason_names_the_keys_that_are_in_force() {
    let settings = |keys: &str| Home::with_config(&format!("[keys]\n{keys}\n")).settings();
    let says = |settings: &Settings, rows: &[Generation], keys: &str| {
        let mut studio = Studio::with(rows.to_vec());
        studio.settings = settings.clone();
        studio.keys(keys).notice()
    };
    let one = [generation(1, "a fox", Job::Done)];
    let other = settings("generate = [\"ctrl+g\"]\nleave = [\"Q\"]\nfull_screen = []");
    let told = says(&other, &[], "<F3>e");
    assert_eq!(told, "There is no generation yet: write a prompt and press Ctrl+G.");
    assert_eq!(says(&other, &one, "<F3>?r"), "The help is open. Q closes it.");
    assert_eq!(
        says(&other, &one, "<F3>."),
        "There is only one picture, which “full screen” shows over the whole screen."
    );
}

#[test]
fn an_unknown_key_in_a_list_says_nothing() {
    let mut studio = Studio::with(some_of_everything());
    assert_eq!(studio.keys("<F3>&").notice(), "");
}
