//! Which terminals there are, and what each answers.
//!
//! Attributes of Ghostty, iTerm2, Konsole, foot, VTE and xterm are those that `ucs-detect`
//! recorded (<https://github.com/jquast/ucs-detect>, `data/*.yaml`), kitty's are from its
//! `screen.c`. Not looked up: how names are written, the attributes of WezTerm's release, of
//! a VT340 and of tmux 3.3a, and which of xterm and VTE say how large their text area is.
//! What was not recorded of sizes counts as not answered.

/// A terminal that is played.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Persona {
    Kitty,
    Ghostty,
    Iterm,
    WezTerm,
    Konsole,
    Foot,
    /// As a VT340, which has sixel, or as it comes.
    Xterm {
        sixel: bool,
    },
    /// GNOME's, and all that are made of the same library.
    Vte,
    /// tmux inside kitty.
    Tmux {
        passthrough: bool,
    },
    /// tmux inside iTerm2, which hands everything on.
    TmuxInIterm,
    /// One that answers nothing.
    Mute,
    /// Kitty, over a line that hands over every byte by itself.
    Splitting,
}

impl Persona {
    /// All of them.
    pub(crate) const ALL: [Self; 14] = [
        Self::Kitty,
        Self::Ghostty,
        Self::Iterm,
        Self::WezTerm,
        Self::Konsole,
        Self::Foot,
        Self::Xterm { sixel: true },
        Self::Xterm { sixel: false },
        Self::Vte,
        Self::Tmux { passthrough: true },
        Self::Tmux { passthrough: false },
        Self::TmuxInIterm,
        Self::Mute,
        Self::Splitting,
    ];

    /// Whether it draws pictures by kitty's protocol.
    pub(super) const fn knows_kitty(self) -> bool {
        matches!(
            self,
            Self::Kitty | Self::Ghostty | Self::WezTerm | Self::Konsole | Self::Splitting
        )
    }

    /// Whether it draws inline images of iTerm2.
    pub(super) const fn knows_iterm(self) -> bool {
        matches!(self, Self::Iterm | Self::WezTerm | Self::Konsole)
    }

    /// Whether it draws sixel.
    pub(super) fn knows_sixel(self) -> bool {
        self.attributes().split(';').any(|attribute| attribute == "4")
    }

    pub(super) const fn is_tmux(self) -> bool {
        matches!(self, Self::Tmux { .. } | Self::TmuxInIterm)
    }

    /// Whether it is tmux, and hands on what is meant for the terminal around it.
    pub(super) const fn hands_on(self) -> bool {
        matches!(self, Self::Tmux { passthrough: true } | Self::TmuxInIterm)
    }

    /// Name and version of the terminal around tmux.
    pub(super) const fn name_around(self) -> &'static str {
        match self {
            Self::TmuxInIterm => "iTerm2 3.6.5",
            _ => "kitty(0.43.1)",
        }
    }

    /// Its name and version.
    pub(super) const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Kitty | Self::Splitting => "kitty(0.43.1)",
            Self::Ghostty => "ghostty 1.2.3",
            Self::Iterm => "iTerm2 3.6.5",
            Self::WezTerm => "WezTerm 20240203-110809-5046fc22",
            Self::Konsole => "Konsole 25.08.2",
            Self::Foot => "foot(1.25.0)",
            Self::Xterm { .. } => "XTerm(390)",
            Self::Vte => "VTE(7600)",
            Self::Tmux { .. } | Self::TmuxInIterm => "tmux 3.3a",
            Self::Mute => return None,
        })
    }

    /// Its device attributes; nothing from one that is mute.
    pub(super) const fn attributes(self) -> &'static str {
        match self {
            Self::Kitty | Self::Splitting => "62;",
            Self::Ghostty => "62;22;52",
            Self::Iterm => "64;1;2;4;6;17;18;21;22",
            Self::WezTerm => "65;4;6;18;22",
            Self::Konsole => "62;1;4",
            Self::Foot => "62;4;22;28;52",
            Self::Xterm { sixel: true } => "63;1;2;4;6;9;15;16;22;28",
            Self::Xterm { sixel: false } => "64;1;2;6;9;15;16;17;18;21;22;28",
            Self::Vte => "61;1;21;22",
            Self::Tmux { .. } | Self::TmuxInIterm => "1;2",
            Self::Mute => "",
        }
    }

    /// Whether it says how large its cells are. tmux does since 3.5.
    pub(super) const fn says_cells(self) -> bool {
        use Persona::{Foot, Ghostty, Kitty, Konsole, Splitting, WezTerm};
        matches!(self, Kitty | Ghostty | WezTerm | Konsole | Foot | Splitting)
    }

    /// Whether it says how large its text area is.
    pub(super) const fn says_area(self) -> bool {
        self.says_cells() || matches!(self, Self::Vte | Self::Xterm { .. })
    }

    /// Whether it says what colour is behind the text.
    pub(super) const fn says_background(self) -> bool {
        !matches!(self, Self::Mute | Self::Tmux { .. } | Self::TmuxInIterm)
    }
}
