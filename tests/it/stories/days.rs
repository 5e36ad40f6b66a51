//! The history by days: headings, and going from one day to the next.

use std::fs::{self, File};
use std::time::{Duration, UNIX_EPOCH};

use super::ROOM;
use crate::home::Home;
use crate::metadata::sample;
use crate::studio::Studio;

/// A fox of today, and above it what was imported then: of the 10th two, and of the 8th one.
fn days() -> (Home, Vec<String>) {
    let home = Home::new();
    home.generate("a fox of today");
    let dir = home.path().join("elsewhere");
    fs::create_dir(&dir).expect("there is room");
    for (name, day) in [("a1111.png", 8), ("invokeai.png", 10), ("fooocus.png", 10)] {
        let path = dir.join(name);
        fs::write(&path, sample(name)).expect("there is room");
        // Noon: the same day in every zone.
        let noon = UNIX_EPOCH + Duration::from_secs(1_794_312_000 - 86_400 * (10 - day));
        let file = File::options().write(true).open(&path).expect("it is there");
        file.set_modified(noon).expect("a file has a time");
    }
    home.run(&["import", &dir.display().to_string()]).done();
    let short = |row: &serde_json::Value| {
        let id = row["id"].as_str().expect("a generation has an id");
        format!("Preview · {}", &id[id.len() - 8..])
    };
    let shown = home.history().iter().map(short).collect();
    (home, shown)
}

#[test]
fn each_day_has_a_heading_and_is_gone_to_in_the_list_and_in_the_gallery() {
    let (home, shown) = days();
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    // What came in last stands on top, on the day on which it was made.
    let row = studio.shows("History · 4").shows("Today").row("History · 4");
    assert!(row.contains("Tue 10 November 2026"), "{row}");
    assert!(studio.row("Sun 8 November 2026").contains("────"), "{}", studio.screen());
    studio.keys("<F3>").shows(&shown[0]);
    studio.keys("}").shows(&shown[2]).keys("}").shows(&shown[3]).shows("a fox of today");
    studio.keys("}").shows("Nothing below is of another day.");
    studio.keys("{").shows(&shown[2]).keys("{").shows(&shown[0]);
    studio.keys("{").shows("This is the newest one.");

    studio.keys("v").shows("┏ History").shows("Sun 8 November 2026 ──").shows("Today ──");
    studio.keys("}}z").shows(&shown[3]).keys("z").hides("Preview");
    studio.keys("{z").shows(&shown[2]);
    studio.quit();
}

#[test]
fn a_narrow_history_names_its_day_in_short() {
    let (home, shown) = days();
    let mut studio = Studio::open_in(&home, 80, 24);
    let row = studio.shows("History · 4").shows(&shown[0]).row("History · 4");
    assert!(row.contains("2026-11-10"), "{row}");
    studio.keys("<F3>/after:2026-11-09 before:2026-11-11").shows("2 found");
    studio.keys("<enter><esc>").hides("found").keys("/on:2026-11-08").shows("1 found");
    studio.quit();
}
