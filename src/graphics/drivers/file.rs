//! The files that travel inside the protocols: PNG, with or without a palette, and JPEG.
//!
//! Owns the settings that make them small. Promises what every decoder reads. Must never
//! be given an empty picture.

use image::RgbImage;
use jpeg_encoder::SamplingFactor;
use png::{BitDepth, ColorType, Compression, Encoder, Filter};

use super::palette::Indexed;

/// The file of a picture with a palette.
pub(super) fn indexed(picture: &Indexed) -> Vec<u8> {
    let (depth, bits) = match picture.palette.len() {
        0..=2 => (BitDepth::One, 1),
        3..=4 => (BitDepth::Two, 2),
        5..=16 => (BitDepth::Four, 4),
        _ => (BitDepth::Eight, 8),
    };
    let packed: Vec<u8> = picture
        .indices
        .chunks_exact(picture.width as usize)
        .flat_map(|row| row.chunks(8 / bits))
        .map(|pixels| {
            (1..).zip(pixels).fold(0, |byte, (nth, index)| byte | index << (8 - bits * nth))
        })
        .collect();
    write((picture.width, picture.height), &packed, |encoder| {
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(depth);
        encoder.set_palette(picture.palette.as_flattened());
        encoder.set_compression(Compression::Balanced);
        // Neighbouring indices have nothing to do with each other.
        encoder.set_filter(Filter::NoFilter);
    })
}

/// The file of a picture with every pixel as it is.
pub(super) fn lossless(pixels: &RgbImage) -> Vec<u8> {
    write(pixels.dimensions(), pixels.as_raw(), |encoder| {
        encoder.set_color(ColorType::Rgb);
        encoder.set_compression(Compression::Fast);
        encoder.set_filter(Filter::Adaptive);
    })
}

/// A JPEG file of `quality` 1 to 100, with colour at half the resolution of brightness.
///
/// Neither progressive nor with tables of its own: smaller by a few hundredths, slower by
/// half, and one decoder in wide use misreads the second.
pub(super) fn jpeg(pixels: &RgbImage, quality: u8) -> Vec<u8> {
    let side = |side| u16::try_from(side).expect("a strip has fewer than 65,536 pixels a side");
    let mut file = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, quality);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder
        .encode(
            pixels.as_raw(),
            side(pixels.width()),
            side(pixels.height()),
            jpeg_encoder::ColorType::Rgb,
        )
        .expect("memory takes all bytes, and no side is 0");
    file
}

fn write<'a>(
    (width, height): (u32, u32),
    data: &[u8],
    set: impl FnOnce(&mut Encoder<'a, &mut Vec<u8>>),
) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    set(&mut encoder);
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(data))
        .expect("memory takes all bytes, and there are as many as the header says");
    file
}
