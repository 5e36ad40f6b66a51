//! From a key to the bytes of the frame that shows it, without a terminal: update,
//! draw, pictures, and the difference that would be written.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;
use std::time::{Duration, Instant};

use criterion::Criterion;
use pentimento::app::history::{From, PAGE, Page, Wanted};
use pentimento::app::{Effect, Event, State, update};
use pentimento::config::Settings;
use pentimento::config::chord::Chord;
use pentimento::domain::{Job, Progress, Query, Timestamp};
use pentimento::graphics::{
    CellSize, ColorDepth, Display, Easel, Glyphs, Missing, Pixels, reduce_colors,
};
use pentimento::store::{Start, Store};
use pentimento::ui::{self, Scene};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use crate::figures::Figures;
use crate::generator;

const SCREEN: Rect = Rect { x: 0, y: 0, width: 120, height: 40 };
const DISPLAY_DEPTH: ColorDepth = ColorDepth::True;
/// Jobs under way, numbered after those of the history.
const JOBS: std::ops::Range<u32> = 1000..1008;
const ROUNDS: usize = 40;
/// One round of keys: writing, the round of panes, walking the list, help, full screen.
const KEYS: &str = "space a space f o x i n space t h e space s n o w backspace backspace left \
    right home alt+b ctrl+w end ctrl+u F3 j j j j k j ctrl+d ctrl+u j i i z z F4 F1 j j esc tab \
    tab tab F3 / s e a esc F2";

/// A studio with eight jobs under way, whose pictures and rows are there at once.
struct Desk {
    settings: Settings,
    state: State,
    easel: Easel,
    terminal: Terminal<CrosstermBackend<Sink>>,
    written: Rc<Cell<usize>>,
    store: Store,
    now: i64,
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

pub(crate) fn measure() {
    let dir = generator::history(JOBS.start, 512);
    let mut desk = Desk::new(Store::open(dir.path()).expect("the history opens"));
    let mut figures = Figures::default();
    let keys = chords();
    for _ in 0..ROUNDS {
        for &chord in &keys {
            figures.push(desk.press(chord));
        }
    }
    let frames = figures.count();
    figures.print("key to finished frame, 8 jobs under way", "120 × 40; goal p99 4 ms");
    println!("bytes of a frame: {} in the mean", desk.written.get() / frames);
}

/// The same by the key, as a mean.
pub(crate) fn mean(criterion: &mut Criterion) {
    let dir = generator::history(JOBS.start, 512);
    let mut desk = Desk::new(Store::open(dir.path()).expect("the history opens"));
    let mut keys = chords().into_iter().cycle();
    criterion.bench_function("key to finished frame", |bencher| {
        bencher.iter_custom(|times| {
            (0..times).filter_map(|_| keys.next()).map(|chord| desk.press(chord)).sum()
        });
    });
}

fn chords() -> Vec<Chord> {
    KEYS.split_whitespace().map(|key| key.parse().expect("these are keys")).collect()
}

impl Desk {
    fn new(store: Store) -> Self {
        let settings = Settings::default();
        let model = "demo:painter".parse().expect("this is the name of a model");
        let (mut state, _) = State::new(&model, None);
        let written = Rc::new(Cell::new(0));
        let backend = CrosstermBackend::new(Sink(Rc::clone(&written)));
        let viewport = TerminalOptions { viewport: Viewport::Fixed(SCREEN) };
        let terminal = Terminal::with_options(backend, viewport).expect("its size is known");
        let wanted = Wanted { query: String::new(), from: From::Newest };
        update(&settings, &mut state, Event::Page(newest(&store, wanted)));
        let jobs: Vec<_> = JOBS.map(generator::generation).collect();
        let now = jobs.last().map_or(0, |job| job.created.millis());
        let ids: Vec<_> = jobs.iter().map(|job| job.id).collect();
        update(&settings, &mut state, Event::Queued(jobs));
        for id in ids {
            let job = Job::Running { since: Timestamp::from_millis(now), attempt: 1 };
            update(&settings, &mut state, Event::Progress(Progress { id, job, sent: None }));
        }
        let mut desk =
            Self { settings, state, easel: Easel::default(), terminal, written, store, now };
        desk.frame();
        desk
    }

    /// Presses a key and draws what it changes; what it asks for comes afterwards.
    fn press(&mut self, chord: Chord) -> Duration {
        self.now += 40;
        let pressed = Instant::now();
        let now = Timestamp::from_millis(self.now);
        update(&self.settings, &mut self.state, Event::Tick(now));
        let effects = update(&self.settings, &mut self.state, Event::Key(chord));
        let missing = self.frame();
        let took = pressed.elapsed();
        for missing in missing {
            let (width, height) = missing.fit;
            let grey = vec![99; (width * height * 3) as usize];
            let pixels = Pixels::new(width, height, (1024, 1024), grey).expect("sides are above 0");
            self.easel.insert(missing, Ok(pixels));
        }
        for effect in effects {
            if let Effect::Load(wanted) = effect {
                assert_eq!(wanted.from, From::Newest, "the keys stay among the newest");
                let page = newest(&self.store, wanted);
                update(&self.settings, &mut self.state, Event::Page(page));
            }
        }
        took
    }

    /// Draws as the studio does, and again where sizes have changed.
    fn frame(&mut self) -> Vec<Missing> {
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
            update(&self.settings, &mut self.state, Event::Resized(scene.extents));
        }
        missing
    }
}

/// The newest rows, as the studio asks for them at a start and with every letter of a search.
fn newest(store: &Store, wanted: Wanted) -> Page {
    let filter = Query::parse(&wanted.query, Timestamp::default(), &[]);
    let rows = store.page(&filter, Start::Newest, PAGE).expect("a page can be read");
    Page { rows: rows.into_iter().filter_map(|entry| entry.generation.ok()).collect(), wanted }
}
