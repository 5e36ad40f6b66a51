//! How alike two pictures are.

use image::RgbImage;

/// Half of the window's side, less the middle.
const REACH: usize = 5;

/// The mean structural similarity of brightness, at most 1 (Wang et al. 2004: a Gaussian
/// window of 11 × 11 with a deviation of 1.5). Both pictures are of the same size.
pub(crate) fn ssim(one: &RgbImage, other: &RgbImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions(), "different sizes have nothing in common");
    let width = one.width() as usize;
    let (x, y) = (light(one), light(other));
    let product =
        |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a * b).collect() };
    let mean = |values: &[f64]| blurred(values, width);
    let (mean_x, mean_y) = (mean(&x), mean(&y));
    let (square_x, square_y) = (mean(&product(&x, &x)), mean(&product(&y, &y)));
    let both = mean(&product(&x, &y));
    let (c1, c2) = ((0.01_f64 * 255.0).powi(2), (0.03_f64 * 255.0).powi(2));
    let (mut sum, mut count) = (0.0, 0_u32);
    for row in REACH..one.height() as usize - REACH {
        for place in row * width + REACH..(row + 1) * width - REACH {
            let (a, b) = (mean_x[place], mean_y[place]);
            let (var_a, var_b) = (square_x[place] - a * a, square_y[place] - b * b);
            let covariance = both[place] - a * b;
            sum += (2.0 * a * b + c1) * (2.0 * covariance + c2)
                / ((a * a + b * b + c1) * (var_a + var_b + c2));
            count += 1;
        }
    }
    sum / f64::from(count)
}

/// The ratio of peak to noise over all three channels, in decibels.
pub(crate) fn psnr(one: &RgbImage, other: &RgbImage) -> f64 {
    let pairs = one.as_raw().iter().zip(other.as_raw());
    let sum: f64 = pairs.map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum();
    10.0 * (255.0_f64.powi(2) * one.as_raw().len() as f64 / sum.max(1.0)).log10()
}

fn light(picture: &RgbImage) -> Vec<f64> {
    let weigh = |[red, green, blue]: [u8; 3]| {
        0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue)
    };
    picture.pixels().map(|pixel| weigh(pixel.0)).collect()
}

/// The weighted means around each pixel; those nearer than [`REACH`] to a side are 0.
fn blurred(values: &[f64], width: usize) -> Vec<f64> {
    let weights: Vec<f64> =
        (0..=2 * REACH).map(|at| (-(at as f64 - REACH as f64).powi(2) / 4.5).exp()).collect();
    let whole: f64 = weights.iter().sum();
    let pass = |values: &[f64], step: usize| -> Vec<f64> {
        let edge = REACH * step;
        let mut out = vec![0.0; values.len()];
        for (first, middle) in out[edge..values.len() - edge].iter_mut().enumerate() {
            let window = values[first..].iter().step_by(step);
            *middle =
                weights.iter().zip(window).map(|(weight, value)| weight * value / whole).sum();
        }
        out
    };
    pass(&pass(values, 1), width)
}
