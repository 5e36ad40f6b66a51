//! `pentimento trash`: what is in the trash, and emptying it.
//!
//! Promises that nothing is deleted before somebody said yes.

use std::io::{self, IsTerminal};

use super::{Exit, Surroundings, consent, opening, output};
use crate::domain::{Failure, FailureKind, Weight};

/// Say how much is in the trash, or empty it.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

/// What to do with it.
#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Delete for good what is in the trash; this cannot be undone
    Empty {
        /// Without a question.
        #[arg(long)]
        yes: bool,
    },
}

pub(super) fn run(arguments: &Arguments, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let mut store = opening::open(&surroundings.paths.dir)?;
    let weight = store.weigh_trash()?;
    let Some(Command::Empty { yes }) = arguments.command else {
        output::line(&weight.words());
        output::say("`pentimento history trashed` lists it, `pentimento trash empty` deletes it.");
        return Ok(Exit::Done);
    };
    if weight == Weight::default() {
        output::say("There is nothing to delete.");
        return Ok(Exit::Done);
    }
    if !yes && !confirmed(weight)? {
        output::say("Nothing was deleted.");
        return Ok(Exit::Interrupted);
    }
    let emptied = store.empty_trash()?;
    output::say(&format!("Deleted for good: {}.", emptied.words()));
    Ok(Exit::Done)
}

/// Asks whoever sits at the terminal.
fn confirmed(weight: Weight) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::before_sending(
            FailureKind::Request,
            "Emptying the trash cannot be undone, and there is nobody to ask.",
            "With --yes it is done without a question.",
        ));
    }
    output::say(&format!(
        "Deleted for good, with their prompts: {}. This cannot be undone. Type yes:",
        weight.words()
    ));
    Ok(consent::says_yes())
}
