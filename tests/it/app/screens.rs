//! Whole screens at three sizes: the text, and a hash of all styles.

use insta::assert_snapshot;
use pentimento::app::Event;
use pentimento::domain::{Generation, Job, Timestamp};
use sha2::{Digest, Sha256};

use super::fixture::{NOON, Studio, generation, some_of_everything};

/// The screen, the boxes of its images, and a hash that any change of a style changes.
pub(super) fn screen(rows: Vec<Generation>, keys: &str, columns: u16, lines: u16) -> String {
    let mut studio = Studio::sized(rows, columns, lines);
    studio.keys(keys);
    screen_of(&mut studio)
}

/// The same of a studio as it is.
pub(super) fn screen_of(studio: &mut Studio) -> String {
    // The time that typing takes must not matter.
    studio.happen(Event::Tick(Timestamp::from_millis(NOON))).draw();
    let buffer = studio.terminal.backend().buffer();
    let mut styles = Sha256::new();
    for cell in buffer.content() {
        styles.update(format!("{:?}{:?}{:?}", cell.fg, cell.bg, cell.modifier));
    }
    let hash = format!("{:x?}", &styles.finalize()[..4]);
    let images: Vec<String> = studio
        .scene
        .images
        .iter()
        .map(|(view, area)| (view.image(), area))
        .map(|(image, area)| format!("{}[{}] at {area}", image.generation.short(), image.index))
        .collect();
    // The zone of the machine must not matter.
    let mut text = studio.screen();
    for row in studio.state.history.rows() {
        text = text.replace(&row.created.to_minute(), "0000-00-00 00:00");
        text = text.replace(&row.created.to_clock(), "00:00");
    }
    format!("{text}\nimages: {images:#?}\nstyles: {hash}")
}

#[test]
fn a_first_start() {
    assert_snapshot!("first-120x40", screen(vec![], "", 120, 40));
    assert_snapshot!("first-80x24", screen(vec![], "", 80, 24));
    assert_snapshot!("first-40x12", screen(vec![], "", 40, 12));
}

#[test]
fn some_of_everything_under_way() {
    assert_snapshot!("busy-200x50", screen(some_of_everything(), "a fox", 200, 50));
    assert_snapshot!("busy-120x40", screen(some_of_everything(), "a fox", 120, 40));
    assert_snapshot!("busy-80x24", screen(some_of_everything(), "a fox", 80, 24));
    assert_snapshot!("busy-40x12", screen(some_of_everything(), "a fox<F3>", 40, 12));
}

#[test]
fn each_kind_of_outcome_in_the_preview() {
    for (name, keys) in [("done", "<F3>jj]"), ("failed", "<F3>jjj"), ("interrupted", "<F3>G")] {
        assert_snapshot!(format!("{name}-80x24"), screen(some_of_everything(), keys, 80, 24));
    }
    assert_snapshot!("preview-40x12", screen(some_of_everything(), "<F3>jjj<F4>", 40, 12));
    for (columns, lines) in [(40, 12), (80, 24), (120, 40)] {
        let name = format!("full-screen-{columns}x{lines}");
        assert_snapshot!(name, screen(some_of_everything(), "<F3>jjz", columns, lines));
    }
}

#[test]
fn the_history_as_a_gallery() {
    for (columns, lines) in [(40, 12), (80, 24), (120, 40), (200, 50)] {
        let name = format!("gallery-{columns}x{lines}");
        assert_snapshot!(name, screen(some_of_everything(), "<F3>vj", columns, lines));
    }
    assert_snapshot!("gallery-search-80x24", screen(some_of_everything(), "<F3>v/fox", 80, 24));
}

#[test]
fn a_picture_looked_at_closely() {
    assert_snapshot!("near-80x24", screen(some_of_everything(), "<F3>jjz++", 80, 24));
}

#[test]
fn the_help_explains_what_has_focus() {
    assert_snapshot!("help-in-text-80x24", screen(vec![], "<F1>", 80, 24));
    assert_snapshot!("help-in-history-120x40", screen(vec![], "<F3>?", 120, 40));
    for (columns, lines) in [(40, 12), (80, 24), (120, 40)] {
        let name = format!("help-found-{columns}x{lines}");
        assert_snapshot!(name, screen(vec![], "<F1>/base image", columns, lines));
    }
    assert_snapshot!("help-scrolled-40x12", screen(vec![], "<F3>?jjj", 40, 12));
}

#[test]
fn the_palette_and_the_letters_of_places() {
    let all = some_of_everything;
    for (columns, lines) in [(40, 12), (80, 24), (120, 40)] {
        let name = |what: &str| format!("{what}-{columns}x{lines}");
        assert_snapshot!(name("palette"), screen(all(), "<F3><ctrl+p>", columns, lines));
        assert_snapshot!(name("palette-found"), screen(all(), "<F3><ctrl+p>pict", columns, lines));
        assert_snapshot!(name("letters"), screen(all(), "<F3><ctrl+o>", columns, lines));
    }
    assert_snapshot!("letters-gallery-80x24", screen(all(), "<F3>v<ctrl+o>", 80, 24));
}

#[test]
fn the_copy_menu() {
    for (columns, lines) in [(40, 12), (80, 24), (120, 40)] {
        let keys = "<F3>jjjjy<down>";
        let name = format!("copy-{columns}x{lines}");
        assert_snapshot!(name, screen(some_of_everything(), keys, columns, lines));
    }
    assert_snapshot!("copy-marked-80x24", screen(some_of_everything(), "<F3>jj  y", 80, 24));
}

#[test]
fn a_search_and_a_refusal() {
    assert_snapshot!("search-80x24", screen(some_of_everything(), "<F3>/fox", 80, 24));
    assert_snapshot!("refusal-80x24", screen(vec![], "<tab>huge<F5>", 80, 24));
}

#[test]
fn a_terminal_too_small_says_so() {
    assert_snapshot!("small-39x12", screen(vec![], "", 39, 12));
}

#[test]
fn what_may_be_shown_next_is_made_ready_for_the_room_that_it_will_have() {
    let long = "a fox that goes on and on through the snow ".repeat(9);
    let rows =
        [(2, "a fox"), (1, long.as_str())].map(|(n, prompt)| generation(n, prompt, Job::Done));
    let mut studio = Studio::with(rows.into());
    studio.keys("<F3>");
    let (ahead, before) = (studio.scene.ahead.clone(), studio.scene.images[0].1);
    studio.keys("j");
    let (view, room) = studio.scene.images[0];
    assert_ne!(room, before, "more words leave less room");
    assert!(ahead.contains(&(view, room)), "{ahead:?}");
}
