//! By how much two pictures differ, at each point.
//!
//! Promises the size of the first: where the second has another one, it is brought to that.
//! Must never do input or output.

use image::imageops::{FilterType, resize};
use image::{ImageBuffer, Rgb};

use super::Pixels;

/// The difference of two pictures: black where they are the same, and brighter the more a
/// colour of one is more or less than that of the other.
pub fn difference(one: &Pixels, other: &Pixels) -> Pixels {
    let (width, height) = (one.width(), one.height());
    let sides = (other.width(), other.height());
    let scaled;
    let other = if sides == (width, height) {
        other.rgb()
    } else {
        let picture = ImageBuffer::<Rgb<u8>, _>::from_raw(sides.0, sides.1, other.rgb())
            .expect("there are as many bytes as the sides say");
        scaled = resize(&picture, width, height, FilterType::Triangle).into_raw();
        &*scaled
    };
    let rgb = one.rgb().iter().zip(other).map(|(one, other)| one.abs_diff(*other)).collect();
    Pixels::new(width, height, one.source(), rgb).expect("both have as many bytes")
}
