//! Names for files that leave this machine, made of what a generation is.
//!
//! Promises that a name is one on every common file system: no separator, no control
//! character, no dot or dash in front, no name that Windows keeps for itself, and not too
//! long. Must never look whether a file of that name is there.

use std::fmt;
use std::str::FromStr;

use super::text::is_dangerous;
use super::{GenerationId, ModelId, Timestamp, nearest};

/// The most bytes of a name, without its ending: file systems take 255 with all.
const LONGEST: usize = 200;

/// Names that Windows keeps for devices, whatever their ending.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// How a file is called: `{date} {model} {prompt:40} {id} {index}`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Naming {
    parts: Vec<Part>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Part {
    Literal(String),
    /// At most so many characters of it.
    Known(Known, Option<usize>),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Known {
    Date,
    Time,
    Provider,
    Model,
    Prompt,
    Id,
    Index,
}

impl Known {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Date, "date"),
        (Self::Time, "time"),
        (Self::Provider, "provider"),
        (Self::Model, "model"),
        (Self::Prompt, "prompt"),
        (Self::Id, "id"),
        (Self::Index, "index"),
    ];
}

/// Why a text does not say how files are called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NamingError {
    /// Nothing is left of it.
    #[error("a name has at least one letter, or something in braces")]
    Empty,
    /// A brace without the other one.
    #[error("a brace is not closed, or not open")]
    Brace,
    /// What is in braces means nothing: it, and what was perhaps meant.
    #[error("{{{0}}} means nothing{hint}; write {{date}}, {{time}}, {{provider}}, {{model}}, \
             {{prompt}}, {{id}} or {{index}}", hint = meant(*.1))]
    Unknown(String, Option<&'static str>),
    /// What stands behind a colon is no number.
    #[error("“{0}” is no number of characters; write {{prompt:40}}")]
    Length(String),
}

fn meant(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!(" (did you mean {{{near}}}?)"))
}

/// What a name is made of.
#[derive(Clone, Copy, Debug)]
pub struct Named<'n> {
    /// Whose picture it is.
    pub id: GenerationId,
    /// When it was asked for.
    pub created: Timestamp,
    /// Who drew it.
    pub model: &'n ModelId,
    /// What was asked for.
    pub prompt: &'n str,
    /// Which of its pictures, from 0.
    pub index: u32,
}

impl Naming {
    /// The name of a picture's file, without an ending.
    pub fn name(&self, of: Named<'_>) -> String {
        let mut name = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(text) => name.push_str(text),
                Part::Known(known, most) => {
                    let value = plain(&value(*known, of));
                    match most {
                        Some(most) => name.push_str(cut(&value, *most)),
                        None => name.push_str(&value),
                    }
                }
            }
        }
        safe(&name)
    }
}

fn value(known: Known, of: Named<'_>) -> String {
    match known {
        Known::Date => of.created.to_day(),
        Known::Time => of.created.to_file_name().split('-').next_back().unwrap_or("").to_owned(),
        Known::Provider => of.model.provider().to_owned(),
        // What stands before it says whose it is, not what.
        Known::Model => of.model.name().rsplit('/').next().unwrap_or_default().to_owned(),
        Known::Prompt => of.prompt.to_owned(),
        Known::Id => of.id.short(),
        Known::Index => (of.index + 1).to_string(),
    }
}

/// At most `most` characters of `text`, without half a word at the end.
fn cut(text: &str, most: usize) -> &str {
    let Some((end, _)) = text.char_indices().nth(most) else { return text };
    let cut = &text[..end];
    let is_half = text[end..].chars().next().is_some_and(char::is_alphanumeric);
    match cut.rfind(|c: char| !c.is_alphanumeric()).filter(|_| is_half) {
        Some(space) if space > 0 => cut[..space].trim_end(),
        _ => cut.trim_end(),
    }
}

/// `text` without what cannot stand in a name, on one line.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars() {
        let c = match c {
            c if c.is_whitespace() => ' ',
            c if is_dangerous(c) => continue,
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
            c => c,
        };
        // Several in a row say no more than one.
        if !(matches!(c, ' ' | '-') && plain.ends_with(c)) {
            plain.push(c);
        }
    }
    plain.trim().to_owned()
}

/// A name that every file system takes.
fn safe(name: &str) -> String {
    let mut name = plain(name);
    name.truncate(name.floor_char_boundary(LONGEST));
    // A dash in front would be a flag, a dot in front a hidden file; Windows drops dots and
    // spaces at the end.
    let name = name.trim_start_matches(['.', '-', ' ']).trim_end_matches(['.', ' ']);
    if name.is_empty() {
        return "picture".to_owned();
    }
    let device = name.split('.').next().unwrap_or(name).trim_end().to_ascii_lowercase();
    let port = device.strip_suffix(|c: char| c.is_ascii_digit());
    let is_device = DEVICES.contains(&device.as_str()) || matches!(port, Some("com" | "lpt"));
    if is_device { format!("_{name}") } else { name.to_owned() }
}

impl FromStr for Naming {
    type Err = NamingError;

    fn from_str(text: &str) -> Result<Self, NamingError> {
        let (mut parts, mut rest) = (Vec::new(), text);
        let literal = |text: &str| (!text.is_empty()).then(|| Part::Literal(text.to_owned()));
        while let Some(at) = rest.find(['{', '}']) {
            parts.extend(literal(&rest[..at]));
            let inside = rest[at..].strip_prefix('{').and_then(|inside| inside.split_once('}'));
            let (inside, behind) = inside.ok_or(NamingError::Brace)?;
            parts.push(known(inside)?);
            rest = behind;
        }
        parts.extend(literal(rest));
        let is_blank = |part: &Part| matches!(part, Part::Literal(text) if !text.contains(char::is_alphanumeric));
        if parts.iter().all(is_blank) {
            return Err(NamingError::Empty);
        }
        Ok(Self { parts })
    }
}

/// What stands in braces.
fn known(inside: &str) -> Result<Part, NamingError> {
    let (name, most) = match inside.split_once(':') {
        None => (inside, None),
        Some((name, most)) => {
            let count = most.parse().ok().filter(|most| (1..=LONGEST).contains(most));
            (name, Some(count.ok_or_else(|| NamingError::Length(shown(most)))?))
        }
    };
    if let Some((known, _)) = Known::ALL.iter().find(|(_, other)| *other == name) {
        return Ok(Part::Known(*known, most));
    }
    let near = nearest(name, Known::ALL.iter().map(|(_, name)| *name));
    Err(NamingError::Unknown(shown(name), near))
}

fn shown(text: &str) -> String {
    super::Text::capped(text, 40).to_string()
}

impl fmt::Display for Naming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                Part::Literal(text) => f.write_str(text)?,
                Part::Known(known, most) => {
                    let name = Known::ALL.iter().find(|(other, _)| other == known);
                    let name = name.map_or("", |(_, name)| name);
                    match most {
                        Some(most) => write!(f, "{{{name}:{most}}}")?,
                        None => write!(f, "{{{name}}}")?,
                    }
                }
            }
        }
        Ok(())
    }
}
