//! Pictures made of strokes: oil, dots, and the rough state of few steps.
//!
//! Owns the one algorithm behind them: a grid of jittered strokes, each of one colour,
//! laid along the edges of the picture. Promises a time that does not depend on their
//! size. Must never read the scene.

use super::super::canvas::Canvas;
use super::super::colour::Rgb;
use super::super::noise::Noise;

/// How the strokes look.
struct Brush {
    /// Distance of strokes, in units.
    size: f32,
    /// Half length and half width, in sizes.
    shape: (f32, f32),
    /// How much the colours of neighbours differ.
    variety: f32,
    /// How high the paint stands.
    relief: f32,
    /// Whether strokes follow the edges (else they are round dots).
    follows: bool,
}

/// One stroke.
#[derive(Clone, Copy)]
struct Stroke {
    x: f32,
    y: f32,
    cos: f32,
    sin: f32,
    rank: f32,
    colour: Rgb,
}

/// Thick paint, in strokes that follow the forms.
pub(super) fn oil(canvas: &mut Canvas, noise: Noise, steps: u32) {
    let span = canvas.span();
    let fine = (steps as f32 / 20.0).clamp(0.2, 2.0).sqrt();
    for pixel in &mut canvas.pixels {
        *pixel = pixel.saturated(1.28);
    }
    let coarse = Brush {
        size: 0.0118 * span / fine,
        shape: (1.7, 0.62),
        variety: 0.13,
        relief: 0.34,
        follows: true,
    };
    lay(canvas, noise, &coarse, None);
}

/// Dots of broken colour.
pub(super) fn points(canvas: &mut Canvas, noise: Noise) {
    let span = canvas.span();
    let ground = Rgb::hex(0xF0E8D8);
    for pixel in &mut canvas.pixels {
        *pixel = pixel.saturated(1.35).mix(Rgb::WHITE, 0.06);
    }
    let dots = Brush {
        size: 0.0098 * span,
        shape: (0.66, 0.60),
        variety: 0.30,
        relief: 0.0,
        follows: false,
    };
    lay(canvas, noise, &dots, Some(ground));
}

/// Strokes of `size` (a share of the shorter side), as a picture begins.
pub(super) fn rough(canvas: &mut Canvas, noise: Noise, size: f32) {
    let span = canvas.span();
    let brush = Brush {
        size: size * span,
        shape: (1.6, 0.70),
        variety: 0.10 + 0.8 * size,
        relief: 0.16,
        follows: true,
    };
    lay(canvas, noise, &brush, None);
}

fn lay(canvas: &mut Canvas, noise: Noise, brush: &Brush, ground: Option<Rgb>) {
    let size = brush.size.max(1.0 / canvas.scale);
    let source = canvas.clone();
    let columns = (canvas.wide() / size) as usize + 5;
    let rows = (canvas.high() / size) as usize + 5;
    let mut strokes = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        for column in 0..columns {
            strokes.push(stroke(&source, noise, brush, size, column as i32 - 2, row as i32 - 2));
        }
    }
    let (long, wide) = (size * brush.shape.0, size * brush.shape.1);
    let high = canvas.high();
    canvas.shade(0.0, high, |x, y, old| {
        let (column, row) = ((x / size) as usize + 2, (y / size) as usize + 2);
        let mut best = (-1.0, ground.unwrap_or(old));
        for r in row - 2..=row + 2 {
            for stroke in &strokes[r * columns + column - 2..=r * columns + column + 2] {
                if stroke.rank < best.0 {
                    continue;
                }
                let (dx, dy) = (x - stroke.x, y - stroke.y);
                let along = (dx * stroke.cos + dy * stroke.sin) / long;
                let across = (dy * stroke.cos - dx * stroke.sin) / wide;
                if along * along + across * across < 1.0 {
                    // Bristles: ridges along the stroke, lit from above.
                    let ridge = brush.relief
                        * (0.35 * (across * 9.0 + stroke.rank * 40.0).sin() - across * 0.5)
                        * 0.42;
                    best = (stroke.rank, stroke.colour * (1.0 + ridge));
                }
            }
        }
        best.1
    });
}

fn stroke(
    source: &Canvas,
    noise: Noise,
    brush: &Brush,
    size: f32,
    column: i32,
    row: i32,
) -> Stroke {
    let jitter = |salt: i32| {
        noise.cell(
            column.wrapping_mul(7).wrapping_add(salt),
            row.wrapping_mul(13).wrapping_sub(salt),
        ) - 0.5
    };
    let x = (column as f32 + 0.5 + 0.9 * jitter(1)) * size;
    let y = (row as f32 + 0.5 + 0.9 * jitter(2)) * size;
    let seen = source.at(x, y);
    let (mut cos, mut sin) = (1.0, 0.0);
    if brush.follows {
        let reach = size * 0.9;
        let gx = source.at(x + reach, y).luma() - source.at(x - reach, y).luma();
        let gy = source.at(x, y + reach).luma() - source.at(x, y - reach).luma();
        let flow = (noise.value(x * 3.0, y * 3.0) - 0.5) * 2.6;
        // Where there is an edge along it, elsewhere with the flow.
        let (fx, fy) = (flow.cos() * 0.05 - gy, flow.sin() * 0.05 + gx);
        let length = (fx * fx + fy * fy).sqrt().max(1e-5);
        (cos, sin) = (fx / length, fy / length);
    }
    let light = 1.0 + brush.variety * jitter(3);
    let warm = brush.variety * 0.45 * jitter(4);
    let colour = Rgb::new(seen.r * (light + warm), seen.g * light, seen.b * (light - warm));
    Stroke { x, y, cos, sin, rank: jitter(5) + 0.5, colour }
}
