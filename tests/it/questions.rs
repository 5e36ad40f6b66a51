//! What the program asks its terminal, on one that answers: nothing typed is lost to an
//! answer, and no answer is typed.

use std::time::Instant;

use pentimento::graphics::pace::QUESTION;
use pentimento::graphics::probe::Probe;
use rustix::process::Signal;

use crate::home::Home;
use crate::studio::Studio;

const NAME: &str = "\x1bP>|kitty(0.35.2)\x1b\\";
const KNOWS_KITTY: &str = "\x1b_Gi=4207849;OK\x1b\\";
const CELL: &str = "\x1b[6;20;10t";
const BACKGROUND: &str = "\x1b]11;rgb:fdfd/f6f6/e3e3\x1b\\";
const ATTRIBUTES: &str = "\x1b[?62;c";

/// A studio that has asked its terminal and not been answered.
fn asking() -> Studio {
    let mut studio = Studio::open(120, 40);
    studio.shows("Nothing made yet.");
    studio.until_written("the questions", Probe::questions());
    studio
}

/// Answers in pieces of one byte.
fn say(studio: &mut Studio, answer: &str) {
    for byte in answer.bytes() {
        studio.send(&[byte]);
    }
}

#[test]
fn keys_between_the_pieces_of_answers_are_all_in_the_prompt_and_no_answer_is() {
    let mut studio = asking();
    for (typed, answer) in
        [("a fox ", NAME), ("in the ", KNOWS_KITTY), ("deep ", CELL), ("snöw 漢", ATTRIBUTES)]
    {
        studio.send(typed.as_bytes());
        say(&mut studio, answer);
    }
    studio.keys(" at night").shows("a fox in the deep snöw 漢 at night");
    let prompt = studio.row("a fox in the deep");
    for part in ["kitty(", "4207849", ";OK", "20;10", "?62", ">|"] {
        assert!(!studio.screen().contains(part), "{part} was typed: {prompt}");
    }
    studio.quit();
}

#[test]
fn a_paste_that_looks_like_answers_is_the_prompt_while_answers_come() {
    let mut studio = asking();
    say(&mut studio, NAME);
    studio.paste("an owl that says [6;20;10t and _Gi=1;OK");
    say(&mut studio, ATTRIBUTES);
    studio.shows("an owl that says [6;20;10t and _Gi=1;OK").quit();
}

/// Answers each question behind a frame that was not answered yet; gives how many there
/// were so far.
fn keep_pace(studio: &mut Studio, answered: usize) -> usize {
    let written = studio.drained();
    let asked = written.windows(QUESTION.len()).filter(|part| *part == QUESTION).count();
    studio.send(&b"\x1b[0n".repeat(asked - answered));
    asked
}

#[test]
#[expect(clippy::print_stdout, reason = "how long it took is printed, not judged")]
fn escape_leaves_the_help_whether_or_not_the_terminal_answers() {
    for answers in ["", ATTRIBUTES] {
        let mut studio = asking();
        studio.send(answers.as_bytes()).keys("<F1>").shows("┏ Help");
        let mut asked = keep_pace(&mut studio, 0);
        for key in ["<F1>", "<esc>"] {
            let pressed = Instant::now();
            studio.keys(key).hides("┏ Help");
            println!("{key} took {:?} where {answers:?} was answered", pressed.elapsed());
            asked = keep_pace(&mut studio, asked);
            studio.keys("<F1>").shows("┏ Help");
            asked = keep_pace(&mut studio, asked);
        }
        studio.quit();
    }
}

/// `pentimento` with these arguments on a terminal that has been asked what it is.
fn command(home: &Home, arguments: &[&str]) -> Studio {
    let mut command = Studio::start(home, arguments, 120, 40);
    command.until_written("the questions", Probe::questions());
    command
}

#[test]
fn the_doctor_says_what_the_terminal_has_answered() {
    let mut doctor = command(&Home::new(), &["doctor"]);
    for answer in [NAME, KNOWS_KITTY, CELL, BACKGROUND, ATTRIBUTES] {
        say(&mut doctor, answer);
    }
    doctor.shows("light, #fdf6e3, the terminal says so");
    doctor.shows("the protocol of kitty. The terminal is kitty(0.35.2).");
    doctor.shows("10 × 20 pixels, the terminal says so").shows("multiplexer      none");
    assert!(doctor.end().success());
    doctor.drained();
    assert!(doctor.modes_kept() && !doctor.screen().contains("4207849"));
}

#[test]
fn the_doctor_names_the_line_that_lets_tmux_pass_pictures_on() {
    let mut doctor = command(&Home::new(), &["doctor"]);
    doctor.send(b"\x1bP>|tmux 3.4\x1b\\\x1b[?1;2c");
    doctor.shows("off: tmux passes nothing on").shows("tmux set -g allow-passthrough on");
    assert!(doctor.end().success() && doctor.modes_kept());
}

#[test]
fn a_mute_terminal_is_waited_for_no_longer_than_the_deadline() {
    let home = Home::with_config("[graphics]\nprotocol = \"wezterm\"\ncell_size = \"9x18\"\n");
    let mut doctor = command(&home, &["doctor"]);
    doctor.shows("inline images as WezTerm has them. The configuration says so.");
    doctor.shows("9 × 18 pixels, the configuration says so");
    doctor.shows("protocol and cell_size of [graphics]");
    assert!(doctor.end().success() && doctor.modes_kept());
}

#[test]
fn whatever_ends_a_command_that_asks_the_terminal_has_its_modes_back() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        let mut doctor = command(&Home::new(), &["doctor"]);
        doctor.signal(signal);
        assert!(!doctor.end().success(), "{signal:?} ends it");
        assert!(doctor.modes_kept(), "{signal:?}");
    }
}

#[test]
fn what_was_typed_ahead_is_left_for_the_shell() {
    let script = "read first; echo begun; \"$0\" doctor; read line; echo \"the shell got $line\"";
    let mut shell = Studio::within(&Home::new(), script);
    shell.send(b"go\nls -l\n").shows("not asked: something was typed ahead");
    shell.shows("the shell got ls -l");
    assert!(!shell.written().windows(5).any(|part| part == b"\x1b[>0q"), "nothing was asked");
}

#[test]
fn several_pictures_are_shown_after_one_question_in_the_protocol_of_the_terminal() {
    let home = Home::new();
    for prompt in ["a fox", "an owl"] {
        home.generate(prompt);
    }
    for (answers, begin) in [
        ("\x1bP>|WezTerm 2024\x1b\\\x1b[?65;4c", &b"\x1b]1337;File="[..]),
        ("\x1bP>|XTerm(379)\x1b\\\x1b[?63;4c", b"\x1bP0;1"),
        ("\x1bP>|XTerm(379)\x1b\\\x1b[?64c", "▄".as_bytes()),
    ] {
        let mut history = command(&home, &["history", "--thumbnails"]);
        history.send(answers.as_bytes());
        assert!(history.end().success());
        let written = history.drained();
        let count = |part: &[u8]| written.windows(part.len()).filter(|some| *some == part).count();
        assert_eq!(count(Probe::questions()), 1);
        assert!(count(begin) >= 2, "{answers:?}: {}", String::from_utf8_lossy(written));
    }
}
