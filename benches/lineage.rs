//! A lineage of hundreds: from the key that opens it to its tree, and to the words of those in
//! sight; and from a key that walks along it to the frame.

use std::path::Path;

use pentimento::store::Store;

use crate::desk::{Desk, chords};
use crate::figures::Figures;
use crate::generator::{self, ERA, FAMILY};
use crate::histories;

/// How many lineages are opened.
const TIMES: u32 = 40;
/// Steps along each of them.
const STEPS: &str = "j j j j right ctrl+d ctrl+d k left left g G } { ctrl+u k";

/// Measures with the history of `count` generations in `dir`.
pub(crate) fn measure(dir: &Path, count: u32) {
    let store = Store::open(dir).expect("the history opens");
    let newest = generator::generation(count - 1).created;
    let mut desk = Desk::new(store, newest);
    desk.keys("F3");
    let [mut found, mut first, mut drawn, mut read, mut steps] =
        [(); 5].map(|()| Figures::default());
    let open = chords("l")[0];
    let eras = count / ERA;
    for nth in 0..TIMES.min(eras) {
        // One in the middle of its family: some came before it, and some after.
        let middle = nth * eras / TIMES.min(eras) * ERA + FAMILY / 2;
        let of = if histories::is_in_the_trash(middle) { middle + 1 } else { middle };
        desk.keys("/ ctrl+u");
        desk.type_text(&format!("\"take {of}\""));
        desk.keys("enter");
        let selected = desk.state.selected().map(|generation| generation.id);
        assert_eq!(selected, Some(generator::id(of)), "it is found by its number");

        let pressed = desk.press(open);
        let asked = desk.answer_once();
        let tree = pressed + asked + desk.frame();
        let answered = desk.answer();
        first.push(pressed);
        found.push(asked);
        drawn.push(tree);
        read.push(tree + answered + desk.frame());
        let size = desk.state.lineage.as_ref().map_or(0, |lineage| lineage.tree().len());
        assert!(size >= FAMILY as usize, "the whole family is there, not {size} of it");
        for chord in chords(STEPS) {
            steps.push(desk.press(chord));
            desk.answer();
        }
        desk.keys("esc");
    }
    let of = format!("lineage of {FAMILY} in {count}");
    first.print(&format!("{of}: key to its first frame"), "goal p99 4 ms");
    found.print(&format!("{of}: the tree, found and arranged"), "no goal");
    drawn.print(&format!("{of}: key to the frame with the tree"), "a frame is 16.7 ms");
    read.print(&format!("{of}: key to the frame with words and changes"), "no goal");
    steps.print(&format!("{of}: a step along it, key to finished frame"), "goal p99 4 ms");
}
