//! Presets of the form, by name.

use rusqlite::{Row, params};

use super::{Store, StoreError};

impl Store {
    /// Every preset: its name, and what it holds as JSON; by name. One whose row was damaged
    /// is there with what can be read of it, so that the others are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn presets(&self) -> Result<Vec<(String, String)>, StoreError> {
        self.read(|db| {
            db.prepare_cached("SELECT name, body FROM presets ORDER BY name")?
                .query_map([], |found| Ok((text(found, "name")?, text(found, "body")?)))?
                .collect()
        })
    }

    /// Keeps a preset, in place of one of the same name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_preset(&mut self, name: &str, body: &str) -> Result<(), StoreError> {
        self.write(|db| {
            db.execute(
                "INSERT OR REPLACE INTO presets (name, body) VALUES (?1, ?2)",
                params![name, body],
            )?;
            Ok(())
        })
    }

    /// Forgets a preset.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn forget_preset(&mut self, name: &str) -> Result<(), StoreError> {
        self.write(|db| {
            db.execute("DELETE FROM presets WHERE name = ?1", [name])?;
            Ok(())
        })
    }
}

/// A text, whatever its bytes are.
fn text(row: &Row<'_>, column: &str) -> rusqlite::Result<String> {
    Ok(String::from_utf8_lossy(row.get_ref(column)?.as_bytes()?).into_owned())
}
