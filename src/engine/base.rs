//! The base image of a request, when it is a file of this machine.
//!
//! Promises that what is sent is a picture and, unless the user wants it otherwise, nothing
//! that its file holds besides; and that a file that is none says so before anything is
//! sent. Must never change the file, nor decode it in this process.

use std::fs::{File, Metadata, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufReader, Read, Seek};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustix::fs::OFlags;

pub use crate::api::demo::Ground;
use crate::domain::{BaseImage, Failure, FailureKind, ImageFormat, PictureFile, shown_bytes};

/// The largest file that is sent as a base image, in bytes.
pub const LARGEST: u64 = 50 << 20;

/// The sides within which the demo painter is given a base image, in pixels.
const GROUND_SIDE: u32 = 2048;

/// What can be a base image.
const KINDS: &str = "A base image is a PNG, JPEG, WebP or GIF file.";

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

/// Where a person is who writes a path.
#[derive(Clone, Debug, Default)]
pub struct Standpoint {
    /// The working directory.
    pub cwd: PathBuf,
    /// What `~` means.
    pub home: Option<PathBuf>,
}

impl Standpoint {
    /// The path that is meant by what was written.
    pub fn path(&self, written: &Path) -> PathBuf {
        match (written.strip_prefix("~"), &self.home) {
            (Ok(below), Some(home)) => home.join(below),
            _ => self.cwd.join(written),
        }
    }

    /// Checks that a base image can be sent, without reading all of it, and says where it is
    /// whatever the working directory: the worker has another one.
    ///
    /// # Errors
    /// When the file is not there, not readable, too large, or no picture.
    pub fn check(&self, image: &BaseImage) -> Result<BaseImage, Failure> {
        match image {
            BaseImage::Url(_) => Ok(image.clone()),
            BaseImage::File(path) => {
                let path = self.path(path);
                open(&path).map(|_| BaseImage::File(path))
            }
        }
    }
}

/// What is known of a picture without decoding it.
///
/// # Errors
/// When it could not be sent as a base image.
pub fn about(path: &Path) -> Result<PictureFile, Failure> {
    let (format, _, mut file) = open(path)?;
    let metadata = file.metadata().map_err(|error| unreadable(path, &error))?;
    let stamp = stamp(path, &metadata);
    let sides = file.rewind().ok().and_then(|()| imagesize::reader_size(BufReader::new(file)).ok());
    let sides = sides.and_then(|it| Some((it.width.try_into().ok()?, it.height.try_into().ok()?)));
    Ok(PictureFile { path: path.to_owned(), bytes: metadata.len(), format, sides, stamp })
}

/// Another number for each state of a file.
fn stamp(path: &Path, metadata: &Metadata) -> u64 {
    let mut hasher = DefaultHasher::new();
    (path, metadata.len(), metadata.modified().ok()).hash(&mut hasher);
    hasher.finish()
}

/// How many bytes a picture of so many has inside a `data:` URL.
pub const fn travelling_bytes(format: ImageFormat, bytes: u64) -> u64 {
    let head = "data:;base64,".len() + format.media_type().len();
    head as u64 + bytes.div_ceil(3) * 4
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

/// Opens the file and reads its first bytes, which say what it is. A pipe or a device is not
/// even opened, or waited for.
fn open(path: &Path) -> Result<(ImageFormat, Vec<u8>, File), Failure> {
    if path.to_str().is_none() {
        return Err(no_text(path));
    }
    let about = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    usable(path, &about)?;
    // It may be another one by now.
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits() as i32;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path);
    let mut file = file.map_err(|error| unreadable(path, &error))?;
    usable(path, &file.metadata().map_err(|error| unreadable(path, &error))?)?;
    let mut head = Vec::new();
    (&mut file).take(16).read_to_end(&mut head).map_err(|error| unreadable(path, &error))?;
    match ImageFormat::sniff(&head) {
        ImageFormat::Bin => Err(refused(&format!("{} is no picture.", path.display()), KINDS)),
        format => Ok((format, head, file)),
    }
}

/// Whether something of this kind and size can be sent at all.
fn usable(path: &Path, about: &Metadata) -> Result<(), Failure> {
    let shown = path.display();
    if about.is_dir() {
        return Err(refused(&format!("{shown} is a directory."), "Choose a picture in it."));
    }
    if !about.is_file() {
        return Err(refused(&format!("{shown} is no file."), "Choose a picture."));
    }
    if about.len() == 0 {
        return Err(refused(&format!("{shown} is empty."), KINDS));
    }
    if about.len() > LARGEST {
        return Err(too_large(path, about.len()));
    }
    Ok(())
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let shown = path.display();
    match error.kind() {
        // What stands for bytes that are none where such a name became text on its way.
        io::ErrorKind::NotFound if shown.to_string().contains(char::REPLACEMENT_CHARACTER) => {
            no_text(path)
        }
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => refused(
            &format!("there is no file {shown} on this machine."),
            "If it is on yours, copy it here first (scp), or give an https:// address.",
        ),
        io::ErrorKind::PermissionDenied => {
            refused(&format!("{shown} may not be read."), "Check its permissions.")
        }
        _ => refused(&format!("{shown} cannot be read: {error}."), ""),
    }
}

/// Requests are kept as text, and so is the path of a base image.
fn no_text(path: &Path) -> Failure {
    let shown = path.display();
    refused(
        &format!("the path {shown} is no text (UTF-8), and that of a base image has to be."),
        "Rename it, or put a copy elsewhere under another name.",
    )
}

fn too_large(path: &Path, bytes: u64) -> Failure {
    let (bytes, most) = (shown_bytes(bytes), shown_bytes(LARGEST));
    refused(&format!("{} has {bytes}; the most is {most}.", path.display()), "Scale it down first.")
}

fn refused(what: &str, hint: &str) -> Failure {
    Failure::before_sending(FailureKind::BaseImage, format!("Not sent: {what}"), hint)
}
