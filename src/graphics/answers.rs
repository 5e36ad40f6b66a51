//! What a terminal answers, told apart from what is typed.
//!
//! Owns the way from the bytes of the terminal's input to answers on one side and keys
//! on the other. Promises that every byte which is no answer is handed on in order, and that an answer may come in any fragments. Must never decide what a key
//! means, read a clock or ask anything.

/// Something the terminal has said of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Everything before the question has been read: `CSI 0 n`.
    Ready,
    /// Its name and version (XTVERSION): `DCS > | … ST`.
    Name(String),
    /// Whether it knows the graphics protocol of kitty: `APC G … ST`.
    Kitty(bool),
    /// The size of a cell in pixels, width first: `CSI 6 ; … t`.
    Cell(u16, u16),
    /// The size of the text area in pixels, width first: `CSI 4 ; … t`.
    Area(u16, u16),
    /// What it can do (DA1), where 4 is sixel: `CSI ? … c`.
    Attributes(Vec<u16>),
    /// An answer to nothing that was asked.
    Other,
}

/// A piece of what came in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Heard {
    /// Keys and pastes, as they came.
    Keys(Vec<u8>),
    /// Alt with this key, where the two bytes could have been the start of an answer.
    Alt(char),
    /// The terminal has answered.
    Answer(Answer),
}

const ESCAPE: u8 = 0x1b;

/// Longest answer; whatever is longer is not one.
const LONGEST: usize = 4096;

/// Sorts input, and holds what is not yet whole.
#[derive(Clone, Default, Debug)]
pub struct Answers {
    held: Vec<u8>,
    pasting: bool,
}

/// What the bytes held so far are.
enum Sequence {
    /// More is needed to tell.
    Begun,
    /// A key, or something else that is not ours.
    Key,
    /// An answer.
    Answer(Answer),
}

impl Answers {
    /// Sorts what has come. What may yet become an answer is held.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<Heard> {
        let mut heard = Vec::new();
        for &byte in bytes {
            if self.held.is_empty() && byte != ESCAPE {
                keys(&mut heard, &[byte]);
                continue;
            }
            // An escape begins anew, but for the one that ends a string.
            if byte == ESCAPE && !self.held.is_empty() && !is_string(&self.held) {
                self.give_way(&mut heard);
            }
            self.held.push(byte);
            match sequence(&self.held, self.pasting) {
                Sequence::Begun if self.held.len() < LONGEST => {}
                Sequence::Answer(answer) => {
                    self.held.clear();
                    heard.push(Heard::Answer(answer));
                }
                Sequence::Begun | Sequence::Key => self.give_way(&mut heard),
            }
        }
        heard
    }

    /// Whether something is held that more bytes must explain.
    pub const fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// Whether what is held may be a key that was pressed: a lone escape, or Alt with one
    /// of the keys that answers begin with.
    pub fn holds_key(&self) -> bool {
        matches!(self.held.as_slice(), [ESCAPE] | [ESCAPE, b'P' | b'_' | b']' | b'['])
    }

    /// Gives up waiting: what is held were keys.
    pub fn give_up(&mut self) -> Vec<Heard> {
        let mut heard = Vec::new();
        self.give_way(&mut heard);
        heard
    }

    /// Hands out what is held as keys.
    fn give_way(&mut self, heard: &mut Vec<Heard>) {
        let held = std::mem::take(&mut self.held);
        match held.as_slice() {
            b"\x1b[200~" => self.pasting = true,
            b"\x1b[201~" => self.pasting = false,
            _ => {}
        }
        match held.as_slice() {
            // A reader of keys would take these for the start of something longer.
            [ESCAPE, key @ (b'P' | b'_' | b']'), rest @ ..] if !self.pasting => {
                heard.push(Heard::Alt(char::from(*key)));
                keys(heard, rest);
            }
            [ESCAPE, b'['] if !self.pasting => heard.push(Heard::Alt('[')),
            [] => {}
            held => keys(heard, held),
        }
    }
}

/// Adds bytes of keys to those that came right before.
fn keys(heard: &mut Vec<Heard>, bytes: &[u8]) {
    match heard.last_mut() {
        _ if bytes.is_empty() => {}
        Some(Heard::Keys(before)) => before.extend(bytes),
        _ => heard.push(Heard::Keys(bytes.to_vec())),
    }
}

/// Whether `held` is a string that an escape may end.
fn is_string(held: &[u8]) -> bool {
    matches!(held, [ESCAPE, b'P' | b'_' | b']', ..])
}

fn sequence(held: &[u8], pasting: bool) -> Sequence {
    match held {
        [ESCAPE] => Sequence::Begun,
        // In a paste nothing is an answer but the paste's own end.
        _ if pasting && b"\x1b[201~".starts_with(held) && held.len() < 6 => Sequence::Begun,
        _ if pasting => Sequence::Key,
        [ESCAPE, b'[' | b'P' | b'_' | b']'] => Sequence::Begun,
        [ESCAPE, b'[', middle @ .., last] => match last {
            0x40..=0x7e if !(middle.is_empty() && *last == b'[') => control(middle, *last),
            0x20..=0x3f | b'[' => Sequence::Begun,
            _ => Sequence::Key,
        },
        [ESCAPE, kind @ (b'P' | b'_' | b']'), body @ ..] => {
            let body = body.strip_suffix(b"\x1b\\").or_else(|| body.strip_suffix(b"\x07"));
            match body {
                Some(body) => string(*kind, body),
                // Alt with `P`, `_` or `]` and then any other key than these begin with.
                None if !may_begin(*kind, &held[2..]) => Sequence::Key,
                None => Sequence::Begun,
            }
        }
        _ => Sequence::Key,
    }
}

/// Whether an answer of this kind may begin so; otherwise a key was pressed with Alt.
fn may_begin(kind: u8, body: &[u8]) -> bool {
    let openings: &[&[u8]] = match kind {
        b'P' => &[b">|", b"1$r", b"0$r", b"1+r", b"0+r", b"!|"],
        b'_' => &[b"G"],
        _ => &[b"10;", b"11;", b"4;", b"52;"],
    };
    openings.iter().any(|opening| {
        let length = opening.len().min(body.len());
        opening[..length] == body[..length]
    })
}

/// A control sequence with its parameters and its final byte.
fn control(middle: &[u8], last: u8) -> Sequence {
    let text = std::str::from_utf8(middle).unwrap_or_default();
    let (mark, numbers) = match text.strip_prefix('?') {
        Some(numbers) => (true, numbers),
        None => (false, text),
    };
    let numbers: Vec<u16> = numbers.split(';').filter_map(|number| number.parse().ok()).collect();
    match (last, mark, numbers.as_slice()) {
        (b'n', false, [0]) => Sequence::Answer(Answer::Ready),
        (b't', false, [6, height, width]) => Sequence::Answer(Answer::Cell(*width, *height)),
        (b't', false, [4, height, width]) => Sequence::Answer(Answer::Area(*width, *height)),
        (b'c', true, _) => Sequence::Answer(Answer::Attributes(numbers)),
        (b't' | b'n', false, _) | (b'y' | b'n', true, _) => Sequence::Answer(Answer::Other),
        _ => Sequence::Key,
    }
}

/// A string with what it holds.
fn string(kind: u8, body: &[u8]) -> Sequence {
    let text = String::from_utf8_lossy(body);
    Sequence::Answer(match kind {
        b'P' => match text.strip_prefix(">|") {
            Some(name) => Answer::Name(name.to_owned()),
            None => Answer::Other,
        },
        b'_' => match text.split_once(';') {
            Some((_, verdict)) => Answer::Kitty(verdict == "OK"),
            None => Answer::Other,
        },
        _ => Answer::Other,
    })
}
