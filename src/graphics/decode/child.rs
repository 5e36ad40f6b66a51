//! What runs inside `pentimento decode WIDTH HEIGHT`: a picture on standard input
//! becomes pixels on standard output. With `bare` in place of the sides it becomes the
//! same picture with nothing beside it.
//!
//! Owns the limits of that process and the decoders. Promises that the limits stand
//! before the first byte is read. Must never be called in a process that has anything
//! to lose: a bomb ends it.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::os::fd::AsFd;
use std::process::ExitCode;

use fast_image_resize::Resizer;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::Verdict;
use crate::graphics::pixels::{Pixels, contain};

/// Address space of the whole process, in bytes.
const MEMORY: u64 = 512 << 20;

/// What of it the picture may take, in bytes: scaling one with an alpha channel needs
/// as much again.
const PICTURE_MEMORY: u64 = 224 << 20;

/// Seconds of processor time.
const PROCESSOR: u64 = 10;

/// Side of the squares that show through transparent parts, in pixels.
const SQUARE: u32 = 8;

/// Quality of a JPEG that is encoded anew: nobody sees the difference.
const QUALITY: u8 = 95;

/// What the caller wants of the picture.
#[derive(Clone, Copy)]
enum Wanted {
    /// Its pixels, within these sides.
    Within((u32, u32)),
    /// A file with the picture alone.
    Bare,
}

/// Runs the decoder with what follows `decode` on the command line. The exit code tells
/// the parent why there are no pixels.
pub fn decode_child(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let Some(wanted) = parse(args) else { return ExitCode::FAILURE };
    if confine().is_err() {
        return ExitCode::FAILURE;
    }
    let Ok(input) = io::stdin().as_fd().try_clone_to_owned() else { return ExitCode::FAILURE };
    let input = BufReader::new(File::from(input));
    let sent = match wanted {
        Wanted::Within(fit) => read(input, fit).map(|pixels| send(&pixels)),
        Wanted::Bare => load(input).map(send_bare),
    };
    match sent {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(_)) => ExitCode::FAILURE,
        Err(verdict) => ExitCode::from(verdict as u8),
    }
}

fn parse(args: impl IntoIterator<Item = OsString>) -> Option<Wanted> {
    let args: Vec<OsString> = args.into_iter().collect();
    let side = |side: &OsString| side.to_str()?.parse::<u32>().ok();
    match &args[..] {
        [width, height] => Some(Wanted::Within((side(width)?, side(height)?))),
        [bare] if bare == "bare" => Some(Wanted::Bare),
        _ => None,
    }
}

/// Gives up memory, time, files and core dumps beyond what a picture needs.
fn confine() -> io::Result<()> {
    let limits = [
        (Resource::As, MEMORY),
        (Resource::Cpu, PROCESSOR),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ];
    for (resource, most) in limits {
        let most = getrlimit(resource).maximum.map_or(most, |hard| hard.min(most));
        let set = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
        // Elsewhere some of these do not exist; there the decoders' own limits remain.
        if cfg!(target_os = "linux") {
            set?;
        }
    }
    Ok(())
}

/// A picture as its file stores it.
struct Stored {
    image: DynamicImage,
    /// How it is to be turned to be seen as it was taken.
    orientation: Orientation,
    is_jpeg: bool,
}

fn load(input: impl BufRead + Seek) -> Result<Stored, Verdict> {
    let mut reader = ImageReader::new(input).with_guessed_format().map_err(|_| Verdict::Damaged)?;
    let mut limits = image::Limits::no_limits();
    limits.max_alloc = Some(PICTURE_MEMORY);
    reader.limits(limits);
    let is_jpeg = reader.format() == Some(ImageFormat::Jpeg);

    let mut decoder = reader.into_decoder()?;
    if decoder.total_bytes() > PICTURE_MEMORY {
        return Err(Verdict::TooLarge);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder)?;
    if image.width() == 0 || image.height() == 0 {
        return Err(Verdict::Damaged);
    }
    Ok(Stored { image, orientation, is_jpeg })
}

/// Decodes, scales, turns as the camera was held, and lays on a checkerboard.
fn read(input: impl BufRead + Seek, fit: (u32, u32)) -> Result<Pixels, Verdict> {
    let Stored { image, orientation, .. } = load(input)?;
    let stored = (image.width(), image.height());
    let source = if turns(orientation) { swapped(stored) } else { stored };
    let size = contain(source, fit);
    let mut image = scale(image, if turns(orientation) { swapped(size) } else { size })?;
    image.apply_orientation(orientation);
    Pixels::new(size.0, size.1, source, flatten(image)).ok_or(Verdict::Damaged)
}

fn scale(image: DynamicImage, (width, height): (u32, u32)) -> Result<DynamicImage, Verdict> {
    if (image.width(), image.height()) == (width, height) {
        return Ok(image);
    }
    let mut scaled = DynamicImage::new(width, height, image.color());
    Resizer::new().resize(&image, &mut scaled, None).map_err(|_| Verdict::UnknownFormat)?;
    Ok(scaled)
}

/// Whether `orientation` makes columns of the rows.
fn turns(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

const fn swapped((width, height): (u32, u32)) -> (u32, u32) {
    (height, width)
}

/// Red, green and blue alone; where the picture is transparent, over grey squares which
/// neither black nor white drawings vanish on.
fn flatten(image: DynamicImage) -> Vec<u8> {
    if !image.color().has_alpha() {
        return image.into_rgb8().into_raw();
    }
    let image = image.into_rgba8();
    image
        .enumerate_pixels()
        .flat_map(|(x, y, pixel)| {
            let [red, green, blue, alpha] = pixel.0.map(u16::from);
            let square = if (x / SQUARE + y / SQUARE).is_multiple_of(2) { 102 } else { 153 };
            [red, green, blue]
                .map(|channel| ((channel * alpha + square * (255 - alpha) + 127) / 255) as u8)
        })
        .collect()
}

fn send(pixels: &Pixels) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(&pixels.header())?;
    out.write_all(pixels.rgb())?;
    out.flush()
}

/// Writes the picture and nothing that its file says besides.
fn send_bare(stored: Stored) -> io::Result<()> {
    let Stored { mut image, orientation, is_jpeg } = stored;
    image.apply_orientation(orientation);
    let mut out = BufWriter::new(io::stdout().lock());
    let encoded = if is_jpeg {
        let image = DynamicImage::ImageRgb8(image.into_rgb8());
        image.write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY))
    } else {
        let (effort, filter) = (CompressionType::Fast, FilterType::Adaptive);
        image.write_with_encoder(PngEncoder::new_with_quality(&mut out, effort, filter))
    };
    encoded.map_err(io::Error::other)?;
    out.flush()
}

impl From<ImageError> for Verdict {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooLarge,
            ImageError::Unsupported(_) => Self::UnknownFormat,
            _ => Self::Damaged,
        }
    }
}
