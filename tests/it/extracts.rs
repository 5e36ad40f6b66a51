//! What is copied means in a shell what it says, whatever is in prompts and paths.

use std::path::Path;

use assert_cmd::Command;
use clap::Parser;
use pentimento::api::langbase;
use pentimento::cli::Arguments;
use pentimento::config::Settings;
use pentimento::config::environment::Environment;
use pentimento::config::paths::Paths;
use pentimento::domain::{BaseImage, Extract, Generation, Job, Request};
use pentimento::face::extracts::{Here, extract};
use serde_json::{Value, json};

use crate::app::fixture::{generation, image};

/// Texts that mean something to a shell.
const HOSTILE: [&str; 12] = [
    "a fox",
    "it's a fox",
    "say \"fox\"",
    "$(touch owned) `touch owned` $HOME",
    "-n 4",
    "--help",
    "two\nlines",
    "back\\slash and \\n",
    "50 % of {red|blue} foxes, $5!",
    "~ * ? [a] # ; & | < >",
    "ümlaut 漢字 🦊",
    "'",
];

fn with(prompt: &str, change: impl FnOnce(&mut Request)) -> Generation {
    let mut generation = generation(1, prompt, Job::Done);
    generation.request.model = "openai:gpt-image-2".parse().expect("a model");
    change(&mut generation.request);
    generation
}

fn here(variables: &[(&str, &str)]) -> Here {
    Here::of(&Settings::default(), &variables.iter().copied().collect::<Environment>())
}

fn far() -> Here {
    here(&[("SSH_CONNECTION", "10.0.0.2 50000 192.168.1.7 22"), ("USER", "me")])
}

fn copied(what: Extract, generation: &Generation) -> String {
    let of = std::slice::from_ref(generation);
    extract(what, of, Some(0), &far(), &Settings::default()).expect("it can be copied")
}

/// The words that `name` is given by `line`, run in a shell, and what it reads.
fn run(name: &str, line: &str, dir: &Path) -> (Vec<String>, String) {
    let script = format!(
        "{name}() {{ printf '%s\\0' \"$@\" > words; case \"$*\" in *@-*) cat > read;; esac; }}\n{line}\n"
    );
    let ended = Command::new("/bin/sh")
        .args(["-c", &script])
        .current_dir(dir)
        .env("LANGBASE_API_KEY", "lb")
        .env("OPENAI_API_KEY", "oa")
        .output()
        .expect("there is a shell");
    assert!(ended.status.success(), "{line}\n{}", String::from_utf8_lossy(&ended.stderr));
    assert!(!dir.join("owned").exists(), "{line}");
    let words = std::fs::read_to_string(dir.join("words")).expect("it was run");
    let words = words.split_terminator('\0').map(str::to_owned).collect();
    (words, std::fs::read_to_string(dir.join("read")).unwrap_or_default())
}

#[test]
fn the_command_line_asks_for_the_same_request() {
    let dir = tempfile::TempDir::new().expect("a directory");
    for prompt in HOSTILE {
        let asked = with(prompt, |request| {
            (request.width, request.height, request.n) = (Some(512), Some(768), Some(2));
            request.steps = Some(28);
            request.negative_prompt = Some(format!("-no {prompt}"));
            request.image = Some(BaseImage::File(format!("/tmp/it's {prompt}.png").into()));
            request.extra.insert("style".into(), json!({ "of": prompt }));
        });
        let line = copied(Extract::Command, &asked);
        let (mut words, _) = run("pentimento", &line, dir.path());
        words.insert(0, "pentimento".to_owned());
        let read = Arguments::try_parse_from(&words).unwrap_or_else(|why| panic!("{line}\n{why}"));
        assert!(matches!(read.command, Some(pentimento::cli::Command::Generate(_))));
        let [.., dashes, last] = words.as_slice() else { panic!("{line}") };
        assert_eq!((dashes.as_str(), last.as_str()), ("--", prompt));
        for word in ["--size", "512x768", "-n", "2", "--steps", "28"] {
            assert!(words.iter().any(|other| other == word), "{word} in {words:?}");
        }
        assert!(words.contains(&format!("--negative=-no {prompt}")), "{words:?}");
        assert!(words.contains(&format!("/tmp/it's {prompt}.png")), "{words:?}");
    }
}

#[test]
fn what_the_command_line_sends_is_what_was_sent() {
    let home = crate::home::Home::new().with("LANGBASE_API_KEY", "x").with("OPENAI_API_KEY", "x");
    for prompt in HOSTILE {
        let asked = with(prompt, |request| {
            request.extra = [("a".into(), json!("b c"))].into_iter().collect();
        });
        let line = copied(Extract::Command, &asked).replacen("generate", "generate --dry-run", 1);
        let script = format!("pentimento() {{ \"$0\" \"$@\"; }}\n{line}");
        let ended = Command::new("/bin/sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_pentimento")])
            .env_clear()
            .envs(home.environment())
            .current_dir(home.path())
            .output()
            .expect("there is a shell");
        let said = String::from_utf8_lossy(&ended.stdout);
        let said: Value =
            serde_json::from_str(&said).unwrap_or_else(|_| panic!("{line}: {ended:?}"));
        assert_eq!(said["request"], json!(asked.request), "{line}");
    }
}

#[test]
fn curl_sends_the_body_that_this_program_sends_and_no_key() {
    let dir = tempfile::TempDir::new().expect("a directory");
    for prompt in HOSTILE {
        let asked = with(prompt, |request| {
            request.n = Some(2);
            request.image = Some(BaseImage::Url("https://example.org/a?b='c'&d=$e".to_owned()));
            request.extra.insert("quality".into(), json!("low"));
        });
        let line = copied(Extract::Curl, &asked);
        assert!(!line.contains("lb") && line.contains("$LANGBASE_API_KEY"), "{line}");
        let (words, _) = run("curl", &line, dir.path());
        assert_eq!(words[0], "https://api.langbase.com/v1/images");
        assert!(words.contains(&"Authorization: Bearer lb".to_owned()), "{words:?}");
        assert!(words.contains(&"LB-LLM-Key: oa".to_owned()), "{words:?}");
        let body: Value = serde_json::from_str(words.last().expect("a body")).expect("JSON");
        let url = Some("https://example.org/a?b='c'&d=$e".to_owned());
        assert_eq!(body, langbase::body(&asked.request, url));
    }
}

#[test]
fn curl_reads_a_base_image_when_it_is_run() {
    let dir = tempfile::TempDir::new().expect("a directory");
    let file = dir.path().join("it's a \"base\" $1.jpg");
    let bytes: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
    std::fs::write(&file, &bytes).expect("room for a file");
    for prompt in HOSTILE.into_iter().chain(["an @ and @@", "data:;base64,@"]) {
        let asked = with(prompt, |request| request.image = Some(BaseImage::File(file.clone())));
        let line = copied(Extract::Curl, &asked);
        assert!(line.len() < 1_000, "the file is not in the line");
        let (_, body) = run("curl", &line, dir.path());
        let body: Value = serde_json::from_str(&body).unwrap_or_else(|why| panic!("{line}: {why}"));
        let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &bytes);
        let url = format!("data:image/jpeg;base64,{encoded}");
        assert_eq!(body, langbase::body(&asked.request, Some(url)), "{prompt}");
    }
}

#[test]
fn the_scp_line_names_this_machine_as_ssh_does_or_as_it_is_set() {
    let one = with("a fox", |_| ());
    assert_eq!(copied(Extract::Scp, &one), "scp me@192.168.1.7:/pictures/2026/11/00000001-0.png .");
    let line = |here: &Here| {
        let of = std::slice::from_ref(&one);
        extract(Extract::Scp, of, None, here, &Settings::default())
    };
    let six = here(&[("SSH_CONNECTION", "fe80::2 50000 fe80::1%eth0 2222"), ("LOGNAME", "it")]);
    let expected = "scp -P 2222 'it@[fe80::1%eth0]:/pictures/2026/11/00000001-0.png' .";
    assert_eq!(line(&six).expect("a line"), expected);

    let refused = line(&here(&[("USER", "me")])).expect_err("nobody knows the machine");
    assert!(refused.what.as_str().contains("not connected over SSH"), "{refused:?}");

    let home = crate::home::Home::with_config(
        "[copy]\nhost = \"pi.example.org\"\nuser = \"you\"\nport = 2200\n",
    );
    let paths = Paths::find(Some(home.path()), &Environment::default()).expect("paths");
    let settings = Settings::load(&paths, &Environment::default()).expect("it is right");
    let set = Here::of(&settings, &[("SSH_CONNECTION", "a 1 b 22")].into_iter().collect());
    let expected = "scp -P 2200 you@pi.example.org:/pictures/2026/11/00000001-0.png .";
    assert_eq!(line(&set).expect("a line"), expected);
}

#[test]
fn a_path_in_the_scp_line_is_one_word_with_what_means_something_escaped() {
    let dir = tempfile::TempDir::new().expect("a directory");
    let mut one = with("a fox", |_| ());
    one.images[0].path = "/home/me/My Pictures/it's [a] $fox*.png".into();
    let (words, _) = run("scp", &copied(Extract::Scp, &one), dir.path());
    let remote = r"me@192.168.1.7:/home/me/My\ Pictures/it\'s\ \[a\]\ \$fox\*.png";
    assert_eq!(words, [remote, "."]);
}

#[test]
fn marked_generations_are_copied_together_a_line_each() {
    let settings = Settings::default();
    let mut two = with("an owl", |_| ());
    two.images.push(image(two.id, 1));
    let of = [with("a fox", |_| ()), two];
    let lines = |what| extract(what, &of, None, &far(), &settings).expect("it can be copied");
    assert_eq!(lines(Extract::Prompt), "a fox\nan owl");
    assert_eq!(lines(Extract::Path).lines().count(), 3);
    assert_eq!(lines(Extract::Json).lines().count(), 2);
    assert_eq!(lines(Extract::Scp).matches("me@192.168.1.7:").count(), 3);
    for line in lines(Extract::Json).lines() {
        let read: Request = serde_json::from_str(line).expect("a request");
        assert!(of.iter().any(|it| it.request == read));
    }
}

#[test]
fn what_is_not_there_says_so() {
    let settings = Settings::default();
    let none = [generation(1, "a fox", Job::Queued)];
    for (what, says) in [
        (Extract::Path, "It has no picture."),
        (Extract::Scp, "It has no picture."),
        (Extract::Curl, "The demo painter has no address"),
    ] {
        let refused = extract(what, &none, Some(0), &far(), &settings).expect_err("there is none");
        assert!(refused.what.as_str().starts_with(says), "{refused:?}");
    }
}

#[test]
fn nothing_that_is_copied_drives_a_terminal() {
    let evil = with("a fox\x1b[201~\rrm -rf x\x07\u{9b}31m", |_| ());
    for what in Extract::ALL {
        let text = copied(what, &evil);
        let drives = |c: char| c.is_control() && c != '\n';
        assert!(!text.contains(drives), "{what:?}: {text:?}");
    }
}

#[test]
fn a_host_that_a_shell_or_scp_would_read_something_into_is_refused() {
    for host in ["-oProxyCommand=x", "a b", "$(x)", "a;b", "pi'"] {
        let home = crate::home::Home::with_config(&format!("[copy]\nhost = \"{host}\"\n"));
        let ended = home.run(&["config", "check"]);
        ended.with_code(2).saying("host");
    }
}
