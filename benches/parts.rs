//! The parts behind a quick program, each by itself: a frame, a search, a picture.

#![expect(clippy::print_stdout, reason = "figures are what a bench is for")]

mod figures;
mod frame;
mod generator;
mod pictures;
mod search;

use criterion::Criterion;

fn main() {
    frame::measure();
    search::measure();
    let mut criterion = Criterion::default().configure_from_args();
    frame::mean(&mut criterion);
    pictures::mean(&mut criterion);
    criterion.final_summary();
}
