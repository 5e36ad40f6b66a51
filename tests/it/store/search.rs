//! Searching, against a filter that reads every row.

use pentimento::store::Start;
use proptest::prelude::*;

use super::{asked, empty, prompts};
use crate::unlimited::Unlimited as _;

/// Words whose beginnings, cases and accents are alike.
const WORDS: [&str; 9] =
    ["fox", "Foxes", "for", "forest", "Café", "cafeteria", "red", "don't", "1024x640"];

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&WORDS)
}

/// `text` as the words a search compares: without case, accents and signs.
fn folded(text: &str) -> Vec<String> {
    let plain = text.to_lowercase().replace('é', "e");
    plain.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect()
}

/// Whether `words` holds `phrase` in its order, the last word perhaps unfinished.
fn holds(words: &[String], phrase: &str, unfinished: bool) -> bool {
    let phrase = folded(phrase);
    words.windows(phrase.len()).any(|window| {
        window.iter().zip(&phrase).enumerate().all(|(n, (word, wanted))| {
            let may_go_on = unfinished && n + 1 == phrase.len();
            if may_go_on { word.starts_with(wanted.as_str()) } else { word == wanted }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_search_finds_what_reading_every_row_finds(
        rows in prop::collection::vec(prop::collection::vec(word(), 1..6), 0..24),
        queries in prop::collection::vec(
            (prop::collection::vec((any::<bool>(), prop::collection::vec(word(), 1..3)), 1..4), 0..4_usize),
            1..12,
        ),
    ) {
        let (_dir, mut store) = empty();
        let all: Vec<_> = rows
            .iter()
            .enumerate()
            .map(|(n, words)| asked(n as u32, &words.join(" ")))
            .collect();
        store.enqueue(&all).unwrap();
        for (terms, cut) in queries {
            let terms: Vec<_> =
                terms.into_iter().map(|(not, words)| (not, words.join(" "))).collect();
            let (last_not, last) = terms.last().unwrap();
            // The last word may be cut short, as it is while somebody types.
            let end = last.char_indices().nth_back(cut).map_or(last.len(), |(end, _)| end);
            let is_cut = !last_not && end > 0 && !last[..end].ends_with([' ', '\'']);
            let last = if is_cut { &last[..end] } else { last };
            let texts: Vec<_> = terms[..terms.len() - 1]
                .iter()
                .map(|(not, phrase)| format!("{}\"{phrase}\"", if *not { "-" } else { "" }))
                .chain([format!("{}\"{last}", if *last_not { "-" } else { "" })])
                .collect();
            let query = texts.join(" ");
            let passes = |prompt: &str| {
                let fields = [folded(prompt), folded("demo:painter")];
                let holds = |phrase: &str, unfinished: bool| {
                    fields.iter().any(|words| holds(words, phrase, unfinished))
                };
                let mut whole = terms[..terms.len() - 1].iter();
                whole.all(|(not, phrase)| *not != holds(phrase, false))
                    && *last_not != holds(last, !last_not)
            };
            let expected: Vec<_> = all
                .iter()
                .rev()
                .map(|generation| generation.request.prompt.clone())
                .filter(|prompt| passes(prompt))
                .collect();
            prop_assert_eq!(prompts(&store, &query, Start::Newest, 99), expected.clone(), "{}", query);
            let count = store.count(&super::query(&query), 99).unwrap();
            prop_assert_eq!(count as usize, expected.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn no_text_is_a_wrong_search(
        texts in prop::collection::vec("\\PC{0,12}|[ \"*:^(){}+\\-NOTANDfox\\x00\\u{e000}]{0,16}", 40),
    ) {
        let (_dir, mut store) = empty();
        store.enqueue(&[asked(1, "a fox NOT AND OR NEAR")]).unwrap();
        for text in texts {
            let filter = super::query(&text);
            prop_assert!(store.page(&filter, Start::Newest, 9).is_ok(), "{:?}", text);
            prop_assert!(store.count(&filter, 9).is_ok(), "{:?}", text);
        }
    }
}

#[test]
fn a_search_looks_at_prompt_negative_prompt_and_model() {
    let (_dir, mut store) = empty();
    let mut one = asked(1, "a fox in the snow");
    one.request.negative_prompt = Some("blurry hands".to_owned());
    one.request.model = "openai:gpt-image-2".parse().unwrap();
    let two = asked(2, "a hare in the snow");
    store.enqueue(&[one, two]).unwrap();
    let found = |query: &str| prompts(&store, query, Start::Newest, 9);
    let (fox, hare) = ("a fox in the snow", "a hare in the snow");
    assert_eq!(found(""), [hare, fox]);
    assert_eq!(found("SNOW"), [hare, fox]);
    assert_eq!(found("blur"), [fox]);
    assert_eq!(found("gpt-image"), [fox]);
    assert_eq!(found("painter snow"), [hare]);
    assert_eq!(found("snow -fox"), [hare]);
    assert_eq!(found("-fox"), [hare]);
    assert_eq!(found("-fo"), [hare, fox], "only a whole word is ruled out");
    assert_eq!(found("-\"in the snow\""), [""; 0]);
    assert_eq!(found("\"the snow\" fox"), [fox]);
    assert_eq!(found("\"snow the\""), [""; 0]);
    assert_eq!(found("\"fox in"), [fox]);
    assert_eq!(found("fo"), [fox], "the word being typed");
    assert_eq!(found("fo "), [""; 0], "a whole word");
    assert_eq!(found("- \" !"), [hare, fox], "nothing is named");
}
