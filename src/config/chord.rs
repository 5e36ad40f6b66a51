//! One key press as the user writes it: `ctrl+j`, `alt+enter`, `F5`, `G`, `?`.

use std::fmt;
use std::str::FromStr;

/// A key with its modifiers. A shifted letter is that letter in upper case, without
/// [`Chord::shift`]: it is what every terminal sends.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Chord {
    /// The key.
    pub key: Key,
    /// With Control.
    pub ctrl: bool,
    /// With Alt (or after Escape).
    pub alt: bool,
    /// With Shift, for keys that are no characters.
    pub shift: bool,
}

/// A key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Key {
    /// A character, as typed.
    Char(char),
    /// A function key, from 1.
    F(u8),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tabulator.
    Tab,
    /// Deletes to the left.
    Backspace,
    /// Deletes to the right.
    Delete,
    /// Insert.
    Insert,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow to the left.
    Left,
    /// Arrow to the right.
    Right,
}

/// Keys that have names, as they are read (in lower case) and shown.
const NAMES: [(&str, Key, &str); 18] = [
    ("enter", Key::Enter, "Enter"),
    ("esc", Key::Esc, "Esc"),
    ("tab", Key::Tab, "Tab"),
    ("backspace", Key::Backspace, "Backspace"),
    ("delete", Key::Delete, "Delete"),
    ("insert", Key::Insert, "Insert"),
    ("home", Key::Home, "Home"),
    ("end", Key::End, "End"),
    ("pageup", Key::PageUp, "PageUp"),
    ("pagedown", Key::PageDown, "PageDown"),
    ("up", Key::Up, "↑"),
    ("down", Key::Down, "↓"),
    ("left", Key::Left, "←"),
    ("right", Key::Right, "→"),
    ("space", Key::Char(' '), "Space"),
    ("plus", Key::Char('+'), "+"),
    ("return", Key::Enter, "Enter"),
    ("escape", Key::Esc, "Esc"),
];

impl Chord {
    /// `key` without any modifier.
    pub const fn plain(key: Key) -> Self {
        Self { key, ctrl: false, alt: false, shift: false }
    }

    /// The character this chord types, when it types one.
    pub const fn types(self) -> Option<char> {
        match self.key {
            Key::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
}

/// The text names no chord.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no key; write for example ctrl+j, alt+enter, F5, G or ?")]
pub struct ChordError(pub String);

impl FromStr for Chord {
    type Err = ChordError;

    fn from_str(text: &str) -> Result<Self, ChordError> {
        let error = || ChordError(crate::domain::Text::capped(text, 40).to_string());
        let mut chord = Self::plain(Key::Esc);
        let mut rest = text.trim();
        while let Some((modifier, key)) = rest.split_once('+').filter(|(_, key)| !key.is_empty()) {
            match modifier.to_ascii_lowercase().as_str() {
                "ctrl" | "control" => chord.ctrl = true,
                "alt" | "meta" => chord.alt = true,
                "shift" => chord.shift = true,
                _ => return Err(error()),
            }
            rest = key;
        }
        let lower = rest.to_lowercase();
        let mut characters = rest.chars();
        chord.key = match (characters.next(), characters.next()) {
            (Some(c), None) if c.is_control() => return Err(error()),
            // Which character Shift makes of a sign depends on the keyboard: write that one.
            (Some(c), None) if chord.shift && !chord.ctrl && upper(c) == c => return Err(error()),
            (Some(c), None) => Key::Char(c),
            (Some('F' | 'f'), Some('0'..='9')) => {
                let number = rest[1..].parse().map_err(|_| error())?;
                if !(1..=24).contains(&number) {
                    return Err(error());
                }
                Key::F(number)
            }
            _ => NAMES.iter().find(|(name, ..)| *name == lower).ok_or_else(error)?.1,
        };
        Ok(chord.canonical())
    }
}

impl Chord {
    /// The one way to write this chord: shifted letters in upper case, controlled
    /// ones in lower (a terminal cannot tell Ctrl+J from Ctrl+Shift+J), and every
    /// controlled character as the key whose byte a plain terminal sends for it.
    #[must_use]
    pub fn canonical(mut self) -> Self {
        let Key::Char(c) = self.key else { return self };
        if self.ctrl {
            self.key = match c {
                'i' | 'I' => Key::Tab,
                'm' | 'M' => Key::Enter,
                '[' | '3' => Key::Esc,
                // crossterm names the bytes 0x1C to 0x1F after the digits 4 to 7.
                '4' => Key::Char('\\'),
                '5' => Key::Char(']'),
                '6' => Key::Char('^'),
                '7' | '/' => Key::Char('_'),
                '@' | '2' => Key::Char(' '),
                c => Key::Char(c.to_ascii_lowercase()),
            };
            self.ctrl = matches!(self.key, Key::Char(_));
        } else if self.shift {
            self.key = Key::Char(upper(c));
        }
        self.shift = false;
        self
    }
}

/// `c` in upper case, where that is one character.
fn upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [(self.ctrl, "Ctrl+"), (self.alt, "Alt+"), (self.shift, "Shift+")] {
            if held {
                f.write_str(name)?;
            }
        }
        match self.key {
            Key::F(number) => write!(f, "F{number}"),
            Key::Char(c) if c != ' ' => {
                write!(f, "{}", if self.ctrl { c.to_ascii_uppercase() } else { c })
            }
            key => f.write_str(
                NAMES.iter().find(|(_, named, _)| *named == key).map_or("?", |(.., shown)| shown),
            ),
        }
    }
}
