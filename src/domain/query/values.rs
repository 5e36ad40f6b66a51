//! The numbers and sizes in a query.

use std::ops::RangeInclusive;

use super::{Condition, Shape};
use crate::domain::parse_size;

/// Beyond every amount, and every number of pixels.
const MOST: i64 = 999_999_999_999_999_999;
/// Billionths in a dollar.
const NANO: f64 = 1e9;
/// Pixels in a megapixel.
const MEGA: f64 = 1e6;

/// `3`, `>3`, `2..4`; a rating below something is still one, `0` is none.
pub(super) fn rating(text: &str) -> Option<RangeInclusive<u8>> {
    let stars = |text: &str| text.parse::<i64>().ok().filter(|stars| (0..=5).contains(stars));
    let stars = span(text, stars)?;
    let least = if *stars.start() == 0 && *stars.end() > 0 { 1 } else { *stars.start() };
    (least <= *stars.end()).then(|| least.clamp(0, 6) as u8..=(*stars.end()).clamp(0, 5) as u8)
}

/// `0.05`, `>$0.05`, `0.01..0.05`, in billionths of a dollar.
pub(super) fn cost(text: &str) -> Option<RangeInclusive<i64>> {
    if text == "free" {
        return Some(0..=0);
    }
    span(text, |text| scaled(text.trim_start_matches('$'), NANO))
}

/// `1024x768`, `portrait`, `>1mp`.
pub(super) fn size(text: &str) -> Option<Condition> {
    match text {
        "landscape" => return Some(Condition::Shape(Shape::Landscape)),
        "portrait" => return Some(Condition::Shape(Shape::Portrait)),
        "square" => return Some(Condition::Shape(Shape::Square)),
        _ => {}
    }
    if let Some(pixels) = text.strip_suffix("mp").and_then(|text| scaled(text, MEGA)) {
        // Nobody counts them: 1024 × 1024 is one megapixel.
        let near = MEGA as i64 / 20;
        return Some(Condition::Pixels((pixels - near).max(0)..=pixels + near - 1));
    }
    if text.contains("mp") {
        let pixels = span(text, |text| scaled(text.strip_suffix("mp").unwrap_or(text), MEGA));
        return pixels.map(Condition::Pixels);
    }
    match parse_size(text) {
        Ok((Some(width), Some(height))) => Some(Condition::Size(width, height)),
        _ => None,
    }
}

/// A number that is not negative, as so many whole parts of which `parts` are 1.
fn scaled(text: &str, parts: f64) -> Option<i64> {
    let is_plain = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let number = text.parse::<f64>().ok().filter(|_| is_plain)? * parts;
    (number < MOST as f64).then(|| number.round() as i64)
}

/// `3`, `>3`, `>=3`, `<3`, `<=3`, `2..4`, `2..`, `..4`.
fn span(text: &str, number: impl Fn(&str) -> Option<i64>) -> Option<RangeInclusive<i64>> {
    if let Some((from, to)) = text.split_once("..") {
        let from = if from.is_empty() { 0 } else { number(from)? };
        let to = if to.is_empty() { MOST } else { number(to.trim_start_matches('='))? };
        return (from <= to && text != "..").then_some(from..=to);
    }
    let after = |sign| text.strip_prefix(sign).and_then(&number);
    if text.starts_with(">=") {
        after(">=").map(|least| least..=MOST)
    } else if text.starts_with("<=") {
        after("<=").map(|most| 0..=most)
    } else if text.starts_with('>') {
        after(">").map(|below| below + 1..=MOST)
    } else if text.starts_with('<') {
        after("<").map(|above| 0..=above - 1)
    } else {
        number(text.strip_prefix('=').unwrap_or(text)).map(|it| it..=it)
    }
}
