//! The top line: the name, the panes where only one is shown, and what is under way.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::text::{Line, Span};

use super::paint::{span, style};
use super::{queue, spending};
use crate::app::away::Progress;
use crate::app::queue::duration;
use crate::app::{Focus, State};
use crate::config::Settings;
use crate::config::keymap::Action;
use crate::config::theme::Role;

pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    single: bool,
) {
    let mut left = vec![span(" Pentimento ", style(settings, Role::Accent))];
    if single {
        left.clear();
        let panes = [
            ("form", Action::FocusForm, matches!(state.focus, Focus::Form(_))),
            (
                "history",
                Action::FocusHistory,
                matches!(state.focus, Focus::History | Focus::Search),
            ),
            ("preview", Action::FocusPreview, state.focus == Focus::Preview),
        ];
        for (name, action, here) in panes {
            left.extend(tab(settings, state, name, action, here));
        }
    }
    let mut right = under_way(state, settings, single);
    right.extend(download(state, settings, single));
    let used: usize = left.iter().chain(&right).map(Span::width).sum();
    let room = usize::from(area.width).saturating_sub(used + 2);
    let totals = if single { String::new() } else { spending::totals(state, settings, room) };
    left.push(span(&format!(" {totals}"), style(settings, Role::Dim)));
    frame.render_widget(Line::from(left), area);
    frame.render_widget(Line::from(right).alignment(Alignment::Right), area);
}

fn tab(
    settings: &Settings,
    state: &State,
    name: &str,
    action: Action,
    here: bool,
) -> Vec<Span<'static>> {
    let key = settings.keys.hint(state.context(), action);
    let key = key.map_or_else(String::new, |chord| format!(" {chord}"));
    let role = if here { Role::Selection } else { Role::Dim };
    vec![span(&key, style(settings, Role::Key)), span(&format!(" {name} "), style(settings, role))]
}

fn under_way(state: &State, settings: &Settings, single: bool) -> Vec<Span<'static>> {
    let (waiting, making) = state.jobs.counts();
    let paused = queue::paused(state);
    let sign = if state.jobs_move() { spinner(state) } else { "‖" };
    let words = match (making, waiting) {
        (0, 0) => match paused {
            Some(paused) if !single => return vec![waits(&format!("‖ {paused} "), settings)],
            _ => return Vec::new(),
        },
        // Beside the names of the panes there is no room for more.
        _ if single => format!("{}", making + waiting),
        (1, 0) => match alone(state) {
            Some(duration) => format!("1 under way, {duration}"),
            None => "1 under way".to_owned(),
        },
        (_, 0) => format!("{making} under way"),
        (0, _) => format!("{waiting} waiting"),
        _ => format!("{making} under way, {waiting} waiting"),
    };
    let mut spans = vec![span(&format!("{sign} {words} "), style(settings, Role::Accent))];
    spans.extend(paused.filter(|_| !single).map(|paused| waits(&format!("· {paused} "), settings)));
    spans
}

fn waits(words: &str, settings: &Settings) -> Span<'static> {
    span(words, style(settings, Role::Warning))
}

/// How long the only job that is being made takes, where it is known how long that is usually.
fn alone(state: &State) -> Option<String> {
    let job = state.jobs.all().iter().find(|job| !job.job.is_waiting())?;
    state.queue.usual(&job.request.model)?;
    duration(&state.queue, job, state.now)
}

/// How far the download is.
fn download(state: &State, settings: &Settings, single: bool) -> Option<Span<'static>> {
    let Progress { file, files, percent } = state.away.download?;
    let words = match files {
        1 => format!("↓ {percent} % "),
        _ if single => format!("↓ {percent} % "),
        _ => format!("↓ {file} of {files}, {percent} % "),
    };
    Some(span(&words, style(settings, Role::Accent)))
}

/// A sign that turns with the time.
pub(super) fn spinner(state: &State) -> &'static str {
    const TURNS: [&str; 8] = ["⠋", "⠙", "⠸", "⢰", "⣠", "⣄", "⡆", "⠇"];
    TURNS[(state.now.millis() / 250).rem_euclid(8) as usize]
}
