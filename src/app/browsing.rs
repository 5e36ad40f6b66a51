//! What keys and the mouse mean in the history, the preview and the help.
//!
//! Must never say why a key does nothing: that is asked first, of the table in `why.rs`.

use super::batch::Batch;
use super::form::Field;
use super::history::Wanted;
use super::opinions::{self, Wish};
use super::{
    Effect, Focus, Overlay, State, Target, away, compare, details, files, keys, lineage, picker,
    queue, slideshow, typing,
};
use crate::config::keymap::Action;
use crate::domain::{BaseImage, Generation, Job, Matrix, template};

/// Keeps cursor and selection inside what is visible.
pub(super) fn follow(state: &mut State) {
    for (field, (columns, rows)) in Field::ALL.into_iter().zip(state.extents.fields) {
        if columns > 0 {
            state.form.editor_mut(field).follow(columns.into(), rows.into());
        }
    }
    state.history.follow(state.extents.history);
}

/// Does what a key means in the history and the preview.
pub(super) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    let columns = if state.shows_gallery() { state.extents.history.columns } else { 1 };
    let half = (isize::try_from(state.extents.history.lines()).unwrap_or(0) / 2).max(1);
    if compare::act(state, action) {
        return Vec::new();
    }
    if state.is_near() {
        match action {
            Action::Down => return pan(state, 0, 1),
            Action::Up => return pan(state, 0, -1),
            Action::MoveLeft => return pan(state, -1, 0),
            Action::MoveRight => return pan(state, 1, 0),
            _ => {}
        }
    }
    if let Some(effects) = lineage::act(state, action) {
        return effects;
    }
    if let Some(place) = in_matrix(state, action) {
        if let Ok(place) = place {
            state.history.select_place(place);
        }
        return Vec::new();
    }
    match action {
        Action::Compare => compare::open(state),
        Action::Lineage => return lineage::open(state),
        Action::Down => return load(state.history.go_lines(1, columns)),
        Action::Up => return load(state.history.go_lines(-1, columns)),
        Action::MoveLeft if state.shows_gallery() => return load(state.history.go(-1)),
        Action::MoveRight if state.shows_gallery() => return load(state.history.go(1)),
        Action::PageDown => return load(state.history.go_lines(half, columns)),
        Action::PageUp => return load(state.history.go_lines(-half, columns)),
        Action::Top => return load(state.history.go_newest()),
        Action::Bottom => return load(state.history.go_oldest()),
        Action::NextDay => return load(state.history.go_day_down()),
        Action::PreviousDay => return load(state.history.go_day_up()),
        Action::Search => {
            state.preview.full_screen = false;
            state.focus = Focus::Search;
            return vec![Effect::Opinion(Wish::Learn)];
        }
        Action::AllDetails => return details::open(state),
        Action::Details => state.preview.details = !state.preview.details,
        Action::FullScreen => {
            state.preview.full_screen = !state.preview.full_screen;
            state.focus = match state.preview.full_screen {
                true => Focus::Preview,
                false if state.gallery => Focus::History,
                false => state.focus,
            };
        }
        Action::Slideshow => return slideshow::open(state),
        Action::Gallery => {
            state.gallery = !state.shows_gallery();
            state.preview.full_screen = false;
            state.focus = Focus::History;
        }
        _ => {
            let meant = away::act(state, action).or_else(|| opinions::act(state, action));
            let meant = meant.or_else(|| queue::on_job(state, action));
            return meant.unwrap_or_else(|| on_generation(state, action));
        }
    }
    Vec::new()
}

/// Does what a key means for the selected generation.
fn on_generation(state: &mut State, action: Action) -> Vec<Effect> {
    let Some(generation) = state.selected().cloned() else { return Vec::new() };
    match action {
        Action::UseAll => {
            state.form.fill(&generation.request, generation.written());
            state.form.come_from(generation.id);
            to_prompt(state);
        }
        Action::UsePrompt => {
            let prompt = template::literal(&generation.request.prompt);
            state.form.editor_mut(Field::Prompt).set(prompt);
            state.form.come_from(generation.id);
            to_prompt(state);
        }
        Action::UseSettings => {
            state.form.fill_settings(&generation.request);
            to_prompt(state);
        }
        Action::RunAgain => {
            return state.send(match generation.job {
                // Its outcome is unknown: another attempt at the same one.
                Job::Interrupted { .. } => Effect::Resend(Box::new(generation)),
                _ => Effect::Generate(Box::new(Batch {
                    requests: vec![generation.request],
                    parent: Some(generation.id),
                    template: generation.template,
                })),
            });
        }
        Action::SendAgain => return state.send(Effect::Resend(Box::new(generation))),
        Action::GiveUp => return vec![Effect::GiveUp(generation.id)],
        Action::Iterate => iterate(state, &generation),
        Action::Batch => return show_batch(state, &generation),
        Action::Cancel => return vec![Effect::Cancel(generation.id)],
        Action::NextImage | Action::MoveRight => state.preview.turn(&generation, 1),
        Action::PreviousImage | Action::MoveLeft => state.preview.turn(&generation, -1),
        Action::ZoomIn => state.preview.zoom(&generation, 1),
        Action::ZoomOut => state.preview.zoom(&generation, -1),
        Action::Fit => drop(state.preview.fit(&generation)),
        _ => {}
    }
    Vec::new()
}

fn iterate(state: &mut State, generation: &Generation) {
    let Some(image) = state.preview.image(generation) else { return };
    let base = BaseImage::File(image.path.clone()).to_string();
    state.form.fill(&generation.request, template::literal(&generation.request.prompt));
    state.form.editor_mut(Field::BaseImage).set(base);
    state.form.come_from(generation.id);
    to_prompt(state);
}

/// Shows only what was asked for together with a generation, side by side.
fn show_batch(state: &mut State, generation: &Generation) -> Vec<Effect> {
    let Some(batch) = generation.batch else { return Vec::new() };
    state.gallery = true;
    state.preview.full_screen = false;
    state.focus = Focus::History;
    state.history.search.set(format!("batch:{} ", batch.short()));
    typing::search(state)
}

fn to_prompt(state: &mut State) {
    state.preview.full_screen = false;
    state.focus = Focus::Form(Field::Prompt);
}

/// Leaves the passing state that is nearest.
pub(super) fn leave(state: &mut State) -> Vec<Effect> {
    if state.away.download.is_some() {
        return vec![Effect::StopDownload];
    }
    if state.compare.take().is_some() {
        return Vec::new();
    }
    let looks_closely = state.is_near();
    if looks_closely && let Some(generation) = state.selected().cloned() {
        state.preview.fit(&generation);
    } else if let Focus::Form(field) = state.focus
        && state.form.editor_mut(field).unselect()
    {
        // That was all.
    } else if state.opinions.clear_marks() {
        // That was all.
    } else if state.preview.full_screen {
        state.preview.full_screen = false;
        if state.gallery {
            state.focus = Focus::History;
        }
    } else if state.lineage.is_some() {
        state.lineage = None;
        state.focus = Focus::History;
    } else if state.arrangement.zoomed && state.focus != Focus::Search {
        state.arrangement.zoomed = false;
    } else if state.shows_gallery()
        && state.focus != Focus::Search
        && state.history.query().is_empty()
    {
        state.gallery = false;
    } else if state.focus == Focus::Search || !state.history.query().is_empty() {
        state.focus = Focus::History;
        if !state.history.search.text().is_empty() {
            state.history.search.set("");
            return typing::search(state);
        }
    } else {
        state.focus = match state.focus {
            Focus::Form(_) => Focus::History,
            _ => Focus::Form(Field::Prompt),
        };
    }
    Vec::new()
}

/// Scrolls what lies over the panes: the help, the details and the like.
pub(super) fn scroll(state: &mut State, action: Action) -> Vec<Effect> {
    let (lines, visible) = state.extents.help;
    let last = lines.saturating_sub(visible);
    let half = (visible / 2).max(1);
    if action == Action::AllDetails {
        state.overlay = None;
    }
    if let Some(
        Overlay::Help { scroll, .. } | Overlay::Doctor { scroll } | Overlay::Details { scroll },
    ) = &mut state.overlay
    {
        *scroll = match action {
            Action::Down => scroll.saturating_add(1),
            Action::Up => scroll.saturating_sub(1),
            Action::PageDown => scroll.saturating_add(half),
            Action::PageUp => scroll.saturating_sub(half),
            Action::Top => 0,
            Action::Bottom => last,
            _ => *scroll,
        }
        .min(last);
    }
    Vec::new()
}

/// Goes to what was clicked.
pub(super) fn click(state: &mut State, target: Target, (column, row): (u16, u16)) -> Vec<Effect> {
    if matches!(state.overlay, Some(Overlay::Asking | Overlay::Batch(_))) || slideshow::end(state) {
        return Vec::new();
    }
    if state.overlay.take().is_some() | state.opinions.line.take().is_some() {
        return Vec::new();
    }
    match target {
        Target::Field(field) => {
            state.focus = Focus::Form(field);
            let (columns, _) = state.extents.fields[field as usize];
            let editor = state.form.editor_mut(field);
            let row = editor.scroll() + usize::from(row);
            editor.go_to(row, column.into(), columns.max(1).into());
        }
        Target::Row(id) => {
            state.focus = Focus::History;
            state.history.select(id);
        }
        Target::Relative(id) => {
            state.focus = Focus::History;
            return lineage::go(state, id);
        }
        Target::History => state.focus = Focus::History,
        Target::Preview => state.focus = Focus::Preview,
    }
    Vec::new()
}

/// Moves the selection by so many in the list that is narrowed by typing.
pub(super) fn go_in_list(state: &mut State, by: isize) {
    match state.overlay {
        Some(Overlay::Picking) => picker::go(state, by),
        Some(Overlay::Files) => files::go(state, by),
        _ => {}
    }
}

/// Scrolls what the mouse is over.
pub(super) fn wheel(state: &mut State, target: Target, lines: isize) -> Vec<Effect> {
    if slideshow::end(state) {
        return Vec::new();
    }
    if let Some(Overlay::Picking | Overlay::Files) = state.overlay {
        go_in_list(state, lines);
        return Vec::new();
    }
    if state.overlay.is_some() {
        let action = if lines > 0 { Action::Down } else { Action::Up };
        return keys::over_panes(state, action);
    }
    match target {
        Target::Field(field) => {
            let (columns, _) = state.extents.fields[field as usize];
            state.form.editor_mut(field).go_lines(lines, columns.max(1).into());
            Vec::new()
        }
        _ if state.compare.is_some() => Vec::new(),
        _ if state.lineage.is_some() => {
            let action = if lines > 0 { Action::Down } else { Action::Up };
            let steps = 0..lines.unsigned_abs();
            steps.flat_map(|_| lineage::act(state, action).unwrap_or_default()).collect()
        }
        Target::Row(_) | Target::Relative(_) | Target::History | Target::Preview => {
            load(state.history.go(lines))
        }
    }
}

fn pan(state: &mut State, right: i32, down: i32) -> Vec<Effect> {
    state.preview.go(right, down);
    Vec::new()
}

fn load(wanted: Option<Wanted>) -> Vec<Effect> {
    wanted.map(Effect::Load).into_iter().collect()
}

/// Where a key goes from place to place in a matrix, or why nowhere; `None` where that is not
/// meant, or there is none.
pub(super) fn in_matrix(state: &State, action: Action) -> Option<Result<usize, &'static str>> {
    if !state.shows_gallery() || !state.extents.matrix {
        return None;
    }
    let matrix = state.matrix()?;
    let at = state.history.selected_index();
    let place = match action {
        Action::Down => matrix.go(at, 0, 1),
        Action::Up => matrix.go(at, 0, -1),
        Action::MoveLeft => matrix.go(at, -1, 0),
        Action::MoveRight => matrix.go(at, 1, 0),
        Action::Top | Action::PageUp => matrix.all().next(),
        Action::Bottom | Action::PageDown => matrix.all().last(),
        _ => return None,
    };
    Some(place.filter(|place| *place != at).ok_or("The grid ends here."))
}

impl State {
    /// What the history shows as a matrix: all of it was asked for together.
    pub fn matrix(&self) -> Option<Matrix> {
        let rows = self.history.rows();
        let batch = rows.first()?.batch?;
        let is_whole = self.history.is_whole() && rows.iter().all(|it| it.batch == Some(batch));
        if is_whole { Matrix::of(rows) } else { None }
    }

    /// Whether the gallery has the screen.
    pub const fn shows_gallery(&self) -> bool {
        self.gallery
            && self.lineage.is_none()
            && self.compare.is_none()
            && !self.preview.full_screen
            && matches!(self.focus, Focus::History | Focus::Search)
    }

    /// Whether keys move along a picture that is looked at closely.
    pub fn is_near(&self) -> bool {
        self.focus == Focus::Preview
            && self.selected().and_then(|it| self.preview.view(it)).is_some_and(|it| !it.is_whole())
    }
}
