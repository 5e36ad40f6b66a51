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
