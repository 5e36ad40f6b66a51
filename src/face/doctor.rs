//! What is in effect beside the terminal, and why: for the doctor of both faces.
//!
//! Owns what is said of the configuration, the keys and the directories. Promises that no key
//! is in it, and that nothing is made, changed or run for it. May take seconds where the
//! history is long.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::config::environment::Environment;
use crate::config::keymap::{Action, Context};
use crate::config::paths::Paths;
use crate::config::secrets::KeySource;
use crate::config::{Settings, secrets};
use crate::domain::{Area, Failure, Finding};
use crate::engine;

use super::extracts::Here;

/// What is looked at.
pub struct Patient<'a> {
    /// The configuration in force, or what is wrong with the user's.
    pub settings: Result<&'a Settings, &'a Failure>,
    /// Where everything is.
    pub paths: &'a Paths,
    /// The environment.
    pub environment: &'a Environment,
    /// The working directory, for a `.env` in it.
    pub cwd: &'a Path,
}

/// What is in effect beside the terminal.
pub fn examine(patient: &Patient<'_>) -> Vec<Finding> {
    let Patient { paths, environment, .. } = patient;
    let mut findings = vec![locale(environment)];
    findings.push(match &patient.settings {
        Ok(_) => file(&paths.config_file),
        Err(failure) => Area::Configuration.off("configuration", &failure.what, &failure.hint),
    });
    if let Ok(settings) = patient.settings {
        findings.extend(settings_of(settings, patient));
    }
    findings.extend(
        [("history", &paths.dir), ("cache", &paths.cache), ("logs", &paths.logs)]
            .map(|(what, dir)| directory(what, dir)),
    );
    findings.extend(engine::examine(&paths.dir, environment.get("USER")));
    findings
}

/// In which letters the terminal is written to.
fn locale(environment: &Environment) -> Finding {
    let named = ["LC_ALL", "LC_CTYPE", "LANG"];
    let set = named.iter().find_map(|name| Some((*name, environment.get(name)?)));
    let Some((name, value)) = set else {
        return Area::Terminal.fine("locale", "LANG is not set: all of Unicode is drawn");
    };
    let found = format!("{name}={value}");
    let plain = value.to_lowercase().replace('-', "");
    if plain.contains("utf8") {
        return Area::Terminal.fine("locale", found);
    }
    let found = format!("{found}: letters and frames are made of ASCII");
    let mend = "set LANG to C.UTF-8 where the terminal knows Unicode, or glyphs under [theme]";
    Area::Terminal.off("locale", found, mend)
}

fn file(path: &Path) -> Finding {
    let shown = path.display();
    match mode(path) {
        None => Area::Configuration.fine("configuration", format!("{shown} (not there: defaults)")),
        Some(mode) if mode & 0o022 != 0 => {
            let found = format!("{shown}, which others can write (mode {mode:03o})");
            let mend = format!("chmod go-w {shown}: commands are not taken from it until then");
            Area::Configuration.off("configuration", found, mend)
        }
        Some(mode) => {
            Area::Configuration.fine("configuration", format!("{shown} (mode {mode:03o}), right"))
        }
    }
}

fn settings_of(settings: &Settings, patient: &Patient<'_>) -> Vec<Finding> {
    let area = Area::Configuration;
    let present = secrets::present(settings, patient.environment, patient.cwd);
    let any = present.iter().any(|(_, source)| source.is_some());
    let keys = present.iter().map(|(service, source)| match source {
        Some(source) => format!("{service}: from {source}"),
        None => format!("{service}: none"),
    });
    let keys = keys.collect::<Vec<_>>().join(", ");
    let file = &patient.paths.config_file;
    let in_file = present.iter().any(|(_, source)| source == Some(&KeySource::File));
    let is_open = mode(file).is_some_and(|mode| mode & 0o044 != 0);
    let mut findings = vec![if in_file && is_open {
        let mend = format!("chmod 600 {}: others can read the key in it", file.display());
        area.off("keys", keys, mend)
    } else if any {
        area.fine("keys", keys)
    } else {
        let mend = "set LANGBASE_API_KEY and the key of a provider, for example OPENAI_API_KEY; \
                    demo:painter needs none";
        area.off("keys", keys, mend)
    }];
    findings.push(area.fine("model", settings.start_model(&present).to_string()));
    let moved = if settings.langbase.moved { ", by PENTIMENTO_LANGBASE_URL" } else { "" };
    findings.push(area.fine("langbase", format!("{}{moved}", settings.langbase.base_url)));
    let chords = settings.keys.chords(Action::Generate).iter().map(ToString::to_string);
    let chords = chords.collect::<Vec<_>>().join(", ");
    let help = settings
        .keys
        .hint(Context::Everywhere, Action::Help)
        .map_or_else(|| "the palette".to_owned(), |chord| chord.to_string());
    let plain = "Ctrl+Enter is Enter in terminals that do not tell them apart";
    findings.push(
        Area::Terminal
            .fine("keyboard", format!("{chords} generate, {help} has the others; {plain}")),
    );
    findings.push(Area::Terminal.fine(
        "theme",
        if settings.themes.follows() {
            "by what is behind the letters"
        } else {
            "always the same, by name under [theme]"
        },
    ));
    let here = Here::of(settings, patient.environment);
    let from = here.scp([Path::new("FILE")]);
    findings.push(Area::Terminal.fine(
        "line",
        match (from, patient.environment.get("SSH_CONNECTION")) {
            (Ok(scp), Some(_)) => format!("over SSH; files come with {scp}"),
            (Ok(scp), None) => format!("this machine's own; files come with {scp}"),
            (Err(_), _) => "this machine's own".to_owned(),
        },
    ));
    findings
}

/// A directory of the program, and who can look into it.
fn directory(what: &'static str, dir: &Path) -> Finding {
    let shown = dir.display();
    match mode(dir) {
        None => Area::History.fine(what, format!("{shown} (not there yet)")),
        Some(mode) if mode & 0o077 != 0 => {
            let found = format!("{shown}, open to others (mode {mode:03o})");
            Area::History.off(what, found, format!("chmod 700 {shown}"))
        }
        Some(mode) => Area::History.fine(what, format!("{shown} (mode {mode:03o})")),
    }
}

/// The mode of a file, if it is there.
fn mode(path: &Path) -> Option<u32> {
    Some(path.metadata().ok()?.permissions().mode() & 0o777)
}
