//! What reaches the loop, and what has arrived between two frames.
//!
//! Owns the one inbox's vocabulary. Promises that a message is a plain value, taken in
//! the order in which it came. Must never act on one.

use std::io;
use std::time::Instant;

use ratatui::layout::Position;
use tokio::sync::mpsc::UnboundedReceiver;

use super::away::{Errands, Found};
use super::editor::Edited;
use super::input::Input;
use super::pictures::{Loaded, Pictures};
use crate::app::Event;
use crate::app::form::Draft;
use crate::config::Settings;
use crate::config::error::ConfigError;
use crate::domain::{Failure, Finding, Timestamp};
use crate::graphics::answers::Answer;
use crate::graphics::presenter::Rendition;
use crate::ui::Scene;

/// What reaches the loop.
pub(super) enum Message {
    /// The user did something; when it was read.
    Input(Timestamp, Input),
    /// The terminal has answered; when that was read.
    Answer(Instant, Answer),
    /// Something happened.
    Event(Event),
    /// A picture has been loaded, or not.
    Picture(Box<Loaded>),
    /// A picture was made ready to be sent.
    Made(Rendition),
    /// The user's editor has ended.
    Edited(Edited),
    /// The terminal has another size: the next frame sees it.
    Resized,
    /// The program was stopped and goes on.
    Continued,
    /// The user interrupts whatever has the terminal.
    Interrupted,
    /// The history is open, with this draft in it.
    Opened(Option<Box<Draft>>),
    /// The history cannot be opened.
    Lost(Failure),
    /// What an errand is about was found.
    Found(Found),
    /// This is in effect beside the terminal.
    Examined(Vec<Finding>),
    /// A line for the clipboard of the user.
    Line(String),
    /// A file that is to be downloaded was read, or not.
    Read(io::Result<Vec<u8>>),
    /// The configuration was read again, or is wrong now.
    Configured(Result<Box<Settings>, ConfigError>),
    /// Leave.
    Quit,
}

/// Most events folded in before a frame is drawn.
const MOST_EVENTS: usize = 4096;

/// What has arrived since the last frame.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is something that happened, or not")]
pub(super) struct Arrived {
    pub(super) events: Vec<Event>,
    pub(super) answers: Vec<(Instant, Answer)>,
    pub(super) edited: Option<Edited>,
    /// Whether the window has the focus, where that was said.
    pub(super) focus: Option<bool>,
    pub(super) errands: Errands,
    /// What is in effect beside the terminal, where that was asked.
    pub(super) examined: Option<Vec<Finding>>,
    pub(super) configured: Option<Result<Box<Settings>, ConfigError>>,
    pub(super) continued: bool,
    pub(super) resized: bool,
    pub(super) interrupted: bool,
    /// Whether somebody is there: a key, the mouse, another size of the window.
    pub(super) touched: bool,
    pub(super) quit: bool,
    /// Whether there is anything to show.
    pub(super) news: bool,
    /// Why there is no history.
    pub(super) lost: Option<Failure>,
}

impl Arrived {
    /// Takes in what waits before a frame is drawn: the screen shows the end of a burst, not
    /// each step of it.
    pub(super) fn take_waiting(
        &mut self,
        arrivals: &mut UnboundedReceiver<Message>,
        scene: &Scene,
        pictures: &mut Pictures,
    ) {
        while self.events.len() < MOST_EVENTS {
            let Ok(message) = arrivals.try_recv() else { return };
            self.take(message, scene, pictures);
        }
    }

    pub(super) fn take(&mut self, message: Message, scene: &Scene, pictures: &mut Pictures) {
        self.news |= !matches!(message, Message::Answer(..) | Message::Input(_, Input::Focus(_)));
        let is_focus = matches!(message, Message::Input(_, Input::Focus(_)));
        self.touched |= !is_focus
            && matches!(
                message,
                Message::Input(..) | Message::Resized | Message::Continued | Message::Interrupted
            );
        match message {
            Message::Answer(at, answer) => self.answers.push((at, answer)),
            Message::Input(_, Input::Focus(focused)) => self.focus = Some(focused),
            Message::Input(at, input) => {
                pictures.courier.revive();
                self.events.push(Event::Tick(at));
                self.events.extend(event(input, scene));
            }
            Message::Event(event) => self.events.push(event),
            Message::Picture(loaded) => pictures.take(*loaded),
            Message::Made(rendition) => pictures.take_made(rendition),
            Message::Edited(edited) => self.edited = Some(edited),
            Message::Found(found) => self.errands.found.push(found),
            Message::Line(line) => self.errands.lines.push(line),
            Message::Read(file) => self.errands.read.push(file),
            Message::Examined(findings) => self.examined = Some(findings),
            Message::Configured(read) => self.configured = Some(read),
            Message::Resized => self.resized = true,
            Message::Continued => self.continued = true,
            Message::Interrupted => self.interrupted = true,
            Message::Opened(draft) => {
                self.events.extend(draft.map(|draft| Event::Restored(*draft)));
            }
            Message::Lost(failure) => self.lost = Some(failure),
            Message::Quit => self.quit = true,
        }
    }
}

/// What an input means on the screen that is shown.
fn event(input: Input, scene: &Scene) -> Option<Event> {
    let hit = |at: Position| scene.target(at);
    match input {
        Input::Key(chord) => Some(Event::Key(chord)),
        Input::Paste(text) => Some(Event::Paste(text)),
        Input::Click(at) => hit(at).map(|(target, within)| Event::Click(target, within)),
        Input::Focus(_) => None,
        Input::Wheel(at, lines) => hit(at).map(|(target, _)| Event::Wheel(target, lines)),
    }
}
