//! The lines of a file: what each asks for, or what is wrong with it.
//!
//! Promises that all of them are looked at before anything is sent, so that every line that
//! is wrong is named at once with its number. Must never send or order anything.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Arguments;
use crate::cli::{Surroundings, generate, output};
use crate::domain::{BaseImage, Failure, FailureKind, ModelId, Plan, Request, Text, parse_size};
use crate::face::standpoint;

/// More bytes than this are no list of prompts.
const LARGEST: u64 = 64 << 20;
/// So many wrong lines are named; of the others it is said how many there are.
const NAMED: usize = 20;

/// A file and what its lines ask for.
pub(super) struct Lines {
    /// What it is known by: its place on this machine, or all that was written into it where
    /// it came on standard input.
    pub(super) name: Vec<u8>,
    /// Every request, in the order of the lines.
    pub(super) asked: Vec<Asked>,
}

/// One request of a line.
pub(super) struct Asked {
    /// Which line, from 1.
    pub(super) line: usize,
    /// What is asked for.
    pub(super) request: Request,
    /// The line as it was written, where it stands for several.
    pub(super) template: Option<String>,
}

/// A line of JSON: the fields of a request, as `--json` prints them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    prompt: String,
    model: Option<ModelId>,
    size: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
    n: Option<u32>,
    steps: Option<u32>,
    image: Option<String>,
    negative_prompt: Option<String>,
    #[serde(default)]
    extra: Map<String, Value>,
}

/// What a line is read with.
struct Reader<'a> {
    arguments: &'a Arguments,
    surroundings: &'a Surroundings,
    model: ModelId,
    size: (Option<u32>, Option<u32>),
    most: u32,
    /// Base images that were looked at.
    images: BTreeMap<String, Result<BaseImage, Failure>>,
}

/// Reads the file that the arguments name.
///
/// # Errors
/// When it cannot be read, holds nothing, or any line is wrong: those are printed.
pub(super) fn read(
    arguments: &Arguments,
    surroundings: &Surroundings,
    model: ModelId,
) -> Result<Lines, Failure> {
    let size = arguments.size.as_deref().map(parse_size).transpose();
    let size = size.map_err(|error| refused(format!("--size: {error}."), ""))?;
    let (name, bytes) = contents(&arguments.file, &surroundings.cwd)?;
    let most = surroundings.settings()?.prompt.most;
    let images = BTreeMap::new();
    let mut reader =
        Reader { arguments, surroundings, model, size: size.unwrap_or_default(), most, images };
    let (mut asked, mut wrong) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        match reader.line(number, line) {
            Ok(requests) => asked.extend(requests),
            Err(what) => wrong.push((number, what)),
        }
    }
    let shown = Text::capped(&arguments.file.to_string_lossy(), 200);
    for (number, what) in wrong.iter().take(NAMED) {
        output::say(&format!("pentimento: {shown}:{number}: {what}"));
    }
    match wrong.len() {
        0 if asked.is_empty() => Err(refused(
            format!("there is no prompt in {shown}."),
            "Write a prompt on each line, or a request as JSON.",
        )),
        0 => Ok(Lines { name, asked }),
        1 => Err(refused(format!("one line of {shown} is wrong."), "Correct it first.")),
        all => {
            let more = if all > NAMED { format!(" ({NAMED} are named)") } else { String::new() };
            Err(refused(format!("{all} lines of {shown} are wrong{more}."), "Correct them first."))
        }
    }
}

/// What the file is known by, and what is in it.
fn contents(file: &Path, cwd: &Path) -> Result<(Vec<u8>, Vec<u8>), Failure> {
    let unreadable = |error: io::Error| {
        let file = Text::capped(&file.to_string_lossy(), 200);
        refused(
            format!("{file} cannot be read: {error}."),
            "Name a file with a prompt on each line.",
        )
    };
    let mut bytes = Vec::new();
    let name = if file.as_os_str() == "-" {
        io::stdin().take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        [b"- ", bytes.as_slice()].concat()
    } else {
        let path = cwd.join(file).canonicalize().map_err(unreadable)?;
        let opened = fs::File::open(&path).map_err(unreadable)?;
        opened.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        path.into_os_string().into_encoded_bytes()
    };
    if bytes.len() as u64 > LARGEST {
        let what = format!("the file has more than {} MiB.", LARGEST >> 20);
        return Err(refused(what, "Divide it into several."));
    }
    Ok((name, bytes))
}

impl Reader<'_> {
    /// What one line asks for; nothing where it is empty or a remark.
    fn line(&mut self, number: usize, line: &[u8]) -> Result<Vec<Asked>, String> {
        let text = std::str::from_utf8(line).map_err(|_| "this is not UTF-8 text.".to_owned())?;
        // As other programs begin and end lines.
        let text = if number == 1 { text.trim_start_matches('\u{FEFF}') } else { text };
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            return Ok(Vec::new());
        }
        let is_json = text.strip_prefix('{').is_some_and(|rest| {
            let rest = rest.trim_start();
            rest.starts_with('"') || rest.starts_with('}')
        });
        let (requests, written) = if is_json {
            (vec![self.fields(text)?], None)
        } else {
            let text = if text.starts_with("\\#") { &text[1..] } else { text };
            self.prompt(text).map_err(|failure| sentence(&failure))?
        };
        let mut asked = Vec::new();
        for mut request in requests {
            request.check().map_err(|problem| sentence(&problem.into()))?;
            if let Some(image) = &request.image {
                request.image = Some(self.image(image).map_err(|failure| sentence(&failure))?);
            }
            asked.push(Asked { line: number, request, template: written.clone() });
        }
        Ok(asked)
    }

    /// What a line of JSON asks for: the fields themselves, or an object that has them as its
    /// `request`, as this program prints them.
    fn fields(&self, text: &str) -> Result<Request, String> {
        let wrong = |error: serde_json::Error| {
            let what = error.to_string().replace(" at line 1 column ", " at character ");
            format!("{}.", Text::capped(&what, 300))
        };
        let mut value: Value = serde_json::from_str(text).map_err(wrong)?;
        if let Some(inner) = value.get_mut("request").filter(|inner| inner.is_object()) {
            value = inner.take();
        }
        let fields: Fields = serde_json::from_value(value).map_err(wrong)?;
        let size = fields.size.as_deref().map(parse_size).transpose();
        let size = size.map_err(|error| format!("size: {error}."))?;
        let (width, height) = match (size, fields.width, fields.height) {
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) => {
                return Err("size says the same as width and height: write one of them.".to_owned());
            }
            (Some(size), ..) => size,
            (None, None, None) => self.size,
            (None, width, height) => (width, height),
        };
        Ok(Request {
            width,
            height,
            n: fields.n,
            steps: fields.steps,
            image: fields.image.map(BaseImage::from),
            negative_prompt: fields.negative_prompt,
            extra: fields.extra,
            ..Request::new(fields.prompt, fields.model.unwrap_or_else(|| self.model.clone()))
        })
    }

    /// The requests that a prompt stands for, and the prompt where it says more than they do.
    fn prompt(&self, text: &str) -> Result<(Vec<Request>, Option<String>), Failure> {
        let is_literal = self.arguments.literal || !self.surroundings.settings()?.prompt.templates;
        let plan = Plan {
            base: Request::new("", self.model.clone()),
            models: vec![self.model.clone()],
            sizes: vec![self.size],
            template: Arc::new(generate::template(text, is_literal, self.surroundings)?),
            text: text.to_owned(),
        };
        let count = plan.count();
        if count > self.most.into() {
            let what =
                format!("these are {count} requests, and {} of a line are allowed.", self.most);
            return Err(refused(what, "Write it as several lines, or change [prompt] most."));
        }
        let written = plan.written();
        Ok((plan.requests(None)?, written))
    }

    /// The base image wherever the command runs; each is looked at once.
    fn image(&mut self, image: &BaseImage) -> Result<BaseImage, Failure> {
        let Surroundings { environment, cwd, .. } = self.surroundings;
        let known = self.images.entry(image.to_string());
        known.or_insert_with(|| standpoint(environment, cwd).check(image)).clone()
    }
}

/// A failure as it stands behind the number of a line.
fn sentence(failure: &Failure) -> String {
    let what = failure.what.as_str();
    let what = what.strip_prefix("Not sent: ").unwrap_or(what);
    format!("{what} {}", failure.hint).trim_end().to_owned()
}

/// What is wrong before anything was sent.
pub(super) fn refused(what: impl AsRef<str>, hint: &str) -> Failure {
    let what = format!("Not sent: {}", what.as_ref());
    Failure::before_sending(FailureKind::Request, what, hint)
}
