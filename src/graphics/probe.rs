//! Which terminal this is, and what it can show.
//!
//! Owns the questions, the deadline's meaning and what follows from the answers. Promises
//! that nothing waits for it: whatever was not answered is taken for absent until it is.
//! Must never write or read by itself, and never believe the environment against the
//! terminal: over SSH that is another machine's.

use std::time::Duration;

use super::CellSize;
use super::answers::Answer;
use super::drivers::{Protocol, passthrough};
use crate::domain::Background;

/// How long a terminal may take to answer before it counts as mute. A later answer is
/// taken all the same.
pub const DEADLINE: Duration = Duration::from_secs(1);

/// Asks for the name, the size of a cell and of the text area, the colour behind letters,
/// whether it says when it has read something, and last what every terminal answers. Not for the protocol of kitty: tmux
/// takes that question for the title of its pane, and shows it to the user.
const QUESTIONS: &[u8] = b"\x1b[>0q\x1b[16t\x1b[14t\x1b]11;?\x1b\\\x1b[5n\x1b[c";
/// Asks what is not tmux, and not known by its name, for the protocol of kitty, and again
/// last what every terminal answers.
const QUESTIONS_OF_KITTY: &[u8] = b"\x1b_Gi=4207849,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[c";
/// Asks the terminal around tmux, which answers the rest itself; of the colour only since 3.4.
const QUESTIONS_AROUND: &[u8] =
    b"\x1b[>0q\x1b]11;?\x1b\\\x1b_Gi=4207849,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[5n";
/// Asks for the colour behind letters.
const QUESTION_OF_BACKGROUND: &[u8] = b"\x1b]11;?\x1b\\";

/// What the user wants, whatever the terminal says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Overrides {
    /// How pictures are sent; the inner `None` is for half blocks.
    pub protocol: Option<Option<Protocol>>,
    /// The size of a cell.
    pub cell: Option<CellSize>,
}

/// What is known of the terminal so far.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Probe {
    overrides: Overrides,
    name: Option<String>,
    /// The terminal around tmux.
    around: Option<String>,
    kitty: bool,
    question_of_kitty: Question,
    attributes: Option<Vec<u16>>,
    cell: Option<CellSize>,
    area: Option<(u16, u16)>,
    background: Option<[u8; 3]>,
    /// What it became since, where the terminal says so.
    scheme: Option<Background>,
    /// How often it was said that everything before was read.
    ready: usize,
    /// Whether tmux has been asked to pass questions on.
    asked_around: bool,
}

/// How far a question has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Question {
    #[default]
    Unasked,
    Asked,
    /// The terminal has read it; if it had an answer, that is here.
    Read,
}

/// Who says how large a cell is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CellSource {
    /// The configuration.
    Configured,
    /// The terminal, asked for it.
    Cell,
    /// The terminal, asked for its text area.
    Area,
}

/// What follows from the answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conclusion {
    /// How pictures are sent; `None` for half blocks in cells.
    pub protocol: Option<Protocol>,
    /// Whether tmux stands between, and everything must be passed through it.
    pub tmux: bool,
    /// The size of a cell, where anybody says anything of it.
    pub cell: Option<CellSize>,
    /// Whether the terminal says when it has read something.
    pub answers: bool,
    /// Why, in a sentence.
    pub why: String,
}

impl Probe {
    /// Nothing is known yet but what the user wants.
    pub fn new(overrides: Overrides) -> Self {
        Self { overrides, ..Self::default() }
    }

    /// What is written first.
    pub const fn questions() -> &'static [u8] {
        QUESTIONS
    }

    /// Forgets how large a cell is; gives what is to be asked for it, unless nobody
    /// would answer.
    pub fn size_question(&mut self) -> Option<&'static [u8]> {
        let area = self.area.take();
        (self.cell.is_some() || area.is_some()).then_some(b"\x1b[16t\x1b[14t")
    }

    /// Takes an answer in. Returns what is to be asked next, if anything.
    pub fn hear(&mut self, answer: &Answer) -> Option<Vec<u8>> {
        match answer {
            Answer::Name(name) if self.name.is_none() => {
                self.name = Some(name.clone());
                if self.is_tmux() {
                    self.asked_around = true;
                    return Some(passthrough(QUESTIONS_AROUND));
                }
            }
            // Asked anew, a terminal may still answer what it was asked before.
            Answer::Name(name) if self.asked_around && self.name.as_ref() != Some(name) => {
                self.around = Some(name.clone());
            }
            Answer::Kitty(knows) => self.kitty = *knows,
            Answer::Cell(width, height) => {
                self.cell = CellSize::new(*width, *height).or(self.cell);
            }
            Answer::Area(width, height) => self.area = Some((*width, *height)),
            Answer::Attributes(attributes) => {
                self.attributes = Some(attributes.clone());
                if self.question_of_kitty != Question::Unasked {
                    self.question_of_kitty = Question::Read;
                } else if !self.is_tmux() && self.known().is_none() {
                    self.question_of_kitty = Question::Asked;
                    return Some(QUESTIONS_OF_KITTY.to_vec());
                }
            }
            Answer::Background(color) => {
                (self.background, self.scheme) = (Some(*color), None);
            }
            Answer::Scheme(scheme) => {
                self.scheme = Some(*scheme);
                return self.background_question();
            }
            Answer::Ready => self.ready += 1,
            Answer::Name(_) | Answer::Transfer(_) | Answer::Other => {}
        }
        None
    }

    /// Whether everything that is asked has been answered.
    pub fn is_over(&self) -> bool {
        self.attributes.is_some()
            && self.question_of_kitty != Question::Asked
            && (!self.asked_around || self.is_ready())
    }

    /// What is to be asked for the colour behind letters, unless nobody would answer.
    pub fn background_question(&self) -> Option<Vec<u8>> {
        let around: &[u8] = if self.around.is_some() { QUESTION_OF_BACKGROUND } else { b"" };
        self.background.map(|_| [QUESTION_OF_BACKGROUND, &passthrough(around)].concat())
    }

    /// The colour behind letters, where the terminal says it.
    pub const fn color(&self) -> Option<[u8; 3]> {
        self.background
    }

    /// What is behind letters, where the terminal says it.
    pub fn background(&self) -> Option<Background> {
        self.scheme.or(self.background.map(Background::of_color))
    }

    /// The name that what answers first gives itself: the terminal, or tmux.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The name of the terminal around tmux, which passes on what we ask it.
    pub fn around(&self) -> Option<&str> {
        self.around.as_deref()
    }

    /// What follows, for a text area of `columns` × `rows`.
    pub fn conclusion(&self, (columns, rows): (u16, u16)) -> Conclusion {
        let cell = self.cell((columns, rows)).map(|(size, _)| size);
        let (protocol, tmux, why) = self.way();
        Conclusion { protocol, tmux, cell, answers: self.is_ready(), why }
    }

    /// How large a cell is in a text area of `columns` × `rows`, and who says so.
    pub fn cell(&self, (columns, rows): (u16, u16)) -> Option<(CellSize, CellSource)> {
        let by_area = |(width, height): (u16, u16)| {
            CellSize::new(width.checked_div(columns)?, height.checked_div(rows)?)
        };
        let by_area = || self.area.and_then(by_area).map(|size| (size, CellSource::Area));
        let configured = self.overrides.cell.map(|size| (size, CellSource::Configured));
        configured.or(self.cell.map(|size| (size, CellSource::Cell))).or_else(by_area)
    }

    /// Whether the terminal says when it has read something, and tmux not in its place.
    const fn is_ready(&self) -> bool {
        if self.asked_around { self.around.is_some() && self.ready > 1 } else { self.ready > 0 }
    }

    /// The protocol, whether it goes through tmux, and why.
    fn way(&self) -> (Option<Protocol>, bool, String) {
        if let Some(wanted) = self.overrides.protocol {
            // Only what text says the place of goes through: inline images would stand wherever
            // the cursor of the terminal around tmux is.
            let through = self.is_tmux() && wanted == Some(Protocol::Kitty);
            return (wanted, through, "The configuration says so.".to_owned());
        }
        if self.is_tmux() {
            return self.through_tmux();
        }
        let name = self.name.as_deref().unwrap_or_default();
        let sixel = self.has_sixel();
        let (protocol, why) = match self.known() {
            // It has both from one addon, without which it swallows what is sent.
            Some(("xterm.js", _)) if !sixel => {
                (None, format!("{name} says that it is set up without pictures."))
            }
            Some((_, Some(Protocol::Sixel))) if !sixel => {
                (None, format!("{name} says that it was built or set up without sixel."))
            }
            Some((_, None)) if sixel => {
                (Some(Protocol::Sixel), format!("{name} says that it knows sixel."))
            }
            Some((_, Some(protocol))) => (Some(*protocol), format!("The terminal is {name}.")),
            Some((_, None)) => (None, format!("{name} has no way to show pictures.")),
            None if self.kitty => {
                (Some(Protocol::Kitty), "The terminal answers the question of kitty.".to_owned())
            }
            None if sixel => {
                (Some(Protocol::Sixel), "The terminal says that it knows sixel.".to_owned())
            }
            None if self.attributes.is_none() => {
                (None, "The terminal answers no question.".to_owned())
            }
            None => (None, "The terminal says nothing of pictures.".to_owned()),
        };
        (protocol, false, why)
    }

    /// What is known of a terminal of this name.
    fn known(&self) -> Option<&'static (&'static str, Option<Protocol>)> {
        let name = self.name.as_deref()?.to_lowercase();
        NAMES.iter().find(|(begin, _)| name.starts_with(begin))
    }

    fn through_tmux(&self) -> (Option<Protocol>, bool, String) {
        if self.draws_in_tmux() {
            return (Some(Protocol::Sixel), false, "tmux draws sixel itself.".to_owned());
        }
        let Some(around) = &self.around else {
            return (None, false, format!("tmux passes nothing on. {PASSTHROUGH}"));
        };
        let lower = around.to_lowercase();
        let known = WITH_PLACEHOLDERS.iter().find(|(begin, _)| lower.starts_with(begin));
        match known {
            Some((_, least)) if self.kitty && version(&lower) >= *least => {
                (Some(Protocol::Kitty), true, format!("{around}, through tmux."))
            }
            Some((begin, [major, minor, _])) if self.kitty => {
                let since = format!("{begin} {major}.{minor}");
                (None, true, format!("{around} cannot show pictures inside tmux; {since} can."))
            }
            _ => (None, true, format!("{around} cannot show pictures inside tmux.")),
        }
    }

    /// Whether it is tmux that shows pictures, since nobody around it does.
    fn draws_in_tmux(&self) -> bool {
        self.has_sixel() && !(self.around.is_some() && self.kitty)
    }

    /// Whether tmux is in between.
    pub fn is_tmux(&self) -> bool {
        self.name.as_deref().is_some_and(|name| name.to_lowercase().starts_with("tmux"))
    }

    fn has_sixel(&self) -> bool {
        self.attributes.as_ref().is_some_and(|attributes| attributes.contains(&4))
    }
}

/// What terminals that say their name are best at. Only [`Protocol::Sixel`] is also
/// asked for, since most are built with or without it.
const NAMES: [(&str, Option<Protocol>); 17] = [
    ("kitty", Some(Protocol::Kitty)),
    ("ghostty", Some(Protocol::Kitty)),
    ("iterm2", Some(Protocol::Iterm)),
    ("wezterm", Some(Protocol::WezTerm)),
    ("konsole", Some(Protocol::Iterm)),
    ("mintty", Some(Protocol::Iterm)),
    ("rio", Some(Protocol::Iterm)),
    ("xterm.js", Some(Protocol::Iterm)),
    ("tabby", Some(Protocol::Iterm)),
    ("hyper", Some(Protocol::Iterm)),
    ("warp", Some(Protocol::Iterm)),
    ("foot", Some(Protocol::Sixel)),
    ("xterm", Some(Protocol::Sixel)),
    ("mlterm", Some(Protocol::Sixel)),
    ("contour", Some(Protocol::Sixel)),
    ("vte", None),
    ("alacritty", None),
];

/// How tmux is made to pass on what it does not understand.
pub const PASSTHROUGH: &str = "`tmux set -g allow-passthrough on` lets it.";

/// Terminals that show a picture where its placeholder text stands, by how the name begins,
/// and from which version on. An older kitty shows the text (tried: 0.26.5).
const WITH_PLACEHOLDERS: [(&str, [u32; 3]); 3] =
    [("kitty", [0, 28, 0]), ("ghostty", [0; 3]), ("rio", [0; 3])];

/// The first three numbers in a name in small letters.
pub(super) fn version(name: &str) -> [u32; 3] {
    let mut numbers = name
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(|digits| digits.parse().unwrap_or(0));
    // The name itself may have one, as in iTerm2.
    if name.starts_with("iterm2") {
        numbers.next();
    }
    std::array::from_fn(|_| numbers.next().unwrap_or(0))
}
