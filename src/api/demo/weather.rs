//! Weather between the viewer and the scene: fog, rain, snow, lightning, drifting leaves.
//!
//! Owns what falls and floats in front of everything. Must never change the sky itself.

use super::canvas::Canvas;
use super::colour::{Rgb, smooth};
use super::light::Light;
use super::noise::Dice;
use super::scene::Scene;
use super::shape::Shape;
use super::stage::Stage;
use super::words::{Feature, Meaning, Place, Season, Weather};

/// Paints lightning, which stands behind the subjects.
pub(crate) fn behind(canvas: &mut Canvas, scene: &Scene, stage: &Stage) {
    let stormy =
        scene.weather(Weather::Storm) && scene.allows(Meaning::Feature(Feature::Lightning));
    if (stormy || scene.feature(Feature::Lightning)) && outdoors(scene) {
        lightning(canvas, scene, stage);
    }
}

/// Paints what is in front of the subjects.
pub(crate) fn before(canvas: &mut Canvas, scene: &Scene, light: &Light, stage: &Stage) {
    if !outdoors(scene) {
        return;
    }
    if scene.weather(Weather::Fog) {
        fog(canvas, scene, light, stage);
    }
    if scene.weather(Weather::Rain) || scene.weather(Weather::Storm) {
        rain(canvas, scene, light, stage);
    }
    if scene.weather(Weather::Snow) {
        snow(canvas, scene, light, stage);
    }
    let leaves = scene.season == Season::Autumn || (scene.weather(Weather::Wind) && !scene.snowy());
    if leaves && scene.place != Place::Sea && scene.place != Place::Desert {
        drift(canvas, scene, light, stage);
    }
    if scene.feature(Feature::Fireflies) {
        fireflies(canvas, scene, stage);
    }
}

fn outdoors(scene: &Scene) -> bool {
    !matches!(scene.place, Place::Interior | Place::Space | Place::Underwater | Place::Abstract)
}

fn fog(canvas: &mut Canvas, scene: &Scene, light: &Light, stage: &Stage) {
    let noise = scene.dice("fog").noise();
    let pale = light.haze.mix(light.sky[2], 0.4);
    let octaves = scene.octaves(4);
    canvas.shade(0.0, stage.high, |x, y, old| {
        let v = (y - stage.horizon) / stage.span;
        let band = 1.0 / (1.0 + (v * 3.6).powi(2));
        let wisp = noise.fbm(x * 2.1 / stage.span, y * 7.5 / stage.span, octaves);
        let cover = (0.14 + 0.52 * band) * smooth(0.22, 0.74, wisp) + 0.20 * band;
        old.mix(pale, cover.min(0.8))
    });
}

fn rain(canvas: &mut Canvas, scene: &Scene, light: &Light, stage: &Stage) {
    let mut dice = scene.dice("rain");
    let windy = scene.weather(Weather::Storm) || scene.weather(Weather::Wind);
    let slant = if windy { 0.42 } else { 0.14 } * if dice.chance(0.5) { 1.0 } else { -1.0 };
    let grey = light.sky[1].mix(light.haze, 0.5).saturated(0.6);
    canvas.shade(0.0, stage.high, |_, y, old| old.mix(grey, 0.10 + 0.08 * (y / stage.high)));
    let bright = light.sky[2].mix(Rgb::WHITE, 0.45);
    let count = (620.0 * (stage.wide / stage.span).clamp(0.3, 4.0)) as usize;
    for _ in 0..count {
        let near = dice.unit().powi(2);
        let (x, y) = (dice.range(-0.2, 1.2) * stage.wide, dice.range(-0.1, 1.0) * stage.high);
        let long = stage.span * (0.025 + 0.085 * near);
        let width = stage.span * (0.0008 + 0.0016 * near);
        let line = [(x, y), (x + slant * long, y + long)];
        canvas.flat(&Shape::stroke(&line, width, width * 0.6), bright, 0.16 + 0.26 * near);
    }
    for _ in 0..count / 6 {
        let y = stage.horizon + (stage.high - stage.horizon) * dice.unit();
        let near = stage.nearness(y);
        let size = stage.span * (0.002 + 0.010 * near);
        canvas.oval(dice.unit() * stage.wide, y, (size, size * 0.28), bright, 0.20);
    }
}

fn snow(canvas: &mut Canvas, scene: &Scene, light: &Light, stage: &Stage) {
    let mut dice = scene.dice("snow");
    let white = Rgb::hex(0xF6FAFF) * (0.45 + 0.6 * (light.fill + light.key * 0.6).luma()).min(1.05);
    let veil = light.haze.mix(white, 0.5);
    canvas.shade(0.0, stage.high, |_, _, old| old.mix(veil, 0.10));
    let windy = scene.weather(Weather::Wind) || scene.weather(Weather::Storm);
    let count = (760.0 * (stage.wide / stage.span).clamp(0.3, 4.0)) as usize;
    for _ in 0..count {
        let near = dice.unit().powi(4);
        let (x, y) = (dice.unit() * stage.wide, dice.unit() * stage.high);
        let radius = stage.span * (0.0014 + 0.0072 * near);
        let stretch = if windy { 2.2 } else { 1.0 };
        canvas.oval(x, y, (radius * stretch, radius), white, 0.85 - 0.35 * near);
    }
}

fn lightning(canvas: &mut Canvas, scene: &Scene, stage: &Stage) {
    let mut dice = scene.dice("lightning");
    let x = stage.sun.0;
    let colour = Rgb::hex(0xDCE4FF);
    canvas.glow(x, stage.horizon * 0.35, 0.62 * stage.span, colour * 0.42);
    bolt(canvas, &mut dice, (x, -0.02), stage.horizon, stage.span * 0.0065, colour, 2);
}

/// One bolt from a point down to a height, with branches `forks` deep.
fn bolt(
    canvas: &mut Canvas,
    dice: &mut Dice,
    from: (f32, f32),
    to: f32,
    width: f32,
    colour: Rgb,
    forks: u32,
) {
    let (mut x, mut y) = from;
    let parts = 11;
    let step = (to - from.1) / parts as f32;
    let drift = dice.range(-0.35, 0.35);
    for i in 0..parts {
        let next = (x + step * (drift + dice.range(-0.8, 0.8)), y + step);
        let thin = 1.0 - 0.6 * i as f32 / parts as f32;
        canvas.flat(
            &Shape::stroke(&[(x, y), next], width * thin * 3.4, width * thin * 3.0),
            colour,
            0.22,
        );
        canvas.flat(
            &Shape::stroke(&[(x, y), next], width * thin, width * thin * 0.9),
            colour * 1.25,
            0.98,
        );
        if forks > 0 && dice.chance(0.34) {
            let end = next.1 + (to - next.1) * dice.range(0.3, 0.6);
            bolt(canvas, dice, next, end, width * 0.5, colour, forks - 1);
        }
        (x, y) = next;
    }
}

fn drift(canvas: &mut Canvas, scene: &Scene, light: &Light, stage: &Stage) {
    let mut dice = scene.dice("drift");
    let tones = [0xC85024, 0xE09430, 0xA83828, 0xE8BC48];
    for _ in 0..46 {
        let (x, y) = (dice.unit() * stage.wide, stage.high * dice.range(0.1, 1.0));
        let size = stage.span * (0.004 + 0.010 * dice.unit().powi(2));
        let (sin, cos) = dice.range(0.0, 6.3).sin_cos();
        let tone = light.on(Rgb::hex(*dice.pick(&tones)), dice.unit(), 0.05);
        let at = |u: f32, v: f32| (x + (u * cos - v * sin) * size, y + (u * sin + v * cos) * size);
        canvas.flat(
            &Shape::closed(&[at(-1.0, 0.0), at(0.0, -0.45), at(1.1, 0.0), at(0.0, 0.45)]),
            tone,
            0.9,
        );
    }
}

fn fireflies(canvas: &mut Canvas, scene: &Scene, stage: &Stage) {
    let mut dice = scene.dice("fireflies");
    let colour = Rgb::hex(0xF0F480);
    for _ in 0..60 {
        let (x, y) = (dice.unit() * stage.wide, stage.high * dice.range(0.45, 0.98));
        let size = stage.span * dice.range(0.0018, 0.0042);
        canvas.glow(x, y, size * 7.0, colour * 0.6);
        canvas.dab(x, y, size, colour * 1.2, 0.95);
    }
}
