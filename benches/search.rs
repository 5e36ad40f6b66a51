//! Searching a long history while the words are typed: what each letter waits for.

use std::time::Instant;

use pentimento::app::history::PAGE;
use pentimento::store::{Filter, Start, Store};

use crate::figures::Figures;
use crate::generator;

/// Searches as they are typed: common words, rare ones, several, and what is nowhere.
const TYPED: [&str; 10] = [
    "lighthouse",
    "watercolour",
    "a red fox in deep snow",
    "observatory moonlight pastel",
    "take 4711",
    "zeppelin",
    "xyzzy",
    "-storm",
    "\"golden light\" cat",
    "demo painter",
];
const ROUNDS: usize = 3;

pub(crate) fn measure() {
    let dir = generator::history(100_000, 512);
    let store = Store::open(dir.path()).expect("the history opens");
    let (mut pages, mut counts) = (Figures::default(), Figures::default());
    for typed in (0..ROUNDS).flat_map(|_| TYPED) {
        for (end, letter) in typed.char_indices() {
            let filter = Filter::parse(&typed[..end + letter.len_utf8()]);
            let asked = Instant::now();
            store.page(&filter, Start::Newest, PAGE).expect("a page can be read");
            pages.push(asked.elapsed());
            let asked = Instant::now();
            store.count(&filter, u32::MAX).expect("matches can be counted");
            counts.push(asked.elapsed());
        }
    }
    pages.print("search while typing, a page of 100000", "goal p99 16 ms");
    counts.print("search while typing, the number found of 100000", "no goal");
}
