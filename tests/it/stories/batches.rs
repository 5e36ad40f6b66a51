//! One form, many pictures.

use super::{ROOM, studio, studio_in};
use crate::home::Home;
use crate::studio::Studio;

#[test]
fn a_wildcard_file_and_alternatives_become_a_batch_that_is_seen_side_by_side() {
    let home = Home::new();
    std::fs::create_dir(home.path().join("wildcards")).expect("a directory can be made");
    let file = home.path().join("wildcards/animal.txt");
    std::fs::write(&file, "# who\na fox\n\nan owl\n").expect("a file can be written");
    let mut studio = studio_in(&home);
    studio.keys("<tab>64x64<F2>").keys("{red|blue} __animal__").shows("4 requests");
    studio.keys("<F5>").shows("Send 4 requests?").shows("blue an owl");
    studio.press_until_sent("<enter>").shows("History · 4");
    studio.until("all are done", |screen| screen.matches('✓').count() == 4);
    let mut made = studio.home.prompts();
    made.sort();
    assert_eq!(made, ["blue a fox", "blue an owl", "red a fox", "red an owl"]);
    let rows = studio.home.history();
    assert!(rows.iter().all(|row| row["template"] == "{red|blue} __animal__"), "{rows:?}");
    assert!(rows.iter().all(|row| row["batch"] == rows[3]["id"]), "{rows:?}");

    // Beside something else they are found as what belongs together.
    studio.keys("<F2><ctrl+u>a lighthouse").shows("a lighthouse").generate().shows("History · 5");
    studio.restart().shows("History · 5").keys("<F3>j").keys("b").shows("4 found");
    studio.keys("<enter>").shows("{red|blue} __animal__");
    studio.quit();
}

#[test]
fn a_missing_wildcard_says_which_file_it_wants() {
    let mut studio = studio();
    studio.keys("a __animal__").shows("character 3: there is no");
    studio.keys("<F5>").shows("there is no wildcards/animal.txt");
    studio.quit();
}

#[test]
fn a_wildcard_file_of_100_mb_is_refused_and_not_read() {
    let home = Home::new();
    std::fs::create_dir(home.path().join("wildcards")).expect("a directory can be made");
    let file = std::fs::File::create(home.path().join("wildcards/all.txt")).expect("a file");
    file.set_len(100 << 20).expect("room for a file of holes");
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    studio.keys("a __all__").shows("character 3: wildcards/all");
    studio.keys("<F5>").shows("wildcards/all.txt is larger than 1 MiB");
    studio.quit();
}

#[test]
fn a_batch_of_prompts_and_sizes_is_seen_in_rows_and_columns() {
    let mut studio = studio();
    studio.keys("<tab>64x64, 96x64<F2>").keys("a {red|blue} fox").shows("4 requests");
    studio.keys("<F5>").shows("Send 4 requests?").press_until_sent("<enter>");
    studio.until("all are done", |screen| screen.matches('✓').count() == 4);
    studio.keys("<F3>b").until("rows and columns", |screen| {
        let names = screen.lines().find(|row| row.contains("64x64") && row.contains("96x64"));
        let has = |name: &str| {
            screen.lines().any(|row| row.trim_start_matches('┃').trim().starts_with(name))
        };
        names.is_some() && has("red") && has("blue")
    });
    // The last one that was asked for is the blue one at the second size.
    studio.keys("<up><left>").keys("z").shows("a red fox").keys("i").keys("z").shows("96x64");
    studio.quit();
}
