//! The files: how long they are, what they are called, how they open.

use std::path::Path;

use super::sources;

/// Most lines of a file.
const MOST: usize = 450;
/// Most lines of the files where everything passes through, and which grow first.
const BUDGETS: [(&str, usize); 2] = [("app.rs", 300), ("tui.rs", 300)];
/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 8] =
    ["mod", "utils", "util", "common", "helpers", "manager", "service", "prelude"];

/// What is wrong with a file of ours.
fn faults(file: &Path, code: &str) -> Vec<String> {
    let name = file.display();
    let mut found = Vec::new();
    let budget = BUDGETS.iter().find(|(other, _)| Path::new(other) == file);
    let most = budget.map_or(MOST, |(_, most)| *most);
    let lines = code.lines().count();
    if lines > most {
        found.push(format!("{name} has {lines} lines; the most is {most}"));
    }
    if !code.starts_with("//! ") && !code.starts_with("#![doc = include_str!") {
        found.push(format!("{name} does not open by saying what it owns"));
    }
    for piece in &file.with_extension("") {
        if EMPTY_NAMES.iter().any(|empty| piece == *empty) {
            found.push(format!("{name}: such a name says nothing"));
        }
    }
    let mut lines = code.lines().map(str::trim);
    if lines.any(|line| line.starts_with("use ") && line.ends_with("::*;")) {
        found.push(format!("{name} imports a glob"));
    }
    found
}

#[test]
fn every_file_is_short_and_says_what_it_owns() {
    let found: Vec<String> = sources().iter().flat_map(|(file, code)| faults(file, code)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn each_fault_of_a_file_is_seen() {
    let opening = "//! A slice.\n";
    let wrong = [
        ("app/jobs.rs", "use std::fmt;\n".to_owned()),
        ("app/mod.rs", opening.to_owned()),
        ("utils/text.rs", opening.to_owned()),
        ("ui/common.rs", opening.to_owned()),
        ("ui/form.rs", format!("{opening}    use super::*;\n")),
        ("ui/form.rs", opening.repeat(451)),
        ("app.rs", opening.repeat(301)),
    ];
    for (file, code) in wrong {
        assert_eq!(faults(Path::new(file), &code).len(), 1, "{file}");
    }
    assert_eq!(faults(Path::new("ui/form.rs"), &opening.repeat(450)), Vec::<String>::new());
}
