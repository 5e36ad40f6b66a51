//! What was asked for together in rows and columns: prompts down the side, models or sizes across.
//!
//! ```text
//!           gpt-image-2      FLUX.2-pro
//! red      ▒▒▒▒▒▒▒▒▒▒▒      ▒▒▒▒▒▒▒▒▒▒▒
//!          ✓ 12 s $0.04     ✓ 8 s
//! blue     ▒▒▒▒▒▒▒▒▒▒▒       drawing, 3 s
//!          ✓ 11 s $0.04     ⠋
//! ```
//!
//! Promises that the selected one is in sight, and to draw nothing where there is no room for
//! it: the gallery has it then.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::Scene;
use super::gallery::{many, state_of};
use super::history::{MARK, sign};
use super::paint::{self, span, style};
use super::split::{self, Part};
use crate::app::editor::columns;
use crate::app::history::Room;
use crate::app::queue::seconds;
use crate::app::{State, Target};
use crate::config::Settings;
use crate::config::theme::Role;
use crate::domain::{Generation, Job, Line, Matrix, View};

/// The least columns and rows of a cell.
const LEAST: (u16, u16) = (11, 4);
/// The most columns that the names of rows take.
const NAMES: u16 = 24;

/// Draws the matrix, if what is shown is one and there is room for it; says whether it did.
pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    scene: &mut Scene,
) -> bool {
    let Some(matrix) = state.matrix() else { return false };
    let Some(layout) = Places::of(area, &matrix) else { return false };
    let columns = matrix.columns.len() as u16;
    scene.extents.history = Room { height: area.height, each: layout.height, columns };
    let label = style(settings, Role::Label);
    for (nth, name) in matrix.columns.iter().enumerate() {
        let heading = layout.column(area, nth);
        let heading = Rect { height: layout.heading, width: heading.width - 1, ..heading };
        paint::text(frame, heading, &paint::cut(name, heading.width), label);
    }
    let selected = state.history.selected_index();
    let row = matrix.place(selected).map_or(0, |(row, _)| row);
    let mut y = area.y + layout.heading;
    for line in &matrix.rows[layout.first(&matrix, row, area)..] {
        if let Some(group) = &line.group {
            let heading = Rect { y, height: 1, ..area }.intersection(area);
            paint::text(
                frame,
                heading,
                &paint::cut(group, area.width),
                style(settings, Role::Title),
            );
            y += 1;
        }
        if y + layout.height > area.bottom() {
            break;
        }
        let name = Rect { y, width: layout.names, height: layout.height, ..area };
        let room = layout.names.saturating_sub(1);
        let words = paint::wrap(&line.name, room, layout.height.into());
        for (words, row) in words.iter().zip(name.rows()) {
            paint::text(frame, Rect { width: room, ..row }, words, label);
        }
        for (nth, index) in line.cells.iter().enumerate() {
            let Some(row) = index.and_then(|index| state.history.rows().get(index)) else {
                continue;
            };
            let place = Rect { y, height: layout.height, ..layout.column(area, nth) };
            cell(frame, place, row, *index == Some(selected), state, settings, scene);
        }
        y += layout.height;
    }
    true
}

/// Where what stands.
struct Places {
    /// Columns of the names of rows.
    names: u16,
    /// Columns and rows of a cell.
    width: u16,
    height: u16,
    /// Rows of the names of columns.
    heading: u16,
}

impl Places {
    /// The places in `area`, if there is room.
    fn of(area: Rect, matrix: &Matrix) -> Option<Self> {
        let longest = matrix.rows.iter().map(|line| columns(&line.name)).max().unwrap_or(0) as u16;
        let names = if longest == 0 { 0 } else { (longest + 1).min(NAMES).min(area.width / 4) };
        let count = matrix.columns.len() as u16;
        let width = area.width.checked_sub(names)?.checked_div(count)?;
        let heading = 1;
        let groups = matrix.rows.iter().filter(|line| line.group.is_some()).count() as u16;
        // Most cells are twice as high as wide, and most pictures as high as wide.
        let most = (width.checked_sub(1)? / 2 + 1).max(LEAST.1);
        let room = area.height.checked_sub(heading)?;
        let rows = matrix.rows.len() as u16;
        let all = room.saturating_sub(groups) / rows.max(1);
        // Where not all fit, at least two do if they can be seen at all.
        let height = if all >= LEAST.1 { all } else { (room / 2).max(LEAST.1) }.min(most);
        let fits = width >= LEAST.0 && height + groups.min(1) <= room;
        fits.then_some(Self { names, width, height, heading })
    }

    /// The place of a column.
    fn column(&self, area: Rect, nth: usize) -> Rect {
        let x = area.x + self.names + nth as u16 * self.width;
        Rect { x, width: self.width, ..area }
    }

    /// The first row to be drawn so that `row` is in sight.
    fn first(&self, matrix: &Matrix, row: usize, area: Rect) -> usize {
        let lines = |line: &Line| self.height + u16::from(line.group.is_some());
        let room = area.height - self.heading;
        let fits = |first: &usize| matrix.rows[*first..=row].iter().map(lines).sum::<u16>() <= room;
        (0..=row).find(fits).unwrap_or(row)
    }
}

/// One picture, or what stands in its place, with a line of how it went.
fn cell(
    frame: &mut Frame<'_>,
    area: Rect,
    row: &Generation,
    selected: bool,
    state: &State,
    settings: &Settings,
    scene: &mut Scene,
) {
    scene.targets.push((area, Target::Row(row.id)));
    let [inner, _] = split::columns(area, [Part::Share(1), Part::Length(1)]);
    let [picture, words] = split::rows(inner, [Part::Share(1), Part::Length(1)]);
    if selected {
        frame.buffer_mut().set_style(words, style(settings, Role::Selection));
    }
    let (mark, colour) = sign(&row.job, state, settings);
    if let Some(image) = row.images.first() {
        let place = if selected { 0 } else { scene.images.len() };
        scene.images.insert(place, (View::whole(image.id), picture));
    } else {
        let middle = Rect { y: picture.y + picture.height / 2, height: 1, ..picture };
        let words = paint::cut(&state_of(row, state), picture.width);
        paint::text(frame, middle.intersection(picture), &words, colour);
    }
    let accent = style(settings, Role::Accent);
    let (mark, colour) =
        if state.opinions.is_marked(row.id) { (MARK, accent) } else { (mark, colour) };
    let role = if selected { Role::Selection } else { Role::Dim };
    let mut facts = Vec::new();
    if row.job == Job::Done {
        facts.push(seconds(row.seconds(state.now)));
    }
    facts.extend(row.price().filter(|price| price != "free"));
    let many = many(row);
    let taken = 2 + columns(&many) as u16;
    // Half a price is another price: what has no room is left out, the time first.
    let room = words.width.saturating_sub(taken).into();
    while !facts.is_empty() && columns(&facts.join(" ")) > room {
        facts.remove(0);
    }
    let facts = facts.join(" ");
    let room = words.width.saturating_sub(columns(&facts) as u16 + taken + 1);
    let signs = paint::cut(&row.opinion.signs(), room);
    let gap = if signs.is_empty() { "" } else { " " };
    let spans = vec![
        span(mark, colour),
        span(" ", style(settings, role)),
        span(&many, style(settings, role)),
        span(&format!("{signs}{gap}"), accent),
        span(&facts, style(settings, role)),
    ];
    paint::line(frame, words, spans);
}
