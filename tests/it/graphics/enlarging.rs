//! A part of a picture, enlarged: which part that is.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be made fails its test")]

use pentimento::domain::{GenerationId, ImageId, View};
use pentimento::graphics::Pixels;
use proptest::prelude::*;

/// A picture that says of each pixel where it is, scaled down from one `times` as large.
fn map(width: u32, height: u32, times: u32) -> Pixels {
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let rgb = places.flat_map(|(x, y)| [x as u8, y as u8, 0]).collect();
    Pixels::new(width, height, (times * width, times * height), rgb).unwrap()
}

fn near(zoom: u16, centre: (u16, u16)) -> View {
    let image = ImageId { generation: GenerationId::from_parts(1, [7; 10]), index: 0 };
    View::near(image, zoom, centre)
}

#[test]
fn twice_as_close_a_quarter_is_seen_around_the_centre_and_never_beyond_the_edge() {
    let picture = map(100, 100, 4);
    for (centre, corner) in
        [((500, 500), [25, 25]), ((300, 600), [5, 35]), ((0, 1000), [0, 50]), ((900, 100), [50, 0])]
    {
        let seen = picture.seen(near(200, centre), (80, 80));
        assert_eq!((seen.width(), seen.height()), (50, 50));
        assert_eq!(seen.source(), (200, 200));
        assert_eq!(seen.rgb()[..2], corner, "{centre:?}");
        let last = seen.rgb().len() - 3;
        assert_eq!(seen.rgb()[last..last + 2], corner.map(|place| place + 49), "{centre:?}");
    }
}

#[test]
fn a_wide_box_shows_more_of_the_width_until_there_is_no_more() {
    let picture = map(100, 100, 1);
    let sides = |zoom| {
        let seen = picture.seen(near(zoom, (500, 500)), (160, 80));
        (seen.width(), seen.height())
    };
    assert_eq!(
        [sides(100), sides(150), sides(200), sides(400)],
        [(100, 100), (100, 67), (100, 50), (50, 25)]
    );
}

proptest! {
    #[test]
    fn whatever_is_looked_at_is_a_part_of_the_picture(
        (width, height, times) in (1_u32..200, 1_u32..200, 1_u32..9),
        zoom in View::WHOLE..=View::NEAREST,
        centre in (0_u16..2000, 0_u16..2000),
        area in (1_u32..2000, 1_u32..2000),
    ) {
        let picture = map(width, height, times);
        let view = near(zoom, centre);
        let seen = picture.seen(view, area);
        prop_assert!((1..=width).contains(&seen.width()) && (1..=height).contains(&seen.height()));
        prop_assert_eq!(seen.source(), picture.seen_source(view, area));
        // The pixels are neighbours as they were.
        let first = (seen.rgb()[0], seen.rgb()[1]);
        let last = seen.rgb().len() - 3;
        prop_assert_eq!(u32::from(seen.rgb()[last]), u32::from(first.0) + seen.width() - 1);
        prop_assert_eq!(u32::from(seen.rgb()[last + 1]), u32::from(first.1) + seen.height() - 1);
    }
}
