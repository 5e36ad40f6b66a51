//! The drivers: what they send is decoded again and must be the picture that was asked
//! for, in its place, and nothing else.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be made fails its test")]

use std::num::NonZero;

use image::imageops::{FilterType, replace, resize};
use image::{Rgb, RgbImage};
use pentimento::graphics::drivers::{
    Character, END_OF_ANY, Extent, Ids, Plate, Protocol, Step, Strip, UNIT, abort, free, hide,
    passthrough,
};
use pentimento::graphics::{CellSize, Pixels};
use proptest::prelude::*;
use ratatui::layout::Position;

use super::protocols::{Placed, Screen};

const PROTOCOLS: [Protocol; 4] =
    [Protocol::Kitty, Protocol::Iterm, Protocol::WezTerm, Protocol::Sixel];

const STEPS: [Step; 4] = [Step::Preview, Step::Middle, Step::Full, Step::Lossless];

/// Hills of colour with as much `grain` on them.
fn hills(width: u32, height: u32, grain: u32) -> RgbImage {
    let mut noise = 7_u32;
    RgbImage::from_fn(width, height, |x, y| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let wave = (f64::from(x) / 40.0).sin() * (f64::from(y) / 55.0).cos();
        let bent = (f64::from(x + 2 * y) / 90.0).sin();
        let light = 120.0 + 60.0 * wave + f64::from((noise >> 16) % (grain + 1));
        Rgb([light + 40.0 * bent, light, light - 40.0 * bent].map(|channel| channel as u8))
    })
}

/// Dark strokes on light paper.
fn strokes(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let stroke = y % 16 < 10 && (x % 9 < 2 || (x / 9 + y / 16) % 3 == 0 && y % 5 < 2);
        Rgb(if stroke { [30, 30, 60] } else { [250, 245, 235] })
    })
}

fn pixels(picture: &RgbImage) -> Pixels {
    let (width, height) = picture.dimensions();
    Pixels::new(width, height, (width, height), picture.as_raw().clone()).unwrap()
}

fn plate(picture: &RgbImage, fit: (u16, u16), cell: (u16, u16)) -> Plate {
    let cell = CellSize::new(cell.0, cell.1).unwrap();
    let extent = Extent::within(fit, picture.dimensions(), cell).unwrap();
    Plate::new(&pixels(picture), extent)
}

fn strips(plate: &Plate, protocol: Protocol, step: Step) -> Vec<Strip> {
    plate.strips(protocol, step, &Ids::new(41))
}

/// What a terminal shows after `strips` were placed at column 3, row 2, with text wherever
/// text may stand.
fn shown(strips: &[Strip], cell: (u16, u16)) -> Screen {
    let mut screen = Screen::new(cell);
    let mut said = String::new();
    screen.feed(b"\x1b[9;9H");
    for strip in strips {
        for unit in strip.units() {
            screen.feed(unit);
            screen.feed(b"text\x1b[9;9H");
            said.push_str("text");
        }
        assert!(!screen.is_open(), "the last unit ends the transmission");
        screen.feed(&strip.place_at(Position::new(3, 2)));
        assert_eq!(screen.cursor(), (8, 8), "the cursor is where it was");
    }
    assert_eq!(screen.text, said, "only pictures were sent");
    screen
}

/// The pictures that are seen, beside and below one another.
fn stacked(placed: &[Placed]) -> RgbImage {
    let mut rows: Vec<Vec<&Placed>> = Vec::new();
    for piece in placed {
        match rows.last_mut() {
            Some(row) if row[0].row == piece.row => row.push(piece),
            _ => rows.push(vec![piece]),
        }
    }
    let width = rows[0].iter().map(|piece| piece.pixels.width()).sum();
    let height = rows.iter().map(|row| row[0].pixels.height()).sum();
    let mut whole = RgbImage::new(width, height);
    let mut y = 0;
    for row in rows {
        let mut x = 0;
        for piece in &row {
            replace(&mut whole, &piece.pixels, x, y);
            x += i64::from(piece.pixels.width());
        }
        y += i64::from(row[0].pixels.height());
    }
    whole
}

/// The mean difference of channels, after both were brought to the size of `asked`.
fn difference(seen: &RgbImage, asked: &RgbImage) -> f64 {
    let seen = resize(seen, asked.width(), asked.height(), FilterType::Triangle);
    let pairs = seen.as_raw().iter().zip(asked.as_raw());
    let sum: f64 = pairs.map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
    sum / asked.as_raw().len() as f64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn strips_fill_the_extent_from_top_to_bottom_with_no_more_pixels_than_there_are(
        (width, height) in (1_u32..260, 1_u32..260),
        fit in (1_u16..14, 1_u16..11),
        cell in (4_u16..16, 6_u16..27),
        protocol in prop::sample::select(&PROTOCOLS[..]),
        step in prop::sample::select(&STEPS[..]),
    ) {
        let picture = hills(width, height, 9);
        let plate = plate(&picture, fit, cell);
        let extent = plate.extent();
        prop_assert!(extent.columns() <= fit.0 && extent.rows() <= fit.1);

        let strips = strips(&plate, protocol, step);
        let screen = shown(&strips, cell);
        let (mut row, mut column) = (0, 0);
        for (strip, placed) in strips.iter().zip(&screen.placed) {
            let cells = strip.cells();
            prop_assert_eq!((cells.x, cells.y), (column, row));
            prop_assert_eq!((cells.width, cells.height), (placed.columns, placed.rows));
            prop_assert_eq!((placed.column, placed.row), (3 + column, 2 + row));
            prop_assert!(strip.units().iter().all(|unit| unit.len() <= UNIT));
            let sent = strip.units().iter().map(Vec::len).sum::<usize>() + strip.place().len();
            prop_assert_eq!(strip.bytes(), sent);
            column += cells.width;
            if column == extent.columns() {
                (row, column) = (row + cells.height, 0);
            }
        }
        prop_assert_eq!(column, 0);
        prop_assert_eq!((row, strips.len()), (extent.rows(), screen.placed.len()));

        let seen = stacked(&screen.placed);
        let full = [extent.columns() * cell.0, extent.rows() * cell.1].map(u32::from);
        if protocol == Protocol::Sixel {
            prop_assert_eq!(seen.dimensions(), (full[0], full[1]));
        } else {
            prop_assert!(seen.width() <= width.min(full[0]));
            prop_assert!(seen.height() <= height.max(extent.rows().into()).min(full[1]));
        }
        prop_assert!(difference(&seen, &resize(&picture, full[0], full[1], FilterType::Triangle)) < 14.0);
    }
}

#[test]
fn lossless_shows_every_pixel_as_it_is() {
    let picture = hills(120, 160, 30);
    let plate = plate(&picture, (12, 8), (10, 20));
    for protocol in [Protocol::Kitty, Protocol::Iterm, Protocol::WezTerm] {
        let screen = shown(&strips(&plate, protocol, Step::Lossless), (10, 20));
        assert_eq!(stacked(&screen.placed), picture, "{protocol:?}");
    }
}

#[test]
fn a_full_picture_is_close_to_what_was_asked() {
    let pictures = [
        (hills(200, 200, 2), Character::Soft, 4.0),
        (hills(200, 200, 40), Character::Fine, 6.0),
        (strokes(200, 200), Character::Drawn, 1.0),
    ];
    for (picture, character, most) in pictures {
        let plate = plate(&picture, (20, 10), (10, 20));
        assert_eq!(plate.character(), character);
        for protocol in PROTOCOLS {
            let screen = shown(&strips(&plate, protocol, Step::Full), (10, 20));
            let away = difference(&stacked(&screen.placed), &picture);
            assert!(away < most, "{protocol:?} is {away} away from {character:?}");
        }
    }
}

#[test]
fn each_step_is_better_than_the_one_before_and_the_first_is_cheap() {
    let picture = hills(240, 240, 40);
    let plate = plate(&picture, (24, 12), (10, 20));
    for protocol in [Protocol::Kitty, Protocol::Iterm] {
        assert_eq!(plate.steps(protocol), STEPS);
        let mut before = f64::MAX;
        for step in STEPS {
            let strips = strips(&plate, protocol, step);
            let away = difference(&stacked(&shown(&strips, (10, 20)).placed), &picture);
            assert!(away < before, "{protocol:?} {step:?}: {away} after {before}");
            before = away;
            if step == Step::Preview {
                assert!(strips.len() == 1 && strips[0].bytes() <= 5120);
            }
        }
    }
    assert_eq!(plate.steps(Protocol::Sixel), [Step::Full]);
}

#[test]
fn what_is_drawn_is_sent_in_full_at_once() {
    let plate = plate(&strokes(300, 300), (30, 15), (10, 20));
    assert_eq!(plate.steps(Protocol::Kitty), [Step::Full, Step::Lossless]);
    let screen = shown(&strips(&plate, Protocol::Kitty, Step::Full), (10, 20));
    assert_eq!(stacked(&screen.placed).dimensions(), (300, 300));
}

#[test]
fn the_same_picture_makes_the_same_bytes() {
    let plate = plate(&hills(200, 200, 20), (20, 10), (10, 20));
    for protocol in PROTOCOLS {
        let once = strips(&plate, protocol, Step::Full);
        assert_eq!(once, strips(&plate, protocol, Step::Full), "{protocol:?}");
    }
}

#[test]
fn a_strip_of_sixel_ends_with_a_whole_row_of_six() {
    for height in 7..=26 {
        let plate = plate(&hills(20, 400, 9), (2, 14), (10, height));
        let strips = strips(&plate, Protocol::Sixel, Step::Full);
        let (_, above) = strips.split_last().unwrap();
        assert!(!above.is_empty());
        assert!(
            above.iter().all(|strip| strip.cells().height * height % 6 == 0),
            "cells {height} high"
        );
    }
}

#[test]
fn a_picture_that_is_held_is_placed_again_hidden_and_forgotten() {
    let plate = plate(&hills(200, 200, 20), (20, 10), (10, 20));
    let strips = strips(&plate, Protocol::Kitty, Step::Full);
    let mut screen = shown(&strips, (10, 20));
    for strip in &strips {
        assert!(strip.place_at(Position::new(200, 100)).len() <= 74, "placing again is cheap");
        screen.feed(&strip.place_at(Position::new(7, 1)));
    }
    assert_eq!(screen.placed.len(), strips.len(), "a picture is in one place");
    assert!(screen.placed.iter().all(|placed| placed.column == 7));
    for strip in &strips {
        screen.feed(&hide(strip.id().unwrap()));
    }
    assert_eq!((screen.placed.len(), screen.held.len()), (0, strips.len()));
    for strip in &strips {
        screen.feed(&free(strip.id().unwrap()));
    }
    assert!(screen.held.is_empty());
}

#[test]
fn a_transmission_that_is_given_up_leaves_nothing() {
    let plate = plate(&hills(300, 300, 40), (30, 15), (10, 20));
    for strip in strips(&plate, Protocol::Kitty, Step::Lossless) {
        assert!(strip.units().len() > 2);
        for sent in 0..=strip.units().len() {
            let mut screen = Screen::new((10, 20));
            strip.units()[..sent].iter().for_each(|unit| screen.feed(unit));
            screen.feed(&abort(strip.id().unwrap()));
            assert!(!screen.is_open() && screen.placed.is_empty(), "after {sent} units");
            screen.feed(&free(strip.id().unwrap()));
            assert!(screen.held.is_empty(), "after {sent} units");
        }
    }
}

#[test]
fn whatever_is_cut_off_can_be_ended() {
    let plate = plate(&hills(60, 60, 20), (6, 3), (10, 20));
    for protocol in PROTOCOLS {
        let strip = strips(&plate, protocol, Step::Full).remove(0);
        let whole = strip.units().first().cloned().unwrap_or_else(|| strip.place());
        for cut in [0, 2, whole.len() / 2, whole.len() - 2, whole.len() - 1, whole.len()] {
            let size = NonZero::new(20).unwrap();
            let mut terminal = vt100::Parser::new(size, size, 0);
            terminal.process(&whole[..cut]);
            terminal.process(END_OF_ANY);
            terminal.process(b"text");
            let contents = terminal.screen().contents();
            assert_eq!(contents, "text", "{protocol:?} after {cut} of {}", whole.len());
        }
    }
}

#[test]
fn numbers_are_three_bytes_and_never_nothing() {
    let plate = plate(&hills(60, 180, 20), (6, 9), (10, 20));
    let ids = Ids::new(0xff_fffd);
    let strips = plate.strips(Protocol::Kitty, Step::Full, &ids);
    let numbers: Vec<_> = strips.iter().filter_map(Strip::id).collect();
    assert_eq!(numbers, [0xff_fffe, 0xff_ffff, 1]);
    assert!(strips.iter().all(|strip| strip.id().is_some()));
}

#[test]
fn tmux_hands_on_what_was_wrapped() {
    let plate = plate(&hills(200, 200, 20), (20, 10), (10, 20));
    for protocol in PROTOCOLS {
        for strip in strips(&plate, protocol, Step::Full) {
            for unit in strip.units().iter().chain([&strip.place()]) {
                let wrapped = passthrough(unit);
                let inner = wrapped.strip_prefix(b"\x1bPtmux;").unwrap();
                let inner = inner.strip_suffix(b"\x1b\\").unwrap();
                let halved = String::from_utf8(inner.to_vec()).unwrap().replace("\x1b\x1b", "\x1b");
                assert_eq!(halved.as_bytes(), unit);
                assert!(!strip.units().contains(unit) || wrapped.len() <= UNIT);
            }
        }
    }
    assert_eq!(passthrough(b""), b"");
}

#[test]
fn a_placeholder_names_the_picture_the_row_and_the_column() {
    let plate = plate(&hills(200, 200, 20), (20, 10), (10, 20));
    let strip = plate.strips(Protocol::Kitty, Step::Full, &Ids::new(0x01_0203)).remove(0);
    assert_eq!(strip.id(), Some(0x01_0204));
    // The marks of 0, 1, 2 in kitty's table are U+0305, U+030D, U+030E.
    assert_eq!(strip.placeholder(2, 1), Some(("\u{10eeee}\u{30d}\u{30e}".to_owned(), [1, 2, 4])));
    assert_eq!(strip.placeholder(20, 0), None);
    assert_eq!(strip.placeholder(0, 3), None);
    let command = String::from_utf8(strip.place_by_text()).unwrap();
    assert_eq!(command, "\x1b_Ga=p,U=1,i=66052,c=20,r=3,q=2\x1b\\");
    assert_eq!(strips(&plate, Protocol::Sixel, Step::Full)[0].placeholder(0, 0), None);
}
