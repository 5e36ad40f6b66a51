//! What a person types to search: what it means, and what is said where it means nothing.

use pentimento::domain::{Condition, Query, SavedSearch, Shape, Timestamp};
use proptest::prelude::*;

/// 2026-11-23 12:07:00 UTC: the same day in every zone but the farthest.
const NOW: Timestamp = Timestamp::from_millis(1_795_435_620_000);

fn parse(text: &str) -> Query {
    Query::parse(text, NOW, &[])
}

/// The one condition of a query without faults.
fn one(text: &str) -> (bool, Condition) {
    let query = parse(text);
    assert_eq!(query.wrong(), [], "{text}");
    assert_eq!(query.terms().len(), 1, "{text}");
    (query.terms()[0].not, query.terms()[0].is.clone())
}

/// The first day of a time, and the day after its last, in the zone of the machine.
fn days(text: &str) -> (String, String) {
    match one(text) {
        (false, Condition::Asked(when)) => (when.start.to_day(), when.end.to_day()),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn words_and_phrases_may_be_ruled_out_and_the_last_word_may_go_on() {
    let words = |words: &str, unfinished| Condition::Words { words: words.to_owned(), unfinished };
    assert_eq!(one("fox"), (false, words("fox", true)));
    assert_eq!(one("fox "), (false, words("fox", false)));
    assert_eq!(one("\"a red fox\""), (false, words("a red fox", false)));
    assert_eq!(one("\"a red"), (false, words("a red", true)));
    assert_eq!(one("-fox"), (true, words("fox", false)));
    assert_eq!(one("16:9"), (false, words("16:9", true)), "not something to search by");
    assert_eq!(one("\"failed\""), (false, words("failed", false)), "a word after all");
    assert!(parse("").is_empty());
    assert!(parse(" - \"\" ! ").is_empty());
}

#[test]
fn each_condition_is_read_in_the_ways_people_write_it() {
    for (text, is) in [
        ("model:FLUX", Condition::Model("flux".to_owned())),
        ("model:\"flux pro\"", Condition::Model("flux pro".to_owned())),
        ("Provider:OpenAI", Condition::Provider("openai".to_owned())),
        ("tag:#Night", Condition::Tag("night".to_owned())),
        ("fav", Condition::Favourite),
        ("is:favourite", Condition::Favourite),
        ("failed", Condition::State("failed")),
        ("is:running", Condition::State("running")),
        ("trashed", Condition::Trashed),
        ("has:base", Condition::HasBase),
        ("rated:3", Condition::Rated(3..=3)),
        ("rated:>3", Condition::Rated(4..=5)),
        ("rated:>=3", Condition::Rated(3..=5)),
        ("rated:<3", Condition::Rated(1..=2)),
        ("rated:2..4", Condition::Rated(2..=4)),
        ("rated:0", Condition::Rated(0..=0)),
        ("size:1024x768", Condition::Size(1024, 768)),
        ("size:portrait", Condition::Shape(Shape::Portrait)),
        ("size:>1mp", Condition::Pixels(1_000_001..=999_999_999_999_999_999)),
        ("size:0.5..2mp", Condition::Pixels(500_000..=2_000_000)),
        ("size:1mp", Condition::Pixels(950_000..=1_049_999)),
        ("cost:0.04", Condition::Cost(40_000_000..=40_000_000)),
        ("cost:>$0.05", Condition::Cost(50_000_001..=999_999_999_999_999_999)),
        ("cost:<=1", Condition::Cost(0..=1_000_000_000)),
        ("cost:free", Condition::Cost(0..=0)),
    ] {
        assert_eq!(one(text), (false, is.clone()), "{text}");
        assert_eq!(one(&format!("-{text}")), (true, is), "-{text}");
    }
}

#[test]
fn a_time_is_a_year_a_month_a_day_or_so_long_ago() {
    let both = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    let (today, yesterday) = (days("on:today").0, days("on:yesterday").0);
    assert_eq!(today, NOW.to_day());
    assert_eq!(days("on:2026"), both("2026-01-01", "2027-01-01"));
    assert_eq!(days("on:2026-02"), both("2026-02-01", "2026-03-01"));
    assert_eq!(days("on:2024-02-29"), both("2024-02-29", "2024-03-01"));
    assert_eq!(days("on:2024/2/29"), both("2024-02-29", "2024-03-01"));
    assert_eq!(days("on:yesterday"), both(&yesterday, &today));
    assert_eq!(days("on:1d"), both(&yesterday, &today));
    assert_eq!(days("on:0d").0, today);
    assert_eq!(days("after:2026-10").0, "2026-10-01");
    assert_eq!(days("before:2026-10").1, "2026-10-01");
    for wrong in ["2026-13", "2026-02-30", "26", "-3d", "3x", "soon", "99999y"] {
        assert_eq!(parse(&format!("after:{wrong}")).wrong().len(), 1, "{wrong}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_the_rest_still_searches() {
    for (text, column, said) in [
        ("fox modle:flux", 5, "did you mean “model:”?"),
        ("é rated:9", 3, "write rated:>3"),
        ("cost:cheap", 1, "cost: does not know “cheap”"),
        ("size:big fox", 1, "size: does not know “big”"),
        ("fox tag:", 5, "wants something behind it, as in tag:night"),
        ("is:purple", 1, "is: does not know “purple”"),
        ("openai:gpt", 1, "to find these words write \"openai:gpt\""),
        ("@nigth fox", 1, "No search is saved as @nigth; there is @night."),
        ("-@two", 1, "stands for more than one term"),
        ("@bad", 1, "In @bad: "),
    ] {
        let saved = |name: &str, query: &str| SavedSearch {
            name: name.to_owned(),
            query: query.to_owned(),
        };
        let all = [
            saved("night", "tag:night"),
            saved("two", "a b"),
            saved("bad", "rated:x"),
            saved("loop", "@loop fox"),
        ];
        let query = Query::parse(text, NOW, &all);
        let [wrong] = query.wrong() else { panic!("{text}: {:?}", query.wrong()) };
        assert_eq!(wrong.column(text), column, "{text}");
        assert!(wrong.what.contains(said), "{text}: {}", wrong.what);
        assert_eq!(query.terms().len(), usize::from(text.contains("fox") || text.contains('é')));
        assert_eq!(Query::parse("@night", NOW, &all).terms(), parse("tag:night").terms());
        assert_eq!(Query::parse("-@night", NOW, &all).terms(), parse("-tag:night").terms());
        assert_eq!(Query::parse("@two c", NOW, &all).terms().len(), 3);
        assert_eq!(Query::parse("@loop", NOW, &all).wrong().len(), 1, "one that names itself");
    }
}

#[test]
fn what_was_found_is_shown_where_it_stands() {
    let shown = |query: &str, text: &str| -> Vec<String> {
        let found = parse(query).highlights(text);
        found.into_iter().map(|range| text[range].to_owned()).collect()
    };
    assert_eq!(shown("fo", "a Fox, a forest, an elf"), ["Fox", "forest"]);
    assert_eq!(shown("fox ", "foxes and a FOX"), ["FOX"]);
    assert_eq!(shown("\"red fox\" in ", "the red, fox in the snow"), ["red, fox", "in"]);
    assert_eq!(shown("-fox model:a rated:3", "a fox"), [""; 0]);
    assert_eq!(shown("ÉTÉ", "un été"), ["été"]);
    assert_eq!(shown("", "a fox"), [""; 0]);
}

proptest! {
    #[test]
    fn every_text_is_a_query_and_its_faults_stand_in_it(
        text in "\\PC{0,40}|[-a-z:@\" .<>=0-9x]{0,40}|((model|after|on|rated|size|cost|is|tag):\\PC{0,6} ?){0,5}",
        shown in "\\PC{0,40}",
    ) {
        let query = parse(&text);
        for wrong in query.wrong() {
            prop_assert!(text.get(wrong.at.clone()).is_some_and(|part| !part.is_empty()));
            prop_assert!(wrong.column(&text) <= text.chars().count());
            prop_assert!(!wrong.what.is_empty());
        }
        let mut end = 0;
        for range in query.highlights(&shown) {
            prop_assert!(range.start >= end && shown.get(range.clone()).is_some());
            end = range.end;
        }
    }
}
