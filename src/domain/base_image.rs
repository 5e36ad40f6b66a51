//! The picture a request begins from, and the ways in which one is named: typed, pasted or
//! dropped onto a terminal.
//!
//! Promises that a paste is only taken for names where all of it is. Must never look whether
//! anything is there.

use std::fmt;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{GenerationId, Image, ImageFormat, ImageId, Problem};

/// A paste of more is no list of files, in bytes.
const LONGEST: usize = 64 << 10;

/// The picture a request begins from.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum BaseImage {
    /// A file on this machine; it travels inside the request.
    File(PathBuf),
    /// An address the service fetches by itself (`https:`, `http:` or `data:`).
    Url(String),
}

impl BaseImage {
    /// Whether it can be what it says, as far as that is seen without a look at it.
    ///
    /// # Errors
    /// When it is an address that leads nowhere.
    pub fn check(&self) -> Result<(), Problem> {
        let Self::Url(address) = self else { return Ok(()) };
        let wrong = |why| Err(Problem::Address(super::Text::capped(address, 40).to_string(), why));
        if address.contains(char::is_whitespace) {
            return wrong("there is a space in it");
        }
        match Url::parse(address) {
            Ok(url) if url.scheme() == "data" => {
                let picture = url.path().split_once(";base64,");
                let is_picture = |(kind, body): (&str, &str)| {
                    kind.to_ascii_lowercase().starts_with("image/") && !body.is_empty()
                };
                if picture.is_some_and(is_picture) {
                    return Ok(());
                }
                wrong("a data URL of a picture is data:image/png;base64,…")
            }
            Ok(url) if url.host_str().is_some_and(|host| !host.is_empty()) => Ok(()),
            Ok(_) | Err(_) => wrong("it names no host that could be asked"),
        }
    }
}

impl From<String> for BaseImage {
    fn from(text: String) -> Self {
        if is_address(&text) {
            Self::Url(text)
        } else if let Some(path) = file_url(&text) {
            Self::File(path.into())
        } else {
            Self::File(text.into())
        }
    }
}

impl From<BaseImage> for String {
    fn from(image: BaseImage) -> Self {
        image.to_string()
    }
}

impl fmt::Display for BaseImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Url(url) => url.fmt(f),
        }
    }
}

fn begins_with(text: &str, beginning: &str) -> bool {
    text.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
}

fn is_address(text: &str) -> bool {
    ["https://", "http://", "data:"].iter().any(|scheme| begins_with(text, scheme))
}

/// The path that a `file:` URL names, whatever the host in it.
fn file_url(text: &str) -> Option<String> {
    let rest = begins_with(text, "file://").then(|| &text["file://".len()..])?;
    let path = &rest[rest.find('/')?..];
    Some(percent_decode_str(path).decode_utf8_lossy().into_owned())
}

/// Whether `text` is a path as Windows writes them.
pub fn is_of_windows(text: &str) -> bool {
    let drive = text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
        && matches!(text.get(1..3), Some(":\\" | ":/"));
    drive || text.starts_with("\\\\")
}

/// Whether a file of this name is a picture, as far as its ending says.
pub fn names_picture(name: &str) -> bool {
    let endings = ["png", "jpg", "jpeg", "jfif", "webp", "gif"];
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| endings.iter().any(|it| ending.eq_ignore_ascii_case(it)))
}

/// The files and addresses that a paste consists of, as one would write them into the form.
/// None where anything in it is something else. Terminals write what is dropped onto them
/// in each of these ways: as it is, in quotes, with backslashes, as a `file:` URL.
pub fn dropped(text: &str) -> Vec<String> {
    if text.len() > LONGEST {
        return Vec::new();
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let named: Option<Vec<_>> = lines.map(of_line).collect();
    named.unwrap_or_default().into_iter().flatten().collect()
}

/// What a line consists of; `None` where that is something else.
fn of_line(line: &str) -> Option<Vec<String>> {
    let bare = line.trim_matches(['"', '\'']);
    if is_of_windows(bare) {
        let paths = bare.split("\" \"").map(str::to_owned);
        return Some(paths.collect());
    }
    if !line.contains(['\\', '\'', '"']) {
        return plain(line);
    }
    shlex::split(line)?.iter().map(|word| name(word)).collect()
}

/// The names in a line without quotes. A space may be part of one: only where a path begins
/// behind it another name does.
fn plain(line: &str) -> Option<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for word in line.split(' ') {
        match (name(word), names.last_mut()) {
            (Some(name), _) => names.push(name),
            (None, Some(last)) if !is_address(last) => {
                let word = percent_decode_str(word).decode_utf8_lossy();
                last.push(' ');
                last.push_str(&word);
            }
            (None, _) => return None,
        }
    }
    Some(names)
}

/// The file or address that a word names.
fn name(word: &str) -> Option<String> {
    let beginnings = ["/", "~/", "./", "../"];
    if beginnings.iter().any(|beginning| word.starts_with(beginning)) || is_address(word) {
        return Some(word.to_owned());
    }
    file_url(word)
}

/// What is known of a file that may become a base image.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PictureFile {
    /// Where it is.
    pub path: PathBuf,
    /// How large it is.
    pub bytes: u64,
    /// What it is by its first bytes.
    pub format: ImageFormat,
    /// Pixels across and down, where its head says that.
    pub sides: Option<(u32, u32)>,
    /// Another one for each state of the file.
    pub stamp: u64,
}

impl PictureFile {
    /// The picture, for whoever shows it.
    pub fn image(&self) -> Image {
        let mut entropy = [0xff; 10];
        entropy[2..].copy_from_slice(&self.stamp.to_be_bytes());
        let (width, height) = self.sides.unwrap_or_default();
        Image {
            // No generation was made in 1970.
            id: ImageId { generation: GenerationId::from_parts(0, entropy), index: 0 },
            path: self.path.clone(),
            width,
            height,
            format: self.format,
            bytes: self.bytes,
            // Not of these bytes, so that nobody keeps its pixels for later.
            sha256: String::new(),
        }
    }
}

/// So many bytes, for people: `2.1 MB`.
pub fn shown_bytes(bytes: u64) -> String {
    let rounded = |unit: u64| bytes.saturating_add(unit / 2) / unit;
    let parts = |unit: u64| match rounded(unit / 10) {
        tenths @ ..100 => format!("{}.{}", tenths / 10, tenths % 10),
        _ => rounded(unit).to_string(),
    };
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", parts(1_000)),
        1_000_000..1_000_000_000 => format!("{} MB", parts(1_000_000)),
        _ => format!("{} GB", parts(1_000_000_000)),
    }
}
