//! The configuration in force, as the studio wears it on this terminal.
//!
//! Owns the one value of the settings that frames and keys go by. Promises that the theme
//! is that for what is behind the letters, as far as anybody says, and stays while nobody
//! does. Must never read a file.

use crate::config::Settings;
use crate::config::environment::Environment;
use crate::domain::Background;
use crate::graphics::ColorDepth;

/// The configuration in force.
pub(super) struct Configuration {
    settings: Settings,
    background: Background,
    depth: ColorDepth,
}

impl Configuration {
    /// `settings` on a terminal of so many colours. What is behind its letters is guessed by
    /// the environment until it says so itself.
    pub(super) fn new(settings: Settings, depth: ColorDepth, environment: &Environment) -> Self {
        let said = environment.get("COLORFGBG").and_then(Background::of_colorfgbg);
        let mut configuration = Self { settings, background: said.unwrap_or_default(), depth };
        configuration.dress();
        configuration
    }

    /// What frames and keys go by.
    pub(super) const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Takes the theme for what the terminal says is behind its letters; says whether that
    /// is another one.
    pub(super) fn sees(&mut self, background: Option<Background>) -> bool {
        match background {
            Some(background) if background != self.background => {
                self.background = background;
                self.dress();
                self.settings.themes.follows()
            }
            _ => false,
        }
    }

    /// Takes other settings, for so many colours.
    pub(super) fn replace(&mut self, settings: Settings, depth: ColorDepth) {
        (self.settings, self.depth) = (settings, depth);
        self.dress();
    }

    fn dress(&mut self) {
        let sixteen = matches!(self.depth, ColorDepth::Ansi16 | ColorDepth::None);
        self.settings.dress(self.background, sixteen);
    }
}
