//! Pictures that are damaged, or were made to do damage.

use miniz_oxide::deflate::compress_to_vec_zlib;
use pentimento::domain::{GenerationId, ImageFormat, Request, Timestamp};
use pentimento::metadata::{Origin, embed, read, read_beside, strip};

use super::{pictures, sample};

/// A row of numbers that is the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        // Knuth's, for MMIX.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most.max(1)
    }
}

/// `bytes` with some of them changed, taken out, repeated, or cut off.
fn mutated(bytes: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=numbers.below(6) {
        let at = numbers.below(bytes.len());
        match numbers.below(8) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..(at + numbers.below(9)).min(bytes.len()))),
            2 => {
                let end = (at + numbers.below(40)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            // Lengths and offsets at their ends.
            3 => bytes.iter_mut().skip(at).take(4).for_each(|byte| *byte = 0xFF),
            4 => bytes.iter_mut().skip(at).take(4).for_each(|byte| *byte = 0),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << numbers.below(8);
                }
            }
        }
    }
    bytes
}

fn origin() -> Origin {
    Origin {
        id: GenerationId::from_parts(0, [0; 10]),
        index: 0,
        created: Timestamp::from_millis(0),
        request: Request::new("a fox", "demo:painter".parse().expect("a model")),
        template: None,
    }
}

/// Everything that can be done to a picture: none of it may panic, what is written is there, and
/// what is taken out is gone.
fn try_everything(bytes: &[u8]) {
    drop(read(bytes));
    if let Ok(bare) = strip(bytes) {
        assert_eq!(read(&bare), None);
    }
    if let Ok(written) = embed(bytes, &origin(), (1, 1)) {
        assert_eq!(ImageFormat::sniff(&written), ImageFormat::sniff(bytes));
        let told = read(&written).expect("what was written is there");
        assert_eq!(told.origin, Some(origin()));
    }
}

#[test]
fn a_hundred_damaged_copies_of_each_sample_are_read_stripped_and_written_without_a_panic() {
    let mut numbers = Numbers(20_261_128);
    let names = pictures();
    assert!(names.len() * 100 > 1000);
    for name in names {
        let whole = sample(&name);
        for _ in 0..100 {
            try_everything(&mutated(&whole, &mut numbers));
        }
    }
    let text = String::from_utf8(sample("beside.txt")).expect("text");
    for _ in 0..1000 {
        drop(read_beside(&String::from_utf8_lossy(&mutated(text.as_bytes(), &mut numbers))));
    }
}

/// A PNG with one chunk of this kind before its picture.
fn png_with(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let whole = sample("nothing.png");
    let (head, rest) = whole.split_at(33);
    let mut png = head.to_vec();
    png.extend((content.len() as u32).to_be_bytes());
    png.extend(kind);
    png.extend(content);
    png.extend([0; 4]);
    png.extend(rest);
    png
}

/// EXIF of one directory with these entries: tag, type, count, and what stands for the value.
fn exif(entries: &[(u16, u16, u32, u32)], next: u32) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08".to_vec();
    tiff.extend((entries.len() as u16).to_be_bytes());
    for (tag, kind, count, value) in entries {
        tiff.extend(tag.to_be_bytes());
        tiff.extend(kind.to_be_bytes());
        tiff.extend(count.to_be_bytes());
        tiff.extend(value.to_be_bytes());
    }
    tiff.extend(next.to_be_bytes());
    tiff
}

#[test]
fn directories_that_lead_back_to_themselves_end() {
    let looped = exif(&[(0x8769, 4, 1, 8), (0x8825, 4, 1, 8), (0xA005, 4, 1, 8)], 8);
    for tiff in [looped, exif(&[], 8), exif(&[(0x8769, 4, 1, u32::MAX)], u32::MAX)] {
        try_everything(&png_with(*b"eXIf", &tiff));
    }
}

/// A JPEG with five thousand tags on the same sixty thousand bytes: three hundred megabytes
/// for who unpacks each.
pub(crate) fn crowded() -> Vec<u8> {
    let entries: Vec<_> = (0..5_000_u16).map(|tag| (tag + 0x200, 7, 60_000, 8)).collect();
    let tiff = exif(&entries, 0);
    let mut jpeg = b"\xff\xd8\xff\xe1".to_vec();
    jpeg.extend((tiff.len() as u16 + 8).to_be_bytes());
    jpeg.extend(b"Exif\0\0");
    jpeg.extend(tiff);
    jpeg.extend(&sample("progressive.jpg")[2..]);
    jpeg
}

/// PNGs with a text that unpacks to so many bytes.
pub(crate) fn packed(bytes: usize) -> [Vec<u8>; 2] {
    let mut packed = compress_to_vec_zlib(&vec![b'a'; bytes], 6);
    packed.splice(0..0, *b"parameters\0\0");
    let old = png_with(*b"zTXt", &packed);
    packed.splice(11..12, *b"\x01\0\0\0");
    [old, png_with(*b"iTXt", &packed)]
}

#[test]
fn what_would_unpack_to_far_more_than_it_is_is_left_alone() {
    for png in packed(64 << 20) {
        assert!(png.len() < 100_000);
        assert_eq!(read(&png), None);
    }
    for png in packed(8192) {
        assert!(read(&png).is_some());
    }
    try_everything(&crowded());
}

#[test]
fn lines_that_a_pattern_would_try_at_every_place_are_read_in_one_go() {
    for piece in ["a", "a ", "a: ", "\"a: ", "a, ", "ab: \"", "\\\"", "-/"] {
        drop(read_beside(&piece.repeat(400_000)));
    }
    let graph = r#"{"class_type": "KSampler", "inputs": {"positive": ["1", 0]}}"#;
    let nodes: Vec<String> = (0..9_000).map(|node| format!("\"{node}\": {graph}")).collect();
    let text = format!("prompt\0{{{}}}", nodes.join(","));
    assert!(read(&png_with(*b"tEXt", text.as_bytes())).is_some());
    let deep = format!("parameters\0{}", "{\"a\":".repeat(300_000));
    assert!(read(&png_with(*b"tEXt", deep.as_bytes())).is_some());
}
