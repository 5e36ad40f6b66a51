//! What is in effect, why, and how to mend what is off: for `pentimento doctor` and for the
//! studio's own.

use super::Text;

/// One thing that was looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Among which others it belongs.
    pub area: Area,
    /// What was looked at, in a word or two. With `_` for its spaces it is the key in JSON, so
    /// it stays the same for ever.
    pub what: &'static str,
    /// How it is.
    pub found: Text,
    /// What mends it, where it is off.
    pub mend: Option<Text>,
}

/// What findings are put together by, in the order in which they are shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Area {
    /// What the program is shown on.
    Terminal,
    /// What was configured, and the keys of services.
    Configuration,
    /// The history, its place, and who works on it.
    History,
}

impl Area {
    /// How it is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Terminal => "Terminal",
            Self::Configuration => "Configuration and keys",
            Self::History => "History",
        }
    }

    /// Something of it that is as it should be.
    pub fn fine(self, what: &'static str, found: impl AsRef<str>) -> Finding {
        Finding { area: self, what, found: Text::new(found.as_ref()), mend: None }
    }

    /// Something of it that is off, and what mends it.
    pub fn off(self, what: &'static str, found: impl AsRef<str>, mend: impl AsRef<str>) -> Finding {
        Finding { mend: Some(Text::new(mend.as_ref())), ..self.fine(what, found) }
    }
}

impl Finding {
    /// Its key in JSON.
    pub fn key(&self) -> String {
        self.what.to_lowercase().replace(' ', "_")
    }
}
