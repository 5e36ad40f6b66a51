//! How wide a text is, and where its lines are broken.
//!
//! Promises that no line is wider than asked but for one grapheme that is, or spaces that
//! hang over. Must never change a text.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// One line of the text once it is wrapped: a range of bytes without its line end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrappedLine {
    /// First byte.
    pub start: usize,
    /// One past the last byte that is shown.
    pub end: usize,
}

/// Columns of a terminal that `text` takes. A tabulator is shown as one space, any other
/// control character not at all.
pub fn columns(text: &str) -> usize {
    text.graphemes(true)
        .map(|grapheme| match grapheme {
            "\t" => 1,
            grapheme if grapheme.chars().all(char::is_control) => 0,
            grapheme => grapheme.width(),
        })
        .sum()
}

pub(super) fn wrap_paragraph(
    paragraph: &str,
    offset: usize,
    width: usize,
    lines: &mut Vec<WrappedLine>,
) {
    let mut start = 0;
    let mut used = 0;
    // Where the line can be broken: just behind a space, and the columns up to there.
    let mut gap: Option<(usize, usize)> = None;
    for (at, grapheme) in paragraph.grapheme_indices(true) {
        let wide = columns(grapheme);
        let blank = grapheme == " " || grapheme == "\t";
        // A space may hang over the edge; the word after it goes to the next line, and is
        // broken there in turn where this grapheme leaves it too wide for that line as well.
        while used + wide > width && !blank && at > start {
            let (end, passed) = gap.unwrap_or((at, used));
            lines.push(WrappedLine { start: offset + start, end: offset + end });
            start = end;
            used -= passed;
            gap = None;
        }
        used += wide;
        if blank {
            gap = Some((at + grapheme.len(), used));
        }
    }
    lines.push(WrappedLine { start: offset + start, end: offset + paragraph.len() });
}
