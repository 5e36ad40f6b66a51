//! From a key to the bytes of the frame that shows it, without a terminal: update,
//! draw, pictures, and the difference that would be written.

use criterion::Criterion;
use pentimento::app::Event;
use pentimento::domain::{Job, Progress, Timestamp};
use pentimento::store::Store;

use crate::desk::{Desk, chords};
use crate::figures::Figures;
use crate::generator;

/// Jobs under way, numbered after those of the history.
const JOBS: std::ops::Range<u32> = 1000..1008;
const ROUNDS: usize = 40;
/// One round of keys: writing, the round of panes, walking the list, help, full screen.
const KEYS: &str = "space a space f o x i n space t h e space s n o w backspace backspace left \
    right home alt+b ctrl+w end ctrl+u F3 j j j j k j ctrl+d ctrl+u j i i z z F4 F1 j j esc tab \
    tab tab F3 / s e a esc F2";

pub(crate) fn measure() {
    let dir = generator::history(JOBS.start, 512);
    let mut desk = busy(Store::open(dir.path()).expect("the history opens"));
    let mut figures = Figures::default();
    let keys = chords(KEYS);
    for _ in 0..ROUNDS {
        for &chord in &keys {
            figures.push(desk.press(chord));
            desk.answer();
        }
    }
    let frames = figures.count();
    figures.print("key to finished frame, 8 jobs under way", "120 × 40; goal p99 4 ms");
    println!("bytes of a frame: {} in the mean", desk.written() / frames);
}

/// The same by the key, as a mean.
pub(crate) fn mean(criterion: &mut Criterion) {
    let dir = generator::history(JOBS.start, 512);
    let mut desk = busy(Store::open(dir.path()).expect("the history opens"));
    let mut keys = chords(KEYS).into_iter().cycle();
    criterion.bench_function("key to finished frame", |bencher| {
        bencher.iter_custom(|times| {
            let press = |chord| {
                let took = desk.press(chord);
                desk.answer();
                took
            };
            (0..times).filter_map(|_| keys.next()).map(press).sum()
        });
    });
}

/// A studio with eight jobs under way.
fn busy(store: Store) -> Desk {
    let jobs: Vec<_> = JOBS.map(generator::generation).collect();
    let now = jobs.last().map_or_else(Timestamp::default, |job| job.created);
    let ids: Vec<_> = jobs.iter().map(|job| job.id).collect();
    let mut desk = Desk::new(store, now);
    desk.happen(Event::Queued(jobs));
    for id in ids {
        let job = Job::Running { since: now, attempt: 1 };
        desk.happen(Event::Progress(Progress { id, job, sent: None }));
    }
    desk.frame();
    desk
}
