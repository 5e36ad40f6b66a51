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
mod frame;
mod input;
mod keyboard;
mod message;
mod opening;
mod outside;
mod pictures;
mod probing;
mod records;
mod rest;
mod stage;
mod terminal;
mod watch;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::app::{Effect, Event, State, update, update_all};
use crate::config::Settings;
use crate::config::environment::Environment;
use crate::config::paths::Paths;
use crate::config::secrets;
use crate::domain::{Failure, FailureKind};
use crate::engine;
use crate::graphics::Display;
use crate::graphics::probe::Overrides;
use crate::ui::Scene;
use away::Away;
use configuration::Configuration;
use doctor::whole;
use effects::Executor;
use frame::show;
use keyboard::Keyboard;
use message::{Arrived, Message};
pub use opening::Opening;
use opening::{held, opened};
use pictures::Pictures;
use probing::Probing;
use records::Records;
use rest::{pause, wakes_at};
use stage::Stage;
use terminal::Screen;

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
    pub display: Display,
    /// What the user wants of it, whatever it says.
    pub overrides: Overrides,
}

/// Opens the studio and runs it until the user leaves it. The log is begun when the first
/// frame is there, and its guard kept until the end.
///
/// # Errors
/// Only while starting: no runtime, no history.
pub fn run<Guard>(
    surroundings: Surroundings,
    opening: Opening,
    log: impl FnOnce() -> Guard,
) -> Result<(), Failure> {
    terminal::guard_against_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_keep_alive(KEEP_ALIVE)
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::before_sending(FailureKind::Internal, format!("No runtime: {error}."), "")
        })?;
    let ended = runtime.block_on(studio(surroundings, opening, log));
    // A store or a decoder at work must not keep the user from the shell.
    runtime.shutdown_background();
    ended
}

async fn studio<Guard>(
    surroundings: Surroundings,
    opening: Opening,
    log: impl FnOnce() -> Guard,
) -> Result<(), Failure> {
    let Surroundings { settings, trouble, paths, environment, cwd, display, overrides } =
        surroundings;
    let (inbox, mut arrivals) = mpsc::unbounded_channel();
    let present = secrets::present(&settings, &environment, &cwd);
    let model = settings.start_model(&present);
    let mut configuration = Configuration::new(settings, display.depth, &environment);
    let mut pictures = Pictures::new(&paths, display, inbox.clone());
    watch::for_signals(&inbox)?;
    let mut screen = Screen::take(configuration.settings().studio.mouse)?;
    let mut scene = Scene::default();
    let (mut state, mut first) = State::new(&model, None);
    show(&mut screen, configuration.settings(), &mut state, &mut pictures, &mut scene);
    let _log = log();
    let mut probing = Probing::begin(overrides, &mut screen);
    let records = Records::new(opening, inbox.clone());
    // No key is read before the draft is in the form, one that is pressed waits in the
    // terminal: but not for a history that another program holds.
    let mut early = Vec::new();
    match tokio::time::timeout(MOMENT, opened(&mut arrivals, &mut early)).await {
        Ok(Ok(draft)) => (state, first) = State::new(&model, draft.as_ref()),
        Ok(Err(ended)) => return ended,
        Err(_) => {
            drop(update(configuration.settings(), &mut state, Event::Failed(held(&paths))));
        }
    }
    early.into_iter().map(|message| inbox.send(message)).for_each(drop);
    let settings = configuration.settings();
    let executor =
        Executor::new(settings.clone(), &paths, environment.clone(), cwd, records, inbox.clone());
    executor.begin(first);
    if let Some(failure) = trouble {
        update(settings, &mut state, Event::Failed(failure));
    }
    let mut stage = Stage::new(screen, Keyboard::listen(inbox.clone())?, inbox.clone());
    let mut away = Away::new(settings, &environment, inbox.clone());
    let mut news = true;
    loop {
        if let Some(screen) = stage.screen() {
            if news || pictures.send(screen) {
                show(screen, configuration.settings(), &mut state, &mut pictures, &mut scene);
            }
            away.send(screen, &mut pictures.courier);
        }
        let now = Instant::now();
        stage.expect(pictures.courier.owed() + probing.owed(now) + away.owed());
        let wakes_at = wakes_at(&pictures, &probing, stage.screen().is_some());
        let mut arrived = Arrived::default();
        tokio::select! {
            biased;
            Some(message) = arrivals.recv() => arrived.take(message, &scene, &mut pictures),
            () = pause(state.moves(), wakes_at) => {
                arrived.news = true;
                pictures.wake();
            }
        }
        arrived.take_waiting(&mut arrivals, &scene, &mut pictures);
        // From here on questions go out, and one may be answered before it is counted.
        stage.expect(1);
        if let Some(screen) = stage.screen() {
            news = probing.take(&arrived.answers, screen, &mut pictures);
            news |= configuration.sees(probing.probe().background());
        }
        let (errands, line) = (arrived.errands, &mut pictures.courier);
        let done = away.work(errands, &arrived.answers, stage.screen(), &probing, line);
        news |= arrived.news || pictures.owes_frame() || !done.is_empty();
        let Arrived { mut events, edited, continued, resized, interrupted, .. } = arrived;
        let (mut quit, lost) = (arrived.quit, arrived.lost);
        events.extend(arrived.examined.map(|it| whole(it, &probing, display, &environment)));
        if let Some(edited) = edited {
            events.extend(stage.take_back(edited));
            pictures.forget();
            if let Some(screen) = stage.screen() {
                probing.ask_background(screen, Instant::now());
            }
        }
        if let Some(screen) = stage.screen() {
            quit |= interrupted;
            adapt(screen, continued, resized, &mut pictures, &mut probing);
        }
        let events = events.into_iter().chain(done).chain([Event::Tick(engine::now())]);
        let effects = update_all(configuration.settings(), &mut state, events);
        if let Some(screen) = stage.screen()
            && (quit || effects.iter().any(Effect::is_farewell))
        {
            away.stop(screen, &mut pictures.courier);
            let meanwhile = probing.take_last(&mut arrivals, screen, &mut pictures).await;
            meanwhile.into_iter().map(|message| inbox.send(message)).for_each(drop);
        }
        for effect in effects {
            quit |=
                carry_out(effect, &mut stage, &mut pictures, &mut away, &executor, &environment);
        }
        if let Some(failure) = lost {
            return Err(failure);
        }
        if stage.leaves(quit) {
            executor.perform(Effect::SaveDraft(state.draft()));
            executor.finish();
            return Ok(());
        }
    }
}

/// Does what is wanted of the terminal here and has everything else done; says whether
/// that is to quit.
fn carry_out(
    effect: Effect,
    stage: &mut Stage,
    pictures: &mut Pictures,
    away: &mut Away,
    executor: &Executor,
    environment: &Environment,
) -> bool {
    match (effect, stage.screen()) {
        (Effect::Quit, _) => return true,
        (Effect::Redraw, Some(screen)) => {
            pictures.clear(screen);
            let _ = screen.forget();
        }
        (Effect::Suspend, Some(screen)) => {
            let _ = screen.suspend();
            pictures.forget();
        }
        (Effect::StopDownload, Some(screen)) => away.stop(screen, &mut pictures.courier),
        (Effect::EditPrompt(prompt), _) => stage.lend(prompt, environment),
        (effect, _) => executor.perform(effect),
    }
    false
}

/// Finds the terminal again after a shell had it, or as it is when its size has changed.
fn adapt(
    screen: &mut Screen,
    continued: bool,
    resized: bool,
    pictures: &mut Pictures,
    probing: &mut Probing,
) {
    if continued {
        let _ = screen.regain();
        pictures.forget();
        // It may have been attached to another one.
        probing.ask(screen, Instant::now());
    } else if resized {
        probing.ask_size(screen, Instant::now());
    }
}
