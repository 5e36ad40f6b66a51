//! `trash`, and opinions and searches as the commands show them.

use std::collections::BTreeSet;

use pentimento::domain::{Change, Rating};
use pentimento::store::Store;

use crate::home::Home;

/// Changes what is thought of the generation of this id.
fn change(home: &Home, id: &str, change: &Change) {
    let mut store = Store::open(home.path()).expect("the history opens");
    store.change(&[id.parse().expect("an id")], change).expect("it can be written");
}

#[test]
fn the_trash_is_weighed_listed_and_emptied_only_where_somebody_says_so() {
    let home = Home::new();
    let made = home.generate("a fox");
    let path = made["images"][0]["path"].as_str().expect("a path").to_owned();
    let id = made["id"].as_str().expect("an id");
    home.run(&["trash", "empty"]).done().saying("There is nothing to delete.");
    change(&home, id, &Change::Trash(pentimento::engine::now()));
    assert_eq!(home.prompts(), [""; 0]);
    let listed = home.run(&["history", "trashed", "--json"]).done().json();
    let trashed = listed[0]["images"][0]["path"].as_str().expect("a path");
    assert!(trashed.contains("/trash/"), "{trashed}");
    assert!(std::fs::exists(trashed).expect("a directory") && listed[0]["trashed"].is_string());
    let weight = home.run(&["trash"]).done().out;
    assert!(weight.starts_with("1 generation with 1 picture, "), "{weight}");
    home.run(&["trash", "empty"]).with_code(2).saying("there is nobody to ask");
    assert!(std::fs::exists(trashed).expect("a directory"), "nothing was deleted");
    home.run(&["trash", "empty", "--yes"]).done().saying("Deleted for good: 1 generation");
    assert!(!std::fs::exists(trashed).expect("a directory"));
    assert!(!std::fs::exists(path).expect("a directory"));
    home.run(&["show", id]).with_code(2).saying("There is no generation");
    assert_eq!(home.run(&["history", "trashed"]).done().out, "");
}

#[test]
fn opinions_are_shown_and_searched_for() {
    let home = Home::new();
    let made = home.generate("a fox");
    home.generate("an owl");
    let id = made["id"].as_str().expect("an id");
    change(&home, id, &Change::Rate(Rating::new(4)));
    let add = BTreeSet::from(["night".parse().expect("a tag")]);
    change(&home, id, &Change::Tag { add, remove: BTreeSet::new() });
    let found = home.run(&["history", "rated:>3", "tag:ni", "after:yesterday"]).done().out;
    assert!(found.contains("★★★★ #night  a fox") && found.lines().count() == 1, "{found}");
    let row = home.run(&["history", "--json", "tag:night"]).done().json().remove(0);
    assert_eq!((&row["rating"], &row["tags"][0]), (&4.into(), &"night".into()));
    assert!(home.run(&["show", id]).done().out.contains("★★★★ #night"));
}

#[test]
fn a_wrong_part_of_a_search_is_said_and_the_rest_is_done() {
    let home = Home::new();
    home.generate("a fox");
    home.generate("an owl");
    let ended = home.run(&["history", "fox", "rated:many"]).with_code(3);
    assert!(ended.out.contains("a fox") && !ended.out.contains("an owl"), "{}", ended.out);
    ended.saying("character 5 of the search: rated: does not know “many”; write rated:>3.");
}
