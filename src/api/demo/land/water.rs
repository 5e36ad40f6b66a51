//! Open water: it mirrors what stands beyond it and glitters under the light.
//!
//! Owns sea, lake and harbour. Promises to mirror only what is already painted. Must
//! never paint a shore.

use super::super::colour::{Rgb, smooth};
use super::super::words::{Feature, Weather};
use super::Easel;

/// What the water is like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Deep and moving.
    Sea,
    /// Still.
    Lake,
    /// Dark, between quays.
    Harbour,
}

/// Water from the horizon to the lower edge.
pub(super) fn open(easel: &mut Easel<'_>, kind: Kind) {
    let Easel { canvas, scene, light, stage } = easel;
    let mut dice = scene.dice("water");
    let (swell, small, foam) = (dice.noise(), dice.noise(), dice.noise());
    let rough = if scene.weather(Weather::Storm) || scene.feature(Feature::Waves) {
        1.0
    } else if scene.weather(Weather::Wind) {
        0.6
    } else if kind == Kind::Sea {
        0.3
    } else {
        0.07
    };
    let deep = scene.ground.unwrap_or(match kind {
        Kind::Sea => Rgb::hex(0x145274),
        Kind::Lake => Rgb::hex(0x1E4C58),
        Kind::Harbour => Rgb::hex(0x14243C),
    });
    let deep = light.on(deep, 0.35, 0.0).mix(light.sky[0] * 0.6, 0.25);
    let pull = if scene.ground.is_some() { 0.75 } else { 0.55 };
    let mirror = canvas.clone();
    let depth = stage.high - stage.horizon;
    let octaves = scene.octaves(4);
    let sun = if light.shows { 1.0 } else { 0.0 };
    let (sun_x, _) = stage.sun;
    let spark = light.disc * (0.55 + 0.5 * light.key.luma());
    let level = stage.horizon;
    canvas.shade(level, stage.high, |x, y, old| {
        let near = ((y - level) / depth).clamp(0.0, 1.0);
        // Rows of waves crowd together towards the horizon.
        let far = 1.0 / (0.035 + near);
        let (u, v) = ((x - sun_x) * far * 1.1 / stage.span, far * 9.0);
        let wave = swell.fbm(u * 1.4 + 9.0, v * 0.9, octaves) - 0.5;
        let ripple = small.value(u * 7.0, v * 5.0 + 20.0) - 0.5;
        let tilt = wave * (0.25 + rough) + ripple * (0.12 + 0.25 * rough);
        let sway = tilt * (0.02 + 0.10 * near) * stage.span;
        let seen = level - (y - level) * (0.92 - 0.2 * rough) + sway * 1.6;
        let image = mirror.at(x + sway * 0.5, seen.clamp(0.0, level - 0.002));
        // The nearer, the steeper the look into the depth.
        let into =
            pull * smooth(-0.05, 0.9, near) * if kind == Kind::Sea { 1.0 } else { 0.75 } + 0.16;
        let mut colour = (image * 0.93).mix(deep, into.min(0.9));
        colour = colour * (1.0 + tilt * (0.5 + 0.7 * rough));
        let width = (0.03 + 0.26 * near) * stage.span;
        let path = 1.0 / (1.0 + ((x - sun_x) / width).powi(2));
        let glint = smooth(0.04, 0.22, ripple * 0.7 + wave * 0.6 + 0.16 * path - 0.05);
        let twinkle = glint * path * sun * (0.9 - 0.35 * near);
        colour = colour.screened(spark * twinkle);
        if rough > 0.25 {
            let crest = smooth(0.12 - 0.05 * rough, 0.30 - 0.08 * rough, wave + 0.35 * ripple);
            let torn = smooth(0.4, 0.7, foam.fbm(u * 9.0, v * 6.0, 2));
            let white = light.on(Rgb::hex(0xF0F6FA), 0.6, 0.15);
            colour = colour.mix(white, crest * torn * rough * (0.35 + 0.5 * near));
        }
        let mist = smooth(0.10, 0.0, near) * 0.4;
        let water = colour.mix(light.haze.mix(light.sky[2], 0.5), mist);
        old.mix(water, smooth(level - 0.5 / 700.0, level + 0.5 / 700.0, y))
    });
    if scene.feature(Feature::Waves) {
        breakers(easel);
    }
}

/// Great waves rolling in, crest over crest.
fn breakers(easel: &mut Easel<'_>) {
    let Easel { canvas, scene, light, stage } = easel;
    let mut dice = scene.dice("breakers");
    let depth = stage.high - stage.horizon;
    let deep = scene.ground.unwrap_or(Rgb::hex(0x1A5C80));
    for i in 0..4 {
        let near = (i as f32 + 0.7) / 4.2;
        let (noise, texture) = (dice.noise(), dice.noise());
        let base = stage.horizon + depth * near;
        let rise = stage.span * (0.03 + 0.12 * near);
        let shift = dice.range(0.0, 9.0);
        let length = stage.span * (0.30 + 0.34 * near);
        let top = canvas.skyline(|x| {
            let roll = (x / length + shift).fract();
            // Slow up the back, sudden down the front.
            let crest = smooth(0.0, 0.78, roll) * smooth(1.0, 0.80, roll);
            base - rise * crest * (0.5 + noise.line(x * 2.2, 2))
                + 0.006 * stage.span * (noise.line(x * 30.0, 2) - 0.5)
        });
        canvas.below(&top, None, |x, y, down| {
            let d = down / rise;
            let streak = texture.fbm(x * 9.0 / stage.span, (y + down) * 30.0 / stage.span, 4);
            let green = deep.mix(Rgb::hex(0x58B4A8), 0.5 * smooth(0.7, 0.0, d));
            let body = light.on(green, (0.8 - 0.5 * d).clamp(0.1, 1.0), 0.35 * (1.0 - near));
            let foam = smooth(0.30, 0.02, d - 0.25 * (streak - 0.4))
                + smooth(0.60, 0.72, streak) * 0.6 * smooth(1.8, 0.3, d);
            body.mix(light.on(Rgb::hex(0xF4F8FA), 0.8, 0.2 * (1.0 - near)), foam.min(0.94))
        });
    }
}
