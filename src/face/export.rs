//! Copies of pictures for elsewhere, with the request written in them or with nothing.
//!
//! Promises that an original is only read, that no file is ever replaced, and that a copy is
//! whole or not there, for its user alone. Must never put into a copy what is only of this machine.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::config::Settings;
use crate::config::environment::Environment;
use crate::domain::{Failure, FailureKind, Generation, Image, Named, Naming};
use crate::metadata::{self, LARGEST, Origin, Refusal};

/// What is exported how.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Where copies go. It is made where it is missing.
    pub directory: PathBuf,
    /// How they are called.
    pub naming: Naming,
    /// Whether they say nothing at all, also not what they came with.
    pub strip: bool,
}

impl Terms {
    /// What the configuration says.
    pub fn of(settings: &Settings, environment: &Environment) -> Self {
        let directory = home(&settings.away.export, environment);
        Self { directory, naming: settings.away.naming.clone(), strip: false }
    }
}

/// A path with the user's own directory for `~`.
pub fn home(path: &str, environment: &Environment) -> PathBuf {
    match (path.strip_prefix('~'), environment.get("HOME")) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
            Path::new(home).join(rest.trim_start_matches('/'))
        }
        _ => PathBuf::from(path),
    }
}

/// A copy that was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Copied {
    /// Where it is.
    pub path: PathBuf,
    /// Why the request is not in it, where it was to be.
    pub without: Option<Refusal>,
}

/// Makes a copy of one picture of `generation`.
///
/// # Errors
/// When it cannot be read, stripped or written. There is no copy then.
pub fn export(generation: &Generation, image: &Image, terms: &Terms) -> Result<Copied, Failure> {
    let bytes = original(image)?;
    let (bytes, without) = if terms.strip {
        (metadata::strip(&bytes).map_err(|why| not_stripped(image, why))?, None)
    } else {
        let origin = Origin {
            id: generation.id,
            index: image.id.index,
            created: generation.created,
            request: generation.request.clone(),
            template: generation.template.clone(),
        };
        match metadata::embed(&bytes, &origin, (image.width, image.height)) {
            Ok(embedded) => (embedded, None),
            Err(why @ Refusal::TooLong(..)) => return Err(too_long(image, why)),
            // It has no place for it, or is damaged: the picture is worth more than the words.
            Err(why) => (bytes, Some(why)),
        }
    };
    let name = terms.naming.name(Named {
        id: generation.id,
        created: generation.created,
        model: &generation.request.model,
        prompt: &generation.request.prompt,
        index: image.id.index,
    });
    let path = write(&terms.directory, &name, image.format.extension(), &bytes)
        .map_err(|error| unwritable(&terms.directory, &error))?;
    Ok(Copied { path, without })
}

fn original(image: &Image) -> Result<Vec<u8>, Failure> {
    let read = || {
        let mut bytes = Vec::new();
        fs::File::open(&image.path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().map_err(|error: io::Error| {
        let what = format!("Not exported: {} cannot be read: {error}.", image.path.display());
        Failure::before_sending(FailureKind::Storage, what, "")
    })?;
    if bytes.len() as u64 <= LARGEST {
        return Ok(bytes);
    }
    let what =
        format!("Not exported: {} has more than {} MiB.", image.path.display(), LARGEST >> 20);
    Err(Failure::before_sending(FailureKind::Request, what, "Copy the file itself."))
}

/// Writes a file under the first name that is free, and only whole.
fn write(directory: &Path, name: &str, ending: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    fs::create_dir_all(directory)?;
    let mut file: NamedTempFile =
        tempfile::Builder::new().prefix(".").suffix(".part").tempfile_in(directory)?;
    file.write_all(bytes)?;
    let mut number = 1;
    loop {
        let path = directory.join(match number {
            1 => format!("{name}.{ending}"),
            _ => format!("{name} {number}.{ending}"),
        });
        match file.persist_noclobber(&path) {
            Ok(_) => return Ok(path),
            Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => {
                file = taken.file;
                number += 1;
            }
            Err(failed) => return Err(failed.error),
        }
    }
}

fn not_stripped(image: &Image, why: Refusal) -> Failure {
    let why = match why {
        Refusal::Format => "only PNG, JPEG and WebP can be stripped".to_owned(),
        why => why.to_string(),
    };
    let what = format!("Not exported: {}: {why}.", image.path.display());
    Failure::before_sending(FailureKind::Request, what, "Without --strip it is copied.")
}

fn too_long(image: &Image, why: Refusal) -> Failure {
    let what = format!("Not exported: the request of {}: {why}.", image.path.display());
    let hint = "`pentimento export --strip` copies it without.";
    Failure::before_sending(FailureKind::Request, what, hint)
}

fn unwritable(directory: &Path, error: &io::Error) -> Failure {
    let what = format!("Not exported: {} cannot be written: {error}.", directory.display());
    Failure::before_sending(FailureKind::Storage, what, "Choose another directory.")
}
