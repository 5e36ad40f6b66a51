//! Pictures that were made elsewhere become entries of the history.
//!
//! Promises that the row is there before its file and notes that a receipt is owed, that a picture whose bytes the history
//! has is not taken a second time, and that an import which was broken off is finished by
//! the next one: the name of a generation follows from its picture. Must never touch the
//! file that is imported.

use std::collections::HashSet;

use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::domain::{Generation, GenerationId, Timestamp};

use super::{Store, StoreError, disk, opinions, row};

/// The pictures that the history had at a moment, by what is in them.
#[derive(Debug)]
pub struct KnownPictures {
    hashes: HashSet<String>,
    /// The last generation that was looked at.
    last: i64,
}

impl KnownPictures {
    /// Takes note of a picture, and says whether it is a new one.
    pub fn note(&mut self, bytes: &[u8]) -> bool {
        self.hashes.insert(disk::hex(Sha256::new_with_prefix(bytes)))
    }
}

impl Store {
    /// Every picture that the history has, the trash included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn known_pictures(&self) -> Result<KnownPictures, StoreError> {
        self.read(|db| {
            let last = "SELECT coalesce(max(seq), 0) FROM generations";
            let last = db.query_row(last, [], |found| found.get(0))?;
            let hashes = "SELECT sha256 FROM images WHERE path IS NOT NULL";
            let mut hashes = db.prepare(hashes)?;
            let hashes = hashes.query_map([], |found| found.get(0))?;
            Ok(KnownPictures { hashes: hashes.collect::<rusqlite::Result<_>>()?, last })
        })
    }

    /// Takes in a picture that was made elsewhere: its bytes as they are, and `generation`
    /// for what is known of it, under the name that [`imported_id`] gives. `None` where the
    /// history has those bytes, or exactly this picture, by now.
    ///
    /// # Errors
    /// When it cannot be written. What was begun is finished when it is imported again.
    pub fn import(
        &mut self,
        known: &mut KnownPictures,
        mut generation: Generation,
        bytes: &[u8],
    ) -> Result<Option<Generation>, StoreError> {
        let sha256 = disk::hex(Sha256::new_with_prefix(bytes));
        if known.hashes.contains(&sha256) {
            return Ok(None);
        }
        let last = known.last;
        let is_new = self.write(|db| {
            // Another process may import the same.
            let since = "SELECT 1 FROM images WHERE generation > ?1 AND sha256 = ?2";
            if db.query_row(since, params![last, sha256], |_| Ok(())).optional()?.is_some() {
                return Ok(false);
            }
            // One that was deleted for good has left a row, of which nothing is shown.
            db.prepare_cached("DELETE FROM generations WHERE id = ?1 AND gone")?
                .execute([generation.id.to_string()])?;
            let seq = if let Some(seq) = row::seq(db, generation.id)? {
                seq
            } else {
                let seq = row::insert(db, &generation)?;
                opinions::adopt(db, &generation, seq)?;
                seq
            };
            // Its receipt is to be written, by whoever comes next if not here.
            opinions::unsettle(db, seq)?;
            Ok(true)
        })?;
        if !is_new {
            return Ok(None);
        }
        let image = self.keep(&generation, 0, bytes)?;
        self.image_kept(&image)?;
        generation.images = vec![image];
        // What others owe is not for the import of this one to fail of.
        self.settle_own(generation.id)?;
        known.hashes.insert(sha256);
        Ok(Some(generation))
    }
}

/// The name of the generation of a picture that was made elsewhere: always the same one.
pub fn imported_id(bytes: &[u8], created: Timestamp) -> GenerationId {
    let hash = Sha256::digest(bytes);
    let entropy = hash.first_chunk().expect("a hash has more than ten bytes");
    GenerationId::from_parts(created.millis().max(0).unsigned_abs(), *entropy)
}
