//! Where the panes are, for each size of terminal.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::{Focus, State};

/// From this many columns, the three panes stand side by side.
const WIDE: u16 = 150;
/// Below these, only the pane with the focus is shown.
const TWO_COLUMNS: (u16, u16) = (70, 18);

/// The places of a frame. A pane that is not shown has none.
pub(super) struct Panes {
    pub(super) header: Rect,
    pub(super) form: Option<Rect>,
    pub(super) history: Option<Rect>,
    pub(super) preview: Option<Rect>,
    pub(super) footer: Rect,
    pub(super) gallery: Option<Rect>,
    /// Whether only one pane is shown, so that the header must name the others.
    pub(super) single: bool,
}

impl Panes {
    pub(super) fn of(area: Rect, state: &State) -> Self {
        let [header, body, footer] =
            Layout::vertical([Constraint::Length(1), Constraint::Fill(1), Constraint::Length(1)])
                .areas(area);
        let mut panes = Self {
            header,
            form: None,
            history: None,
            preview: None,
            gallery: None,
            footer,
            single: false,
        };
        if state.preview.full_screen {
            panes.preview = Some(body);
        } else if state.shows_gallery() {
            panes.gallery = Some(body);
        } else if area.width >= WIDE {
            let [form, preview, history] = Layout::horizontal([
                Constraint::Length(44),
                Constraint::Fill(1),
                Constraint::Length(42),
            ])
            .areas(body);
            (panes.form, panes.history, panes.preview) = (Some(form), Some(history), Some(preview));
        } else if area.width >= TWO_COLUMNS.0 && area.height >= TWO_COLUMNS.1 {
            let left = (area.width * 38 / 100).clamp(34, 48);
            let [left, preview] =
                Layout::horizontal([Constraint::Length(left), Constraint::Fill(1)]).areas(body);
            let form = (body.height / 2).clamp(11, 16);
            let [form, history] =
                Layout::vertical([Constraint::Length(form), Constraint::Fill(1)]).areas(left);
            (panes.form, panes.history, panes.preview) = (Some(form), Some(history), Some(preview));
        } else {
            panes.single = true;
            match state.focus {
                Focus::Form(_) => panes.form = Some(body),
                Focus::History | Focus::Search => panes.history = Some(body),
                Focus::Preview => panes.preview = Some(body),
            }
        }
        panes
    }
}
