//! How SQLite goes about the questions that a long history is asked.
//!
//! Owns nothing of them: the words of each stand where it is asked. Promises that they are
//! explained as they are asked, to whoever wants to know whether one of them reads more rows
//! than it finds. Must never be asked by the program itself.

use rusqlite::{Connection, ToSql, named_params};

use super::search::{self, Plan};
use super::{Store, StoreError, days, lineage, query, recovery};
use crate::domain::Query;

impl Store {
    /// How a page of what `query` finds is read, downwards and upwards, a line for each step.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn explain(&self, query: &Query) -> Result<Vec<String>, StoreError> {
        self.read(|db| {
            let Some(plan) = Plan::of(db, query)? else { return Ok(Vec::new()) };
            let parameters = named_params! {
                ":expression": plan.expression, ":above": 0, ":below": 9, ":limit": 9,
            };
            let mut steps = Vec::new();
            for upwards in [false, true] {
                steps.extend(explained(db, &plan.page(upwards), parameters)?);
            }
            Ok(steps)
        })
    }

    /// How the questions are answered whose words are always the same: what is asked, and a line
    /// for each step.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn explain_others(&self) -> Result<Vec<(&'static str, Vec<String>)>, StoreError> {
        let state = search::state("interrupted");
        let others: [(&str, &str, &[&dyn ToSql]); 8] = [
            ("a relative", lineage::ONE, &[&"id"]),
            ("what came of it", lineage::CHILDREN, &[&"id", &1]),
            ("the beginning of an id", query::BEGINS, &[&"01"]),
            ("the end of an id", query::ENDS, &[&"01"]),
            ("unknown outcomes", recovery::UNKNOWN, &[&state]),
            ("the blocks of a time", search::BLOCKS, &[&0, &1]),
            ("another day below", days::BLOCK_BELOW, &[&9, &0, &1]),
            ("another day above", days::BLOCK_ABOVE, &[&0, &0, &1]),
        ];
        self.read(|db| {
            let explained = |(what, sql, parameters)| Ok((what, explained(db, sql, parameters)?));
            others.into_iter().map(explained).collect()
        })
    }
}

fn explained<P: rusqlite::Params>(
    db: &Connection,
    sql: &str,
    parameters: P,
) -> rusqlite::Result<Vec<String>> {
    let mut explain = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    explain.query_map(parameters, |row| row.get("detail"))?.collect()
}
