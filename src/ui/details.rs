//! Everything that is known of a generation: a window over the panes, to be scrolled.
//!
//! Promises that nothing is left out because there is no room for it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text;

use super::Scene;
use super::paint::{self, span, style};
use super::window::{scrolled, window_of};
use crate::app::{Overlay, State};
use crate::config::Settings;
use crate::config::theme::Role;
use crate::domain::{
    Attempt, Charged, Cost, Failure, Generation, Image, Job, MissingImage, Timestamp, shown_size,
};

/// Columns of a name.
const NAME: u16 = 12;
/// Columns of the window where there is room.
const WIDTH: u16 = 100;

/// A line of the window, however long.
enum Line {
    /// What follows is about this.
    Heading(&'static str),
    /// A name and a value.
    Fact(&'static str, String, Role),
}

/// Draws the window; gives the place it covers.
pub(super) fn overlay(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    scene: &mut Scene,
) -> Option<Rect> {
    let Some(Overlay::Details { scroll }) = state.overlay else { return None };
    let generation = state.selected()?;
    let width = area.width.saturating_sub(4).min(WIDTH).saturating_sub(4);
    let lines = shown(lines(state, generation), width);
    let title = format!("Details · {}", generation.id.short());
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let (covered, inner) = window_of(frame, area, settings, &title, (WIDTH, height));
    let drawn = lines.into_iter().map(|(name, value, role)| {
        let named = if value.is_empty() { Role::Title } else { Role::Label };
        let name = format!("{name:<width$}", width = usize::from(NAME));
        text::Line::from(vec![
            span(&name, style(settings, named)),
            span(&value, style(settings, role)),
        ])
    });
    scrolled(frame, inner, drawn.collect(), scroll, scene);
    Some(covered)
}

/// The lines as they stand on the screen: a name, a value and how that looks.
fn shown(lines: Vec<Line>, width: u16) -> Vec<(&'static str, String, Role)> {
    let mut shown = Vec::new();
    for line in lines {
        match line {
            Line::Heading(heading) => {
                if !shown.is_empty() {
                    shown.push(("", String::new(), Role::Text));
                }
                shown.push((heading, String::new(), Role::Title));
            }
            Line::Fact(name, value, role) => {
                let wrapped = paint::wrap(&value, width.saturating_sub(NAME), usize::MAX);
                for (nth, part) in wrapped.into_iter().enumerate() {
                    // A blank line of a value is no heading.
                    let part = if part.is_empty() { " ".to_owned() } else { part };
                    shown.push((if nth == 0 { name } else { "" }, part, role));
                }
            }
        }
    }
    shown
}

/// All of it, in the order in which it is asked for.
fn lines(state: &State, generation: &Generation) -> Vec<Line> {
    let mut lines = asked(generation);
    lines.extend(outcome(state, generation));
    lines.extend(opinion(generation));
    let record = state.details.record(generation.id);
    let missing = record.map_or(&[][..], |record| &record.missing);
    if !generation.images.is_empty() || !missing.is_empty() {
        lines.push(Line::Heading("Files"));
    }
    lines.extend(generation.images.iter().flat_map(file));
    lines.extend(missing.iter().flat_map(absent));
    lines.push(Line::Heading("Attempts"));
    match record {
        None => lines.push(fact("", "being read …")),
        Some(record) if record.attempts.is_empty() => {
            lines.push(fact("", "none: nothing was sent"));
        }
        Some(record) => lines.extend(record.attempts.iter().flat_map(attempt)),
    }
    lines
}

fn fact(name: &'static str, value: impl Into<String>) -> Line {
    Line::Fact(name, value.into(), Role::Text)
}

/// What was asked.
fn asked(generation: &Generation) -> Vec<Line> {
    let request = &generation.request;
    let mut lines = vec![Line::Heading("Request"), fact("prompt", request.prompt.clone())];
    let mut add = |name, value: Option<String>| {
        lines.extend(value.filter(|value| !value.is_empty()).map(|value| fact(name, value)));
    };
    add("template", generation.template.clone());
    add("model", Some(request.model.to_string()));
    add("size", Some(shown_size(request.width, request.height)));
    add("pictures", request.n.map(|n| n.to_string()));
    add("steps", request.steps.map(|steps| steps.to_string()));
    add("base image", request.image.as_ref().map(ToString::to_string));
    add("negative", request.negative_prompt.clone());
    for (key, value) in &request.extra {
        add("extra", Some(format!("{key} = {value}")));
    }
    add("parent", generation.parent.map(|parent| parent.to_string()));
    add("batch", generation.batch.map(|batch| batch.to_string()));
    add("id", Some(generation.id.to_string()));
    lines
}

/// What is known of the cost of one whose cost was not told.
fn unpaid(job: &Job) -> &'static str {
    match job {
        Job::Cancelled => "nothing: it was never sent",
        _ if job.failure().is_some_and(|failure| failure.charged == Charged::No) => {
            "nothing: it was not charged"
        }
        _ => "unknown",
    }
}

/// What came of it.
fn outcome(state: &State, generation: &Generation) -> Vec<Line> {
    let mut lines = vec![Line::Heading("Outcome"), fact("state", generation.job.name())];
    lines.extend(generation.job.failure().into_iter().flat_map(failed));
    lines.push(fact("asked", generation.created.to_second()));
    lines.extend(generation.sent.map(|sent| fact("sent", sent.to_second())));
    if let Some(finished) = generation.finished {
        let seconds = generation.seconds(state.now);
        lines.push(fact("ended", format!("{}, after {seconds:.1} s", finished.to_second())));
    }
    if let Some(usage) = &generation.usage {
        let counts = [
            ("in all", usage.total_tokens),
            ("of the prompt", usage.prompt_tokens),
            ("of the answer", usage.completion_tokens),
            ("of pictures", usage.image_tokens),
        ];
        let counts = counts.into_iter().filter_map(|(of, count)| Some(format!("{} {of}", count?)));
        lines.push(fact("tokens", counts.collect::<Vec<_>>().join(", ")));
    }
    let amount = |amount: Option<Cost>| amount.map(|amount| amount.to_string());
    let cost = amount(generation.cost).unwrap_or_else(|| unpaid(&generation.job).to_owned());
    lines.push(fact("cost", cost));
    let estimate = amount(generation.estimate).unwrap_or_else(|| "unknown".to_owned());
    lines.push(fact("estimate", estimate));
    lines.extend(generation.words.as_ref().map(|words| fact("said", words.as_str())));
    let request_id = generation.request_id.as_ref();
    lines.extend(request_id.map(|id| fact("request id", id.as_str())));
    lines
}

fn failed(failure: &Failure) -> Vec<Line> {
    let mut lines = vec![Line::Fact("why", failure.what.to_string(), Role::Bad)];
    for (name, text) in [("hint", failure.hint.as_str()), ("doing", &failure.verdict())] {
        if !text.is_empty() {
            lines.push(fact(name, text));
        }
    }
    lines
}

/// What the user thinks of it.
fn opinion(generation: &Generation) -> Vec<Line> {
    let opinion = &generation.opinion;
    let trashed = opinion.trashed.map(|since| format!("in the trash since {}", since.to_minute()));
    let said = [Some(opinion.signs()), trashed];
    let said = said.into_iter().flatten().filter(|said| !said.is_empty());
    let said = said.collect::<Vec<_>>().join(" · ");
    if said.is_empty() {
        return Vec::new();
    }
    vec![Line::Heading("Opinion"), Line::Fact("", said, Role::Accent)]
}

fn file(image: &Image) -> [Line; 3] {
    let Image { path, width, height, format, bytes, sha256, .. } = image;
    let size = if *width > 0 { format!("{width}×{height}, ") } else { String::new() };
    [
        fact("file", path.display().to_string()),
        fact("", format!("{size}{}, {bytes} bytes", format.extension())),
        fact("sha256", sha256.clone()),
    ]
}

fn absent(image: &MissingImage) -> Vec<Line> {
    let place = image.index + 1;
    let mut lines = vec![Line::Fact("not here", format!("picture {place}"), Role::Warning)];
    lines.extend(image.link.as_ref().map(|link| fact("link", link.clone())));
    lines.extend(image.failure.iter().flat_map(failed));
    lines
}

fn attempt(attempt: &Attempt) -> Vec<Line> {
    let Attempt { number, claimed, connected, head, received, ended, failure, .. } = attempt;
    let taken = format!("{number}, taken up {}", claimed.to_second());
    let stood =
        connected.map_or_else(|| "never, so nothing was sent".to_owned(), Timestamp::to_second);
    let mut lines = vec![fact("attempt", taken), fact("line made", stood)];
    if let Some(head) = head {
        let service = head.service.as_deref().unwrap_or("the demo painter");
        lines.push(fact("answered", format!("HTTP {} from {service}", head.status)));
        lines.extend(head.request_id.as_ref().map(|id| fact("request id", id.as_str())));
    }
    if let Some(received) = received {
        let answer = &received.answer;
        let whole = format!("{} bytes, whole at {}", answer.bytes, received.at.to_second());
        lines.push(fact("answer", whole));
        lines.push(fact("sha256", answer.sha256.clone()));
    }
    lines.extend(ended.map(|ended| fact("ended", ended.to_second())));
    lines.extend(failure.iter().flat_map(failed));
    lines
}
