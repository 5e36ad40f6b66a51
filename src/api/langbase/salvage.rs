//! What is still whole in JSON that is not: cut short, or damaged somewhere.

/// The keys under which pictures stand, alone or in a list.
const PICTURE_KEYS: [&[u8]; 5] = [b"url", b"image_url", b"b64_json", b"images", b"data"];

/// The texts that stand for pictures and are there to their closing quote, in the order
/// of the wire.
pub(super) fn pictures(body: &[u8]) -> impl Iterator<Item = String> {
    values(body)
        .filter(|(key, _)| PICTURE_KEYS.contains(key))
        .filter_map(|(_, quoted)| serde_json::from_slice::<String>(quoted).ok())
        .filter(|text| !text.trim().is_empty())
}

/// The first whole text under the key `message`.
pub(super) fn message(body: &[u8]) -> Option<String> {
    values(body)
        .filter(|(key, _)| key == b"message")
        .find_map(|(_, quoted)| serde_json::from_slice(quoted).ok())
}

/// Every text that is certainly a value, in its quotes, with the last key before it. A
/// text is one when it stands behind a colon, or before what ends a value: the last text
/// of a cut list could be a key whose colon is gone.
fn values(body: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = body;
    let mut key: &[u8] = b"";
    std::iter::from_fn(move || {
        loop {
            let open = rest.iter().position(|&byte| byte == b'"')?;
            let length = closing_quote(&rest[open + 1..])?;
            let quoted = &rest[open..open + length + 2];
            let behind_colon = rest[..open].trim_ascii() == b":";
            rest = &rest[open + length + 2..];
            match rest.trim_ascii_start().first() {
                Some(b':') => key = &quoted[1..=length],
                Some(b',' | b']' | b'}') => return Some((key, quoted)),
                _ if behind_colon => return Some((key, quoted)),
                _ => {}
            }
        }
    })
}

/// How many bytes stand before the quote that closes a text.
fn closing_quote(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    text.iter().position(|&byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })
}
