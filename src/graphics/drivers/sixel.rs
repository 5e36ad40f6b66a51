//! Sixel: six rows of pixels at a time, one colour after the other.
//!
//! Owns the encoding. Promises a raster of exactly the picture's size, untouched pixels
//! around it, and runs wherever they are shorter. Must never contain an escape inside:
//! some terminals print the rest as text.
//!
//! Source: the VT330/VT340 Programmer Reference Manual, chapter 14.

use std::io::Write;

use super::palette::Indexed;

/// A colour pauses where it is not seen for so many columns: to begin again costs about
/// as many bytes.
const PAUSE: usize = 10;

/// Part of a row of six where one colour is seen.
struct Span {
    colour: u8,
    begin: usize,
    /// One byte a column, a bit for each of the six pixels, the uppermost first.
    columns: Vec<u8>,
}

/// The picture as one complete sequence, drawn from the cursor on.
pub(super) fn encode(picture: &Indexed) -> Vec<u8> {
    let mut out = Vec::new();
    let put = |out: &mut Vec<u8>, text: std::fmt::Arguments<'_>| {
        out.write_fmt(text).expect("memory takes all bytes");
    };
    // The 1 leaves alone what no colour is drawn on.
    put(&mut out, format_args!("\x1bP0;1q\"1;1;{};{}", picture.width, picture.height));
    for (number, colour) in picture.palette.iter().enumerate() {
        let [red, green, blue] = colour.map(|channel| (u32::from(channel) * 100 + 127) / 255);
        put(&mut out, format_args!("#{number};2;{red};{green};{blue}"));
    }
    let width = picture.width as usize;
    for (nth, band) in picture.indices.chunks(6 * width).enumerate() {
        if nth > 0 {
            out.push(b'-');
        }
        let mut spans = spans(band, width, picture.palette.len());
        let mut returned = true;
        // From left to right as often as needed, with as many spans each time as follow
        // one another.
        while !spans.is_empty() {
            if !returned {
                out.push(b'$');
            }
            returned = false;
            let mut at = 0;
            spans.retain(|span| {
                if span.begin < at {
                    return true;
                }
                put(&mut out, format_args!("#{}", span.colour));
                run(&mut out, 0, span.begin - at);
                span.columns
                    .chunk_by(|a, b| a == b)
                    .for_each(|same| run(&mut out, same[0], same.len()));
                at = span.begin + span.columns.len();
                false
            });
        }
    }
    out.extend(b"\x1b\\");
    out
}

/// What is seen of each colour in up to six rows, by where it begins.
fn spans(band: &[u8], width: usize, colours: usize) -> Vec<Span> {
    let mut bits = vec![0_u8; colours * width];
    for (row, indices) in band.chunks_exact(width).enumerate() {
        for (column, &index) in indices.iter().enumerate() {
            bits[usize::from(index) * width + column] |= 1 << row;
        }
    }
    let mut spans = Vec::new();
    for (colour, columns) in (0..=u8::MAX).zip(bits.chunks_exact(width)) {
        let mut column = 0;
        while let Some(ahead) = columns[column..].iter().position(|&six| six != 0) {
            let begin = column + ahead;
            let mut end = begin + 1;
            while let Some(gap) = columns[end..].iter().take(PAUSE).position(|&six| six != 0) {
                end += gap + 1;
            }
            spans.push(Span { colour, begin, columns: columns[begin..end].to_vec() });
            column = end;
        }
    }
    spans.sort_by_key(|span| span.begin);
    spans
}

fn run(out: &mut Vec<u8>, six: u8, length: usize) {
    let letter = b'?' + six;
    if length > 3 {
        write!(out, "!{length}{}", char::from(letter)).expect("memory takes all bytes");
    } else {
        out.extend(std::iter::repeat_n(letter, length));
    }
}
