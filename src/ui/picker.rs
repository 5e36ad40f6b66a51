//! The picker over the panes.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::Scene;
use super::history::found;
use super::paint::{self, span, style};
use super::split::{self, Part};
use super::window::{keys, listed, typed, window_of};
use crate::app::form::Field;
use crate::app::picker::{Fit, Offers, Picker, Value};
use crate::app::{Overlay, State};
use crate::config::Settings;
use crate::config::keymap::{Action, Context};
use crate::config::theme::Role;
use crate::domain::Query;

/// Columns of the window where there is room.
const WIDTH: u16 = 92;
/// Columns of a value, where a note stands behind it.
const VALUE: u16 = 44;
/// Columns of a value without a note.
const SHORT: u16 = 16;
/// Rows of the list where there is room.
const ROWS: u16 = 16;
/// Lines that the selected prompt is shown in.
const WHOLE: u16 = 3;

/// Draws the picker; gives the place it covers.
pub(super) fn overlay(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    scene: &mut Scene,
) -> Option<Rect> {
    let picker = state.picker.as_ref().filter(|_| state.overlay == Some(Overlay::Picking))?;
    let (title, whole) = match &picker.offers {
        Offers::Values { field: Field::Size, .. } => ("Sizes".to_owned(), 0),
        Offers::Values { .. } => ("Models".to_owned(), 0),
        Offers::Presets { .. } => ("Presets".to_owned(), 0),
        Offers::Prompts { scope, .. } => (format!("Prompts · {}", scope.words()), WHOLE),
    };
    let whole = if area.height < 16 { 0 } else { whole };
    let (covered, inner) = window_of(frame, area, settings, &title, (WIDTH, ROWS + 2 + whole));
    let [filter, list, rest, hints] =
        split::rows(inner, [Part::Length(1), Part::Share(1), Part::Length(whole), Part::Length(1)]);
    scene.extents.picker_rows = list.height;
    scene.cursor = Some(typed(frame, filter, settings, &picker.filter));
    match &picker.offers {
        Offers::Values { .. } | Offers::Presets { .. } => {
            for (fit, row) in listed(frame, list, settings, picker.selected, picker.fits()) {
                let value = &picker.values()[fit.place];
                draw_value(frame, row, settings, value, &fit, picker.is_marked(&value.text));
            }
        }
        Offers::Prompts { found, .. } => {
            draw_prompts(frame, (list, rest), state, settings, found, picker);
        }
    }
    paint::text(frame, hints, &meant(settings, picker, hints.width), style(settings, Role::Dim));
    Some(covered)
}

fn draw_value(
    frame: &mut Frame<'_>,
    row: Rect,
    settings: &Settings,
    value: &Value,
    fit: &Fit,
    is_marked: bool,
) {
    let sign = if is_marked { "● " } else { "  " };
    let mut spans = vec![span(sign, style(settings, Role::Accent))];
    let (plain, other) = (style(settings, Role::Text), style(settings, Role::Found));
    spans.extend(paint::spans(&value.text, &fit.marks, plain, other));
    let width = if value.note.is_empty() { SHORT } else { VALUE };
    let [left, right] = split::columns(row, [Part::Length(width), Part::Share(1)]);
    paint::line(frame, left, spans);
    let note = if value.note.is_empty() { &value.title } else { &value.note };
    let note = if value.is_reached { note } else { &format!("no key · {note}") };
    paint::text(frame, right, &paint::cut(note, right.width), style(settings, Role::Dim));
}

fn draw_prompts(
    frame: &mut Frame<'_>,
    (list, rest): (Rect, Rect),
    state: &State,
    settings: &Settings,
    prompts: &[String],
    picker: &Picker,
) {
    let query = Query::parse(picker.filter.text(), state.now, &[]);
    for (prompt, row) in listed(frame, list, settings, picker.selected, prompts) {
        let line = paint::cut(&prompt.replace('\n', " "), row.width);
        paint::line(frame, row, found(&line, &query, Role::Text, settings));
    }
    if prompts.is_empty() {
        paint::text(frame, list, "None was found.", style(settings, Role::Placeholder));
    }
    if let Some(prompt) = picker.picked() {
        let lines = paint::wrap(&prompt, rest.width, rest.height.into());
        for (line, row) in lines.iter().zip(rest.rows()) {
            paint::text(frame, row, line, style(settings, Role::Dim));
        }
    }
}

/// The keys, in a line.
fn meant(settings: &Settings, picker: &Picker, width: u16) -> String {
    let own = match picker.offers {
        Offers::Values { .. } => (Action::Next, "marks"),
        Offers::Presets { .. } => (Action::DeleteForward, "forgets"),
        Offers::Prompts { .. } => (Action::Prompts, "others"),
    };
    let offered = [(Action::NewLine, "takes"), own, (Action::Leave, "back")];
    keys(settings, Context::Text, width, &offered)
}
