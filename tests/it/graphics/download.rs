//! Files in pieces, by each way a terminal takes them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pentimento::graphics::answers::{Answer, Answers, Heard};
use pentimento::graphics::download::{Download, Way, way};
use pentimento::graphics::probe::{Overrides, Probe};
use proptest::prelude::*;

use super::emulator::{Emulator, Persona};

/// The most that may stand before a key's echo.
const LONGEST_PIECE: usize = 6 << 10;

/// Sends a file to a terminal of this kind whose user allows it, piece by piece; gives what
/// is there in the end, and how long the longest piece was.
fn sent(persona: Persona, way: Way, name: &str, bytes: &[u8]) -> (Emulator, usize) {
    let mut terminal = Emulator::new(persona, (80, 24), (6, 12));
    let mut download = Download::new(way, "s", "~/Downloads");
    download.take(name, bytes.to_vec());
    let (mut longest, mut answers) = (0, Answers::default());
    loop {
        while let Some(piece) = download.next_piece() {
            longest = longest.max(piece.len());
            terminal.feed(&piece);
            // Whatever stands between two pieces is text, unless nothing may.
            if !download.holds() {
                terminal.feed(b"text");
            }
        }
        if terminal.asks() {
            terminal.decide(true);
        }
        let said = terminal.answers().concat();
        if said.is_empty() {
            break;
        }
        for heard in answers.take(&said) {
            match heard {
                Heard::Answer(Answer::Transfer(said)) => download.hear(&said),
                other => panic!("no key was pressed: {other:?}"),
            }
        }
    }
    assert!(download.is_ready(), "{:?}", download.failure());
    terminal.feed(&download.finish());
    assert_eq!(terminal.faults(), [""; 0]);
    (terminal, longest)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_file_arrives_as_it_is_in_pieces_that_keep_nobody_waiting(
        bytes in proptest::collection::vec(any::<u8>(), 0..40_000),
        name in "[a-z0-9 é漢;:=-]{1,40}\\.png",
    ) {
        for (persona, way) in [(Persona::Kitty, Way::Kitty), (Persona::Iterm, Way::Parts)] {
            let (terminal, longest) = sent(persona, way, &name, &bytes);
            let [(path, arrived)] = terminal.saved() else { panic!("one file") };
            prop_assert!(path.ends_with(&name), "{path}");
            prop_assert!(*arrived == bytes);
            prop_assert!(longest <= LONGEST_PIECE, "{longest}");
        }
        let (terminal, longest) = sent(Persona::WezTerm, Way::Whole, &name, &bytes);
        prop_assert!(terminal.saved() == [(name, bytes)]);
        prop_assert!(longest <= LONGEST_PIECE, "{longest}");
    }

    #[test]
    fn nothing_that_a_terminal_says_breaks_a_download(
        said in proptest::collection::vec("(ac=status;id=[st];)?(fid=[12];)?(st=[A-Za-z+/=]{0,12})?(;sz=-?[0-9]{0,22})?", 0..20),
    ) {
        let mut download = Download::new(Way::Kitty, "s", "~");
        download.take("a.png", vec![0; 10_000]);
        for said in said {
            download.hear(&said);
            download.next_piece();
        }
        download.cancel();
    }
}

#[test]
fn the_way_is_known_by_the_name_and_version_of_the_terminal() {
    let way_of = |names: &[&str]| {
        let mut probe = Probe::new(Overrides::default());
        for name in names {
            probe.hear(&Answer::Name((*name).to_owned()));
        }
        way(&probe)
    };
    for (names, expected) in [
        (&["kitty(0.26.5)"][..], Ok(Way::Kitty)),
        (&["iTerm2 3.6.5"], Ok(Way::Parts)),
        (&["iTerm2 3.5.0beta4"], Ok(Way::Parts)),
        (&["iTerm2 3.4.19"], Ok(Way::Whole)),
        (&["iTerm2 4.0"], Ok(Way::Parts)),
        (&["WezTerm 20240203-110809-5046fc22"], Ok(Way::Whole)),
        (&["tmux 3.3a", "kitty(0.43.1)"], Err("tmux hands no files on.")),
        (&["ghostty 1.2.3"], Err("This terminal takes no files.")),
        (&[], Err("This terminal takes no files.")),
    ] {
        assert_eq!(way_of(names), expected, "{names:?}");
    }
}

#[test]
fn nothing_is_sent_before_the_user_of_the_terminal_has_allowed_it() {
    let mut download = Download::new(Way::Kitty, "s", "~/Downloads");
    download.take("a.png", vec![7; 10]);
    assert_eq!(download.next_piece().expect("a question"), b"\x1b]5113;id=s;ac=send\x1b\\");
    assert_eq!(download.next_piece(), None);
    assert!(download.is_asking());
    // What is said of another transfer is not for this one.
    download.hear(&format!("ac=status;id=other;st={}", STANDARD.encode("OK")));
    assert_eq!(download.next_piece(), None);
    download.hear(&format!("ac=status;id=s;st={}", STANDARD.encode("EPERM:not now")));
    assert_eq!(download.failure(), Some("not now"));
    assert_eq!(download.next_piece(), None);
    assert_eq!(download.cancel(), b"");
}

#[test]
fn the_disk_of_the_other_side_is_full_and_that_is_said() {
    let mut download = Download::new(Way::Kitty, "s", "~/Downloads");
    download.take("a.png", vec![7; 100_000]);
    let say =
        |rest: &str, words: &str| format!("ac=status;id=s;{rest}st={}", STANDARD.encode(words));
    download.next_piece();
    download.hear(&say("", "OK"));
    download.next_piece();
    download.hear(&say("fid=1;", "STARTED"));
    download.next_piece();
    download.hear(&say("fid=1;", "ENOSPC:Failed to write to file"));
    assert_eq!(download.failure(), Some("Failed to write to file"));
    assert_eq!(download.cancel(), b"\x1b]5113;id=s;ac=cancel\x1b\\");
}

#[test]
fn a_file_in_one_sequence_is_given_up_at_any_place_without_a_trace() {
    for pieces in 0..6 {
        let mut terminal = Emulator::new(Persona::WezTerm, (80, 24), (6, 12));
        let mut download = Download::new(Way::Whole, "s", "~");
        download.take("fox.png", vec![7; 20_000]);
        for _ in 0..pieces {
            let piece = download.next_piece().expect("there is more");
            terminal.feed(&piece);
        }
        assert_eq!(download.holds(), pieces > 0, "{pieces}");
        terminal.feed(&download.cancel());
        terminal.feed(b"text");
        assert!(!download.holds() && download.next_piece().is_none());
        assert_eq!(terminal.saved(), [], "{pieces}");
        assert_eq!(terminal.faults(), [""; 0], "{pieces}");
        assert!(terminal.text().contents().starts_with("text"), "{pieces}");
    }
    // What iTerm2 and WezTerm would keep of a file that is only cut off is no file.
    let mut terminal = Emulator::new(Persona::WezTerm, (80, 24), (6, 12));
    let mut download = Download::new(Way::Whole, "s", "~");
    download.take("fox.png", vec![7; 20_000]);
    for _ in 0..3 {
        terminal.feed(&download.next_piece().expect("there is more"));
    }
    terminal.feed(b"\x18");
    assert_eq!(terminal.saved().len(), 1, "the terminal of the tests is as WezTerm is");
}
