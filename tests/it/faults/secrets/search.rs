//! Finds a key in any bytes, in whatever way it may be written there.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// What is looked for. Case is not looked at: hexadecimal has two.
pub(super) struct Search {
    forms: Vec<(&'static str, Vec<u8>)>,
    /// The forms by their first two bytes.
    openings: Vec<Vec<usize>>,
}

impl Search {
    pub(super) fn of(keys: &[&str]) -> Self {
        let forms: Vec<_> = keys.iter().flat_map(|key| forms(key)).collect();
        let mut openings = vec![Vec::new(); 1 << 16];
        for (nth, (_, form)) in forms.iter().enumerate() {
            openings[opening(form)].push(nth);
        }
        Self { forms, openings }
    }

    /// The encoding in which a key stands in `bytes`, where one does.
    pub(super) fn finds(&self, bytes: &[u8]) -> Option<&'static str> {
        let bytes = bytes.to_ascii_lowercase();
        (0..bytes.len().saturating_sub(1)).find_map(|at| {
            let rest = &bytes[at..];
            let mut forms = self.openings[opening(rest)].iter().map(|nth| &self.forms[*nth]);
            forms.find(|(_, form)| rest.starts_with(form)).map(|(encoding, _)| *encoding)
        })
    }
}

fn opening(bytes: &[u8]) -> usize {
    usize::from(u16::from_le_bytes([bytes[0], bytes[1]]))
}

/// Every way to write `key`, in lower case.
pub(super) fn forms(key: &str) -> Vec<(&'static str, Vec<u8>)> {
    let each = |write: fn(u8) -> String| key.bytes().map(write).collect::<String>();
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    let mut forms = vec![
        ("raw", key.to_owned()),
        ("hexadecimal", each(|byte| format!("{byte:02x}"))),
        ("percent", each(|byte| format!("%{byte:02x}"))),
        ("JSON", each(|byte| format!("\\u{byte:04x}"))),
        ("JSON", key.replace('/', "\\/")),
        ("reversed", key.chars().rev().collect()),
        (
            "percent",
            key.bytes().fold(String::new(), |text, byte| {
                if plain(byte) {
                    text + &char::from(byte).to_string()
                } else {
                    text + &format!("%{byte:02x}")
                }
            }),
        ),
    ];
    for before in 0..3 {
        let bytes = [&vec![0; before][..], key.as_bytes()].concat();
        // Only the letters that no neighbour has a bit in.
        let (from, to) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
        for text in [STANDARD.encode(&bytes), URL_SAFE.encode(&bytes)] {
            forms.push(("base64", text[from..to].to_owned()));
        }
    }
    forms.into_iter().map(|(name, form)| (name, form.to_lowercase().into_bytes())).collect()
}
