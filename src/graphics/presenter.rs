//! What stands on the terminal in pictures, and what is sent next to make it what the
//! frame wants.
//!
//! Owns the pictures made ready, what the terminal was sent of them, and the order in
//! which the rest follows: what can be recognised of all pictures before what is fine of
//! any. Promises that each piece of bytes may be followed by text, that a picture which is
//! wanted no more is not sent any further, and that nothing is left behind once
//! [`Presenter::leave`] was sent. Must never write, wait or read a clock: when a piece is
//! sent is for others to decide.

mod making;
mod screen;
mod stock;

use std::collections::HashMap;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Color;

use super::drivers::{Extent, Ids, Protocol, Step, Strip, abort, passthrough};
use super::{CellSize, Pixels};
use crate::domain::View;
pub use making::{Ask, Line, Rendition, make};
use screen::{Places, Screen};
use stock::{Sheet, Stock};

/// Pictures being made ready at the same time: one for each of two processors.
const AT_ONCE: usize = 2;

/// A picture of at most so many bytes is sent before what is fine of any other.
const QUICK: usize = 8 << 10;

/// What is to be seen, and how large.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Spot {
    /// What.
    pub view: View,
    /// How large.
    pub extent: Extent,
}

/// A picture that the frame wants, and the cell of its corner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// The picture.
    pub spot: Spot,
    /// Its upper left corner.
    pub corner: Position,
}

impl Wanted {
    /// What `view` shows of `pixels` in the middle of `area`, as large as it fits; `None`
    /// when there is no room.
    pub fn within(view: View, pixels: &Pixels, area: Rect, cell: CellSize) -> Option<Self> {
        let sides = (area.width, area.height);
        let (width, height) = cell.pixels(sides);
        let source = pixels.seen_source(view, (width.max(1), height.max(1)));
        let extent = Extent::within(sides, source, cell)?;
        let corner = Position {
            x: area.x + (area.width - extent.columns()) / 2,
            y: area.y + (area.height - extent.rows()) / 2,
        };
        Some(Self { spot: Spot { view, extent }, corner })
    }

    /// The cells it stands in.
    pub const fn area(&self) -> Rect {
        let (Position { x, y }, extent) = (self.corner, self.spot.extent);
        Rect { x, y, width: extent.columns(), height: extent.rows() }
    }
}

/// What becomes of the screen when something else is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// What is to be sent with the frame.
    pub bytes: Vec<u8>,
    /// Cells that show a picture which is wanted no more: they are to be written anew.
    pub stale: Vec<Rect>,
}

/// A strip that is on its way in several units, or is to be.
#[derive(Clone, Copy, Debug)]
struct Open {
    spot: Spot,
    step: Step,
    nth: usize,
    /// Units that were sent.
    sent: usize,
}

/// Brings pictures to one terminal.
#[derive(Debug)]
pub struct Presenter {
    protocol: Protocol,
    /// Whether everything must be passed through tmux.
    tmux: bool,
    ids: Ids,
    stock: Stock,
    screen: Screen,
    places: Places,
    wanted: Vec<Wanted>,
    /// What may be wanted next.
    ahead: Vec<Spot>,
    open: Option<Open>,
    making: HashMap<Spot, Ask>,
}

impl Presenter {
    /// For a terminal that understands `protocol`, directly or around tmux. Nothing of
    /// ours is on it. `ids` number what it holds.
    pub fn new(protocol: Protocol, tmux: bool, ids: Ids) -> Self {
        Self {
            protocol,
            tmux,
            ids,
            stock: Stock::new(protocol),
            screen: Screen::default(),
            places: Places::default(),
            wanted: Vec::new(),
            ahead: Vec::new(),
            open: None,
            making: HashMap::new(),
        }
    }

    /// Takes in what a frame wants, in the order in which it is to be sent, and what may
    /// be wanted next. Of the same picture in the same size, the first is shown.
    #[must_use = "the screen is to follow"]
    pub fn want(&mut self, wanted: Vec<Wanted>, ahead: Vec<Spot>) -> Change {
        self.wanted.clear();
        for want in wanted {
            if self.place(&want.spot).is_none() {
                self.wanted.push(want);
            }
        }
        self.ahead = ahead;
        let mut making = std::mem::take(&mut self.making);
        making.retain(|spot, ask| {
            let keep = self.is_wanted(spot);
            if !keep {
                ask.cancel();
            }
            keep
        });
        self.making = making;
        self.stock.touch(self.wanted.iter().map(|want| &want.spot));
        let stale = self.screen.keep_only(&self.wanted);
        let mut bytes = Vec::new();
        if self.open.is_some_and(|open| !self.is_wanted(&open.spot)) {
            bytes.extend(self.close());
        }
        let moved = self.settle();
        bytes.extend(self.between(moved));
        Change { bytes, stale }
    }

    /// What is to be made ready now; each is answered by [`Presenter::take`] until all of
    /// its steps have come.
    #[must_use = "what was asked for is not asked for again"]
    pub fn asks(&mut self, line: Line) -> Vec<Ask> {
        let wanted = self.wanted.iter().map(|want| &want.spot);
        let mut asks = Vec::new();
        for spot in wanted.chain(&self.ahead) {
            let goal = line.goal(spot.extent);
            let is_made = self.stock.reached(spot) >= Some(goal.best);
            if !is_made && !self.making.contains_key(spot) && self.making.len() < AT_ONCE {
                let ask = Ask::new(*spot, goal, self.protocol, self.ids.clone());
                self.making.insert(*spot, ask.clone());
                asks.push(ask);
            }
        }
        asks
    }

    /// Takes a picture that was made ready.
    pub fn take(&mut self, rendition: Rendition) {
        let Rendition { spot, step, strips, reached } = rendition;
        if reached.is_some() {
            self.making.remove(&spot);
        }
        self.stock.put(spot, step, strips, reached);
        let (wanted, ahead) = (&self.wanted, &self.ahead);
        let gone = self.stock.shrink(|spot| is_among(spot, wanted, ahead));
        self.screen.let_go(&gone).into_iter().for_each(|id| self.ids.give_back(id));
    }

    /// The next piece to be sent, if anything is to be.
    pub fn next_piece(&mut self) -> Option<Vec<u8>> {
        let open = self.open.take().or_else(|| self.pick())?;
        let strip = self.stock.strip(&open.spot, open.step, open.nth)?;
        let Some(unit) = strip.units().get(open.sent) else {
            let want = *self.place(&open.spot)?;
            let piece = strip.place_at(want.corner);
            self.screen.draw(want, open.step, open.nth, strip.cells_at(want.corner));
            return Some(piece);
        };
        strip.id().into_iter().for_each(|id| self.screen.know(id));
        let is_last = open.sent + 1 == strip.units().len();
        let mut piece = self.wrapped(unit);
        if is_last {
            piece.extend(self.hold(open));
        } else {
            self.open = Some(Open { sent: open.sent + 1, ..open });
        }
        Some(piece)
    }

    /// Whether nothing is ready yet of the picture that is to be sent first.
    pub fn awaits_first(&self) -> bool {
        self.wanted.first().is_some_and(|want| self.stock.steps(&want.spot).next().is_none())
    }

    /// Whether all that is wanted is made, as far as it was asked for, and stands on the
    /// screen.
    pub fn is_done(&self) -> bool {
        self.open.is_none() && self.making.is_empty() && self.pick().is_none()
    }

    /// Whether pieces are drawn into cells from the cursor on, which is to be seen in none of
    /// them meanwhile.
    pub fn draws_at_cursor(&self) -> bool {
        self.protocol != Protocol::Kitty
    }

    /// Whether nothing of a picture is cheap to send, so that what can be recognised of it at
    /// once must be text below it.
    pub fn is_dear(&self) -> bool {
        self.protocol == Protocol::Sixel
    }

    /// Whether the terminal learns from text where pictures are.
    pub const fn is_text(&self) -> bool {
        self.tmux
    }

    /// Notes that the screen has another size: where pictures stand is not certain, and
    /// all cells will be written anew.
    pub fn resized(&mut self) {
        self.screen.forget_cells();
        self.places.forget_where();
    }

    /// Notes that something else was written to these cells.
    pub fn damaged(&mut self, cells: impl IntoIterator<Item = Position>) {
        cells.into_iter().for_each(|at| self.screen.damaged(at));
    }

    /// Writes the text by which the terminal around tmux knows where pictures are; nothing
    /// elsewhere.
    pub fn paint(&self, buffer: &mut Buffer) {
        if !self.tmux {
            return;
        }
        for (strip, corner) in seen(&self.wanted, &self.stock, &self.screen) {
            let cells = strip.cells_at(corner).intersection(buffer.area);
            for at in cells.positions() {
                let (column, row) = (at.x - cells.x, at.y - cells.y);
                if let Some((symbol, [red, green, blue])) = strip.placeholder(column, row) {
                    let cell = &mut buffer[at];
                    cell.reset();
                    cell.set_symbol(&symbol).set_fg(Color::Rgb(red, green, blue));
                }
            }
        }
    }

    /// What ends everything that is on its way and frees what the terminal holds. What is
    /// wanted afterwards is sent anew.
    #[must_use = "it is to be sent"]
    pub fn leave(&mut self) -> Vec<u8> {
        let bytes = self.farewell();
        self.forget();
        bytes
    }

    /// The same for one who ends the program at any moment after this.
    pub fn farewell(&self) -> Vec<u8> {
        let ended = self.open.and_then(|open| self.ended(open)).unwrap_or_default();
        let freed = self.screen.farewell().flat_map(|bytes| self.wrapped(&bytes));
        ended.into_iter().chain(freed).collect()
    }

    /// Notes that nothing of ours is on the terminal any more.
    pub fn forget(&mut self) {
        self.open = None;
        self.screen = Screen::default();
        self.places = Places::default();
        if self.protocol == Protocol::Kitty {
            // Bytes that were sent are not kept.
            self.stock = Stock::new(self.protocol);
        }
    }

    /// The wish for this picture, and so its place.
    fn place(&self, spot: &Spot) -> Option<&Wanted> {
        self.wanted.iter().find(|want| want.spot == *spot)
    }

    fn is_wanted(&self, spot: &Spot) -> bool {
        is_among(spot, &self.wanted, &self.ahead)
    }

    /// The strip to be sent next.
    fn pick(&self) -> Option<Open> {
        let wanted = || self.wanted.iter().map(|want| want.spot);
        let quick = |sheet: &Sheet| sheet.bytes <= QUICK;
        wanted()
            .find_map(|spot| self.pending(spot, quick))
            .or_else(|| wanted().find_map(|spot| self.pending(spot, |_| true)))
            .or_else(|| {
                // What is only held is worth sending early; what must be drawn is not.
                let ahead = self.ahead.iter().filter(|_| self.protocol == Protocol::Kitty);
                ahead.copied().find_map(|spot| self.pending(spot, |_| true))
            })
    }

    /// The first strip of this picture that is not there, if it is one of those `asked`
    /// for: nothing coarser than what has begun to be seen.
    fn pending(&self, spot: Spot, asked: impl Fn(&Sheet) -> bool) -> Option<Open> {
        let want = self.place(&spot);
        let has = |step, nth, strip: &Strip| self.screen.has(want, step, nth, strip);
        let begun = |&(step, sheet): &(Step, &Sheet)| {
            (0..).zip(&sheet.strips).any(|(nth, strip)| has(step, nth, strip))
        };
        let least = self.stock.steps(&spot).rev().find(begun).map(|(step, _)| step);
        let (step, sheet, nth) =
            self.stock.steps(&spot).filter(|&(step, _)| Some(step) >= least).find_map(
                |(step, sheet)| {
                    let mut strips = (0..).zip(&sheet.strips);
                    let missing = strips.find(|&(nth, strip)| !has(step, nth, strip));
                    missing.map(|(nth, _)| (step, sheet, nth))
                },
            )?;
        asked(sheet).then_some(Open { spot, step, nth, sent: 0 })
    }

    /// Notes that the terminal holds this strip; says what is to be sent with its last unit.
    fn hold(&mut self, open: Open) -> Vec<u8> {
        let Open { spot, step, nth, .. } = open;
        let Some(strip) = self.stock.strip(&spot, step, nth) else { return Vec::new() };
        let mut bytes = Vec::new();
        if self.tmux {
            bytes.extend(self.wrapped(&strip.place_by_text()));
        }
        self.screen.hold(strip.id().unwrap_or_default());
        self.stock.forget_units(&spot, step, nth);
        let coarser = match finest_whole(&spot, &self.stock, &self.screen) {
            Some(whole) => self.stock.take_coarser(&spot, whole),
            None => Vec::new(),
        };
        bytes.extend(self.settle());
        self.screen.let_go(&coarser).into_iter().for_each(|id| self.ids.give_back(id));
        bytes
    }

    /// What makes the terminal show all that is held of what is wanted. Inside tmux it is a
    /// matter of text.
    fn settle(&mut self) -> Vec<u8> {
        if self.tmux {
            return Vec::new();
        }
        self.places.show(&seen(&self.wanted, &self.stock, &self.screen))
    }

    /// `bytes` as they may be sent now: what is on its way ends first.
    fn between(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        if bytes.is_empty() {
            return bytes;
        }
        let mut ended = self.close();
        ended.extend(bytes);
        ended
    }

    /// Gives up the strip that is on its way.
    fn close(&mut self) -> Vec<u8> {
        self.open.take().and_then(|open| self.ended(open)).unwrap_or_default()
    }

    fn ended(&self, open: Open) -> Option<Vec<u8>> {
        let id = self.stock.strip(&open.spot, open.step, open.nth)?.id()?;
        Some(self.wrapped(&abort(id)))
    }

    fn wrapped(&self, bytes: &[u8]) -> Vec<u8> {
        if self.tmux { passthrough(bytes) } else { bytes.to_vec() }
    }
}

fn is_among(spot: &Spot, wanted: &[Wanted], ahead: &[Spot]) -> bool {
    wanted.iter().any(|want| want.spot == *spot) || ahead.contains(spot)
}

/// The finest step of a picture of which the terminal holds every strip.
fn finest_whole(spot: &Spot, stock: &Stock, screen: &Screen) -> Option<Step> {
    let is_whole = |&(step, sheet): &(Step, &Sheet)| {
        (0..).zip(&sheet.strips).all(|(nth, strip)| screen.has(None, step, nth, strip))
    };
    stock.steps(spot).rev().find(is_whole).map(|(step, _)| step)
}

/// What is to be seen of what the terminal holds, with the corners of the pictures.
fn seen<'a>(wanted: &[Wanted], stock: &'a Stock, screen: &Screen) -> Vec<(&'a Strip, Position)> {
    let mut seen = Vec::new();
    for want in wanted {
        let least = finest_whole(&want.spot, stock, screen);
        for (step, sheet) in stock.steps(&want.spot).filter(|&(step, _)| Some(step) >= least) {
            let held =
                (0..).zip(&sheet.strips).filter(|(nth, it)| screen.has(None, step, *nth, it));
            seen.extend(held.map(|(_, strip)| (strip, want.corner)));
        }
    }
    seen
}
