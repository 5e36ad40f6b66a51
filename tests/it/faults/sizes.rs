//! Promise 12: no size of the terminal kills it.

use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use super::{figures, times};
use crate::app::fixture::{Studio as Drawn, some_of_everything};
use crate::home::{Home, time_at_work};
use crate::studio::Studio;

/// The keys that lead to each screen.
const SCREENS: [&str; 12] = [
    "",
    "a fox in the snow, and behind it a wall of fir trees in the morning light",
    "<tab>huge<F5>",
    "<F3>",
    "<F3>jjjz",
    "<F4>",
    "<F3>Gi",
    "<F1>",
    "<F3>?jjj",
    "<F3>/fox",
    "<alt+l>",
    "<alt+l><alt+l><alt+l>",
];

/// The largest terminal that is tried, and up to where the short form leaves none out.
const LARGEST: (u16, u16) = (120, 40);
const SMALL: u16 = 14;

/// Where a layout changes, and beyond the largest.
const EDGES: ([u16; 8], [u16; 6]) =
    ([39, 40, 69, 70, 109, 110, 149, 150], [11, 12, 17, 18, 31, 32]);

/// The sizes to try: all of them, or all small ones and some of the others.
fn sizes() -> Vec<(u16, u16)> {
    let full = times(0, 1) == 1;
    let columns = (0..=LARGEST.0).chain(EDGES.0);
    columns
        .flat_map(|columns| (0..=LARGEST.1).map(move |rows| (columns, rows)))
        .filter(|(columns, rows)| {
            let small = *columns <= SMALL && *rows <= SMALL;
            let coarse = (columns % 40 == 0 || EDGES.0.contains(columns))
                && (rows % 20 == 0 || EDGES.1.contains(rows));
            full || small || coarse
        })
        .collect()
}

#[test]
fn every_screen_is_drawn_at_every_size() {
    let sizes = sizes();
    for keys in SCREENS {
        let mut studio = Drawn::sized(some_of_everything(), LARGEST.0, LARGEST.1);
        studio.keys(keys);
        for (columns, rows) in &sizes {
            studio.terminal.backend_mut().resize(*columns, *rows);
            studio.draw();
        }
        // It has not only survived: the screen is there again.
        studio.terminal.backend_mut().resize(LARGEST.0, LARGEST.1);
        studio.draw();
        assert!(studio.screen().contains("Pentimento"), "{keys}");
    }
    let (sizes, screens) = (sizes.len(), SCREENS.len());
    figures(12, &format!("{sizes} sizes × {screens} screens drawn: 0 panics"));
}

#[test]
fn a_terminal_that_is_dragged_about_is_drawn_now_and_then() {
    let home = Home::new();
    home.generate("a fox in the snow");
    let mut studio = Studio::open_in(&home, 120, 40);
    studio.shows("a fox");
    let resizes = times(200, 3_000);
    // A hand makes some 300 a second; the short form does not wait for it.
    let pace = Duration::from_micros(times(0, 3_333) as u64);
    let (_never, pause) = channel::<()>();
    let frames = |studio: &mut Studio| {
        let begin = b"\x1b[?2026h";
        studio.drained().windows(begin.len()).filter(|bytes| bytes == begin).count()
    };
    let before = (frames(&mut studio), time_at_work(studio.pid()).expect("it runs"));
    let begun = Instant::now();
    for n in 0..resizes as u16 {
        studio.resize(1 + (n * 7) % 150, 1 + (n * 3) % 50);
        if !pace.is_zero() {
            let _ = pause.recv_timeout(pace);
        }
    }
    studio
        .resize(100, 30)
        .shows("a fox")
        .until("the whole width", |screen| screen.lines().any(|line| line.chars().count() == 100));
    let seconds = begun.elapsed().as_secs_f64();
    let drawn = frames(&mut studio) - before.0;
    let ticks = time_at_work(studio.pid()).expect("it runs") - before.1;
    figures(
        12,
        &format!(
            "{resizes} resizes in {seconds:.1} s: {drawn} frames, {:.2} s at work",
            ticks as f64 / 100.0
        ),
    );
    assert!(drawn * 5 < resizes, "{drawn} frames for {resizes} resizes");
    studio.quit();
}
