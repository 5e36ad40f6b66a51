//! What is in effect on the terminal, and why: for whoever wonders.
//!
//! Promises to say the same as the program goes by. Must never ask the terminal anything: it
//! is told what was answered.

use super::clipboard::{Clipboard, clipboard};
use super::download::{self, Way};
use super::drivers::Protocol;
use super::probe::{CellSource, Overrides, PASSTHROUGH, Probe};
use super::{ColorDepth, Display, notify};
use crate::domain::{Area, Background, Done, Finding, Notice, Notify};

/// The terminals in which pictures are sharp.
const SHARP: &str = "kitty, Ghostty, WezTerm, iTerm2, Konsole and foot show them sharp; protocol \
     under [graphics] overrules what a terminal says";
/// Fewer columns or rows are too few.
const LEAST: (u16, u16) = (40, 12);

/// What is known of the terminal.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// What it has answered.
    pub probe: &'a Probe,
    /// Why it was not asked, if it was not.
    pub not_asked: Option<&'a str>,
    /// What the user wants of it, whatever it says.
    pub overrides: Overrides,
    /// What is shown.
    pub display: Display,
    /// Whether the system says how many pixels it has.
    pub measured: bool,
    /// Its columns and rows; `None` where there is none.
    pub cells: Option<(u16, u16)>,
    /// How the user is to be told who looks elsewhere; `None` where nobody can say.
    pub notify: Option<Notify>,
    /// A variable of the environment.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
}

/// What is in effect on the terminal.
pub fn examine(seen: &Seen<'_>) -> Vec<Finding> {
    let mut findings = vec![term(seen), size(seen), name(seen), pictures(seen), cell(seen)];
    findings.push(Area::Terminal.fine("multiplexer", multiplexer(seen)));
    findings.extend(seen.probe.is_tmux().then(|| passthrough(seen)));
    findings.extend([colours(seen), background(seen), copied(seen), downloads(seen)]);
    findings.extend(seen.notify.map(|settings| notices(seen, settings)));
    findings.extend(seen.notify.map(|settings| bar(seen, settings)));
    findings.push(Area::Terminal.fine("overrides", overrides(seen)));
    findings
}

fn term(seen: &Seen<'_>) -> Finding {
    let mend = "set TERM to what your terminal is, for example xterm-256color";
    match (seen.variable)("TERM").as_deref() {
        None => Area::Terminal.off("TERM", "not set", mend),
        Some("dumb") => Area::Terminal.off("TERM", "dumb: nothing can be drawn on it", mend),
        Some(term) => Area::Terminal.fine("TERM", term),
    }
}

fn size(seen: &Seen<'_>) -> Finding {
    match seen.cells {
        None => Area::Terminal.fine("terminal", "standard output is no terminal"),
        Some((columns, rows)) => {
            let found = format!("{columns} × {rows} cells");
            if columns < LEAST.0 || rows < LEAST.1 {
                let mend = format!("make it larger: the studio needs {} × {}", LEAST.0, LEAST.1);
                return Area::Terminal.off("terminal", found, mend);
            }
            Area::Terminal.fine("terminal", found)
        }
    }
}

fn name(seen: &Seen<'_>) -> Finding {
    let probe = seen.probe;
    let program = (seen.variable)("TERM_PROGRAM");
    let name = match (seen.not_asked, probe.around(), probe.name(), program) {
        (Some(why), ..) => format!("not asked: {why}"),
        (None, Some(around), Some(name), _) => format!("{around}, around {name}, as both say"),
        (None, None, Some(name), _) => format!("{name}, as it says"),
        (None, _, None, Some(program)) => format!("{program}, by TERM_PROGRAM; it does not say"),
        (None, _, None, None) => "it does not say".to_owned(),
    };
    Area::Terminal.fine("name", name)
}

fn pictures(seen: &Seen<'_>) -> Finding {
    let conclusion = seen.probe.conclusion(seen.cells.unwrap_or_default());
    let way = match conclusion.protocol {
        Some(Protocol::Kitty) => "the protocol of kitty",
        Some(Protocol::Iterm) => "inline images as iTerm2 has them",
        Some(Protocol::WezTerm) => "inline images as WezTerm has them",
        Some(Protocol::Sixel) => "sixel",
        None => "half blocks",
    };
    let why = match seen.not_asked {
        Some(_) if seen.overrides.protocol.is_none() => "The terminal was not asked.",
        _ => &conclusion.why,
    };
    let beside = match conclusion.protocol {
        Some(_) if conclusion.tmux => " Commands print half blocks.",
        _ => "",
    };
    let found = format!("{way}. {why}{beside}");
    let is_wanted = seen.overrides.protocol.is_some() || seen.not_asked.is_some();
    match conclusion.protocol {
        // What tmux lacks has a line of its own.
        None if !is_wanted && !seen.probe.is_tmux() => Area::Terminal.off("pictures", found, SHARP),
        _ => Area::Terminal.fine("pictures", found),
    }
}

fn cell(seen: &Seen<'_>) -> Finding {
    let (cell, source) = match seen.probe.cell(seen.cells.unwrap_or_default()) {
        Some((cell, CellSource::Configured)) => (cell, "the configuration says so"),
        Some((cell, CellSource::Cell)) => (cell, "the terminal says so"),
        Some((cell, CellSource::Area)) => (cell, "by the size of the terminal's text area"),
        None if seen.measured => (seen.display.cell, "the system says so"),
        None => (seen.display.cell, "assumed: nobody says it"),
    };
    let found = format!("{} × {} pixels, {source}", cell.width(), cell.height());
    if source.starts_with("assumed") && seen.cells.is_some() {
        let mend = "where pictures are too wide or too high, set cell_size under [graphics]";
        return Area::Terminal.off("cell size", found, mend);
    }
    Area::Terminal.fine("cell size", found)
}

/// What the terminal says of itself, or this machine's environment of the program.
fn multiplexer(seen: &Seen<'_>) -> String {
    let is_one = |name: &&str| {
        let name = name.to_lowercase();
        ["tmux", "gnu screen", "zellij"].iter().any(|one| name.starts_with(one))
    };
    if let Some(name) = seen.probe.name().filter(is_one) {
        return name.to_owned();
    }
    let known = [("TMUX", "tmux"), ("STY", "screen"), ("ZELLIJ", "zellij")];
    let one = known.into_iter().find(|(variable, _)| (seen.variable)(variable).is_some());
    one.map_or("none", |(_, name)| name).to_owned()
}

fn passthrough(seen: &Seen<'_>) -> Finding {
    match seen.probe.around() {
        Some(around) => {
            Area::Terminal.fine("passthrough", format!("on: {around} is asked through tmux"))
        }
        None => Area::Terminal.off("passthrough", "off: tmux passes nothing on", PASSTHROUGH),
    }
}

fn colours(seen: &Seen<'_>) -> Finding {
    let depth = match seen.display.depth {
        ColorDepth::True => "all of them",
        ColorDepth::Indexed256 => "256",
        ColorDepth::Ansi16 => "16",
        ColorDepth::None => "none",
    };
    let variable = |name| (seen.variable)(name).unwrap_or_else(|| "not set".to_owned());
    let found =
        format!("{depth} (COLORTERM {}, NO_COLOR {})", variable("COLORTERM"), variable("NO_COLOR"));
    let mend = match (seen.display.depth, (seen.variable)("NO_COLOR")) {
        (ColorDepth::True, _) => return Area::Terminal.fine("colours", found),
        (_, Some(_)) => "unset NO_COLOR to have them",
        _ => "set COLORTERM=truecolor where the terminal has it, or colors under [graphics]",
    };
    Area::Terminal.off("colours", found, mend)
}

/// What is behind letters, by which the theme is chosen, and who says so.
fn background(seen: &Seen<'_>) -> Finding {
    let variable = (seen.variable)("COLORFGBG");
    let by_variable = variable.as_deref().and_then(Background::of_colorfgbg);
    let found = match (seen.probe.background(), seen.probe.color(), by_variable) {
        (Some(background), Some([red, green, blue]), _) => {
            format!("{}, #{red:02x}{green:02x}{blue:02x}, the terminal says so", background.name())
        }
        (.., Some(background)) => format!("{}, COLORFGBG says so", background.name()),
        _ => format!("{}, assumed: nobody says it", Background::default().name()),
    };
    Area::Terminal.fine("background", found)
}

fn copied(seen: &Seen<'_>) -> Finding {
    let says = "selecting with the mouse always works: mouse = false under [studio]";
    if seen.not_asked.is_some() {
        return Area::Terminal.fine("clipboard", "the terminal was not asked");
    }
    match clipboard(seen.probe, (seen.variable)("TERM_PROGRAM").as_deref()) {
        Clipboard::Takes => Area::Terminal.fine("clipboard", "takes what is copied (OSC 52)"),
        Clipboard::Depends(on) => Area::Terminal.off("clipboard", "may take what is copied", on),
        Clipboard::Refuses(why) => Area::Terminal.off("clipboard", why, says),
    }
}

fn downloads(seen: &Seen<'_>) -> Finding {
    let found = match (seen.not_asked, download::way(seen.probe)) {
        (Some(_), _) => "the terminal was not asked".to_owned(),
        (_, Ok(Way::Kitty)) => "through kitty's file transfer, which asks you first".to_owned(),
        (_, Ok(Way::Parts)) => "through the terminal, as iTerm2 takes files".to_owned(),
        (_, Ok(Way::Whole)) => "through the terminal, each file in one piece".to_owned(),
        (_, Err(why)) => format!("a line of scp is copied instead. {why}"),
    };
    Area::Terminal.fine("downloads", found)
}

/// In which way is told that something is done, who says so, and how to change it.
fn notices(seen: &Seen<'_>, settings: Notify) -> Finding {
    let way = match notify::way(settings, seen.probe) {
        None => return Area::Terminal.fine("notices", "off: done under [notify] says so"),
        Some(Notice::Bell) => "its bell",
        Some(Notice::Osc9) => "OSC 9",
        Some(Notice::Osc777) => "OSC 777",
        Some(Notice::Osc99) => "OSC 99",
    };
    let why = match (settings.done, seen.not_asked, notify::known_way(seen.probe)) {
        (Done::By(_), ..) => "done under [notify] says so",
        (_, Some(_), _) => "the terminal was not asked",
        (.., Some(_)) => "the terminal is known to show it",
        (.., None) => "the terminal is not known to have more",
    };
    let tmux = if seen.probe.is_tmux() { ", which tmux says with focus-events on" } else { "" };
    let found = format!(
        "by {way} while the window has no focus{tmux}: {why}; done under [notify] changes it or \
         turns it off"
    );
    Area::Terminal.fine("notices", found)
}

/// Whether a bar shows how far it is, who says so, and how to change it.
fn bar(seen: &Seen<'_>, settings: Notify) -> Finding {
    let is_shown = notify::shows_bar(settings, seen.probe);
    let state = if is_shown { "on (OSC 9;4)" } else { "off" };
    let why = match (settings.progress, seen.not_asked) {
        (Some(_), _) => "progress under [notify] says so",
        (None, Some(_)) => "the terminal was not asked; progress under [notify] decides it",
        (None, None) if is_shown => {
            "the terminal is known to have one; progress under [notify] turns it off"
        }
        (None, None) => {
            "the terminal is not known to have one; progress = \"on\" under [notify] tries it"
        }
    };
    Area::Terminal.fine("progress bar", format!("{state}: {why}"))
}

fn overrides(seen: &Seen<'_>) -> &'static str {
    match (seen.overrides.protocol.is_some(), seen.overrides.cell.is_some()) {
        (true, true) => "protocol and cell_size of [graphics]",
        (true, false) => "protocol of [graphics]",
        (false, true) => "cell_size of [graphics]",
        (false, false) => "none",
    }
}
