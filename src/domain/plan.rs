//! Many requests from one: each model at each size, with each prompt of a template.
//!
//! Promises that their number is known without making them, and that the same draw makes
//! the same ones. Must never make more than it is asked for.

use std::sync::Arc;

use super::template::Template;
use super::{ModelId, Problem, Request};

/// What is to be asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What all requests have alike. Prompt, model and size are those below.
    pub base: Request,
    /// Who draws: at least one.
    pub models: Vec<ModelId>,
    /// At which sizes, a side each where it is set: at least one.
    pub sizes: Vec<(Option<u32>, Option<u32>)>,
    /// With which prompts. It may hold a whole wildcard file, and a plan is made for each
    /// frame, so it is shared.
    pub template: Arc<Template>,
    /// The template as it was written.
    pub text: String,
}

/// Some prompts at random instead of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    /// How many, no prompt twice; all where there are no more.
    pub prompts: u32,
    /// What they are drawn with.
    pub seed: u64,
}

impl Plan {
    /// How many requests it stands for; [`u128::MAX`] where there are that many or more.
    pub fn count(&self) -> u128 {
        self.chosen(None)
    }

    /// How many prompts are left by `draw`.
    pub fn drawn(&self, draw: Option<Draw>) -> u128 {
        self.template.count().min(draw.map_or(u128::MAX, |draw| draw.prompts.into()))
    }

    /// How many requests are left by `draw`.
    pub fn chosen(&self, draw: Option<Draw>) -> u128 {
        self.drawn(draw).saturating_mul((self.models.len() * self.sizes.len()) as u128)
    }

    /// The prompts that are left by `draw`, from number `from` on, `most` of them.
    pub fn prompts(&self, draw: Option<Draw>, from: usize, most: usize) -> Vec<String> {
        if let Some(draw) = draw {
            let drawn = self.template.some(draw.prompts as usize, draw.seed);
            return drawn.into_iter().skip(from).take(most).collect();
        }
        let end = self.template.count().min(from as u128 + most as u128);
        (from as u128..end).map(|number| self.template.prompt(number)).collect()
    }

    /// The requests with one prompt: a model at each size, then the next model.
    pub fn with(&self, prompt: &str) -> impl Iterator<Item = Request> {
        let each =
            self.models.iter().flat_map(|model| self.sizes.iter().map(move |size| (model, size)));
        each.map(move |(model, &(width, height))| Request {
            model: model.clone(),
            prompt: prompt.to_owned(),
            width,
            height,
            ..self.base.clone()
        })
    }

    /// The requests that are left by `draw`. They all are made: see [`Plan::chosen`] first.
    ///
    /// # Errors
    /// The first rule that one of them breaks.
    pub fn requests(&self, draw: Option<Draw>) -> Result<Vec<Request>, Problem> {
        let prompts = self.prompts(draw, 0, usize::MAX);
        let requests = prompts.iter().flat_map(|prompt| self.with(prompt));
        requests.map(|request| request.check().map(|()| request)).collect()
    }

    /// The prompt as it was written, where it says more than the one that is sent.
    pub fn written(&self) -> Option<String> {
        let says_more = self.template.count() > 1 || self.template.prompt(0) != self.text;
        says_more.then(|| self.text.clone())
    }
}
