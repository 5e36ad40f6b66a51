//! The parts behind a quick program, each by itself: a frame, a search, a walk, a picture.

#![expect(clippy::print_stdout, reason = "figures are what a bench is for")]

mod days;
mod desk;
mod figures;
mod frame;
mod generator;
mod histories;
mod lineage;
mod pictures;
mod search;
mod walk;

use std::path::Path;

use criterion::Criterion;

fn main() {
    frame::measure();
    let long = histories::kept(histories::LONG, 512);
    look_back(&long, histories::LONG, 16);
    if let Some(million) = histories::million() {
        look_back(&million, histories::MILLION, 33);
    }
    let mut criterion = Criterion::default().configure_from_args();
    frame::mean(&mut criterion);
    pictures::mean(&mut criterion);
    criterion.final_summary();
}

/// Everything that is done in the history of `count` generations in `dir`, of which a page of a
/// search is wanted within `goal` milliseconds.
fn look_back(dir: &Path, count: u32, goal: u32) {
    search::measure(dir, count, goal);
    walk::measure(dir, count);
    days::measure(dir, count);
    lineage::measure(dir, count);
}
