//! Names for files that leave this machine.

use pentimento::domain::{GenerationId, ModelId, Named, Naming, Timestamp};
use proptest::prelude::*;

fn name(template: &str, model: &str, prompt: &str) -> String {
    let naming: Naming = template.parse().expect("a template");
    assert_eq!(naming.to_string(), template);
    let id = GenerationId::from_parts(0, [0xAB; 10]);
    let model: ModelId = model.parse().expect("a model");
    // Noon: the same day in every zone.
    let created = Timestamp::from_millis(1_795_435_620_000);
    naming.name(Named { id, created, model: &model, prompt, index: 1 })
}

#[test]
fn a_name_says_what_its_template_asks_for() {
    let flux = "together:black-forest-labs/FLUX.2-pro";
    let whole = "{date} {model} {prompt:40} {id} {index}";
    assert_eq!(
        name(whole, flux, "a red fox in the deep, deep snow of the north"),
        "2026-11-23 FLUX.2-pro a red fox in the deep, deep snow of the abababab 2"
    );
    assert_eq!(name("{provider}_{index}", flux, "a fox"), "together_2");
    assert_eq!(name("{prompt:5}", flux, "a fox in snow"), "a fox");
    assert_eq!(name("{prompt:5}", flux, "foxglove"), "foxgl");
    assert_eq!(name("{time}", flux, "").len(), 6);
}

#[test]
fn a_name_is_one_on_every_file_system() {
    for (prompt, expected) in [
        ("../../etc/passwd", "etc-passwd"),
        ("a\nfox:\t\"quiet\" \u{202E}\u{1b}[31m", "a fox- -quiet- [31m"),
        ("...", "picture"),
        ("-rf *", "rf -"),
        ("", "picture"),
        ("CON", "_CON"),
        ("nul.a fox", "_nul.a fox"),
        ("com1", "_com1"),
        ("comet", "comet"),
        ("a fox. ", "a fox"),
    ] {
        assert_eq!(name("{prompt}", "demo:painter", prompt), expected, "{prompt:?}");
    }
}

#[test]
fn a_template_that_means_nothing_is_refused_with_what_was_perhaps_meant() {
    for (template, expected) in [
        ("", "at least one letter"),
        ("///", "at least one letter"),
        ("{prompt", "a brace is not closed"),
        ("prompt}", "a brace is not closed"),
        ("{promt}", "did you mean {prompt}?"),
        ("{seed}", "{seed} means nothing; write {date}"),
        ("{prompt:x}", "“x” is no number"),
        ("{prompt:0}", "“0” is no number"),
    ] {
        let wrong = template.parse::<Naming>().expect_err(template).to_string();
        assert!(wrong.contains(expected), "{template}: {wrong}");
    }
}

proptest! {
    #[test]
    fn no_prompt_makes_a_name_that_is_none(prompt in "(.|\n){0,300}") {
        let name = name("{prompt}", "demo:painter", &prompt);
        prop_assert!(!name.is_empty() && name.len() <= 201);
        prop_assert!(!name.starts_with(['.', '-', ' ']) && !name.ends_with(['.', ' ']));
        prop_assert!(!name.contains(['/', '\\', '\0', '\n', ':', '*', '?', '"', '<', '>', '|']));
    }
}
