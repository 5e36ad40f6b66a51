//! Who says that a terminal was driven: a model of one, and a strict reader of bytes.

use pentimento::domain::{Text, escaped, printable};
use pentimento::graphics::drivers::END_OF_ANY;
use pentimento::graphics::probe::Probe;
use unicode_segmentation::UnicodeSegmentation;

use super::attacks::{attacks, is_forbidden};
use crate::faults::figures;

/// What a terminal was made to do besides showing text.
#[derive(Default)]
struct Deeds(Vec<String>);

impl vt100::Callbacks for Deeds {
    fn audible_bell(&mut self, _: &mut vt100::Screen) {
        self.0.push("a bell".to_owned());
    }
    fn visual_bell(&mut self, _: &mut vt100::Screen) {
        self.0.push("a visual bell".to_owned());
    }
    fn resize(&mut self, _: &mut vt100::Screen, _: (u16, u16)) {
        self.0.push("another size".to_owned());
    }
    fn set_window_icon_name(&mut self, _: &mut vt100::Screen, name: &[u8]) {
        self.0.push(format!("an icon name, {}", name.escape_ascii()));
    }
    fn set_window_title(&mut self, _: &mut vt100::Screen, title: &[u8]) {
        self.0.push(format!("a title, {}", title.escape_ascii()));
    }
    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], _: &[u8]) {
        self.0.push("a clipboard".to_owned());
    }
    fn paste_from_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8]) {
        self.0.push("a look into the clipboard".to_owned());
    }
    fn unhandled_char(&mut self, _: &mut vt100::Screen, c: char) {
        self.0.push(format!("{c:?}"));
    }
    fn unhandled_control(&mut self, _: &mut vt100::Screen, byte: u8) {
        self.0.push(format!("the control {byte:#04x}"));
    }
    fn unhandled_osc(&mut self, _: &mut vt100::Screen, parameters: &[&[u8]]) {
        self.0.push(format!("an OSC of {} parameters", parameters.len()));
    }
}

/// What is wrong with a screen's bytes: whatever the studio itself has no use for. What it
/// asks the terminal, and how it ends a picture, are what they are in every run.
pub(super) fn on_screen(bytes: &[u8]) -> Vec<String> {
    let bytes = &without(&without(bytes, Probe::questions()), END_OF_ANY);
    let mut model = vt100::Parser::new_with_callbacks(
        40.try_into().expect("not zero"),
        120.try_into().expect("not zero"),
        0,
        Deeds::default(),
    );
    model.process(bytes);
    let mut deeds = std::mem::take(&mut model.callbacks_mut().0);
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(is_forbidden) {
        let found = &rest[at..];
        let length = sequence(found).unwrap_or_else(|| {
            deeds.push(found.chars().take(12).collect::<String>().escape_debug().to_string());
            found.chars().next().map_or(1, char::len_utf8)
        });
        rest = &found[length..];
    }
    deeds
}

/// `bytes` with every occurrence of `part` taken out.
fn without(bytes: &[u8], part: &[u8]) -> Vec<u8> {
    let mut left = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, behind)) = rest.split_first() {
        if let Some(behind) = rest.strip_prefix(part) {
            rest = behind;
        } else {
            left.push(*first);
            rest = behind;
        }
    }
    left
}

/// The bytes of the sequence that `text` begins with, if it is one that the studio uses:
/// modes, places, colours, erasing.
fn sequence(text: &str) -> Option<usize> {
    if text.starts_with(['\r', '\n']) {
        return Some(1);
    }
    let parameters = text.strip_prefix("\x1b[")?;
    let is_parameter = |c: char| c.is_ascii_digit() || matches!(c, ';' | ':' | '?');
    let end = parameters.find(|c| !is_parameter(c))?;
    let known = matches!(parameters.as_bytes()[end], b'h' | b'l' | b'm' | b'H' | b'J' | b'K');
    known.then_some(2 + end + 1)
}

/// What is wrong with a stream or a file of lines.
pub(super) fn in_lines(bytes: &[u8]) -> Vec<String> {
    let Ok(text) = str::from_utf8(bytes) else { return vec!["it is not UTF-8".to_owned()] };
    let found = text.chars().filter(|c| *c != '\n' && is_forbidden(*c));
    found.map(|c| c.escape_unicode().to_string()).collect()
}

#[test]
fn no_attack_is_left_in_a_text() {
    let attacks = attacks();
    for attack in &attacks {
        for text in [Text::new(attack).to_string(), printable(attack), escaped(attack)] {
            assert_eq!(in_lines(text.as_bytes()), Vec::<String>::new(), "{attack:?}");
        }
        let text = Text::capped(attack, 60);
        assert_eq!(Text::new(text.as_str()), text, "{attack:?}");
        assert!(text.as_str().chars().count() <= 61, "{attack:?}");
        let longest = text.as_str().graphemes(true).map(|grapheme| grapheme.chars().count()).max();
        assert!(longest.unwrap_or(0) <= 8, "{attack:?}: {longest:?}");
    }
    figures(13, &format!("{} attacks on the one constructor: 0 left", attacks.len()));
}

#[test]
fn the_same_attacks_past_that_constructor_are_objected_to() {
    let attacks = attacks();
    let drives = |attack: &&String| attack.chars().any(|c| c != '\n' && is_forbidden(c));
    let drivers: Vec<&String> = attacks.iter().filter(drives).collect();
    for attack in &drivers {
        assert!(!in_lines(attack.as_bytes()).is_empty(), "{attack:?}");
    }
    let on_screens: String = drivers.iter().map(|attack| attack.as_str()).collect();
    let deeds = on_screen(on_screens.as_bytes());
    for deed in ["a bell", "a title", "a clipboard", "an OSC"] {
        assert!(deeds.iter().any(|found| found.starts_with(deed)), "{deed}");
    }
    figures(13, &format!("negative control, {} attacks as they are: objected to", drivers.len()));
}
