//! Two pictures beside each other, one in place of the other, or how they differ, and below
//! them how their requests differ.
//!
//! ```text
//! ┌ 1 · 4f2a91c0 ───────┐┌ 2 · 8b1d02aa ───────┐   flipped or as difference: one pane
//! │        image        ││        image        │
//! └─────────────────────┘└─────────────────────┘
//! ┌ Changed · 4f2a91c0 → 8b1d02aa ─────────────┐
//! │ a fox [+at night]                          │
//! └────────────────────────────────────────────┘
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;

use super::Scene;
use super::difference;
use super::paint::{self, span, style};
use super::split::{self, Part};
use crate::app::compare::{Compare, Mode};
use crate::app::{State, Target};
use crate::config::Settings;
use crate::config::theme::Role;

/// Lines of the difference of the requests where there is room, with their frame.
const CHANGED: u16 = 9;

pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    scene: &mut Scene,
) {
    let Some(compare) = &state.compare else { return };
    let below = if compare.is_bare { 0 } else { CHANGED.min(area.height / 3).max(3) };
    let [pictures, changed] = split::rows(area, [Part::Share(1), Part::Length(below)]);
    scene.targets.push((area, Target::Preview));
    let panes = match compare.mode {
        Mode::Both => split::columns(pictures, [Part::Share(1); 2]).to_vec(),
        Mode::One(_) | Mode::Difference => vec![pictures],
    };
    let (shown, flip) = state.compared();
    let sides = match compare.mode {
        Mode::Both => vec![0, 1],
        Mode::One(side) => vec![side],
        Mode::Difference => vec![1],
    };
    for (pane, side) in panes.into_iter().zip(sides) {
        let title = title(state, compare, side, pane.width);
        let inner = paint::pane(frame, pane, settings, &title, true);
        let found = shown.iter().find(|(_, of)| *of == side).map(|(subject, _)| *subject);
        match found {
            Some(subject) => scene.images.push((compare.lens.view(subject), inner)),
            None => paint::text(frame, inner, absent(state, compare), style(settings, Role::Dim)),
        }
        if let (Mode::One(_), Some(flip)) = (compare.mode, flip) {
            scene.ahead.push((compare.lens.view(flip), inner));
        }
    }
    if below > 0 {
        requests(frame, changed, state, compare, settings);
    }
}

/// What stands above a picture.
fn title(state: &State, compare: &Compare, side: usize, width: u16) -> String {
    let [one, other] = compare.sides();
    let zoom = if compare.lens.is_whole() {
        String::new()
    } else {
        format!(" · {} %", compare.lens.zoom())
    };
    if compare.mode == Mode::Difference {
        let sizes = [one, other].map(|side| side.image(state).map(|it| (it.width, it.height)));
        let scaled = match sizes {
            [Some(one), Some(other)] if one != other => {
                let [one, other] = [one, other].map(|(width, height)| format!("{width}×{height}"));
                format!(" · sizes differ: {other} brought to {one}")
            }
            _ => String::new(),
        };
        return paint::cut(&format!("Difference{scaled}{zoom}"), width.saturating_sub(4));
    }
    let of = compare.sides()[side];
    let mut title = format!("{} · {}", side + 1, of.of.short());
    if let Some(generation) = state.generation(of.of) {
        if generation.images.len() > 1 {
            title = format!("{title} · {} of {}", of.index + 1, generation.images.len());
        }
        if let Some(image) = of.image(state) {
            title = format!("{title} · {}×{}", image.width, image.height);
        }
    }
    paint::cut(&format!("{title}{zoom}"), width.saturating_sub(4))
}

/// What stands in place of a picture that is not there.
fn absent(state: &State, compare: &Compare) -> &'static str {
    let is_known = compare.sides().iter().all(|side| state.generation(side.of).is_some());
    if is_known { "no picture" } else { "not read, or deleted for good" }
}

/// How the requests differ.
fn requests(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    compare: &Compare,
    settings: &Settings,
) {
    let [one, other] = compare.sides();
    let title = format!("Changed · {} → {}", one.of.short(), other.of.short());
    let inner = paint::pane(frame, area, settings, &title, false);
    let dim = style(settings, Role::Dim);
    let lines = match compare.difference() {
        Some(found) if one.of == other.of || found.is_empty() => {
            let mut lines = difference::lines(found, inner.width, settings);
            lines.push(vec![span("The same request.", dim)]);
            lines
        }
        Some(found) => difference::lines(found, inner.width, settings),
        None => vec![vec![span(absent(state, compare), dim)]],
    };
    difference::draw(frame, inner, lines, settings);
}
