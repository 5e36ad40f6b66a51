//! The prompt language: one template that stands for many prompts.
//!
//! | written | means |
//! |---|---|
//! | `{red\|blue}` | each of these |
//! | `{2$$a\|b\|c}` | each two of these, in their order; `{1-2$$…}` one or two |
//! | `{2$$ and $$a\|b\|c}` | the same, with ` and ` between them instead of `, ` |
//! | `__animal__` | each line of the wildcard file `animal` |
//! | `$mood = {calm\|wild}` | on a line of its own: what `$mood` stands for, the same in all of a prompt |
//! | `\{ \} \| \$ \_ \\` | the character itself |
//!
//! Braces that hold no `|` and no `$$` are text, as in prompts that are JSON.
//!
//! Promises that the number of prompts is known without making them, and that each can
//! be made without the others. Never opens a file: it is told what a wildcard holds.

mod count;
mod read;

use std::collections::BTreeSet;

use count::{Pick, Sequence};

/// Most picks of one group.
pub const MOST_PICKS: usize = 16;
/// Most variables of a template.
pub const MOST_VARIABLES: usize = 64;
/// How deep groups and wildcards may stand in each other.
pub const DEEPEST: usize = 32;

/// One template that has been read.
#[derive(Clone, PartialEq, Debug)]
pub struct Template {
    /// What the wildcards that are used hold, each once.
    wildcards: Vec<Pick>,
    /// The values of the variables. One that is not used is empty, for it would only
    /// multiply equal prompts.
    variables: Vec<Sequence>,
    body: Sequence,
}

/// What is wrong with a template, and where.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{what} (character {position})", position = self.at + 1)]
pub struct Mistake {
    /// The place, in characters from 0.
    pub at: usize,
    /// What is wrong there, and what to write instead.
    pub what: String,
}

/// The lines of a wildcard file by its name, or what is wrong with it.
pub type Wildcards<'a> = &'a dyn Fn(&str) -> Result<Vec<String>, String>;

impl Template {
    /// Reads `text`.
    ///
    /// # Errors
    /// Braces that do not match, a wildcard or variable that is not there or stands in
    /// itself, more picks than there are alternatives.
    pub fn read(text: &str, wildcards: Wildcards<'_>) -> Result<Self, Mistake> {
        read::template(text, wildcards)
    }

    /// How many prompts it stands for; [`u128::MAX`] where there are that many or more.
    pub fn count(&self) -> u128 {
        let variables = self.variables.iter().map(Sequence::count);
        variables.fold(self.body.count(), u128::saturating_mul)
    }

    /// The prompt of this number, from 0; what is written first changes slowest.
    pub fn prompt(&self, number: u128) -> String {
        let mut number = number;
        let body = number % self.body.count();
        number /= self.body.count();
        let mut chosen = vec![0; self.variables.len()];
        for (place, variable) in self.variables.iter().enumerate().rev() {
            chosen[place] = number % variable.count();
            number /= variable.count();
        }
        let mut values: Vec<String> = Vec::with_capacity(chosen.len());
        for (variable, number) in self.variables.iter().zip(chosen) {
            let value = variable.text(number, &self.wildcards, &values);
            values.push(value);
        }
        self.body.text(body, &self.wildcards, &values)
    }

    /// All its prompts, in order.
    pub fn prompts(&self) -> impl Iterator<Item = String> + '_ {
        let count = self.count();
        (0..count).map(|number| self.prompt(number))
    }

    /// So many of its prompts, no number twice, drawn by chance: the same `seed` draws
    /// the same ones. All of them, in order, where there are no more.
    pub fn some(&self, most: usize, seed: u64) -> Vec<String> {
        let count = self.count();
        if count <= most as u128 {
            return self.prompts().collect();
        }
        let mut chance = Chance(seed);
        let mut drawn = BTreeSet::new();
        let mut prompts = Vec::with_capacity(most);
        while prompts.len() < most {
            let number = chance.below(count);
            if drawn.insert(number) {
                prompts.push(self.prompt(number));
            }
        }
        prompts
    }
}

/// Writes `text` so that it stands for itself in a template.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if read::SPECIAL.contains(&character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// `text` written so that it stands for itself: as it is, where it does already.
pub fn literal(text: &str) -> String {
    // A name that would be looked up is none that stands for itself.
    let no_wildcard = |_: &str| Err(String::new());
    match Template::read(text, &no_wildcard) {
        Ok(template) if template.count() == 1 && template.prompt(0) == text => text.to_owned(),
        _ => escape(text),
    }
}

/// Numbers by chance from a seed (`SplitMix64`). Written here because the seed is
/// shown and noted by people: no update of a library may change what it draws.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u128) -> u128 {
        let wide = (u128::from(self.next()) << 64) | u128::from(self.next());
        wide % bound
    }
}
