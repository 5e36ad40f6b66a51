//! Pictures of nothing: what is painted where no word gives a place.
//!
//! Owns the abstract compositions. Promises one harmony of colours in each. Must never
//! paint subjects.

use std::f32::consts::TAU;

use super::canvas::Canvas;
use super::colour::{Rgb, smooth};
use super::noise::Dice;
use super::scene::Scene;
use super::shape::Shape;
use super::stage::Stage;

/// Ground, then four colours from heavy to bright.
const HARMONIES: [[u32; 5]; 7] = [
    [0xF2E6D0, 0x1D3557, 0xD64A3A, 0xE9B44C, 0x4C8C8A],
    [0x141A2E, 0x5B2A86, 0xE03E6B, 0xFF9F45, 0x3FB8AF],
    [0xEEEADE, 0x2B2D42, 0x8D6A9F, 0xE86A5C, 0xF2C14E],
    [0x0F2A33, 0x1F6F6B, 0xE0D4A8, 0xE07A3F, 0x8FC19B],
    [0xF7DFCF, 0x7A2E39, 0xD9725B, 0x2F5D62, 0xF0B560],
    [0x1E1B2B, 0x3D4E9E, 0x7FB2D9, 0xF2E3B6, 0xE85D75],
    [0xE6EEEC, 0x1B4965, 0x5FA8D3, 0xF29E4C, 0x9B2F4A],
];

/// Paints an abstract composition.
pub(crate) fn paint(canvas: &mut Canvas, scene: &Scene, stage: &Stage) {
    let mut dice = scene.dice("pattern");
    let mut colours = dice.pick(&HARMONIES).map(Rgb::hex);
    if let Some(first) = scene.palette.first() {
        let pale = colours[0].luma() > 0.5;
        colours[0] = first.mix(if pale { Rgb::hex(0xF6F0E4) } else { Rgb::hex(0x12121C) }, 0.72);
        for (i, colour) in colours.iter_mut().skip(1).enumerate() {
            let named = scene.palette[i % scene.palette.len()];
            *colour = match i {
                0 => named * 0.5,
                3 => named.mix(Rgb::WHITE, 0.5),
                _ => named,
            };
        }
    }
    let [ground, ..] = colours;
    let texture = dice.noise();
    canvas.shade(0.0, stage.high, |x, y, _| {
        let wash = texture.fbm(x * 2.4, y * 2.4, scene.octaves(5)) - 0.5;
        ground * (1.0 + 0.16 * wash)
    });
    match dice.below(4) {
        0 => circles(canvas, stage, &mut dice, colours),
        1 => currents(canvas, scene, stage, &mut dice, colours),
        2 => blocks(canvas, stage, &mut dice, colours),
        _ => arches(canvas, stage, &mut dice, colours),
    }
}

/// Discs, rings and lines balanced around the focus.
fn circles(canvas: &mut Canvas, stage: &Stage, dice: &mut Dice, colours: [Rgb; 5]) {
    let span = stage.span;
    let centre = (stage.focus, stage.high * dice.range(0.38, 0.55));
    canvas.glow(centre.0, centre.1, span * 0.6, colours[4] * 0.35);
    for i in 0..4 {
        let radius = span * (0.31 - 0.065 * i as f32);
        let shift = (span * dice.range(-0.02, 0.02), span * dice.range(-0.02, 0.02));
        canvas.dab(
            centre.0 + shift.0,
            centre.1 + shift.1,
            radius,
            colours[1 + (i * 2 + i / 2) % 4],
            0.94,
        );
    }
    for _ in 0..9 {
        let angle = dice.unit() * TAU;
        let reach = span * dice.range(0.28, 0.75);
        let at = (
            centre.0 + angle.cos() * reach * stage.wide / span * 0.8,
            centre.1 + angle.sin() * reach * 0.75,
        );
        let radius = span * dice.range(0.02, 0.11);
        let colour = colours[1 + dice.below(4)];
        canvas.dab(at.0, at.1, radius, colour, 0.72);
        if dice.chance(0.5) {
            canvas.dab(at.0, at.1, radius * 0.55, colours[1 + dice.below(4)], 0.9);
        }
    }
    for _ in 0..7 {
        let (x, y) = (dice.unit() * stage.wide, dice.unit() * stage.high);
        let (sin, cos) = (dice.unit() * TAU).sin_cos();
        let long = span * dice.range(0.3, 0.95);
        let width = span * dice.range(0.002, 0.009);
        let line = [
            (x - cos * long * 0.5, y - sin * long * 0.5),
            (x + cos * long * 0.5, y + sin * long * 0.5),
        ];
        canvas.flat(&Shape::stroke(&line, width, width), colours[1], 0.85);
    }
    let (x, y) = (stage.wide - stage.focus, stage.high * 0.78);
    for i in 0..5 {
        let radius = span * (0.19 - 0.035 * i as f32);
        canvas.flat(
            &Shape::polygon(vec![
                (x - radius, y + radius * 0.6),
                (x, y - radius),
                (x + radius, y + radius * 0.6),
            ]),
            colours[1 + (i + 2) % 4],
            0.85,
        );
    }
}

/// Layers of flowing colour.
fn currents(canvas: &mut Canvas, scene: &Scene, stage: &Stage, dice: &mut Dice, colours: [Rgb; 5]) {
    let count = 9;
    let turn = dice.range(-0.5, 0.5);
    let sun = (stage.sun.0, stage.high * 0.25);
    canvas.dab(sun.0, sun.1, stage.span * 0.13, colours[3], 0.95);
    let texture = dice.noise();
    for i in 0..count {
        let t = (i as f32 + 0.9) / count as f32;
        let noise = dice.noise();
        let colour = colours[1 + i % 4].mix(colours[0], 0.42 * (1.0 - t));
        let next = colours[1 + (i + 1) % 4];
        let top = canvas.skyline(|x| {
            let wave = noise.line(x * 1.7 / stage.span + 3.0, 2) - 0.5;
            stage.high * (0.18 + 0.82 * t)
                + (x - stage.focus) * turn * (1.0 - t)
                + wave * 0.34 * stage.span
        });
        canvas.below(&top, None, |x, y, depth| {
            let d = depth / stage.span;
            let brush = texture.fbm(x * 7.0, (y - depth) * 4.0 + d * 50.0, scene.octaves(3)) - 0.5;
            let edge = smooth(0.012, 0.0, d) * 0.5;
            colour.mix(next, (d * 1.6).min(0.55)).mix(Rgb::WHITE, edge * 0.6)
                * (1.0 + 0.22 * brush - 0.3 * smooth(0.08, 0.3, d))
        });
    }
}

/// Fields divided by bars.
fn blocks(canvas: &mut Canvas, stage: &Stage, dice: &mut Dice, colours: [Rgb; 5]) {
    let mut fields = vec![(0.0, 0.0, stage.wide, stage.high)];
    for _ in 0..11 {
        let (largest, _) = fields
            .iter()
            .enumerate()
            .max_by(|a, b| (a.1.2 * a.1.3).total_cmp(&(b.1.2 * b.1.3)))
            .expect("there is always a field to divide");
        let (x, y, w, h) = fields.swap_remove(largest);
        let cut = dice.range(0.28, 0.72);
        if w > h * dice.range(0.7, 1.4) {
            fields.extend([(x, y, w * cut, h), (x + w * cut, y, w * (1.0 - cut), h)]);
        } else {
            fields.extend([(x, y, w, h * cut), (x, y + h * cut, w, h * (1.0 - cut))]);
        }
    }
    let bar = stage.span * 0.007;
    let noise = dice.noise();
    for (x, y, w, h) in fields {
        let kind = dice.below(7);
        let colour = if kind < 4 {
            colours[1 + kind]
        } else {
            colours[0].mix(Rgb::WHITE, 0.1 * (kind - 4) as f32)
        };
        let field = Shape::rectangle((x + bar, y + bar), (x + w - bar, y + h - bar));
        canvas.flat(&Shape::rectangle((x, y), (x + w, y + h)), colours[1] * 0.35, 1.0);
        canvas.fill(&field, |px, py| {
            (colour * (0.93 + 0.16 * noise.fbm(px * 9.0, py * 9.0, 3)), 1.0)
        });
        if kind < 4 && dice.chance(0.45) {
            let radius = 0.33 * w.min(h);
            canvas.dab(x + w * 0.5, y + h * 0.5, radius, colours[1 + (kind + 2) % 4], 0.9);
        }
    }
}

/// Nested arches standing side by side, as rainbows in a child's box of bricks.
fn arches(canvas: &mut Canvas, stage: &Stage, dice: &mut Dice, colours: [Rgb; 5]) {
    let floor = stage.high * dice.range(0.80, 0.90);
    canvas.dab(stage.sun.0, stage.high * 0.26, stage.span * 0.10, colours[3], 0.95);
    let mut places =
        vec![(stage.focus, 0.36), (stage.wide - stage.focus, 0.22), (stage.wide * 0.5, 0.14)];
    places.push((stage.wide * dice.unit(), 0.11));
    for (x, size) in places {
        let start = dice.below(4);
        for ring in 0..6 {
            let radius = stage.span * size * (1.0 - ring as f32 * 0.158);
            let tall = radius * 0.7;
            let mut arch = Shape::ellipse((x, floor - tall), radius, radius);
            arch.join(Shape::rectangle((x - radius, floor - tall), (x + radius, floor)));
            let colour =
                if ring % 2 == 1 { colours[0] } else { colours[1 + (start + ring / 2) % 4] };
            canvas.flat(&arch, colour, 1.0);
        }
    }
    let ground = colours[1].mix(colours[0], 0.15);
    canvas.flat(
        &Shape::rectangle((-0.1, floor), (stage.wide + 0.1, stage.high + 0.1)),
        ground,
        1.0,
    );
}
