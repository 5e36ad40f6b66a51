//! What may be spent: limits that ask, and limits that refuse.
//!
//! Owns the one judgement of whether a batch may be sent. Promises that a price which is
//! not known is asked about as soon as anything is limited, and that what is free is never
//! stopped. Must never count what was spent: it is told.

use serde::{Deserialize, Serialize};

use super::{Cost, Failure, FailureKind, Sum, Timestamp};

/// The limits in force; without any nothing is asked and nothing refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Budget {
    /// A batch that costs more is asked about.
    pub ask_above: Option<Cost>,
    /// A batch is asked about that takes a day or a month above so many percent of its
    /// limit; from 100 on none is.
    pub ask_at: u32,
    /// A batch that costs more is refused.
    pub per_batch: Option<Cost>,
    /// A batch is refused that takes the day, as the zone of the machine has it, above this.
    pub per_day: Option<Cost>,
    /// The same for the month.
    pub per_month: Option<Cost>,
}

/// Whether the user has been told what a batch costs, and wants it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Consent {
    /// Not yet.
    #[default]
    Open,
    /// Yes.
    Given,
}

/// What an order may cost, and the time of it, by which days and months are told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Allowance {
    /// The limits.
    pub budget: Budget,
    /// Whether the user was asked.
    pub consent: Consent,
    /// The time of the order.
    pub now: Timestamp,
}

/// What was spent and is reserved, before a batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Spent {
    /// Today.
    pub day: Sum,
    /// This month.
    pub month: Sum,
}

/// Whether a batch may be sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It may.
    Fits,
    /// It may when the user says so.
    Asks(Bill),
    /// It may not.
    Refused(Bill),
}

/// What a batch costs, and why that stops it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bill {
    /// What it costs.
    pub batch: Sum,
    /// What was spent before.
    pub spent: Spent,
    reason: Reason,
}

/// Why a batch is stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Reason {
    /// It costs more than a batch does unasked.
    Large(Cost),
    /// Its price is not known.
    Unknown,
    /// It takes what was spent near a limit.
    Near(Limit, Cost),
    /// It takes what was spent above a limit.
    Over(Limit, Cost),
}

/// What a limit is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Limit {
    Batch,
    Day,
    Month,
}

impl Limit {
    const fn key(self) -> &'static str {
        match self {
            Self::Batch => "per_batch",
            Self::Day => "per_day",
            Self::Month => "per_month",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Batch => "for a batch",
            Self::Day => "a day",
            Self::Month => "a month",
        }
    }
}

impl Budget {
    /// Whether anything is limited.
    pub const fn is_set(&self) -> bool {
        self.ask_above.is_some()
            || self.per_batch.is_some()
            || self.per_day.is_some()
            || self.per_month.is_some()
    }

    /// Whether `batch` may be sent after `spent`.
    pub fn judge(&self, batch: Sum, spent: Spent, consent: Consent) -> Verdict {
        if !self.is_set() || batch == Sum::default() {
            return Verdict::Fits;
        }
        let bill = |reason| Bill { batch, spent, reason };
        let limits = [
            (Limit::Batch, self.per_batch, Cost::FREE),
            (Limit::Day, self.per_day, spent.day.cost()),
            (Limit::Month, self.per_month, spent.month.cost()),
        ];
        let limits = limits.into_iter().filter_map(|(limit, most, before)| {
            most.map(|most| (limit, most, before.plus(batch.cost())))
        });
        for (limit, most, after) in limits.clone() {
            // What costs something unknown has no place where there is no room left.
            if after > most || (batch.unknown > 0 && after == most) {
                return Verdict::Refused(bill(Reason::Over(limit, most)));
            }
        }
        if consent == Consent::Given {
            return Verdict::Fits;
        }
        if batch.unknown > 0 {
            return Verdict::Asks(bill(Reason::Unknown));
        }
        if let Some(most) = self.ask_above.filter(|most| batch.cost() > *most) {
            return Verdict::Asks(bill(Reason::Large(most)));
        }
        let percent = |cost: Cost, n: u32| u128::from(cost.micros()) * u128::from(n);
        for (limit, most, after) in limits.filter(|(limit, ..)| *limit != Limit::Batch) {
            if percent(after, 100) > percent(most, self.ask_at) {
                return Verdict::Asks(bill(Reason::Near(limit, most)));
            }
        }
        Verdict::Fits
    }
}

impl Bill {
    /// What stops the batch, in whole sentences.
    pub fn words(&self) -> String {
        let cost = match self.batch.unknown {
            1 if self.batch.cost().is_free() => "Its price is not known".to_owned(),
            _ => format!("It costs {}", self.batch),
        };
        let so_far = |limit| match limit {
            Limit::Batch => String::new(),
            Limit::Day => format!(" after {} today", spoken(self.spent.day)),
            Limit::Month => format!(" after {} this month", spoken(self.spent.month)),
        };
        match self.reason {
            Reason::Large(most) => {
                format!("{cost}; you are asked above {}.", amount(most))
            }
            Reason::Unknown => format!("{cost}, and there is a budget."),
            Reason::Near(limit, most) => {
                let (most, words) = (amount(most), limit.words());
                format!("{cost}{}; the limit is {most} {words}.", so_far(limit))
            }
            Reason::Over(limit, most) => {
                let (most, words) = (amount(most), limit.words());
                format!("{cost}{}; the limit of {most} {words} leaves no room.", so_far(limit))
            }
        }
    }

    /// The failure of a batch that is refused.
    pub fn refusal(&self) -> Failure {
        let hint = match self.reason {
            Reason::Over(limit, _) => {
                let wait = match limit {
                    Limit::Batch => "",
                    Limit::Day => ", or wait until tomorrow",
                    Limit::Month => ", or wait until next month",
                };
                format!("Ask for less, raise {} in [budget] of config.toml{wait}.", limit.key())
            }
            _ => "Say that you want it.".to_owned(),
        };
        let what = format!("Not sent: over budget. {}", self.words());
        Failure::before_sending(FailureKind::Budget, what, hint)
    }

    /// The failure of a batch that nobody is there to be asked about; `how` says how to
    /// want it all the same.
    pub fn unasked(&self, how: &str) -> Failure {
        let what = format!("Not sent: somebody has to agree to the price. {}", self.words());
        Failure::before_sending(FailureKind::Budget, what, how)
    }
}

/// An amount in a sentence, where nothing is an amount too.
fn amount(cost: Cost) -> String {
    if cost.is_free() { "$0".to_owned() } else { cost.to_string() }
}

/// A sum in a sentence.
fn spoken(sum: Sum) -> String {
    if sum == Sum::default() { "$0".to_owned() } else { sum.to_string() }
}
