//! Going through a long history by its days: to the next one below and above, from any place.

use std::path::Path;

use pentimento::app::history::PAGE;
use pentimento::domain::{Query, Timestamp};
use pentimento::store::{Position, Start, Store, StoreError};

use crate::desk::{Desk, chords};
use crate::figures::Figures;
use crate::generator;
use crate::walk::timed;

/// How often each jump is made.
const TIMES: u32 = 200;
/// What days are gone along of: everything, and what was found often, seldom and nowhere else.
const FOUND: [&str; 6] =
    ["", "lighthouse", "failed", "fav rated:>3", "tag:harbour -tag:zeppelin", "take 4711"];

/// Measures with the history of `count` generations in `dir`.
pub(crate) fn measure(dir: &Path, count: u32) {
    let store = Store::open(dir).expect("the history opens");
    for typed in FOUND {
        jumps(&store, count, typed);
    }
    let newest = generator::generation(count - 1).created;
    let mut desk = Desk::new(store, newest);
    for (what, view) in [("list", "F3"), ("gallery", "v")] {
        desk.keys(view);
        desk.keys("g");
        keys(&mut desk, &format!("the {what} of {count}"));
    }
}

/// Jumps from places all over the history, with the page that is shown then.
fn jumps(store: &Store, count: u32, typed: &str) {
    let query = Query::parse(typed, Timestamp::default(), &[]);
    let (mut below, mut above) = (Figures::default(), Figures::default());
    let land = |place: Result<Option<Position>, StoreError>| {
        if let Some(place) = place.expect("a day can be found") {
            store.page(&query, Start::At(place), PAGE).expect("a page can be read");
        }
    };
    for nth in 0..TIMES {
        let id = generator::id(nth * (count / TIMES));
        timed(&mut below, || land(store.day_below(&query, id)));
        timed(&mut above, || land(store.day_above(&query, id)));
    }
    let of =
        if typed.is_empty() { String::new() } else { format!(", of what “{typed}” finds") };
    below.print(&format!("jump to the day below in {count}{of}"), "a frame is 16.7 ms");
    above.print(&format!("jump to the day above in {count}{of}"), "16.7 ms");
}

/// From a key to the frame that shows another day, rows and headings that had to be read for
/// it included.
fn keys(desk: &mut Desk, place: &str) {
    let (mut frames, mut days) = (Figures::default(), Figures::default());
    for chord in [chords("}"), chords("{")].concat() {
        for _ in 0..TIMES {
            let pressed = desk.press(chord);
            frames.push(pressed);
            let answered = desk.answer();
            days.push(pressed + answered + desk.frame());
        }
    }
    frames.print(&format!("key to the first frame, jumps along {place}"), "goal p99 4 ms");
    days.print(&format!("key to the other day, jumps along {place}"), "16.7 ms");
}
