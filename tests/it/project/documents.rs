//! README and CHANGELOG say what is true.

use std::fmt::Write;

use clap::Parser;
use pentimento::cli::Arguments;
use pentimento::config::Settings;
use pentimento::config::keymap::{ACTIONS, Context};

use super::{read, root};

/// The keys of the default configuration, as the README has them.
fn key_table() -> String {
    let settings = Settings::default();
    let mut table = String::from("| keys | what they do |\n|---|---|\n");
    for context in Context::ALL {
        let _ = writeln!(table, "| **{}** | |", context.title());
        for (action, _, _, what) in ACTIONS.iter().filter(|row| row.2 == context) {
            let chords = settings.keys.chords(*action).iter();
            let keys: Vec<String> = chords.map(|chord| format!("`{chord}`")).collect();
            let _ = writeln!(table, "| {} | {what} |", keys.join(" "));
        }
    }
    table
}

#[test]
fn the_readme_has_the_keys_that_are_bound() {
    let readme = read("README.md");
    let (_, rest) = readme.split_once("<!-- keys -->\n").expect("the table begins");
    let (table, _) = rest.split_once("<!-- /keys -->").expect("the table ends");
    let expected = key_table();
    assert!(table == expected, "README.md must have this table of keys:\n\n{expected}");
}

/// The words of a command line as a shell reads them, without what follows a pipe.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '|' | '>') => break,
            (None, ' ') => words.push(String::new()),
            (_, c) => words.last_mut().expect("there is a word").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn every_command_in_the_readme_is_understood() {
    let readme = read("README.md");
    let mut seen = Vec::new();
    for line in readme.lines() {
        let line = line.split("  #").next().unwrap_or(line).trim();
        let command = line.replace("cargo run --release -- ", "pentimento ");
        // From the middle of a pipe, too.
        let Some(at) = command.find("pentimento ") else { continue };
        let before = command[..at].trim_end();
        if !(before.is_empty() || before.ends_with('|')) {
            continue;
        }
        let words = words(&command[at..]);
        // What help and version are asked for is no mistake.
        match Arguments::try_parse_from(&words) {
            Err(error) if error.use_stderr() => panic!("README.md: {line}\n{error}"),
            _ => {}
        }
        seen.extend(words.get(1).cloned());
    }
    for command in ["generate", "history", "show", "resume", "config", "doctor"] {
        assert!(seen.iter().any(|other| other == command), "no example of {command} was found");
    }
}

#[test]
fn a_wrong_command_would_not_be_understood() {
    let read = words("pentimento generate \"a fox, it's late\" --set 'seed=1' | head");
    assert_eq!(read, ["pentimento", "generate", "a fox, it's late", "--set", "seed=1"]);
    assert!(Arguments::try_parse_from(&read).is_ok());
    assert!(Arguments::try_parse_from(words("pentimento generate a fox")).is_err());
    assert!(Arguments::try_parse_from(words("pentimento paint fox")).is_err());
}

#[test]
fn every_file_a_document_points_to_is_there() {
    for name in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"] {
        let text = read(name);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or(link);
            let outside = link.starts_with("http");
            assert!(outside || root().join(file).exists(), "{name} points to {link}");
        }
    }
}

#[test]
fn the_changelog_knows_this_version() {
    let heading = format!("\n## [{}]", env!("CARGO_PKG_VERSION"));
    assert!(read("CHANGELOG.md").contains(&heading), "CHANGELOG.md has no{heading}");
}
