//! The lineage: a tree of what came from what, and what changed on the way to the selected one.
//!
//! ```text
//! ┌ Lineage · 7 ───────────┐┌ Preview ───────┐
//! │ ✓ a fox                ││                │
//! │ ├─✓ [+at night]        ││     image      │
//! │ ├─✓ ×4 [−fox] [+hare]  ││                │
//! │ ✓ [+in the snow]       │├ Changed ───────┤
//! │ ✓ size 1024x1024       ││ a fox [+in …]  │
//! └────────────────────────┘└────────────────┘
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::Scene;
use super::difference;
use super::history::{MARK, sign};
use super::paint::{self, span, style};
use crate::app::lineage::{Line, Lineage};
use crate::app::{Focus, State, Target};
use crate::config::Settings;
use crate::config::theme::Role;

/// Draws the tree.
pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    scene: &mut Scene,
) {
    let Some(lineage) = &state.lineage else { return };
    let focused = state.focus == Focus::History;
    let tree = lineage.tree();
    let more = match (lineage.is_loading(), tree.is_cut()) {
        (true, _) => " …",
        (false, true) => ", the nearest",
        (false, false) => "",
    };
    let marks = match state.opinions.marks() {
        0 => String::new(),
        marks => format!(" · {marks} marked"),
    };
    let title = format!("Lineage · {}{more}{marks}", tree.len());
    let inner = paint::pane(frame, area, settings, &title, focused);
    scene.targets.push((area, Target::History));
    scene.extents.lineage_rows = inner.height;
    let selected = lineage.selected_line();
    let lines = tree.lines().iter().enumerate().skip(lineage.top());
    for ((place, line), row) in lines.zip(inner.rows()) {
        if place == selected {
            let role = if focused { Role::Selection } else { Role::SelectionDim };
            frame.buffer_mut().set_style(row, style(settings, role));
        }
        if let Some(relative) = lineage.face(line) {
            scene.targets.push((row, Target::Relative(relative.id)));
        }
        paint::line(frame, row, one(lineage, line, state, settings));
    }
}

/// A line of the tree.
fn one(lineage: &Lineage, line: &Line, state: &State, settings: &Settings) -> Vec<Span<'static>> {
    let dim = style(settings, Role::Dim);
    let accent = style(settings, Role::Accent);
    let rails = match (line.level, line.is_branch) {
        (0, _) => String::new(),
        (level, true) => format!("{}├─", "│ ".repeat(level - 1)),
        (level, false) => "│ ".repeat(level),
    };
    let mut spans = vec![span(&rails, dim)];
    let Some(relative) = lineage.face(line) else { return spans };
    let members: Vec<_> = lineage.tree().members(line).collect();
    let place = members.iter().position(|member| member.id == lineage.selected());
    let many = match (members.len(), place) {
        (1, _) => String::new(),
        (all, Some(place)) => format!("{} of {all} ", place + 1),
        (all, None) => format!("×{all} "),
    };
    if relative.is_gone {
        spans.push(span("· ", dim));
        spans.push(span(&format!("{many}deleted for good"), dim));
        return spans;
    }
    let Some(generation) = state.generation(relative.id) else {
        spans.push(span("… ", dim));
        return spans;
    };
    let (sign, sign_style) = if state.opinions.is_marked(relative.id) {
        (MARK, accent)
    } else {
        sign(&generation.job, state, settings)
    };
    let opinion = generation.opinion.brief();
    let gap = if opinion.is_empty() { "" } else { " " };
    let trashed = if generation.opinion.trashed.is_some() { "in the trash " } else { "" };
    spans.push(span(sign, sign_style));
    spans.push(span(" ", dim));
    spans.push(span(&format!("{many}{trashed}"), dim));
    spans.push(span(&format!("{opinion}{gap}"), accent));
    if let Some(found) = lineage.difference(relative.id) {
        spans.extend(difference::brief(found, settings));
    } else {
        let prompt = generation.request.prompt.trim().replace('\n', " ");
        spans.push(span(&prompt, style(settings, Role::Text)));
    }
    spans
}

/// Draws what changed on the way to the selected one.
pub(super) fn changed(frame: &mut Frame<'_>, area: Rect, state: &State, settings: &Settings) {
    let Some(lineage) = &state.lineage else { return };
    let id = lineage.selected();
    let parent = lineage.tree().relative(id).and_then(|relative| relative.parent);
    let title = match parent {
        Some(parent) => format!("Changed · {} → {}", parent.short(), id.short()),
        None => format!("Beginning · {}", id.short()),
    };
    let inner = paint::pane(frame, area, settings, &title, false);
    let mut lines = match (lineage.difference(id), state.generation(id)) {
        (Some(found), _) => difference::lines(found, inner.width, settings),
        (None, Some(generation)) => {
            let prompt = generation.request.prompt.trim();
            let wrapped = paint::wrap(prompt, inner.width, usize::MAX).into_iter();
            wrapped.map(|line| vec![span(&line, style(settings, Role::Text))]).collect()
        }
        (None, None) => Vec::new(),
    };
    let is_gone = |id| lineage.tree().relative(id).is_none_or(|relative| relative.is_gone);
    let remark = match (parent, lineage.difference(id)) {
        _ if is_gone(id) => "It was deleted for good.",
        (Some(parent), None) if is_gone(parent) && !lineage.is_loading() => {
            "What it came from was deleted for good."
        }
        (_, Some(found)) if found.is_empty() => "The same again.",
        (None, _) if !lineage.is_loading() && lineage.tree().len() == 1 => {
            "It came from nothing, and nothing came of it yet."
        }
        _ => "",
    };
    if !remark.is_empty() {
        lines.push(vec![span(remark, style(settings, Role::Dim))]);
    }
    difference::draw(frame, inner, lines, settings);
}
