//! `history`, `show`, `config` and `doctor`.

use std::os::unix::fs::PermissionsExt;

use crate::home::Home;
use crate::server::{Reply, Server};
use crate::studio::Studio;

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
fn a_person_is_told_that_there_is_nothing_and_a_script_is_not() {
    let home = Home::new();
    let told = |arguments: &[&str]| {
        let mut terminal = Studio::start(&home, arguments, 80, 24);
        assert!(terminal.end().success());
        terminal.drained();
        terminal.screen()
    };
    assert!(told(&["history"]).contains("Nothing made yet."));
    home.generate("a fox");
    assert!(told(&["history", "owl"]).contains("Nothing was found."));
    let script = home.run(&["history", "owl"]).done();
    assert_eq!((script.out.as_str(), script.err.as_str()), ("", ""));
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
    home.run(&["show", "ffffffff"]).with_code(2).saying("There is no generation “ffffffff”.");
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
    assert_eq!(found["database"]["found"], "1 generation, sound");
    for what in ["journal", "file_system", "tables", "free_space", "after_logout"] {
        let said = found[what]["found"].as_str().unwrap_or_default();
        assert!(!said.is_empty(), "{what}: {found}");
    }
    for what in ["term", "pictures", "clipboard", "colours", "keyboard", "history", "worker"] {
        assert!(found[what]["found"].is_string(), "{what}: {found}");
    }
    assert_eq!(found["worker"]["found"], "none needed: nothing is under way");
    assert_eq!(found["outcomes"]["mend"], serde_json::Value::Null);
    assert_eq!(found["model"]["found"], "demo:painter");
    let keys = found["keys"]["found"].as_str().expect("words");
    assert!(keys.contains("openai: from OPENAI_API_KEY in the environment"), "{keys}");
    let words = home.run(&["doctor"]).done().out;
    assert!(words.contains("database"), "{words}");
    assert!(!words.contains("sk-very-secret") && !ended.out.contains("sk-very-secret"));
}

#[test]
fn the_doctor_makes_nothing_and_names_what_others_can_read() {
    let home = Home::new();
    let place = home.path().join("new");
    let there = place.display().to_string();
    let found = home.run(&["--dir", &there, "doctor", "--json"]).done().json().remove(0);
    assert!(found["database"]["found"].as_str().expect("words").starts_with("none yet"));
    assert!(!place.join("history.db").exists() && !place.join("images").exists());

    home.generate("a fox");
    for (path, mode) in [(home.path().to_owned(), 0o755), (home.path().join("config.toml"), 0o666)]
    {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("it is ours");
    }
    let found = home.run(&["doctor", "--json"]).done().json().remove(0);
    for (what, mend) in [("history", "chmod 700"), ("configuration", "chmod go-w")] {
        let said = found[what]["mend"].as_str().unwrap_or_default();
        assert!(said.starts_with(mend), "{what}: {found}");
    }
    let lines = home.run(&["doctor"]).done().out;
    assert!(lines.contains("\nHistory\n") && lines.contains("! history "), "{lines}");
}

#[test]
fn the_doctor_names_a_key_that_others_can_read() {
    let home = Home::with_config("[langbase]\napi_key = \"sk-very-secret\"\n");
    let file = home.path().join("config.toml");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("it is ours");
    let ended = home.run(&["doctor", "--json"]).done();
    let mend = ended.json()[0]["keys"]["mend"].as_str().unwrap_or_default().to_owned();
    assert_eq!(mend, format!("chmod 600 {}: others can read the key in it", file.display()));
    assert!(!ended.out.contains("sk-very-secret"));
}

#[test]
fn the_doctor_names_the_language_and_what_waits_for_the_user() {
    let home = Home::new().with("LC_ALL", "de_DE.UTF-8");
    let found = home.run(&["doctor", "--json"]).done().json().remove(0);
    assert_eq!(found["locale"]["found"], "LC_ALL=de_DE.UTF-8");
    let found = Home::new().with("LANG", "C").run(&["doctor", "--json"]).done().json().remove(0);
    assert!(found["locale"]["mend"].is_string(), "{found}");

    let server = Server::start([Reply::close()]);
    let home = Home::beside(&server);
    home.run(&["generate", "a fox", "-m", "openai:gpt-image-2"]).with_code(1);
    let found = home.run(&["doctor", "--json"]).done().json().remove(0);
    assert_eq!(found["outcomes"]["found"], "1 unknown");
    assert!(
        found["langbase"]["found"].as_str().expect("words").contains("by PENTIMENTO_LANGBASE_URL")
    );
}

#[test]
fn the_doctor_says_how_one_is_told_who_looks_elsewhere_and_how_far_it_is() {
    let told = |configuration: &str| {
        let home = Home::with_config(configuration);
        let found = home.run(&["doctor", "--json"]).done().json().remove(0);
        ["notices", "progress_bar"].map(|what| {
            assert_eq!(found[what]["mend"], serde_json::Value::Null);
            found[what]["found"].as_str().expect("words").to_owned()
        })
    };
    let [notices, bar] = told("");
    assert!(notices.starts_with("by its bell while the window has no focus: the terminal was not"));
    assert!(bar.starts_with("off: the terminal was not asked"), "{bar}");
    let [notices, bar] = told("[notify]\ndone = \"osc777\"\nprogress = \"on\"\n");
    assert!(notices.starts_with("by OSC 777 while the window has no focus: done under [notify]"));
    assert_eq!(bar, "on (OSC 9;4): progress under [notify] says so");
    let [notices, bar] = told("[notify]\ndone = \"off\"\nprogress = \"off\"\n");
    assert_eq!(notices, "off: done under [notify] says so");
    assert_eq!(bar, "off: progress under [notify] says so");
}

#[test]
fn the_doctor_names_a_broken_configuration() {
    let home = Home::new();
    home.configure("[studio\n");
    let found = home.run(&["doctor", "--json"]).done().json().remove(0);
    let said = found["configuration"]["found"].as_str().expect("words");
    assert!(said.contains("config.toml:1:"), "{said}");
}
