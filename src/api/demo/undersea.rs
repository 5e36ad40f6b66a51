//! Under water: the light from above, rocks, weeds, corals and bubbles.
//!
//! Owns the whole background of a scene below the surface. Must never paint subjects.

use super::canvas::Canvas;
use super::colour::{Rgb, smooth};
use super::scene::Scene;
use super::shape::Shape;
use super::stage::Stage;
use super::words::Time;

/// Paints the water and the seabed.
pub(crate) fn paint(canvas: &mut Canvas, scene: &Scene, stage: &Stage) {
    let mut dice = scene.dice("undersea");
    let noise = dice.noise();
    let day = if matches!(scene.time, Time::Night | Time::Blue | Time::Dusk) { 0.5 } else { 1.0 };
    let hue = scene.ground.or(scene.palette.first().copied()).unwrap_or(Rgb::hex(0x188CB4));
    let bright = hue.mix(Rgb::hex(0xB8F4EC), 0.55) * (0.45 + 0.55 * day);
    let deep = (hue * 0.22).mix(Rgb::hex(0x041430), 0.4);
    let source = (stage.sun.0, -0.25 * stage.high);
    canvas.shade(0.0, stage.high, |x, y, _| {
        let v = y / stage.high;
        let (dx, dy) = ((x - source.0) / stage.span, (y - source.1) / stage.span);
        let base = bright
            .mix(hue * (0.5 + 0.3 * day), smooth(-0.05, 0.45, v))
            .mix(deep, smooth(0.3, 1.05, v));
        let ray = smooth(0.4, 0.85, noise.line(dx / dy * 7.0 + 30.0, 3));
        let light = ray * (1.0 - v).max(0.0) * 0.5 / (1.0 + 2.0 * dx * dx);
        let caustic =
            smooth(0.62, 0.9, noise.ridged(x * 5.0, y * 13.0, 2)) * smooth(0.16, 0.0, v) * 0.5;
        base.screened(bright * (light + caustic) * day)
    });
    for row in 0..3 {
        let near = (row as f32 + 1.0) / 3.0;
        let rock = dice.noise();
        let base = stage.high * (0.74 + 0.13 * near);
        let top = canvas.skyline(|x| {
            base - stage.span
                * (0.30 - 0.20 * near)
                * (rock.line(x * 3.2 / stage.span + 9.0, 4) - 0.38)
        });
        let sand = Rgb::hex(0xD8C090) * hue.mix(Rgb::WHITE, 0.35);
        let own = (Rgb::hex(0x3C545C) * hue.mix(Rgb::WHITE, 0.3))
            .mix(sand, if row == 2 { 0.8 } else { 0.1 });
        canvas.below(&top, None, |x, y, depth| {
            let grain = rock.fbm(x * 22.0 / stage.span, y * 30.0 / stage.span, 4);
            let lit = 0.5 + 0.7 * grain - 0.8 * smooth(0.0, 0.3, depth);
            (own * lit.max(0.2)).mix(hue.mix(deep, 0.5), 0.66 * (1.0 - near))
        });
        corals(canvas, scene, stage, &top, near, hue);
    }
    for _ in 0..46 {
        let (x, y) = (dice.unit() * stage.wide, dice.unit() * stage.high * 0.9);
        let radius = stage.span * 0.008 * dice.unit().powi(2) + 0.0012;
        canvas.dab(x, y, radius, bright, 0.34);
        canvas.dab(x - radius * 0.3, y - radius * 0.3, radius * 0.4, Rgb::WHITE, 0.6);
    }
}

fn corals(canvas: &mut Canvas, scene: &Scene, stage: &Stage, top: &[f32], near: f32, hue: Rgb) {
    let mut dice = scene.dice(if near < 0.5 { "far coral" } else { "coral" });
    let tones = [0xF06C5C, 0xF0A84C, 0xB85CC0, 0xE85C94, 0x4CA870, 0x8CC850];
    for _ in 0..(10.0 + 16.0 * near) as usize {
        let x = dice.unit() * stage.wide;
        let clear = (x - stage.focus).abs() < 0.12 * stage.span && near > 0.9;
        let foot = top[((x * canvas.scale) as usize).min(top.len() - 1)] + 0.012;
        let tall = stage.span * dice.range(0.05, 0.13) * (0.5 + 0.6 * near);
        let own = (Rgb::hex(*dice.pick(&tones)) * hue.mix(Rgb::WHITE, 0.55))
            .mix(hue * 0.6, 0.75 * (1.0 - near));
        let weed = dice.chance(0.45);
        let lean = dice.range(-0.3, 0.3);
        for i in 0..5 {
            let spread = (i as f32 - 2.0) / 2.0;
            let (dx, up) =
                (spread * tall * 0.55 + lean * tall, tall * (1.15 - 0.45 * spread.abs()));
            let tone = own * (0.8 + 0.1 * i as f32);
            if clear {
                continue;
            }
            if weed {
                let sway = tall * 0.14 * if i % 2 == 0 { 1.0 } else { -1.0 };
                let line = [
                    (x + spread * tall * 0.2, foot),
                    (x + dx * 0.3 + sway, foot - up * 0.6),
                    (x + dx * 0.5 - sway, foot - up * 1.5),
                ];
                canvas.flat(&Shape::stroke(&line, tall * 0.10, tall * 0.02), tone, 0.95);
            } else {
                let line = [(x, foot), (x + dx * 0.5, foot - up * 0.45), (x + dx, foot - up)];
                canvas.flat(&Shape::stroke(&line, tall * 0.16, tall * 0.09), tone, 0.98);
                canvas.dab(x + dx, foot - up, tall * 0.075, tone.mix(Rgb::WHITE, 0.25), 0.95);
            }
        }
    }
}
