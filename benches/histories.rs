//! Histories that are kept between runs, since a long one takes minutes to make.

use std::fs;
use std::path::{Path, PathBuf};

use crate::generator::{self, FAVOURITE, TRASHED};

/// The directory of a history as [`generator::history`] makes it, which stays for the next
/// time.
pub(crate) fn kept(count: u32, side: u32) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("history-{count}-{side}"));
    let complete = dir.join("complete");
    if !complete.exists() {
        // What is there was interrupted.
        drop(fs::remove_dir_all(&dir));
        fs::create_dir_all(&dir).expect("a directory can be made");
        generator::fill(&dir, count, side);
        fs::write(&complete, "").expect("a file can be written");
    }
    dir
}

/// As many generations as years of daily use leave.
pub(crate) const LONG: u32 = 100_000;
/// As many generations as nobody has yet.
pub(crate) const MILLION: u32 = 1_000_000;

/// A history of [`MILLION`], where the command line asks for it: the first time it takes
/// eight minutes to make.
pub(crate) fn million() -> Option<PathBuf> {
    std::env::args().any(|argument| argument == "million").then(|| kept(MILLION, 512))
}

/// Whether generation number `n` is in the trash, and so neither shown nor found.
pub(crate) const fn is_in_the_trash(n: u32) -> bool {
    (n + 1).is_multiple_of(TRASHED) && !(n + 1).is_multiple_of(FAVOURITE)
}
