//! The copy menu.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::paint::{self, span, style};
use super::split::{self, Part};
use super::window::window;
use crate::app::away::{letter, meant};
use crate::app::{Overlay, State};
use crate::config::Settings;
use crate::config::theme::Role;
use crate::domain::Extract;

/// Columns of what the letters stand for.
const NAME: usize = 13;

/// Draws the menu; gives the place it covers.
pub(super) fn overlay(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
) -> Option<Rect> {
    let Some(Overlay::Copying(selected)) = state.overlay else { return None };
    let count = meant(state);
    let title = if count == 1 { "Copy".to_owned() } else { format!("Copy of {count}") };
    let lines = Extract::ALL.len() as u16 + 2;
    let (covered, inner) = window(frame, area, settings, &title, lines);
    let [list, _, keys] = split::rows(inner, [Part::Share(1), Part::Length(1), Part::Length(1)]);
    for ((place, what), row) in Extract::ALL.into_iter().enumerate().zip(list.rows()) {
        if place == selected {
            frame.buffer_mut().set_style(row, style(settings, Role::Selection));
        }
        let name = format!("  {:NAME$}", name(what));
        let room = row.width.saturating_sub(name.len() as u16 + 1);
        let spans = vec![
            span(&letter(what).to_string(), style(settings, Role::Key)),
            span(&name, style(settings, Role::Text)),
            span(&paint::cut(&value(state, what), room), style(settings, Role::Dim)),
        ];
        paint::line(frame, row, spans);
    }
    paint::text(frame, keys, "A letter copies it.", style(settings, Role::Dim));
    Some(covered)
}

const fn name(what: Extract) -> &'static str {
    match what {
        Extract::Prompt => "prompt",
        Extract::Path => "path",
        Extract::Scp => "scp line",
        Extract::Curl => "curl line",
        Extract::Command => "command line",
        Extract::Json => "JSON",
    }
}

/// What is copied, or what it is good for.
fn value(state: &State, what: Extract) -> String {
    let selected = state.selected().filter(|_| meant(state) == 1);
    let image = selected.and_then(|it| state.preview.image(it));
    match (what, selected, image) {
        (Extract::Prompt, Some(it), _) => it.request.prompt.replace('\n', " "),
        (Extract::Prompt, None, _) => "a line each".to_owned(),
        (Extract::Path, Some(_), Some(image)) => image.path.display().to_string(),
        (Extract::Path, Some(_), None) => "it has no picture".to_owned(),
        (Extract::Path, None, _) => "of all their pictures".to_owned(),
        (Extract::Scp, ..) => "brings the file to you".to_owned(),
        (Extract::Curl, ..) => "with variables for keys".to_owned(),
        (Extract::Command, ..) => "pentimento generate …".to_owned(),
        (Extract::Json, ..) => "the request".to_owned(),
    }
}
