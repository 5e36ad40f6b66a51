//! What is different between one generation and another: the words of the prompt, and the
//! settings.
//!
//! Promises that the pieces put together are both prompts, and that no pair of prompts takes
//! longer than a moment. Must never know colours or columns.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

use super::{BaseImage, Generation, shown_size};

/// Beyond so many pairs of words, what lies between the common beginning and the common end is
/// taken as written anew: comparing takes time in proportion.
const MOST_PAIRS: usize = 1_000_000;

/// How one generation differs from another.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Difference {
    /// Both prompts as one, in the order of the text.
    pub prompt: Vec<Piece>,
    /// The settings that are not the same, in the order of the form.
    pub settings: Vec<Setting>,
}

/// A part of two prompts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the first.
    Removed(String),
    /// Only in the second.
    Added(String),
}

/// A setting that is not the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// What it was; `None` where it was not set.
    pub before: Option<String>,
    /// What it is; likewise.
    pub after: Option<String>,
}

impl Piece {
    /// Its text.
    pub fn text(&self) -> &str {
        match self {
            Self::Same(text) | Self::Removed(text) | Self::Added(text) => text,
        }
    }
}

impl Difference {
    /// What of `after` is not as it was `before`.
    pub fn between(before: &Generation, after: &Generation) -> Self {
        let (first, second) = (&before.request, &after.request);
        let mut settings = Vec::new();
        let mut compare = |name: &str, before: Option<String>, after: Option<String>| {
            if before != after {
                settings.push(Setting { name: name.to_owned(), before, after });
            }
        };
        let set = |text: String| Some(text).filter(|text| !text.is_empty());
        let number = |number: Option<u32>| number.map(|number| number.to_string());
        compare("model", set(first.model.to_string()), set(second.model.to_string()));
        let sizes = [first, second].map(|it| set(shown_size(it.width, it.height)));
        let [was, is] = sizes;
        compare("size", was, is);
        compare("n", number(first.n), number(second.n));
        compare("steps", number(first.steps), number(second.steps));
        let base = |image: &Option<BaseImage>| image.as_ref().map(|image| named(image, before));
        compare("base image", base(&first.image), base(&second.image));
        compare("negative", first.negative_prompt.clone(), second.negative_prompt.clone());
        let mut keys: Vec<&String> = first.extra.keys().chain(second.extra.keys()).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            let value = |extra: &serde_json::Map<_, serde_json::Value>| {
                extra.get(key).map(ToString::to_string)
            };
            compare(key, value(&first.extra), value(&second.extra));
        }
        Self { prompt: pieces(first.prompt.trim(), second.prompt.trim()), settings }
    }

    /// Whether both ask for the same.
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty() && !self.is_reworded()
    }

    /// Whether the prompts differ.
    pub fn is_reworded(&self) -> bool {
        self.prompt.iter().any(|piece| !matches!(piece, Piece::Same(_)))
    }
}

/// A base image in a few words: as a picture of `before`, where it is one, wherever that is
/// kept now.
fn named(image: &BaseImage, before: &Generation) -> String {
    if let BaseImage::File(file) = image
        && let Some(place) =
            before.images.iter().position(|image| image.path.file_name() == file.file_name())
    {
        return match before.images.len() {
            1 => "its picture".to_owned(),
            _ => format!("its picture {}", place + 1),
        };
    }
    image.to_string()
}

/// Both texts as one, word by word.
fn pieces(before: &str, after: &str) -> Vec<Piece> {
    let words: [Vec<&str>; 2] = [before, after].map(|text| text.split_word_bounds().collect());
    let [was, is] = &words;
    let same_start = was.iter().zip(is).take_while(|(was, is)| was == is).count();
    let (was_rest, is_rest) = (&was[same_start..], &is[same_start..]);
    let same_end =
        was_rest.iter().rev().zip(is_rest.iter().rev()).take_while(|(was, is)| was == is).count();
    let (was_end, is_end) = (was.len() - same_end, is.len() - same_end);
    let mut found = Pieces::default();
    found.same(&was[..same_start]);
    let (was_middle, is_middle) = (&was[same_start..was_end], &is[same_start..is_end]);
    if was_middle.len().saturating_mul(is_middle.len()) > MOST_PAIRS {
        found.changed(was_middle, is_middle);
    } else {
        for op in capture_diff_slices(Algorithm::Myers, was_middle, is_middle) {
            let (_, was_range, is_range): (_, Range<usize>, Range<usize>) = op.as_tag_tuple();
            match op {
                DiffOp::Equal { .. } => found.same(&was_middle[was_range]),
                _ => found.changed(&was_middle[was_range], &is_middle[is_range]),
            }
        }
    }
    found.same(&was[was_end..]);
    found.ended()
}

/// Pieces as they are found.
#[derive(Default)]
struct Pieces {
    done: Vec<Piece>,
    removed: String,
    added: String,
    /// Space behind a change, of which it is not known yet whether another one follows: then
    /// it belongs to both, so that words replaced in a row are one change.
    space: String,
}

impl Pieces {
    fn same(&mut self, words: &[&str]) {
        let text = words.concat();
        let is_change_open = !self.removed.is_empty() || !self.added.is_empty();
        if is_change_open && text.chars().all(char::is_whitespace) {
            self.space.push_str(&text);
            return;
        }
        self.end_change();
        let text = std::mem::take(&mut self.space) + &text;
        match self.done.last_mut() {
            Some(Piece::Same(before)) => before.push_str(&text),
            _ if text.is_empty() => {}
            _ => self.done.push(Piece::Same(text)),
        }
    }

    fn changed(&mut self, was: &[&str], is: &[&str]) {
        let (was, is) = (was.concat(), is.concat());
        let is_one_sided = |before: &str, words: &str| before.is_empty() && words.is_empty();
        if !self.space.is_empty()
            && (is_one_sided(&self.removed, &was) || is_one_sided(&self.added, &is))
        {
            self.end_change();
            let space = std::mem::take(&mut self.space);
            self.done.push(Piece::Same(space));
        }
        for (text, words) in [(&mut self.removed, was), (&mut self.added, is)] {
            text.push_str(&self.space);
            text.push_str(&words);
        }
        self.space.clear();
    }

    fn end_change(&mut self) {
        let (removed, added) = (std::mem::take(&mut self.removed), std::mem::take(&mut self.added));
        if !removed.is_empty() {
            self.done.push(Piece::Removed(removed));
        }
        if !added.is_empty() {
            self.done.push(Piece::Added(added));
        }
    }

    fn ended(mut self) -> Vec<Piece> {
        self.same(&[]);
        self.end_change();
        let space = std::mem::take(&mut self.space);
        if !space.is_empty() {
            self.done.push(Piece::Same(space));
        }
        self.done
    }
}
