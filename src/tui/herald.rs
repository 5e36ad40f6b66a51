//! Telling a user who looks elsewhere: a bar for how far it is, a notice when it is done.
//!
//! Owns whether the window has focus, and what was told. Promises that a notice comes only
//! while the window has none, and one for what ends within a moment; that what is said of a
//! prompt is what the settings allow; and that the bar goes with the studio, however it goes.
//! A terminal that does not say where the focus is counts as looked at. Must never decide how
//! far anything is.

use std::time::{Duration, Instant};

use super::terminal::Screen;
use crate::app::queue::Ended;
use crate::domain::{Bar, Done, Notify, Text};
use crate::graphics::notify;
use crate::graphics::probe::Probe;

/// What ends within this time is told together.
const TOGETHER: Duration = Duration::from_secs(1);
/// While anything is still under way, there is no other notice within this time.
const QUIET: Duration = Duration::from_secs(30);
/// A bar is shown anew after this time: Ghostty takes any away after 15 s (its page of `ConEmu`'s
/// codes); of no other terminal with one is that known. Nobody is woken for it: a bar that does
/// not move, since the user has paused all, may go, and comes back with whatever happens next.
const STALE: Duration = Duration::from_secs(10);
/// Characters of a prompt in a notice.
const PROMPT: usize = 60;

/// What was told, and what is to be.
pub(super) struct Herald {
    settings: Notify,
    is_looked_at: bool,
    /// What has ended since the window has no focus.
    over: Vec<Ended>,
    /// When that is told, at the latest.
    due: Option<Instant>,
    told: Option<Instant>,
    /// The bar that is shown, and since when.
    bar: Option<(Bar, Instant)>,
    /// How often the screen was taken back.
    regained: u32,
}

impl Herald {
    pub(super) const fn new(settings: Notify) -> Self {
        Self {
            settings,
            is_looked_at: true,
            over: Vec::new(),
            due: None,
            told: None,
            bar: None,
            regained: 0,
        }
    }

    /// From now on it is told as these say.
    pub(super) fn configure(&mut self, settings: Notify) {
        self.settings = settings;
        if settings.done == Done::Off {
            self.over.clear();
            self.due = None;
        }
    }

    /// The window has the focus, or has it no longer.
    pub(super) fn focus(&mut self, focused: bool) {
        self.is_looked_at = focused;
        if focused {
            self.over.clear();
            self.due = None;
        }
    }

    /// These have ended.
    pub(super) fn note(&mut self, over: Vec<Ended>, now: Instant) {
        if self.is_looked_at || self.settings.done == Done::Off {
            return;
        }
        self.over.extend(over);
        let quiet = self.told.map(|told| told + QUIET).into_iter();
        self.due = quiet.chain([now + TOGETHER]).max();
    }

    /// When something is to be told though nothing happens.
    pub(super) const fn wakes_at(&self) -> Option<Instant> {
        self.due
    }

    /// Shows how far it is, if anything is under way, and says what is due.
    pub(super) fn tell(
        &mut self,
        screen: &mut Screen,
        bar: Option<Bar>,
        probe: &Probe,
        now: Instant,
    ) {
        if self.regained != screen.regained() {
            // Another program had the terminal: nothing is on it, and somebody looks at it.
            (self.regained, self.bar) = (screen.regained(), None);
            self.focus(true);
        }
        self.show(screen, bar, probe, now);
        let is_due = self.due.is_some_and(|due| due <= now);
        if self.over.is_empty() || !is_due && bar.is_some() {
            return;
        }
        let Some(way) = notify::way(self.settings, probe) else { return };
        let what = words(&self.over, self.settings.prompt);
        screen.send(&notify::notice(way, &what, probe));
        (self.told, self.due) = (Some(now), None);
        self.over.clear();
    }

    fn show(&mut self, screen: &mut Screen, bar: Option<Bar>, probe: &Probe, now: Instant) {
        let bar = bar.filter(|_| notify::shows_bar(self.settings, probe));
        let is_shown = match (self.bar, bar) {
            (None, None) => true,
            (Some((shown, since)), Some(bar)) => shown == bar && now < since + STALE,
            _ => false,
        };
        if is_shown {
            return;
        }
        let end = notify::bar(None, probe);
        match bar {
            Some(_) => screen.show_bar(&notify::bar(bar, probe), end),
            None => screen.show_bar(&end, Vec::new()),
        }
        self.bar = bar.map(|bar| (bar, now));
    }
}

/// What is said of what has ended.
fn words(over: &[Ended], with_prompt: bool) -> Text {
    let pictures: usize = over.iter().map(|it| it.pictures).sum();
    let failed = over.iter().filter(|it| it.failed).count();
    let done = match pictures {
        0 => None,
        1 => Some("1 picture is done".to_owned()),
        pictures => Some(format!("{pictures} pictures are done")),
    };
    let failed = match failed {
        0 => None,
        1 => Some("1 request failed".to_owned()),
        failed => Some(format!("{failed} requests failed")),
    };
    let said: Vec<String> = done.into_iter().chain(failed).collect();
    let said = if said.is_empty() { "Done".to_owned() } else { said.join(", ") };
    match over {
        [only] if with_prompt => {
            let prompt = Text::capped(only.prompt.trim(), PROMPT);
            Text::new(&format!("{said}: {}", prompt.as_str()))
        }
        _ => Text::new(&format!("{said}.")),
    }
}
