//! The catalogue: what is known of the models there are.
//!
//! Owns titles, capabilities and prices, all of them data of the configuration.
//! Promises that a price which is not known is never guessed. Must never stand between
//! the user and a model it does not know.

use std::fmt;
use std::str::FromStr;

use super::secrets::Present;
use crate::domain::nearest;
use crate::domain::{Cost, Draw, ModelId, Plan, Price, Request, Sum, Text};

/// What is known of one model.
#[derive(Clone, PartialEq, Debug)]
pub struct Model {
    /// Its name.
    pub id: ModelId,
    /// Its name for people.
    pub title: Text,
    /// What else is worth knowing; may be empty.
    pub note: Text,
    /// Whether it can still be used.
    pub state: State,
    /// Sizes worth offering, in pixels; any other may be asked for too.
    pub sizes: Vec<(u32, u32)>,
    /// The most pictures in one request, where that is known.
    pub max_n: Option<u32>,
    /// Whether steps mean anything to it.
    pub steps: bool,
    /// Whether it can begin from a picture.
    pub image: bool,
    /// Whether it listens to what not to draw.
    pub negative_prompt: bool,
    /// Its list price; without rates where none is known.
    pub price: Price,
}

/// Whether a model can still be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum State {
    /// It can.
    Current,
    /// Sources disagree.
    Disputed,
    /// Its provider shuts it down, or has.
    Retired {
        /// The day, `YYYY-MM-DD`, where it is known.
        on: Option<Text>,
    },
}

/// The text is no state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("write \"current\", \"disputed\", \"retired\" or \"retired 2026-10-23\"")]
pub struct StateError;

impl FromStr for State {
    type Err = StateError;

    fn from_str(text: &str) -> Result<Self, StateError> {
        match text {
            "current" => Ok(Self::Current),
            "disputed" => Ok(Self::Disputed),
            "retired" => Ok(Self::Retired { on: None }),
            _ => {
                let day = text.strip_prefix("retired ").filter(|day| is_day(day));
                Ok(Self::Retired { on: Some(day.ok_or(StateError)?.into()) })
            }
        }
    }
}

/// Whether `text` has the shape of `2026-10-23`.
fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Current => f.write_str("current"),
            Self::Disputed => f.write_str("disputed"),
            Self::Retired { on: None } => f.write_str("retired"),
            Self::Retired { on: Some(day) } => write!(f, "retired {day}"),
        }
    }
}

/// The models something is known of, in the order of preference.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    models: Vec<Model>,
}

impl Catalogue {
    /// What is known of the model called `id`. A model without an entry can be used
    /// all the same.
    pub fn get(&self, id: &ModelId) -> Option<&Model> {
        self.models.iter().find(|model| model.id == *id)
    }

    /// All of them, in the order of the configuration.
    pub fn iter(&self) -> impl Iterator<Item = &Model> {
        self.models.iter()
    }

    /// The known model whose name is nearest to `text`, when one is near.
    pub fn nearest(&self, text: &str) -> Option<&ModelId> {
        let name = nearest(text, self.models.iter().map(|model| model.id.as_str()))?;
        self.models.iter().map(|model| &model.id).find(|id| id.as_str() == name)
    }

    /// What is known of the model called `id`, in one line for the form.
    pub fn note(&self, id: &ModelId) -> String {
        let Some(model) = self.get(id) else {
            return "not in the catalogue; sent all the same".to_owned();
        };
        let one = model.price.of(&Request::new("", id.clone()));
        let price = one.map_or("price unknown".to_owned(), |price| format!("{price} an image"));
        match &model.state {
            State::Current => price,
            state => format!("{state} · {price}"),
        }
    }

    /// What `request` will cost, all its pictures together. `None` where that is not
    /// known.
    pub fn estimate(&self, request: &Request) -> Option<Cost> {
        self.get(&request.model)?.price.of(request)
    }

    /// What `requests` will cost together.
    pub fn estimate_all<'a>(&self, requests: impl IntoIterator<Item = &'a Request>) -> Sum {
        requests.into_iter().map(|request| self.estimate(request)).collect()
    }

    /// What the requests of a plan cost that are left by `draw`.
    pub fn estimate_plan(&self, plan: &Plan, draw: Option<Draw>) -> Sum {
        let each: Vec<Request> = plan.with("").collect();
        // No price depends on the words.
        self.estimate_all(&each).times(u64::try_from(plan.drawn(draw)).unwrap_or(u64::MAX))
    }

    /// The model to begin with: the first current one that can be reached with the
    /// keys there are, else the one that needs none.
    pub fn default_model(&self, present: &Present) -> ModelId {
        self.models
            .iter()
            .filter(|model| model.state == State::Current && !model.id.is_demo())
            .find(|model| present.reaches(model.id.provider()))
            .map_or_else(
                || "demo:painter".parse().expect("a provider, a colon and a name"),
                |model| model.id.clone(),
            )
    }
}

impl FromIterator<Model> for Catalogue {
    fn from_iter<I: IntoIterator<Item = Model>>(models: I) -> Self {
        Self { models: models.into_iter().collect() }
    }
}
