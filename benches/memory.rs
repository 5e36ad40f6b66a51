//! Megabytes the studio holds with a long history: as it is there, and after a walk
//! through hundreds of generations and pictures.

use std::path::Path;
use std::time::Duration;

use crate::histories;
use crate::screen::{Screen, resident};

/// Generations looked at one by one.
const STEPS: usize = 400;
/// A cell in the middle of the preview, as row and column.
const MIDDLE: (u16, u16) = (16, 82);
/// Quiet for so long, it is done with what it was asked for.
const QUIET: Duration = Duration::from_millis(700);

/// Measures with the history of `count` generations in `long`, of which at most `goal`
/// megabytes are wanted.
pub(crate) fn measure(long: &Path, count: u32, goal: u32) {
    let print = |screen: &Screen, when: &str| {
        let (now, most) = resident(screen.pid());
        println!(
            "resident memory, {count} generations, {when}: {now:.1} MB, at most {most:.1} MB \
             (goal {goal} MB)"
        );
    };
    let newest = count - 1;
    let mut screen = Screen::studio(long);
    screen.wait_for_generation(newest);
    screen.listen(QUIET);
    print(&screen, "after the start");

    // To the history; down through it, each one shown; to its end; a search.
    screen.press("\x1bOR");
    let below = (0..newest).rev().filter(|n| !histories::is_in_the_trash(*n));
    for n in below.take(STEPS) {
        screen.press("j");
        screen.wait_for_generation(n);
        // Its picture too, where “…” stood: who looks, waits for it.
        screen.wait("a picture", |screen| {
            screen
                .cell(MIDDLE.0, MIDDLE.1)
                .is_some_and(|cell| cell.bgcolor() != vt100::Color::Default)
        });
    }
    screen.listen(QUIET);
    print(&screen, "after looking at 400");
    screen.press("G");
    screen.wait_for_generation(0);
    screen.press("g/lighthouse snow");
    screen.wait_for("found");
    screen.listen(QUIET);
    print(&screen, "after a walk to the end and a search");
    screen.quit();
}
