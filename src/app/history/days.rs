//! The days of the history, and going from one to the next: rows of one day that stand together,
//! as headings part them, whatever their order.
//!
//! Promises that what is loaded is gone to at once, and that for anything else one page is
//! asked for, which begins with it.

use super::{From, History, Wanted};
use crate::domain::Generation;

impl History {
    /// Goes to the first row of the next day below.
    pub(in crate::app) fn go_day_down(&mut self) -> Option<Wanted> {
        let selected = self.selected()?;
        let (id, day) = (selected.id, selected.created.day());
        let is_other = |row: &Generation| !day.contains(&row.created);
        match self.rows[self.selected..].iter().position(is_other) {
            Some(by) => self.selected += by,
            None if self.at_oldest => return None,
            None => return self.want(From::DayBelow(id)),
        }
        self.refill()
    }

    /// Goes to the first row of this day, or where that is selected, of the day above.
    pub(in crate::app) fn go_day_up(&mut self) -> Option<Wanted> {
        let selected = self.selected()?;
        let (id, own) = (selected.id, selected.created.day());
        let above = &self.rows[..self.selected];
        let first_of = |day: std::ops::Range<_>, below: usize| {
            above[..below].iter().rposition(|row| !day.contains(&row.created)).map(|at| at + 1)
        };
        let begin = first_of(own, self.selected);
        let begin = match begin {
            // One stands on the first of its day: that above ends here.
            Some(at) if at == self.selected && at > 0 => first_of(above[at - 1].created.day(), at),
            begin => begin,
        };
        match begin {
            Some(at) => self.selected = at,
            None if self.at_newest => self.selected = 0,
            None => return self.want(From::DayAbove(id)),
        }
        self.refill()
    }

    /// Whether no row below is of another day.
    pub(in crate::app) fn is_last_day(&self) -> bool {
        let day = self.selected().map(|row| row.created.day());
        let is_other =
            |row: &Generation| day.as_ref().is_some_and(|day| !day.contains(&row.created));
        self.at_oldest && !self.rows[self.selected..].iter().any(is_other)
    }
}
