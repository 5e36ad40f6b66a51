//! Who has the terminal: the studio, or for a while the user's editor.
//!
//! Owns the hand-over and the way back. Promises that only one of the two reads keys and
//! writes, and that a studio which is told to end does so, whatever the editor does. Must
//! never decide what is drawn.

use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;

use super::Message;
use super::editor::{Edited, Editor};
use super::keyboard::Keyboard;
use super::terminal::Screen;
use crate::app::Event;
use crate::config::environment::Environment;

/// How long an editor has to end before the studio ends without it.
const PATIENCE: Duration = Duration::from_secs(1);

/// The terminal, and who has it.
pub(super) struct Stage {
    screen: Screen,
    keyboard: Keyboard,
    editor: Option<Editor>,
    /// When the last editor ended.
    taken_back: Option<Instant>,
    /// Whether the studio ends with the editor.
    leaving: bool,
    inbox: UnboundedSender<Message>,
}

impl Stage {
    pub(super) fn new(screen: Screen, keyboard: Keyboard, inbox: UnboundedSender<Message>) -> Self {
        Self { screen, keyboard, editor: None, taken_back: None, leaving: false, inbox }
    }

    /// The screen, while it is ours.
    pub(super) fn screen(&mut self) -> Option<&mut Screen> {
        self.editor.is_none().then_some(&mut self.screen)
    }

    /// Says how many answers the terminal owes.
    pub(super) fn expect(&self, owed: usize) {
        self.keyboard.expect(owed);
    }

    /// Gives the terminal to the editor for `prompt`.
    pub(super) fn lend(&mut self, prompt: String, environment: &Environment) {
        if self.editor.is_some() {
            return;
        }
        self.keyboard.pause();
        self.screen.lend();
        match Editor::open(prompt, environment, self.inbox.clone()) {
            Ok(editor) => self.editor = Some(editor),
            Err(failure) => {
                let edited = Edited { prompt: None, failure: Some(failure) };
                let _ = self.inbox.send(Message::Edited(edited));
            }
        }
    }

    /// Takes the terminal back from the editor; gives what came of it.
    pub(super) fn take_back(&mut self, edited: Edited) -> impl Iterator<Item = Event> + use<> {
        self.editor = None;
        self.taken_back = Some(Instant::now());
        // A terminal that is gone is noticed by its hangup.
        let _ = self.screen.take_back();
        self.keyboard.resume();
        let failure = edited.failure.map(Event::Failed);
        edited.prompt.map(Event::Edited).into_iter().chain(failure)
    }

    /// Whether what interrupts is for the studio: the key that ended an editor interrupts both,
    /// and which of the two ends is heard first is chance.
    pub(super) fn is_settled(&self) -> bool {
        self.taken_back.is_none_or(|at| at.elapsed() > PATIENCE)
    }

    /// Whether to leave now: an editor that is open is asked to end, and first gives back
    /// what was saved.
    pub(super) fn leaves(&mut self, asked: bool) -> bool {
        let Some(editor) = &self.editor else { return asked || self.leaving };
        if !asked || self.leaving {
            return asked;
        }
        self.leaving = true;
        editor.end();
        let inbox = self.inbox.clone();
        tokio::spawn(async move {
            tokio::time::sleep(PATIENCE).await;
            let _ = inbox.send(Message::Quit);
        });
        false
    }
}
