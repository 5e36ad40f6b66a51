//! From texts to prices and to the budget.
//!
//! Promises that an amount is a number of dollars. Must never compute a price.

use super::error::ConfigError;
use super::section::{Found, Section};
use crate::domain::{Budget, Cost, ExtraFields, Per, Price, Rate, parse_extra, parse_size};

/// What a single number is the price of: one picture of up to so many pixels.
const PRICED_AREA: u64 = 1024 * 1024;

/// The price of a model: a number, or a list of rates.
pub(super) fn read(found: Found<'_>) -> Result<Price, ConfigError> {
    if !found.is_list() {
        let cost = dollars(&found)?;
        let most_pixels = (!cost.is_free()).then_some(PRICED_AREA);
        let rate = Rate { cost, per: Per::Image, most_pixels, when: Vec::new(), with_image: true };
        return Ok(Price { rates: vec![rate] });
    }
    let rates = found.list("rates, for example [{ usd = 0.067, up_to = \"1024x1024\" }]")?;
    let rates = rates.iter().map(|found| rate(found.section()?));
    Ok(Price { rates: rates.collect::<Result<_, _>>()? })
}

fn rate(mut section: Section<'_>) -> Result<Rate, ConfigError> {
    let cost = dollars(&section.required("usd")?)?;
    let per = section.find("per").map_or(Ok(Per::Image), |per| {
        per.choice(&[
            ("image", Per::Image),
            ("megapixel", Per::Megapixel),
            ("step", Per::Step),
            ("megapixel-step", Per::MegapixelStep),
        ])
    })?;
    let most_pixels = section.find("up_to").map(|size| pixels(&size)).transpose()?;
    let when = section.find("when").map_or(Ok(Vec::new()), |when| fields(&when))?;
    let with_image = section.find("image").map_or(Ok(true), |image| image.boolean())?;
    section.finish()?;
    Ok(Rate { cost, per, most_pixels, when, with_image })
}

/// An amount for one picture, or for a part of it.
fn dollars(found: &Found<'_>) -> Result<Cost, ConfigError> {
    let usd = found.number(0.0..=1000.0)?;
    Ok(Cost::from_usd(usd).expect("it is in the range of money"))
}

fn pixels(size: &Found<'_>) -> Result<u64, ConfigError> {
    match parse_size(size.text()?) {
        Ok((Some(width), Some(height))) => Ok(u64::from(width) * u64::from(height)),
        Ok(_) => Err(size.meaningless("a size of a price has both sides")),
        Err(error) => Err(size.meaningless(&error.to_string())),
    }
}

fn fields(when: &Found<'_>) -> Result<ExtraFields, ConfigError> {
    let pairs = when.list("extra fields, for example [\"quality=low\"]")?;
    let pairs = pairs.iter().map(|pair| {
        parse_extra(pair.text()?).map_err(|error| pair.meaningless(&error.to_string()))
    });
    pairs.collect()
}

/// What may be spent.
pub(super) fn budget(mut section: Section<'_>) -> Result<Budget, ConfigError> {
    let budget = Budget {
        ask_above: limit(&section.get("ask_above"))?,
        ask_at: section.get("ask_at").whole(0..=100)?,
        per_batch: limit(&section.get("per_batch"))?,
        per_day: limit(&section.get("per_day"))?,
        per_month: limit(&section.get("per_month"))?,
    };
    section.finish()?;
    Ok(budget)
}

/// A number of dollars, or "none".
fn limit(found: &Found<'_>) -> Result<Option<Cost>, ConfigError> {
    if found.text().is_ok_and(|text| text == "none") {
        return Ok(None);
    }
    let usd = found
        .number(0.0..=1e6)
        .map_err(|_| found.wrong("a number of dollars from 0 to 1000000, or \"none\""))?;
    Ok(Cost::from_usd(usd))
}
