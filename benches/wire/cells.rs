//! From bytes to what is seen: pictures placed on a screen, and blocks.

use std::num::NonZero;

use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;

use crate::CELL;
use crate::protocols::Screen;

/// The pictures of `screen` in `full` pixels, each stretched over its cells.
pub(crate) fn compose(screen: &Screen, full: (u16, u16)) -> RgbImage {
    let mut shown = RgbImage::new(full.0.into(), full.1.into());
    for placed in &screen.placed {
        let size = [placed.columns * CELL.0, placed.rows * CELL.1].map(u32::from);
        let place = [placed.column * CELL.0, placed.row * CELL.1].map(i64::from);
        let pixels = if placed.pixels.dimensions() == (size[0], size[1]) {
            placed.pixels.clone()
        } else {
            imageops::resize(&placed.pixels, size[0], size[1], FilterType::Triangle)
        };
        imageops::replace(&mut shown, &pixels, place[0], place[1]);
    }
    shown
}

/// The bytes with which an empty screen becomes `buffer`.
pub(crate) fn written(buffer: &Buffer) -> Vec<u8> {
    let mut bytes = Vec::new();
    let empty = Buffer::empty(buffer.area);
    let mut backend = CrosstermBackend::new(&mut bytes);
    backend.draw(empty.diff(buffer).into_iter()).expect("memory takes all bytes");
    bytes
}

/// What blocks and spaces among `bytes` look like.
pub(crate) fn shown(bytes: &[u8], (columns, rows): (u16, u16), cell: (u16, u16)) -> RgbImage {
    let [lines, across] = [rows + 1, columns].map(|side| NonZero::new(side).expect("no side is 0"));
    let mut terminal = vt100::Parser::new(lines, across, 0);
    // A command's line ends go where the terminal driver takes them.
    let returned: Vec<u8> = bytes
        .iter()
        .flat_map(|byte| if *byte == b'\n' { b"\r\n".to_vec() } else { vec![*byte] })
        .collect();
    terminal.process(&returned);
    RgbImage::from_fn(
        u32::from(columns) * u32::from(cell.0),
        u32::from(rows) * u32::from(cell.1),
        |x, y| {
            let (column, row) = (x / u32::from(cell.0), y / u32::from(cell.1));
            let lower = y % u32::from(cell.1) >= u32::from(cell.1) / 2;
            let right = x % u32::from(cell.0) >= u32::from(cell.0) / 2;
            let Some(shown) = terminal.screen().cell(row as u16, column as u16) else {
                return Rgb([0; 3]);
            };
            let quarters = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█".chars().position(|c| shown.contents().starts_with(c));
            let front =
                quarters.unwrap_or(0) >> (2 * usize::from(lower) + usize::from(right)) & 1 == 1;
            Rgb(color(if front { shown.fgcolor() } else { shown.bgcolor() }))
        },
    )
}

fn color(color: vt100::Color) -> [u8; 3] {
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    match color {
        vt100::Color::Rgb(red, green, blue) => [red, green, blue],
        vt100::Color::Idx(index @ 232..) => [8 + 10 * (index - 232); 3],
        vt100::Color::Idx(index @ 16..) => {
            let index = index - 16;
            [index / 36, index / 6 % 6, index % 6].map(level)
        }
        _ => [0; 3],
    }
}

/// The middle of `picture`, of `size`: where the studio draws what is smaller than its pane.
pub(crate) fn middle(picture: &RgbImage, size: (u16, u16)) -> RgbImage {
    let (width, height) = (u32::from(size.0), u32::from(size.1));
    let cells = |free: u32, cell: u16| free / u32::from(cell) / 2 * u32::from(cell);
    let left = cells(picture.width() - width, CELL.0);
    let top = cells(picture.height() - height, CELL.1);
    imageops::crop_imm(picture, left, top, width, height).to_image()
}
