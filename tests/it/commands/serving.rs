//! `pentimento generate` with a service at the other end of the line.

use std::fs;
use std::io::ErrorKind;
use std::sync::Mutex;
use std::sync::mpsc::channel;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::ImageEncoder;
use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::home::{DEADLINE, Ended, Home, wait_for};
use crate::recovery::{PNG, answer, answer_with};
use crate::server::{Received, Reply, Server};

const MODEL: &str = "openai:gpt-image-2";

/// What a request to this server comes to.
fn generate(server: &Server) -> (Ended, Vec<Value>) {
    let home = Home::beside(server);
    let ended = home.run(&["generate", "a fox", "-m", MODEL, "--json"]);
    let lines = ended.json();
    assert_eq!(home.history().len(), 1);
    (ended, lines)
}

#[test]
fn a_picture_inside_the_answer_is_kept_byte_for_byte() {
    let server = Server::start([Reply::ok(answer()).header("lb-request-id", "req-7")]);
    let (ended, lines) = generate(&server);
    ended.done();
    assert_eq!(lines[0]["status"], "done");
    assert_eq!(
        (&lines[0]["images"][0]["width"], &lines[0]["images"][0]["format"]),
        (&1.into(), &"png".into())
    );
    assert_eq!(lines[0]["usage"]["total_tokens"], 12);
    let [request] = &server.requests()[..] else { panic!("one request") };
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/v1/images"));
    assert_eq!(request.header("authorization"), Some("Bearer sk-langbase"));
    assert_eq!(request.header("lb-llm-key"), Some("sk-openai"));
    assert_eq!(request.json(), serde_json::json!({"prompt": "a fox", "model": MODEL}));
}

#[test]
fn a_picture_behind_a_link_is_fetched_once_and_without_keys() {
    let pixel = crate::recovery::pixel();
    let body = Mutex::new(None::<String>);
    let body = std::sync::Arc::new(body);
    let told = std::sync::Arc::clone(&body);
    let kept = pixel.clone();
    let server = Server::answering(move |request: &Received, _| match request.method.as_str() {
        "POST" => Reply::ok(told.lock().expect("whole").clone().expect("told before")),
        _ => Reply::ok(kept.clone()),
    });
    *body.lock().expect("whole") = Some(answer_with(&[server.at("/one.png").as_str()]));
    let (ended, lines) = generate(&server);
    ended.done();
    let digest = Sha256::digest(&pixel);
    let hex: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(lines[0]["images"][0]["sha256"], hex.concat());
    assert_eq!(lines[0]["images"][0]["format"], "png");
    let requests = server.requests();
    let asked: Vec<_> = requests.iter().map(|request| request.path.as_str()).collect();
    assert_eq!(asked, ["/v1/images", "/one.png"]);
    assert_eq!(requests[1].header("authorization"), None);
    assert_eq!(requests[1].header("lb-llm-key"), None);
}

#[test]
fn a_dead_link_leaves_the_other_pictures_kept_and_the_command_partly_done() {
    let body = std::sync::Arc::new(Mutex::new(String::new()));
    let told = std::sync::Arc::clone(&body);
    let server = Server::answering(move |request: &Received, _| match request.method.as_str() {
        "POST" => Reply::ok(told.lock().expect("whole").clone()),
        _ => Reply::new(404, "gone"),
    });
    let inside = format!("data:image/png;base64,{PNG}");
    *body.lock().expect("whole") = answer_with(&[&inside, server.at("/gone.png").as_str()]);
    let (ended, lines) = generate(&server);
    ended.with_code(3);
    assert_eq!(lines[0]["images"].as_array().map(Vec::len), Some(1));
    let error = &lines[0]["error"];
    assert_eq!((&error["kind"], &error["charged"]), (&"dead_link".into(), &"yes".into()));
}

#[test]
fn every_trouble_of_a_service_is_told_after_one_request() {
    let refusal = |status, message: &str| {
        Reply::new(status, serde_json::json!({"error": {"message": message}}).to_string())
    };
    let no_image =
        serde_json::json!({"choices": [{"message": {"content": "I would rather not."}}]});
    let half = answer().len() / 2;
    for (reply, kind, words) in [
        (refusal(401, "Invalid API key"), "key", "The key was not accepted"),
        (refusal(402, "no credit"), "credit", "no credit left"),
        (refusal(400, "blocked by our content policy"), "moderation", "was refused"),
        (Reply::new(502, "<html>bad gateway</html>"), "", "502"),
        (Reply::ok("<html>hello</html>"), "unreadable", "a web page in place of pictures"),
        (Reply::ok(""), "unreadable", "nothing else"),
        (Reply::ok(answer()).cut_after(half), "unreadable", "cut off or is no JSON"),
        (refusal(200, "it went wrong inside"), "", "it went wrong inside"),
        (Reply::ok(no_image.to_string()), "no_image", "I would rather not."),
        (Reply::close(), "outcome_unknown", "outcome is unknown"),
        (Reply::redirect(307, "https://elsewhere.example/"), "redirect", "elsewhere.example"),
    ] {
        let server = Server::start([reply.clone()]);
        let (ended, lines) = generate(&server);
        let error = &lines[0]["error"];
        let told = error["kind"].as_str().expect("a kind").replace([' ', '-'], "_");
        assert!(kind.is_empty() || told == kind, "{reply:?}: {error}");
        let message = error["message"].as_str().expect("a message");
        assert!(message.contains(words), "{reply:?}: {message}");
        assert!(matches!(ended.code, Some(1 | 2)), "{reply:?}: {:?}", ended.code);
        assert_eq!(server.count(), 1, "{reply:?}");
    }
}

#[test]
fn a_service_that_limits_for_long_is_named_with_the_time_it_says() {
    let limit = Reply::new(429, r#"{"error": {"message": "slow down"}}"#);
    let server = Server::start([limit.header("retry-after", "3600")]);
    let (ended, lines) = generate(&server);
    ended.with_code(1);
    let error = &lines[0]["error"];
    assert_eq!((&error["kind"], &error["charged"]), (&"rate_limit".into(), &"no".into()));
    let hint = error["hint"].as_str().expect("a hint");
    assert!(hint.starts_with("Wait 60 min. From 20") && hint.ends_with("sent again."), "{hint}");
    assert_eq!(server.count(), 1);
}

#[test]
fn a_service_that_limits_is_asked_again_after_the_time_it_says() {
    let limit = Reply::new(429, r#"{"error": {"message": "slow down"}}"#);
    let server = Server::start([limit.header("retry-after", "0"), Reply::ok(answer())]);
    let (ended, lines) = generate(&server);
    ended.done();
    assert_eq!(lines[0]["status"], "done");
    assert_eq!(server.count(), 2);
}

#[test]
fn each_provider_gets_its_own_key_and_no_other() {
    let keys = [
        ("OPENAI_API_KEY", "sk-openai"),
        ("TOGETHER_API_KEY", "sk-together"),
        ("OPENROUTER_API_KEY", "sk-openrouter"),
        ("GOOGLE_API_KEY", "sk-google"),
        ("GEMINI_API_KEY", "sk-gemini"),
    ];
    for (model, given, expected) in [
        ("openai:gpt-image-2", &keys[..], "sk-openai"),
        ("together:black-forest-labs/FLUX.2-pro", &keys, "sk-together"),
        ("openrouter:google/gemini-3.1-flash-image", &keys, "sk-openrouter"),
        ("google:gemini-3-pro-image", &keys, "sk-gemini"),
        ("google:gemini-3-pro-image", &keys[..4], "sk-google"),
    ] {
        let server = Server::start([Reply::ok(answer())]);
        let mut home = Home::new().with_server(&server);
        for (name, key) in given {
            home = home.with(name, key);
        }
        home.run(&["generate", "a fox", "-m", model, "--json"]).done();
        let [request] = &server.requests()[..] else { panic!("one request") };
        assert_eq!(request.header("lb-llm-key"), Some(expected), "{model}");
        let others = keys.iter().filter(|(_, key)| *key != expected);
        for (_, other) in others {
            let everywhere = format!("{:?}{}", request.headers, request.json());
            assert!(!everywhere.contains(other), "{model}: {other}");
        }
    }
}

/// A small JPEG with a note of where it was taken.
fn photo() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    encoder.set_exif_metadata(b"MM\0*GPS 52.5 N".to_vec()).expect("room for it");
    let picture = RgbImage::from_pixel(64, 48, image::Rgb([200, 30, 30]));
    encoder.encode_image(&picture).expect("a picture in memory");
    bytes
}

#[test]
fn a_base_image_is_sent_without_what_its_file_says_besides_unless_that_is_wanted() {
    for keep_metadata in [false, true] {
        let server = Server::start([Reply::ok(answer())]);
        let home = Home::with_config(&format!("[upload]\nkeep_metadata = {keep_metadata}\n"))
            .with_server(&server)
            .with("OPENAI_API_KEY", "sk-openai");
        let file = home.path().join("photo.jpg");
        fs::write(&file, photo()).expect("it can be written");
        // Relative to where the command runs: the worker runs elsewhere.
        home.run(&["generate", "a fox", "-m", MODEL, "--image", "photo.jpg"]).done();
        let body = server.requests()[0].json();
        let url = body["image_url"].as_str().expect("a text");
        let sent = url.strip_prefix("data:image/jpeg;base64,").expect("a JPEG inside");
        let sent = STANDARD.decode(sent).expect("base64");
        assert_eq!(sent.windows(3).any(|part| part == b"GPS"), keep_metadata);
        assert_eq!(sent == photo(), keep_metadata);
        let seen = image::load_from_memory(&sent).expect("a whole picture");
        assert_eq!((seen.width(), seen.height()), (64, 48));
    }
}

#[test]
fn a_base_image_that_cannot_be_opened_costs_nothing() {
    let server = Server::start([Reply::ok(answer())]);
    let home = Home::beside(&server);
    let cut = photo();
    fs::write(home.path().join("cut.jpg"), &cut[..60]).expect("it can be written");
    let huge = fs::File::create(home.path().join("huge.png")).expect("it can be made");
    huge.set_len(200 << 20).expect("a file of nothing but length");
    for (file, words) in [
        ("cut.jpg", "cut.jpg: the picture is damaged"),
        ("huge.png", "has 210 MB; the most is 52 MB"),
    ] {
        for model in [MODEL, "demo:painter"] {
            let ended = home.run(&["generate", "a fox", "-m", model, "--image", file]);
            assert_eq!(ended.code, Some(2), "{model}: {}", ended.err);
            ended.saying("Not sent: ").saying(words);
        }
    }
    assert_eq!(server.count(), 0);
    assert!(home.history().iter().all(|row| row["error"]["charged"] != "maybe"));
}

#[test]
fn no_key_is_in_any_file_nor_in_what_others_see_of_the_worker() {
    let (asked, was_asked) = channel();
    let asked = Mutex::new(asked);
    let server = Server::answering(move |_, _| {
        asked.lock().expect("whole").send(()).expect("the test waits");
        Reply::ok(answer()).hang()
    });
    let home = Home::beside(&server).with("RUST_LOG", "trace");
    let ended = std::thread::scope(|scope| {
        let ended = scope.spawn(|| home.run(&["generate", "a fox", "-m", MODEL, "--json"]));
        was_asked.recv_timeout(DEADLINE).expect("a request comes");
        let workers = home.workers();
        assert_eq!(workers.len(), 1);
        for name in ["cmdline", "environ"] {
            let path = format!("/proc/{}/{name}", workers[0].as_raw_nonzero());
            // What cannot be read at all shows no key either.
            let shown = fs::read(path).or_else(|error| match error.kind() {
                ErrorKind::PermissionDenied => Ok(Vec::new()),
                _ => Err(error),
            });
            assert!(!holds_a_key(&shown.expect("it is there")), "{name}");
        }
        server.release();
        ended.join().expect("no test panics here")
    });
    assert!(!holds_a_key(ended.out.as_bytes()) && !holds_a_key(ended.err.as_bytes()));
    ended.done();
    wait_for("the worker to leave", || home.workers().is_empty().then_some(()));
    let files = home.files();
    assert!(files.iter().any(|file| file.extension().is_some_and(|ending| ending == "log")));
    for file in files {
        assert!(!holds_a_key(&fs::read(&file).expect("it is there")), "{}", file.display());
    }
}

fn holds_a_key(bytes: &[u8]) -> bool {
    ["sk-langbase", "sk-openai"]
        .iter()
        .any(|key| bytes.windows(key.len()).any(|part| part == key.as_bytes()))
}
