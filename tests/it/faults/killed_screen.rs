//! Promise 3: no delivered picture is lost when the screen dies.

use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, Signal, prlimit};

use super::chance::Chance;
use super::paid::{Manner, Paid, wait_until};
use super::{figures, times};
use crate::home::wait_for;
use crate::studio::Studio;

/// How a screen ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Death {
    /// `kill -9`.
    Killed,
    /// Its line drops.
    HungUp,
    /// SIGTERM.
    Terminated,
    /// From inside: it has no memory left for what it is doing.
    Starved,
}

/// Studios in one history.
const STUDIOS: usize = 10;

/// The longest wait before a studio dies, after its request is in the history.
const LATEST: Duration = Duration::from_millis(60);

/// Opens a studio and has it ask for a picture.
fn asking(paid: &Paid, prompt: &str) -> Studio {
    let mut studio = Studio::open_in(&paid.home, 120, 40);
    // Until then the draft of another studio may still come into the form.
    let is_open = |screen: &str| screen.contains("History · ") || screen.contains("Nothing made");
    studio
        .until("the history", is_open)
        .keys(&format!("<F2><ctrl+u>{prompt}"))
        .shows(prompt)
        .generate();
    studio
}

fn end(studio: &mut Studio, death: Death) {
    match death {
        Death::Killed => studio.signal(Signal::KILL),
        Death::Terminated => studio.signal(Signal::TERM),
        Death::HungUp => studio.hang_up(),
        Death::Starved => {
            let none = Rlimit { current: Some(1), maximum: Some(1) };
            prlimit(Some(studio.pid()), Resource::As, none).expect("a limit can be lowered");
            studio.paste(&"a fox ".repeat(100_000));
        }
    }
    studio.end();
}

/// What was lost of so many requests that were in the history when their screens died.
fn lost(paid: &Paid, asked: usize) -> Vec<String> {
    let mut found = paid.objections();
    let rows = paid.rows();
    if rows.len() != asked {
        found.push(format!("{} rows of {asked} requests", rows.len()));
    }
    let undone = rows.iter().filter(|row| row.job.name() != "done");
    found.extend(undone.map(|row| format!("{}: {:?}", row.request.prompt, row.job)));
    found
}

#[test]
fn whatever_ends_the_screen_every_picture_it_asked_for_arrives_once() {
    let deaths = [
        (Death::Killed, times(2, 1_000)),
        (Death::HungUp, times(1, 250)),
        (Death::Terminated, times(1, 250)),
        (Death::Starved, times(1, 100)),
    ];
    let all: Vec<Death> =
        deaths.iter().flat_map(|(death, count)| std::iter::repeat_n(*death, *count)).collect();
    let mut chance = Chance::new(3);
    for batch in all.chunks(STUDIOS) {
        let paid = Paid::new();
        for (nth, death) in batch.iter().enumerate() {
            // Some answers come before the end, the others long after it.
            let manner = chance.pick(&[Manner::Held, Manner::Held, Manner::Links, Manner::Slow]);
            let mut studio = asking(&paid, &format!("{manner:?} {nth}"));
            wait_until(Instant::now(), LATEST.mul_f64(chance.fraction()));
            end(&mut studio, *death);
        }
        paid.server.release();
        paid.settle();
        assert_eq!(lost(&paid, batch.len()), Vec::<String>::new());
        paid.enter("killed screen");
    }
    let [killed, hung_up, terminated, starved] = deaths.map(|(_, count)| count);
    figures(
        3,
        &format!(
            "{killed} studios killed with kill -9, {hung_up} hung up, {terminated} terminated, \
             {starved} ended from inside by a lack of memory: {} pictures, 0 lost, 0 unknown, \
             0 double",
            all.len()
        ),
    );
}

#[test]
fn a_worker_that_died_with_its_screen_would_lose_the_picture_and_be_seen() {
    let paid = Paid::new();
    let mut studio = asking(&paid, "Held 0");
    wait_for("the request", || (paid.server.count() == 1).then_some(()));
    // As a worker would that shares the process group of its screen.
    studio.kill();
    assert_eq!(paid.home.kill_workers(), 1);
    paid.server.release();
    paid.settle();
    let lost = lost(&paid, 1);
    assert!(lost.iter().any(|what| what.contains("Interrupted")), "{lost:?}");
}
