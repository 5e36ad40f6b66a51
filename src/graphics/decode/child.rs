//! What runs inside `pentimento decode WIDTH HEIGHT`: a picture on standard input
//! becomes pixels on standard output.
//!
//! Owns the limits of that process and the decoders. Promises that the limits stand
//! before the first byte is read. Must never be called in a process that has anything
//! to lose: a bomb ends it.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, Write};
use std::os::fd::AsFd;
use std::process::ExitCode;

use fast_image_resize::Resizer;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader};
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

/// Runs the decoder with what follows `decode` on the command line. The exit code tells
/// the parent why there are no pixels.
pub fn decode_child(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let Some(fit) = parse(args) else { return ExitCode::FAILURE };
    if confine().is_err() {
        return ExitCode::FAILURE;
    }
    let Ok(input) = io::stdin().as_fd().try_clone_to_owned() else { return ExitCode::FAILURE };
    match read(BufReader::new(File::from(input)), fit) {
        Ok(pixels) => match send(&pixels) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        Err(verdict) => ExitCode::from(verdict as u8),
    }
}

fn parse(args: impl IntoIterator<Item = OsString>) -> Option<(u32, u32)> {
    let mut sides = args.into_iter().map(|side| side.to_str()?.parse::<u32>().ok());
    match (sides.next(), sides.next(), sides.next()) {
        (Some(width), Some(height), None) => Some((width?, height?)),
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

/// Decodes, scales, turns as the camera was held, and lays on a checkerboard.
fn read(input: impl BufRead + Seek, fit: (u32, u32)) -> Result<Pixels, Verdict> {
    let mut reader = ImageReader::new(input).with_guessed_format().map_err(|_| Verdict::Damaged)?;
    let mut limits = image::Limits::no_limits();
    limits.max_alloc = Some(PICTURE_MEMORY);
    reader.limits(limits);

    let mut decoder = reader.into_decoder()?;
    if decoder.total_bytes() > PICTURE_MEMORY {
        return Err(Verdict::TooLarge);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder)?;
    if image.width() == 0 || image.height() == 0 {
        return Err(Verdict::Damaged);
    }

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

impl From<ImageError> for Verdict {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooLarge,
            ImageError::Unsupported(_) => Self::UnknownFormat,
            _ => Self::Damaged,
        }
    }
}
