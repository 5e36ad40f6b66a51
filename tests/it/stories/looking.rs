//! Looking back: two pictures compared, one after another, and everything that is known of one.

use pentimento::domain::{Generation, GenerationId, Request};
use pentimento::store::Store;

use super::{ROOM, draw, pictured, studio};
use crate::home::Home;
use crate::server::{Reply, Server};
use crate::studio::Studio;
use crate::unlimited::Unlimited as _;

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

#[test]
fn any_two_that_are_marked_are_compared() {
    let home = Home::new();
    for prompt in ["a fox", "a hare", "a fox at night"] {
        home.generate(prompt);
    }
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    studio.shows("History · 3").keys("<F3> ").shows("1 marked").keys("j ").shows("2 marked");
    studio.keys("c").shows("1 · ").shows("2 · ").shows("a fox [+at night]");
    studio.until_model("both pictures", pictured).keys("z").hides("Changed ·");
    studio.keys("<esc>").shows("History · 3 · 2 marked");
    studio.quit();
}

#[test]
fn generations_and_their_pictures_are_walked_over_the_whole_screen() {
    let home = Home::new();
    home.generate("a fox");
    let painter = ["-m", "demo:painter", "--size", "64x64", "-n", "2"];
    home.run(&[&["generate", "an owl"][..], &painter].concat()).done();
    home.generate("a hare");
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    studio.shows("History · 3").keys("<F3>z").hides("History ·").shows("a hare");
    studio.keys("j").shows("an owl").shows("1 of 2").until_model("its picture", pictured);
    studio.keys("]").shows("2 of 2").until_model("the other one", pictured);
    studio.keys("]").shows("1 of 2").keys("[").shows("2 of 2");
    // Closely looked at, the arrows move along the picture; the next one is seen whole.
    studio.keys("+").shows("150 %").keys("j").shows("150 %").shows("an owl");
    studio.keys("Z").hides("150 %").keys("j").shows("a fox").hides("of 2");
    studio.keys("j").shows("This is the oldest one.");
    studio.keys("gj").shows("an owl").keys("z").shows("History · 3").shows("Preview ·");
    studio.quit();
}

#[test]
fn what_did_not_come_says_all_that_is_known_of_it() {
    let credit = r#"{"error":{"message":"You have no credit left."}}"#;
    let picture = Reply::ok(crate::recovery::answer()).hang();
    let server = Server::start([Reply::new(402, credit), Reply::close(), picture]);
    let home = Home::beside(&server);
    home.configure("[queue]\nparallel = 1\n");
    for (prompt, code) in [("it failed", 1), ("nobody knows", 1)] {
        home.run(&["generate", prompt, "-m", "openai:gpt-image-2"]).with_code(code);
    }
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    studio.shows("History · 2");
    // One that is taken back while it waits for another one.
    studio.keys("<shift+tab><ctrl+u>openai:gpt-image-2<F2>drawing").generate().shows("drawing");
    studio.keys("<ctrl+u>taken back").generate().shows("1 under way, 1 waiting");
    studio.keys("<F3>x").shows("cancelled before it was sent");

    studio.keys("gI").shows("taken back").shows("state       cancelled");
    studio.shows("nothing: it was never sent").shows("none: nothing was sent").keys("<esc>");
    studio.hides("Details ·").keys("jjI").shows("nobody knows").shows("state       interrupted");
    studio.shows("may have been charged").shows("attempt     1, taken up").shows("line made");
    studio.keys("<esc>").hides("Details ·").keys("jI").shows("it failed");
    studio.shows("state       failed").shows("You have no credit left.").shows("hint");
    studio.shows("not charged").shows("HTTP 402 from").keys("<esc>").hides("Details ·");
    server.release();
    studio.hides("under way").quit();
}

/// More than the rows that are loaded ahead have no picture.
#[test]
fn a_slideshow_goes_over_a_hundred_failures_as_if_they_were_not_there() {
    let home = Home::with_config("[studio]\nslideshow = 1\n");
    home.generate("a fox");
    let mut store = Store::open(home.path()).expect("the history opens");
    let rows: Vec<Generation> = (0..250).map(came_to_nothing).collect();
    store.enqueue(&rows).expect("rows can be written");
    for row in &rows {
        store.cancel(row.id, row.created).expect("a row can be written");
    }
    drop(store);
    home.generate("an owl");
    let mut studio = Studio::open_in(&home, ROOM.0, ROOM.1);
    studio.shows("History · 252").keys("<F3>.").shows("Any key ends the slideshow");
    let begun = studio.written().len();
    for prompt in ["· an owl", "· a fox", "· an owl"] {
        studio.shows(prompt);
    }
    let seen = String::from_utf8_lossy(&studio.written()[begun..]).into_owned();
    assert!(!seen.contains("came to nothing"), "one without a picture was seen");
    studio.keys("<esc>").hides("Slideshow").quit();
}

/// A generation that was never sent.
fn came_to_nothing(n: u8) -> Generation {
    let request = Request::new("came to nothing", "demo:painter".parse().expect("a model"));
    let now = pentimento::engine::now();
    let id = GenerationId::from_parts(now.millis().unsigned_abs(), [n; 10]);
    Generation::queued(id, request, now)
}
