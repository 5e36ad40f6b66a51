//! Bringing home what was made.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{ROOM, draw, studio_in};
use crate::home::{Home, wait_for};
use crate::studio::Studio;

/// What was last put on the clipboard.
fn clipboard(studio: &mut Studio) -> String {
    let written = String::from_utf8_lossy(studio.drained()).into_owned();
    let (_, last) = written.rsplit_once("\x1b]52;c;").expect("something was copied");
    let (body, _) = last.split_once('\x07').expect("it has an end");
    String::from_utf8(STANDARD.decode(body).expect("base64")).expect("text")
}

fn over_ssh() -> Home {
    Home::new().with("SSH_CONNECTION", "10.0.0.2 50000 192.168.1.7 22").with("USER", "me")
}

#[test]
fn a_prompt_a_path_and_a_line_of_scp_get_to_the_clipboard() {
    let mut studio = studio_in(&over_ssh());
    draw(&mut studio, "a fox");
    studio.keys("<F3>y").shows("Copy").keys("p").shows("Copied: the prompt, 5 characters.");
    assert_eq!(clipboard(&mut studio), "a fox");
    studio.keys("yf").shows("Copied: the path");
    let path = clipboard(&mut studio);
    assert!(std::path::Path::new(&path).is_file(), "{path}");
    studio.keys("ys").shows("Copied: the scp line");
    assert_eq!(clipboard(&mut studio), format!("scp me@192.168.1.7:{path} ."));
    studio.keys("yu").shows("The demo painter has no address");
    studio.keys("yc").shows("Copied: the command line");
    let line = clipboard(&mut studio);
    assert_eq!(line, "pentimento generate -m demo:painter --size 64x64 -- 'a fox'");
    studio.quit();
}

#[test]
fn where_nobody_is_connected_over_ssh_a_download_says_that_the_file_is_here() {
    let home = Home::new();
    home.generate("a fox");
    let mut studio = Studio::open_in(&home, 120, 40);
    studio.shows("a fox").keys("<F3>s").shows("so the file is on your machine.");
    home.configure("[copy]\nhost = \"studio\"\n");
    studio.shows("read again").keys("s").shows("Copied instead: the scp line");
    studio.quit();
}

#[test]
fn a_prompt_too_long_for_a_clipboard_says_so_and_is_not_copied() {
    let mut studio = studio_in(&Home::new());
    studio.paste(&"fox ".repeat(20_000)).shows("fox fox");
    studio.press_until_sent("<F5>");
    studio.keys("<F3>yp").shows("Not copied: it has 80000 bytes");
    assert!(!String::from_utf8_lossy(studio.drained()).contains("\x1b]52;"));
    studio.quit();
}

#[test]
fn a_picture_is_opened_by_the_program_that_is_set_without_keys_or_a_word_on_the_screen() {
    let home = Home::with_config(
        "[open]\ncommand = [\"/bin/sh\", \"-c\", \"env > env; ps -o pgid= -p $$ > group; echo noise; echo \\\"$1\\\" > opened\", \"sh\"]\n",
    )
    .with("OPENAI_API_KEY", "sk-secret");
    let mut studio = studio_in(&home);
    draw(&mut studio, "a fox");
    studio.keys("<F3>o").shows("Opened with /bin/sh.");
    let opened = home.path().join("opened");
    wait_for("the program", || {
        std::fs::read_to_string(&opened).ok().filter(|it| it.ends_with('\n'))
    });
    let opened = std::fs::read_to_string(opened).expect("it was opened");
    assert!(std::path::Path::new(opened.trim()).is_file(), "{opened}");
    let variables = std::fs::read_to_string(home.path().join("env")).expect("it has some");
    assert!(!variables.contains("sk-secret"), "{variables}");
    assert!(!studio.screen().contains("noise"));
    studio.quit();
}

#[test]
fn without_a_display_opening_says_what_to_do_instead() {
    let mut studio = studio_in(&over_ssh());
    draw(&mut studio, "a fox");
    studio.keys("<F3>o").shows("There is no display here to open it on.");
    studio.quit();
}

#[test]
fn a_program_that_is_not_there_or_fails_is_named() {
    let home = Home::with_config("[open]\ncommand = [\"no-such-viewer\"]\n");
    let mut studio = studio_in(&home);
    draw(&mut studio, "a fox");
    studio.keys("<F3>o").shows("There is no program no-such-viewer to open it with.");
    studio.quit();
    let home = Home::with_config("[open]\ncommand = [\"/bin/false\"]\n");
    let mut studio = studio_in(&home);
    draw(&mut studio, "a fox");
    studio.keys("<F3>o").shows("/bin/false could not open it (status 1).");
    studio.quit();
}

#[test]
fn the_palette_is_reached_from_the_prompt_and_does_what_it_finds() {
    let mut studio = Studio::open_in(&Home::new(), ROOM.0, ROOM.1);
    studio.keys("<ctrl+p>gallery").shows("The history as a gallery");
    studio.keys("<enter>").until("the gallery or a word", |screen| {
        screen.contains("a paste has only just ended") || !screen.contains("Actions")
    });
    studio.quit();
}
