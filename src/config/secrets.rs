//! Finding the keys of the services.
//!
//! Owns the order in which they are looked for: environment, `.env` of the working
//! directory, `api_key_cmd`, configuration file. Promises that a key is never in a
//! message, that a missing one is answered with every variable that is needed, and that one
//! of the configuration goes to no address of the environment.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::dotenv;
use super::environment::Environment;
use super::key_command::first_line;
use super::{LANGBASE_URL, Service, Settings};
use crate::domain::nearest;
use crate::domain::{Failure, FailureKind, Text};

/// The provider that paints on this machine and needs no key.
const DEMO: &str = "demo";

/// The longest an `api_key_cmd` may take.
const COMMAND_LIMIT: Duration = Duration::from_secs(30);

/// The service every request goes through.
const LANGBASE: &str = "langbase";

/// What a request to a provider is sent with.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Where it goes.
    pub base_url: Url,
    /// The key of Langbase.
    pub key: SecretString,
    /// The key of the provider behind it.
    pub provider_key: SecretString,
}

/// Where a key comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum KeySource {
    /// The environment variable of this name.
    Variable(String),
    /// The variable of this name in `.env` of the working directory.
    DotEnv(String),
    /// The `api_key_cmd` of the configuration.
    Command,
    /// The `api_key` of the configuration.
    File,
}

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "{name} in the environment"),
            Self::DotEnv(name) => write!(f, "{name} in .env"),
            Self::Command => f.write_str("api_key_cmd"),
            Self::File => f.write_str("api_key in the configuration"),
        }
    }
}

/// The variables a service's key is looked for under, the preferred one first.
pub fn variables(service: &str) -> Vec<String> {
    if service == "google" {
        return vec!["GEMINI_API_KEY".to_owned(), "GOOGLE_API_KEY".to_owned()];
    }
    let name = service.to_ascii_uppercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    vec![format!("{name}_API_KEY")]
}

/// Which services have a key, and from where.
#[derive(Clone, Debug)]
pub struct Present {
    services: Vec<(String, Option<KeySource>)>,
}

impl Present {
    /// Langbase, then the providers by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&KeySource>)> {
        self.services.iter().map(|(service, source)| (service.as_str(), source.as_ref()))
    }

    /// Whether requests to `provider` can be sent with the keys there are.
    pub fn reaches(&self, provider: &str) -> bool {
        let has = |wanted| self.iter().any(|(name, source)| name == wanted && source.is_some());
        provider == DEMO || (has(LANGBASE) && has(provider))
    }
}

/// Looks which keys there are, without running any command: one that is configured
/// counts as a key.
pub fn present(settings: &Settings, environment: &Environment, directory: &Path) -> Present {
    let dotenv = dotenv::keys_in(directory);
    let services = std::iter::once((LANGBASE, &settings.langbase.service))
        .chain(settings.providers.iter().map(|(name, service)| (name.as_str(), service)))
        .map(|(name, service)| {
            (name.to_owned(), search(name, service, environment, &dotenv).map(|held| held.source()))
        })
        .collect();
    Present { services }
}

/// The keys that requests to `provider` are sent with. `None` for the demo, which needs
/// none. May run the user's `api_key_cmd`, and so take seconds.
///
/// # Errors
/// When the provider is not known, a key is missing or unusable, or a command failed.
pub fn credentials(
    settings: &Settings,
    environment: &Environment,
    directory: &Path,
    provider: &str,
) -> Result<Option<Credentials>, Failure> {
    if provider == DEMO {
        return Ok(None);
    }
    let behind = settings
        .providers
        .get(provider)
        .ok_or_else(|| unknown_provider(settings, provider, "Not sent"))?;
    let dotenv = dotenv::keys_in(directory);
    let langbase = search(LANGBASE, &settings.langbase.service, environment, &dotenv);
    let provider_key = search(provider, behind, environment, &dotenv);
    match (langbase, provider_key) {
        (Some(langbase), Some(provider_key)) => {
            if settings.langbase.moved {
                langbase.may_go_anywhere(LANGBASE)?;
                provider_key.may_go_anywhere(provider)?;
            }
            Ok(Some(Credentials {
                base_url: settings.langbase.base_url.clone(),
                key: langbase.key(LANGBASE, environment)?,
                provider_key: provider_key.key(provider, environment)?,
            }))
        }
        (langbase, provider_key) => {
            let missing = [(langbase.is_none(), LANGBASE), (provider_key.is_none(), provider)];
            Err(missing_keys(provider, missing))
        }
    }
}

/// A key that was found, or the command that knows it.
enum Held<'a> {
    Key(KeySource, SecretString),
    Command(&'a [String]),
}

impl Held<'_> {
    fn source(&self) -> KeySource {
        match self {
            Self::Key(source, _) => source.clone(),
            Self::Command(_) => KeySource::Command,
        }
    }

    /// Whether the key may be sent to an address that the environment says: one of the
    /// configuration is for the address there.
    fn may_go_anywhere(&self, service: &str) -> Result<(), Failure> {
        let source = self.source();
        if !matches!(source, KeySource::Command | KeySource::File) {
            return Ok(());
        }
        Err(Failure::before_sending(
            FailureKind::MissingKey,
            format!(
                "Not sent: the key of {service} is from {source}, and {LANGBASE_URL} says to send \
                 it elsewhere."
            ),
            format!(
                "Set {} too, or write the address as base_url into config.toml.",
                variables(service).join(" or ")
            ),
        ))
    }

    /// The key itself, fit to be sent.
    fn key(self, service: &str, environment: &Environment) -> Result<SecretString, Failure> {
        let source = self.source();
        let key = match self {
            Self::Key(_, key) => key,
            Self::Command(argv) => {
                first_line(argv, environment, COMMAND_LIMIT).map_err(|error| {
                    Failure::before_sending(
                        FailureKind::MissingKey,
                        format!("Not sent: the api_key_cmd of {service} {error}."),
                        "Run it in a shell to see why; it must print the key on its first line.",
                    )
                })?
            }
        };
        if key.expose_secret().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(key);
        }
        Err(Failure::before_sending(
            FailureKind::MissingKey,
            format!("Not sent: the key of {service} ({source}) holds characters that no key has."),
            "Copy it again, without quotes, spaces or line ends.",
        ))
    }
}

fn search<'a>(
    name: &str,
    service: &'a Service,
    environment: &Environment,
    dotenv: &Environment,
) -> Option<Held<'a>> {
    let variables = variables(name);
    let among = |place: &Environment, source: fn(String) -> KeySource| {
        variables.iter().find_map(|variable| {
            let key = place.get(variable)?.trim();
            Some(Held::Key(source(variable.clone()), key.into()))
        })
    };
    among(environment, KeySource::Variable)
        .or_else(|| among(dotenv, KeySource::DotEnv))
        .or_else(|| service.api_key_cmd.as_deref().map(Held::Command))
        .or_else(|| service.api_key.clone().map(|key| Held::Key(KeySource::File, key)))
}

fn missing_keys(provider: &str, services: [(bool, &str); 2]) -> Failure {
    let named = |service| variables(service).join(" or ");
    let missing: Vec<String> = services
        .iter()
        .filter(|(is_missing, _)| *is_missing)
        .map(|(_, service)| named(service))
        .collect();
    let verb = if missing.len() == 1 { "is" } else { "are" };
    Failure::before_sending(
        FailureKind::MissingKey,
        format!("Not sent: {} {verb} not set.", missing.join(" and ")),
        format!(
            "Pictures from {provider} need {} and {}: set them in the environment, in .env or in \
             config.toml. demo:painter paints without any key.",
            named(LANGBASE),
            named(provider)
        ),
    )
}

/// Checks that there is a provider of this name, before something is done that `undone` says
/// was not.
///
/// # Errors
/// When there is none.
pub fn check_provider(settings: &Settings, provider: &str, undone: &str) -> Result<(), Failure> {
    if provider == DEMO || settings.providers.contains_key(provider) {
        return Ok(());
    }
    Err(unknown_provider(settings, provider, undone))
}

fn unknown_provider(settings: &Settings, provider: &str, undone: &str) -> Failure {
    let known: Vec<&str> =
        settings.providers.keys().map(String::as_str).chain(std::iter::once(DEMO)).collect();
    let near = nearest(provider, known.iter().copied())
        .map(|near| format!(" Did you mean {near}?"))
        .unwrap_or_default();
    Failure::before_sending(
        FailureKind::Request,
        format!("{undone}: no provider is called “{}”.{near}", Text::capped(provider, 60)),
        format!(
            "Known are {}; add another as a table [providers.NAME] in config.toml.",
            known.join(", ")
        ),
    )
}
