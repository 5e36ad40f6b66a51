//! Looking back: two pictures compared, one after another, and everything that is known of one.

use super::{ROOM, draw, pictured, studio};
use crate::home::Home;
use crate::server::{Reply, Server};
use crate::studio::Studio;

#[test]
fn a_picture_is_compared_with_what_it_came_from_in_three_ways() {
    let mut studio = studio();
    draw(&mut studio, "a fox");
    studio.keys("<F2> at night").shows("a fox at night").generate().shows("History · 2");
    studio.shows("1 picture in");
    studio.keys("<F3>c").shows("1 · ").shows("2 · ").shows("a fox [+at night]");
    studio.until_model("both pictures", pictured);
    studio.keys(" ").hides("┏ 2 · ").until_model("the first one", pictured);
    studio.keys(" ").shows("┏ 2 · ").until_model("the other one", pictured);
    studio.keys("c").shows("Difference").until_model("the difference", pictured);
    studio.keys("+").shows("150 %").keys("<esc>").hides("Difference").shows("History · 2");
    studio.quit();
}

#[test]
fn everything_that_is_known_of_a_picture_can_be_read() {
    let mut studio = studio();
    draw(&mut studio, "a fox");
    studio.keys("<F3>I").shows("Details · ").shows("prompt      a fox").shows("sha256");
    studio.keys("G").shows("attempt     1, taken up").shows("HTTP 200 from the demo painter");
    studio.keys("<esc>").hides("Details · ");
    studio.quit();
}

#[test]
fn what_was_refused_is_kept_with_the_words_of_the_provider_and_its_attempt() {
    let refused = r#"{"error":{"message":"Your prompt was rejected by our safety system."}}"#;
    let server = Server::start([Reply::new(400, refused)]);
    let home = Home::beside(&server);
    home.run(&["generate", "a fox", "-m", "openai:gpt-image-2"]).with_code(1);
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    studio.shows("History · 1").keys("<F3>I").shows("rejected by our safety system");
    studio.shows("charged").keys("G").shows("HTTP 400 from");
    studio.quit();
}

#[test]
fn the_history_says_of_which_day_it_is() {
    let home = Home::new();
    home.generate("a fox");
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    let row = studio.shows("History · 1").shows("Today").row("History · 1");
    assert!(row.contains("Today"), "{row}");
    studio.keys("<F3>}").shows("Nothing below is of another day.");
    studio.quit();
}

#[test]
fn one_picture_after_another_is_shown_until_a_key_ends_it() {
    let home = Home::with_config("[studio]\nslideshow = 1\n");
    for prompt in ["a fox", "a hare", "an owl"] {
        home.generate(prompt);
    }
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    studio.shows("History · 3").keys("<F3>.").shows("Any key ends the slideshow");
    let shown = |prompt: &str| {
        let prompt = format!("· {prompt}");
        move |screen: &vt100::Screen| {
            screen
                .contents()
                .lines()
                .any(|line| line.contains("Slideshow") && line.contains(&prompt))
                && pictured(screen)
        }
    };
    for prompt in ["an owl", "a hare", "a fox", "an owl", "a hare"] {
        studio.until_model(prompt, shown(prompt));
    }
    // It is not deleted: the key only ends the show.
    studio.keys("d").hides("Slideshow").shows("History · 3");
    studio.keys("<F3>/hare").shows("History · 1").keys("<F3>.").shows("There is only one picture");
    studio.quit();
}
