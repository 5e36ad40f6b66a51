//! `pentimento history`: what was made, newest first.

use std::io::{self, IsTerminal};

use super::{Exit, Surroundings, opening, output, show};
use crate::domain::{Failure, Text};
use crate::engine;
use crate::store::{Filter, Start};

/// List what was made, newest first.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Words to search for; "a phrase", -without.
    #[arg(allow_hyphen_values = true)]
    query: Vec<String>,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u32,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
    /// Show the pictures inline.
    #[arg(long)]
    thumbnails: bool,
}

pub(super) fn run(arguments: &Arguments, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let store = opening::open(&surroundings.paths.dir)?;
    let filter = Filter::parse(&arguments.query.join(" "));
    let page = store.page(&filter, Start::Newest, arguments.limit)?;
    let now = engine::now();
    let (mut unreadable, mut inline) = (0, None);
    for entry in &page {
        let Ok(generation) = &entry.generation else {
            unreadable += 1;
            continue;
        };
        if arguments.json {
            output::json_line(&output::json(generation, now));
            continue;
        }
        if let Some(image) = generation.images.first()
            && arguments.thumbnails
            && io::stdout().is_terminal()
        {
            show::picture(image, *inline.get_or_insert_with(|| show::inline(surroundings)));
        }
        output::line(&format!(
            "{}  {}  {:<11}  {}",
            generation.id.short(),
            generation.created.to_minute(),
            generation.job.name(),
            Text::capped(generation.request.prompt.trim(), 100),
        ));
    }
    if unreadable > 0 {
        output::say(&format!("pentimento: {unreadable} rows cannot be read."));
        return Ok(Exit::Partly);
    }
    Ok(Exit::Done)
}
