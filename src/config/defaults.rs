//! The defaults: `config.example.toml` as a tree, which `build.rs` has written.
//!
//! Promises that a start parses none of it. Must never be edited: the example is.

use std::borrow::Cow;

use super::tree::{Entry, Item, Parts, Table, Value};

include!(concat!(env!("OUT_DIR"), "/defaults.rs"));
