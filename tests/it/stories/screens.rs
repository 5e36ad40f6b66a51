//! The studio at its sizes, its help, and its colours.

use super::{pictured, studio, studio_in};
use crate::home::Home;
use crate::studio::Studio;

#[test]
fn the_studio_opens_at_every_size() {
    for (columns, rows, panes) in [
        (40, 12, &["form", "history", "preview"][..]),
        (80, 24, &["Form", "History", "Preview"]),
        (120, 40, &["Form", "History", "Preview"]),
        (200, 50, &["Form", "History", "Preview"]),
    ] {
        let mut studio = Studio::open(columns, rows);
        for pane in panes {
            studio.shows(pane);
        }
        studio.keys("a fox").shows("a fox");
        studio.quit();
    }
}

#[test]
fn a_terminal_that_is_too_small_says_so_until_it_has_room() {
    let mut studio = Studio::open(39, 11);
    studio.shows("Too small.").shows("39x11").shows("40x12");
    studio.resize(80, 24).shows("Form").shows("Preview").hides("Too small.");
    studio.keys("a fox").shows("a fox");
    studio.resize(30, 8).shows("Too small.");
    studio.resize(120, 40).shows("a fox").shows("Nothing made yet.");
    studio.quit();
}

#[test]
fn one_pane_at_a_time_is_enough_to_work_with() {
    let mut studio = Studio::open(40, 12);
    studio.keys("a fox").shows("a fox").press_until("<F5>", "1 picture in");
    studio.keys("<F3>").shows("✓ painter").shows("a fox");
    studio.keys("<F4>").shows("demo:painter");
    studio.keys("<F2>").shows("Base image");
    studio.quit();
}

#[test]
fn the_help_shows_the_keys_in_force() {
    let home = Home::with_config("[keys]\ngenerate = [\"F10\"]\n");
    let mut studio = studio_in(&home);
    studio.keys("<F1>").shows("New line");
    assert!(studio.row("New line").contains("Enter"));
    studio.keys(&"j".repeat(30)).shows("Generate from the form");
    let row = studio.row("Generate from the form");
    assert!(row.contains("F10") && !row.contains("F5"), "{row}");
    studio.keys("<esc>").hides("Generate from the form");
    assert!(studio.screen().contains("F10 generate"), "{}", studio.screen());
    studio.keys("a fox<tab>64x64<F2>").press_until_sent("<F10>").shows("1 picture in");
    studio.quit();
}

#[test]
fn a_key_that_was_taken_away_does_nothing() {
    let home = Home::with_config("[keys]\ngenerate = [\"F10\"]\n");
    let mut studio = studio_in(&home);
    studio.keys("a fox<F5>es").shows("a foxes");
    assert!(home.history().is_empty());
    studio.quit();
}

#[test]
fn every_colour_is_there_on_a_terminal_that_has_it() {
    let mut studio = studio();
    super::draw(&mut studio, "a fox").until_model("a picture", pictured);
    assert!(studio.written().windows(7).any(|bytes| bytes == b"\x1b[38;2;"));
    studio.quit();
}

#[test]
fn no_color_means_no_colour() {
    let home = Home::new().with("NO_COLOR", "1");
    home.generate("a fox");
    let mut studio = Studio::open_in(&home, 120, 40);
    studio.shows("History · 1").keys("<F1>").shows("┏ Help").keys("<esc>").hides("┏ Help");
    studio.quit();
    let colours: Vec<String> =
        styles(studio.drained()).into_iter().filter(|style| is_colour(style)).collect();
    assert_eq!(colours, [""; 0]);
}

/// The parameters of every `ESC[…m`.
fn styles(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let parameters = |part: &str| {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ';' && c != ':')?;
        part[end..].starts_with('m').then(|| part[..end].to_owned())
    };
    text.split("\x1b[").skip(1).filter_map(parameters).collect()
}

/// Whether one of them sets a colour; 39, 49 and 59 take it back.
fn is_colour(style: &str) -> bool {
    style
        .split([';', ':'])
        .filter_map(|number| number.parse::<u32>().ok())
        .any(|number| matches!(number, 30..=38 | 40..=48 | 58 | 90..=97 | 100..=107))
}
