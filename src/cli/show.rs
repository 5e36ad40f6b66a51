//! `pentimento show`: one generation in the scrollback.

use std::io::{self, IsTerminal};

use super::{Exit, Surroundings, asking, opening, output};
use crate::domain::{Failure, FailureKind, GenerationId, Image, Text};
use crate::engine;
use crate::engine::link::own_program;
use crate::graphics::{self, Display, Inline};
use crate::store::{Found, Store};

/// Columns and rows of a picture in the scrollback, at most.
const BOX: (u16, u16) = (60, 24);

/// Show one generation: its picture inline, its request below.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The id, or enough of its beginning or end to tell it from the others.
    id: String,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let store = opening::open(&surroundings.paths.dir)?;
    let id = find(&store, &arguments.id)?;
    let Some(generation) = store.get(id)? else { return Ok(Exit::Failed) };
    if arguments.json {
        output::json_line(&output::json(&generation, engine::now()));
        return Ok(Exit::Done);
    }
    if io::stdout().is_terminal() {
        pictures(&generation.images, surroundings);
    }
    let estimate = surroundings.estimate(&generation.request);
    output::line(&output::describe(&generation, engine::now(), estimate));
    Ok(Exit::Done)
}

/// The generation that a person names by a part of its id.
pub(super) fn find(store: &Store, part: &str) -> Result<GenerationId, Failure> {
    let shown = format!("“{}”", Text::capped(part, 40));
    let (what, hint) = match store.find(part)? {
        Found::One(id) => return Ok(id),
        Found::None => {
            (format!("There is no generation {shown}."), "`pentimento history` lists them.")
        }
        Found::Ambiguous => {
            (format!("{shown} names more than one generation."), "Write more of it.")
        }
    };
    Err(Failure::before_sending(FailureKind::Request, what, hint))
}

/// Shows pictures inline, or says why not.
pub(super) fn pictures(images: &[Image], surroundings: &Surroundings) {
    if images.is_empty() {
        return;
    }
    let inline = inline(surroundings);
    for image in images {
        picture(image, inline);
    }
}

/// How pictures are shown inline. The terminal is asked, so once is enough.
pub(super) fn inline(surroundings: &Surroundings) -> Inline {
    let (display, overrides) = (surroundings.display, surroundings.overrides);
    let (columns, rows) = terminal_box();
    if overrides.protocol == Some(None) {
        let cell = overrides.cell.unwrap_or(display.cell);
        return Inline { protocol: None, display: Display { cell, ..display }, columns, rows };
    }
    let conclusion = asking::ask(surroundings).probe.conclusion(cells().unwrap_or(BOX));
    // What tmux passes on it neither scrolls nor clears with its text.
    let protocol = conclusion.protocol.filter(|_| !conclusion.tmux);
    let cell = conclusion.cell.unwrap_or(display.cell);
    Inline { protocol, display: Display { cell, ..display }, columns, rows }
}

/// Shows one picture inline, or says why not.
pub(super) fn picture(image: &Image, inline: Inline) {
    let decoded = super::runtime().and_then(|runtime| {
        runtime.block_on(graphics::decode(&own_program(), &image.path, inline.fit()))
    });
    let printed = decoded.and_then(|pixels| inline.print(&pixels));
    if let Err(failure) = printed {
        output::failure(&failure);
    }
}

/// The room for a picture: the terminal, less a line for the prompt of the shell.
fn terminal_box() -> (u16, u16) {
    cells().map_or(BOX, |(columns, rows)| (BOX.0.min(columns), BOX.1.min(rows.saturating_sub(2))))
}

/// Columns and rows of the terminal.
fn cells() -> Option<(u16, u16)> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    Some((size.ws_col, size.ws_row))
}
