//! A city across the water.
//!
//! Owns the rows of buildings, their windows and the quay. Promises that near rows
//! hide far ones. Must never paint the water itself.

use super::super::canvas::Canvas;
use super::super::colour::{Rgb, smooth};
use super::super::noise::Dice;
use super::super::shape::Shape;
use super::super::words::{Mood, Style};
use super::Easel;

/// Three rows of buildings behind the horizon.
pub(super) fn skyline(easel: &mut Easel<'_>) {
    let Easel { canvas, scene, light, stage } = easel;
    let mut dice = scene.dice("city");
    let neon = scene.mood(Mood::Neon) || scene.style == Some(Style::Cyberpunk);
    let stone = scene.ground.unwrap_or(Rgb::hex(0x6A6C80));
    let crown = stage.wide * dice.range(0.3, 0.7);
    for row in 0..3 {
        let near = row as f32 / 2.0;
        let far = 0.74 - 0.34 * near;
        let mut x = -0.05;
        while x < stage.wide {
            let wide = stage.span * dice.range(0.045, 0.105) * (0.8 + 0.4 * near);
            let middle = x + wide * 0.5;
            let hump = 1.0 / (1.0 + ((middle - crown) / (0.32 * stage.span)).powi(2));
            let tall = stage.horizon
                * (0.10 + 0.30 * dice.unit().powf(1.6) + 0.36 * hump * dice.unit())
                * (1.15 - 0.35 * near);
            let own =
                stone.mix(Rgb::hex(*dice.pick(&[0x8A706A, 0x4C5870, 0x706C8A, 0x9A8C80])), 0.5);
            let block =
                Block { x, wide: wide * 0.94, top: stage.horizon - tall, foot: stage.horizon };
            let face = light.on(own, 0.42, far);
            let sunny = light.on(own, 0.85, far);
            let left = stage.sun.0 < middle;
            tower(canvas, &block, face, sunny, left, &mut dice);
            let lamps = light.lamps * (1.0 - 0.45 * (1.0 - near)) + 0.06;
            windows(canvas, &block, lamps, neon, stage.span, &mut dice, face);
            x += wide * dice.range(0.92, 1.18);
        }
        let mist = light.haze.mix(light.glow, 0.3);
        let from = stage.horizon - 0.22 * stage.span;
        canvas.shade(from, stage.horizon, |_, y, old| {
            old.mix(mist, 0.42 * smooth(from, stage.horizon, y) * (1.0 - 0.6 * near))
        });
    }
}

/// The box of a building, in units.
struct Block {
    x: f32,
    wide: f32,
    top: f32,
    foot: f32,
}

fn tower(canvas: &mut Canvas, block: &Block, face: Rgb, sunny: Rgb, left: bool, dice: &mut Dice) {
    let Block { x, wide, top, foot } = *block;
    let tall = foot - top;
    let (dark, bright) = (face * 0.82, sunny);
    let tone = |px: f32| {
        let t = (px - x) / wide;
        dark.mix(bright, if left { 1.0 - t } else { t } * 0.75)
    };
    let mut body = Shape::rectangle((x, top), (x + wide, foot + 0.002));
    let middle = x + wide * 0.5;
    match dice.below(6) {
        0 => body.join(Shape::polygon(vec![
            (x + wide * 0.1, top),
            (middle, top - tall * 0.14),
            (x + wide * 0.9, top),
        ])),
        1 => {
            body.join(Shape::rectangle(
                (x + wide * 0.18, top - tall * 0.08),
                (x + wide * 0.82, top),
            ));
            body.join(Shape::rectangle(
                (x + wide * 0.36, top - tall * 0.14),
                (x + wide * 0.64, top),
            ));
            body.join(Shape::rectangle(
                (middle - wide * 0.03, top - tall * 0.28),
                (middle + wide * 0.03, top),
            ));
        }
        2 => body.join(Shape::ellipse((middle, top), wide * 0.4, wide * 0.35)),
        3 => body.join(Shape::polygon(vec![(x, top), (x, top - wide * 0.45), (x + wide, top)])),
        4 => {
            body.join(Shape::rectangle((x + wide * 0.7, top - wide * 0.3), (x + wide * 0.76, top)));
        }
        _ => {}
    }
    canvas.fill(&body, |px, _| (tone(px), 1.0));
}

fn windows(
    canvas: &mut Canvas,
    block: &Block,
    lamps: f32,
    neon: bool,
    span: f32,
    dice: &mut Dice,
    face: Rgb,
) {
    let pitch = span * dice.range(0.0105, 0.0145);
    let columns = (block.wide / pitch) as usize;
    let rows = ((block.foot - block.top) / (pitch * 1.25)) as usize;
    if columns < 2 {
        return;
    }
    let pitch = block.wide / columns as f32;
    let warm: &[u32] = if neon {
        &[0xFF4CC8, 0x3CE8F4, 0xFFD070, 0x9C5CFF]
    } else {
        &[0xFFD888, 0xFFC060, 0xFFECC0, 0xCCE0FF]
    };
    let habit = dice.range(0.30, 0.72);
    for row in 0..rows.min(90) {
        for column in 0..columns {
            let (lit, tone) = (dice.unit() < habit * lamps.min(1.0), Rgb::hex(*dice.pick(warm)));
            let x = block.x + (column as f32 + 0.24) * pitch;
            let y = block.top + (row as f32 + 0.4) * pitch * 1.25;
            if y + pitch > block.foot {
                continue;
            }
            let pane = Shape::rectangle((x, y), (x + pitch * 0.52, y + pitch * 0.66));
            if lit {
                canvas.flat(&pane, tone * (0.9 + 0.35 * lamps), 0.55 + 0.4 * lamps.min(1.0));
            } else {
                canvas.flat(&pane, face * 0.66, 0.55);
            }
        }
    }
    if neon && dice.chance(0.55) {
        let tone = Rgb::hex(*dice.pick(warm)) * 1.25;
        let x = block.x + block.wide * dice.range(0.15, 0.8);
        let y = block.top + (block.foot - block.top) * dice.range(0.15, 0.4);
        let (w, h) = (span * 0.016, span * dice.range(0.06, 0.13));
        canvas.flat(&Shape::rectangle((x, y), (x + w, y + h)), tone, 0.95);
        canvas.glow(x + w * 0.5, y + h * 0.5, h * 1.1, tone * 0.5);
    }
}

/// The wet quay in front, where subjects stand.
pub(super) fn quay(easel: &mut Easel<'_>) {
    let Easel { canvas, scene, light, stage } = easel;
    if !scene.subjects.iter().any(|s| s.figure.on_ground()) {
        return;
    }
    let mut dice = scene.dice("quay");
    let noise = dice.noise();
    let top_y = stage.ground - 0.04 * stage.span;
    let stone = Rgb::hex(if scene.snowy() { 0xE4EAF4 } else { 0x5C5A66 });
    let mirror = canvas.clone();
    let top = canvas.skyline(|_| top_y);
    canvas.below(&top, None, |x, y, depth| {
        let near = depth / (stage.high - top_y).max(1e-3);
        let slab = ((y - top_y) * 34.0 / (0.4 + near) / stage.span).fract();
        let joint = smooth(0.08, 0.0, slab) * 0.25;
        let wet = noise.fbm(x * 5.0, y * 16.0, 3);
        let own = light.on(stone * (0.85 + 0.3 * wet - joint), 0.45, 0.0);
        let image = mirror.at(x + 0.02 * (wet - 0.5), (top_y - depth * 2.2).max(0.0));
        own.mix(image, 0.45 * smooth(0.42, 0.66, wet))
    });
    let edge = Shape::rectangle((-0.1, top_y - 0.004), (stage.wide + 0.1, top_y + 0.006));
    canvas.flat(&edge, light.on(stone * 1.15, 0.8, 0.0), 0.8);
}
