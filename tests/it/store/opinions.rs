//! Opinions, what takes them back, and the trash: against a plain model, on a real disk.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pentimento::domain::{
    Change, Generation, GenerationId, Job, Opinion, Query, Rating, Tag, Timestamp, Weight,
};
use pentimento::store::{Outcome, Start, Store};
use proptest::prelude::*;

use super::{asked, at, empty, prompts, query, raw, worker};
use crate::unlimited::Unlimited as _;

/// A generation that is done, with one picture of its own bytes and a receipt.
fn done(store: &mut Store, n: u32) -> Generation {
    let asked = asked(n, &format!("fox {n}"));
    store.enqueue(std::slice::from_ref(&asked)).unwrap();
    store.take_up(asked.id, &worker(1), at(n)).unwrap();
    store.connected(asked.id, 1, at(n)).unwrap();
    store.image_kept(&store.keep(&asked, 0, format!("picture {n}").as_bytes()).unwrap()).unwrap();
    let outcome = Outcome { job: Job::Done, usage: None, cost: None, words: None };
    assert!(store.finish(asked.id, 1, &outcome, at(n + 1)).unwrap());
    let generation = store.get(asked.id).unwrap().unwrap();
    store.write_receipt(&generation).unwrap();
    generation
}

fn tags(words: &[&str]) -> BTreeSet<Tag> {
    words.iter().map(|word| word.parse().unwrap()).collect()
}

/// Settles everything.
fn settle(store: &mut Store) {
    while store.settle().unwrap() {}
}

fn opinion(store: &Store, id: GenerationId) -> Opinion {
    store.get(id).unwrap().unwrap().opinion
}

/// Every file below `dir/name`, without receipts.
fn pictures(dir: &Path, name: &str) -> BTreeSet<String> {
    let mut open = vec![dir.join(name)];
    let mut found = BTreeSet::new();
    while let Some(dir) = open.pop() {
        for entry in dir.read_dir().into_iter().flatten().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_none_or(|ending| ending != "json") {
                found.insert(fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

/// What a user may do.
#[derive(Clone, Debug)]
enum Deed {
    Change(BTreeSet<usize>, Change),
    Undo,
    Redo,
    Restart,
    Settle,
}

fn deed() -> impl Strategy<Value = Deed> {
    let some = proptest::collection::btree_set(0..4_usize, 1..4);
    let words = proptest::collection::btree_set(
        proptest::sample::select(&["night", "fox", "漢字"]).prop_map(|word| word.parse().unwrap()),
        0..3,
    );
    let change = prop_oneof![
        any::<bool>().prop_map(Change::Favourite),
        (0..=5_u8).prop_map(|stars| Change::Rate(Rating::new(stars))),
        (words.clone(), words).prop_map(|(add, remove)| Change::Tag { add, remove }),
        (0..99_u32).prop_map(|n| Change::Trash(at(n))),
        Just(Change::Restore),
    ];
    prop_oneof![
        6 => (some, change).prop_map(|(some, change)| Deed::Change(some, change)),
        3 => Just(Deed::Undo),
        2 => Just(Deed::Redo),
        1 => Just(Deed::Restart),
        1 => Just(Deed::Settle),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_done_undone_and_done_again_is_as_in_a_plain_model(
        deeds in proptest::collection::vec(deed(), 1..40),
    ) {
        let (dir, mut store) = empty();
        let all: Vec<_> = (0..4).map(|n| done(&mut store, n)).collect();
        let mut now = vec![Opinion::default(); all.len()];
        let (mut past, mut future): (Vec<Vec<Opinion>>, Vec<Vec<Opinion>>) = (vec![], vec![]);
        for deed in deeds {
            match deed {
                Deed::Change(whom, change) => {
                    let ids: Vec<_> = whom.iter().map(|n| all[*n].id).collect();
                    let changed = store.change(&ids, &change).unwrap();
                    let before = now.clone();
                    for n in whom {
                        now[n] = now[n].after(&change);
                    }
                    let different = now.iter().zip(&before).filter(|(now, then)| now != then).count();
                    prop_assert_eq!(changed.generations.len(), different);
                    if different > 0 {
                        past.push(before);
                        future.clear();
                    }
                }
                Deed::Undo => {
                    let undone = store.undo().unwrap();
                    prop_assert_eq!(undone.is_some(), !past.is_empty());
                    if let Some(before) = past.pop() {
                        future.push(std::mem::replace(&mut now, before));
                    }
                }
                Deed::Redo => {
                    let redone = store.redo().unwrap();
                    prop_assert_eq!(redone.is_some(), !future.is_empty());
                    if let Some(after) = future.pop() {
                        past.push(std::mem::replace(&mut now, after));
                    }
                }
                Deed::Restart => {
                    drop(store);
                    store = Store::open(dir.path()).unwrap();
                }
                Deed::Settle => settle(&mut store),
            }
            let kept: Vec<_> = all.iter().map(|row| opinion(&store, row.id)).collect();
            prop_assert_eq!(&kept, &now);
            let shown = prompts(&store, "", Start::Oldest, 9).len();
            prop_assert_eq!(shown, now.iter().filter(|it| it.trashed.is_none()).count());
            let used: BTreeSet<_> = now.iter().flat_map(|it| it.tags.iter().cloned()).collect();
            prop_assert_eq!(store.tags().unwrap().into_iter().collect::<BTreeSet<_>>(), used);
            // Pictures lie where their rows say, whole, and each once.
            for row in &all {
                let image = store.get(row.id).unwrap().unwrap().images.remove(0);
                prop_assert!(store.verify(&image).unwrap(), "{}", image.path.display());
            }
            let (here, there) = (pictures(dir.path(), "images"), pictures(dir.path(), "trash"));
            prop_assert_eq!(here.len() + there.len(), all.len());
        }
        // The receipts know it all too.
        settle(&mut store);
        drop(store);
        fs::remove_file(dir.path().join("history.db")).unwrap();
        let mut store = Store::open(dir.path()).unwrap();
        prop_assert_eq!(store.rebuild().unwrap().added, all.len());
        let again: Vec<_> = all.iter().map(|row| opinion(&store, row.id)).collect();
        prop_assert_eq!(again, now);
        prop_assert!(store.rebuild().unwrap().is_empty());
    }
}

#[test]
fn a_crash_between_the_row_and_the_file_is_mended_by_the_next_start() {
    let (dir, mut store) = empty();
    let one = done(&mut store, 1);
    let before = one.images[0].path.clone();
    store.change(&[one.id], &Change::Trash(at(5))).unwrap();
    let trashed = store.get(one.id).unwrap().unwrap().images[0].path.clone();
    assert!(trashed.starts_with(dir.path().join("trash")) && trashed.exists() && !before.exists());
    // As a crash right after the row would have left it.
    fs::rename(&trashed, &before).unwrap();
    drop(store);
    let mut store = Store::open(dir.path()).unwrap();
    settle(&mut store);
    assert!(trashed.exists() && !before.exists());

    store.undo().unwrap().unwrap();
    fs::rename(&before, &trashed).unwrap();
    drop(store);
    let mut store = Store::open(dir.path()).unwrap();
    settle(&mut store);
    assert!(before.exists() && !trashed.exists());
    assert!(!store.settle().unwrap(), "nothing is left to do");
}

#[test]
fn favourites_and_what_is_under_way_do_not_go_to_the_trash() {
    let (_dir, mut store) = empty();
    let (one, two) = (done(&mut store, 1), done(&mut store, 2));
    let waiting = asked(3, "fox 3");
    store.enqueue(std::slice::from_ref(&waiting)).unwrap();
    store.change(&[one.id], &Change::Favourite(true)).unwrap();
    let all = [one.id, two.id, waiting.id];
    let changed = store.change(&all, &Change::Trash(at(9))).unwrap();
    assert_eq!((changed.generations.len(), changed.protected, changed.under_way), (1, 1, 1));
    assert_eq!(prompts(&store, "", Start::Newest, 9), ["fox 3", "fox 1"]);
    assert_eq!(prompts(&store, "trashed", Start::Newest, 9), ["fox 2"]);
    assert_eq!(prompts(&store, "fox", Start::Newest, 9), ["fox 3", "fox 1"]);
    // All of it is one step.
    assert_eq!(store.undo().unwrap().unwrap().generations.len(), 1);
    assert_eq!(prompts(&store, "", Start::Newest, 9).len(), 3);
}

#[test]
fn emptying_the_trash_deletes_all_but_favourites_and_what_was_paid() {
    let (dir, mut store) = empty();
    let all: Vec<_> = (1..=3).map(|n| done(&mut store, n)).collect();
    let ids: Vec<_> = all.iter().map(|row| row.id).collect();
    raw(dir.path()).execute("UPDATE generations SET cost = 0.04", []).unwrap();
    let tag = Change::Tag { add: tags(&["night"]), remove: BTreeSet::new() };
    store.change(&ids[..1], &tag).unwrap();
    store.change(&ids[..2], &Change::Trash(at(9))).unwrap();
    store.change(&ids[1..2], &Change::Favourite(true)).unwrap();
    settle(&mut store);
    let weight = store.weigh_trash().unwrap();
    assert_eq!(weight, Weight { generations: 1, images: 1, bytes: 9 });
    assert_eq!(store.empty_trash().unwrap(), weight);
    assert_eq!(store.empty_trash().unwrap(), Weight::default());

    assert_eq!(store.get(ids[0]).unwrap(), None);
    assert_eq!(store.tags().unwrap(), []);
    assert_eq!(prompts(&store, "", Start::Newest, 9), ["fox 3"]);
    assert_eq!(prompts(&store, "trashed", Start::Newest, 9), ["fox 2"]);
    assert_eq!(prompts(&store, "\"fox 1\"", Start::Newest, 9), [""; 0]);
    assert_eq!(pictures(dir.path(), "trash"), BTreeSet::from(["picture 2".to_owned()]));
    let spent = "SELECT sum(cost) FROM generations";
    let spent: f64 = raw(dir.path()).query_row(spent, [], |row| row.get(0)).unwrap();
    assert!((spent - 0.12).abs() < 1e-9, "{spent}");
    let words = "SELECT count(*) FROM generations WHERE request LIKE '%fox 1%'";
    let words: u32 = raw(dir.path()).query_row(words, [], |row| row.get(0)).unwrap();
    assert_eq!(words, 0);
    // What is left of the past can be taken back, what was emptied is not in it.
    assert!(
        !opinion(
            &{
                store.undo().unwrap().unwrap();
                Store::open(dir.path()).unwrap()
            },
            ids[1]
        )
        .favourite
    );
    assert_eq!(store.undo().unwrap().unwrap().generations[0].id, ids[1]);
    assert_eq!(store.undo().unwrap(), None);
    assert!(store.rebuild().unwrap().is_empty(), "nothing comes back");
}

#[test]
fn a_picture_that_comes_late_follows_its_generation_into_the_trash() {
    let (dir, mut store) = empty();
    let one = done(&mut store, 1);
    store.change(&[one.id], &Change::Trash(at(5))).unwrap();
    settle(&mut store);
    let generation = store.get(one.id).unwrap().unwrap();
    store.image_kept(&store.keep(&generation, 1, b"late").unwrap()).unwrap();
    settle(&mut store);
    assert_eq!(pictures(dir.path(), "images"), BTreeSet::new());
    assert_eq!(pictures(dir.path(), "trash").len(), 2);
}

#[test]
fn a_picture_in_the_trash_of_a_lost_history_is_in_the_trash_of_the_next() {
    let (dir, mut store) = empty();
    let one = done(&mut store, 1);
    store.change(&[one.id], &Change::Trash(at(5))).unwrap();
    settle(&mut store);
    drop(store);
    fs::remove_file(dir.path().join("history.db")).unwrap();
    fs::remove_dir_all(dir.path().join("images")).unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    assert_eq!(store.rebuild().unwrap().pictures, 1);
    settle(&mut store);
    assert_eq!(prompts(&store, "", Start::Newest, 9), [""; 0]);
    let found = store.page(&query("trashed"), Start::Newest, 9).unwrap().remove(0);
    assert!(store.verify(&found.generation.unwrap().images[0]).unwrap());
    assert_eq!(pictures(dir.path(), "trash").len(), 1);
    store.empty_trash().unwrap();
    assert!(store.rebuild().unwrap().is_empty());
}

#[test]
fn what_was_kept_by_an_older_program_can_be_searched_by_everything() {
    let dir = tempfile::TempDir::new().unwrap();
    let old = raw(dir.path());
    old.execute_batch(include_str!("../../../src/store/migrations/001-history.sql")).unwrap();
    old.execute_batch(include_str!("../../../src/store/migrations/002-service.sql")).unwrap();
    old.pragma_update(None, "user_version", 2).unwrap();
    let request = r#"{"prompt": "a fox", "model": "openai:gpt", "width": 64, "height": 32}"#;
    old.execute(
        "INSERT INTO generations (id, request, state, created, finished, cost) \
         VALUES (?1, ?2, 'cancelled', ?3, ?3, 0.04)",
        (asked(1, "").id.to_string(), request, at(1).millis()),
    )
    .unwrap();
    drop(old);
    let store = Store::open(dir.path()).unwrap();
    for typed in [
        "fox",
        "provider:openai",
        "model:gpt",
        "cancelled",
        "size:landscape",
        "size:64x32",
        "cost:0.04",
        "on:2026-11",
        "rated:0",
        "-fav",
        "-trashed",
    ] {
        assert_eq!(prompts(&store, typed, Start::Newest, 9), ["a fox"], "{typed}");
    }
    assert_eq!(store.count(&query("-fox"), 9).unwrap(), 0);
    assert_eq!(store.count(&Query::default(), 9).unwrap(), 1);
    let opinion = opinion(&store, asked(1, "").id);
    assert_eq!(opinion, Opinion::default());
    assert_eq!(Timestamp::default(), opinion.trashed.unwrap_or_default());
}
