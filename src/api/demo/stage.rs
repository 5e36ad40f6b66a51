//! Where things stand: the horizon, the focus and the ground of one picture.
//!
//! Owns the composition as numbers in units of the canvas. Promises that the main
//! subject and the light keep to opposite thirds. Must never touch a pixel.

use super::canvas::Canvas;
use super::light::Light;
use super::scene::Scene;
use super::words::Place;

/// The numbers of a composition.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stage {
    /// Units across and down.
    pub(crate) wide: f32,
    /// Units down.
    pub(crate) high: f32,
    /// The shorter side.
    pub(crate) span: f32,
    /// Where land meets sky.
    pub(crate) horizon: f32,
    /// Where the main subject is, across.
    pub(crate) focus: f32,
    /// Where the main subject stands, down.
    pub(crate) ground: f32,
    /// Where the light comes from.
    pub(crate) sun: (f32, f32),
}

impl Stage {
    /// The stage for a scene.
    pub(crate) fn set(scene: &Scene, light: &Light, canvas: &Canvas) -> Self {
        let mut dice = scene.dice("stage");
        let (wide, high) = (canvas.wide(), canvas.high());
        let (horizon, ground) = match scene.place {
            Place::Mountains => (0.66, 0.86),
            Place::Hills => (0.52, 0.82),
            Place::Meadow => (0.56, 0.84),
            Place::Forest => (0.62, 0.86),
            Place::Sea => (0.58, 0.80),
            Place::Lake => (0.55, 0.88),
            Place::River => (0.50, 0.84),
            Place::Desert => (0.58, 0.84),
            Place::City => (0.70, 0.93),
            Place::Snowfield => (0.60, 0.84),
            Place::Interior => (0.62, 0.80),
            Place::Underwater => (0.84, 0.88),
            Place::Space | Place::Abstract => (1.0, 0.80),
        };
        let shift = if matches!(scene.place, Place::Space | Place::Abstract) {
            0.0
        } else {
            dice.range(-0.085, 0.07)
        };
        let horizon = (horizon + shift) * high;
        let third = dice.range(0.46, 0.72);
        let focus = if light.side < 0.5 { third } else { 1.0 - third };
        let ground = (ground + shift * 0.5 + dice.range(-0.01, 0.02)) * high;
        let sun = (light.side * wide, horizon - light.height * horizon * 0.92);
        Self { wide, high, span: canvas.span(), horizon, focus: focus * wide, ground, sun }
    }

    /// -1 where the light comes from the left, 1 from the right.
    pub(crate) fn towards_sun(&self, x: f32) -> f32 {
        if self.sun.0 < x { -1.0 } else { 1.0 }
    }

    /// How near the ground at height `y` is: 0 at the horizon, 1 at the lower edge.
    pub(crate) fn nearness(&self, y: f32) -> f32 {
        ((y - self.horizon) / (self.high - self.horizon).max(1e-4)).clamp(0.0, 1.0)
    }
}
