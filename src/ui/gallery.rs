//! The history as a gallery: pictures side by side, each with a line of words.
//!
//! Promises that the selected one is in sight. Must never draw more than what fits.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::history::{MARK, day, found, line_at, room, sign};
use super::paint::{self, span, style};
use super::split::{self, Part};
use super::{Scene, matrix};
use crate::app::editor::columns;
use crate::app::history::{Placed, Room};
use crate::app::queue::duration;
use crate::app::{State, Target};
use crate::config::Settings;
use crate::config::theme::Role;
use crate::domain::{Generation, Job, Query, View};

/// Columns of a picture, with the gap beside it, that are tried.
const WIDTHS: std::ops::RangeInclusive<u16> = 14..=28;
/// In cells of fewer columns, tags have no room beside the words.
const ROOM_FOR_TAGS: u16 = 24;
/// Rows of a picture beyond which another one beside it is worth more.
const ENOUGH: u16 = 10;
/// The lines of a picture beside the picture itself: words, and a gap.
const LINES: u16 = 2;

pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    scene: &mut Scene,
) {
    let grid = room(frame, area, state, settings, scene);
    scene.extents.matrix = matrix::draw(frame, grid, state, settings, scene);
    if scene.extents.matrix {
        return;
    }
    let (columns, each) = cells(grid);
    scene.extents.history = Room { height: grid.height, each: each.height, columns };
    let query = state.query();
    let rows = state.history.rows();
    for placed in state.history.placed(scene.extents.history) {
        match placed {
            Placed::Day { row, y } => {
                day(frame, line_at(grid, y), rows.get(row), state, settings);
            }
            Placed::Row { row: place, y, column } => {
                let Some(row) = rows.get(place) else { continue };
                let (x, y) = (grid.x + column * each.width, grid.y + y);
                let area = Rect { x, y, ..each }.intersection(grid);
                let selected = place == state.history.selected_index();
                scene.targets.push((area, Target::Row(row.id)));
                one(frame, area, (row, &query), selected, state, settings, scene);
            }
        }
    }
}

/// How many stand side by side in `grid`, and how large each is: so that pictures cover the
/// most of it.
fn cells(grid: Rect) -> (u16, Rect) {
    let arranged = |width: u16| {
        let columns = (grid.width / width).max(1);
        let width = (grid.width / columns).max(1);
        // Most cells are twice as high as wide, and most pictures as high as wide.
        let height = ((width - 1) / 2 + LINES).min(grid.height).max(1);
        let lines = grid.height / height;
        let picture = height.saturating_sub(LINES);
        let seen = u32::from(picture.min((width - 1) / 2).min(ENOUGH));
        (u32::from(columns * lines) * seen * seen, columns, Rect { width, height, ..grid })
    };
    let best = WIDTHS.map(arranged).max_by_key(|(covered, ..)| *covered);
    best.map_or((1, grid), |(_, columns, each)| (columns, each))
}

fn one(
    frame: &mut Frame<'_>,
    area: Rect,
    (row, query): (&Generation, &Query),
    selected: bool,
    state: &State,
    settings: &Settings,
    scene: &mut Scene,
) {
    let [inner, _] = split::columns(area, [Part::Share(1), Part::Length(1)]);
    let [picture, words, _] =
        split::rows(inner, [Part::Share(1), Part::Length(1), Part::Length(1)]);
    if selected {
        let chosen = style(settings, Role::Selection);
        frame.buffer_mut().set_style(words, chosen);
    }
    if let Some(image) = row.images.first() {
        let wanted = (View::whole(image.id), picture);
        // What is selected is what is looked at.
        let place = if selected { 0 } else { scene.images.len() };
        scene.images.insert(place, wanted);
    } else {
        let middle = Rect { y: picture.y + picture.height / 2, height: 1, ..picture };
        let (_, colour) = sign(&row.job, state, settings);
        let words = paint::cut(&state_of(row, state), picture.width);
        paint::text(frame, middle.intersection(picture), &words, colour);
    }
    let (mark, colour) = sign(&row.job, state, settings);
    let many = many(row);
    let accent = style(settings, Role::Accent);
    let (mark, colour) =
        if state.opinions.is_marked(row.id) { (MARK, accent) } else { (mark, colour) };
    // Of a tag that is cut in half nobody has anything, but of the words whose room it takes.
    let opinion = &row.opinion;
    let signs = if words.width < ROOM_FOR_TAGS { opinion.brief() } else { opinion.signs() };
    let signs = paint::cut(&signs, words.width / 2);
    let signs = if signs.is_empty() { signs } else { format!("{signs} ") };
    let taken = 2 + many.chars().count() + columns(&signs);
    let room = words.width.saturating_sub(taken as u16);
    let prompt = paint::cut(row.request.prompt.trim(), room);
    let role = if selected { Role::Selection } else { Role::Text };
    let mut spans = vec![
        span(mark, colour),
        span(" ", style(settings, role)),
        span(&many, style(settings, Role::Dim)),
        span(&signs, accent),
    ];
    spans.extend(found(&prompt, query, role, settings));
    paint::line(frame, words, spans);
}

/// How many pictures there are, where that is more than the one that is seen.
pub(super) fn many(row: &Generation) -> String {
    match row.images.len() {
        0 | 1 => String::new(),
        count => format!("×{count} "),
    }
}

/// What stands in place of a picture that is not there.
pub(super) fn state_of(row: &Generation, state: &State) -> String {
    match &row.job {
        Job::Running { .. } | Job::Fetching { .. } => {
            let duration = duration(&state.queue, row, state.now);
            format!(" drawing, {}", duration.unwrap_or_default())
        }
        Job::Queued if state.queue.holds(row) => " paused".to_owned(),
        Job::Done => " no picture".to_owned(),
        job => format!(" {}", job.name()),
    }
}
