//! The pictures of the studio's screen: wanted by the scene, loaded and made ready in the
//! background, sent as the line takes them.
//!
//! Owns by which way pictures go to this terminal. Promises that painting never waits, and
//! that what is only scrolled past is not sent. Must never decide what is shown.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tokio::sync::mpsc::UnboundedSender;

use super::Message;
use super::attention::Attention;
use super::courier::Courier;
use super::terminal::{Drawn, Screen};
use crate::app::State;
use crate::config::paths::Paths;
use crate::domain::{Failure, FailureKind, Image, Subject, View};
use crate::engine::link::own_program;
use crate::graphics::drivers::Ids;
use crate::graphics::presenter::{Ask, Change, Presenter, Rendition, Spot, Wanted, make};
use crate::graphics::probe::Conclusion;
use crate::graphics::{
    self, ColorDepth, Display, Easel, Look, Missing, Pixels, Thumbnails, Underpainting, difference,
    fit_for, fit_for_pixels, write_centred,
};
use crate::ui::Scene;

/// Bytes of thumbnails that are kept on disk.
const CACHE: u64 = 256 << 20;

/// A picture of a longer side takes long enough to decode to wait until somebody looks.
const LARGE: u32 = 256;
/// The longest that a slow line is kept for the picture that comes first: most are ready
/// sooner, and of one that is not the others need not wait.
const KEPT: Duration = Duration::from_millis(100);
/// Rows of half blocks that are shown at a time on a line that is not quick.
const ROWS: u16 = 3;

/// What came of loading a picture.
pub(super) struct Loaded(Missing, Result<Pixels, Failure>);

/// By which way pictures go to the terminal.
enum Way {
    /// None yet: the terminal is still being asked.
    Unknown,
    /// As half blocks in the cells; so many rows of each are shown.
    Blocks(HashMap<(View, Rect), u16>),
    /// In a protocol of the terminal.
    Protocol(Box<Presenter>),
}

/// The easel, who brings what it is missing, and who takes it to the terminal.
pub(super) struct Pictures {
    easel: Easel,
    thumbnails: Thumbnails,
    display: Display,
    way: Way,
    pub(super) courier: Courier,
    attention: Attention,
    /// The pixels of what is to be sent.
    pixels: HashMap<Spot, Pixels>,
    /// The picture that comes first, and what stands below it until it has been drawn: decided
    /// when it is wanted first, since cells that change take away what was drawn over them.
    underpainting: Option<(Wanted, Option<Underpainting>)>,
    /// Whether the picture that is to be sent first is being loaded.
    first_loads: bool,
    /// Whether the last frame is still to be sent.
    frame_held: bool,
    inbox: UnboundedSender<Message>,
}

impl Pictures {
    pub(super) fn new(paths: &Paths, display: Display, inbox: UnboundedSender<Message>) -> Self {
        let thumbnails = Thumbnails::new(paths.cache.join("thumbnails"), own_program(), CACHE);
        Self {
            easel: Easel::default(),
            thumbnails,
            display,
            way: Way::Unknown,
            courier: Courier::new(),
            attention: Attention::default(),
            pixels: HashMap::new(),
            underpainting: None,
            first_loads: false,
            frame_held: false,
            inbox,
        }
    }

    /// From now on pictures go to the terminal so, and nothing of ours is on it.
    pub(super) fn go_by(&mut self, conclusion: &Conclusion) {
        let Conclusion { protocol, tmux, cell, answers, .. } = conclusion;
        if let Some(cell) = cell {
            self.display.cell = *cell;
        }
        self.courier.trust(*answers, *tmux);
        self.way = match protocol {
            // Pictures of another program may be on the terminal.
            Some(protocol) => {
                let ids = Ids::new(RandomState::new().hash_one(0) as u32);
                Way::Protocol(Box::new(Presenter::new(*protocol, *tmux, ids)))
            }
            None => Way::Blocks(HashMap::new()),
        };
    }

    /// From now on the terminal has these colours and characters.
    pub(super) const fn show_in(&mut self, Display { depth, glyphs, .. }: Display) {
        (self.display.depth, self.display.glyphs) = (depth, glyphs);
    }

    /// Whether it is not known yet how pictures go to the terminal.
    pub(super) const fn is_waiting(&self) -> bool {
        matches!(self.way, Way::Unknown)
    }

    /// Paints the pictures of a frame as far as that is a matter of cells, and reduces its
    /// colours to what the terminal has; what is missing is on its way when this returns.
    pub(super) fn paint(&mut self, buffer: &mut Buffer, scene: &Scene, state: &State) -> Change {
        let now = Instant::now();
        self.attention.turn(&scene.images, now);
        let change = match &mut self.way {
            Way::Unknown => {
                scene.images.iter().for_each(|(_, area)| write_centred(buffer, *area, "…"));
                Change::default()
            }
            Way::Blocks(_) => {
                self.paint_blocks(buffer, &scene.images);
                if self.attention.rests(now) {
                    for &(view, area) in &scene.ahead {
                        self.easel.look(view.subject(), fit_for(view, area));
                    }
                }
                Change::default()
            }
            Way::Protocol(_) => self.want(buffer, scene, now),
        };
        graphics::reduce_glyphs(buffer, self.display.glyphs);
        graphics::reduce_colors(buffer, self.display.depth);
        if let Way::Protocol(presenter) = &self.way {
            presenter.paint(buffer);
        }
        self.fetch(state, now);
        change
    }

    /// Takes what came of loading a picture.
    pub(super) fn take(&mut self, Loaded(missing, result): Loaded) {
        self.easel.insert(missing, result);
    }

    /// Takes a picture that was made ready to be sent.
    pub(super) fn take_made(&mut self, rendition: Rendition) {
        if let Way::Protocol(presenter) = &mut self.way {
            presenter.take(rendition);
        }
    }

    /// Notes how a frame was drawn.
    pub(super) fn drawn<T>(&mut self, screen: &mut Screen, drawn: &Drawn<T>) {
        self.courier.drew(screen, drawn.bytes);
        self.frame_held = drawn.held;
        if let Way::Protocol(presenter) = &mut self.way {
            presenter.damaged(drawn.cells.iter().copied());
        }
    }

    /// Sends what the line takes; says whether another frame is to be drawn for it.
    pub(super) fn send(&mut self, screen: &mut Screen) -> bool {
        let now = Instant::now();
        let (rests, is_kept) = (self.attention.rests(now), self.line_kept_until(now).is_some());
        match &mut self.way {
            Way::Unknown => false,
            Way::Blocks(shown) => {
                let hidden = |((_, area), rows): &(&(View, Rect), &mut u16)| **rows < area.height;
                let next = shown.iter_mut().filter(hidden).min_by_key(|((_, area), _)| area.y);
                match next {
                    Some((_, rows)) if rests && self.courier.is_free() => {
                        *rows += ROWS;
                        true
                    }
                    _ => false,
                }
            }
            Way::Protocol(presenter) => {
                let mut sent = false;
                let is_free =
                    if presenter.is_dear() { Courier::is_free_for_large } else { Courier::is_free };
                while rests
                    && !is_kept
                    && is_free(&self.courier)
                    && let Some(piece) = presenter.next_piece()
                {
                    let piece = if presenter.draws_at_cursor() {
                        screen.without_cursor(piece)
                    } else {
                        piece
                    };
                    self.courier.send(screen, piece);
                    sent = true;
                }
                if sent {
                    screen.set_farewell(presenter.farewell());
                }
                // The line may have shown what it is good for.
                let asks = if rests { presenter.asks(self.courier.line()) } else { Vec::new() };
                for ask in asks {
                    if let Some(pixels) = self.pixels.get(&ask.spot()) {
                        prepare(ask, pixels.clone(), self.inbox.clone());
                    }
                }
                sent && presenter.is_text()
            }
        }
    }

    /// Whether a frame of any size may be sent.
    pub(super) fn has_room(&self) -> bool {
        self.courier.has_room()
    }

    /// Whether a frame was held and may be sent now.
    pub(super) fn owes_frame(&self) -> bool {
        self.frame_held && self.courier.has_room()
    }

    /// Does what time has come for.
    pub(super) fn wake(&mut self) {
        self.courier.give_up(Instant::now());
    }

    /// When something is to be done though nothing happens.
    pub(super) fn wakes_at(&self) -> Option<Instant> {
        let now = Instant::now();
        let times = [self.attention.rests_from(now), self.line_kept_until(now)];
        times.into_iter().flatten().chain(self.courier.patience_ends()).min()
    }

    /// Until when a slow line is kept for the picture that comes first, which is loaded or made
    /// meanwhile: two small ones before it would take it a tenth of a second.
    fn line_kept_until(&self, now: Instant) -> Option<Instant> {
        let Way::Protocol(presenter) = &self.way else { return None };
        let is_awaited = self.first_loads || presenter.awaits_first();
        let end = self.attention.since()? + KEPT;
        (is_awaited && !self.courier.is_quick() && end > now).then_some(end)
    }

    /// Notes that the screen has another size, and pictures may stand anywhere on it.
    pub(super) fn resized(&mut self) {
        if let Way::Protocol(presenter) = &mut self.way {
            presenter.resized();
        }
    }

    /// Notes that nothing of ours is on the screen any more.
    pub(super) fn forget(&mut self) {
        self.courier.forget();
        match &mut self.way {
            Way::Unknown => {}
            Way::Blocks(shown) => shown.clear(),
            Way::Protocol(presenter) => presenter.forget(),
        }
    }

    /// Ends what is on its way to the screen, and frees what the terminal holds.
    pub(super) fn clear(&mut self, screen: &mut Screen) {
        if let Way::Protocol(presenter) = &mut self.way {
            screen.send(&presenter.leave());
            screen.set_farewell(Vec::new());
        }
        self.forget();
    }

    fn paint_blocks(&mut self, buffer: &mut Buffer, images: &[(View, Rect)]) {
        let Way::Blocks(shown) = &mut self.way else { return };
        let depth = match self.display.depth {
            ColorDepth::True if self.courier.is_slow() => ColorDepth::Indexed256,
            depth => depth,
        };
        shown.retain(|wanted, _| images.contains(wanted));
        for &(view, area) in images {
            self.easel.paint_one(buffer, view, area, Display { depth, ..self.display });
            let rows = shown.entry((view, area)).or_default();
            if self.courier.is_quick() {
                *rows = area.height;
            }
            let hidden = Rect { y: area.y.saturating_add(*rows), ..area };
            for at in hidden.intersection(area).positions() {
                if let Some(cell) = buffer.cell_mut(at) {
                    cell.reset();
                }
            }
        }
    }

    /// Asks for the pictures of a frame in the protocol of the terminal.
    fn want(&mut self, buffer: &mut Buffer, scene: &Scene, now: Instant) -> Change {
        let mut wanted = Vec::new();
        self.pixels.clear();
        self.first_loads = false;
        let is_dear = matches!(&self.way, Way::Protocol(presenter) if presenter.is_dear());
        for (place, &(view, area)) in scene.images.iter().enumerate() {
            let fit = fit_for_pixels(view, area, self.display.cell);
            match self.easel.look(view.subject(), fit) {
                Look::Sharp(pixels) => {
                    if let Some(want) = Wanted::within(view, pixels, area, self.display.cell) {
                        if place == 0 && is_dear {
                            let known = self.underpainting.take().filter(|(it, _)| *it == want);
                            let (_, below) =
                                self.underpainting.insert(known.unwrap_or_else(|| {
                                    let pays = self.courier.is_slow();
                                    (want, pays.then(|| underpainting(&want, pixels)))
                                }));
                            if let Some(below) = below {
                                below.paint(buffer);
                            }
                        }
                        self.pixels.insert(want.spot, pixels.clone());
                        wanted.push(want);
                    }
                }
                Look::Refused(failure) => write_centred(buffer, area, failure.what.as_str()),
                Look::Coarse(_) | Look::Loading => {
                    self.first_loads |= place == 0;
                    write_centred(buffer, area, "…");
                }
            }
        }
        let rests = self.attention.rests(now);
        let ahead = if rests { self.ahead(scene) } else { Vec::new() };
        let Way::Protocol(presenter) = &mut self.way else { return Change::default() };
        presenter.want(wanted, ahead)
    }

    /// What may be shown next, ready to be sent.
    fn ahead(&mut self, scene: &Scene) -> Vec<Spot> {
        let mut ahead = Vec::new();
        for &(view, area) in &scene.ahead {
            let fit = fit_for_pixels(view, area, self.display.cell);
            if let Look::Sharp(pixels) = self.easel.look(view.subject(), fit)
                && let Some(want) = Wanted::within(view, pixels, area, self.display.cell)
            {
                self.pixels.insert(want.spot, pixels.clone());
                ahead.push(want.spot);
            }
        }
        ahead
    }

    /// Has loaded what the easel misses, unless that is only passed by.
    fn fetch(&mut self, state: &State, now: Instant) {
        for missing in self.easel.missing() {
            let is_large = missing.fit.0.max(missing.fit.1) > LARGE;
            let images = match missing.subject {
                Subject::Image(image) => vec![image],
                Subject::Difference(one, other) => vec![one, other],
            };
            let found: Option<Vec<Image>> =
                images.into_iter().map(|image| state.image(image)).collect();
            match found {
                Some(images) if !is_large || self.attention.rests(now) => {
                    self.load(missing, images);
                }
                _ => self.easel.put_back(missing),
            }
        }
    }

    fn load(&self, missing: Missing, images: Vec<Image>) {
        let (thumbnails, inbox) = (self.thumbnails.clone(), self.inbox.clone());
        tokio::spawn(async move {
            let result = loaded(&thumbnails, images, missing.fit).await;
            let _ = inbox.send(Message::Picture(Box::new(Loaded(missing, result))));
        });
    }
}

/// What stands below `want` until it has been drawn.
fn underpainting(want: &Wanted, pixels: &Pixels) -> Underpainting {
    let Spot { view, extent } = want.spot;
    Underpainting::new(&pixels.seen(view, extent.pixels()), want.area())
}

/// A picture, or where there are two, by how much they differ.
async fn loaded(
    thumbnails: &Thumbnails,
    images: Vec<Image>,
    fit: (u32, u32),
) -> Result<Pixels, Failure> {
    let mut pixels = Vec::new();
    for image in &images {
        pixels.push(thumbnails.load(image, fit).await?);
    }
    let [one, other] = &*pixels else { return Ok(pixels.swap_remove(0)) };
    let (one, other) = (one.clone(), other.clone());
    let compared = tokio::task::spawn_blocking(move || difference(&one, &other)).await;
    compared.map_err(|error| {
        let what = format!("The pictures could not be compared: {error}.");
        Failure::before_sending(FailureKind::Internal, what, "")
    })
}

/// Makes a picture ready on a thread of its own.
fn prepare(ask: Ask, pixels: Pixels, inbox: UnboundedSender<Message>) {
    tokio::task::spawn_blocking(move || {
        // Without a loop there is nobody to tell.
        make(&ask, &pixels, |rendition| drop(inbox.send(Message::Made(rendition))));
    });
}
