//! Several studios and commands on one directory.

use std::fs::{self, File};
use std::thread;
use std::time::Instant;

use rusqlite::Connection;

use super::{ROOM, draw, studio_in};
use crate::home::{Home, wait_for};
use crate::studio::Studio;

fn database(home: &Home) -> Connection {
    Connection::open(home.path().join("history.db")).expect("it is there")
}

#[test]
#[expect(clippy::print_stdout, reason = "how long it took is printed, not judged")]
fn two_studios_and_four_commands_see_each_others_work() {
    let home = Home::new();
    let (mut one, mut other) = (studio_in(&home), studio_in(&home));
    let begun = Instant::now();
    thread::scope(|scope| {
        for prompt in ["a fox", "an owl", "a hare", "a bear"] {
            let home = &home;
            scope.spawn(move || {
                let small = ["-m", "demo:painter", "--size", "64x64"];
                let ended = home.run(&[&["generate", prompt][..], &small].concat()).done();
                assert!(!ended.err.contains("in use"), "{}", ended.err);
            });
        }
    });
    let made = begun.elapsed();
    for studio in [&mut one, &mut other] {
        studio.shows("History · 4").hides("under way");
        for prompt in ["a fox", "an owl", "a hare", "a bear"] {
            studio.shows(prompt);
        }
    }
    let commands = begun.elapsed();
    draw(&mut one, "a lighthouse");
    let drawn = Instant::now();
    other.shows("a lighthouse").shows("History · 5");
    println!(
        "four commands at once: {made:.1?}; in both studios {:.0?} later; what one studio made, \
         in the other {:.0?} later",
        commands.saturating_sub(made),
        drawn.elapsed(),
    );
    for studio in [&mut one, &mut other] {
        assert!(!studio.screen().contains("in use"), "{}", studio.screen());
        studio.quit();
    }
    let attempts = "SELECT count(*), max(attempt) FROM generations WHERE state = 'done'";
    let done: (u32, u32) = database(&home)
        .query_row(attempts, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("it is sound");
    assert_eq!(done, (5, 1), "each is made once");
}

#[test]
fn a_studio_waits_for_a_held_history_with_its_screen_alive() {
    let home = Home::new();
    home.generate("a fox");
    let mut studio = studio_with_draft(&home);
    wait_for("the worker to leave", || home.workers().is_empty().then_some(()));
    let holder = database(&home);
    holder
        .execute_batch("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE;")
        .expect("nobody else has it open");
    studio.start_again().shows("Another program holds the history");
    studio.keys("at dusk").shows("at dusk").keys("<F1>").shows("In a text").keys("<F1>");
    holder.execute_batch("COMMIT").expect("it was begun");
    studio.shows("a fox").shows("at dusk").quit();

    // One that holds on does not keep anybody.
    holder.execute_batch("BEGIN EXCLUSIVE").expect("nobody else has it open");
    studio.start_again().shows("Another program holds the history").quit();
}

/// A studio that was left.
fn studio_with_draft(home: &Home) -> Studio {
    let mut studio = Studio::open_in(home, ROOM.0, ROOM.1);
    studio.shows("a fox").quit();
    studio
}

#[test]
fn a_command_says_what_it_waits_for() {
    let home = Home::new();
    home.generate("a fox");
    let lock = File::open(home.path().join("history.lock")).expect("it is there");
    lock.lock().expect("nobody opens the history");
    let mut studio = Studio::start(&home, &["history"], ROOM.0, ROOM.1);
    studio.shows("waiting for it");
    drop(lock);
    studio.shows("a fox").end();
}

#[test]
fn what_a_studio_leaves_is_one_file_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let home = Home::new();
    let mut studio = studio_in(&home);
    draw(&mut studio, "a fox").quit();
    wait_for("the worker to leave", || home.workers().is_empty().then_some(()));
    let log = home.path().join("history.db-wal");
    assert!(!log.exists(), "the log is written into the database at the end");
    for file in home.files().into_iter().filter(|file| !file.ends_with("config.toml")) {
        let mode = fs::metadata(&file).expect("it is there").permissions().mode() & 0o777;
        assert!(
            mode.trailing_zeros() >= 6 || file.starts_with(home.path().join("log")),
            "{file:?}: {mode:o}"
        );
    }
}

#[test]
fn a_newer_history_is_shown_and_never_written() {
    let home = Home::new();
    home.generate("a fox");
    wait_for("the worker to leave", || home.workers().is_empty().then_some(()));
    database(&home).pragma_update(None, "user_version", 999).expect("nobody else has it");
    let read = home.run(&["history"]).done().saying("newer version of this program");
    assert!(read.out.contains("a fox"), "{}", read.out);
    let refused = home.run(&["generate", "an owl", "-m", "demo:painter"]).with_code(1);
    refused.saying("is only read").saying("Update this program");
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    studio.shows("a fox").shows("newer version of this program").quit();
    let found = home.run(&["doctor"]).done().out;
    assert!(found.contains("version 999") && found.contains("update this program"), "{found}");
    assert_eq!(home.prompts(), ["a fox"]);
}

#[test]
fn a_studio_says_that_a_damaged_history_was_made_again() {
    let home = Home::new();
    home.generate("a fox");
    wait_for("the worker to leave", || home.workers().is_empty().then_some(()));
    fs::write(home.path().join("history.db"), "milk, eggs, bread").expect("there is room");
    // Where two closed it at once, its log holds all of it, and nothing would be lost.
    for log in ["history.db-wal", "history.db-shm"] {
        let _ = fs::remove_file(home.path().join(log));
    }
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    studio.shows("a fox").shows("The history was damaged").quit();
    fs::remove_file(home.path().join("history.db")).expect("it is there");
    home.run(&["history"]).done().saying("was gone");
    assert_eq!(home.prompts(), ["a fox"]);
}
