//! The project itself: its layers, its files, and what its documents say.

mod documents;
mod files;
mod layers;
mod licences;
mod packaging;
mod paths;

use std::fs;
use std::path::{Path, PathBuf};

/// Where the project is.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every file of ours, relative to `src`, with its text.
fn sources() -> Vec<(PathBuf, String)> {
    let src = root().join("src");
    let mut found = Vec::new();
    let mut unread = vec![src.clone()];
    while let Some(dir) = unread.pop() {
        for entry in fs::read_dir(&dir).expect("a directory of src") {
            let path = entry.expect("an entry of src").path();
            if path.is_dir() {
                unread.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source is UTF-8");
                let name = path.strip_prefix(&src).expect("it is below src").to_owned();
                found.push((name, text));
            }
        }
    }
    found.sort();
    found
}
