//! The studio without a terminal: from a key to the bytes of the frame that shows it, and what
//! the store answers in between.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;
use std::time::{Duration, Instant};

use pentimento::app::history::{From, PAGE, Page, Wanted};
use pentimento::app::{Effect, Event, State, lineage, update};
use pentimento::config::Settings;
use pentimento::config::chord::{Chord, Key};
use pentimento::domain::Timestamp;
use pentimento::graphics::{
    CellSize, ColorDepth, Display, Easel, Glyphs, Missing, Pixels, reduce_colors,
};
use pentimento::store::{Start, Store};
use pentimento::ui::{self, Scene};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

const SCREEN: Rect = Rect { x: 0, y: 0, width: 120, height: 40 };
const DISPLAY_DEPTH: ColorDepth = ColorDepth::True;
/// Between two keys, in milliseconds.
const PAUSE: i64 = 40;

/// A studio whose pictures are there at once, and whose store is asked when it is told to be.
pub(crate) struct Desk {
    pub(crate) state: State,
    settings: Settings,
    easel: Easel,
    terminal: Terminal<CrosstermBackend<Sink>>,
    written: Rc<Cell<usize>>,
    store: Store,
    /// What the store was asked and has not answered yet.
    asked: Vec<Effect>,
}

/// Counts what is written.
struct Sink(Rc<Cell<usize>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Desk {
    /// A studio on this history, at `now`, with the newest rows on the screen.
    pub(crate) fn new(store: Store, now: Timestamp) -> Self {
        let model = "demo:painter".parse().expect("this is the name of a model");
        let (state, asked) = State::new(&model, None);
        let written = Rc::new(Cell::new(0));
        let backend = CrosstermBackend::new(Sink(Rc::clone(&written)));
        let viewport = TerminalOptions { viewport: Viewport::Fixed(SCREEN) };
        let terminal = Terminal::with_options(backend, viewport).expect("its size is known");
        let (settings, easel) = (Settings::default(), Easel::default());
        let mut desk = Self { state, settings, easel, terminal, written, store, asked };
        desk.happen(Event::Tick(now));
        desk.answer();
        desk.frame();
        desk
    }

    /// How many bytes all frames so far had.
    pub(crate) fn written(&self) -> usize {
        self.written.get()
    }

    pub(crate) fn happen(&mut self, event: Event) {
        self.asked.extend(update(&self.settings, &mut self.state, event));
    }

    /// Presses a key and draws what it changes; what it asks for is not answered yet.
    pub(crate) fn press(&mut self, chord: Chord) -> Duration {
        let now = Timestamp::from_millis(self.state.now.millis() + PAUSE);
        let pressed = Instant::now();
        self.happen(Event::Tick(now));
        self.happen(Event::Key(chord));
        let missing = self.draw();
        let took = pressed.elapsed();
        self.hang(missing);
        took
    }

    /// Presses these keys, each of which is answered before the next.
    pub(crate) fn keys(&mut self, keys: &str) {
        for chord in chords(keys) {
            self.press(chord);
            self.answer();
        }
    }

    /// Types `text`, likewise.
    pub(crate) fn type_text(&mut self, text: &str) {
        for letter in text.chars() {
            self.press(Chord::plain(Key::Char(letter)));
            self.answer();
        }
    }

    /// Has the store answer until nothing is asked of it any more; how long that took.
    pub(crate) fn answer(&mut self) -> Duration {
        let begun = Instant::now();
        while !self.asked.is_empty() {
            self.answer_once();
        }
        begun.elapsed()
    }

    /// Has the store answer what it was asked so far; how long that took.
    pub(crate) fn answer_once(&mut self) -> Duration {
        let begun = Instant::now();
        for effect in std::mem::take(&mut self.asked) {
            let answer = match effect {
                Effect::Load(wanted) => Event::Page(page(&self.store, wanted)),
                Effect::Lineage(of) => {
                    let found = self.store.lineage(of, lineage::MOST);
                    Event::Lineage(found.expect("a lineage can be read"))
                }
                Effect::Read(ids) => {
                    let read = |id| self.store.get(id).expect("a row can be read");
                    Event::Read(ids.into_iter().filter_map(read).collect())
                }
                _ => continue,
            };
            self.happen(answer);
        }
        begun.elapsed()
    }

    /// Draws a frame; how long that took.
    pub(crate) fn frame(&mut self) -> Duration {
        let begun = Instant::now();
        let missing = self.draw();
        let took = begun.elapsed();
        self.hang(missing);
        took
    }

    /// Draws as the studio does, and again where sizes have changed.
    fn draw(&mut self) -> Vec<Missing> {
        let display =
            Display { depth: DISPLAY_DEPTH, glyphs: Glyphs::Unicode, cell: CellSize::default() };
        let mut missing = Vec::new();
        for _ in 0..2 {
            let mut frame = self.terminal.get_frame();
            let scene: Scene = ui::draw(&mut frame, &self.state, &self.settings);
            missing.extend(self.easel.paint(frame.buffer_mut(), &scene.images, display));
            reduce_colors(frame.buffer_mut(), display.depth);
            self.terminal.flush().expect("counting cannot fail");
            self.terminal.swap_buffers();
            if scene.extents == self.state.extents {
                break;
            }
            self.happen(Event::Resized(scene.extents));
        }
        missing
    }

    /// Brings the pictures that a frame was without.
    fn hang(&mut self, missing: Vec<Missing>) {
        for missing in missing {
            let (width, height) = missing.fit;
            let grey = vec![99; (width * height * 3) as usize];
            let pixels = Pixels::new(width, height, (1024, 1024), grey).expect("sides are above 0");
            self.easel.insert(missing, Ok(pixels));
        }
    }
}

/// Keys by their names, with spaces between them.
pub(crate) fn chords(keys: &str) -> Vec<Chord> {
    keys.split_whitespace().map(|key| key.parse().expect("these are keys")).collect()
}

/// What the studio is given when it asks for a page.
fn page(store: &Store, wanted: Wanted) -> Page {
    let query = store.query(&wanted.query, Timestamp::default()).expect("it can be understood");
    let place = |id| store.position(id).expect("a place can be read").expect("it is there");
    let at = |day: Result<_, _>| Some(Start::At(day.expect("a day can be found")?));
    let from = match wanted.from {
        From::Newest => Some(Start::Newest),
        From::Oldest => Some(Start::Oldest),
        From::Below(id) => Some(Start::OlderThan(place(id))),
        From::Above(id) => Some(Start::NewerThan(place(id))),
        From::At(id) => Some(Start::At(place(id))),
        From::DayBelow(id) => at(store.day_below(&query, id)),
        From::DayAbove(id) => at(store.day_above(&query, id)),
    };
    let entries = from.map(|from| store.page(&query, from, PAGE).expect("a page can be read"));
    let rows = entries.into_iter().flatten().filter_map(|entry| entry.generation.ok()).collect();
    Page { wanted, rows }
}
