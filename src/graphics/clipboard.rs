//! Text for the clipboard of the machine that the terminal runs on.
//!
//! Owns OSC 52 and what is known of who takes it. Promises one sequence, in the form that
//! most terminals read. Must never claim that text has arrived: no terminal says so.
//!
//! Source: xterm's ctlseqs; tmux(1), `set-clipboard`; the limit is that of hterm's and of
//! most scripts: a sequence of 100,000 bytes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::drivers::passthrough;
use super::probe::Probe;

/// The most bytes of text that terminals take.
pub const MOST: usize = 74_994;

/// Whether text that is copied gets to the clipboard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Clipboard {
    /// It does.
    Takes,
    /// It may, and what that depends on, in a sentence.
    Depends(&'static str),
    /// It does not, and why.
    Refuses(&'static str),
}

/// Terminals of which more is known than that they take it, by how their names begin.
const NAMES: [(&str, Clipboard); 4] = [
    ("xterm(", Clipboard::Depends("XTerm may not let it (disallowedWindowOps).")),
    ("iterm2", Clipboard::Depends("iTerm2's settings must allow it.")),
    ("mintty", Clipboard::Depends("mintty needs AllowSetSelection=yes.")),
    ("konsole", Clipboard::Depends("An old Konsole does not take it.")),
];
/// GNOME's, and all that are made of the same library: from this version on some take it.
const VTE: u32 = 7600;

/// Whether the terminal that answered so takes text for the clipboard. `program` is what the
/// environment calls it (`TERM_PROGRAM`), which counts where it has no name.
pub fn clipboard(probe: &Probe, program: Option<&str>) -> Clipboard {
    if probe.is_tmux() {
        return match probe.around() {
            Some(around) => by_name(around),
            None => Clipboard::Depends("tmux needs `set -s set-clipboard on`."),
        };
    }
    match (probe.name(), program) {
        (Some(name), _) => by_name(name),
        (None, Some("Apple_Terminal")) => Clipboard::Refuses("Apple's Terminal takes no text."),
        (None, _) => Clipboard::Depends("This terminal may not take it."),
    }
}

fn by_name(name: &str) -> Clipboard {
    let name = name.to_lowercase();
    if let Some(version) = name.strip_prefix("vte(") {
        let version = version.trim_end_matches(')').parse().unwrap_or(0_u32);
        return if version < VTE {
            Clipboard::Refuses("this GNOME terminal takes no text.")
        } else {
            Clipboard::Depends("Not every GNOME terminal takes it.")
        };
    }
    let known = NAMES.iter().find(|(begin, _)| name.starts_with(begin));
    known.map_or(Clipboard::Takes, |(_, clipboard)| *clipboard)
}

/// What puts `text` on the clipboard. tmux takes it for the terminal around it only where it
/// is set up so, and is asked to hand it on besides.
pub fn copy(text: &str, probe: &Probe) -> Vec<u8> {
    let sequence = format!("\x1b]52;c;{}\x07", STANDARD.encode(text)).into_bytes();
    let is_kitty = |name: &str| name.to_lowercase().starts_with("kitty");
    if probe.is_tmux() {
        let around = probe.around().map_or_else(Vec::new, |_| passthrough(&sequence));
        return [sequence, around].concat();
    }
    if probe.name().is_some_and(is_kitty) {
        // Until 0.27 it adds to what is there, unless something that is no base64 comes first.
        return [b"\x1b]52;c;!\x07".to_vec(), sequence].concat();
    }
    sequence
}
