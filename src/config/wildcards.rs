//! Wildcard files: what `__name__` in a prompt stands for, one text a line.
//!
//! Promises that nothing outside of the directory is opened and that a large file is
//! refused, not read. Must never know the prompt language.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Component, Path};

/// The directory of wildcard files, below that of the history.
pub const DIRECTORY: &str = "wildcards";
/// A larger file is refused, in bytes.
const LARGEST: u64 = 1 << 20;

/// The lines of the wildcard called `name`, from `name.txt` below `dir`. Blank ones and
/// those that begin with `#` are left out.
///
/// # Errors
/// What is wrong with the name or its file, as a part of a sentence.
pub fn read(dir: &Path, name: &str) -> Result<Vec<String>, String> {
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    if !Path::new(name).components().all(plain) {
        return Err(format!("“{name}” is no name of a wildcard"));
    }
    let path = dir.join(format!("{name}.txt"));
    let shown = format!("{DIRECTORY}/{name}.txt");
    let wrong = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => format!("there is no {shown}"),
        ErrorKind::InvalidData => format!("{shown} is not UTF-8 text"),
        _ => format!("{shown} cannot be read: {error}"),
    };
    let file = File::open(&path).map_err(wrong)?;
    if !file.metadata().map_err(wrong)?.is_file() {
        return Err(format!("{shown} is no file"));
    }
    let mut text = String::new();
    file.take(LARGEST + 1).read_to_string(&mut text).map_err(wrong)?;
    if text.len() as u64 > LARGEST {
        return Err(format!("{shown} is larger than 1 MiB"));
    }
    let lines = text.lines().map(str::trim);
    Ok(lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect())
}
