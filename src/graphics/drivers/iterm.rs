//! The inline images of iTerm2.
//!
//! Owns its one command. Must never split it: what stands inside is lost.
//!
//! Source: <https://iterm2.com/documentation-images.html>; `doNotMoveCursor` is `WezTerm`'s.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The file in `file`, stretched over `columns` × `rows` cells from the cursor on.
pub(super) fn inline(file: &[u8], (columns, rows): (u16, u16), cursor_stays: bool) -> Vec<u8> {
    let stays = if cursor_stays { ";doNotMoveCursor=1" } else { "" };
    let size = file.len();
    let command = format!(
        "\x1b]1337;File=inline=1;size={size};width={columns};height={rows};preserveAspectRatio=0{stays}:"
    );
    let mut bytes = command.into_bytes();
    bytes.extend(STANDARD.encode(file).into_bytes());
    bytes.push(b'\x07');
    bytes
}
