//! Telling apart what a terminal is sent, in whatever fragments it comes.

/// One thing that was sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Token {
    /// Characters to be seen.
    Text(Vec<u8>),
    /// A control character.
    Control(u8),
    /// An escape sequence, whole.
    Escape(Vec<u8>),
    /// A control sequence, whole.
    Csi(Vec<u8>),
    /// A string of this kind, without what stands around it.
    String(u8, Vec<u8>),
    /// A string of this kind that something else than its end has cut off.
    Cut(u8, u8, Vec<u8>),
}

/// What is not whole yet.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
enum Begun {
    #[default]
    Nothing,
    Escape(Vec<u8>),
    Csi(Vec<u8>),
    String(u8, Vec<u8>),
    /// The same, and an escape which may be its end.
    Ending(u8, Vec<u8>),
}

/// A reader of what is sent.
#[derive(Clone, Default, Debug)]
pub(super) struct Stream {
    begun: Begun,
    /// Part of a character.
    part: Vec<u8>,
    /// Whether a device control string is read as tmux does: all but its terminator is
    /// data, and of each escape that is doubled one.
    tmux: bool,
}

const CAN: u8 = 0x18;
const SUB: u8 = 0x1a;
const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;

impl Stream {
    /// As tmux reads.
    pub(super) fn of_tmux() -> Self {
        Self { tmux: true, ..Self::default() }
    }

    /// Whether nothing is begun that has not ended.
    pub(super) fn is_whole(&self) -> bool {
        self.begun == Begun::Nothing && self.part.is_empty()
    }

    /// What has become whole with these bytes.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut text = std::mem::take(&mut self.part);
        for &byte in bytes {
            if self.begun == Begun::Nothing && byte >= 0x20 && byte != 0x7f {
                text.push(byte);
                continue;
            }
            if !text.is_empty() {
                tokens.push(Token::Text(std::mem::take(&mut text)));
            }
            self.step(byte, &mut tokens);
        }
        // The beginning of a character waits for the rest of it.
        let whole = match std::str::from_utf8(&text) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => text.len(),
        };
        self.part = text.split_off(whole);
        if !text.is_empty() {
            tokens.push(Token::Text(text));
        }
        tokens
    }

    fn step(&mut self, byte: u8, tokens: &mut Vec<Token>) {
        self.begun = match (std::mem::take(&mut self.begun), byte) {
            (Begun::Nothing | Begun::Escape(_) | Begun::Csi(_), ESC) => Begun::Escape(vec![ESC]),
            (Begun::Nothing, _) => {
                tokens.push(Token::Control(byte));
                Begun::Nothing
            }
            (Begun::Escape(_) | Begun::Csi(_), CAN | SUB) => Begun::Nothing,
            (Begun::Escape(mut held), _) => {
                held.push(byte);
                match byte {
                    b'[' if held.len() == 2 => Begun::Csi(held),
                    b'P' | b'_' | b']' | b'^' | b'X' if held.len() == 2 => {
                        Begun::String(byte, Vec::new())
                    }
                    0x20..=0x2f => Begun::Escape(held),
                    _ => {
                        tokens.push(Token::Escape(held));
                        Begun::Nothing
                    }
                }
            }
            (Begun::Csi(mut held), _) => {
                held.push(byte);
                if (0x40..=0x7e).contains(&byte) {
                    tokens.push(Token::Csi(held));
                    Begun::Nothing
                } else {
                    Begun::Csi(held)
                }
            }
            (Begun::String(kind, body), ESC) => Begun::Ending(kind, body),
            (Begun::String(kind, body), CAN | SUB) if !(self.tmux && kind == b'P') => {
                tokens.push(Token::Cut(kind, byte, body));
                Begun::Nothing
            }
            (Begun::String(b']', body), BEL) => {
                tokens.push(Token::String(b']', body));
                Begun::Nothing
            }
            (Begun::String(kind, mut body), _) => {
                body.push(byte);
                Begun::String(kind, body)
            }
            (Begun::Ending(kind, body), b'\\') => {
                tokens.push(Token::String(kind, body));
                Begun::Nothing
            }
            (Begun::Ending(b'P', mut body), _) if self.tmux => {
                body.push(byte);
                Begun::String(b'P', body)
            }
            (Begun::Ending(kind, body), _) => {
                tokens.push(Token::Cut(kind, ESC, body));
                self.begun = Begun::Escape(vec![ESC]);
                return self.step(byte, tokens);
            }
        };
    }
}
