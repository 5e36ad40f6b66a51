//! A picture as bytes of the terminal's own protocols.
//!
//! Owns the way from pixels to what kitty, iTerm2 and sixel understand: how large and in
//! how many colours a picture is sent ([`Plate`], by its [`Character`]), the steps from
//! coarse to fine ([`Step`]), and the pieces it is sent in ([`Strip`]). Promises that a
//! strip is a complete picture of its own, that the same picture makes the same bytes, and
//! that never more pixels travel than the picture has, save where sixel cannot scale.
//! Must never write to the terminal, ask it anything or read a clock: when which bytes
//! are sent is for others to decide.

mod character;
mod diacritics;
mod extent;
mod file;
mod iterm;
mod kitty;
mod palette;
mod plate;
mod sixel;
mod strip;
mod tmux;

pub use character::Character;
pub use extent::Extent;
pub use kitty::{Ids, abort, free, hide};
pub use plate::Plate;
pub use strip::Strip;
pub use tmux::passthrough;

/// The most bytes of a piece that text may follow.
pub const UNIT: usize = 4096;

/// Ends whatever sequence was cut off midway: CAN for sixel, where an escape would make
/// the rest text, and the string terminator for all others. Does nothing between sequences.
pub const END_OF_ANY: &[u8] = b"\x18\x1b\\";

/// What a terminal understands besides text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Protocol {
    /// The graphics protocol of kitty: pictures are sent once and placed by number.
    Kitty,
    /// The inline images of iTerm2.
    Iterm,
    /// The same, with `WezTerm`'s word that the cursor stays.
    WezTerm,
    /// Sixel, which neither scales nor holds a picture.
    Sixel,
}

/// How good a picture is sent, from coarse to fine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Step {
    /// At most 75 pixels, some 5 KB, in one piece: something to recognise at once.
    Preview,
    /// Half the resolution.
    Middle,
    /// As good as the picture needs.
    Full,
    /// Every pixel as it is, for lines where bytes are cheap.
    Lossless,
}
