//! The prompts and the models that were used before.

use super::Keeper;
use crate::app::Event;
use crate::app::recall::{Asked, MOST, Scope};
use crate::domain::{ModelId, Query};
use crate::engine;
use crate::store::StoreError;

impl Keeper {
    pub(super) fn find_prompts(&self, asked: Asked) {
        match self.prompts(&asked) {
            Ok(prompts) => self.tell(Event::Prompts(asked, prompts)),
            Err(error) => self.fail(error),
        }
    }

    fn prompts(&self, asked: &Asked) -> Result<Vec<String>, StoreError> {
        let Asked { typed, scope, model, of, .. } = asked;
        let query = match (scope, of) {
            (Scope::Lineage, Some(of)) => {
                let all = self.store.prompts_of_lineage(*of, MOST)?;
                // There are few enough to look at each.
                let wanted = typed.to_lowercase();
                let fits = |prompt: &String| {
                    let prompt = prompt.to_lowercase();
                    wanted.split_whitespace().all(|word| prompt.contains(word))
                };
                return Ok(all.into_iter().filter(fits).collect());
            }
            (Scope::Model, _) => {
                let model = model.split(',').next().unwrap_or_default().trim();
                format!("model:\"{model}\" {typed}")
            }
            (Scope::Favourites, _) => format!("fav {typed}"),
            (Scope::All | Scope::Lineage, _) => typed.clone(),
        };
        self.store.prompts(&Query::parse(&query, engine::now(), &[]), MOST)
    }

    /// The models that were asked last.
    pub(super) fn models_used(&self) -> Result<Vec<ModelId>, StoreError> {
        let used = self.store.models_used()?;
        Ok(used.iter().filter_map(|model| model.parse().ok()).collect())
    }
}
