//! The studio with a whole terminal at the other end: it answers, and knows what somebody
//! would see. Whatever is done, the right picture is in the right place in the end, no
//! text stands where a picture is, and nothing is left behind.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use image::RgbImage;

use crate::graphics::emulator::{Emulator, Persona, difference};
use crate::home::Home;
use crate::studio::Studio;
use pentimento::store::Store;

const SIZE: (u16, u16) = (120, 40);

/// Small cells: there are fewer pixels to look at.
const CELL: (u16, u16) = (6, 12);

/// How far the channels of what is seen may be from those of the file, in the mean: a
/// picture in blocks has fewer pixels, and on a line that seems slow 256 colours.
const NEAR: f64 = 14.0;
const NEAR_IN_BLOCKS: f64 = 22.0;
/// How far the two paintings are from each other at least, so that one is not the other.
const FAR: f64 = 40.0;

/// A studio on a history of two paintings, and its terminal.
struct Watched {
    studio: Studio,
    terminal: Emulator,
    /// How much of what was written the terminal has read.
    read: usize,
    /// The newest painting first.
    paintings: [RgbImage; 2],
}

impl Watched {
    fn open(home: &Home, persona: Persona) -> Self {
        let mut paintings = home.history().into_iter().map(|row| {
            let path = row["images"][0]["path"].as_str().expect("it has a picture").to_owned();
            let file = fs::read(path).expect("a picture is there");
            image::load_from_memory(&file).expect("it can be read").into_rgb8()
        });
        let paintings = [(); 2].map(|()| paintings.next().expect("there are two"));
        let apart = difference(&paintings[0], &paintings[1]);
        assert!(apart > FAR, "the paintings are alike: {apart}");
        // Each begins where a first start does, not where the last one ended.
        let mut store = Store::open(home.path()).expect("the history opens");
        store.save_draft("{}").expect("a draft can be written");
        drop(store);
        Self {
            studio: Studio::open_in(home, SIZE.0, SIZE.1),
            terminal: Emulator::new(persona, SIZE, CELL),
            read: 0,
            paintings,
        }
    }

    /// The terminal reads what was written, and answers.
    fn read(&mut self) {
        let written = self.studio.written();
        self.terminal.feed(&written[self.read..]);
        self.read = written.len();
        for answer in self.terminal.answers() {
            self.studio.send(&answer);
        }
    }

    #[track_caller]
    fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) -> &mut Self {
        let begun = Instant::now();
        self.read();
        while !is_so(self) {
            self.studio.hear(what, begun);
            self.read();
        }
        self
    }

    fn keys(&mut self, keys: &str) -> &mut Self {
        self.studio.keys(keys);
        self
    }

    #[track_caller]
    fn shows(&mut self, text: &str) -> &mut Self {
        self.until(text, |it| it.terminal.text().contents().contains(text))
    }

    /// What is seen of a picture in the preview: the rectangle of cells that are of one,
    /// right of the history. A picture by a protocol fills it, or is not all there.
    fn preview(&self) -> Option<RgbImage> {
        let left = self.terminal.cells().0 * 2 / 5;
        let within = || self.terminal.each_cell().filter(|at| at.0 >= left);
        let mut cells: Vec<_> = within().filter(|at| self.terminal.covers(*at)).collect();
        let in_blocks = cells.is_empty();
        if in_blocks {
            cells = within().filter(|at| self.terminal.has_block(*at)).collect();
        }
        let columns = cells.iter().map(|at| at.0);
        let rows = cells.iter().map(|at| at.1);
        let corner = (columns.clone().min()?, rows.clone().min()?);
        let sides = (columns.max()? + 1 - corner.0, rows.max()? + 1 - corner.1);
        let is_whole = cells.len() == usize::from(sides.0) * usize::from(sides.1);
        (is_whole || in_blocks).then(|| self.terminal.shown_in(corner, sides))
    }

    /// Waits until the preview shows this painting, and not the other.
    #[track_caller]
    fn sees(&mut self, nth: usize) -> &mut Self {
        self.until(&format!("painting {nth}"), |it| {
            let near = if it.terminal.covered() == 0 { NEAR_IN_BLOCKS } else { NEAR };
            it.preview().is_some_and(|seen| difference(&seen, &it.paintings[nth]) < near)
        });
        let letters = self.terminal.each_cell().filter(|at| self.terminal.covers(*at));
        let letters: String = letters
            .filter_map(|at| Some(self.terminal.text().cell(at.1, at.0)?.contents().to_owned()))
            .filter(|symbol| !symbol.starts_with('\u{10eeee}') && !symbol.trim().is_empty())
            .collect();
        assert_eq!(letters, "", "text stands where a picture is");
        self
    }

    /// Nothing of a picture lies over the help.
    #[track_caller]
    fn sees_help(&mut self) -> &mut Self {
        self.until("help that lies over everything", |it| {
            let text = it.terminal.text().contents();
            let rows = || text.lines().map(|line| line.chars().collect::<Vec<_>>());
            let edge = |row: &Vec<char>| {
                row.windows(6).position(|part| part.iter().eq(&['┏', ' ', 'H', 'e', 'l', 'p']))
            };
            let Some((top, left)) =
                (0_u16..).zip(rows()).find_map(|(nth, row)| Some((nth, edge(&row)? as u16)))
            else {
                return false;
            };
            let right = rows()
                .nth(top.into())
                .and_then(|row| row.iter().rposition(|symbol| *symbol == '┓'));
            let Some(right) = right.map(|right| right as u16) else { return false };
            let under = |at: &(u16, u16)| at.1 > top && (left..=right).contains(&at.0);
            it.terminal.each_cell().filter(under).all(|at| !it.terminal.covers(at))
        })
    }

    fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.read();
        self.terminal.resize(columns, rows);
        self.studio.resize(columns, rows);
        self
    }

    /// Leaves, and looks at what is left.
    #[track_caller]
    fn leaves_nothing(&mut self) {
        self.studio.quit();
        self.studio.drained();
        self.read();
        assert_eq!(self.terminal.left_behind(), [""; 0], "{:?}", self.terminal.text().contents());
    }
}

/// A home with two paintings that are nothing like each other.
fn home() -> Home {
    let home = Home::new();
    home.generate("a red fox in snow at dawn");
    home.generate("a castle by the sea at night");
    home
}

/// Selects, looks at help, resizes and leaves in each of these terminals.
fn look_around(personas: &[Persona]) {
    let home = home();
    for &persona in personas {
        let mut watched = Watched::open(&home, persona);
        watched.shows("Preview · ").sees(0);
        watched.keys("<F3>j").sees(1).keys("k").sees(0);
        watched.keys("<F1>").shows("┏ Help").sees_help().keys("<F1>").sees(0);
        watched.resize(100, 30).sees(0).resize(SIZE.0, SIZE.1).keys("j").sees(1);
        watched.leaves_nothing();
    }
}

#[test]
fn pictures_that_a_terminal_holds_are_where_they_belong_and_freed_in_the_end() {
    look_around(&[Persona::Kitty, Persona::Ghostty, Persona::Splitting]);
}

#[test]
fn pictures_that_stand_in_cells_are_where_they_belong_and_gone_in_the_end() {
    look_around(&[Persona::Iterm, Persona::WezTerm, Persona::Konsole]);
}

#[test]
fn pictures_in_sixel_are_where_they_belong_and_gone_in_the_end() {
    look_around(&[Persona::Foot, Persona::Xterm { sixel: true }]);
}

#[test]
fn pictures_that_text_names_inside_tmux_are_where_they_belong_and_freed_in_the_end() {
    look_around(&[Persona::Tmux { passthrough: true }]);
}

#[test]
fn an_editor_gets_a_screen_without_pictures_and_gives_it_back_to_them() {
    let home = home();
    let editor = home.path().join("editor");
    fs::write(&editor, "#!/bin/sh\necho EDITOR\nread line\n").expect("the home can be written");
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let home = home.with("EDITOR", &editor.display().to_string());
    for persona in [Persona::Kitty, Persona::Foot, Persona::Tmux { passthrough: true }] {
        let mut watched = Watched::open(&home, persona);
        watched.shows("Preview · ").sees(0).keys("<F6>").shows("EDITOR");
        assert_eq!((watched.terminal.covered(), watched.terminal.held()), (0, 0), "{persona:?}");
        watched.keys("<enter>").shows("Preview · ").sees(0);
        watched.keys("<ctrl+l>").sees(0).leaves_nothing();
    }
}

/// Whoever has the terminal next says what it finds typed, within a second.
const NEXT: &str =
    "stty -icanon -echo min 0 time 10; typed=$(dd bs=200 count=1 2>/dev/null | od -An -c)
stty icanon echo; echo \"TYPED[$typed]\"; read line\n";

#[test]
fn what_a_terminal_answers_late_is_typed_into_nothing_else() {
    let home = home();
    let editor = home.path().join("editor");
    fs::write(&editor, format!("#!/bin/sh\n{NEXT}")).expect("the home can be written");
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let home = home.with("EDITOR", &editor.display().to_string());
    let script = format!("set -m; \"$0\"; {NEXT} fg 2>/dev/null");
    for leave in ["<F2><F6>", "<ctrl+z>", "<ctrl+q>"] {
        let mut watched = Watched::open(&home, Persona::Kitty);
        watched.studio = Studio::within(&home, &script);
        watched.shows("Preview · ").sees(0).keys("<F3>j");
        // A picture is on its way, and the terminal takes its time to say what it has read.
        let begun = Instant::now();
        let asked = b"\x1b[5n";
        while !watched.studio.written()[watched.read..].windows(4).any(|part| part == asked) {
            watched.studio.hear("a question", begun);
        }
        watched.keys(leave).studio.hear_for(Duration::from_millis(200));
        watched.shows("TYPED[");
        let found = watched.terminal.text().contents();
        assert!(found.contains("TYPED[]"), "{leave}: {found}");
        watched.studio.hang_up();
    }
}

#[test]
fn the_gallery_and_the_full_screen_give_way_to_the_preview_again() {
    let home = home();
    for persona in [Persona::Kitty, Persona::WezTerm] {
        let mut watched = Watched::open(&home, persona);
        watched.shows("Preview · ").sees(0).keys("<F3>v").until("the gallery", |it| {
            !it.terminal.text().contents().contains("Preview · ") && it.terminal.covered() > 0
        });
        watched.keys("v").shows("Preview · ").sees(0).keys("jz").until("the full screen", |it| {
            !it.terminal.text().contents().contains("History · ") && it.terminal.covered() > 0
        });
        watched.keys("z").shows("History · ").sees(1).leaves_nothing();
    }
}

#[test]
fn where_there_is_no_way_to_show_pictures_they_are_made_of_blocks() {
    let without = [Persona::Tmux { passthrough: false }, Persona::Xterm { sixel: false }];
    look_around(&without);
    // Inline images through tmux would stand where its cursor happens to be.
    look_around(&[Persona::TmuxInIterm]);
    look_around(&[Persona::Vte, Persona::Mute]);
}
