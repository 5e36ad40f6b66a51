//! What is in effect on the terminal, for the doctor of the studio.
//!
//! Promises that nothing is asked for it: the studio knows what the terminal has answered.

use std::io;

use super::probing::Probing;
use crate::app::Event;
use crate::config::Settings;
use crate::config::environment::Environment;
use crate::domain::Finding;
use crate::graphics::{self, Display, Seen};

/// What is in effect, with what was found beside the terminal.
pub(super) fn whole(
    beside: Vec<Finding>,
    probing: &Probing,
    display: Display,
    settings: &Settings,
    environment: &Environment,
) -> Event {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok();
    let probe = probing.probe();
    let mut findings = graphics::examine(&Seen {
        probe,
        not_asked: None,
        overrides: probing.overrides(),
        display,
        measured: size.is_some_and(|size| size.ws_xpixel > 0),
        cells: size.map(|size| (size.ws_col, size.ws_row)),
        notify: Some(settings.notify),
        variable: &|name| environment.get(name).map(str::to_owned),
    });
    findings.extend(beside);
    Event::Examined(findings)
}
