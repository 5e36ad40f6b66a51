//! The environment variables of the process, captured once.
//!
//! The only home of reads of the environment: everything else is handed an
//! [`Environment`] and so gives the same answer twice. Must never show a value.

use std::collections::BTreeMap;
use std::fmt;

/// Environment variables. Those that are not UTF-8 are left out: none that this
/// program reads may be anything else.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
}

impl Environment {
    /// The variables of this process, now.
    #[expect(clippy::disallowed_methods, reason = "the home of reads of the environment")]
    pub fn of_process() -> Self {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    }

    /// The value of a variable. An empty one counts as not set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.trim().is_empty())
    }

    /// What other programs are started with: everything but keys.
    pub fn for_children(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables
            .iter()
            .filter(|(name, _)| !is_key(name))
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Whether the variable `name` holds the key of a service.
pub fn is_key(name: &str) -> bool {
    name.ends_with("_API_KEY")
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let variables =
            pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { variables }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}
