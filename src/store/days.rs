//! Where days begin in the history.
//!
//! Promises that finding one looks at no more than the rows of the blocks in which it lies: the
//! table `spans` says which those are. Times are those of asking; rows that came from elsewhere
//! later stand where they came in.

use super::query::Position;
use super::{Start, Store, StoreError};
use crate::domain::{GenerationId, Query, Timestamp};

impl Store {
    /// The first place below `id` that `query` finds of an older day than that of `id`.
    ///
    /// # Errors
    /// When the database or its row cannot be read.
    pub fn day_below(
        &self,
        query: &Query,
        id: GenerationId,
    ) -> Result<Option<Position>, StoreError> {
        let Some((place, asked)) = self.place_and_time(id)? else { return Ok(None) };
        let older = query.asked(None, Some(asked.day().start));
        self.first(&older, Start::OlderThan(place))
    }

    /// The newest place that `query` finds of the day of `id`, or where that is `id`, of the
    /// next newer day.
    ///
    /// # Errors
    /// When the database or its row cannot be read.
    pub fn day_above(
        &self,
        query: &Query,
        id: GenerationId,
    ) -> Result<Option<Position>, StoreError> {
        let Some((place, asked)) = self.place_and_time(id)? else { return Ok(None) };
        let day = asked.day();
        let newest = |of: std::ops::Range<Timestamp>| {
            self.first(&query.asked(Some(of.start), Some(of.end)), Start::Newest)
        };
        if let Some(own) = newest(day.clone())?.filter(|own| *own > place) {
            return Ok(Some(own));
        }
        let newer = query.asked(Some(day.end), None);
        let entry = self.page(&newer, Start::NewerThan(place), 1)?.pop();
        let Some(entry) = entry else { return Ok(None) };
        match entry.generation {
            Ok(generation) => newest(generation.created.day()),
            Err(_) => Ok(Some(entry.position)),
        }
    }

    fn first(&self, query: &Query, from: Start) -> Result<Option<Position>, StoreError> {
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
