//! Sixty files that nobody would want to open.

use std::iter::repeat_n;

use crate::graphics::decode::{chunk, png_head, zeros};

/// One file, and what is wrong with it.
pub(super) type Hostile = (&'static str, Vec<u8>);

pub(super) fn files() -> Vec<Hostile> {
    [png(), jpeg(), gif(), webp(), no_pictures()].concat()
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// A whole PNG of 8 × 8 pixels, with these chunks behind its head.
fn png_with(chunks: &[u8]) -> Vec<u8> {
    let rows = [0; 8 * 25];
    let stored = [&[0x78, 1, 1][..], &200_u16.to_le_bytes(), &(!200_u16).to_le_bytes(), &rows];
    let adler = [0, 200, 0, 1];
    let data = chunk(*b"IDAT", &[&stored.concat()[..], &adler].concat());
    joined(&[&png_head(8, 8), chunks, &data, &chunk(*b"IEND", b"")])
}

/// A PNG that says it has these sides, and zeros for pixels.
fn png_of(width: u32, height: u32, megabytes: usize) -> Vec<u8> {
    let data = chunk(*b"IDAT", &zeros(megabytes));
    joined(&[&png_head(width, height), &data, &chunk(*b"IEND", b"")])
}

/// The head of a PNG with its last five bytes: depth, colours, and how it is packed.
fn png_kind(side: u32, kind: [u8; 5]) -> Vec<u8> {
    let sides = [side.to_be_bytes(), side.to_be_bytes()].concat();
    let head = chunk(*b"IHDR", &joined(&[&sides, &kind]));
    joined(&[b"\x89PNG\r\n\x1a\n", &head, &chunk(*b"IDAT", &zeros(1)), &chunk(*b"IEND", b"")])
}

fn png() -> Vec<Hostile> {
    let whole = png_with(b"");
    let frame = |n: u32| {
        let place = [n, 8, 8, 0, 0].map(u32::to_be_bytes).concat();
        chunk(*b"fcTL", &joined(&[&place, &[0, 1, 0, 1, 0, 0]]))
    };
    let animated = |frames: u32, told: u32| {
        let control = chunk(*b"acTL", &joined(&[&told.to_be_bytes(), &[0; 4]]));
        png_with(&joined(&[&control, &(0..frames).flat_map(frame).collect::<Vec<_>>()]))
    };
    let mut flipped = whole.clone();
    flipped[30] ^= 0xFF;
    let profile = |megabytes| chunk(*b"iCCP", &joined(&[b"icc\0\0", &zeros(megabytes)]));
    vec![
        ("a PNG with a colour profile of 300 MB", png_with(&profile(300))),
        ("a PNG with forty colour profiles", png_with(&profile(5).repeat(40))),
        (
            "a PNG with a packed text of 300 MB",
            png_with(&chunk(*b"zTXt", &joined(&[b"t\0\0", &zeros(300)]))),
        ),
        (
            "a PNG with a packed text in a language",
            png_with(&chunk(*b"iTXt", &joined(&[b"t\0\x01\0\0\0", &zeros(200)]))),
        ),
        ("a PNG of 100,000 × 100,000", png_of(100_000, 100_000, 1)),
        ("a PNG of 9,000 × 9,000", png_of(9_000, 9_000, 240)),
        ("a PNG of 8,000 × 8,000 in black", png_of(8_000, 8_000, 184)),
        ("a PNG of the largest sides", png_of(0x7FFF_FFFF, 0x7FFF_FFFF, 1)),
        ("a PNG of no sides", png_of(0, 0, 1)),
        ("a PNG of one long line", png_of(0x7FFF_FFFF, 1, 1)),
        ("a PNG that is woven, and huge", png_kind(60_000, [16, 6, 0, 0, 1])),
        ("a PNG of 16 bits, and huge", png_kind(40_000, [16, 6, 0, 0, 0])),
        ("a PNG without its palette", png_kind(64, [8, 3, 0, 0, 0])),
        ("a PNG of a kind there is not", png_kind(64, [7, 5, 9, 9, 9])),
        ("a PNG with a wrong checksum", flipped),
        ("a PNG that is cut", whole[..60].to_vec()),
        ("a PNG of a head alone", png_head(8, 8)),
        ("a PNG with a chunk of 4 GB", joined(&[&png_head(8, 8), &[0xFF; 4], b"IDAT"])),
        ("a PNG with 100,000 empty chunks", png_with(&chunk(*b"tEXt", b"").repeat(100_000))),
        ("a PNG of 5,000 frames", animated(5_000, 5_000)),
        ("a PNG that says it has 4 billion frames", animated(1, u32::MAX)),
        ("a PNG and a megabyte of something else", joined(&[&whole, &vec![0xA5; 1 << 20]])),
    ]
}

/// One marker of a JPEG with its data.
fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    joined(&[&[0xFF, marker], &(data.len() as u16 + 2).to_be_bytes(), data])
}

/// A JPEG whose frame is of this kind, depth and sides, with tables of all ones.
fn jpeg_of(kind: u8, depth: u8, sides: (u16, u16), components: u8, scans: &[u8]) -> Vec<u8> {
    let table = segment(0xDB, &joined(&[&[0], &[1; 64]]));
    let each = (1..=components).flat_map(|id| [id, 0x11, 0]);
    let frame = [
        &[depth][..],
        &sides.1.to_be_bytes(),
        &sides.0.to_be_bytes(),
        &[components],
        &each.collect::<Vec<_>>(),
    ]
    .concat();
    let codes = |class: u8| segment(0xC4, &joined(&[&[class, 1], &[0; 15], &[0]]));
    joined(&[
        &[0xFF, 0xD8],
        &table,
        &segment(kind, &frame),
        &codes(0x00),
        &codes(0x10),
        scans,
        &[0xFF, 0xD9],
    ])
}

/// A scan of the first component alone, with this in it.
fn scan(data: &[u8]) -> Vec<u8> {
    joined(&[&segment(0xDA, &[1, 1, 0, 0, 63, 0]), data])
}

fn jpeg() -> Vec<Hostile> {
    let (large, small) = ((65_535, 65_535), (64, 64));
    let soi = &[0xFF, 0xD8][..];
    let whole = jpeg_of(0xC0, 8, small, 1, &scan(&[0; 64]));
    let exif = |data: &[u8]| segment(0xE1, &joined(&[b"Exif\0\0", data]));
    // Each directory says that the next one is itself.
    let circle = exif(b"II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0");
    let profile = segment(0xE2, &joined(&[b"ICC_PROFILE\0\x01\xFF", &vec![7; 60_000]]));
    vec![
        ("a JPEG of 65,535 × 65,535", jpeg_of(0xC0, 8, large, 3, &scan(&[0; 64]))),
        ("a JPEG of 65,535 × 65,535 in passes", jpeg_of(0xC2, 8, large, 3, &scan(&[0; 64]))),
        (
            "a JPEG of 20,000 passes",
            jpeg_of(0xC2, 8, (4_000, 4_000), 3, &scan(&[0]).repeat(20_000)),
        ),
        ("a JPEG of 12 bits", jpeg_of(0xC1, 12, small, 3, &scan(&[0; 64]))),
        ("a JPEG in the colours of a printer", jpeg_of(0xC0, 8, small, 4, &scan(&[0; 64]))),
        ("a JPEG of arithmetic", jpeg_of(0xC9, 8, small, 3, &scan(&[0; 64]))),
        ("a JPEG without loss", jpeg_of(0xC3, 16, small, 1, &scan(&[0; 64]))),
        ("a JPEG of no height", jpeg_of(0xC0, 8, (64, 0), 1, &scan(&[0; 64]))),
        ("a JPEG of 255 components", jpeg_of(0xC0, 8, small, 255, &scan(&[0; 64]))),
        (
            "a JPEG that begins again and again",
            jpeg_of(0xC0, 8, small, 1, &scan(&[0xFF, 0xD0].repeat(500_000))),
        ),
        ("a JPEG with 1 MB of filling", joined(&[soi, &vec![0xFF; 1 << 20]])),
        ("a JPEG that is cut", whole[..whole.len() / 2].to_vec()),
        ("a JPEG of two bytes and a third", joined(&[soi, &[0xFF]])),
        ("a JPEG whose notes go in a circle", joined(&[soi, &circle, &whole[2..]])),
        ("a JPEG with 2 MB of colour profile", joined(&[soi, &profile.repeat(32), &whole[2..]])),
    ]
}

/// The head of a GIF of these sides.
fn gif_head(side: u16) -> Vec<u8> {
    joined(&[
        b"GIF89a",
        &side.to_le_bytes(),
        &side.to_le_bytes(),
        &[0x80, 0, 0, 0, 0, 0, 255, 255, 255],
    ])
}

/// One frame of a GIF, with this for its pixels.
fn gif_frame(side: u16, data: &[u8]) -> Vec<u8> {
    let sides = [side.to_le_bytes(), side.to_le_bytes()].concat();
    joined(&[&[0x2C, 0, 0, 0, 0], &sides, &[0, 2], &[data.len() as u8], data, &[0]])
}

fn gif() -> Vec<Hostile> {
    let (head, dot) = (gif_head(1), gif_frame(1, &[0x44, 0x01]));
    let comment = [&[0x21, 0xFE][..], &joined(&[&[255], &[b'x'; 255]]).repeat(8_000)].concat();
    vec![
        ("a GIF of 100,000 frames", joined(&[&head, &dot.repeat(100_000), b";"])),
        ("a GIF without an end", joined(&[&head, &dot.repeat(1_000)])),
        (
            "a GIF of 65,535 × 65,535",
            joined(&[&gif_head(65_535), &gif_frame(65_535, &[0x44, 0x01])]),
        ),
        ("a GIF larger than its screen", joined(&[&head, &gif_frame(65_535, &[0x44, 0x01]), b";"])),
        ("a GIF with codes of nothing", joined(&[&head, &gif_frame(1, &[0xFF; 255]), b";"])),
        ("a GIF of no frames", joined(&[&head, b";"])),
        ("a GIF with 2 MB of comment", joined(&[&head, &comment])),
        ("a GIF that is also a script", b"GIF89a/*\0\0\0\0*/=1;alert(document.cookie)//".to_vec()),
    ]
}

/// A WebP of these chunks.
fn webp_of(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let each = |(name, data): &(&[u8; 4], Vec<u8>)| {
        let even = &[0][..data.len() % 2];
        joined(&[*name, &(data.len() as u32).to_le_bytes(), data, even])
    };
    let body: Vec<u8> = chunks.iter().flat_map(each).collect();
    joined(&[b"RIFF", &(body.len() as u32 + 4).to_le_bytes(), b"WEBP", &body])
}

fn webp() -> Vec<Hostile> {
    let canvas = |flags: u8| vec![flags, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
    let dense = vec![0x2F, 0xFF, 0xFF, 0xFF, 0x0F, 0, 0, 0];
    let film = vec![0x10, 0, 0, 0x9D, 0x01, 0x2A, 0xFF, 0x3F, 0xFF, 0x3F, 0, 0];
    let frame = (b"ANMF", [&[0; 16][..], b"VP8L\x05\0\0\0\x2F\0\0\0\0\0"].concat());
    let frames =
        [vec![(b"VP8X", canvas(2)), (b"ANIM", vec![0; 6])], repeat_n(frame, 20_000).collect()];
    vec![
        (
            "a WebP of 16 million × 16 million",
            webp_of(&[(b"VP8X", canvas(0)), (b"VP8L", dense.clone())]),
        ),
        ("a WebP of 16,384 × 16,384", webp_of(&[(b"VP8L", dense)])),
        ("a WebP of 16,383 × 16,383 from a film", webp_of(&[(b"VP8 ", film)])),
        ("a WebP of 20,000 frames", webp_of(&frames.concat())),
        (
            "a WebP that says it has 4 GB",
            b"RIFF\xFF\xFF\xFF\xFFWEBPVP8L\xFF\xFF\xFF\xFF\x2F".to_vec(),
        ),
        (
            "a WebP with 2 MB of notes",
            webp_of(&[(b"VP8X", canvas(0x2C)), (b"EXIF", vec![b'I'; 2 << 20])]),
        ),
    ]
}

fn no_pictures() -> Vec<Hostile> {
    let laughs: Vec<String> = (1..20)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let svg = format!("<!DOCTYPE svg [<!ENTITY l0 \"ha\">{}]><svg>&l19;</svg>", laughs.concat());
    vec![
        ("an SVG that laughs", svg.into_bytes()),
        ("a web page", b"<html><script>fetch('//x')</script></html>".to_vec()),
        ("a program for Windows", joined(&[b"MZ", &[0x90; 4096]])),
        ("a program for Linux", joined(&[b"\x7fELF\x02\x01\x01", &[0; 4096]])),
        ("a PDF", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript>>>>endobj".to_vec()),
        ("an archive", b"PK\x03\x04\x14\0\0\0\x08\0".to_vec()),
        ("one byte", vec![0x89]),
        ("what clears a terminal", b"\x1bc\x1b]0;owned\x07\x1b[2J".to_vec()),
        ("a megabyte of nothing", vec![0; 1 << 20]),
    ]
}
