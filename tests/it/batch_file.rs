//! A file of requests, and what a server got of it.

use std::collections::BTreeMap;
use std::fs;

use crate::home::{Ended, Home};
use crate::server::Server;

pub(crate) const MODEL: &str = "openai:gpt-image-2";
pub(crate) const FILE: &str = "prompts.txt";

/// A home whose file has these lines, with one request at a time.
pub(crate) fn home(server: &Server, lines: &[&str]) -> Home {
    let home = Home::beside(server);
    home.configure(&format!("[studio]\nmodel = \"{MODEL}\"\n[queue]\nparallel = 1\n"));
    write(&home, lines);
    home
}

pub(crate) fn write(home: &Home, lines: &[&str]) {
    fs::write(home.path().join(FILE), lines.join("\n")).expect("there is room");
}

pub(crate) fn batch(home: &Home, more: &[&str]) -> Ended {
    home.run(&[&["batch", FILE], more].concat())
}

/// How often each prompt was sent.
pub(crate) fn sent(server: &Server) -> BTreeMap<String, usize> {
    let mut sent = BTreeMap::new();
    for request in server.requests() {
        let body = request.json();
        *sent.entry(body["prompt"].as_str().expect("a prompt").to_owned()).or_default() += 1;
    }
    sent
}

pub(crate) fn counts(expected: &[(&str, usize)]) -> BTreeMap<String, usize> {
    expected.iter().map(|(prompt, count)| ((*prompt).to_owned(), *count)).collect()
}
