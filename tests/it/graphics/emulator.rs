//! The terminal at the other end: takes any bytes in any fragments, answers as one of
//! many terminals, and knows what a person would see.
//!
//! Text is `vt100`'s, pictures are decoded by [`protocols`](super::protocols), and each
//! protocol's pictures live as the real ones do: those of kitty are held by number, placed
//! and moved, not harmed by text, and gone with `CSI 2 J` (which frees those that stand
//! nowhere else: `grman_clear` in kitty's `graphics.c`) and with the alternate screen;
//! those of iTerm2 and sixel stand in cells, where text takes their place. Inside tmux a
//! picture is seen where text names it. What a real terminal would not do well with is a
//! fault, and collected. The bench `line` uses it too.

#[path = "emulator/canvas.rs"]
mod canvas;
#[path = "../../../src/graphics/drivers/diacritics.rs"]
mod diacritics;
#[path = "emulator/files.rs"]
mod files;
#[path = "emulator/persona.rs"]
mod persona;
#[path = "emulator/shown.rs"]
mod shown;
#[path = "emulator/stream.rs"]
mod stream;

use std::num::NonZero;
use std::rc::Rc;

use super::protocols;
use canvas::Canvas;
use files::Files;
pub(crate) use persona::Persona;
pub(crate) use shown::difference;
use shown::{BACKGROUND, Part};
use stream::{Stream, Token};

/// A terminal.
pub(crate) struct Emulator {
    persona: Persona,
    cell: (u16, u16),
    stream: Stream,
    /// What tmux passes on is read by the terminal around it.
    around: Stream,
    text: vt100::Parser<Scrolled>,
    main: Canvas,
    alternate: Canvas,
    answers: Vec<Vec<u8>>,
    files: Files,
    faults: Vec<String>,
    /// Bytes of pixels that may be held, four for each.
    quota: Option<usize>,
    /// What was on its way when the window got its size may still come.
    resized: bool,
}

/// How many rows have left the screen at its top.
#[derive(Default)]
struct Scrolled(u16);

impl vt100::Callbacks for Scrolled {
    fn on_scroll(&mut self, _: vt100::capture::RowContents<'_>, _: bool) {
        self.0 += 1;
    }
}

impl Emulator {
    /// An empty screen of `columns` × `rows` cells of so many pixels.
    pub(crate) fn new(persona: Persona, (columns, rows): (u16, u16), cell: (u16, u16)) -> Self {
        let stream = if persona.is_tmux() { Stream::of_tmux() } else { Stream::default() };
        Self {
            persona,
            cell,
            stream,
            around: Stream::default(),
            text: vt100::Parser::new_with_callbacks(
                side(rows),
                side(columns),
                0,
                Scrolled::default(),
            ),
            main: Canvas::new(cell, (columns, rows)),
            alternate: Canvas::new(cell, (columns, rows)),
            answers: Vec::new(),
            files: Files::default(),
            faults: Vec::new(),
            quota: None,
            resized: false,
        }
    }

    /// Has it hold at most so many bytes of pixels, four for each.
    pub(crate) fn with_quota(mut self, bytes: usize) -> Self {
        self.quota = Some(bytes);
        self
    }

    /// Reads what the program has written.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        for token in self.stream.take(bytes) {
            self.take(token);
        }
    }

    /// What it has to say since it was asked last, as the pieces in which that is written.
    pub(crate) fn answers(&mut self) -> Vec<Vec<u8>> {
        let answers = std::mem::take(&mut self.answers);
        if self.persona == Persona::Splitting {
            return answers.concat().into_iter().map(|byte| vec![byte]).collect();
        }
        answers
    }

    /// The window gets another size. What stood in cells is drawn anew by the program; until
    /// it erases the screen for that, what it sends was meant for the other size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.text.set_size(side(rows), side(columns));
        for canvas in [&mut self.main, &mut self.alternate] {
            canvas.cells = vec![None; usize::from(columns) * usize::from(rows)];
        }
        self.text.callbacks_mut().0 = 0;
        self.resized = true;
    }

    /// The text on the screen, and the modes that are set.
    pub(crate) fn text(&self) -> &vt100::Screen {
        self.text.screen()
    }

    /// Columns and rows.
    pub(crate) fn cells(&self) -> (u16, u16) {
        let (rows, columns) = self.text.screen().size();
        (columns.get(), rows.get())
    }

    /// How many pictures it holds by number.
    pub(crate) fn held(&self) -> usize {
        self.main.graphics.held.len() + self.alternate.graphics.held.len()
    }

    /// What a real terminal would not have done well with, so far.
    pub(crate) fn faults(&self) -> &[String] {
        &self.faults
    }

    /// What is wrong with a terminal that a program has left like this, all faults included.
    pub(crate) fn left_behind(&self) -> Vec<String> {
        let mut found = self.faults.clone();
        let mut note = |is_so: bool, what: &str| {
            if is_so {
                found.push(what.to_owned());
            }
        };
        note(!self.stream.is_whole() || !self.around.is_whole(), "a sequence has no end");
        note(self.text.screen().alternate_screen(), "the alternate screen is still there");
        note(self.text.screen().hide_cursor(), "the cursor is hidden");
        note(self.covered() > 0, "a picture is left on the screen");
        for canvas in [&self.main, &self.alternate] {
            note(canvas.graphics.is_open(), "a transmission has no end");
            let held: Vec<u32> = canvas.graphics.held.keys().copied().collect();
            note(!held.is_empty(), &format!("never deleted: {held:?}"));
        }
        found
    }

    fn take(&mut self, token: Token) {
        match token {
            Token::Text(text) => self.write(&text),
            Token::Control(byte) => self.pass(&[byte]),
            Token::Escape(bytes) => {
                if bytes == b"\x1bc" {
                    self.canvas_mut().erase_placed();
                    self.canvas_mut().cells.fill(None);
                }
                self.pass(&bytes);
            }
            Token::Csi(bytes) => self.csi(&bytes),
            Token::String(b'_', body) => self.application(&body),
            Token::String(b'P', body) => self.device(&body),
            Token::String(b']', body) => self.system(&body),
            // To this one a cancelled string has ended as any other (`vtparse`).
            Token::Cut(b']', 0x18 | 0x1a, body) if self.persona == Persona::WezTerm => {
                self.system(&body);
            }
            Token::String(..) | Token::Cut(_, 0x18 | 0x1a, _) => {}
            Token::Cut(..) => self.faults.push("an escape inside a string".to_owned()),
        }
    }

    /// Hands bytes to the text alone; what scrolls takes pictures along.
    fn pass(&mut self, bytes: &[u8]) {
        self.text.process(bytes);
        let rows = std::mem::take(&mut self.text.callbacks_mut().0);
        if rows == 0 {
            return;
        }
        let (columns, _) = self.cells();
        self.canvas_mut().scroll(columns, rows);
    }

    /// Writes characters: they take the place of what stands in their cells.
    fn write(&mut self, text: &[u8]) {
        if !self.canvas().has_parts() {
            return self.pass(text);
        }
        for symbol in String::from_utf8_lossy(text).chars() {
            let (row, column) = self.text.screen().cursor_position();
            self.pass(symbol.to_string().as_bytes());
            let (row_now, column_now) = self.text.screen().cursor_position();
            let first = if row_now == row && column_now >= column { column } else { 0 };
            self.erase(row_now, first..column_now);
        }
    }

    fn erase(&mut self, row: u16, columns: std::ops::Range<u16>) {
        let (across, down) = self.cells();
        if row < down {
            let at = usize::from(row) * usize::from(across);
            let [from, to] =
                [columns.start, columns.end].map(|column| at + usize::from(column.min(across)));
            self.canvas_mut().cells[from..to.max(from)].fill(None);
        }
    }

    fn csi(&mut self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(&bytes[2..]).into_owned();
        let numbers: Vec<u16> = text[..text.len() - 1]
            .split(';')
            .map(|number| number.trim_start_matches(['?', '>']).parse().unwrap_or(0))
            .collect();
        let first = numbers.first().copied().unwrap_or(0);
        let (row, column) = self.text.screen().cursor_position();
        let (columns, rows) = self.cells();
        match (text.as_str(), bytes[bytes.len() - 1]) {
            (">q" | ">0q", _) => self.say_name(),
            ("c" | "0c", _) if self.persona != Persona::Mute => {
                self.say(&format!("\x1b[?{}c", self.persona.attributes()));
            }
            ("5n", _) if self.persona != Persona::Mute => self.say("\x1b[0n"),
            ("6n", _) if self.persona != Persona::Mute => {
                self.say(&format!("\x1b[{};{}R", row + 1, column + 1));
            }
            ("16t", _) if self.persona.says_cells() => {
                self.say(&format!("\x1b[6;{};{}t", self.cell.1, self.cell.0));
            }
            ("14t", _) if self.persona.says_area() => {
                let area = (columns * self.cell.0, rows * self.cell.1);
                self.say(&format!("\x1b[4;{};{}t", area.1, area.0));
            }
            (_, b'J') => {
                self.resized = false;
                let (from, to) = match first {
                    0 => (row + 1, rows),
                    1 => (0, row),
                    _ => (0, rows),
                };
                (from..to).for_each(|row| self.erase(row, 0..columns));
                match first {
                    0 => self.erase(row, column..columns),
                    1 => self.erase(row, 0..column + 1),
                    _ => self.canvas_mut().erase_placed(),
                }
            }
            (_, b'K') => self.erase(
                row,
                match first {
                    0 => column..columns,
                    1 => 0..column + 1,
                    _ => 0..columns,
                },
            ),
            (_, b'X') => self.erase(row, column..column.saturating_add(first.max(1))),
            (_, b'L' | b'M' | b'P' | b'@' | b'S' | b'T') if self.covered() > 0 => {
                self.faults.push(format!("CSI {text} moves pictures, which is not played here"));
            }
            _ => {}
        }
        self.text.process(bytes);
        self.pass(b"");
        match text.as_str() {
            // It is empty each time; what is held there after it was left, nobody can free.
            "?1049h" => {
                self.alternate.erase_placed();
                self.alternate.cells.fill(None);
            }
            "?1049l" => {
                let held: Vec<u32> = self.alternate.graphics.held.keys().copied().collect();
                if !held.is_empty() {
                    self.faults.push(format!("held by the screen that was left: {held:?}"));
                }
            }
            _ => {}
        }
    }

    fn application(&mut self, body: &[u8]) {
        if self.persona.is_tmux() {
            // tmux takes it for a title.
            if !is_question(body) {
                self.faults.push("a picture that tmux swallows".to_owned());
            }
        } else if self.persona.knows_kitty() {
            self.kitty(body, false);
        } else if !is_question(body) {
            self.faults.push(format!("{:?} knows no pictures of kitty", self.persona));
        }
    }

    /// A command to the terminal that draws: the one `around` tmux, or this.
    fn kitty(&mut self, body: &[u8], around: bool) {
        if is_question(body) {
            if self.canvas().graphics.is_open() {
                self.faults.push("a question inside a transmission".to_owned());
            }
            let id = field(body, "i").unwrap_or_default();
            self.say(&format!("\x1b_Gi={id};OK\x1b\\"));
            return;
        }
        let shown = field(body, "a").as_deref() == Some("p");
        if around && shown && field(body, "U").is_none() {
            self.faults.push("a picture placed where only tmux knows what is seen".to_owned());
            return;
        }
        let (row, column) = self.text.screen().cursor_position();
        let quota = self.quota;
        let canvas = self.canvas_mut();
        canvas.graphics.set_cursor((column, row));
        if let Err(why) = canvas.kitty(body, quota) {
            self.faults.push(why);
        }
    }

    fn device(&mut self, body: &[u8]) {
        if let Some(inner) = body.strip_prefix(b"tmux;") {
            if self.persona.hands_on() {
                for token in self.around.take(inner) {
                    self.take_around(token);
                }
            } else if !self.persona.is_tmux() {
                self.faults.push(format!("{:?} is not tmux", self.persona));
            }
            return;
        }
        let parameters = body.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b';');
        if body.get(parameters.count()) != Some(&b'q') {
            return;
        }
        if !self.persona.knows_sixel() {
            self.faults.push(format!("{:?} knows no sixel", self.persona));
            return;
        }
        // It writes the cell anew in which its cursor was seen (tried: XTerm(379)).
        if matches!(self.persona, Persona::Xterm { .. }) && !self.text.screen().hide_cursor() {
            self.faults.push("the cursor is seen where a picture is drawn".to_owned());
        }
        self.in_cells(|graphics| graphics.sixel(body));
    }

    /// What the terminal around tmux reads.
    fn take_around(&mut self, token: Token) {
        match token {
            // iTerm2 takes no notice of it.
            Token::String(b'_', body)
                if is_question(&body) && self.persona == Persona::TmuxInIterm => {}
            Token::String(b'_', body) if self.persona != Persona::TmuxInIterm => {
                self.kitty(&body, true);
            }
            Token::Csi(bytes) if bytes == b"\x1b[5n" => self.say("\x1b[0n"),
            Token::Csi(bytes) if bytes == b"\x1b[>0q" || bytes == b"\x1b[>q" => {
                self.say(&format!("\x1bP>|{}\x1b\\", self.persona.name_around()));
            }
            Token::String(b']', body) if body.starts_with(b"52;") => {}
            Token::String(b']', body) if body == b"11;?" => self.say_background(),
            other => self.faults.push(format!("passed through tmux: {other:?}")),
        }
    }

    fn system(&mut self, body: &[u8]) {
        if body == b"11;?" {
            if self.persona.says_background() {
                self.say_background();
            }
        } else if let Some(taken) = self.files(body) {
            match taken {
                Ok(answer) => answer.iter().for_each(|answer| self.say(answer)),
                Err(why) => self.faults.push(why),
            }
        } else if body.starts_with(b"1337;File=") {
            if self.persona.knows_iterm() {
                self.in_cells(|graphics| graphics.iterm(body));
            } else {
                self.faults.push(format!("{:?} knows no pictures of iTerm2", self.persona));
            }
        }
    }

    /// What comes of a command for files, if it is one.
    fn files(&mut self, body: &[u8]) -> Option<Result<Option<String>, String>> {
        let body = std::str::from_utf8(body).ok()?;
        match (body.strip_prefix("5113;"), self.persona) {
            (Some(body), Persona::Kitty | Persona::Splitting) => Some(self.files.kitty(body)),
            (Some(_), persona) => Some(Err(format!("{persona:?} knows no transfers"))),
            (None, Persona::Iterm) => Some(self.files.iterm(body, true)?.map(|()| None)),
            (None, _) => Some(self.files.iterm(body, false)?.map(|()| None)),
        }
    }

    /// Names and bytes of the files that have come.
    pub(crate) fn saved(&self) -> &[(String, Vec<u8>)] {
        &self.files.saved
    }

    /// How many transfers the program has ended, and how many it has given up.
    pub(crate) fn transfers(&self) -> (usize, usize) {
        self.files.ended
    }

    /// Whether its user is asked about a transfer.
    pub(crate) fn asks(&self) -> bool {
        self.files.asks()
    }

    /// Its user decides about the transfer that is asked about.
    pub(crate) fn decide(&mut self, allowed: bool) {
        if let Some(answer) = self.files.decide(allowed) {
            self.say(&answer);
        }
    }

    /// A file of that name is there already.
    pub(crate) fn put(&mut self, name: &str, bytes: &[u8]) {
        self.files.saved.push((name.to_owned(), bytes.to_vec()));
    }

    /// Draws what stands in cells from the cursor on.
    fn in_cells(
        &mut self,
        draw: impl FnOnce(&mut protocols::Screen) -> Result<(), protocols::Refused>,
    ) {
        let (columns, rows) = self.cells();
        let (row, column) = self.text.screen().cursor_position();
        let canvas = self.canvas_mut();
        canvas.graphics.set_cursor((column, row));
        if let Err(why) = draw(&mut canvas.graphics) {
            self.faults.push(why);
            return;
        }
        let Some(mut picture) = canvas.graphics.placed.pop() else { return };
        let cursor = canvas.graphics.cursor();
        let below = cursor.1.max(row + picture.rows - 1);
        if below >= rows {
            // A picture that reaches the end takes the screen with it.
            let lines = below - rows + 1;
            if !self.resized {
                self.faults.push(format!("a picture scrolls the screen by {lines}"));
            }
            self.pass(format!("\x1b[{rows};1H{}", "\n".repeat(lines.into())).as_bytes());
            picture.row = picture.row.saturating_sub(lines);
        }
        let picture = Rc::new(picture);
        let sides = (picture.columns, picture.rows);
        for (across, down) in (0..sides.1).flat_map(|down| (0..sides.0).map(move |x| (x, down))) {
            let at = (picture.column + across, picture.row + down);
            if at.0 < columns && at.1 < rows {
                let part = Part { picture: Rc::clone(&picture), column: across, row: down };
                let nth = usize::from(at.1) * usize::from(columns) + usize::from(at.0);
                self.canvas_mut().cells[nth] = Some(part);
            }
        }
        let row = cursor.1.min(rows - 1) + 1;
        self.pass(format!("\x1b[{row};{}H", cursor.0 + 1).as_bytes());
    }

    fn say_name(&mut self) {
        if let Some(name) = self.persona.name() {
            self.say(&format!("\x1bP>|{name}\x1b\\"));
        }
    }

    fn say_background(&mut self) {
        let [red, green, blue] = BACKGROUND.map(|channel| format!("{channel:02x}{channel:02x}"));
        self.say(&format!("\x1b]11;rgb:{red}/{green}/{blue}\x1b\\"));
    }

    fn say(&mut self, answer: &str) {
        self.answers.push(answer.as_bytes().to_vec());
    }

    fn canvas(&self) -> &Canvas {
        if self.text.screen().alternate_screen() { &self.alternate } else { &self.main }
    }

    fn canvas_mut(&mut self) -> &mut Canvas {
        if self.text.screen().alternate_screen() { &mut self.alternate } else { &mut self.main }
    }
}

/// Whether a command of kitty's protocol only asks.
fn is_question(body: &[u8]) -> bool {
    field(body, "a").as_deref() == Some("q")
}

/// The value of `key` in a command of kitty's protocol.
fn field(body: &[u8], key: &str) -> Option<String> {
    let control = body.strip_prefix(b"G")?.split(|byte| *byte == b';').next()?;
    let control = String::from_utf8_lossy(control).into_owned();
    let mut pairs = control.split(',').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| *name == key).map(|(_, value)| value.to_owned())
}

fn side(cells: u16) -> NonZero<u16> {
    NonZero::new(cells).expect("a terminal has cells")
}
