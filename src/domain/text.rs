//! Text that came from outside, made safe for a terminal.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// The most code points one grapheme keeps, with what is drawn without a width behind it:
/// more is an attack on the renderer, not writing.
const GRAPHEME_POINTS: usize = 8;

/// One line of text which cannot drive a terminal: no control characters, no
/// bidirectional overrides, no tag characters, no towers of combining marks, and no
/// longer than its field. API messages, a model's words, names of files and database
/// rows become this before they reach a screen, a stream or a log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Text(String);

impl Text {
    /// The longest message that is kept, in characters.
    pub const MESSAGE: usize = 2_000;

    /// `raw` on one line, cleaned, and cut to [`Text::MESSAGE`] characters.
    pub fn new(raw: &str) -> Self {
        Self::capped(raw, Self::MESSAGE)
    }

    /// `raw` on one line, cleaned, and cut to `most` characters with an ellipsis.
    pub fn capped(raw: &str, most: usize) -> Self {
        // Most of what is shown: one byte a character, and nothing to take out.
        if raw.len() <= most && raw.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Self(raw.to_owned());
        }
        let mut clean = String::with_capacity(raw.len().min(most.saturating_mul(4)));
        let mut kept = 0;
        // The last grapheme: what was taken out of a text must not let one grow again.
        let (mut start, mut points) = (0, 0);
        for c in raw.chars() {
            let c = if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c };
            if is_dangerous(c) {
                continue;
            }
            let end = clean.len();
            clean.push(c);
            points = if is_one(&clean[start..]) { points + 1 } else { 1 };
            if points > GRAPHEME_POINTS {
                clean.truncate(end);
                points = GRAPHEME_POINTS;
                continue;
            }
            if kept == most {
                clean.truncate(end);
                clean.push('…');
                break;
            }
            if points == 1 {
                start = end;
            }
            kept += 1;
        }
        Self(clean)
    }

    /// The cleaned text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing but white space is left.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl From<String> for Text {
    fn from(raw: String) -> Self {
        Self::new(&raw)
    }
}

impl From<&str> for Text {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// `raw` with its line ends kept and everything else that could drive a terminal
/// taken out: for prompts, which have lines.
pub fn printable(raw: &str) -> String {
    raw.split('\n').map(|line| Text::capped(line, usize::MAX).0).collect::<Vec<_>>().join("\n")
}

/// So many of something, in words: `1 picture`, `2 pictures`.
pub fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// Whether `text`, which a terminal draws as one character but for its last, still is.
fn is_one(text: &str) -> bool {
    let Some(last) = text.chars().next_back() else { return true };
    if text.is_ascii() {
        // The line ends, which are two that join, are spaces by now.
        return text.len() == 1;
    }
    last.width() == Some(0) || text.graphemes(true).nth(1).is_none()
}

/// `json` with every character that could drive a terminal written as its escape: the
/// same value to a program.
pub fn escaped(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        if is_dangerous(c) {
            let mut units = [0; 2];
            safe.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Whether `c` can move a cursor, turn text around, or hide.
pub(super) fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200E}' | '\u{200F}' | '\u{061C}'        // marks of direction
            | '\u{202A}'..='\u{202E}'                    // embeddings, overrides
            | '\u{2066}'..='\u{2069}'                    // isolates
            | '\u{2028}' | '\u{2029}' | '\u{FEFF}'       // line ends, byte order mark
            | '\u{FFF9}'..='\u{FFFB}'                    // interlinear annotation
            | '\u{E0000}'..='\u{E007F}') // tag characters
}
