//! How many keys it takes.

use pentimento::app::Effect;
use pentimento::app::form::Field;
use pentimento::domain::{Job, Request};

use super::fixture::{Studio, chords, generation};

#[expect(clippy::print_stderr, reason = "the figures are for whoever looks")]
/// Presses these keys and prints how many they are, words aside, for `what`.
fn counted(studio: &mut Studio, what: &str, keys: &str, words: &str, most: usize) {
    let count = chords(keys).len() - words.chars().count();
    eprintln!("{what}: {count} keys (at most {most}): {keys}");
    assert!(count <= most, "{what} takes {count} keys");
    studio.keys(keys);
}

fn sent(studio: &mut Studio) -> Vec<Request> {
    let effects = studio.taken().into_iter();
    let batches = effects.filter_map(|effect| match effect {
        Effect::Generate(batch) => Some(batch.requests),
        _ => None,
    });
    batches.flatten().collect()
}

#[test]
fn the_usual_things_take_few_keys() {
    let made = generation(1, "a red fox", Job::Done);
    // Wherever one is, the form as the last request left it.
    for place in ["", "<F3>", "<F4>", "<F4>z", "<F3>v", "<F3>/"] {
        let mut studio = Studio::with(vec![made.clone()]);
        studio.keys("<F3><enter>").keys(place);
        let what = format!("change a word and generate, after “{place}”");
        counted(&mut studio, &what, "<F2><ctrl+w>owl<F5>", "owl", 4);
        assert_eq!(sent(&mut studio)[0].prompt, "a red owl");
    }
    let mut studio = Studio::with(vec![made.clone()]);
    studio.keys("<F3>");
    counted(&mut studio, "run again", "r", "", 1);
    assert_eq!(sent(&mut studio), std::slice::from_ref(&made.request));

    let mut studio = Studio::with(vec![made.clone()]);
    studio.keys("a fox");
    counted(
        &mut studio,
        "the same prompt on three models",
        "<F7><tab><tab><tab><F5><enter>",
        "",
        8,
    );
    let models: std::collections::BTreeSet<_> =
        sent(&mut studio).into_iter().map(|request| request.model).collect();
    assert_eq!(models.len(), 3);

    let mut studio = Studio::with(vec![made.clone()]);
    studio.keys("<F3>");
    counted(&mut studio, "base image from the selected generation", "e", "", 1);
    assert_eq!(studio.field(Field::BaseImage), made.images[0].path.to_str().expect("text"));

    let mut studio = Studio::with(vec![made]);
    studio.keys("a fox<ctrl+u>");
    counted(&mut studio, "undo a mistake in the prompt", "<ctrl+_>", "", 1);
    assert_eq!(studio.field(Field::Prompt), "a fox");
    studio.keys("<F3>d").taken();
    counted(&mut studio, "undo a mistake in the history", "u", "", 1);
    assert_eq!(studio.taken().len(), 1);
}
