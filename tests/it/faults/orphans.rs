//! Promise 11: no orphan burns the processor.

use std::time::{Duration, Instant};

use super::{figures, times};
use crate::home::{DEADLINE, Home, time_at_work, wait_for};
use crate::studio::Studio;

/// How the studio is started: with a hangup that ends it, with one that is ignored, and
/// in a session of its own, which is told of none.
const WAYS: [&str; 3] =
    ["exec \"$0\"", "trap '' HUP; exec \"$0\"", "trap '' HUP; setsid -w \"$0\""];

/// Most of one processor that an orphan may take until it is gone, of the two seconds in
/// which it has to be, in hundredths of a second each.
const MOST: u64 = 2;

#[test]
fn a_studio_whose_line_drops_is_gone_and_takes_no_time_over_it() {
    let hangups = times(6, 100);
    let (mut work, mut slowest) = (0, Duration::ZERO);
    for n in 0..hangups {
        let home = Home::new();
        let mut studio = Studio::within(&home, WAYS[n % WAYS.len()]);
        studio.shows("Nothing made yet.").keys("a fox").shows("a fox");
        let face = wait_for("the studio", || {
            let is_face = |pid: &rustix::process::Pid| {
                let program = format!("/proc/{}/exe", pid.as_raw_nonzero());
                std::fs::read_link(program).is_ok_and(|it| it.ends_with("pentimento"))
            };
            home.processes().into_iter().find(is_face)
        });
        let before = time_at_work(face).expect("it runs");
        let begun = Instant::now();
        studio.hang_up();
        let mut last = before;
        while let Some(now) = time_at_work(face) {
            last = now;
            assert!(begun.elapsed() < DEADLINE, "{n}: it lives on, {last} at work");
            std::thread::yield_now();
        }
        slowest = slowest.max(begun.elapsed());
        work += last - before;
    }
    figures(
        11,
        &format!(
            "{hangups} hangups, delivered, ignored or unheard: gone after {:.2} s at most, {:.2} s at work in all",
            slowest.as_secs_f64(),
            work as f64 / 100.0
        ),
    );
    assert!(work <= MOST * hangups as u64, "{work} hundredths of a second for {hangups} hangups");
}
