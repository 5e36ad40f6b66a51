//! Searching by everything that can be searched by, against a filter that reads every row.

use std::collections::BTreeSet;

use pentimento::domain::{
    Change, Condition, Cost, Generation, Job, PRIVATE, Query, Rating, SavedSearch, Shape, Tag,
    Timestamp,
};
use pentimento::store::{Start, Store};
use proptest::prelude::*;
use proptest::sample::select;

use super::{asked, at, empty, query};
use crate::unlimited::Unlimited as _;

/// Splits texts into words as the full-text index does, one text at a time.
struct Words(rusqlite::Connection);

impl Words {
    fn new() -> Self {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        db.execute_batch(
            "CREATE VIRTUAL TABLE one USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2');
             CREATE VIRTUAL TABLE words USING fts5vocab ('one', 'instance');",
        )
        .unwrap();
        Self(db)
    }

    fn of(&self, text: &str) -> Vec<String> {
        self.0.execute("DELETE FROM one", []).unwrap();
        self.0.execute("INSERT INTO one VALUES (?1)", [text]).unwrap();
        let mut words = self.0.prepare_cached("SELECT term FROM words ORDER BY offset").unwrap();
        let words = words.query_map([], |row| row.get(0)).unwrap();
        words.collect::<rusqlite::Result<_>>().unwrap()
    }

    /// Whether `phrase` stands in `text`, its last word perhaps unfinished.
    fn holds(&self, text: &str, phrase: &str, unfinished: bool) -> bool {
        let (words, phrase) = (self.of(text), self.of(phrase));
        let Some((last, before)) = phrase.split_last() else { return false };
        words.windows(phrase.len()).any(|here| {
            let ends = if unfinished {
                here[before.len()].starts_with(&**last)
            } else {
                here[before.len()] == *last
            };
            here[..before.len()] == *before && ends
        })
    }

    /// Whether a generation passes, looked at by itself.
    fn pass(&self, generation: &Generation, query: &Query) -> bool {
        let is_shown = generation.opinion.trashed.is_none() || query.is_of_trash();
        is_shown && query.terms().iter().all(|term| term.not != self.is_so(generation, &term.is))
    }

    fn is_so(&self, generation: &Generation, condition: &Condition) -> bool {
        let (request, opinion) = (&generation.request, &generation.opinion);
        let model = request.model.as_str().to_lowercase();
        let asked = request.width.zip(request.height);
        let size = generation.images.first().map(|image| (image.width, image.height)).or(asked);
        match condition {
            Condition::Words { words, unfinished } => {
                let negative = request.negative_prompt.as_deref().unwrap_or("");
                [&*request.prompt, negative, &*model]
                    .iter()
                    .any(|text| self.holds(text, words, *unfinished))
            }
            Condition::Model(part) => model.contains(part),
            Condition::Provider(start) => {
                request.model.provider().to_lowercase().starts_with(start)
            }
            Condition::Asked(when) => when.contains(&generation.created),
            Condition::Rated(stars) => stars.contains(&opinion.rating.get()),
            Condition::Tag(start) => opinion.tags.iter().any(|tag| tag.as_str().starts_with(start)),
            Condition::Batch(id) => generation.batch.is_some_and(|batch| batch.short() == *id),
            Condition::Favourite => opinion.favourite,
            Condition::Trashed => opinion.trashed.is_some(),
            Condition::State(state) => generation.job.name() == *state,
            Condition::HasBase => request.image.is_some(),
            Condition::Size(width, height) => size == Some((*width, *height)),
            Condition::Shape(shape) => size.is_some_and(|(width, height)| match shape {
                Shape::Portrait => width < height,
                Shape::Square => width == height,
                Shape::Landscape => width > height,
            }),
            Condition::Pixels(range) => size.is_some_and(|(width, height)| {
                range.contains(&(i64::from(width) * i64::from(height)))
            }),
            Condition::Cost(range) => generation
                .cost
                .is_some_and(|cost| range.contains(&((cost.usd() * 1e9).round() as i64))),
        }
    }
}

const MODELS: [&str; 5] = [
    "demo:painter",
    "openai:gpt-image-2",
    "openai:dall-e",
    "together:black-forest-labs/FLUX.2-max",
    "my-own.server:Flux pro.",
];
const SIZES: [(u32, u32); 5] = [(64, 64), (1024, 640), (640, 1024), (1000, 1000), (1000, 1001)];
const COSTS: [f64; 9] = [0.0, 0.04, 0.0413, 0.05, 0.050_000_1, 0.12, 1.0, 9.99, 250.0];
const TAGS: [&str; 4] = ["night", "nightfall", "noël", "漢字"];

/// A generation, drawn by lot.
fn generation() -> impl Strategy<Value = Generation> {
    let words = select(&["fox", "Füchse", "снег", "ﬁne", "İstanbul", "雪", "don't", "e\u{301}té"]);
    let text = prop_oneof![
        proptest::collection::vec(words, 0..5).prop_map(|words| words.join(" ")),
        "\\PC{0,12}",
    ];
    let asked_for = (text.clone(), proptest::option::of(text), select(&MODELS), any::<bool>());
    let came = (
        proptest::option::of(select(&SIZES)),
        proptest::option::of(select(&COSTS)),
        0..4_u8,
        -3_000_000..3_000_000_i64,
    );
    let opinion =
        (any::<bool>(), 0..6_u8, proptest::collection::btree_set(select(&TAGS), 0..3), 0..4_u8);
    (asked_for, came, opinion).prop_map(|(asked_for, came, opinion)| {
        let (prompt, negative, model, has_base) = asked_for;
        let (size, cost, state, minutes) = came;
        let (favourite, stars, tags, trash) = opinion;
        let mut generation = asked(0, &prompt.replace(PRIVATE, ""));
        generation.request.model = model.replace(' ', "-").parse().unwrap();
        generation.request.negative_prompt = negative.map(|text| text.replace(PRIVATE, ""));
        generation.request.image = has_base.then(|| "https://example.com/a".to_owned().into());
        (generation.request.width, generation.request.height) =
            (size.map(|s| s.0), size.map(|s| s.1));
        generation.created = Timestamp::from_millis(at(0).millis() + minutes * 60_000);
        generation.cost = cost.and_then(Cost::from_usd);
        generation.job =
            [Job::Done, Job::Cancelled, Job::Queued, Job::Done][usize::from(state)].clone();
        generation.finished = (!generation.job.is_under_way()).then_some(generation.created);
        let opinion = &mut generation.opinion;
        (opinion.favourite, opinion.rating) = (favourite, Rating::new(stars));
        opinion.tags = tags.into_iter().map(|tag| tag.parse().unwrap()).collect();
        let may = !favourite && generation.finished.is_some();
        opinion.trashed = (trash == 0 && may).then(|| at(9));
        generation
    })
}

/// A query, drawn by lot from what means something and from what does not.
fn typed() -> impl Strategy<Value = String> {
    let term = select(&[
        "fox",
        "fu",
        "снег",
        "\"fine",
        "ete",
        "雪",
        "-fox",
        "\"don't\"",
        "model:flux",
        "model:O",
        "provider:open",
        "provider:my-own.server",
        "-provider:demo",
        "after:2026-11",
        "before:2026-11-20",
        "on:2026-11-18",
        "-on:2026-11-18",
        "-after:2026-12",
        "after:1990",
        "rated:>3",
        "rated:0",
        "rated:2..4",
        "-rated:5",
        "tag:night",
        "tag:nightf",
        "tag:noël",
        "-tag:漢",
        "tag:no",
        "fav",
        "-fav",
        "failed",
        "cancelled",
        "is:done",
        "is:queued",
        "trashed",
        "-trashed",
        "has:base",
        "size:64x64",
        "size:portrait",
        "size:>1mp",
        "size:<1mp",
        "-size:1mp",
        "size:0.9..1mp",
        "size:square",
        "cost:free",
        "cost:>0.05",
        "cost:<0.05",
        "cost:0.04",
        "cost:0.0413",
        "-cost:>0.0412",
        "cost:0.04..9",
        "cost:>300",
        "nothing:here",
        "model:",
    ]);
    proptest::collection::vec(
        prop_oneof![6 => term.prop_map(str::to_owned), 1 => "\\PC{1,5}"],
        1..4,
    )
    .prop_map(|terms| terms.join(" "))
}

/// Fills a history with `rows`, in this order, as the program would.
fn fill(store: &mut Store, rows: &mut [Generation]) {
    for (n, row) in rows.iter_mut().enumerate() {
        row.id = asked(n as u32 + 1, "").id;
    }
    store.enqueue(rows).unwrap();
    let db = super::raw(store.dir());
    for row in &*rows {
        db.execute(
            "UPDATE generations SET state = ?2, finished = ?3, cost = ?4 WHERE id = ?1",
            (
                row.id.to_string(),
                row.job.name(),
                row.finished.map(Timestamp::millis),
                row.cost.map(Cost::usd),
            ),
        )
        .unwrap();
        let opinion = &row.opinion;
        let changes = [
            Change::Rate(opinion.rating),
            Change::Tag { add: opinion.tags.clone(), remove: BTreeSet::new() },
            Change::Favourite(opinion.favourite),
        ];
        for change in changes.into_iter().chain(opinion.trashed.map(Change::Trash)) {
            store.change(&[row.id], &change).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_search_finds_what_a_look_at_every_row_finds(
        mut rows in proptest::collection::vec(generation(), 1..24),
        queries in proptest::collection::vec(typed(), 40),
    ) {
        let (_dir, mut store) = empty();
        fill(&mut store, &mut rows);
        let words = Words::new();
        for typed in queries {
            let query = query(&typed);
            let expected: Vec<_> = rows
                .iter()
                .rev()
                .filter(|row| words.pass(row, &query))
                .map(|row| row.id)
                .collect();
            for from in [Start::Newest, Start::Oldest] {
                let found = store.page(&query, from, 99).unwrap().into_iter();
                let found: Vec<_> = found.map(|entry| entry.generation.unwrap().id).collect();
                prop_assert_eq!(&found, &expected, "{}: {:?}", &typed, &query);
            }
            prop_assert_eq!(store.count(&query, 99).unwrap() as usize, expected.len(), "{}", &typed);
        }
    }
}

#[test]
fn no_search_reads_the_whole_table() {
    let (_dir, mut store) = empty();
    store.enqueue(&[asked(1, "a fox")]).unwrap();
    store
        .change(
            &[asked(1, "").id],
            &Change::Tag {
                add: BTreeSet::from(["night".parse::<Tag>().unwrap()]),
                remove: BTreeSet::new(),
            },
        )
        .unwrap();
    for typed in [
        "",
        "fox",
        "-fox",
        "model:demo",
        "provider:demo",
        "after:2020",
        "before:2030",
        "on:2026-11-18",
        "rated:>3",
        "rated:0",
        "tag:night",
        "fav",
        "-fav",
        "failed",
        "trashed",
        "has:base",
        "size:64x64",
        "size:>1.5mp",
        "size:portrait",
        "cost:>0.0413",
        "-cost:>0.0413",
        "fox -night model:demo fav after:2020 rated:>3 failed cost:>0.0413",
    ] {
        let steps = store.explain(&query(typed)).unwrap();
        assert!(!steps.is_empty(), "{typed}");
        for step in &steps {
            let is_search = step.starts_with("SCAN search VIRTUAL TABLE");
            assert!(!step.starts_with("SCAN") || is_search, "{typed}: {steps:?}");
            assert!(!step.contains("TEMP B-TREE"), "{typed} is sorted: {steps:?}");
        }
    }
}

#[test]
fn nor_does_any_other_question() {
    let (_dir, store) = empty();
    let others = store.explain_others().unwrap();
    assert!(others.len() > 7, "{others:?}");
    for (what, steps) in others {
        assert!(!steps.is_empty(), "{what}");
        for step in &steps {
            let is_known = match what {
                // The ends of ids are read out of their index, and no row but those found.
                "the end of an id" => step.starts_with("SCAN ids USING COVERING INDEX"),
                // It has one line for 1024 rows.
                "the blocks of a time" => step.starts_with("SCAN spans"),
                _ => step.starts_with("SCAN search VIRTUAL TABLE"),
            };
            let is_bounded = step.starts_with("SEARCH ") && step.contains('?');
            assert!(is_bounded || is_known, "{what}: {steps:?}");
        }
    }
}

/// What a jump to another day asks.
#[test]
fn rows_of_other_days_are_found_without_reading_the_table() {
    let (_dir, mut store) = empty();
    store.enqueue(&[asked(1, "a fox")]).unwrap();
    for typed in ["", "fox", "-hare failed"] {
        let steps = store.explain(&query(typed).except(at(0).day())).unwrap();
        assert!(!steps.is_empty(), "{typed}");
        for step in steps {
            let is_search = step.starts_with("SCAN search VIRTUAL TABLE");
            assert!(step.starts_with("SEARCH ") || is_search, "{typed}: {step}");
        }
    }
}

#[test]
fn a_search_with_a_name_is_kept_replaced_and_forgotten() {
    let (dir, mut store) = empty();
    store.enqueue(&[asked(1, "a fox"), asked(2, "a hare")]).unwrap();
    let saved = |query: &str| SavedSearch { name: "mine".to_owned(), query: query.to_owned() };
    store.save_search(&saved("hare")).unwrap();
    store.save_search(&saved(" fox ")).unwrap();
    drop(store);
    let mut store = Store::open(dir.path()).unwrap();
    assert_eq!(store.searches().unwrap(), [saved("fox")]);
    let found = store.page(&store.query("@mine", at(9)).unwrap(), Start::Newest, 9).unwrap();
    assert_eq!(found.len(), 1);
    store.save_search(&saved("")).unwrap();
    assert_eq!(store.searches().unwrap(), []);
    assert_eq!(store.query("@mine", at(9)).unwrap().wrong().len(), 1);
}

#[test]
fn a_search_that_nobody_waits_for_any_more_is_given_up() {
    let (_dir, mut store) = empty();
    let rows: Vec<_> = (1..3000).map(|n| asked(n, &format!("a fox {n}"))).collect();
    store.enqueue(&rows).unwrap();
    let all = |store: &Store| store.count(&query("-hare"), u32::MAX);
    assert_eq!(store.unless(|| true, all).unwrap(), None);
    assert_eq!(store.unless(|| false, all).unwrap(), Some(2999));
    assert_eq!(all(&store).unwrap(), 2999, "nothing of it is left");
}
