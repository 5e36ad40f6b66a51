//! What `doctor` says of the terminal: what it is, how pictures travel to it, and why.

use std::io::{self, IsTerminal};

use super::{Finding, fine, off};
use crate::cli::Surroundings;
use crate::cli::asking::{self, Asked};
use crate::domain::Background;
use crate::graphics::ColorDepth;
use crate::graphics::drivers::Protocol;
use crate::graphics::probe::{CellSource, PASSTHROUGH};

/// What is in effect on the terminal, which is asked if there is one.
pub(super) fn findings(surroundings: &Surroundings) -> Vec<Finding> {
    let variable = |name| surroundings.environment.get(name).unwrap_or("not set").to_owned();
    let mut findings = vec![fine("TERM", variable("TERM"))];
    let size = size();
    findings.push(match size {
        Some((columns, rows)) => fine("terminal", format!("{columns} × {rows} cells")),
        None => fine("terminal", "standard output is no terminal"),
    });
    let depth = match surroundings.display.depth {
        ColorDepth::True => "all of them",
        ColorDepth::Indexed256 => "256",
        ColorDepth::Ansi16 => "16",
        ColorDepth::None => "none",
    };
    let why =
        format!("{depth} (COLORTERM {}, NO_COLOR {})", variable("COLORTERM"), variable("NO_COLOR"));
    findings.push(match surroundings.display.depth {
        ColorDepth::True => fine("colours", why),
        _ => off(
            "colours",
            why,
            "set COLORTERM=truecolor where the terminal has it, or graphics.colors",
        ),
    });
    let asked = asking::ask(surroundings.overrides);
    findings.push(name(&asked));
    findings.push(fine("background", background(surroundings, &asked)));
    findings.push(pictures(surroundings, &asked, size));
    findings.push(cell(surroundings, &asked, size));
    findings.push(fine("multiplexer", multiplexer(surroundings, &asked)));
    findings.extend(asked.probe.is_tmux().then(|| passthrough(&asked)));
    findings.push(fine("overrides", overrides(surroundings)));
    findings
}

/// Columns and rows of standard output, if it is a terminal.
fn size() -> Option<(u16, u16)> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    io::stdout().is_terminal().then_some((size.ws_col, size.ws_row))
}

/// Whether the system knows how many pixels the terminal has.
fn is_measured() -> bool {
    rustix::termios::tcgetwinsize(io::stdout()).is_ok_and(|size| size.ws_xpixel > 0)
}

fn name(asked: &Asked) -> Finding {
    let name = match (&asked.not_asked, asked.probe.around(), asked.probe.name()) {
        (Some(why), ..) => format!("not asked: {why}"),
        (None, Some(around), Some(name)) => format!("{around}, around {name}"),
        (None, None, Some(name)) => name.to_owned(),
        (None, _, None) => "it does not say".to_owned(),
    };
    fine("name", name)
}

/// What is behind letters, by which the theme is chosen, and who says so.
fn background(surroundings: &Surroundings, asked: &Asked) -> String {
    let variable = surroundings.environment.get("COLORFGBG");
    match (
        asked.probe.background(),
        asked.probe.color(),
        variable.and_then(Background::of_colorfgbg),
    ) {
        (Some(background), Some([red, green, blue]), _) => {
            format!("{}, #{red:02x}{green:02x}{blue:02x}, the terminal says so", background.name())
        }
        (.., Some(background)) => format!("{}, COLORFGBG says so", background.name()),
        _ => format!("{}, assumed: nobody says it", Background::default().name()),
    }
}

fn pictures(surroundings: &Surroundings, asked: &Asked, size: Option<(u16, u16)>) -> Finding {
    let conclusion = asked.probe.conclusion(size.unwrap_or_default());
    let way = match conclusion.protocol {
        Some(Protocol::Kitty) => "the protocol of kitty",
        Some(Protocol::Iterm) => "inline images as iTerm2 has them",
        Some(Protocol::WezTerm) => "inline images as WezTerm has them",
        Some(Protocol::Sixel) => "sixel",
        None => "half blocks",
    };
    let why = match &asked.not_asked {
        Some(_) if surroundings.overrides.protocol.is_none() => "The terminal was not asked.",
        _ => &conclusion.why,
    };
    let beside = match conclusion.protocol {
        Some(_) if conclusion.tmux => " Commands print half blocks.",
        _ => "",
    };
    fine("pictures", format!("{way}. {why}{beside}"))
}

fn cell(surroundings: &Surroundings, asked: &Asked, size: Option<(u16, u16)>) -> Finding {
    let (cell, source) = match asked.probe.cell(size.unwrap_or_default()) {
        Some((cell, CellSource::Configured)) => (cell, "the configuration says so"),
        Some((cell, CellSource::Cell)) => (cell, "the terminal says so"),
        Some((cell, CellSource::Area)) => (cell, "by the size of the terminal's text area"),
        None if is_measured() => (surroundings.display.cell, "the system says so"),
        None => (surroundings.display.cell, "assumed: nobody says it"),
    };
    fine("cell size", format!("{} × {} pixels, {source}", cell.width(), cell.height()))
}

/// What the terminal says of itself, or this machine's environment of the program.
fn multiplexer(surroundings: &Surroundings, asked: &Asked) -> String {
    let is_one = |name: &&str| {
        let name = name.to_lowercase();
        ["tmux", "gnu screen", "zellij"].iter().any(|one| name.starts_with(one))
    };
    if let Some(name) = asked.probe.name().filter(is_one) {
        return name.to_owned();
    }
    let is_set = |name: &str| surroundings.environment.get(name).is_some();
    let known = [("TMUX", "tmux"), ("STY", "screen"), ("ZELLIJ", "zellij")];
    let one = known.into_iter().find(|(variable, _)| is_set(variable));
    one.map_or("none", |(_, name)| name).to_owned()
}

fn passthrough(asked: &Asked) -> Finding {
    match asked.probe.around() {
        Some(around) => fine("passthrough", format!("on: {around} is asked through tmux")),
        None => off("passthrough", "off: tmux passes nothing on", PASSTHROUGH),
    }
}

fn overrides(surroundings: &Surroundings) -> &'static str {
    let overrides = surroundings.overrides;
    match (overrides.protocol.is_some(), overrides.cell.is_some()) {
        (true, true) => "protocol and cell_size of [graphics]",
        (true, false) => "protocol of [graphics]",
        (false, true) => "cell_size of [graphics]",
        (false, false) => "none",
    }
}
