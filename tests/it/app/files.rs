//! The picker of files, by keys.

use std::sync::Arc;

use insta::assert_snapshot;
use pentimento::app::base::{Known, Why};
use pentimento::app::files::{Entry, News, Wish};
use pentimento::app::form::Field;
use pentimento::app::{Effect, Event, Focus, Overlay};
use pentimento::domain::{Failure, FailureKind, ImageFormat, PictureFile};

use super::fixture::Studio;

fn wishes(studio: &mut Studio) -> Vec<Wish> {
    let effects = studio.taken().into_iter();
    effects
        .filter_map(|effect| match effect {
            Effect::Files(wish) => Some(wish),
            _ => None,
        })
        .collect()
}

/// The directory that was asked for last.
fn asked(studio: &mut Studio) -> String {
    let wishes = wishes(studio).into_iter().rev();
    let mut asked = wishes.filter_map(|wish| match wish {
        Wish::List(dir) => Some(dir),
        Wish::See(_) => None,
    });
    asked.next().expect("a directory was asked for")
}

/// Answers with this directory; what ends in a slash is one itself.
fn list(studio: &mut Studio, dir: &str, names: &[&str]) {
    let asked = asked(studio);
    let entry = |name: &&str| Entry {
        name: name.trim_end_matches('/').to_owned(),
        is_dir: name.ends_with('/'),
    };
    let entries = Ok(Arc::new(names.iter().map(entry).collect()));
    let news = News::Listed { asked, dir: dir.to_owned(), entries };
    studio.happen(Event::Files(news)).draw();
}

pub(super) fn picture(path: &str) -> PictureFile {
    let (bytes, sides) = (2_100_000, Some((1536, 1024)));
    PictureFile { path: path.into(), bytes, format: ImageFormat::Png, sides, stamp: 7 }
}

/// Answers what is known of the files on the screen: those called `bad` are no pictures.
fn see(studio: &mut Studio) {
    for wish in wishes(studio) {
        if let Wish::See(paths) = wish {
            let known = |path: String| {
                let refused = || {
                    let what = "Not sent: it is no picture.";
                    Failure::before_sending(FailureKind::BaseImage, what, "")
                };
                let file = picture(&path);
                let known = if path.contains("bad") { Err(refused()) } else { Ok(file) };
                (path, known)
            };
            let seen = paths.into_iter().map(known).collect();
            studio.happen(Event::Files(News::Seen(seen))).draw();
        }
    }
}

/// A studio whose picker shows some of everything.
fn open(columns: u16, lines: u16) -> Studio {
    let mut studio = Studio::sized(vec![], columns, lines);
    studio.keys("<alt+i>");
    let names =
        ["drafts/", ".cache/", "bad.png", "fox.png", "img2.JPG", "notes.txt", ".hidden.png"];
    list(&mut studio, "/home/me/pictures", &names);
    studio
}

fn offered(studio: &Studio) -> Vec<String> {
    let files = studio.state.base.files.as_ref().expect("it is open");
    files.from(0).map(|entry| entry.name.clone()).collect()
}

#[test]
fn pictures_and_directories_are_offered_and_a_few_letters_find_one() {
    let mut studio = open(120, 40);
    assert_eq!(offered(&studio), ["drafts", "bad.png", "fox.png", "img2.JPG"]);
    studio.keys("fx");
    assert_eq!(offered(&studio), ["fox.png"]);
    studio.keys("<enter>");
    assert_eq!(studio.field(Field::BaseImage), "/home/me/pictures/fox.png");
    assert_eq!(studio.state.overlay, None);
    assert_eq!(studio.notice(), "fox.png is the base image now.");
    let look = Effect::LookAt("/home/me/pictures/fox.png".to_owned(), Why::Written);
    assert!(studio.taken().contains(&look));
}

#[test]
fn what_is_hidden_comes_with_a_dot_and_what_has_another_ending_with_its_whole_name() {
    let mut studio = open(120, 40);
    studio.keys(".");
    assert!(offered(&studio).contains(&".hidden.png".to_owned()));
    assert!(offered(&studio).contains(&".cache".to_owned()));
    studio.keys("<ctrl+u>notes.tx");
    assert_eq!(offered(&studio), [""; 0]);
    studio.keys("<enter>");
    assert_eq!(studio.notice(), "No picture here is called so.");
    studio.keys("t<enter>");
    assert_eq!(studio.field(Field::BaseImage), "/home/me/pictures/notes.txt");
}

#[test]
fn enter_tab_and_right_go_into_a_directory_and_backspace_and_left_back_to_where_it_was() {
    for (key, back) in [("<enter>", "<backspace>"), ("<tab>", "<left>"), ("<right>", "<backspace>")]
    {
        let mut studio = open(120, 40);
        studio.keys(key);
        list(&mut studio, "/home/me/pictures/drafts", &["owl.png"]);
        assert_eq!(offered(&studio), ["owl.png"], "{key}");
        studio.keys(back);
        list(&mut studio, "/home/me/pictures", &["a/", "drafts/", "fox.png"]);
        let files = studio.state.base.files.as_ref().expect("it is open");
        assert_eq!(files.entry().expect("one is selected").name, "drafts", "{back}");
    }
}

#[test]
fn a_path_is_typed_as_in_a_shell() {
    let mut studio = open(120, 40);
    studio.keys("/");
    assert_eq!(asked(&mut studio), "/");
    studio.keys("usr/share/");
    assert_eq!(asked(&mut studio), "/usr/share");
    studio.keys("../");
    assert_eq!(asked(&mut studio), "/usr");
    studio.keys("~/");
    list(&mut studio, "/home/me", &["pictures/", "a.png"]);
    // A directory that was begun is gone into by its slash.
    studio.keys("pic/");
    assert_eq!(asked(&mut studio), "/home/me/pictures");
}

#[test]
fn a_directory_that_cannot_be_read_says_why_and_one_goes_on_from_there() {
    let mut studio = open(120, 40);
    studio.keys("/nowhere/");
    let news = News::Listed {
        asked: asked(&mut studio),
        dir: "/nowhere".to_owned(),
        entries: Err("There is no directory /nowhere.".to_owned()),
    };
    studio.happen(Event::Files(news)).draw();
    assert!(studio.screen().contains("There is no directory /nowhere."), "{}", studio.screen());
    studio.keys("<backspace>");
    assert_eq!(asked(&mut studio), "/");
}

#[test]
fn a_listing_that_comes_late_changes_nothing() {
    let mut studio = open(120, 40);
    studio.keys("<tab>");
    let entries = Ok(Arc::new(vec![Entry { name: "old.png".to_owned(), is_dir: false }]));
    let late = News::Listed { asked: String::new(), dir: "/old".to_owned(), entries };
    studio.happen(Event::Files(late));
    let files = studio.state.base.files.as_ref().expect("it is open");
    assert_eq!((files.dir.as_str(), files.len()), ("/home/me/pictures/drafts", 0));
    studio.keys("<enter>");
    assert_eq!(studio.notice(), "The directory is still being read.");
}

#[test]
fn a_hundred_thousand_files_are_narrowed_and_only_those_seen_are_looked_at() {
    let mut studio = Studio::with(vec![]);
    studio.keys("<alt+i>");
    let names: Vec<String> = (0..100_000).map(|nth| format!("picture-{nth:06}.png")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    list(&mut studio, "/many", &names);
    // A frame has shown how many are seen.
    studio.keys("<down>");
    let mut looked = 0;
    for wish in wishes(&mut studio) {
        if let Wish::See(paths) = wish {
            looked += paths.len();
        }
    }
    assert!((1..=40).contains(&looked), "{looked}");
    studio.keys("099999");
    assert_eq!(offered(&studio), ["picture-099999.png"]);
    studio.keys("<ctrl+u><end>");
    let files = studio.state.base.files.as_ref().expect("it is open");
    assert_eq!(files.entry().expect("the last one").name, "picture-099999.png");
}

#[test]
fn a_second_look_waits_for_the_answer_to_the_first() {
    let mut studio = open(120, 40);
    studio.keys("<down>");
    assert_eq!(wishes(&mut studio).len(), 1);
    studio.keys("<down>");
    assert_eq!(wishes(&mut studio).len(), 0);
}

#[test]
fn the_picker_begins_where_the_base_image_is_and_its_file_is_selected() {
    let mut studio = Studio::with(vec![]);
    studio.keys("<tab><tab><tab><tab>/srv/art/owl.png<alt+i>");
    list(&mut studio, "/srv/art", &["a.png", "owl.png", "z.png"]);
    let files = studio.state.base.files.as_ref().expect("it is open");
    assert_eq!(files.entry().expect("one is selected").name, "owl.png");
    // Esc leaves it as it was.
    studio.keys("<down><esc>");
    assert_eq!(studio.field(Field::BaseImage), "/srv/art/owl.png");
    assert_eq!(studio.state.focus, Focus::Form(Field::BaseImage));
}

#[test]
fn a_path_that_is_pasted_into_the_picker_is_gone_to() {
    let mut studio = open(120, 40);
    studio.happen(Event::Paste("'/srv/my art/owl.png' ".to_owned())).draw();
    list(&mut studio, "/srv/my art", &["a.png", "owl.png"]);
    assert_eq!(offered(&studio), ["owl.png"]);
    assert_eq!(studio.state.overlay, Some(Overlay::Files));
}

#[test]
fn the_picker_of_files_at_three_sizes() {
    for (columns, lines) in [(40, 12), (80, 24), (120, 40)] {
        let mut studio = open(columns, lines);
        studio.keys("<down><down>");
        see(&mut studio);
        let pictures: Vec<_> = studio.scene.images.iter().map(|(_, area)| *area).collect();
        let name = format!("files-{columns}x{lines}");
        assert_snapshot!(name, format!("{}\npictures: {pictures:?}", studio.screen()));
    }
}

#[test]
fn what_is_known_of_the_base_image_stands_under_it() {
    let mut studio = Studio::with(vec![]);
    studio.keys("<shift+tab><ctrl+u>openai:gpt-image-2<F2>a fox<alt+i>");
    list(&mut studio, "/home/me", &["fox.png"]);
    studio.keys("<enter>");
    let path = "/home/me/fox.png";
    let known = Known::Picture { file: picture(path), travels: Some(1_400_000) };
    studio.happen(Event::Base(path.to_owned(), Why::Written, Box::new(known)));
    studio.draw();
    assert!(studio.screen().contains("1536x1024 · 2.1 MB, sent as 1.4 MB"), "{}", studio.screen());
    // A model that takes none says so in place of what else is known of it.
    studio.keys("<shift+tab><ctrl+u>together:black-forest-labs/FLUX.2-dev");
    assert!(studio.screen().contains("base image ignored: FLUX.2 dev"), "{}", studio.screen());
}
