//! What of a generation is copied.

/// What of a generation is copied, to be put in somewhere else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extract {
    /// Its prompt.
    Prompt,
    /// Where its pictures are.
    Path,
    /// The line that fetches its pictures to another machine.
    Scp,
    /// The request as a line of curl, without keys.
    Curl,
    /// The request as a command of this program.
    Command,
    /// The request as JSON.
    Json,
}

impl Extract {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 6] =
        [Self::Prompt, Self::Path, Self::Scp, Self::Curl, Self::Command, Self::Json];

    /// What `count` of it are called.
    pub fn words(self, count: usize) -> String {
        let one = match self {
            Self::Prompt => "prompt",
            Self::Path => "path",
            Self::Scp => return "scp line".to_owned(),
            Self::Curl => "curl line",
            Self::Command => "command line",
            Self::Json => "request",
        };
        if count == 1 { one.to_owned() } else { format!("{count} {one}s") }
    }
}
