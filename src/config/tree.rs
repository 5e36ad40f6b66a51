//! A TOML text as a tree of values, each with its place.
//!
//! Owns the shape that settings are read from, whether from the user's file or from the
//! defaults, which are such a tree already in the program (`build.rs`). Promises that the
//! order of the text is kept. Must never know what a key means.

use std::borrow::Cow;

use toml::de::{DeTable, DeValue, Error};

/// A table, in the order of its text.
pub(super) struct Table<'a>(pub(super) Parts<'a, Entry<'a>>);

/// A key with its value.
pub(super) struct Entry<'a> {
    pub(super) key: Cow<'a, str>,
    /// The byte of the text at which the key begins.
    pub(super) offset: usize,
    pub(super) item: Item<'a>,
}

/// A value and where it stands.
pub(super) struct Item<'a> {
    /// The byte of the text at which the value begins.
    pub(super) offset: usize,
    pub(super) value: Value<'a>,
}

/// A value.
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    Whole { digits: Cow<'a, str>, radix: u32 },
    Fraction(Cow<'a, str>),
    Flag(bool),
    Date,
    List(Parts<'a, Item<'a>>),
    Table(Table<'a>),
}

/// What a list or a table consists of. Not a [`Cow`]: of that, a tree of the program would
/// not pass for one of a text which is read now.
pub(super) enum Parts<'a, T> {
    Static(&'a [T]),
    Read(Vec<T>),
}

impl<T> std::ops::Deref for Parts<'_, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::Static(parts) => parts,
            Self::Read(parts) => parts,
        }
    }
}

impl<'a> Table<'a> {
    /// The tables of `text`.
    ///
    /// # Errors
    /// Where it is no TOML.
    pub(super) fn parse(text: &'a str) -> Result<Self, Error> {
        DeTable::parse(text).map(|table| table.into_inner().into())
    }
}

impl<'a> From<DeTable<'a>> for Table<'a> {
    fn from(table: DeTable<'a>) -> Self {
        let entry = |(key, value): (toml::Spanned<Cow<'a, str>>, toml::Spanned<DeValue<'a>>)| {
            Entry { offset: key.span().start, key: key.into_inner(), item: value.into() }
        };
        Self(Parts::Read(table.into_iter().map(entry).collect()))
    }
}

impl<'a> From<toml::Spanned<DeValue<'a>>> for Item<'a> {
    fn from(value: toml::Spanned<DeValue<'a>>) -> Self {
        let offset = value.span().start;
        let value = match value.into_inner() {
            DeValue::String(text) => Value::Text(text),
            DeValue::Integer(number) => {
                Value::Whole { digits: number.as_str().to_owned().into(), radix: number.radix() }
            }
            DeValue::Float(number) => Value::Fraction(number.as_str().to_owned().into()),
            DeValue::Boolean(flag) => Value::Flag(flag),
            DeValue::Datetime(_) => Value::Date,
            DeValue::Array(items) => {
                Value::List(Parts::Read(items.into_iter().map(Item::from).collect()))
            }
            DeValue::Table(table) => Value::Table(table.into()),
        };
        Self { offset, value }
    }
}
