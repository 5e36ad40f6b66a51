//! The studio on a terminal: one loop in which everything meets.
//!
//! Owns the order of things: what happened is drained and folded in, what it implies is
//! handed out, and then one frame is drawn. Promises that a key never waits for a
//! picture, a query or the network, and that an idle studio sleeps. Must never change
//! the state but through [`crate::app::update`].

mod attention;
mod away;
mod configuration;
mod courier;
mod doctor;
mod downloads;
mod editor;
mod effects;
mod files;
mod frame;
mod front;
mod herald;
mod input;
mod keyboard;
mod looking;
mod message;
mod opening;
mod outside;
mod pictures;
mod probing;
mod records;
mod rereading;
mod rest;
mod stage;
mod steps;
mod terminal;
mod watch;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use crate::app::{Effect, Event, State, update, update_all};
use crate::config::Settings;
use crate::config::environment::Environment;
use crate::config::paths::Paths;
use crate::domain::{Failure, FailureKind};
use crate::engine;
use crate::graphics::Display;
use crate::graphics::probe::Overrides;
use crate::ui::Scene;
use away::Away;
use configuration::Configuration;
use effects::Executor;
use front::Front;
use herald::Herald;
use keyboard::Keyboard;
use message::{Arrived, Message};
pub use opening::has_terminal;
use opening::{Opening, held, opened};
use pictures::Pictures;
use probing::Probing;
use records::Records;
use rest::{pause, wakes_at};
use stage::Stage;

/// How long a thread that loads pictures waits for the next one.
const KEEP_ALIVE: Duration = Duration::from_secs(1);
/// How long keys wait for the draft of the last time.
const MOMENT: Duration = Duration::from_secs(1);

/// What the studio needs to know of its surroundings.
pub struct Surroundings {
    /// The configuration in force.
    pub settings: Settings,
    /// What was wrong with the user's configuration, so that the defaults are in force.
    pub trouble: Option<Failure>,
    /// Where everything is.
    pub paths: Paths,
    /// The environment, for keys.
    pub environment: Environment,
    /// The working directory, for a `.env` in it.
    pub cwd: PathBuf,
    /// What the terminal can show.
    pub terminal: Wishes,
}

/// What the terminal can show by these settings in this environment, and what the user wants
/// of it, whatever it says.
pub type Wishes = fn(&Settings, &Environment) -> (Display, Overrides);

/// Opens the studio and runs it until the user leaves it. The log is begun when the first
/// frame is there, and its guard kept until the end.
///
/// # Errors
/// Only while starting: no runtime, no history.
pub fn run<Guard>(surroundings: Surroundings, log: impl FnOnce() -> Guard) -> Result<(), Failure> {
    terminal::guard_against_panics();
    let front = Front::show(surroundings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_keep_alive(KEEP_ALIVE)
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::before_sending(
                FailureKind::Internal,
                format!("No thread could be started: {error}."),
                "Close other programs of yours; `ulimit -u` says how many may run.",
            )
        })?;
    let ended = runtime.block_on(studio(front, log));
    // A store or a decoder at work must not keep the user from the shell.
    runtime.shutdown_background();
    ended
}

/// Everything that meets in the loop.
struct Studio {
    configuration: Configuration,
    state: State,
    scene: Scene,
    stage: Stage,
    pictures: Pictures,
    probing: Probing,
    away: Away,
    herald: Herald,
    executor: Executor,
    environment: Environment,
    terminal: Wishes,
    arrivals: UnboundedReceiver<Message>,
    inbox: UnboundedSender<Message>,
}

async fn studio<Guard>(front: Front, log: impl FnOnce() -> Guard) -> Result<(), Failure> {
    let mut guard = None;
    match Studio::open(front, || guard = Some(log())).await {
        // It is kept where it is: a future is moved, and this one is large.
        Ok(studio) => Box::pin(studio.run()).await,
        Err(ended) => ended,
    }
}

impl Studio {
    /// Has the history opened behind the first frame; when that is under way, `shown` is
    /// called.
    ///
    /// # Errors
    /// How it ended, when it did meanwhile.
    async fn open(front: Front, shown: impl FnOnce()) -> Result<Self, Result<(), Failure>> {
        let Front { mut screen, scene, mut state, mut first, pictures, configuration, .. } = front;
        let Front { seen, model, trouble, paths, environment, cwd, terminal, .. } = front;
        let Front { overrides, early, inbox, mut arrivals, .. } = front;
        let settings = configuration.settings();
        watch::for_signals(&early, &inbox).map_err(Err)?;
        let records = Records::new(Opening::begin(paths.dir.clone()), inbox.clone());
        shown();
        let probing = Probing::begin(overrides, &mut screen);
        // No key is read before the draft is in the form, one that is pressed waits in the
        // terminal: but not for a history that another program holds.
        let mut early = Vec::new();
        match tokio::time::timeout(MOMENT, opened(&mut arrivals, &mut early)).await {
            Ok(Ok(draft)) => (state, first) = State::new(&model, draft.as_ref()),
            Ok(Err(ended)) => return Err(ended),
            Err(_) => drop(update(settings, &mut state, Event::Failed(held(&paths)))),
        }
        early.into_iter().map(|message| inbox.send(message)).for_each(drop);
        rereading::begin(seen, paths.clone(), environment.clone(), inbox.clone());
        let executor = Executor::new(
            settings.clone(),
            &paths,
            environment.clone(),
            cwd,
            records,
            inbox.clone(),
        );
        executor.begin(first);
        if let Some(failure) = trouble {
            update(settings, &mut state, Event::Failed(failure));
        }
        let keyboard = Keyboard::listen(inbox.clone()).map_err(Err)?;
        let stage = Stage::new(screen, keyboard, inbox.clone());
        let away = Away::new(settings, &environment, inbox.clone());
        let herald = Herald::new(settings.notify);
        Ok(Self {
            configuration,
            state,
            scene,
            stage,
            pictures,
            probing,
            away,
            herald,
            executor,
            environment,
            terminal,
            arrivals,
            inbox,
        })
    }

    /// Runs until the user leaves.
    ///
    /// # Errors
    /// When there is no history.
    async fn run(mut self) -> Result<(), Failure> {
        let mut news = true;
        loop {
            let is_held = self.away.holds_screen();
            self.show(news);
            let mut arrived = self.wait().await;
            if let Some(screen) = self.stage.screen() {
                news = self.probing.take(&arrived.answers, screen, &mut self.pictures);
                news |= self.configuration.sees(self.probing.probe().background());
            }
            let (errands, line) = (arrived.errands, &mut self.pictures.courier);
            let (answers, screen) = (&arrived.answers, self.stage.screen());
            let done = self.away.work(errands, answers, screen, &self.probing, line);
            news |= is_held || arrived.news || self.pictures.owes_frame() || !done.is_empty();
            arrived.focus.into_iter().for_each(|focused| self.herald.focus(focused));
            if let Some(edited) = arrived.edited {
                let events = self.take_back(edited);
                arrived.events.extend(events);
            }
            if let Some(read) = arrived.configured {
                arrived.events.push(self.reconfigure(read));
            }
            if let Some(beside) = arrived.examined {
                arrived.events.push(self.examined(beside));
            }
            let mut quit = arrived.quit;
            if self.stage.screen().is_some() {
                quit |= arrived.interrupted && self.stage.is_settled();
                self.adapt(arrived.continued, arrived.resized);
            }
            let now = Event::Tick(engine::now());
            let events = arrived.events.into_iter().chain(done).chain([now]);
            let effects = update_all(self.configuration.settings(), &mut self.state, events);
            if let Some(screen) = self.stage.screen() {
                screen.set_mouse(self.state.arrangement.mouse(self.configuration.settings()));
            }
            if quit || effects.iter().any(Effect::is_farewell) {
                self.say_farewell().await;
            }
            for effect in effects {
                quit |= self.carry_out(effect);
            }
            if let Some(failure) = arrived.lost {
                return Err(failure);
            }
            if self.stage.leaves(quit) {
                self.executor.perform(Effect::SaveDraft(self.state.draft()));
                self.executor.finish();
                return Ok(());
            }
        }
    }

    /// Waits until something happens or time has come for something.
    async fn wait(&mut self) -> Arrived {
        let Self { pictures, probing, herald, stage, scene, .. } = self;
        let now = Instant::now();
        stage.expect(pictures.courier.owed() + probing.owed(now) + self.away.owed());
        let wakes_at = wakes_at(&self.away, pictures, probing, herald, stage.screen().is_some());
        let mut arrived = Arrived::default();
        tokio::select! {
            biased;
            Some(message) = self.arrivals.recv() => arrived.take(message, scene, pictures),
            () = pause(self.state.moves(), wakes_at) => {
                arrived.news = true;
                pictures.wake();
            }
        }
        arrived.take_waiting(&mut self.arrivals, scene, pictures);
        self.away.free_screen(stage.screen().filter(|_| arrived.touched), &mut pictures.courier);
        // From here on questions go out, and one may be answered before it is counted.
        stage.expect(1);
        arrived
    }
}
