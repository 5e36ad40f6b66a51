//! Promise 10: the shell is usable afterwards.

use std::fs;
use std::path::Path;
use std::thread;

use pentimento::config::Settings;
use pentimento::config::environment::Environment;
use pentimento::config::paths::Paths;
use pentimento::graphics::probe::Overrides;
use pentimento::graphics::{CellSize, ColorDepth, Display, Glyphs};
use pentimento::tui::{self, Surroundings, Wishes};
use rustix::process::Signal;

use super::{figures, times};
use crate::home::{Home, wait_for};
use crate::studio::Studio;

/// What stands on the screen before the studio, and must stand there after it.
const BEFORE: &str = "$ pentimento";

/// The studio on a terminal on which something else was before, with its address space
/// limited to so many KiB.
fn begin(home: &Home, most_memory: Option<u64>) -> Studio {
    let limit = most_memory.map_or_else(String::new, |most| format!("ulimit -v {most};"));
    Studio::within(home, &format!("printf '{BEFORE}\\r\\n'; {limit} exec \"$0\""))
}

/// A studio that has the terminal.
fn studio() -> Studio {
    let mut studio = begin(&Home::new(), None);
    studio.shows("Nothing made yet.");
    assert!(judge(&mut studio).is_err(), "the judge sees nothing");
    studio
}

/// Whether the terminal is as it was before the studio, which may have said something
/// below; if not, what is wrong.
fn judge(studio: &mut Studio) -> Result<String, String> {
    // Both of a title and of an icon, or of one of them.
    let titles = |bytes: &[u8]| [b"\x1b]0;", b"\x1b]1;", b"\x1b]2;"].iter().any(|it| bytes == *it);
    let untitled = !studio.drained().windows(4).any(titles);
    let mut last = |mode: &[u8]| studio.drained().windows(mode.len()).rposition(|it| it == mode);
    let unfocused = last(b"\x1b[?1004h") <= last(b"\x1b[?1004l");
    let modes_kept = studio.modes_kept();
    let model = studio.model();
    let said = model.contents();
    for (kept, what) in [
        (modes_kept, "the modes of the terminal are others"),
        (unfocused, "the focus is still reported"),
        (untitled, "the title was touched"),
        (!model.alternate_screen(), "the alternate screen is still there"),
        (!model.hide_cursor(), "the cursor is hidden"),
        (!model.bracketed_paste(), "pastes are still marked"),
        (!model.application_cursor() && !model.application_keypad(), "keys are other ones"),
        (
            model.mouse_protocol_mode() == vt100::MouseProtocolMode::None,
            "the mouse is still reported",
        ),
        (
            model.attributes_formatted()
                == vt100::Parser::default().screen().attributes_formatted(),
            "colours are left over",
        ),
        (said.starts_with(BEFORE), "what was on the screen is gone"),
        (model.cursor_position().1 == 0, "the cursor is in the middle of a line"),
    ] {
        if !kept {
            return Err(format!("{what}, on\n{said}"));
        }
    }
    Ok(said[BEFORE.len()..].trim().to_owned())
}

/// The terminal is as it was, and nothing was said.
#[track_caller]
fn given_back(studio: &mut Studio) {
    assert_eq!(judge(studio), Ok(String::new()));
}

#[test]
fn leaving_gives_the_shell_back() {
    for keys in ["<ctrl+q>", "<F3>q", "a fox<F1><ctrl+q>"] {
        let mut studio = studio();
        assert!(studio.keys(keys).end().success());
        given_back(&mut studio);
    }
    figures(10, "3 ways to quit: the shell as before");
}

#[test]
fn an_error_at_the_start_gives_the_shell_back_and_is_told_on_it() {
    let home = Home::new();
    fs::create_dir(home.path().join("history.db")).expect("the home can be written");
    let mut studio = begin(&home, None);
    assert!(!studio.end().success());
    let said = judge(&mut studio).expect("the shell is as before");
    assert!(said.starts_with("pentimento: "), "{said}");
    figures(10, "an error at the start: the shell as before, and the message on it");
}

#[test]
fn every_signal_that_ends_it_gives_the_shell_back() {
    let signals = [Signal::TERM, Signal::INT, Signal::QUIT, Signal::HUP];
    for signal in signals {
        for (keys, shown) in [("", "Nothing"), ("a fox", "a fox"), ("<F1>", "In a text")] {
            let mut studio = studio();
            // A key that nobody has read yet is echoed to the shell.
            studio.keys(keys).shows(shown);
            studio.signal(signal);
            assert!(studio.end().success());
            given_back(&mut studio);
        }
    }
    figures(10, "TERM, INT, QUIT and HUP on 3 screens each: the shell as before");
}

#[test]
fn a_signal_that_comes_with_the_first_byte_gives_the_shell_back() {
    let starts = times(2, 50);
    for _ in 0..starts {
        for signal in [Signal::TERM, Signal::INT, Signal::QUIT, Signal::HUP] {
            let mut studio = begin(&Home::new(), None);
            studio.until_written("the other screen", b"\x1b[?1049h").signal(signal);
            assert!(studio.end().success());
            given_back(&mut studio);
        }
    }
    figures(
        10,
        &format!("{starts} × TERM, INT, QUIT and HUP before the first frame: the shell as before"),
    );
}

#[test]
fn stopping_and_going_on_changes_nothing() {
    let stops = times(2, 50);
    let mut studio = studio();
    for n in 0..stops {
        studio.signal(Signal::STOP);
        studio.stopped();
        // A shell that has the terminal meanwhile sets it as it likes.
        studio.set_modes_back();
        studio.signal(Signal::CONT);
        wait_for("the studio to have the terminal", || studio.is_raw().then_some(()));
        studio.keys(&format!("<ctrl+u>fox {n}.")).shows(&format!("fox {n}."));
        assert!(studio.model().alternate_screen());
    }
    studio.quit();
    given_back(&mut studio);
    figures(10, &format!("{stops} × STOP and CONT: the studio as before, then the shell"));
}

#[test]
fn a_studio_that_is_killed_leaves_the_terminal_broken_and_the_judge_says_so() {
    let mut studio = studio();
    studio.kill();
    let wrong = judge(&mut studio).expect_err("nobody can give it back");
    assert!(wrong.contains("modes"), "{wrong}");
    figures(10, "negative control, KILL: the judge objects");
}

/// What became of a studio with so many KiB of memory.
enum Fate {
    Up,
    Panic,
    Otherwise,
}

fn fate(most_memory: u64) -> Fate {
    let mut studio = begin(&Home::new(), Some(most_memory));
    if studio.comes_up_with("What do you want to see?") && studio.keys("<ctrl+q>").end().success() {
        return Fate::Up;
    }
    let text = String::from_utf8_lossy(studio.drained()).into_owned();
    if !text.contains("a fault of this program") || !text.contains("\x1b[?1049h") {
        return Fate::Otherwise;
    }
    let said = judge(&mut studio).expect("the shell is as before");
    assert!(said.starts_with("pentimento: a fault of this program"), "{said}");
    Fate::Panic
}

#[test]
fn a_panic_of_the_screen_gives_the_shell_back() {
    // With less and less memory there is a point at which the system refuses a thread to
    // the studio that has just taken the screen, which is a panic.
    let (mut too_little, mut enough) = (16 << 10, 1 << 20);
    while enough - too_little > 256 {
        let middle = u64::midpoint(too_little, enough);
        if matches!(fate(middle), Fate::Up) { enough = middle } else { too_little = middle }
    }
    let (wanted, mut panics, mut tries) = (times(1, 25), 0, 0);
    while panics < wanted {
        // Just below, it is the allocator that gives up; how far that goes is its own affair.
        let less = too_little - 384 * (tries % 64);
        panics += usize::from(matches!(fate(less), Fate::Panic));
        tries += 1;
        assert!(tries < 64 * wanted as u64, "{panics} panics in {tries} starts");
    }
    figures(
        10,
        &format!("{panics} panics of the screen: the shell as before, and the message on it"),
    );
}

/// In the environment of the process which is the studio and in which a thread panics.
const PLAYS_ALONG: &str = "PENTIMENTO_TEST_PANIC";

/// The studio in this process, with a thread beside it that panics when it is told to.
fn studio_with_a_panic(home: &Path) {
    let environment = Environment::of_process();
    let paths = Paths::find(None, &environment).expect("the home is in the environment");
    tui::has_terminal(None).expect("this is a terminal");
    let told = home.join("panic");
    let done = home.join("panicked");
    let beside = thread::spawn(move || {
        let task = thread::spawn(move || {
            wait_for("the word", || told.exists().then_some(()));
            panic!("a fault beside the screen");
        });
        assert!(task.join().is_err(), "it panics");
        fs::write(done, "").expect("the home can be written");
    });
    let (settings, cwd) = (Settings::default(), home.to_owned());
    let terminal: Wishes = |_, _| {
        let display =
            Display { depth: ColorDepth::True, glyphs: Glyphs::Unicode, cell: CellSize::default() };
        (display, Overrides::default())
    };
    let trouble = None;
    let surroundings = Surroundings { settings, trouble, paths, environment, cwd, terminal };
    tui::run(surroundings, || ()).expect("it starts");
    beside.join().expect("it has panicked by now");
}

#[test]
fn a_panic_beside_the_screen_leaves_the_studio_alone() {
    let environment = Environment::of_process();
    if let Some(home) = environment.get(PLAYS_ALONG) {
        return studio_with_a_panic(Path::new(home));
    }
    let home = Home::new();
    let home = home.clone().with(PLAYS_ALONG, &home.path().display().to_string());
    let this = std::env::current_exe().expect("it runs");
    let this = this.to_str().expect("it is UTF-8");
    let name = "faults::shell::a_panic_beside_the_screen_leaves_the_studio_alone";
    let script = format!("printf '{BEFORE}\\r\\n'; exec \"$0\" --exact {name} --nocapture");
    let mut studio = Studio::run(&home, &["/bin/sh", "-c", &script, this], 120, 40);
    studio.shows("Nothing made yet.").keys("a fox").shows("a fox").drained();
    let before = studio.screen();
    fs::write(home.path().join("panic"), "").expect("the home can be written");
    wait_for("the panic", || home.path().join("panicked").exists().then_some(()));
    studio.drained();
    assert_eq!(studio.screen(), before);
    assert!(studio.is_raw() && studio.model().alternate_screen());
    studio.keys("es").shows("a foxes").quit();
    let said = judge(&mut studio).expect("the shell is as before");
    assert!(!said.contains("a fault beside the screen"), "{said}");
    figures(10, "a panic beside the screen: the studio as before, then the shell");
}
