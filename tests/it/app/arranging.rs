//! Where the panes are, which of them has the whole screen, and whose the mouse is.

use insta::assert_snapshot;
use pentimento::app::{Focus, Target};
use pentimento::config::Layout;

use super::fixture::{Studio, some_of_everything};
use super::screens::screen;

/// The panes on the screen, by what a click on them means.
fn panes(studio: &Studio) -> Vec<&'static str> {
    let targets = studio.scene.targets.iter().map(|(_, target)| match target {
        Target::Field(_) => "form",
        Target::Row(_) | Target::Relative(_) | Target::History => "history",
        Target::Preview => "preview",
    });
    let mut panes: Vec<_> = targets.collect();
    panes.sort_unstable();
    panes.dedup();
    panes
}

const ALL: [&str; 3] = ["form", "history", "preview"];

#[test]
fn the_pane_with_the_keys_takes_the_whole_screen_and_gives_it_back() {
    let mut studio = Studio::with(some_of_everything());
    for (focus, pane) in [("<F2>", "form"), ("<F3>", "history"), ("<F4>", "preview")] {
        studio.keys(focus);
        assert_eq!(panes(&studio), ALL);
        assert_eq!(panes(studio.keys("<alt+z>")), [pane]);
        assert_eq!(panes(studio.keys("<alt+z>")), ALL);
    }
    // It goes with the keys, and Escape leaves it before anything else.
    assert_eq!(panes(studio.keys("<F3><alt+z><F2>")), ["form"]);
    assert_eq!(panes(studio.keys("<F3>")), ["history"]);
    assert_eq!(panes(studio.keys("<esc>")), ALL);
    assert_eq!(studio.state.focus, Focus::History);
}

#[test]
fn a_pane_that_has_the_whole_screen_already_says_so() {
    let mut small = Studio::sized(some_of_everything(), 40, 12);
    small.keys("<alt+z>");
    assert_eq!(small.notice(), "This pane has the whole screen already.");
    small.keys("<alt+l>");
    assert_eq!(small.notice(), "There is room for one pane only.");
    let mut studio = Studio::with(some_of_everything());
    for key in ["<alt+z>", "<alt+l>"] {
        studio.keys("<F3>z").keys(key);
        assert_eq!(studio.notice(), "The preview has the whole screen: z brings the panes back.");
        studio.keys("zv").keys(key);
        assert_eq!(studio.notice(), "The gallery has the whole screen: v brings the panes back.");
        studio.keys("v");
    }
}

#[test]
fn layouts_are_gone_through_as_far_as_there_is_room() {
    for ((columns, lines), expected) in [
        ((120, 40), &["wide", "split", "stacked", "single", "auto"][..]),
        ((200, 24), &["wide", "split", "single", "auto"]),
        ((60, 40), &["stacked", "single", "auto"]),
    ] {
        let mut studio = Studio::sized(some_of_everything(), columns, lines);
        for name in expected {
            studio.keys("<alt+l>");
            assert_eq!(studio.notice(), format!("Layout: {name}."));
            let single = *name == "single";
            assert_eq!(panes(&studio).len(), if single { 1 } else { 3 }, "{name}");
        }
    }
}

#[test]
fn a_layout_without_room_gives_way_and_is_there_again_with_room() {
    let mut studio = Studio::sized(some_of_everything(), 120, 40);
    studio.settings.studio.layout = Layout::Stacked;
    studio.draw();
    let stacked = studio.screen();
    for (columns, lines, count) in [(120, 24, 3), (40, 12, 1), (39, 40, 0)] {
        studio.terminal.backend_mut().resize(columns, lines);
        studio.draw();
        assert_eq!(panes(&studio).len(), count, "{columns}x{lines}");
    }
    studio.terminal.backend_mut().resize(120, 40);
    studio.draw();
    assert_eq!(studio.screen(), stacked);
}

#[test]
fn what_was_switched_counts_until_the_setting_changes() {
    let mut studio = Studio::sized(some_of_everything(), 120, 40);
    let layout = |studio: &Studio| studio.state.arrangement.layout(&studio.settings, (120, 40));
    let mouse = |studio: &Studio| studio.state.arrangement.mouse(&studio.settings);
    assert!(mouse(&studio));
    studio.keys("<alt+l><alt+m>");
    assert_eq!((layout(&studio), mouse(&studio)), (Layout::Wide, false));
    studio.settings.studio.layout = Layout::Single;
    assert_eq!((layout(&studio), mouse(&studio)), (Layout::Single, false));
    studio.settings.studio.mouse = false;
    assert!(!mouse(&studio));
    studio.keys("<alt+m>");
    assert!(mouse(&studio));
}

#[test]
fn the_mouse_is_given_away_without_closing_what_is_to_be_selected() {
    let mut studio = Studio::with(vec![]);
    studio.keys("<F1>");
    assert!(studio.screen().contains("┏ Help"));
    studio.keys("<alt+m>");
    assert!(studio.screen().contains("┏ Help"));
    assert_eq!(studio.notice(), "The mouse is the terminal's now: it selects text.");
    studio.keys("<alt+m>");
    assert_eq!(studio.notice(), "The mouse is the studio's again.");
}

#[test]
fn each_layout_and_each_pane_alone() {
    let all = some_of_everything;
    assert_snapshot!("wide-120x40", screen(all(), "<F3><alt+l>", 120, 40));
    assert_snapshot!("stacked-120x40", screen(all(), "<F3><alt+l><alt+l><alt+l>", 120, 40));
    assert_snapshot!("stacked-60x40", screen(all(), "<F3>jj", 60, 40));
    assert_snapshot!("single-80x24", screen(all(), "<F3><alt+l><alt+l>", 80, 24));
    for (name, key) in [("form", "<F2>"), ("history", "<F3>"), ("preview", "<F3>jj<F4>")] {
        let keys = format!("{key}<alt+z>");
        assert_snapshot!(format!("{name}-alone-80x24"), screen(all(), &keys, 80, 24));
    }
    assert_snapshot!("history-alone-120x40", screen(all(), "<F3><alt+z>", 120, 40));
}
