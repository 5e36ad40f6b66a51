//! Pictures made by tools with few tones: ink, pixels, poster, woodcut.
//!
//! Owns the treatments that give up shading. Must never read the scene.

use image::RgbImage;

use super::super::canvas::Canvas;
use super::super::colour::{Rgb, smooth};
use super::super::noise::Noise;

/// Lines where light changes: 0 none, 1 full. The finer, the smaller `reach`.
fn lines(canvas: &Canvas, reach: f32, gain: f32) -> Vec<f32> {
    let span = canvas.span();
    let mut near = canvas.clone();
    near.blur(reach * span);
    let mut far = canvas.clone();
    far.blur(reach * 2.2 * span);
    let line = |(near, far): (&Rgb, &Rgb)| smooth(0.006, 0.05, (far.luma() - near.luma()) * gain);
    near.pixels.iter().zip(&far.pixels).map(line).collect()
}

/// Pen and ink: outlines and hatching on paper.
pub(super) fn ink(canvas: &mut Canvas, noise: Noise) {
    let span = canvas.span();
    let outline = lines(canvas, 0.0022, 1.5);
    let mut tone = canvas.clone();
    tone.blur(0.004 * span);
    // A pen leaves paper even in a picture of the night.
    let mean = tone.pixels.iter().map(|pixel| pixel.luma()).sum::<f32>() / tone.pixels.len() as f32;
    let lift = (0.70 / mean.max(0.05)).clamp(0.9, 3.0);
    let width = canvas.width();
    let scale = canvas.scale;
    let (paper, pen) = (Rgb::hex(0xF4EEDE), Rgb::hex(0x221E26));
    let high = canvas.high();
    canvas.shade(0.0, high, |x, y, _| {
        let (u, v) = (x / span, y / span);
        let index = (y * scale) as usize * width + (x * scale) as usize;
        let dark = 1.0 - (lift * tone.pixels[index].luma()).clamp(0.0, 1.0);
        let sway = 0.9 * noise.fbm(u * 9.0, v * 9.0, 2);
        let hatch = |angle: f32, pitch: f32, from: f32| {
            let (sin, cos) = angle.sin_cos();
            let line = ((u * cos + v * sin) * pitch + sway).fract();
            // The darker the place, the wider the line.
            let wide = 0.78 * smooth(from - 0.05, from + 0.45, dark);
            smooth(wide, wide - 0.26, (line - 0.5).abs() * 2.0) * smooth(from, from + 0.05, dark)
        };
        let shade = hatch(0.8, 84.0, 0.24).max(hatch(-0.7, 84.0, 0.48)).max(hatch(0.1, 96.0, 0.66));
        let broken = 0.72 + 0.28 * noise.fbm(u * 60.0, v * 60.0, 2);
        let fibre = 0.04 * (noise.fbm(u * 90.0, v * 90.0, 2) - 0.5);
        let deep = 0.75 * smooth(0.86, 0.97, dark);
        let cover = outline[index].max(shade * 0.80).max(deep) * broken;
        (paper * (1.0 + fibre)).mix(pen, cover.min(0.97))
    });
}

/// Large square pixels of few colours.
pub(super) fn pixels(canvas: &Canvas) -> RgbImage {
    const BAYER: [[f32; 4]; 4] = [
        [0.0, 8.0, 2.0, 10.0],
        [12.0, 4.0, 14.0, 6.0],
        [3.0, 11.0, 1.0, 9.0],
        [15.0, 7.0, 13.0, 5.0],
    ];
    let block = (canvas.width().min(canvas.height()) as f32 / 84.0).max(1.0);
    let cells = |side: usize| ((side as f32 / block).round() as usize).max(1);
    let (columns, rows) = (cells(canvas.width()), cells(canvas.height()));
    let mut small = canvas.reduced(columns, rows);
    for (index, pixel) in small.pixels.iter_mut().enumerate() {
        let threshold = (BAYER[index / columns % 4][index % columns % 4] / 16.0 - 0.47) * 0.8;
        let levels = 6.0;
        *pixel = pixel
            .saturated(1.3)
            .map(|v| ((v.clamp(0.0, 1.0) * levels + threshold).round() / levels).clamp(0.0, 1.0));
    }
    let mut large = canvas.clone();
    let (width, height) = (canvas.width(), canvas.height());
    for (index, pixel) in large.pixels.iter_mut().enumerate() {
        let (column, row) = (index % width * columns / width, index / width * rows / height);
        *pixel = small.pixels[row * columns + column];
    }
    large.finish(|_, _| 0.0)
}

/// Few flat colours with clean borders.
pub(super) fn poster(canvas: &mut Canvas) {
    canvas.blur(0.0055 * canvas.span());
    for pixel in &mut canvas.pixels {
        *pixel = flattened(pixel.saturated(1.42), 5.0);
    }
}

/// The colour with its lightness brought to one of `levels`, borders kept soft.
fn flattened(colour: Rgb, levels: f32) -> Rgb {
    let v = colour.luma().clamp(0.02, 1.0);
    let place = v * levels;
    let step = place.floor() + smooth(0.44, 0.56, place.fract());
    let target = (step / levels).clamp(0.06, 1.0);
    (colour * (target / v)).map(|c| c.clamp(0.0, 1.0))
}

/// Printed from wood: flat inks, dark contours, grain, paper.
pub(super) fn woodcut(canvas: &mut Canvas, noise: Noise) {
    const INKS: [u32; 9] =
        [0x1B2A49, 0x2F5D8A, 0x7FA8B8, 0xE9DFC7, 0xD9A86C, 0xB84A32, 0x6B7F56, 0x2E2428, 0xC9C4A4];
    let inks = INKS.map(Rgb::hex);
    let contour = lines(canvas, 0.0026, 1.7);
    let span = canvas.span();
    canvas.blur(0.0045 * span);
    let (width, scale) = (canvas.width(), canvas.scale);
    let high = canvas.high();
    canvas.shade(0.0, high, |x, y, old| {
        let (u, v) = (x / span, y / span);
        let flat = flattened(old.saturated(1.15), 6.0);
        let off = |ink: &Rgb| {
            let apart = [ink.r - flat.r, 1.2 * (ink.g - flat.g), ink.b - flat.b];
            apart.iter().map(|part| part * part).sum::<f32>()
        };
        let nearest = inks.iter().min_by(|a, b| off(a).total_cmp(&off(b))).expect("there are inks");
        let own = nearest.mix(flat, 0.38);
        let grain = noise.fbm(u * 7.0, v * 130.0, 2) - 0.5;
        let index = (y * scale) as usize * width + (x * scale) as usize;
        let paper = Rgb::hex(0xF2E8D0);
        let printed = (own * (1.0 + 0.16 * grain)).mix(paper, 0.10);
        printed.mix(Rgb::hex(0x1A1C2C), contour[index] * 0.88)
    });
}
