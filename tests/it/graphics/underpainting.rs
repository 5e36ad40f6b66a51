//! What stands in the cells of a picture until it has been drawn over them.

use pentimento::graphics::{Pixels, Underpainting, nearest_256};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;

#[test]
fn each_part_of_the_area_has_the_colour_of_its_part_of_the_picture_and_nothing_else_has_one() {
    let (left, right) = ([200, 30, 40], [20, 60, 180]);
    let rgb = (0..40 * 40).flat_map(|pixel| if pixel % 40 < 20 { left } else { right }).collect();
    let pixels = Pixels::new(40, 40, (40, 40), rgb).expect("three bytes for each pixel");
    let (screen, area) = (Rect::new(0, 0, 20, 10), Rect::new(3, 2, 8, 4));
    let mut buffer = Buffer::empty(screen);
    for at in screen.positions() {
        buffer[at].set_symbol("x");
    }
    Underpainting::new(&pixels, area).paint(&mut buffer);
    for at in screen.positions() {
        let cell = &buffer[at];
        let (symbol, colour) = match at.x {
            _ if !area.contains(at) => ("x", Color::Reset),
            // Where the halves meet, their colours mix.
            5..=8 => (" ", cell.bg),
            ..5 => (" ", Color::Indexed(nearest_256(left))),
            9.. => (" ", Color::Indexed(nearest_256(right))),
        };
        assert_eq!((cell.symbol(), cell.bg), (symbol, colour), "{at}");
    }
}
