//! Texts in the segments of a JPEG: EXIF in APP1, and comments.
//!
//! Promises that the scans, which are the picture, are passed on byte for byte.

use img_parts::jpeg::{Jpeg, markers};
use img_parts::{Bytes, ImageEXIF};

use super::{LONGEST, MOST, Note, PARAMETERS, Refusal, Written, tags};

/// The most bytes of EXIF in a segment, whose length has two.
const ROOM: usize = 65_535 - 2 - b"Exif\0\0".len();

fn open(bytes: &[u8]) -> Result<Jpeg, Refusal> {
    Jpeg::from_bytes(Bytes::copy_from_slice(bytes)).map_err(|_| Refusal::Damaged)
}

pub(super) fn notes(bytes: &[u8]) -> Vec<Note> {
    let Ok(jpeg) = open(bytes) else { return Vec::new() };
    let mut notes = jpeg.exif().map_or_else(Vec::new, |exif| tags::notes(&exif));
    // Some write it as a comment, where EXIF comes first.
    let comments = jpeg.segments_by_marker(markers::COM).take(MOST).map(|segment| Note {
        keyword: PARAMETERS.to_owned(),
        text: String::from_utf8_lossy(&segment.contents()[..segment.contents().len().min(LONGEST)])
            .trim_end_matches('\0')
            .to_owned(),
    });
    // A comment without settings is one of a camera or an editor.
    notes.extend(comments.filter(|note| super::read_beside(&note.text).is_some()));
    notes
}

pub(super) fn embed(bytes: &[u8], written: &Written) -> Result<Vec<u8>, Refusal> {
    let mut jpeg = open(bytes)?;
    let exif = tags::with(jpeg.exif().as_deref(), written)?;
    if exif.len() > ROOM {
        return Err(Refusal::TooLong(exif.len(), ROOM));
    }
    jpeg.set_exif(Some(Bytes::from(exif)));
    Ok(jpeg.encoder().bytes().to_vec())
}

pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let turned = open(bytes)?.exif().and_then(|exif| tags::turned(&exif));
    let seen = seen(bytes).ok_or(Refusal::Damaged)?;
    let Some(turned) = turned else { return Ok(seen) };
    let mut jpeg = open(&seen)?;
    jpeg.set_exif(Some(Bytes::from(turned)));
    Ok(jpeg.encoder().bytes().to_vec())
}

/// Whether a picture looks otherwise without a segment: all but comments and those of
/// applications, of which JFIF, Adobe's and the profile of its colours say what its values
/// mean.
fn is_seen(marker: u8, contents: &[u8]) -> bool {
    match marker {
        markers::APP0 => contents.starts_with(b"JFIF\0"),
        markers::APP2 => contents.starts_with(b"ICC_PROFILE\0"),
        markers::APP14 => contents.starts_with(b"Adobe"),
        markers::COM | markers::APP1..=markers::APP15 => false,
        _ => true,
    }
}

/// A picture to its end, without segments that are not seen; between its scans there can be
/// some, too.
fn seen(bytes: &[u8]) -> Option<Vec<u8>> {
    let (begin, _) = bytes.split_at_checked(2)?;
    let (mut seen, mut at) = (Vec::with_capacity(bytes.len()), begin.len());
    seen.extend(begin);
    loop {
        let mut pairs = bytes.get(at..)?.windows(2);
        let marker = at + pairs.position(|pair| pair[0] == 0xFF && is_marker(pair[1]))?;
        seen.extend(&bytes[at..marker]);
        if bytes[marker + 1] == markers::EOI {
            seen.extend([0xFF, markers::EOI]);
            return Some(seen);
        }
        let length = bytes.get(marker + 2..)?.first_chunk()?;
        let end = marker + 2 + usize::from(u16::from_be_bytes(*length));
        let contents = bytes.get(marker + 4..end)?;
        if is_seen(bytes[marker + 1], contents) {
            seen.extend(&bytes[marker..end]);
        }
        at = end;
    }
}

/// Whether a byte behind 0xFF begins a segment or ends the picture: neither a stuffed zero,
/// nor a restart, nor a fill.
const fn is_marker(byte: u8) -> bool {
    !matches!(byte, 0x00 | 0x01 | 0xD0..=0xD7 | 0xFF)
}
