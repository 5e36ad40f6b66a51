//! What is in effect, and why, over the panes.
//!
//! ```text
//! ┏ Doctor ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
//! ┃ Terminal                                     ┃
//! ┃   name           kitty(0.35.2), as it says   ┃
//! ┃ ! passthrough    off: tmux passes nothing on ┃
//! ┃                  → `tmux set -g …` lets it.  ┃
//! ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::Scene;
use super::paint::{self, span, style};
use super::window::{scrolled, window_of};
use crate::app::{Overlay, State};
use crate::config::Settings;
use crate::config::theme::Role;
use crate::domain::Finding;

/// Columns of a window where there is room.
const COLUMNS: u16 = 100;
/// Columns of what was looked at, where what was found stands beside it.
const NAMES: u16 = 17;
/// In fewer columns it stands below.
const NARROW: u16 = 56;
/// Most lines of one thing that was found.
const MOST: usize = 8;

/// Draws what was found; gives the place it covers.
pub(super) fn overlay(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    scene: &mut Scene,
) -> Option<Rect> {
    let Some(Overlay::Doctor { scroll }) = state.overlay else { return None };
    // It is as high as can be from the beginning: it is not to jump when all is found.
    let (covered, inner) = window_of(frame, area, settings, "Doctor", (COLUMNS, area.height));
    let Some(findings) = &state.doctor.findings else {
        paint::text(frame, inner, "Looking …", style(settings, Role::Placeholder));
        return Some(covered);
    };
    scrolled(frame, inner, lines(findings, inner.width, settings), scroll, scene);
    Some(covered)
}

/// First how much is off, then all of it by what it belongs to.
fn lines(findings: &[Finding], width: u16, settings: &Settings) -> Vec<Line<'static>> {
    let off = findings.iter().filter(|finding| finding.mend.is_some()).count();
    let (summary, role) = match off {
        0 => ("Nothing is off.".to_owned(), Role::Good),
        1 => ("1 thing is off, and → says what mends it.".to_owned(), Role::Warning),
        off => (format!("{off} things are off, and → says what mends each."), Role::Warning),
    };
    let summary = paint::wrap(&summary, width, MOST).into_iter();
    let mut lines: Vec<_> =
        summary.map(|line| Line::from(span(&line, style(settings, role)))).collect();
    let mut area = None;
    for finding in findings {
        if area.replace(finding.area) != Some(finding.area) {
            lines.push(Line::default());
            lines.push(Line::from(span(finding.area.title(), style(settings, Role::Title))));
        }
        add(&mut lines, finding, width, settings);
    }
    lines
}

fn add(lines: &mut Vec<Line<'static>>, finding: &Finding, width: u16, settings: &Settings) {
    let (sign, role) =
        if finding.mend.is_some() { ("!", Role::Warning) } else { (" ", Role::Label) };
    let name = format!("{sign} {:<1$}", finding.what, usize::from(NAMES) - 2);
    let indent = if width < NARROW { 4 } else { NAMES };
    let wrapped = |text: &str| paint::wrap(text, width.saturating_sub(indent), MOST);
    let mut name = Some(span(&name, style(settings, role)));
    if width < NARROW {
        lines.extend(name.take().map(Line::from));
    }
    let found = wrapped(finding.found.as_str());
    let mend = finding.mend.as_ref().map(|mend| wrapped(&format!("→ {mend}")));
    let texts = found.into_iter().map(|line| (line, Role::Text));
    let mends = mend.into_iter().flatten().map(|line| (line, Role::Accent));
    for (text, role) in texts.chain(mends) {
        let before = name
            .take()
            .unwrap_or_else(|| span(&" ".repeat(indent.into()), style(settings, Role::Text)));
        lines.push(Line::from(vec![before, span(&text, style(settings, role))]));
    }
}
