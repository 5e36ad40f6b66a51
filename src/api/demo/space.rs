//! Space: nebulae, stars and planets.
//!
//! Owns the whole background where there is no horizon. Must never paint subjects.

use super::canvas::Canvas;
use super::colour::{Rgb, smooth};
use super::noise::Dice;
use super::scene::Scene;
use super::sky;
use super::stage::Stage;
use super::words::{Feature, Meaning};

/// Paints the background of a scene in space.
pub(crate) fn paint(canvas: &mut Canvas, scene: &Scene, stage: &Stage) {
    let mut dice = scene.dice("space");
    let sets: [[u32; 3]; 5] = [
        [0x7A2CC8, 0xF05C8C, 0x2C8CE0],
        [0x146CA8, 0x38D0C0, 0xF0A050],
        [0xC83C50, 0xF49440, 0x5C3CB0],
        [0x2C50C8, 0x9C6CF0, 0xF0D0A0],
        [0x1C8878, 0x90D050, 0x3C48B8],
    ];
    let mut hues = dice.pick(&sets).map(Rgb::hex);
    for (hue, named) in hues.iter_mut().zip(&scene.palette) {
        *hue = *named;
    }
    nebula(canvas, scene, &mut dice, hues, stage.span);
    if scene.allows(Meaning::Feature(Feature::Stars)) {
        sky::stars(canvas, scene, 1.0, stage.high * 1.7);
    }
    if scene.allows(Meaning::Feature(Feature::Planet)) {
        let mut small = Planet::roll(&mut dice, hues);
        small.centre =
            (stage.wide * (1.0 - stage.sun.0 / stage.wide), stage.high * dice.range(0.12, 0.3));
        small.radius = stage.span * dice.range(0.04, 0.08);
        small.ring = false;
        small.paint(canvas, stage);
        let mut great = Planet::roll(&mut dice, hues);
        let below = !scene.subjects.is_empty();
        great.centre = if below {
            (stage.wide - stage.focus, stage.high * dice.range(0.95, 1.1))
        } else {
            (stage.focus, stage.high * dice.range(0.5, 0.62))
        };
        great.radius = stage.span * if below { 0.42 } else { dice.range(0.22, 0.3) };
        great.paint(canvas, stage);
    }
}

fn nebula(canvas: &mut Canvas, scene: &Scene, dice: &mut Dice, hues: [Rgb; 3], span: f32) {
    let (warp, noise, dust) = (dice.noise(), dice.noise(), dice.noise());
    let angle = dice.range(-0.9, 0.9);
    let (sin, cos) = angle.sin_cos();
    let (wide, high) = (canvas.wide(), canvas.high());
    let octaves = scene.octaves(5);
    canvas.shade(0.0, high, |x, y, _| {
        let (dx, dy) = ((x - wide * 0.5) / span, (y - high * 0.45) / span);
        let (along, across) = (dx * cos + dy * sin, dy * cos - dx * sin);
        let (wx, wy) = (
            warp.fbm(dx * 2.2 + 9.0, dy * 2.2, 3) - 0.5,
            warp.fbm(dx * 2.2, dy * 2.2 + 31.0, 3) - 0.5,
        );
        let gas = noise.fbm(along * 2.0 + wx * 2.2, across * 2.8 + wy * 2.2 + 7.0, octaves);
        let band = 1.0 / (1.0 + (across * 2.6 + wx).powi(2) * 2.2);
        let cloud = smooth(0.32, 0.80, gas * (0.45 + 0.75 * band));
        let lane =
            smooth(0.46, 0.62, dust.fbm(along * 3.0 + wy * 3.0, across * 5.0 + wx * 2.0, 4)) * band;
        let hue = hues[0]
            .mix(hues[1], smooth(0.35, 0.66, gas + wx * 0.5))
            .mix(hues[2], smooth(0.05, 0.3, wy));
        let deep = Rgb::hex(0x050614).mix(hues[0] * 0.22, 0.6 * band);
        let core = smooth(0.55, 0.95, cloud * band);
        deep.screened(hue * (cloud * 0.92)).screened(Rgb::hex(0xFFECD8) * (core * 0.55))
            * (1.0 - 0.62 * lane)
    });
}

struct Planet {
    centre: (f32, f32),
    radius: f32,
    tones: [Rgb; 3],
    bands: bool,
    ring: bool,
    tilt: f32,
    seed: Dice,
}

impl Planet {
    fn roll(dice: &mut Dice, hues: [Rgb; 3]) -> Self {
        let sets: [[u32; 3]; 4] = [
            [0xD8B084, 0xB0744C, 0xF4E4C8],
            [0x3478B8, 0x4C9460, 0xF0F6FA],
            [0xB85438, 0x8A382C, 0xE8A478],
            [0x6CB0C8, 0x4C80B0, 0xDCF0F4],
        ];
        let own = dice.pick(&sets).map(Rgb::hex);
        let tones = [own[0].mix(hues[1], 0.2), own[1].mix(hues[0], 0.2), own[2]];
        let (bands, ring, tilt) = (dice.chance(0.5), dice.chance(0.6), dice.range(-0.45, 0.45));
        let seed = Dice::new(u64::from(dice.unit().to_bits()), "planet");
        Self { centre: (0.0, 0.0), radius: 0.0, tones, bands, ring, tilt, seed }
    }

    fn paint(&mut self, canvas: &mut Canvas, stage: &Stage) {
        let noise = self.seed.noise();
        let (cx, cy) = self.centre;
        let radius = self.radius;
        let (sin, cos) = self.tilt.sin_cos();
        let side = stage.towards_sun(cx);
        let air = self.tones[0].mix(Rgb::hex(0x90C8FF), 0.6);
        canvas.glow(cx, cy, radius * 1.28, air * 0.42);
        let soft = canvas.scale * radius;
        let tones = self.tones;
        let bands = self.bands;
        let ring = self.ring;
        canvas.shade(cy - radius * 2.4, cy + radius * 2.4, |x, y, old| {
            let (dx, dy) = ((x - cx) / radius, (y - cy) / radius);
            let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
            let distance = (dx * dx + dy * dy).sqrt();
            let mut colour = old;
            if distance < 1.05 {
                let z = (1.0 - distance * distance).max(0.0).sqrt();
                let (lon, lat) = (u / (0.35 + z), v / (0.55 + 0.45 * z));
                let surface = if bands {
                    let storm = noise.fbm(lon * 1.6, lat * 7.0, 4) - 0.5;
                    let t = 0.5 + 0.5 * (lat * 11.0 + storm * 4.5).sin();
                    tones[1]
                        .mix(tones[0], t)
                        .mix(tones[2], smooth(0.55, 0.95, noise.fbm(lat * 6.0, storm * 2.0, 2)))
                } else {
                    let height = noise.fbm(lon * 2.4 + 5.0, lat * 2.4, 5);
                    let land = smooth(0.49, 0.54, height);
                    let cloud = smooth(0.52, 0.72, noise.fbm(lon * 3.0 + 40.0, lat * 5.0, 4));
                    tones[0].mix(tones[1], land).mix(tones[2], cloud * 0.85)
                };
                let lit = (0.66 * side * dx - 0.42 * dy + 0.62 * z).max(0.0);
                let rim = smooth(0.75, 1.0, distance) * (0.25 + lit);
                let shaded = surface * (0.04 + 1.05 * lit);
                let body = shaded.mix(air, rim * 0.5);
                colour = old.mix(body, ((1.0 - distance) * soft + 0.5).clamp(0.0, 1.0));
            }
            if ring {
                let reach = (u * u + (v / 0.24).powi(2)).sqrt();
                let front = v > 0.0 || distance > 1.0;
                if front && (1.3..2.25).contains(&reach) {
                    let grain = noise.line(reach * 22.0, 3);
                    let gap = smooth(0.02, 0.05, (reach - 1.86).abs());
                    let edge = smooth(1.3, 1.38, reach) * smooth(2.25, 2.15, reach);
                    let cover = (0.25 + 0.75 * grain) * gap * edge * 0.85;
                    colour = colour.mix(tones[2] * (0.75 + 0.3 * side * dx), cover);
                }
            }
            colour
        });
    }
}
