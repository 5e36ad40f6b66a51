//! What is known of the base image: a line under its field, and how a file gets here.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::paint::{self, style};
use super::window::{fitting, window_of};
use crate::app::base::{Known, ignored_by};
use crate::app::form::Field;
use crate::app::{Focus, Overlay, State};
use crate::config::Settings;
use crate::config::keymap::{Action, Context};
use crate::config::theme::Role;
use crate::domain::{ModelId, shown_bytes};

/// Columns of the window where there is room.
const WIDTH: u16 = 84;

/// What is to be known of the base image in the form, and how it is said; nothing where there
/// is none.
pub(super) fn note(state: &State) -> Option<(String, Role)> {
    let text = state.form.text(Field::BaseImage).trim();
    if text.is_empty() {
        return None;
    }
    // What is still being written is not wrong yet.
    let is_written = state.focus == Focus::Form(Field::BaseImage);
    let wrong = if is_written { Role::Dim } else { Role::Warning };
    match &state.base.known {
        Some(Known::Address(None)) => Some(("fetched by the service".to_owned(), Role::Dim)),
        Some(Known::Address(Some(problem))) => Some((problem.clone(), wrong)),
        None => Some(("…".to_owned(), Role::Dim)),
        Some(Known::Picture { file, travels }) => {
            let sides = file.sides.map(|(width, height)| format!("{width}x{height} · "));
            let sent = match travels {
                _ if paints_here(state) => "painted over here".to_owned(),
                None => format!("{} …", shown_bytes(file.bytes)),
                Some(bytes) => {
                    format!("{}, sent as {}", shown_bytes(file.bytes), shown_bytes(*bytes))
                }
            };
            Some((format!("{}{sent}", sides.unwrap_or_default()), Role::Dim))
        }
        Some(Known::Refused(failure)) => {
            let what = failure.what.as_str().trim_start_matches("Not sent: ");
            Some((what.to_owned(), wrong))
        }
        Some(Known::Elsewhere(_)) => Some(("on your machine, not on this one".to_owned(), wrong)),
    }
}

/// Which models in the form leave the base image out of account, in a few words.
pub(super) fn ignored(state: &State, settings: &Settings) -> Option<String> {
    let ignored = ignored_by(settings, state);
    let (first, rest) = ignored.split_first()?;
    let title =
        settings.models.get(first).map_or_else(|| first.to_string(), |it| it.title.to_string());
    let others = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    Some(format!("base image ignored: {title}{others} takes none"))
}

/// Whether all that is asked for is painted on this machine, so that nothing is sent.
fn paints_here(state: &State) -> bool {
    let mut models = state.form.models();
    models.all(|model| model.parse::<ModelId>().is_ok_and(|model| model.is_demo()))
}

/// Draws how a file gets here that lies where the user is; gives the place it covers.
pub(super) fn overlay(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
) -> Option<Rect> {
    let elsewhere =
        state.base.elsewhere.as_ref().filter(|_| state.overlay == Some(Overlay::Elsewhere))?;
    let width = area.width.saturating_sub(8).min(WIDTH - 4);
    let mut lines: Vec<(String, Role)> = Vec::new();
    let mut say = |text: &str, role, most| {
        lines.extend(paint::wrap(text, width, most).into_iter().map(|line| (line, role)));
    };
    say(&format!("{} is a file of your machine, not of this one.", elsewhere.path), Role::Text, 3);
    match &elsewhere.line {
        Some(line) => {
            say("This line brings it here; run it there:", Role::Dim, 2);
            say(line, Role::Accent, 5);
        }
        None => say(
            "Copy it here first. With [copy] host set, this window knows the line of scp.",
            Role::Dim,
            3,
        ),
    }
    let key = |action, what: &str| {
        settings.keys.hint(Context::Browse, action).map(|key| format!("{key} {what}"))
    };
    let copies = elsewhere.line.as_ref().map(|_| "y copies it".to_owned());
    let hints = [copies, key(Action::UseAll, "when it is here"), key(Action::Leave, "back")];
    lines.push((String::new(), Role::Dim));
    lines.push((fitting(width, hints.into_iter().flatten()), Role::Dim));
    let (covered, inner) =
        window_of(frame, area, settings, "On your machine", (WIDTH, lines.len() as u16));
    for ((line, role), row) in lines.iter().zip(inner.rows()) {
        paint::text(frame, row, line, style(settings, *role));
    }
    Some(covered)
}
