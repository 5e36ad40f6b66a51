//! The history pane: the search line, and rows with thumbnails.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use super::Scene;
use super::header::spinner;
use super::paint::{self, span, style};
use super::split::{self, Part};
use crate::app::editor::columns;
use crate::app::history::{Placed, Room};
use crate::app::queue::seconds;
use crate::app::{Focus, State, Target};
use crate::config::Settings;
use crate::config::theme::Role;
use crate::domain::{Generation, Job, Query, Tag, View, nearest};

/// Cells of a thumbnail.
const THUMBNAIL: (u16, u16) = (6, 3);
/// What stands before a marked row.
pub(super) const MARK: &str = "●";
/// With fewer rows than this, each generation takes one line and has no thumbnail.
const ROOM_FOR_THUMBNAILS: u16 = 6;

pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    scene: &mut Scene,
) {
    let focused = matches!(state.focus, Focus::History | Focus::Search);
    let list = room(frame, area, state, settings, scene);
    let thumbnails = list.height >= ROOM_FOR_THUMBNAILS;
    let each = if thumbnails { THUMBNAIL.1 } else { 1 };
    scene.extents.history = Room { height: list.height, each, columns: 1 };
    let query = state.query();
    let rows = state.history.rows();
    for placed in state.history.placed(scene.extents.history) {
        let (place, y) = match placed {
            Placed::Day { row, y } => {
                day(frame, line_at(list, y), rows.get(row), state, settings);
                continue;
            }
            Placed::Row { row, y, .. } => (row, y),
        };
        let Some(row) = rows.get(place) else { continue };
        let area = Rect { y: list.y + y, height: each, ..list }.intersection(list);
        let selected = place == state.history.selected_index();
        if selected {
            let role = if focused { Role::Selection } else { Role::SelectionDim };
            frame.buffer_mut().set_style(area, style(settings, role));
        }
        scene.targets.push((area, Target::Row(row.id)));
        if thumbnails {
            roomy_row(frame, area, (row, &query), selected, state, settings, scene);
        } else {
            terse_row(frame, area, (row, &query), selected, state, settings);
        }
    }
}

/// The line of cells `y` lines below the top of `list`.
pub(super) fn line_at(list: Rect, y: u16) -> Rect {
    Rect { y: list.y + y, height: 1, ..list }.intersection(list)
}

/// Draws the heading of the day of `row`.
pub(super) fn day(
    frame: &mut Frame<'_>,
    area: Rect,
    row: Option<&Generation>,
    state: &State,
    settings: &Settings,
) {
    let Some(row) = row else { return };
    let name = row.created.to_day_name(state.now);
    let rule = "─".repeat(usize::from(area.width).saturating_sub(columns(&name) + 1));
    let border = style(settings, Role::Border);
    let spans =
        vec![span(&name, style(settings, Role::Title)), span(" ", border), span(&rule, border)];
    paint::line(frame, area, spans);
}

/// Draws what the history has around its rows: a frame, the search line, and a word where
/// there are none. Gives the room for them.
pub(super) fn room(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    scene: &mut Scene,
) -> Rect {
    let focused = matches!(state.focus, Focus::History | Focus::Search);
    let title = title(state);
    let inner = paint::pane(frame, area, settings, &title, focused);
    if let Some(first) = state.history.first_day() {
        let names = [first.to_day_name(state.now), first.to_day()];
        paint::on_the_right(frame, area, settings, &names, columns(&title));
    }
    scene.targets.push((area, Target::History));
    let searching = state.focus == Focus::Search || !state.history.query().is_empty();
    let query = state.query();
    let wrong = explained(&query, state, inner);
    let [line, why, room] = split::rows(
        inner,
        [Part::Length(u16::from(searching)), Part::Length(wrong.len() as u16), Part::Share(1)],
    );
    if searching {
        search_line(frame, line, state, settings, &query, scene);
    }
    for (words, row) in wrong.iter().zip(why.rows()) {
        paint::text(frame, row, words, style(settings, Role::Bad));
    }
    if state.history.rows().is_empty() {
        let words = paint::wrap(&empty(&query, state), room.width, room.height.into());
        for (line, row) in words.iter().zip(room.rows()) {
            paint::text(frame, row, line, style(settings, Role::Placeholder));
        }
    }
    room
}

fn title(state: &State) -> String {
    let title = match state.history.total {
        None | Some(0) => "History".to_owned(),
        Some(total) if state.history.query().is_empty() => format!("History · {total}"),
        Some(total) => format!("History · {total} found"),
    };
    match state.opinions.marks() {
        0 => title,
        marks => format!("{title} · {marks} marked"),
    }
}

/// What the first wrong part of the search is, in as few lines as it takes. One that is
/// still being typed may become right: the footer has a hint for it.
fn explained(query: &Query, state: &State, area: Rect) -> Vec<String> {
    let typed = query.unfinished(state.history.query()).filter(|_| state.focus == Focus::Search);
    let Some(wrong) = query.wrong().iter().find(|wrong| Some(*wrong) != typed) else {
        return Vec::new();
    };
    let column = wrong.column(state.history.query());
    let most = usize::from(area.height / 3).clamp(1, 3);
    paint::wrap(&format!("At {column}: {}", wrong.what), area.width, most)
}

/// What stands in place of rows where there are none.
fn empty(query: &Query, state: &State) -> String {
    if state.history.is_loading() {
        return "loading…".to_owned();
    }
    if state.history.query().is_empty() {
        return "Nothing made yet.".to_owned();
    }
    let tags: Vec<&str> = state.opinions.tags.iter().map(Tag::as_str).collect();
    match query.unknown_tag(&tags) {
        None => "Nothing found.".to_owned(),
        Some(tag) => {
            let near = nearest(tag, tags).map(|near| format!(" There is #{near}."));
            format!("Nothing found: no tag begins with “{tag}”.{}", near.unwrap_or_default())
        }
    }
}

fn search_line(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    query: &Query,
    scene: &mut Scene,
) {
    let (text, cursor) = (state.history.search.text(), state.history.search.cursor());
    // What does not fit is left out at the beginning, so that the cursor is in sight.
    let room = usize::from(area.width.saturating_sub(2));
    let shows_cursor = |start: &usize| columns(&text[*start..cursor]) <= room;
    let start = text.char_indices().map(|(at, _)| at).find(shows_cursor).unwrap_or(0).min(cursor);
    // Places are counted without the spaces around.
    let indent = text.len() - text.trim_start().len();
    let wrong: Vec<_> = query
        .wrong()
        .iter()
        .map(|wrong| (wrong.at.start + indent).max(start)..(wrong.at.end + indent).max(start))
        .map(|at| at.start - start..at.end - start)
        .collect();
    let mut spans = vec![span(if start > 0 { "…" } else { "/" }, style(settings, Role::Accent))];
    let (plain, bad) = (style(settings, Role::Text), style(settings, Role::Bad));
    let bad = bad.add_modifier(Modifier::UNDERLINED);
    spans.extend(paint::spans(&text[start..], &wrong, plain, bad));
    paint::line(frame, area, spans);
    if state.focus == Focus::Search {
        let before = columns(&text[start..cursor]) as u16;
        let x = (area.x + 1 + before).min(area.right().saturating_sub(1));
        scene.cursor = Some(Position::new(x, area.y));
    }
}

fn roomy_row(
    frame: &mut Frame<'_>,
    area: Rect,
    (row, query): (&Generation, &Query),
    selected: bool,
    state: &State,
    settings: &Settings,
    scene: &mut Scene,
) {
    let [mark, thumbnail, _, words] = split::columns(
        area,
        [Part::Length(1), Part::Length(THUMBNAIL.0), Part::Length(1), Part::Share(1)],
    );
    if selected {
        paint::text(frame, mark, "▌", style(settings, Role::Accent));
    }
    if state.opinions.is_marked(row.id) {
        paint::text(frame, mark.rows().nth(1).unwrap_or(mark), MARK, style(settings, Role::Accent));
    }
    if let Some(image) = row.images.first() {
        scene.images.push((View::whole(image.id), thumbnail));
    }
    let (sign, sign_style) = sign(&row.job, state, settings);
    let mut lines = words.rows();
    let (Some(first), Some(second), Some(third)) = (lines.next(), lines.next(), lines.next())
    else {
        return;
    };
    let prompt = paint::cut(row.request.prompt.trim(), first.width);
    paint::line(frame, first, found(&prompt, query, Role::Text, settings));
    let dim = style(settings, Role::Dim);
    let signs = row.opinion.signs();
    let signs = paint::cut(&signs, second.width / 2);
    let gap = if signs.is_empty() { "" } else { " " };
    let mut spans = vec![span(sign, sign_style), span(" ", dim)];
    spans.push(span(&format!("{signs}{gap}"), style(settings, Role::Accent)));
    spans.extend(found(row.request.model.name(), query, Role::Dim, settings));
    paint::line(frame, second, spans);
    paint::text(frame, third, &facts(row, state), dim);
}

fn terse_row(
    frame: &mut Frame<'_>,
    area: Rect,
    (row, query): (&Generation, &Query),
    selected: bool,
    state: &State,
    settings: &Settings,
) {
    let (sign, sign_style) = sign(&row.job, state, settings);
    let mark = match (state.opinions.is_marked(row.id), selected) {
        (true, _) => MARK,
        (false, true) => "▌",
        (false, false) => " ",
    };
    let accent = style(settings, Role::Accent);
    let signs = row.opinion.brief();
    let gap = if signs.is_empty() { "" } else { " " };
    let used = columns(&signs) as u16 + 10;
    let prompt = paint::cut(row.request.prompt.trim(), area.width.saturating_sub(used));
    let mut spans = vec![span(mark, accent), span(sign, sign_style)];
    spans.push(span(&format!(" {signs}{gap}"), accent));
    spans.extend(found(&prompt, query, Role::Text, settings));
    paint::line(frame, area, spans);
}

/// A text in which what is searched for stands out.
pub(super) fn found(
    text: &str,
    query: &Query,
    role: Role,
    settings: &Settings,
) -> Vec<Span<'static>> {
    let (plain, other) = (style(settings, role), style(settings, Role::Found));
    paint::spans(text, &query.highlights(text), plain, other)
}

/// The time, and how long it took or has been taking.
fn facts(row: &Generation, state: &State) -> String {
    let today = row.created.to_day() == state.now.to_day();
    let mut facts = vec![if today { row.created.to_clock() } else { row.created.to_minute() }];
    match &row.job {
        _ if state.queue.holds(row) => facts.push("paused".to_owned()),
        Job::Queued | Job::Paused { .. } => {
            let waits_for = row.job.waits_for(row.request.model.provider(), state.now);
            facts.push(waits_for.unwrap_or_else(|| "waiting".to_owned()));
        }
        Job::Done if row.images.len() > 1 => facts.push(format!("×{}", row.images.len())),
        Job::Failed { .. } | Job::Interrupted { .. } | Job::Cancelled => {
            facts.push(row.job.name().to_owned());
        }
        _ => {}
    }
    if row.job == Job::Done {
        facts.extend(row.took(state.now));
    }
    facts.extend(row.job.begun(row.sent).map(|begun| seconds(state.now.seconds_since(begun))));
    facts.extend(row.price().filter(|price| price != "free"));
    facts.join(" · ")
}

/// One character for how a job is, in its colour.
pub(super) fn sign(job: &Job, state: &State, settings: &Settings) -> (&'static str, Style) {
    let (sign, role) = match job {
        Job::Queued | Job::Paused { .. } => ("…", Role::Dim),
        Job::Running { .. } | Job::Fetching { .. } => (spinner(state), Role::Accent),
        Job::Done => ("✓", Role::Good),
        Job::Failed { .. } => ("✗", Role::Bad),
        Job::Cancelled => ("–", Role::Dim),
        Job::Interrupted { .. } => ("?", Role::Warning),
    };
    (sign, style(settings, role))
}
