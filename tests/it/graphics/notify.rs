//! Which terminal is told in which way, and what it is sent.

use pentimento::domain::{Bar, Done, Notice, Notify, Text};
use pentimento::graphics::notify::{bar, has_bar, notice, shows_bar, way};

use super::probe::of_names;

#[test]
fn each_terminal_is_told_as_it_is_known_to_understand() {
    for (names, has, shows) in [
        (&["ghostty 1.2.3"][..], true, Notice::Osc9),
        (&["ghostty 1.1.3"], false, Notice::Osc9),
        (&["iTerm2 3.6.6"], true, Notice::Osc9),
        (&["iTerm2 3.6.5"], false, Notice::Osc9),
        (&["iTerm2 3.10.1"], true, Notice::Osc9),
        (&["WezTerm 20240203-110809-5046fc22"], false, Notice::Osc777),
        (&["WezTerm 20250909-110809-5046fc22"], true, Notice::Osc777),
        (&["Konsole 25.08.2"], false, Notice::Bell),
        (&["Konsole 26.04.0"], true, Notice::Bell),
        (&["VTE(7600)"], false, Notice::Bell),
        (&["VTE(8000)"], true, Notice::Bell),
        (&["kitty(0.43.1)"], false, Notice::Osc99),
        (&["foot(1.25.0)"], false, Notice::Osc777),
        (&["XTerm(390)"], false, Notice::Bell),
        (&["mintty 3.7.1"], false, Notice::Bell),
        (&["tmux 3.5a"], false, Notice::Bell),
        (&["tmux 3.5a", "ghostty 1.2.3"], true, Notice::Osc9),
        (&["tmux 3.5a", "kitty(0.43.1)"], false, Notice::Osc99),
        (&[], false, Notice::Bell),
    ] {
        let probe = of_names(names);
        let auto = Notify { done: Done::Auto, progress: None, prompt: false };
        assert_eq!((has_bar(&probe), way(auto, &probe)), (has, Some(shows)), "{names:?}");
        assert_eq!(shows_bar(auto, &probe), has, "{names:?}");
        let wanted = Notify { done: Done::By(Notice::Osc9), progress: Some(!has), ..auto };
        assert_eq!(
            (shows_bar(wanted, &probe), way(wanted, &probe)),
            (!has, Some(Notice::Osc9)),
            "{names:?}"
        );
        assert_eq!(way(Notify { done: Done::Off, ..auto }, &probe), None);
    }
}

#[test]
fn a_bar_is_one_sequence_and_goes_through_tmux_where_that_hands_it_on() {
    let plain = of_names(&["ghostty 1.2.3"]);
    for (shown, bytes) in [
        (Some(Bar::Percent(42)), "\x1b]9;4;1;42\x1b\\"),
        (Some(Bar::Unknown), "\x1b]9;4;3\x1b\\"),
        (Some(Bar::Paused(7)), "\x1b]9;4;4;7\x1b\\"),
        (None, "\x1b]9;4;0\x1b\\"),
    ] {
        assert_eq!(bar(shown, &plain), bytes.as_bytes());
    }
    let tmux = of_names(&["tmux 3.5a", "ghostty 1.2.3"]);
    assert_eq!(bar(None, &tmux), b"\x1bPtmux;\x1b\x1b]9;4;0\x1b\x1b\\\x1b\\");
}

#[test]
fn a_notice_says_what_it_is_given_and_can_be_nothing_else() {
    let what = Text::new("2 pictures are done; 4;1;50\x07\x1b]0;owned");
    let kitty = of_names(&["kitty(0.43.1)"]);
    assert_eq!(notice(Notice::Bell, &what, &kitty), b"\x07");
    for way in [Notice::Osc9, Notice::Osc777, Notice::Osc99] {
        let bytes = notice(way, &what, &kitty);
        let text = String::from_utf8(bytes).expect("it is text");
        assert!(text.contains("2 pictures are done, 4,1,50"), "{text:?}");
        let sequences = text.matches("\x1b]").count();
        assert_eq!(sequences, if way == Notice::Osc99 { 2 } else { 1 }, "{text:?}");
        assert_eq!(text.matches("\x1b\\").count(), sequences, "{text:?}");
        assert!(!text.contains('\x07'), "{text:?}");
    }
    let nine = notice(Notice::Osc9, &what, &kitty);
    assert!(nine.starts_with(b"\x1b]9;Pentimento: 2"), "no number of a bar stands first");
    // tmux marks the window of a bell, and hands the rest on.
    let tmux = of_names(&["tmux 3.5a", "ghostty 1.2.3"]);
    assert!(notice(Notice::Osc9, &what, &tmux).starts_with(b"\x07\x1bPtmux;\x1b\x1b]9;"));
}
