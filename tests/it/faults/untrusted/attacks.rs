//! Texts that would drive a terminal, made by rule.

use crate::faults::times;

/// What each of them carries, to be found again.
const MARK: &str = "owned";

/// Whether `c` may not pass, by the words of `RELIABILITY.md`.
pub(super) fn is_forbidden(c: char) -> bool {
    matches!(u32::from(c),
        0x00..=0x1f | 0x7f..=0x9f | 0x61c | 0x200e..=0x200f | 0x2028..=0x202e
            | 0x2066..=0x2069 | 0xfeff | 0xe0000..=0xe007f)
}

/// Every character that may not pass.
fn forbidden() -> impl Iterator<Item = char> {
    (char::MIN..=char::MAX).filter(|c| is_forbidden(*c))
}

/// The sequences themselves: introducer, body, end.
fn sequences() -> Vec<String> {
    let bodies = [
        ("\x1b]", "0;owned"),
        ("\x1b]", "2;owned"),
        ("\x1b]", "1;owned"),
        ("\x1b]", "4;1;rgb:ff/00/00"),
        ("\x1b]", "7;file:///owned"),
        ("\x1b]", "8;;https://owned.example"),
        ("\x1b]", "9;owned"),
        ("\x1b]", "52;c;b3duZWQ="),
        ("\x1b]", "52;c;?"),
        ("\x1b]", "133;A"),
        ("\x1b]", "777;notify;owned;owned"),
        ("\x1b]", "1337;File=inline=1:AAAA"),
        ("\x1b]", "1337;SetUserVar=owned=b3duZWQ="),
        ("\x1bP", "$q\"p"),
        ("\x1bP", "q#0;2;0;0;0owned"),
        ("\x1bP", "+q544e"),
        ("\x1b_", "Ga=T,f=100;AAAA"),
        ("\x1b^", "owned"),
        ("\x1bX", "owned"),
        ("\x1bk", "owned"),
        ("\x1b[", "2Jowned"),
        ("\x1b[", "6n"),
        ("\x1b[", "c"),
        ("\x1b[", "21t"),
        ("\x1b[", "8;1;1t"),
        ("\x1b[", "?1049l"),
        ("\x1b[", "?1000h"),
        ("\x1b[", "?2004l"),
        ("\x1b[", "4i"),
        ("\x1b[", "31;5mowned"),
        ("\x1b[", "999;999Howned"),
        ("\x1b[", "1;1r"),
        ("\x1b", "c"),
        ("\x1b", "g"),
        ("\x1b", "#8"),
        ("\x1b", "(0owned"),
        ("\x1b", "=owned"),
    ];
    let eight_bit =
        [("\x1b]", "\u{9d}"), ("\x1bP", "\u{90}"), ("\x1b_", "\u{9f}"), ("\x1b[", "\u{9b}")];
    let ends = ["", "\x07", "\x1b\\", "\u{9c}", "\x18"];
    let mut made = Vec::new();
    for (introducer, body) in bodies {
        let short = eight_bit.iter().find(|(long, _)| *long == introducer).map(|(_, short)| *short);
        for introducer in [Some(introducer), short].into_iter().flatten() {
            made.extend(ends.map(|end| format!("{introducer}{body}{end}")));
        }
    }
    made
}

/// Floods, which are drawn and not obeyed: a renderer has to bear them.
fn floods() -> Vec<String> {
    let marks = ["\u{301}", "\u{200d}", "\u{200b}", "\u{2060}", "\u{fe0f}", "\u{489}", "\u{34f}"];
    let lengths = [9, 64, 300];
    let flood = |mark: &str, length: usize| {
        // A character that is taken out must not hide how long the flood is.
        [
            format!("a{}", mark.repeat(length)),
            format!("a{}", format!("{mark}\u{202a}").repeat(length)),
        ]
    };
    marks.iter().flat_map(|mark| lengths.map(|length| flood(mark, length))).flatten().collect()
}

/// So many different attacks as the suite tries, spread over all kinds.
pub(super) fn attacks() -> Vec<String> {
    let sequences = sequences();
    let mut all: Vec<String> = floods();
    all.extend(forbidden().map(|c| format!("{c}{MARK}")));
    all.extend(forbidden().map(|c| format!("{MARK}{c}")));
    all.extend(forbidden().map(|c| format!("{MARK}{c}{c}\x1b{c}{MARK}")));
    for place in 0.. {
        let Some(sequence) = sequences.get(place) else { break };
        all.push(sequence.clone());
        all.push(format!("{MARK} {sequence} {MARK}"));
        all.push(format!("\u{202e}{sequence}\u{202c}"));
        all.push(format!("a\u{301}{sequence}\u{301}"));
        // Doubled, in case one pass takes out what holds another together.
        all.push(sequence.replace('\x1b', "\x1b\x1b").replace('\u{9d}', "\u{9d}\u{9d}"));
    }
    let most = times(200, 2_000).min(all.len());
    let step = all.len() as f64 / most as f64;
    (0..most).map(|n| all[(n as f64 * step) as usize].clone()).collect()
}

/// The attacks in pieces of at most so many characters.
pub(super) fn together(attacks: &[String], most: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for attack in attacks {
        let last = pieces.last_mut().expect("there is one");
        if last.chars().count() + attack.chars().count() < most {
            last.push_str(attack);
            last.push(' ');
        } else {
            pieces.push(format!("{attack} "));
        }
    }
    pieces
}
