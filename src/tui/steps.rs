//! What the loop does with the terminal between two frames.
//!
//! Promises that the screen is touched only while the studio has it. Must never fold
//! anything into the state: what happened is given back as an event.

use std::time::Instant;

use super::Studio;
use super::doctor::whole;
use super::editor::Edited;
use super::frame::show;
use crate::app::{Effect, Event, queue};
use crate::config::Settings;
use crate::config::error::ConfigError;
use crate::domain::Finding;

impl Studio {
    /// Shows what is new, and of pictures and downloads what the line takes.
    pub(super) fn show(&mut self, news: bool) {
        let Some(screen) = self.stage.screen() else { return };
        let (settings, pictures) = (self.configuration.settings(), &mut self.pictures);
        if !self.away.holds_screen() && (news || pictures.send(screen)) {
            show(screen, settings, &mut self.state, pictures, &mut self.scene);
        }
        self.away.send(screen, &mut self.pictures.courier);
        if !self.away.holds_screen() {
            let bar = queue::bar(&self.state);
            self.herald.tell(screen, bar, self.probing.probe(), Instant::now());
        }
    }

    /// Does what is wanted of the terminal here and has everything else done; says whether
    /// that is to quit.
    pub(super) fn carry_out(&mut self, effect: Effect) -> bool {
        let pictures = &mut self.pictures;
        match (effect, self.stage.screen()) {
            (Effect::Quit, _) => return true,
            (Effect::Redraw, Some(screen)) => {
                pictures.clear(screen);
                let _ = screen.forget();
            }
            (Effect::Suspend, Some(screen)) => {
                let _ = screen.suspend();
                pictures.forget();
            }
            (Effect::StopDownload, Some(screen)) => {
                self.away.stop(screen, &mut pictures.courier);
            }
            (Effect::Announce(over), _) => self.herald.note(over, Instant::now()),
            (Effect::EditPrompt(prompt), _) => self.stage.lend(prompt, &self.environment),
            (effect, _) => self.executor.perform(effect),
        }
        false
    }

    /// Finds the terminal again after a shell had it, or as it is when its size has changed.
    pub(super) fn adapt(&mut self, continued: bool, resized: bool) {
        let Some(screen) = self.stage.screen() else { return };
        if continued {
            let _ = screen.regain();
            self.pictures.forget();
            // It may have been attached to another one.
            self.probing.ask(screen, Instant::now());
        } else if resized {
            self.probing.ask_size(screen, Instant::now());
        }
    }

    /// Takes the terminal back from the editor; gives what came of it.
    pub(super) fn take_back(&mut self, edited: Edited) -> Vec<Event> {
        let events = self.stage.take_back(edited).collect();
        self.pictures.forget();
        if let Some(screen) = self.stage.screen() {
            self.probing.ask_background(screen, Instant::now());
            self.probing.catch_up(screen);
        }
        events
    }

    /// Ends what is on its way to the terminal, before another program has it.
    pub(super) async fn say_farewell(&mut self) {
        let Some(screen) = self.stage.screen() else { return };
        self.away.stop(screen, &mut self.pictures.courier);
        let meanwhile =
            self.probing.take_last(&mut self.arrivals, screen, &mut self.pictures).await;
        meanwhile.into_iter().map(|message| self.inbox.send(message)).for_each(drop);
    }

    /// What is in effect, with what was found beside the terminal.
    pub(super) fn examined(&self, beside: Vec<Finding>) -> Event {
        let settings = self.configuration.settings();
        let (display, _) = (self.terminal)(settings, &self.environment);
        whole(beside, &self.probing, display, settings, &self.environment)
    }

    /// Takes the configuration that was read again; one that is wrong leaves the one before
    /// in force.
    pub(super) fn reconfigure(&mut self, read: Result<Box<Settings>, ConfigError>) -> Event {
        let settings = match read {
            Ok(settings) => *settings,
            Err(error) => {
                return Event::Configured(Err(error.told("What was in force before still is.")));
            }
        };
        let later = self.configuration.settings().after_a_restart(&settings);
        let (display, overrides) = (self.terminal)(&settings, &self.environment);
        self.configuration.replace(settings, display.depth);
        let settings = self.configuration.settings();
        self.pictures.show_in(display);
        self.probing.override_by(overrides, self.stage.screen());
        self.executor.configure(settings.clone());
        self.away.configure(settings, &self.environment);
        self.herald.configure(settings.notify);
        Event::Configured(Ok(later))
    }
}
