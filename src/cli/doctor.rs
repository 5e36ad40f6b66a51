//! `pentimento doctor`: what is in effect, why, and how to change it.

use std::io::{self, IsTerminal};

use serde_json::{Map, Value, json};

use super::asking;
use super::{Exit, Surroundings, output};
use crate::domain::{Failure, Finding};
use crate::engine;
use crate::face::doctor::{Patient, examine};
use crate::graphics::{self, Seen};
use crate::store::Store;

/// Say what is in effect, and why: terminal, keys, paths, database.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Print one JSON object: for each thing what was found, and what mends it; or what came
    /// back.
    #[arg(long)]
    json: bool,
    /// Set a damaged database aside and make a new one from the receipts beside the
    /// pictures. Close every studio first.
    #[arg(long)]
    rebuild: bool,
}

pub(super) fn run(arguments: &Arguments, surroundings: &Surroundings) -> Result<Exit, Failure> {
    if arguments.rebuild {
        return rebuild(surroundings, arguments.json);
    }
    let mut findings = terminal(surroundings);
    let Surroundings { settings, paths, environment, cwd, .. } = surroundings;
    findings.extend(examine(&Patient { settings: settings.as_ref(), paths, environment, cwd }));
    // Those that belong together stand together.
    findings.sort_by_key(|finding| finding.area);
    if arguments.json {
        let fields: Map<String, Value> = findings
            .iter()
            .map(|it| (it.key(), json!({ "found": it.found, "mend": it.mend })))
            .collect();
        output::json_line(&Value::Object(fields));
    } else {
        print(&findings);
    }
    Ok(Exit::Done)
}

/// Prints findings for a person.
fn print(findings: &[Finding]) {
    let mut area = None;
    for finding in findings {
        if area.replace(finding.area) != Some(finding.area) {
            output::line(finding.area.title());
        }
        let sign = if finding.mend.is_some() { "!" } else { " " };
        output::line(&format!("{sign} {:<16} {}", finding.what, finding.found));
        if let Some(mend) = &finding.mend {
            output::line(&format!("  {:<16} → {mend}", ""));
        }
    }
}

/// What is in effect on the terminal, which is asked if there is one.
fn terminal(surroundings: &Surroundings) -> Vec<Finding> {
    let asked = asking::ask(surroundings);
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok();
    let size = size.filter(|_| io::stdout().is_terminal());
    graphics::examine(&Seen {
        probe: &asked.probe,
        not_asked: asked.not_asked.as_deref(),
        overrides: surroundings.overrides,
        display: surroundings.display,
        measured: size.is_some_and(|size| size.ws_xpixel > 0),
        cells: size.map(|size| (size.ws_col, size.ws_row)),
        notify: surroundings.settings.as_ref().ok().map(|settings| settings.notify),
        variable: &|name| surroundings.environment.get(name).map(str::to_owned),
    })
}

/// Makes a new database out of the receipts; the old one is kept beside it.
fn rebuild(surroundings: &Surroundings, json: bool) -> Result<Exit, Failure> {
    let dir = &surroundings.paths.dir;
    if let Some(aside) = Store::set_aside(dir, engine::now())? {
        output::say(&format!("The old database is kept as {}.", aside.display()));
    }
    let rebuilt = Store::open(dir)?.rebuild()?;
    if json {
        output::json_line(&json!({
            "added": rebuilt.added,
            "known": rebuilt.known,
            "pictures": rebuilt.pictures,
            "answers": rebuilt.answers,
            "unreadable": rebuilt.unreadable.len(),
        }));
    } else {
        output::line(&format!("Back in the history: {}.", rebuilt.words()));
    }
    for receipt in &rebuilt.unreadable {
        output::say(&format!("pentimento: {} cannot be read.", receipt.display()));
    }
    Ok(if rebuilt.unreadable.is_empty() { Exit::Done } else { Exit::Partly })
}
