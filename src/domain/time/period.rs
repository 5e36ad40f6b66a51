//! Days, months and years as a person types them, in the zone of the machine.

use std::ops::Range;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};

use super::Timestamp;

/// Before every moment.
pub(in crate::domain) const FIRST: Timestamp = Timestamp::from_millis(i64::MIN);
/// After every moment.
pub(in crate::domain) const LAST: Timestamp = Timestamp::from_millis(i64::MAX);

/// The time that `text` names at `now`, to just before its end: `2026`, `2026-10`,
/// `2026-10-03`, `today`, `yesterday`; `3d`, `2w`, `6m` and `1y` are the day so long ago.
pub(in crate::domain) fn period(text: &str, now: Timestamp) -> Option<Range<Timestamp>> {
    let zone = TimeZone::system();
    let today = zone.to_datetime(now.instant()).date();
    let (first, length) = dates(text, today)?;
    let begin = |date: Date| {
        let at = zone.to_timestamp(date.to_datetime(Time::midnight())).ok()?;
        Some(Timestamp::from_millis(at.as_millisecond()))
    };
    Some(begin(first)?..begin(first.checked_add(length).ok()?)?)
}

/// The first day that `text` names, and how long from then on.
fn dates(text: &str, today: Date) -> Option<(Date, Span)> {
    let day = 1.day();
    match text {
        "today" => return Some((today, day)),
        "yesterday" => return Some((today.yesterday().ok()?, day)),
        _ => {}
    }
    if let Some((unit_at, unit)) = text.char_indices().next_back()
        && let Ok(count) = text[..unit_at].parse::<u16>()
        && unit.is_ascii_alphabetic()
    {
        let count = i32::from(count);
        let ago = match unit {
            'd' => count.days(),
            'w' => count.weeks(),
            'm' => count.months(),
            'y' => count.years(),
            _ => return None,
        };
        return Some((today.checked_sub(ago).ok()?, day));
    }
    let is_plain = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    if !parts.iter().all(is_plain) || parts[0].len() != 4 {
        return None;
    }
    let number = |part: &str| part.parse::<i8>().ok();
    let year = parts[0].parse().ok()?;
    match *parts {
        [_] => Some((Date::new(year, 1, 1).ok()?, 1.year())),
        [_, month] => Some((Date::new(year, number(month)?, 1).ok()?, 1.month())),
        [_, month, of_month] => {
            Some((Date::new(year, number(month)?, number(of_month)?).ok()?, day))
        }
        _ => None,
    }
}
