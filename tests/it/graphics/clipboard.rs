//! Text for the clipboard, and who is known to take it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pentimento::graphics::clipboard::{Clipboard, MOST, clipboard, copy};

use super::probe::of_names;

#[test]
fn text_is_copied_in_one_sequence_with_a_bell_at_its_end() {
    let sequence = String::from_utf8(copy("a fox 🦊", &of_names(&["foot(1.25.0)"]))).expect("text");
    let body = sequence.strip_prefix("\x1b]52;c;").and_then(|rest| rest.strip_suffix('\x07'));
    assert_eq!(
        STANDARD.decode(body.expect("it is OSC 52")).expect("base64"),
        "a fox 🦊".as_bytes()
    );
}

#[test]
fn the_longest_text_makes_a_sequence_within_a_hundred_thousand_bytes() {
    let sequence = copy(&"x".repeat(MOST), &of_names(&["foot(1.25.0)"]));
    assert!((99_990..=100_000).contains(&sequence.len()), "{}", sequence.len());
}

#[test]
fn tmux_gets_it_itself_and_is_asked_to_hand_it_on_where_it_does_that() {
    let raw = copy("x", &of_names(&["foot(1.25.0)"]));
    assert_eq!(copy("x", &of_names(&["tmux 3.3a"])), raw);
    let both = copy("x", &of_names(&["tmux 3.3a", "ghostty 1.2.3"]));
    assert!(both.starts_with(&raw));
    assert_eq!(both[raw.len()..], *b"\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\");
}

#[test]
fn kitty_is_told_first_to_begin_anew() {
    assert_eq!(copy("x", &of_names(&["kitty(0.26.5)"])), b"\x1b]52;c;!\x07\x1b]52;c;eA==\x07");
}

#[test]
fn what_is_known_of_a_terminal_is_said() {
    let says = |names: &[&str], program| match clipboard(&of_names(names), program) {
        Clipboard::Takes => "takes".to_owned(),
        Clipboard::Depends(on) => format!("depends: {on}"),
        Clipboard::Refuses(why) => format!("refuses: {why}"),
    };
    for (names, program, begins) in [
        (&["kitty(0.43.1)"][..], None, "takes"),
        (&["ghostty 1.2.3"], None, "takes"),
        (&["WezTerm 20240203"], None, "takes"),
        (&["VTE(6800)"], None, "refuses: this GNOME"),
        (&["VTE(8200)"], None, "depends: Not every GNOME"),
        (&["XTerm(390)"], None, "depends: XTerm"),
        (&[], Some("Apple_Terminal"), "refuses: Apple's Terminal"),
        (&[], None, "depends: This terminal may not"),
        // What the environment says counts for nothing against the terminal itself.
        (&["kitty(0.43.1)"], Some("Apple_Terminal"), "takes"),
        (&["tmux 3.3a"], None, "depends: tmux needs"),
        (&["tmux 3.3a", "kitty(0.43.1)"], None, "takes"),
        (&["tmux 3.3a", "VTE(6800)"], None, "refuses"),
    ] {
        assert!(says(names, program).starts_with(begins), "{names:?}: {}", says(names, program));
    }
}
