//! A picture to begin from: picked, dropped, or on the wrong machine.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{ROOM, pictured, studio_in};
use crate::home::Home;
use crate::recovery::answer;
use crate::server::{Reply, Server};
use crate::studio::Studio;

/// A directory of pictures in the home, and another one in it.
fn pictures(home: &Home) -> PathBuf {
    let dir = home.path().join("my pictures");
    fs::create_dir_all(dir.join("drafts")).expect("the home can be written");
    for (name, side) in
        [("fox.png", 40), ("img10.png", 20), ("img2.png", 30), ("drafts/owl.png", 50)]
    {
        let picture = image::RgbImage::from_fn(side, side, |x, y| {
            image::Rgb([(x * 6) as u8, (y * 6) as u8, ((x * y) % 255) as u8])
        });
        picture.save(dir.join(name)).expect("the home can be written");
    }
    fs::write(dir.join("notes.txt"), "not a picture").expect("the home can be written");
    fs::write(dir.join(".hidden.png"), "not a picture").expect("the home can be written");
    // Nothing that could stand in the form.
    let odd = dir.join(OsStr::from_bytes(b"odd-\xFF.png"));
    fs::copy(dir.join("fox.png"), odd).expect("the home can be written");
    dir
}

/// The rows of the picker.
fn listed(screen: &str) -> Vec<String> {
    let rows = screen.lines().filter_map(|row| row.split('┃').find(|part| part.len() > 80));
    let names = rows.filter_map(|row| row.split_whitespace().next()).map(str::to_owned);
    names.filter(|name| name.contains(".png") || name.ends_with('/')).collect()
}

#[test]
fn a_picture_is_found_by_walking_and_seen_before_it_is_taken_and_painted_over() {
    let home = Home::new();
    pictures(&home);
    let mut studio = studio_in(&home);
    studio.keys("a fox in the snow<tab>64x64<alt+i>").shows("Base image").shows("my pictures/");
    studio.keys("my/").until("a list in order", |screen| {
        listed(screen) == ["drafts/", "fox.png", "img2.png", "img10.png"]
    });
    studio.keys("<down>").shows("40x40").until_model("the picture", pictured);
    studio.keys("dra<tab>").shows("owl.png").keys("<backspace>").shows("img10.png");
    studio.keys("img10<enter>").shows("img10.png is the base image now.");
    studio.shows("20x20 · painted over here").generate().shows("1 picture in");
    let image = home.history()[0]["request"]["image"].as_str().expect("it has one").to_owned();
    assert!(image.ends_with("/my pictures/img10.png"), "{image}");
    studio.quit();
}

#[test]
fn a_file_that_is_dropped_onto_the_window_is_sent_as_it_was_said_to_be() {
    let server = Server::start([Reply::ok(answer())]);
    let home = Home::beside(&server);
    let fox = pictures(&home).join("fox.png");
    let mut studio = studio_in(&home);
    studio.keys("<shift+tab><ctrl+u>openai:gpt-image-2<F2>a fox");
    // As kitty and GNOME's terminal write it.
    studio.paste(&format!("'{}' ", fox.display())).shows("fox.png is the base image now");
    studio.shows("40x40 · ").shows("sent as");
    let said = studio.row("sent as").split("sent as ").nth(1).expect("a size").to_owned();
    studio.generate().shows("1 picture in").quit();
    let sent = server.requests().pop().expect("one request").json();
    let url = sent["image_url"].as_str().expect("it travels inside");
    let said: String = said.chars().take_while(|c| !"┃│".contains(*c)).collect();
    assert_eq!(pentimento::domain::shown_bytes(url.len() as u64), said.trim());
    assert_eq!(sent["prompt"], "a fox");
}

#[test]
fn one_undo_leaves_a_dropped_path_in_the_prompt_where_it_was_pasted() {
    let home = Home::new();
    let fox = pictures(&home).join("fox.png");
    let mut studio = studio_in(&home);
    studio.keys("like ").paste(&fox.display().to_string()).shows("is the base image now");
    studio.keys("<alt+u>").shows("It stands in the text").shows("a file or https://");
    studio.quit();
}

#[test]
fn a_path_of_the_users_own_machine_comes_with_the_line_that_brings_it_here() {
    let home =
        Home::new().with("SSH_CONNECTION", "10.0.0.2 50000 192.168.1.7 2222").with("USER", "me");
    let mut studio = studio_in(&home);
    studio.keys("a fox<tab><tab><tab><tab>").paste("/Users/me/Desktop/my\\ fox.png ");
    studio.shows("on your machine, not on this one");
    studio.press_until("<F5>", "On your machine").keys("y").shows("Copied: the scp line");
    let written = String::from_utf8_lossy(studio.drained()).into_owned();
    let (_, copied) = written.rsplit_once("\x1b]52;c;").expect("something was copied");
    let copied = STANDARD.decode(copied.split('\x07').next().expect("its end")).expect("base64");
    let line = String::from_utf8(copied).expect("text");
    let here = home.path().display().to_string();
    assert_eq!(line, format!("scp -P 2222 '/Users/me/Desktop/my fox.png' me@192.168.1.7:{here}/"));
    // The user does so, and comes back.
    fs::copy(pictures(&home).join("fox.png"), home.path().join("my fox.png")).expect("it is there");
    studio.keys("<enter>").shows("40x40").hides("on your machine");
    studio.quit();
}

#[test]
fn a_model_that_takes_no_picture_says_so_while_there_is_one() {
    let home = Home::new();
    let fox = pictures(&home).join("fox.png");
    let mut studio = studio_in(&home);
    studio.keys("<shift+tab><ctrl+u>together:black-forest-labs/FLUX.2-dev");
    studio.keys("<tab><tab><tab><tab><tab>").paste(&fox.display().to_string());
    studio.shows("base image ignored: FLUX.2 dev");
    studio.keys("<ctrl+u>").hides("base image ignored").quit();
}

#[test]
fn a_pipe_a_directory_an_empty_file_and_a_name_that_is_no_text_are_refused_and_nothing_hangs() {
    let home = Home::new();
    let at = |name: &str| home.path().join(name);
    fs::write(at("empty.png"), "").expect("the home can be written");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    let fifo = rustix::fs::FileType::Fifo;
    rustix::fs::mknodat(rustix::fs::CWD, at("pipe.png"), fifo, mode, 0).expect("a pipe");
    let mut studio = studio_in(&home);
    studio.keys("a fox<tab><tab><tab><tab>");
    for (path, says) in [
        (at("pipe.png"), "is no file."),
        (home.path().to_owned(), "is a directory."),
        (at("empty.png"), "is empty."),
        ("/dev/zero".into(), "is no file."),
        // What a terminal makes of a name that is no text.
        (pictures(&home).join("odd-\u{FFFD}.png"), "is no text (UTF-8)"),
    ] {
        studio.keys("<ctrl+u>").paste(&path.display().to_string());
        studio.press_until("<F5>", says);
    }
    assert_eq!(home.history().len(), 0);
    studio.quit();
}

#[test]
fn a_directory_of_thousands_of_files_is_narrowed_to_the_one_that_is_meant() {
    let home = Home::new();
    let many = home.path().join("many");
    fs::create_dir(&many).expect("the home can be written");
    for nth in 0..5_000 {
        fs::write(many.join(format!("shot-{nth:04}.png")), "x").expect("the home can be written");
    }
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    studio.shows("Nothing made yet.").keys("<alt+i>").shows("many/").keys("many/");
    studio
        .shows("shot-0000.png")
        .keys("4999")
        .until("one", |screen| listed(screen) == ["shot-4999.png"]);
    studio.shows("no picture").keys("<esc>").hides("shot-4999.png").quit();
}

#[test]
fn the_help_is_looked_through_and_tells_of_each_thing_there_is() {
    let mut studio = studio_in(&Home::new());
    for (typed, says) in [
        ("own editor", "F6"),
        ("known of a model", "F7"),
        ("dropped onto", "Alt+i"),
        ("budget", "[budget] sets limits"),
        ("red|blue", "each of these"),
        ("commas", "as one batch"),
        ("piece of the prompt that is selected", "Alt+k"),
        ("queue", "What waits in the queue costs nothing"),
        ("ever sent", "Alt+↑"),
    ] {
        studio
            .keys("<F1>")
            .shows("In a text")
            .keys("/")
            .until("a line to type in", |screen| screen.contains("› "));
        studio.keys(typed).shows(says).keys("<F1>").hides("┏ Help");
    }
    studio.quit();
}
