//! `export`: copies with the request in them, and back.

use std::fs;

use pentimento::metadata::{Program, read};
use serde_json::{Value, json};

use crate::home::Home;
use crate::metadata::layout::parse;
use crate::metadata::{directory, sample};

fn id(row: &Value) -> &str {
    row["id"].as_str().expect("an id")
}

/// The path of the one picture.
fn picture(row: &Value) -> &str {
    row["images"][0]["path"].as_str().expect("a path")
}

#[test]
fn a_copy_has_the_request_in_it_and_comes_back_as_the_same() {
    let home = Home::new();
    let asked = ["-m", "demo:painter", "--size", "64x48", "-n", "2", "--negative", "fog, rain"];
    let made =
        [&["generate", "a fox,\nin snow: \"deep\"", "--set", "seed=7", "--json"][..], &asked];
    let made = home.run(&made.concat()).done().json().remove(0);
    let original = fs::read(picture(&made)).expect("it is there");
    let ended = home.run(&["export", id(&made), "-o", "out"]).done();
    let paths: Vec<&str> = ended.out.lines().collect();
    assert_eq!(paths.len(), 2, "{}", ended.out);
    let name = paths[0].rsplit('/').next().expect("a name");
    assert!(
        name.contains(" painter a fox, in snow- -deep- ") && name.ends_with(" 1.png"),
        "{name}"
    );
    assert!(paths[0].starts_with(&home.path().join("out").display().to_string()));
    assert_eq!(fs::read(picture(&made)).expect("it is there"), original, "originals stay");
    let copy = fs::read(paths[1]).expect("it is there");
    let told = read(&copy).expect("it tells");
    let origin = told.origin.expect("this program wrote it");
    assert_eq!((told.program, origin.index), (Program::Pentimento, 1));
    assert_eq!(json!(origin.request), made["request"]);
    assert_eq!(json!(origin.id), made["id"]);
    // Here it is known; elsewhere it is a picture from elsewhere, with all that was asked.
    home.run(&["import", "out"]).done().saying("Imported: 0 pictures. 2 in the history already.");
    let other = Home::new();
    let out = home.path().join("out").display().to_string();
    other.run(&["import", &out]).done().saying("Imported: 2 pictures.");
    let there = &other.history()[0];
    assert_eq!(there["model"], "imported:pentimento/demo:painter");
    assert_eq!(there["created"], made["created"]);
    for field in ["prompt", "negative_prompt", "width", "height", "n"] {
        assert_eq!(there["request"][field], made["request"][field], "{field}");
    }
    assert_eq!(there["request"]["extra"]["seed"], 7);
}

#[test]
fn no_file_is_replaced_and_names_follow_their_template() {
    let home = Home::with_config("[export]\ndirectory = \"~/taken\"\nname = \"{prompt:9}\"\n")
        .with("HOME", "/nowhere");
    let made = home.generate("../a fox in snow");
    let names = |more: &[&str]| {
        let ended = home.run(&[&["export", id(&made)], more].concat()).done();
        let name = |path: &str| path.rsplit('/').next().expect("a name").to_owned();
        ended.out.lines().map(name).collect::<Vec<_>>()
    };
    assert_eq!(names(&["-o", "."]), ["a fox.png"]);
    let first = fs::read(home.path().join("a fox.png")).expect("it is there");
    assert_eq!(names(&["-o", "."]), ["a fox 2.png"]);
    assert_eq!(
        names(&["-o", ".", "--name", "{id}/{index}"]),
        [format!("{}-1.png", &id(&made)[28..])]
    );
    assert_eq!(fs::read(home.path().join("a fox.png")).expect("it is there"), first);
    let wrong = home.run(&["export", id(&made), "--name", "{promt}"]).with_code(2);
    wrong.saying("--name: {promt} means nothing (did you mean {prompt}?)");
    home.configure("[export]\nname = \"{fox}\"\n");
    let wrong = home.run(&["export", id(&made)]).with_code(2);
    wrong.saying("{fox} means nothing");
}

#[test]
fn a_stripped_copy_says_nothing_whoever_wrote_what_into_the_original() {
    let home = Home::new();
    let samples = directory().display().to_string();
    home.run(&["import", &samples]).done();
    let rows = home.history();
    let ids: Vec<&str> = rows.iter().map(id).collect();
    let ended = home.run(&[&["export", "--strip", "-o", "bare"][..], &ids].concat()).done();
    assert_eq!(ended.out.lines().count(), ids.len());
    for path in ended.out.lines() {
        let bytes = fs::read(path).expect("it is there");
        assert_eq!(read(&bytes), None, "{path}");
        assert!(!String::from_utf8_lossy(&bytes).contains("fox"), "{path}");
    }
}

#[test]
fn an_imported_picture_keeps_the_words_of_its_own_program() {
    let home = Home::new();
    let file = directory().join("a1111.jpg").display().to_string();
    home.run(&["import", &file]).done();
    let row = &home.history()[0];
    let ended = home.run(&["export", id(row), "-o", "out", "--json"]).done().json().remove(0);
    assert_eq!((&ended["request"], &ended["index"]), (&json!(true), &json!(0)));
    let copy = fs::read(ended["path"].as_str().expect("a path")).expect("it is there");
    let told = read(&copy).expect("it tells");
    let before = read(&sample("a1111.jpg")).expect("it tells");
    let origin = told.origin.expect("this program wrote it");
    assert_eq!(origin.request.model.as_str(), "imported:a1111/dreamshaper_8");
    assert_eq!((origin.request.extra, origin.request.steps), (before.settings, before.steps));
    assert!(!String::from_utf8_lossy(&copy).contains("imported_from"));
}

#[test]
fn what_cannot_be_exported_is_said_and_the_rest_is() {
    let home = Home::new();
    let made = home.generate("a fox");
    let ended = home.run(&["export", "ffffffff", id(&made), "-o", "out"]).with_code(3);
    let ended = ended.saying("There is no generation “ffffffff”.");
    assert_eq!(ended.out.lines().count(), 1);
    home.run(&["export", "ffffffff"]).with_code(1);
    home.run(&["export"]).with_code(2);
    fs::write(home.path().join("file"), "").expect("room");
    home.run(&["export", id(&made), "-o", "file"]).with_code(1).saying("cannot be written");
    // What has no place for a request is copied as it is, and that is said.
    fs::write(home.path().join("a.gif"), b"GIF89a\x01\0\x01\0\0\0\0;").expect("room");
    home.run(&["import", "a.gif"]).done();
    let row = &home.history()[0];
    let plain = home.run(&["export", id(row), "-o", "out"]).done();
    let path = plain.out.trim().to_owned();
    plain.saying("is a plain copy: for the request such a file has no place.");
    assert_eq!(fs::read(path).expect("it is there"), b"GIF89a\x01\0\x01\0\0\0\0;");
    home.run(&["export", "--strip", id(row), "-o", "out"]).with_code(1).saying("can be stripped");
}

#[test]
fn the_words_that_automatic1111_reads_are_those_that_were_asked() {
    let home = Home::new();
    let made = home.generate("a fox: red, quick");
    let ended = home.run(&["export", id(&made), "-o", "out"]).done();
    let copy = fs::read(ended.out.trim()).expect("it is there");
    let begin = copy.windows(11).position(|part| part == b"parameters\0").expect("it is there");
    let length = u32::from_be_bytes(copy[begin - 8..begin - 4].try_into().expect("four"));
    let text = String::from_utf8_lossy(&copy[begin + 11..begin + length as usize]).into_owned();
    let (prompt, negative, pairs) = parse(&text);
    assert_eq!((prompt.as_str(), negative.as_str()), ("a fox: red, quick", ""));
    assert_eq!(pairs[0], ("Size".to_owned(), "64x64".to_owned()));
    assert_eq!(pairs[1], ("Model".to_owned(), "demo:painter".to_owned()));
}
