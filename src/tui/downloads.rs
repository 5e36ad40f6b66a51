//! Files on their way through the terminal.
//!
//! Owns which are to go, and how far they are. Promises that they wait for text and
//! pictures, that no more of them is on its way than the line holds, and that a key never
//! waits for a file: where the terminal takes it in one sequence only, in which no frame can
//! stand, the key ends that. Must never decide what is downloaded.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;

use super::Message;
use super::courier::Courier;
use super::terminal::Screen;
use crate::app::Event;
use crate::app::away::{News, Progress};
use crate::domain::{Failure, FailureKind, Image, ImageId};
use crate::engine;
use crate::graphics::answers::Answer;
use crate::graphics::download::{BREAK, Download, Way};

/// How long the screen may stand still for a file without a question, in seconds.
const STILL: f64 = 0.1;
/// How much of the line a file takes that nothing can be asked about meanwhile: it may be
/// slower by now.
const SHARE: f64 = 0.8;
/// How much of such a file may be sent at once, in time on the line.
const BURST: Duration = Duration::from_millis(20);
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
    way: Way,
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
    /// When more may be sent of a file in one sequence.
    next: Option<Instant>,
}

impl Current {
    fn progress(&self) -> Progress {
        let gone = self.gone.1 + self.download.gone() as u64;
        let percent = (gone * 100 / self.bytes.max(1)).min(99) as u8;
        Progress { file: (self.gone.0 + 1).min(self.files), files: self.files, percent }
    }

    /// Sends of a file in one sequence what the line takes by now, behind all that was sent
    /// before: no question can stand in it, so the clock says how much that is.
    fn send_whole(&mut self, screen: &mut Screen, courier: &mut Courier) {
        if !self.download.holds() && courier.owed() > 0 {
            return;
        }
        let (now, rate) = (Instant::now(), rate(courier));
        let since = now.checked_sub(BURST).unwrap_or(now);
        let mut next = self.next.unwrap_or(now).max(since);
        while next <= now
            && let Some(piece) = self.download.next_piece()
        {
            next += Duration::from_secs_f64(piece.len() as f64 / rate);
            if self.download.holds() {
                screen.set_unfinished(BREAK);
                courier.send_unasked(screen, &piece);
                continue;
            }
            courier.send(screen, piece);
            screen.set_unfinished(&[]);
            break;
        }
        self.next = Some(next);
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

/// Bytes a second that a file may take which nothing can be asked about meanwhile.
fn rate(courier: &Courier) -> f64 {
    SHARE * courier.line().rate.unwrap_or(UNMEASURED).max(1.0)
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
        let seconds = longest as f64 * 4.0 / 3.0 / rate(courier);
        let is_still = way == Way::Whole && seconds > STILL;
        let seconds = seconds.ceil() as u64;
        if is_still && self.told != ids {
            self.told = ids;
            return Some(News::Slow { seconds, copied: None });
        }
        self.told.clear();
        let current = self.current.get_or_insert_with(|| Current {
            way,
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
            next: None,
        });
        current.files += images.len();
        current.bytes += images.iter().map(|image| image.bytes).sum::<u64>();
        current.waiting.extend(images);
        current.go_on(&self.inbox);
        if is_still {
            return Some(News::Still(seconds));
        }
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
            let hint = "Copy its scp line to fetch it another way.";
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
        if current.way == Way::Whole {
            return current.send_whole(screen, courier);
        }
        while courier.is_free()
            && let Some(piece) = current.download.next_piece()
        {
            courier.send(screen, piece);
        }
    }

    /// Whether nothing but the file may be written to the terminal now.
    pub(super) fn holds(&self) -> bool {
        self.current.as_ref().is_some_and(|current| current.download.holds())
    }

    /// When more of a file may be sent though nothing happens.
    pub(super) fn wakes_at(&self) -> Option<Instant> {
        self.current.as_ref().filter(|current| current.download.holds())?.next
    }

    /// Ends what keeps frames from the screen, for somebody is there; says so, if anything did.
    pub(super) fn break_off(
        &mut self,
        screen: &mut Screen,
        courier: &mut Courier,
    ) -> Option<Event> {
        if !self.holds() {
            return None;
        }
        let mut broken = self.current.take()?;
        courier.send(screen, broken.download.cancel());
        screen.set_unfinished(&[]);
        Some(Event::Away(News::BrokenOff(broken.gone.0)))
    }

    /// Gives up what is under way; says so, if anything was.
    pub(super) fn stop(&mut self, screen: &mut Screen, courier: &mut Courier) -> Option<Event> {
        let mut stopped = self.current.take()?;
        courier.send(screen, stopped.download.cancel());
        screen.set_unfinished(&[]);
        Some(Event::Away(News::Stopped(stopped.gone.0)))
    }
}
