//! Programs that keep their request as one JSON object: InvokeAI, SwarmUI, Fooocus.
//!
//! Promises to take what is of another type than expected for a setting, and never to fail.

use serde_json::{Map, Value};

use super::{Program, Told};

type Object = Map<String, Value>;

/// The object that `text` is, if it is one. Python writes numbers that are none, which JSON
/// does not know.
pub(super) fn object(text: &str) -> Option<Object> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&text.replace("NaN", "null").replace("Infinity", "null")))
        .ok()
}

/// A text that says something.
fn words(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// InvokeAI since its third version: `invokeai_metadata`.
pub(super) fn invoke(all: &Object) -> Option<Told> {
    let is_it = ["positive_prompt", "generation_mode", "app_version"];
    if !is_it.iter().any(|key| all.contains_key(*key)) {
        return None;
    }
    let mut told = Told::by(Program::InvokeAi);
    for (key, value) in all {
        match key.as_str() {
            "positive_prompt" => told.prompt = words(value).unwrap_or_default(),
            "negative_prompt" => told.negative = words(value),
            "width" | "height" => told.side(key, value),
            "steps" => told.steps(value),
            "model" => told.model = model(value),
            _ => told.keep(key, value),
        }
    }
    Some(told)
}

/// A model by its name, or as an object that has it.
fn model(value: &Value) -> Option<String> {
    words(value).or_else(|| ["name", "model_name"].iter().find_map(|key| words(value.get(key)?)))
}

/// InvokeAI before that: `sd-metadata`.
pub(super) fn old_invoke(all: &Object) -> Option<Told> {
    let image = all.get("image")?.as_object()?;
    let mut told = Told::by(Program::InvokeAi);
    told.model = all.get("model_weights").and_then(words);
    for (key, value) in image {
        match key.as_str() {
            // One text, or several with a weight each.
            "prompt" => {
                let pieces = value.as_array().into_iter().flatten();
                let pieces: Vec<String> =
                    pieces.filter_map(|it| words(it.get("prompt")?)).collect();
                told.prompt = words(value).unwrap_or_else(|| pieces.join(" "));
            }
            "width" | "height" => told.side(key, value),
            "steps" => told.steps(value),
            _ => told.keep(key, value),
        }
    }
    // What is not wanted stood in brackets.
    if let Some((prompt, negative)) = told.prompt.clone().split_once('[')
        && let Some((negative, rest)) = negative.split_once(']')
    {
        told.negative = Some(negative.trim().to_owned()).filter(|it| !it.is_empty());
        let rest = rest.trim();
        format!("{} {rest}", prompt.trim()).trim().clone_into(&mut told.prompt);
    }
    Some(told)
}

/// SwarmUI: `sui_image_params`, whose values may all be texts.
pub(super) fn swarm(all: &Object) -> Option<Told> {
    let image = all.get("sui_image_params")?.as_object()?;
    let mut told = Told::by(Program::SwarmUi);
    for (key, value) in image {
        match key.as_str() {
            "prompt" => told.prompt = words(value).unwrap_or_default(),
            "negativeprompt" => told.negative = words(value),
            "width" | "height" => told.side(key, value),
            "steps" => told.steps(value),
            "model" => told.model = model(value),
            _ => told.keep(key, value),
        }
    }
    // What the prompt was made from, where it was.
    if let Some(original) = all.get("sui_extra_data").and_then(|it| it.get("original_prompt")) {
        told.keep("original_prompt", original);
    }
    Some(told)
}

/// Fooocus: one object, of which older versions wrote the keys as they stood on the screen.
pub(super) fn fooocus(all: &Object) -> Option<Told> {
    let named =
        |(key, value): (&String, &Value)| (key.to_lowercase().replace(' ', "_"), value.clone());
    let all: Object = all.iter().map(named).collect();
    let is_it = all.contains_key("prompt")
        && ["base_model", "performance", "resolution", "full_prompt", "metadata_scheme"]
            .iter()
            .any(|key| all.contains_key(*key));
    if !is_it {
        return None;
    }
    let mut told = Told::by(Program::Fooocus);
    for (key, value) in &all {
        match key.as_str() {
            "prompt" => told.prompt = words(value).unwrap_or_default(),
            "negative_prompt" => told.negative = words(value),
            "steps" => told.steps(value),
            "base_model" => told.model = words(value),
            "resolution" => {
                // (896, 1152), as Python writes it.
                let text = words(value).unwrap_or_default();
                match text.trim().trim_matches(['(', ')']).split_once([',', '×', 'x']) {
                    Some((width, height)) => {
                        told.side("width", &Value::from(width));
                        told.side("height", &Value::from(height));
                    }
                    None => told.keep(key, value),
                }
            }
            _ => told.keep(key, value),
        }
    }
    Some(told)
}
