//! The decoder process on good and hostile files, and the cache of what it made.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be made fails its test")]

use std::fs;
use std::io::Cursor;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, ImageFormat as Format, Rgb, RgbImage, Rgba, RgbaImage};
use pentimento::domain::{self, Charged, Failure, FailureKind, ImageFormat, ImageId};
use pentimento::graphics::{Pixels, Thumbnails, bare, decode};
use tempfile::TempDir;

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_pentimento"))
}

/// Left half red, right half blue.
fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| {
        Rgb(if 2 * x < width { [220, 20, 20] } else { [20, 20, 220] })
    })
}

fn encoded(image: impl Into<DynamicImage>, format: Format) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

async fn decoded(bytes: &[u8], fit: (u32, u32)) -> Result<Pixels, Failure> {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("picture");
    fs::write(&file, bytes).unwrap();
    decode(program(), &file, fit).await
}

/// Whether the pixel at (x, y) is within 24 of `rgb` in each channel.
fn is_near(pixels: &Pixels, (x, y): (u32, u32), rgb: [u8; 3]) -> bool {
    let at = ((y * pixels.width() + x) * 3) as usize;
    pixels.rgb()[at..at + 3].iter().zip(rgb).all(|(&a, b)| a.abs_diff(b) <= 24)
}

#[tokio::test]
async fn every_format_is_decoded_and_scaled_to_fit() {
    for format in [Format::Png, Format::Jpeg, Format::WebP, Format::Gif] {
        let pixels = decoded(&encoded(halves(200, 100), format), (50, 50)).await.unwrap();
        assert_eq!((pixels.width(), pixels.height(), pixels.source()), (50, 25, (200, 100)));
        assert!(is_near(&pixels, (5, 12), [220, 20, 20]), "{format:?}");
        assert!(is_near(&pixels, (45, 12), [20, 20, 220]), "{format:?}");
    }
}

#[tokio::test]
async fn a_picture_is_never_enlarged_and_never_loses_a_side() {
    let small = decoded(&encoded(halves(20, 10), Format::Png), (500, 500)).await.unwrap();
    assert_eq!((small.width(), small.height()), (20, 10));
    assert!(small.is_whole());
    let thin = decoded(&encoded(halves(3000, 2), Format::Png), (30, 30)).await.unwrap();
    assert_eq!((thin.width(), thin.height()), (30, 1));
}

#[tokio::test]
async fn other_depths_of_colour_become_eight_bits_of_three() {
    let deep = DynamicImage::ImageRgb8(halves(64, 64)).into_rgba16();
    let grey = DynamicImage::ImageRgb8(halves(64, 64)).into_luma_alpha16();
    for bytes in [encoded(deep, Format::Png), encoded(grey, Format::Png)] {
        let pixels = decoded(&bytes, (16, 16)).await.unwrap();
        assert_eq!(pixels.rgb().len(), 16 * 16 * 3);
    }
}

#[tokio::test]
async fn a_photograph_is_turned_as_the_camera_was_held() {
    // Exif orientation 6: to be turned a quarter to the right.
    let exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.set_exif_metadata(exif.to_vec()).unwrap();
    encoder.encode_image(&halves(80, 40)).unwrap();
    let pixels = decoded(&bytes, (20, 20)).await.unwrap();
    assert_eq!((pixels.width(), pixels.height(), pixels.source()), (10, 20, (40, 80)));
    assert!(is_near(&pixels, (5, 2), [220, 20, 20]), "the left half is above");
    assert!(is_near(&pixels, (5, 17), [20, 20, 220]));
}

#[tokio::test]
async fn transparent_parts_show_a_checkerboard() {
    let clear = RgbaImage::from_pixel(32, 32, Rgba([255, 255, 255, 0]));
    let pixels = decoded(&encoded(clear, Format::Png), (32, 32)).await.unwrap();
    assert!(is_near(&pixels, (0, 0), [102; 3]) && is_near(&pixels, (8, 0), [153; 3]));
}

#[tokio::test]
async fn a_file_that_is_no_whole_picture_is_refused_in_plain_words() {
    let whole = encoded(halves(300, 300), Format::Png);
    let jpeg = encoded(halves(300, 300), Format::Jpeg);
    let cases: [(&[u8], &str); 5] = [
        (b"", "No preview: the file is empty."),
        (b"<svg/>", "No preview: the file is not a PNG, JPEG, WebP or GIF picture."),
        (&whole[..whole.len() / 2], "No preview: the picture is damaged."),
        (&whole[..10], "No preview: the picture is damaged."),
        (&jpeg[..30], "No preview: the picture is damaged."),
    ];
    for (bytes, what) in cases {
        let failure = decoded(bytes, (50, 50)).await.unwrap_err();
        assert_eq!(failure.what.as_str(), what);
        assert_eq!(failure.kind, FailureKind::Unreadable);
        assert!(failure.hint.as_str().starts_with("The original is kept at /"));
    }
}

#[tokio::test]
async fn what_cannot_be_opened_is_not_waited_for() {
    let dir = TempDir::new().unwrap();
    let pipe = dir.path().join("pipe");
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, mode).unwrap();
    for file in [dir.path().join("gone"), dir.path().to_owned(), pipe] {
        let failure = decode(program(), &file, (9, 9)).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Storage, "{file:?}");
    }
    let picture = dir.path().join("picture");
    fs::write(&picture, encoded(halves(9, 9), Format::Png)).unwrap();
    let failure = decode(Path::new("/no/such/program"), &picture, (9, 9)).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Internal);
}

/// Exif as a camera writes it: to be turned a quarter to the right, and words beside it.
fn exif() -> Vec<u8> {
    [&b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"[..], b"GPS 52.5 N"]
        .concat()
}

async fn bared(bytes: &[u8], most: u64) -> Result<Vec<u8>, Failure> {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("picture");
    fs::write(&file, bytes).unwrap();
    bare(program(), &file, most).await
}

#[tokio::test]
async fn a_bare_picture_is_turned_and_tells_nothing_of_its_camera() {
    let mut photo = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut photo, 95);
    encoder.set_exif_metadata(exif()).unwrap();
    encoder.encode_image(&halves(80, 40)).unwrap();
    let png = encoded(halves(80, 40), Format::Png);
    let (head, rest) = png.split_at(33);
    let text = chunk(*b"tEXt", b"Comment\0GPS 52.5 N");
    let noted = [head, &text, &chunk(*b"eXIf", &exif()), rest].concat();
    for (bytes, format) in [(photo, Format::Jpeg), (noted, Format::Png)] {
        let has = |bytes: &[u8]| bytes.windows(3).any(|part| part == b"GPS");
        assert!(has(&bytes));
        let bare = bared(&bytes, 1 << 20).await.unwrap();
        assert!(!has(&bare), "{format:?}");
        assert_eq!(image::guess_format(&bare).unwrap(), format);
        let pixels = decoded(&bare, (20, 20)).await.unwrap();
        assert_eq!(pixels.source(), (40, 80), "{format:?}: turned once, and not again");
        assert!(is_near(&pixels, (5, 2), [220, 20, 20]), "the left half is above");
    }
}

#[tokio::test]
async fn a_bare_picture_keeps_what_is_transparent_and_its_depth() {
    let clear = RgbaImage::from_fn(16, 16, |x, _| Rgba([9, 99, 200, if x < 8 { 0 } else { 255 }]));
    for format in [Format::Png, Format::WebP, Format::Gif] {
        let bare = bared(&encoded(clear.clone(), format), 1 << 20).await.unwrap();
        let seen = image::load_from_memory_with_format(&bare, Format::Png).unwrap().into_rgba8();
        assert_eq!((seen.get_pixel(2, 2)[3], seen.get_pixel(12, 2)[3]), (0, 255), "{format:?}");
    }
    let deep = DynamicImage::ImageRgb8(halves(16, 16)).into_rgb16();
    let bare = bared(&encoded(deep.clone(), Format::Png), 1 << 20).await.unwrap();
    assert_eq!(image::load_from_memory(&bare).unwrap().into_rgb16(), deep);
}

#[tokio::test]
async fn a_base_image_that_is_none_is_refused_before_it_is_sent() {
    let whole = encoded(halves(300, 300), Format::Png);
    let huge = [png_head(100_000, 100_000), chunk(*b"IDAT", &zeros(1))].concat();
    let cases: [(&[u8], u64, &str); 5] = [
        (b"", 1 << 20, "the file is empty."),
        (b"<svg/>", 1 << 20, "the file is not a PNG, JPEG, WebP or GIF picture."),
        (&whole[..whole.len() / 2], 1 << 20, "the picture is damaged."),
        (&huge, 1 << 20, "the picture is too large."),
        (&whole, 99, "the picture is too large."),
    ];
    for (bytes, most, what) in cases {
        let failure = bared(bytes, most).await.unwrap_err();
        assert_eq!((failure.kind, failure.charged), (FailureKind::BaseImage, Charged::No));
        assert!(failure.what.as_str().starts_with("Not sent: /"), "{}", failure.what);
        assert!(failure.what.as_str().ends_with(what), "{}", failure.what);
        assert!(!failure.hint.is_blank());
    }
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    })
}

pub(crate) fn chunk(name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let named = [&name[..], data].concat();
    [&(data.len() as u32).to_be_bytes()[..], &named, &crc(&named).to_be_bytes()].concat()
}

pub(crate) fn png_head(width: u32, height: u32) -> Vec<u8> {
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [&b"\x89PNG\r\n\x1a\n"[..], &chunk(*b"IHDR", &[&sides[..], &[8, 2, 0, 0, 0]].concat())].concat()
}

/// A zlib stream of about `megabytes` of zeros in 1/159 of that: a literal 0, then the
/// longest match at distance 1 again and again, in the fixed code, without an end.
pub(crate) fn zeros(megabytes: usize) -> Vec<u8> {
    let literal = [1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0].into_iter();
    let matches = [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0].into_iter().cycle();
    let bits: Vec<u8> = literal.chain(matches).take(15 * 8).collect();
    let byte = |bits: &[u8]| bits.iter().rev().fold(0, |byte, bit| (byte << 1) | bit);
    let bytes: Vec<u8> = bits.chunks(8).map(byte).collect();
    // From the third byte on, eight matches fill thirteen bytes, and come again.
    let eights = (megabytes << 20) / (8 * 258);
    [&[0x78, 0x01], &bytes[..2], &bytes[2..].repeat(eights)].concat()
}

#[tokio::test]
async fn a_bomb_ends_in_a_refusal() {
    let huge = [png_head(100_000, 100_000), chunk(*b"IDAT", &zeros(1)), chunk(*b"IEND", b"")];
    let failure = decoded(&huge.concat(), (64, 64)).await.unwrap_err();
    assert_eq!(failure.what.as_str(), "No preview: the picture is too large.");

    // More than the limit, though not more than a file may say.
    let large = [png_head(9_000, 9_000), chunk(*b"IDAT", &zeros(240)), chunk(*b"IEND", b"")];
    let failure = decoded(&large.concat(), (64, 64)).await.unwrap_err();
    assert_eq!(failure.what.as_str(), "No preview: the picture is too large.");
}

#[tokio::test]
async fn a_bomb_in_the_colour_profile_stays_inside_the_decoder() {
    let profile = [&b"icc\0\0"[..], &zeros(400)].concat();
    let picture = encoded(halves(8, 8), Format::Png);
    let (head, rest) = picture.split_at(33);
    let bomb = [head, &chunk(*b"iCCP", &profile), rest].concat();
    let began = Instant::now();
    // Whether the profile alone is dropped or the whole picture is the decoder's choice.
    if let Err(failure) = decoded(&bomb, (64, 64)).await {
        assert_eq!(failure.kind, FailureKind::Unreadable, "{failure:?}");
    }
    assert!(began.elapsed() < Duration::from_secs(12));
}

struct Cache {
    dir: TempDir,
    picture: domain::Image,
}

impl Cache {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("picture.png");
        let bytes = encoded(halves(400, 200), Format::Png);
        fs::write(&path, &bytes).unwrap();
        let generation = domain::GenerationId::from_parts(1, [1; 10]);
        let picture = domain::Image {
            id: ImageId { generation, index: 0 },
            path,
            width: 400,
            height: 200,
            format: ImageFormat::Png,
            bytes: bytes.len() as u64,
            sha256: "ab".repeat(32),
        };
        Self { dir, picture }
    }

    fn thumbnails(&self, budget: u64) -> Thumbnails {
        Thumbnails::new(self.dir.path().join("cache/thumbnails"), program().to_owned(), budget)
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.dir.path().join("cache/thumbnails")).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

#[tokio::test]
async fn a_thumbnail_is_there_again_without_its_file() {
    let cache = Cache::new();
    let made = cache.thumbnails(1 << 20).load(&cache.picture, (64, 64)).await.unwrap();
    fs::remove_file(&cache.picture.path).unwrap();
    let found = cache.thumbnails(1 << 20).load(&cache.picture, (64, 64)).await.unwrap();
    assert_eq!((made.width(), made.height(), made.source()), (64, 32, (400, 200)));
    assert_eq!(made, found);
    let [file] = &cache.files()[..] else { panic!("one thumbnail, one file") };
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    let directory = file.parent().unwrap();
    assert_eq!(fs::metadata(directory).unwrap().permissions().mode() & 0o777, 0o700);
    cache.thumbnails(1 << 20).load(&cache.picture, (32, 32)).await.expect_err("another size");
}

#[tokio::test]
async fn a_spoiled_thumbnail_is_made_again() {
    let cache = Cache::new();
    let thumbnails = cache.thumbnails(1 << 20);
    let made = thumbnails.load(&cache.picture, (64, 64)).await.unwrap();
    let [file] = &cache.files()[..] else { panic!("one thumbnail, one file") };
    let whole = fs::read(file).unwrap();
    let mut flipped = whole.clone();
    flipped[1000] ^= 1;
    let mut huge = whole.clone();
    huge[8..16].fill(0xFF);
    for spoiled in [b"".to_vec(), whole[..50].to_vec(), flipped, huge, vec![0; whole.len()]] {
        fs::write(file, spoiled).unwrap();
        assert_eq!(thumbnails.load(&cache.picture, (64, 64)).await.unwrap(), made);
        assert_eq!(fs::read(file).unwrap(), whole);
    }
}

#[tokio::test]
async fn the_cache_stays_within_its_budget() {
    let cache = Cache::new();
    // Each is 16 × 8 pixels of 3 bytes with 32 bytes around: 416.
    let thumbnails = cache.thumbnails(416 * 4);
    let mut picture = cache.picture.clone();
    for digit in 0..10 {
        picture.sha256 = digit.to_string().repeat(64);
        thumbnails.load(&picture, (16, 16)).await.unwrap();
        assert!(cache.files().len() <= 4);
    }
    let newest = "9".repeat(64);
    let is_newest = |file: &PathBuf| file.to_string_lossy().contains(&newest);
    assert!(cache.files().iter().any(is_newest), "the oldest go first");
}

#[tokio::test]
async fn a_cache_that_cannot_be_written_costs_no_picture() {
    let mut cache = Cache::new();
    fs::write(cache.dir.path().join("cache"), "in the way").unwrap();
    assert!(cache.thumbnails(1 << 20).load(&cache.picture, (64, 64)).await.is_ok());
    cache.picture.sha256 = "../../escape".to_owned();
    assert!(cache.thumbnails(1 << 20).load(&cache.picture, (64, 64)).await.is_ok());
    cache.picture.format = ImageFormat::Bin;
    assert!(cache.thumbnails(1 << 20).load(&cache.picture, (64, 64)).await.is_err());
}
