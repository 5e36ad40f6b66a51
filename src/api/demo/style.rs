//! The manner of painting: what is done to the finished scene.
//!
//! Owns one treatment for each [`Style`] and the finish all share (bloom, contrast,
//! vignette, grain). Promises that each style is unlike the others at a glance. Must
//! never know what the picture shows.

mod print;
mod strokes;

use image::RgbImage;

use super::canvas::Canvas;
use super::colour::{Rgb, smooth};
use super::noise::Noise;
use super::scene::Scene;
use super::stage::Stage;
use super::words::{Mood, Style};

/// Treats the picture in the style of the scene and finishes it.
pub(crate) fn finish(mut canvas: Canvas, scene: &Scene, stage: &Stage) -> RgbImage {
    let mut dice = scene.dice("style");
    let noise = dice.noise();
    moods(&mut canvas, scene);
    match scene.style {
        Some(Style::Pixel | Style::Poster | Style::Woodcut | Style::Ink) => {}
        Some(Style::Cyberpunk) => bloom(&mut canvas, 0.9),
        _ => bloom(&mut canvas, 0.45),
    }
    match scene.style {
        Some(Style::Watercolour) => watercolour(&mut canvas, noise),
        Some(Style::Oil) => strokes::oil(&mut canvas, noise, scene.steps),
        Some(Style::Ink) => print::ink(&mut canvas, noise),
        Some(Style::Pixel) => return print::pixels(&canvas),
        Some(Style::Poster) => print::poster(&mut canvas),
        Some(Style::Woodcut) => print::woodcut(&mut canvas, noise),
        Some(Style::Noir) => noir(&mut canvas),
        Some(Style::Pastel) => pastel(&mut canvas, noise),
        Some(Style::Cyberpunk) => cyberpunk(&mut canvas),
        Some(Style::Pointillist) => strokes::points(&mut canvas, noise),
        Some(Style::Photo) => photo(&mut canvas, stage),
        None => own_way(&mut canvas),
    }
    if let (Some(size), false) = (sketchiness(scene.steps), scene.style == Some(Style::Oil)) {
        strokes::rough(&mut canvas, noise, size);
    }
    let grain = match scene.style {
        Some(Style::Noir) => 0.060,
        Some(Style::Photo) => 0.030,
        _ => 0.016,
    };
    canvas.finish(|column, row| (noise.cell(column as i32, row as i32) - 0.5) * grain)
}

/// How large the strokes of an unfinished picture are, as a share of its shorter
/// side; `None` once it is finished.
fn sketchiness(steps: u32) -> Option<f32> {
    (steps < 16).then(|| 0.060 * (steps.max(1) as f32).powf(-0.86))
}

/// Paints a base image over as a ground: softened, in strokes.
pub(crate) fn underpaint(canvas: &mut Canvas, noise: Noise) {
    strokes::rough(canvas, noise, 0.012);
}

fn moods(canvas: &mut Canvas, scene: &Scene) {
    let mut grade = |f: &dyn Fn(Rgb) -> Rgb| {
        for pixel in &mut canvas.pixels {
            *pixel = f(*pixel);
        }
    };
    if scene.mood(Mood::Vivid) {
        grade(&|c| c.saturated(1.5));
    }
    if scene.mood(Mood::Muted) {
        grade(&|c| c.saturated(0.5));
    }
    if scene.mood(Mood::Dramatic) {
        grade(&|c| contrast(c, 1.3));
    }
    if scene.mood(Mood::Soft) {
        let mut soft = canvas.clone();
        soft.blur(0.012 * canvas.span());
        for (pixel, soft) in canvas.pixels.iter_mut().zip(&soft.pixels) {
            *pixel = pixel.mix(soft.mix(Rgb::WHITE, 0.06), 0.45);
        }
    }
}

fn contrast(colour: Rgb, amount: f32) -> Rgb {
    colour.map(|v| 0.5 + (v - 0.5) * amount)
}

/// Lets what is brighter than white spill over.
fn bloom(canvas: &mut Canvas, strength: f32) {
    let (width, height) = ((canvas.width() / 6).max(1), (canvas.height() / 6).max(1));
    let mut small = canvas.reduced(width, height);
    for pixel in &mut small.pixels {
        *pixel = *pixel * smooth(0.74, 1.05, pixel.luma());
    }
    small.blur(0.022 * small.span());
    let high = canvas.high();
    let (x_fit, y_fit) = (small.wide() / canvas.wide(), small.high() / high);
    canvas.shade(0.0, high, |x, y, old| old.screened(small.at(x * x_fit, y * y_fit) * strength));
}

fn vignette(canvas: &mut Canvas, strength: f32) {
    let (wide, high) = (canvas.wide(), canvas.high());
    canvas.shade(0.0, high, |x, y, old| {
        let (dx, dy) = (x / wide - 0.5, y / high - 0.5);
        old * (1.0 - strength * smooth(0.12, 0.62, dx * dx + dy * dy))
    });
}

fn own_way(canvas: &mut Canvas) {
    for pixel in &mut canvas.pixels {
        *pixel = contrast(pixel.saturated(1.10), 1.06);
    }
    vignette(canvas, 0.26);
}

fn watercolour(canvas: &mut Canvas, noise: Noise) {
    let (span, wide, high) = (canvas.span(), canvas.wide(), canvas.high());
    let mut flat = canvas.clone();
    flat.blur(0.004 * span);
    let mut wet = flat.clone();
    wet.blur(0.013 * span);
    let paper = Rgb::hex(0xF8F4E8);
    canvas.shade(0.0, high, |x, y, _| {
        let (u, v) = (x / span, y / span);
        // Pigment creeps: sample a little aside.
        let shift =
            (noise.fbm(u * 16.0, v * 16.0, 3) - 0.5, noise.fbm(u * 16.0 + 50.0, v * 16.0, 3) - 0.5);
        let (sx, sy) = (x + shift.0 * 0.030 * span, y + shift.1 * 0.030 * span);
        let colour = flat.at(sx, sy);
        let edge = (wet.at(sx, sy).luma() - colour.luma()).clamp(-0.06, 0.16);
        let pool = noise.fbm(u * 4.5 + 9.0, v * 4.5, 4) - 0.5;
        let tooth = noise.fbm(u * 150.0, v * 150.0, 2) - 0.5;
        let wash = colour.saturated(1.22).mix(Rgb::WHITE, 0.20);
        let wash = paper
            * wash.map(|c| c.clamp(0.0, 1.0))
            * (1.0 - 1.2 * edge - 0.26 * pool + 0.10 * tooth);
        let border = x.min(wide - x).min(y.min(high - y)) / span;
        let torn = 0.022 + 0.045 * noise.fbm(u * 7.0 + 20.0, v * 7.0, 4);
        let rim = 1.0 - 0.20 * smooth(torn + 0.012, torn, border);
        (paper * (1.0 + 0.05 * tooth)).mix(wash * rim, smooth(torn - 0.004, torn + 0.002, border))
    });
}

fn noir(canvas: &mut Canvas) {
    for pixel in &mut canvas.pixels {
        let v = pixel.luma();
        let curve = smooth(0.04, 0.92, v);
        *pixel = Rgb::grey(0.55 * curve + 0.42 * v);
    }
    vignette(canvas, 0.62);
}

fn pastel(canvas: &mut Canvas, noise: Noise) {
    let span = canvas.span();
    let high = canvas.high();
    let mut soft = canvas.clone();
    soft.blur(0.005 * span);
    let paper = Rgb::hex(0xF6ECE4);
    canvas.shade(0.0, high, |x, y, _| {
        let (u, v) = (x / span, y / span);
        let colour = soft.at(x, y).map(|c| c.clamp(0.0, 1.0));
        let chalk = colour.saturated(1.05).map(|c| 0.27 + 0.73 * c.powf(0.84));
        let tooth = noise.fbm(u * 130.0 + v * 46.0, v * 130.0 - u * 46.0, 2);
        let stroke = noise.fbm((u + v) * 20.0, (u - v) * 120.0, 2);
        chalk.mix(paper, 0.48 * smooth(0.52, 0.78, 0.5 * tooth + 0.5 * stroke))
    });
}

fn cyberpunk(canvas: &mut Canvas) {
    let high = canvas.high();
    let line = canvas.span() / 180.0;
    canvas.shade(0.0, high, |_, y, old| {
        let v = old.luma();
        let night = Rgb::hex(0x100A34);
        let duo = night
            .mix(Rgb::hex(0x284CD8), smooth(0.0, 0.35, v))
            .mix(Rgb::hex(0xF038B0), smooth(0.25, 0.62, v))
            .mix(Rgb::hex(0x8CFFF4), smooth(0.62, 1.0, v));
        let graded = old.saturated(1.5).mix(duo, 0.58);
        let scan = 1.0 - 0.10 * smooth(0.5, 1.0, (y / line).fract());
        contrast(graded, 1.14) * scan + Rgb::new(0.02, 0.0, 0.04)
    });
    vignette(canvas, 0.42);
}

fn photo(canvas: &mut Canvas, stage: &Stage) {
    let span = canvas.span();
    let high = canvas.high();
    let mut far = canvas.clone();
    far.blur(0.014 * span);
    let lights = highlights(canvas);
    for (x, y, colour) in lights {
        far.dab(x, y, 0.020 * span, colour, 0.30);
        far.dab(x, y, 0.017 * span, colour, 0.16);
    }
    canvas.shade(0.0, high, |x, y, old| {
        // Sharp is the plane the subject stands in.
        let across = (x - stage.focus) / (0.42 * span);
        let upward = ((y - (stage.ground - 0.22 * span)) / (0.34 * span)).abs();
        let blur = smooth(0.55, 1.25, (across * across + upward * upward).sqrt());
        let colour = old.mix(far.at(x, y), blur);
        contrast(colour.saturated(1.04), 1.10) * Rgb::new(1.02, 1.0, 0.965)
            + Rgb::new(0.0, 0.004, 0.014)
    });
    vignette(canvas, 0.5);
}

/// The brightest spots, no two close together.
fn highlights(canvas: &Canvas) -> Vec<(f32, f32, Rgb)> {
    let cells = 34;
    let (wide, high) = (canvas.wide(), canvas.high());
    let mut found = Vec::new();
    for row in 0..cells {
        for column in 0..cells {
            let x = (column as f32 + 0.5) / cells as f32 * wide;
            let y = (row as f32 + 0.5) / cells as f32 * high;
            let colour = canvas.at(x, y);
            if colour.luma() > 0.86 && colour.chroma() > 0.06 {
                found.push((x, y, colour));
            }
        }
    }
    found
}
