//! The bottom line: what just happened, or else what the keys do here.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Clear;

use super::base;
use super::form::ROOM_FOR_BASE;
use super::layout::Panes;
use super::paint::{self, span, style};
use crate::app::editor::columns;
use crate::app::form::Field;
use crate::app::{Focus, Notice, Overlay, State};
use crate::config::Settings;
use crate::config::keymap::{Action, Context};
use crate::config::theme::Role;
use crate::domain::{Generation, Job};

/// What is offered where, the most useful first.
const IN_TEXT: [Action; 6] = [
    Action::Generate,
    Action::Next,
    Action::FocusHistory,
    Action::Undo,
    Action::Help,
    Action::Quit,
];
/// The same in the field of the base image.
const IN_BASE_IMAGE: [Action; 5] =
    [Action::PickImage, Action::Generate, Action::Next, Action::Help, Action::Quit];
/// The same while what is searched for is typed.
const IN_SEARCH: [Action; 5] =
    [Action::NewLine, Action::Leave, Action::Undo, Action::Help, Action::Quit];
const IN_BROWSE: [Action; 16] = [
    Action::UseAll,
    Action::RunAgain,
    Action::Iterate,
    Action::Search,
    Action::FocusForm,
    Action::Help,
    Action::Quit,
    Action::FullScreen,
    Action::UsePrompt,
    Action::Favourite,
    Action::Trash,
    Action::Mark,
    Action::CopyMenu,
    Action::Download,
    Action::Export,
    Action::Palette,
];
const IN_GALLERY: [Action; 7] = [
    Action::FullScreen,
    Action::UseAll,
    Action::RunAgain,
    Action::Leave,
    Action::Search,
    Action::Help,
    Action::Quit,
];
const IN_COMPARISON: [Action; 9] = [
    Action::Mark,
    Action::Compare,
    Action::ZoomIn,
    Action::ZoomOut,
    Action::Leave,
    Action::FullScreen,
    Action::NextImage,
    Action::Help,
    Action::Quit,
];
const IN_LINEAGE: [Action; 10] = [
    Action::MoveLeft,
    Action::MoveRight,
    Action::UseAll,
    Action::Iterate,
    Action::Leave,
    Action::Help,
    Action::FullScreen,
    Action::RunAgain,
    Action::UsePrompt,
    Action::NextDay,
];
const IN_FULL_SCREEN: [Action; 10] = [
    Action::ZoomIn,
    Action::ZoomOut,
    Action::Leave,
    Action::Down,
    Action::NextImage,
    Action::Details,
    Action::Help,
    Action::Quit,
    Action::CopyMenu,
    Action::Download,
];
/// What is offered first for a generation whose outcome is unknown.
const FOR_UNKNOWN: [Action; 2] = [Action::SendAgain, Action::GiveUp];
/// What is offered where generations are marked: for all of them.
const IN_MARKED: [Action; 10] = [
    Action::Mark,
    Action::Favourite,
    Action::RateThree,
    Action::Tag,
    Action::Trash,
    Action::Leave,
    Action::Help,
    Action::CopyMenu,
    Action::Download,
    Action::Export,
];
/// What is offered first for a job that waits.
const FOR_WAITING: [Action; 3] = [Action::RunNext, Action::Cancel, Action::Queue];
/// What is offered in what lies over the panes.
const IN_HELP: [Action; 4] = [Action::Down, Action::PageDown, Action::Search, Action::Leave];
const IN_SEARCHES: [Action; 3] = [Action::Down, Action::Up, Action::Leave];

/// Draws the bottom line. What just happened takes as many lines as it has words for; gives
/// the place that it covers then.
pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
) -> Option<Rect> {
    let (what, role, hint) = match &state.notice {
        Some(Notice::Said(what)) => (what.as_str(), Role::Notice, ""),
        Some(Notice::Held(what)) => (*what, Role::Notice, ""),
        Some(Notice::Failed(failure)) => (failure.what.as_str(), Role::Bad, failure.hint.as_str()),
        None => {
            match typed(frame, state, settings) {
                Some(hint) => {
                    paint::text(frame, area, &format!(" {hint}"), style(settings, Role::Dim));
                }
                None => hints(frame, area, state, settings),
            }
            return None;
        }
    };
    let pieces = [(what, style(settings, role)), (hint, style(settings, Role::Text))];
    let gap = usize::from(!hint.is_empty());
    if columns(what) + gap + columns(hint) < usize::from(area.width) {
        let spans = pieces.map(|(words, style)| span(&format!(" {words}"), style));
        let spans = spans.into_iter().take(1 + gap).collect();
        paint::line(frame, area, spans);
        return None;
    }
    let most = usize::from(frame.area().height / 3).max(1);
    let mut lines = Vec::new();
    for (words, style) in pieces.into_iter().filter(|(words, _)| !words.is_empty()) {
        let wrapped =
            paint::wrap(words, area.width.saturating_sub(2), most - lines.len().min(most));
        lines.extend(wrapped.into_iter().map(|line| (line, style)));
    }
    let height = (lines.len() as u16).max(1);
    let covered = Rect { y: area.bottom().saturating_sub(height), height, ..area };
    frame.render_widget(Clear, covered);
    for ((words, style), row) in lines.into_iter().zip(covered.rows()) {
        paint::text(frame, row, &format!(" {words}"), style);
    }
    Some(covered)
}

/// What is to be known beside the keys: how what is typed goes on, or what ends a slideshow.
fn typed(frame: &Frame<'_>, state: &State, settings: &Settings) -> Option<String> {
    if let Some(Overlay::Jumping(_)) = state.overlay {
        return Some("Type the letters of the place to go to.".to_owned());
    }
    if state.preview.slideshow.is_some() {
        let seconds = settings.studio.slideshow;
        return Some(format!("Any key ends the slideshow · {seconds} s each"));
    }
    if state.focus == Focus::Form(Field::BaseImage)
        && state.overlay.is_none()
        && !says_it_itself(frame.area(), state, settings)
        && let Some((note, _)) = base::note(state)
    {
        return Some(base::ignored(state, settings).unwrap_or(note));
    }
    let is_typing = state.focus == Focus::Search && state.overlay.is_none();
    let text = state.history.query();
    let query = is_typing.then(|| state.query())?;
    Some(query.unfinished(text)?.what.clone())
}

/// Whether the form has room to say what is known of the base image.
fn says_it_itself(area: Rect, state: &State, settings: &Settings) -> bool {
    let form = Panes::of(area, state, settings).form;
    form.is_some_and(|form| form.height >= ROOM_FOR_BASE + 2)
}

fn hints(frame: &mut Frame<'_>, area: Rect, state: &State, settings: &Settings) {
    let context = state.context();
    let is_unknown = |row: &Generation| matches!(row.job, Job::Interrupted { .. });
    let offered: &[Action] = match (state.overlay, context) {
        (Some(Overlay::Help { .. }), _) => &IN_HELP,
        (Some(Overlay::Doctor { .. } | Overlay::Details { .. } | Overlay::Searches(_)), _) => {
            &IN_SEARCHES
        }
        (Some(_), _) => &[],
        (None, Context::Text) if state.focus == Focus::Form(Field::BaseImage) => &IN_BASE_IMAGE,
        (None, Context::Text) if state.focus == Focus::Search => &IN_SEARCH,
        (None, Context::Text) => &IN_TEXT,
        (None, _) if state.compare.is_some() => &IN_COMPARISON,
        (None, _) if state.opinions.marks() > 0 => &IN_MARKED,
        (None, _) if state.preview.full_screen => &IN_FULL_SCREEN,
        (None, _) if state.lineage.is_some() => &IN_LINEAGE,
        (None, _) if state.shows_gallery() => &IN_GALLERY,
        (None, _) => &IN_BROWSE,
    };
    let decides = state.overlay.is_none()
        && context == Context::Browse
        && state.selected().is_some_and(is_unknown);
    let waits = state.overlay.is_none()
        && context == Context::Browse
        && state.selected().is_some_and(|row| row.job.is_waiting());
    let first: &[Action] = match (decides, waits) {
        (true, _) => &FOR_UNKNOWN,
        (false, true) => &FOR_WAITING,
        (false, false) => &[],
    };
    let mut spans = vec![];
    let mut used = 0;
    for &action in first.iter().chain(offered) {
        let Some(chord) = settings.keys.hint(context, action) else { continue };
        let (key, label) = (format!(" {chord}"), format!(" {} ", label(state, action)));
        used += columns(&key) + columns(&label);
        // A hint that would be cut is worse than none.
        if used > usize::from(area.width) {
            break;
        }
        spans.push(span(&key, style(settings, Role::Key)));
        spans.push(span(&label, style(settings, Role::Dim)));
    }
    paint::line(frame, area, spans);
}

/// What an action is called here.
fn label(state: &State, action: Action) -> String {
    let here = match action {
        Action::Mark if state.compare.is_some() => Some("flip"),
        Action::Compare if state.compare.is_some() => Some("next way"),
        Action::FullScreen if state.compare.is_some() => Some("only pictures"),
        Action::NewLine => Some("to what is found"),
        Action::Leave if state.focus == Focus::Search => Some("show all"),
        Action::Down if state.preview.full_screen && !state.is_near() => Some("next"),
        _ if state.lineage.is_none() => None,
        Action::MoveLeft => Some("parent"),
        Action::MoveRight => Some("child"),
        Action::NextDay => Some("sibling"),
        Action::UseAll => Some("to the history"),
        _ => None,
    };
    here.map_or_else(|| action.name().replace('_', " "), str::to_owned)
}
