//! Forms and pieces of prompts under a name.

use pentimento::app::form::Field;
use pentimento::app::presets::{Preset, Wish};
use pentimento::app::{Effect, Event};

use super::fixture::Studio;

fn wishes(studio: &mut Studio) -> Vec<Wish> {
    let effects = studio.taken().into_iter();
    effects
        .filter_map(|effect| match effect {
            Effect::Presets(wish) => Some(wish),
            _ => None,
        })
        .collect()
}

/// What was kept last.
fn kept(studio: &mut Studio) -> Preset {
    match wishes(studio).pop() {
        Some(Wish::Keep(preset)) => preset,
        other => panic!("{other:?}"),
    }
}

/// Opens the list with these in it.
fn list(studio: &mut Studio, presets: &[Preset]) {
    studio.keys("<alt+p>");
    studio.happen(Event::Presets(presets.to_vec())).draw();
}

#[test]
fn a_whole_form_is_kept_under_a_name_and_put_back() {
    let mut studio = Studio::with(vec![]);
    studio.keys("a fox<tab>64x64<alt+k>small fox<enter>");
    assert_eq!(studio.notice(), "Kept as “small fox”.");
    let preset = kept(&mut studio);
    let mut other = Studio::with(vec![]);
    other.keys("something else");
    list(&mut other, std::slice::from_ref(&preset));
    other.keys("sml<enter>");
    assert_eq!((other.field(Field::Prompt), other.field(Field::Size)), ("a fox", "64x64"));
    other.keys("<ctrl+_>");
    assert_eq!(other.field(Field::Prompt), "something else", "one undo brings it back");
}

#[test]
fn a_selected_piece_is_kept_and_put_behind_any_prompt() {
    let mut studio = Studio::with(vec![]);
    studio
        .keys("a fox, soft light, watercolour<ctrl+shift+left><ctrl+shift+left><ctrl+shift+left>");
    studio.keys("<alt+k>soft<enter>");
    let preset = kept(&mut studio);
    for (prompt, whole) in [
        ("an owl", "an owl, soft light, watercolour"),
        ("an owl,", "an owl, soft light, watercolour"),
        ("", "soft light, watercolour"),
    ] {
        let mut other = Studio::with(vec![]);
        other.keys(prompt);
        list(&mut other, std::slice::from_ref(&preset));
        other.keys("<enter>");
        assert_eq!(other.field(Field::Prompt), whole);
    }
}

#[test]
fn a_preset_without_a_name_is_not_kept_and_esc_keeps_nothing() {
    let mut studio = Studio::with(vec![]);
    studio.keys("a fox<alt+k><enter>");
    assert_eq!(studio.notice(), "Not kept: it needs a name.");
    studio.keys("<esc>");
    assert_eq!(wishes(&mut studio), []);
}

#[test]
fn one_of_another_version_is_read_as_far_as_it_is_understood() {
    let preset = |body: &str| Preset { name: "old".to_owned(), body: body.to_owned() };
    for (body, prompt, notice) in [
        (r#"{"fields":[["prompt","a fox"]]}"#, "a fox", ""),
        (
            r#"{"version":9,"fields":[["prompt","a fox"],["mood","calm"]]}"#,
            "a fox",
            "“old” is of another version: mood in it was left out.",
        ),
        (
            r#"{"fields":[["size",{"w":64}],["prompt","a fox"]]}"#,
            "a fox",
            "“old” is of another version: size in it was left out.",
        ),
        ("", "as it was", "“old” cannot be read by this version; the form is as it was."),
        ("[1]", "as it was", "“old” cannot be read by this version; the form is as it was."),
        ("not json", "as it was", "“old” cannot be read by this version; the form is as it was."),
    ] {
        let mut studio = Studio::with(vec![]);
        studio.keys("as it was");
        list(&mut studio, &[preset(body)]);
        studio.keys("<enter>");
        assert_eq!((studio.field(Field::Prompt), &*studio.notice()), (prompt, notice), "{body}");
    }
}

#[test]
fn delete_forgets_the_selected_one() {
    let mut studio = Studio::with(vec![]);
    let preset = |name: &str| Preset { name: name.to_owned(), body: "{}".to_owned() };
    list(&mut studio, &[preset("one"), preset("two")]);
    studio.keys("<down><delete>");
    assert!(wishes(&mut studio).contains(&Wish::Forget("two".to_owned())));
    studio.happen(Event::Presets(vec![preset("one")])).draw();
    assert!(studio.screen().contains("┃   one") && !studio.screen().contains("┃   two"));
}
