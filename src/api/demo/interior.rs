//! A room: the wall, the light on it, the table things stand on.
//!
//! Owns the background of a still life. Must never paint what stands on the table.

use super::canvas::Canvas;
use super::colour::{Rgb, smooth};
use super::light::Light;
use super::scene::Scene;
use super::shape::Shape;
use super::stage::Stage;
use super::words::{Mood, Time};

/// Paints wall and table.
pub(crate) fn paint(canvas: &mut Canvas, scene: &Scene, light: &Light, stage: &Stage) {
    let mut dice = scene.dice("interior");
    let (plaster, grain) = (dice.noise(), dice.noise());
    let walls = [0x6A7C74, 0x8A5C4C, 0x4C5C74, 0xB09C80, 0x5C6C50, 0x7A545C];
    let wall = scene.palette.first().copied().unwrap_or(Rgb::hex(*dice.pick(&walls)));
    let candle = scene.mood(Mood::Candlelit)
        || scene.subjects.iter().any(|s| matches!(s.figure.name, "candle" | "lantern"));
    let dark = candle || matches!(scene.time, Time::Night | Time::Blue);
    let warm = if dark { Rgb::hex(0xFFA850) } else { light.key };
    let (base, reach) = if dark { (0.16, 1.2) } else { (0.46, 0.85) };
    let source = if candle {
        (stage.focus, stage.ground - 0.3 * stage.span)
    } else {
        (stage.sun.0, 0.25 * stage.high)
    };
    canvas.shade(0.0, stage.horizon + 0.01, |x, y, _| {
        let (dx, dy) = ((x - source.0) / stage.span, (y - source.1) / stage.span);
        let falloff = 1.0 / (1.0 + 5.5 * (dx * dx + dy * dy));
        let rough = plaster.fbm(x * 7.0 / stage.span, y * 7.0 / stage.span, 5) - 0.5;
        wall * (1.0 + 0.24 * rough) * (Rgb::grey(base) + warm * (reach * falloff))
    });
    if !dark {
        window_light(canvas, stage, warm);
    }
    let woods = [0x7A4A2C, 0x5C3A2A, 0x9A6A44];
    let wood = scene.ground.unwrap_or(Rgb::hex(*dice.pick(&woods)));
    let near_light = if candle { 0.7 } else { 0.85 };
    canvas.shade(stage.horizon, stage.high, |x, y, old| {
        let near = stage.nearness(y);
        let line = grain.fbm(x * 2.4 / stage.span, y * 34.0 / stage.span, 4);
        let ring = 0.5 + 0.5 * (line * 26.0).sin();
        let dx = (x - source.0) / stage.span;
        let pool = near_light / (1.0 + 3.0 * dx * dx + 1.6 * (near - 0.4).powi(2));
        let own = wood * (0.82 + 0.26 * line + 0.07 * ring);
        let lit = own * (Rgb::grey(base * 0.9) + warm * pool);
        let sheen = smooth(0.16, 0.0, near) * 0.22;
        old.mix(
            lit.screened(warm * (sheen * pool)),
            smooth(stage.horizon - 0.0008, stage.horizon + 0.0008, y),
        )
    });
    let edge =
        Shape::rectangle((-0.1, stage.horizon - 0.002), (stage.wide + 0.1, stage.horizon + 0.003));
    canvas.flat(&edge, wood.mix(warm, 0.4), 0.5);
    if candle {
        canvas.glow(source.0, source.1, 0.75 * stage.span, warm * 0.35);
    }
}

/// The light of a window with crossbars, thrown aslant on the wall.
fn window_light(canvas: &mut Canvas, stage: &Stage, warm: Rgb) {
    let side = if stage.sun.0 < stage.focus { 1.0 } else { -1.0 };
    let origin = (stage.sun.0 + side * 0.05 * stage.span, 0.14 * stage.high);
    for (column, row) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
        let (w, h) = (0.15 * stage.span, 0.17 * stage.span);
        let corner = |u: f32, v: f32| {
            let x = origin.0 + side * (column * (w * 1.12) + u * w + (row * 1.1 + v) * h * 0.28);
            (x, origin.1 + row * (h * 1.1) + v * h + (column * 1.12 + u) * w * 0.16)
        };
        let pane = Shape::polygon(vec![
            corner(0.0, 0.0),
            corner(1.0, 0.0),
            corner(1.0, 1.0),
            corner(0.0, 1.0),
        ]);
        canvas.flat(&pane, warm.mix(Rgb::WHITE, 0.2), 0.30);
    }
}
