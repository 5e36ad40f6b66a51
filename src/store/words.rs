//! The words of the full-text index that one which is still being typed may become.
//!
//! Promises to look at a few words, not at where they stand: to merge all places of a common
//! word takes a hundred milliseconds in a long history, to walk down them takes none.

use rusqlite::{Connection, OptionalExtension};

/// Beginnings of up to so many characters have an index of their own
/// (`migrations/003-opinions.sql`).
const INDEXED: usize = 3;
/// With more words than this, each of them is rare.
const MOST: usize = 12;

/// `phrase` with each word that its last, unfinished one may become, as FTS5 is asked for
/// it; `None` where asking for the beginning itself is as quick.
pub(super) fn finished(db: &Connection, phrase: &str) -> rusqlite::Result<Option<Vec<String>>> {
    let Some((before, begun)) = split(phrase) else { return Ok(None) };
    let begun = begun.to_ascii_lowercase();
    let mut next = db.prepare_cached("SELECT term FROM words WHERE term >= ?1 LIMIT 1")?;
    let mut phrases = Vec::new();
    let mut from = begun.clone();
    loop {
        let word: Option<String> = next.query_row([&from], |found| found.get(0)).optional()?;
        let Some(word) = word.filter(|word| word.starts_with(&begun)) else {
            return Ok(Some(phrases));
        };
        if phrases.len() == MOST {
            return Ok(None);
        }
        phrases.push(format!("\"{before}{word}\""));
        // Before every word that is longer: words hold no control characters.
        from = format!("{word}\u{1}");
    }
}

/// What stands before the last word of `phrase`, and that word, where it is one whose
/// letters the index takes as they are.
fn split(phrase: &str) -> Option<(&str, &str)> {
    let start = phrase
        .rfind(|c: char| !c.is_ascii_alphanumeric())
        .map_or(0, |at| at + phrase[at..].chars().next().map_or(0, char::len_utf8));
    let (before, word) = phrase.split_at(start);
    // A letter that is not of ASCII would belong to the word.
    let is_whole = before.chars().next_back().is_none_or(|c| c.is_ascii());
    (word.len() > INDEXED && is_whole).then_some((before, word))
}
