//! How the user is told who looks elsewhere.

/// How the user is told who looks elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Notify {
    /// How it is said that something is done.
    pub done: Done,
    /// Whether a bar shows how far it is; `None` leaves it to the terminal.
    pub progress: Option<bool>,
    /// Whether a notice says the prompt.
    pub prompt: bool,
}

/// How it is said that something is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Done {
    /// As the terminal is known to show it.
    Auto,
    /// In this way, whatever the terminal is.
    By(Notice),
    /// Not at all.
    Off,
}

/// In which way a notice is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Notice {
    /// The bell, which the terminal makes of it what its user wants.
    Bell,
    /// iTerm2's.
    Osc9,
    /// That of rxvt, with a title.
    Osc777,
    /// kitty's.
    Osc99,
}
