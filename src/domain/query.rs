//! What a person types to search the history: one grammar, in the studio and on the
//! command line.
//!
//! Owns the grammar. Promises that every text is a query, that what does not fit the
//! grammar is named with its place while the rest still searches, and that a query without
//! terms lets everything through. Must never know how the rows are kept.
//!
//! ```text
//! fox "deep snow" -storm     words, a phrase, and what must not be there
//! model:flux provider:openai tag:night batch:4f2a91c0 @name
//! after:2026-10 before:yesterday on:today after:3d
//! rated:>3 rated:2..4 cost:>0.05 size:1024x1024 size:>1mp size:portrait
//! fav failed trashed is:done has:base
//! ```

mod highlight;
mod values;

use std::ops::{Range, RangeInclusive};

use super::{Timestamp, nearest, time};

/// What is searched for: all of its terms hold.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Query {
    terms: Vec<Term>,
    wrong: Vec<Wrong>,
}

/// A condition, or that it does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    /// Whether the condition must not hold.
    pub not: bool,
    /// The condition.
    pub is: Condition,
}

/// What can be asked of a generation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Condition {
    /// These words stand in its prompt, its negative prompt or its model's name, in this
    /// order, whatever their case and accents.
    Words {
        /// One or more words.
        words: String,
        /// Whether the last one may go on.
        unfinished: bool,
    },
    /// Its model's name holds this, in small letters.
    Model(String),
    /// Its provider's name begins so, in small letters.
    Provider(String),
    /// It was asked for in this time: from the first moment to just before the second.
    Asked(Range<Timestamp>),
    /// It has so many stars; 0 is none.
    Rated(RangeInclusive<u8>),
    /// It was asked for together with others, in the batch of this short id.
    Batch(String),
    /// It has a tag that begins so, in small letters.
    Tag(String),
    /// It is a favourite.
    Favourite,
    /// It is in the trash.
    Trashed,
    /// Its job is in the state of this name.
    State(&'static str),
    /// It began from another picture.
    HasBase,
    /// Its first picture, or what was asked for, has this width and height.
    Size(u32, u32),
    /// Its first picture, or what was asked for, is of this shape.
    Shape(Shape),
    /// Its first picture, or what was asked for, has so many pixels.
    Pixels(RangeInclusive<i64>),
    /// It cost so many billionths of a dollar.
    Cost(RangeInclusive<i64>),
}

/// How width and height compare.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Higher than wide.
    Portrait,
    /// As high as wide.
    Square,
    /// Wider than high.
    Landscape,
}

/// A part of a query that does not fit the grammar.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// Where it stands, in bytes of the text.
    pub at: Range<usize>,
    /// What is wrong with it, and what would be right: one sentence.
    pub what: String,
}

/// A query under a name, typed as `@name`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SavedSearch {
    /// Its name: one word.
    pub name: String,
    /// What it stands for.
    pub query: String,
}

/// The word which is in every row, and begins every word that nobody can type.
pub const PRIVATE: char = '\u{E000}';

/// What stands before a colon, and an example of the whole.
const KEYS: [(&str, &str); 12] = [
    ("model", "model:flux"),
    ("provider", "provider:openai"),
    ("after", "after:2026-10"),
    ("before", "before:yesterday"),
    ("on", "on:today"),
    ("rated", "rated:>3"),
    ("tag", "tag:night"),
    ("batch", "batch:4f2a91c0"),
    ("size", "size:1024x1024, size:>1mp or size:portrait"),
    ("cost", "cost:>0.05"),
    ("is", "is:fav, is:done, is:failed or is:trashed"),
    ("has", "has:base"),
];

/// Words that mean what they say without `is:`.
const BARE: [&str; 5] = ["fav", "failed", "interrupted", "cancelled", "trashed"];
/// The states of a job that can be asked for.
const STATES: [&str; 7] =
    ["done", "failed", "interrupted", "cancelled", "queued", "running", "fetching"];

impl Query {
    /// Reads what was typed at `now`, where `saved` are the searches with a name.
    pub fn parse(text: &str, now: Timestamp, saved: &[SavedSearch]) -> Self {
        let mut query = Self::default();
        let mut at = 0;
        while let Some(raw) = Raw::next(text, at) {
            at = raw.at.end;
            match raw.read(now, saved) {
                Ok(mut terms) => query.terms.append(&mut terms),
                Err(what) => query.wrong.push(Wrong { at: raw.at.clone(), what }),
            }
        }
        query
    }

    /// The same without what was asked for from one moment to just before another.
    #[must_use]
    pub fn except(&self, when: Range<Timestamp>) -> Self {
        let mut query = self.clone();
        query.terms.push(Term { not: true, is: Condition::Asked(when) });
        query
    }

    /// What must hold.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The beginning of a tag that is asked for and that none of `tags` has. Nothing is, where
    /// there are none at all: then they are not known.
    pub fn unknown_tag(&self, tags: &[&str]) -> Option<&str> {
        let asked = self.terms.iter().filter(|term| !term.not && !tags.is_empty());
        let mut starts = asked.filter_map(|term| match &term.is {
            Condition::Tag(start) => Some(start.as_str()),
            _ => None,
        });
        starts.find(|start| tags.iter().all(|tag| !tag.starts_with(*start)))
    }

    /// What does not fit the grammar, in the order of the text.
    pub fn wrong(&self) -> &[Wrong] {
        &self.wrong
    }

    /// The wrong part with which `text`, as it was read, ends: it may become right.
    pub fn unfinished(&self, text: &str) -> Option<&Wrong> {
        self.wrong.last().filter(|wrong| wrong.at.end == text.len())
    }

    /// Whether everything in the history passes.
    pub const fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether it asks for the trash: without that, what is in the trash is not found.
    pub fn is_of_trash(&self) -> bool {
        self.terms.iter().any(|term| !term.not && term.is == Condition::Trashed)
    }
}

impl Wrong {
    /// Where it stands in `text` for a person: the number of its first character, from 1.
    pub fn column(&self, text: &str) -> usize {
        text.get(..self.at.start).map_or(0, |before| before.chars().count()) + 1
    }
}

/// One piece of a query as it was typed.
struct Raw<'t> {
    not: bool,
    /// What stands before the colon, where there is one.
    key: Option<&'t str>,
    value: &'t str,
    quoted: bool,
    /// Whether the text ends with it, so that it may go on.
    open: bool,
    at: Range<usize>,
}

impl<'t> Raw<'t> {
    /// The first piece of `text` from the byte `from` on.
    fn next(text: &'t str, from: usize) -> Option<Self> {
        let start = from + text[from..].find(|c| !is_between(c))?;
        let (not, rest) =
            text[start..].strip_prefix('-').map_or((false, &text[start..]), |rest| (true, rest));
        let end_of = |text: &str| text.find(|c| is_between(c) || c == '"').unwrap_or(text.len());
        let word = &rest[..end_of(rest)];
        let (key, rest) = match word.split_once(':') {
            Some((key, _)) if is_key(key) => (Some(key), &rest[key.len() + 1..]),
            _ => (None, rest),
        };
        let (value, after, quoted, open) = if let Some(phrase) = rest.strip_prefix('"') {
            match phrase.split_once('"') {
                Some((phrase, after)) => (phrase, after, true, false),
                None => (phrase, "", true, true),
            }
        } else {
            let (value, after) = rest.split_at(end_of(rest));
            (value, after, false, after.is_empty())
        };
        Some(Self { not, key, value, quoted, open, at: start..text.len() - after.len() })
    }

    fn read(&self, now: Timestamp, saved: &[SavedSearch]) -> Result<Vec<Term>, String> {
        let one = |is| Ok(vec![Term { not: self.not, is }]);
        if let Some(key) = self.key {
            return self.condition(&key.to_lowercase(), now).and_then(one);
        }
        let word = self.value.to_lowercase();
        if !self.quoted && BARE.contains(&&*word) {
            return one(is_so(&word).expect("a bare word is a state"));
        }
        if let Some(name) = self.value.strip_prefix('@').filter(|_| !self.quoted) {
            return self.saved(name, now, saved);
        }
        if !self.value.chars().any(char::is_alphanumeric) {
            return Ok(Vec::new());
        }
        let words = self.value.chars().map(|c| if is_between(c) { ' ' } else { c }).collect();
        one(Condition::Words { words, unfinished: self.open && !self.not })
    }

    fn saved(
        &self,
        name: &str,
        now: Timestamp,
        saved: &[SavedSearch],
    ) -> Result<Vec<Term>, String> {
        let names = saved.iter().map(|saved| &*saved.name);
        let Some(found) = saved.iter().find(|saved| saved.name == name) else {
            return Err(match nearest(name, names) {
                Some(near) => format!("No search is saved as @{name}; there is @{near}."),
                None => format!("No search is saved as @{name}."),
            });
        };
        // One that names itself, by others perhaps, ends here.
        let others: Vec<_> = saved.iter().filter(|other| other.name != name).cloned().collect();
        let query = Query::parse(&found.query, now, &others);
        if let Some(wrong) = query.wrong.first() {
            return Err(format!("In @{name}: {}", wrong.what));
        }
        let mut terms = query.terms;
        if self.not {
            let [term] = &mut *terms else {
                return Err(format!("-@{name} cannot be: it stands for more than one term."));
            };
            term.not = !term.not;
        }
        Ok(terms)
    }

    /// What `key:` asks for, or what is wrong with it.
    fn condition(&self, key: &str, now: Timestamp) -> Result<Condition, String> {
        let Some((_, example)) = KEYS.iter().find(|(known, _)| *known == key) else {
            let known = KEYS.iter().map(|(known, _)| *known);
            let hint = nearest(key, known).map_or_else(
                || format!("to find these words write \"{key}:{}\".", self.value),
                |near| format!("did you mean “{near}:”?"),
            );
            return Err(format!("There is no “{key}:” to search by; {hint}"));
        };
        let value = self.value.trim().to_lowercase();
        let found = match key {
            _ if value.is_empty() => None,
            "model" => Some(Condition::Model(value.clone())),
            "provider" => Some(Condition::Provider(value.clone())),
            "tag" => Some(Condition::Tag(value.trim_start_matches('#').to_owned())),
            "batch" => Some(value.trim_start_matches('#').to_owned())
                .filter(|id| id.len() == 8 && id.bytes().all(|b| b.is_ascii_hexdigit()))
                .map(Condition::Batch),
            "after" => time::period(&value, now).map(|it| Condition::Asked(it.start..time::LAST)),
            "before" => time::period(&value, now).map(|it| Condition::Asked(time::FIRST..it.start)),
            "on" => time::period(&value, now).map(Condition::Asked),
            "rated" => values::rating(&value).map(Condition::Rated),
            "cost" => values::cost(&value).map(Condition::Cost),
            "size" => values::size(&value),
            "has" => ["base", "image"].contains(&&*value).then_some(Condition::HasBase),
            "is" => is_so(&value),
            _ => None,
        };
        found.ok_or_else(|| {
            if value.is_empty() {
                format!("{key}: wants something behind it, as in {example}.")
            } else {
                format!("{key}: does not know “{}”; write {example}.", self.value.trim())
            }
        })
    }
}

/// What `is:` asks for.
fn is_so(word: &str) -> Option<Condition> {
    match word {
        "fav" | "favourite" | "favorite" => Some(Condition::Favourite),
        "trashed" => Some(Condition::Trashed),
        _ => STATES.into_iter().find(|state| *state == word).map(Condition::State),
    }
}

/// Whether what stands before a colon was meant to say what to search by: `16:9` was not.
fn is_key(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_alphabetic)
}

/// Whether `c` only stands between words.
fn is_between(c: char) -> bool {
    c.is_whitespace() || c.is_control() || c == PRIVATE
}
