//! The terminal: taking it, writing to it, and giving it back as it was.
//!
//! Owns raw mode, the alternate screen and the one path by which bytes reach the
//! terminal. Promises that leaving works from anywhere (the end, an error, a panic, a
//! signal), twice over, and on a terminal that is gone. Must never print an error
//! while leaving: a line that hung up would turn that into an abort.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange, EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, DisableLineWrap, EnableLineWrap,
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{Command, QueueableCommand};
use ratatui::Frame;
use ratatui::Terminal;
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::domain::{Failure, FailureKind};
use crate::graphics::drivers::END_OF_ANY;

/// Whether the screen is ours: read by the panic hook, from any thread.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// What ends the pictures on the screen, written before it is given back.
static FAREWELL: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// What ends a sequence that was begun and is not to count, written before all else.
static UNFINISHED: Mutex<&'static [u8]> = Mutex::new(&[]);
/// What takes a bar away that is shown beside the screen, written likewise.
static BAR: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// What no cell of a frame is, so that it differs from all of them: no text can hold this
/// code point.
const UNKNOWN: &str = "\u{10ffff}";

/// Has the terminal say when its user turns it dark or light, and no longer. One that does
/// not know this mode ignores it.
const FOLLOW_SCHEME: &[u8] = b"\x1b[?2031h";
const LEAVE_SCHEME: &[u8] = b"\x1b[?2031l";

/// A frame of at most so many bytes is sent however much is on its way already.
const SMALL: usize = 1 << 10;

/// The terminal while the studio owns it. Dropping it gives the terminal back.
pub(super) struct Screen {
    terminal: Terminal<CrosstermBackend<Output>>,
    /// The other end of the backend's output.
    output: Output,
    /// What the terminal shows, cell by cell.
    shown: Buffer,
    /// Whether the next frame is to erase what else may stand there.
    erase: bool,
    cursor: Option<Position>,
    mouse: bool,
    /// How often it was taken back.
    regained: u32,
    /// The modes of the terminal when it was lent.
    lent: Option<Termios>,
}

/// A frame, before it is written.
pub(super) struct Painted<T> {
    /// What the painter made beside the cells.
    pub(super) made: T,
    /// Where the cursor is to stand.
    pub(super) cursor: Option<Position>,
    /// Cells to be written whatever the terminal shows there.
    pub(super) stale: Vec<Rect>,
    /// What is written behind the cells.
    pub(super) bytes: Vec<u8>,
}

/// What became of a frame.
pub(super) struct Drawn<T> {
    pub(super) made: T,
    /// The cells that were written.
    pub(super) cells: Vec<Position>,
    /// How many bytes that took.
    pub(super) bytes: usize,
    /// Whether the cells are still to be written, since there was no room for them.
    pub(super) held: bool,
}

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// When it is no terminal, or cannot be made raw.
    pub(super) fn take(mouse: bool) -> Result<Self, Failure> {
        enter(mouse).map_err(|error| trouble(&error))?;
        let output = Output::default();
        let backend = CrosstermBackend::new(output.clone());
        let terminal = Terminal::new(backend).map_err(|error| trouble(&error))?;
        let shown = Buffer::default();
        let mut screen = Self {
            terminal,
            output,
            shown,
            erase: true,
            cursor: None,
            mouse,
            regained: 0,
            lent: None,
        };
        screen.adapt().map_err(|error| trouble(&error))?;
        Ok(screen)
    }

    /// Adapts to the size of the terminal; says whether it has changed. What was on the
    /// screen is written anew then, though pictures may still stand there.
    ///
    /// # Errors
    /// When the size cannot be read.
    pub(super) fn adapt(&mut self) -> io::Result<bool> {
        let area = Rect::from((Position::ORIGIN, self.terminal.size()?));
        if area == self.shown.area {
            return Ok(false);
        }
        self.clear(area)?;
        Ok(true)
    }

    /// Draws a frame: only what has changed is written, in one piece. With no `room` on
    /// the line, a frame that is not small is held: a later one will show more.
    ///
    /// # Errors
    /// When the backend cannot say how it would be written.
    pub(super) fn draw<T>(
        &mut self,
        room: bool,
        paint: impl FnOnce(&mut Frame<'_>) -> Painted<T>,
    ) -> io::Result<Drawn<T>> {
        let Painted { made, cursor, stale, bytes } = paint(&mut self.terminal.get_frame());
        let area = self.shown.area;
        for at in stale.into_iter().flat_map(|cells| cells.intersection(area).positions()) {
            self.shown[at].set_symbol(UNKNOWN);
        }
        // Taken out and put back, not copied: a frame is a quarter of a megabyte.
        let current = std::mem::take(self.terminal.current_buffer_mut());
        if self.erase {
            // Erased from the first cell on, and not all at once, pictures of kitty are left.
            self.output.queue(MoveTo(0, 0))?.queue(Clear(ClearType::FromCursorDown))?;
            self.output.queue(Hide)?;
        }
        let mut cells = Vec::new();
        let mut updates = self.shown.diff_iter(&current).peekable();
        if updates.peek().is_some() {
            let noted = updates.inspect(|(x, y, _)| cells.push(Position::new(*x, *y)));
            self.terminal.backend_mut().draw(noted)?;
        }
        if !room && self.output.len() > SMALL {
            self.output.discard();
            self.output.write_all(&bytes)?;
            let bytes = self.output.send_frame();
            self.draw_next_in(current);
            return Ok(Drawn { made, cells: Vec::new(), bytes, held: true });
        }
        let before = std::mem::replace(&mut self.shown, current);
        self.draw_next_in(before);
        self.erase = false;
        self.output.write_all(&bytes)?;
        match cursor {
            // Writing cells moves the cursor, so after any it must be put back.
            Some(at) if self.cursor != cursor || self.output.len() > 0 => {
                self.output.queue(MoveTo(at.x, at.y))?;
                if self.cursor.is_none() {
                    self.output.queue(Show)?;
                }
            }
            None if self.cursor.is_some() => drop(self.output.queue(Hide)?),
            _ => {}
        }
        self.cursor = cursor;
        let bytes = self.output.send_frame();
        Ok(Drawn { made, cells, bytes, held: false })
    }

    /// Has the next frame drawn in these cells, whatever was in them.
    fn draw_next_in(&mut self, mut cells: Buffer) {
        cells.reset();
        *self.terminal.current_buffer_mut() = cells;
    }

    /// Columns and rows.
    pub(super) fn cells(&self) -> (u16, u16) {
        (self.shown.area.width, self.shown.area.height)
    }

    /// How often it was taken back: each time nothing beside the frame is there any more.
    pub(super) const fn regained(&self) -> u32 {
        self.regained
    }

    /// Writes to the terminal between two frames.
    #[expect(clippy::unused_self, reason = "only who has the screen writes to it")]
    pub(super) fn send(&mut self, bytes: &[u8]) {
        write_all(bytes);
    }

    /// `bytes` that draw where they move the cursor, with the cursor out of their way: xterm
    /// writes the cell anew in which it was seen while sixel came.
    pub(super) fn without_cursor(&self, bytes: Vec<u8>) -> Vec<u8> {
        if self.cursor.is_none() {
            return bytes;
        }
        let mut hidden = Vec::with_capacity(bytes.len() + 12);
        queue(&mut hidden, Hide);
        hidden.extend(bytes);
        queue(&mut hidden, Show);
        hidden
    }

    /// Shows a bar beside the screen, or takes it away, and notes what takes it away whoever
    /// ends the studio.
    pub(super) fn show_bar(&mut self, bytes: &[u8], end: Vec<u8>) {
        *BAR.lock().unwrap_or_else(PoisonError::into_inner) = end;
        self.send(bytes);
    }

    /// Says what ends the pictures that are on the screen, whoever ends the studio.
    #[expect(clippy::unused_self, reason = "only who has the screen knows what is on it")]
    pub(super) fn set_farewell(&mut self, bytes: Vec<u8>) {
        *FAREWELL.lock().unwrap_or_else(PoisonError::into_inner) = bytes;
    }

    /// Takes the mouse, or leaves it to the terminal.
    pub(super) fn set_mouse(&mut self, mouse: bool) {
        if mouse == self.mouse {
            return;
        }
        self.mouse = mouse;
        let mut bytes = Vec::new();
        if mouse {
            queue(&mut bytes, EnableMouseCapture);
        } else {
            queue(&mut bytes, DisableMouseCapture);
        }
        write_all(&bytes);
    }

    /// Says what ends the sequence that is open now and is not to count, whoever ends the
    /// studio; nothing where none is.
    #[expect(clippy::unused_self, reason = "only who has the screen knows what is open on it")]
    pub(super) fn set_unfinished(&mut self, end: &'static [u8]) {
        *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) = end;
    }

    /// Forgets what is on the screen, so that the next frame writes all of it.
    pub(super) fn forget(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.clear(Rect::from((Position::ORIGIN, size)))
    }

    fn clear(&mut self, area: Rect) -> io::Result<()> {
        // Not `clear`: it asks the terminal where the cursor is, and waits for the answer.
        self.terminal.resize(area)?;
        self.output.discard();
        // The second buffer is there for a comparison that is made here: it is put to use
        // instead of one more, a quarter of a megabyte.
        self.terminal.swap_buffers();
        self.shown = std::mem::take(self.terminal.current_buffer_mut());
        self.terminal.swap_buffers();
        self.cursor = None;
        self.erase = true;
        Ok(())
    }

    /// Gives the terminal back to the shell until the shell continues us.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        leave();
        // The stop takes effect inside this call, and it returns on SIGCONT. Not SIGSTOP:
        // this one the system ignores where there is no shell that could continue us.
        let _ =
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP);
        self.regain()
    }

    /// Takes the terminal again, from whoever had it and however they left it.
    pub(super) fn regain(&mut self) -> io::Result<()> {
        leave();
        self.regained += 1;
        enter(self.mouse)?;
        self.forget()
    }

    /// Gives the terminal to another program until [`Screen::take_back`].
    pub(super) fn lend(&mut self) {
        leave();
        // That program may not leave the modes as they are now.
        self.lent = tcgetattr(rustix::stdio::stdin()).ok();
    }

    /// Takes the terminal back from a program it was lent to.
    pub(super) fn take_back(&mut self) -> io::Result<()> {
        if let Some(before) = self.lent.take() {
            tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &before)?;
        }
        self.regain()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
    }
}

fn trouble(error: &io::Error) -> Failure {
    Failure::before_sending(
        FailureKind::Terminal,
        format!("The terminal cannot be used for the studio: {error}."),
        "Use `pentimento generate PROMPT` instead.",
    )
}

fn enter(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut bytes = Vec::new();
    queue(&mut bytes, EnterAlternateScreen);
    queue(&mut bytes, EnableBracketedPaste);
    queue(&mut bytes, EnableFocusChange);
    queue(&mut bytes, DisableLineWrap);
    queue(&mut bytes, Hide);
    bytes.extend(FOLLOW_SCHEME);
    if mouse {
        queue(&mut bytes, EnableMouseCapture);
    }
    write_all(&bytes);
    Ok(())
}

/// Gives the terminal back as it was. Safe to call from anywhere, any number of times.
pub(super) fn leave() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    let mut bytes = std::mem::take(&mut *unfinished).to_vec();
    bytes.extend(END_OF_ANY);
    bytes.append(&mut FAREWELL.lock().unwrap_or_else(PoisonError::into_inner));
    bytes.append(&mut BAR.lock().unwrap_or_else(PoisonError::into_inner));
    queue(&mut bytes, EndSynchronizedUpdate);
    queue(&mut bytes, DisableMouseCapture);
    bytes.extend(LEAVE_SCHEME);
    queue(&mut bytes, DisableFocusChange);
    queue(&mut bytes, DisableBracketedPaste);
    queue(&mut bytes, EnableLineWrap);
    queue(&mut bytes, LeaveAlternateScreen);
    queue(&mut bytes, Show);
    write_all(&bytes);
    let _ = disable_raw_mode();
}

/// Gives the terminal back when the thread that calls this panics, and says why.
/// A panic of any other thread leaves the screen alone and goes to the log.
pub(super) fn guard_against_panics() {
    let ui = std::thread::current().id();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map_or_else(String::new, ToString::to_string);
        let what = crate::domain::Text::new(panic.payload_as_str().unwrap_or("unknown"));
        tracing::error!(%place, %what, "panic");
        if std::thread::current().id() == ui {
            leave();
            // With errors ignored: the terminal may be gone.
            let _ = writeln!(
                io::stderr(),
                "pentimento: a fault of this program, at {place}: {what}\n\
                 Your history is safe; jobs under way go on. Start again to see them."
            );
        }
    }));
}

fn queue(bytes: &mut Vec<u8>, command: impl Command) {
    // Writing to memory cannot fail.
    let _ = bytes.queue(command);
}

fn write_all(bytes: &[u8]) {
    let mut stdout = io::stdout().lock();
    let _ = stdout.write_all(bytes).and_then(|()| stdout.flush());
}

/// Collects a frame and sends it in one piece. Its writes never fail: a terminal that
/// is gone is noticed by its hangup.
#[derive(Clone, Default)]
struct Output(Rc<RefCell<Vec<u8>>>);

impl Output {
    fn len(&self) -> usize {
        self.0.borrow().len()
    }

    fn discard(&self) {
        self.0.borrow_mut().clear();
    }

    /// Sends what was collected, if anything; says how many bytes that were.
    fn send_frame(&self) -> usize {
        if self.len() == 0 {
            return 0;
        }
        let mut frame = self.0.borrow_mut();
        let mut bytes = Vec::with_capacity(frame.len() + 16);
        queue(&mut bytes, BeginSynchronizedUpdate);
        bytes.append(&mut frame);
        queue(&mut bytes, EndSynchronizedUpdate);
        write_all(&bytes);
        bytes.len()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // The backend flushes at will; the frame goes out whole, by `send_frame`.
        Ok(())
    }
}
