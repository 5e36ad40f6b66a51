//! Ways through directories, as they are written.
//!
//! Must never look whether anything is there.

use std::path::{Component, Path, PathBuf};

/// Whether it is a name in a directory and no way.
pub(super) fn is_one_name(way: &str) -> bool {
    !way.is_empty() && !way.contains(['/', '~']) && way != ".." && way != "."
}

/// The path of something in a directory.
pub(super) fn joined(dir: &str, name: &str) -> String {
    match dir {
        "" => name.to_owned(),
        dir if dir.ends_with('/') => format!("{dir}{name}"),
        dir => format!("{dir}/{name}"),
    }
}

/// A path without steps back, as far as these can be seen in it.
pub(super) fn simple(path: &Path) -> String {
    let mut way = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if way.file_name().is_some_and(|name| name != "~") => {
                way.pop();
            }
            Component::ParentDir if way.has_root() => {}
            part => way.push(part),
        }
    }
    way.to_string_lossy().into_owned()
}
