//! The promises of `RELIABILITY.md`, each tried with real faults: sockets cut, processes
//! killed, disks filled.
//!
//! `cargo test` runs a short form of each; the feature `faults` the full figures. Every
//! suite prints one line of figures, and then the ledger as it stands.

use std::sync::Mutex;

mod addresses;
mod answers;
mod bombs;
mod chance;
mod database;
mod full_disk;
mod killed_batch;
mod killed_screen;
mod killed_worker;
mod machine;
mod orphans;
mod paid;
mod pasting;
mod policy;
mod posting;
mod secrets;
mod shell;
mod sizes;
mod ssh;
mod untrusted;
mod wire;

/// How often a suite tries: `short` in every test run, `full` with the feature `faults`.
pub(crate) fn times(short: usize, full: usize) -> usize {
    if cfg!(feature = "faults") { full } else { short }
}

/// Prints the figures of a suite, a line to find by the number of its promise.
#[expect(clippy::print_stdout, reason = "the figures are the output of the suite")]
pub(crate) fn figures(promise: u32, line: &str) {
    println!("promise {promise:2}: {line}");
}

/// What all suites so far have sent: attempts in their databases, requests counted by
/// their servers.
static LEDGER: Mutex<(usize, usize)> = Mutex::new((0, 0));

/// Enters what a suite's database and its server counted, and prints the sum of all
/// suites. The last such line of a run is the ledger of the run.
///
/// # Panics
/// When the two differ: something was sent that no row knows of, or the other way round.
#[expect(clippy::print_stdout, reason = "the figures are the output of the suite")]
pub(crate) fn enter(suite: &str, attempts: usize, requests: usize) {
    assert_eq!(attempts, requests, "{suite}: attempts in the database, requests at the server");
    let mut ledger = LEDGER.lock().expect("no suite panics while it holds the ledger");
    ledger.0 += attempts;
    ledger.1 += requests;
    println!("ledger: {} attempts in the databases = {} requests counted", ledger.0, ledger.1);
}
