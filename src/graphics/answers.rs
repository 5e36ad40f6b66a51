//! What a terminal answers, told apart from what is typed.
//!
//! Owns the way from the bytes of the terminal's input to answers on one side and keys
//! on the other. Promises that every byte of a key or a paste is handed on as it came and
//! in order, that it does not matter in which fragments anything comes, and that an answer
//! which is cut off swallows no key. Must never decide what a key means, read a clock or
//! ask anything.

use crate::domain::Background;

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
    /// The colour behind its letters, of red, green and blue: `OSC 11 ; … ST`.
    Background([u8; 3]),
    /// Whether it is dark or light from now on: `CSI ? 997 ; … n`.
    Scheme(Background),
    /// What it says of a transfer of files: `OSC 5113 ; … ST`, from kitty.
    Transfer(String),
    /// An answer to nothing that was asked, or one that was cut off.
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
const BELL: u8 = 0x07;

/// What a terminal writes around a paste.
const PASTE: &[u8] = b"\x1b[200~";
const PASTE_END: &[u8] = b"\x1b[201~";

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
            self.push(byte, &mut heard);
        }
        heard
    }

    /// Whether something is held that more bytes must explain.
    pub const fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// Whether what is held may be a key that was pressed: a lone escape, or Alt with one
    /// of the keys that answers begin with. Nothing in a paste is.
    pub fn holds_key(&self) -> bool {
        let may_be_key =
            matches!(self.held.as_slice(), [ESCAPE] | [ESCAPE, b'P' | b'_' | b']' | b'[']);
        may_be_key && !self.pasting
    }

    /// Whether what is held begins an arrow or another key with a sequence, far more often
    /// than it is Alt with a bracket.
    pub fn begins_key(&self) -> bool {
        self.held == b"\x1b["
    }

    /// Gives up waiting for the rest of what is held.
    pub fn give_up(&mut self) -> Vec<Heard> {
        let mut heard = Vec::new();
        while self.holds() {
            self.let_go(&mut heard);
        }
        heard
    }

    fn push(&mut self, byte: u8, heard: &mut Vec<Heard>) {
        if self.holds() && !may_follow(&self.held, byte, self.pasting) {
            self.let_go(heard);
        }
        if !self.holds() && byte != ESCAPE {
            keys(heard, &[byte]);
            return;
        }
        self.held.push(byte);
        match sequence(&self.held, self.pasting) {
            Sequence::Begun if self.held.len() < LONGEST => {}
            Sequence::Begun => self.let_go(heard),
            Sequence::Key => {
                let held = std::mem::take(&mut self.held);
                match held.as_slice() {
                    PASTE => self.pasting = true,
                    PASTE_END => self.pasting = false,
                    _ => {}
                }
                keys(heard, &held);
            }
            Sequence::Answer(answer) => {
                self.held.clear();
                heard.push(Heard::Answer(answer));
            }
        }
    }

    /// Hands out what is held, since its rest does not come.
    fn let_go(&mut self, heard: &mut Vec<Heard>) {
        let held = std::mem::take(&mut self.held);
        match held.as_slice() {
            held if self.pasting => keys(heard, held),
            // Not with the bytes around it, which would make it Alt with a key.
            [ESCAPE] => heard.push(Heard::Keys(held)),
            [ESCAPE, b'['] => heard.push(Heard::Alt('[')),
            // A reader of keys would take these for the start of something longer.
            [ESCAPE, key @ (b'P' | b'_' | b']'), body @ ..] if !is_opened(*key, body) => {
                heard.push(Heard::Alt(char::from(*key)));
                keys(heard, body);
            }
            [_, .., last] => {
                heard.push(Heard::Answer(Answer::Other));
                // The escape that cut it off begins what follows.
                self.held.extend((*last == ESCAPE).then_some(ESCAPE));
            }
            _ => {}
        }
    }
}

/// Adds bytes of keys to those that came right before, unless that was a lone escape.
fn keys(heard: &mut Vec<Heard>, bytes: &[u8]) {
    match heard.last_mut() {
        _ if bytes.is_empty() => {}
        Some(Heard::Keys(before)) if before != &[ESCAPE] => before.extend(bytes),
        _ => heard.push(Heard::Keys(bytes.to_vec())),
    }
}

/// Whether `held` and then `byte` may be one sequence.
fn may_follow(held: &[u8], byte: u8, pasting: bool) -> bool {
    match held {
        // In a paste nothing is told apart but the paste's own end.
        held if pasting => PASTE_END.get(held.len()) == Some(&byte),
        [ESCAPE] => byte != ESCAPE,
        [ESCAPE, b'[', ..] => (0x20..0x7f).contains(&byte),
        [ESCAPE, kind, body @ ..] if !is_opened(*kind, body) => {
            let opening = [body, &[byte]].concat();
            openings(*kind).iter().any(|whole| whole.starts_with(&opening))
        }
        [.., ESCAPE] => byte == b'\\',
        _ => byte >= b' ' || byte == BELL || byte == ESCAPE,
    }
}

/// What `held` is, whose bytes may follow each other.
fn sequence(held: &[u8], pasting: bool) -> Sequence {
    match held {
        _ if pasting && held != PASTE_END => Sequence::Begun,
        [ESCAPE] | [ESCAPE, b'[' | b'P' | b'_' | b']'] => Sequence::Begun,
        [ESCAPE, b'[', middle @ .., last] => match last {
            0x20..=0x3f => Sequence::Begun,
            b'[' if middle.is_empty() => Sequence::Begun,
            last => control(middle, *last),
        },
        [ESCAPE, kind @ (b'P' | b'_' | b']'), body @ ..] => {
            match body.strip_suffix(b"\x1b\\").or_else(|| body.strip_suffix(&[BELL])) {
                Some(body) => Sequence::Answer(string(*kind, body)),
                None => Sequence::Begun,
            }
        }
        _ => Sequence::Key,
    }
}

/// How answers of this kind begin; otherwise a key was pressed with Alt.
const fn openings(kind: u8) -> &'static [&'static [u8]] {
    match kind {
        b'P' => &[b">|", b"1$r", b"0$r", b"1+r", b"0+r", b"!|"],
        b'_' => &[b"G"],
        _ => &[b"10;", b"11;", b"4;", b"52;", b"5113;"],
    }
}

/// Whether so much of a string has come that it is an answer.
fn is_opened(kind: u8, body: &[u8]) -> bool {
    openings(kind).iter().any(|opening| body.starts_with(opening))
}

/// A control sequence with its parameters and its final byte.
fn control(middle: &[u8], last: u8) -> Sequence {
    let text = std::str::from_utf8(middle).unwrap_or_default();
    let (mark, numbers) = match text.split_at_checked(1) {
        Some((mark @ ("?" | ">" | "="), numbers)) => (mark, numbers),
        _ => ("", text),
    };
    let numbers: Vec<u16> = numbers.split(';').filter_map(|number| number.parse().ok()).collect();
    match (last, mark, numbers.as_slice()) {
        (b'n', "", [0]) => Sequence::Answer(Answer::Ready),
        (b't', "", [6, height, width]) => Sequence::Answer(Answer::Cell(*width, *height)),
        (b't', "", [4, height, width]) => Sequence::Answer(Answer::Area(*width, *height)),
        (b'n', "?", [997, 1]) => Sequence::Answer(Answer::Scheme(Background::Dark)),
        (b'n', "?", [997, 2]) => Sequence::Answer(Answer::Scheme(Background::Light)),
        (b'c', "?", _) => Sequence::Answer(Answer::Attributes(numbers)),
        // No key has a mark, and a reader of keys would wait for ever for the rest of some.
        (b't' | b'n', ..) | (_, "?" | ">" | "=", _) => Sequence::Answer(Answer::Other),
        _ => Sequence::Key,
    }
}

/// What a string says.
fn string(kind: u8, body: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(body);
    match kind {
        b'P' => match text.strip_prefix(">|") {
            Some(name) => Answer::Name(name.to_owned()),
            None => Answer::Other,
        },
        b'_' => match text.split_once(';') {
            Some((_, verdict)) => Answer::Kitty(verdict == "OK"),
            None => Answer::Other,
        },
        _ => match text.split_once(';') {
            Some(("5113", said)) => Answer::Transfer(said.to_owned()),
            Some(("11", said)) => color(said).map_or(Answer::Other, Answer::Background),
            _ => Answer::Other,
        },
    }
}

/// A colour as X writes it: `rgb:` or `rgba:` and one to four digits a channel, or `#` and as
/// many for each of three.
fn color(text: &str) -> Option<[u8; 3]> {
    let channels: Vec<&str> = match (text.split_once(':'), text.strip_prefix('#')) {
        (Some(("rgb" | "rgba", channels)), _) => channels.split('/').collect(),
        (None, Some(digits)) if digits.is_ascii() && digits.len() % 3 == 0 => {
            let each = digits.len() / 3;
            (0..3).map(|nth| &digits[nth * each..(nth + 1) * each]).collect()
        }
        _ => return None,
    };
    let channel = |digits: &&str| {
        let most = match digits.len() {
            count @ 1..=4 => (1_u32 << (4 * count)) - 1,
            _ => return None,
        };
        let value = u32::from_str_radix(digits, 16).ok()?;
        u8::try_from(value * 255 / most).ok()
    };
    let channels: Vec<u8> = channels.iter().map(channel).collect::<Option<_>>()?;
    // Of four the last says how much is seen through it.
    channels.get(..3)?.try_into().ok()
}
