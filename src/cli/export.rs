//! `pentimento export`: copies of pictures for elsewhere.
//!
//! Promises that originals stay as they are, that no file is replaced, and that one picture
//! which cannot be exported keeps no other from it.

use std::path::PathBuf;

use serde_json::json;

use super::{Exit, Surroundings, opening, output, show};
use crate::domain::{Failure, FailureKind, Generation, Image, Naming};
use crate::face::export::{Copied, Terms, export};

/// Copy pictures, with the request written in them.
///
/// It stands there as AUTOMATIC1111 writes it, and whole for `pentimento import`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The ids, or enough of the beginning or end of each.
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Where the copies go; `[export] directory` of the configuration otherwise.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// How they are called: {date} {time} {provider} {model} {prompt:40} {id} {index}.
    #[arg(long, value_name = "TEMPLATE")]
    name: Option<String>,
    /// Write no request, and take out everything else that is not needed to see them.
    #[arg(long)]
    strip: bool,
    /// Print one JSON object for each copy.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let mut terms = Terms::of(surroundings.settings()?, &surroundings.environment);
    terms.strip = arguments.strip;
    if let Some(directory) = &arguments.output {
        terms.directory = surroundings.cwd.join(directory);
    }
    if let Some(name) = &arguments.name {
        terms.naming = name.parse::<Naming>().map_err(|error| {
            let what = format!("--name: {error}.");
            Failure::before_sending(FailureKind::Request, what, "")
        })?;
    }
    let store = opening::open(&surroundings.paths.dir)?;
    let (mut done, mut failed) = (0, 0);
    for id in &arguments.ids {
        let found = show::find(&store, id).and_then(|id| Ok(store.get(id)?));
        let generation = match found {
            Ok(Some(generation)) => generation,
            Ok(None) => continue,
            Err(failure) => {
                output::failure(&failure);
                failed += 1;
                continue;
            }
        };
        if generation.images.is_empty() {
            output::say(&format!("pentimento: {} has no picture.", generation.id.short()));
            failed += 1;
        }
        for image in &generation.images {
            match export(&generation, image, &terms) {
                Ok(copied) => {
                    done += 1;
                    tell(arguments, &generation, image, &copied);
                }
                Err(failure) => {
                    failed += 1;
                    output::failure(&failure);
                }
            }
        }
    }
    Ok(match (done, failed) {
        (_, 0) => Exit::Done,
        (0, _) => Exit::Failed,
        _ => Exit::Partly,
    })
}

fn tell(arguments: &Arguments, generation: &Generation, image: &Image, copied: &Copied) {
    let Copied { path, without } = copied;
    if let Some(why) = without {
        let path = path.display();
        output::say(&format!("pentimento: {path} is a plain copy: for the request {why}."));
    }
    if arguments.json {
        let has_request = !arguments.strip && without.is_none();
        output::json_line(&json!({
            "id": generation.id,
            "index": image.id.index,
            // A path need be no text; JSON is.
            "path": path.to_string_lossy(),
            "request": has_request,
        }));
    } else {
        output::path(path);
    }
}
