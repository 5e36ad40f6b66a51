//! How every command behaves in a script: closed and full outputs, arguments that are no
//! text, no terminal, and `--json` wherever there are results.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

use assert_cmd::Command;

use crate::home::{DEADLINE, Home};

/// A home with some generations.
fn home() -> Home {
    let home = Home::new();
    for prompt in ["a fox", "an owl", "a hare"] {
        home.generate(prompt);
    }
    home
}

/// What a shell makes of a line in which `$0` is the program.
fn shell(home: &Home, line: &str) -> (Option<i32>, String, String) {
    let mut shell = Command::new("/bin/bash");
    shell.args(["-c", line, env!("CARGO_BIN_EXE_pentimento")]).env_clear();
    shell.envs(home.environment()).current_dir(home.path()).timeout(DEADLINE);
    let ended = shell.output().expect("there is a shell");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (ended.status.code(), text(ended.stdout), text(ended.stderr))
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_output_without_a_word() {
    let home = home();
    let whole =
        ["history", "history --json", "doctor", "man", "--help", "completions bash", "cost"];
    for command in whole {
        let line = format!("\"$0\" {command} | head -c 1; echo \" ${{PIPESTATUS[0]}}\"");
        let (_, out, err) = shell(&home, &line);
        assert!(out.ends_with(" 0\n"), "{command}: {out}");
        assert_eq!(err, "", "{command}");
    }
    // Nobody reads from the beginning.
    let (_, out, err) = shell(&home, "\"$0\" history | true; echo \"${PIPESTATUS[0]}\"");
    assert_eq!((out.as_str(), err.as_str()), ("0\n", ""));
}

#[test]
fn results_that_cannot_be_written_are_a_failure() {
    let home = home();
    for command in ["history", "history --json", "doctor --json", "man", "config path"] {
        let (code, _, err) = shell(&home, &format!("\"$0\" {command} > /dev/full"));
        assert_eq!(code, Some(1), "{command}: {err}");
        assert!(err.contains("The results cannot be written: "), "{command}: {err}");
    }
    // A picture is kept all the same.
    let (code, _, err) = shell(&home, "\"$0\" generate 'a bear' --size 64x64 > /dev/full");
    assert_eq!(code, Some(1), "{err}");
    assert_eq!(home.prompts()[0], "a bear");
}

#[test]
fn closed_streams_are_no_fault_of_the_program() {
    let home = home();
    for streams in [">&-", "2>&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-"] {
        for command in ["history", "generate 'a bear' --size 64x64", "show \"$1\"", "doctor"] {
            let id = home.history()[0]["id"].as_str().expect("an id").to_owned();
            let line = format!("set -- {id}; \"$0\" {command} {streams}");
            let (code, _, err) = shell(&home, &line);
            assert_eq!((code, err.contains("panicked")), (Some(0), false), "{line}: {err}");
        }
    }
}

#[test]
fn arguments_that_are_no_text_are_refused_in_words_or_work_where_they_name_files() {
    let home = home();
    let odd = OsStr::from_bytes(b"a \xFF fox");
    for command in ["generate", "history", "show", "cost", "batch", "trash"] {
        let ended = home.command(&[command]).arg(odd).output().expect("it runs");
        let said = String::from_utf8(ended.stderr).expect("what is said is text");
        assert_eq!(ended.status.code(), Some(2), "{command}: {said}");
        assert!(!said.is_empty() && !said.contains("panicked"), "{command}: {said}");
    }
    let size = ["--size", "64x64"];
    let made = home.command(&["generate", "a fox"]).args(size).arg("-o").arg(odd).output();
    assert!(made.expect("it runs").status.success());
    assert_eq!(fs::read_dir(home.path().join(odd)).expect("it is there").count(), 1);

    let place = home.path().join(OsStr::from_bytes(b"place-\xFF"));
    let made = home.command(&["generate", "a fox"]).args(size).arg("--dir").arg(&place).output();
    assert!(made.expect("it runs").status.success());
    let (_, out, _) = shell(&home, "\"$0\" --dir $'place-\\xff' history");
    assert_eq!(out.lines().count(), 1);

    let file = home.path().join(odd);
    fs::remove_dir_all(&file).expect("it is there");
    fs::write(&file, "a bear").expect("there is room");
    let sent = home.command(&["batch", "--size", "64x64"]).arg(&file).output().expect("it runs");
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
}

#[test]
fn a_base_image_whose_path_is_no_text_is_refused_as_such_and_nothing_is_sent() {
    let home = home();
    let picture = home.files().into_iter().find(|it| it.extension().is_some_and(|it| it == "png"));
    let odd = OsStr::from_bytes(b"fox-\xFF.png");
    fs::copy(picture.expect("there is one"), home.path().join(odd)).expect("there is room");
    let elsewhere = home.path().join(OsStr::from_bytes(b"place-\xFF"));
    fs::create_dir(&elsewhere).expect("there is room");
    fs::copy(home.path().join(odd), elsewhere.join("fox.png")).expect("there is room");
    // The name itself, one that a terminal has made text of, and one in such a directory.
    for (name, cwd) in [
        (odd, home.path()),
        (OsStr::new("fox-\u{FFFD}.png"), home.path()),
        (OsStr::new("fox.png"), &elsewhere),
    ] {
        let mut command = home.command(&["generate", "an owl", "--size", "64x64", "--image"]);
        let ended = command.arg(name).current_dir(cwd).output().expect("it runs");
        let said = String::from_utf8(ended.stderr).expect("what is said is text");
        assert_eq!(ended.status.code(), Some(2), "{said}");
        assert!(said.contains("is no text (UTF-8)") && said.contains("Rename it"), "{said}");
    }
    assert_eq!(home.prompts().len(), 3);
    // What is only read may be called anything.
    fs::write(home.path().join(odd), fs::read(embedded(&home)).expect("there")).expect("room");
    let mut like = home.command(&["generate", "--dry-run", "--like"]);
    let ended = like.arg(odd).output().expect("it runs");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

/// A copy with its request in it.
fn embedded(home: &Home) -> String {
    let id = home.history()[0]["id"].as_str().expect("an id").to_owned();
    let place = OsStr::from_bytes(b"copies-\xFF");
    let mut json = home.command(&["export", &id, "--json", "-o"]);
    assert!(json.arg(place).output().expect("it runs").status.success(), "a path that is no text");
    home.run(&["export", &id, "-o", "copies"]).done().out.trim_end().to_owned()
}

#[test]
fn no_command_but_the_studio_needs_a_terminal_or_a_word_about_it() {
    let home = home();
    for arguments in [&["history"][..], &["generate", "a bear", "--size", "64x64"], &["doctor"]] {
        let mut command = home.command(arguments);
        command.env_remove("TERM").env_remove("COLORTERM").assert().success();
    }
    for term in [None, Some("dumb")] {
        let mut studio = home.command(&[]);
        studio.env_remove("TERM").envs(term.map(|term| ("TERM", term)));
        let ended = studio.output().expect("it runs");
        assert_eq!(ended.status.code(), Some(1));
        let said = String::from_utf8(ended.stderr).expect("text");
        assert!(said.contains("The studio needs a terminal"), "{said}");
    }
}

#[test]
fn what_names_no_generation_is_refused_and_no_limit_is_too_small() {
    let home = home();
    assert_eq!(home.run(&["history", "--limit", "0"]).done().out, "");
    home.run(&["history", "--limit", "-1"]).with_code(2);
    for nothing in ["", " ", "zzzz", "#", "%", "0' OR 1=1"] {
        home.run(&["show", nothing]).with_code(2).saying("There is no generation “");
    }
    home.run(&["show"]).with_code(2).saying("<ID>");
    home.run(&["paint"]).with_code(2).saying("unrecognized subcommand");
    home.run(&["a fox"]).with_code(2).saying("made with 'pentimento generate PROMPT'");
    home.run(&["hisory"]).with_code(2).saying("a similar subcommand exists: 'history'");
}

#[test]
fn every_command_with_results_gives_them_as_json() {
    let home = home();
    let id = home.history()[0]["id"].as_str().expect("an id").to_owned();
    fs::write(home.path().join("file"), "a bear").expect("there is room");
    for arguments in [
        &["generate", "a bear", "--size", "64x64", "--json"][..],
        &["generate", "a bear", "--dry-run"],
        &["batch", "file", "--size", "64x64", "--json"],
        &["batch", "file", "--dry-run"],
        &["history", "--json"],
        &["show", &id, "--json"],
        &["cost", "--json"],
        &["cost", "--by", "day", "--json"],
        &["cost", "--by", "model", "--json"],
        &["trash", "--json"],
        &["trash", "empty", "--yes", "--json"],
        &["doctor", "--json"],
        &["config", "path", "--json"],
        &["config", "check", "--json"],
    ] {
        let lines = home.run(arguments).done().json();
        assert!(!lines.is_empty(), "{arguments:?}");
        assert!(lines.iter().all(serde_json::Value::is_object), "{arguments:?}");
    }
    // What was interrupted is as empty as there is nothing of it.
    assert!(home.run(&["resume", "--json"]).done().json().is_empty());
    let begun = ["--dir", "other", "config", "init", "--json"];
    assert_eq!(home.run(&begun).done().json()[0]["exists"], true);
    home.configure("[studio\n");
    let wrong = home.run(&["config", "check", "--json"]).with_code(2).json();
    let message = wrong[0]["error"]["message"].as_str().expect("words");
    assert!(message.contains("config.toml:1:"), "{message}");
}

#[test]
fn nothing_but_results_is_on_standard_output() {
    let home = home();
    let made = home.run(&["generate", "a bear", "--size", "64x64"]).done();
    let file = fs::metadata(made.out.trim_end()).expect("the one line is the path");
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
    let refused = home.run(&["generate", "a bear", "-n", "0"]).with_code(2);
    assert_eq!(refused.out, "");
    assert!(File::open(home.path().join("history.db")).is_ok());
}
