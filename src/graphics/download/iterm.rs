//! Files as iTerm2 takes them, and `WezTerm` with it.
//!
//! Source: <https://iterm2.com/documentation-images.html>.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

fn named(command: &str, name: &str, size: usize) -> String {
    format!("\x1b]1337;{command}=name={};size={size};inline=0", STANDARD.encode(name))
}

/// The beginning of a whole file: until its end nothing may follow but pieces of it.
pub(super) fn open(name: &str, size: usize) -> Vec<u8> {
    format!("{}:", named("File", name, size)).into_bytes()
}

/// A piece of a whole file, and its end.
pub(super) fn piece(bytes: &[u8], is_last: bool) -> Vec<u8> {
    let end = if is_last { "\x07" } else { "" };
    format!("{}{end}", STANDARD.encode(bytes)).into_bytes()
}

/// Ends a whole file before all of it has come, so that nothing of it is kept. iTerm2 gives a
/// file up at CAN (`VT100XtermParser`). For `WezTerm` (`vtparse`) CAN is an end as any other,
/// and it keeps what it has; but not what it cannot read, so a sign that is none of base64
/// comes before.
pub const BREAK: &[u8] = b"!\x18";

/// The beginning of a file that comes in parts.
pub(super) fn begin(name: &str, size: usize) -> Vec<u8> {
    format!("{}\x07", named("MultipartFile", name, size)).into_bytes()
}

/// A part of it, and its end.
pub(super) fn part(bytes: &[u8], is_last: bool) -> Vec<u8> {
    let mut piece = String::new();
    if !bytes.is_empty() {
        piece = format!("\x1b]1337;FilePart={}\x07", STANDARD.encode(bytes));
    }
    if is_last {
        piece.push_str("\x1b]1337;FileEnd\x07");
    }
    piece.into_bytes()
}
