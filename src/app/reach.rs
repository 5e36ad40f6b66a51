//! Reaching any action by its name, and any place on the screen by its letters.
//!
//! Owns what is typed into the palette, what it finds, and which letters a place has.
//! Promises that an action does what its key would do where the palette was opened. Must
//! never know what an action does, nor where on the screen anything is.

pub mod help;

mod jump;
mod palette;

use super::Target;

pub(super) use help::look_up;
pub(super) use jump::jump;
pub use jump::label;
pub use palette::{Found, Palette};
pub(super) use palette::{open, pick};

/// The palette, and the places that have letters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reach {
    /// Every action by its name.
    pub palette: Palette,
    /// What is looked for in the help.
    pub help: help::Lookup,
    /// The places with letters on the screen, in the order of those; none while none are
    /// shown.
    pub targets: Vec<Target>,
}
