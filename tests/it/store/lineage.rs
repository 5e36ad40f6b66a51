//! What came from what, found in the store.

use std::collections::BTreeSet;

use pentimento::domain::{Change, Generation, GenerationId, Lineage};
use pentimento::store::Store;
use proptest::prelude::*;

use super::{asked, at, empty, raw};
use crate::unlimited::Unlimited as _;

/// Generations 0, 1, 2 …, of which each came from the one of this number.
fn family(parents: &[Option<u32>]) -> Vec<Generation> {
    let one = |(n, parent): (u32, &Option<u32>)| {
        let mut generation = asked(n, &format!("number {n}"));
        generation.parent = parent.map(|parent| asked(parent, "").id);
        generation
    };
    (0..).zip(parents).map(one).collect()
}

fn kept(store: &mut Store, family: &[Generation]) -> Vec<GenerationId> {
    store.enqueue(family).unwrap();
    family.iter().map(|generation| generation.id).collect()
}

fn ids(lineage: &Lineage) -> Vec<GenerationId> {
    lineage.relatives.iter().map(|relative| relative.id).collect()
}

#[test]
fn a_lineage_is_all_that_hangs_together_each_after_its_parent() {
    let (_dir, mut store) = empty();
    let parents = [None, Some(0), Some(1), None, Some(1), Some(0), Some(3)];
    let all = kept(&mut store, &family(&parents));
    for of in [0, 1, 2, 4, 5] {
        let lineage = store.lineage(all[of], 99).unwrap();
        let expected = [all[0], all[1], all[5], all[2], all[4]];
        assert_eq!((ids(&lineage), lineage.is_cut), (expected.to_vec(), false), "of {of}");
    }
    assert_eq!(ids(&store.lineage(all[6], 99).unwrap()), [all[3], all[6]]);
}

#[test]
fn one_deleted_for_good_stays_between_what_it_came_from_and_what_came_of_it() {
    let (_dir, mut store) = empty();
    let mut family = family(&[None, Some(0), Some(1)]);
    family[1].template = Some("{very secret|secret}".to_owned());
    let all = kept(&mut store, &family);
    store.cancel(all[1], at(9)).unwrap();
    store.change(&all[1..2], &Change::Trash(at(10))).unwrap();
    assert_eq!(store.empty_trash().unwrap().generations, 1);
    let lineage = store.lineage(all[2], 99).unwrap();
    assert_eq!(ids(&lineage), all);
    let gone: Vec<bool> = lineage.relatives.iter().map(|relative| relative.is_gone).collect();
    assert_eq!(gone, [false, true, false]);
}

#[test]
fn nothing_of_the_words_of_what_was_deleted_for_good_is_left() {
    let (dir, mut store) = empty();
    let mut family = family(&[None]);
    family[0].template = Some("{very secret|secret}".to_owned());
    let all = kept(&mut store, &family);
    store.cancel(all[0], at(9)).unwrap();
    store.change(&all, &Change::Trash(at(10))).unwrap();
    store.empty_trash().unwrap();
    let left: String = raw(dir.path())
        .query_row("SELECT coalesce(template, '') || request FROM generations", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert!(!left.contains("secret"), "{left}");
}

#[test]
fn a_parent_that_was_lost_is_there_as_one_that_is_gone() {
    let (_dir, mut store) = empty();
    let mut lost = asked(2, "left behind");
    lost.parent = Some(asked(1, "").id);
    let all = kept(&mut store, &[lost]);
    let lineage = store.lineage(all[0], 99).unwrap();
    assert_eq!(ids(&lineage), [asked(1, "").id, all[0]]);
    assert!(lineage.relatives[0].is_gone);
}

#[test]
fn of_a_large_lineage_the_nearest_are_found() {
    let (_dir, mut store) = empty();
    let line: Vec<Option<u32>> = (0..40_u32).map(|n| n.checked_sub(1)).collect();
    let all = kept(&mut store, &family(&line));
    let lineage = store.lineage(all[20], 10).unwrap();
    assert!(lineage.is_cut);
    assert_eq!(ids(&lineage), all[15..25]);
    let wide: Vec<Option<u32>> = (0..40_u32).map(|n| (n > 0).then_some(0)).collect();
    let (_dir, mut store) = empty();
    let all = kept(&mut store, &family(&wide));
    let lineage = store.lineage(all[0], 10).unwrap();
    assert_eq!((ids(&lineage), lineage.is_cut), (all[..10].to_vec(), true));
}

#[test]
fn what_a_generation_came_from_is_there_however_many_come_of_that() {
    let (_dir, mut store) = empty();
    let parents: Vec<Option<u32>> = (0..600_u32).map(|n| n.checked_sub(1).map(|n| n / 3)).collect();
    let all = kept(&mut store, &family(&parents));
    let lineage = store.lineage(all[599], 20).unwrap();
    let found = ids(&lineage);
    assert_eq!((found.len(), lineage.is_cut), (20, true));
    for n in [599, 199, 66, 21, 6, 1, 0] {
        assert!(found.contains(&all[n]), "{n}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// Any parents at all, circles too, as only a damaged history has them.
    #[test]
    fn a_lineage_ends_and_names_nobody_twice(
        parents in proptest::collection::vec(proptest::option::of(0_u32..12), 12),
        of in 0_usize..12,
        most in 2_usize..14,
    ) {
        let (_dir, mut store) = empty();
        let all = kept(&mut store, &family(&parents));
        let lineage = store.lineage(all[of], most).unwrap();
        let found = ids(&lineage);
        let different: BTreeSet<_> = found.iter().collect();
        prop_assert_eq!(different.len(), found.len());
        prop_assert!(found.contains(&all[of]));
        prop_assert!(found.len() <= most.max(most / 2 + 1));
        for (place, relative) in lineage.relatives.iter().enumerate().skip(1) {
            let parent = relative.parent.expect("all but the first came from another one");
            prop_assert!(found[..place].contains(&parent));
        }
    }
}
