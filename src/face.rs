//! What both faces say in the same words: to a worker how it works and who makes the
//! pictures, with which keys; and to somebody else what a generation was ([`extracts`]).
//!
//! Owns the way from the settings to the words of the engine, which knows none of them.
//! Must never start a worker or keep a key.

pub mod extracts;

use std::path::Path;

use crate::config::environment::Environment;
use crate::config::paths::Paths;
use crate::config::{Settings, secrets};
use crate::domain::Failure;
use crate::engine::link::{Place, Service, Terms, own_program};

/// Where a worker works, and how.
pub fn place(settings: &Settings, paths: &Paths) -> Place {
    Place {
        program: own_program(),
        dir: paths.dir.clone(),
        log: paths.logs.clone(),
        terms: Terms {
            parallel: settings.queue.parallel,
            retry_on_503: settings.queue.retry_on_503,
            budget: settings.budget,
            keep_answers_days: settings.history.keep_answers_days,
            keep_metadata: settings.upload.keep_metadata,
            base_url: settings.langbase.base_url.clone(),
        },
    }
}

/// Who makes the pictures of `provider`'s models, with the keys for it. A `.env` in `cwd`
/// is read, and a command that knows a key may take seconds.
///
/// # Errors
/// When a key is missing, or the provider is not known.
pub fn service(
    settings: &Settings,
    environment: &Environment,
    cwd: &Path,
    provider: &str,
) -> Result<Service, Failure> {
    Ok(match secrets::credentials(settings, environment, cwd, provider)? {
        Some(keys) => Service::langbase(keys.base_url, keys.key, keys.provider_key),
        None => Service::Demo { moment: settings.demo.moment },
    })
}
