//! One subject on the canvas, in the light of the scene.
//!
//! Owns shading, shadow, rim of light, reflection and the lamps of a figure. Promises
//! that a subject is not lost in what is behind it. Must never choose a place.

use super::super::canvas::Canvas;
use super::super::colour::{Rgb, smooth};
use super::super::light::Light;
use super::super::noise::{Dice, Noise};
use super::super::scene::{Scene, Subject};
use super::super::shape::{Placement, Shape};
use super::super::stage::Stage;
use super::super::words::{Place, Weather};
use super::{Figure, Part, Stand};

/// Figures whose fire burns by day too.
const BURNING: [&str; 3] = ["candle", "campfire", "rocket"];

/// Paints one subject at its place.
pub(super) fn draw(
    canvas: &mut Canvas,
    scene: &Scene,
    light: &Light,
    stage: &Stage,
    subject: &Subject,
    at: &Placement,
) {
    let figure = subject.figure;
    let body = subject.colour.unwrap_or(Rgb::hex(figure.colour));
    let outline = figure.outline().placed(at);
    let bounds = outline.bounds();
    let wet = scene.has_water() && figure.stand == Stand::Water;
    if wet {
        reflect(canvas, figure, body, light, at);
    } else if figure.stand != Stand::Sky {
        shadow(canvas, stage, bounds, at);
    }
    separate(canvas, light, bounds, body, stage);
    let surface = Surface::new(scene, light, stage, bounds, at);
    if light.key.luma() > 0.2 && scene.place != Place::Interior {
        let edge = 0.0045 * stage.span;
        let rim = Placement { x: at.x + surface.sun * edge, y: at.y - edge * 0.5, ..*at };
        canvas.flat(&figure.outline().placed(&rim), light.key.mix(light.disc, 0.4), 0.5);
    }
    for part in figure.parts {
        match part {
            Part::Tone(factor, text) => surface.paint(canvas, text, at, body * *factor),
            Part::Own(colour, text) => surface.paint(canvas, text, at, Rgb::hex(*colour)),
            Part::Afloat(colour, text) if wet => surface.paint(canvas, text, at, Rgb::hex(*colour)),
            Part::Afloat(..) => {}
            Part::Lamp(colour, text) => {
                let own = Rgb::hex(*colour);
                let off = light.on(own.mix(Rgb::hex(0x506070), 0.55), 0.3, surface.far);
                let shine = if BURNING.contains(&figure.name) { 1.0 } else { light.lamps.min(1.0) };
                canvas.flat(&Shape::parse(text).placed(at), off.mix(own * 1.12, shine), 1.0);
            }
            Part::Glow(colour, x, y, radius) => {
                let (x, y) = at.place((*x, *y));
                let strength = 0.18 + 0.5 * light.lamps;
                canvas.glow(x, y, radius * at.sy, Rgb::hex(*colour) * strength);
            }
            Part::Beam(colour, x, y) => {
                let thick = scene.weather(Weather::Fog) || scene.weather(Weather::Storm);
                if light.lamps > 0.3 || thick {
                    beams(canvas, stage, at.place((*x, *y)), Rgb::hex(*colour), at.sx.signum());
                }
            }
        }
    }
}

/// How light falls on a subject.
struct Surface<'a> {
    light: &'a Light,
    /// Texture, and its units.
    grain: (Noise, f32),
    /// The middle across and the half width; the top and the height.
    across: (f32, f32),
    down: (f32, f32),
    /// -1 where the light comes from the left, 1 from the right.
    sun: f32,
    /// How much haze is before it, 0 to 1.
    far: f32,
    indoors: bool,
}

impl<'a> Surface<'a> {
    fn new(
        scene: &Scene,
        light: &'a Light,
        stage: &Stage,
        bounds: (f32, f32, f32, f32),
        at: &Placement,
    ) -> Self {
        let (left, top, right, bottom) = bounds;
        let fog = if scene.weather(Weather::Fog) { 0.30 } else { 0.04 };
        let back =
            if at.y > stage.horizon { 1.0 - smooth(0.05, 0.5, stage.nearness(at.y)) } else { 0.0 };
        Self {
            light,
            grain: (Dice::new(scene.seed, "skin").noise(), 15.0 / stage.span),
            across: (0.5 * (left + right), (0.5 * (right - left)).max(1e-4)),
            down: (top, (bottom - top).max(1e-4)),
            sun: stage.towards_sun(at.x),
            far: fog + 0.28 * back,
            indoors: scene.place == Place::Interior,
        }
    }

    /// Fills an outline with `own`, as the light shows it.
    fn paint(&self, canvas: &mut Canvas, outline: &str, at: &Placement, own: Rgb) {
        let (noise, fine) = self.grain;
        canvas.fill(&Shape::parse(outline).placed(at), |x, y| {
            let across = (x - self.across.0) / self.across.1 * self.sun;
            let down = (y - self.down.0) / self.down.1;
            let grain = noise.fbm(x * fine, y * fine, 3) - 0.5;
            let towards = 0.62 + 0.42 * across - 0.26 * down + 0.24 * grain;
            (self.lit(own * (1.0 + 0.08 * grain), towards), 1.0)
        });
    }

    fn lit(&self, own: Rgb, towards: f32) -> Rgb {
        let key = self.light.key;
        if self.indoors {
            let warm = key.mix(Rgb::hex(0xFFD8A0), 0.5);
            return own * (Rgb::grey(0.30) + warm * (0.8 * towards.clamp(0.0, 1.0)));
        }
        // Light bounced back from all around keeps a subject readable at night.
        let bounced = own * (0.16 * (1.0 - key.luma()));
        (self.light.on(own, towards.clamp(0.0, 1.1), 0.0) + bounced).mix(self.light.haze, self.far)
    }
}

fn shadow(canvas: &mut Canvas, stage: &Stage, bounds: (f32, f32, f32, f32), at: &Placement) {
    let (left, top, right, bottom) = bounds;
    let half = 0.5 * (right - left);
    let x = at.x - stage.towards_sun(at.x) * 0.25 * half;
    let y = bottom.min(at.y + 0.01 * stage.span);
    let radii = (half * 1.35, 0.055 * (bottom - top) + 0.012 * stage.span);
    canvas.veil(x, y, radii, Rgb::hex(0x0A0A14), 0.55);
}

/// Lightens or darkens what is behind a subject that would be lost in it.
fn separate(
    canvas: &mut Canvas,
    light: &Light,
    bounds: (f32, f32, f32, f32),
    body: Rgb,
    stage: &Stage,
) {
    const ENOUGH: f32 = 0.20;
    let (left, top, right, bottom) = bounds;
    let (x, y) = (0.5 * (left + right), 0.5 * (top + bottom));
    let behind = canvas.at(x, y);
    let own = light.on(body, 0.6, 0.0).luma();
    let apart = (own - behind.luma()).abs();
    if apart < ENOUGH {
        let margin = 0.03 * stage.span;
        let radii = ((right - left) * 0.85 + margin, (bottom - top) * 0.80 + margin);
        let tone = if own < 0.46 { behind.mix(Rgb::WHITE, 0.30) * 1.1 } else { behind * 0.62 };
        canvas.veil(x, y, radii, tone, 0.66 * (1.0 - apart / ENOUGH));
    }
}

/// The broken image of a subject in the water below it.
fn reflect(canvas: &mut Canvas, figure: &Figure, body: Rgb, light: &Light, at: &Placement) {
    let below = Placement { sy: -at.sy * 0.72, y: at.y + 0.002, ..*at };
    let reach = (80.0 * at.sy).max(1e-4);
    for part in figure.parts {
        let (colour, text) = match part {
            Part::Tone(factor, text) => (body * *factor, text),
            Part::Own(colour, text) | Part::Lamp(colour, text) => (Rgb::hex(*colour), text),
            Part::Afloat(..) | Part::Glow(..) | Part::Beam(..) => continue,
        };
        let lit = light.on(colour, 0.3, 0.12);
        canvas.fill(&Shape::parse(text).placed(&below), |x, y| {
            let depth = (y - at.y) / reach;
            let ripple = y * 420.0 / (1.0 + 3.0 * depth) + (x * 60.0).sin();
            let broken = 0.72 + 0.28 * ripple.sin();
            (lit, 0.5 * (1.0 - depth).clamp(0.0, 1.0) * broken)
        });
    }
}

/// The two beams of a lighthouse.
fn beams(canvas: &mut Canvas, stage: &Stage, from: (f32, f32), colour: Rgb, side: f32) {
    const WIDTH: f32 = 0.075;
    let (x0, y0) = from;
    let long = 1.5 * stage.wide;
    for (direction, slope, strength) in [(-side, -0.16, 0.62), (side, 0.10, 0.40)] {
        let end = |aside: f32| (x0 + direction * long, y0 + long * (slope + aside));
        let cone = Shape::polygon(vec![from, end(-WIDTH), end(WIDTH)]);
        canvas.fill(&cone, |x, y| {
            let along = ((x - x0).abs() / stage.wide).min(1.0);
            let off = ((y - y0) / (x - x0).abs().max(1e-4) - slope) / WIDTH;
            let core = (1.0 - off * off).max(0.0);
            (colour, strength * core * (1.0 - along).powf(1.4))
        });
    }
    canvas.glow(x0, y0, 0.22 * stage.span, colour * 0.75);
}
