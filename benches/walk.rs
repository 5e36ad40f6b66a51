//! Walking through a long history and changing it: what each step of a person waits for.

use std::fs;
use std::path::Path;
use std::time::Instant;

use pentimento::app::history::PAGE;
use pentimento::domain::{Allowance, Change, GenerationId, Query, Timestamp};
use pentimento::store::{Position, Start, Store};
use tempfile::TempDir;

use crate::figures::Figures;
use crate::generator;

/// How often each step is taken.
const TIMES: u32 = 200;
/// Generations that one bulk action is for.
const MARKED: u32 = 500;

/// Measures with the history of `count` generations in `dir`, of which a copy is changed.
pub(crate) fn measure(dir: &Path, count: u32) {
    let copy = copy(dir);
    let mut store = Store::open(copy.path()).expect("the history opens");
    pages(&store, count);
    changes(&mut store, count);
}

/// A copy of the database in `dir`, without the pictures, to be changed.
fn copy(dir: &Path) -> TempDir {
    let copy = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory can be made");
    fs::copy(dir.join("history.db"), copy.path().join("history.db")).expect("it can be copied");
    copy
}

fn pages(store: &Store, count: u32) {
    let all = Query::default();
    let page = |from| store.page(&all, from, PAGE).expect("a page can be read");
    let (mut ends, mut on) = (Figures::default(), Figures::default());
    for _ in 0..TIMES {
        timed(&mut ends, || page(Start::Oldest));
        timed(&mut ends, || page(Start::Newest));
    }
    let mut from = Start::Newest;
    for _ in 0..TIMES {
        let entries = timed(&mut on, || page(from));
        let last: Option<Position> = entries.last().map(|entry| entry.position);
        from = last.map_or(Start::Newest, Start::OlderThan);
    }
    ends.print(&format!("jump to an end of {count}"), "a frame at 60 a second is 16.7 ms");
    on.print(&format!("page on through {count}, {PAGE} rows"), "16.7 ms");
}

fn changes(store: &mut Store, count: u32) {
    let (mut write, mut one, mut many) =
        (Figures::default(), Figures::default(), Figures::default());
    for n in count..count + TIMES {
        let generation = [generator::generation(n)];
        timed(&mut write, || {
            store.order(&generation, &Allowance::default()).expect("a row is written")
        });
    }
    let now = Timestamp::from_millis(generator::FIRST);
    let undo = |store: &mut Store, ids: &[GenerationId], figures: &mut Figures| {
        store.change(ids, &Change::Trash(now)).expect("an opinion is written");
        timed(figures, || store.undo().expect("it is taken back"));
    };
    for n in 0..TIMES {
        undo(store, &[generator::id(n * (count / TIMES))], &mut one);
    }
    let ids: Vec<_> = (0..MARKED).map(|n| generator::id(n * (count / MARKED))).collect();
    for _ in 0..TIMES / 20 {
        undo(store, &ids, &mut many);
    }
    write.print(&format!("write a new generation to {count}"), "goal 5 ms");
    one.print(&format!("undo one of {count}"), "no goal");
    many.print(&format!("undo {MARKED} at once of {count}"), "no goal");
}

/// Does `work`, and notes how long it took.
pub(crate) fn timed<T>(figures: &mut Figures, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = work();
    figures.push(begun.elapsed());
    done
}
