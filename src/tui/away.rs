//! Errands: what the user takes away, by the terminal or by another program.
//!
//! Owns the way from what is wanted to bytes for the terminal. Promises that nothing here
//! keeps a key waiting. Must never decide what is meant by a key, nor change the state.

use std::io;
use std::time::Instant;

use tokio::sync::mpsc::UnboundedSender;

use super::courier::Courier;
use super::downloads::Downloads;
use super::probing::Probing;
use super::terminal::Screen;
use super::{Message, outside};
use crate::app::Event;
use crate::app::away::{News, Task};
use crate::config::Settings;
use crate::config::environment::Environment;
use crate::config::keymap::{Action, Context};
use crate::domain::{Extract, Failure, FailureKind, Generation, Image};
use crate::face::export::{self, Terms};
use crate::face::extracts::{Here, extract, pictures};
use crate::graphics::answers::Answer;
use crate::graphics::clipboard::{Clipboard, MOST, clipboard, copy};
use crate::graphics::download::way;

/// An errand, with all that it is about.
pub(super) struct Found {
    pub(super) task: Task,
    pub(super) of: Vec<Generation>,
    pub(super) index: Option<usize>,
}

/// What has arrived for errands.
#[derive(Default)]
pub(super) struct Errands {
    pub(super) found: Vec<Found>,
    /// Lines of scp for the clipboard.
    pub(super) lines: Vec<String>,
    /// Files that were read, to be downloaded.
    pub(super) read: Vec<io::Result<Vec<u8>>>,
}

/// Whoever does errands.
pub(super) struct Away {
    settings: Settings,
    environment: Environment,
    here: Here,
    /// Errands that wait for the screen.
    waiting: Vec<Found>,
    lines: Vec<String>,
    downloads: Downloads,
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
            lines: Vec::new(),
            downloads: Downloads::new(inbox.clone()),
            inbox,
        }
    }

    /// What is taken away from now on goes by these settings.
    pub(super) fn configure(&mut self, settings: &Settings, environment: &Environment) {
        self.settings = settings.clone();
        self.here = Here::of(settings, environment);
    }

    /// Does errands as soon as there is a screen, and goes on with what the terminal has
    /// answered; gives what came of them.
    pub(super) fn work(
        &mut self,
        Errands { found, lines, read }: Errands,
        answers: &[(Instant, Answer)],
        screen: Option<&mut Screen>,
        probing: &Probing,
        courier: &mut Courier,
    ) -> Vec<Event> {
        self.waiting.extend(found);
        self.lines.extend(lines);
        let mut events: Vec<Event> =
            read.into_iter().filter_map(|read| self.downloads.take(read)).collect();
        // Nothing may be copied into a file that is on its way.
        let Some(screen) = screen.filter(|_| !self.downloads.holds()) else { return events };
        for found in std::mem::take(&mut self.waiting) {
            let done = match found.task {
                Task::Copy(what) => self.copy(what, &found, screen, probing).map(Some),
                Task::Download => self.download(&found, screen, probing, courier),
                Task::Open => self.open(&found).map(|()| None),
                Task::Export => self.export(&found).map(|()| None),
            };
            match done {
                Ok(news) => events.extend(news.map(Event::Away)),
                Err(failure) => events.push(Event::Failed(failure)),
            }
        }
        for line in std::mem::take(&mut self.lines) {
            events.push(match self.put(Extract::Scp, 1, &line, screen, probing) {
                Ok(news) => Event::Away(news),
                Err(failure) => Event::Failed(failure),
            });
        }
        let answers = answers.iter().map(|(_, answer)| answer);
        events.extend(self.downloads.hear(answers, screen, courier));
        events
    }

    /// Sends of files what the line takes, after text and pictures.
    pub(super) fn send(&mut self, screen: &mut Screen, courier: &mut Courier) {
        self.downloads.send(screen, courier);
    }

    /// Whether the terminal may answer something here at any time.
    pub(super) fn owed(&self) -> usize {
        self.downloads.owed()
    }

    /// Whether nothing else may be written to the terminal.
    pub(super) fn holds_screen(&self) -> bool {
        self.downloads.holds()
    }

    /// When there is something to send though nothing happens.
    pub(super) fn wakes_at(&self) -> Option<Instant> {
        self.downloads.wakes_at()
    }

    /// Frees the screen for somebody who is there, and says so by and by.
    pub(super) fn free_screen(&mut self, screen: Option<&mut Screen>, courier: &mut Courier) {
        if let Some(event) = screen.and_then(|it| self.downloads.break_off(it, courier)) {
            // Without a loop there is nobody to tell.
            let _ = self.inbox.send(Message::Event(event));
        }
    }

    /// Gives the download up, and says so by and by.
    pub(super) fn stop(&mut self, screen: &mut Screen, courier: &mut Courier) {
        if let Some(event) = self.downloads.stop(screen, courier) {
            // Without a loop there is nobody to tell.
            let _ = self.inbox.send(Message::Event(event));
        }
    }

    /// Downloads the pictures where the terminal takes files, and otherwise copies the line
    /// that fetches them.
    fn download(
        &mut self,
        found: &Found,
        screen: &mut Screen,
        probing: &Probing,
        courier: &Courier,
    ) -> Result<Option<News>, Failure> {
        let images = pictures(&found.of, found.index)?.into_iter().cloned().collect();
        match way(probing.probe()) {
            Ok(way) if !courier.is_mute() => {
                let directory = &self.settings.away.directory;
                let mut news = self.downloads.begin(images, way, directory, courier);
                if let Some(News::Slow { copied, .. }) = &mut news
                    && let Ok(News::Copied { characters, .. }) =
                        self.copy(Extract::Scp, found, screen, probing)
                {
                    *copied = Some(characters);
                }
                Ok(news)
            }
            Ok(_) => self.copy(Extract::Scp, found, screen, probing).map(Some),
            Err(why) => match self.copy(Extract::Scp, found, screen, probing)? {
                News::Copied { characters, remark, .. } => {
                    Ok(Some(News::Instead { why, characters, remark }))
                }
                news => Ok(Some(news)),
            },
        }
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
        self.put(what, count, &text, screen, probing)
    }

    /// Puts a text on the clipboard, where the terminal lets it.
    fn put(
        &self,
        what: Extract,
        count: usize,
        text: &str,
        screen: &mut Screen,
        probing: &Probing,
    ) -> Result<News, Failure> {
        let refused = |what: String, hint: &str| {
            Err(Failure::before_sending(FailureKind::Terminal, what, hint))
        };
        if text.len() > MOST {
            let what =
                format!("Not copied: it has {} bytes, and terminals take {MOST}.", text.len());
            return refused(what, "Mark fewer, or copy the path and fetch the file.");
        }
        let remark = match clipboard(probing.probe(), self.environment.get("TERM_PROGRAM")) {
            Clipboard::Takes => None,
            Clipboard::Depends(remark) => Some(remark),
            Clipboard::Refuses(why) => {
                let mouse = self.settings.keys.hint(Context::Everywhere, Action::Mouse);
                let hint = mouse.map_or_else(String::new, |key| {
                    format!("Select it with the mouse: {key} leaves it to the terminal.")
                });
                return refused(format!("Not copied: {why}"), &hint);
            }
        };
        screen.send(&copy(text, probing.probe()));
        Ok(News::Copied { what, count, characters: text.chars().count(), remark })
    }

    /// Has copies made, and says by and by what came of it.
    fn export(&self, found: &Found) -> Result<(), Failure> {
        let images: Vec<Image> = pictures(&found.of, found.index)?.into_iter().cloned().collect();
        let terms = Terms::of(&self.settings, &self.environment);
        let (of, inbox) = (found.of.clone(), self.inbox.clone());
        tokio::task::spawn_blocking(move || {
            let event = Event::Away(exported(&of, &images, &terms));
            // Without a loop there is nobody to tell.
            let _ = inbox.send(Message::Event(event));
        });
        Ok(())
    }

    fn open(&self, found: &Found) -> Result<(), Failure> {
        let image = pictures(&found.of, found.index)?[0];
        let words = outside::program(&self.settings, &self.environment)?;
        outside::open(&words, image.path.clone(), &self.environment, self.inbox.clone());
        Ok(())
    }
}

/// Makes copies of `images`, which are of these generations.
fn exported(of: &[Generation], images: &[Image], terms: &Terms) -> News {
    let (mut files, mut plain, mut failure) = (Vec::new(), 0, None);
    for image in images {
        let Some(whose) = of.iter().find(|it| it.id == image.id.generation) else { continue };
        match export::export(whose, image, terms) {
            Ok(copied) => {
                plain += usize::from(copied.without.is_some());
                files.push(copied.path);
            }
            Err(why) => failure = failure.or(Some(why)),
        }
    }
    let place = match files.as_slice() {
        [file] => file,
        _ => &terms.directory,
    };
    News::Exported { files: files.len(), plain, place: place.display().to_string(), failure }
}
