//! Files as iTerm2 takes them, and `WezTerm` with it.
//!
//! Source: <https://iterm2.com/documentation-images.html>.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

fn named(command: &str, name: &str, size: usize) -> String {
    format!("\x1b]1337;{command}=name={};size={size};inline=0", STANDARD.encode(name))
}

/// A whole file.
pub(super) fn whole(name: &str, bytes: &[u8]) -> Vec<u8> {
    format!("{}:{}\x07", named("File", name, bytes.len()), STANDARD.encode(bytes)).into_bytes()
}

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
