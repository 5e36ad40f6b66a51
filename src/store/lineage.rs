//! The lineage of a generation: what it came from, and what came of that.
//!
//! Promises that each relative costs one look into an index of parents or of ids, so that a
//! lineage takes time by how much of it is wanted, however long the history is; and that a
//! circle of parents, as only a damaged history has one, ends.

use std::collections::{HashMap, HashSet, VecDeque};

use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};

use super::{Store, StoreError, row};
use crate::domain::{GenerationId, Lineage, Relative};

pub(super) const ONE: &str = "SELECT seq, id, parent, batch, gone FROM generations WHERE id = ?1";
pub(super) const CHILDREN: &str =
    "SELECT seq, id, parent, batch, gone FROM generations WHERE parent = ?1 ORDER BY seq LIMIT ?2";

impl Store {
    /// The lineage of `of`: at most `most` relatives, the nearest ones. What it came from is
    /// first looked for, up to half of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn lineage(&self, of: GenerationId, most: usize) -> Result<Lineage, StoreError> {
        self.read(|db| {
            let mut search = Search::new(db, most)?;
            let line = search.climb(of, most / 2)?;
            let root = line.last().copied().unwrap_or(of);
            // Downwards from itself first, and then from each that it came from.
            for ancestor in line {
                search.descend(ancestor)?;
            }
            Ok(search.ended(of, root))
        })
    }
}

/// Relatives as they are found.
struct Search<'db> {
    one: CachedStatement<'db>,
    children: CachedStatement<'db>,
    most: usize,
    /// Whose children were looked for.
    descended: HashSet<GenerationId>,
    found: HashMap<GenerationId, Known>,
    is_cut: bool,
}

/// A relative, and its place in the history.
#[derive(Clone, Copy)]
struct Known {
    seq: i64,
    relative: Relative,
}

impl<'db> Search<'db> {
    fn new(db: &'db Connection, most: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            one: db.prepare_cached(ONE)?,
            children: db.prepare_cached(CHILDREN)?,
            most,
            descended: HashSet::new(),
            found: HashMap::new(),
            is_cut: false,
        })
    }

    /// What `of` came from, itself first, at most so many.
    fn climb(&mut self, of: GenerationId, most: usize) -> rusqlite::Result<Vec<GenerationId>> {
        let (mut line, mut next) = (Vec::new(), Some(of));
        while let Some(id) = next {
            if line.len() > most {
                self.is_cut = true;
                break;
            }
            let known = self.one.query_row([id.to_string()], known).optional()?.flatten();
            // Where a history was made again, its generations may come from lost ones.
            let lost = Relative { id, parent: None, batch: None, is_gone: true };
            let known = known.unwrap_or(Known { seq: i64::MIN, relative: lost });
            self.found.insert(id, known);
            line.push(id);
            next = known.relative.parent.filter(|parent| !self.found.contains_key(parent));
        }
        Ok(line)
    }

    /// All that came of `from`, generation by generation, as far as there is room.
    fn descend(&mut self, from: GenerationId) -> rusqlite::Result<()> {
        let mut waiting = VecDeque::from([from]);
        while let Some(id) = waiting.pop_front() {
            if !self.descended.insert(id) {
                continue;
            }
            // One of them may be known, and one more says that there are more.
            let room = self.most.saturating_sub(self.found.len()) + 2;
            let limit = i64::try_from(room).unwrap_or(i64::MAX);
            let children = self.children.query_map(params![id.to_string(), limit], known)?;
            let children: Vec<Option<Known>> = children.collect::<Result<_, _>>()?;
            for child in children.into_iter().flatten() {
                let id = child.relative.id;
                if self.found.contains_key(&id) {
                    continue;
                }
                if self.found.len() >= self.most {
                    self.is_cut = true;
                    break;
                }
                self.found.insert(id, child);
                waiting.push_back(id);
            }
        }
        Ok(())
    }

    /// All that were found, from `root` on.
    fn ended(self, of: GenerationId, root: GenerationId) -> Lineage {
        let Self { found, is_cut, .. } = self;
        let mut offspring: HashMap<GenerationId, Vec<Known>> = HashMap::new();
        // In a circle, the one where it was entered stands above the others.
        for known in found.values().filter(|known| known.relative.id != root) {
            offspring.entry(known.relative.parent.unwrap_or(root)).or_default().push(*known);
        }
        let mut relatives = Vec::with_capacity(found.len());
        let mut waiting: VecDeque<Known> = found.get(&root).copied().into_iter().collect();
        while let Some(known) = waiting.pop_front() {
            relatives.push(known.relative);
            let mut children = offspring.remove(&known.relative.id).unwrap_or_default();
            children.sort_unstable_by_key(|child| child.seq);
            waiting.extend(children);
        }
        Lineage { of, relatives, is_cut }
    }
}

/// The relative in this row; `None` where it has no name that can be read.
fn known(found: &Row<'_>) -> rusqlite::Result<Option<Known>> {
    let Ok(id) = row::parsed(found, "id") else { return Ok(None) };
    let relative = Relative {
        id,
        parent: row::maybe_parsed(found, "parent").unwrap_or_default(),
        batch: row::maybe_parsed(found, "batch").unwrap_or_default(),
        is_gone: found.get("gone")?,
    };
    Ok(Some(Known { seq: found.get("seq")?, relative }))
}
