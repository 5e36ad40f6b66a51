//! What a request will cost, and what sums of known, estimated and unknown amounts are.
//!
//! Owns the one place where a price is computed. Promises that a price which is not known
//! stays unknown, in every sum too, and that money is counted in whole millionths of a
//! dollar. Must never know where prices or requests come from.

use std::fmt;

use serde_json::Value;

use super::{Cost, Request, parse_size};

/// What a model costs: of its rates, the first that fits a request counts. Without any the
/// price is not known.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Price {
    /// The rates, in order.
    pub rates: Vec<Rate>,
}

/// One line of a price list.
#[derive(Clone, PartialEq, Debug)]
pub struct Rate {
    /// The amount.
    pub cost: Cost,
    /// For how much of a picture that is.
    pub per: Per,
    /// Only for pictures of at most so many pixels.
    pub most_pixels: Option<u64>,
    /// Only for requests with these extra fields.
    pub when: ExtraFields,
    /// Whether it holds with a base image too.
    pub with_image: bool,
}

/// Extra fields by their names, with their values.
pub type ExtraFields = Vec<(String, Value)>;

/// For how much of a picture an amount is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Per {
    /// All of it.
    Image,
    /// A million pixels.
    Megapixel,
    /// A step.
    Step,
    /// A million pixels in each step.
    MegapixelStep,
}

/// Extra fields that say how large a picture is to be, in words of a service's own.
const SIZE_FIELDS: [&str; 5] =
    ["image_size", "imageSize", "resolution", "image_config", "imageConfig"];

impl Price {
    /// What all pictures of `request` cost together; `None` where that is not known.
    pub fn of(&self, request: &Request) -> Option<Cost> {
        let pixels = Pixels::of(request);
        let rate = self.rates.iter().find(|rate| rate.fits(request, pixels))?;
        Some(rate.one(request, pixels)?.times(request.count().into()))
    }
}

/// How large a picture is asked for.
#[derive(Clone, Copy)]
enum Pixels {
    /// So many pixels.
    Known(u64),
    /// The model's own size, which lists of prices are for.
    Default,
    /// In words that only its service knows.
    Unknown,
}

impl Pixels {
    fn of(request: &Request) -> Self {
        if SIZE_FIELDS.iter().any(|field| request.extra.contains_key(*field)) {
            return Self::Unknown;
        }
        let sides = match request.extra.get("size") {
            None => (request.width, request.height),
            Some(size) => match size.as_str().map(parse_size) {
                Some(Ok(sides)) => sides,
                _ => return Self::Unknown,
            },
        };
        match sides {
            (Some(width), Some(height)) => Self::Known(u64::from(width) * u64::from(height)),
            (Some(side), None) | (None, Some(side)) => Self::Known(u64::from(side).pow(2)),
            (None, None) => Self::Default,
        }
    }
}

impl Rate {
    fn fits(&self, request: &Request, pixels: Pixels) -> bool {
        let is_small = self.most_pixels.is_none_or(|most| match pixels {
            Pixels::Known(pixels) => pixels <= most,
            Pixels::Default => true,
            Pixels::Unknown => false,
        });
        let is_meant = self.when.iter().all(|(key, value)| request.extra.get(key) == Some(value));
        is_small && is_meant && (self.with_image || request.image.is_none())
    }

    /// What one picture costs, to the next millionth; `None` where the request leaves open
    /// what it is counted by.
    fn one(&self, request: &Request, pixels: Pixels) -> Option<Cost> {
        let steps = request.steps.map(u64::from);
        let pixels = match pixels {
            Pixels::Known(pixels) => Some(pixels),
            Pixels::Default | Pixels::Unknown => None,
        };
        let (amount, of) = match self.per {
            _ if self.cost.is_free() => (0, 1),
            Per::Image => (1, 1),
            Per::Step => (steps?, 1),
            Per::Megapixel => (pixels?, 1_000_000),
            Per::MegapixelStep => (pixels?.saturating_mul(steps?), 1_000_000),
        };
        Some(Cost::from_micros(self.cost.micros().saturating_mul(amount).div_ceil(of)))
    }
}

/// A sum of money: what is known, what is an estimate, and of how many the price is not
/// known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sum {
    /// What was charged.
    pub settled: Cost,
    /// What the rest will cost, or will have cost, by its estimates.
    pub estimated: Cost,
    /// How many requests cost nobody knows what.
    pub unknown: u64,
}

impl Sum {
    /// All that is known or estimated.
    pub const fn cost(&self) -> Cost {
        self.settled.plus(self.estimated)
    }

    /// This sum and `other`.
    #[must_use]
    pub const fn plus(&self, other: &Self) -> Self {
        Self {
            settled: self.settled.plus(other.settled),
            estimated: self.estimated.plus(other.estimated),
            unknown: self.unknown.saturating_add(other.unknown),
        }
    }

    /// This sum so many times.
    #[must_use]
    pub fn times(&self, n: u64) -> Self {
        Self {
            settled: self.settled.times(n),
            estimated: self.estimated.times(n),
            unknown: self.unknown.saturating_mul(n),
        }
    }

    /// The amount in one or two words: `$0.42`, `about $0.42`, `price unknown`.
    fn amount(&self) -> String {
        let cost = self.cost();
        match (cost.is_free(), self.unknown) {
            (true, 0) => "free".to_owned(),
            (true, _) => String::new(),
            (false, _) if self.estimated.is_free() => cost.to_string(),
            (false, _) => format!("about {cost}"),
        }
    }
}

impl FromIterator<Option<Cost>> for Sum {
    /// The sum of estimates, of which some are not known.
    fn from_iter<I: IntoIterator<Item = Option<Cost>>>(estimates: I) -> Self {
        estimates.into_iter().fold(Self::default(), |sum, estimate| match estimate {
            Some(cost) => Self { estimated: sum.estimated.plus(cost), ..sum },
            None => Self { unknown: sum.unknown.saturating_add(1), ..sum },
        })
    }
}

impl fmt::Display for Sum {
    /// `$0.42`, `about $0.42 and 3 of unknown price`, `price unknown`, `free`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.amount(), self.unknown) {
            (amount, 0) => f.write_str(&amount),
            (amount, 1) if amount.is_empty() => f.write_str("price unknown"),
            (amount, unknown) if amount.is_empty() => write!(f, "{unknown} of unknown price"),
            (amount, unknown) => write!(f, "{amount} and {unknown} of unknown price"),
        }
    }
}
