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
    search::measure(100_000, 16);
    // It takes eight minutes to make that history.
    if std::env::args().any(|argument| argument == "million") {
        search::measure(1_000_000, 33);
    }
    let mut criterion = Criterion::default().configure_from_args();
    frame::mean(&mut criterion);
    pictures::mean(&mut criterion);
    criterion.final_summary();
}
