//! Bytes for the terminal around tmux.
//!
//! Owns the wrapping that tmux hands on where `allow-passthrough` is on. Must be given
//! whole sequences: tmux writes text of its own between two of them.

/// `bytes` wrapped so that tmux hands them on; nothing, for nothing.
pub fn passthrough(bytes: &[u8]) -> Vec<u8> {
    if bytes.is_empty() {
        return Vec::new();
    }
    let mut wrapped = b"\x1bPtmux;".to_vec();
    for &byte in bytes {
        if byte == b'\x1b' {
            wrapped.push(byte);
        }
        wrapped.push(byte);
    }
    wrapped.extend(b"\x1b\\");
    wrapped
}
