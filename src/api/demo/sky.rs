//! The sky: its gradient, sun and moon, stars, clouds, aurora and rainbow.
//!
//! Owns everything above the horizon that is not weather in front of the land.
//! Promises to fill the whole canvas. Must never paint land.

use super::canvas::Canvas;
use super::colour::{Rgb, smooth};
use super::light::Light;
use super::noise::Noise;
use super::scene::Scene;
use super::stage::Stage;
use super::words::{Feature, Weather};

/// Paints the sky over the whole canvas.
pub(crate) fn paint(canvas: &mut Canvas, scene: &Scene, light: &Light, stage: &Stage) {
    gradient(canvas, light, stage);
    if light.stars > 0.02 {
        stars(canvas, scene, light.stars, stage.horizon);
    }
    if scene.feature(Feature::Aurora) {
        aurora(canvas, scene, stage);
    }
    if light.shows {
        disc(canvas, scene, light, stage);
    }
    if scene.clouds > 0.01 {
        clouds(canvas, scene, light, stage);
    }
    if scene.feature(Feature::Rainbow) {
        rainbow(canvas, stage);
    }
}

fn gradient(canvas: &mut Canvas, light: &Light, stage: &Stage) {
    let [zenith, middle, horizon] = light.sky;
    let (sx, sy) = stage.sun;
    let reach = 1.0 / stage.span;
    let strength = if light.shows { 1.0 } else { 0.35 };
    canvas.shade(0.0, stage.high, |x, y, _| {
        let v = (y / stage.horizon.max(1e-3)).min(1.0);
        let base = if v < 0.6 {
            zenith.mix(middle, smooth(-0.1, 0.6, v))
        } else {
            middle.mix(horizon, smooth(0.6, 1.02, v))
        };
        let (dx, dy) = ((x - sx) * reach, (y - sy) * reach * 1.25);
        let distance = (dx * dx + dy * dy).sqrt();
        let wide = 0.55 / (1.0 + 14.0 * distance * distance);
        base.mix(light.glow, wide * strength)
    });
}

/// Stars scattered over the upper part of the canvas.
pub(crate) fn stars(canvas: &mut Canvas, scene: &Scene, strength: f32, down_to: f32) {
    let mut dice = scene.dice("stars");
    let (wide, span) = (canvas.wide(), canvas.span());
    let count = (700.0 * wide.min(6.0) * down_to) as usize;
    for _ in 0..count {
        let (x, y) = (dice.unit() * wide, dice.unit() * down_to);
        let size = dice.unit().powi(6);
        let tint = *dice.pick(&[0xFFFFFF, 0xCFDEFF, 0xFFECD0, 0xE4ECFF]);
        let fade = 1.0 - smooth(0.55, 1.0, y / down_to);
        let light = Rgb::hex(tint) * (1.0 + size);
        let radius = span * (0.0009 + 0.0019 * size);
        canvas.dab(x, y, radius, light, strength * fade * (0.35 + 0.65 * dice.unit()));
        if size > 0.62 {
            canvas.glow(x, y, radius * 6.0, light * (0.26 * strength * fade));
        }
    }
}

fn disc(canvas: &mut Canvas, scene: &Scene, light: &Light, stage: &Stage) {
    let mut dice = scene.dice("disc");
    let (x, y) = stage.sun;
    let named = scene.feature(if light.moon { Feature::Moon } else { Feature::Sun });
    let low = 1.0 - smooth(0.1, 0.5, light.height);
    let size = if light.moon { 0.046 } else { 0.036 + 0.034 * low };
    let radius = stage.span * size * if named { 1.5 } else { 1.0 } * dice.range(0.9, 1.15);
    canvas.glow(x, y, radius * 7.0, light.glow * 0.55);
    canvas.glow(x, y, radius * 2.6, light.disc * 0.5);
    canvas.dab(x, y, radius, light.disc * 1.12, 1.0);
    if light.moon {
        let noise = dice.noise();
        let shade = light.disc.mix(light.sky[1], 0.45);
        canvas.shade(y - radius, y + radius, |px, py, old| {
            let (dx, dy) = ((px - x) / radius, (py - y) / radius);
            let spots = smooth(0.48, 0.62, noise.fbm(dx * 1.4 + 7.0, dy * 1.4, 3));
            let inside = smooth(1.0, 0.86, (dx * dx + dy * dy).sqrt());
            old.mix(shade, 0.55 * spots * inside)
        });
    }
}

fn clouds(canvas: &mut Canvas, scene: &Scene, light: &Light, stage: &Stage) {
    let mut dice = scene.dice("clouds");
    let (noise, veil) = (dice.noise(), dice.noise());
    let stormy = scene.weather(Weather::Storm);
    let octaves = scene.octaves(5);
    let size = dice.range(1.3, 2.1);
    let heaped = !stormy && dice.chance(if light.height > 0.3 { 0.8 } else { 0.3 });
    let from = 0.72 - 0.46 * scene.clouds;
    let stretch = if scene.weather(Weather::Wind) { 0.45 } else { 0.8 };
    let bright = light.disc.mix(light.glow, 0.35) * if stormy { 0.5 } else { 1.0 };
    let lit = bright.mix(light.sky[2], 0.25) * (0.35 + 0.75 * light.key.luma()).min(1.04);
    let dark = light.sky[1].mix(light.sky[0], 0.35).mix(light.haze, 0.45)
        * if stormy { 0.62 } else { 0.9 };
    let (sx, sy) = stage.sun;
    let field = Field { noise, octaves };
    canvas.shade(0.0, stage.horizon, |x, y, old| {
        let v = y / stage.horizon;
        // The ceiling of clouds, seen from below: it narrows towards the horizon.
        let near = 1.18 - v;
        let (px, py, fit) = if heaped {
            // Heaps of cloud in rows, flat below, smaller towards the horizon.
            let row = (v * 2.6 + 0.15).fract();
            let shrink = 0.8 + 0.9 * v;
            (
                (x - 0.5 * stage.wide) / stage.span * 2.1 * shrink * stretch
                    + 6.0 * (v * 2.6 + 0.15).floor(),
                y / stage.span * 4.6 * shrink,
                0.20 * smooth(0.75, 1.0, row) + 0.22 * smooth(0.45, 0.0, row),
            )
        } else {
            (
                (x - 0.5 * stage.wide) / (0.35 + near) * size * 1.7 * stretch + 4.0,
                2.3 / (0.22 + near) * size,
                0.0,
            )
        };
        let thick = field.at(px, py) - fit;
        let soft = if heaped { 0.11 } else { 0.22 };
        let cover = smooth(from, from + soft, thick) * smooth(1.02, 0.86, v);
        if cover < 0.004 {
            let wisp = smooth(0.56, 0.85, veil.fbm(px * 0.7, py * 2.6, 3));
            return old.mix(lit, wisp * 0.30 * smooth(1.0, 0.7, v));
        }
        let (dx, dy) = (sx - x, sy - y);
        let length = (dx * dx + dy * dy).sqrt().max(0.02);
        let away = if heaped {
            field.coarse(px + dx / length * 0.10, py - 0.26)
        } else {
            field.coarse(px + dx / length * 0.22, py - dy / length * 0.16)
        } - fit;
        let towards = smooth(-0.10, 0.16, thick - away);
        let edge = smooth(0.9, 0.1, cover);
        let close = 1.0 / (1.0 + 5.0 * length * length);
        let body = dark.mix(lit, (0.18 + 0.62 * towards + 0.35 * edge).min(1.0));
        let shining = body.mix(light.disc, close * edge * 0.55);
        old.mix(shining, cover * 0.94)
    });
}

struct Field {
    noise: Noise,
    octaves: u32,
}

impl Field {
    fn at(&self, x: f32, y: f32) -> f32 {
        let warp = self.noise.value(x * 0.9 + 40.0, y * 0.9) - 0.5;
        self.noise.fbm(x + warp * 0.8, y + warp * 0.5, self.octaves)
    }

    /// The same without its finest parts: enough to tell where the light is.
    fn coarse(&self, x: f32, y: f32) -> f32 {
        let warp = self.noise.value(x * 0.9 + 40.0, y * 0.9) - 0.5;
        self.noise.fbm(x + warp * 0.8, y + warp * 0.5, self.octaves.min(2))
    }
}

fn aurora(canvas: &mut Canvas, scene: &Scene, stage: &Stage) {
    let mut dice = scene.dice("aurora");
    let (noise, rays) = (dice.noise(), dice.noise());
    let named = scene.palette.first().copied();
    let green = named.unwrap_or(Rgb::hex(0x3CF09C));
    let violet = scene.palette.get(1).copied().unwrap_or(Rgb::hex(0x9A4CF0));
    let bands = [dice.range(0.34, 0.46), dice.range(0.56, 0.68), dice.range(0.76, 0.84)];
    canvas.shade(0.0, stage.horizon, |x, y, old| {
        let v = y / stage.horizon;
        let u = x / stage.span;
        let mut sum = old;
        for (i, base) in bands.iter().enumerate() {
            let i = i as f32;
            let foot = base + 0.26 * (noise.line(u * 1.3 + i * 9.0, 3) - 0.5);
            let up = foot - v;
            if up < -0.02 {
                continue;
            }
            let ray = 0.35 + 0.9 * rays.line(u * 14.0 + i * 31.0 + up * 0.6, 2).powi(2);
            let body = smooth(-0.02, 0.02, up) / (1.0 + 38.0 * up * up) * ray;
            let patch = smooth(0.25, 0.6, noise.line(u * 0.8 + i * 17.0 + 50.0, 2));
            sum = sum.screened(green.mix(violet, smooth(0.06, 0.34, up)) * (body * patch * 0.85));
        }
        sum
    });
}

fn rainbow(canvas: &mut Canvas, stage: &Stage) {
    const BANDS: [u32; 7] = [0xE03C3C, 0xF09030, 0xF4E050, 0x58C860, 0x40A0E8, 0x4058D0, 0x8850C8];
    let radius = 0.62 * stage.wide.min(stage.horizon * 1.5);
    let centre = (stage.wide - stage.sun.0, stage.horizon + 0.12 * stage.span);
    let thick = 0.12 * radius;
    canvas.shade(0.0, stage.horizon, |x, y, old| {
        let (dx, dy) = (x - centre.0, y - centre.1);
        let t = (radius - (dx * dx + dy * dy).sqrt()) / thick;
        if !(0.0..1.0).contains(&t) {
            return old;
        }
        let place = t * 6.99;
        let band = place as usize;
        let colour = Rgb::hex(BANDS[band]).mix(Rgb::hex(BANDS[(band + 1).min(6)]), place.fract());
        old.mix(colour, 0.62 * smooth(0.0, 0.15, t) * smooth(1.0, 0.85, t))
    });
}
