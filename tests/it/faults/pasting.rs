//! Promise 6: a paste costs nothing.

use super::{enter, figures};
use crate::home::{Home, wait_for};
use crate::recovery::answer;
use crate::server::{Reply, Server};
use crate::studio::Studio;

/// Lines of the pastes that no terminal marks.
const LINES: usize = 10_000;

/// A studio whose next request goes to this server.
fn studio(server: &Server) -> Studio {
    let mut studio = Studio::open_in(&Home::beside(server), 120, 40);
    studio.shows("Nothing made yet.").keys("<shift+tab><ctrl+u>openai:gpt-image-2<F2>");
    studio
}

fn server() -> Server {
    Server::start([Reply::ok(answer())])
}

/// Nothing was sent, nor is anything waiting to be.
#[track_caller]
fn nothing_sent(server: &Server, studio: &Studio) {
    assert_eq!(studio.home.history().len(), 0);
    assert_eq!(server.connections(), 0);
}

/// The numbers of the lines, each with this at its end.
fn lines(end: &str) -> String {
    (0..LINES).map(|n| n.to_string() + end).collect()
}

#[test]
fn ten_thousand_lines_that_no_terminal_marks_send_nothing() {
    let server = server();
    let mut studio = studio(&server);
    studio.send(lines("\r").as_bytes()).shows("9999");
    nothing_sent(&server, &studio);
    figures(
        6,
        &format!("{LINES} lines ending in CR, unmarked: 0 requests, the text is in the editor"),
    );
    studio.quit();
}

#[test]
fn a_marked_paste_of_a_mebibyte_sends_nothing() {
    let server = server();
    let mut studio = studio(&server);
    let text = "a fox in the snow\r\n".repeat((1 << 20) / 19);
    studio.paste(&text).keys("end").shows("end").shows("a fox in the snow");
    nothing_sent(&server, &studio);
    figures(6, &format!("{} bytes, marked: 0 requests, the text is in the editor", text.len()));
    studio.quit();
}

#[test]
fn a_marked_paste_that_holds_the_mark_of_its_end_sends_nothing() {
    let server = server();
    let mut studio = studio(&server);
    studio.paste("before\x1b[201~\rafter\rand <b>").shows("before").shows("after").shows("and <b>");
    nothing_sent(&server, &studio);
    figures(
        6,
        "a marked paste with the mark of its end inside: 0 requests, the text is in the editor",
    );
    studio.quit();
}

#[test]
fn what_is_meant_after_a_paste_is_sent_once() {
    let server = server();
    let mut studio = studio(&server);
    studio.paste("a fox\rin the snow").shows("in the snow").generate().shows("1 picture in");
    let row = wait_for("the picture", || studio.home.history().pop());
    assert_eq!(row["request"]["prompt"], "a fox\nin the snow");
    enter("pasting", studio.home.history().len(), server.count());
    studio.quit();
}

#[test]
fn ten_thousand_lines_that_end_as_the_key_to_generate_does_send_nothing() {
    let server = server();
    let mut studio = studio(&server);
    studio.send(lines("\n").as_bytes()).shows("9999");
    nothing_sent(&server, &studio);
    figures(
        6,
        &format!("{LINES} lines ending in LF, unmarked: 0 requests, the text is in the editor"),
    );
    studio.quit();
}
