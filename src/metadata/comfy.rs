//! ComfyUI: the graph of nodes that drew the picture, as `prompt`.
//!
//! The graph has no field for the prompt. It is walked backwards from where the picture was
//! saved to the node that sampled it, and from there to the texts, the size and the model.
//! Promises an end whatever leads where: each node is looked at once in a walk.

use std::collections::{HashSet, VecDeque};

use serde_json::{Map, Value};

use super::{Program, Told, programs};

/// Inputs by which a node hands on what came from another one, in the order of their worth.
const HANDED_ON: [&str; 6] = [
    "conditioning",
    "conditioning_1",
    "conditioning_2",
    "conditioning_to",
    "conditioning_from",
    "base",
];
/// Inputs in which a text can stand.
const TEXTS: [&str; 9] =
    ["text", "text_g", "text_l", "clip_l", "t5xxl", "prompt", "value", "string", "positive"];
/// Inputs that name a file with a model.
const MODELS: [&str; 4] = ["ckpt_name", "unet_name", "model_name", "gguf_name"];

struct Graph<'g> {
    nodes: &'g Map<String, Value>,
}

#[derive(Clone, Copy)]
struct Node<'g> {
    class: &'g str,
    inputs: &'g Map<String, Value>,
}

/// One output of a node.
type Link<'g> = (&'g str, u64);

pub(super) fn read(text: &str) -> Option<Told> {
    let all = programs::object(text)?;
    let graph = Graph { nodes: &all };
    graph.nodes.keys().find_map(|id| graph.node(id))?;
    let mut told = Told::by(Program::ComfyUi);
    let Some(sampler) = graph.sampler() else { return Some(told) };
    let positive = graph.conditioning(sampler, "positive");
    told.prompt = positive.unwrap_or_default();
    told.negative = graph.conditioning(sampler, "negative").filter(|text| !text.trim().is_empty());
    for (name, input) in [
        ("seed", "seed"),
        ("seed", "noise_seed"),
        ("cfg_scale", "cfg"),
        ("guidance", "guidance"),
        ("sampler", "sampler_name"),
        ("scheduler", "scheduler"),
        ("denoise", "denoise"),
        ("steps", "steps"),
    ] {
        let Some(value) = graph.above(sampler, |node| graph.value(node, input)) else { continue };
        match name {
            "steps" => told.steps(&value),
            _ if told.settings.contains_key(name) => {}
            _ => told.keep(name, &value),
        }
    }
    let side = |node: Node<'_>| Some((graph.value(node, "width")?, graph.value(node, "height")?));
    let latent = |node: Node<'_>| node.class.contains("Latent").then(|| side(node)).flatten();
    if let Some((width, height)) = graph.above(sampler, latent) {
        told.side("width", &width);
        told.side("height", &height);
    }
    told.model = graph.above(sampler, |node| {
        MODELS.iter().find_map(|name| node.inputs.get(*name)?.as_str().map(str::to_owned))
    });
    Some(told)
}

impl<'g> Graph<'g> {
    fn node(&self, id: &str) -> Option<Node<'g>> {
        let node = self.nodes.get(id)?;
        let class = node.get("class_type")?.as_str()?;
        Some(Node { class, inputs: node.get("inputs")?.as_object()? })
    }

    /// The node that sampled the picture: the nearest to where one was saved, or any.
    fn sampler(&self) -> Option<Node<'g>> {
        let samples = |node: Node<'g>| {
            let takes_texts =
                node.inputs.contains_key("positive") || node.inputs.contains_key("guider");
            (takes_texts && node.class.contains("Sampler")).then_some(node)
        };
        let all = || self.nodes.keys().filter_map(|id| self.node(id));
        let saves = |node: &Node<'g>| node.class.contains("Save") || node.class.contains("Preview");
        all()
            .filter(saves)
            .find_map(|node| self.above(node, samples))
            .or_else(|| all().find_map(samples))
    }

    /// What `found` says of `node`, or else of the nearest before it.
    fn above<T>(&self, node: Node<'g>, found: impl Fn(Node<'g>) -> Option<T>) -> Option<T> {
        let (mut seen, mut next) = (HashSet::new(), VecDeque::from([node]));
        while let Some(node) = next.pop_front() {
            if let Some(found) = found(node) {
                return Some(found);
            }
            for (id, _) in node.inputs.values().filter_map(link) {
                if seen.insert(id) {
                    next.extend(self.node(id));
                }
            }
        }
        None
    }

    /// The texts that lead to the input `name` of the node that samples.
    fn conditioning(&self, sampler: Node<'g>, name: &'g str) -> Option<String> {
        let whole = match link_in(sampler, "guider") {
            None => sampler,
            Some((id, _)) => self.node(id)?,
        };
        // A guider without a negative one has but one conditioning.
        let alone = (name == "positive").then(|| link_in(whole, "conditioning")).flatten();
        let link = link_in(whole, name).or(alone)?;
        let (mut texts, mut seen) = (Vec::new(), HashSet::new());
        self.texts(link, name, &mut seen, &mut texts);
        (!texts.is_empty()).then(|| texts.join("\n"))
    }

    /// Adds the texts behind one output. `side` is the input it goes on with in a node that
    /// hands on both kinds.
    fn texts(
        &self,
        begin: Link<'g>,
        side: &'g str,
        seen: &mut HashSet<&'g str>,
        texts: &mut Vec<String>,
    ) {
        let mut next = vec![begin];
        while let Some((id, output)) = next.pop() {
            if !seen.insert(id) {
                continue;
            }
            let Some(node) = self.node(id) else { continue };
            // The first output of a node that has both is the positive one.
            let both = ["positive", "negative"].get(output as usize).copied().unwrap_or(side);
            if let (Some(link), true) = (link_in(node, both), node.inputs.contains_key("negative"))
            {
                next.push(link);
                continue;
            }
            let before = texts.len();
            for name in TEXTS {
                let Some(text) = self.text(node, name) else { continue };
                // Two encoders are often told the same.
                if !text.trim().is_empty() && !texts.contains(&text) {
                    texts.push(text);
                }
            }
            if texts.len() == before {
                // The last one pushed is the first one looked at.
                next.extend(HANDED_ON.iter().rev().filter_map(|name| link_in(node, name)));
            }
        }
    }

    /// The text that stands in an input, or in a node that only holds one.
    fn text(&self, node: Node<'g>, name: &str) -> Option<String> {
        self.value(node, name)?.as_str().map(str::to_owned)
    }

    /// What stands in an input, or in nodes it leads to that only hold one value.
    fn value(&self, node: Node<'g>, name: &str) -> Option<Value> {
        let mut value = node.inputs.get(name)?;
        for _ in 0..8 {
            let Some((id, _)) = link(value) else { return Some(value.clone()) };
            let inputs = self.node(id)?.inputs;
            let held = [name, "value", "text", "string", "noise_seed", "seed"];
            value = held.iter().find_map(|name| inputs.get(*name))?;
        }
        None
    }
}

/// The link that stands in an input: `["4", 0]`.
fn link(value: &Value) -> Option<Link<'_>> {
    match value.as_array()?.as_slice() {
        [Value::String(id), output] => Some((id, output.as_u64()?)),
        _ => None,
    }
}

fn link_in<'g>(node: Node<'g>, name: &str) -> Option<Link<'g>> {
    link(node.inputs.get(name)?)
}
