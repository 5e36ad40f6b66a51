//! Characters, by what the terminal can show.
//!
//! Owns what stands for a character where there are only those of ASCII. Promises that the
//! rest of the program draws and speaks as if there were all of them, and that every cell keeps
//! its place. Must never read the environment: what stands in it is passed in.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;
use unicode_segmentation::UnicodeSegmentation;

/// Which characters a terminal can show.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Glyphs {
    /// All of Unicode.
    #[default]
    Unicode,
    /// Those of ASCII.
    Ascii,
}

impl Glyphs {
    /// What the variables of the locale say, of which an earlier one counts more. Where none
    /// is set nothing is known, as in most containers and behind many a `sudo`, and the
    /// terminals of today know Unicode.
    pub fn of_locale(lc_all: Option<&str>, lc_ctype: Option<&str>, lang: Option<&str>) -> Self {
        let said = [lc_all, lc_ctype, lang].into_iter().flatten().find(|value| !value.is_empty());
        let is_unicode = |value: &str| {
            let value = value.to_ascii_lowercase();
            value.contains("utf-8") || value.contains("utf8")
        };
        if said.is_none_or(is_unicode) { Self::Unicode } else { Self::Ascii }
    }

    /// The same sign in one cell, with the characters there are.
    pub(super) fn sign(self, sign: &'static str) -> &'static str {
        if self == Self::Unicode || sign.is_ascii() { sign } else { ascii(sign) }
    }

    /// `text` in the characters there are.
    pub fn text(self, text: String) -> String {
        if self == Self::Unicode || text.is_ascii() {
            return text;
        }
        text.graphemes(true).map(|one| if one.is_ascii() { one } else { spelled(one) }).collect()
    }

    /// `text` with the signs of the program in the characters there are, and everything else as
    /// it is: for what other programs read.
    pub fn signs(self, text: String) -> String {
        if self == Self::Unicode || text.is_ascii() {
            return text;
        }
        text.graphemes(true)
            .map(|one| if sign(one).is_some() { spelled(one) } else { one })
            .collect()
    }
}

/// What stands for a character of the program itself.
const SIGNS: [(&str, &str); 17] = [
    ("─━", "-"),
    ("│", "|"),
    ("┃", "#"),
    ("╭╮╰╯┌┐└┘┏┓┗┛├┤┬┴┼", "+"),
    ("…", "~"),
    ("“”„", "\""),
    ("‘’", "'"),
    ("·–—−", "-"),
    ("‖", "="),
    ("×✗", "x"),
    ("★✓", "*"),
    ("♥", "!"),
    ("●", "@"),
    ("↑", "^"),
    ("↓", "v"),
    ("→›▌", ">"),
    ("←‹", "<"),
];

/// The steps of what turns while something moves, and of a picture without colours.
const STEPS: [(&str, &str); 2] = [("⠋⠙⠸⢰⣠⣄⡆⠇", "|/-\\|/-\\"), ("░▒▓█", ".:#@")];

/// The letters from U+00C0 on without what is above or below them.
const LETTERS: &str = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty";

/// Turns what is in `buffer` into characters that the terminal has.
pub fn reduce_glyphs(buffer: &mut Buffer, glyphs: Glyphs) {
    if glyphs == Glyphs::Unicode {
        return;
    }
    for cell in &mut buffer.content {
        if cell.symbol().is_ascii() {
            continue;
        }
        if is_block(cell.symbol()) && cell.bg != Color::Reset {
            become_one_colour(cell);
        } else {
            cell.set_symbol(ascii(cell.symbol()));
        }
    }
}

/// Whether a cell shows a part of a picture, where it has a colour behind it.
fn is_block(symbol: &str) -> bool {
    symbol.chars().all(|c| ('▀'..='▐').contains(&c) || ('▖'..='▟').contains(&c))
}

/// A part of a picture as a cell of one colour: the mean, where that can be told.
fn become_one_colour(cell: &mut Cell) {
    cell.bg = match (cell.fg, cell.bg) {
        (Color::Rgb(r, g, b), Color::Rgb(red, green, blue)) => {
            let mean = |one: u8, other: u8| one.midpoint(other);
            Color::Rgb(mean(r, red), mean(g, green), mean(b, blue))
        }
        (_, behind) => behind,
    };
    cell.set_symbol(" ");
}

/// What stands for a sign of the program in one cell.
fn sign(symbol: &str) -> Option<&'static str> {
    let first = symbol.chars().next()?;
    SIGNS.iter().find(|(signs, _)| signs.contains(first)).map(|(_, sign)| *sign)
}

/// What stands for `symbol` in a line of text, which has more room than a cell.
fn spelled(symbol: &str) -> &'static str {
    match symbol {
        "…" => "...",
        "→" => "->",
        "←" => "<-",
        symbol => ascii(symbol),
    }
}

/// What stands for `symbol` in one cell; a question mark where nothing is like it.
fn ascii(symbol: &str) -> &'static str {
    const UNKNOWN: &str = "?";
    // What follows the first character is only written over it.
    let Some(first) = symbol.chars().next() else { return " " };
    if let Some(sign) = sign(symbol) {
        return sign;
    }
    for (signs, steps) in STEPS {
        if let Some(step) = signs.chars().position(|sign| sign == first) {
            return &steps[step..=step];
        }
    }
    let letter = u32::from(first).checked_sub(0xc0).map(|place| place as usize);
    letter.and_then(|place| LETTERS.get(place..=place)).unwrap_or(UNKNOWN)
}
