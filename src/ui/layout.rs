//! Where the panes are, for each size of terminal.

use ratatui::layout::Rect;

use super::split::{self, Part};
use crate::app::{Focus, State};
use crate::config::{Layout, Settings};

/// The places of a frame. A pane that is not shown has none.
pub(super) struct Panes {
    pub(super) header: Rect,
    pub(super) form: Option<Rect>,
    pub(super) history: Option<Rect>,
    pub(super) preview: Option<Rect>,
    pub(super) footer: Rect,
    /// Columns and rows of the screen.
    pub(super) screen: (u16, u16),
    pub(super) gallery: Option<Rect>,
    pub(super) compare: Option<Rect>,
    pub(super) lineage: Option<Rect>,
    /// What changed on the way to the selected one of the lineage.
    pub(super) changed: Option<Rect>,
    /// Whether only one pane is shown, so that the header must name the others.
    pub(super) single: bool,
}

impl Panes {
    pub(super) fn of(area: Rect, state: &State, settings: &Settings) -> Self {
        let [header, body, footer] =
            split::rows(area, [Part::Length(1), Part::Share(1), Part::Length(1)]);
        let mut panes = Self {
            header,
            form: None,
            history: None,
            preview: None,
            gallery: None,
            compare: None,
            lineage: None,
            changed: None,
            footer,
            screen: (area.width, area.height),
            single: false,
        };
        if state.compare.is_some() {
            panes.compare = Some(body);
        } else if state.preview.full_screen {
            panes.preview = Some(body);
        } else if state.lineage.is_some() {
            panes.set_lineage(body, state, settings);
        } else if state.shows_gallery() {
            panes.gallery = Some(body);
        } else {
            panes.place(body, state, settings);
        }
        panes
    }

    /// Gives each pane its place in the `body` of the screen.
    fn place(&mut self, body: Rect, state: &State, settings: &Settings) {
        match state.arrangement.layout(settings, self.screen) {
            Layout::Wide => {
                let [form, preview, history] = split::columns(
                    body,
                    [
                        Part::Length((body.width * 3 / 10).clamp(34, 44)),
                        Part::Share(1),
                        Part::Length((body.width * 28 / 100).clamp(30, 42)),
                    ],
                );
                self.show(form, history, preview);
            }
            Layout::Stacked => {
                let [form, preview, history] = split::rows(
                    body,
                    [
                        Part::Length((body.height * 3 / 10).clamp(11, 14)),
                        Part::Share(3),
                        Part::Share(2),
                    ],
                );
                self.show(form, history, preview);
            }
            Layout::Split => {
                let left = (body.width * 38 / 100).clamp(34, 48);
                let [left, preview] = split::columns(body, [Part::Length(left), Part::Share(1)]);
                let form = (body.height / 2).clamp(11, 16);
                let [form, history] = split::rows(left, [Part::Length(form), Part::Share(1)]);
                self.show(form, history, preview);
            }
            Layout::Auto | Layout::Single => {
                self.single = true;
                match state.focus {
                    Focus::Form(_) => self.form = Some(body),
                    Focus::History | Focus::Search => self.history = Some(body),
                    Focus::Preview => self.preview = Some(body),
                }
            }
        }
    }

    const fn show(&mut self, form: Rect, history: Rect, preview: Rect) {
        (self.form, self.history, self.preview) = (Some(form), Some(history), Some(preview));
    }

    /// The tree, what changed on the way to the selected one, and the preview where there is
    /// room.
    fn set_lineage(&mut self, body: Rect, state: &State, settings: &Settings) {
        let changed = (body.height / 3).clamp(6, 14);
        let (tree, preview, changed) = match state.arrangement.layout(settings, self.screen) {
            Layout::Wide | Layout::Split => {
                let left = (body.width * 46 / 100).clamp(34, 90);
                let [tree, right] = split::columns(body, [Part::Length(left), Part::Share(1)]);
                let [preview, changed] =
                    split::rows(right, [Part::Share(1), Part::Length(changed)]);
                (tree, preview, changed)
            }
            Layout::Stacked => {
                let sizes = [Part::Share(2), Part::Share(3), Part::Length(changed)];
                let [tree, preview, changed] = split::rows(body, sizes);
                (tree, preview, changed)
            }
            Layout::Auto | Layout::Single => {
                self.single = true;
                if state.focus == Focus::Preview {
                    self.preview = Some(body);
                    return;
                }
                let changed = (body.height / 2).min(5);
                let sizes = [Part::Share(1), Part::Length(changed)];
                let [tree, changed] = split::rows(body, sizes);
                (self.lineage, self.changed) = (Some(tree), Some(changed));
                return;
            }
        };
        (self.lineage, self.preview, self.changed) = (Some(tree), Some(preview), Some(changed));
    }
}
