//! Where the program keeps its things.
//!
//! Owns the choice of directories. Promises that `--dir` and `PENTIMENTO_DIR` move
//! all of them. Must never create one.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use super::environment::Environment;
use crate::domain::{Failure, FailureKind};

/// The name of the user's configuration.
const CONFIG_FILE: &str = "config.toml";

/// The directories of the program. None of them need exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// What the user must not lose: configuration, history, images, trash.
    pub dir: PathBuf,
    /// The user's configuration, which may be missing.
    pub config_file: PathBuf,
    /// What can be made again: thumbnails.
    pub cache: PathBuf,
    /// Logs.
    pub logs: PathBuf,
}

impl Paths {
    /// All below `flag` (`--dir`), else below `PENTIMENTO_DIR`, else where this system
    /// keeps such things for its users. A relative directory is taken from the working
    /// directory.
    ///
    /// # Errors
    /// When the user has no home, or the working directory is gone.
    pub fn find(flag: Option<&Path>, environment: &Environment) -> Result<Self, Failure> {
        if let Some(dir) = flag.or_else(|| environment.get("PENTIMENTO_DIR").map(Path::new)) {
            let dir = std::path::absolute(dir).map_err(|error| {
                Failure::before_sending(
                    FailureKind::Config,
                    format!("No directory can be made of “{}”: {error}.", dir.display()),
                    "Give --dir or PENTIMENTO_DIR an absolute path.",
                )
            })?;
            let (cache, logs) = (dir.join("cache"), dir.join("log"));
            return Ok(Self { config_file: dir.join(CONFIG_FILE), cache, logs, dir });
        }
        let places = ProjectDirs::from("", "", "pentimento").ok_or_else(|| {
            Failure::before_sending(
                FailureKind::Config,
                "You have no home directory to keep pictures in.",
                "Set PENTIMENTO_DIR or HOME to a directory of yours.",
            )
        })?;
        Ok(Self {
            dir: places.config_dir().to_owned(),
            config_file: places.config_dir().join(CONFIG_FILE),
            cache: places.cache_dir().to_owned(),
            logs: places.state_dir().unwrap_or_else(|| places.data_local_dir()).to_owned(),
        })
    }
}
