//! The doctor of the studio: what is in effect, and why.

use insta::assert_snapshot;
use pentimento::app::{Effect, Event, Overlay};
use pentimento::domain::{Area, Finding};

use super::fixture::Studio;

/// Some things as they are on an ordinary day.
fn findings() -> Vec<Finding> {
    let (terminal, configuration, history) = (Area::Terminal, Area::Configuration, Area::History);
    vec![
        terminal.fine("TERM", "tmux-256color"),
        terminal.fine("name", "tmux 3.4, as it says"),
        terminal.fine("pictures", "half blocks. tmux passes nothing on."),
        terminal.off(
            "passthrough",
            "off: tmux passes nothing on",
            "`tmux set -g allow-passthrough on` lets it.",
        ),
        history.fine("database", "12 generations, sound"),
        configuration.off(
            "keys",
            "langbase: none, openai: none, together: none, google: none, openrouter: none",
            "set LANGBASE_API_KEY and the key of a provider, for example OPENAI_API_KEY; \
             demo:painter needs none",
        ),
        configuration.fine("model", "demo:painter"),
        history.fine("worker", "none needed: nothing is under way"),
        history.fine("journal", "wal"),
    ]
}

/// A studio whose doctor has looked at everything.
fn examined(columns: u16, lines: u16) -> Studio {
    let mut studio = Studio::sized(Vec::new(), columns, lines);
    studio.keys("<alt+h>");
    assert!(studio.effects.contains(&Effect::Examine));
    studio.happen(Event::Examined(findings())).draw();
    studio
}

#[test]
fn the_doctor_at_three_sizes() {
    for (columns, lines) in [(80, 24), (120, 40), (40, 12)] {
        let name = format!("doctor-{columns}x{lines}");
        assert_snapshot!(name, examined(columns, lines).screen());
    }
    let mut scrolled = examined(40, 12);
    scrolled.keys("G");
    assert_snapshot!("doctor-end-40x12", scrolled.screen());
}

#[test]
fn the_doctor_is_asked_from_anywhere_and_leaves_as_it_came() {
    for keys in ["", "<F3>", "<F4>", "<F3>/"] {
        let mut studio = Studio::with(Vec::new());
        studio.keys(keys);
        let focus = studio.state.focus;
        studio.keys("<alt+h>");
        assert!(studio.screen().contains("Looking"), "{keys}");
        studio.keys("<esc>");
        // What comes late is kept for nobody and opens nothing.
        studio.happen(Event::Examined(findings())).draw();
        assert_eq!((studio.state.overlay, studio.state.focus), (None, focus), "{keys}");
    }
}

#[test]
fn it_scrolls_to_its_ends_and_no_further_and_looks_anew_when_it_is_asked_again() {
    let mut studio = examined(40, 12);
    let first = studio.screen();
    studio.keys("k");
    assert_eq!(studio.state.overlay, Some(Overlay::Doctor { scroll: 0 }));
    assert!(studio.screen().contains("It begins here."));
    studio.keys("G");
    let last = studio.state.overlay;
    studio.keys("j");
    assert_eq!(studio.state.overlay, last);
    studio.keys("r");
    assert!(studio.screen().contains("The doctor is in."), "{}", studio.screen());
    studio.keys("g<F13>");
    assert_eq!(studio.screen(), first);
    studio.taken();
    studio.keys("<alt+h>");
    assert!(studio.screen().contains("Looking") && studio.effects.contains(&Effect::Examine));
}
