//! `pentimento history`: what was made, newest first.

use std::io::{self, IsTerminal};

use super::{Exit, Surroundings, opening, output, show};
use crate::domain::{Failure, Opinion, Text};
use crate::engine;
use crate::store::Start;

/// List what was made, newest first.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// What to search for, as in the studio: words, "a phrase", -without, model:, provider:,
    /// after:, before:, on:, rated:, tag:, size:, cost:, has:base, is:, fav, failed, trashed, @name.
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
    let now = engine::now();
    let typed = arguments.query.join(" ");
    let query = store.query(&typed, now)?;
    let page = store.page(&query, Start::Newest, arguments.limit)?;
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
            "{}  {}  {:<11}  {}{}",
            generation.id.short(),
            generation.created.to_minute(),
            generation.job.name(),
            opinion(&generation.opinion),
            Text::capped(generation.request.prompt.trim(), 100),
        ));
    }
    for wrong in query.wrong() {
        let column = wrong.column(&typed);
        output::say(&format!("pentimento: character {column} of the search: {}", wrong.what));
    }
    if !query.wrong().is_empty() {
        return Ok(Exit::Partly);
    }
    if unreadable > 0 {
        output::say(&format!("pentimento: {unreadable} rows cannot be read."));
        return Ok(Exit::Partly);
    }
    Ok(Exit::Done)
}

/// What the user thinks of it, before its prompt.
fn opinion(opinion: &Opinion) -> String {
    match opinion.signs() {
        signs if signs.is_empty() => signs,
        signs => format!("{signs}  "),
    }
}
