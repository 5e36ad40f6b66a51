//! Files of pictures that the form is filled from, and how their names go on.
//!
//! Promises never to read more than one file, and of a directory only its names. Must never
//! decode a picture.

use std::path::Path;

use crate::app::Event;
use crate::app::told::Told;
use crate::config::environment::Environment;
use crate::domain::{Failure, FailureKind};
use crate::face::export::home;
use crate::face::telling::{self, look};

/// Most names that are offered at once.
const MOST: usize = 40;
/// Most names of a directory that are looked at.
const MOST_NAMES: usize = 20_000;
/// The endings of pictures.
const ENDINGS: [&str; 5] = ["png", "jpg", "jpeg", "webp", "gif"];

/// What the file at `path` tells, from where the program was started.
pub(super) fn told(path: &str, environment: &Environment, cwd: &Path) -> Event {
    let path = cwd.join(home(path, environment));
    let picture = match look(&path) {
        Ok(picture) => picture,
        Err(failure) => return Event::Failed(failure),
    };
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let Some(told) = picture.told else {
        let what = format!("{file} does not say how it was made.");
        let hint = "The form is as it was.";
        return Event::Failed(Failure::before_sending(FailureKind::Request, what, hint));
    };
    Event::Told(Box::new(Told {
        file,
        program: telling::teller(&told).to_owned(),
        request: telling::request(&told),
        template: told.origin.and_then(|origin| origin.template),
    }))
}

/// How `typed` goes on as the path of a picture.
pub(super) fn completed(typed: String, environment: &Environment, cwd: &Path) -> Event {
    let (above, begun) = typed.rsplit_once('/').map_or(("", &*typed), |(above, begun)| {
        // The root is above itself.
        (if above.is_empty() { "/" } else { above }, begun)
    });
    let mut names = names(&cwd.join(home(above, environment)), begun);
    names.sort();
    let whole = match names.split_first() {
        None => typed.clone(),
        Some((first, others)) => {
            let same = others.iter().fold(first.as_str(), |same, other| shared(same, other));
            format!("{}{same}", &typed[..typed.len() - begun.len()])
        }
    };
    names.truncate(MOST);
    Event::Completed { typed, whole, offered: names }
}

/// The pictures and directories in `dir` whose names begin so; of directories with a slash.
fn names(dir: &Path, begun: &str) -> Vec<String> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().take(MOST_NAMES).flatten();
    let names = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let is_hidden = name.starts_with('.') && !begun.starts_with('.');
        if is_hidden || !name.starts_with(begun) {
            return None;
        }
        let path = entry.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if path.is_dir() {
            return Some(format!("{name}/"));
        }
        ENDINGS.contains(&&*ending.to_ascii_lowercase()).then_some(name)
    });
    names.collect()
}

/// What both begin with.
fn shared<'t>(one: &'t str, other: &str) -> &'t str {
    let differ = one.char_indices().zip(other.chars()).find(|((_, a), b)| a != b);
    let end = differ.map_or(one.len().min(other.len()), |((at, _), _)| at);
    &one[..end]
}
