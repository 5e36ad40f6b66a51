//! What both faces say in the same words: to a worker how it works and who makes the
//! pictures, with which keys; to somebody else what a generation was ([`extracts`]); what the
//! file of a picture tells ([`telling`]), or is told for others ([`export`]); and to the user
//! what is in effect ([`doctor`]).
//!
//! Owns the way from the settings to the words of the engine, which knows none of them.
//! Must never start a worker or keep a key.

pub mod doctor;
pub mod export;
pub mod extracts;
pub mod telling;

use std::collections::BTreeMap;
use std::path::Path;

use crate::config::environment::Environment;
use crate::config::paths::Paths;
use crate::config::{Settings, secrets};
use crate::domain::{Failure, Generation, GenerationId, Request};
use crate::engine;
use crate::engine::base::Standpoint;
use crate::engine::link::{Place, Service, Terms, own_program};

/// Where a worker works, and how.
pub fn place(settings: &Settings, paths: &Paths) -> Place {
    Place {
        program: own_program(),
        dir: paths.dir.clone(),
        log: paths.logs.clone(),
        terms: Terms {
            parallel: settings.queue.parallel,
            parallel_of: settings.queue.parallel_of.clone(),
            retry_on_503: settings.queue.retry_on_503,
            budget: settings.budget,
            keep_answers_days: settings.history.keep_answers_days,
            keep_metadata: settings.upload.keep_metadata,
            base_url: settings.langbase.base_url.clone(),
        },
    }
}

/// Where paths are written from that the user names.
pub fn standpoint(environment: &Environment, cwd: &Path) -> Standpoint {
    Standpoint { cwd: cwd.to_owned(), home: environment.get("HOME").map(Into::into) }
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

/// Who makes each of what is asked for together, by the names of the providers: each of
/// them is found once, as [`service`] does it.
///
/// # Errors
/// When a key is missing, or a provider is not known.
pub fn services(
    settings: &Settings,
    environment: &Environment,
    cwd: &Path,
    requests: &[Request],
) -> Result<BTreeMap<String, Service>, Failure> {
    let mut services = BTreeMap::new();
    for provider in requests.iter().map(|request| request.model.provider()) {
        if !services.contains_key(provider) {
            let service = service(settings, environment, cwd, provider)?;
            services.insert(provider.to_owned(), service);
        }
    }
    Ok(services)
}

/// The rows of what is asked for together, before they are in the journal: with what they
/// were written as, what they came from, and what each is thought to cost.
pub fn queued(
    settings: &Settings,
    requests: Vec<Request>,
    template: Option<&str>,
    parent: Option<GenerationId>,
) -> Vec<Generation> {
    let queued = requests.into_iter().map(|request| {
        let mut generation = Generation::queued(engine::new_id(), request, engine::now());
        generation.template = template.map(str::to_owned);
        generation.parent = parent;
        generation.estimate = settings.models.estimate(&generation.request);
        generation
    });
    let mut generations: Vec<Generation> = queued.collect();
    Generation::bind(&mut generations);
    generations
}
