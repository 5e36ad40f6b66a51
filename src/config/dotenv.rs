//! The `.env` of the working directory.
//!
//! Owns its syntax. Promises to take keys from it and nothing else: a directory that
//! was checked out from somewhere may supply a key, never an address or a command.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::environment::{Environment, is_key};

/// More than this of a `.env` is not read, in bytes.
const LONGEST: u64 = 1 << 20;

/// The key variables in `.env` of `directory`; none when there is no such file or it
/// cannot be read.
pub(super) fn keys_in(directory: &Path) -> Environment {
    let mut text = Vec::new();
    // A pipe of that name would be waited for without end.
    let path = directory.join(".env");
    if path.is_file() {
        let read = File::open(path).and_then(|file| file.take(LONGEST).read_to_end(&mut text));
        if read.is_err() {
            text.clear();
        }
    }
    String::from_utf8_lossy(&text)
        .trim_start_matches('\u{FEFF}')
        .lines()
        .filter_map(assignment)
        .filter(|(name, _)| is_key(name))
        .collect()
}

/// Name and value of `NAME=value`, which may have `export` before it, quotes around
/// the value, or a comment behind it.
fn assignment(line: &str) -> Option<(&str, String)> {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let value = value.trim();
    let value = match value.chars().next() {
        Some('#') | None => String::new(),
        Some('\'') => value[1..].split('\'').next()?.to_owned(),
        Some('"') => unescaped(&value[1..]),
        Some(_) => value.split(" #").next()?.trim_end().to_owned(),
    };
    Some((name.trim(), value))
}

/// A text in double quotes, up to the one that ends it.
fn unescaped(quoted: &str) -> String {
    let mut text = String::new();
    let mut characters = quoted.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => break,
            '\\' => text.extend(characters.next()),
            c => text.push(c),
        }
    }
    text
}
