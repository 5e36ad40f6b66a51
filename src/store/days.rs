//! Where days begin in the history.
//!
//! Owns what a day is there: rows of one day that stand together, as the screen has headings for
//! them. What came from elsewhere stands where it came in and keeps its own day, so the same day may
//! stand in several places, and an older one above a newer. Promises that finding another day looks
//! at no block of rows that is all of the same one: the table `spans` says which those are.

use rusqlite::{OptionalExtension, params};

use super::query::Position;
use super::search::SPAN;
use super::{Start, Store, StoreError};
use crate::domain::{GenerationId, Query, Timestamp};

/// The nearest block, downwards or upwards, that has rows of another time than this.
pub(super) const BLOCK_BELOW: &str = "SELECT block FROM spans \
     WHERE block <= ?1 AND (first < ?2 OR last >= ?3) ORDER BY block DESC LIMIT 1";
pub(super) const BLOCK_ABOVE: &str = "SELECT block FROM spans \
     WHERE block >= ?1 AND (first < ?2 OR last >= ?3) ORDER BY block LIMIT 1";

impl Store {
    /// The first place below `id` that `query` finds of another day than that of `id`.
    ///
    /// # Errors
    /// When the database or its row cannot be read.
    pub fn day_below(
        &self,
        query: &Query,
        id: GenerationId,
    ) -> Result<Option<Position>, StoreError> {
        let Some((place, asked)) = self.place_and_time(id)? else { return Ok(None) };
        Ok(self.other_day(query, place, asked, false)?.map(|(place, _)| place))
    }

    /// The first place that `query` finds of the day of `id`, or where that is `id`, of the day
    /// above it.
    ///
    /// # Errors
    /// When the database or its row cannot be read.
    pub fn day_above(
        &self,
        query: &Query,
        id: GenerationId,
    ) -> Result<Option<Position>, StoreError> {
        let Some((place, asked)) = self.place_and_time(id)? else { return Ok(None) };
        let above = self.other_day(query, place, asked, true)?;
        let begin = self.first_below(query, above)?.filter(|begin| *begin > place);
        let (None, Some((place, asked))) = (begin, above) else { return Ok(begin) };
        let above = self.other_day(query, place, asked, true)?;
        self.first_below(query, above)
    }

    /// The nearest place below or above this one that `query` finds of another day than that of
    /// `asked`, and its time.
    fn other_day(
        &self,
        query: &Query,
        Position(place): Position,
        asked: Timestamp,
        upwards: bool,
    ) -> Result<Option<(Position, Timestamp)>, StoreError> {
        let day = asked.day();
        let block: Option<i64> = self.read(|db| {
            db.prepare_cached(if upwards { BLOCK_ABOVE } else { BLOCK_BELOW })?
                .query_row(
                    params![place.div_euclid(SPAN), day.start.millis(), day.end.millis()],
                    |row| row.get(0),
                )
                .optional()
        })?;
        let Some(block) = block else { return Ok(None) };
        let from = if upwards {
            Start::NewerThan(Position(place.max(block * SPAN - 1)))
        } else {
            Start::OlderThan(Position(place.min((block + 1) * SPAN)))
        };
        let entry = self.page(&query.except(day), from, 1)?.pop();
        // Of a row that cannot be read, the place is all there is.
        Ok(entry.map(|entry| {
            (entry.position, entry.generation.map_or(asked, |generation| generation.created))
        }))
    }

    /// The first place below `above` that `query` finds, or the first of all.
    fn first_below(
        &self,
        query: &Query,
        above: Option<(Position, Timestamp)>,
    ) -> Result<Option<Position>, StoreError> {
        let from = above.map_or(Start::Newest, |(place, _)| Start::OlderThan(place));
        Ok(self.page(query, from, 1)?.pop().map(|entry| entry.position))
    }

    fn place_and_time(
        &self,
        id: GenerationId,
    ) -> Result<Option<(Position, Timestamp)>, StoreError> {
        let Some(place) = self.position(id)? else { return Ok(None) };
        Ok(self.get(id)?.map(|generation| (place, generation.created)))
    }
}
