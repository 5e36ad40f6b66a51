//! A new user's path, as the guide's first page has it: open, first picture, set a key,
//! generate, find it again, bring it home.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{pictured, studio_in};
use crate::home::Home;
use crate::recovery::answer;
use crate::server::{Reply, Server};
use crate::studio::Studio;

#[test]
fn from_nothing_to_a_picture_at_home() {
    // Nothing is there: no file, no key. The painter is what the form begins with.
    let home = Home::new().with("SSH_CONNECTION", "10.0.0.2 50000 192.168.1.7 22");
    let home = home.with("USER", "me");
    let mut studio = studio_in(&home);
    studio.shows("demo:painter").keys("a lighthouse at dusk, storm<tab>64x64<F2>").shows("64x64");
    studio.generate().shows("1 picture in");
    studio.until_model("a picture", pictured);
    studio.quit();

    // Two keys, and one of the models that they reach.
    let server = Server::start([Reply::ok(answer())]);
    let home = home.with_server(&server).with("OPENAI_API_KEY", "sk-openai");
    let found = home.run(&["doctor"]).done().out;
    assert!(found.contains("langbase: from LANGBASE_API_KEY in the environment"), "{found}");
    assert!(!found.contains("sk-"), "{found}");
    let mut studio = Studio::open_in(&home, 120, 40);
    studio.shows("a lighthouse at dusk, storm").keys("<F7>").shows("gpt-image-2");
    studio.keys("gpt-image-2<enter>").shows("Model      openai:gpt-image-2");
    studio.keys("<alt+a>a red fox in snow").shows("a red fox in snow");
    studio.press_until_sent("<F5>").shows("1 picture in");
    let [request] = &server.requests()[..] else { panic!("one request was sent") };
    assert_eq!(request.json()["prompt"], "a red fox in snow");

    // It is found by a word, in the studio and from the shell.
    studio.keys("<F3>/fox").shows("1 found").keys("<enter>");
    let listed = home.run(&["history", "fox"]).done().out;
    assert!(listed.ends_with("a red fox in snow\n"), "{listed}");

    // And fetched with the line that the terminal puts on the clipboard.
    studio.keys("ys").shows("Copied: the scp line");
    let written = String::from_utf8_lossy(studio.drained()).into_owned();
    let (_, last) = written.rsplit_once("\x1b]52;c;").expect("something was copied");
    let (body, _) = last.split_once('\x07').expect("it has an end");
    let line = String::from_utf8(STANDARD.decode(body).expect("base64")).expect("text");
    let path = line.strip_prefix("scp me@192.168.1.7:").and_then(|rest| rest.strip_suffix(" ."));
    let path = path.unwrap_or_else(|| panic!("{line}"));
    assert_eq!(fs::read(path).expect("it is there"), crate::recovery::pixel());
    studio.quit();

    // Or the command line puts a copy where one wants it.
    home.run(&["generate", "a red fox in snow", "-o", "pictures"]).done();
    let copies = fs::read_dir(home.path().join("pictures")).expect("it is there");
    assert_eq!(copies.count(), 1);
}
