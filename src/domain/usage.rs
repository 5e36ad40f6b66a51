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

/// An amount of money in US dollars, never negative. An unknown cost is `None`
/// around this type, never a zero.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cost(f64);

impl Cost {
    /// `usd` dollars; `None` when that is no sensible amount.
    pub fn from_usd(usd: f64) -> Option<Self> {
        (usd.is_finite() && usd >= 0.0).then_some(Self(usd))
    }

    /// The amount in dollars.
    pub const fn usd(self) -> f64 {
        self.0
    }

    /// This amount, `n` times.
    #[must_use]
    pub fn times(self, n: u32) -> Self {
        Self(self.0 * f64::from(n))
    }
}

impl std::fmt::Display for Cost {
    /// `$0.04`, `$0.0027`: whole cents, and what is below them where there is some.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 == 0.0 {
            f.write_str("free")
        } else {
            let exact = format!("{:.4}", self.0);
            let cents = exact.len() - 2;
            let digits = exact[cents..].trim_end_matches('0');
            write!(f, "${}{digits}", &exact[..cents])
        }
    }
}
