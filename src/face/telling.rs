//! What the file of a picture tells: its bytes, its age, and the request written in it or in
//! a text beside it.
//!
//! Promises that a file which is none, or too large, is not read, and that a request of
//! another program never names a model that can be asked. Must never change a file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::domain::{Failure, FailureKind, ImageFormat, ModelId, Request, Timestamp};
use crate::metadata::{self, LARGEST, Program, Told};

/// The longest text beside a picture that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// The file of a picture.
#[derive(Debug)]
pub struct Picture {
    /// What it holds.
    pub bytes: Vec<u8>,
    /// When it was written, as well as the file system knows.
    pub modified: Timestamp,
    /// What it says of how it was made, or a text beside it does.
    pub told: Option<Told>,
}

/// Reads the picture at `path`.
///
/// # Errors
/// When it cannot be read, or is no picture of a kind that is known.
pub fn look(path: &Path) -> Result<Picture, Failure> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let about = file.metadata().map_err(|error| unreadable(path, &error))?;
    if !about.is_file() {
        return Err(refused(&format!("{} is no file.", path.display()), "Choose a picture."));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > LARGEST {
        let what = format!("{} has more than {} MiB.", path.display(), LARGEST >> 20);
        return Err(refused(&what, "Scale it down first."));
    }
    if ImageFormat::sniff(&bytes) == ImageFormat::Bin {
        let what = format!("{} is no picture of a kind that is known.", path.display());
        return Err(refused(&what, "PNG, JPEG, WebP and GIF are."));
    }
    let since = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified = Timestamp::from_millis(since.map_or(0, |since| since.as_millis() as i64));
    let told = metadata::read(&bytes).or_else(|| beside(path));
    Ok(Picture { bytes, modified, told })
}

/// What the text beside a picture says of it.
fn beside(path: &Path) -> Option<Told> {
    let file = File::open(path.with_extension("txt")).ok()?;
    let mut text = String::new();
    let is_file = file.metadata().is_ok_and(|about| about.is_file());
    is_file.then(|| file.take(LONGEST).read_to_string(&mut text).ok())??;
    metadata::read_beside(&text)
}

/// What was told, as a request: this program's own as it was, that of another program with a
/// model which says where it is from, and what has no field here as extra ones.
pub fn request(told: &Told) -> Request {
    if let Some(origin) = &told.origin {
        return origin.request.clone();
    }
    let model = ModelId::imported(told.program.word(), told.model.as_deref());
    let mut request = Request::new(told.prompt.clone(), model);
    (request.width, request.height, request.steps) = (told.width, told.height, told.steps);
    request.negative_prompt.clone_from(&told.negative);
    request.extra.clone_from(&told.settings);
    request
}

/// Which program has told that, in words.
pub const fn teller(told: &Told) -> &'static str {
    match told.program {
        Program::Pentimento => "this program",
        program => program.name(),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let shown = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => refused(
            &format!("There is no file {shown} on this machine."),
            "If it is on your laptop, copy it here first (scp).",
        ),
        _ => refused(&format!("{shown} cannot be read: {error}."), "Check its permissions."),
    }
}

fn refused(what: &str, hint: &str) -> Failure {
    Failure::before_sending(FailureKind::BaseImage, what, hint)
}
