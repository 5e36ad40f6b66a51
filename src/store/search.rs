//! A query, turned into something that SQLite can answer in the order of the history.
//!
//! Promises that every condition which a row can be found by is a word of the full-text
//! index, so that conditions meet there and no query reads the whole table. The words that
//! stand for conditions begin with [`PRIVATE`] and are made by the view `searched`
//! (`migrations/003-opinions.sql`); this file is the other half of that.
//!
//! ```text
//! s<state>  m<model, hex>  p<provider, hex>  g<tag, hex>  f favourite  t trashed  b base
//! r<stars>  z<width>x<height>  o0 portrait, o1 square, o2 landscape
//! a<digits> a<digits>d<first digit><p|i>  pixels     c…  the same of the cost
//! ```
//!
//! An amount has two words: how many digits it has; and its first digit, with `p` where
//! only zeros follow and `i` where it lies between that and the next one.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::{Range, RangeInclusive};

use rusqlite::{Connection, params};

use super::row::parsed;
use crate::domain::{Condition, PRIVATE, Query, SavedSearch, Shape, Tag, Term, Timestamp};

use super::{Store, StoreError, words};

/// How many rows in a row the table `spans` has one line for.
pub(super) const SPAN: i64 = 1024;

/// The blocks between which everything of a time stands. All of `spans` is read, which has one
/// short line for each 1024 generations.
pub(super) const BLOCKS: &str =
    "SELECT min(block), max(block) FROM spans WHERE last >= ?1 AND first < ?2";

/// How the rows of a query are found.
#[derive(Debug)]
pub(super) struct Plan {
    /// What the full-text index is asked; `None` where the history is walked down.
    pub(super) expression: Option<String>,
    /// What must besides hold of the row `g`, each beginning with `AND`.
    pub(super) besides: String,
    /// The keys that come into question.
    pub(super) seqs: Range<i64>,
}

/// A query on its way to being a plan.
#[derive(Default)]
struct Parts {
    /// Groups of words and phrases: one of each must be there.
    wanted: Vec<String>,
    /// Groups of words of which none must be there.
    unwanted: Vec<String>,
    besides: String,
    /// Whether no row can pass.
    is_nothing: bool,
}

impl Plan {
    /// How to find what `query` asks for; `None` where nothing can be found.
    pub(super) fn of(db: &Connection, query: &Query) -> rusqlite::Result<Option<Self>> {
        let mut parts = Parts::default();
        let (mut from, mut to) = (i64::MIN, i64::MAX);
        for term in query.terms() {
            if let Condition::Asked(when) = &term.is {
                let (first, end) = (when.start.millis(), when.end.millis());
                match (term.not, first == i64::MIN, end == i64::MAX) {
                    (false, ..) => (from, to) = (from.max(first), to.min(end)),
                    (true, true, _) => from = from.max(end),
                    (true, _, true) => to = to.min(first),
                    (true, ..) => {
                        parts.besides(&format!("g.created NOT BETWEEN {first} AND {}", end - 1));
                    }
                }
            } else {
                parts.take(db, term)?;
            }
        }
        if !query.is_of_trash() && !parts.is_walk() {
            parts.unwanted.push(word("t"));
        }
        let Some(seqs) = seqs(db, from, to)? else { return Ok(None) };
        if from > i64::MIN {
            parts.besides(&format!("g.created >= {from}"));
        }
        if to < i64::MAX {
            parts.besides(&format!("g.created < {to}"));
        }
        if parts.is_nothing {
            return Ok(None);
        }
        Ok(Some(Self { expression: parts.expression(), besides: parts.besides, seqs }))
    }
}

impl Parts {
    fn take(&mut self, db: &Connection, term: &Term) -> rusqlite::Result<()> {
        match &term.is {
            Condition::Words { words: phrase, unfinished } => {
                let finished = if *unfinished { words::finished(db, phrase)? } else { None };
                let rest = if *unfinished { " *" } else { "" };
                let all = finished.unwrap_or_else(|| vec![format!("\"{phrase}\"{rest}")]);
                self.one_of(term.not, all);
            }
            Condition::Model(part) => {
                let names = names(db, "SELECT name FROM models")?.into_iter();
                let found = names.filter(|name| name.to_lowercase().contains(part));
                self.one_of(term.not, found.map(|name| named('m', &name)));
            }
            Condition::Provider(start) => {
                let names = names(db, "SELECT name FROM models")?.into_iter();
                let providers = names.filter_map(|name| Some(name.split_once(':')?.0.to_owned()));
                let found = providers.filter(|name| name.to_lowercase().starts_with(start));
                self.one_of(term.not, found.map(|name| named('p', &name)));
            }
            Condition::Tag(start) => {
                let names = names(db, "SELECT name FROM tags")?.into_iter();
                let found = names.filter(|name| name.starts_with(start));
                self.one_of(term.not, found.map(|name| named('g', &name)));
            }
            Condition::Batch(id) => self.one_of(term.not, [word(&format!("k{id}"))]),
            Condition::Rated(stars) if *stars.end() == 0 => {
                self.one_of(!term.not, (1..=5).map(|stars| word(&format!("r{stars}"))));
            }
            Condition::Rated(stars) => {
                self.one_of(term.not, stars.clone().map(|stars| word(&format!("r{stars}"))));
            }
            Condition::Favourite => self.one_of(term.not, [word("f")]),
            Condition::Trashed => self.one_of(term.not, [word("t")]),
            Condition::State(name) => self.one_of(term.not, [state(name)]),
            Condition::HasBase => self.one_of(term.not, [word("b")]),
            Condition::Size(width, height) => {
                self.one_of(term.not, [word(&format!("z{width}x{height}"))]);
            }
            Condition::Shape(shape) => {
                let number = match shape {
                    Shape::Portrait => 0,
                    Shape::Square => 1,
                    Shape::Landscape => 2,
                };
                self.one_of(term.not, [word(&format!("o{number}"))]);
            }
            Condition::Pixels(range) => self.amount(
                term.not,
                'a',
                range,
                "(SELECT width * height FROM sizes WHERE sizes.seq = g.seq)",
            ),
            Condition::Cost(range) => {
                self.amount(term.not, 'c', range, "CAST(round(g.cost * 1000000000) AS INTEGER)");
            }
            Condition::Asked(_) => {}
        }
        Ok(())
    }

    fn besides(&mut self, condition: &str) {
        write!(self.besides, " AND {condition}").expect("writing to a string cannot fail");
    }

    /// Asks for one of `words`, or for none of them.
    fn one_of(&mut self, not: bool, words: impl IntoIterator<Item = String>) {
        let words: Vec<String> = words.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        match (not, words.is_empty()) {
            (false, true) => self.is_nothing = true,
            (true, true) => {}
            (false, false) => self.wanted.push(format!("({})", words.join(" OR "))),
            (true, false) => self.unwanted.push(format!("({})", words.join(" OR "))),
        }
    }

    /// Asks for an amount in `range`, or for any other and none. The amounts that share
    /// their word with one outside are looked at one by one.
    fn amount(&mut self, not: bool, letter: char, range: &RangeInclusive<i64>, column: &str) {
        let (within, across) = amounts(letter, range);
        let across_is_empty = across.is_empty();
        self.one_of(not, if not { within } else { within.into_iter().chain(across).collect() });
        if !across_is_empty {
            let not = if not { " IS NOT TRUE" } else { "" };
            self.besides(&format!("({column} BETWEEN {} AND {}){not}", range.start(), range.end()));
        }
    }

    /// Whether nothing is asked of the full-text index.
    const fn is_walk(&self) -> bool {
        self.wanted.is_empty() && self.unwanted.is_empty()
    }

    /// The expression of FTS5 that says this. Every term is a quoted string, in which
    /// nothing but `"` has a meaning, and terms hold none.
    fn expression(&self) -> Option<String> {
        if self.is_walk() {
            return None;
        }
        // A phrase in which the index finds no word is found nowhere: `AND` says so, which
        // FTS5 understands where there is none, but otherwise.
        let expression = if self.wanted.is_empty() { word("") } else { self.wanted.join(" AND ") };
        let wanted = format!("({expression})");
        Some(self.unwanted.iter().fold(wanted, |all, group| format!("{all} NOT {group}")))
    }
}

/// The keys between which everything stands that was asked for from `from` to just before
/// `to`; `None` where nothing was.
fn seqs(db: &Connection, from: i64, to: i64) -> rusqlite::Result<Option<Range<i64>>> {
    if (from, to) == (i64::MIN, i64::MAX) {
        return Ok(Some(i64::MIN..i64::MAX));
    }
    let blocks: (Option<i64>, Option<i64>) = db
        .prepare_cached(BLOCKS)?
        .query_row(params![from, to], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(match blocks {
        (Some(first), Some(last)) => Some(first * SPAN..(last + 1) * SPAN),
        _ => None,
    })
}

/// The words of the amounts in `range`: those that no other amount has, and those that some
/// outside have too.
fn amounts(letter: char, range: &RangeInclusive<i64>) -> (Vec<String>, Vec<String>) {
    let (mut within, mut across) = (Vec::new(), Vec::new());
    let mut add = |least: i64, most: i64, name: String| {
        let is_within = range.contains(&least) && range.contains(&most);
        if is_within {
            within.push(word(&name));
        } else if least <= *range.end() && most >= *range.start() {
            across.push(word(&name));
        }
        is_within
    };
    add(0, 0, format!("{letter}1d0p"));
    for digits in 1..=18_u32 {
        let unit = 10_i64.pow(digits - 1);
        if range.contains(&unit) && range.contains(&(unit * 10 - 1)) {
            // All of them: one word for nine. A zero has one digit too, and is not less.
            if digits > 1 {
                add(unit, unit * 10 - 1, format!("{letter}{digits}"));
                continue;
            }
        }
        for first in 1..=9 {
            let (least, most) = (first * unit, (first + 1) * unit - 1);
            add(least, least, format!("{letter}{digits}d{first}p"));
            if most > least {
                add(least + 1, most, format!("{letter}{digits}d{first}i"));
            }
        }
    }
    (within, across)
}

/// A word that nobody can type, as FTS5 is asked for it.
fn word(name: &str) -> String {
    format!("\"{PRIVATE}{name}\"")
}

/// What FTS5 is asked for the generations in this state.
pub(super) fn state(name: &str) -> String {
    word(&format!("s{name}"))
}

/// The word for a name, as `hex(lower(…))` of SQLite makes it.
fn named(letter: char, name: &str) -> String {
    let mut hex = String::from(letter);
    for byte in name.to_ascii_lowercase().bytes() {
        write!(hex, "{byte:02X}").expect("writing to a string cannot fail");
    }
    word(&hex)
}

fn names(db: &Connection, select: &str) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached(select)?.query_map([], |row| row.get(0))?.collect()
}

impl Store {
    /// The searches with a name, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn searches(&self) -> Result<Vec<SavedSearch>, StoreError> {
        self.read(|db| {
            db.prepare_cached("SELECT name, query FROM searches ORDER BY name")?
                .query_map([], |row| Ok(SavedSearch { name: row.get(0)?, query: row.get(1)? }))?
                .collect()
        })
    }

    /// Keeps a search under its name, in place of another of that name; one without a query
    /// is forgotten.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save_search(&mut self, search: &SavedSearch) -> Result<(), StoreError> {
        self.write(|db| {
            if search.query.trim().is_empty() {
                db.execute("DELETE FROM searches WHERE name = ?1", [&search.name])?;
            } else {
                db.execute(
                    "INSERT OR REPLACE INTO searches (name, query) VALUES (?1, ?2)",
                    [&search.name, search.query.trim()],
                )?;
            }
            Ok(())
        })
    }

    /// What was typed to search, at `now`, with the searches that have a name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn query(&self, text: &str, now: Timestamp) -> Result<Query, StoreError> {
        let saved = if text.contains('@') { self.searches()? } else { Vec::new() };
        Ok(Query::parse(text, now, &saved))
    }

    /// Every tag in use, the most used first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn tags(&self) -> Result<Vec<Tag>, StoreError> {
        self.read(|db| {
            db.prepare_cached("SELECT name FROM tags ORDER BY uses DESC, name")?
                .query_map([], |row| parsed(row, "name"))?
                .collect()
        })
    }
}
