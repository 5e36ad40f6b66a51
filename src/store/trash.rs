//! The trash: where the pictures of a generation lie while it is in it, and emptying it.
//!
//! Promises that a picture is where its row says as soon as nothing is in the way: the row
//! is written first, the file is renamed after it, and what a crash leaves between the two
//! is noted in the row's transaction and settled at the next start. A favourite is never
//! deleted. Rows and receipts name the place of a picture in the history, wherever it is.

use std::borrow::Cow;
use std::io;
use std::path::{Component, Path, PathBuf};

use rusqlite::{OptionalExtension, params};

use crate::domain::{GenerationId, Weight};

use super::{Store, StoreError, disk, images, row};

/// Where trashed pictures lie, below the directory of the history.
pub(super) const DIR: &str = "trash";

/// The directory in which a picture lies by its place in the history.
#[derive(Clone, Copy)]
pub(super) struct Place<'d> {
    /// The directory of the history.
    pub(super) dir: &'d Path,
    /// Whether its generation is in the trash.
    pub(super) trashed: bool,
}

impl Place<'_> {
    /// Where the picture at `relative`, which a row or a receipt says, is now; `None` when
    /// it leads out of the pictures, whoever wrote it.
    pub(super) fn resolve(self, relative: &Path) -> Option<PathBuf> {
        let below = relative.strip_prefix(images::DIR).ok()?;
        let inside = below.components().all(|part| matches!(part, Component::Normal(_)));
        let dir = if self.trashed { DIR } else { images::DIR };
        inside.then(|| self.dir.join(dir).join(below))
    }
}

/// What a row or a receipt says of a picture at `path`: its place in the history, below
/// `dir`.
pub(super) fn relative<'p>(dir: &Path, path: &'p Path) -> Cow<'p, str> {
    let below = path.strip_prefix(dir).unwrap_or(path);
    match below.strip_prefix(DIR) {
        Ok(trashed) => Path::new(images::DIR).join(trashed).to_string_lossy().into_owned().into(),
        Err(_) => below.to_string_lossy(),
    }
}

/// Whether a picture at `path` lies in the trash.
pub(super) fn holds(dir: &Path, path: &Path) -> bool {
    path.strip_prefix(dir).is_ok_and(|below| below.starts_with(DIR))
}

/// What can be emptied out of the trash.
const TO_EMPTY: &str = "trashed IS NOT NULL AND NOT favourite AND NOT gone";

impl Store {
    /// How much would be deleted by emptying the trash.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn weigh_trash(&self) -> Result<Weight, StoreError> {
        let weigh = format!(
            "SELECT count(DISTINCT g.seq), count(i.idx), coalesce(sum(i.bytes), 0) \
             FROM generations AS g \
             LEFT JOIN images AS i ON i.generation = g.seq AND i.path IS NOT NULL \
             WHERE {TO_EMPTY}"
        );
        self.read(|db| {
            db.prepare_cached(&weigh)?.query_row([], |found| {
                let count = |column| found.get(column).map(i64::unsigned_abs);
                Ok(Weight { generations: count(0)?, images: count(1)?, bytes: count(2)? })
            })
        })
    }

    /// Deletes what is in the trash for good: pictures, receipts, prompts. Favourites stay.
    /// That something was asked for then, of which model and what it cost, is kept. Says how
    /// much that was.
    ///
    /// # Errors
    /// When it cannot be written; what was deleted until then is gone. Files that cannot
    /// be deleted stay in the trash and are an error.
    pub fn empty_trash(&mut self) -> Result<Weight, StoreError> {
        let mut emptied = Weight::default();
        let one = format!("SELECT seq, id FROM generations WHERE {TO_EMPTY} LIMIT 1");
        loop {
            let found: Option<(i64, GenerationId)> = self.read(|db| {
                db.prepare_cached(&one)?
                    .query_row([], |found| Ok((found.get("seq")?, row::parsed(found, "id")?)))
                    .optional()
            })?;
            let Some((seq, id)) = found else { return Ok(emptied) };
            // One that has not got to the trash yet must not stay behind in the history.
            self.move_pictures(seq)?;
            // Files first: a row without them says what is missing, files without a row
            // would come back.
            for (path, bytes) in self.kept(seq)? {
                let place = Place { dir: self.dir(), trashed: true };
                if let Some(path) = place.resolve(Path::new(&path)) {
                    delete(&path)?;
                }
                emptied.images += 1;
                emptied.bytes += bytes;
            }
            for receipt in self.receipts(seq, id)? {
                delete(&receipt)?;
            }
            self.write(|db| {
                for change in [
                    "DELETE FROM images WHERE generation = ?1",
                    "DELETE FROM operation_changes WHERE generation = ?1",
                    "DELETE FROM unsettled WHERE generation = ?1",
                    "UPDATE tags SET uses = uses - 1 WHERE name IN \
                         (SELECT value FROM generations, json_each(tags) WHERE seq = ?1)",
                    // What came of it still hangs on what it came from, so `parent` stays.
                    "UPDATE generations SET gone = 1, tags = '[]', rating = 0, words = NULL, \
                         failure = NULL, template = NULL, \
                         request = json_object('prompt', '', 'model', request ->> '$.model') \
                     WHERE seq = ?1",
                ] {
                    db.prepare_cached(change)?.execute([seq])?;
                }
                db.execute("DELETE FROM tags WHERE uses <= 0", [])?;
                db.execute(
                    "DELETE FROM operations WHERE number NOT IN \
                         (SELECT operation FROM operation_changes)",
                    [],
                )?;
                Ok(())
            })?;
            emptied.generations += 1;
        }
    }

    /// Brings the files of one generation, of those that a crash or a full disk left behind,
    /// to where its row says, and has its receipt tell what the row does. `false` where
    /// there is none to settle.
    ///
    /// # Errors
    /// When a file cannot be moved or written; it is tried again later.
    pub fn settle(&mut self) -> Result<bool, StoreError> {
        // What is under way is still written by its worker.
        let next = "SELECT g.seq, g.id, u.version FROM unsettled AS u \
             JOIN generations AS g ON g.seq = u.generation \
             WHERE g.finished IS NOT NULL LIMIT 1";
        let found: Option<(i64, GenerationId, i64)> = self.read(|db| {
            db.prepare_cached(next)?
                .query_row([], |found| {
                    Ok((found.get("seq")?, row::parsed(found, "id")?, found.get("version")?))
                })
                .optional()
        })?;
        let Some((seq, id, version)) = found else { return Ok(false) };
        self.settle_one(seq, id, version)?;
        Ok(true)
    }

    /// Settles what this generation owes, if it does.
    ///
    /// # Errors
    /// When a file cannot be moved or written; it is tried again later.
    pub(super) fn settle_own(&mut self, id: GenerationId) -> Result<(), StoreError> {
        let of = "SELECT g.seq, u.version FROM unsettled AS u \
             JOIN generations AS g ON g.seq = u.generation WHERE g.id = ?1";
        let found: Option<(i64, i64)> = self.read(|db| {
            db.prepare_cached(of)?
                .query_row([id.to_string()], |found| Ok((found.get(0)?, found.get(1)?)))
                .optional()
        })?;
        found.map_or(Ok(()), |(seq, version)| self.settle_one(seq, id, version))
    }

    fn settle_one(&mut self, seq: i64, id: GenerationId, version: i64) -> Result<(), StoreError> {
        self.move_pictures(seq)?;
        if let Some(generation) = self.get(id)? {
            self.write_receipt(&generation)?;
        }
        self.write(|db| {
            db.prepare_cached("DELETE FROM unsettled WHERE generation = ?1 AND version = ?2")?
                .execute(params![seq, version])
        })
        .map(drop)
    }

    /// Moves the pictures of a generation to where its row says.
    pub(super) fn move_pictures(&self, seq: i64) -> Result<(), StoreError> {
        let trashed: bool = self.read(|db| {
            db.prepare_cached("SELECT trashed IS NOT NULL FROM generations WHERE seq = ?1")?
                .query_row([seq], |found| found.get(0))
        })?;
        let at = |trashed| Place { dir: self.dir(), trashed };
        for (path, _) in self.kept(seq)? {
            let path = Path::new(&path);
            if let (Some(from), Some(to)) = (at(!trashed).resolve(path), at(trashed).resolve(path))
            {
                shift(&from, &to)?;
            }
        }
        Ok(())
    }

    /// Where the kept pictures of a generation lie in the history, and how large they are.
    fn kept(&self, seq: i64) -> Result<Vec<(String, u64)>, StoreError> {
        self.read(|db| {
            db.prepare_cached(
                "SELECT path, bytes FROM images WHERE generation = ?1 AND path IS NOT NULL",
            )?
            .query_map([seq], |found| {
                Ok((found.get("path")?, row::size(found, "bytes")?.unwrap_or(0)))
            })?
            .collect()
        })
    }

    /// Where the receipt of a generation may lie.
    fn receipts(&self, seq: i64, id: GenerationId) -> Result<Vec<PathBuf>, StoreError> {
        let created = self.read(|db| {
            db.prepare_cached("SELECT created FROM generations WHERE seq = ?1")?
                .query_row([seq], |found| row::required_time(found, "created"))
        })?;
        let mut dirs = vec![images::month(self.dir(), created)];
        for (path, _) in self.kept(seq)? {
            let place = Place { dir: self.dir(), trashed: false };
            let path = place.resolve(Path::new(&path));
            dirs.extend(path.and_then(|path| path.parent().map(PathBuf::from)));
        }
        dirs.dedup();
        Ok(dirs.into_iter().map(|dir| dir.join(format!("{id}.json"))).collect())
    }
}

/// Renames a file, never in place of another. One that is not there was renamed before.
fn shift(from: &Path, to: &Path) -> Result<(), StoreError> {
    if !from.exists() || to.exists() {
        return Ok(());
    }
    if let Some(above) = to.parent() {
        disk::create_dir(above)?;
    }
    match std::fs::rename(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::io(from, error)),
        _ => {
            to.parent().map_or(Ok(()), disk::sync_dir)?;
            from.parent().map_or(Ok(()), disk::sync_dir)
        }
    }
}

fn delete(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::io(path, error)),
        _ => Ok(()),
    }
}
