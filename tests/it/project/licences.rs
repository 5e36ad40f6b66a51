//! What is built into the program, and under which licences.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use assert_cmd::Command;
use serde_json::Value;

use super::{read, root};

/// Where the program is built for.
const TARGET: &str = "x86_64-unknown-linux-gnu";
/// What of other people's is in it, said to whoever gets it.
const DOCUMENT: &str = "THIRD-PARTY.md";

/// Every crate that is in the program, with its licence. What only builds or tests it is not.
fn crates() -> BTreeMap<String, String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--format-version", "1", "--locked", "--offline"]);
    let ended = cargo.args(["--filter-platform", TARGET]).current_dir(root()).output();
    let ended = ended.expect("cargo is what runs this test");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let metadata: Value = serde_json::from_slice(&ended.stdout).expect("it is JSON");
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let by_id: BTreeMap<String, Value> =
        list(&metadata["packages"]).into_iter().map(|it| (text(&it["id"]), it)).collect();
    let nodes: BTreeMap<String, Value> =
        list(&metadata["resolve"]["nodes"]).into_iter().map(|it| (text(&it["id"]), it)).collect();
    let own = text(&metadata["resolve"]["root"]);
    let (mut open, mut found) = (vec![own.clone()], BTreeSet::new());
    while let Some(id) = open.pop() {
        if !found.insert(id.clone()) {
            continue;
        }
        let is_inside = |dep: &Value| list(&dep["dep_kinds"]).iter().any(|it| it["kind"].is_null());
        let deps = list(&nodes[&id]["deps"]).into_iter().filter(is_inside);
        open.extend(deps.map(|dep| text(&dep["pkg"])));
    }
    found.remove(&own);
    let named = |id: &String| (text(&by_id[id]["name"]), text(&by_id[id]["license"]));
    found.iter().map(named).collect()
}

/// What `deny.toml` allows: for every crate, and for one alone.
fn allowed() -> (BTreeSet<String>, BTreeSet<(String, String)>) {
    let deny: toml::Table = read("deny.toml").parse().expect("it is TOML");
    let texts = |value: &toml::Value| -> Vec<String> {
        let list = value.as_array().expect("a list");
        list.iter().map(|it| it.as_str().expect("a text").to_owned()).collect()
    };
    let licences = &deny["licenses"];
    let exceptions = licences["exceptions"].as_array().expect("a list").iter().flat_map(|it| {
        let name = it["crate"].as_str().expect("a name").to_owned();
        texts(&it["allow"]).into_iter().map(move |licence| (name.clone(), licence))
    });
    (texts(&licences["allow"]).into_iter().collect(), exceptions.collect())
}

/// Whether a licence as a crate writes it can be kept to: of what is joined by OR one will do,
/// of what is joined by AND all must.
fn may(expression: &str, allows: &dyn Fn(&str) -> bool) -> bool {
    let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = expression.split_whitespace().collect();
    any(&mut words.as_slice(), allows)
}

fn any(words: &mut &[&str], allows: &dyn Fn(&str) -> bool) -> bool {
    let mut may = all(words, allows);
    while let ["OR", rest @ ..] = *words {
        *words = rest;
        may |= all(words, allows);
    }
    may
}

fn all(words: &mut &[&str], allows: &dyn Fn(&str) -> bool) -> bool {
    let mut may = one(words, allows);
    while let ["AND", rest @ ..] = *words {
        *words = rest;
        may &= one(words, allows);
    }
    may
}

fn one(words: &mut &[&str], allows: &dyn Fn(&str) -> bool) -> bool {
    match *words {
        ["(", rest @ ..] => {
            *words = rest;
            let may = any(words, allows);
            *words = words.strip_prefix(&[")"]).expect("what is opened is closed");
            may
        }
        // An exception only takes something of a licence back.
        [licence, "WITH", _, rest @ ..] | [licence, rest @ ..] => {
            *words = rest;
            allows(licence)
        }
        [] => false,
    }
}

#[test]
fn every_licence_is_one_that_is_allowed() {
    let (allowed, exceptions) = allowed();
    let crates = crates();
    let mut wrong = Vec::new();
    for (name, licence) in &crates {
        let exception = |it: &str| exceptions.contains(&(name.clone(), it.to_owned()));
        if !may(licence, &|it| allowed.contains(it) || exception(it)) {
            wrong.push(format!("{name}: {licence}"));
        }
    }
    assert!(wrong.is_empty(), "deny.toml does not allow: {}", wrong.join(", "));
    assert!(crates.len() > 100, "the crates were found");
    for (name, _) in exceptions {
        assert!(crates.contains_key(&name), "{name} is an exception and is not there");
        assert!(read(DOCUMENT).contains(&format!("`{name}`")), "{DOCUMENT} says nothing of {name}");
    }
}

#[test]
fn a_licence_is_read_as_its_crate_means_it() {
    let mit = |licence: &str| licence == "MIT";
    for yes in ["MIT", "MIT/Apache-2.0", "GPL-3.0 OR MIT", "(MIT OR X) AND MIT", "MIT WITH Y"] {
        assert!(may(yes, &mit), "{yes}");
    }
    for no in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR X) AND Y", "X OR (MIT AND Y)"] {
        assert!(!may(no, &mit), "{no}");
    }
}

/// The crates in the program by their licences, as the document has them.
fn table() -> String {
    let mut by_licence: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, licence) in crates() {
        by_licence.entry(licence).or_default().push(name);
    }
    let mut table = String::from("| licence | crates |\n|---|---|\n");
    for (licence, names) in by_licence {
        let _ = writeln!(table, "| {licence} | {} |", names.join(", "));
    }
    table
}

#[test]
#[expect(clippy::disallowed_methods, reason = "whoever runs the test says that it is to write")]
fn the_third_party_document_names_every_crate_in_the_program() {
    let text = read(DOCUMENT);
    let (before, rest) = text.split_once("<!-- crates -->\n").expect("the table begins");
    let (found, after) = rest.split_once("<!-- /crates -->").expect("the table ends");
    let expected = table();
    if std::env::var_os("THIRD_PARTY").is_some() {
        let whole = format!("{before}<!-- crates -->\n{expected}<!-- /crates -->{after}");
        std::fs::write(root().join(DOCUMENT), whole).expect("it can be written");
        return;
    }
    assert!(found == expected, "{DOCUMENT}: `THIRD_PARTY=write cargo test third_party` mends it");
}
