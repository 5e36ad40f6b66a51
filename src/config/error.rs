//! What is wrong with a configuration, and where.
//!
//! Owns the words of every complaint about the user's file. Promises that everything
//! taken from the file is cleaned, and that a value which may be a key is never shown.

use std::fmt;
use std::path::PathBuf;

use super::keymap::KeymapError;
use crate::domain::nearest;
use crate::domain::{Failure, FailureKind, Text};

/// A configuration that is refused: the place, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct ConfigError {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: Problem,
}

/// Where a wrong value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file as a whole.
    File(PathBuf),
    /// A place in a file.
    At {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The character in the line, from 1.
        column: usize,
    },
    /// An environment variable.
    Variable(&'static str),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => Text::new(&file.to_string_lossy()).fmt(f),
            Self::At { file, line, column } => {
                write!(f, "{}:{line}:{column}", Text::new(&file.to_string_lossy()))
            }
            Self::Variable(name) => f.write_str(name),
        }
    }
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The file is there and cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(Text),
    /// The file holds bytes that are no text.
    #[error("this is not UTF-8 text")]
    Encoding,
    /// The file is not TOML.
    #[error("{0}")]
    Syntax(Text),
    /// A key that nothing reads.
    #[error("unknown key `{key}`{suggestion}")]
    UnknownKey {
        /// The key.
        key: Text,
        /// The nearest known one, or all there are; may be empty.
        suggestion: String,
    },
    /// A value of the wrong type or out of range.
    #[error("`{key}` must be {expected}, not {found}")]
    Value {
        /// Its key.
        key: Text,
        /// What would be right.
        expected: String,
        /// What stands there.
        found: Text,
    },
    /// A value of the right type that means nothing.
    #[error("`{key}`: {why}")]
    Meaning {
        /// Its key.
        key: Text,
        /// Why not.
        why: Text,
    },
    /// Chords that cannot be bound so.
    #[error("{0}; choose other keys, or [] for none")]
    Keys(KeymapError),
    /// A setting that has no effect yet.
    #[error("`{0}` comes with a later version: for now every provider is reached through Langbase")]
    Later(Text),
    /// A setting that decides where keys go, in a file that is not the user's alone.
    #[error(
        "`{0}` is not taken from a file that other users can write; run chmod go-w on the file"
    )]
    OpenToOthers(Text),
}

impl Problem {
    /// The complaint about `key` where only `known` ones are read.
    pub(super) fn unknown_key(key: &str, known: &[&str]) -> Self {
        let suggestion = match nearest(key, known.iter().copied()) {
            Some(near) => format!("; did you mean `{near}`?"),
            None if (1..=20).contains(&known.len()) => {
                format!("; known here: {}", known.join(", "))
            }
            None => "; config.example.toml has all there are".to_owned(),
        };
        Self::UnknownKey { key: Text::capped(key, 60), suggestion }
    }
}

impl ConfigError {
    /// The same for the line that the studio has for it, where the name of the file says
    /// enough; and what is in force meanwhile.
    pub fn told(mut self, meanwhile: &str) -> Failure {
        if let Place::File(file) | Place::At { file, .. } = &mut self.place
            && let Some(name) = file.file_name()
        {
            *file = name.into();
        }
        let said = self.to_string();
        let end = if said.ends_with('?') { "" } else { "." };
        Failure::before_sending(FailureKind::Config, format!("{said}{end}"), meanwhile)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::before_sending(
            FailureKind::Config,
            error.to_string(),
            "Correct it; `pentimento config check` says whether all is well then.",
        )
    }
}
