//! What is different between two generations.

use pentimento::domain::{
    Difference, Generation, GenerationId, Image, ImageFormat, ImageId, Piece, Request, Timestamp,
};
use proptest::prelude::*;

fn asked(prompt: &str) -> Generation {
    let request = Request::new(prompt, "demo:painter".parse().expect("a model"));
    Generation::queued(GenerationId::from_parts(1, [0; 10]), request, Timestamp::default())
}

/// Both prompts as one, as the screen has them.
fn words(before: &str, after: &str) -> String {
    let difference = Difference::between(&asked(before), &asked(after));
    let shown = difference.prompt.iter().map(|piece| match piece {
        Piece::Same(text) => text.clone(),
        Piece::Removed(text) => format!("[-{text}]"),
        Piece::Added(text) => format!("[+{text}]"),
    });
    shown.collect()
}

#[test]
fn prompts_differ_by_words() {
    for (before, after, shown) in [
        ("a fox", "a fox", "a fox"),
        ("a fox", "a red fox", "a [+red ]fox"),
        ("a red fox at night", "a fox", "a [-red ]fox[- at night]"),
        ("a red fox sleeps", "a blue owl sleeps", "a [-red fox][+blue owl] sleeps"),
        ("", "a fox", "[+a fox]"),
        ("a fox", "", "[-a fox]"),
        ("a fox, snow", "a fox; snow", "a fox[-,][+;] snow"),
        ("ein Fuchs", "ein Füchslein", "ein [-Fuchs][+Füchslein]"),
        ("一只狐狸", "一只红狐狸", "一只[+红]狐狸"),
        ("👩‍👩‍👧 and a dog", "👩‍👩‍👧 and a cat", "👩‍👩‍👧 and a [-dog][+cat]"),
    ] {
        assert_eq!(words(before, after), shown, "{before:?} → {after:?}");
    }
}

#[test]
fn settings_differ_by_name_with_what_they_were() {
    let mut before = asked("a fox");
    let id = ImageId { generation: before.id, index: 0 };
    before.images.push(Image {
        id,
        path: "/history/images/2026/11/a-fox.png".into(),
        width: 1,
        height: 1,
        format: ImageFormat::Png,
        bytes: 1,
        sha256: String::new(),
    });
    before.request.extra.insert("seed".to_owned(), 1.into());
    before.request.steps = Some(20);
    let mut after = asked("a fox");
    after.request.model = "openai:gpt-image-2".parse().expect("a model");
    (after.request.width, after.request.height) = (Some(512), Some(768));
    after.request.n = Some(2);
    after.request.image = Some("/elsewhere/trash/2026/11/a-fox.png".to_owned().into());
    after.request.negative_prompt = Some("blurry".to_owned());
    after.request.extra.insert("seed".to_owned(), 2.into());
    after.request.extra.insert("quality".to_owned(), "high".into());
    let settings = Difference::between(&before, &after).settings;
    let shown: Vec<String> = settings
        .iter()
        .map(|it| format!("{}: {:?} {:?}", it.name, it.before, it.after).replace("Some", ""))
        .collect();
    assert_eq!(
        shown,
        [
            "model: (\"demo:painter\") (\"openai:gpt-image-2\")",
            "size: None (\"512x768\")",
            "n: None (\"2\")",
            "steps: (\"20\") None",
            "base image: None (\"its picture\")",
            "negative: None (\"blurry\")",
            "quality: None (\"\\\"high\\\"\")",
            "seed: (\"1\") (\"2\")",
        ]
    );
    assert!(Difference::between(&before, &before).is_empty());
}

proptest! {
    #[test]
    fn the_pieces_are_both_prompts(before in "[a-c ,漢é]{0,40}", after in "[a-c ,漢é]{0,40}") {
        let difference = Difference::between(&asked(&before), &asked(&after));
        let side = |is_other: fn(&Piece) -> bool| -> String {
            difference.prompt.iter().filter(|piece| !is_other(piece)).map(Piece::text).collect()
        };
        prop_assert_eq!(side(|piece| matches!(piece, Piece::Added(_))), before.trim());
        prop_assert_eq!(side(|piece| matches!(piece, Piece::Removed(_))), after.trim());
        prop_assert_eq!(difference.is_empty(), before.trim() == after.trim());
    }
}

#[test]
fn prompts_of_thousands_of_other_words_are_taken_as_written_anew() {
    let [before, after] = ["a", "b"].map(|letter| {
        let words: Vec<String> = (0..3000).map(|n| format!("{letter}{n}")).collect();
        words.join(" ")
    });
    let difference = Difference::between(&asked(&before), &asked(&after));
    assert_eq!(difference.prompt.len(), 2);
}
