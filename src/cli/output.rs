//! What commands print, and where.
//!
//! Promises that a closed pipe ends the output quietly, that nothing printed here drives a
//! terminal, and that people get characters which they can see: where there are only those of
//! ASCII, all that is said is made of them, and so is what a terminal is shown. What another
//! program reads keeps its letters, and JSON, paths and whole texts every character.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::Exit;
use crate::domain::{Cost, Failure, FailureKind, Generation, Job, Timestamp, escaped, printable};
use crate::graphics::Glyphs;

/// Why results could not be written, where that is so.
static TROUBLE: OnceLock<String> = OnceLock::new();

/// Whether whoever reads sees the characters of ASCII alone.
static ONLY_ASCII: AtomicBool = AtomicBool::new(false);

/// Notes which characters can be shown.
pub(super) fn limit_to(glyphs: Glyphs) {
    ONLY_ASCII.store(glyphs == Glyphs::Ascii, Ordering::Relaxed);
}

fn glyphs() -> Glyphs {
    if ONLY_ASCII.load(Ordering::Relaxed) { Glyphs::Ascii } else { Glyphs::Unicode }
}

/// Notes whether results were written. A reader that has seen enough (`| head`) is no trouble.
fn note(written: io::Result<()>) {
    if let Err(error) = written
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        TROUBLE.get_or_init(|| error.to_string());
    }
}

/// Why results of this command could not be written, for example because the disk is full.
pub(super) fn trouble() -> Option<Failure> {
    note(io::stdout().lock().flush());
    let what = format!("The results cannot be written: {}.", TROUBLE.get()?);
    let hint = "What was made is in the history all the same.";
    Some(Failure::before_sending(FailureKind::Storage, what, hint))
}

/// Prints lines of results.
pub(super) fn line(text: &str) {
    let text = printable(text);
    let text = if io::stdout().is_terminal() { glyphs().text(text) } else { glyphs().signs(text) };
    note(writeln!(io::stdout().lock(), "{text}"));
}

/// Prints where a file is.
pub(super) fn path(path: &Path) {
    let text = printable(&path.display().to_string());
    let text = if io::stdout().is_terminal() { glyphs().text(text) } else { text };
    note(writeln!(io::stdout().lock(), "{text}"));
}

/// Prints a whole text, which ends its own last line.
pub(super) fn text(text: &str) {
    note(io::stdout().lock().write_all(printable(text).as_bytes()));
}

/// Prints a value as one line of JSON.
pub(super) fn json_line(value: &Value) {
    note(writeln!(io::stdout().lock(), "{}", escaped(&value.to_string())));
}

/// Prints lines for the person who watches.
pub(super) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", glyphs().text(printable(text)));
}

/// What turns while something is under way, where somebody watches.
pub(super) fn progress() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}");
    let style = style.expect("the template is right");
    let style = match glyphs() {
        Glyphs::Unicode => style,
        // The last one stands when it has ended.
        Glyphs::Ascii => style.tick_chars("|/-\\ "),
    };
    ProgressBar::new_spinner().with_style(style)
}

/// Says what failed and what to do.
pub(super) fn failure(failure: &Failure) {
    say(&format!("pentimento: {}", failure.what));
    if !failure.hint.is_blank() {
        say(&format!("  {}", failure.hint));
    }
    if !failure.is_local() {
        say(&format!("  ({})", failure.verdict()));
    }
}

/// The exit code that a failure deserves: wrong usage is told apart from bad luck.
pub(super) const fn exit_of(failure: &Failure) -> Exit {
    match failure.kind {
        FailureKind::Request
        | FailureKind::BaseImage
        | FailureKind::Model
        | FailureKind::MissingKey
        | FailureKind::Budget
        | FailureKind::Config => Exit::Usage,
        _ => Exit::Failed,
    }
}

/// One generation as `--json` prints it.
pub(super) fn json(generation: &Generation, now: Timestamp) -> Value {
    let images: Vec<Value> = generation
        .images
        .iter()
        .map(|image| {
            json!({
                // A path need be no text; JSON is.
                "path": image.path.to_string_lossy(),
                "width": image.width,
                "height": image.height,
                "format": image.format,
                "bytes": image.bytes,
                "sha256": image.sha256,
            })
        })
        .collect();
    let error = generation.job.failure().map(|failure| {
        json!({
            "kind": failure.kind.name(),
            "message": failure.what,
            "hint": failure.hint,
            "charged": failure.charged,
            "doing": failure.kind.doing().name(),
            "retryable": failure.retryable(),
        })
    });
    json!({
        "id": generation.id,
        "status": generation.job.name(),
        "provider": generation.request.model.provider(),
        "model": generation.request.model,
        "created": generation.created.to_rfc3339(),
        "request": generation.request,
        "images": images,
        "usage": generation.usage,
        "estimate_usd": generation.estimate.map(Cost::usd),
        "cost_usd": generation.cost.map(Cost::usd),
        "seconds": generation.seconds(now),
        "words": generation.words,
        "request_id": generation.request_id,
        "parent": generation.parent,
        "batch": generation.batch,
        "template": generation.template,
        "sent": generation.sent.map(Timestamp::to_rfc3339),
        "error": error,
        "favourite": generation.opinion.favourite,
        "rating": generation.opinion.rating,
        "tags": generation.opinion.tags,
        "trashed": generation.opinion.trashed.map(Timestamp::to_rfc3339),
    })
}

/// One generation in words: what was asked, what came, where it is.
/// `estimate` is what it costs, where that is known.
pub(super) fn describe(generation: &Generation, now: Timestamp, estimate: Option<Cost>) -> String {
    let request = &generation.request;
    let mut lines = vec![request.prompt.trim().to_owned()];
    let mut facts = vec![
        generation.id.short(),
        request.model.to_string(),
        generation.job.name().to_owned(),
        generation.took(now).unwrap_or_default(),
        generation.created.to_minute(),
    ];
    facts.extend(generation.price());
    facts.push(generation.opinion.signs());
    facts.extend(generation.opinion.trashed.map(|_| "in the trash".to_owned()));
    facts.retain(|fact| !fact.is_empty());
    lines.push(facts.join(" · "));
    if let Some(failure) = generation.job.failure() {
        lines.push(format!("{} {}", failure.what, failure.hint));
    }
    if let Job::Interrupted { .. } = generation.job {
        lines.push(generation.price_and_time(estimate));
        let id = generation.id.short();
        lines.push(format!("pentimento resume --send-again {id}   sends it again"));
        lines.push(format!("pentimento resume --give-up {id}      gives it up"));
    }
    for (label, value) in [
        ("base image", request.image.as_ref().map(ToString::to_string)),
        ("negative", request.negative_prompt.clone()),
        ("template", generation.template.clone()),
        ("request id", generation.request_id.as_ref().map(ToString::to_string)),
    ] {
        lines.extend(value.map(|value| format!("{label}: {value}")));
    }
    lines.extend(generation.words.iter().map(ToString::to_string));
    for image in &generation.images {
        let size = format!("{}×{}", image.width, image.height);
        lines.push(format!("{}  {size}  {} KB", image.path.display(), image.bytes.div_ceil(1024)));
    }
    lines.join("\n")
}
