//! The help: the keys of what has focus, from the keymap in force, and what is worth knowing.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::Scene;
use super::paint::{self, span, style};
use super::split::{self, Part};
use super::window::{scrolled, typed, window_of};
use crate::app::State;
use crate::app::editor::columns;
use crate::app::reach::help::{self, chords};
use crate::config::Settings;
use crate::config::keymap::Context;
use crate::config::theme::Role;

/// Columns of the window where there is room.
const WIDTH: u16 = 92;
/// Columns of the keys where there is room.
const KEYS: u16 = 31;
/// Most lines that one thing takes.
const MOST: usize = 4;

/// Draws the help over the middle of `area`; gives the place it covers.
pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    (scroll, context): (u16, Context),
    scene: &mut Scene,
) -> Rect {
    let (covered, inner) = window_of(frame, area, settings, "Help", (WIDTH, area.height));
    let lookup = &state.reach.help;
    let is_looked_up = lookup.is_typing || !lookup.line.text().is_empty();
    let [line, inner] = split::rows(inner, [Part::Length(u16::from(is_looked_up)), Part::Share(1)]);
    if is_looked_up {
        let cursor = typed(frame, line, settings, &lookup.line);
        scene.cursor = lookup.is_typing.then_some(cursor);
    }
    let mut lines = Vec::new();
    for line in lookup.lines(settings, context) {
        lines.extend(shown(&line, settings, inner.width, lines.is_empty()));
    }
    if lines.is_empty() {
        let none = span("Nothing in the help is called so.", style(settings, Role::Placeholder));
        lines.push(Line::from(none));
    }
    scrolled(frame, inner, lines, scroll, scene);
    covered
}

/// A line of the help as lines of the screen.
fn shown(line: &help::Line, settings: &Settings, width: u16, is_first: bool) -> Vec<Line<'static>> {
    let (keys, what, role) = match line {
        help::Line::Heading(title) => {
            let heading = Line::from(span(title, style(settings, Role::Title)));
            let gap = (!is_first).then(Line::default);
            return gap.into_iter().chain([heading]).collect();
        }
        help::Line::Action(action) if settings.keys.chords(*action).is_empty() => {
            (chords(settings, *action), action.what(), Role::Dim)
        }
        help::Line::Action(action) => (chords(settings, *action), action.what(), Role::Key),
        help::Line::Note(cue, what) => (cue.text(settings), *what, Role::Key),
    };
    let left = KEYS.min(width * 2 / 5);
    let keys = paint::cut(&keys, left);
    let pad = usize::from(left) + 1 - columns(&keys);
    let what = paint::wrap(what, width.saturating_sub(left + 1), MOST);
    let lines = what.iter().enumerate().map(|(nth, part)| {
        let (keys, pad) = if nth == 0 { (keys.as_str(), pad) } else { ("", left as usize + 1) };
        Line::from(vec![
            span(&format!("{keys}{}", " ".repeat(pad)), style(settings, role)),
            span(part, style(settings, Role::Text)),
        ])
    });
    lines.collect()
}
