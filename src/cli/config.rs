//! `pentimento config`: where the configuration is, whether it is right, and one to begin with.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use clap::Subcommand;
use serde_json::json;

use super::{Exit, Surroundings, output};
use crate::config::starter;
use crate::domain::{Failure, FailureKind};

/// Say where the configuration is, check it, or begin one
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

/// What to do with the configuration.
#[derive(Subcommand, Debug)]
enum What {
    /// Print where the configuration file is looked for
    Path {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Check it, and say what is wrong with it
    Check {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Write a file with every setting in it, each commented out; never over another
    Init {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(arguments: &Arguments, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let file = &surroundings.paths.config_file;
    let (path, exists) = (file.display().to_string(), file.exists());
    match arguments.what {
        What::Path { json: true } => output::json_line(&json!({ "path": path, "exists": exists })),
        What::Path { .. } => output::path(file),
        What::Check { json: true } => {
            let wrong = surroundings.settings.as_ref().err();
            output::json_line(&json!({
                "path": path,
                "exists": exists,
                "error": wrong.map(|it| json!({ "message": it.what, "hint": it.hint })),
            }));
            return Ok(if wrong.is_some() { Exit::Usage } else { Exit::Done });
        }
        What::Check { .. } => {
            surroundings.settings()?;
            let found = if exists { "is right" } else { "is not there: the defaults apply" };
            output::line(&format!("{path} {found}"));
        }
        What::Init { json } => {
            init(file)?;
            if json {
                output::json_line(&json!({ "path": path, "exists": true }));
            } else {
                output::path(file);
                output::say("Take the # away from what you want to change.");
            }
        }
    }
    Ok(Exit::Done)
}

/// Writes a file to begin with, for its owner alone, where there is none.
fn init(file: &Path) -> Result<(), Failure> {
    let dir = file.parent().unwrap_or(Path::new("/"));
    let written = DirBuilder::new().recursive(true).mode(0o700).create(dir).and_then(|()| {
        let mut new = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
        new.write_all(starter().as_bytes()).and_then(|()| new.sync_all()).inspect_err(|_| {
            // Half a file would pass for a configuration.
            let _ = std::fs::remove_file(file);
        })
    });
    written.map_err(|error| {
        let there = error.kind() == ErrorKind::AlreadyExists;
        let why = if there { "it is there already".to_owned() } else { error.to_string() };
        let what = format!("{} was not written: {why}.", file.display());
        let hint = if there {
            "It stays as it is. Move it away to begin anew."
        } else {
            "Make its directory writable, or choose another with --dir."
        };
        Failure::before_sending(FailureKind::Config, what, hint)
    })
}
