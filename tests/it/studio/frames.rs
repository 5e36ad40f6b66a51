//! Frames as a terminal shows them: each whole, or not at all.

/// What stands around a frame: a synchronized update.
const BEGIN_FRAME: &[u8] = b"\x1b[?2026h";
const END_FRAME: &[u8] = b"\x1b[?2026l";

/// How many of these bytes can be shown: as a terminal does that knows synchronized
/// updates, a frame is shown when it is whole.
pub(super) fn whole_frames(bytes: &[u8]) -> usize {
    let last = |mark: &[u8]| bytes.windows(mark.len()).rposition(|part| part == mark);
    match (last(BEGIN_FRAME), last(END_FRAME)) {
        (Some(begin), None) => begin,
        (Some(begin), Some(end)) if end < begin => begin,
        _ => {
            // The mark of a beginning may itself have come only in part.
            let part = (1..BEGIN_FRAME.len()).rev().find(|n| bytes.ends_with(&BEGIN_FRAME[..*n]));
            bytes.len() - part.unwrap_or(0)
        }
    }
}
