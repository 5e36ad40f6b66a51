//! A file through the terminal to the machine that it runs on.
//!
//! Owns which terminal takes files in which way, and what is said to it in which order.
//! Promises that each piece is whole by itself, so that text may stand between two of them
//! unless [`Download::holds`] says otherwise, that a file there is never written over, and that
//! what arrives is byte for byte what was given. Must never read a file, write to the terminal or read a clock.

mod iterm;
mod kitty;

use super::probe::Probe;
pub use iterm::BREAK;
use kitty::Status;

/// Bytes of a file in one piece: what kitty takes at most, and a multiple of 3 so that no
/// piece but the last is padded.
const PIECE: usize = 4095;
/// How many names are tried for a file that is there already.
const NAMES: usize = 99;

/// How a terminal takes files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// kitty's transfer protocol: it asks the user, and says what has arrived.
    Kitty,
    /// iTerm2's files in parts, since 3.5.
    Parts,
    /// iTerm2's files in one sequence, as `WezTerm` and older iTerm2 take them. Nothing else
    /// can stand inside it, so the screen stands still meanwhile.
    Whole,
}

/// How the terminal that answered so takes files.
///
/// # Errors
/// Why it takes none, in a sentence.
pub fn way(probe: &Probe) -> Result<Way, &'static str> {
    let name = probe.name().unwrap_or_default().to_lowercase();
    if probe.is_tmux() {
        Err("tmux hands no files on.")
    } else if name.starts_with("kitty") {
        Ok(Way::Kitty)
    } else if let Some(version) = name.strip_prefix("iterm2 ") {
        let mut numbers = version.split('.').map(|number| number.parse().unwrap_or(0_u32));
        let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        Ok(if version >= (3, 5) { Way::Parts } else { Way::Whole })
    } else if name.starts_with("wezterm") {
        Ok(Way::Whole)
    } else {
        Err("This terminal takes no files.")
    }
}

/// A file that is on its way.
#[derive(Clone, Debug)]
struct File {
    name: String,
    bytes: Vec<u8>,
    sent: usize,
    /// How much of it the terminal has written, where it says that.
    written: usize,
    /// Which name it is given, from 1.
    attempt: usize,
}

/// How far the talk with the terminal is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum At {
    /// The terminal is to be asked whether it takes files.
    Begin,
    /// It was asked, and asks the user.
    Asked,
    /// It takes the next file.
    Ready,
    /// A file was named to it.
    Named,
    /// A file is being sent.
    Sending,
    /// All of it was sent, and not all is written.
    Ending,
    /// Nothing more is to be said.
    Over,
}

/// Files on their way through the terminal, one after the other.
#[derive(Clone, Debug)]
pub struct Download {
    way: Way,
    session: String,
    directory: String,
    at: At,
    file: Option<File>,
    /// How many files were named to the terminal.
    named: usize,
    failure: Option<String>,
}

impl Download {
    /// A download by `way`, under the name `session`, which no other has at the same time;
    /// kitty puts it into `directory` of its own machine.
    pub fn new(way: Way, session: &str, directory: &str) -> Self {
        let at = if way == Way::Kitty { At::Begin } else { At::Ready };
        let (session, directory) = (session.to_owned(), directory.to_owned());
        Self { way, session, directory, at, file: None, named: 0, failure: None }
    }

    /// Whether the terminal asks the user whether it may take files.
    pub fn is_asking(&self) -> bool {
        matches!(self.at, At::Begin | At::Asked)
    }

    /// Whether the next file can be taken: the one before has gone.
    pub const fn is_ready(&self) -> bool {
        self.file.is_none() && self.failure.is_none()
    }

    /// Whether a sequence is open in which nothing else may be written: no text, no question.
    pub fn holds(&self) -> bool {
        self.way == Way::Whole && self.at == At::Sending
    }

    /// Takes the next file, which is to be called `name`.
    pub fn take(&mut self, name: &str, bytes: Vec<u8>) {
        self.file = Some(File { name: name.to_owned(), bytes, sent: 0, written: 0, attempt: 1 });
    }

    /// How many bytes of the file have gone, as far as is known.
    pub fn gone(&self) -> usize {
        match &self.file {
            Some(file) if self.way == Way::Kitty => file.written,
            Some(file) => file.sent,
            None => 0,
        }
    }

    /// Why it cannot go on, in the words of the terminal.
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// What is to be sent next; `None` while there is nothing, or an answer is waited for.
    pub fn next_piece(&mut self) -> Option<Vec<u8>> {
        if self.at == At::Begin {
            self.at = At::Asked;
            return Some(kitty::ask(&self.session));
        }
        let file = self.file.as_mut()?;
        match (self.way, self.at) {
            (Way::Whole, At::Ready) => {
                self.at = At::Sending;
                Some(iterm::open(&file.name, file.bytes.len()))
            }
            (Way::Parts, At::Ready) => {
                self.at = At::Sending;
                Some(iterm::begin(&file.name, file.bytes.len()))
            }
            (Way::Kitty, At::Ready) => {
                self.at = At::Named;
                self.named += 1;
                let path = format!("{}/{}", self.directory, another(&file.name, file.attempt));
                Some(kitty::name(&self.session, self.named, &path, file.bytes.len()))
            }
            (way, At::Sending) => {
                let end = (file.sent + PIECE).min(file.bytes.len());
                let (part, is_last) = (&file.bytes[file.sent..end], end == file.bytes.len());
                file.sent = end;
                if way == Way::Kitty {
                    let piece = kitty::data(&self.session, self.named, part, is_last);
                    self.at = if is_last { At::Ending } else { At::Sending };
                    return Some(piece);
                }
                let make = if way == Way::Whole { iterm::piece } else { iterm::part };
                let piece = make(part, is_last);
                if is_last {
                    (self.file, self.at) = (None, At::Ready);
                }
                Some(piece)
            }
            _ => None,
        }
    }

    /// Hears what the terminal says of a transfer: the body of an `OSC 5113`.
    pub fn hear(&mut self, said: &str) {
        let Some(status) = Status::read(said, &self.session) else { return };
        if status.file.is_some_and(|file| file != self.named) {
            return;
        }
        if !status.is_news() {
            return self.fail(status.words);
        }
        if (self.at, status.code.as_str()) == (At::Asked, "OK") {
            self.at = At::Ready;
        }
        let Some(file) = &mut self.file else { return };
        match (self.at, status.code.as_str()) {
            // It is there already, and nothing of it has been written over yet.
            (At::Named, "STARTED") if status.size.is_some() && file.attempt < NAMES => {
                file.attempt += 1;
                self.at = At::Ready;
            }
            (At::Named, "STARTED") if status.size.is_none() => self.at = At::Sending,
            (At::Named, "STARTED") => self.fail("there are too many files of that name".to_owned()),
            (At::Ending, "OK") => (self.file, self.at) = (None, At::Ready),
            (_, "PROGRESS") => {
                let written = status.size.and_then(|size| usize::try_from(size).ok());
                file.written = written.unwrap_or(file.written);
            }
            _ => {}
        }
    }

    /// What ends a download when all files have gone.
    pub fn finish(&mut self) -> Vec<u8> {
        // What was not allowed yet has no end.
        if self.is_asking() { self.cancel() } else { self.end(kitty::finish) }
    }

    /// What gives a download up. Of a file in parts that was begun iTerm2 keeps what has come.
    pub fn cancel(&mut self) -> Vec<u8> {
        if self.holds() {
            (self.file, self.at) = (None, At::Over);
            return BREAK.to_vec();
        }
        let is_begun = self.way == Way::Parts && self.at == At::Sending;
        if is_begun { iterm::part(&[], true) } else { self.end(kitty::cancel) }
    }

    fn end(&mut self, say: fn(&str) -> Vec<u8>) -> Vec<u8> {
        let is_open = self.way == Way::Kitty && !matches!(self.at, At::Begin | At::Over);
        self.at = At::Over;
        if is_open { say(&self.session) } else { Vec::new() }
    }

    fn fail(&mut self, why: String) {
        if self.at == At::Asked {
            // What was refused is over for the terminal too.
            self.at = At::Over;
        }
        self.failure = Some(why);
    }
}

/// `name` with a number before its ending, from the second one on.
fn another(name: &str, attempt: usize) -> String {
    match (attempt, name.rsplit_once('.')) {
        (1, _) => name.to_owned(),
        (_, Some((stem, ending))) => format!("{stem}-{attempt}.{ending}"),
        (_, None) => format!("{name}-{attempt}"),
    }
}
