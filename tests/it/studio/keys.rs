//! What a plain terminal sends for keys, written as in the configuration.

/// What a plain terminal sends for these keys.
pub(super) fn encode(keys: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = keys;
    while let Some(first) = rest.chars().next() {
        if let Some((name, after)) = rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
            bytes.extend(named(name));
            rest = after;
        } else {
            let (typed, after) = rest.split_at(first.len_utf8());
            bytes.extend(typed.bytes());
            rest = after;
        }
    }
    bytes
}

fn named(name: &str) -> Vec<u8> {
    for (arrow, end) in [("up", b'A'), ("down", b'B'), ("right", b'C'), ("left", b'D')] {
        for (modifier, digit) in [("shift+", b'2'), ("alt+", b'3'), ("ctrl+", b'5')] {
            if name.strip_prefix(modifier) == Some(arrow) {
                return vec![0x1b, b'[', b'1', b';', digit, end];
            }
        }
    }
    if let Some(letter) = name.strip_prefix("ctrl+").and_then(|rest| rest.bytes().next()) {
        return vec![letter & 0x1f];
    }
    if let Some(key) = name.strip_prefix("alt+") {
        return [b"\x1b".to_vec(), encode(key)].concat();
    }
    let sequence: &[u8] = match name {
        "enter" => b"\r",
        "esc" => b"\x1b",
        "tab" => b"\t",
        "shift+tab" => b"\x1b[Z",
        "backspace" => b"\x7f",
        "delete" => b"\x1b[3~",
        "up" => b"\x1b[A",
        "down" => b"\x1b[B",
        "right" => b"\x1b[C",
        "left" => b"\x1b[D",
        "home" => b"\x1b[H",
        "end" => b"\x1b[F",
        "F1" => b"\x1bOP",
        "F2" => b"\x1bOQ",
        "F3" => b"\x1bOR",
        "F4" => b"\x1bOS",
        "F5" => b"\x1b[15~",
        "F6" => b"\x1b[17~",
        "F7" => b"\x1b[18~",
        "F8" => b"\x1b[19~",
        "F9" => b"\x1b[20~",
        "F10" => b"\x1b[21~",
        "F11" => b"\x1b[23~",
        "F12" => b"\x1b[24~",
        _ => panic!("no key is called <{name}>"),
    };
    sequence.to_vec()
}
