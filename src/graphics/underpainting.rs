//! The least that can be recognised of a picture, as colours behind blank cells.
//!
//! Owns how it is made. Promises some kilobytes for a large pane, in 256 colours, that it is
//! made once and painted for next to nothing, and that nothing outside its area or the buffer
//! is touched. Is for terminals whose pictures are dear however coarse they are, and cover the
//! cells they are drawn over.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;

use super::Pixels;
use super::color::nearest_256;

/// Cells across that have one colour: about as wide as they are high.
const COLUMNS: u16 = 2;

/// The colours of a picture in some cells.
#[derive(Debug)]
pub struct Underpainting {
    area: Rect,
    /// Row by row, one for every [`COLUMNS`] cells.
    colours: Vec<Color>,
}

impl Underpainting {
    /// What `pixels` show, for the cells of `area`.
    pub fn new(pixels: &Pixels, area: Rect) -> Self {
        if area.is_empty() {
            return Self { area, colours: Vec::new() };
        }
        let (columns, rows) = (u32::from(area.width.div_ceil(COLUMNS)), u32::from(area.height));
        let image = pixels.scaled_to_grid(columns, rows).into_rgb8();
        let places = (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y)));
        let colours = places.map(|(x, y)| {
            let pixel = image.get_pixel(x.min(image.width() - 1), y.min(image.height() - 1));
            Color::Indexed(nearest_256(pixel.0))
        });
        Self { area, colours: colours.collect() }
    }

    /// Paints it into its cells.
    pub fn paint(&self, buffer: &mut Buffer) {
        let across = usize::from(self.area.width.div_ceil(COLUMNS)).max(1);
        for (row, colours) in self.area.rows().zip(self.colours.chunks(across)) {
            for at in row.intersection(buffer.area).positions() {
                let cell = &mut buffer[at];
                cell.reset();
                cell.set_bg(colours[usize::from((at.x - row.x) / COLUMNS)]);
            }
        }
    }
}
