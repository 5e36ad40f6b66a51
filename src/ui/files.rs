//! The picker of files over the panes: the list, and the selected picture beside it.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::Scene;
use super::paint::{self, span, style};
use super::split::{self, Part};
use super::window::{keys, listed, window_of};
use crate::app::editor::columns;
use crate::app::files::{Entry, Files, Listing};
use crate::app::{Overlay, State};
use crate::config::Settings;
use crate::config::keymap::{Action, Context};
use crate::config::theme::Role;
use crate::domain::{PictureFile, View, shown_bytes};

/// Columns and rows of the window where there is room.
const SIZE: (u16, u16) = (110, 24);
/// Columns of the list where there is room for a picture beside it.
const LIST: u16 = 44;
/// The fewest columns that a picture is shown in.
const PICTURE: u16 = 20;
/// Columns that are kept for a name before anything is said of its file.
const NAME: u16 = 14;

/// Draws the picker; gives the place it covers.
pub(super) fn overlay(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    scene: &mut Scene,
) -> Option<Rect> {
    let files = state.base.files.as_ref().filter(|_| state.overlay == Some(Overlay::Files))?;
    let (covered, inner) = window_of(frame, area, settings, "Base image", SIZE);
    let [typed, below, hints] =
        split::rows(inner, [Part::Length(1), Part::Share(1), Part::Length(1)]);
    let beside = inner.width.saturating_sub(LIST + 1);
    let [list, _, picture] = split::columns(
        below,
        [Part::Share(1), Part::Length(1), Part::Length(if beside < PICTURE { 0 } else { beside })],
    );
    scene.extents.picker_rows = list.height;
    scene.cursor = Some(line(frame, typed, settings, files));
    for (entry, row) in listed(frame, list, settings, files.selected, files.from(0)) {
        draw_entry(frame, row, settings, files, entry);
    }
    if let Some(words) = instead(files) {
        let lines = paint::wrap(&words, list.width, list.height.into());
        for (line, row) in lines.iter().zip(list.rows()) {
            paint::text(frame, row, line, style(settings, Role::Placeholder));
        }
    }
    if let Some(image) = files.picture().filter(|_| !picture.is_empty()) {
        scene.images.push((View::whole(image.id), picture));
    }
    let said = state.notice.is_none().then(|| {
        let offered = [
            (Action::NewLine, "takes"),
            (Action::Next, "into"),
            (Action::DeleteBack, "up"),
            (Action::Leave, "back"),
        ];
        keys(settings, Context::Text, hints.width, &offered)
    });
    paint::text(frame, hints, &said.unwrap_or_default(), style(settings, Role::Dim));
    Some(covered)
}

/// What stands in place of a list.
fn instead(files: &Files) -> Option<String> {
    match &files.listing {
        Listing::Reading => Some("reading …".to_owned()),
        Listing::Refused(why) => Some(why.clone()),
        Listing::Read(_) if !files.is_empty() => None,
        Listing::Read(_) if files.filter.text().is_empty() => {
            Some("No picture here, and no directory; a dot shows what is hidden.".to_owned())
        }
        Listing::Read(_) => Some("No picture here is called so.".to_owned()),
    }
}

/// Draws where one stands and what is typed there; gives where the cursor stands. Of a path
/// that is too long its end is seen.
fn line(frame: &mut Frame<'_>, area: Rect, settings: &Settings, files: &Files) -> Position {
    const SIGN: &str = "› ";
    let filter = &files.filter;
    let room = usize::from(area.width).saturating_sub(columns(SIGN) + columns(filter.text()) + 1);
    let mut dir = files.dir.clone();
    if !dir.is_empty() && !dir.ends_with('/') {
        dir.push('/');
    }
    let whole = dir.clone();
    let mut rest = whole.chars();
    while columns(&dir) > room && rest.next().is_some() {
        dir = format!("…{}", rest.as_str());
    }
    let spans = vec![
        span(SIGN, style(settings, Role::Accent)),
        span(&dir, style(settings, Role::Dim)),
        span(filter.text(), style(settings, Role::Text)),
    ];
    paint::line(frame, area, spans);
    let before = columns(SIGN) + columns(&dir) + columns(&filter.text()[..filter.cursor()]);
    let x = (usize::from(area.x) + before).min(usize::from(area.right().saturating_sub(1)));
    Position::new(x as u16, area.y)
}

fn draw_entry(frame: &mut Frame<'_>, row: Rect, settings: &Settings, files: &Files, entry: &Entry) {
    let mut words = match files.known(&entry.name) {
        _ if entry.is_dir => String::new(),
        Some(Ok(file)) => about(file),
        Some(Err(_)) => "no picture".to_owned(),
        None => String::new(),
    };
    if usize::from(row.width) < columns(&words) + usize::from(NAME) {
        words.clear();
    }
    let [left, right] =
        split::columns(row, [Part::Share(1), Part::Length(columns(&words) as u16 + 1)]);
    let plain = style(settings, if entry.is_dir { Role::Accent } else { Role::Text });
    let name = paint::cut(&entry.name, left.width.saturating_sub(u16::from(entry.is_dir)));
    let mut spans =
        paint::spans(&name, &files.marks(&entry.name), plain, style(settings, Role::Found));
    if entry.is_dir {
        spans.push(span("/", plain));
    }
    paint::line(frame, left, spans);
    paint::text(frame, right, &format!(" {words}"), style(settings, Role::Dim));
}

/// What is known of a picture, in a few words.
fn about(file: &PictureFile) -> String {
    let sides = file.sides.map(|(width, height)| format!("{width}x{height} "));
    format!("{}{:>7}", sides.unwrap_or_default(), shown_bytes(file.bytes))
}
