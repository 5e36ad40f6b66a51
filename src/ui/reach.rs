//! The palette, and the letters of places.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::paint::{self, style};
use super::split::{self, Part};
use super::window::{self, window};
use super::{Scene, Target};
use crate::app::editor::columns;
use crate::app::reach::{Found, label};
use crate::app::{Overlay, State};
use crate::config::Settings;
use crate::config::keymap::Action;
use crate::config::theme::Role;

/// Rows of actions that are shown where there is room.
const ROWS: u16 = 16;

/// Draws the palette; gives the place it covers.
pub(super) fn palette(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    scene: &mut Scene,
) -> Option<Rect> {
    let Some(Overlay::Palette) = state.overlay else { return None };
    let palette = &state.reach.palette;
    // The window is as high whatever is found: it is not to jump while one types.
    let (covered, inner) = window(frame, area, settings, "Actions", ROWS + 1);
    let [typed, list] = split::rows(inner, [Part::Length(1), Part::Share(1)]);
    scene.cursor = Some(window::typed(frame, typed, settings, palette.line()));
    let found = palette.found();
    if found.is_empty() {
        paint::text(frame, list, "No action is called so.", style(settings, Role::Placeholder));
    }
    for (found, row) in window::listed(frame, list, settings, palette.selected(), &found) {
        action(frame, row, state, settings, found);
    }
    Some(covered)
}

/// An action: what it does, and on the right its first key.
fn action(frame: &mut Frame<'_>, row: Rect, state: &State, settings: &Settings, found: &Found) {
    let key = key(state, settings, found.action);
    let width = columns(&key) as u16;
    let [what, _, right] =
        split::columns(row, [Part::Share(1), Part::Length(1), Part::Length(width)]);
    let shown = paint::cut(found.action.what(), what.width);
    let (plain, other) = (style(settings, Role::Text), style(settings, Role::Found));
    paint::line(frame, what, paint::spans(&shown, &found.marks, plain, other));
    paint::text(frame, right, &key, style(settings, Role::Key));
}

/// The key of an action where the palette was opened, or else where it has one.
fn key(state: &State, settings: &Settings, action: Action) -> String {
    let here = settings.keys.hint(state.reach.palette.from(), action);
    let key = here.or_else(|| settings.keys.chords(action).first().copied());
    key.map_or_else(String::new, |key| key.to_string())
}

/// Draws the letters of the places that can be gone to, and notes which these are.
pub(super) fn labels(frame: &mut Frame<'_>, state: &State, settings: &Settings, scene: &mut Scene) {
    let Some(Overlay::Jumping(typed)) = state.overlay else { return };
    let mut places: Vec<(Rect, Target)> = Vec::new();
    for (area, target) in &scene.targets {
        if !area.is_empty() && !places.iter().any(|(_, other)| other == target) {
            places.push((*area, *target));
        }
    }
    let of = places.len();
    let letters = style(settings, Role::Selection).patch(style(settings, Role::Key));
    for (nth, (area, target)) in places.iter().enumerate() {
        let label = label(nth, of);
        if typed.is_some_and(|typed| !label.starts_with(typed)) {
            continue;
        }
        // A picture may lie over the cells that it is shown in.
        let is_free = |at: &Position| !scene.images.iter().any(|(_, image)| image.contains(*at));
        let at = match target {
            // Beside its text, which stays to be read.
            Target::Field(_) => Position::new(area.x.saturating_sub(1), area.y),
            _ => {
                area.columns().flat_map(Rect::positions).find(is_free).unwrap_or(area.as_position())
            }
        };
        let size = Rect { x: at.x, y: at.y, width: label.len() as u16, height: 1 };
        paint::text(frame, size, &label, letters);
    }
    scene.labelled = places.into_iter().map(|(_, target)| target).collect();
    scene.cursor = None;
}
