//! What the studio wishes of opinions, done in the history.

use super::Keeper;
use crate::app::Event;
use crate::app::opinions::{How, News, Wish};
use crate::store::{Changed, StoreError};

impl Keeper {
    pub(super) fn grant(&mut self, wish: Wish) {
        match self.granted(wish) {
            Ok(news) => {
                self.unsettled = !self.store.is_read_only();
                self.tell(Event::Opinion(news));
            }
            Err(error) => self.fail(error),
        }
    }

    fn granted(&mut self, wish: Wish) -> Result<News, StoreError> {
        let changed = |how, changed: Changed| News::Changed {
            how,
            change: changed.change,
            generations: changed.generations,
            protected: changed.protected,
            under_way: changed.under_way,
        };
        let perhaps =
            |how, done: Option<Changed>| done.map_or(News::Nothing(how), |done| changed(how, done));
        Ok(match wish {
            Wish::Change(ids, change) => changed(How::Done, self.store.change(&ids, &change)?),
            Wish::TakeBack => perhaps(How::TakenBack, self.store.undo()?),
            Wish::DoAgain => perhaps(How::DoneAgain, self.store.redo()?),
            Wish::Save(search) => {
                self.store.save_search(&search)?;
                self.known()?
            }
            Wish::Learn => self.known()?,
            Wish::Weigh => News::Weighed(self.store.weigh_trash()?),
            Wish::Empty => News::Emptied(self.store.empty_trash()?),
        })
    }

    fn known(&self) -> Result<News, StoreError> {
        Ok(News::Known(self.store.tags()?, self.store.searches()?))
    }

    /// Has the files of one generation follow its row, while nobody asks for anything.
    pub(super) fn settle(&mut self) {
        match self.store.settle() {
            Ok(more) => self.unsettled = more,
            Err(error) => {
                // The next change, or the next start, tries again.
                self.unsettled = false;
                self.fail(error);
            }
        }
    }
}
