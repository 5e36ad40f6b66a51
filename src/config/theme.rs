//! Colours by role.
//!
//! Owns the roles a piece of the screen can play and how a style is written in the
//! configuration. Must never know a terminal or what stands on the screen.

use std::fmt;
use std::str::FromStr;

use crate::domain::Text;
use crate::domain::nearest;

macro_rules! roles {
    ($($(#[doc = $what:literal])+ $role:ident $name:literal;)*) => {
        /// What a piece of the screen is.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Role { $($(#[doc = $what])+ $role,)* }

        impl Role {
            /// All of them, with their names in the configuration.
            pub const ALL: [(Self, &str); [$($name),*].len()] = [$((Self::$role, $name)),*];
        }
    };
}

roles! {
    /// Ordinary text.
    Text "text";
    /// Text beside the point.
    Dim "dim";
    /// What the eye should find first.
    Accent "accent";
    /// The frame of a pane.
    Border "border";
    /// The frame of the pane with focus.
    BorderFocus "border_focus";
    /// The name of a pane.
    Title "title";
    /// The name of a field.
    Label "label";
    /// A key to press.
    Key "key";
    /// The selected row in the pane with focus.
    Selection "selection";
    /// The selected row in any other pane.
    SelectionDim "selection_dim";
    /// What a search has found in a text.
    Found "found";
    /// Words that another generation did not have.
    Added "added";
    /// Words that only the other generation had.
    Removed "removed";
    /// Done.
    Good "good";
    /// Needs attention.
    Warning "warning";
    /// Failed.
    Bad "bad";
    /// What an empty field says.
    Placeholder "placeholder";
    /// A message of the program.
    Notice "notice";
}

/// A colour.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Color {
    /// The terminal's own.
    #[default]
    Default,
    /// One of the terminal's sixteen, 0 to 15.
    Ansi(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// The first eight of the sixteen colours; the others are `bright-` ones.
const ANSI: [&str; 8] = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/// Words of a style that are no colours.
const ATTRIBUTES: [&str; 6] = ["bold", "dim", "italic", "underline", "reverse", "on"];

/// How a role looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "attributes of a cell are independent")]
pub struct Style {
    /// The letters.
    pub fg: Color,
    /// Behind them.
    pub bg: Color,
    /// Heavier.
    pub bold: bool,
    /// Fainter.
    pub dim: bool,
    /// Slanted.
    pub italic: bool,
    /// With a line below.
    pub underline: bool,
    /// Letters and background exchanged.
    pub reverse: bool,
}

/// The text is no style.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StyleError {
    /// A word that is neither a colour nor an attribute: the word, what it is near to.
    #[error(
        "“{0}” is no colour{1}; write for example \"#e0a458 bold\", \"bright-red\" or \"default on #332b22\""
    )]
    Word(Text, String),
    /// Two colours of the letters, or two of the background.
    #[error("two colours; write the one behind the letters after “on”")]
    TwoColors,
    /// `on` at the end.
    #[error("“on” wants a colour after it")]
    NoBackground,
}

impl FromStr for Color {
    type Err = StyleError;

    fn from_str(word: &str) -> Result<Self, StyleError> {
        if let Some(hex) = word.strip_prefix('#') {
            let digits = hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit());
            let number = u32::from_str_radix(hex, 16).ok().filter(|_| digits);
            let [_, r, g, b] = number.ok_or_else(|| unknown(word))?.to_be_bytes();
            return Ok(Self::Rgb(r, g, b));
        }
        if word == "default" {
            return Ok(Self::Default);
        }
        let (name, first) = word.strip_prefix("bright-").map_or((word, 0), |name| (name, 8));
        let index = ANSI.iter().position(|ansi| *ansi == name).ok_or_else(|| unknown(word))?;
        Ok(Self::Ansi(first + index as u8))
    }
}

fn unknown(word: &str) -> StyleError {
    let near = nearest(word, ANSI.iter().chain(&ATTRIBUTES).copied());
    let near = near.map(|near| format!(" (did you mean {near}?)")).unwrap_or_default();
    StyleError::Word(Text::capped(word, 40), near)
}

impl FromStr for Style {
    type Err = StyleError;

    /// Reads `FG [on BG] [bold] [dim] [italic] [underline] [reverse]`, in any order.
    fn from_str(text: &str) -> Result<Self, StyleError> {
        let mut style = Self::default();
        let (mut fg, mut bg) = (None, None);
        let mut words = text.split_whitespace();
        while let Some(word) = words.next() {
            match word {
                "bold" => style.bold = true,
                "dim" => style.dim = true,
                "italic" => style.italic = true,
                "underline" => style.underline = true,
                "reverse" => style.reverse = true,
                "on" => {
                    let color = words.next().ok_or(StyleError::NoBackground)?.parse()?;
                    if bg.replace(color).is_some() {
                        return Err(StyleError::TwoColors);
                    }
                }
                color => {
                    if fg.replace(color.parse()?).is_some() {
                        return Err(StyleError::TwoColors);
                    }
                }
            }
        }
        style.fg = fg.unwrap_or_default();
        style.bg = bg.unwrap_or_default();
        Ok(style)
    }
}

/// A style for every role.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Theme {
    styles: [Style; Role::ALL.len()],
}

impl Theme {
    /// How `role` looks.
    pub const fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// The same theme, with another look for `role`.
    #[must_use]
    pub const fn with(mut self, role: Role, style: Style) -> Self {
        self.styles[role as usize] = style;
        self
    }
}

impl fmt::Debug for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(Role::ALL.iter().map(|(role, name)| (name, self.style(*role))))
            .finish()
    }
}
