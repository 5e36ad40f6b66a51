//! The name of a model: `provider:name`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The most bytes of a name.
const LONGEST: usize = 200;

/// A model as the API names it, `provider:name`. The name may itself hold `/`, `:`
/// and `.` (API reference of Langbase Images v1).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ModelId {
    whole: String,
    colon: usize,
}

/// The extra field of an imported request that says which file it was.
pub const IMPORTED_FROM: &str = "imported_from";

/// What stands for the provider of pictures that were not made here: no provider may have
/// this name, so that nothing can be asked of one.
pub const IMPORTED: &str = "imported";

/// Why a text is not the name of a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// There is no `provider:` in front.
    #[error("a model is written provider:name, for example openai:gpt-image-2")]
    NoProvider,
    /// The part before or after the colon is empty.
    #[error("the provider or the name of the model is empty; write provider:name")]
    Empty,
    /// Spaces or control characters.
    #[error("a model's name holds no spaces or control characters")]
    Character,
    /// Longer than 200 bytes.
    #[error("a model's name is at most 200 bytes long")]
    TooLong,
}

impl ModelId {
    /// The part before the first colon: whose model it is.
    pub fn provider(&self) -> &str {
        &self.whole[..self.colon]
    }

    /// The part after the first colon.
    pub fn name(&self) -> &str {
        &self.whole[self.colon + 1..]
    }

    /// The whole, as the API takes it.
    pub fn as_str(&self) -> &str {
        &self.whole
    }

    /// The model `name` of another `program`, as the one of a picture from there. What no
    /// model's name can hold is written as a dash, and too long a name is cut.
    pub fn imported(program: &str, name: Option<&str>) -> Self {
        let name = name.map_or_else(String::new, |name| format!("/{}", name.trim()));
        let is_wrong = |c: char| c.is_whitespace() || super::text::is_dangerous(c);
        let mut whole = format!("{IMPORTED}:{program}{name}").replace(is_wrong, "-");
        whole.truncate(whole.floor_char_boundary(LONGEST));
        Self { colon: IMPORTED.len(), whole }
    }

    /// Whether it is that of a picture from elsewhere, so that nothing can be asked of it.
    pub fn is_imported(&self) -> bool {
        self.provider() == IMPORTED
    }

    /// The model that can be asked for more like it: itself, or the one that another copy of
    /// this program had asked.
    pub fn askable(&self) -> Option<Self> {
        if !self.is_imported() {
            return Some(self.clone());
        }
        let (_, name) = self.name().split_once('/')?;
        name.parse().ok().filter(|model: &Self| !model.is_imported())
    }

    /// Whether this model paints on this machine, without network, key or price.
    pub fn is_demo(&self) -> bool {
        self.provider() == "demo"
    }
}

impl FromStr for ModelId {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        let text = text.trim();
        let colon = text.find(':').ok_or(ModelError::NoProvider)?;
        if colon == 0 || colon + 1 == text.len() {
            return Err(ModelError::Empty);
        }
        if text.len() > LONGEST {
            return Err(ModelError::TooLong);
        }
        if text.chars().any(|c| c.is_whitespace() || super::text::is_dangerous(c)) {
            return Err(ModelError::Character);
        }
        Ok(Self { whole: text.to_owned(), colon })
    }
}

impl TryFrom<String> for ModelId {
    type Error = ModelError;

    fn try_from(text: String) -> Result<Self, ModelError> {
        text.parse()
    }
}

impl From<ModelId> for String {
    fn from(model: ModelId) -> Self {
        model.whole
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.whole)
    }
}

impl fmt::Debug for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.whole)
    }
}
