//! The base image of a request, when it is a file of this machine.
//!
//! Promises that what is sent is a picture and, unless the user wants it otherwise, nothing
//! that its file holds besides; and that a file that is none says so before anything is
//! sent. Must never change the file, nor decode it in this process.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

pub use crate::api::demo::Ground;
use crate::domain::{BaseImage, Failure, FailureKind, ImageFormat};

/// The largest file that is sent as a base image, in bytes.
const LARGEST: u64 = 50 << 20;

/// The sides within which the demo painter is given a base image, in pixels.
const GROUND_SIDE: u32 = 2048;

/// Opening a picture takes its time.
pub type Opening<T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send>>;

/// Where untrusted pictures are opened: in a process of its own, which only the one who
/// starts the worker can name.
#[derive(Clone, Copy, Debug)]
pub struct Darkroom {
    /// The picture in a file, encoded anew in at most so many bytes, and nothing beside it.
    pub bare: fn(PathBuf, u64) -> Opening<Vec<u8>>,
    /// The pixels of the picture in a file, scaled down to stay within these sides.
    pub pixels: fn(PathBuf, (u32, u32)) -> Opening<Ground>,
}

/// Checks that a base image can be sent, without reading all of it, and says where it is
/// whatever the working directory: the worker has another than `cwd`.
///
/// # Errors
/// When the file is not there, not readable, too large, or no picture.
pub fn check(image: &BaseImage, cwd: &Path) -> Result<BaseImage, Failure> {
    match image {
        BaseImage::Url(_) => Ok(image.clone()),
        BaseImage::File(path) => {
            let path = cwd.join(path);
            open(&path).map(|_| BaseImage::File(path))
        }
    }
}

/// The base image as it travels: its address, or the picture inside a `data:` URL,
/// encoded anew by `darkroom` unless all that its file holds is to go along.
pub(super) async fn travelling(
    image: &BaseImage,
    darkroom: &Darkroom,
    keep_metadata: bool,
) -> Result<String, Failure> {
    let path = match image {
        BaseImage::Url(url) => return Ok(url.clone()),
        BaseImage::File(path) => Path::new(path),
    };
    let (format, bytes) = if keep_metadata {
        bytes(path)?
    } else {
        open(path)?;
        let bytes = (darkroom.bare)(path.to_owned(), LARGEST).await?;
        (ImageFormat::sniff(&bytes), bytes)
    };
    Ok(format!("data:{};base64,{}", format.media_type(), STANDARD.encode(bytes)))
}

/// The pixels of a base image that is painted over on this machine.
pub(super) async fn ground(image: &BaseImage, darkroom: &Darkroom) -> Result<Ground, Failure> {
    match image {
        BaseImage::File(path) => {
            open(Path::new(path))?;
            (darkroom.pixels)(path.into(), (GROUND_SIDE, GROUND_SIDE)).await
        }
        BaseImage::Url(_) => Err(Failure::before_sending(
            FailureKind::BaseImage,
            "The demo painter has no network, so it cannot fetch a base image.",
            "Give it a file of this machine, or choose another model.",
        )),
    }
}

/// The bytes of a base image, and what they are.
fn bytes(path: &Path) -> Result<(ImageFormat, Vec<u8>), Failure> {
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
