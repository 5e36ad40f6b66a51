//! The line for what just happened.
//!
//! Must never be the only place where a failure is told: a job's stays in its row.

use crate::domain::{Failure, Generation};

/// A line for what just happened.
#[derive(Clone, PartialEq, Debug)]
pub enum Notice {
    /// Something the user asked for was done, or cannot be done now.
    Said(String),
    /// A key that would have sent was held back. No news of a job takes its place: the
    /// user believes that something was sent.
    Held(&'static str),
    /// Something failed.
    Failed(Failure),
}

impl Notice {
    /// The notice for a configuration that was read again, of what counts later.
    pub(super) fn of_the_settings(read: Result<Vec<&str>, Failure>) -> Self {
        let later = match read {
            Ok(later) => later,
            Err(failure) => return Self::Failed(failure),
        };
        Self::Said(match later.len() {
            0 => "The configuration was read again.".to_owned(),
            1 => format!("Read again; {} counts from the next start on.", later[0]),
            _ => format!("Read again; {} count from the next start on.", later.join(", ")),
        })
    }

    /// The notice for a job that has just ended.
    pub(super) fn of_the_end(generation: &Generation) -> Self {
        if let Some(failure) = generation.job.failure() {
            return Self::Failed(failure.clone());
        }
        let seconds = generation.seconds(generation.created);
        Self::Said(match generation.images.len() {
            0 => format!("{} is {}.", generation.id.short(), generation.job.name()),
            1 => format!("1 picture in {seconds:.1} s."),
            n => format!("{n} pictures in {seconds:.1} s."),
        })
    }
}
