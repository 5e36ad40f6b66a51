//! From the state to what the terminal shows.
//!
//! Promises that a frame and the sizes which the state knows agree. Must never wait.

use super::pictures::Pictures;
use super::terminal::{Painted, Screen};
use crate::app::{Event, Extents, State, update};
use crate::config::Settings;
use crate::graphics::presenter::Change;
use crate::ui::{self, Scene};

/// Shows the state: a frame, and of the pictures what the line takes now.
pub(super) fn show(
    screen: &mut Screen,
    settings: &Settings,
    state: &mut State,
    pictures: &mut Pictures,
    scene: &mut Scene,
) {
    loop {
        frame(screen, settings, state, pictures, scene);
        if !pictures.send(screen) {
            return;
        }
    }
}

/// Draws one frame, of which the sizes are what the state goes by.
fn frame(
    screen: &mut Screen,
    settings: &Settings,
    state: &mut State,
    pictures: &mut Pictures,
    scene: &mut Scene,
) {
    // Without a size there is no terminal any more, and its end is on its way.
    let Ok(resized) = screen.adapt() else { return };
    if resized {
        pictures.resized();
    }
    let drawn = screen.draw(pictures.has_room(), |frame| {
        let mut scene = ui::draw(frame, state, settings);
        // At the start nothing but the model is in the form, and nothing longer than its place.
        let starts = state.extents == Extents::default() && state.form.draft().fields.len() == 1;
        if adopt(settings, state, &scene) && !starts {
            frame.buffer_mut().reset();
            scene = ui::draw(frame, state, settings);
            adopt(settings, state, &scene);
        }
        let Change { bytes, stale } = pictures.paint(frame.buffer_mut(), &scene, state);
        Painted { cursor: scene.cursor, made: scene, stale, bytes }
    });
    let Ok(drawn) = drawn else { return };
    pictures.drawn(screen, &drawn);
    *scene = drawn.made;
    if scene.labelled != state.reach.targets {
        update(settings, state, Event::Labelled(scene.labelled.clone()));
    }
}

/// Has the state go by the sizes of a scene; says whether it did not yet.
fn adopt(settings: &Settings, state: &mut State, scene: &Scene) -> bool {
    let differs = scene.extents != state.extents;
    if differs {
        update(settings, state, Event::Resized(scene.extents));
    }
    differs
}
