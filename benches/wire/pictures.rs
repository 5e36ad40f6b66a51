//! The pictures that are measured when none are given.

use font8x8::legacy::BASIC_LEGACY;
use image::{Rgb, RgbImage};
use pentimento::api::demo::paint;
use pentimento::domain::Request;

const SIDE: u32 = 1024;

/// A name and a picture for each kind.
pub(crate) fn own() -> Vec<(String, RgbImage)> {
    let painted = [
        ("fine", "a harbour town in the rain, oil"),
        ("photo", "a lighthouse on a cliff at dusk, photo"),
        ("poster", "a fox in a forest, poster, flat"),
        ("soft", "a bowl of fruit, bokeh photo, soft light"),
    ];
    painted
        .into_iter()
        .map(|(name, prompt)| {
            let model = "demo:painter".parse().expect("the name is a model's");
            (format!("{name} (demo painter)"), paint(&Request::new(prompt, model), 0, None))
        })
        .chain([("flat".to_owned(), flat()), ("text".to_owned(), text())])
        .collect()
}

/// Even areas with curved edges, as in an illustration.
fn flat() -> RgbImage {
    RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let [x, y] = [x, y].map(|place| f64::from(place) / f64::from(SIDE));
        Rgb(if y > 0.8 && (8.0 * x).fract() < 0.3 {
            [40, 60, 90]
        } else if y > 0.7 + 0.06 * (14.0 * x + 1.0).sin() {
            [90, 40, 70]
        } else if y > 0.5 + 0.1 * (9.0 * x).sin() {
            [200, 90, 60]
        } else if (x - 0.7).hypot(y - 0.25) < 0.12 {
            [250, 240, 210]
        } else {
            [240, 200, 120]
        })
    })
}

/// Lines of text 16 and 24 pixels high, dark on light and coloured on dark.
fn text() -> RgbImage {
    const WORDS: &str = "The quick brown fox jumps over the lazy dog while seven wizards fix \
                         1024 boxes; pack my bag with five dozen jugs, please. ";
    const LIGHT: [[u8; 3]; 3] = [[20, 20, 30], [150, 40, 30], [30, 70, 150]];
    const DARK: [[u8; 3]; 3] = [[220, 220, 225], [130, 200, 120], [230, 170, 90]];
    const EDGE: u32 = 620;
    let mut page = RgbImage::from_fn(SIDE, SIDE, |x, _| {
        Rgb(if x < EDGE { [250, 248, 240] } else { [30, 32, 40] })
    });
    let mut letters = WORDS.bytes().cycle();
    let (mut top, mut line) = (24, 0);
    while top < SIDE - 40 {
        let scale = 2 + line / 6 % 2;
        let mut word = 0;
        for left in (24..SIDE - 32).step_by(8 * scale as usize) {
            let letter = letters.next().expect("words without end");
            word += usize::from(letter == b' ');
            let inks = if left < EDGE { LIGHT } else { DARK };
            for (row, bits) in (0..).zip(BASIC_LEGACY[usize::from(letter)]) {
                for column in (0..8).filter(|column| bits >> column & 1 == 1) {
                    for (x, y) in (0..scale).flat_map(|x| (0..scale).map(move |y| (x, y))) {
                        let place = (left + column * scale + x, top + row * scale + y);
                        page.put_pixel(place.0, place.1, Rgb(inks[word % inks.len()]));
                    }
                }
            }
        }
        top += 8 * scale + 6;
        line += 1;
    }
    page
}
