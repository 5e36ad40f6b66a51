//! From a key at the terminal to the frame that shows it, while eight pictures are made.

use rustix::process::{Pid, Signal, kill_process};

use crate::figures::Figures;
use crate::generator;
use crate::screen::{Screen, resident};

/// Keys typed, and taken back, in rounds: the prompt stays one a person writes.
const ROUNDS: u32 = 12;
const TYPED: u32 = 60;

pub(crate) fn measure() {
    let dir = generator::history(10_000, 512);
    let settings = "[queue]\nparallel = 8\n[demo]\nmoment = 600.0\n";
    std::fs::write(dir.path().join("config.toml"), settings).expect("settings can be written");
    let mut screen = Screen::studio(dir.path());
    screen.wait_for_generation(9999);
    for key in "a lamp".chars() {
        screen.type_key(&key.to_string());
    }
    // What is pressed twice within half a second is not sent twice, and says so.
    for job in 1..=8 {
        let sent = format!("{job} under way");
        while !screen.shows(&sent) {
            screen.press("\x1b[15~");
            screen.wait("an answer", |screen| {
                let text = screen.contents();
                text.contains(&sent) || text.contains("Not sent")
            });
            // A letter right before it would speak against sending; this key only clears.
            if screen.shows("Not sent") {
                screen.press("\x03");
                screen.wait("the next try", |screen| !screen.contents().contains("Not sent"));
            }
        }
    }
    let mut figures = Figures::default();
    for _ in 0..ROUNDS {
        for key in ["x", "\x7f"] {
            for _ in 0..TYPED {
                figures.push(screen.type_key(key));
            }
        }
    }
    let what = "key to finished frame at the terminal, 8 jobs under way";
    figures.print(what, "120 × 40; goal p99 4 ms");
    let worker = screen.worker().expect("jobs are under way, so there is a worker");
    let (now, most) = resident(worker);
    println!(
        "resident memory of the worker with 8 jobs: {now:.1} MB, at most {most:.1} MB (no goal)"
    );
    screen.quit();
    // It would finish its paintings first.
    let worker = i32::try_from(worker).ok().and_then(Pid::from_raw).expect("this is a process");
    let _ = kill_process(worker, Signal::KILL);
}
