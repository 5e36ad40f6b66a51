//! What the studio does when nothing moves, which should be nothing.

use std::path::Path;
use std::time::Duration;

use crate::screen::{Screen, wake_ups};

/// How long it is watched.
const WATCH: Duration = Duration::from_secs(10);
/// Quiet for so long, it has settled: a draft is written 0.8 s after the last key.
const QUIET: Duration = Duration::from_secs(2);

pub(crate) fn measure(long: &Path) {
    let mut screen = Screen::studio(long);
    screen.wait_for_generation(99_999);
    watch(&mut screen, "after the start");
    for key in "a lamp".chars() {
        screen.type_key(&key.to_string());
    }
    screen.press("\x1bOR");
    for step in 1..=20 {
        screen.press("j");
        screen.wait_for_generation(99_999 - step);
    }
    watch(&mut screen, "after typing and browsing");
    screen.quit();
}

fn watch(screen: &mut Screen, when: &str) {
    screen.listen(QUIET);
    let before = wake_ups(screen.pid());
    let bytes = screen.listen(WATCH);
    let after = wake_ups(screen.pid());
    // A thread that has gone was woken to go.
    let gone = before.keys().filter(|thread| !after.contains_key(*thread)).count() as u64;
    let woken = after.iter().map(|(thread, count)| count - before.get(thread).unwrap_or(&0));
    let woken = woken.sum::<u64>() + gone;
    println!("idle for 10 s, {when}: {woken} wake-ups, {bytes} bytes written (goal 0 and 0)");
}
