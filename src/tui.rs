//! The studio on a terminal: one loop in which everything meets.
//!
//! Owns the order of things: what happened is drained and folded in, what it implies is
//! handed out, and then one frame is drawn. Promises that a key never waits for a
//! picture, a query or the network, and that an idle studio sleeps. Must never change
//! the state but through [`crate::app::update`].

mod effects;
mod input;
mod opening;
mod pictures;
mod records;
mod terminal;
mod watch;

use std::path::PathBuf;
use std::time::Duration;

use crossterm::event::{Event as Raw, EventStream};
use futures::StreamExt;
use ratatui::layout::Position;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::app::{Event, State, update, update_all};
use crate::config::Settings;
use crate::config::environment::Environment;
use crate::config::paths::Paths;
use crate::config::secrets;
use crate::domain::{Failure, FailureKind, Timestamp};
use crate::engine;
use crate::graphics::Display;
use crate::ui::{self, Scene};
use effects::Executor;
use input::Input;
pub use opening::Opening;
use pictures::Pictures;
use records::Records;
use terminal::Screen;

/// How often time is shown while something moves.
const TICK: Duration = Duration::from_millis(250);
/// How long a thread that loads pictures waits for the next one.
const KEEP_ALIVE: Duration = Duration::from_secs(1);
/// What follows a line feed within this time was not typed: both are of a paste that the
/// terminal did not mark.
const FOLLOWING: Duration = Duration::from_millis(25);
/// Most events folded in before a frame is drawn.
const MOST_EVENTS: usize = 4096;

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
}

/// What reaches the loop.
enum Message {
    /// The user did something; when it was read.
    Input(Timestamp, Input),
    /// Something happened.
    Event(Event),
    /// A picture has been loaded, or not.
    Picture(pictures::Loaded),
    /// Leave.
    Quit,
}

/// Opens the studio and runs it until the user leaves it.
///
/// # Errors
/// Only while starting: no runtime, no history.
pub fn run(surroundings: Surroundings, opening: Opening) -> Result<(), Failure> {
    terminal::guard_against_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_keep_alive(KEEP_ALIVE)
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::before_sending(FailureKind::Internal, format!("No runtime: {error}."), "")
        })?;
    let ended = runtime.block_on(studio(surroundings, opening));
    // A store or a decoder at work must not keep the user from the shell.
    runtime.shutdown_background();
    ended
}

async fn studio(surroundings: Surroundings, opening: Opening) -> Result<(), Failure> {
    let Surroundings { settings, trouble, paths, environment, cwd, display } = surroundings;
    let (inbox, mut arrivals) = mpsc::unbounded_channel();
    let present = secrets::present(&settings, &environment, &cwd);
    let model = settings.start_model(&present);
    let mut pictures = Pictures::new(&paths, display, inbox.clone());
    watch::for_the_end(&inbox)?;
    let mut screen = Screen::take(settings.studio.mouse)?;
    let mut scene = Scene::default();
    // The first frame does not wait for the history. No key is read before the draft is
    // in the form; one that is pressed waits in the terminal.
    let (mut state, _) = State::new(&model, None);
    frame(&mut screen, &settings, &mut state, &mut pictures, &mut scene);
    let (store, draft) = opening.end()?;
    let (mut state, first) = State::new(&model, draft.as_ref());
    let records = Records::new(store, inbox.clone());
    let executor =
        Executor::new(settings.clone(), &paths, environment, cwd, records, inbox.clone());
    for effect in first {
        executor.perform(effect);
    }
    executor.take_up_waiting();
    if let Some(failure) = trouble {
        update(&settings, &mut state, Event::Failed(failure));
    }
    watch::for_changes(&paths.dir, executor.records());
    listen(inbox);
    let mut events = Vec::new();
    loop {
        frame(&mut screen, &settings, &mut state, &mut pictures, &mut scene);
        let tick = async {
            if state.moves() {
                tokio::time::sleep(TICK).await;
            } else {
                std::future::pending::<()>().await;
            }
        };
        let mut quit = false;
        let mut redraw = false;
        tokio::select! {
            biased;
            Some(message) = arrivals.recv() => {
                quit |= take(message, &scene, &mut events, &mut pictures);
            }
            () = tick => {}
        }
        // What waits is folded in before a frame is drawn: the screen shows the end of a
        // burst, not each step of it.
        while events.len() < MOST_EVENTS {
            let Ok(message) = arrivals.try_recv() else { break };
            quit |= take(message, &scene, &mut events, &mut pictures);
        }
        let now = std::iter::once(Event::Tick(engine::now()));
        for effect in update_all(&settings, &mut state, events.drain(..).chain(now)) {
            match effect {
                crate::app::Effect::Quit => quit = true,
                crate::app::Effect::Redraw => redraw = true,
                crate::app::Effect::Suspend => {
                    let _ = screen.suspend();
                }
                effect => executor.perform(effect),
            }
        }
        if quit {
            executor.finish();
            return Ok(());
        }
        if redraw {
            let _ = screen.forget();
        }
    }
}

/// Draws one frame; a second one where the first has changed the sizes that the state
/// depends on.
fn frame(
    screen: &mut Screen,
    settings: &Settings,
    state: &mut State,
    pictures: &mut Pictures,
    scene: &mut Scene,
) {
    for _ in 0..2 {
        let drawn = screen.draw(|frame| {
            let scene = ui::draw(frame, state, settings);
            pictures.paint(frame.buffer_mut(), &scene, state);
            let cursor = scene.cursor;
            (scene, cursor)
        });
        // Without a size there is no terminal any more, and its end is on its way.
        let Ok(drawn) = drawn else { return };
        *scene = drawn;
        if scene.extents == state.extents {
            return;
        }
        update(settings, state, Event::Resized(scene.extents));
    }
}

/// What an input means on the screen that is shown.
fn event(input: Input, scene: &Scene) -> Option<Event> {
    let hit = |at: Position| scene.target(at);
    match input {
        Input::Key(chord) => Some(Event::Key(chord)),
        Input::Paste(text) => Some(Event::Paste(text)),
        Input::Click(at) => hit(at).map(|(target, within)| Event::Click(target, within)),
        Input::Wheel(at, lines) => hit(at).map(|(target, _)| Event::Wheel(target, lines)),
        // The next frame sees the new size.
        Input::Resized => None,
    }
}

/// Takes a message in; says whether it is time to leave.
fn take(message: Message, scene: &Scene, events: &mut Vec<Event>, pictures: &mut Pictures) -> bool {
    match message {
        Message::Input(at, input) => {
            events.push(Event::Tick(at));
            events.extend(event(input, scene));
        }
        Message::Event(event) => events.push(event),
        Message::Picture(loaded) => pictures.take(loaded),
        Message::Quit => return true,
    }
    false
}

/// Passes on what the user does. (Polled beside other things, the event stream would keep
/// the waker of whoever asked first.)
fn listen(inbox: mpsc::UnboundedSender<Message>) {
    tokio::spawn(async move {
        let mut events = EventStream::new();
        let mut follower = None;
        loop {
            let next = match follower.take() {
                Some(follower) => Some(follower),
                None => events.next().await,
            };
            let Some(Ok(raw)) = next else { break };
            let at = engine::now();
            let Some(mut input) = input::read(raw) else { continue };
            if input.is_line_feed() {
                follower = timeout(FOLLOWING, events.next()).await.ok().flatten();
                if matches!(follower, Some(Ok(Raw::Key(_)))) {
                    input = Input::Paste("\n".to_owned());
                }
            }
            if inbox.send(Message::Input(at, input)).is_err() {
                return;
            }
        }
        // The terminal is gone.
        let _ = inbox.send(Message::Quit);
    });
}
