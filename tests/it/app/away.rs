//! What is taken away: of whom, and what is said of it.

use pentimento::app::away::{Errand, News, Progress, Task, letter};
use pentimento::app::{Effect, Event, Overlay};
use pentimento::domain::{Extract, GenerationId};

use super::fixture::{Studio, some_of_everything};

fn errands(studio: &mut Studio) -> Vec<Errand> {
    let errand = |effect| match effect {
        Effect::Away(errand) => Some(errand),
        _ => None,
    };
    studio.taken().into_iter().filter_map(errand).collect()
}

fn ids() -> Vec<GenerationId> {
    some_of_everything().iter().map(|row| row.id).collect()
}

#[test]
fn one_more_letter_copies_what_it_stands_for_of_the_picture_that_is_shown() {
    for what in Extract::ALL {
        let mut studio = Studio::with(some_of_everything());
        // The second of its two pictures.
        studio.keys("<F3>jj]").taken();
        studio.keys(&format!("y{}", letter(what)));
        let errand = Errand { task: Task::Copy(what), of: vec![ids()[2]], index: Some(1) };
        assert_eq!(errands(&mut studio), [errand]);
        assert_eq!(studio.state.overlay, None);
    }
}

#[test]
fn the_letters_differ_and_the_menu_says_each() {
    let mut studio = Studio::with(some_of_everything());
    studio.keys("<F3>jjy");
    for what in Extract::ALL {
        assert_eq!(Extract::ALL.iter().filter(|other| letter(**other) == letter(what)).count(), 1);
        assert!(studio.screen().contains(&format!("{}  ", letter(what))), "{what:?}");
    }
}

#[test]
fn what_is_marked_is_copied_and_downloaded_together_and_stays_marked() {
    let mut studio = Studio::with(some_of_everything());
    studio.keys("<F3>jj  ").taken();
    studio.keys("yf").keys("s");
    let mut of = vec![ids()[2], ids()[3]];
    of.sort();
    let both = [Task::Copy(Extract::Path), Task::Download];
    let expected = both.map(|task| Errand { task, of: of.clone(), index: None });
    assert_eq!(errands(&mut studio), expected);
    assert_eq!(studio.state.opinions.marks(), 2);
}

#[test]
fn the_menu_can_be_walked_and_left_and_other_keys_do_nothing_in_it() {
    let mut studio = Studio::with(some_of_everything());
    studio.keys("<F3>jj").taken();
    studio.keys("yd");
    assert_eq!(studio.state.overlay, Some(Overlay::Copying(0)));
    studio.keys("<down><down><up><enter>");
    let [errand] = errands(&mut studio).try_into().expect("one");
    assert_eq!(errand.task, Task::Copy(Extract::Path));
    studio.keys("y<esc>");
    assert_eq!((studio.state.overlay, errands(&mut studio)), (None, vec![]));
    studio.keys("y<F2>");
    assert_eq!(studio.state.overlay, None);
}

#[test]
fn what_was_copied_is_said_with_its_length() {
    let mut studio = Studio::with(some_of_everything());
    let copied = |what, count, characters, remark| {
        Event::Away(News::Copied { what, count, characters, remark })
    };
    studio.happen(copied(Extract::Prompt, 1, 1, None));
    assert_eq!(studio.notice(), "Copied: the prompt, 1 character.");
    studio.happen(copied(Extract::Path, 3, 120, Some("It may not arrive.")));
    assert_eq!(studio.notice(), "Copied: the 3 paths, 120 characters. It may not arrive.");
}

#[test]
fn a_download_shows_how_far_it_is_and_escape_stops_it_before_anything_else() {
    let mut studio = Studio::with(some_of_everything());
    studio.keys("<F3>jjz");
    let progress = Progress { file: 2, files: 3, percent: 42 };
    studio.happen(Event::Away(News::Downloading(progress))).draw();
    assert!(studio.screen().contains("↓ 2 of 3, 42 %"), "{}", studio.screen());
    assert!(studio.notice().contains("Esc stops it"), "{}", studio.notice());
    studio.happen(Event::Away(News::Asked(3)));
    assert!(studio.notice().contains("may take the file. Esc stops it"), "{}", studio.notice());
    studio.taken();
    studio.keys("<esc>");
    assert_eq!(studio.taken(), [Effect::StopDownload]);
    assert!(studio.state.preview.full_screen);
    studio.happen(Event::Away(News::Stopped(1))).draw();
    assert_eq!(
        studio.notice(),
        "The download was stopped after 1 file. A part of a file may be there."
    );
    assert!(!studio.screen().contains('↓'), "{}", studio.screen());
    studio.keys("<esc>");
    assert!(!studio.state.preview.full_screen);
}

#[test]
fn without_a_picture_there_is_nothing_to_download_or_open() {
    let mut studio = Studio::with(some_of_everything());
    studio.keys("<F3>jjjs");
    assert_eq!(studio.notice(), "It has no picture to download.");
    studio.keys("o");
    assert_eq!(studio.notice(), "It has no picture to open.");
    assert_eq!(errands(&mut studio), []);
}
