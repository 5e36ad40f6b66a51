//! kitty's transfer protocol: what is said, and what is answered.
//!
//! Source: <https://sw.kovidgoyal.net/kitty/file-transfer-protocol/>.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

fn command(session: &str, rest: &str) -> Vec<u8> {
    format!("\x1b]5113;id={session};{rest}\x1b\\").into_bytes()
}

/// Asks whether files may be sent.
pub(super) fn ask(session: &str) -> Vec<u8> {
    command(session, "ac=send")
}

/// Names a file, by its number and where it is to be.
pub(super) fn name(session: &str, file: usize, path: &str, size: usize) -> Vec<u8> {
    let path = STANDARD.encode(path);
    command(session, &format!("ac=file;fid={file};n={path};sz={size}"))
}

/// A part of that file.
pub(super) fn data(session: &str, file: usize, bytes: &[u8], is_last: bool) -> Vec<u8> {
    let action = if is_last { "end_data" } else { "data" };
    command(session, &format!("ac={action};fid={file};d={}", STANDARD.encode(bytes)))
}

/// All files have gone.
pub(super) fn finish(session: &str) -> Vec<u8> {
    command(session, "ac=finish")
}

/// None are to go any more.
pub(super) fn cancel(session: &str) -> Vec<u8> {
    command(session, "ac=cancel")
}

/// What the terminal says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Status {
    /// Of which file; of all where that is not said.
    pub(super) file: Option<usize>,
    /// In a word.
    pub(super) code: String,
    /// In words for a person.
    pub(super) words: String,
    /// How large the file is there by now; `None` where there is none.
    pub(super) size: Option<u64>,
}

impl Status {
    /// Reads what was said, if it is of this session.
    pub(super) fn read(said: &str, session: &str) -> Option<Self> {
        let pairs = said.split(';').filter_map(|pair| pair.split_once('='));
        let find = |wanted| pairs.clone().find(|(key, _)| *key == wanted).map(|(_, value)| value);
        if find("ac") != Some("status") || find("id") != Some(session) {
            return None;
        }
        let words = STANDARD.decode(find("st")?).ok()?;
        let words = String::from_utf8_lossy(&words).into_owned();
        let (code, message) = words.split_once(':').unwrap_or((&words, &words));
        Some(Self {
            file: find("fid").and_then(|file| file.parse().ok()),
            code: code.to_owned(),
            words: message.to_owned(),
            size: find("sz").and_then(|size| size.parse().ok()),
        })
    }

    /// Whether it is no refusal.
    pub(super) fn is_news(&self) -> bool {
        matches!(self.code.as_str(), "OK" | "STARTED" | "PROGRESS" | "CANCELED")
    }
}
