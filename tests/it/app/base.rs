//! Paths that are pasted or dropped, and files that are not on this machine.

use insta::assert_snapshot;
use pentimento::app::base::{Elsewhere, Known, Why};
use pentimento::app::form::Field;
use pentimento::app::{Effect, Event, Overlay};
use pentimento::domain::{Failure, FailureKind};

use super::files::picture;
use super::fixture::Studio;

fn paste(studio: &mut Studio, text: &str) {
    studio.wait(1_000).happen(Event::Paste(text.to_owned())).draw();
}

fn known(studio: &mut Studio, path: &str, why: Why, known: Known) {
    studio.happen(Event::Base(path.to_owned(), why, Box::new(known))).draw();
}

fn found(studio: &mut Studio, path: &str, why: Why) {
    known(studio, path, why, Known::Picture { file: picture(path), travels: None });
}

fn elsewhere() -> Elsewhere {
    Elsewhere {
        path: "/Users/me/fox.png".to_owned(),
        line: Some("scp /Users/me/fox.png me@192.168.1.7:/home/me/".to_owned()),
        arrives: "/home/me/fox.png".to_owned(),
    }
}

#[test]
fn a_path_in_its_field_is_taken_however_a_terminal_writes_it() {
    for (text, path) in [
        ("/home/me/fox.png", "/home/me/fox.png"),
        ("/home/me/my fox.png ", "/home/me/my fox.png"),
        ("'/home/me/my fox.png' ", "/home/me/my fox.png"),
        ("\"/home/me/my fox.png\"", "/home/me/my fox.png"),
        ("/home/me/my\\ fox\\(1\\).png", "/home/me/my fox(1).png"),
        ("file:///home/me/my%20fox.png\r\n", "/home/me/my fox.png"),
        ("https://example.org/a.png", "https://example.org/a.png"),
        ("C:\\Users\\me\\fox.png", "C:\\Users\\me\\fox.png"),
        ("\"C:\\Users\\me\\my fox.png\"", "C:\\Users\\me\\my fox.png"),
        ("fox.png", "beforefox.png"),
    ] {
        let mut studio = Studio::with(vec![]);
        studio.keys("<tab><tab><tab><tab>before");
        paste(&mut studio, text);
        assert_eq!(studio.field(Field::BaseImage), path, "{text}");
        studio.keys("<ctrl+_>");
        assert_eq!(studio.field(Field::BaseImage), "before", "{text}");
    }
}

#[test]
fn of_several_files_the_first_picture_is_taken_and_that_is_said() {
    for text in [
        "/a/notes.txt /a/fox.png /a/owl.png",
        "'/a/notes.txt' '/a/fox.png' '/a/owl.png'",
        "file:///a/notes.txt\nfile:///a/fox.png\nfile:///a/owl.png\n",
    ] {
        let mut studio = Studio::with(vec![]);
        studio.keys("<tab><tab><tab><tab>");
        paste(&mut studio, text);
        assert_eq!(studio.field(Field::BaseImage), "/a/fox.png", "{text}");
        assert_eq!(
            studio.notice(),
            "A request takes one base image: of these 3, fox.png is it now."
        );
    }
}

#[test]
fn a_picture_that_is_dropped_onto_the_prompt_becomes_the_base_image_and_one_undo_brings_it_back() {
    for keys in ["a fox like ", "a fox like <F3>"] {
        let mut studio = Studio::with(vec![]);
        studio.keys(keys);
        paste(&mut studio, "'/home/me/my fox.png'");
        // Until it is known to be one it stands where it was pasted.
        assert_eq!(studio.field(Field::Prompt), "a fox like '/home/me/my fox.png'");
        let path = "/home/me/my fox.png";
        assert!(studio.taken().contains(&Effect::LookAt(path.to_owned(), Why::Pasted)));
        found(&mut studio, path, Why::Pasted);
        assert_eq!(studio.field(Field::Prompt), "a fox like ");
        assert_eq!(studio.field(Field::BaseImage), path);
        assert_eq!(
            studio.notice(),
            "my fox.png is the base image now; undo leaves it in the text."
        );
        studio.keys("<alt+u>");
        assert_eq!(studio.field(Field::Prompt), "a fox like '/home/me/my fox.png'");
        assert_eq!(studio.field(Field::BaseImage), "");
    }
}

#[test]
fn a_paste_that_is_no_single_picture_here_stays_a_text() {
    for text in [
        "/a/fox.png and an owl",
        "/a/fox.png\n/a/owl.png",
        "/a/notes.txt",
        "fox.png",
        "https://a.example/fox.png",
    ] {
        let mut studio = Studio::with(vec![]);
        paste(&mut studio, text);
        let looks = studio.taken();
        assert!(
            !looks.iter().any(|effect| matches!(effect, Effect::LookAt(_, Why::Pasted)))
                || text.contains(" and "),
            "{text}: {looks:?}"
        );
        assert_eq!(studio.field(Field::Prompt), text);
    }
    let mut studio = Studio::with(vec![]);
    paste(&mut studio, "/a/fox.png");
    let failure = Failure::before_sending(FailureKind::BaseImage, "Not sent: it is not there.", "");
    known(&mut studio, "/a/fox.png", Why::Pasted, Known::Refused(failure));
    assert_eq!((studio.field(Field::Prompt), studio.field(Field::BaseImage)), ("/a/fox.png", ""));
}

#[test]
fn whoever_writes_on_behind_a_path_means_it_as_a_text() {
    let mut studio = Studio::with(vec![]);
    paste(&mut studio, "/a/fox.png");
    studio.wait(1_000).keys("!");
    found(&mut studio, "/a/fox.png", Why::Pasted);
    assert_eq!(studio.field(Field::Prompt), "/a/fox.png!");
    assert_eq!(studio.field(Field::BaseImage), "");
}

#[test]
fn a_file_of_the_users_own_machine_is_named_as_such_with_the_line_that_brings_it_here() {
    let mut studio = Studio::with(vec![]);
    studio.keys("a fox<tab><tab><tab><tab>/Users/me/fox.png");
    let path = "/Users/me/fox.png";
    known(&mut studio, path, Why::Written, Known::Elsewhere(elsewhere()));
    assert!(studio.screen().contains("on your machine, not on this one"), "{}", studio.screen());
    // Nothing is sent that could not be: it is said how it can.
    studio.taken();
    studio.wait(1_000).keys("<F5>");
    assert_eq!(studio.state.overlay, Some(Overlay::Elsewhere));
    assert_eq!(studio.taken(), []);
    studio.keys("y");
    let line = "scp /Users/me/fox.png me@192.168.1.7:/home/me/";
    assert_eq!(studio.taken(), [Effect::Copy(line.to_owned())]);
    // When it is here, it is the base image under its name here.
    studio.keys("<enter>");
    assert_eq!(studio.field(Field::BaseImage), "/home/me/fox.png");
    assert_eq!(studio.taken(), [Effect::LookAt("/home/me/fox.png".to_owned(), Why::Written)]);
}

#[test]
fn a_file_of_the_users_own_machine_that_is_dropped_asks_and_stays_in_the_text_after_esc() {
    let mut studio = Studio::with(vec![]);
    studio.keys("a fox ");
    paste(&mut studio, "/Users/me/fox.png");
    known(&mut studio, "/Users/me/fox.png", Why::Pasted, Known::Elsewhere(elsewhere()));
    assert_eq!(studio.state.overlay, Some(Overlay::Elsewhere));
    studio.keys("<esc>");
    assert_eq!(studio.field(Field::Prompt), "a fox /Users/me/fox.png");
    paste(&mut studio, "/Users/me/fox.png");
}

#[test]
fn what_was_written_since_a_path_was_dropped_is_not_taken_back_with_it() {
    let mut studio = Studio::with(vec![]);
    paste(&mut studio, "/Users/me/fox.png");
    known(&mut studio, "/Users/me/fox.png", Why::Pasted, Known::Elsewhere(elsewhere()));
    studio.happen(Event::Paste(" on a hill".to_owned())).draw();
    studio.keys("<enter>");
    assert_eq!(studio.state.overlay, None);
    assert_eq!(studio.field(Field::Prompt), "/Users/me/fox.png on a hill");
    assert_eq!(studio.field(Field::BaseImage), elsewhere().arrives);
}

#[test]
fn how_a_file_gets_here_at_three_sizes() {
    for (columns, lines) in [(40, 12), (80, 24), (120, 40)] {
        let mut studio = Studio::sized(vec![], columns, lines);
        paste(&mut studio, "/Users/me/fox.png");
        known(&mut studio, "/Users/me/fox.png", Why::Pasted, Known::Elsewhere(elsewhere()));
        assert_snapshot!(format!("elsewhere-{columns}x{lines}"), studio.screen());
    }
}

#[test]
fn an_address_that_leads_nowhere_is_refused_before_it_is_sent() {
    for (text, says) in [
        ("https://", "it names no host"),
        ("https://exa mple.org/a.png", "there is a space in it"),
        ("data:text/plain,hello", "a data URL of a picture is"),
        ("data:image/png;base64,", "a data URL of a picture is"),
    ] {
        let mut studio = Studio::with(vec![]);
        studio.keys(&format!("a fox<tab><tab><tab><tab>{text}")).taken();
        studio.wait(1_000).keys("<F5>");
        assert!(studio.notice().contains(says), "{text}: {}", studio.notice());
        assert_eq!(studio.taken(), []);
    }
}
