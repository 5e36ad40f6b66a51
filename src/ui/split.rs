//! Areas in rows or columns.
//!
//! Owns how room is shared: lengths are given in their order, what is left goes to the
//! shares. Promises that the parts lie side by side and fill the area where there is a
//! share. Does without the constraint solver of ratatui, which alone was a third of what a
//! first frame cost.

use ratatui::layout::Rect;

/// What one part takes.
#[derive(Clone, Copy)]
pub(super) enum Part {
    /// So many cells, while there are some.
    Length(u16),
    /// Of what the lengths leave, as much as its weight has in the sum of the weights.
    Share(u16),
}

/// The parts of `area`, one below the other.
pub(super) fn rows<const N: usize>(area: Rect, parts: [Part; N]) -> [Rect; N] {
    let mut y = area.y;
    sizes(area.height, parts).map(|height| {
        let part = Rect { y, height, ..area };
        y += height;
        part
    })
}

/// The parts of `area`, one beside the other.
pub(super) fn columns<const N: usize>(area: Rect, parts: [Part; N]) -> [Rect; N] {
    let mut x = area.x;
    sizes(area.width, parts).map(|width| {
        let part = Rect { x, width, ..area };
        x += width;
        part
    })
}

fn sizes<const N: usize>(whole: u16, parts: [Part; N]) -> [u16; N] {
    let (mut left, mut weights) = (whole, 0);
    let lengths = parts.map(|part| match part {
        Part::Length(length) => {
            let length = length.min(left);
            left -= length;
            length
        }
        Part::Share(weight) => {
            weights += u32::from(weight);
            0
        }
    });
    let (mut weight_before, mut shared) = (0, 0);
    let mut lengths = lengths.into_iter();
    parts.map(|part| {
        let length = lengths.next().unwrap_or_default();
        let Part::Share(weight) = part else { return length };
        weight_before += u32::from(weight);
        // Rounded where a part ends, so that nothing is left over.
        let end = (u32::from(left) * weight_before * 2 + weights) / (weights * 2);
        let share = end as u16 - shared;
        shared += share;
        share
    })
}
