//! Files on their way through the terminal.
//!
//! Owns which are to go, and how far they are. Promises that they wait for text and
//! pictures, that no more of them is on its way than the line holds, and that a key never
//! waits for a file but where the terminal takes it in no other way and the user was told.
//! Must never decide what is downloaded.

use std::collections::VecDeque;

use tokio::sync::mpsc::UnboundedSender;

use super::Message;
use super::courier::Courier;
use super::terminal::Screen;
use crate::app::Event;
use crate::app::away::{News, Progress};
use crate::domain::{Failure, FailureKind, Image, ImageId};
use crate::engine;
use crate::graphics::answers::Answer;
use crate::graphics::download::{Download, Way};

/// How long the screen may stand still for a file without a question, in seconds.
const STILL: f64 = 1.0;
/// Bytes a second of a line that has not been measured.
const UNMEASURED: f64 = 100e3;

/// What is to be downloaded.
pub(super) struct Downloads {
    current: Option<Current>,
    /// What the user was told that it takes its time.
    told: Vec<ImageId>,
    inbox: UnboundedSender<Message>,
}

struct Current {
    download: Download,
    place: String,
    /// What is still to go, the next one first.
    waiting: VecDeque<Image>,
    /// What is being read or sent.
    under_way: Option<Image>,
    /// Whether that was read.
    read: bool,
    /// Files that have gone, and how many bytes they had.
    gone: (usize, u64),
    files: usize,
    /// Files that could not be read, which are none of them any more.
    unread: usize,
    bytes: u64,
    /// What was told last.
    told: Option<Progress>,
}

impl Current {
    fn progress(&self) -> Progress {
        let gone = self.gone.1 + self.download.gone() as u64;
        let percent = (gone * 100 / self.bytes.max(1)).min(99) as u8;
        Progress { file: (self.gone.0 + 1).min(self.files), files: self.files, percent }
    }

    /// Notes what has gone, and goes on to the next file.
    fn go_on(&mut self, inbox: &UnboundedSender<Message>) {
        if self.read && self.download.is_ready() {
            let bytes = self.under_way.take().map_or(0, |image| image.bytes);
            self.gone = (self.gone.0 + 1, self.gone.1 + bytes);
            self.read = false;
        }
        if self.under_way.is_none()
            && let Some(image) = self.waiting.pop_front()
        {
            let (path, inbox) = (image.path.clone(), inbox.clone());
            self.under_way = Some(image);
            // A disk may take its time.
            tokio::task::spawn_blocking(move || {
                // Without a loop there is nobody to tell.
                let _ = inbox.send(Message::Read(std::fs::read(path)));
            });
        }
    }
}

impl Downloads {
    pub(super) fn new(inbox: UnboundedSender<Message>) -> Self {
        Self { current: None, told: Vec::new(), inbox }
    }

    /// Whether the terminal may answer at any time.
    pub(super) fn owed(&self) -> usize {
        usize::from(self.current.is_some())
    }

    /// Begins to download these, or adds them to those under way.
    pub(super) fn begin(
        &mut self,
        images: Vec<Image>,
        way: Way,
        directory: &str,
        courier: &Courier,
    ) -> Option<News> {
        let ids: Vec<ImageId> = images.iter().map(|image| image.id).collect();
        let longest = images.iter().map(|image| image.bytes).max().unwrap_or(0);
        let rate = courier.line().rate.unwrap_or(UNMEASURED).max(1.0);
        let seconds = longest as f64 * 4.0 / 3.0 / rate;
        if way == Way::Whole && seconds > STILL && self.told != ids {
            self.told = ids;
            return Some(News::Slow(seconds.ceil() as u64));
        }
        self.told.clear();
        let current = self.current.get_or_insert_with(|| Current {
            download: Download::new(way, &engine::new_id().to_string(), directory),
            place: match way {
                Way::Kitty => format!("{directory} of your machine"),
                Way::Parts | Way::Whole => "where your terminal puts downloads".to_owned(),
            },
            waiting: VecDeque::new(),
            under_way: None,
            read: false,
            gone: (0, 0),
            files: 0,
            unread: 0,
            bytes: 0,
            told: None,
        });
        current.files += images.len();
        current.bytes += images.iter().map(|image| image.bytes).sum::<u64>();
        current.waiting.extend(images);
        current.go_on(&self.inbox);
        current.download.is_asking().then_some(News::Asked(current.files))
    }

    /// Takes in a file that was read.
    pub(super) fn take(&mut self, read: std::io::Result<Vec<u8>>) -> Option<Event> {
        let current = self.current.as_mut()?;
        let image = current.under_way.as_ref()?;
        let name = image.path.file_name()?.to_string_lossy().into_owned();
        match read {
            Ok(bytes) => {
                current.download.take(&name, bytes);
                current.read = true;
                None
            }
            Err(error) => {
                current.under_way = None;
                current.files -= 1;
                current.unread += 1;
                current.go_on(&self.inbox);
                let what = format!("{name} was not downloaded: {error}.");
                Some(Event::Failed(Failure::before_sending(FailureKind::Storage, what, "")))
            }
        }
    }

    /// Takes in what the terminal has answered; gives what is new.
    pub(super) fn hear<'a>(
        &mut self,
        answers: impl Iterator<Item = &'a Answer>,
        screen: &mut Screen,
        courier: &mut Courier,
    ) -> Option<Event> {
        let current = self.current.as_mut()?;
        for answer in answers {
            if let Answer::Transfer(said) = answer {
                current.download.hear(said);
            }
        }
        if let Some(why) = current.download.failure() {
            let what = format!("The download has ended: {}.", why.trim_end_matches('.'));
            let hint = "The line of scp fetches it another way: copy it.";
            self.stop(screen, courier);
            let failure = Failure::before_sending(FailureKind::Terminal, what, hint);
            return Some(Event::Away(News::Ended(failure)));
        }
        current.go_on(&self.inbox);
        if current.under_way.is_none() && courier.owed() == 0 {
            let mut ended = self.current.take()?;
            courier.send(screen, ended.download.finish());
            return Some(Event::Away(News::Downloaded {
                files: ended.gone.0,
                unread: ended.unread,
                place: ended.place,
            }));
        }
        let progress = current.progress();
        if current.download.is_asking() || current.told == Some(progress) {
            return None;
        }
        current.told = Some(progress);
        Some(Event::Away(News::Downloading(progress)))
    }

    /// Sends what the line takes.
    pub(super) fn send(&mut self, screen: &mut Screen, courier: &mut Courier) {
        let Some(current) = &mut self.current else { return };
        while courier.is_free()
            && let Some(piece) = current.download.next_piece()
        {
            courier.send(screen, piece);
        }
    }

    /// Gives up what is under way; says so, if anything was.
    pub(super) fn stop(&mut self, screen: &mut Screen, courier: &mut Courier) -> Option<Event> {
        let mut stopped = self.current.take()?;
        courier.send(screen, stopped.download.cancel());
        Some(Event::Away(News::Stopped(stopped.gone.0)))
    }
}
