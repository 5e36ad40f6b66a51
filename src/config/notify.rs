//! How the user is told who looks elsewhere: `[notify]`.
//!
//! Must never know what a terminal has.

use super::error::ConfigError;
use super::section::Section;
use crate::domain::{Done, Notice, Notify};

/// Reads the section `notify`.
pub(super) fn read(mut section: Section<'_>) -> Result<Notify, ConfigError> {
    let notify = Notify {
        done: section.get("done").choice(&[
            ("auto", Done::Auto),
            ("bell", Done::By(Notice::Bell)),
            ("osc9", Done::By(Notice::Osc9)),
            ("osc777", Done::By(Notice::Osc777)),
            ("osc99", Done::By(Notice::Osc99)),
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
