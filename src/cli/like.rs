//! What `--like` names: a generation of the history, or the file of a picture.
//!
//! Promises that a model which cannot be asked is not taken over, nor what only it
//! understands.

use std::ffi::OsStr;

use serde_json::{Map, Value};

use super::{Surroundings, opening, show};
use crate::domain::{
    BaseImage, Failure, FailureKind, GenerationId, IMPORTED_FROM, ModelId, Request, template,
};
use crate::face::telling;

/// What another one was asked with.
#[derive(Clone, Debug, Default)]
pub(super) struct Like {
    /// The prompt as it was sent.
    pub(super) prompt: String,
    /// The prompt as it was written, so that it can be written again.
    pub(super) written: String,
    pub(super) model: Option<ModelId>,
    pub(super) size: (Option<u32>, Option<u32>),
    pub(super) n: Option<u32>,
    pub(super) steps: Option<u32>,
    pub(super) image: Option<BaseImage>,
    pub(super) negative: Option<String>,
    pub(super) extra: Map<String, Value>,
    /// The generation that it is, where it is one of this history.
    pub(super) parent: Option<GenerationId>,
}

impl Like {
    /// What `name` was asked with.
    ///
    /// # Errors
    /// When there is no such file and no such generation, or the file does not say it.
    pub(super) fn find(name: &OsStr, surroundings: &Surroundings) -> Result<Self, Failure> {
        let path = surroundings.cwd.join(name);
        if path.is_file() {
            let Some(told) = telling::look(&path)?.told else {
                let what = format!("Not sent: {} does not say how it was made.", path.display());
                let hint = "Give it a prompt instead.";
                return Err(Failure::before_sending(FailureKind::Request, what, hint));
            };
            let template = told.origin.as_ref().and_then(|origin| origin.template.clone());
            return Ok(Self::of(telling::request(&told), template));
        }
        let store = opening::open(&surroundings.paths.dir)?;
        let id = show::find(&store, &name.to_string_lossy())?;
        let Some(generation) = store.get(id)? else { return Ok(Self::default()) };
        let like = Self::of(generation.request, generation.template);
        Ok(Self { parent: Some(id), ..like })
    }

    fn of(request: Request, template: Option<String>) -> Self {
        let model = request.model.askable();
        let mut extra = request.extra;
        extra.remove(IMPORTED_FROM);
        if model.is_none() {
            extra.clear();
        }
        Self {
            written: template.unwrap_or_else(|| template::literal(&request.prompt)),
            prompt: request.prompt,
            model,
            size: (request.width, request.height),
            n: request.n,
            steps: request.steps,
            image: request.image,
            negative: request.negative_prompt,
            extra,
            parent: None,
        }
    }
}
