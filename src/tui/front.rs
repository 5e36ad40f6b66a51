//! The first frame, before anything else is begun.
//!
//! Owns what a start does until there is something to see. Promises that it needs no other
//! thread and no file but the configuration: on a machine that is busy, whatever runs beside
//! it would be waited for. Must never wait.

use std::path::PathBuf;

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use super::configuration::Configuration;
use super::frame::show;
use super::message::Message;
use super::pictures::Pictures;
use super::rereading::Fingerprint;
use super::terminal::Screen;
use super::watch::Early;
use super::{Surroundings, Wishes};
use crate::app::{Effect, State};
use crate::config::environment::Environment;
use crate::config::paths::Paths;
use crate::config::secrets;
use crate::domain::{Failure, ModelId};
use crate::graphics::probe::Overrides;
use crate::ui::Scene;

/// A screen with a frame on it, and what the studio is made of from there on.
pub(super) struct Front {
    pub(super) screen: Screen,
    pub(super) scene: Scene,
    pub(super) state: State,
    /// What the state wants to be done first.
    pub(super) first: Vec<Effect>,
    pub(super) pictures: Pictures,
    pub(super) configuration: Configuration,
    /// The configuration file as it was when it was read.
    pub(super) seen: Fingerprint,
    /// The model that a new form begins with.
    pub(super) model: ModelId,
    pub(super) trouble: Option<Failure>,
    pub(super) paths: Paths,
    pub(super) environment: Environment,
    pub(super) cwd: PathBuf,
    pub(super) terminal: Wishes,
    pub(super) overrides: Overrides,
    pub(super) early: Early,
    pub(super) inbox: UnboundedSender<Message>,
    pub(super) arrivals: UnboundedReceiver<Message>,
}

impl Front {
    /// Takes the terminal, and shows the form on it.
    ///
    /// # Errors
    /// When there is no terminal that could be taken.
    pub(super) fn show(with: Surroundings) -> Result<Self, Failure> {
        let Surroundings { settings, trouble, paths, environment, cwd, terminal } = with;
        let (inbox, arrivals) = mpsc::unbounded_channel();
        let seen = Fingerprint::of(&paths.config_file);
        let present = secrets::present(&settings, &environment, &cwd);
        let model = settings.start_model(&present);
        let (display, overrides) = terminal(&settings, &environment);
        let configuration = Configuration::new(settings, display.depth, &environment);
        let settings = configuration.settings();
        let mut pictures = Pictures::new(&paths, display, inbox.clone());
        let early = Early::note()?;
        let mut screen = Screen::take(settings.studio.mouse)?;
        let mut scene = Scene::default();
        let (mut state, first) = State::new(&model, None);
        show(&mut screen, settings, &mut state, &mut pictures, &mut scene);
        Ok(Self {
            screen,
            scene,
            state,
            first,
            pictures,
            configuration,
            seen,
            model,
            trouble,
            paths,
            environment,
            cwd,
            terminal,
            overrides,
            early,
            inbox,
            arrivals,
        })
    }
}
