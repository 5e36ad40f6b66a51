//! Going through the history by its days.

use pentimento::domain::Generation;
use proptest::prelude::*;

use super::{asked, at, empty, query};
use crate::unlimited::Unlimited as _;

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Rows one after the other, and some that came from elsewhere with a time of their own.
    #[test]
    fn days_are_found_as_by_looking_at_every_row(
        pauses in proptest::collection::vec((0_u32..40, prop::bool::weighted(0.15)), 1..40),
        from in 0_usize..40,
    ) {
        let (_dir, mut store) = empty();
        let mut hour = 0;
        let mut all: Vec<Generation> = Vec::new();
        for (n, (pause, came_in)) in (0..).zip(&pauses) {
            let mut generation = asked(n, if n % 3 == 0 { "a fox" } else { "an owl" });
            hour += if *came_in { 0 } else { *pause };
            generation.created = at(if *came_in { pause * 13 } else { hour } * 3600);
            all.push(generation);
        }
        store.enqueue(&all).unwrap();
        let here = from % all.len();
        let place = |row: Option<&Generation>| store.position(row?.id).unwrap();
        for text in ["", "fox"] {
            let query = query(text);
            let finds = |row: &&Generation| row.request.prompt.contains(text);
            let day = all[here].created.day();
            let below = all[..here].iter().rev().filter(finds);
            let expected = below.into_iter().find(|row| !day.contains(&row.created));
            let found = store.day_below(&query, all[here].id).unwrap();
            prop_assert_eq!(found, place(expected), "below {}", here);

            let above: Vec<&Generation> = all[here + 1..].iter().filter(finds).collect();
            let own = above.iter().take_while(|row| day.contains(&row.created)).count();
            let expected = match (own, above.first()) {
                (0, None) => None,
                (0, Some(next)) => {
                    let day = next.created.day();
                    above.iter().take_while(|row| day.contains(&row.created)).last()
                }
                (own, _) => above.get(own - 1),
            };
            let found = store.day_above(&query, all[here].id).unwrap();
            prop_assert_eq!(found, place(expected.copied()), "above {}", here);
        }
    }
}

#[test]
fn a_day_of_many_blocks_is_left_in_one_step() {
    let (_dir, mut store) = empty();
    let all: Vec<_> = (0..5000)
        .map(|n| {
            let mut generation = asked(n, if n % 2 == 0 { "a fox" } else { "an owl" });
            generation.created = at(if (3..=4990).contains(&n) { 864_000 + n } else { n });
            generation
        })
        .collect();
    store.enqueue(&all).unwrap();
    for text in ["", "fox"] {
        let query = query(text);
        let place = |n: usize| store.position(all[n].id).unwrap();
        let below = store.day_below(&query, all[4000].id).unwrap();
        assert_eq!(below, place(2), "{text}");
        let above = store.day_above(&query, all[2].id).unwrap();
        assert_eq!(above, place(4990), "{text}");
        let first = store.day_above(&query, all[1000].id).unwrap();
        assert_eq!(first, place(4990), "{text}");
        assert_eq!(store.day_below(&query, all[1].id).unwrap(), None, "{text}");
    }
}
