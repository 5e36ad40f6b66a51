//! What money puts on the screen: the totals, and the question before something is paid.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::paint::{self, style};
use super::window::{keys, window};
use crate::app::editor::columns;
use crate::app::spending::Totals;
use crate::app::{Overlay, State};
use crate::config::Settings;
use crate::config::keymap::{Action, Context};
use crate::config::theme::Role;
use crate::domain::{Budget, Cost, Sum};

/// The totals, as much of them as fits in so many columns.
pub(super) fn totals(state: &State, settings: &Settings, width: usize) -> String {
    let Some(totals) = state.spending.totals else { return String::new() };
    if totals.month == Sum::default() && totals.session == Sum::default() {
        return String::new();
    }
    let fits = |line: &String| columns(line) <= width;
    lines(totals, &settings.budget).into_iter().find(fits).unwrap_or_default()
}

/// The totals in several lengths, the longest first.
fn lines(totals: Totals, budget: &Budget) -> [String; 3] {
    let part = |sum: Sum, of: Option<Cost>, when: &str| {
        let of = of.map_or_else(String::new, |most| format!(" of {}", amount(most)));
        format!("{}{of} {when}", short(sum))
    };
    let session = part(totals.session, None, "now");
    let day = part(totals.day, budget.per_day, "today");
    let month = part(totals.month, budget.per_month, "this month");
    [format!("{session} · {day} · {month}"), format!("{day} · {month}"), day]
}

/// A sum in as few columns as it takes: `~$0.42 + 3 unknown`.
fn short(sum: Sum) -> String {
    let sign = if sum.estimated.is_free() { "" } else { "~" };
    let known = format!("{sign}{}", amount(sum.cost()));
    match sum.unknown {
        0 => known,
        unknown => format!("{known} + {unknown} unknown"),
    }
}

/// An amount beside others, where nothing is an amount too.
fn amount(cost: Cost) -> String {
    if cost.is_free() { "$0".to_owned() } else { cost.to_string() }
}

/// Draws the question whether something may cost what it costs; gives the place it covers.
pub(super) fn overlay(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
) -> Option<Rect> {
    let question = state.spending.question.as_ref()?;
    if state.overlay != Some(Overlay::Asking) {
        return None;
    }
    let width = area.width.saturating_sub(8).min(60);
    let mut lines = paint::wrap(&question.bill.words(), width, 6);
    lines.push(String::new());
    let offered = [(Action::Generate, "sends it"), (Action::Leave, "does not")];
    lines.push(keys(settings, Context::Text, width, &offered));
    let (covered, inner) = window(frame, area, settings, "Send it?", lines.len() as u16);
    for (line, row) in lines.iter().zip(inner.rows()) {
        paint::text(frame, row, line, style(settings, Role::Warning));
    }
    Some(covered)
}
