//! What the user thinks of a generation: favourite, rating, tags, and whether it is in the
//! trash.
//!
//! Owns the rules: a favourite never goes to the trash, a tag is one word. Must never know
//! where an opinion is kept.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Timestamp, text};

/// What the user thinks of one generation.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Opinion {
    /// Whether it is a favourite, which the trash does not take.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub favourite: bool,
    /// How good it is.
    #[serde(default, skip_serializing_if = "Rating::is_none")]
    pub rating: Rating,
    /// Its tags.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<Tag>,
    /// When it went to the trash; `None` where it is in the history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trashed: Option<Timestamp>,
}

impl Opinion {
    /// This opinion after `change`. A favourite is not trashed.
    #[must_use]
    pub fn after(&self, change: &Change) -> Self {
        let mut opinion = self.clone();
        match change {
            Change::Favourite(favourite) => opinion.favourite = *favourite,
            Change::Rate(rating) => opinion.rating = *rating,
            Change::Tag { add, remove } => {
                opinion.tags.retain(|tag| !remove.contains(tag));
                opinion.tags.extend(add.iter().cloned());
            }
            Change::Trash(now) if !self.favourite => {
                opinion.trashed = self.trashed.or(Some(*now));
            }
            Change::Trash(_) => {}
            Change::Restore => opinion.trashed = None,
        }
        opinion
    }

    /// Favourite, rating and tags in a few characters: `♥ ★★★ #night`. Empty where there is
    /// no opinion.
    pub fn signs(&self) -> String {
        let tags = self.tags.iter().map(|tag| format!("#{tag}"));
        let mut signs: Vec<String> = [self.brief()].into_iter().chain(tags).collect();
        signs.retain(|sign| !sign.is_empty());
        signs.join(" ")
    }

    /// Favourite and rating alone: `♥ ★★★`.
    pub fn brief(&self) -> String {
        let favourite = if self.favourite { "♥ " } else { "" };
        format!("{favourite}{}", self.rating.stars()).trim_end().to_owned()
    }
}

/// From one to five, or none.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(from = "u8", into = "u8")]
pub struct Rating(u8);

impl Rating {
    /// No rating.
    pub const NONE: Self = Self(0);
    /// The best.
    pub const BEST: Self = Self(5);

    /// So many stars, 5 at most; 0 is none.
    pub const fn new(stars: u8) -> Self {
        if stars < Self::BEST.0 { Self(stars) } else { Self::BEST }
    }

    /// How many stars; 0 is none.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// Whether there is none.
    pub const fn is_none(&self) -> bool {
        self.0 == 0
    }

    /// `★★★`; empty where there is none.
    pub fn stars(self) -> &'static str {
        let all = "★★★★★";
        &all[..usize::from(self.0) * '★'.len_utf8()]
    }
}

impl From<u8> for Rating {
    fn from(stars: u8) -> Self {
        Self::new(stars)
    }
}

impl From<Rating> for u8 {
    fn from(rating: Rating) -> Self {
        rating.0
    }
}

/// A word the user has given to generations: small letters, no spaces.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tag(String);

/// Why a text is no tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    /// Nothing is left of it.
    #[error("a tag has at least one letter or digit")]
    Empty,
    /// A character that would end it, or drive a terminal.
    #[error("a tag holds no spaces, commas, quotes or control characters")]
    Character,
    /// Longer than [`Tag::LONGEST`].
    #[error("a tag is at most 40 characters long")]
    TooLong,
}

impl Tag {
    /// The most characters of one.
    pub const LONGEST: usize = 40;

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Tag {
    type Err = TagError;

    fn from_str(raw: &str) -> Result<Self, TagError> {
        let word = raw.trim().trim_start_matches(['#', '-', '+']).to_lowercase();
        if !word.chars().any(char::is_alphanumeric) {
            return Err(TagError::Empty);
        }
        let is_wrong =
            |c: char| c.is_whitespace() || matches!(c, ',' | '"') || text::is_dangerous(c);
        if word.chars().any(is_wrong) {
            return Err(TagError::Character);
        }
        if word.chars().count() > Self::LONGEST {
            return Err(TagError::TooLong);
        }
        Ok(Self(word))
    }
}

impl TryFrom<String> for Tag {
    type Error = TagError;

    fn try_from(raw: String) -> Result<Self, TagError> {
        raw.parse()
    }
}

impl From<Tag> for String {
    fn from(tag: Tag) -> Self {
        tag.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One change of what the user thinks, of one generation or of many.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Make it a favourite, or no longer.
    Favourite(bool),
    /// Rate it.
    Rate(Rating),
    /// Give it tags and take others away.
    Tag {
        /// Those it has then.
        add: BTreeSet<Tag>,
        /// Those it has no more.
        remove: BTreeSet<Tag>,
    },
    /// Put it into the trash, at this time.
    Trash(Timestamp),
    /// Take it out of the trash.
    Restore,
}

impl Change {
    /// What it does to `count` generations, in words: `Rated 3 generations ★★★`.
    pub fn words(&self, count: usize) -> String {
        let of = match count {
            1 => "1 generation".to_owned(),
            count => format!("{count} generations"),
        };
        let list = |tags: &BTreeSet<Tag>| {
            tags.iter().map(|tag| format!("#{tag}")).collect::<Vec<_>>().join(" ")
        };
        match self {
            Self::Favourite(true) => format!("{of} ♥ favourite"),
            Self::Favourite(false) => format!("{of} no longer favourite"),
            Self::Rate(rating) if rating.is_none() => format!("{of} without a rating"),
            Self::Rate(rating) => format!("{of} rated {}", rating.stars()),
            Self::Tag { add, remove } if remove.is_empty() => format!("{of} tagged {}", list(add)),
            Self::Tag { add, remove } if add.is_empty() => {
                format!("{of} without {}", list(remove))
            }
            Self::Tag { add, remove } => {
                format!("{of} tagged {}, without {}", list(add), list(remove))
            }
            Self::Trash(_) => format!("{of} in the trash"),
            Self::Restore => format!("{of} out of the trash"),
        }
    }
}

/// How much is in the trash, as far as it can be emptied.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Weight {
    /// Generations.
    pub generations: u64,
    /// Their pictures.
    pub images: u64,
    /// What those take on the disk, in bytes.
    pub bytes: u64,
}

impl Weight {
    /// `12 generations with 14 pictures, 33.0 MB`.
    pub fn words(self) -> String {
        format!(
            "{} with {}, {:.1} MB",
            text::counted(self.generations as usize, "generation"),
            text::counted(self.images as usize, "picture"),
            self.bytes as f64 / 1e6
        )
    }
}
