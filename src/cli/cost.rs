//! `pentimento cost`: what was spent.
//!
//! Promises that what is an estimate is called one, and that what is not known is counted
//! and never taken for nothing.

use serde_json::{Value, json};

use super::{Exit, Surroundings, opening, output};
use crate::domain::{Failure, Sum, Timestamp};
use crate::engine;
use crate::store::{Store, StoreError};

/// Say what was spent: today, this month, in all.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// One line for each day or each model.
    #[arg(long, value_enum)]
    by: Option<By>,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// What a line stands for.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum By {
    /// A day, the newest last.
    Day,
    /// A model.
    Model,
}

/// Before every order.
const FIRST: Timestamp = Timestamp::from_millis(i64::MIN);
/// After every order.
const LAST: Timestamp = Timestamp::from_millis(i64::MAX);

pub(super) fn run(arguments: &Arguments, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let store = opening::open(&surroundings.paths.dir)?;
    let (what, sums) = match arguments.by {
        None => ("time", totals(&store)?),
        Some(By::Day) => ("day", by_day(&store)?),
        Some(By::Model) => {
            let models = store.spent_by_model(FIRST..LAST)?.into_iter();
            ("model", models.map(|(model, sum)| (model.to_string(), sum)).collect())
        }
    };
    if sums.is_empty() && !arguments.json {
        output::say("Nothing was ordered yet.");
    }
    let width = sums.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, sum) in sums {
        if arguments.json {
            output::json_line(&as_json(what, &name, &sum));
        } else {
            output::line(&format!("{name:<width$}  {sum}"));
        }
    }
    Ok(Exit::Done)
}

/// What was spent today, this month, and in all.
fn totals(store: &Store) -> Result<Vec<(String, Sum)>, StoreError> {
    let now = engine::now();
    let times = [("today", now.day()), ("this month", now.month()), ("in all", FIRST..LAST)];
    let sums = times.into_iter().map(|(name, time)| Ok((name.to_owned(), store.spent(time)?)));
    sums.collect()
}

/// What was spent on each day on which anything was ordered.
fn by_day(store: &Store) -> Result<Vec<(String, Sum)>, StoreError> {
    let (mut days, mut from) = (Vec::new(), FIRST);
    while let Some(at) = store.first_charge(from)? {
        let day = at.day();
        from = day.end.max(Timestamp::from_millis(at.millis().saturating_add(1)));
        days.push((at.to_day(), store.spent(day)?));
    }
    Ok(days)
}

fn as_json(what: &str, name: &str, sum: &Sum) -> Value {
    json!({
        what: name,
        "cost_usd": sum.cost().usd(),
        "settled_usd": sum.settled.usd(),
        "estimated_usd": sum.estimated.usd(),
        "unknown": sum.unknown,
    })
}
