//! `pentimento generate` with the demo painter, and everything it refuses.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

use sha2::{Digest, Sha256};

use crate::home::Home;
use crate::studio::Studio;

#[test]
fn two_pictures_are_made_that_are_what_their_line_says() {
    let home = Home::new();
    let prompt = "a lighthouse at dusk, storm";
    let ended = home.run(&["generate", prompt, "--size", "1024x640", "-n", "2", "--json"]).done();
    let lines = ended.json();
    let [line] = lines.as_slice() else { panic!("one line, not {}", ended.out) };
    assert_eq!(ended.err, "");
    for (field, value) in [("status", "done"), ("provider", "demo"), ("model", "demo:painter")] {
        assert_eq!(line[field], value);
    }
    assert_eq!(line["request"]["prompt"], prompt);
    assert!(line["error"].is_null() && line["seconds"].is_number());
    let images = line["images"].as_array().expect("a list");
    assert_eq!(images.len(), 2);
    for image in images {
        let path = image["path"].as_str().expect("a path");
        let bytes = fs::read(path).expect("the picture exists");
        let digest = Sha256::digest(&bytes);
        let hex: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(image["sha256"], hex.concat());
        assert_eq!(image["bytes"], bytes.len());
        let size = imagesize::blob_size(&bytes).expect("it is a picture");
        assert_eq!((size.width, size.height), (1024, 640));
        assert_eq!((&image["width"], &image["height"]), (&1024.into(), &640.into()));
    }
    assert_ne!(images[0]["sha256"], images[1]["sha256"]);
}

#[test]
fn without_json_the_paths_are_the_result() {
    let home = Home::new();
    let ended = home.run(&["generate", "a fox", "--size", "64x64", "-n", "2"]).done();
    assert_eq!(ended.out.lines().count(), 2);
    for path in ended.out.lines() {
        assert!(fs::exists(path).expect("it can be looked for"), "{path}");
    }
    // Neither a bar nor a colour where nobody looks.
    assert!(!ended.err.contains('\x1b') && !ended.out.contains('\x1b'));
    ended.saying("not by a model");
}

#[test]
fn progress_is_shown_on_a_terminal() {
    let home = Home::with_config("");
    home.configure("[demo]\nmoment = 0.5\n");
    let mut terminal = Studio::start(&home, &["generate", "a fox", "--size", "64x64"], 200, 40);
    terminal.shows("drawing").shows("a-fox.png").hides("drawing");
    assert!(terminal.end().success());
}

#[test]
fn a_dry_run_prints_the_request_and_sends_nothing() {
    let home = Home::new();
    let ended = home.run(&["generate", "a fox", "--size", "64x", "--steps", "4", "--dry-run"]);
    let line = ended.done().json().remove(0);
    assert_eq!(
        line,
        serde_json::json!({
            "request": {"prompt": "a fox", "model": "demo:painter", "width": 64, "steps": 4},
            "estimate_usd": 0.0,
        })
    );
    assert!(home.history().is_empty());
}

#[test]
fn a_prompt_comes_from_standard_input() {
    let home = Home::new();
    let mut command = home.command(&["generate", "-", "--size", "64x64", "--json"]);
    let output = command.write_stdin("a fox 🦊\nin the snow\n").output().expect("it starts");
    assert!(output.status.success());
    assert_eq!(home.prompts(), ["a fox 🦊\nin the snow"]);
}

#[test]
fn extra_fields_are_passed_on_as_they_are() {
    let home = Home::new();
    let set = ["--set", "seed=42", "--set", "quality=high", "--set", "deep={\"a\":[1]}"];
    let arguments = [&["generate", "a fox", "--size", "64x64", "--dry-run"][..], &set].concat();
    let line = home.run(&arguments).done().json().remove(0);
    let extra = serde_json::json!({"seed": 42, "quality": "high", "deep": {"a": [1]}});
    assert_eq!(line["request"]["extra"], extra);
}

#[test]
fn copies_go_where_they_are_wanted_and_never_over_a_file() {
    let home = Home::new();
    let out = home.path().join("new/deep");
    let place = out.display().to_string();
    let line = home
        .run(&["generate", "a fox", "--size", "64x64", "-o", &place, "--json"])
        .done()
        .json()
        .remove(0);
    let kept = line["images"][0]["path"].as_str().expect("a path").to_owned();
    let copies: Vec<_> = fs::read_dir(&out).expect("it was made").flatten().collect();
    assert_eq!(copies.len(), 1);
    assert_eq!(fs::read(copies[0].path()).expect("readable"), fs::read(kept).expect("readable"));

    home.run(&["generate", "an owl", "--size", "64x64", "-o", &place]).done();
    assert_eq!(fs::read_dir(&out).expect("it is there").count(), 2);
}

#[test]
fn a_directory_for_copies_that_cannot_be_is_refused_before_anything_is_made() {
    let home = Home::new();
    let file = home.path().join("config.toml").display().to_string();
    let ended = home.run(&["generate", "a fox", "-o", &format!("{file}/x")]).with_code(2);
    ended.saying("cannot be used");
    assert!(home.history().is_empty());
}

#[test]
fn everything_that_is_made_is_for_its_user_alone() {
    let home = Home::new().with("RUST_LOG", "trace");
    home.run(&["generate", "a fox", "-m", "demo:painter", "--size", "64x64", "-o", "mine"]).done();
    let mut studio = Studio::open_in(&home, 120, 40);
    studio
        .shows("History · 1")
        .until("its picture", |screen| screen.contains(|c| ('▀'..='▟').contains(&c) && c != '▌'))
        .quit();
    let ours = home.files().into_iter().filter(|file| !file.ends_with("config.toml"));
    let ours: Vec<_> = ours.collect();
    for part in ["images", "log", "cache", "mine", "history.db"] {
        assert!(ours.iter().any(|file| file.starts_with(home.path().join(part))), "{part}");
    }
    for file in ours {
        let dir = file.parent().expect("it lies in one");
        for (path, most) in [(file.as_path(), 0o600), (dir, 0o700)] {
            if path == home.path() {
                continue; // the test's own
            }
            let mode = fs::metadata(path).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777 & !most, 0, "{}: {mode:o}", path.display());
        }
    }
}

#[test]
fn what_cannot_be_asked_for_is_refused_with_what_to_do() {
    let home = Home::new();
    for (arguments, words) in [
        (&[""][..], "Not sent: the prompt is empty."),
        (&[" \n\t"], "Write what you want to see."),
        (&["a fox", "--size", "big"], "“big” is not a size; write WIDTHxHEIGHT"),
        (&["a fox", "--size", "0x10"], "outside 1 to 16384"),
        (&["a fox", "--size", "99999x10"], "outside 1 to 16384"),
        (&["a fox", "--width", "-5"], "-5"),
        (&["a fox", "-n", "0"], "“0” is no number of pictures"),
        (&["a fox", "-n", "two"], "whole number from 1 to 64"),
        (&["a fox", "--steps", "1e9"], "“1e9” is no number of steps"),
        (&["a fox", "-m", "painter"], "painter"),
        (&["a fox", "-m", "opnai:gpt-image-2"], "Did you mean openai?"),
        (&["a fox", "-m", "openai:gpt-image-2"], "LANGBASE_API_KEY and OPENAI_API_KEY"),
        (&["a fox", "-m", "google:nano"], "GEMINI_API_KEY or GOOGLE_API_KEY"),
        (&["a fox", "--set", "seed"], "write KEY=JSON"),
        (&["a fox", "--set", "prompt=x"], "has a field of its own"),
        (&["a fox", "--image", "/nowhere.png"], "there is no file /nowhere.png"),
        (&["a fox", "--image", "config.toml"], "config.toml is no picture."),
        (&["a fox", "--image", "."], "is a directory."),
        (&["a fox", "--wat"], "--wat"),
        (&[], "PROMPT"),
    ] {
        let arguments = [&["generate", "--json"][..], arguments].concat();
        let ended = home.run(&arguments);
        assert_eq!(ended.out, "", "{arguments:?}");
        assert_eq!(ended.code, Some(2), "{arguments:?}: {}", ended.err);
        ended.saying(words);
    }
    assert!(home.history().is_empty());
}

#[test]
fn an_argument_that_is_no_text_is_refused() {
    let home = Home::new();
    let mut command = home.command(&["generate"]);
    let output = command.arg(OsStr::from_bytes(b"a f\xffx")).output().expect("it starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("UTF-8"));
}

#[test]
fn a_broken_configuration_stops_a_command_with_its_place_and_the_nearest_key() {
    let home = Home::new();
    home.configure("[studio]\nmodle = \"demo:painter\"\n");
    for arguments in [&["generate", "a fox"][..], &["config", "check"]] {
        let ended = home.run(arguments).with_code(2);
        ended.saying("config.toml:2:1: unknown key `modle`; did you mean `model`?");
    }
}

#[test]
fn without_a_home_it_says_which_variable_to_set() {
    let home = Home::new();
    let mut command = home.command(&["history"]);
    let output = command.env_remove("PENTIMENTO_DIR").env("HOME", "").output().expect("it starts");
    let err = String::from_utf8_lossy(&output.stderr);
    // The user data base of the machine may know a home all the same.
    let found = output.status.success();
    assert!(found || (output.status.code() == Some(2) && err.contains("PENTIMENTO_DIR")), "{err}");
}

#[test]
fn a_directory_that_cannot_be_written_is_named_with_a_way_out() {
    let home = Home::new();
    let closed = home.path().join("closed");
    fs::create_dir(&closed).expect("it can be made");
    fs::set_permissions(&closed, Permissions::from_mode(0o500)).expect("it is ours");
    // The superuser may write everywhere but where the kernel itself says no.
    let dir = if fs::write(closed.join("x"), "").is_ok() {
        "/sys/kernel/pentimento".to_owned()
    } else {
        closed.display().to_string()
    };
    let ended = home.run(&["generate", "a fox", "--dir", &dir]).with_code(1);
    ended.saying("--dir");
}
