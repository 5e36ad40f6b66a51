//! The screen as a function of the state.
//!
//! ```text
//! wide (from 150 columns)         split (from 70 × 18)         single: one pane
//! ┌ form ──┐┌ preview ─┐┌ history┐  ┌ form ───┐┌ preview ────┐  form history preview
//! │ model  ││          ││▒▒ a fox│  │ model   ││             │  ┌────────────────┐
//! │ prompt ││  image   ││▒▒ done │  │ prompt  ││   image     │  │ what has focus │
//! │ size … ││          ││▒▒ a bay│  ├ history ┤│             │  │                │
//! │        ││ details  ││▒▒ done │  │▒▒ a fox ││  details    │  └────────────────┘
//! └────────┘└──────────┘└────────┘  └─────────┘└─────────────┘
//!  hints, or what just happened       hints, or what just happened
//! ```
//!
//! A narrow screen of 32 rows or more has the panes one below the other (stacked). The user
//! may choose another layout, and have any pane take all of the screen (`app/arrangement.rs`).
//!
//! Owns every cell and the scene. Promises that the same state makes the same frame,
//! at any size. Must never change anything, nor know how an image reaches the terminal.

mod away;
mod base;
mod batch;
mod compare;
mod details;
mod difference;
mod doctor;
mod files;
mod footer;
mod form;
mod gallery;
mod header;
mod help;
mod history;
mod layout;
mod lineage;
mod matrix;
mod opinions;
mod paint;
mod picker;
mod preview;
mod queue;
mod reach;
mod spending;
mod split;
mod window;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::app::{Extents, Overlay, State, Target};
use crate::config::Settings;
use crate::config::theme::Role;
use crate::domain::View;
use layout::Panes;

/// The smallest terminal the studio is drawn in, in columns and rows.
pub const SMALLEST: (u16, u16) = (40, 12);

/// What a frame wants beyond its cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// The images to show, and the boxes they are to fit in, the most important first.
    pub images: Vec<(View, Rect)>,
    /// What may be shown next, and where: worth having at hand.
    pub ahead: Vec<(View, Rect)>,
    /// Where the cursor stands; hidden when `None`.
    pub cursor: Option<Position>,
    /// What a click means where. Later ones lie over earlier ones.
    pub targets: Vec<(Rect, Target)>,
    /// The places that have letters, in the order of those.
    pub labelled: Vec<Target>,
    /// The sizes that motions depend on.
    pub extents: Extents,
}

impl Scene {
    /// What lies at a place, and how far into it that is.
    pub fn target(&self, at: Position) -> Option<(Target, (u16, u16))> {
        let (area, target) = self.targets.iter().rev().find(|(area, _)| area.contains(at))?;
        Some((*target, (at.x - area.x, at.y - area.y)))
    }
}

/// Draws the studio, and says what the frame wants beyond its cells.
pub fn draw(frame: &mut Frame<'_>, state: &State, settings: &Settings) -> Scene {
    let area = frame.area();
    let mut scene = Scene { extents: state.extents, ..Scene::default() };
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        too_small(frame, area, settings);
        return scene;
    }
    let panes = Panes::of(area, state, settings);
    scene.extents.screen = panes.screen;
    header::draw(frame, panes.header, state, settings, panes.single);
    if let Some(area) = panes.form {
        form::draw(frame, area, state, settings, &mut scene);
    }
    // What is looked at comes first: pictures are sent in this order.
    if let Some(area) = panes.preview {
        preview::draw(frame, area, state, settings, &mut scene);
    }
    if let Some(area) = panes.history {
        history::draw(frame, area, state, settings, &mut scene);
    }
    if let Some(area) = panes.compare {
        compare::draw(frame, area, state, settings, &mut scene);
    }
    if let Some(area) = panes.lineage {
        lineage::draw(frame, area, state, settings, &mut scene);
    }
    if let Some(area) = panes.changed {
        lineage::changed(frame, area, state, settings);
    }
    if let Some(area) = panes.gallery {
        gallery::draw(frame, area, state, settings, &mut scene);
    }
    let told = footer::draw(frame, panes.footer, state, settings);
    opinions::line(frame, panes.footer, state, settings, &mut scene);
    if state.overlay.is_some() {
        scene.cursor = None;
    }
    let below = scene.images.len();
    let covered = if let Some(Overlay::Help { scroll, context }) = state.overlay {
        Some(help::draw(frame, area, state, settings, (scroll, context), &mut scene))
    } else {
        batch::overlay(frame, area, state, settings)
            .or_else(|| picker::overlay(frame, area, state, settings, &mut scene))
            .or_else(|| files::overlay(frame, area, state, settings, &mut scene))
            .or_else(|| base::overlay(frame, area, state, settings))
            .or_else(|| details::overlay(frame, area, state, settings, &mut scene))
            .or_else(|| away::overlay(frame, area, state, settings))
            .or_else(|| queue::overlay(frame, area, state, settings))
            .or_else(|| opinions::overlay(frame, area, state, settings))
            .or_else(|| doctor::overlay(frame, area, state, settings, &mut scene))
            .or_else(|| spending::overlay(frame, area, state, settings))
            .or_else(|| reach::palette(frame, area, state, settings, &mut scene))
    };
    let mut above = scene.images.split_off(below);
    above.extend(
        std::mem::take(&mut scene.images)
            .into_iter()
            .filter(|(_, image)| covered.is_none_or(|covered| !image.intersects(covered))),
    );
    above.retain(|(_, image)| told.is_none_or(|told| !image.intersects(told)));
    scene.images = above;
    reach::labels(frame, state, settings, &mut scene);
    scene
}

fn too_small(frame: &mut Frame<'_>, area: Rect, settings: &Settings) {
    let (width, height) = SMALLEST;
    let lines = [
        "Too small.".to_owned(),
        format!("This terminal has {}x{} cells,", area.width, area.height),
        format!("the studio needs {width}x{height}."),
    ];
    for (line, row) in lines.iter().zip(area.rows()) {
        paint::text(frame, row, line, paint::style(settings, Role::Warning));
    }
}
