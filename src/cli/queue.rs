//! `pentimento queue`: what is under way and waits, and pausing it.
//!
//! Promises that no command sends what is paused, nor waits for ever for it: it says so.

use super::{Exit, Surroundings, opening, output};
use crate::config::secrets;
use crate::domain::{Failure, FailureKind, GenerationId, Job, Pause, Pauses, Request};
use crate::engine;
use crate::store::Store;

/// Generations that are listed at most for a person.
const MOST: u32 = 1000;

/// List what is under way and waits, or pause it.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// What to do with it.
#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Send nothing more, or nothing more to one provider
    Pause {
        /// Only what waits for it.
        provider: Option<String>,
    },
    /// Let it go on
    Resume {
        /// Only what waits for it.
        provider: Option<String>,
    },
}

pub(super) fn run(arguments: &Arguments, surroundings: &Surroundings) -> Result<Exit, Failure> {
    if let Some(Command::Pause { provider: Some(provider) }) = &arguments.command {
        secrets::check_provider(surroundings.settings()?, provider, "Not paused")?;
    }
    let mut store = opening::open(&surroundings.paths.dir)?;
    let named = |provider: &Option<String>| provider.clone().map_or(Pause::All, Pause::Provider);
    match &arguments.command {
        Some(Command::Pause { provider }) => drop(store.pause(&named(provider))?),
        Some(Command::Resume { provider }) => drop(store.resume(&named(provider))?),
        None => {
            let (line, waiting) = store.line(if arguments.json { u32::MAX } else { MOST })?;
            for generation in &line {
                if arguments.json {
                    output::json_line(&output::json(generation, engine::now()));
                } else {
                    let estimate = surroundings.estimate(&generation.request);
                    output::line(&output::describe(generation, engine::now(), estimate));
                }
            }
            let shown = line.iter().filter(|generation| generation.job.is_waiting()).count();
            let more = (waiting as usize).saturating_sub(shown);
            if more > 0 && !arguments.json {
                output::say(&format!("… and {more} more wait; --json lists all of them."));
            }
        }
    }
    output::say(&words(&store.pauses()?));
    Ok(Exit::Done)
}

/// What is paused.
fn words(pauses: &Pauses) -> String {
    let names: Vec<&str> = pauses.iter().map(Pause::name).filter(|name| !name.is_empty()).collect();
    match (pauses.has(&Pause::All), names.is_empty()) {
        (true, _) => "The queue is paused; `pentimento queue resume` lets it go on.".to_owned(),
        (false, false) => format!("What waits for {} is paused.", names.join(", ")),
        (false, true) => "Nothing is paused.".to_owned(),
    }
}

/// Refuses requests that would wait until somebody lets them go on.
pub(super) fn refuse_paused(store: &Store, requests: &[Request]) -> Result<(), Failure> {
    let pauses = store.pauses()?;
    let held = requests.iter().find(|request| pauses.holds(request.model.provider()));
    held.map_or(Ok(()), |request| Err(paused(&pauses, request.model.provider())))
}

/// Which of those that are waited for are under way no more, whoever ended them, and whether
/// one of the others waits for what somebody has paused meanwhile.
pub(super) fn elsewhere<'a>(
    store: &Store,
    ids: impl IntoIterator<Item = &'a GenerationId>,
) -> Result<(Vec<GenerationId>, Option<Failure>), Failure> {
    let pauses = store.pauses()?;
    let (mut ended, mut held) = (Vec::new(), None);
    for id in ids {
        // Of one that cannot be read the worker tells.
        let Ok(found) = store.get(*id) else { continue };
        match found.filter(|it| it.job.is_under_way()) {
            None => ended.push(*id),
            Some(generation) => {
                let provider = generation.request.model.provider();
                let waits = generation.job == Job::Queued && pauses.holds(provider);
                held = held.or_else(|| waits.then(|| paused(&pauses, provider)));
            }
        }
    }
    Ok((ended, held))
}

/// That nothing is sent to `provider` for now.
pub(super) fn paused(pauses: &Pauses, provider: &str) -> Failure {
    let (what, how) = if pauses.has(&Pause::All) {
        ("the queue".to_owned(), "pentimento queue resume".to_owned())
    } else {
        (format!("what waits for {provider}"), format!("pentimento queue resume {provider}"))
    };
    Failure::before_sending(
        FailureKind::Request,
        format!("Not sent: {what} is paused."),
        format!("`{how}` lets it go on, and so does F9 in the studio."),
    )
}
