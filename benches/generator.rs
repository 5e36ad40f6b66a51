//! Histories as years of use would leave them, made in seconds.
//!
//! Rows are written by the store; that they were sent, answered and finished is filled in
//! below it, since by the journal's own ways each one would cost several waits for the disk.

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use pentimento::domain::{Generation, GenerationId, Image, Request, Timestamp};
use pentimento::store::Store;
use tempfile::TempDir;

/// Rows of one transaction: an index that grew in steps is not one made at once.
const BATCH: u32 = 1000;
/// Different files of pictures; the rows share them.
const FILES: u32 = 40;
/// The first generation, in milliseconds, and the pause between two.
const FIRST: i64 = 1_700_000_000_000;
const PAUSE: i64 = 900_000;

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

/// A directory with a history of `count` finished generations, each with a picture of
/// `side` × `side` pixels.
pub(crate) fn history(count: u32, side: u32) -> TempDir {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory can be made");
    let mut store = Store::open(dir.path()).expect("a new history opens");
    for first in (0..count).step_by(BATCH as usize) {
        let batch: Vec<_> = (first..count.min(first + BATCH)).map(generation).collect();
        store.enqueue(&batch).expect("rows can be written");
    }
    let files: Vec<_> = (0..FILES.min(count)).map(|n| keep(&store, n, side)).collect();
    drop(store);
    finish(&dir, &files).expect("rows can be finished");
    dir
}

/// Generation number `n`, as it is asked for.
pub(crate) fn generation(n: u32) -> Generation {
    let created = FIRST + i64::from(n) * PAUSE;
    let mut entropy = [0; 10];
    entropy[..4].copy_from_slice(&n.wrapping_mul(0x9E37_79B9).to_be_bytes());
    entropy[6..].copy_from_slice(&n.to_be_bytes());
    let model = "demo:painter".parse().expect("this is the name of a model");
    let mut request = Request::new(prompt(n), model);
    (request.width, request.height) = (Some(1024), Some(1024));
    let id = GenerationId::from_parts(created as u64, entropy);
    Generation::queued(id, request, Timestamp::from_millis(created))
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
fn finish(dir: &TempDir, files: &[Image]) -> rusqlite::Result<()> {
    let db = rusqlite::Connection::open(dir.path().join("history.db"))?;
    db.execute_batch(
        "BEGIN;
         CREATE TEMP TABLE files (n, path, bytes, sha256);
         UPDATE generations SET state = 'done', attempt = 1, finished = created + 4200;
         INSERT INTO attempts (generation, number, worker, claimed, connected, status, ended)
             SELECT seq, 1, '{}', created + 5, created + 20, 200, finished FROM generations;",
    )?;
    for (n, file) in files.iter().enumerate() {
        let path = file.path.strip_prefix(dir.path()).unwrap_or(&file.path);
        db.execute(
            "INSERT INTO files VALUES (?1, ?2, ?3, ?4)",
            (n as i64, path.to_string_lossy(), file.bytes as i64, &file.sha256),
        )?;
    }
    db.execute_batch(
        "INSERT INTO images (generation, idx, attempt, path, width, height, format, bytes, sha256)
             SELECT seq, 0, 1, path, 512, 512, 'png', bytes, sha256
             FROM generations JOIN files ON n = seq % (SELECT count(*) FROM files);
         COMMIT;",
    )
}
