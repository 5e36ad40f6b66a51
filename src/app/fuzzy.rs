//! What fits a few letters, whatever stands between them.
//!
//! Promises that nothing typed fits everything, in the order there was.

use std::cmp::Reverse;
use std::ops::Range;

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str, Utf32String};

/// Those of `items` that fit what is typed, the best first, with the bytes of what is shown
/// of each that were typed. `words` says what is shown of an item, and what it may be
/// found by beside that.
pub(super) fn rank<T>(
    typed: &str,
    items: impl IntoIterator<Item = T>,
    words: impl Fn(&T) -> (String, String),
) -> Vec<(T, Vec<Range<usize>>)> {
    let typed = typed.trim();
    if typed.is_empty() {
        return items.into_iter().map(|item| (item, Vec::new())).collect();
    }
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = read(typed);
    let mut found: Vec<(u32, T, Vec<Range<usize>>)> = Vec::new();
    for item in items {
        let (shown, beside) = words(&item);
        let text = Utf32String::from(format!("{shown} {beside}"));
        let mut places = Vec::new();
        if let Some(score) = pattern.indices(text.slice(..), &mut matcher, &mut places) {
            found.push((score, item, marks(&shown, places)));
        }
    }
    found.sort_by_key(|(score, ..)| Reverse(*score));
    found.into_iter().map(|(_, item, marks)| (item, marks)).collect()
}

/// How well each of `names` fits what is typed, higher being better, without those that do not.
/// For lists so long that what was typed in each name is only found for those that are seen.
pub(super) fn scores<'a, T>(
    typed: &str,
    names: impl IntoIterator<Item = (T, &'a str)>,
) -> impl Iterator<Item = (u32, T)> {
    let pattern = read(typed.trim());
    let (mut matcher, mut characters) = (Matcher::new(Config::DEFAULT), Vec::new());
    names.into_iter().filter_map(move |(item, name)| {
        Some((pattern.score(Utf32Str::new(name, &mut characters), &mut matcher)?, item))
    })
}

/// The bytes of `name` that were typed; none where it does not fit.
pub(super) fn marked(typed: &str, name: &str) -> Vec<Range<usize>> {
    let (mut characters, mut places) = (Vec::new(), Vec::new());
    let name_read = Utf32Str::new(name, &mut characters);
    read(typed.trim()).indices(name_read, &mut Matcher::new(Config::DEFAULT), &mut places);
    marks(name, places)
}

fn read(typed: &str) -> Pattern {
    Pattern::parse(typed, CaseMatching::Smart, Normalization::Smart)
}

/// The bytes of `text` that the characters in `places` are, those in a row together.
fn marks(text: &str, mut places: Vec<u32>) -> Vec<Range<usize>> {
    places.sort_unstable();
    places.dedup();
    let mut marks: Vec<Range<usize>> = Vec::new();
    for (nth, (at, c)) in text.char_indices().enumerate() {
        if !places.contains(&(nth as u32)) {
            continue;
        }
        match marks.last_mut() {
            Some(last) if last.end == at => last.end += c.len_utf8(),
            _ => marks.push(at..at + c.len_utf8()),
        }
    }
    marks
}
