//! A terminal at the far end: it reads, shows, and answers as its kind does.

use std::time::Instant;

/// What kind of terminal it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Kitty,
    Iterm,
    Sixel,
    /// One without any way to show pictures.
    Text,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Kitty => "kitty(0.35.2)",
            Self::Iterm => "iTerm2 3.5.10",
            Self::Sixel => "XTerm(390)",
            Self::Text => "VTE(7600)",
        }
    }
}

/// A picture, or a part of one, that has just been shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) at: Instant,
    /// The column of its left edge.
    pub(crate) column: u16,
}

/// The terminal.
pub(crate) struct Terminal {
    kind: Kind,
    text: vt100::Parser,
    /// A sequence that is not whole yet.
    held: Vec<u8>,
    pub(crate) shown: Vec<Shown>,
    /// When pictures, or parts of them, began to be sent.
    pub(crate) sent: Vec<Instant>,
    /// When the cursor was last put elsewhere, or text was written.
    pub(crate) touched: Instant,
    /// Bytes read, and how many of them were of pictures.
    pub(crate) bytes: usize,
    pub(crate) pictures: usize,
}

impl Terminal {
    pub(crate) fn new(kind: Kind, columns: u16, rows: u16) -> Self {
        let side = |cells: u16| cells.try_into().expect("no side is 0");
        Self {
            kind,
            text: vt100::Parser::new(side(rows), side(columns), 0),
            held: Vec::new(),
            shown: Vec::new(),
            sent: Vec::new(),
            touched: Instant::now(),
            bytes: 0,
            pictures: 0,
        }
    }

    pub(crate) fn screen(&self) -> &vt100::Screen {
        self.text.screen()
    }

    /// Reads what has arrived; gives what it answers.
    pub(crate) fn read(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.bytes += bytes.len();
        self.touched = Instant::now();
        self.held.extend_from_slice(bytes);
        let mut answers = Vec::new();
        let held = std::mem::take(&mut self.held);
        let mut rest = held.as_slice();
        while !rest.is_empty() {
            let escape = rest.iter().position(|byte| *byte == 0x1b).unwrap_or(rest.len());
            if escape > 0 {
                self.write(&rest[..escape]);
                rest = &rest[escape..];
                continue;
            }
            let Some(length) = sequence(rest) else { break };
            let (whole, behind) = rest.split_at(length);
            answers.extend(self.take(whole));
            rest = behind;
        }
        self.held = rest.to_vec();
        answers
    }

    fn take(&mut self, whole: &[u8]) -> Vec<u8> {
        let is_picture = matches!(whole.get(1), Some(b'_' | b'P' | b']'));
        if is_picture {
            self.pictures += whole.len();
        }
        match whole {
            b"\x1b[>0q" => format!("\x1bP>|{}\x1b\\", self.kind.name()).into_bytes(),
            b"\x1b[5n" => b"\x1b[0n".to_vec(),
            b"\x1b[16t" => b"\x1b[6;20;10t".to_vec(),
            b"\x1b[14t" => b"\x1b[4;800;1200t".to_vec(),
            b"\x1b[c" if self.kind == Kind::Sixel => b"\x1b[?64;4c".to_vec(),
            b"\x1b[c" => b"\x1b[?62c".to_vec(),
            _ if is_picture => self.picture(whole),
            // The rest of the screen is in 24-bit colour: this stands below a picture.
            _ if whole.ends_with(b"m") && whole.windows(5).any(|part| part == b"48;5;") => {
                let (_, column) = self.text.screen().cursor_position();
                self.shown.push(Shown { at: Instant::now(), column });
                self.write(whole);
                Vec::new()
            }
            _ => {
                self.write(whole);
                Vec::new()
            }
        }
    }

    /// Takes what belongs to pictures.
    fn picture(&mut self, whole: &[u8]) -> Vec<u8> {
        let says = |text: &[u8]| whole.windows(text.len()).any(|bytes| bytes == text);
        if says(b"a=q") {
            let known = self.kind == Kind::Kitty;
            return if known { b"\x1b_Gi=4207849;OK\x1b\\".to_vec() } else { Vec::new() };
        }
        let (shows, sends) = match whole[1] {
            b'_' => (says(b"a=p"), says(b"a=t")),
            _ => (true, true),
        };
        if sends {
            self.sent.push(Instant::now());
        }
        if shows {
            let (_, column) = self.text.screen().cursor_position();
            self.shown.push(Shown { at: Instant::now(), column });
        }
        Vec::new()
    }

    fn write(&mut self, bytes: &[u8]) {
        self.text.process(bytes);
    }
}

/// How long the sequence at the start of `bytes` is, if it is whole.
fn sequence(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        b'[' => {
            let end = bytes[2..].iter().position(|byte| (0x40..=0x7e).contains(byte))?;
            Some(2 + end + 1)
        }
        b'_' | b'P' | b']' => {
            let end = bytes[2..].iter().position(|byte| matches!(byte, 0x07 | 0x1b))?;
            if bytes[2 + end] == 0x07 {
                return Some(2 + end + 1);
            }
            bytes.get(2 + end + 1).map(|_| 2 + end + 2)
        }
        _ => Some(2),
    }
}
