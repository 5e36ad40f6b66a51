//! `pentimento config`: where the configuration is, and whether it is right.

use clap::Subcommand;

use super::{Exit, Surroundings, output};
use crate::domain::Failure;

/// Say where the configuration is, or check it.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

/// What to say of the configuration.
#[derive(Subcommand, Debug)]
enum What {
    /// Print where the configuration file is looked for
    Path,
    /// Check it, and say what is wrong with it
    Check,
}

pub(super) fn run(arguments: &Arguments, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let file = &surroundings.paths.config_file;
    match arguments.what {
        What::Path => output::line(&file.display().to_string()),
        What::Check => {
            surroundings.settings()?;
            let found = if file.exists() { "is right" } else { "is not there: the defaults apply" };
            output::line(&format!("{} {found}", file.display()));
        }
    }
    Ok(Exit::Done)
}
