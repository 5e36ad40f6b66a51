//! The guide in `docs` is true: each command in it is run, and says what stands below it.
//!
//! A block of ```` ```console ```` is a session: lines that begin with `$ ` are commands (`> ` goes on
//! with one), what follows is what they print, in which `…` is anything within a line and a
//! line of `…` alone any lines; `? 2` is the code a command ends with when that is not 0. Each
//! page has a home of its own, without keys.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use clap::Parser;
use pentimento::cli::Arguments;

use crate::home::{DEADLINE, Home};

/// A command of a page, and what it is to say.
struct Step {
    line: usize,
    command: String,
    expected: Vec<String>,
    code: i32,
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

fn read(page: &str) -> String {
    fs::read_to_string(docs().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

/// Every page of the guide.
fn pages() -> Vec<String> {
    let names = fs::read_dir(docs()).expect("there is a guide").flatten();
    let is_page = |path: &Path| path.extension().is_some_and(|ending| ending == "md");
    let names = names.filter(|entry| is_page(&entry.path()));
    let mut pages: Vec<String> =
        names.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    pages.sort();
    pages
}

/// The lines of all blocks of `kind`, with their numbers.
fn blocks<'a>(text: &'a str, kind: &str) -> Vec<(usize, &'a str)> {
    let (mut inside, mut lines) = (None, Vec::new());
    for (number, line) in (1..).zip(text.lines()) {
        match (line.strip_prefix("```"), inside) {
            (Some(_), Some(_)) => inside = None,
            (Some(of), None) => inside = Some(of),
            (None, Some(of)) if of == kind => lines.push((number, line)),
            _ => {}
        }
    }
    lines
}

fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (line, text) in blocks(text, "console") {
        if let Some(command) = text.strip_prefix("$ ") {
            let (command, expected) = (command.to_owned(), Vec::new());
            steps.push(Step { line, command, expected, code: 0 });
            continue;
        }
        let step = steps.last_mut().expect("a block begins with a command");
        if let Some(more) = text.strip_prefix("> ") {
            step.command = format!("{}\n{more}", step.command);
        } else if let Some(code) = text.strip_prefix("? ") {
            step.code = code.parse().expect("a code is a number");
        } else {
            step.expected.push(text.to_owned());
        }
    }
    steps
}

/// Whether `line` is `pattern`, in which `…` is anything.
fn fits(pattern: &str, line: &str) -> bool {
    let mut parts = pattern.split('…');
    let Some(mut rest) = line.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    for (nth, part) in parts.iter().enumerate() {
        let at = if nth + 1 == parts.len() {
            rest.ends_with(part).then(|| rest.len() - part.len())
        } else {
            rest.find(part)
        };
        let Some(at) = at else { return false };
        rest = &rest[at + part.len()..];
    }
    parts.is_empty() && rest.is_empty() || !parts.is_empty()
}

/// Whether these lines are said, in which a line of `…` alone is any number of lines.
fn fit(patterns: &[String], lines: &[&str]) -> bool {
    match (patterns, lines) {
        ([], []) => true,
        ([any, rest @ ..], _) if any == "…" => {
            (0..=lines.len()).any(|skipped| fit(rest, &lines[skipped..]))
        }
        ([pattern, rest @ ..], [line, lines @ ..]) => fits(pattern, line) && fit(rest, lines),
        _ => false,
    }
}

/// Runs what stands on a page, in order; gives what is not true.
fn untrue(page: &str) -> Vec<String> {
    let text = read(page);
    let place = tempfile::tempdir().expect("there is room");
    let home = place.path();
    if !text.contains("config init") {
        // So that the painter takes no longer than it must.
        let dir = home.join(".config/pentimento");
        fs::create_dir_all(&dir).expect("it is new");
        fs::write(dir.join("config.toml"), "[demo]\nmoment = 0\n").expect("there is room");
    }
    let program = Path::new(env!("CARGO_BIN_EXE_pentimento"));
    let bin = program.parent().expect("it is in a directory").display();
    let mut untrue = Vec::new();
    for Step { line, command, expected, code } in steps(&text) {
        let mut shell = Command::new("/bin/bash");
        shell.args(["-o", "pipefail", "-c", &format!("exec 2>&1\n{command}")]).env_clear();
        shell.env("HOME", home).env("PATH", format!("{bin}:/usr/local/bin:/usr/bin:/bin"));
        shell.env("TERM", "xterm-256color").env("LANG", "C.UTF-8").current_dir(home);
        let ended = shell.timeout(DEADLINE).output().expect("there is a shell");
        let said = String::from_utf8(ended.stdout).expect("text");
        let lines: Vec<&str> = said.lines().collect();
        if ended.status.code() != Some(code) || !fit(&expected, &lines) {
            let ended = ended.status;
            untrue.push(format!("docs/{page}:{line}: $ {command}\n{said}({ended})"));
        }
    }
    untrue
}

#[test]
fn every_command_in_the_guide_says_what_stands_below_it() {
    let pages = pages();
    let untrue: Vec<String> = std::thread::scope(|scope| {
        let runs: Vec<_> = pages.iter().map(|page| scope.spawn(|| untrue(page))).collect();
        runs.into_iter().flat_map(|run| run.join().expect("a page can be run")).collect()
    });
    assert!(untrue.is_empty(), "{}", untrue.join("\n\n"));
    let count: usize = pages.iter().map(|page| steps(&read(page)).len()).sum();
    assert!(count > 40, "the commands were found: {count}");
}

#[test]
fn every_page_is_in_the_index_and_points_to_what_is_there() {
    let index = read("README.md");
    for page in pages().iter().filter(|page| *page != "README.md") {
        assert!(index.contains(&format!("]({page})")), "{page} is not in the index");
    }
    for page in pages() {
        let text = read(&page);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or(link);
            let outside = link.starts_with("http");
            assert!(outside || docs().join(file).exists(), "{page} points to {link}");
        }
    }
}

#[test]
fn commands_that_are_only_shown_are_understood() {
    for page in pages() {
        let text = read(&page);
        for (line, shown) in blocks(&text, "sh") {
            let shown = shown.split(" # ").next().unwrap_or(shown);
            let command = shown.split(['|', '>']).next().unwrap_or(shown).trim();
            if command.starts_with("pentimento") {
                let words = command.split_whitespace();
                if let Err(error) = Arguments::try_parse_from(words) {
                    assert!(!error.use_stderr(), "docs/{page}:{line}: {error}");
                }
            }
        }
        for (_, toml) in blocks(&text, "toml") {
            assert!(!toml.contains("sk-"), "{page} shows a key");
        }
        let lines: Vec<&str> = blocks(&text, "toml").iter().map(|(_, line)| *line).collect();
        let home = Home::new();
        home.configure(&lines.join("\n"));
        let ended = home.run(&["config", "check"]);
        assert_eq!(ended.code, Some(0), "docs/{page}: {}", ended.err);
    }
}

#[test]
fn a_guide_that_says_something_else_would_be_seen() {
    for (pattern, line) in
        [("a fox", "a fox"), ("a …", "a fox"), ("…fox", "a fox"), ("a…o…", "a fox"), ("…", "")]
    {
        assert!(fits(pattern, line), "{pattern}: {line}");
    }
    for (pattern, line) in [("a fox", "a fo"), ("a …", "the fox"), ("…fox", "a fo"), ("", "a")]
    {
        assert!(!fits(pattern, line), "{pattern}: {line}");
    }
    let patterns = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(fit(&patterns("…\nb"), &["a", "a", "b"]) && fit(&[], &[]));
    assert!(!fit(&patterns("a\nb"), &["a"]) && !fit(&[], &["a"]));
}
