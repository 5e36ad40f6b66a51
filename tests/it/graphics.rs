//! Pictures: colours, half blocks, the easel, the scrollback. The decoder and its cache
//! are in `graphics/decode.rs`.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be made fails its test")]

mod answers;
mod clipboard;
pub(crate) mod decode;
mod download;
mod drivers;
mod emulating;
pub(crate) mod emulator;
mod enlarging;
mod notify;
mod presenter;
mod probe;
mod protocols;
mod underpainting;

use std::process::Stdio;

use pentimento::domain::{Failure, FailureKind, GenerationId, ImageId, Subject, View};
use pentimento::graphics::drivers::Protocol;
use pentimento::graphics::{
    Blocks, CellSize, ColorDepth, Display, Easel, Glyphs, Inline, Pixels, difference, nearest_16,
    nearest_256, shade,
};
use proptest::prelude::*;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Color;

const DEPTHS: [ColorDepth; 4] =
    [ColorDepth::True, ColorDepth::Indexed256, ColorDepth::Ansi16, ColorDepth::None];

/// Red above, blue below.
fn flag(width: u32, height: u32) -> Pixels {
    let rgb = (0..height)
        .flat_map(|y| (0..width).map(move |_| y))
        .flat_map(|y| if 2 * y < height { [255, 0, 0] } else { [0, 0, 255] })
        .collect();
    Pixels::new(width, height, (width, height), rgb).unwrap()
}

fn image(index: u32) -> ImageId {
    ImageId { generation: GenerationId::from_parts(1, [7; 10]), index }
}

fn display(depth: ColorDepth) -> Display {
    Display { depth, glyphs: Glyphs::Unicode, cell: CellSize::default() }
}

fn symbols(buffer: &Buffer) -> String {
    buffer.content().iter().map(Cell::symbol).collect()
}

/// What is seen of the quarters of a cell: upper left, upper right, lower left, lower right.
fn quarters(cell: &Cell) -> [Color; 4] {
    let front = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█".chars().position(|symbol| cell.symbol().starts_with(symbol));
    let front = front.unwrap_or_else(|| panic!("no block: {:?}", cell.symbol()));
    [0, 1, 2, 3].map(|at| if front >> at & 1 == 1 { cell.fg } else { cell.bg })
}

/// The same of a cell in which left and right are alike: the upper and the lower colour.
fn halves(cell: &Cell) -> [Color; 2] {
    let [upper, right, lower, lower_right] = quarters(cell);
    assert_eq!([upper, lower], [right, lower_right], "left is like right");
    [upper, lower]
}

/// How many cells show a picture.
fn painted(buffer: &Buffer) -> usize {
    buffer.content().iter().filter(|cell| quarters(cell)[0] != Color::Reset).count()
}

#[test]
fn the_depth_of_colour_follows_the_environment() {
    use ColorDepth::{Ansi16, Indexed256, None as Mono, True};
    let cases = [
        (Some("truecolor"), Some("xterm-256color"), None, True),
        (Some("24bit"), Some("tmux-256color"), None, True),
        (None, Some("xterm-256color"), None, Indexed256),
        (Some(""), Some("xterm-256color"), Some(""), Indexed256),
        (None, Some("xterm-direct"), None, True),
        (None, Some("xterm-kitty"), None, True),
        (None, Some("foot"), None, True),
        (Some("truecolor"), Some("screen"), None, Indexed256),
        (None, Some("xterm"), None, Ansi16),
        (None, Some("linux"), None, Ansi16),
        (None, Some("vt220"), None, Mono),
        (Some("truecolor"), Some("dumb"), None, Mono),
        (None, None, None, Mono),
        (Some("truecolor"), Some("xterm-kitty"), Some("1"), Mono),
    ];
    for (colorterm, term, no_color, depth) in cases {
        let found = ColorDepth::from_env(colorterm, term, no_color);
        assert_eq!(found, depth, "COLORTERM {colorterm:?} TERM {term:?} NO_COLOR {no_color:?}");
    }
}

#[test]
fn a_colour_of_the_cube_or_of_the_greys_maps_to_itself() {
    let level = |index: u8| if index == 0 { 0 } else { 55 + 40 * index };
    for index in 16..=231 {
        let place = index - 16;
        let rgb = [place / 36, place / 6 % 6, place % 6].map(level);
        assert_eq!(nearest_256(rgb), index, "{rgb:?}");
    }
    for index in 232..=255 {
        assert_eq!(nearest_256([8 + 10 * (index - 232); 3]), index);
    }
}

#[test]
fn every_grey_maps_to_the_nearest_of_the_ramp_or_the_cube() {
    let value = |index: u8| if index >= 232 { 8 + 10 * (index - 232) } else { (index - 16) / 43 };
    let cube = [0, 95, 135, 175, 215, 255];
    for grey in 0..=255u8 {
        let index = nearest_256([grey; 3]);
        let shown = if index >= 232 { value(index) } else { cube[usize::from(value(index))] };
        let nearest = (0..24u8).map(|step| 8 + 10 * step).chain(cube);
        let least = nearest.map(|other| other.abs_diff(grey)).min();
        assert_eq!(Some(shown.abs_diff(grey)), least, "grey {grey} is shown as {shown}");
    }
}

#[test]
fn sixteen_colours_are_dithered_to_the_right_brightness() {
    // Black stays black; half grey becomes a mix whose mean is near.
    let area = || (0..16).flat_map(|row| (0..16).map(move |column| (column, row)));
    assert!(area().all(|(column, row)| nearest_16([0; 3], column, row) == 0));
    let greys = [(0, 0), (8, 127), (7, 229), (15, 255)];
    let mean = area()
        .map(|(column, row)| nearest_16([64; 3], column, row))
        .map(|index| greys.iter().find(|(grey, _)| *grey == index).map(|(_, value)| *value))
        .sum::<Option<u32>>()
        .expect("grey is mixed of greys")
        / 256;
    assert!((44..=84).contains(&mean), "64 is shown as {mean}");
    assert!(area().any(|(column, row)| nearest_16([200, 30, 30], column, row) == 1));
}

#[test]
fn without_colours_brightness_becomes_shade() {
    assert_eq!(shade([0; 3], 0, 0), " ");
    assert_eq!(shade([255; 3], 0, 0), "█");
    let halves: Vec<_> = (0..4).map(|column| shade([128; 3], column, 0)).collect();
    assert!(halves.iter().all(|shade| ["░", "▒", "▓"].contains(shade)), "{halves:?}");
}

#[test]
fn a_picture_keeps_its_ratio_in_its_box() {
    let size = |source: (u32, u32), fit, cell| {
        let blocks = Blocks::new(&flag(source.0, source.1), fit, cell);
        (blocks.columns(), blocks.rows())
    };
    let even = CellSize::default();
    assert_eq!(size((100, 100), (60, 30), even), (60, 30));
    assert_eq!(size((100, 100), (80, 30), even), (60, 30));
    assert_eq!(size((100, 100), (20, 30), even), (20, 10));
    assert_eq!(size((160, 90), (80, 24), even), (80, 23));
    assert_eq!(size((300, 1), (80, 24), even), (80, 1));
    assert_eq!(size((1, 300), (80, 24), even), (1, 24));
    assert_eq!(size((100, 100), (60, 30), CellSize::new(8, 8).unwrap()), (30, 30));
    assert_eq!(size((100, 100), (0, 30), even), (0, 0));
    assert_eq!(size((4, 4), (40, 20), even), (40, 20), "small ones are enlarged");
}

#[test]
fn the_upper_half_of_a_cell_is_the_upper_pixel() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 5, 3));
    // 3 × 6 pixels in cells of 1 × 2: three columns, three rows, the middle one mixed.
    let area = buffer.area;
    Blocks::new(&flag(3, 6), (5, 3), CellSize::default()).paint(
        &mut buffer,
        area,
        ColorDepth::True,
    );
    let (red, blue) = (Color::Rgb(255, 0, 0), Color::Rgb(0, 0, 255));
    for (row, shown) in (0..).zip([[red, red], [red, blue], [blue, blue]]) {
        assert!((1..4).all(|column| halves(&buffer[(column, row)]) == shown));
        assert!([0, 4].iter().all(|&column| buffer[(column, row)] == Cell::default()), "margins");
    }
}

#[test]
fn blocks_show_the_picture_in_the_colours_that_are_set_already() {
    let (a, b, c) = ([250, 0, 0], [0, 250, 0], [0, 0, 250]);
    let columns = [[a, b], [b, a], [a, a], [b, b], [c, c], [c, c], [a, b]];
    let rgb: Vec<u8> = [0, 1]
        .iter()
        .flat_map(|&half| columns.map(|pair| [pair[half]; 2].concat()))
        .flatten()
        .collect();
    let pixels = Pixels::new(14, 2, (7, 2), rgb).unwrap();
    let mut buffer = Buffer::empty(Rect::new(0, 0, 7, 1));
    let area = buffer.area;
    Blocks::new(&pixels, (7, 1), CellSize::default()).paint(&mut buffer, area, ColorDepth::True);
    let shown: Vec<_> = buffer.content().iter().map(halves).collect();
    let wanted = columns.map(|pair| pair.map(|[red, green, blue]| Color::Rgb(red, green, blue)));
    assert_eq!(shown, wanted);
    let inks: Vec<_> = buffer.content().iter().map(|cell| (cell.fg, cell.bg)).collect();
    assert_eq!(inks.chunk_by(|one, other| one == other).count(), 3, "told three times");
}

#[test]
fn a_cell_shows_its_four_quarters_in_the_two_colours_that_fit_best() {
    let (red, blue) = ([250, 0, 0], [0, 0, 250]);
    let cases = [
        [red, red, red, blue],
        [red, blue, blue, red],
        [blue, red, blue, red],
        [blue, blue, red, red],
        [red, blue, red, red],
    ];
    for [first, second, third, fourth] in cases {
        let rgb = [first, second, third, fourth].concat();
        // Two pixels across and two down in cells of 10 × 20 fill one column and a half.
        let pixels = Pixels::new(2, 2, (2, 4), rgb).unwrap();
        let mut buffer = Buffer::empty(Rect::new(0, 0, 1, 1));
        let area = buffer.area;
        for (depth, inks) in [
            (ColorDepth::True, [Color::Rgb(250, 0, 0), Color::Rgb(0, 0, 250)]),
            (ColorDepth::Indexed256, [Color::Indexed(196), Color::Indexed(21)]),
        ] {
            Blocks::new(&pixels, (1, 1), CellSize::default()).paint(&mut buffer, area, depth);
            let wanted = [first, second, third, fourth].map(|rgb| inks[usize::from(rgb == blue)]);
            assert_eq!(quarters(&buffer[(0, 0)]), wanted);
        }
        // Sixteen colours are dithered, which quarters would undo.
        Blocks::new(&pixels, (1, 1), CellSize::default()).paint(
            &mut buffer,
            area,
            ColorDepth::Ansi16,
        );
        assert_eq!(buffer[(0, 0)].symbol(), "▀");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn thrift_is_wrong_by_a_few_levels_at_most(
        rgb in prop::collection::vec(any::<[u8; 3]>(), 16),
        faint in any::<bool>(),
    ) {
        // Single cells are drawn in their own colours, a row of them with thrift.
        let rgb: Vec<[u8; 3]> =
            if faint { rgb.iter().map(|rgb| rgb.map(|level| level / 16 + 90)).collect() } else { rgb };
        let row = |from: usize, cells: usize| {
            let line = |half: usize| (2 * from..2 * (from + cells)).map(move |x| 8 * half + x);
            let bytes = line(0).chain(line(1)).flat_map(|at| rgb[at]).collect();
            let (width, source) = (2 * cells as u32, (cells as u32, 2));
            let mut buffer = Buffer::empty(Rect::new(0, 0, cells as u16, 1));
            let area = buffer.area;
            Blocks::new(&Pixels::new(width, 2, source, bytes).unwrap(), (cells as u16, 1), CellSize::default())
                .paint(&mut buffer, area, ColorDepth::True);
            buffer
        };
        let together = row(0, 4);
        for at in 0..4 {
            let (thrifty, own) = (quarters(&together[(at, 0)]), quarters(&row(at.into(), 1)[(0, 0)]));
            let wrong = |quarters: [Color; 4]| -> i32 {
                (0..4).map(|quarter| {
                    let place = 8 * (quarter / 2) + 2 * usize::from(at) + quarter % 2;
                    let Color::Rgb(r, g, b) = quarters[quarter] else { panic!("24 bits") };
                    (0..3).map(|c| (i32::from([r, g, b][c]) - i32::from(rgb[place][c])).pow(2)).sum::<i32>()
                }).sum()
            };
            // As colours are weighed, a level of one channel counts at most twice one of
            // another: twelve channels, each some five levels further off.
            prop_assert!(wrong(thrifty) <= 2 * wrong(own) + 12 * 27);
        }
    }
}

#[test]
fn an_odd_half_row_leaves_the_lower_half_to_the_terminal() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 2));
    let area = buffer.area;
    Blocks::new(&flag(3, 3), (3, 9), CellSize::default()).paint(
        &mut buffer,
        area,
        ColorDepth::True,
    );
    assert_eq!(painted(&buffer), 6);
    assert_eq!(halves(&buffer[(1, 1)]), [Color::Rgb(0, 0, 255), Color::Reset]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn painting_stays_inside_its_area_and_the_buffer(
        (bx, by, bw, bh) in (0u16..9, 0u16..9, 0u16..30, 0u16..20),
        (x, y) in (prop_oneof![0u16..40, 65_530u16..=65_535], prop_oneof![0u16..40, 65_530u16..=65_535]),
        (width, height) in (prop_oneof![0u16..40, Just(65_535)], prop_oneof![0u16..40, Just(65_535)]),
        (pw, ph) in (1u32..9, 1u32..9),
        depth in prop::sample::select(DEPTHS.to_vec()),
    ) {
        let mut buffer = Buffer::empty(Rect::new(bx, by, bw, bh));
        let blank = buffer.clone();
        let area = Rect { x, y, width, height };
        let blocks = Blocks::new(&flag(pw, ph), (width.min(40), height.min(40)), CellSize::default());
        blocks.paint(&mut buffer, area, depth);
        let mut easel = Easel::default();
        for missing in easel.paint(&mut buffer, &[(View::whole(image(0)), area)], display(depth)) {
            easel.insert(missing, Ok(flag(pw, ph)));
        }
        let _ = easel.paint(&mut buffer, &[(View::whole(image(0)), area)], display(depth));
        for (cell, before) in buffer.content().iter().zip(blank.content()).enumerate()
            .filter(|(index, _)| !area.contains(buffer.pos_of(*index).into()))
            .map(|(_, cells)| cells)
        {
            prop_assert_eq!(cell, before);
        }
    }

    #[test]
    fn a_grid_fills_its_box_in_one_direction_and_keeps_the_ratio_in_the_other(
        (pw, ph) in (1u32..400, 1u32..400),
        (columns, rows) in (1u16..80, 1u16..40),
        (cw, ch) in (1u16..30, 1u16..40),
    ) {
        let cell = CellSize::new(cw, ch).unwrap();
        let blocks = Blocks::new(&flag(pw, ph), (columns, rows), cell);
        prop_assert!(blocks.columns() <= columns && blocks.rows() <= rows);
        prop_assert!(blocks.columns() == columns || blocks.rows() == rows);
        let empty = blocks.halves().flatten().filter(|halves| halves[1].is_none()).count();
        prop_assert!(empty == 0 || empty == usize::from(blocks.columns()));
        let half_rows = 2.0 * f64::from(blocks.rows()) - f64::from(u8::from(empty > 0));
        let wide = f64::from(blocks.columns()) * f64::from(cw);
        let high = half_rows * f64::from(ch) / 2.0;
        // Each side is right to half of its step, unless that is less than one step.
        let ratio = f64::from(pw) / f64::from(ph);
        let right = (wide - high * ratio).abs() <= f64::from(cw) / 2.0 + 1e-6
            || (high - wide / ratio).abs() <= f64::from(ch) / 4.0 + 1e-6;
        prop_assert!(right || blocks.columns() == 1 || half_rows <= 1.0);
    }
}

/// The place of an image in its generation.
fn index(subject: Subject) -> u32 {
    View::whole(subject).image().index
}

#[test]
fn a_difference_is_black_where_pictures_are_the_same_and_has_the_size_of_the_first() {
    let one = Pixels::new(2, 1, (4, 2), vec![10, 20, 30, 200, 0, 5]).expect("two pixels");
    let other = Pixels::new(2, 1, (2, 1), vec![10, 20, 30, 100, 9, 5]).expect("two pixels");
    let found = difference(&one, &other);
    assert_eq!((found.rgb(), found.source()), (&[0, 0, 0, 100, 9, 0][..], (4, 2)));
    assert!(difference(&flag(6, 4), &flag(6, 4)).rgb().iter().all(|level| *level == 0));
    let even = |side: u32| {
        Pixels::new(side, side, (side, side), vec![7; (side * side * 3) as usize]).expect("pixels")
    };
    let found = difference(&even(8), &even(5));
    assert_eq!((found.width(), found.height()), (8, 8));
    assert!(found.rgb().iter().all(|level| *level == 0));
}

#[test]
fn a_picture_is_asked_for_once_and_then_shown() {
    let mut easel = Easel::default();
    let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 10));
    let wanted = [(View::whole(image(0)), buffer.area)];
    let asked = easel.paint(&mut buffer, &wanted, display(ColorDepth::True));
    assert_eq!(
        asked.iter().map(|m| (m.subject, m.fit)).collect::<Vec<_>>(),
        [(image(0).into(), (64, 64))]
    );
    assert_eq!(symbols(&buffer).trim(), "…");
    assert_eq!(easel.paint(&mut buffer, &wanted, display(ColorDepth::True)), []);

    easel.insert(asked[0], Ok(flag(64, 64)));
    assert_eq!(easel.paint(&mut buffer, &wanted, display(ColorDepth::True)), []);
    assert_eq!(painted(&buffer), 200);
}

#[test]
fn growing_a_pane_keeps_the_coarse_picture_until_the_sharp_one_comes() {
    let mut easel = Easel::default();
    let mut small = Buffer::empty(Rect::new(0, 0, 20, 10));
    let wanted = [(View::whole(image(0)), small.area)];
    let asked = easel.paint(&mut small, &wanted, display(ColorDepth::True));
    let coarse = Pixels::new(64, 64, (1024, 1024), flag(64, 64).rgb().to_vec());
    easel.insert(asked[0], Ok(coarse.unwrap()));

    let mut large = Buffer::empty(Rect::new(0, 0, 80, 40));
    let wanted = [(View::whole(image(0)), large.area)];
    let asked = easel.paint(&mut large, &wanted, display(ColorDepth::True));
    assert_eq!(asked.iter().map(|missing| missing.fit).collect::<Vec<_>>(), [(256, 256)]);
    assert_eq!(painted(&large), 80 * 40);
    let failure = Failure::before_sending(FailureKind::Unreadable, "No preview: gone.", "");
    easel.insert(asked[0], Err(failure));
    assert_eq!(easel.paint(&mut large, &wanted, display(ColorDepth::True)), []);
    assert_eq!(painted(&large), 80 * 40, "a refusal takes nothing away");
}

#[test]
fn a_refused_picture_says_why_in_its_place_and_is_not_asked_for_again() {
    let mut easel = Easel::default();
    let mut buffer = Buffer::empty(Rect::new(0, 0, 30, 3));
    let wanted = [(View::whole(image(0)), buffer.area)];
    let asked = easel.paint(&mut buffer, &wanted, display(ColorDepth::Ansi16));
    let failure = Failure::before_sending(FailureKind::Unreadable, "No preview: torn.", "");
    easel.insert(asked[0], Err(failure));
    assert_eq!(easel.paint(&mut buffer, &wanted, display(ColorDepth::Ansi16)), []);
    assert_eq!(symbols(&buffer).trim(), "No preview: torn.");
}

#[test]
fn pictures_that_scrolled_past_are_never_asked_for() {
    let mut easel = Easel::default();
    let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 10));
    let slot = |index: u32| (View::whole(image(index)), Rect::new(index as u16 % 10 * 4, 0, 4, 2));
    let mut frame = |easel: &mut Easel, indices: std::ops::Range<u32>| {
        let wanted: Vec<_> = indices.map(slot).collect();
        easel.paint(&mut buffer, &wanted, display(ColorDepth::True))
    };
    let first = frame(&mut easel, 0..10);
    assert_eq!(first.len(), 2, "only so many at a time");
    assert_eq!(frame(&mut easel, 10..20), []);
    easel.insert(first[0], Ok(flag(8, 8)));
    let next: Vec<_> = frame(&mut easel, 20..30).iter().map(|m| index(m.subject)).collect();
    assert_eq!(next, [20]);
}

/// What is printed can be seen only from outside: the test starts itself again with
/// this variable, prints, and reads what came.
const PRINTER: &str = "PENTIMENTO_TEST_PRINTS";

fn printed(name: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "the printing side is this test itself")]
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "graphics::a_picture_is_printed_into_the_scrollback", "--nocapture"])
        .env(PRINTER, name)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_picture_is_printed_into_the_scrollback() {
    let kinds = [
        ("true", None, ColorDepth::True),
        ("256", None, ColorDepth::Indexed256),
        ("16", None, ColorDepth::Ansi16),
        ("none", None, ColorDepth::None),
        ("kitty", Some(Protocol::Kitty), ColorDepth::True),
        ("iterm", Some(Protocol::Iterm), ColorDepth::True),
        ("wezterm", Some(Protocol::WezTerm), ColorDepth::True),
        ("sixel", Some(Protocol::Sixel), ColorDepth::True),
    ];
    #[expect(clippy::disallowed_methods, reason = "the variable is this test's own")]
    if let Ok(wanted) = std::env::var(PRINTER) {
        let (_, protocol, depth) = kinds.into_iter().find(|(name, ..)| *name == wanted).unwrap();
        let inline = Inline { protocol, display: display(depth), columns: 4, rows: 2 };
        inline.print(&flag(4, 4)).unwrap();
        return;
    }

    let shown = printed("true");
    assert_eq!(shown.matches('▄').count(), 8);
    assert!(shown.contains("\x1b[38;2;255;0;0m\x1b[48;2;255;0;0m▄"), "{shown:?}");
    assert!(shown.contains("\x1b[48;2;0;0;255m▄\x1b[0m\n"), "ends with a new line: {shown:?}");
    assert!(!shown.contains("\x1b_G") && !shown.contains("\x1b[c"), "nothing is asked: {shown:?}");
    assert!(printed("256").contains("\x1b[38;5;"));
    let sixteen = printed("16");
    assert!(sixteen.contains("\x1b[31;101m▀") && sixteen.contains("\x1b[34;44m▀"), "{sixteen:?}");
    let none = printed("none");
    assert!(!none.contains('\x1b') && none.contains(['░', '▒', '▓']), "{none:?}");
    for name in ["kitty", "iterm", "wezterm", "sixel"] {
        let printed = printed(name);
        let begin = printed.find('\x1b').unwrap();
        let (picture, rest) = printed[begin..].split_at(printed[begin..].rfind('\x1b').unwrap());
        let end = "\x1b[1B";
        assert!(rest.starts_with(end), "ends on the next line: {printed:?}");
        let mut screen = protocols::Screen::new((10, 20));
        let before = printed[..begin].matches('\n').count() as u16;
        screen.feed(format!("{}{picture}{end}", &printed[..begin]).as_bytes());
        let [placed] = &screen.placed[..] else { panic!("one strip: {printed:?}") };
        assert_eq!((placed.columns, placed.rows), (1, 1), "not enlarged");
        assert_eq!(placed.row, before - 1, "the lines are made first: {printed:?}");
        assert_eq!(screen.cursor().1, placed.row + 1);
    }
}
