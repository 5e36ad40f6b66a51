//! TOML texts laid over each other, read key by key.
//!
//! Owns the walk through the user's file with the defaults below it. Promises that a
//! complaint names the line of the text it is about, and that every key nobody asked
//! for is found. Must never know what a key means.

use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

use secrecy::SecretString;

use super::EXAMPLE;
use super::defaults::DEFAULTS;
use super::error::{ConfigError, Place, Problem};
use super::tree::{Entry, Item, Parts, Table, Value};
use crate::domain::Text;

/// One text with settings in it.
pub(super) struct Source {
    /// The file it was read from.
    pub(super) file: PathBuf,
    /// The text.
    pub(super) text: Cow<'static, str>,
    /// Whether users other than its owner can write the file.
    pub(super) open_to_others: bool,
}

impl Source {
    /// The tables of the text.
    pub(super) fn document(&self) -> Result<Document<'_>, ConfigError> {
        let table = Table::parse(&self.text).map_err(|error| {
            let offset = error.span().map_or(self.text.len(), |span| span.start);
            self.error(offset, Problem::Syntax(Text::new(error.message())))
        })?;
        Ok(Document { source: self, table })
    }

    /// The text of the defaults.
    pub(super) fn defaults() -> Self {
        let file = "config.example.toml".into();
        Self { file, text: EXAMPLE.into(), open_to_others: false }
    }

    /// The tables of the defaults' text, which was read when the program was built.
    pub(super) fn built_in(&self) -> Document<'_> {
        Document { source: self, table: Table(Parts::Static(&DEFAULTS.0)) }
    }

    /// `problem` at the byte `offset` of the text.
    fn error(&self, offset: usize, problem: Problem) -> ConfigError {
        ConfigError { place: place(self.file.clone(), &self.text, offset), problem }
    }
}

/// Line and column of the byte `offset` of `text`.
pub(super) fn place(file: PathBuf, text: &str, offset: usize) -> Place {
    let before = &text[..text.floor_char_boundary(offset)];
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    Place::At {
        file,
        line: before.matches('\n').count() + 1,
        column: before[start..].chars().count() + 1,
    }
}

/// A source with its tables.
pub(super) struct Document<'a> {
    source: &'a Source,
    table: Table<'a>,
}

#[derive(Clone, Copy)]
struct Layer<'a> {
    source: &'a Source,
    table: &'a Table<'a>,
}

impl<'a> Layer<'a> {
    /// The entry of `key`, which is looked for at `likely` first.
    fn entry(&self, key: &str, likely: usize) -> Option<&'a Entry<'a>> {
        let likely = self.table.0.get(likely).filter(|entry| entry.key == key);
        likely.or_else(|| self.table.0.iter().find(|entry| entry.key == key))
    }
}

/// One table, as it stands in each of the sources that have it; the nearest first.
pub(super) struct Section<'a> {
    layers: Vec<Layer<'a>>,
    /// The value that it is, where it stands in a list.
    of: Option<Found<'a>>,
    asked: Vec<&'a str>,
}

impl<'a> Section<'a> {
    /// The whole of `documents`, of which an earlier one covers a later one.
    pub(super) fn root(documents: &'a [Document<'a>]) -> Self {
        let layers = documents
            .iter()
            .map(|document| Layer { source: document.source, table: &document.table })
            .collect();
        Self { layers, of: None, asked: Vec::new() }
    }

    /// Notes that `key` was asked for, and says where it stands when keys are asked for in
    /// the order of the text: the defaults have a hundred and more in one table.
    fn ask(&mut self, key: &'a str) -> usize {
        self.asked.push(key);
        self.asked.len() - 1
    }

    /// The value of `key`, where any source has one.
    pub(super) fn find(&mut self, key: &'a str) -> Option<Found<'a>> {
        let likely = self.ask(key);
        self.layers.iter().find_map(|layer| {
            let Item { offset, value } = &layer.entry(key, likely)?.item;
            Some(Found { source: layer.source, key, value, offset: *offset })
        })
    }

    /// The value of a key that the defaults have.
    pub(super) fn get(&mut self, key: &'a str) -> Found<'a> {
        self.find(key).expect("config.example.toml sets every key (test)")
    }

    /// The value of a key that a table in a list must have.
    pub(super) fn required(&mut self, key: &'a str) -> Result<Found<'a>, ConfigError> {
        let of = self.of.expect("it is the table of a value");
        self.find(key).ok_or_else(|| of.wrong(format!("a table with `{key}`")))
    }

    /// The table under `key`, empty where no source has one.
    pub(super) fn child(&mut self, key: &'a str) -> Result<Self, ConfigError> {
        let likely = self.ask(key);
        let mut layers = Vec::new();
        for layer in &self.layers {
            let Some(Entry { offset, item, .. }) = layer.entry(key, likely) else { continue };
            let found = Found { source: layer.source, key, value: &item.value, offset: *offset };
            layers.push(Layer { source: layer.source, table: found.table()? });
        }
        Ok(Self { layers, of: None, asked: Vec::new() })
    }

    /// The keys of a table whose keys are the user's to choose: those of the last
    /// source first, each in the order of its text.
    pub(super) fn names(&self) -> Vec<&'a str> {
        let mut names: Vec<&'a str> = Vec::new();
        for layer in self.layers.iter().rev() {
            for entry in layer.table.0.iter() {
                if !names.contains(&&*entry.key) {
                    names.push(&entry.key);
                }
            }
        }
        names
    }

    /// `problem` at the nearest of the `keys`.
    pub(super) fn error(&self, keys: &[&str], problem: Problem) -> ConfigError {
        let (layer, offset) = self
            .layers
            .iter()
            .flat_map(|layer| keys.iter().map(move |key| (layer, *key)))
            .find_map(|(layer, key)| layer.entry(key, 0).map(|entry| (layer, entry.offset)))
            .expect("a complaint is about a key that stands in a source");
        layer.source.error(offset, problem)
    }

    /// Refuses the keys that nobody asked for.
    pub(super) fn finish(self) -> Result<(), ConfigError> {
        for layer in &self.layers {
            for (place, Entry { key, offset, .. }) in layer.table.0.iter().enumerate() {
                let likely = self.asked.get(place).is_some_and(|asked| asked == key);
                if !likely && !self.asked.contains(&&**key) {
                    let problem = Problem::unknown_key(key, &self.asked);
                    return Err(layer.source.error(*offset, problem));
                }
            }
        }
        Ok(())
    }
}

/// A value, with the place it stands at.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    source: &'a Source,
    key: &'a str,
    value: &'a Value<'a>,
    offset: usize,
}

impl<'a> Found<'a> {
    /// `problem` at this value.
    fn error(&self, problem: Problem) -> ConfigError {
        self.source.error(self.offset, problem)
    }

    fn key(&self) -> Text {
        Text::capped(self.key, 60)
    }

    /// That this value is not what was expected.
    pub(super) fn wrong(&self, expected: impl Into<String>) -> ConfigError {
        let found = match self.value {
            Value::Text(text) => Text::capped(&format!("“{text}”"), 60),
            value => kind(value),
        };
        self.error(Problem::Value { key: self.key(), expected: expected.into(), found })
    }

    /// The same, for a value that may hold a key and so is not shown.
    pub(super) fn wrong_unseen(&self, expected: &str) -> ConfigError {
        let found = match self.value {
            Value::Text(_) => "this text".into(),
            Value::List(_) | Value::Table(_) | Value::Flag(_) => kind(self.value),
            _ => "a number".into(),
        };
        self.error(Problem::Value { key: self.key(), expected: expected.to_owned(), found })
    }

    /// That this value means nothing, and why.
    pub(super) fn meaningless(&self, why: &str) -> ConfigError {
        self.error(Problem::Meaning { key: self.key(), why: Text::new(why) })
    }

    /// That this setting has no effect yet.
    pub(super) fn later(&self) -> ConfigError {
        self.error(Problem::Later(self.key()))
    }

    /// This value, unless it stands in a file that other users can write.
    pub(super) fn owners_only(self) -> Result<Self, ConfigError> {
        if self.source.open_to_others {
            return Err(self.error(Problem::OpenToOthers(self.key())));
        }
        Ok(self)
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self) -> Result<bool, ConfigError> {
        match self.value {
            Value::Flag(flag) => Ok(*flag),
            _ => Err(self.wrong("true or false")),
        }
    }

    /// A whole number in `range`.
    pub(super) fn whole(&self, range: RangeInclusive<u32>) -> Result<u32, ConfigError> {
        let number = match self.value {
            Value::Whole { digits, radix } => u32::from_str_radix(digits, *radix).ok(),
            _ => None,
        };
        number.filter(|number| range.contains(number)).ok_or_else(|| {
            self.wrong(format!("a whole number from {} to {}", range.start(), range.end()))
        })
    }

    /// A number in `range`.
    pub(super) fn number(&self, range: RangeInclusive<f64>) -> Result<f64, ConfigError> {
        let number: Option<f64> = match self.value {
            Value::Whole { digits, radix: 10 } | Value::Fraction(digits) => digits.parse().ok(),
            _ => None,
        };
        number.filter(|number| range.contains(number)).ok_or_else(|| {
            self.wrong(format!("a number from {} to {}", range.start(), range.end()))
        })
    }

    /// A text.
    pub(super) fn text(&self) -> Result<&'a str, ConfigError> {
        self.as_text().ok_or_else(|| self.wrong("a text in quotes"))
    }

    fn as_text(&self) -> Option<&'a str> {
        match self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    fn table(&self) -> Result<&'a Table<'a>, ConfigError> {
        match self.value {
            Value::Table(table) => Ok(table),
            _ => Err(self.wrong("a table")),
        }
    }

    /// What a text stands for.
    pub(super) fn parse<T>(&self) -> Result<T, ConfigError>
    where
        T: FromStr<Err: std::fmt::Display>,
    {
        self.text()?.parse().map_err(|error: T::Err| self.meaningless(&error.to_string()))
    }

    /// What a text stands for, or nothing where it is empty.
    pub(super) fn parse_unless_empty<T>(&self) -> Result<Option<T>, ConfigError>
    where
        T: FromStr<Err: std::fmt::Display>,
    {
        if self.text()?.trim().is_empty() { Ok(None) } else { self.parse().map(Some) }
    }

    /// One of `choices`, by its name.
    pub(super) fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Result<T, ConfigError> {
        let named = self.as_text().and_then(|text| choices.iter().find(|(name, _)| *name == text));
        named.map(|(_, value)| *value).ok_or_else(|| {
            let names: Vec<String> =
                choices.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            self.wrong(format!("one of {}", names.join(", ")))
        })
    }

    /// A text that is never shown, or nothing where it is empty.
    pub(super) fn secret(&self) -> Result<Option<SecretString>, ConfigError> {
        let text = self.as_text().ok_or_else(|| self.wrong_unseen("a text in quotes"))?;
        Ok(Some(text.trim()).filter(|text| !text.is_empty()).map(SecretString::from))
    }

    /// Whether it is a list.
    pub(super) fn is_list(&self) -> bool {
        matches!(self.value, Value::List(_))
    }

    /// The table that this value is.
    pub(super) fn section(&self) -> Result<Section<'a>, ConfigError> {
        Ok(Section {
            layers: vec![Layer { source: self.source, table: self.table()? }],
            of: Some(*self),
            asked: Vec::new(),
        })
    }

    /// The values of a list of `what`, under the key of the list.
    pub(super) fn list(&self, what: &str) -> Result<Vec<Self>, ConfigError> {
        let Value::List(items) = self.value else {
            return Err(self.wrong(format!("a list of {what}")));
        };
        let found = |Item { offset, value }: &'a Item<'a>| Self { value, offset: *offset, ..*self };
        Ok(items.iter().map(found).collect())
    }
}

/// How a value that is no text is called in a complaint.
fn kind(value: &Value<'_>) -> Text {
    match value {
        Value::Text(_) => "a text".into(),
        Value::Whole { digits, radix } => {
            let prefix = match radix {
                2 => "0b",
                8 => "0o",
                16 => "0x",
                _ => "",
            };
            Text::capped(&format!("{prefix}{digits}"), 40)
        }
        Value::Fraction(digits) => Text::capped(digits, 40),
        Value::Flag(yes) => yes.to_string().into(),
        Value::Date => "a date".into(),
        Value::List(_) => "a list".into(),
        Value::Table(_) => "a table".into(),
    }
}
