//! What is installed and what is packed.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use assert_cmd::Command;

use super::root;
use crate::home::DEADLINE;

/// Most bytes of all that is packed: crates.io takes ten million, compressed.
const MOST: u64 = 8 << 20;

#[test]
fn the_program_works_alone_in_an_empty_home() {
    let place = tempfile::tempdir().expect("there is room");
    let (bin, home) = (place.path().join("bin"), place.path().join("home"));
    fs::create_dir(&bin).expect("it is new");
    fs::create_dir(&home).expect("it is new");
    let program = bin.join("pentimento");
    fs::copy(env!("CARGO_BIN_EXE_pentimento"), &program).expect("there is room");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.args(arguments).env_clear().env("HOME", &home).current_dir(&home);
        let ended = command.timeout(DEADLINE).output().expect("it runs");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(ended.status.success(), "{arguments:?}: {said}");
        String::from_utf8(ended.stdout).expect("text")
    };
    assert!(run(&["--version"]).starts_with("pentimento "));
    assert!(run(&["doctor"]).contains("not there: defaults"));
    let picture = run(&["generate", "a fox in snow", "--size", "64x64"]);
    let picture = std::path::Path::new(picture.trim_end());
    assert!(picture.starts_with(home.join(".config/pentimento/images")), "{}", picture.display());
    assert!(image::open(picture).is_ok_and(|it| it.width() == 64));
    assert!(run(&["history"]).contains("a fox in snow"));
    let mode = fs::metadata(home.join(".config/pentimento")).expect("it is there").permissions();
    assert_eq!(mode.mode() & 0o777, 0o700);
    assert_eq!(fs::read_dir(&bin).expect("it is there").count(), 1, "nothing beside the program");
}

#[test]
fn the_package_holds_what_it_is_built_and_read_with_and_little_else() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["package", "--list", "--allow-dirty", "--offline"]).current_dir(root());
    let ended = cargo.output().expect("cargo is what runs this test");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let list = String::from_utf8(ended.stdout).expect("text");
    let files: Vec<&str> = list.lines().collect();
    for file in [
        "Cargo.lock",
        "config.example.toml",
        "src/main.rs",
        "src/store/migrations/001-history.sql",
        "README.md",
        "THIRD-PARTY.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "docs/README.md",
    ] {
        assert!(files.contains(&file), "{file} is not in the package");
    }
    let strange =
        |file: &&&str| ["target/", ".ci", ".git", "fuzz/"].iter().any(|it| file.starts_with(it));
    assert_eq!(files.iter().filter(strange).count(), 0, "{list}");
    let size = |file: &&str| fs::metadata(root().join(file)).map_or(0, |it| it.len());
    let bytes: u64 = files.iter().map(size).sum();
    assert!(bytes < MOST, "{bytes} bytes are packed; the most is {MOST}");
}
