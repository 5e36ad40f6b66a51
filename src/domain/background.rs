//! What is behind the letters of a terminal: something dark or something light.
//!
//! Owns where the one ends and the other begins, and what the environment says of it. Must
//! never ask a terminal.

/// What is behind letters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Background {
    /// Something dark: letters are light. Most terminals are so, and whoever says nothing
    /// is taken for one of them.
    #[default]
    Dark,
    /// Something light: letters are dark.
    Light,
}

impl Background {
    /// Which of them a colour of red, green and blue is: the one on which letters of the
    /// other kind are seen better.
    pub fn of_color(rgb: [u8; 3]) -> Self {
        let [red, green, blue] = rgb.map(u32::from);
        // The weights of Rec. 601, which are for values as they are written.
        let brightness = (red * 299 + green * 587 + blue * 114) / 1000;
        if brightness > 127 { Self::Light } else { Self::Dark }
    }

    /// What the variable `COLORFGBG` says, which some terminals set: the numbers of the
    /// colours of letters and, last, of what is behind them among the sixteen.
    pub fn of_colorfgbg(value: &str) -> Option<Self> {
        match value.rsplit(';').next()?.trim().parse::<u8>().ok()? {
            0..=6 | 8 => Some(Self::Dark),
            7 | 9..=15 => Some(Self::Light),
            _ => None,
        }
    }

    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }
}
