//! What kind of picture it is, as far as bytes depend on it.
//!
//! Owns the two measures and their thresholds. Promises to look at each pixel once.
//! Must never guess from a name or a prompt.

use image::RgbImage;

/// What a picture loses when it is made smaller, or gets fewer colours.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Character {
    /// Even areas with sharp edges: text, diagrams, flat illustrations. Few colours do,
    /// and every pixel counts.
    Drawn,
    /// Hardly anything in it is smaller than two pixels.
    Soft,
    /// Between soft and fine.
    Mixed,
    /// Full of detail.
    Fine,
}

/// The share of pixels that equal their neighbour from which on a picture is drawn.
/// Photographs have less than 0.15, a page of text 0.45.
const DRAWN: f64 = 0.3;

/// What half the resolution keeps of a soft picture, at least, as a share of its structure.
const SOFT: f64 = 0.93;

/// The same for a mixed one.
const MIXED: f64 = 0.85;

impl Character {
    /// The character of what is in `pixels`.
    pub(super) fn of(pixels: &RgbImage) -> Self {
        let kept = kept_by_half(pixels);
        if evenness(pixels) >= DRAWN {
            Self::Drawn
        } else if kept >= SOFT {
            Self::Soft
        } else if kept >= MIXED {
            Self::Mixed
        } else {
            Self::Fine
        }
    }
}

/// The share of pixels, 0 to 1, that are exactly like the one on their left.
fn evenness(pixels: &RgbImage) -> f64 {
    let (mut equal, mut all) = (0_usize, 0_usize);
    for row in pixels.as_raw().chunks_exact(pixels.width() as usize * 3) {
        let (row, _) = row.as_chunks::<3>();
        equal += row.array_windows().filter(|[left, right]| left == right).count();
        all += row.len() - 1;
    }
    equal as f64 / all.max(1) as f64
}

/// How much of the structure, 0 to 1, is left when each 2 × 2 pixels become one: the
/// structural similarity of brightness, in squares of 8 × 8. Since the mean of four is a
/// projection, it follows from the two variances alone.
fn kept_by_half(pixels: &RgbImage) -> f64 {
    const SQUARE: u32 = 8;
    const STABLE: f64 = 58.5; // (0.03 · 255)², as in the definition of SSIM
    let light = |x, y| {
        let [red, green, blue] = pixels.get_pixel(x, y).0.map(i32::from);
        77 * red + 150 * green + 29 * blue
    };
    let (mut kept, mut squares) = (0.0, 0_u32);
    for top in (0..pixels.height() / SQUARE).map(|row| row * SQUARE) {
        for left in (0..pixels.width() / SQUARE).map(|column| column * SQUARE) {
            let (mut sum, mut fine, mut coarse) = (0.0, 0.0, 0.0);
            for y in (top..top + SQUARE).step_by(2) {
                for x in (left..left + SQUARE).step_by(2) {
                    let four = [light(x, y), light(x + 1, y), light(x, y + 1), light(x + 1, y + 1)]
                        .map(|light| f64::from(light) / 256.0);
                    let four_sum: f64 = four.iter().sum();
                    sum += four_sum;
                    fine += four.iter().map(|light| light * light).sum::<f64>();
                    coarse += four_sum * four_sum / 4.0;
                }
            }
            let count = f64::from(SQUARE * SQUARE);
            let mean = sum / count;
            let (fine, coarse) = (fine / count - mean * mean, coarse / count - mean * mean);
            kept += (2.0 * coarse + STABLE) / (fine + coarse + STABLE);
            squares += 1;
        }
    }
    // Nothing is gained by making a picture smaller that is smaller than a square.
    if squares == 0 { 0.0 } else { kept / f64::from(squares) }
}
