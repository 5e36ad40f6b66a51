//! Errands: what the user takes away, by the terminal or by another program.
//!
//! Owns the way from what is wanted to bytes for the terminal. Promises that nothing here
//! keeps a key waiting. Must never decide what is meant by a key, nor change the state.

use tokio::sync::mpsc::UnboundedSender;

use super::probing::Probing;
use super::terminal::Screen;
use super::{Message, outside};
use crate::app::Event;
use crate::app::away::{News, Task};
use crate::config::Settings;
use crate::config::environment::Environment;
use crate::domain::{Extract, Failure, FailureKind, Generation};
use crate::face::extracts::{Here, extract, pictures};
use crate::graphics::clipboard::{Clipboard, MOST, clipboard, copy};

/// An errand, with all that it is about.
pub(super) struct Found {
    pub(super) task: Task,
    pub(super) of: Vec<Generation>,
    pub(super) index: Option<usize>,
}

/// Whoever does errands.
pub(super) struct Away {
    settings: Settings,
    environment: Environment,
    here: Here,
    /// Errands that wait for the screen.
    waiting: Vec<Found>,
    inbox: UnboundedSender<Message>,
}

impl Away {
    pub(super) fn new(
        settings: &Settings,
        environment: &Environment,
        inbox: UnboundedSender<Message>,
    ) -> Self {
        Self {
            settings: settings.clone(),
            environment: environment.clone(),
            here: Here::of(settings, environment),
            waiting: Vec::new(),
            inbox,
        }
    }

    /// Does errands as soon as there is a screen; gives what came of them.
    pub(super) fn work(
        &mut self,
        found: Vec<Found>,
        screen: Option<&mut Screen>,
        probing: &Probing,
    ) -> Vec<Event> {
        self.waiting.extend(found);
        let Some(screen) = screen else { return Vec::new() };
        let mut events = Vec::new();
        for found in std::mem::take(&mut self.waiting) {
            let done = match found.task {
                Task::Copy(what) => self.copy(what, &found, screen, probing).map(Some),
                Task::Download => self.copy(Extract::Scp, &found, screen, probing).map(Some),
                Task::Open => self.open(&found).map(|()| None),
            };
            events.extend(
                done.map_or_else(
                    |failure| Some(Event::Failed(failure)),
                    |news| news.map(Event::Away),
                ),
            );
        }
        events
    }

    fn copy(
        &self,
        what: Extract,
        found: &Found,
        screen: &mut Screen,
        probing: &Probing,
    ) -> Result<News, Failure> {
        let text = extract(what, &found.of, found.index, &self.here, &self.settings)?;
        let count = match what {
            Extract::Path => text.lines().count(),
            _ => found.of.len(),
        };
        let refused =
            |what: String, hint| Err(Failure::before_sending(FailureKind::Terminal, what, hint));
        if text.len() > MOST {
            let what =
                format!("Not copied: it has {} bytes, and terminals take {MOST}.", text.len());
            return refused(what, "Mark fewer, or copy the path and fetch the file.");
        }
        let remark = match clipboard(probing.probe(), self.environment.get("TERM_PROGRAM")) {
            Clipboard::Takes => None,
            Clipboard::Depends(remark) => Some(remark),
            Clipboard::Refuses(why) => {
                let hint = "Select it with the mouse ([studio] mouse = false lets you).";
                return refused(format!("Not copied: {why}"), hint);
            }
        };
        screen.send(&copy(&text, probing.probe()));
        Ok(News::Copied { what, count, characters: text.chars().count(), remark })
    }

    fn open(&self, found: &Found) -> Result<(), Failure> {
        let image = pictures(&found.of, found.index)?[0];
        let words = outside::program(self.settings.away.open.as_ref(), &self.environment)?;
        outside::open(&words, image.path.clone(), &self.environment, self.inbox.clone());
        Ok(())
    }
}
