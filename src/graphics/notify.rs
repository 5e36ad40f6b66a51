//! What tells somebody who looks elsewhere: a bar for how far it is, a notice when it is done.
//!
//! Owns which terminals have a bar (OSC 9;4) and in which way each shows a notice (OSC 9, 777
//! or 99, or its bell). Promises that a terminal which would take a bar for a notice is sent
//! none, and that inside tmux only what it is known to hand on goes through it. Must never
//! write, nor decide when.
//!
//! Source: `ConEmu`'s page of escape codes, with Ghostty's release notes of 1.2, iTerm2's of
//! 3.6.6, Konsole's merge request 1054 (26.04), VTE's documentation of `vte.progress` (0.80) and
//! `WezTerm`'s issue 6581 (no release since has it, only nightly builds of 2025 on) for the
//! bar; kitty drops it since 0.38 and showed a notice before. For notices kitty's page of desktop
//! notifications, foot's ctlseqs(7), iTerm2's, Ghostty's and `WezTerm`'s pages of escape codes.

use super::drivers::passthrough;
use super::probe::{Probe, version};
use crate::domain::{Bar, Done, Notice, Notify, Text};

/// Who has a bar, by how the name begins, and from which version on.
const WITH_BAR: [(&str, [u32; 3]); 5] = [
    ("ghostty", [1, 2, 0]),
    ("iterm2", [3, 6, 6]),
    ("wezterm", [20_250_301, 0, 0]),
    ("konsole", [26, 4, 0]),
    ("vte", [8000, 0, 0]),
];

/// How each shows a notice, by how the name begins; any other has a bell.
const NOTICES: [(&str, Notice); 6] = [
    ("kitty", Notice::Osc99),
    ("foot", Notice::Osc777),
    ("wezterm", Notice::Osc777),
    ("ghostty", Notice::Osc9),
    ("iterm2", Notice::Osc9),
    ("warp", Notice::Osc777),
];

/// Whether a bar is shown, where these settings are in force.
pub fn shows_bar(settings: Notify, probe: &Probe) -> bool {
    settings.progress.unwrap_or_else(|| has_bar(probe))
}

/// In which way a notice is shown, where these settings are in force; `None` for no way.
pub fn way(settings: Notify, probe: &Probe) -> Option<Notice> {
    match settings.done {
        Done::Auto => Some(known_way(probe).unwrap_or(Notice::Bell)),
        Done::By(notice) => Some(notice),
        Done::Off => None,
    }
}

/// Whether the terminal that answered so has a bar, and gets what is sent to it.
pub fn has_bar(probe: &Probe) -> bool {
    let Some(name) = terminal(probe) else { return false };
    WITH_BAR.iter().any(|(begin, least)| name.starts_with(begin) && version(&name) >= *least)
}

/// In which way the terminal that answered so is known to show a notice.
pub(super) fn known_way(probe: &Probe) -> Option<Notice> {
    let name = terminal(probe)?;
    NOTICES.iter().find(|(begin, _)| name.starts_with(begin)).map(|(_, notice)| *notice)
}

/// What shows a bar, or takes it away.
pub fn bar(bar: Option<Bar>, probe: &Probe) -> Vec<u8> {
    let state = match bar {
        None => "0".to_owned(),
        Some(Bar::Percent(percent)) => format!("1;{percent}"),
        Some(Bar::Unknown) => "3".to_owned(),
        Some(Bar::Paused(percent)) => format!("4;{percent}"),
    };
    through(format!("\x1b]9;4;{state}\x1b\\").into_bytes(), probe)
}

/// What shows a notice that says `what`. tmux is rung for besides, since it marks the window.
pub fn notice(way: Notice, what: &Text, probe: &Probe) -> Vec<u8> {
    // A semicolon would begin something else.
    let what = what.as_str().replace(';', ",");
    let sequence = match way {
        Notice::Bell => return b"\x07".to_vec(),
        // With the name in front it is no number of a bar.
        Notice::Osc9 => format!("\x1b]9;Pentimento: {what}\x1b\\"),
        Notice::Osc777 => format!("\x1b]777;notify;Pentimento;{what}\x1b\\"),
        // Of one name, so that a later one takes the place of an earlier one.
        Notice::Osc99 => format!(
            "\x1b]99;i=pentimento:d=0;Pentimento\x1b\\\x1b]99;i=pentimento:p=body;{what}\x1b\\"
        ),
    };
    let bell: &[u8] = if probe.is_tmux() { b"\x07" } else { b"" };
    [bell, &through(sequence.into_bytes(), probe)].concat()
}

/// The terminal that shows it: where tmux is in between, that around it, if it is known.
fn terminal(probe: &Probe) -> Option<String> {
    let name = if probe.is_tmux() { probe.around() } else { probe.name() };
    name.map(str::to_lowercase)
}

fn through(sequence: Vec<u8>, probe: &Probe) -> Vec<u8> {
    if probe.is_tmux() && probe.around().is_some() { passthrough(&sequence) } else { sequence }
}
