//! The order of the queue and its pauses, as a user means them.

use std::collections::BTreeSet;

/// Where a waiting job is moved to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Move {
    /// One place ahead.
    Up,
    /// One place back.
    Down,
    /// Before all others.
    First,
}

/// What is paused: nothing of it is sent until the user says so.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Pause {
    /// The whole queue.
    All,
    /// What waits for this provider.
    Provider(String),
}

/// Everything that is paused.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pauses(BTreeSet<Pause>);

impl Pause {
    /// Its name in the database: that of the provider.
    pub fn name(&self) -> &str {
        match self {
            Self::All => "",
            Self::Provider(provider) => provider,
        }
    }

    /// What is called so in the database.
    pub fn named(name: &str) -> Self {
        if name.is_empty() { Self::All } else { Self::Provider(name.to_owned()) }
    }
}

impl Pauses {
    /// Whether that is paused, by itself.
    pub fn has(&self, pause: &Pause) -> bool {
        self.0.contains(pause)
    }

    /// Whether nothing is sent to `provider`.
    pub fn holds(&self, provider: &str) -> bool {
        self.has(&Pause::All) || self.0.iter().any(|pause| pause.name() == provider)
    }

    /// Each of them: all first, then the providers by name.
    pub fn iter(&self) -> impl Iterator<Item = &Pause> {
        self.0.iter()
    }
}

impl FromIterator<Pause> for Pauses {
    fn from_iter<T: IntoIterator<Item = Pause>>(pauses: T) -> Self {
        Self(pauses.into_iter().collect())
    }
}

/// How far everything under way is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    /// So many percent.
    Percent(u8),
    /// Nobody can tell how far.
    Unknown,
    /// So far, and nothing goes on: all that is left is paused.
    Paused(u8),
}

/// The middle one of some numbers, or halfway between the two; `None` of none.
pub fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    let upper = *numbers.get(middle)?;
    let even = numbers.len().is_multiple_of(2);
    Some(if even { f64::midpoint(numbers[middle - 1], upper) } else { upper })
}
