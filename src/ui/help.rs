//! The help: the keys of what has focus, from the keymap in force.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Paragraph};

use super::Scene;
use super::paint::{self, span, style};
use crate::config::Settings;
use crate::config::keymap::{ACTIONS, Context};
use crate::config::theme::Role;

/// Draws the help over the middle of `area`; gives the place it covers.
pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    settings: &Settings,
    scroll: u16,
    context: Context,
    scene: &mut Scene,
) -> Rect {
    let lines = lines(settings, context);
    let width = area.width.saturating_sub(4).min(92);
    let height = (lines.len() as u16 + 2).min(area.height.saturating_sub(2));
    let covered = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    };
    frame.render_widget(Clear, covered);
    let inner = paint::pane(frame, covered, settings, "Help", true);
    scene.extents.help = (lines.len() as u16, inner.height);
    let scroll = scroll.min((lines.len() as u16).saturating_sub(inner.height));
    frame.render_widget(Paragraph::new(lines).scroll((scroll, 0)), inner);
    covered
}

/// What has focus first, then what works everywhere, then the rest.
fn lines(settings: &Settings, context: Context) -> Vec<Line<'static>> {
    let mut contexts = vec![context, Context::Everywhere];
    contexts.extend(Context::ALL);
    let mut lines = Vec::new();
    let mut shown = Vec::new();
    for context in contexts {
        if shown.contains(&context) {
            continue;
        }
        shown.push(context);
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::from(span(context.title(), style(settings, Role::Title))));
        for (action, _, _, what) in ACTIONS.iter().filter(|row| row.2 == context) {
            let chords: Vec<String> =
                settings.keys.chords(*action).iter().map(ToString::to_string).collect();
            if chords.is_empty() {
                continue;
            }
            lines.push(Line::from(vec![
                span(&format!("{:<31} ", chords.join(" ")), style(settings, Role::Key)),
                span(what, style(settings, Role::Text)),
            ]));
        }
    }
    lines
}
