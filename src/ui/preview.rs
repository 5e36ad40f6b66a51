//! The preview pane: the selected generation's image, and what is known of it.

use std::fmt::Write;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Scene;
use super::header::spinner;
use super::paint::{self, span, style};
use super::split::{self, Part};
use super::window::keys;
use crate::app::editor::columns;
use crate::app::queue::duration;
use crate::app::{Focus, State, Target};
use crate::config::Settings;
use crate::config::keymap::{Action, Context};
use crate::config::theme::Role;
use crate::domain::{Failure, Generation, Job, View, shown_size};

/// The details take at most this part of the pane's height.
const DETAILS_PART: u16 = 3;

pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    scene: &mut Scene,
) {
    let focused = state.focus == Focus::Preview;
    let Some(generation) = state.selected() else {
        let inner = paint::pane(frame, area, settings, "Preview", focused);
        scene.targets.push((area, Target::Preview));
        match &state.lineage {
            Some(lineage) => {
                let relative = lineage.tree().relative(lineage.selected());
                let is_gone = relative.is_some_and(|relative| relative.is_gone);
                let words = if is_gone { "deleted for good" } else { "…" };
                paint::text(frame, inner, words, style(settings, Role::Dim));
            }
            None => welcome(frame, inner, settings),
        }
        return;
    };
    let title = title(state, generation);
    let inner = if state.preview.full_screen {
        // No frame: the picture is what this is for.
        let [line, inner] = split::rows(area, [Part::Length(1), Part::Share(1)]);
        paint::text(frame, line, &format!(" {title}"), style(settings, Role::Title));
        inner
    } else {
        paint::pane(frame, area, settings, &title, focused)
    };
    scene.targets.push((area, Target::Preview));
    let Parts { picture, details, below } = Parts::of(generation, inner, state, settings);
    match state.preview.view(generation) {
        Some(view) => {
            scene.images.push((view, picture));
            scene.ahead.extend(state.beside().filter_map(|next| {
                let image = next.images.first()?;
                Some((View::whole(image.id), Parts::of(next, inner, state, settings).picture))
            }));
        }
        None => outcome(frame, picture, state, settings, generation),
    }
    let indent = u16::from(state.preview.full_screen);
    let below = Rect { x: below.x + indent, width: below.width.saturating_sub(indent), ..below };
    let (query, other) = (state.query(), style(settings, Role::Found));
    let is_cut = details.len() > usize::from(below.height);
    for ((text, style), row) in details.into_iter().zip(below.rows()) {
        paint::line(frame, row, paint::spans(&text, &query.highlights(&text), style, other));
    }
    if is_cut && let Some(last) = below.rows().next_back() {
        more(frame, last, settings);
    }
}

/// What stands in the pane, and where.
struct Parts {
    picture: Rect,
    details: Vec<(String, Style)>,
    below: Rect,
}

impl Parts {
    /// How `inner` is shared when `generation` is selected: its picture has what its details
    /// leave.
    fn of(generation: &Generation, inner: Rect, state: &State, settings: &Settings) -> Self {
        let details = if state.preview.details && state.preview.slideshow.is_none() {
            details(state, settings, generation, inner.width)
        } else {
            Vec::new()
        };
        let most = (inner.height / DETAILS_PART).max(3).min(inner.height);
        let height = (details.len() as u16).min(most);
        let gap = Part::Length(u16::from(height > 0));
        let [picture, _, below] = split::rows(inner, [Part::Share(1), gap, Part::Length(height)]);
        Self { picture, details, below }
    }
}

/// Says on the right of the last line of the details that there are more, and where.
fn more(frame: &mut Frame<'_>, line: Rect, settings: &Settings) {
    let Some(key) = settings.keys.hint(Context::Browse, Action::AllDetails) else { return };
    let words = format!(" … {key}");
    let width = columns(&words) as u16;
    let x = line.right().saturating_sub(width).max(line.x);
    let place = Rect { x, width: width.min(line.width), ..line };
    paint::text(frame, place, &words, style(settings, Role::Key));
}

fn title(state: &State, generation: &Generation) -> String {
    if state.preview.slideshow.is_some() {
        let prompt = generation.request.prompt.trim().lines().next().unwrap_or_default();
        return format!("Slideshow · {} · {prompt}", generation.id.short());
    }
    let mut title = format!("Preview · {}", generation.id.short());
    let of = generation.images.len();
    if of > 1 {
        let _ = write!(title, " · {} of {of}", state.preview.index(generation) + 1);
    }
    if let Some(view) = state.preview.view(generation).filter(|view| !view.is_whole()) {
        let _ = write!(title, " · {} %", view.zoom());
    }
    title
}

fn welcome(frame: &mut Frame<'_>, area: Rect, settings: &Settings) {
    let key = |action| {
        settings.keys.hint(Context::Text, action).map_or_else(String::new, |key| key.to_string())
    };
    let lines = [
        ("Write what you want to see, then press ".to_owned(), key(Action::Generate)),
        ("Help for what has focus: ".to_owned(), key(Action::Help)),
    ];
    let top = area.height.saturating_sub(lines.len() as u16) / 2;
    for ((words, key), row) in lines.into_iter().zip(area.rows().skip(top.into())) {
        let spans = vec![
            span(&words, style(settings, Role::Placeholder)),
            span(&key, style(settings, Role::Key)),
        ];
        paint::line(frame, row, spans);
    }
}

/// What stands where the picture will be, or would be.
fn outcome(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    generation: &Generation,
) {
    let duration = duration(&state.queue, generation, state.now).unwrap_or_default();
    let plain = |text: String, role| vec![(text, style(settings, role))];
    let lines = match &generation.job {
        Job::Queued if state.queue.holds(generation) => plain(held(settings), Role::Warning),
        Job::Queued => plain("waiting for its turn".to_owned(), Role::Dim),
        Job::Paused { failure, .. } => paused(state, settings, generation, failure, area.width),
        Job::Running { attempt, .. } => {
            let again = if *attempt > 1 { format!(", attempt {attempt}") } else { String::new() };
            let what = if generation.is_being_sent() { "sending" } else { "drawing" };
            plain(format!("{} {what}, {duration}{again}", spinner(state)), Role::Accent)
        }
        Job::Fetching { done, of } => {
            plain(format!("{} fetching, {done} of {of}, {duration}", spinner(state)), Role::Accent)
        }
        Job::Done => plain("done, without a picture".to_owned(), Role::Dim),
        Job::Cancelled => plain("cancelled before it was sent".to_owned(), Role::Dim),
        Job::Failed { failure } => failed(settings, failure, Role::Bad, area.width),
        Job::Interrupted { failure } => {
            let mut lines = failed(settings, failure, Role::Warning, area.width);
            lines.push((unknown(settings, generation), style(settings, Role::Dim)));
            lines.push((choices(settings), style(settings, Role::Key)));
            lines
        }
    };
    let top = area.height.saturating_sub(lines.len() as u16) / 2;
    for ((text, style), row) in lines.into_iter().zip(area.rows().skip(top.into())) {
        paint::text(frame, row, &text, style);
    }
}

/// What is said of a job that the user has paused.
fn held(settings: &Settings) -> String {
    let key = settings.keys.hint(Context::Browse, Action::Queue);
    let key = key.map_or_else(String::new, |key| format!("; {key} is the queue"));
    format!("paused{key}")
}

fn paused(
    state: &State,
    settings: &Settings,
    generation: &Generation,
    failure: &Failure,
    width: u16,
) -> Vec<(String, Style)> {
    let waits_for = generation.job.waits_for(generation.request.model.provider(), state.now);
    let mut lines = vec![(
        waits_for.unwrap_or_else(|| "waiting for its turn".to_owned()),
        style(settings, Role::Warning),
    )];
    let why = paint::wrap(failure.what.as_str(), width, 6).into_iter();
    lines.extend(why.map(|line| (line, style(settings, Role::Dim))));
    lines
}

/// What a person needs to know to decide about a generation of unknown outcome.
fn unknown(settings: &Settings, generation: &Generation) -> String {
    generation.price_and_time(settings.models.estimate(&generation.request))
}

/// The keys by which that is decided.
fn choices(settings: &Settings) -> String {
    let offered = [(Action::SendAgain, "send again"), (Action::GiveUp, "give up")];
    keys(settings, Context::Browse, u16::MAX, &offered)
}

fn failed(settings: &Settings, failure: &Failure, role: Role, width: u16) -> Vec<(String, Style)> {
    let mut lines = Vec::new();
    for (text, role) in [
        (failure.what.as_str(), role),
        (failure.hint.as_str(), Role::Text),
        (&failure.verdict(), Role::Dim),
    ] {
        if !text.is_empty() {
            let wrapped = paint::wrap(text, width, 6);
            lines.extend(wrapped.into_iter().map(|line| (line, style(settings, role))));
        }
    }
    lines
}

/// What is known of a generation, the most asked for first.
fn details(
    state: &State,
    settings: &Settings,
    generation: &Generation,
    width: u16,
) -> Vec<(String, Style)> {
    let request = &generation.request;
    let dim = style(settings, Role::Dim);
    let mut lines: Vec<(String, Style)> = paint::wrap(request.prompt.trim(), width, 4)
        .into_iter()
        .map(|line| (line, style(settings, Role::Text)))
        .collect();
    let wrapped =
        |text: &str, most| paint::wrap(text, width, most).into_iter().map(move |line| (line, dim));
    let opinion = &generation.opinion;
    let mut signs = vec![opinion.signs()];
    signs.extend(opinion.trashed.map(|_| "in the trash".to_owned()));
    signs.retain(|signs| !signs.is_empty());
    let accent = style(settings, Role::Accent);
    let signs = paint::wrap(&signs.join(" · "), width, 2).into_iter();
    lines.extend(signs.filter(|line| !line.is_empty()).map(|line| (line, accent)));
    lines.extend(wrapped(&facts(state, generation), 2));
    if let Some(image) = state.preview.image(generation) {
        lines.extend(wrapped(&image.path.display().to_string(), 3));
    }
    // Without a picture it stands in the place of it.
    if matches!(generation.job, Job::Interrupted { .. }) && !generation.images.is_empty() {
        lines.extend(wrapped(&unknown(settings, generation), 2));
    }
    if let Some(words) = &generation.words {
        lines.extend(wrapped(words.as_str(), 3));
    }
    for (label, text) in [
        ("template", generation.template.clone()),
        ("base image", request.image.as_ref().map(ToString::to_string)),
        ("negative", request.negative_prompt.clone()),
        ("request id", generation.request_id.as_ref().map(ToString::to_string)),
    ] {
        if let Some(text) = text {
            lines.extend(wrapped(&format!("{label}: {text}"), 2));
        }
    }
    for (key, value) in &request.extra {
        lines.push((format!("{key} = {value}"), dim));
    }
    lines
}

fn facts(state: &State, generation: &Generation) -> String {
    let mut facts = vec![generation.request.model.to_string()];
    if generation.request.model.is_demo() {
        facts.push("painted here, not by a model".to_owned());
    }
    match state.preview.image(generation) {
        Some(image) if image.width > 0 => facts.push(format!("{}×{}", image.width, image.height)),
        _ => facts.push(shown_size(generation.request.width, generation.request.height)),
    }
    facts.extend(generation.request.steps.map(|steps| format!("{steps} steps")));
    if generation.job == Job::Done {
        facts.extend(generation.took(state.now));
    }
    facts.extend(generation.price());
    facts.push(generation.created.to_minute());
    facts.retain(|fact| !fact.is_empty());
    facts.join(" · ")
}
