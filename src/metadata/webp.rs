//! Texts in the EXIF chunk of a WebP.

use img_parts::riff::RiffContent;
use img_parts::webp::{
    CHUNK_ALPH, CHUNK_ANIM, CHUNK_ANMF, CHUNK_ICCP, CHUNK_VP8, CHUNK_VP8L, CHUNK_VP8X, WebP,
};
use img_parts::{Bytes, ImageEXIF};

use super::{Note, Refusal, Written, tags};

/// Chunks without which a picture looks otherwise.
const SEEN: [[u8; 4]; 7] =
    [CHUNK_VP8X, CHUNK_VP8, CHUNK_VP8L, CHUNK_ALPH, CHUNK_ANIM, CHUNK_ANMF, CHUNK_ICCP];
/// What says in the header of a picture that it has XMP.
const HAS_XMP: u8 = 0b0000_0100;

fn open(bytes: &[u8]) -> Result<WebP, Refusal> {
    WebP::from_bytes(Bytes::copy_from_slice(bytes)).map_err(|_| Refusal::Damaged)
}

pub(super) fn notes(bytes: &[u8]) -> Vec<Note> {
    let exif = open(bytes).ok().and_then(|webp| webp.exif());
    exif.map_or_else(Vec::new, |exif| tags::notes(&exif))
}

pub(super) fn embed(bytes: &[u8], written: &Written) -> Result<Vec<u8>, Refusal> {
    let mut webp = open(bytes)?;
    let exif = tags::with(webp.exif().as_deref(), written)?;
    webp.set_exif(Some(Bytes::from(exif)));
    Ok(webp.encoder().bytes().to_vec())
}

pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut webp = open(bytes)?;
    let turned = webp.exif().and_then(|exif| tags::turned(&exif));
    webp.chunks_mut().retain(|chunk| SEEN.contains(&chunk.id()));
    for chunk in webp.chunks_mut() {
        if let (CHUNK_VP8X, RiffContent::Data(data)) = (chunk.id(), chunk.content_mut()) {
            let mut header = data.to_vec();
            header.iter_mut().take(1).for_each(|flags| *flags &= !HAS_XMP);
            *data = Bytes::from(header);
        }
    }
    // That also says in its header whether it has EXIF.
    webp.set_exif(turned.map(Bytes::from));
    Ok(webp.encoder().bytes().to_vec())
}
