//! How one generation differs from another: its words in the text of both prompts, and the
//! settings.
//!
//! Promises that what was added and removed can be told apart without colours, too.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use super::paint::{self, span, style};
use crate::app::editor::columns;
use crate::config::Settings;
use crate::config::theme::Role;
use crate::domain::{Difference, Piece, Setting};

/// All of it, in lines of `width` columns.
pub(super) fn lines(
    difference: &Difference,
    width: u16,
    settings: &Settings,
) -> Vec<Vec<Span<'static>>> {
    let text = style(settings, Role::Text);
    let mut parts: Vec<(String, Style)> = Vec::new();
    for piece in &difference.prompt {
        let (sign, role) = match piece {
            Piece::Same(words) => {
                parts.push((words.clone(), text));
                continue;
            }
            Piece::Removed(_) => ('−', Role::Removed),
            Piece::Added(_) => ('+', Role::Added),
        };
        let words = piece.text();
        let inner = if words.trim().is_empty() { words } else { words.trim() };
        let (before, after) = words.split_once(inner).unwrap_or_default();
        parts.push((before.to_owned(), text));
        parts.push((format!("[{sign}{inner}]"), style(settings, role)));
        parts.push((after.to_owned(), text));
    }
    let mut lines = wrap(&parts, width);
    for setting in &difference.settings {
        lines.extend(wrap(&shown(setting, settings), width));
    }
    lines
}

/// Draws lines of a pane, and where they do not all fit, how many more there are; a pane of one
/// line is better used by the first of them.
pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    lines: Vec<Vec<Span<'static>>>,
    settings: &Settings,
) {
    let hidden = lines.len().saturating_sub(area.height.into());
    for (nth, (line, row)) in (1..).zip(lines.into_iter().zip(area.rows())) {
        if hidden > 0 && nth == area.height && nth > 1 {
            let more = format!("… {} more lines", hidden + 1);
            paint::text(frame, row, &more, style(settings, Role::Dim));
        } else {
            paint::line(frame, row, line);
        }
    }
}

/// What has changed, in one line and without the words around it.
pub(super) fn brief(difference: &Difference, settings: &Settings) -> Vec<Span<'static>> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut add = |text: &str, role| {
        if !spans.is_empty() {
            spans.push(span(" ", Style::new()));
        }
        spans.push(span(text, style(settings, role)));
    };
    for piece in &difference.prompt {
        match piece {
            Piece::Same(_) => {}
            Piece::Removed(words) => add(&format!("[−{}]", words.trim()), Role::Removed),
            Piece::Added(words) => add(&format!("[+{}]", words.trim()), Role::Added),
        }
    }
    for setting in &difference.settings {
        let Setting { name, after, .. } = setting;
        let value = after.as_deref().unwrap_or("none");
        add(&format!("{name} {value}"), Role::Dim);
    }
    if difference.is_empty() {
        add("the same again", Role::Dim);
    }
    spans
}

/// A setting: what it was, and what it is.
fn shown(setting: &Setting, settings: &Settings) -> Vec<(String, Style)> {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    vec![
        (format!("{}: ", setting.name), style(settings, Role::Label)),
        (value(&setting.before), style(settings, Role::Removed)),
        (" → ".to_owned(), style(settings, Role::Dim)),
        (value(&setting.after), style(settings, Role::Added)),
    ]
}

/// Parts of a text in their styles, broken between words into lines of `width` columns.
fn wrap(parts: &[(String, Style)], width: u16) -> Vec<Vec<Span<'static>>> {
    let most = usize::from(width).max(1);
    let mut lines = vec![Vec::new()];
    let mut used = 0;
    for (text, style) in parts {
        for (nth, line) in text.split('\n').enumerate() {
            if nth > 0 {
                lines.push(Vec::new());
                used = 0;
            }
            for word in line.split_inclusive(char::is_whitespace) {
                if used > 0 && used + columns(word.trim_end()) > most {
                    lines.push(Vec::new());
                    used = 0;
                }
                if columns(word) <= most {
                    used += columns(word);
                    lines.last_mut().expect("there is a line").push(span(word, *style));
                    continue;
                }
                // One that fits in no line.
                for piece in paint::wrap(word, width, usize::MAX) {
                    used = columns(&piece);
                    let line = lines.last_mut().expect("there is a line");
                    if line.is_empty() {
                        line.push(span(&piece, *style));
                    } else {
                        lines.push(vec![span(&piece, *style)]);
                    }
                }
            }
        }
    }
    lines
}
