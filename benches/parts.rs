//! The parts behind a quick program, each by itself: a frame, a search, a picture.

#![expect(clippy::print_stdout, reason = "figures are what a bench is for")]

mod figures;
mod frame;
mod generator;
mod histories;
mod pictures;
mod search;
mod walk;

use criterion::Criterion;

fn main() {
    frame::measure();
    let long = histories::kept(100_000, 512);
    search::measure(&long, 100_000, 16);
    walk::measure(&long, 100_000);
    if let Some(million) = histories::million() {
        search::measure(&million, histories::MILLION, 33);
        walk::measure(&million, histories::MILLION);
    }
    let mut criterion = Criterion::default().configure_from_args();
    frame::mean(&mut criterion);
    pictures::mean(&mut criterion);
    criterion.final_summary();
}
