//! How the studio is arranged on its terminal: where the panes are, which of them has all of
//! the screen, and whose the mouse is.
//!
//! Owns what the user has switched for now, over the settings. Promises that a setting which
//! changes counts again, and that a layout for which there is no room is not taken. Must
//! never know where a cell is.

use super::State;
use crate::config::keymap::Action;
use crate::config::{Layout, Settings};

/// What the user has switched for now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Arrangement {
    /// Whether the pane that has the keys has the whole screen.
    pub zoomed: bool,
    /// The layout, and the one of the settings that it takes the place of.
    layout: Option<(Layout, Layout)>,
    /// Whose the mouse is, and what the settings said of it then.
    mouse: Option<(bool, bool)>,
}

impl Arrangement {
    /// Whether the mouse does anything here.
    pub fn mouse(self, settings: &Settings) -> bool {
        let set = settings.studio.mouse;
        self.mouse.filter(|(_, over)| *over == set).map_or(set, |(wanted, _)| wanted)
    }

    /// The layout that is wanted.
    fn wanted(self, settings: &Settings) -> Layout {
        let set = settings.studio.layout;
        self.layout.filter(|(_, over)| *over == set).map_or(set, |(wanted, _)| wanted)
    }

    /// The layout on a screen of so many columns and rows: never [`Layout::Auto`].
    pub fn layout(self, settings: &Settings, screen: (u16, u16)) -> Layout {
        if self.zoomed { Layout::Single } else { on(self.wanted(settings), screen) }
    }
}

/// Whether a screen of so many columns and rows has room for a layout.
const fn fits(layout: Layout, (columns, rows): (u16, u16)) -> bool {
    match layout {
        Layout::Auto | Layout::Single => true,
        Layout::Wide => columns >= 110,
        Layout::Split => columns >= 70 && rows >= 18,
        Layout::Stacked => rows >= 32,
    }
}

/// What becomes of a layout on a screen of so many columns and rows.
fn on(wanted: Layout, screen: (u16, u16)) -> Layout {
    if wanted != Layout::Auto && fits(wanted, screen) {
        return wanted;
    }
    // Three panes side by side are only worth it with room for each.
    let best: &[Layout] = match screen.0 {
        150.. => &[Layout::Wide],
        _ => &[Layout::Split, Layout::Stacked],
    };
    best.iter().copied().find(|layout| fits(*layout, screen)).unwrap_or(Layout::Single)
}

/// Does what a key means for the arrangement.
pub(super) fn act(settings: &Settings, state: &mut State, action: Action) {
    let arrangement = &mut state.arrangement;
    match action {
        Action::Mouse => {
            let wanted = !arrangement.mouse(settings);
            arrangement.mouse = Some((wanted, settings.studio.mouse));
            state.say(if wanted {
                "The mouse is the studio's again."
            } else {
                "The mouse is the terminal's now: it selects text."
            });
        }
        Action::ZoomPane => arrangement.zoomed = !arrangement.zoomed,
        Action::Layout => {
            let next = next(arrangement.wanted(settings), state.extents.screen);
            arrangement.zoomed = false;
            arrangement.layout = Some((next, settings.studio.layout));
            state.say(format!("Layout: {}.", next.name()));
        }
        _ => {}
    }
}

/// The next layout that there is room for.
fn next(from: Layout, screen: (u16, u16)) -> Layout {
    let place = Layout::ALL.iter().position(|layout| *layout == from).unwrap_or(0);
    let after = Layout::ALL.iter().cycle().skip(place + 1).copied();
    after.take(Layout::ALL.len()).find(|layout| fits(*layout, screen)).unwrap_or(from)
}

/// Why the panes cannot be arranged so.
pub(super) fn why_not(settings: &Settings, state: &State, action: Action) -> Option<&'static str> {
    let screen = state.extents.screen;
    match action {
        Action::ZoomPane | Action::Layout if state.overlay.is_some() => None,
        Action::ZoomPane | Action::Layout if state.preview.full_screen => {
            Some("The preview has the whole screen: {full_screen} brings the panes back.")
        }
        Action::ZoomPane | Action::Layout if state.shows_gallery() => {
            Some("The gallery has the whole screen: {gallery} brings the panes back.")
        }
        Action::ZoomPane if !state.arrangement.zoomed => {
            let layout = state.arrangement.layout(settings, screen);
            (layout == Layout::Single).then_some("This pane has the whole screen already.")
        }
        Action::Layout => {
            let several = [Layout::Wide, Layout::Split, Layout::Stacked];
            let has_room = several.iter().any(|layout| fits(*layout, screen));
            (!has_room).then_some("There is room for one pane only.")
        }
        _ => None,
    }
}
