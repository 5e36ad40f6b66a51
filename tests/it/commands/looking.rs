//! `history`, `show`, `config` and `doctor`.

use crate::home::Home;

#[test]
fn the_history_is_listed_newest_first_and_searched() {
    let home = Home::new();
    assert_eq!(home.run(&["history"]).done().out, "");
    for prompt in ["a fox", "an owl at night", "a fox at night"] {
        home.generate(prompt);
    }
    assert_eq!(home.prompts(), ["a fox at night", "an owl at night", "a fox"]);
    let found = |arguments: &[&str]| home.run(arguments).done().out.lines().count();
    assert_eq!(found(&["history", "night"]), 2);
    assert_eq!(found(&["history", "night", "-owl"]), 1);
    assert_eq!(found(&["history", "\"fox at\""]), 1);
    assert_eq!(found(&["history", "--limit", "1"]), 1);
    assert_eq!(found(&["history", "lighthouse"]), 0);
    let there = home.path().display().to_string();
    let one = ["history", "night", "-owl", "--limit", "1", "--dir", &there, "--json"];
    let one = home.run(&one).done().json();
    assert_eq!(one[0]["request"]["prompt"], "a fox at night", "flags may come last");
    assert_eq!(found(&["history", "night", "--", "--json"]), 2);
}

#[test]
fn a_generation_is_shown_by_either_end_of_its_id() {
    let home = Home::new();
    let made = home.generate("a fox");
    let id = made["id"].as_str().expect("an id");
    for part in [id, &id[..13], &id[id.len() - 8..]] {
        let shown = home.run(&["show", part, "--json"]).done().json().remove(0);
        assert_eq!(shown["id"], id);
    }
    let words = home.run(&["show", id]).done().out;
    assert!(words.starts_with("a fox\n"), "{words}");
    assert!(words.contains("64×64") && words.contains("demo:painter"), "{words}");
}

#[test]
fn an_id_of_nothing_or_of_several_is_refused() {
    let home = Home::new();
    home.generate("a fox");
    home.generate("an owl");
    home.run(&["show", "ffffffff"]).with_code(2).saying("There is no generation ffffffff.");
    let all = home.history();
    let (one, other) = (all[0]["id"].as_str().expect("id"), all[1]["id"].as_str().expect("id"));
    let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let ended = home.run(&["show", &one[..same]]).with_code(2);
    ended.saying("names more than one generation").saying("Write more of it.");
}

#[test]
fn the_configuration_is_found_and_checked() {
    let home = Home::new();
    let file = home.path().join("config.toml").display().to_string();
    assert_eq!(home.run(&["config", "path"]).done().out.trim_end(), file);
    assert!(home.run(&["config", "check"]).done().out.contains("is right"));
    std::fs::remove_file(&file).expect("it is there");
    assert!(home.run(&["config", "check"]).done().out.contains("the defaults apply"));
    assert!(!std::fs::exists(&file).expect("it can be looked for"));
}

#[test]
fn the_doctor_names_what_is_in_effect_and_never_a_key() {
    let home = Home::new().with("OPENAI_API_KEY", "sk-very-secret");
    home.generate("a fox");
    let ended = home.run(&["doctor", "--json"]).done();
    let found = ended.json().remove(0);
    assert_eq!(found["database"]["found"], "1 generations, sound");
    for what in ["journal", "file_system", "tables", "free_space", "after_logout"] {
        let said = found[what]["found"].as_str().unwrap_or_default();
        assert!(!said.is_empty(), "{what}: {found}");
    }
    assert_eq!(found["model"]["found"], "demo:painter");
    let keys = found["keys"]["found"].as_str().expect("words");
    assert!(keys.contains("openai: from OPENAI_API_KEY in the environment"), "{keys}");
    let words = home.run(&["doctor"]).done().out;
    assert!(words.contains("database"), "{words}");
    assert!(!words.contains("sk-very-secret") && !ended.out.contains("sk-very-secret"));
}

#[test]
fn the_doctor_names_a_broken_configuration() {
    let home = Home::new();
    home.configure("[studio\n");
    let found = home.run(&["doctor", "--json"]).done().json().remove(0);
    let said = found["configuration"]["found"].as_str().expect("words");
    assert!(said.contains("config.toml:1:"), "{said}");
}
