//! What roles look like can be read: on every background and palette that terminals come
//! with, and by whatever way a theme comes to be in force.

use pentimento::config::theme::{Color, Role, Style, Theme};
use pentimento::config::{Settings, Themes};
use pentimento::domain::Background;
use pentimento::graphics::{ColorDepth, Rgb, reduce_colors};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color as Drawn, Modifier};

use crate::home::Home;
use crate::studio::Studio;

/// What is behind the letters of terminals as they come, or as their users have them:
/// black, Visual Studio Code, Catppuccin, Dracula, One Dark.
const DARK: [Rgb; 5] =
    [[0, 0, 0], [0x1e; 3], [0x1e, 0x1e, 0x2e], [0x28, 0x2a, 0x36], [0x28, 0x2c, 0x34]];
/// White, Solarized, Catppuccin, One Light, Gruvbox.
const LIGHT: [Rgb; 5] =
    [[0xff; 3], [0xfd, 0xf6, 0xe3], [0xef, 0xf1, 0xf5], [0xfa; 3], [0xfb, 0xf1, 0xc7]];
/// The sixteen of xterm, and of the console of Linux, which are those of the VGA.
const PALETTES: [[u32; 16]; 2] = [
    [
        0x00_0000, 0xcd_0000, 0x00_cd00, 0xcd_cd00, 0x00_00ee, 0xcd_00cd, 0x00_cdcd, 0xe5_e5e5,
        0x7f_7f7f, 0xff_0000, 0x00_ff00, 0xff_ff00, 0x5c_5cff, 0xff_00ff, 0x00_ffff, 0xff_ffff,
    ],
    [
        0x00_0000, 0xaa_0000, 0x00_aa00, 0xaa_5500, 0x00_00aa, 0xaa_00aa, 0x00_aaaa, 0xaa_aaaa,
        0x55_5555, 0xff_5555, 0x55_ff55, 0xff_ff55, 0x55_55ff, 0xff_55ff, 0x55_ffff, 0xff_ffff,
    ],
];

/// How bright a colour is, by WCAG 2.
fn luminance(rgb: Rgb) -> f64 {
    let [red, green, blue] = rgb.map(|channel| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// How well one is seen on the other, from 1 to 21.
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

/// The least contrast that a role must have: frames, and the words of an empty field, are not
/// what is read.
fn least(role: Role) -> f64 {
    match role {
        Role::Border | Role::BorderFocus | Role::Placeholder => 3.0,
        _ => 4.5,
    }
}

/// The colour that a terminal with this palette shows; `own` for its own.
fn seen(color: Color, own: Rgb, palette: &[u32; 16]) -> Rgb {
    match color {
        Color::Default => own,
        Color::Ansi(index) => {
            let [_, red, green, blue] = palette[usize::from(index)].to_be_bytes();
            [red, green, blue]
        }
        Color::Rgb(red, green, blue) => [red, green, blue],
    }
}

/// What the terminal writes in where nothing is said: as bright as its users have it.
fn letters(background: Rgb) -> Rgb {
    match Background::of_color(background) {
        Background::Dark => [0xd8; 3],
        Background::Light => [0x2a; 3],
    }
}

/// The roles of `theme` that are hard to read on `background`. In a selected row some stand
/// on what is behind it.
fn hard_to_read(theme: &Theme, background: Rgb, palette: &[u32; 16]) -> Vec<String> {
    let mut found = Vec::new();
    let own = letters(background);
    for (role, name) in Role::ALL {
        let style = theme.style(role);
        let behind = seen(style.bg, background, palette);
        let contrast = contrast(seen(style.fg, own, palette), behind);
        if contrast < least(role) {
            found.push(format!("{name} on {background:?}: {contrast:.2}"));
        }
    }
    let within = [Role::Dim, Role::Accent, Role::Found, Role::Good, Role::Warning, Role::Bad];
    for (selection, name) in [(Role::Selection, "selection"), (Role::SelectionDim, "another pane")]
    {
        let selection = theme.style(selection);
        for role in within {
            // Reversed, the colour of the letters is behind them, and what was there in front.
            let behind = seen(selection.bg, background, palette);
            let contrast = contrast(seen(theme.style(role).fg, own, palette), behind);
            if contrast < 4.5 {
                found.push(format!("{role:?} in the {name} on {background:?}: {contrast:.2}"));
            }
        }
        assert!(
            selection.reverse || selection.bg != Color::Default,
            "{name} is not to be told from other rows"
        );
        assert!(
            selection.bg == Color::Default || selection.fg != Color::Default,
            "{name} relies on the letters of the terminal"
        );
    }
    found
}

fn shipped(name: &str) -> Theme {
    Home::with_config(&format!("[theme]\nname = \"{name}\"\n")).settings().theme
}

#[test]
fn every_role_of_every_theme_can_be_read() {
    let mut found = Vec::new();
    for (name, backgrounds) in [("dark", DARK), ("light", LIGHT)] {
        let theme = shipped(name);
        for background in backgrounds {
            found.extend(hard_to_read(&theme, background, &PALETTES[0]));
        }
    }
    for (name, background) in [("ansi", [0; 3]), ("ansi-light", [0xff; 3])] {
        for palette in &PALETTES {
            found.extend(hard_to_read(&shipped(name), background, palette));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_theme_that_cannot_be_read_is_found() {
    let style = |text: &str| text.parse::<Style>().expect("a style");
    let dark = shipped("dark");
    for (role, text) in [
        (Role::Text, "#555555"),
        (Role::Border, "#333333"),
        (Role::Bad, "#b04030"),
        (Role::Selection, "#f6ecdc on #a08050"),
    ] {
        let theme = dark.clone().with(role, style(text));
        assert!(!hard_to_read(&theme, DARK[4], &PALETTES[0]).is_empty(), "{role:?} = {text}");
    }
}

/// The colours in which a terminal of `depth` is told to show a role.
fn drawn(theme: &Theme, role: Role, depth: ColorDepth) -> (Drawn, Drawn, Modifier) {
    let color = |color: Color| match color {
        Color::Default => Drawn::Reset,
        Color::Ansi(index) => Drawn::Indexed(index),
        Color::Rgb(red, green, blue) => Drawn::Rgb(red, green, blue),
    };
    let style = theme.style(role);
    let mut buffer = Buffer::empty(Rect::new(0, 0, 1, 1));
    let cell = &mut buffer[(0, 0)];
    cell.set_symbol("a").set_fg(color(style.fg)).set_bg(color(style.bg));
    reduce_colors(&mut buffer, depth);
    let cell = &buffer[(0, 0)];
    (cell.fg, cell.bg, cell.modifier)
}

#[test]
fn the_themes_of_many_colours_can_be_read_in_sixteen() {
    const NAMED: [Drawn; 16] = [
        Drawn::Black,
        Drawn::Red,
        Drawn::Green,
        Drawn::Yellow,
        Drawn::Blue,
        Drawn::Magenta,
        Drawn::Cyan,
        Drawn::Gray,
        Drawn::DarkGray,
        Drawn::LightRed,
        Drawn::LightGreen,
        Drawn::LightYellow,
        Drawn::LightBlue,
        Drawn::LightMagenta,
        Drawn::LightCyan,
        Drawn::White,
    ];
    for (name, background) in [("dark", [0; 3]), ("light", [0xff; 3])] {
        let theme = shipped(name);
        for (role, role_name) in Role::ALL {
            let (fg, bg, _) = drawn(&theme, role, ColorDepth::Ansi16);
            let seen = |color: Drawn, own: Rgb| {
                let index = NAMED.iter().position(|named| *named == color);
                let color = index.map_or(Color::Default, |index| Color::Ansi(index as u8));
                seen(color, own, &PALETTES[0])
            };
            let contrast = contrast(seen(fg, letters(background)), seen(bg, background));
            assert!(contrast >= 3.0, "{name}: {role_name} as {fg} on {bg}: {contrast:.2}");
        }
    }
}

#[test]
fn without_colours_what_is_selected_is_reversed() {
    for name in ["dark", "light"] {
        let theme = shipped(name);
        for (role, role_name) in Role::ALL {
            let (fg, bg, modifier) = drawn(&theme, role, ColorDepth::None);
            assert_eq!((fg, bg), (Drawn::Reset, Drawn::Reset), "{role_name}");
            let selects = matches!(role, Role::Selection | Role::SelectionDim);
            assert_eq!(modifier.contains(Modifier::REVERSED), selects, "{role_name}");
        }
    }
}

#[test]
fn by_itself_the_theme_is_that_for_the_background_and_the_colours_there_are() {
    let settings = Settings::default();
    for (background, sixteen, name) in [
        (Background::Dark, false, "dark"),
        (Background::Light, false, "light"),
        (Background::Dark, true, "ansi"),
        (Background::Light, true, "ansi-light"),
    ] {
        assert_eq!(*settings.themes.on(background, sixteen), shipped(name), "{name}");
    }
    let own =
        "[theme]\nlight = \"paper\"\n[themes.paper]\nlike = \"light\"\naccent = \"#101010\"\n";
    let settings = Home::with_config(own).settings();
    let paper = settings.themes.on(Background::Light, false);
    let accent = "#101010".parse().expect("a style");
    assert_eq!(*paper, shipped("light").with(Role::Accent, accent));
    assert_eq!(*settings.themes.on(Background::Dark, false), shipped("dark"));
    assert!(matches!(settings.themes, Themes::ByBackground { .. }));
}

#[test]
fn a_colour_is_dark_or_light_by_how_it_looks() {
    for background in DARK {
        assert_eq!(Background::of_color(background), Background::Dark, "{background:?}");
    }
    for background in LIGHT {
        assert_eq!(Background::of_color(background), Background::Light, "{background:?}");
    }
    for (value, expected) in [
        ("15;0", Some(Background::Dark)),
        ("0;15", Some(Background::Light)),
        ("0;default;15", Some(Background::Light)),
        ("7;8", Some(Background::Dark)),
        ("default;default", None),
        ("", None),
        ("15;99", None),
    ] {
        assert_eq!(Background::of_colorfgbg(value), expected, "{value:?}");
    }
}

/// The accents of the themes, as the name of the program is written in them.
const ON_DARK: vt100::Color = vt100::Color::Rgb(0xe0, 0xa4, 0x58);
const ON_LIGHT: vt100::Color = vt100::Color::Rgb(0x8f, 0x52, 0x0c);

/// Waits until the name of the program is in this colour.
#[track_caller]
fn has_accent(studio: &mut Studio, expected: vt100::Color) {
    studio.until_model(&format!("the accent {expected:?}"), |model| {
        model.cell(0, 1).is_some_and(|cell| cell.contents() == "P" && cell.fgcolor() == expected)
    });
}

/// A studio on a terminal that is known as well as it will be.
fn studio(home: &Home) -> Studio {
    let mut studio = Studio::open_in(home, 120, 40);
    studio.shows("Nothing made yet.");
    studio
}

#[test]
fn the_theme_follows_what_the_terminal_says_is_behind_its_letters() {
    for white in ["rgb:ffff/ffff/ffff", "rgb:ff/ff/ff", "rgba:f/f/f/f", "#ffffff", "#fff"] {
        let mut studio = studio(&Home::new());
        has_accent(&mut studio, ON_DARK);
        // In pieces, and among keys.
        for byte in format!("a fox\x1b]11;{white}\x07 at night\x1b[?62;c").bytes() {
            studio.send(&[byte]);
        }
        studio.shows("a fox at night");
        has_accent(&mut studio, ON_LIGHT);
        studio.quit();
    }
}

#[test]
fn an_answer_that_says_no_colour_changes_nothing_and_types_nothing() {
    let mut studio = studio(&Home::new());
    for said in ["", "?", "rgb:ff", "rgb:ff/ff", "rgb:fffff/ff/ff", "rgb:xx/yy/zz", "#ffff", "#é"]
    {
        studio.send(format!("\x1b]11;{said}\x1b\\").as_bytes());
    }
    studio.send(b"a fox\x1b[?62;c").shows("a fox");
    has_accent(&mut studio, ON_DARK);
    studio.quit();
}

#[test]
fn the_theme_turns_with_the_desktop_and_the_terminal_is_asked_how_it_looks_now() {
    let mut studio = studio(&Home::new());
    studio.until_written("the mode", b"\x1b[?2031h");
    studio.send(b"\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?62;c").keys("a fox").shows("a fox");
    let asked = |studio: &mut Studio| {
        let written = studio.drained();
        written.windows(6).filter(|part| *part == b"\x1b]11;?").count()
    };
    let before = asked(&mut studio);
    studio.send(b"\x1b[?997;2n");
    has_accent(&mut studio, ON_LIGHT);
    assert_eq!(asked(&mut studio), before + 1);
    // It is the colour that counts: this terminal stays dark on a light desktop.
    studio.send(b"\x1b]11;rgb:1010/1010/1010\x1b\\");
    has_accent(&mut studio, ON_DARK);
    studio.send(b"\x1b[?997;2n");
    has_accent(&mut studio, ON_LIGHT);
    studio.quit();
}

#[test]
fn the_news_of_the_desktop_are_wanted_only_while_the_studio_has_the_terminal() {
    let home = Home::new().with("EDITOR", "/bin/true");
    let mut studio = studio(&home);
    studio.keys("a fox").shows("a fox").keys("<F6>");
    let begins = |studio: &mut Studio| count(studio.drained(), b"\x1b[?2031h");
    let ends = |studio: &mut Studio| count(studio.drained(), b"\x1b[?2031l");
    crate::home::wait_for("the way back from the editor", || {
        (begins(&mut studio) == 2).then_some(())
    });
    assert_eq!(ends(&mut studio), 1);
    studio.keys("<ctrl+l>").shows("a fox").quit();
    assert_eq!((begins(&mut studio), ends(&mut studio)), (2, 2));
}

fn count(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).filter(|some| *some == part).count()
}

#[test]
fn before_the_terminal_has_said_anything_the_environment_is_believed() {
    let home = Home::new().with("COLORFGBG", "0;15");
    let mut studio = studio(&home);
    has_accent(&mut studio, ON_LIGHT);
    studio.send(b"\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?62;c");
    has_accent(&mut studio, ON_DARK);
    studio.quit();
}

#[test]
fn a_theme_that_is_named_stays_whatever_the_terminal_says() {
    let home = Home::with_config("[theme]\nname = \"light\"\n");
    let mut studio = studio(&home);
    studio.send(b"\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?997;1n\x1b[?62;c").keys("a fox");
    studio.shows("a fox");
    has_accent(&mut studio, ON_LIGHT);
    studio.quit();
}
