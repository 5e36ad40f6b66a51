//! The model of a terminal is tried itself: it sees what real ones show, and objects to
//! what they would not do well with.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be made fails its test")]

use std::io::Cursor;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, Rgb, RgbImage};
use proptest::prelude::*;

use super::emulator::{Emulator, Persona, difference};

const CELL: (u16, u16) = (10, 20);

fn emulator(persona: Persona) -> Emulator {
    Emulator::new(persona, (20, 10), CELL)
}

/// Four cells by two, unlike itself from place to place.
fn picture() -> RgbImage {
    RgbImage::from_fn(40, 40, |x, y| Rgb([(x * 6) as u8, (y * 6) as u8, 90]))
}

fn base64_of(picture: &RgbImage) -> String {
    let mut file = Vec::new();
    picture.write_to(&mut Cursor::new(&mut file), ImageFormat::Png).unwrap();
    STANDARD.encode(file)
}

/// The picture as number `id` in two chunks, with text between.
fn held(id: u32) -> String {
    let file = base64_of(&picture());
    let (first, rest) = file.split_at(file.len() / 8 * 4);
    format!("\x1b_Ga=t,f=100,i={id},q=2,m=1;{first}\x1b\\between\x1b_Gq=2,m=0;{rest}\x1b\\")
}

fn placed(id: u32, column: u16, row: u16) -> String {
    let (row, column) = (row + 1, column + 1);
    format!("\x1b7\x1b[{row};{column}H\x1b_Ga=p,i={id},p=1,c=4,r=2,C=1,q=2\x1b\\\x1b8")
}

/// The picture by iTerm2's protocol.
fn inline(column: u16, row: u16) -> String {
    let file = base64_of(&picture());
    let size = STANDARD.decode(&file).unwrap().len();
    let (row, column) = (row + 1, column + 1);
    format!(
        "\x1b[{row};{column}H\x1b]1337;File=inline=1;size={size};width=4;height=2;\
         preserveAspectRatio=0:{file}\x07"
    )
}

/// Four cells by two of red, by sixel.
fn red(column: u16, row: u16) -> String {
    let (row, column) = (row + 1, column + 1);
    let bands = ["#0!40~"; 7].join("-");
    format!("\x1b[{row};{column}H\x1bP0;1q\"1;1;40;40#0;2;100;0;0{bands}\x1b\\")
}

#[test]
fn a_picture_of_kitty_is_held_placed_moved_and_freed_and_no_text_harms_it() {
    let mut terminal = emulator(Persona::Kitty);
    terminal
        .feed(format!("{}{}\x1b[1;1H{}", held(5), placed(5, 2, 3), "text".repeat(40)).as_bytes());
    assert_eq!(terminal.shown_in((2, 3), (4, 2)), picture());
    assert_eq!(terminal.covered(), 8);
    terminal.feed(placed(5, 0, 0).as_bytes());
    assert_eq!((terminal.covered(), terminal.held()), (8, 1));
    assert_eq!(terminal.shown_in((0, 0), (4, 2)), picture());
    terminal.feed(b"\x1b_Ga=d,d=i,i=5,q=2\x1b\\");
    assert_eq!((terminal.covered(), terminal.held()), (0, 1));
    terminal.feed(b"\x1b_Ga=d,d=I,i=5,q=2\x1b\\");
    assert_eq!(terminal.held(), 0);
    assert!(terminal.left_behind().is_empty(), "{:?}", terminal.left_behind());
}

#[test]
fn erasing_the_screen_at_once_frees_what_kitty_holds_and_erasing_it_by_parts_does_not() {
    let mut terminal = emulator(Persona::Kitty);
    terminal.feed(format!("{}{}\x1b[1;1H\x1b[J", held(5), placed(5, 2, 3)).as_bytes());
    assert_eq!((terminal.covered(), terminal.held()), (8, 1));
    terminal.feed(format!("\x1b[2J{}", placed(5, 2, 3)).as_bytes());
    assert_eq!((terminal.covered(), terminal.held()), (0, 0));
    assert_eq!(terminal.faults(), ["5 is not held"]);
}

#[test]
fn a_picture_in_cells_gives_way_to_text_and_to_erasing() {
    for (persona, bytes) in [
        (Persona::Iterm, inline(2, 3)),
        (Persona::WezTerm, inline(2, 3)),
        (Persona::Foot, red(2, 3)),
        (Persona::Xterm { sixel: true }, red(2, 3)),
    ] {
        let mut terminal = emulator(persona);
        terminal.feed(format!("\x1b[?25l{bytes}\x1b[?25h").as_bytes());
        assert_eq!(terminal.covered(), 8, "{persona:?}");
        terminal.feed(b"\x1b[4;3Hab");
        assert_eq!(terminal.covered(), 6, "two letters take two cells");
        terminal.feed(b"\x1b[5;4H\x1b[X");
        assert_eq!(terminal.covered(), 5);
        terminal.feed(b"\x1b[5;1H\x1b[K");
        assert_eq!(terminal.covered(), 2);
        terminal.feed(b"\x1b[1;1H\x1b[J");
        assert_eq!(terminal.covered(), 0);
        assert!(terminal.left_behind().is_empty(), "{persona:?}: {:?}", terminal.left_behind());
    }
}

#[test]
fn what_is_seen_of_each_protocol_is_the_picture() {
    let mut terminal = emulator(Persona::Iterm);
    terminal.feed(inline(2, 3).as_bytes());
    assert_eq!(terminal.shown_in((2, 3), (4, 2)), picture());
    let mut terminal = emulator(Persona::Foot);
    terminal.feed(red(2, 3).as_bytes());
    let red = RgbImage::from_pixel(40, 40, Rgb([255, 0, 0]));
    assert_eq!(terminal.shown_in((2, 3), (4, 2)), red);
    let mut terminal = emulator(Persona::Vte);
    terminal.feed(b"\x1b[38;2;255;0;0m\x1b[48;2;0;0;255m\xe2\x96\x80");
    let cell = terminal.shown_in((0, 0), (1, 1));
    assert_eq!((cell.get_pixel(5, 0).0, cell.get_pixel(5, 19).0), ([255, 0, 0], [0, 0, 255]));
    assert!(difference(&cell, &red) > 50.0, "another picture is far away");
}

#[test]
fn inside_tmux_text_says_where_a_picture_is() {
    let mut terminal = emulator(Persona::Tmux { passthrough: true });
    let transmission = held(0x01_0203).replace("between", "");
    let command = format!("{transmission}\x1b_Ga=p,U=1,i=66051,c=4,r=2,q=2\x1b\\\x1b[5n\x1b[>0q");
    terminal.feed(format!("\x1bPtmux;{}\x1b\\", command.replace('\x1b', "\x1b\x1b")).as_bytes());
    assert_eq!(terminal.answers().concat(), b"\x1b[0n\x1bP>|kitty(0.43.1)\x1b\\");
    assert_eq!(terminal.covered(), 0);
    // The lower left quarter: row 1, columns 0 and 1.
    terminal.feed("\x1b[3;5H\x1b[38;2;1;2;3m".as_bytes());
    terminal.feed("\u{10eeee}\u{30d}\u{305}\u{10eeee}\u{30d}\u{30d}".as_bytes());
    assert_eq!((terminal.covered(), terminal.held()), (2, 1));
    let quarter = image::imageops::crop_imm(&picture(), 0, 20, 20, 20).to_image();
    assert_eq!(terminal.shown_in((4, 2), (2, 1)), quarter);
    assert!(terminal.faults().is_empty(), "{:?}", terminal.faults());
    terminal.feed(b"\x1b[3;5H  ");
    assert_eq!(terminal.covered(), 0, "text takes its place");
}

#[test]
fn what_has_no_room_goes_and_cannot_be_placed_again() {
    let each = 40 * 40 * 4;
    let mut terminal = emulator(Persona::Kitty).with_quota(2 * each);
    for id in [5, 6] {
        terminal.feed(format!("{}{}", held(id), placed(id, id as u16, 0)).as_bytes());
    }
    terminal.feed(placed(5, 0, 4).as_bytes());
    terminal.feed(held(7).as_bytes());
    assert_eq!(terminal.held(), 2);
    terminal.feed(format!("{}{}", placed(6, 0, 0), placed(7, 4, 0)).as_bytes());
    assert_eq!(terminal.covered(), 16, "6 was unused for longest");
    assert!(terminal.faults().is_empty(), "{:?}", terminal.faults());
}

#[test]
fn each_answers_as_itself() {
    for persona in Persona::ALL {
        let mut terminal = emulator(persona);
        terminal.feed(b"\x1b[>0q\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[16t\x1b[14t");
        terminal.feed(b"\x1b]11;?\x1b\\\x1b[5n\x1b[c");
        let answers = terminal.answers();
        let text = String::from_utf8(answers.concat()).unwrap();
        let kitty = text.contains("\x1b_Gi=31;OK\x1b\\");
        match persona {
            Persona::Mute => assert!(text.is_empty()),
            Persona::Kitty => {
                let cells = "\x1b[6;20;10t\x1b[4;200;200t\x1b]11;rgb:1111/1212/1414\x1b\\";
                let begin = "\x1bP>|kitty(0.43.1)\x1b\\\x1b_Gi=31;OK\x1b\\";
                assert_eq!(text, format!("{begin}{cells}\x1b[0n\x1b[?62;c"));
            }
            Persona::Splitting => assert!(answers.iter().all(|piece| piece.len() == 1) && kitty),
            Persona::Tmux { .. } | Persona::TmuxInIterm => {
                assert_eq!(text, "\x1bP>|tmux 3.3a\x1b\\\x1b[0n\x1b[?1;2c");
            }
            Persona::Ghostty | Persona::WezTerm | Persona::Konsole => assert!(kitty),
            _ => assert!(!kitty && text.contains("\x1bP>|") && text.contains("\x1b[0n")),
        }
        assert!(terminal.faults().is_empty(), "a question harms nobody: {:?}", terminal.faults());
    }
}

#[test]
fn what_real_terminals_do_not_do_well_with_is_a_fault() {
    let cut = |text: String, keep: usize| text[..keep].to_owned();
    let bad = [
        (Persona::Kitty, "\x1b_Ga=t,f=100,i=5,m=1;AAAA\x1b\\".to_owned(), "would answer"),
        (
            Persona::Kitty,
            "\x1b_Ga=t,f=100,i=5,q=2,m=1;AAAA\x1b\\\x1b_Ga=d,d=i,i=4,q=2\x1b\\".to_owned(),
            "inside a transmission",
        ),
        (Persona::Kitty, "\x1b_Ga=t,f=100,i=5,q=2,m=1;AAA\x1b\\".to_owned(), "within a group"),
        (Persona::Kitty, "\x1b_Ga=t,f=100,i=5,q=2,m=1;AAAA\x1b\\".to_owned(), "no end"),
        (Persona::Kitty, placed(9, 0, 0), "not held"),
        (Persona::Kitty, held(9), "never deleted"),
        (Persona::Kitty, format!("{}{}", held(9), placed(9, 0, 0)), "left on the screen"),
        (Persona::Kitty, format!("\x1b[?1049h{}\x1b[?1049l", held(9)), "screen that was left"),
        (Persona::Kitty, "\x1b[?1049h".to_owned(), "alternate screen"),
        (Persona::Kitty, cut(held(9), 40), "no end"),
        (Persona::Iterm, cut(inline(0, 0), 50), "no end"),
        (Persona::Iterm, inline(0, 0), "left on the screen"),
        (Persona::Iterm, inline(0, 9), "scrolls the screen"),
        (Persona::Iterm, format!("{}\x1b[H", cut(inline(0, 0), 50)), "escape inside"),
        (Persona::Iterm, held(9).replace("between", ""), "no pictures of kitty"),
        (Persona::Foot, red(0, 8), "scrolls the screen"),
        (Persona::Foot, format!("{}\x1b[5n", cut(red(0, 0), 20)), "escape inside"),
        (Persona::Xterm { sixel: false }, red(0, 0), "no sixel"),
        (Persona::Xterm { sixel: true }, red(0, 0), "the cursor is seen"),
        (Persona::Vte, inline(0, 0), "no pictures of iTerm2"),
        (Persona::Tmux { passthrough: true }, held(9), "swallows"),
        (
            Persona::Tmux { passthrough: true },
            "\x1bPtmux;\x1b\x1b[2J\x1b\\".to_owned(),
            "passed through",
        ),
        (Persona::Kitty, "\x1bPtmux;\x1b\x1b[5n\x1b\\".to_owned(), "escape inside"),
    ];
    for (persona, bytes, what) in bad {
        let mut terminal = emulator(persona);
        terminal.feed(bytes.as_bytes());
        let faults = terminal.left_behind().join("; ");
        assert!(faults.contains(what), "{what}: {faults}");
    }
}

#[test]
fn an_abort_leaves_nothing_behind() {
    let begun = &held(9)[..60];
    let half = "\x1b_Ga=t,f=100,i=5,q=2,m=1;AAAA\x1b\\";
    for bytes in [
        format!("{begun}\x18\x1b\\"),
        format!("{half}\x1b_Gm=0,q=2;\x1b\\\x1b_Ga=d,d=I,i=5,q=2\x1b\\"),
        "\x18\x1b\\".to_owned(),
    ] {
        let mut terminal = emulator(Persona::Kitty);
        terminal.feed(bytes.as_bytes());
        assert!(terminal.left_behind().is_empty(), "{:?}", terminal.left_behind());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn the_fragments_in_which_bytes_come_make_no_difference(
        persona in prop::sample::select(&Persona::ALL[..]),
        cuts in prop::collection::vec(1_usize..60, 1..40),
    ) {
        let sent = [
            "täxt — \u{10eeee}\u{30d}\u{305}\x1b[>0q\x1b[5n", &held(5), &placed(5, 1, 1),
            &inline(8, 1), "over it", &red(8, 5), "\x1b[6;9Hüber", "\x1bPtmux;\x1b\x1b[5n\x1b\\",
            "\x1b[2;2H\x1b[K\x1b]0;title\x07\x1b[c",
        ].concat().into_bytes();
        let mut whole = emulator(persona);
        whole.feed(&sent);
        let mut split = emulator(persona);
        let (mut rest, mut cuts) = (&sent[..], cuts.iter().cycle());
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rest.len().min(*cuts.next().unwrap()));
            split.feed(piece);
            rest = after;
        }
        prop_assert_eq!(split.text().contents(), whole.text().contents());
        prop_assert!(split.shown() == whole.shown());
        prop_assert_eq!(split.faults(), whole.faults());
        prop_assert_eq!(split.answers(), whole.answers());
    }
}
