//! Keys and pictures on a line that is slow: how soon a key shows while pictures travel, how
//! soon there is something to see, and what passing through the history costs.

#![expect(clippy::print_stdout, reason = "figures are what a bench is for")]
#![expect(clippy::disallowed_methods, reason = "a line is a matter of time")]

mod figures;
mod generator;

#[path = "line/shaped.rs"]
mod shaped;
#[path = "line/terminal.rs"]
mod terminal;

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use figures::Figures;
use shaped::{Line, Studio};
use terminal::{Kind, Terminal};

/// Where pictures of the preview begin, for sure: the history is left of it.
const PREVIEW: u16 = 47;
/// Rows from the top in which the form is, for sure.
const FORM: usize = 12;

/// Between two letters that somebody types.
const LETTER: Duration = Duration::from_millis(60);
/// Between two presses of a key that is held, and before the second.
const REPEAT: Duration = Duration::from_millis(33);
const FIRST_REPEAT: Duration = Duration::from_millis(300);

const LINES: [Line; 4] = [
    Line { name: "1 Mbit/s, 80 ms", rate: Some(1e6), round_trip: Duration::from_millis(80) },
    Line { name: "10 Mbit/s, 80 ms", rate: Some(10e6), round_trip: Duration::from_millis(80) },
    Line { name: "256 kbit/s, 300 ms", rate: Some(256e3), round_trip: Duration::from_millis(300) },
    Line { name: "the same machine", rate: None, round_trip: Duration::ZERO },
];

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    let dir = generator::history(400, 1024);
    for line in LINES {
        for kind in [Kind::Kitty, Kind::Iterm, Kind::Sixel, Kind::Text] {
            let name = format!("{}, {kind:?}", line.name);
            if !wanted.iter().all(|word| name.contains(word.as_str())) {
                continue;
            }
            println!("\n{name}");
            measure(dir.path(), kind, line);
        }
    }
}

fn measure(dir: &Path, kind: Kind, line: Line) {
    let studio = Studio::open(dir, kind, line);
    studio.wait(|terminal| terminal.screen().contents().contains("History · ")).expect("it opens");
    let quiet = Duration::from_millis(400) + 2 * line.round_trip;
    studio.rest(quiet);
    looking(&studio, line, quiet);
    typing(&studio, line, quiet);
    passing(&studio, line, quiet);
    let before = studio.look(|terminal| terminal.bytes);
    thread::sleep(Duration::from_secs(2));
    println!("  idle for 2 s: {} bytes (goal 0)", studio.look(|terminal| terminal.bytes) - before);
    let _ = studio.pid();
    studio.quit();
}

fn is_of_preview(terminal: &Terminal, since: Instant) -> impl Iterator<Item = Instant> + '_ {
    let is = move |shown: &&terminal::Shown| shown.at > since && shown.column >= PREVIEW;
    terminal.shown.iter().filter(is).map(|shown| shown.at)
}

/// From the key that selects a generation to its picture: the next one, and one far away.
fn looking(studio: &Studio, line: Line, quiet: Duration) {
    studio.press("\x1bOR");
    studio.rest(quiet);
    // A tail wants many; a slow line has no time for them.
    let [near, far] = if line.rate.is_none() { [60, 24] } else { [12, 12] };
    for (keys, what, looks, at_best) in [
        ("j", "the next picture", near, "goal p95 10 ms on the same machine"),
        ("\x04", "one far away", far, "goal p95 60 ms on the same machine"),
    ] {
        let (mut first, mut last, mut bytes) = (Figures::default(), Figures::default(), 0);
        for _ in 0..looks {
            let before = studio.look(|terminal| terminal.pictures);
            let pressed = Instant::now();
            studio.press(keys);
            studio.wait(|terminal| terminal.touched > pressed + line.round_trip);
            studio.rest(quiet);
            bytes += studio.look(|terminal| terminal.pictures) - before;
            let times: Vec<Instant> =
                studio.look(|terminal| is_of_preview(terminal, pressed).collect());
            if let (Some(begun), Some(ended)) = (times.first(), times.last()) {
                first.push(begun.duration_since(pressed));
                last.push(ended.duration_since(pressed));
            }
        }
        if first.count() > 0 {
            let goal = line.round_trip.as_millis() + 150;
            first.print(&format!("  {what}, first seen"), &format!("goal {goal} ms"));
            last.print(
                &format!("  {what}, at its best"),
                &format!("{} KB each; {at_best}", bytes / looks / 1024),
            );
        }
    }
}

/// From a letter to its echo, while pictures are on their way.
fn typing(studio: &Studio, line: Line, quiet: Duration) {
    let mut echoes = Figures::default();
    for _ in 0..10 {
        // A picture that was never seen begins to travel, and somebody writes.
        studio.press("\x1bOR\x04");
        thread::sleep(Duration::from_millis(20));
        studio.press("\x1bOQ");
        thread::sleep(line.round_trip + Duration::from_millis(30));
        for _ in 0..10 {
            // Only of the form: the history beside it is on its way, too.
            let letters = |terminal: &Terminal| {
                let rows = terminal.screen().rows(0, PREVIEW - 2).take(FORM);
                rows.map(|row| row.matches('x').count()).sum::<usize>()
            };
            let before = studio.look(letters);
            let pressed = Instant::now();
            studio.press("x");
            if let Some(seen) = studio.wait(|terminal| letters(terminal) > before) {
                echoes.push(seen - pressed);
            }
            thread::sleep(LETTER);
        }
        studio.rest(quiet);
    }
    let goal = line.round_trip.as_millis() + 100;
    echoes.print("  a letter, while pictures travel", &format!("goal p99 {goal} ms"));
}

/// A key is held through 200 generations.
fn passing(studio: &Studio, line: Line, quiet: Duration) {
    studio.press("\x1bORg");
    studio.rest(quiet);
    let before = studio.look(|terminal| (terminal.bytes, terminal.pictures));
    let begun = Instant::now();
    studio.press("j");
    thread::sleep(FIRST_REPEAT);
    let held = Instant::now();
    for _ in 1..200 {
        studio.press("j");
        thread::sleep(REPEAT);
    }
    let let_go = Instant::now();
    // What was sent before the second press was there still arrives: with its echo at the latest.
    let since = held + 2 * line.round_trip + Duration::from_millis(150);
    let pictures = studio
        .look(|terminal| terminal.sent.iter().filter(|at| **at > since && **at < let_go).count());
    let after = studio.look(|terminal| (terminal.bytes, terminal.pictures));
    println!(
        "  holding j through 200 for {:.1} s: {} KB, {} KB of them pictures; {pictures} pieces of \
         pictures sent that nobody looked at (goal 0)",
        begun.elapsed().as_secs_f64(),
        (after.0 - before.0) / 1024,
        (after.1 - before.1) / 1024,
    );
    studio.rest(quiet);
}
