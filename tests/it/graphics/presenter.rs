//! The presenter, before a model of each terminal: whatever was wanted in between, what is
//! wanted in the end is what is seen, and nothing else.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be made fails its test")]

use std::collections::BTreeMap;

use image::{Rgb, RgbImage};
use pentimento::domain::{GenerationId, ImageId, View};
use pentimento::graphics::drivers::{Ids, Protocol};
use pentimento::graphics::presenter::{Line, Presenter, Wanted, make};
use pentimento::graphics::{CellSize, Pixels};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Color;

use super::protocols::Screen;

const CELL: (u16, u16) = (8, 16);

/// The cells of the screen.
const AREA: Rect = Rect { x: 0, y: 0, width: 60, height: 24 };

/// Boxes for pictures that do not lie over each other: a preview, and thumbnails.
const BOXES: [Rect; 4] = [
    Rect { x: 30, y: 1, width: 28, height: 15 },
    Rect { x: 1, y: 1, width: 6, height: 3 },
    Rect { x: 1, y: 4, width: 6, height: 3 },
    Rect { x: 1, y: 7, width: 6, height: 3 },
];

/// The marks that say a row or a column in a placeholder, from kitty's table.
const MARKS: [u32; 30] = [
    0x305, 0x30d, 0x30e, 0x310, 0x312, 0x33d, 0x33e, 0x33f, 0x346, 0x34a, 0x34b, 0x34c, 0x350,
    0x351, 0x352, 0x357, 0x35b, 0x363, 0x364, 0x365, 0x366, 0x367, 0x368, 0x369, 0x36a, 0x36b,
    0x36c, 0x36d, 0x36e, 0x36f,
];

/// What may happen to a screen.
#[derive(Clone, Debug)]
enum Happening {
    /// Other pictures are wanted: which one in which box.
    Want(Vec<(usize, u32)>),
    /// Some of these pictures may be wanted next in the first box.
    Ahead(Vec<u32>),
    /// What was asked for is made, so many of it.
    Made(usize),
    /// So many pieces are sent.
    Sent(usize),
    /// Everything is made and sent.
    Settled,
    /// Text is written somewhere.
    Text(u16, u16),
    /// The line turns out to be so quick.
    Line(Option<f64>),
    Resized,
    Left,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        4 => proptest::collection::vec((0..BOXES.len(), 0..5_u32), 0..5).prop_map(Happening::Want),
        2 => proptest::collection::vec(0..5_u32, 0..3).prop_map(Happening::Ahead),
        4 => (1..3_usize).prop_map(Happening::Made),
        3 => (1..12_usize).prop_map(Happening::Sent),
        3 => Just(Happening::Settled),
        3 => (28..AREA.width, 0..18_u16).prop_map(|(x, y)| Happening::Text(x, y)),
        1 => (0..AREA.width, 0..AREA.height).prop_map(|(x, y)| Happening::Text(x, y)),
        1 => proptest::sample::select(vec![None, Some(1e5), Some(1e9)]).prop_map(Happening::Line),
        1 => Just(Happening::Resized),
        1 => Just(Happening::Left),
    ]
}

/// A picture unlike the others, and unlike itself from place to place.
fn picture(number: u32) -> RgbImage {
    RgbImage::from_fn(300, 300, |x, y| {
        let base = number * 50;
        Rgb([base + x / 6, (y / 3) + 20, 255 - base - x / 10].map(|channel| channel as u8))
    })
}

fn view(number: u32) -> View {
    View::whole(ImageId { generation: GenerationId::from_parts(1, [7; 10]), index: number })
}

/// A terminal, what it is sent, and who sends it.
struct Stage {
    presenter: Presenter,
    tmux: bool,
    screen: Screen,
    /// For each cell, which of the screen's pictures stands in it: where text erases them.
    cells: BTreeMap<(u16, u16), usize>,
    counted: usize,
    pixels: Vec<Pixels>,
    wanted: Vec<(Wanted, u32)>,
    ahead: Vec<u32>,
    asks: Vec<pentimento::graphics::presenter::Ask>,
    line: Line,
}

impl Stage {
    fn new(protocol: Protocol, tmux: bool) -> Self {
        let pixels = |number| {
            let picture = picture(number);
            Pixels::new(300, 300, (300, 300), picture.into_raw()).unwrap()
        };
        Self {
            presenter: Presenter::new(protocol, tmux, Ids::new(99)),
            tmux,
            screen: Screen::new(CELL),
            cells: BTreeMap::new(),
            counted: 0,
            pixels: (0..5).map(pixels).collect(),
            wanted: Vec::new(),
            ahead: Vec::new(),
            asks: Vec::new(),
            line: Line::default(),
        }
    }

    /// The terminal reads what was sent.
    fn feed(&mut self, bytes: &[u8]) {
        if self.tmux {
            let mut rest = bytes;
            while !rest.is_empty() {
                let inner = rest.strip_prefix(b"\x1bPtmux;").expect("all is passed through");
                let end = end_of(inner);
                self.screen.feed(&undoubled(&inner[..end]));
                rest = &inner[end + 2..];
            }
        } else {
            self.screen.feed(bytes);
        }
        for (nth, placed) in self.screen.placed.iter().enumerate().skip(self.counted) {
            if placed.id.is_none() {
                let area = Rect::new(placed.column, placed.row, placed.columns, placed.rows);
                assert_eq!(area.intersection(AREA), area, "nothing reaches out of the screen");
                self.cells.extend(area.positions().map(|at| ((at.x, at.y), nth)));
            }
        }
        // Pictures of kitty are moved and taken away, the others only added.
        self.counted = self.screen.placed.iter().filter(|placed| placed.id.is_none()).count();
    }

    /// A frame of text changes these cells.
    fn write(&mut self, cells: impl Iterator<Item = Position>) {
        for at in cells {
            self.cells.remove(&(at.x, at.y));
            self.presenter.damaged([at]);
        }
    }

    fn wish(&self, number: u32, place: usize) -> Wanted {
        let cell = CellSize::new(CELL.0, CELL.1).unwrap();
        let pixels = &self.pixels[number as usize];
        Wanted::within(view(number), pixels, BOXES[place], cell).unwrap()
    }

    fn want(&mut self) {
        let wanted = self.wanted.iter().map(|(wanted, _)| *wanted).collect();
        let ahead = self.ahead.iter().map(|number| self.wish(*number, 0).spot).collect();
        let change = self.presenter.want(wanted, ahead);
        self.write(change.stale.into_iter().flat_map(Rect::positions));
        self.feed(&change.bytes);
    }

    fn ask(&mut self) {
        self.asks.extend(self.presenter.asks(self.line));
    }

    fn make(&mut self, most: usize) {
        self.ask();
        for ask in self.asks.drain(..most.min(self.asks.len())).collect::<Vec<_>>() {
            let number = ask.spot().view.image().index;
            let mut made = Vec::new();
            make(&ask, &self.pixels[number as usize], |rendition| made.push(rendition));
            for rendition in made {
                self.presenter.take(rendition);
            }
        }
    }

    fn send(&mut self, most: usize) {
        for _ in 0..most {
            let Some(piece) = self.presenter.next_piece() else { return };
            self.feed(&piece);
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Want(wishes) => {
                self.wanted.clear();
                for (place, number) in wishes {
                    let taken = |it: &(Wanted, u32)| BOXES[place].contains(it.0.corner);
                    if self.wanted.iter().any(taken) {
                        continue;
                    }
                    let want = self.wish(number, place);
                    // One picture is wanted once in each size.
                    if self.wanted.iter().all(|(other, _)| other.spot != want.spot) {
                        self.wanted.push((want, number));
                    }
                }
                self.want();
            }
            Happening::Ahead(ahead) => {
                self.ahead = ahead;
                self.want();
            }
            Happening::Made(most) => self.make(most),
            Happening::Sent(most) => self.send(most),
            Happening::Settled => self.settle(),
            Happening::Text(x, y) => {
                self.write(std::iter::once(Position::new(x, y)));
            }
            Happening::Line(rate) => self.line = Line { rate },
            Happening::Resized => {
                self.presenter.resized();
                // All cells are written anew.
                self.write(AREA.positions());
                self.want();
            }
            Happening::Left => {
                let farewell = self.presenter.farewell();
                let bytes = self.presenter.leave();
                assert_eq!(farewell, bytes);
                self.feed(&bytes);
                assert!(self.screen.held.is_empty() && !self.screen.is_open(), "all is freed");
                let of_kitty = self.screen.placed.iter().any(|placed| placed.id.is_some());
                assert!(!of_kitty, "nothing is left on the screen");
                self.cells.clear();
                self.want();
            }
        }
    }

    /// The colour that a picture has at a cell, if there is one.
    fn seen(&self, at: Position, buffer: &Buffer) -> Option<[f64; 3]> {
        let (placed, column, row) = if self.tmux {
            let cell = &buffer[at];
            let mut symbol = cell.symbol().chars();
            if symbol.next() != Some('\u{10eeee}') {
                return None;
            }
            let mut mark = || {
                let mark = u32::from(symbol.next().unwrap());
                MARKS.iter().position(|known| *known == mark).unwrap() as u16
            };
            let (row, column) = (mark(), mark());
            let Color::Rgb(red, green, blue) = cell.fg else { panic!("a number is a colour") };
            let id = u32::from_be_bytes([0, red, green, blue]);
            let (columns, rows) = self.screen.by_text[&id];
            return Some(part(&self.screen.held[&id], (columns, rows), (column, row)));
        } else if let Some(nth) = self.cells.get(&(at.x, at.y)) {
            let placed = &self.screen.placed[*nth];
            (placed, at.x - placed.column, at.y - placed.row)
        } else {
            let over = |placed: &&super::protocols::Placed| {
                let cells = (placed.column, placed.row, placed.columns, placed.rows);
                placed.id.is_some() && Rect::new(cells.0, cells.1, cells.2, cells.3).contains(at)
            };
            let seen: Vec<_> = self.screen.placed.iter().filter(over).collect();
            assert!(seen.len() <= 1, "{} pictures lie over each other in the end", seen.len());
            let placed = seen.first()?;
            (*placed, at.x - placed.column, at.y - placed.row)
        };
        Some(part(&placed.pixels, (placed.columns, placed.rows), (column, row)))
    }

    /// Everything that is wanted is made and sent.
    fn settle(&mut self) {
        for _ in 0..100 {
            self.make(usize::MAX);
            self.send(usize::MAX);
            self.ask();
            if self.asks.is_empty() && self.presenter.is_done() {
                return;
            }
        }
        panic!("it never ends");
    }

    /// Once all is settled, what is wanted is what is seen.
    fn settles(&mut self) -> Result<(), TestCaseError> {
        self.settle();
        let mut buffer = Buffer::empty(AREA);
        self.presenter.paint(&mut buffer);
        let pictures: Vec<RgbImage> = (0..5).map(picture).collect();
        for at in AREA.positions() {
            let want = self.wanted.iter().find(|(want, _)| {
                let (width, height) = (want.spot.extent.columns(), want.spot.extent.rows());
                Rect::new(want.corner.x, want.corner.y, width, height).contains(at)
            });
            let seen = self.seen(at, &buffer);
            match (want, seen) {
                (None, None) => {}
                (None, Some(_)) => prop_assert!(false, "something is left behind at {at}"),
                (Some(_), None) => prop_assert!(false, "something is missing at {at}"),
                (Some((want, number)), Some(seen)) => {
                    let extent = want.spot.extent;
                    let within = (at.x - want.corner.x, at.y - want.corner.y);
                    let all = (extent.columns(), extent.rows());
                    let asked = part(&pictures[*number as usize], all, within);
                    let away = difference(seen, asked);
                    prop_assert!(away < 14.0, "picture {number} is {away} away at {at}");
                }
            }
        }
        Ok(())
    }
}

#[test]
fn the_picture_that_comes_first_is_awaited_until_something_of_it_is_ready() {
    let mut stage = Stage::new(Protocol::Kitty, false);
    assert!(!stage.presenter.awaits_first(), "nothing is wanted");
    stage.wanted =
        [(0, 0), (1, 1)].map(|(place, number)| (stage.wish(number, place), number)).into();
    stage.want();
    stage.ask();
    stage.asks.reverse();
    stage.make(1);
    assert!(stage.presenter.awaits_first(), "only the second one is ready");
    stage.make(1);
    assert!(!stage.presenter.awaits_first());
}

/// Where a passed sequence ends: an escape that is not doubled.
fn end_of(inner: &[u8]) -> usize {
    let mut at = 0;
    while inner[at] != 0x1b || inner[at + 1] == 0x1b {
        at += if inner[at] == 0x1b { 2 } else { 1 };
    }
    assert_eq!(inner[at + 1], b'\\');
    at
}

fn undoubled(bytes: &[u8]) -> Vec<u8> {
    let mut single = Vec::new();
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        single.push(*byte);
        if *byte == 0x1b {
            assert_eq!(rest.next(), Some(&0x1b));
        }
    }
    single
}

/// The mean colour that a picture filling `all` cells has in one of them.
fn part(picture: &RgbImage, all: (u16, u16), (column, row): (u16, u16)) -> [f64; 3] {
    let range = |side: u32, all: u16, nth: u16| {
        let (all, nth) = (u32::from(all), u32::from(nth));
        side * nth / all..(side * (nth + 1)).div_ceil(all)
    };
    let (across, down) = picture.dimensions();
    let (columns, rows) = (range(across, all.0, column), range(down, all.1, row));
    let count = f64::from(columns.end - columns.start) * f64::from(rows.end - rows.start);
    let places = rows.flat_map(|y| columns.clone().map(move |x| (x, y)));
    let mut sums = [0.0; 3];
    for (x, y) in places {
        for (sum, channel) in sums.iter_mut().zip(picture.get_pixel(x, y).0) {
            *sum += f64::from(channel);
        }
    }
    sums.map(|sum| sum / count)
}

/// How far two colours are from each other, in the channel where that is most.
fn difference(seen: [f64; 3], asked: [f64; 3]) -> f64 {
    seen.iter().zip(asked).map(|(seen, asked)| (seen - asked).abs()).fold(0.0, f64::max)
}

/// Each way in which pictures go to a terminal.
const WAYS: [(Protocol, bool); 5] = [
    (Protocol::Kitty, false),
    (Protocol::Kitty, true),
    (Protocol::Iterm, false),
    (Protocol::WezTerm, false),
    (Protocol::Sixel, false),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, ..ProptestConfig::default() })]

    #[test]
    fn what_is_wanted_in_the_end_is_what_is_seen(
        happenings in proptest::collection::vec(happening(), 1..24),
        way in proptest::sample::select(&WAYS[..]),
    ) {
        let mut stage = Stage::new(way.0, way.1);
        for happening in happenings {
            stage.happen(happening);
        }
        stage.settles()?;
        stage.happen(Happening::Left);
    }
}
