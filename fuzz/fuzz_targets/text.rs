//! Whatever text comes in, what comes out cannot drive a terminal.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pentimento::domain::{Text, printable};

fuzz_target!(|data: &[u8]| {
    let raw = String::from_utf8_lossy(data);
    let text = Text::new(&raw);
    assert!(text.as_str().chars().count() <= Text::MESSAGE + 1);
    text.as_str().chars().for_each(assert_harmless);
    assert_eq!(Text::new(text.as_str()).as_str(), text.as_str(), "cleaning is done at once");

    let capped = Text::capped(&raw, 7);
    assert!(capped.as_str().chars().count() <= 8);

    let lines = printable(&raw);
    assert_eq!(lines.matches('\n').count(), raw.matches('\n').count());
    lines.chars().filter(|c| *c != '\n').for_each(assert_harmless);
});

fn assert_harmless(c: char) {
    assert!(!c.is_control(), "{c:?}");
    let hidden = matches!(c,
        '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
        | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}');
    assert!(!hidden, "{c:?}");
}
