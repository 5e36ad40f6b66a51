//! `pentimento doctor`: what is in effect, why, and how to change it.

mod lingering;
mod terminal;

use serde_json::{Map, Value, json};

use super::{Exit, Surroundings, output};
use crate::config::secrets;
use crate::domain::{Failure, Query};
use crate::engine;
use crate::store::{About, Store};
use lingering::Lingering;

/// Say what is in effect, and why: terminal, keys, paths, database.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// Set a damaged database aside and make a new one from the receipts beside the
    /// pictures. Close every studio first.
    #[arg(long)]
    rebuild: bool,
}

/// Less room than this on the disk is worth a word, in bytes.
const SCARCE: u64 = 256 << 20;

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    found: String,
    /// How to mend it, where it is off.
    mend: Option<String>,
}

pub(super) fn run(arguments: &Arguments, surroundings: &Surroundings) -> Result<Exit, Failure> {
    if arguments.rebuild {
        return rebuild(surroundings);
    }
    let mut findings = terminal::findings(surroundings);
    findings.extend(configuration(surroundings));
    findings.extend(history(surroundings));
    if arguments.json {
        let fields: Map<String, Value> = findings
            .iter()
            .map(|it| (it.what.replace(' ', "_"), json!({ "found": it.found, "mend": it.mend })))
            .collect();
        output::json_line(&Value::Object(fields));
    } else {
        for finding in &findings {
            let sign = if finding.mend.is_some() { "!" } else { " " };
            output::line(&format!("{sign} {:<16} {}", finding.what, finding.found));
            if let Some(mend) = &finding.mend {
                output::line(&format!("  {:<16} → {mend}", ""));
            }
        }
    }
    Ok(Exit::Done)
}

fn fine(what: &'static str, found: impl Into<String>) -> Finding {
    Finding { what, found: found.into(), mend: None }
}

fn off(what: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Finding {
    Finding { what, found: found.into(), mend: Some(mend.into()) }
}

fn configuration(surroundings: &Surroundings) -> Vec<Finding> {
    let file = surroundings.paths.config_file.display().to_string();
    let settings = match &surroundings.settings {
        Ok(settings) => settings,
        Err(failure) => {
            return vec![off("configuration", failure.what.to_string(), failure.hint.to_string())];
        }
    };
    let there = if surroundings.paths.config_file.exists() { "" } else { " (not there: defaults)" };
    let mut findings = vec![fine("configuration", format!("{file}{there}"))];
    let present = secrets::present(settings, &surroundings.environment, &surroundings.cwd);
    let mut any = false;
    let mut keys = Vec::new();
    for (service, source) in present.iter() {
        any |= source.is_some();
        keys.push(match source {
            Some(source) => format!("{service}: from {source}"),
            None => format!("{service}: none"),
        });
    }
    let keys = keys.join(", ");
    findings.push(if any {
        fine("keys", keys)
    } else {
        let mend = "set LANGBASE_API_KEY and the key of a provider, for example OPENAI_API_KEY; \
                    demo:painter needs none";
        off("keys", keys, mend)
    });
    findings.push(fine("model", settings.start_model(&present).to_string()));
    findings.push(fine("langbase", settings.langbase.base_url.to_string()));
    findings
}

fn history(surroundings: &Surroundings) -> Vec<Finding> {
    let dir = &surroundings.paths.dir;
    let mut findings = vec![
        fine("history", dir.display().to_string()),
        fine("cache", surroundings.paths.cache.display().to_string()),
        fine("logs", surroundings.paths.logs.display().to_string()),
    ];
    let lingering = lingering::policy(surroundings.environment.get("USER"));
    findings.push(workers(lingering));
    let store = match Store::open(dir) {
        Ok(store) => store,
        Err(error) => {
            let failure = Failure::from(error);
            findings.push(off("database", failure.what.to_string(), failure.hint.to_string()));
            return findings;
        }
    };
    findings.push(match store.check() {
        Ok(()) => {
            let made = store.count(&Query::default(), u32::MAX).unwrap_or(0);
            fine("database", format!("{made} generations, sound"))
        }
        Err(error) => {
            let failure = Failure::from(error);
            off("database", failure.what.to_string(), failure.hint.to_string())
        }
    });
    match store.about() {
        Ok(about) => findings.extend(place(&about)),
        Err(error) => {
            let failure = Failure::from(error);
            findings.push(off("disk", failure.what.to_string(), failure.hint.to_string()));
        }
    }
    findings
}

/// How the history lies on its disk.
fn place(about: &About) -> [Finding; 4] {
    let tables = format!("version {}, read by programs from {}", about.schema, about.oldest_reader);
    let tables = match about.own_schema {
        own if own < about.schema => {
            off("tables", format!("{tables}; this program makes {own}"), "update this program")
        }
        _ => fine("tables", tables),
    };
    let free = format!("{} MiB", about.free >> 20);
    let free = match about.free {
        0..SCARCE => off("free space", free, "free some: without room nothing is sent"),
        _ => fine("free space", free),
    };
    let kind = about.file_system.as_deref().unwrap_or("of a kind that the system does not tell");
    [tables, fine("journal", &*about.journal), fine("file system", kind), free]
}

/// What becomes of a worker whose user logs out.
fn workers(lingering: Lingering) -> Finding {
    let linger = "`loginctl enable-linger` keeps what was asked for running after you log out";
    match lingering {
        Lingering::NoManager => fine("after logout", "workers go on: nothing here ends them"),
        Lingering::Enabled => fine("after logout", "workers go on: lingering is enabled for you"),
        Lingering::Stays => fine("after logout", "workers go on: KillUserProcesses=no"),
        Lingering::Ends => off("after logout", "workers are ended: KillUserProcesses=yes", linger),
        Lingering::Unknown => {
            fine("after logout", format!("as the system was built: if it ends them, {linger}"))
        }
    }
}

/// Makes a new database out of the receipts; the old one is kept beside it.
fn rebuild(surroundings: &Surroundings) -> Result<Exit, Failure> {
    let dir = &surroundings.paths.dir;
    if let Some(aside) = Store::set_aside(dir, engine::now())? {
        output::say(&format!("The old database is kept as {}.", aside.display()));
    }
    let rebuilt = Store::open(dir)?.rebuild()?;
    output::line(&format!("Back in the history: {}.", rebuilt.words()));
    for receipt in &rebuilt.unreadable {
        output::say(&format!("pentimento: {} cannot be read.", receipt.display()));
    }
    Ok(if rebuilt.unreadable.is_empty() { Exit::Done } else { Exit::Partly })
}
