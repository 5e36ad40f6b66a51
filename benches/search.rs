//! Searching a long history while the words are typed: what each letter waits for.

use std::path::Path;
use std::time::Instant;

use pentimento::app::history::PAGE;
use pentimento::domain::{Query, Timestamp};
use pentimento::store::{Start, Store};

use crate::figures::Figures;
use crate::generator;

/// Searches as they are typed: common words, rare ones, several, and what is nowhere; each
/// condition alone; and conditions together, found often, seldom and never.
const TYPED: [&str; 34] = [
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
    "model:flux",
    "provider:openai",
    "after:2024-02",
    "before:2024",
    "on:2023-12-24",
    "rated:>3",
    "tag:night",
    "fav",
    "failed",
    "trashed",
    "is:done",
    "size:1024x1024",
    "size:>1mp",
    "size:<0.3mp",
    "size:portrait",
    "cost:>0.05",
    "cost:0.04",
    "cost:<0.0401",
    "has:base",
    "fox -night model:flux fav after:2023-12 rated:>3",
    "lighthouse fav failed",
    "size:landscape failed cost:>0.01",
    "lighthouse cost:>0.1 before:2024-01",
    "tag:night tag:harbour rated:5 -fav model:gpt",
];
const ROUNDS: usize = 3;

/// Measures with the history of `count` generations in `dir`, of which a page is wanted
/// within `goal` milliseconds.
pub(crate) fn measure(dir: &Path, count: u32, goal: u32) {
    let store = Store::open(dir).expect("the history opens");
    let now = Timestamp::from_millis(generator::FIRST + i64::from(count) * generator::PAUSE);
    let (mut pages, mut counts) = (Figures::default(), Figures::default());
    let mut slowest = Vec::new();
    for typed in (0..ROUNDS).flat_map(|_| TYPED) {
        let mut own = Figures::default();
        for (end, letter) in typed.char_indices() {
            let query = Query::parse(&typed[..end + letter.len_utf8()], now, &[]);
            let asked = Instant::now();
            store.page(&query, Start::Newest, PAGE).expect("a page can be read");
            pages.push(asked.elapsed());
            own.push(asked.elapsed());
            let asked = Instant::now();
            store.count(&query, u32::MAX).expect("matches can be counted");
            counts.push(asked.elapsed());
        }
        slowest.push((own.percentile(100), typed));
    }
    slowest.sort_by(|a, b| b.0.total_cmp(&a.0));
    pages.print(&format!("search while typing, a page of {count}"), &format!("goal p99 {goal} ms"));
    for (most, typed) in slowest.into_iter().take(6) {
        println!("  the slowest letter of “{typed}”: {most:.2} ms");
    }
    counts.print(&format!("search while typing, the number found of {count}"), "no goal");
}
