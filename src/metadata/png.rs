//! Texts in the chunks of a PNG.
//!
//! Reads as much as there is of a damaged file, and writes none. Promises that a packed text
//! is unpacked no further than the longest that is looked at.

use img_parts::Bytes;
use img_parts::png::{Png, PngChunk};
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit as unpack;

use super::{LONGEST, MOST, Note, PARAMETERS, Refusal, Written, own, tags};

/// Chunks without which a picture looks otherwise, beside those that are critical: those of
/// its colours, its transparency and its frames.
const SEEN: [&[u8; 4]; 12] = [
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD", b"pHYs", b"acTL",
    b"fcTL", b"fdAT",
];

/// Every chunk that is there whole, by its kind and what is in it.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = bytes.get(8..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (length, behind) = rest.split_first_chunk()?;
        let (kind, behind) = behind.split_at_checked(4)?;
        let (content, behind) = behind.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        // Its sum is not looked at: a text is a text.
        rest = behind.get(4..).unwrap_or_default();
        Some((kind, content))
    })
}

pub(super) fn notes(bytes: &[u8]) -> Vec<Note> {
    let mut notes = Vec::new();
    for (kind, content) in chunks(bytes) {
        match kind {
            b"tEXt" | b"zTXt" | b"iTXt" => notes.extend(note(kind, content)),
            b"eXIf" => notes.extend(tags::notes(content)),
            _ => {}
        }
        if notes.len() >= MOST {
            break;
        }
    }
    notes
}

fn note(kind: &[u8], content: &[u8]) -> Option<Note> {
    let (keyword, behind) = split(content)?;
    let text = match kind {
        b"tEXt" => text(behind.get(..behind.len().min(LONGEST))?.to_vec()),
        b"zTXt" => text(unpack(behind.strip_prefix(&[0])?, LONGEST).ok()?),
        _ => {
            let ([is_packed, _], behind) = behind.split_first_chunk()?;
            let (_language, behind) = split(behind)?;
            let (_translated, behind) = split(behind)?;
            let bytes = match is_packed {
                0 => behind.get(..behind.len().min(LONGEST))?.to_vec(),
                _ => unpack(behind, LONGEST).ok()?,
            };
            String::from_utf8_lossy(&bytes).into_owned()
        }
    };
    Some(Note { keyword: String::from_utf8(keyword.to_vec()).ok()?, text })
}

/// What stands before the first NUL, and behind it.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

/// Latin-1 by the standard; but many programs write UTF-8, which Latin-1 hardly ever looks
/// like.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|wrong| wrong.as_bytes().iter().copied().map(char::from).collect())
}

fn open(bytes: &[u8]) -> Result<Png, Refusal> {
    let png = Png::from_bytes(Bytes::copy_from_slice(bytes)).map_err(|_| Refusal::Damaged)?;
    let ends = png.chunks().last().is_some_and(|chunk| &chunk.kind() == b"IEND");
    if ends { Ok(png) } else { Err(Refusal::Damaged) }
}

pub(super) fn embed(bytes: &[u8], written: &Written) -> Result<Vec<u8>, Refusal> {
    let mut png = open(bytes)?;
    let is_ours = |chunk: &PngChunk| {
        let kind = chunk.kind();
        let keyword = split(chunk.contents()).map_or(&[][..], |(keyword, _)| keyword);
        let is_replaced = keyword == own::KEYWORD.as_bytes()
            || written.parameters.is_some() && keyword == PARAMETERS.as_bytes();
        is_replaced && [b"tEXt", b"zTXt", b"iTXt"].contains(&&kind)
    };
    png.chunks_mut().retain(|chunk| !is_ours(chunk));
    let parameters = written.parameters.iter().map(|text| (PARAMETERS, text));
    let notes = parameters.chain([(own::KEYWORD, &written.own)]);
    let chunks: Vec<PngChunk> = notes.map(|(keyword, text)| chunk(keyword, text)).collect();
    // Behind the header: readers that stop at the picture find them.
    png.chunks_mut().splice(1..1, chunks);
    Ok(png.encoder().bytes().to_vec())
}

/// A text as tEXt where that can hold it, because more readers know that, and as iTXt
/// otherwise.
fn chunk(keyword: &str, text: &str) -> PngChunk {
    let mut content = keyword.as_bytes().to_vec();
    content.push(0);
    let kind = if text.is_ascii() && keyword != own::KEYWORD {
        *b"tEXt"
    } else {
        // Not packed, without a language and a translated keyword.
        content.extend([0; 4]);
        *b"iTXt"
    };
    content.extend(text.as_bytes());
    PngChunk::new(kind, Bytes::from(content))
}

pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut png = open(bytes)?;
    let turned = png.chunk_by_type(*b"eXIf").and_then(|chunk| tags::turned(chunk.contents()));
    // A capital letter in front says that a chunk is critical.
    let is_seen = |kind: [u8; 4]| kind[0].is_ascii_uppercase() || SEEN.contains(&&kind);
    png.chunks_mut().retain(|chunk| is_seen(chunk.kind()));
    if let Some(turned) = turned {
        png.chunks_mut().splice(1..1, [PngChunk::new(*b"eXIf", Bytes::from(turned))]);
    }
    Ok(png.encoder().bytes().to_vec())
}
