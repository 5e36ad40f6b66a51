//! What terminals answer, told apart from keys, and what follows from it.

use pentimento::graphics::CellSize;
use pentimento::graphics::answers::{Answer, Answers, Heard};
use pentimento::graphics::drivers::Protocol;
use pentimento::graphics::probe::{CellSource, Overrides, PASSTHROUGH, Probe};
use proptest::prelude::*;

/// The columns and rows of every terminal here.
const CELLS: (u16, u16) = (100, 30);

/// A terminal that calls itself so, and what is around it.
pub(super) fn of_names(names: &[&str]) -> Probe {
    let mut probe = Probe::new(Overrides::default());
    for name in names {
        probe.hear(&Answer::Name((*name).to_owned()));
    }
    probe
}

/// Everything heard of bytes that come in pieces of these sizes, one after the other.
fn heard(bytes: &[u8], sizes: &[usize]) -> Vec<Heard> {
    let mut answers = Answers::default();
    let (mut heard, mut rest) = (Vec::new(), bytes);
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, behind) = rest.split_at((*size).min(rest.len()));
        heard.extend(answers.take(piece));
        rest = behind;
    }
    heard.extend(answers.give_up());
    heard
}

/// The bytes of keys, in order, and the answers.
fn sorted(heard: Vec<Heard>) -> (Vec<u8>, Vec<Answer>) {
    let (mut keys, mut answers) = (Vec::new(), Vec::new());
    for heard in heard {
        match heard {
            Heard::Keys(bytes) => keys.extend(bytes),
            Heard::Alt(key) => keys.extend([0x1b, key as u8]),
            Heard::Answer(answer) => answers.push(answer),
        }
    }
    (keys, answers)
}

/// Something that comes from a terminal: its bytes, and whether it is an answer.
fn piece() -> impl Strategy<Value = (Vec<u8>, bool)> {
    let keys = [
        "a",
        "é",
        "漢",
        "\r",
        "\t",
        "\x1b[A",
        "\x1bOP",
        "\x1b[1;5C",
        "\x1bb",
        "\x1b[<0;10;20M",
        "\x1b[15~",
        "\x1b[[A",
        "\x1b[Z",
        "\x1bx",
        "\x1b\r",
        "\x1b[200~ \x1b[0n \x1b_Gi=1;OK\x1b\\ text\x1b[201~",
    ];
    let answers = [
        "\x1b[0n",
        "\x1bP>|kitty(0.26.5)\x1b\\",
        "\x1b_Gi=4207849;OK\x1b\\",
        "\x1b[6;20;10t",
        "\x1b[4;600;1000t",
        "\x1b[?62;4c",
        "\x1bP>|XTerm(379)\x07",
        "\x1b[?2026;2$y",
        "\x1b]11;rgb:0000/0000/0000\x1b\\",
        "\x1b_Gi=4207849;ENOTSUPPORTED:no\x1b\\",
    ];
    let is = |is_answer| move |text: &str| (text.as_bytes().to_vec(), is_answer);
    prop_oneof![
        proptest::sample::select(keys.to_vec()).prop_map(is(false)),
        proptest::sample::select(answers.to_vec()).prop_map(is(true)),
    ]
}

proptest! {
    #[test]
    fn keys_and_answers_are_told_apart_in_whatever_pieces_they_come(
        pieces in proptest::collection::vec(piece(), 0..12),
        sizes in proptest::collection::vec(1..9_usize, 1..6),
    ) {
        let all: Vec<u8> = pieces.iter().flat_map(|(bytes, _)| bytes.clone()).collect();
        let typed: Vec<u8> =
            pieces.iter().filter(|(_, answer)| !answer).flat_map(|(bytes, _)| bytes.clone()).collect();
        let (keys, answers) = sorted(heard(&all, &sizes));
        prop_assert_eq!(keys, typed);
        prop_assert_eq!(answers.len(), pieces.iter().filter(|(_, answer)| *answer).count());
        prop_assert_eq!(answers, sorted(heard(&all, &[usize::MAX])).1);
    }

    #[test]
    fn no_bytes_are_lost_and_none_break_it(
        bytes in proptest::collection::vec(prop_oneof![
            Just(0x1b_u8), Just(b'['), Just(b'P'), Just(b'_'), Just(b']'), Just(b'\\'), any::<u8>()
        ], 0..200),
        sizes in proptest::collection::vec(1..9_usize, 1..4),
    ) {
        let (keys, answers) = sorted(heard(&bytes, &sizes));
        prop_assert!(!answers.is_empty() || keys == bytes);
    }
}

#[test]
fn an_escape_alone_and_alt_with_a_key_are_held_and_then_keys() {
    for (typed, key) in
        [("\x1b", None), ("\x1bP", Some('P')), ("\x1b[", Some('[')), ("\x1b_", Some('_'))]
    {
        let mut answers = Answers::default();
        assert_eq!(answers.take(typed.as_bytes()), []);
        assert!(answers.holds_key());
        let expected = key.map_or_else(|| Heard::Keys(b"\x1b".to_vec()), Heard::Alt);
        assert_eq!(answers.give_up(), [expected]);
    }
    // A key that cannot begin an answer waits for nothing.
    let mut answers = Answers::default();
    assert_eq!(answers.take(b"\x1bx"), [Heard::Keys(b"\x1bx".to_vec())]);
}

/// What follows when a terminal answers so, all at once or after what it was asked then.
fn concluded(probe: &mut Probe, said: &[&str]) -> (Option<Protocol>, bool, bool) {
    let mut answers = Answers::default();
    for bytes in said {
        for heard in answers.take(bytes.as_bytes()) {
            if let Heard::Answer(answer) = heard {
                let _ = probe.hear(&answer);
            }
        }
    }
    let conclusion = probe.conclusion(CELLS);
    (conclusion.protocol, conclusion.tmux, conclusion.answers)
}

#[test]
fn each_terminal_gets_what_it_understands() {
    const KITTY: &str = "\x1b_Gi=4207849;OK\x1b\\";
    const READY: &str = "\x1b[0n";
    const PLAIN: &str = "\x1b[0n\x1b[?62;22c";
    const SIXEL: &str = "\x1b[0n\x1b[?62;4;22c";
    let name = |name: &str| format!("\x1bP>|{name}\x1b\\");
    for (said, expected) in [
        (
            vec![name("kitty(0.26.5)"), KITTY.into(), PLAIN.into()],
            (Some(Protocol::Kitty), false, true),
        ),
        (
            vec![name("ghostty 1.1.3"), KITTY.into(), PLAIN.into()],
            (Some(Protocol::Kitty), false, true),
        ),
        (vec![name("iTerm2 3.5.10"), PLAIN.into()], (Some(Protocol::Iterm), false, true)),
        (
            vec![name("WezTerm 20240203-110809"), KITTY.into(), SIXEL.into()],
            (Some(Protocol::WezTerm), false, true),
        ),
        (
            vec![name("Konsole 23.08.1"), KITTY.into(), SIXEL.into()],
            (Some(Protocol::Iterm), false, true),
        ),
        (vec![name("xterm.js(5.5.0)"), SIXEL.into()], (Some(Protocol::Iterm), false, true)),
        // Its image addon is not loaded: what is sent would be swallowed.
        (vec![name("xterm.js(5.5.0)"), PLAIN.into()], (None, false, true)),
        (vec![name("foot(1.16.2)"), SIXEL.into()], (Some(Protocol::Sixel), false, true)),
        (vec![name("XTerm(379)"), SIXEL.into()], (Some(Protocol::Sixel), false, true)),
        (vec![name("XTerm(379)"), PLAIN.into()], (None, false, true)),
        (vec![name("VTE(7600)"), PLAIN.into()], (None, false, true)),
        // Windows Terminal before it said its name.
        (vec![SIXEL.into()], (Some(Protocol::Sixel), false, true)),
        // One that nobody has heard of.
        (vec![name("newterm 1"), KITTY.into(), PLAIN.into()], (Some(Protocol::Kitty), false, true)),
        (vec![PLAIN.into()], (None, false, true)),
        (vec![], (None, false, false)),
        // tmux, which passes nothing on; in kitty; in iTerm2; and with sixel of its own.
        (vec![name("tmux 3.3a"), PLAIN.into()], (None, false, false)),
        (
            vec![
                name("tmux 3.3a"),
                PLAIN.into(),
                name("kitty(0.35.2)"),
                KITTY.into(),
                READY.into(),
            ],
            (Some(Protocol::Kitty), true, true),
        ),
        // One that would show the text which stands for pictures there.
        (
            vec![
                name("tmux 3.3a"),
                PLAIN.into(),
                name("kitty(0.26.5)"),
                KITTY.into(),
                READY.into(),
            ],
            (None, true, true),
        ),
        (
            vec![name("tmux 3.3a"), PLAIN.into(), name("iTerm2 3.5.10"), READY.into()],
            (None, true, true),
        ),
        // Nobody around it would say what was read.
        (vec![name("tmux 3.4"), SIXEL.into()], (Some(Protocol::Sixel), false, false)),
        // One that says nothing of what it has read.
        (vec!["\x1b[?62c".into()], (None, false, false)),
    ] {
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        assert_eq!(concluded(&mut Probe::default(), &said), expected, "{said:?}");
        // The same a byte at a time.
        let all = said.concat();
        let bytes: Vec<&str> = all.split_inclusive(|_| true).collect();
        assert_eq!(concluded(&mut Probe::default(), &bytes), expected, "{said:?}");
    }
}

#[test]
fn tmux_is_asked_to_ask_on_and_only_then_is_all_answered() {
    let mut probe = Probe::default();
    let question = probe.hear(&Answer::Name("tmux 3.3a".to_owned())).expect("it asks on");
    assert!(question.starts_with(b"\x1bPtmux;"));
    assert_eq!(probe.hear(&Answer::Attributes(vec![62])), None);
    assert!(!probe.is_over());
    assert_eq!(probe.hear(&Answer::Name("kitty(0.35.2)".to_owned())), None);
    // tmux has read everything, and then the terminal around it.
    for expected in [false, true] {
        assert_eq!(probe.hear(&Answer::Ready), None);
        assert_eq!(probe.is_over(), expected);
    }
}

/// What tmux takes for the title of a pane, outside of what it passes on.
const APC: &[u8] = b"\x1b_";

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|some| some == part)
}

#[test]
fn tmux_gets_no_question_that_it_would_show_as_a_title() {
    let mut probe = Probe::default();
    assert!(!contains(Probe::questions(), APC));
    let around = probe.hear(&Answer::Name("tmux 3.3a".to_owned())).expect("it asks on");
    // An escape is doubled inside of what is passed on.
    assert!(around.starts_with(b"\x1bPtmux;") && contains(&around, b"\x1b\x1b_G"));
    assert_eq!(probe.hear(&Answer::Attributes(vec![1, 2])), None);
}

#[test]
fn only_a_terminal_of_no_known_name_is_asked_whether_it_knows_kitty() {
    for name in ["kitty(0.26.5)", "WezTerm 2024", "XTerm(379)", "VTE(7600)"] {
        let mut probe = Probe::default();
        assert_eq!(probe.hear(&Answer::Name(name.to_owned())), None);
        assert_eq!(probe.hear(&Answer::Attributes(vec![62])), None, "{name}");
        assert!(probe.is_over(), "{name}");
    }
    for answer in [Some(Answer::Kitty(true)), None] {
        let mut probe = Probe::default();
        let question = probe.hear(&Answer::Attributes(vec![62])).expect("it asks");
        assert!(question.starts_with(b"\x1b_Gi=4207849,") && question.ends_with(b"\x1b[c"));
        assert!(!probe.is_over(), "the answer is still to come");
        let knows = answer.is_some();
        assert_eq!(answer.and_then(|answer| probe.hear(&answer)), None);
        assert_eq!(probe.hear(&Answer::Attributes(vec![62])), None, "asked once");
        assert!(probe.is_over());
        let protocol = knows.then_some(Protocol::Kitty);
        assert_eq!(probe.conclusion(CELLS).protocol, protocol);
    }
}

#[test]
fn a_cell_is_as_large_as_the_user_or_the_terminal_says() {
    let ten = CellSize::new(10, 20);
    let cell = |probe: &Probe| probe.conclusion(CELLS).cell;
    let mut probe = Probe::default();
    assert_eq!(cell(&probe), None);
    let _ = probe.hear(&Answer::Area(1000, 600));
    assert_eq!(cell(&probe), ten);
    let _ = probe.hear(&Answer::Cell(9, 18));
    assert_eq!(cell(&probe), CellSize::new(9, 18));
    // Nothing absurd is believed.
    let _ = probe.hear(&Answer::Cell(60_000, 60_000));
    assert_eq!(cell(&probe), CellSize::new(9, 18));
    let overrides = Overrides { protocol: Some(None), cell: ten };
    let mut probe = Probe::new(overrides);
    let _ = probe.hear(&Answer::Cell(9, 18));
    let _ = probe.hear(&Answer::Kitty(true));
    let conclusion = probe.conclusion(CELLS);
    assert_eq!((conclusion.protocol, conclusion.cell), (None, ten));
}

#[test]
fn inline_images_that_the_user_wants_inside_tmux_are_not_passed_through_it() {
    let protocol = Some(Some(Protocol::Iterm));
    let mut probe = Probe::new(Overrides { protocol, ..Overrides::default() });
    let said = ["\x1bP>|tmux 3.5a\x1b\\\x1b[?1;2c", "\x1bP>|iTerm2 3.6.5\x1b\\\x1b[0n\x1b[0n"];
    assert_eq!(concluded(&mut probe, &said), (Some(Protocol::Iterm), false, true));
}

#[test]
fn an_answer_after_the_deadline_changes_what_was_concluded() {
    let mut probe = Probe::default();
    assert_eq!(concluded(&mut probe, &["\x1b[0n\x1b[?62;c\x1b[?62;c"]), (None, false, true));
    assert!(probe.is_over());
    let late = ["\x1bP>|kitty(0.35.2)\x1b\\", "\x1b_Gi=4207849;OK\x1b\\"];
    assert_eq!(concluded(&mut probe, &late), (Some(Protocol::Kitty), false, true));

    let mut probe = Probe::default();
    let tmux = "\x1bP>|tmux 3.4\x1b\\\x1b[0n\x1b[?1;2c";
    assert_eq!(concluded(&mut probe, &[tmux]), (None, false, false));
    let why = probe.conclusion(CELLS).why;
    assert!(why.contains(PASSTHROUGH), "the line that helps: {why}");
    // Asked anew, tmux says its name again, which is not that of the terminal around it.
    assert_eq!(concluded(&mut probe, &[tmux]), (None, false, false));
    assert_eq!(probe.around(), None);
    assert_eq!(concluded(&mut probe, &late), (Some(Protocol::Kitty), true, true));
}

#[test]
fn the_terminal_is_asked_for_a_cell_before_its_text_area() {
    let mut probe = Probe::default();
    concluded(&mut probe, &["\x1b[4;600;1000t"]);
    let cell = CellSize::new(10, 20).unwrap();
    assert_eq!(probe.cell(CELLS), Some((cell, CellSource::Area)));
    concluded(&mut probe, &["\x1b[6;65535;9t"]);
    assert_eq!(probe.cell(CELLS), Some((cell, CellSource::Area)), "no cell is so high");
    concluded(&mut probe, &["\x1b[6;22;11t"]);
    assert_eq!(probe.cell(CELLS), CellSize::new(11, 22).map(|cell| (cell, CellSource::Cell)));
    assert_eq!(Probe::default().cell((0, 0)), None);
}
