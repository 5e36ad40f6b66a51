//! What a generation used, and what it cost.

use serde::{Deserialize, Serialize};

/// Tokens as the provider counted them. Every count may be missing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_tokens: Option<u64>,
    /// Tokens of the answer's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion_tokens: Option<u64>,
    /// All tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_tokens: Option<u64>,
    /// Tokens of the pictures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_tokens: Option<u64>,
}

/// An amount of money in US dollars, in whole millionths, never negative: amounts add up
/// exactly. An unknown cost is `None` around this type, never a zero.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(try_from = "f64", into = "f64")]
pub struct Cost(u64);

/// Millionths in a dollar.
const MICRO: f64 = 1e6;
/// No single price is above this, in dollars.
const MOST: f64 = 1e6;

/// The number is no amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an amount of money is a number from 0 to 1000000")]
pub struct CostError;

impl Cost {
    /// Nothing to pay, which is known.
    pub const FREE: Self = Self(0);

    /// `usd` dollars, to the nearest millionth; `None` when that is no sensible amount.
    /// What costs anything is never taken for free.
    pub fn from_usd(usd: f64) -> Option<Self> {
        let least = u64::from(usd > 0.0);
        (0.0..=MOST).contains(&usd).then(|| Self(((usd * MICRO).round() as u64).max(least)))
    }

    /// So many millionths of a dollar.
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// The amount in dollars, for JSON and the eye; sums are made of [`Cost::micros`].
    pub fn usd(self) -> f64 {
        self.0 as f64 / MICRO
    }

    /// The amount in millionths of a dollar.
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// Whether there is nothing to pay.
    pub const fn is_free(self) -> bool {
        self.0 == 0
    }

    /// This amount, `n` times.
    #[must_use]
    pub const fn times(self, n: u64) -> Self {
        Self(self.0.saturating_mul(n))
    }

    /// This amount and `other`.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl TryFrom<f64> for Cost {
    type Error = CostError;

    fn try_from(usd: f64) -> Result<Self, CostError> {
        Self::from_usd(usd).ok_or(CostError)
    }
}

impl From<Cost> for f64 {
    fn from(cost: Cost) -> Self {
        cost.usd()
    }
}

impl std::fmt::Display for Cost {
    /// `$0.04`, `$0.0027`: whole cents, and what is below them where there is some.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_free() {
            return f.write_str("free");
        }
        let below = format!("{:06}", self.0 % 1_000_000);
        let (cents, rest) = below.split_at(2);
        write!(f, "${}.{cents}{}", self.0 / 1_000_000, rest.trim_end_matches('0'))
    }
}
