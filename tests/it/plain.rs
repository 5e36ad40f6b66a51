//! Terminals that can do less: no Unicode, no colours, sixteen of them, nothing at all. What
//! they show can be read.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use pentimento::graphics::{Glyphs, reduce_glyphs};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;

use crate::app::fixture::{Studio as Drawn, some_of_everything};
use crate::home::Home;
use crate::studio::Studio;

#[test]
fn the_locale_says_which_characters_there_are() {
    use Glyphs::{Ascii, Unicode};
    for (all, ctype, lang, expected) in [
        (None, None, None, Unicode),
        (None, None, Some("de_DE.UTF-8"), Unicode),
        (None, None, Some("C.utf8"), Unicode),
        (None, Some("UTF-8"), None, Unicode),
        (None, None, Some("C"), Ascii),
        (None, None, Some("POSIX"), Ascii),
        (None, None, Some("de_DE.ISO-8859-1"), Ascii),
        (Some("C"), None, Some("de_DE.UTF-8"), Ascii),
        (Some(""), Some("en_GB.UTF-8"), Some("C"), Unicode),
    ] {
        assert_eq!(Glyphs::of_locale(all, ctype, lang), expected, "{all:?} {ctype:?} {lang:?}");
    }
}

/// The screen in ASCII.
fn reduced(buffer: &Buffer) -> Buffer {
    let mut reduced = buffer.clone();
    reduce_glyphs(&mut reduced, Glyphs::Ascii);
    reduced
}

#[test]
fn every_sign_of_every_screen_has_one_in_ascii() {
    let screens =
        ["", "a fox", "<F3>", "<F3>jjz", "<F3>v", "<F1>", "<F3>?", "<ctrl+p>", "<F3>jj y"];
    for keys in screens {
        let mut studio = Drawn::with(some_of_everything());
        studio.keys(keys);
        let buffer = studio.terminal.backend().buffer();
        for (cell, before) in reduced(buffer).content().iter().zip(buffer.content()) {
            assert!(cell.symbol().is_ascii(), "{keys}: {}", cell.symbol());
            let is_lost = cell.symbol() == "?" && before.symbol() != "?";
            assert!(!is_lost, "{keys}: nothing stands for {}", before.symbol());
        }
    }
}

#[test]
fn every_sign_that_stands_on_any_screen_that_was_looked_at_has_one_in_ascii() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/app/snapshots");
    let screens: Vec<_> = fs::read_dir(dir).expect("there are screens").flatten().collect();
    assert!(screens.len() > 50);
    let mut lost = BTreeSet::new();
    for screen in screens {
        let text = fs::read_to_string(screen.path()).expect("it is text");
        let buffer = Buffer::with_lines(text.lines());
        let cells = reduced(&buffer).content().to_owned();
        let changed = cells.iter().zip(buffer.content()).filter(|(now, then)| now != then);
        lost.extend(
            changed
                .filter(|(now, _)| now.symbol() == "?")
                .map(|(_, then)| then.symbol().to_owned()),
        );
    }
    assert!(lost.is_empty(), "nothing stands for {lost:?}");
}

#[test]
fn a_prompt_in_other_letters_keeps_its_place_and_pictures_their_colours() {
    let mut buffer = Buffer::with_lines(["Füchse im 漢 naïve 🦊 Straße"]);
    reduce_glyphs(&mut buffer, Glyphs::Ascii);
    assert_eq!(buffer, Buffer::with_lines(["Fuchse im ?  naive ?  Strase"]));

    let mut buffer = Buffer::empty(Rect::new(0, 0, 2, 1));
    buffer[(0, 0)].set_symbol("▀").set_fg(Color::Rgb(200, 0, 0)).set_bg(Color::Rgb(0, 100, 0));
    buffer[(1, 0)].set_symbol("▌");
    reduce_glyphs(&mut buffer, Glyphs::Ascii);
    assert_eq!((buffer[(0, 0)].symbol(), buffer[(0, 0)].bg), (" ", Color::Rgb(100, 50, 0)));
    assert_eq!(buffer[(1, 0)].symbol(), ">", "no picture: the selected row");
}

/// A studio that has made a picture, in this home.
fn after_a_picture(home: &Home, columns: u16, rows: u16) -> Studio {
    home.generate("a fox in the snow");
    let mut studio = Studio::open_in(home, columns, rows);
    studio.keys("<F3>").until("the history", |screen| screen.contains("a fox"));
    studio
}

#[test]
fn in_the_locale_c_everything_is_ascii_and_can_be_read() {
    for (columns, rows) in [(40, 12), (80, 24), (120, 40)] {
        let home = Home::new().with("LANG", "C");
        let mut studio = Studio::open_in(&home, columns, rows);
        studio.hides("loading~").keys("<F1>").shows("+ Help").keys("<esc>").hides("+ Help");
        studio.shows("What do you want to see?").hides("loading~").drained();
        assert!(studio.written().is_ascii(), "{}", studio.screen());
        assert_snapshot!(format!("ascii-{columns}x{rows}"), studio.screen());
        studio.quit();
    }
    let home = Home::new().with("LC_ALL", "POSIX").with("LANG", "de_DE.UTF-8");
    let mut studio = after_a_picture(&home, 120, 40);
    studio.until_model("the picture in colours", |model| {
        let coloured = |row| model.cell(row, 80).map(vt100::Cell::bgcolor);
        (2..20).any(|row| matches!(coloured(row), Some(vt100::Color::Rgb(..))))
    });
    studio.drained();
    assert!(studio.written().is_ascii());
    studio.quit();
}

#[test]
fn in_the_locale_c_what_commands_say_and_show_on_a_terminal_is_ascii() {
    let home = Home::new().with("LANG", "C");
    let wanted = ["Füchse im “Schnee” – 漢 …", "a hare"];
    for prompt in wanted {
        home.generate(prompt);
    }
    let hare = home.history()[0]["id"].as_str().expect("an id").to_owned();
    let size = ["--size", "64x64"];
    for (command, said) in [
        (&["generate", "Füchse"][..], "Painted on this machine"),
        (&["generate", "{a|b} – c", "-m", "openai:gpt-image-2"], "OPENAI_API_KEY are not set"),
        (&["generate", "x", "--size", "10×10×"], "\"10x10x\" is not a size"),
        (&["history"], "Fuchse im \"Schnee\" - ? ..."),
        (&["history", "--thumbnails"], "Fuchse im \"Schnee\" - ? ..."),
        (&["history", "Füchse rated:"], "character 8 of the search"),
        (&["show", &hare], "a hare"),
        (&["show", "ü"], "There is no generation \"u\"."),
        (&["queue"], "Nothing is paused."),
        (&["cost", "--by", "model"], "demo:painter"),
        (&["doctor"], "LANG=C: letters and frames are made of ASCII"),
        (&["config", "check"], "is right"),
        (&["export", "ü"], "There is no generation \"u\"."),
        (&["import", "ü.png"], "u.png"),
        (&["--help"], "Without a command it opens the studio"),
        (&["generate", "--ü"], "unexpected argument '--u'"),
    ] {
        let arguments =
            if said.contains("Painted") { [command, &size].concat() } else { command.to_vec() };
        let mut terminal = Studio::start(&home, &arguments, 200, 60);
        terminal.end();
        terminal.drained();
        let screen = terminal.screen();
        assert!(terminal.written().is_ascii(), "{command:?}: {screen}");
        assert!(screen.contains(said), "{command:?}: {screen}");
        // For what reads it in a pipe the letters are kept, and the signs are not.
        let piped = home.run(&arguments);
        assert!(piped.err.is_ascii(), "{command:?}: {}", piped.err);
        assert!(!piped.out.contains(['“', '–', '…', '·', '×', '→']), "{command:?}: {}", piped.out);
    }
    assert!(home.run(&["history"]).done().out.contains("Füchse im \"Schnee\" - 漢 ..."));
    // What is data stays as it is.
    assert!(home.prompts().iter().any(|prompt| prompt == wanted[0]));
    let place = home.path().join("Füchse – hier");
    let copies = place.to_str().expect("text");
    let exported = home.run(&["export", &hare, "-o", copies]).done().out;
    assert!(exported.starts_with(copies), "{exported}");
}

/// The picture in the scrollback: the characters it is made of, and its colours in the first
/// row of them.
fn printed(home: &Home, columns: u16) -> (String, Vec<vt100::Color>) {
    let mut show = Studio::start(home, &["history", "--thumbnails"], columns, 30);
    show.end();
    show.drained();
    assert!(show.written().is_ascii(), "{}", show.screen());
    let colours = (0..8).filter_map(|at| show.model().cell(3, at)).map(vt100::Cell::bgcolor);
    (show.screen(), colours.collect())
}

#[test]
fn in_the_locale_c_a_picture_in_the_scrollback_is_made_of_cells_of_one_colour() {
    let home = Home::new().with("LC_ALL", "C");
    home.generate("a fox in the snow");
    let is_true = |colour: &vt100::Color| matches!(colour, vt100::Color::Rgb(..));
    assert!(printed(&home, 80).1.iter().all(is_true));
    let indexed = home.clone().with("COLORTERM", "");
    let is_indexed = |colour: &vt100::Color| matches!(colour, vt100::Color::Idx(16..));
    assert!(printed(&indexed, 80).1.iter().all(is_indexed));
    let sixteen = indexed.clone().with("TERM", "xterm");
    let is_one_of_16 = |colour: &vt100::Color| matches!(colour, vt100::Color::Idx(0..16));
    assert!(printed(&sixteen, 80).1.iter().all(is_one_of_16));
    let (screen, colours) = printed(&home.with("NO_COLOR", "1"), 80);
    assert!(colours.iter().all(|colour| *colour == vt100::Color::Default));
    assert!(screen.lines().any(|row| row.contains(['@', '#', ':'])), "{screen}");
}

#[test]
fn what_turns_while_a_picture_is_made_turns_in_ascii_too() {
    let home = Home::new().with("LANG", "C");
    home.configure("[demo]\nmoment = 0.5\n");
    let mut generate = Studio::start(&home, &["generate", "a fox", "--size", "64x64"], 120, 30);
    generate.shows("drawing").shows("a-fox.png");
    assert!(generate.end().success());
    generate.drained();
    assert!(generate.written().is_ascii(), "{}", generate.screen());
}

#[test]
fn the_setting_overrules_the_locale_and_counts_at_once() {
    let home = Home::with_config("[theme]\nglyphs = \"unicode\"\n").with("LANG", "C");
    let mut studio = Studio::open_in(&home, 80, 24);
    studio.shows("┏ Form");
    home.configure("[theme]\nglyphs = \"ascii\"\n");
    studio.shows("read again").shows("+ Form").hides("┏");
    studio.quit();
    home.generate("Füchse");
    let said = home.run(&["show", "ü"]).with_code(2).err;
    assert!(said.contains("There is no generation \"u\"."), "{said}");
}

#[test]
fn with_no_color_nothing_is_coloured_and_the_selection_is_seen() {
    let home = Home::new().with("NO_COLOR", "1");
    let mut studio = after_a_picture(&home, 120, 40);
    studio.until_model("the selected row reversed", |model| {
        let reversed = |row| model.cell(row, 20).is_some_and(vt100::Cell::inverse);
        (0..40).any(reversed)
    });
    let (rows, columns) = studio.model().size();
    for (row, column) in (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |at| (row, at)))
    {
        let cell = studio.model().cell(row, column).expect("it is on the screen");
        let colours = (cell.fgcolor(), cell.bgcolor());
        assert_eq!(colours, (vt100::Color::Default, vt100::Color::Default), "{row}, {column}");
    }
    studio.quit();
}

#[test]
fn a_terminal_of_sixteen_colours_gets_the_theme_for_them_on_dark_and_on_light() {
    for (background, accent) in [("0000/0000/0000", 14), ("ffff/ffff/ffff", 4)] {
        let home = Home::new().with("TERM", "xterm").with("COLORTERM", "");
        let mut studio = after_a_picture(&home, 120, 40);
        studio.send(format!("\x1b]11;rgb:{background}\x1b\\\x1b[?62;c").as_bytes());
        studio.until_model("the accent", |model| {
            let name = model.cell(0, 1).filter(|cell| cell.contents() == "P");
            name.is_some_and(|cell| cell.fgcolor() == vt100::Color::Idx(accent))
        });
        studio.until_model("the selected row reversed", |model| {
            (0..40).any(|row| model.cell(row, 20).is_some_and(vt100::Cell::inverse))
        });
        studio.quit();
    }
}

#[test]
fn on_a_dumb_terminal_the_studio_names_the_commands_that_work_there() {
    let home = Home::new().with("TERM", "dumb").with("COLORTERM", "");
    let mut studio = Studio::open_in(&home, 80, 24);
    assert!(!studio.end().success());
    studio.drained();
    assert!(!studio.written().contains(&0x1b), "{}", studio.written().escape_ascii());
    assert_snapshot!("dumb-80x24", studio.screen());

    let mut generate = Studio::start(&home, &["generate", "a fox", "--size", "64x64"], 80, 24);
    assert!(generate.end().success());
    generate.drained();
    assert!(generate.screen().contains("Painted on this machine"), "{}", generate.screen());
    let mut history = Studio::start(&home, &["history"], 80, 24);
    assert!(history.end().success());
    history.drained();
    assert!(history.screen().contains("a fox"), "{}", history.screen());
    for written in [generate.written(), history.written()] {
        assert!(!written.contains(&0x1b), "{}", written.escape_ascii());
    }
}
