//! What the program says of itself: `completions`, `man`, `--version`, and `config init`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use assert_cmd::Command;
use pentimento::config::environment::Environment;
use pentimento::config::paths::Paths;
use pentimento::config::{Settings, starter};

use crate::home::Home;

/// Every command for people.
const COMMANDS: [&str; 11] = [
    "generate",
    "batch",
    "history",
    "show",
    "trash",
    "cost",
    "resume",
    "config",
    "doctor",
    "completions",
    "man",
];

/// What `shell` says to a script, where it is on this machine.
fn said_by(shell: &str, arguments: &[&str], script: &str) -> Option<String> {
    let ended = Command::new(shell).args(arguments).write_stdin(script).output().ok()?;
    assert!(ended.status.success(), "{script}");
    Some(String::from_utf8(ended.stdout).expect("text"))
}

#[test]
fn each_shell_is_told_of_every_command_and_of_no_process_of_ours() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = home.run(&["completions", shell]).done().out;
        for command in COMMANDS {
            assert!(script.contains(command), "{shell}: {command}");
        }
        for process in ["worker", "decode"] {
            assert!(!script.contains(process), "{shell}: {process}");
        }
    }
    home.run(&["completions", "csh"]).with_code(2).saying("bash, elvish, fish, powershell, zsh");
}

#[test]
fn a_real_shell_completes_commands_and_models() {
    let home = Home::new();
    let bash = home.run(&["completions", "bash"]).done().out;
    let ask = "COMP_WORDS=(pentimento config i); COMP_CWORD=2\n\
               _pentimento pentimento i config\necho \"${COMPREPLY[@]}\"\n";
    assert_eq!(said_by("bash", &[], &format!("{bash}\n{ask}")).expect("bash is here"), "init\n");

    // These are asked where they are.
    let fish = home.run(&["completions", "fish"]).done().out;
    let ask = "complete -C 'pentimento generate -m demo'";
    if let Some(said) = said_by("fish", &["--no-config"], &format!("{fish}\n{ask}\n")) {
        assert_eq!(said, "demo:painter\n");
    }
    let zsh = home.run(&["completions", "zsh"]).done().out;
    assert!(zsh.contains(r"openai\:gpt-image-2"), "{zsh}");
    said_by("zsh", &["-f", "-n"], &zsh);
}

#[test]
fn the_manual_has_every_command_with_its_flags_as_one_page_or_as_many() {
    let home = Home::new();
    let page = home.run(&["man"]).done().out;
    assert!(page.contains(".TH pentimento 1"), "{page}");
    for command in COMMANDS {
        let heading = format!(".SH \"PENTIMENTO {}\"", command.to_uppercase());
        assert!(page.contains(&heading), "{heading}: {page}");
    }
    for part in [r"\-\-dry\-run", r"\-\-thumbnails", "LANGBASE_API_KEY", "EXIT STATUS", "FILES"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("worker") && !page.contains("DECODE"), "{page}");

    let dir = home.path().join("man");
    let written = home.run(&["man", "-o", "man"]).done().out;
    assert!(written.lines().count() > COMMANDS.len());
    for command in COMMANDS {
        let page = fs::read_to_string(dir.join(format!("pentimento-{command}.1")));
        assert!(page.expect("it is there").contains(".SH SYNOPSIS"), "{command}");
    }
    let whole = fs::read_to_string(dir.join("pentimento.1")).expect("it is there");
    assert!(whole.contains("EXIT STATUS") && whole.contains("pentimento\\-generate(1)"), "{whole}");
    fs::write(home.path().join("file"), "").expect("there is room");
    home.run(&["man", "-o", "file"]).with_code(2).saying("cannot be written to file");
}

#[test]
fn the_version_says_what_a_report_needs() {
    let home = Home::new();
    let said = home.run(&["--version"]).done().out;
    assert!(said.starts_with(concat!("pentimento ", env!("CARGO_PKG_VERSION"), "\n")), "{said}");
    for part in ["linux", "tables of the history: version ", "SQLite 3.", "licence: MIT"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(home.run(&["-V"]).done().out.lines().count(), 1);
}

#[test]
fn what_the_program_says_of_itself_needs_no_home_and_makes_no_file() {
    let home = Home::new();
    for arguments in [&["completions", "fish"][..], &["man"], &["--version"], &["help"]] {
        let mut command = home.command(arguments);
        command.env_clear().env("PENTIMENTO_DIR", home.path().join("nothing"));
        command.assert().success();
        home.command(arguments).env_clear().assert().success();
    }
    assert!(!home.path().join("nothing").exists());
}

#[test]
fn a_configuration_is_begun_when_asked_for_alone_and_never_over_another() {
    let home = Home::new();
    let place = home.path().join("new").display().to_string();
    let file = home.path().join("new/config.toml");
    home.run(&["--dir", &place, "history"]).done();
    assert!(!file.exists(), "nothing is written unasked");
    let said = home.run(&["--dir", &place, "config", "init"]).done().out;
    assert_eq!(said.trim_end(), file.display().to_string());
    let mode = fs::metadata(&file).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(home.run(&["--dir", &place, "config", "check"]).done().out.contains("is right"));

    fs::write(&file, "[demo]\nmoment = 7\n").expect("it can be written");
    home.run(&["--dir", &place, "config", "init"]).with_code(2).saying("it is there already");
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "[demo]\nmoment = 7\n");
}

#[test]
fn what_a_begun_configuration_says_is_the_default_commented_out_or_not() {
    let home = Home::new();
    let settings = |text: &str| {
        home.configure(text);
        let environment: Environment =
            [("PENTIMENTO_DIR", home.path().display().to_string())].into_iter().collect();
        let paths = Paths::find(None, &environment).expect("there is a directory");
        format!("{:?}", Settings::load(&paths, &environment).expect("the file is right"))
    };
    let begun = starter();
    let default = format!("{:?}", Settings::default());
    assert_eq!(settings(&begun), default);
    let live = |line: &str| match line.strip_prefix('#') {
        Some(rest) if !rest.starts_with(' ') || rest.starts_with("    {") => rest.to_owned(),
        _ => line.to_owned(),
    };
    let all: Vec<String> = begun.lines().map(live).collect();
    assert!(all.iter().any(|line| line == "parallel = 3"), "settings stand in it");
    assert_eq!(settings(&all.join("\n")), default);
}
