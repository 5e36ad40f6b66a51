//! A picture in few colours.
//!
//! Owns the choice of the colours: Wu's method over brightness and two differences of
//! colour, with most of the accuracy in brightness, where eyes have it. Promises between
//! 1 and 256 colours, and an index into them for each pixel. No dithering: what it adds
//! is noise, and noise is bytes.

use image::RgbImage;
use quantette::PaletteSize;
use quantette::color_map::IndexedColorMap;
use quantette::deps::palette::Srgb;
use quantette::deps::palette::cast::from_array_slice;
use quantette::wu::{BinnerU8x3, WuU8x3};

use crate::graphics::Rgb;

/// A picture as indices into a palette.
pub(super) struct Indexed {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) palette: Vec<Rgb>,
    /// Row by row, one for each pixel.
    pub(super) indices: Vec<u8>,
}

impl Indexed {
    /// `pixels`, which are at least one, in at most `colours` colours (1 to 256).
    pub(super) fn new(pixels: &RgbImage, colours: u16) -> Self {
        let (rgb, _) = pixels.as_raw().as_chunks::<3>();
        let toned: Vec<_> = rgb.iter().copied().map(tone).collect();
        // The crate's type for three bytes; it does not look at what they mean.
        let toned: &[Srgb<u8>] = from_array_slice(&toned);
        let colours = PaletteSize::try_from(colours).expect("from 1 to 256 colours are asked for");
        let map = WuU8x3::run_slice(toned, BinnerU8x3::<64, 32, 32>::new())
            .expect("a picture has pixels, and fewer than 2³²")
            .color_map(colours);
        Self {
            width: pixels.width(),
            height: pixels.height(),
            palette: map
                .palette()
                .iter()
                .map(|colour| untone([colour.red, colour.green, colour.blue]))
                .collect(),
            indices: map.map_to_indices(toned),
        }
    }
}

/// Brightness (Rec. 601), and half of what blue and red differ from it, around 128.
fn tone(rgb: Rgb) -> [u8; 3] {
    let [red, green, blue] = rgb.map(i32::from);
    let light = (77 * red + 150 * green + 29 * blue + 128) >> 8;
    [light, (blue - light) / 2 + 128, (red - light) / 2 + 128].map(|part| part as u8)
}

fn untone([light, blue, red]: [u8; 3]) -> Rgb {
    let light = i32::from(light);
    let blue = light + 2 * (i32::from(blue) - 128);
    let red = light + 2 * (i32::from(red) - 128);
    let green = (256 * light - 77 * red - 29 * blue + 75) / 150;
    [red, green, blue].map(|channel| channel.clamp(0, 255) as u8)
}
