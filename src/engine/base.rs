//! The base image of a request, when it is a file of this machine.
//!
//! Promises that what is sent is a picture, and that a file that is not says so before
//! anything is sent. Must never change the file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::domain::{BaseImage, Failure, FailureKind, ImageFormat};

/// The largest file that is sent as a base image, in bytes.
const LARGEST: u64 = 50 << 20;

/// Checks that a base image can be sent, without reading all of it.
///
/// # Errors
/// When the file is not there, not readable, too large, or no picture.
pub fn check(image: &BaseImage) -> Result<(), Failure> {
    match image {
        BaseImage::Url(_) => Ok(()),
        BaseImage::File(path) => open(path).map(drop),
    }
}

/// The base image as it travels: its address, or the file inside a `data:` URL.
pub(super) fn travelling(image: &BaseImage) -> Result<String, Failure> {
    match image {
        BaseImage::Url(url) => Ok(url.clone()),
        BaseImage::File(path) => {
            let (format, bytes) = bytes(path)?;
            Ok(format!("data:{};base64,{}", format.media_type(), STANDARD.encode(bytes)))
        }
    }
}

/// The bytes of a base image, and what they are.
pub(super) fn bytes(path: &Path) -> Result<(ImageFormat, Vec<u8>), Failure> {
    let (format, head, file) = open(path)?;
    let mut bytes = head;
    // One byte more than allowed shows a file that has grown since it was looked at.
    file.take(LARGEST).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large(path, bytes.len() as u64));
    }
    Ok((format, bytes))
}

/// Opens the file and reads its first bytes, which say what it is.
fn open(path: &Path) -> Result<(ImageFormat, Vec<u8>, File), Failure> {
    let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let about = file.metadata().map_err(|error| unreadable(path, &error))?;
    if !about.is_file() {
        return Err(refused(&format!("{} is no file.", path.display()), "Choose a picture."));
    }
    if about.len() > LARGEST {
        return Err(too_large(path, about.len()));
    }
    let mut head = Vec::new();
    (&mut file).take(16).read_to_end(&mut head).map_err(|error| unreadable(path, &error))?;
    match ImageFormat::sniff(&head) {
        ImageFormat::Bin => Err(refused(
            &format!("{} is no picture.", path.display()),
            "A base image is a PNG, JPEG, WebP or GIF file.",
        )),
        format => Ok((format, head, file)),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let shown = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => refused(
            &format!("there is no file {shown} on this machine."),
            "If it is on your laptop, copy it here first (scp), or give an https:// address.",
        ),
        _ => refused(&format!("{shown} cannot be read: {error}."), "Check its permissions."),
    }
}

fn too_large(path: &Path, bytes: u64) -> Failure {
    refused(
        &format!("{} has {} MiB; the most is {}.", path.display(), bytes >> 20, LARGEST >> 20),
        "Scale it down first.",
    )
}

fn refused(what: &str, hint: &str) -> Failure {
    Failure::before_sending(FailureKind::BaseImage, format!("Not sent: {what}"), hint)
}
