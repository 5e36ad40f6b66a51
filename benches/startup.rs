//! From the call to the first complete frame, beside the least that a program with
//! ratatui can be (`examples/hello.rs`), and to the rows of the history.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::figures::Figures;
use crate::histories;
use crate::screen::Screen;

/// Starts of each program, by turns: whatever else the machine does, it does to all.
const STARTS: u32 = 60;

pub(crate) fn measure(long: &Path) {
    let hello = build_hello();
    let (none, short) = (histories::kept(0, 512), histories::kept(10_000, 512));
    let mut histories = vec![(0_u32, &*none), (10_000, &*short), (histories::LONG, long)];
    let million = histories::million();
    histories.extend(million.as_deref().map(|dir| (histories::MILLION, dir)));
    let mut bare = Figures::default();
    let figures = || histories.iter().map(|_| Figures::default()).collect::<Vec<_>>();
    let (mut frames, mut rows) = (figures(), figures());
    for _ in 0..STARTS {
        let mut screen = Screen::start(&hello, &none);
        bare.push(screen.wait_for("hello"));
        screen.quit();
        for (place, (count, dir)) in histories.iter().enumerate() {
            let mut screen = Screen::studio(dir);
            frames[place].push(screen.wait_for("F5 generate"));
            rows[place].push(match count.checked_sub(1) {
                Some(newest) => screen.wait_for_generation(newest),
                None => screen.wait_for("Nothing made yet."),
            });
            screen.quit();
        }
    }
    bare.print("start to first frame, bare ratatui hello", "the yardstick");
    for ((count, _), figures) in histories.iter().zip(&frames) {
        let times = |other: &Figures| figures.percentile(50) / other.percentile(50);
        let (hello, empty) = (times(&bare), times(&frames[0]));
        let goal = format!("{hello:.2} × hello, {empty:.2} × no history; goal 1.5 × of each");
        figures.print(&format!("start to first frame, {count} generations"), &goal);
    }
    for ((count, _), figures) in histories.iter().zip(&rows) {
        figures.print(&format!("start to newest rows, {count} generations"), "no goal");
    }
}

/// Builds the example as the program itself was built, and says where it is.
#[expect(clippy::disallowed_methods, reason = "a bench may start the build tool that started it")]
fn build_hello() -> PathBuf {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--profile", "bench", "--example", "hello"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(built.is_ok_and(|status| status.success()), "the example does not build");
    let target =
        Path::new(env!("CARGO_BIN_EXE_pentimento")).parent().expect("it is in a directory");
    target.join("examples/hello")
}
