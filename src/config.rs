//! Settings: the compiled-in `config.example.toml`, the user's file over it, the
//! environment over that, flags over all.
//!
//! Owns the shape and the reading of the configuration, the keymap, the theme, the
//! model catalogue and the finding of keys. Promises that a wrong value is refused
//! with its file, its line and the nearest known key. Must never write a file that
//! the user did not ask for, and never show a key.

mod away;
pub mod chord;
mod defaults;
mod dotenv;
pub mod environment;
pub mod error;
pub mod key_command;
pub mod keymap;
mod load;
pub mod models;
mod notify;
pub mod paths;
mod prices;
pub mod secrets;
mod section;
mod starter;
pub mod theme;
mod themes;
mod tree;
pub mod wildcards;

use std::collections::BTreeMap;

use secrecy::SecretString;
use url::Url;

use crate::domain::{Background, Budget, ModelId, Notify};
pub use away::Away;
use keymap::Keymap;
use models::Catalogue;
use secrets::Present;
pub use starter::starter;
use theme::Theme;
pub use themes::{Glyphs, Themes};

/// The default configuration, as a file the user can read and copy.
pub const EXAMPLE: &str = include_str!("../config.example.toml");

/// The variable that says where Langbase is.
const LANGBASE_URL: &str = "PENTIMENTO_LANGBASE_URL";

/// Everything that can be set. Flags are laid over it by setting its fields.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What keys mean.
    pub keys: Keymap,
    /// What roles look like on this terminal.
    pub theme: Theme,
    /// What they look like on which terminal.
    pub themes: Themes,
    /// What letters, frames and signs may be made of.
    pub glyphs: Glyphs,
    /// The studio.
    pub studio: Studio,
    /// The painter that needs no network.
    pub demo: Demo,
    /// Requests that wait.
    pub queue: Queue,
    /// How the user is told who looks elsewhere.
    pub notify: Notify,
    /// What may be spent.
    pub budget: Budget,
    /// The service every request goes through.
    pub langbase: Langbase,
    /// The providers behind it, by name.
    pub providers: BTreeMap<String, Service>,
    /// What is known of the models.
    pub models: Catalogue,
    /// How pictures are shown.
    pub graphics: Graphics,
    /// How prompts are read.
    pub prompt: Prompt,
    /// How pictures and requests get to where the user is.
    pub away: Away,
    /// What is kept.
    pub history: History,
    /// What is sent beside words.
    pub upload: Upload,
}

/// The studio.
#[derive(Clone, Debug)]
pub struct Studio {
    /// The model to begin with; `None` leaves the choice to the keys there are.
    pub model: Option<ModelId>,
    /// Whether the mouse does anything.
    pub mouse: bool,
    /// Where the panes are.
    pub layout: Layout,
    /// How many seconds a picture is shown in a slideshow.
    pub slideshow: u32,
}

/// Where the panes are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// What the screen has room for.
    Auto,
    /// Side by side.
    Wide,
    /// The form over the history, the preview beside them.
    Split,
    /// One below the other.
    Stacked,
    /// The one with the keys alone.
    Single,
}

impl Layout {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Auto, Self::Wide, Self::Split, Self::Stacked, Self::Single];

    /// Its name in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Wide => "wide",
            Self::Split => "split",
            Self::Stacked => "stacked",
            Self::Single => "single",
        }
    }
}

/// The painter that needs no network.
#[derive(Clone, Debug)]
pub struct Demo {
    /// How long it takes over a request, in seconds, 0 to 3600.
    pub moment: f64,
}

/// Requests that wait.
#[derive(Clone, Debug)]
pub struct Queue {
    /// How many jobs of one provider run at once, 1 to 64.
    pub parallel: u32,
    /// The same of those providers that have a number of their own, by name.
    pub parallel_of: BTreeMap<String, u32>,
    /// Whether what an overloaded service refused is sent again by itself, twice.
    pub retry_on_503: bool,
}

/// The service every request goes through.
#[derive(Clone, Debug)]
pub struct Langbase {
    /// Where it is: `http` or `https`, without user, query or fragment.
    pub base_url: Url,
    /// Whether that is from the environment, where others than the user may put it: keys
    /// of the configuration are not sent there.
    pub moved: bool,
    /// Its key.
    pub service: Service,
}

/// Where the key of a service is, when neither the environment nor `.env` has it.
#[derive(Clone, Debug)]
pub struct Service {
    /// The key.
    pub api_key: Option<SecretString>,
    /// A program with its arguments that prints the key; never empty.
    pub api_key_cmd: Option<Vec<String>>,
}

/// How pictures are shown.
#[derive(Clone, Debug)]
pub struct Graphics {
    /// How many colours the terminal is given.
    pub colors: Colors,
    /// In which way pictures go to the terminal.
    pub protocol: Protocol,
    /// Pixels of a character cell, width first, where the terminal's word does not count.
    pub cell_size: Option<(u16, u16)>,
}

/// In which way pictures go to the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Protocol {
    /// The best that the terminal says it knows.
    Auto,
    /// The graphics protocol of kitty.
    Kitty,
    /// The inline images of iTerm2.
    Iterm,
    /// The same as `WezTerm` has them.
    WezTerm,
    /// Sixel.
    Sixel,
    /// None: half blocks, which are text.
    Blocks,
}

/// How many colours the terminal is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Colors {
    /// As many as it says it has.
    Auto,
    /// Any.
    True,
    /// The 256 of xterm.
    Indexed,
    /// The sixteen it calls its own.
    Ansi,
    /// None: only bold and reverse.
    None,
}

/// How prompts are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Prompt {
    /// Whether one prompt can stand for many.
    pub templates: bool,
    /// The most requests that are sent at once.
    pub most: u32,
}

/// What is kept.
#[derive(Clone, Debug)]
pub struct History {
    /// How long the answers of services are kept once their pictures are, in days.
    pub keep_answers_days: u32,
}

/// What is sent beside words.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Whether a base image goes out as its file is, with the place and the camera that
    /// may be written in it.
    pub keep_metadata: bool,
}

impl Settings {
    /// Takes the theme for a terminal with this behind its letters, that has `sixteen`
    /// colours or fewer.
    pub fn dress(&mut self, background: Background, sixteen: bool) {
        self.theme = self.themes.on(background, sixteen).clone();
    }

    /// What of `new` counts only from the next start on, since the worker works by it or the
    /// form has begun with it.
    pub fn after_a_restart(&self, new: &Self) -> Vec<&'static str> {
        let mut later = Vec::new();
        let mut see = |name, differs| later.extend(Some(name).filter(|_| differs));
        see("model", self.studio.model != new.studio.model);
        see("parallel", self.queue.parallel != new.queue.parallel);
        see("retry_on_503", self.queue.retry_on_503 != new.queue.retry_on_503);
        let days = |settings: &Self| settings.history.keep_answers_days;
        see("keep_answers_days", days(self) != days(new));
        see("keep_metadata", self.upload.keep_metadata != new.upload.keep_metadata);
        later
    }

    /// The model a new form begins with.
    pub fn start_model(&self, present: &Present) -> ModelId {
        self.studio.model.clone().unwrap_or_else(|| self.models.default_model(present))
    }
}
