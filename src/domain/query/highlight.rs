//! Where the words of a query stand in a text, to be shown.

use std::ops::Range;

use super::{Condition, Query};

impl Query {
    /// Where the wanted words stand in `text`, in order and without overlap. Words that
    /// differ in accents are found by a search and not shown here.
    pub fn highlights(&self, text: &str) -> Vec<Range<usize>> {
        let wanted: Vec<(Vec<String>, bool)> = self
            .terms
            .iter()
            .filter_map(|term| match &term.is {
                Condition::Words { words, unfinished } if !term.not => {
                    let words = self::words(words).into_iter().map(|(_, word)| word).collect();
                    Some((words, *unfinished))
                }
                _ => None,
            })
            .collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let words = words(text);
        let mut found: Vec<Range<usize>> = Vec::new();
        for start in 0..words.len() {
            let ends = wanted.iter().filter_map(|(phrase, unfinished)| {
                let here = words.get(start..start + phrase.len())?;
                let (last, before) = phrase.split_last()?;
                let (last_here, before_here) = here.split_last()?;
                let same = before.iter().zip(before_here).all(|(want, (_, word))| want == word);
                let ends = if *unfinished {
                    last_here.1.starts_with(&**last)
                } else {
                    last_here.1 == *last
                };
                (same && ends).then_some(last_here.0.end)
            });
            if let Some(end) = ends.max() {
                let begin = words[start].0.start;
                match found.last_mut().filter(|last| last.end >= begin) {
                    Some(last) => last.end = last.end.max(end),
                    None => found.push(begin..end),
                }
            }
        }
        found
    }
}

/// Each word of `text` in small letters, and where it stands.
fn words(text: &str) -> Vec<(Range<usize>, String)> {
    let mut words: Vec<(Range<usize>, String)> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
        let end = at + c.len_utf8();
        match words.last_mut().filter(|(range, _)| range.end == at) {
            Some((range, word)) => {
                range.end = end;
                word.extend(c.to_lowercase());
            }
            None => words.push((at..end, c.to_lowercase().collect())),
        }
    }
    words
}
