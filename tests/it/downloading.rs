//! Files through the terminal: what arrives there is what lies here, whoever the terminal
//! is, and keys are heard meanwhile.

use std::collections::BTreeMap;
use std::fs;
use std::time::Instant;

use crate::graphics::emulator::{Emulator, Persona};
use crate::home::Home;
use crate::studio::Studio;

const SIZE: (u16, u16) = (120, 40);

/// A studio and its terminal.
struct Watched {
    studio: Studio,
    terminal: Emulator,
    read: usize,
}

impl Watched {
    fn open(home: &Home, persona: Persona) -> Self {
        let studio = Studio::open_in(home, SIZE.0, SIZE.1);
        let mut watched = Self { studio, terminal: Emulator::new(persona, SIZE, (6, 12)), read: 0 };
        watched.shows("Preview · ");
        watched
    }

    fn read(&mut self) {
        let written = self.studio.written();
        self.terminal.feed(&written[self.read..]);
        self.read = written.len();
        for answer in self.terminal.answers() {
            self.studio.send(&answer);
        }
    }

    #[track_caller]
    fn until(&mut self, what: &str, is_so: impl Fn(&Emulator) -> bool) -> &mut Self {
        let begun = Instant::now();
        self.read();
        while !is_so(&self.terminal) {
            self.studio.hear(what, begun);
            self.read();
        }
        self
    }

    #[track_caller]
    fn shows(&mut self, text: &str) -> &mut Self {
        self.until(text, |terminal| terminal.text().contents().contains(text))
    }

    fn keys(&mut self, keys: &str) -> &mut Self {
        self.studio.keys(keys);
        self
    }

    fn decide(&mut self, allowed: bool) -> &mut Self {
        self.until("a question about files", Emulator::asks);
        self.terminal.decide(allowed);
        self
    }

    #[track_caller]
    fn leaves_nothing(mut self) -> Emulator {
        self.studio.quit();
        self.studio.drained();
        self.read();
        assert_eq!(self.terminal.left_behind(), [""; 0]);
        self.terminal
    }
}

/// The pictures in the history: their names and bytes.
fn pictures(home: &Home) -> BTreeMap<String, Vec<u8>> {
    let rows = home.history();
    let paths = rows.iter().flat_map(|row| row["images"].as_array().expect("a list"));
    paths
        .map(|image| {
            let path = std::path::Path::new(image["path"].as_str().expect("a path"));
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(path).expect("it is there"))
        })
        .collect()
}

/// What has arrived, by the names of the files.
fn arrived(terminal: &Emulator, below: &str) -> BTreeMap<String, Vec<u8>> {
    let name = |name: &str| name.strip_prefix(below).unwrap_or(name).to_owned();
    terminal.saved().iter().map(|(path, bytes)| (name(path), bytes.clone())).collect()
}

fn painted(prompts: &[&str]) -> Home {
    let home = Home::new();
    for prompt in prompts {
        home.generate(prompt);
    }
    home
}

#[test]
fn all_that_is_marked_arrives_byte_for_byte_in_each_terminal_that_takes_files() {
    let home = painted(&["a red fox in snow at dawn", "a castle by the sea at night", "a pear"]);
    let expected = pictures(&home);
    for (persona, below) in [
        (Persona::Kitty, "~/Downloads/"),
        (Persona::Splitting, "~/Downloads/"),
        (Persona::Iterm, ""),
    ] {
        let mut watched = Watched::open(&home, persona);
        watched.keys("<F3>g   ").shows("3 marked").keys("s");
        if below.is_empty() {
            watched.shows("Downloaded 3 files to where your terminal puts downloads.");
        } else {
            watched.shows("The terminal asks whether it may take the file.").decide(true);
            watched.shows("Downloaded 3 files to ~/Downloads of your machine.");
        }
        let terminal = watched.leaves_nothing();
        assert!(arrived(&terminal, below) == expected, "{persona:?}: not what was painted");
        assert_eq!(terminal.transfers(), (usize::from(!below.is_empty()), 0), "{persona:?}");
    }
}

#[test]
fn a_terminal_that_takes_a_file_in_one_piece_gets_it_so() {
    let home = painted(&["a red fox in snow at dawn"]);
    let mut watched = Watched::open(&home, Persona::WezTerm);
    // On a line that seems slow the first press tells how long it takes.
    watched.keys("<F3>s").until("a file, or a word", |terminal| {
        let text = terminal.text().contents();
        text.contains("Downloaded 1 file") || text.contains("the screen stands still")
    });
    if watched.terminal.saved().is_empty() {
        watched.keys("s");
    }
    watched.shows("Downloaded 1 file to where your terminal puts downloads.");
    let terminal = watched.leaves_nothing();
    assert!(arrived(&terminal, "") == pictures(&home), "not what was painted");
}

/// A home with one picture whose file and row say that it is so large.
fn with_large_picture(bytes: usize, said: u64) -> Home {
    let home = painted(&["a pear", "a plum"]);
    let (_, newest) = {
        let rows = home.history();
        let path = rows[0]["images"][0]["path"].as_str().expect("a path").to_owned();
        (rows.len(), path)
    };
    let mut noise = 7_u64;
    let body = std::iter::repeat_with(|| {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (noise >> 56) as u8
    });
    fs::write(&newest, body.take(bytes).collect::<Vec<u8>>()).expect("it is ours");
    let database = rusqlite::Connection::open(home.path().join("history.db")).expect("it opens");
    let changed = database.execute("UPDATE images SET bytes = ?1", [said as i64]);
    assert_eq!(changed.expect("it can be written"), 2);
    home
}

/// Waits until a file in one sequence is on its way.
fn begun(watched: &mut Watched) {
    let begun = Instant::now();
    let open = b"]1337;File=name=";
    while !watched.studio.written()[watched.read..].windows(open.len()).any(|it| it == open) {
        watched.studio.hear("the beginning of a file", begun);
    }
}

#[test]
fn a_key_ends_a_file_that_keeps_the_screen_still_and_nothing_of_it_is_there() {
    for (key, shows) in [("?", "┏ Help"), ("j", "a pear"), ("<esc>", "A key ended the download")]
    {
        let home = with_large_picture(60 << 20, 1_000);
        let mut watched = Watched::open(&home, Persona::WezTerm);
        watched.keys("<F3>").shows("a plum").keys("s");
        begun(&mut watched);
        // The echo of a key stands behind what is on its way, not behind the file.
        watched.keys(key).shows(shows).shows("A key ended the download");
        let terminal = watched.leaves_nothing();
        assert_eq!(terminal.saved(), []);
        assert_eq!(terminal.faults(), [""; 0]);
    }
}

#[test]
fn what_would_keep_the_screen_still_is_told_first_and_its_scp_line_copied() {
    let home = with_large_picture(1_000, 4_000_000_000)
        .with("SSH_CONNECTION", "10.0.0.2 50000 192.168.1.7 22")
        .with("USER", "me");
    let mut watched = Watched::open(&home, Persona::WezTerm);
    watched.keys("<F3>s").shows("Copied: the scp line").shows("Press again to download it");
    let written = String::from_utf8_lossy(watched.studio.drained()).into_owned();
    assert!(written.contains("\x1b]52;c;") && !written.contains("]1337;File=name="));
    watched.keys("s").shows("Downloaded 1 file to where your terminal puts downloads.");
    let terminal = watched.leaves_nothing();
    assert_eq!(terminal.saved().len(), 1);
    assert_eq!(terminal.saved()[0].1.len(), 1_000);
}

#[test]
fn whoever_ends_the_studio_during_such_a_file_leaves_no_part_of_it() {
    let home = with_large_picture(60 << 20, 1_000);
    let mut watched = Watched::open(&home, Persona::WezTerm);
    watched.keys("<F3>").shows("a plum").keys("s");
    begun(&mut watched);
    watched.studio.signal(rustix::process::Signal::TERM);
    assert!(watched.studio.end().success());
    watched.studio.drained();
    watched.read();
    assert_eq!(watched.terminal.saved(), []);
    assert_eq!(watched.terminal.left_behind(), [""; 0]);
}

#[test]
fn a_file_that_is_there_already_gets_another_name_and_is_left_alone() {
    let home = painted(&["a pear"]);
    let (name, bytes) = pictures(&home).pop_first().expect("a picture");
    let mut watched = Watched::open(&home, Persona::Kitty);
    watched.terminal.put(&format!("~/Downloads/{name}"), b"mine");
    watched.keys("<F3>s").decide(true).shows("Downloaded 1 file");
    let terminal = watched.leaves_nothing();
    let arrived = arrived(&terminal, "~/Downloads/");
    let (stem, ending) = name.rsplit_once('.').expect("it has an ending");
    assert_eq!(arrived[&name], b"mine");
    assert!(arrived[&format!("{stem}-2.{ending}")] == bytes);
    assert_eq!(arrived.len(), 2);
}

#[test]
fn a_user_who_refuses_gets_told_so_and_nothing_arrives() {
    let home = painted(&["a pear"]);
    let mut watched = Watched::open(&home, Persona::Kitty);
    watched.keys("<F3>s").decide(false).shows("User refused the transfer");
    assert!(watched.leaves_nothing().saved().is_empty());
}

#[test]
fn escape_gives_a_download_up_and_keys_are_heard_while_it_waits() {
    let home = painted(&["a red fox in snow at dawn", "a pear"]);
    let mut watched = Watched::open(&home, Persona::Kitty);
    watched.keys("<F3>s").shows("Esc stops it").until("a question about files", Emulator::asks);
    watched.keys("j").shows("↓ 0 %").keys("?").shows("┏ Help").keys("?");
    watched.keys("<esc>").shows("The download was stopped. A part");
    // Another one begins anew.
    watched.keys("s").decide(true).shows("Downloaded 1 file");
    let terminal = watched.leaves_nothing();
    assert_eq!((terminal.saved().len(), terminal.transfers()), (1, (1, 1)));
}

#[test]
fn a_picture_whose_file_is_gone_is_named_and_the_others_arrive() {
    let home = painted(&["a pear", "a plum"]);
    let rows = home.history();
    let gone = rows[0]["images"][0]["path"].as_str().expect("a path").to_owned();
    let mut watched = Watched::open(&home, Persona::Kitty);
    watched.keys("<F3>").shows("Preview · ");
    fs::remove_file(&gone).expect("it is ours");
    watched.keys("gs").shows("was not downloaded");
    // That one is over for the terminal too before the next one begins.
    watched.until("the end of the question", |terminal| !terminal.asks());
    watched.keys("g  ").shows("2 marked").keys("s").decide(true);
    watched.shows("Downloaded 1 file to ~/Downloads of your machine. 1 could not be read.");
    let terminal = watched.leaves_nothing();
    assert_eq!((terminal.saved().len(), terminal.transfers()), (1, (1, 1)));
}

#[test]
fn whoever_leaves_during_a_download_leaves_no_transfer_behind() {
    let home = painted(&["a pear"]);
    let mut watched = Watched::open(&home, Persona::Kitty);
    watched.keys("<F3>s").until("a question about files", Emulator::asks);
    let terminal = {
        watched.keys("<ctrl+q>");
        let begun = Instant::now();
        while watched.terminal.transfers() == (0, 0) {
            watched.studio.hear("the end of the transfer", begun);
            watched.read();
        }
        watched.terminal
    };
    assert_eq!((terminal.saved().len(), terminal.transfers()), (0, (0, 1)));
}

#[test]
fn where_the_terminal_takes_no_files_the_line_of_scp_is_copied_instead() {
    let home = painted(&["a pear"])
        .with("SSH_CONNECTION", "10.0.0.2 50000 192.168.1.7 22")
        .with("USER", "me");
    for persona in [Persona::Foot, Persona::Tmux { passthrough: true }, Persona::Vte] {
        let mut watched = Watched::open(&home, persona);
        watched.keys("<F3>s").shows("Copied instead: the scp line");
        assert!(watched.leaves_nothing().saved().is_empty(), "{persona:?}");
    }
}
