//! The presets that are kept.

use super::Keeper;
use crate::app::Event;
use crate::app::presets::{Preset, Wish};
use crate::store::StoreError;

impl Keeper {
    pub(super) fn grant_presets(&mut self, wish: Wish) {
        if let Err(error) = self.granted_presets(wish) {
            self.fail(error);
        }
    }

    fn granted_presets(&mut self, wish: Wish) -> Result<(), StoreError> {
        match wish {
            Wish::Learn => {
                let all = self.store.presets()?.into_iter();
                let all = all.map(|(name, body)| Preset { name, body }).collect();
                self.tell(Event::Presets(all));
            }
            Wish::Keep(preset) => self.store.keep_preset(&preset.name, &preset.body)?,
            Wish::Forget(name) => self.store.forget_preset(&name)?,
        }
        Ok(())
    }
}
