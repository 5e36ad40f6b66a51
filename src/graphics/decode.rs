//! Untrusted image files become pixels in a process of their own.
//!
//! Owns the conversation with `pentimento decode`: the file is its standard input, the
//! pixels (or the picture encoded anew) are its standard output, its exit code is the
//! reason of a refusal. Promises
//! that the decoder sees no environment (there are keys in it), lives at most
//! [`TIME_LIMIT`], dies with the caller, and that no more is read from it than was asked
//! for. Must never decode in this process.

mod child;

use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, ChildStdout, Command};

pub use child::decode_child;

use super::pixels::{Pixels, Shape};
use crate::domain::{Failure, FailureKind};

/// The longest a decoder may live, by the wall clock.
const TIME_LIMIT: Duration = Duration::from_secs(15);

/// Why the decoder has no pixels to give. The numbers are its exit codes.
#[derive(Clone, Copy, Debug, thiserror::Error)]
enum Verdict {
    #[error("the file is not a PNG, JPEG, WebP or GIF picture")]
    UnknownFormat = 3,
    #[error("the picture is damaged")]
    Damaged = 4,
    #[error("the picture is too large")]
    TooLarge = 5,
    /// The code with which Rust ends a process that panicked.
    #[error("the picture is damaged in a way the decoder did not expect")]
    Panicked = 101,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("the file cannot be opened ({0})")]
    Open(io::Error),
    #[error("it is not a file")]
    NotAFile,
    #[error("the file is empty")]
    Empty,
    #[error(transparent)]
    Picture(Verdict),
    #[error("decoding it took more memory or time than a picture may take")]
    Killed,
    #[error("the decoder could not be run ({0})")]
    Decoder(io::Error),
}

impl Refusal {
    /// The reason that an exit of the decoder without a whole picture stands for.
    fn from_exit(status: ExitStatus) -> Self {
        let Some(code) = status.code() else { return Self::Killed };
        [Verdict::UnknownFormat, Verdict::Damaged, Verdict::TooLarge, Verdict::Panicked]
            .into_iter()
            .find(|verdict| *verdict as i32 == code)
            .map_or_else(|| Self::Decoder(io::Error::other(status.to_string())), Self::Picture)
    }

    /// The words for a user whose base image it is.
    fn into_unsent(self, file: &Path) -> Failure {
        let kind = match self {
            Self::Decoder(_) => FailureKind::Internal,
            _ => FailureKind::BaseImage,
        };
        let hint = match self {
            Self::Picture(Verdict::TooLarge) | Self::Killed => "Scale it down first.",
            Self::Decoder(_) => "Try again.",
            _ => "A base image is a whole PNG, JPEG, WebP or GIF file.",
        };
        Failure::before_sending(kind, format!("Not sent: {}: {self}.", file.display()), hint)
    }

    /// The words for the user, who is told where the picture is.
    fn into_failure(self, file: &Path) -> Failure {
        let kind = match self {
            Self::Open(_) | Self::NotAFile => FailureKind::Storage,
            Self::Decoder(_) => FailureKind::Internal,
            Self::Empty | Self::Picture(_) | Self::Killed => FailureKind::Unreadable,
        };
        let hint = match self {
            Self::Open(_) | Self::NotAFile => format!("It was looked for at {}.", file.display()),
            _ => format!("The original is kept at {}.", file.display()),
        };
        Failure::before_sending(kind, format!("No preview: {self}."), hint)
    }
}

/// Decodes `file` in a process of `program` (this program's own path) and scales it to
/// stay within `fit` pixels (a side of 0 counts as 1), keeping its ratio and never
/// enlarging it. Transparent parts show a checkerboard; of an animation the first frame
/// is taken.
///
/// # Errors
/// When there is no picture to be had from the file within the limits. The failure names
/// the file, which is never changed.
pub async fn decode(program: &Path, file: &Path, fit: (u32, u32)) -> Result<Pixels, Failure> {
    pixels(program, file, fit).await.map_err(|refusal| refusal.into_failure(file))
}

/// As [`decode`], of a picture that is to be painted over.
///
/// # Errors
/// As [`decode`], in words for a request that was not sent.
pub async fn base(program: &Path, file: &Path, fit: (u32, u32)) -> Result<Pixels, Failure> {
    pixels(program, file, fit).await.map_err(|refusal| refusal.into_unsent(file))
}

/// Encodes the picture in `file` anew, in a process of `program`: turned as it is to be
/// seen, and without anything else that the file holds (place, camera, thumbnails, a
/// colour profile). A JPEG stays one, everything else becomes a PNG.
///
/// # Errors
/// As [`base`]; also when there would be more than `most` bytes.
pub async fn bare(program: &Path, file: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let picture = async {
        let (decoder, mut answer) = start(program, file, &["bare".to_owned()]).await?;
        let mut bytes = Vec::new();
        let read = (&mut answer).take(most + 1).read_to_end(&mut bytes).await;
        if bytes.len() as u64 > most {
            return Err(Refusal::Picture(Verdict::TooLarge));
        }
        let status = end(decoder, answer).await?;
        // Only its end says whether the picture is whole.
        if read.is_ok() && status.success() { Ok(bytes) } else { Err(Refusal::from_exit(status)) }
    };
    in_time(picture).await.map_err(|refusal| refusal.into_unsent(file))
}

async fn pixels(program: &Path, file: &Path, fit: (u32, u32)) -> Result<Pixels, Refusal> {
    let fit = (fit.0.max(1), fit.1.max(1));
    let picture = async {
        let sides = [fit.0.to_string(), fit.1.to_string()];
        let (decoder, mut answer) = start(program, file, &sides).await?;
        let pixels = receive(&mut answer, fit).await.ok();
        let status = end(decoder, answer).await?;
        pixels.ok_or_else(|| Refusal::from_exit(status))
    };
    in_time(picture).await
}

async fn in_time<T>(work: impl Future<Output = Result<T, Refusal>>) -> Result<T, Refusal> {
    tokio::time::timeout(TIME_LIMIT, work).await.unwrap_or(Err(Refusal::Killed))
}

/// Starts a decoder of `file` that was told `wanted`, and gives what it answers with.
async fn start(
    program: &Path,
    file: &Path,
    wanted: &[String],
) -> Result<(Child, ChildStdout), Refusal> {
    // Asked before opening, for opening a pipe without a writer would wait.
    let metadata = tokio::fs::metadata(file).await.map_err(Refusal::Open)?;
    if !metadata.is_file() {
        return Err(Refusal::NotAFile);
    }
    if metadata.len() == 0 {
        return Err(Refusal::Empty);
    }
    let file = tokio::fs::File::open(file).await.map_err(Refusal::Open)?;

    let mut decoder = Command::new(program)
        .arg("decode")
        .args(wanted)
        .env_clear()
        .stdin(file.into_std().await)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(Refusal::Decoder)?;
    let answer = decoder.stdout.take().expect("its output is a pipe, as asked above");
    Ok((decoder, answer))
}

/// Waits for the end of a decoder of which no more is wanted.
async fn end(mut decoder: Child, answer: ChildStdout) -> Result<ExitStatus, Refusal> {
    // Closed, so that a decoder with more to say ends rather than waits.
    drop(answer);
    decoder.wait().await.map_err(Refusal::Decoder)
}

/// Reads one picture within `fit`: first what it announces, then exactly that.
async fn receive(answer: &mut (impl AsyncRead + Unpin), fit: (u32, u32)) -> io::Result<Pixels> {
    let mut header = [0; Shape::HEADER];
    answer.read_exact(&mut header).await?;
    let shape = Shape::from_header(&header, fit).ok_or(io::ErrorKind::InvalidData)?;
    let mut rgb = vec![0; shape.bytes()];
    answer.read_exact(&mut rgb).await?;
    Pixels::from_parts(shape, rgb).ok_or_else(|| io::ErrorKind::InvalidData.into())
}
