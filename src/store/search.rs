//! What a person types to search, turned into something SQLite cannot misread.

use std::fmt::Write as _;

/// What to show of the history. Words must all occur in the prompt, the negative prompt
/// or the model's name, whatever their case and accents; "words in quotes" in that
/// order; -words not at all. The last word may be unfinished.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    wanted: Vec<String>,
    unwanted: Vec<String>,
    /// Whether the last of `wanted` may be unfinished.
    unfinished: bool,
}

/// The word which is in every row (`migrations/001-history.sql`).
const IN_EVERY_ROW: char = '\u{E000}';

impl Filter {
    /// Reads what was typed. Every text is a filter; one that names nothing lets
    /// everything through.
    pub fn parse(text: &str) -> Self {
        let mut filter = Self::default();
        let mut rest = text;
        loop {
            rest = rest.trim_start_matches(is_between);
            let (not, term) = match rest.strip_prefix('-') {
                Some(term) => (true, term),
                None => (false, rest),
            };
            let (words, after, open) = first_term(term);
            let list = if not { &mut filter.unwanted } else { &mut filter.wanted };
            if words.chars().any(char::is_alphanumeric) {
                list.push(words.chars().map(|c| if is_between(c) { ' ' } else { c }).collect());
                filter.unfinished = open && !not;
            }
            if after.is_empty() {
                return filter;
            }
            rest = after;
        }
    }

    /// Whether everything passes.
    pub const fn is_empty(&self) -> bool {
        self.wanted.is_empty() && self.unwanted.is_empty()
    }

    /// The expression of FTS5 that says this, or `None` where everything passes.
    /// Every term is a quoted string, in which nothing but `"` has a meaning, and terms
    /// hold none.
    pub(super) fn expression(&self) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let mut expression = String::new();
        for term in &self.wanted {
            write!(expression, "\"{term}\" ").expect("writing to a string cannot fail");
        }
        if self.wanted.is_empty() {
            write!(expression, "\"{IN_EVERY_ROW}\" ").expect("writing to a string cannot fail");
        } else if self.unfinished {
            expression.push_str("* ");
        }
        for term in &self.unwanted {
            write!(expression, "NOT \"{term}\" ").expect("writing to a string cannot fail");
        }
        Some(expression)
    }
}

/// The first word or "phrase" of `text`, what follows it, and whether it may go on:
/// the text ends with it.
fn first_term(text: &str) -> (&str, &str, bool) {
    if let Some(phrase) = text.strip_prefix('"') {
        return match phrase.split_once('"') {
            Some((phrase, after)) => (phrase, after, false),
            None => (phrase, "", true),
        };
    }
    let end = text.find(|c| is_between(c) || c == '"').unwrap_or(text.len());
    (&text[..end], &text[end..], end == text.len())
}

/// Whether `c` only stands between words.
fn is_between(c: char) -> bool {
    c.is_whitespace() || c.is_control() || c == IN_EVERY_ROW
}
