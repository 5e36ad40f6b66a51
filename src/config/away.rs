//! How pictures and requests get from here to where the user is: `[copy]`, `[download]`,
//! `[open]` and `[export]`.
//!
//! Promises that a host and a user can stand in a line of a shell as they are. Must never
//! find out where the user is: that is the environment's.

use super::error::ConfigError;
use super::load::command;
use super::section::{Found, Section};
use crate::domain::{Naming, NamingError};

/// How pictures and requests get from here to where the user is.
#[derive(Clone, Debug)]
pub struct Away {
    /// This machine, as the user's reaches it; `None` where SSH says it.
    pub host: Option<String>,
    /// Who the user is here; `None` for who runs the program.
    pub user: Option<String>,
    /// The port of SSH; `None` where SSH says it.
    pub port: Option<u16>,
    /// Where kitty puts files on its own machine: an absolute path, or below `~/`.
    pub directory: String,
    /// The program with its arguments that opens a picture; `None` for what the system has.
    pub open: Option<Vec<String>>,
    /// Where exported copies go on this machine: an absolute path, or below `~/`.
    pub export: String,
    /// How they are called.
    pub naming: Naming,
}

/// Reads the sections `copy`, `download`, `open` and `export`.
pub(super) fn read(
    mut copy: Section<'_>,
    mut download: Section<'_>,
    mut open: Section<'_>,
    mut export: Section<'_>,
) -> Result<Away, ConfigError> {
    let port = u16::try_from(copy.get("port").whole(0..=65_535)?).unwrap_or(0);
    let naming = export.get("name");
    let read = |error: NamingError| naming.meaningless(&error.to_string());
    let naming = naming.text()?.parse().map_err(read)?;
    let away = Away {
        host: word(&copy.get("host"), "a host like pi.example.org or 192.168.1.7")?,
        user: word(&copy.get("user"), "a user's name")?,
        port: (port > 0).then_some(port),
        directory: directory(&download.get("directory"))?,
        open: command(open.get("command"))?,
        export: directory(&export.get("directory"))?,
        naming,
    };
    copy.finish()?;
    download.finish()?;
    open.finish()?;
    export.finish()?;
    Ok(away)
}

/// A directory that is the same wherever the program is started.
fn directory(found: &Found<'_>) -> Result<String, ConfigError> {
    match found.text()? {
        path if path.starts_with(['/', '~']) => Ok(path.trim_end_matches('/').to_owned()),
        _ => Err(found.wrong("a directory like ~/Downloads or /home/me/pictures")),
    }
}

/// A word that no shell reads anything into, nor a program an option; empty is none.
fn word(found: &Found<'_>, expected: &str) -> Result<Option<String>, ConfigError> {
    let text = found.text()?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-:%".contains(c);
    if text.starts_with('-') || !text.chars().all(is_plain) {
        return Err(found.wrong(expected));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}
