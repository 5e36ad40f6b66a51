//! `pentimento generate` with more than one request.

use serde_json::Value;

use crate::home::Home;

/// The prompts, models and widths of what would be sent.
fn planned(home: &Home, arguments: &[&str]) -> Vec<String> {
    let all = [&["generate", "--dry-run"], arguments].concat();
    let lines = home.run(&all).done().json();
    let line = |line: &Value| {
        let request = &line["request"];
        let text = |key: &str| request[key].as_str().unwrap_or("").to_owned();
        format!("{} {} {}", text("prompt"), text("model"), request["width"])
    };
    lines.iter().map(line).collect()
}

#[test]
fn a_template_several_models_and_sizes_are_all_planned() {
    let home = Home::new();
    assert_eq!(
        planned(&home, &["{a|b}", "-m", "demo:x", "-m", "demo:y", "--size", "8x8"]),
        ["a demo:x 8", "a demo:y 8", "b demo:x 8", "b demo:y 8"]
    );
    assert_eq!(planned(&home, &["{a|b}", "--literal", "-m", "demo:x"]), ["{a|b} demo:x null"]);
    let drawn = ["{1|2|3|4|5|6|7|8|9}", "--random", "3", "--seed", "7", "-m", "demo:x"];
    assert_eq!(planned(&home, &drawn).len(), 3);
    assert_eq!(planned(&home, &drawn), planned(&home, &drawn));
}

#[test]
fn a_batch_is_made_and_each_picture_is_named() {
    let home = Home::new();
    let ended = home.run(&["generate", "{a fox|an owl}", "--size", "16x16", "--json"]).done();
    let lines = ended.json();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line["status"] == "done" && line["batch"] == lines[0]["id"]));
    assert_eq!(home.prompts(), ["an owl", "a fox"]);
}

#[test]
fn what_is_wrong_with_a_template_is_said_before_anything_is_sent() {
    let home = Home::new();
    let nine = "{0|1|2|3|4|5|6|7|8|9}".repeat(9);
    for (prompt, saying) in [
        ("a {red|blue", "(character 3)"),
        ("a __animal__", "there is no wildcards/animal.txt"),
        (&nine, "these are 1000000000 requests, and 100 are allowed"),
    ] {
        home.run(&["generate", prompt]).saying(saying).with_code(2);
    }
    assert_eq!(home.history(), Vec::<Value>::new());
}
