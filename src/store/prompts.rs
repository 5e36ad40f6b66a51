//! The prompts ever sent, as they were written.

use std::collections::HashSet;

use rusqlite::params;

use crate::domain::{GenerationId, IMPORTED, Query, Request, template};

use super::{Start, Store, StoreError, row};

/// Generations that are looked at in one go.
const PAGE: u32 = 200;
/// Generations that are looked at, at most, for prompts that are all different.
const LOOKED_AT: usize = 4_000;

impl Store {
    /// The last different prompts of what `query` finds, at most `most`, the last one
    /// first: each as it was written, so that it can be sent again.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn prompts(&self, query: &Query, most: usize) -> Result<Vec<String>, StoreError> {
        let (mut prompts, mut seen) = (Vec::new(), HashSet::new());
        let (mut from, mut looked_at) = (Start::Newest, 0);
        loop {
            let page = self.page(query, from, PAGE)?;
            let Some(last) = page.last() else { break };
            from = Start::OlderThan(last.position);
            looked_at += page.len();
            let is_last = page.len() < PAGE as usize;
            for generation in page.into_iter().filter_map(|entry| entry.generation.ok()) {
                let written = generation.written();
                if prompts.len() < most && seen.insert(written.clone()) {
                    prompts.push(written);
                }
            }
            if is_last || prompts.len() >= most || looked_at >= LOOKED_AT {
                break;
            }
        }
        Ok(prompts)
    }

    /// The last different prompts of everything that a generation came from and that came
    /// of that, likewise.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn prompts_of_lineage(
        &self,
        id: GenerationId,
        most: usize,
    ) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(Option<String>, Option<Request>)> = self.read(|db| {
            db.prepare_cached(
                "WITH RECURSIVE
                     above (id, parent) AS (
                         SELECT id, parent FROM generations WHERE id = ?1
                         UNION SELECT g.id, g.parent FROM generations AS g
                             JOIN above ON g.id = above.parent),
                     family (id) AS (
                         SELECT id FROM above
                         UNION SELECT g.id FROM generations AS g
                             JOIN family ON g.parent = family.id
                         LIMIT ?2)
                 SELECT g.template, g.request FROM family JOIN generations AS g USING (id)
                 WHERE NOT g.gone AND g.trashed IS NULL ORDER BY g.seq DESC",
            )?
            .query_map(params![id.to_string(), LOOKED_AT as i64], |found| {
                // One that cannot be read must not hide the others.
                Ok((found.get("template")?, row::json(found, "request").ok()))
            })?
            .collect()
        })?;
        let mut seen = HashSet::new();
        let written = rows.into_iter().filter_map(|(written, request)| {
            written.or_else(|| Some(template::literal(&request?.prompt)))
        });
        Ok(written.filter(|prompt| seen.insert(prompt.clone())).take(most).collect())
    }

    /// The models that were asked for the last generations, the last one first, each once.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn models_used(&self) -> Result<Vec<String>, StoreError> {
        let all: Vec<String> = self.read(|db| {
            db.prepare_cached(
                "SELECT request ->> '$.model' AS model FROM generations \
                 WHERE NOT gone AND json_valid(request) \
                     AND request ->> '$.model' NOT LIKE ?2 || ':%' ORDER BY seq DESC LIMIT ?1",
            )?
            .query_map(params![PAGE, IMPORTED], |found| found.get("model"))?
            .collect()
        })?;
        let mut seen = HashSet::new();
        Ok(all.into_iter().filter(|model| seen.insert(model.clone())).collect())
    }
}
