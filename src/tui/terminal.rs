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

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, DisableLineWrap, EnableLineWrap, EndSynchronizedUpdate,
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{Command, QueueableCommand};
use ratatui::Frame;
use ratatui::Terminal;
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::layout::{Position, Rect};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::domain::{Failure, FailureKind};

/// Whether the screen is ours: read by the panic hook, from any thread.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal while the studio owns it. Dropping it gives the terminal back.
pub(super) struct Screen {
    terminal: Terminal<CrosstermBackend<Output>>,
    /// The other end of the backend's output.
    output: Output,
    /// What the backend writes for a frame in which no cell has changed.
    nothing: Vec<u8>,
    cursor: Option<Position>,
    mouse: bool,
    /// The modes of the terminal when it was lent.
    lent: Option<Termios>,
}

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// When it is no terminal, or cannot be made raw.
    pub(super) fn take(mouse: bool) -> Result<Self, Failure> {
        enter(mouse).map_err(|error| trouble(&error))?;
        let output = Output::default();
        let mut backend = CrosstermBackend::new(output.clone());
        backend.draw(std::iter::empty()).map_err(|error| trouble(&error))?;
        let nothing = output.0.take();
        let terminal = Terminal::new(backend).map_err(|error| trouble(&error))?;
        Ok(Self { terminal, output, nothing, cursor: None, mouse, lent: None })
    }

    /// Draws a frame: only what has changed is written, in one piece.
    ///
    /// # Errors
    /// When the size of the terminal cannot be read.
    pub(super) fn draw<T>(
        &mut self,
        paint: impl FnOnce(&mut Frame<'_>) -> (T, Option<Position>),
    ) -> io::Result<T> {
        self.terminal.autoresize()?;
        let (made, cursor) = paint(&mut self.terminal.get_frame());
        self.terminal.flush()?;
        self.terminal.swap_buffers();
        if *self.output.0.borrow() == self.nothing {
            self.output.0.borrow_mut().clear();
        }
        match cursor {
            // Writing cells moves the cursor, so after any it must be put back.
            Some(at) if self.cursor != cursor || !self.output.is_empty() => {
                self.output.queue(MoveTo(at.x, at.y))?;
                if self.cursor.is_none() {
                    self.output.queue(Show)?;
                }
            }
            None if self.cursor.is_some() => drop(self.output.queue(Hide)?),
            _ => {}
        }
        self.cursor = cursor;
        self.output.send_frame();
        Ok(made)
    }

    /// Forgets what is on the screen, so that the next frame writes all of it.
    pub(super) fn forget(&mut self) -> io::Result<()> {
        self.cursor = None;
        self.output.queue(Hide)?;
        // Not `clear`: it asks the terminal where the cursor is, and waits for the answer.
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::from((Position::ORIGIN, size)))
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
    queue(&mut bytes, DisableLineWrap);
    queue(&mut bytes, Hide);
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
    let mut bytes = Vec::new();
    queue(&mut bytes, EndSynchronizedUpdate);
    queue(&mut bytes, DisableMouseCapture);
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
    fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    fn send_frame(&self) {
        if self.is_empty() {
            return;
        }
        let mut frame = self.0.borrow_mut();
        let mut bytes = Vec::with_capacity(frame.len() + 16);
        queue(&mut bytes, BeginSynchronizedUpdate);
        bytes.append(&mut frame);
        queue(&mut bytes, EndSynchronizedUpdate);
        write_all(&bytes);
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
