//! Histories as years of use would leave them, made in seconds.
//!
//! Rows are written by the store; that they were sent, answered and finished is filled in
//! below it, since by the journal's own ways each one would cost several waits for the disk.

use std::path::Path;

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use pentimento::domain::{Allowance, Generation, GenerationId, Image, Request, Timestamp};
use pentimento::store::Store;
use tempfile::TempDir;

/// Rows of one transaction: an index that grew in steps is not one made at once.
const BATCH: u32 = 1000;
/// Different files of pictures; the rows share them.
const FILES: u32 = 40;
/// The first generation, in milliseconds, and the pause between two.
pub(crate) const FIRST: i64 = 1_700_000_000_000;
pub(crate) const PAUSE: i64 = 900_000;

const SUBJECTS: [&str; 16] = [
    "lighthouse",
    "red fox",
    "old harbour",
    "glass city",
    "heron",
    "train station",
    "orchard",
    "mountain pass",
    "market street",
    "cathedral",
    "sailing ship",
    "desert road",
    "greenhouse",
    "sleeping cat",
    "waterfall",
    "observatory",
];
const PLACES: [&str; 8] = [
    "on a cliff",
    "in deep snow",
    "by the sea",
    "under a bridge",
    "in the rain",
    "at the edge of a forest",
    "above the clouds",
    "in an abandoned theatre",
];
const LIGHTS: [&str; 8] = [
    "at dusk",
    "at dawn",
    "by moonlight",
    "in a storm",
    "in golden light",
    "in thick fog",
    "by candlelight",
    "under northern lights",
];
const STYLES: [&str; 8] = [
    "watercolour",
    "oil painting",
    "woodcut",
    "ink drawing",
    "pixel art",
    "photograph, 35mm",
    "pastel",
    "flat vector poster",
];

const MODELS: [&str; 8] = [
    "demo:painter",
    "demo:painter",
    "demo:painter",
    "demo:painter",
    "openai:gpt-image-2",
    "together:black-forest-labs/FLUX.2-max",
    "together:black-forest-labs/FLUX.1-schnell",
    "google:gemini-3.1-flash-image",
];

/// Why some of them failed.
const FAILURE: &str =
    r#"{"kind":"overloaded","what":"Overloaded.","hint":"","charged":"no","retry":"never"}"#;

/// Every so manieth generation is a favourite, and every so manieth that is none is in the
/// trash, by its place in the history, which begins at 1.
pub(crate) const FAVOURITE: u32 = 101;
pub(crate) const TRASHED: u32 = 97;

/// Of so many generations in a row, the first [`FAMILY`] are one lineage.
pub(crate) const ERA: u32 = 2000;
/// How many generations came of one, it included.
pub(crate) const FAMILY: u32 = 500;

/// A directory with a history of `count` finished generations, each with a picture of
/// `side` × `side` pixels.
pub(crate) fn history(count: u32, side: u32) -> TempDir {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory can be made");
    fill(dir.path(), count, side);
    dir
}

/// Fills the empty `dir` with such a history.
pub(crate) fn fill(dir: &Path, count: u32, side: u32) {
    let mut store = Store::open(dir).expect("a new history opens");
    for first in (0..count).step_by(BATCH as usize) {
        let batch: Vec<_> = (first..count.min(first + BATCH)).map(generation).collect();
        store.order(&batch, &Allowance::default()).expect("rows can be written");
    }
    let files: Vec<_> = (0..FILES.min(count)).map(|n| keep(&store, n, side)).collect();
    drop(store);
    finish(dir, &files).expect("rows can be finished");
}

/// What generation number `n` is called.
pub(crate) fn id(n: u32) -> GenerationId {
    let mut entropy = [0; 10];
    entropy[..4].copy_from_slice(&n.wrapping_mul(0x9E37_79B9).to_be_bytes());
    entropy[6..].copy_from_slice(&n.to_be_bytes());
    GenerationId::from_parts(created(n) as u64, entropy)
}

/// When generation number `n` was asked for, in milliseconds.
fn created(n: u32) -> i64 {
    FIRST + i64::from(n) * PAUSE
}

/// Which one generation number `n` was iterated from: one of the four before it in its
/// family, or now and then the one before.
fn parent(n: u32) -> Option<u32> {
    match n % ERA {
        0 => None,
        place if place < FAMILY => Some(n - 1 - n.wrapping_mul(0x85EB_CA6B) % place.min(4)),
        _ => n.is_multiple_of(3).then(|| n - 1),
    }
}

/// Generation number `n`, as it is asked for.
pub(crate) fn generation(n: u32) -> Generation {
    let model = MODELS[(n.wrapping_mul(0x85EB_CA6B) >> 16) as usize % MODELS.len()];
    let model = model.parse().expect("this is the name of a model");
    let mut request = Request::new(prompt(n), model);
    (request.width, request.height) = (Some(1024), Some(1024));
    if n.is_multiple_of(23) {
        request.image = Some("https://example.com/base.png".to_owned().into());
    }
    let mut generation = Generation::queued(id(n), request, Timestamp::from_millis(created(n)));
    generation.parent = parent(n).map(id);
    generation
}

/// The prompt of generation number `n`.
pub(crate) fn prompt(n: u32) -> String {
    let mix = n.wrapping_mul(0x9E37_79B9) ^ n.rotate_left(13);
    let pick = |words: &[&'static str], shift: u32| words[(mix >> shift) as usize % words.len()];
    let (subject, place) = (pick(&SUBJECTS, 3), pick(&PLACES, 9));
    let (light, style) = (pick(&LIGHTS, 14), pick(&STYLES, 20));
    format!("a {subject} {place} {light}, {style}, take {n}")
}

/// A picture of `side` × `side` pixels with the grain of a photograph, as PNG.
pub(crate) fn png(side: u32, seed: u32) -> Vec<u8> {
    let mut noise = seed | 1;
    let pixels: Vec<u8> = (0..side * side)
        .flat_map(|place| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (x, y, grain) = (place % side, place / side, noise >> 29);
            let shade = |along: u32| (along * 247 / side + grain) as u8;
            [shade(x), shade(y), shade((x + y + seed * 7) % side)]
        })
        .collect();
    let mut file = Vec::new();
    PngEncoder::new(&mut file)
        .write_image(&pixels, side, side, ExtendedColorType::Rgb8)
        .expect("a picture in memory can be written");
    file
}

fn keep(store: &Store, n: u32, side: u32) -> Image {
    store.keep(&generation(n), 0, &png(side, n)).expect("a picture can be kept")
}

/// Makes every row one that is done, with one of `files` as its picture.
fn finish(dir: &Path, files: &[Image]) -> rusqlite::Result<()> {
    let db = rusqlite::Connection::open(dir.join("history.db"))?;
    db.execute_batch(&format!(
        "BEGIN;
         CREATE TEMP TABLE files (n, path, bytes, sha256);
         UPDATE generations SET attempt = 1, finished = created + 4200,
             state = iif(seq % 29 = 0, 'failed', 'done'),
             failure = iif(seq % 29 = 0, '{FAILURE}', NULL),
             cost = CASE WHEN request ->> '$.model' LIKE 'demo:%' THEN 0.0
                 WHEN seq % 1009 = 0 THEN 0.9 WHEN seq % 5 = 0 THEN 0.0413 ELSE 0.04 END,
             favourite = seq % {FAVOURITE} = 0, rating = iif(seq % 7 = 0, seq % 6, 0),
             trashed = iif(seq % {TRASHED} = 0 AND seq % {FAVOURITE} != 0, created, NULL),
             tags = CASE WHEN seq % 211 = 0 THEN '[\"harbour\",\"night\"]'
                 WHEN seq % 13 = 0 THEN '[\"night\"]' ELSE '[]' END;
         INSERT INTO tags VALUES ('night', 9), ('harbour', 9);
         INSERT INTO attempts (generation, number, worker, claimed, connected, status, ended)
             SELECT seq, 1, '{{}}', created + 5, created + 20, 200, finished FROM generations;"
    ))?;
    for (n, file) in files.iter().enumerate() {
        let path = file.path.strip_prefix(dir).unwrap_or(&file.path);
        db.execute(
            "INSERT INTO files VALUES (?1, ?2, ?3, ?4)",
            (n as i64, path.to_string_lossy(), file.bytes as i64, &file.sha256),
        )?;
    }
    db.execute_batch(
        "INSERT INTO images (generation, idx, attempt, path, width, height, format, bytes, sha256)
             SELECT seq, 0, 1, path, iif(seq % 3 = 0, 768, 512), iif(seq % 11 = 0, 1536, 512),
                 'png', bytes, sha256
             FROM generations JOIN files ON n = seq % (SELECT count(*) FROM files);
         COMMIT;",
    )
}
