//! `pentimento history`: what was made, newest first.

use std::ffi::OsString;
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
    if page.is_empty() && !arguments.json && io::stdout().is_terminal() {
        let is_search = !typed.trim().is_empty();
        output::say(if is_search { "Nothing was found." } else { "Nothing made yet." });
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

/// The arguments of the program, with the flags of `history` in front of what is searched
/// for: behind it they would pass for words that must not be there.
pub(super) fn flags_first(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments = arguments.into_iter();
    let (mut flags, mut words) = (Vec::new(), Vec::new());
    let mut is_history = false;
    while let Some(argument) = arguments.next() {
        let text = argument.to_str().unwrap_or_default();
        if is_history && text == "--" {
            words.push(argument);
            words.extend(arguments);
            break;
        }
        let has_value = ["--limit", "--dir"].contains(&text);
        if is_history && !text.starts_with("--") {
            words.push(argument);
            continue;
        }
        let is_program = flags.is_empty();
        let is_command = !is_program && !is_history && !text.starts_with('-');
        is_history |= is_command && text == "history";
        let is_other = is_command && !is_history;
        flags.push(argument);
        if has_value {
            flags.extend(arguments.next());
        }
        if is_other {
            flags.extend(arguments);
            break;
        }
    }
    flags.append(&mut words);
    flags
}
