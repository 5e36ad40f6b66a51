//! `import`: pictures that were made elsewhere, into the history.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, UNIX_EPOCH};

use pentimento::domain::{GenerationId, Request, Timestamp};
use pentimento::metadata::{Origin, embed};
use serde_json::{Value, json};

use crate::home::{DEADLINE, Home, wait_for};
use crate::metadata::damaged::{crowded, packed};
use crate::metadata::{NEGATIVE, PROMPT, directory, sample};

/// A directory with these samples, each a day older than the one before, from 2026-11-10 on.
fn samples(home: &Home, names: &[&str]) -> PathBuf {
    let dir = home.path().join("elsewhere");
    for (days, name) in names.iter().enumerate() {
        let path = dir.join("deep").join(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("room");
        fs::write(&path, sample(name)).expect("room");
        // Noon: the same day in every zone.
        let written = 1_794_312_000 - 86_400 * days as u64;
        let file = File::options().write(true).open(&path).expect("it is there");
        file.set_modified(UNIX_EPOCH + Duration::from_secs(written)).expect("a time");
    }
    dir
}

fn import(home: &Home, more: &[&str], path: &Path) -> crate::home::Ended {
    let path = path.display().to_string();
    home.run(&[&["import"], more, &[path.as_str()]].concat())
}

#[test]
fn pictures_are_kept_byte_for_byte_with_what_they_say_and_when_they_were_made() {
    let home = Home::new();
    let made = home.generate("an owl");
    let dir = samples(&home, &["invokeai.png", "a1111.jpg", "comfyui.webp", "nothing.png"]);
    let ended = import(&home, &["--tag", "old"], &dir).done().saying("Imported: 4 pictures.");
    assert_eq!(ended.out.lines().count(), 4, "{}", ended.out);
    let rows = home.history();
    // The oldest one first, behind what was there.
    let models: Vec<&str> = rows.iter().map(|row| row["model"].as_str().expect("text")).collect();
    assert_eq!(
        models,
        [
            "imported:invokeai/Juggernaut-XL-v9",
            "imported:a1111/dreamshaper_8",
            "imported:comfyui/dreamshaper_8.safetensors",
            "imported:unknown",
            "demo:painter",
        ]
    );
    let files = ["invokeai.png", "a1111.jpg", "comfyui.webp", "nothing.png"];
    for ((row, name), day) in rows.iter().zip(files).zip([10, 9, 8, 7]) {
        let path = row["images"][0]["path"].as_str().expect("a path");
        assert_eq!(fs::read(path).expect("it is there"), sample(name), "{name}");
        assert!(path.contains("/images/2026/11/"), "{path}");
        let created = row["created"].as_str().expect("a time");
        assert!(created.starts_with(&format!("2026-11-{day:02}T12:")), "{name}: {created}");
        assert_eq!((&row["status"], &row["tags"]), (&json!("done"), &json!(["imported", "old"])));
        let from = dir.join("deep").join(name).display().to_string();
        assert_eq!(row["request"]["extra"]["imported_from"], json!(from));
    }
    let asked = &rows[0]["request"];
    assert_eq!((&asked["prompt"], &asked["negative_prompt"]), (&json!(PROMPT), &json!(NEGATIVE)));
    assert_eq!((&asked["width"], &asked["steps"]), (&json!(832), &json!(30)));
    assert_eq!(asked["extra"]["seed"], json!(3_735_928_559_u32));
    assert_eq!(rows[3]["request"]["prompt"], "nothing");
    assert_eq!(rows[4]["id"], made["id"]);
    // Found by words and by where they are from.
    let found = |query: &str| home.run(&["history", query]).done().out.lines().count();
    assert_eq!((found("provider:imported"), found("model:comfyui"), found("tag:old")), (4, 1, 4));
}

#[test]
fn what_is_imported_costs_nothing_and_nothing_can_be_asked_of_its_model() {
    let home = Home::new();
    let before = home.run(&["cost", "--by", "model"]).done().out;
    import(&home, &[], &samples(&home, &["a1111.png"])).done();
    assert_eq!(home.run(&["cost", "--by", "model"]).done().out, before);
    let model = "imported:a1111/dreamshaper_8";
    assert_eq!(home.history()[0]["model"], model);
    // Not even where somebody calls a provider so.
    home.configure("[providers.imported]\napi_key = \"sk-x\"\n[langbase]\napi_key = \"sk-y\"\n");
    let refused = home.run(&["generate", "a fox", "-m", model]).with_code(2);
    assert!(refused.err.contains("it drew a picture that was imported"), "{}", refused.err);
}

#[test]
fn doing_it_again_takes_nothing_twice_whatever_a_file_is_called() {
    let home = Home::new();
    let dir = samples(&home, &["a1111.png", "fooocus.webp"]);
    import(&home, &[], &dir).done().saying("Imported: 2 pictures.");
    fs::copy(dir.join("deep/a1111.png"), dir.join("copy.png")).expect("room");
    let again = import(&home, &["--json"], &dir).done();
    again.saying("Imported: 0 pictures. 3 in the history already.");
    assert_eq!(home.history().len(), 2);
    // What is in the trash is still there; what was deleted for good comes again.
    let id = home.history()[1]["id"].as_str().expect("an id").to_owned();
    let mut store = pentimento::store::Store::open(home.path()).expect("the history opens");
    let trash = pentimento::domain::Change::Trash(pentimento::engine::now());
    store.change(&[id.parse().expect("an id")], &trash).expect("it can be written");
    drop(store);
    import(&home, &[], &dir).done().saying("Imported: 0 pictures. 3 in");
    home.run(&["trash", "empty", "--yes"]).done();
    import(&home, &[], &dir).done().saying("Imported: 1 picture. 2 in");
    assert_eq!(home.history().len(), 2);
}

#[test]
fn an_import_that_was_broken_off_is_finished_by_the_next_one() {
    let home = Home::new();
    let dir = samples(&home, &["a1111.png", "swarmui.jpg"]);
    // In place of the directory for that month, so that no picture can be kept.
    fs::create_dir_all(home.path().join("images/2026")).expect("room");
    fs::write(home.path().join("images/2026/11"), "").expect("room");
    import(&home, &[], &dir).with_code(1).saying("Imported: 0 pictures. 2 failed.");
    let rows = home.history();
    assert!(rows.iter().all(|row| row["images"] == json!([])) && rows.len() == 2);
    fs::remove_file(home.path().join("images/2026/11")).expect("it is there");
    import(&home, &[], &dir).done().saying("Imported: 2 pictures.");
    let rows = home.history();
    let kept = |row: &Value| row["images"].as_array().map_or(0, Vec::len);
    assert_eq!(rows.iter().map(kept).collect::<Vec<_>>(), [1, 1]);
}

#[test]
fn a_lost_history_is_made_again_with_all_that_was_imported() {
    let home = Home::new();
    import(&home, &[], &samples(&home, &["a1111.png", "comfyui.png", "camera.jpg"])).done();
    let before = home.history();
    for file in ["history.db", "history.db-wal", "history.db-shm"] {
        let _ = fs::remove_file(home.path().join(file));
    }
    home.run(&["doctor", "--rebuild"]).done();
    let mut after = home.history();
    after.sort_by_key(|row| before.iter().position(|other| other["id"] == row["id"]));
    assert_eq!(after, before);
    assert!(home.run(&["cost"]).done().out.lines().all(|line| line.ends_with("free")));
}

#[test]
fn a_dry_run_says_what_would_be_imported_and_imports_nothing() {
    let home = Home::new();
    let dir = samples(&home, &["a1111.png", "fooocus.png"]);
    fs::copy(dir.join("deep/a1111.png"), dir.join("copy.png")).expect("room");
    let dry = import(&home, &["--dry-run", "--json"], &dir).done();
    let mut status: Vec<Value> = dry.json().iter().map(|row| row["status"].clone()).collect();
    status.sort_by_key(ToString::to_string);
    assert_eq!(status, ["known", "new", "new"]);
    let asked = dry.json().into_iter().find(|row| row["request"]["model"] != Value::Null);
    assert!(asked.is_some_and(|row| row["request"]["steps"].is_number()));
    dry.saying("To be imported: 2 pictures. 1 in the history already.");
    assert_eq!(home.history(), [Value::Null; 0]);
}

#[test]
fn one_bad_file_keeps_no_other_out_and_links_lead_nowhere() {
    let home = Home::new();
    let dir = samples(&home, &["a1111.png"]);
    let outside = home.path().join("outside");
    fs::create_dir(&outside).expect("room");
    fs::write(outside.join("secret.png"), sample("comfyui.png")).expect("room");
    symlink(&outside, dir.join("out")).expect("a link");
    symlink(&dir, dir.join("round")).expect("a link");
    symlink(outside.join("secret.png"), dir.join("link.png")).expect("a link");
    fs::write(dir.join("notes.txt"), "no picture").expect("room");
    import(&home, &[], &dir).done().saying("Imported: 1 picture.");
    let named = [dir.join("notes.txt"), dir.join("gone.png"), dir.join("link.png")];
    let named = named.map(|path| path.display().to_string());
    let words: Vec<&str> = ["import"].into_iter().chain(named.iter().map(String::as_str)).collect();
    // A link that the user names is meant.
    let ended = home.run(&words).with_code(3).saying("Imported: 1 picture. 2 failed.");
    let ended = ended.saying("notes.txt is no picture of a kind that is known.");
    ended.saying("gone.png cannot be read");
    home.run(&["import", &named[1]]).with_code(1).saying("Imported: 0 pictures. 1 failed.");
    home.run(&["import", "--tag", "a b", &named[2]]).with_code(2).saying("--tag: a tag holds");
}

#[test]
fn pictures_made_to_fill_the_memory_are_imported_in_little_of_it() {
    let home = Home::new();
    let dir = home.path().join("bombs");
    fs::create_dir(&dir).expect("room");
    fs::write(dir.join("crowded.jpg"), crowded()).expect("room");
    for (number, png) in packed(512 << 20).into_iter().enumerate() {
        fs::write(dir.join(format!("{number}.png")), png).expect("room");
    }
    // Address space: the crowded one alone would want three hundred megabytes besides.
    let script = format!(
        "ulimit -v 400000; exec {} import {}",
        env!("CARGO_BIN_EXE_pentimento"),
        dir.display()
    );
    let mut shell = assert_cmd::Command::new("sh");
    shell.args(["-c", &script]).env_clear().envs(home.environment()).timeout(DEADLINE);
    let ended = shell.output().expect("there is a shell");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success() && said.contains("Imported: 3 pictures."), "{said}");
}

#[test]
fn every_sample_is_imported_and_shown() {
    let home = Home::new();
    import(&home, &[], &directory()).done();
    let comfy = &home.run(&["history", "--json", "flux1-dev"]).done().json()[0];
    let shown = home.run(&["show", comfy["id"].as_str().expect("an id")]).done().out;
    assert!(shown.contains(PROMPT) && shown.contains("imported:comfyui/flux1-dev"), "{shown}");
}

#[test]
fn a_request_is_like_one_of_the_history_or_of_a_file_but_for_what_is_said_besides() {
    let home = Home::new();
    let asked = ["--size", "64x48", "--steps", "9", "--negative", "fog", "--set", "seed=7"];
    let made =
        home.run(&[&["generate", "a {fox}", "-m", "demo:painter", "--json"][..], &asked].concat());
    let made = made.done().json().remove(0);
    let id = made["id"].as_str().expect("an id");
    let like = |name: &str, more: &[&str]| {
        let words = [&["generate", "--like", name, "--dry-run"][..], more].concat();
        home.run(&words).done().json().remove(0)["request"].clone()
    };
    assert_eq!(like(id, &[]), made["request"]);
    let other = like(id, &["an owl", "--width", "32", "--set", "seed=8"]);
    assert_eq!((&other["prompt"], &other["steps"]), (&json!("an owl"), &json!(9)));
    assert_eq!((&other["width"], &other["height"]), (&json!(32), &Value::Null));
    assert_eq!(other["extra"], json!({ "seed": 8 }));
    let again = home.run(&["generate", "--like", id, "--json"]).done().json().remove(0);
    assert_eq!(again["parent"], made["id"]);
    // Another program's model cannot be asked, and its seed says nothing to one that can.
    let file = directory().join("a1111.png").display().to_string();
    let foreign = like(&file, &[]);
    assert_eq!((&foreign["model"], &foreign["extra"]), (&json!("demo:painter"), &Value::Null));
    assert_eq!((&foreign["prompt"], &foreign["width"]), (&json!("a red fox"), &json!(512)));
    let silent = directory().join("nothing.png").display().to_string();
    let ended = home.run(&["generate", "--like", &silent, "--dry-run"]).with_code(2);
    ended.saying("does not say how it was made");
    home.run(&["generate", "--like", "ffffffff"]).with_code(2).saying("There is no generation");
    home.run(&["generate"]).with_code(2);
}

/// Everything below the pictures of a history that ends so.
fn kept(home: &Home, ending: &str) -> usize {
    let is_it = |path: &PathBuf| {
        let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes()[0] == b'.');
        path.starts_with(home.path().join("images"))
            && !is_hidden
            && path.extension().is_some_and(|other| other == ending)
    };
    home.files().iter().filter(|path| is_it(path)).count()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the process is what is killed")]
fn an_import_that_is_killed_again_and_again_has_everything_once_in_the_end() {
    let home = Home::new();
    let dir = home.path().join("many");
    fs::create_dir(&dir).expect("room");
    for number in 0..60 {
        let request =
            Request::new(format!("fox {number}"), "demo:painter".parse().expect("a model"));
        let (id, created) = (GenerationId::from_parts(number, [7; 10]), Timestamp::default());
        let origin = Origin { id, index: 0, created, request, template: None };
        let bytes = embed(&sample("nothing.png"), &origin, (12, 18)).expect("a PNG");
        fs::write(dir.join(format!("{number}.png")), bytes).expect("room");
    }
    for pictures in [1, 7, 20, 33] {
        let mut import = std::process::Command::new(env!("CARGO_BIN_EXE_pentimento"));
        import.args(["import", "many"]).env_clear().envs(home.environment());
        import.current_dir(home.path()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut import = import.spawn().expect("the program can be started");
        wait_for("some pictures", || (kept(&home, "png") >= pictures).then_some(()));
        // One that has just ended by itself is as good.
        let _ = import.kill();
        import.wait().expect("it has ended");
    }
    home.run(&["import", "many"]).done();
    let rows = home.history();
    let prompts: BTreeSet<String> =
        rows.iter().map(|row| row["request"]["prompt"].to_string()).collect();
    assert_eq!((rows.len(), prompts.len()), (60, 60));
    assert!(rows.iter().all(|row| row["images"].as_array().is_some_and(|all| all.len() == 1)));
    assert_eq!((kept(&home, "png"), kept(&home, "json")), (60, 60));
}
