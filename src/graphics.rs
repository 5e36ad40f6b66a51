//! What the terminal can show, and making it show what the scene wants.
//!
//! Owns everything between a picture's file and the cells of the screen: decoding in a
//! confined process ([`decode`]), the cache of small pictures ([`Thumbnails`]), blocks
//! ([`Blocks`]), colours and characters by what the terminal knows ([`ColorDepth`], [`Glyphs`]), pictures in
//! the scrollback ([`Inline`]), pictures as bytes of the terminal's protocols ([`drivers`])
//! and, for the studio, the [`Easel`].
//!
//! Promises that bytes from outside are decoded in another process under limits, that
//! no picture can fail anything but its own preview, and that painting stays inside the
//! buffer. Must never ask the terminal anything or wait for it, and never print while
//! the studio owns the screen.

pub mod answers;
mod blocks;
pub mod clipboard;
mod color;
mod decode;
mod difference;
pub mod download;
pub mod drivers;
mod easel;
mod examine;
mod glyphs;
mod inline;
pub mod notify;
pub mod pace;
mod pixels;
pub mod presenter;
pub mod probe;
mod thumbnail;
mod underpainting;

pub use blocks::Blocks;
pub use color::{ColorDepth, Rgb, nearest_16, nearest_256, reduce_colors, shade};
pub use decode::{bare, base, decode, decode_child};
pub use difference::difference;
pub use easel::{Easel, Look, Missing, fit_for, fit_for_pixels, write_centred};
pub use examine::{Seen, examine};
pub use glyphs::{Glyphs, reduce_glyphs};
pub use inline::Inline;
pub use pixels::Pixels;
pub use thumbnail::Thumbnails;
pub use underpainting::Underpainting;

/// What the screen can show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Display {
    /// How many colours it knows.
    pub depth: ColorDepth,
    /// Which characters it knows.
    pub glyphs: Glyphs,
    /// The size of its cells.
    pub cell: CellSize,
}

/// The size of one character cell in pixels; no side is 0 or absurdly long.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct CellSize {
    width: u16,
    height: u16,
}

impl CellSize {
    /// The longest side of a cell that is believed, in pixels.
    pub const LONGEST: u16 = 256;

    /// Cells of `width` × `height` pixels; `None` when a side is 0, which is how
    /// terminals say that they do not know, or longer than any letter is.
    pub fn new(width: u16, height: u16) -> Option<Self> {
        let is_side = |side| (1..=Self::LONGEST).contains(&side);
        (is_side(width) && is_side(height)).then_some(Self { width, height })
    }

    /// Pixels across.
    pub const fn width(self) -> u16 {
        self.width
    }

    /// Pixels down.
    pub const fn height(self) -> u16 {
        self.height
    }

    /// Pixels across and down of `columns` × `rows` cells.
    pub fn pixels(self, (columns, rows): (u16, u16)) -> (u32, u32) {
        let side = |cells: u16, pixels: u16| u32::from(cells) * u32::from(pixels);
        (side(columns, self.width), side(rows, self.height))
    }
}

impl Default for CellSize {
    /// Twice as high as wide, as most fonts are.
    fn default() -> Self {
        Self { width: 10, height: 20 }
    }
}
