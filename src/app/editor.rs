//! The text editor of every field: a plain string, a cursor, and its past.
//!
//! Owns motions, deletions, undo and soft wrapping. Promises that the cursor stands
//! between graphemes and that every edit can be undone. Must never know keys,
//! cells on the screen, or which field it edits.

mod wrap;

use std::ops::Range;

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use wrap::wrap_paragraph;
pub use wrap::{WrappedLine, columns};

/// How many edits can be undone.
const PAST: usize = 200;

/// A text being edited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Editor {
    text: String,
    /// Byte offset between two graphemes.
    cursor: usize,
    /// Where a selection began; the cursor is its other end.
    anchor: Option<usize>,
    /// Whether plain motions extend the selection.
    selecting: bool,
    /// The column that vertical motions aim for.
    goal: Option<usize>,
    /// First visible line, once wrapped.
    scroll: usize,
    killed: String,
    past: Vec<Snapshot>,
    future: Vec<Snapshot>,
    /// Whether the last edit typed a word, so that the next character joins it.
    typing: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Snapshot {
    text: String,
    cursor: usize,
}

/// Where a motion ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// One grapheme back.
    Left,
    /// One grapheme on.
    Right,
    /// To the start of the word before.
    WordLeft,
    /// To the end of the word after.
    WordRight,
    /// To the start of the line.
    LineStart,
    /// To the end of the line.
    LineEnd,
    /// To the start of the text.
    TextStart,
    /// To the end of the text.
    TextEnd,
}

impl Editor {
    /// An editor holding `text`, with the cursor at its end and no past.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { cursor: text.len(), text, ..Self::default() }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The cursor, as a byte offset into [`Editor::text`].
    pub const fn cursor(&self) -> usize {
        self.cursor
    }

    /// The first visible line, kept by [`Editor::follow`].
    pub const fn scroll(&self) -> usize {
        self.scroll
    }

    /// What is selected, in bytes of the text.
    pub fn selection(&self) -> Option<Range<usize>> {
        let anchor = self.anchor.filter(|anchor| *anchor != self.cursor)?;
        Some(anchor.min(self.cursor)..anchor.max(self.cursor))
    }

    /// The text that is selected.
    pub fn selected(&self) -> Option<&str> {
        self.selection().map(|range| &self.text[range])
    }

    /// Moves the cursor, with all text on the way selected.
    pub fn select(&mut self, motion: Motion) {
        self.anchor.get_or_insert(self.cursor);
        self.move_to(self.target(motion));
    }

    /// Moves the cursor by wrapped lines as [`Editor::go_lines`] does, with all text on the
    /// way selected.
    pub fn select_lines(&mut self, lines: isize, width: usize) {
        self.anchor.get_or_insert(self.cursor);
        self.go_wrapped(lines, width);
    }

    /// Selects everything.
    pub fn select_all(&mut self) {
        self.move_to(self.text.len());
        self.anchor = Some(0);
    }

    /// Has plain motions select from here on, or no longer.
    pub fn turn_selecting(&mut self) {
        self.selecting = !self.selecting;
        self.anchor = self.selecting.then_some(self.cursor);
    }

    /// Selects nothing any more; says whether anything was.
    pub fn unselect(&mut self) -> bool {
        self.selecting = false;
        self.anchor.take().is_some()
    }

    /// Keeps what is selected, to be put back by [`Editor::yank`]; says whether anything is.
    pub fn copy(&mut self) -> bool {
        let copied = self.selected().map(str::to_owned);
        self.unselect();
        copied.map(|copied| self.killed = copied).is_some()
    }

    /// Takes what is selected out of the text: part of the edit that follows. The cursor stays
    /// there, even inside what has become one character: what comes next goes in its place.
    fn cut(&mut self) {
        let range = self.selection();
        self.unselect();
        if let Some(range) = range {
            self.cursor = range.start;
            self.text.replace_range(range, "");
        }
    }

    /// Replaces the whole text, as one edit that can be undone.
    pub fn set(&mut self, text: impl Into<String>) {
        let text = text.into();
        if text != self.text {
            self.remember(false);
            self.unselect();
            self.cursor = text.len();
            self.text = text;
        }
    }

    /// Types one character.
    pub fn type_char(&mut self, c: char) {
        let joins = self.typing && !c.is_whitespace() && self.selection().is_none();
        self.remember(joins);
        self.cut();
        self.text.insert(self.cursor, c);
        self.cursor += c.len_utf8();
        self.settle_cursor();
        self.typing = true;
    }

    /// Inserts `text` at the cursor, as one edit.
    pub fn insert(&mut self, text: &str) {
        if !text.is_empty() {
            self.remember(false);
            self.cut();
            self.text.insert_str(self.cursor, text);
            self.cursor += text.len();
            self.settle_cursor();
        }
    }

    /// Moves the cursor.
    pub fn go(&mut self, motion: Motion) {
        if !self.selecting {
            self.anchor = None;
        }
        self.move_to(self.target(motion));
    }

    fn move_to(&mut self, cursor: usize) {
        self.cursor = cursor;
        self.goal = None;
        self.typing = false;
    }

    /// Deletes what is selected, or else from the cursor to where `motion` ends. Whole words and lines are kept
    /// for [`Editor::yank`].
    pub fn delete(&mut self, motion: Motion) {
        if let Some(range) = self.selection() {
            self.killed = self.text[range].to_owned();
            self.remember(false);
            self.cut();
            return self.settle_cursor();
        }
        self.unselect();
        let target = self.target(motion);
        let (start, end) = (self.cursor.min(target), self.cursor.max(target));
        if start == end {
            return;
        }
        self.remember(false);
        if !matches!(motion, Motion::Left | Motion::Right) {
            self.killed = self.text[start..end].to_owned();
        }
        self.text.replace_range(start..end, "");
        self.cursor = start;
        self.settle_cursor();
    }

    /// Whether something was deleted that can be put back.
    pub const fn can_yank(&self) -> bool {
        !self.killed.is_empty()
    }

    /// Whether there is an edit to undo.
    pub const fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is an edit to redo.
    pub const fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Puts back what was deleted last.
    pub fn yank(&mut self) {
        let killed = self.killed.clone();
        self.insert(&killed);
    }

    /// Undoes the last edit; says whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(before) = self.past.pop() else { return false };
        let now = self.snapshot();
        self.future.push(now);
        self.restore(before);
        true
    }

    /// Redoes the edit undone last; says whether there was one.
    pub fn redo(&mut self) -> bool {
        let Some(after) = self.future.pop() else { return false };
        let now = self.snapshot();
        self.past.push(now);
        self.restore(after);
        true
    }

    /// Whether there is a line so many wrapped lines down (up when negative) in a box `width`
    /// columns wide.
    pub fn has_line(&self, lines: isize, width: usize) -> bool {
        let wrapped = self.wrap(width);
        let (row, _) = self.position_in(&wrapped);
        row.checked_add_signed(lines).is_some_and(|row| row < wrapped.len())
    }

    /// Moves the cursor `lines` wrapped lines down (up when negative) in a box
    /// `width` columns wide; says whether there was such a line.
    pub fn go_lines(&mut self, lines: isize, width: usize) -> bool {
        if !self.selecting {
            self.anchor = None;
        }
        self.go_wrapped(lines, width)
    }

    fn go_wrapped(&mut self, lines: isize, width: usize) -> bool {
        let wrapped = self.wrap(width);
        let (row, column) = self.position_in(&wrapped);
        let Some(line) = row.checked_add_signed(lines).and_then(|row| wrapped.get(row)) else {
            return false;
        };
        let goal = self.goal.unwrap_or(column);
        self.cursor = self.at_column(*line, goal);
        self.goal = Some(goal);
        self.typing = false;
        true
    }

    /// Moves the cursor before the character of this number, from 0.
    pub fn stand_at(&mut self, character: usize) {
        self.unselect();
        let place = self.text.char_indices().nth(character);
        self.cursor = place.map_or(self.text.len(), |(at, _)| at);
        self.settle_cursor();
        self.goal = None;
        self.typing = false;
    }

    /// Moves the cursor to a wrapped line and column, as a click does.
    pub fn go_to(&mut self, row: usize, column: usize, width: usize) {
        self.unselect();
        let wrapped = self.wrap(width);
        let line = wrapped[row.min(wrapped.len() - 1)];
        self.cursor = self.at_column(line, column);
        self.goal = None;
        self.typing = false;
    }

    /// The text in lines at most `width` columns wide, broken between words where
    /// that is possible. There is always at least one line.
    pub fn wrap(&self, width: usize) -> Vec<WrappedLine> {
        let width = width.max(1);
        let mut lines = Vec::new();
        let mut offset = 0;
        for paragraph in self.text.split('\n') {
            wrap_paragraph(paragraph, offset, width, &mut lines);
            offset += paragraph.len() + 1;
        }
        lines
    }

    /// The wrapped line and the column that the cursor stands at.
    pub fn position(&self, width: usize) -> (usize, usize) {
        self.position_in(&self.wrap(width))
    }

    /// Scrolls so that the cursor is inside a box of `width` by `height`.
    pub fn follow(&mut self, width: usize, height: usize) {
        let (row, _) = self.position(width);
        let height = height.max(1);
        self.scroll = self.scroll.min(row).max((row + 1).saturating_sub(height));
    }

    fn position_in(&self, wrapped: &[WrappedLine]) -> (usize, usize) {
        let row = wrapped.iter().rposition(|line| line.start <= self.cursor).unwrap_or(0);
        let line = wrapped[row];
        (row, columns(&self.text[line.start..self.cursor.clamp(line.start, line.end)]))
    }

    fn at_column(&self, line: WrappedLine, column: usize) -> usize {
        let mut passed = 0;
        for (offset, grapheme) in self.text[line.start..line.end].grapheme_indices(true) {
            let wide = columns(grapheme);
            if passed + wide > column {
                return line.start + offset;
            }
            passed += wide;
        }
        line.end
    }

    fn target(&self, motion: Motion) -> usize {
        let (before, after) = self.text.split_at(self.cursor);
        match motion {
            Motion::Left => self.cursor - before.graphemes(true).next_back().map_or(0, str::len),
            Motion::Right => self.cursor + after.graphemes(true).next().map_or(0, str::len),
            Motion::WordLeft => {
                before.unicode_word_indices().next_back().map_or(0, |(offset, _)| offset)
            }
            Motion::WordRight => after
                .unicode_word_indices()
                .next()
                .map_or(self.text.len(), |(offset, word)| self.cursor + offset + word.len()),
            Motion::LineStart => before.rfind('\n').map_or(0, |end| end + 1),
            Motion::LineEnd => after.find('\n').map_or(self.text.len(), |end| self.cursor + end),
            Motion::TextStart => 0,
            Motion::TextEnd => self.text.len(),
        }
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot { text: self.text.clone(), cursor: self.cursor }
    }

    fn restore(&mut self, snapshot: Snapshot) {
        self.unselect();
        self.text = snapshot.text;
        self.cursor = snapshot.cursor;
        self.goal = None;
        self.typing = false;
    }

    /// Notes the state before an edit, unless the edit joins the one before.
    fn remember(&mut self, joins: bool) {
        if !joins {
            if self.past.len() == PAST {
                self.past.remove(0);
            }
            let now = self.snapshot();
            self.past.push(now);
        }
        self.future.clear();
        self.goal = None;
        self.typing = false;
    }

    /// Moves the cursor on to a boundary of graphemes: an edit can join what stood
    /// apart (a letter and a combining mark, two halves of a flag).
    fn settle_cursor(&mut self) {
        let mut graphemes = GraphemeCursor::new(self.cursor, self.text.len(), true);
        if !graphemes.is_boundary(&self.text, 0).unwrap_or(true) {
            let next = graphemes.next_boundary(&self.text, 0);
            self.cursor = next.ok().flatten().unwrap_or(self.text.len());
        }
    }
}
