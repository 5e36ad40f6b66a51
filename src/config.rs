//! Settings: the compiled-in `config.example.toml`, the user's file over it, the
//! environment over that, flags over all.
//!
//! Owns the shape and the reading of the configuration, the keymap, the theme, the
//! model catalogue and the finding of keys. Promises that a wrong value is refused
//! with its file, its line and the nearest known key. Must never write a file that
//! the user did not ask for, and never show a key.

pub mod chord;
pub mod keymap;
