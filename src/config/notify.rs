//! How the user is told who looks elsewhere: `[notify]`.
//!
//! Must never know what a terminal has.

use super::error::ConfigError;
use super::section::Section;

/// How the user is told who looks elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Notify {
    /// How it is said that something is done.
    pub done: Done,
    /// Whether a bar shows how far it is; `None` leaves it to the terminal.
    pub progress: Option<bool>,
    /// Whether a notice says the prompt.
    pub prompt: bool,
}

/// How it is said that something is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Done {
    /// As the terminal is known to show it.
    Auto,
    /// By its bell.
    Bell,
    /// By OSC 9.
    Osc9,
    /// By OSC 777.
    Osc777,
    /// By OSC 99.
    Osc99,
    /// Not at all.
    Off,
}

/// Reads the section `notify`.
pub(super) fn read(mut section: Section<'_>) -> Result<Notify, ConfigError> {
    let notify = Notify {
        done: section.get("done").choice(&[
            ("auto", Done::Auto),
            ("bell", Done::Bell),
            ("osc9", Done::Osc9),
            ("osc777", Done::Osc777),
            ("osc99", Done::Osc99),
            ("off", Done::Off),
        ])?,
        progress: section.get("progress").choice(&[
            ("auto", None),
            ("on", Some(true)),
            ("off", Some(false)),
        ])?,
        prompt: section.get("prompt").boolean()?,
    };
    section.finish()?;
    Ok(notify)
}
