//! Windows over the panes: their frame, the line that is typed in them, their keys.
//!
//! Promises that a key which is not bound is not offered. Must never know what a window is for.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Clear, Paragraph};

use super::Scene;
use super::paint::{self, span, style};
use crate::app::editor::{self, Editor};
use crate::app::files::top;
use crate::config::Settings;
use crate::config::keymap::{Action, Context};
use crate::config::theme::Role;

/// A window of `lines` lines in the middle, and what is inside of it.
pub(super) fn window(
    frame: &mut Frame<'_>,
    area: Rect,
    settings: &Settings,
    title: &str,
    lines: u16,
) -> (Rect, Rect) {
    window_of(frame, area, settings, title, (64, lines))
}

/// A window of so many columns and lines in the middle, where there is room for them, and
/// what is inside of it.
pub(super) fn window_of(
    frame: &mut Frame<'_>,
    area: Rect,
    settings: &Settings,
    title: &str,
    (columns, lines): (u16, u16),
) -> (Rect, Rect) {
    let width = area.width.saturating_sub(4).min(columns);
    let height = (lines + 2).min(area.height.saturating_sub(2));
    let covered = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    };
    frame.render_widget(Clear, covered);
    (covered, paint::pane(frame, covered, settings, title, true))
}

/// Draws lines in a window that scrolls, from the line `scroll` on where there are so many.
pub(super) fn scrolled(
    frame: &mut Frame<'_>,
    inner: Rect,
    lines: Vec<Line<'static>>,
    scroll: u16,
    scene: &mut Scene,
) {
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    scene.extents.help = (height, inner.height);
    let scroll = scroll.min(height.saturating_sub(inner.height));
    frame.render_widget(Paragraph::new(lines).scroll((scroll, 0)), inner);
}

/// The rows of a list that are in sight, each with its line; the selected one is among them and
/// stands out.
pub(super) fn listed<T>(
    frame: &mut Frame<'_>,
    list: Rect,
    settings: &Settings,
    selected: usize,
    all: impl IntoIterator<Item = T>,
) -> Vec<(T, Rect)> {
    let first = top(selected, list.height.into());
    let rows: Vec<_> = all.into_iter().skip(first).zip(list.rows()).collect();
    // Without any room, none is in sight.
    let place = selected.checked_sub(first);
    if let Some((_, row)) = place.and_then(|place| rows.get(place)) {
        frame.buffer_mut().set_style(*row, style(settings, Role::Selection));
    }
    rows
}

/// Draws a line that is typed in; gives where its cursor stands.
pub(super) fn typed(
    frame: &mut Frame<'_>,
    area: Rect,
    settings: &Settings,
    editor: &Editor,
) -> Position {
    const SIGN: &str = "› ";
    let spans = vec![
        span(SIGN, style(settings, Role::Accent)),
        span(editor.text(), style(settings, Role::Text)),
    ];
    paint::line(frame, area, spans);
    let before = editor::columns(SIGN) + editor::columns(&editor.text()[..editor.cursor()]);
    let x = (usize::from(area.x) + before).min(usize::from(area.right().saturating_sub(1)));
    Position::new(x as u16, area.y)
}

/// The keys of some actions with what they do here, in a line, as many as fit in `width`.
pub(super) fn keys(
    settings: &Settings,
    context: Context,
    width: u16,
    offered: &[(Action, &str)],
) -> String {
    let hints = offered.iter().filter_map(|(action, what)| {
        Some(format!("{} {what}", settings.keys.hint(context, *action)?))
    });
    fitting(width, hints)
}

/// These hints in a line, as many as fit in `width`.
pub(super) fn fitting(width: u16, hints: impl IntoIterator<Item = String>) -> String {
    let mut line = String::new();
    for hint in hints {
        let longer = if line.is_empty() { hint } else { format!("{line} · {hint}") };
        if editor::columns(&longer) > width.into() {
            break;
        }
        line = longer;
    }
    line
}
