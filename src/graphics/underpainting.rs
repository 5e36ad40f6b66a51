//! The least that can be recognised of a picture, as colours behind blank cells.
//!
//! Owns how it is made. Promises some kilobytes for a large pane, in 256 colours, and that
//! nothing outside the given area or the buffer is touched. Is for terminals whose pictures
//! are dear however coarse they are, and cover the cells they are drawn over.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;

use super::Pixels;
use super::color::nearest_256;

/// Cells across that have one colour: about as wide as they are high.
const COLUMNS: u16 = 2;

/// Paints what `pixels` show into the cells of `area`.
pub fn underpaint(buffer: &mut Buffer, pixels: &Pixels, area: Rect) {
    if area.is_empty() {
        return;
    }
    let (columns, rows) = (area.width.div_ceil(COLUMNS), area.height);
    let image = pixels.scaled_to_grid(columns.into(), rows.into()).into_rgb8();
    for at in area.intersection(buffer.area).positions() {
        let (x, y) = (u32::from((at.x - area.x) / COLUMNS), u32::from(at.y - area.y));
        let colour = image.get_pixel(x.min(image.width() - 1), y.min(image.height() - 1)).0;
        let cell = &mut buffer[at];
        cell.reset();
        cell.set_bg(Color::Indexed(nearest_256(colour)));
    }
}
