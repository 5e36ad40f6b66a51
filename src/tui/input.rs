//! What the user does, as the studio understands it: chords, pastes, the mouse.
//!
//! Owns the translation from the events of the parser. Promises one chord a key, whatever
//! the terminal calls it. Must never decide what a chord means.

use ratatui::layout::Position;
use termina::Event as Raw;
use termina::event::{
    KeyCode, KeyEvent, KeyEventKind, Modifiers, MouseButton, MouseEvent, MouseEventKind,
};

use crate::app::LINE_FEED;
use crate::config::chord::{Chord, Key};

/// Lines the mouse wheel scrolls at a time.
const WHEEL: isize = 3;

/// Something the user did.
pub(super) enum Input {
    Key(Chord),
    Paste(String),
    Click(Position),
    Wheel(Position, isize),
    /// The window has the focus, or has it no longer.
    Focus(bool),
}

impl Input {
    /// Alt with a key that types `c`.
    pub(super) fn alt(c: char) -> Self {
        Self::Key(Chord { key: Key::Char(c), ctrl: false, alt: true, shift: false }.canonical())
    }

    /// Whether it is the key as which a line feed comes.
    pub(super) fn is_line_feed(&self) -> bool {
        matches!(self, Self::Key(chord) if *chord == LINE_FEED)
    }
}

/// What `raw` means to the studio, if anything.
pub(super) fn read(raw: Raw) -> Option<Input> {
    match raw {
        Raw::Key(key) if key.kind != KeyEventKind::Release => chord(key).map(Input::Key),
        Raw::Paste(text) => Some(Input::Paste(text)),
        Raw::Mouse(mouse) => click(mouse),
        Raw::FocusIn => Some(Input::Focus(true)),
        Raw::FocusOut => Some(Input::Focus(false)),
        _ => None,
    }
}

fn chord(event: KeyEvent) -> Option<Chord> {
    let key = match event.code {
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Function(number) => Key::F(number),
        KeyCode::Enter => Key::Enter,
        KeyCode::Escape => Key::Esc,
        KeyCode::Tab | KeyCode::BackTab => Key::Tab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Insert => Key::Insert,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        _ => return None,
    };
    let held = |modifier| event.modifiers.contains(modifier);
    let mut chord = Chord {
        key,
        ctrl: held(Modifiers::CONTROL),
        alt: held(Modifiers::ALT),
        shift: held(Modifiers::SHIFT) || event.code == KeyCode::BackTab,
    }
    .canonical();
    // Terminals send Ctrl+_ as the byte 0x1F, which the parser calls Ctrl+7.
    if chord.ctrl && chord.key == Key::Char('7') {
        chord.key = Key::Char('_');
    }
    Some(chord)
}

fn click(mouse: MouseEvent) -> Option<Input> {
    let at = Position::new(mouse.column, mouse.row);
    match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => Some(Input::Click(at)),
        MouseEventKind::ScrollDown => Some(Input::Wheel(at, WHEEL)),
        MouseEventKind::ScrollUp => Some(Input::Wheel(at, -WHEEL)),
        _ => None,
    }
}
