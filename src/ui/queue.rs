//! The queue: a line for each job under way, waiting, or waiting for the user to decide.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::text::Line;

use super::history::sign;
use super::paint::{self, span, style};
use super::split::{self, Part};
use super::window::{keys, listed, window_of};
use crate::app::editor::columns;
use crate::app::files::top;
use crate::app::queue::{duration, rows, seconds, selected_place};
use crate::app::{Overlay, State};
use crate::config::Settings;
use crate::config::keymap::{Action, Context};
use crate::config::theme::Role;
use crate::domain::{Generation, Job, Pause};

/// Columns of the window, and the least rows of the list, where there is room.
const SIZE: (u16, u16) = (104, 8);
/// From so many columns on, a line has room for the model.
const ROOM_FOR_MODEL: u16 = 60;

/// Draws the window; gives the place it covers.
pub(super) fn overlay(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
) -> Option<Rect> {
    if state.overlay != Some(Overlay::Queue) {
        return None;
    }
    let rows = rows(state);
    let lines = (rows.len() as u16).max(SIZE.1) + 2;
    let title = title(state);
    let (covered, inner) = window_of(frame, area, settings, &title, (SIZE.0, lines));
    let [list, more, hints] =
        split::rows(inner, [Part::Share(1), Part::Length(1), Part::Length(1)]);
    let offered = keys(settings, Context::Browse, hints.width, &offered(state));
    paint::text(frame, hints, &offered, style(settings, Role::Dim));
    if rows.is_empty() {
        let words = "Nothing is under way, and nothing waits.";
        paint::text(frame, list, words, style(settings, Role::Placeholder));
    }
    let place = selected_place(state, &rows);
    for (row, line) in listed(frame, list, settings, place, &rows) {
        job(frame, line, row, state, settings);
    }
    let top = top(place, list.height.into());
    let shown = rows.iter().filter(|row| row.job.is_waiting()).count();
    let unseen = state.queue.waiting.saturating_sub(shown);
    let below = rows.len().saturating_sub(top + usize::from(list.height)) + unseen;
    if below > 0 {
        paint::text(frame, more, &format!("{below} more"), style(settings, Role::Dim));
    }
    Some(covered)
}

/// What is under way, waits and is paused.
fn title(state: &State) -> String {
    let (shown, making) = state.jobs.counts();
    let waiting = shown.max(state.queue.waiting);
    let mut parts = vec!["Queue".to_owned()];
    if making > 0 {
        parts.push(format!("{making} under way"));
    }
    if waiting > 0 {
        parts.push(format!("{waiting} waiting"));
    }
    parts.extend(paused(state));
    parts.join(" · ")
}

/// What is paused, in a few words.
pub(super) fn paused(state: &State) -> Option<String> {
    let pauses = &state.queue.pauses;
    if pauses.has(&Pause::All) {
        return Some("paused".to_owned());
    }
    let names: Vec<&str> = pauses.iter().map(Pause::name).collect();
    (!names.is_empty()).then(|| format!("{} paused", names.join(", ")))
}

/// The keys, the most useful first.
fn offered(state: &State) -> [(Action, &'static str); 8] {
    let pauses = &state.queue.pauses;
    let all = if pauses.has(&Pause::All) { "goes on" } else { "pause" };
    [
        (Action::PauseQueue, all),
        (Action::RunNext, "next"),
        (Action::QueueUp, "up"),
        (Action::QueueDown, "down"),
        (Action::Cancel, "cancel"),
        (Action::SendAgain, "again"),
        (Action::UseAll, "go to it"),
        (Action::PauseProvider, "its provider"),
    ]
}

/// One job: its prompt on the left, who draws and how far it is on the right.
fn job(frame: &mut Frame<'_>, area: Rect, row: &Generation, state: &State, settings: &Settings) {
    let mut right = standing(row, state);
    if area.width >= ROOM_FOR_MODEL {
        right = format!("{} · {right}", row.request.model.name());
    }
    let right = paint::cut(&right, area.width * 3 / 5);
    let (sign, colour) = if state.queue.holds(row) {
        ("‖", style(settings, Role::Warning))
    } else {
        sign(&row.job, state, settings)
    };
    let room = area.width.saturating_sub(columns(&right) as u16 + 3);
    let prompt = paint::cut(row.request.prompt.trim(), room).replace('\n', " ");
    let text = style(settings, Role::Text);
    paint::line(frame, area, vec![span(sign, colour), span(" ", text), span(&prompt, text)]);
    let right = Line::from(span(&right, style(settings, Role::Dim))).alignment(Alignment::Right);
    frame.render_widget(right, area.intersection(frame.area()));
}

/// How far a job is, and how long it takes or will take.
fn standing(row: &Generation, state: &State) -> String {
    let provider = row.request.model.provider();
    let duration = duration(&state.queue, row, state.now);
    let with = |words: String| match &duration {
        Some(duration) => format!("{words}, {duration}"),
        None => words,
    };
    match &row.job {
        _ if state.queue.holds(row) => "paused".to_owned(),
        Job::Queued | Job::Paused { .. } => {
            row.job.waits_for(provider, state.now).unwrap_or_else(|| {
                let usual = state.queue.usual(&row.request.model);
                usual.map_or_else(
                    || "waiting".to_owned(),
                    |usual| format!("waiting, usually {}", seconds(usual)),
                )
            })
        }
        Job::Running { .. } if row.is_being_sent() => with("sending".to_owned()),
        Job::Running { .. } => with("drawing".to_owned()),
        Job::Fetching { done, of } => with(format!("fetching {done} of {of}")),
        job => job.name().to_owned(),
    }
}
