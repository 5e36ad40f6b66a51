//! Texts in EXIF: the comment of the user, the maker's note, and what ComfyUI puts into
//! the tags of a camera.
//!
//! Promises that only tags which are asked for are unpacked: thousands may point at the same
//! bytes.

use std::io::Cursor;

use exif::experimental::Writer;
use exif::{Exif, Field, In, Reader, Tag, Value};

use super::{LONGEST, Note, PARAMETERS, Refusal, Written, own};

/// The most bytes of EXIF that are looked at.
const LARGEST: usize = 8 << 20;
/// The most bytes of other tags that are kept beside ours.
const ROOM: usize = 256 << 10;
/// What stands before our own note, so that another maker's is not taken for it.
const SIGN: &str = "pentimento:";
/// What a comment in UTF-16 begins with.
const UNICODE: &[u8; 8] = b"UNICODE\0";
/// The tags in which ComfyUI keeps the graph of nodes and then anything else: the model of
/// the camera, its maker, and downwards.
const CAMERA: std::ops::RangeInclusive<u16> = 0x0100..=0x0110;

fn open(bytes: &[u8]) -> Option<Exif> {
    // Some write the beginning of the JPEG segment before it in other files, too.
    let bytes = bytes.strip_prefix(b"Exif\0\0").unwrap_or(bytes);
    if bytes.len() > LARGEST {
        return None;
    }
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    reader.read_raw(bytes.to_vec()).or_else(|error| error.distill_partial_result(|_| ())).ok()
}

pub(super) fn notes(bytes: &[u8]) -> Vec<Note> {
    let Some(exif) = open(bytes) else { return Vec::new() };
    let mut notes = Vec::new();
    let mut note = |keyword: &str, text: String| {
        let keyword = keyword.to_owned();
        notes.push(Note { keyword, text });
    };
    let is_little = exif.little_endian();
    // Programs that leave it to a library often write tags of EXIF where those of TIFF are.
    let anywhere = |tag: Tag| {
        let places = [tag, Tag(exif::Context::Tiff, tag.number())];
        places.into_iter().find_map(|tag| raw(&exif, tag))
    };
    if let Some(text) = anywhere(Tag::MakerNote).and_then(|raw| plain(&raw)) {
        match text.strip_prefix(SIGN) {
            Some(json) => note(own::KEYWORD, json.to_owned()),
            None => note("fooocus_scheme", text),
        }
    }
    if let Some(text) = anywhere(Tag::UserComment).and_then(|raw| comment(&raw, is_little)) {
        // One without settings is that of a camera, or of a person.
        if text.trim_start().starts_with('{') || super::read_beside(&text).is_some() {
            note(PARAMETERS, text);
        }
    }
    for number in CAMERA.rev() {
        let Some(text) = raw(&exif, Tag(exif::Context::Tiff, number)).and_then(|it| plain(&it))
        else {
            continue;
        };
        match text.split_once(':') {
            Some((keyword @ ("prompt" | "workflow"), json)) => note(keyword, json.to_owned()),
            // SwarmUI once kept its parameters there.
            _ if text.starts_with('{') => note(PARAMETERS, text),
            _ => {}
        }
    }
    notes
}

/// The bytes of a text, or of what is of no type.
fn raw(exif: &Exif, tag: Tag) -> Option<Vec<u8>> {
    let bytes = match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(texts) => texts.join(&0),
        Value::Undefined(bytes, _) | Value::Byte(bytes) => bytes.clone(),
        _ => return None,
    };
    (bytes.len() <= LONGEST).then_some(bytes)
}

fn plain(raw: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(raw);
    let text = text.trim_matches(['\0', ' ']);
    (!text.is_empty()).then(|| text.to_owned())
}

/// What a comment says. Its first eight bytes name its encoding; many leave them out.
fn comment(raw: &[u8], is_little: bool) -> Option<String> {
    match raw.split_first_chunk::<8>() {
        Some((UNICODE, text)) => plain(utf16(text, is_little).as_bytes()),
        Some((b"ASCII\0\0\0" | b"\0\0\0\0\0\0\0\0", text)) => plain(text),
        _ => plain(raw),
    }
}

/// UTF-16 in the order of its mark, or of the zeros of the letters that every language of
/// settings has, or of the file.
fn utf16(bytes: &[u8], is_little: bool) -> String {
    let (bytes, is_little) = match bytes {
        [0xFF, 0xFE, text @ ..] => (text, true),
        [0xFE, 0xFF, text @ ..] => (text, false),
        text => {
            let zeros =
                |odd: usize| text.iter().skip(odd).step_by(2).filter(|it| **it == 0).count();
            let (even, odd) = (zeros(0), zeros(1));
            (text, if even == odd { is_little } else { odd > even })
        }
    };
    let units = bytes.chunks_exact(2).map(|two| {
        let two = [two[0], two[1]];
        if is_little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) }
    });
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// EXIF with our notes in it, beside what was in `old`. The thumbnail and the notes of other
/// makers are left out: those would not survive that they move.
pub(super) fn with(old: Option<&[u8]>, written: &Written) -> Result<Vec<u8>, Refusal> {
    let old = old.and_then(open);
    let mut kept: Vec<&Field> = Vec::new();
    let mut size = 0;
    for field in old.iter().flat_map(Exif::fields).filter(|field| field.ifd_num == In::PRIMARY) {
        let is_ours = field.tag == Tag::MakerNote
            || written.parameters.is_some() && field.tag == Tag::UserComment;
        let is_known = !matches!(field.value, Value::Unknown(..));
        size += length(&field.value);
        if size > ROOM {
            return Err(Refusal::Damaged);
        }
        if !is_ours && is_known {
            kept.push(field);
        }
    }
    // Every reader takes a comment for big-endian, some without a look at the file.
    let parameters = written.parameters.as_ref().map(|text| {
        let text = text.encode_utf16().flat_map(u16::to_be_bytes);
        ours(Tag::UserComment, UNICODE.iter().copied().chain(text).collect())
    });
    let own = ours(Tag::MakerNote, format!("{SIGN}{}", written.own).into_bytes());
    let is_little = old.as_ref().is_some_and(Exif::little_endian);
    kept.extend(parameters.iter().chain([&own]));
    encode(&kept, is_little)
}

/// How much of a file a value takes.
fn length(value: &Value) -> usize {
    match value {
        Value::Ascii(texts) => texts.iter().map(|text| text.len() + 1).sum(),
        Value::Undefined(bytes, _) | Value::Byte(bytes) => bytes.len(),
        Value::SByte(all) => all.len(),
        Value::Short(all) => all.len() * 2,
        Value::SShort(all) => all.len() * 2,
        Value::Long(all) => all.len() * 4,
        Value::SLong(all) => all.len() * 4,
        Value::Float(all) => all.len() * 4,
        Value::Rational(all) => all.len() * 8,
        Value::SRational(all) => all.len() * 8,
        Value::Double(all) => all.len() * 8,
        Value::Unknown(..) => 0,
    }
}

fn ours(tag: Tag, bytes: Vec<u8>) -> Field {
    Field { tag, ifd_num: In::PRIMARY, value: Value::Undefined(bytes, 0) }
}

/// EXIF that says nothing but how the picture is turned, where `old` says that it is.
pub(super) fn turned(old: &[u8]) -> Option<Vec<u8>> {
    let exif = open(old)?;
    let turned = exif.get_field(Tag::Orientation, In::PRIMARY)?;
    let is_turned = turned.value.get_uint(0).is_some_and(|way| (2..=8).contains(&way));
    if is_turned { encode(&[turned], exif.little_endian()).ok() } else { None }
}

fn encode(fields: &[&Field], is_little: bool) -> Result<Vec<u8>, Refusal> {
    let mut writer = Writer::new();
    for field in fields {
        writer.push_field(field);
    }
    let mut bytes = Cursor::new(Vec::new());
    writer.write(&mut bytes, is_little).map_err(|_| Refusal::Damaged)?;
    Ok(bytes.into_inner())
}
