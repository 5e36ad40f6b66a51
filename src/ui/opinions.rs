//! What opinions put on the screen: the line that is typed in, the searches with a name,
//! and the question before the trash is emptied.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Clear;

use super::Scene;
use super::paint::{self, span, style};
use super::split::{self, Part};
use super::window::{keys, listed, window};
use crate::app::editor::columns;
use crate::app::opinions::{Line, Wants};
use crate::app::{Overlay, State};
use crate::config::Settings;
use crate::config::keymap::{Action, Context};
use crate::config::theme::Role;
use crate::domain::Weight;

/// Draws the line that is typed in, in place of the footer.
pub(super) fn line(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    scene: &mut Scene,
) {
    let Some(Line { wants, editor }) = &state.opinions.line else { return };
    frame.render_widget(Clear, area);
    let label = match wants {
        Wants::Tags { of, .. } if of.len() > 1 => format!(" tags of {}: ", of.len()),
        Wants::Tags { .. } => " tags: ".to_owned(),
        Wants::File { .. } => " picture: ".to_owned(),
        Wants::Name(_) => " save this search as @".to_owned(),
        Wants::Preset { is_piece: true, .. } => " keep what is selected as: ".to_owned(),
        Wants::Preset { .. } => " keep this form as: ".to_owned(),
    };
    let offered = state.opinions.offered();
    let offered: Vec<String> = offered.into_iter().take(8).map(ToString::to_string).collect();
    let offered = match (wants, offered.is_empty()) {
        (Wants::Tags { .. }, false) => {
            let key = settings.keys.hint(Context::Text, Action::Next);
            let key = key.map_or_else(String::new, |key| format!("{key} "));
            format!("   {key}{}", offered.join(" "))
        }
        (Wants::Tags { .. }, true) if editor.text().is_empty() => {
            "   words, with spaces between them".to_owned()
        }
        (Wants::File { typed, offered }, _) if !typed.is_empty() && typed == editor.text() => {
            match offered.as_slice() {
                [] => "   no picture goes on so".to_owned(),
                [one] if one.ends_with('/') => String::new(),
                [_] => "   Enter fills the form from it".to_owned(),
                names => format!("   {}", names.join("  ")),
            }
        }
        (Wants::File { .. }, _) if editor.text().is_empty() => {
            let key = settings.keys.hint(Context::Text, Action::Next);
            let key = key.map_or_else(String::new, |key| format!("; {key} goes on"));
            format!("   a path{key}")
        }
        _ => String::new(),
    };
    let spans = vec![
        span(&label, style(settings, Role::Label)),
        span(editor.text(), style(settings, Role::Text)),
        span(&offered, style(settings, Role::Placeholder)),
    ];
    paint::line(frame, area, spans);
    let before = columns(&label) + columns(&editor.text()[..editor.cursor()]);
    let x = (usize::from(area.x) + before).min(usize::from(area.right().saturating_sub(1)));
    scene.cursor = Some(Position::new(x as u16, area.y));
}

/// Draws what lies over the panes for the sake of opinions; gives the place it covers.
pub(super) fn overlay(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
) -> Option<Rect> {
    match state.overlay? {
        Overlay::Searches(selected) => Some(searches(frame, area, state, settings, selected)),
        Overlay::Emptying(weight) => Some(question(frame, area, settings, weight)),
        _ => None,
    }
}

fn searches(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    selected: usize,
) -> Rect {
    let all = &state.opinions.searches;
    let (covered, inner) =
        window(frame, area, settings, "Saved searches", all.len().max(1) as u16 + 1);
    if all.is_empty() {
        let key = settings.keys.hint(Context::Browse, Action::SaveSearch);
        let key = key.map_or_else(String::new, |key| key.to_string());
        let lines = ["There are none yet.", &format!("Search for something, then press {key}.")];
        for (line, row) in lines.iter().zip(inner.rows()) {
            paint::text(frame, row, line, style(settings, Role::Placeholder));
        }
        return covered;
    }
    let [list, row] = split::rows(inner, [Part::Share(1), Part::Length(1)]);
    let offered = [(Action::UseAll, "searches"), (Action::Trash, "forgets it")];
    let meant = keys(settings, Context::Browse, row.width, &offered);
    paint::text(frame, row, &meant, style(settings, Role::Dim));
    for (search, row) in listed(frame, list, settings, selected, all) {
        let spans = vec![
            span(&format!("@{}  ", search.name), style(settings, Role::Accent)),
            span(&search.query, style(settings, Role::Text)),
        ];
        paint::line(frame, row, spans);
    }
    covered
}

fn question(frame: &mut Frame<'_>, area: Rect, settings: &Settings, weight: Weight) -> Rect {
    let words = format!(
        "Deleted for good, with their prompts: {}. This is the only thing here that cannot \
         be taken back. Favourites stay.",
        weight.words()
    );
    let width = area.width.saturating_sub(8).min(60);
    let mut lines = paint::wrap(&words, width, 8);
    lines.push(String::new());
    lines.push("y deletes them, no other key.".to_owned());
    let height = lines.len() as u16;
    let (covered, inner) = window(frame, area, settings, "Empty the trash?", height);
    for (line, row) in lines.iter().zip(inner.rows()) {
        paint::text(frame, row, line, style(settings, Role::Warning));
    }
    covered
}
