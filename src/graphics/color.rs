//! Colours, by what the terminal knows.
//!
//! Owns the palettes of terminals and the way of a pixel's colour into them. Promises
//! that a colour of the palette maps to itself (before dithering). Must never read the
//! environment: what stands in it is passed in.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

/// Red, green and blue of a pixel.
pub type Rgb = [u8; 3];

/// How many colours a terminal knows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ColorDepth {
    /// All of them, 24 bits each.
    True,
    /// The cube of 216 and the ramp of 24 greys.
    Indexed256,
    /// The sixteen that themes change.
    Ansi16,
    /// None, or the user wants none: light and shade only.
    None,
}

impl ColorDepth {
    /// The depth that the variables `COLORTERM`, `TERM` and `NO_COLOR` show. SSH carries
    /// only `TERM`, so the names of terminals that are known to do more count too.
    pub fn from_env(colorterm: Option<&str>, term: Option<&str>, no_color: Option<&str>) -> Self {
        let term = term.unwrap_or_default();
        if no_color.is_some_and(|value| !value.is_empty()) || is_colorless(term) {
            return Self::None;
        }
        // GNU screen hands COLORTERM of the terminal around it on, and garbles what it says.
        let screen = term == "screen" || term.starts_with("screen.");
        let said = colorterm.is_some_and(|value| {
            ["truecolor", "24bit"].iter().any(|word| value.eq_ignore_ascii_case(word))
        });
        if term == "linux" {
            Self::Ansi16
        } else if screen {
            Self::Indexed256
        } else if said || term.ends_with("-direct") || knows_truecolor(term) {
            Self::True
        } else if term.contains("256color") {
            Self::Indexed256
        } else {
            Self::Ansi16
        }
    }

    /// The colour to ask the terminal for, where it knows colours; `column` and
    /// `half_row` say where on the screen, for dithering.
    pub(super) fn color(self, rgb: Rgb, column: u16, half_row: u16) -> Option<Color> {
        match self {
            Self::True => Some(Color::Rgb(rgb[0], rgb[1], rgb[2])),
            Self::Indexed256 => Some(Color::Indexed(nearest_256(rgb))),
            Self::Ansi16 => Some(ANSI_16[usize::from(nearest_16(rgb, column, half_row))].0),
            Self::None => None,
        }
    }

    /// The nearest colour to `rgb`, where there are enough to do without dithering.
    pub(super) fn ink(self, rgb: Rgb) -> Option<Ink> {
        match self {
            Self::True => Some(Ink { color: Color::Rgb(rgb[0], rgb[1], rgb[2]), rgb }),
            Self::Indexed256 => {
                let index = nearest_256(rgb);
                Some(Ink { color: Color::Indexed(index), rgb: seen_256(index) })
            }
            Self::Ansi16 | Self::None => None,
        }
    }
}

/// A colour as it is asked for, and as it is seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ink {
    pub(super) color: Color,
    pub(super) rgb: Rgb,
}

fn is_colorless(term: &str) -> bool {
    term.is_empty()
        || term == "dumb"
        || term.ends_with("-m")
        || term.ends_with("-mono")
        || ["vt1", "vt2", "vt3"].iter().any(|old| term.starts_with(old))
}

fn knows_truecolor(term: &str) -> bool {
    ["kitty", "ghostty", "wezterm", "alacritty", "foot", "contour", "rio", "iterm2"]
        .iter()
        .any(|name| term == *name || term.strip_prefix("xterm-") == Some(name))
        || term.starts_with("foot-")
}

/// The sixteen, as xterm shows them unless a theme says otherwise.
const ANSI_16: [(Color, Rgb); 16] = [
    (Color::Black, [0, 0, 0]),
    (Color::Red, [205, 0, 0]),
    (Color::Green, [0, 205, 0]),
    (Color::Yellow, [205, 205, 0]),
    (Color::Blue, [0, 0, 238]),
    (Color::Magenta, [205, 0, 205]),
    (Color::Cyan, [0, 205, 205]),
    (Color::Gray, [229, 229, 229]),
    (Color::DarkGray, [127, 127, 127]),
    (Color::LightRed, [255, 0, 0]),
    (Color::LightGreen, [0, 255, 0]),
    (Color::LightYellow, [255, 255, 0]),
    (Color::LightBlue, [92, 92, 255]),
    (Color::LightMagenta, [255, 0, 255]),
    (Color::LightCyan, [0, 255, 255]),
    (Color::White, [255, 255, 255]),
];

/// The levels of each channel in the cube of 216 colours.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The index (16–255) of the colour nearest to `rgb` among the cube and the greys. The
/// first sixteen are never used: themes change them.
pub fn nearest_256(rgb: Rgb) -> u8 {
    let level = rgb.map(|channel| {
        (0..CUBE.len()).min_by_key(|&level| channel.abs_diff(CUBE[level])).unwrap_or_default()
    });
    let cube = (16 + 36 * level[0] + 6 * level[1] + level[2]) as u8;

    let grey_step = ((u16::from(luminance(rgb)) + 2).saturating_sub(5) / 10).min(23) as u8;
    let grey = [8 + 10 * grey_step; 3];

    if distance(rgb, grey) < distance(rgb, level.map(|level| CUBE[level])) {
        232 + grey_step
    } else {
        cube
    }
}

/// The colour that the terminal shows for an index of [`nearest_256`].
fn seen_256(index: u8) -> Rgb {
    if let Some(step) = index.checked_sub(232) {
        return [8 + 10 * step; 3];
    }
    let place = index.saturating_sub(16);
    [place / 36, place / 6 % 6, place % 6].map(|level| CUBE[usize::from(level)])
}

/// The index (0–15) of the colour for `rgb` at a place of the screen. Neighbours lean to
/// different sides (ordered dithering), so that an area has the right colour as a whole.
pub fn nearest_16(rgb: Rgb, column: u16, half_row: u16) -> u8 {
    // About the widest gap between two greys of the palette.
    const SPREAD: i32 = 96;
    let lean = threshold(column, half_row) * SPREAD / 32;
    let leaning = rgb.map(|channel| (i32::from(channel) + lean).clamp(0, 255) as u8);
    (0..ANSI_16.len()).min_by_key(|&index| distance(leaning, ANSI_16[index].1)).unwrap_or_default()
        as u8
}

/// A character as bright as `rgb` on a dark ground, for terminals without colours;
/// dithered like [`nearest_16`].
pub fn shade(rgb: Rgb, column: u16, row: u16) -> &'static str {
    const SHADES: [&str; 5] = [" ", "░", "▒", "▓", "█"];
    let step = 255 / (SHADES.len() as i32 - 1);
    let leaning = i32::from(luminance(rgb)) + threshold(column, row) * step / 32;
    SHADES[((leaning.clamp(0, 255) + step / 2) / step).min(SHADES.len() as i32 - 1) as usize]
}

/// How bright `rgb` looks, from 0 to 255 (the weights of Rec. 601).
fn luminance(rgb: Rgb) -> u8 {
    let [red, green, blue] = rgb.map(u32::from);
    ((red * 299 + green * 587 + blue * 114 + 500) / 1000) as u8
}

/// How different two colours look, squared: Euclid's distance with the weights that
/// follow the mean of the reds (T. Riemersma, "Colour metric"). Close to CIELUV, in
/// whole numbers.
pub(super) fn distance(a: Rgb, b: Rgb) -> i32 {
    let mean_red = i32::midpoint(i32::from(a[0]), i32::from(b[0]));
    let [red, green, blue] = [0, 1, 2].map(|channel| {
        let difference = i32::from(a[channel]) - i32::from(b[channel]);
        difference * difference
    });
    (512 + mean_red) * red / 256 + 4 * green + (767 - mean_red) * blue / 256
}

/// Bayer's matrix of 4 × 4 over the screen, in odd steps from −15 to 15.
fn threshold(column: u16, row: u16) -> i32 {
    const BAYER: [[i32; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];
    2 * BAYER[usize::from(row % 4)][usize::from(column % 4)] - 15
}

/// Turns every colour in `buffer` into one that a terminal of `depth` has. The rest of
/// the program draws as if there were all of them.
pub fn reduce_colors(buffer: &mut Buffer, depth: ColorDepth) {
    if depth == ColorDepth::True {
        return;
    }
    let reduce = |color: Color| match (depth, color) {
        (ColorDepth::None, _) => Color::Reset,
        (ColorDepth::Indexed256, Color::Rgb(r, g, b)) => Color::Indexed(nearest_256([r, g, b])),
        (ColorDepth::Ansi16, Color::Rgb(r, g, b)) => {
            let nearest = ANSI_16.iter().min_by_key(|(_, shown)| distance([r, g, b], *shown));
            nearest.map_or(Color::Reset, |(color, _)| *color)
        }
        (_, color) => color,
    };
    for cell in &mut buffer.content {
        // What stood out by what was behind it still does.
        if depth == ColorDepth::None && cell.bg != Color::Reset {
            cell.modifier.insert(Modifier::REVERSED);
        }
        (cell.fg, cell.bg) = (reduce(cell.fg), reduce(cell.bg));
    }
}
