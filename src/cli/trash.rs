//! `pentimento trash`: what is in the trash, and emptying it.
//!
//! Promises that nothing is deleted before somebody said yes.

use std::io::{self, IsTerminal};

use serde_json::json;

use super::{Exit, Surroundings, consent, opening, output};
use crate::domain::{Failure, FailureKind, Weight};

/// Say how much is in the trash, or empty it.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Print one JSON object.
    #[arg(long, global = true)]
    json: bool,
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
        print(weight, arguments.json);
        output::say("`pentimento history trashed` lists it, `pentimento trash empty` deletes it.");
        return Ok(Exit::Done);
    };
    if weight == Weight::default() {
        if arguments.json {
            print(weight, true);
        }
        output::say("There is nothing to delete.");
        return Ok(Exit::Done);
    }
    if !yes && !confirmed(weight)? {
        output::say("Nothing was deleted.");
        return Ok(Exit::Interrupted);
    }
    let emptied = store.empty_trash()?;
    if arguments.json {
        print(emptied, true);
    }
    output::say(&format!("Deleted for good: {}.", emptied.words()));
    Ok(Exit::Done)
}

/// Prints how much it is.
fn print(weight: Weight, json: bool) {
    if json {
        let Weight { generations, images, bytes } = weight;
        let value = json!({ "generations": generations, "images": images, "bytes": bytes });
        output::json_line(&value);
    } else {
        output::line(&weight.words());
    }
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
