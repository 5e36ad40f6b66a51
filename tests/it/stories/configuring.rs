//! A configuration that is wrong, or changes while the studio runs.

use std::fs;
use std::os::unix::fs::symlink;

use insta::assert_snapshot;

use super::studio_in;
use crate::home::Home;
use crate::studio::Studio;

/// Configurations that are wrong, and what is said of each.
const WRONG: [(&str, &str); 8] = [
    ("[studio\nmouse = false", "config.toml:1:8: "),
    ("[studio]\nmouse = flase", "config.toml:2:9: "),
    (
        "[keys]\ngenrate = [\"F5\"]",
        "config.toml:2:1: unknown key `genrate`; did you mean `generate`?",
    ),
    (
        "[keys]\nmodels = [\"F5\"]",
        "config.toml:2:1: F5 is bound to both `generate` and `models`; choose other keys",
    ),
    ("[keys]\nmodels = [\"hyper+q\"]", "config.toml:2:11: `models`: "),
    (
        "[themes.mine]\naccnt = \"red\"",
        "config.toml:2:1: unknown key `accnt`; did you mean `accent`?",
    ),
    (
        "[themes.mine]\naccent = \"gren\"",
        "config.toml:2:10: `accent`: “gren” is no colour (did you mean green?)",
    ),
    (
        "[theme]\nname = \"drak\"",
        "config.toml:2:8: `name`: there is no such theme, only auto, dark",
    ),
];

#[test]
fn with_a_wrong_configuration_the_studio_opens_with_the_defaults_and_says_what_is_wrong() {
    for (config, said) in WRONG {
        let home = Home::new();
        home.configure(config);
        let mut studio = studio_in(&home);
        studio.shows(said).keys("a fox").shows("a fox").quit();
    }
}

#[test]
fn a_command_with_a_wrong_configuration_says_the_same_and_fails_as_wrong_usage() {
    for (config, said) in WRONG {
        let home = Home::new();
        home.configure(config);
        for arguments in [&["generate", "a fox"][..], &["config", "check"]] {
            home.run(arguments).with_code(2).saying(said);
        }
    }
}

#[test]
fn a_configuration_that_becomes_wrong_is_told_and_the_one_before_stays_in_force() {
    let home = Home::with_config("[keys]\nhelp = [\"F12\"]\n");
    let mut studio = studio_in(&home);
    for (config, said) in WRONG {
        home.configure(config);
        studio.shows(said);
        studio.keys("<F12>").shows("┏ Help").keys("<esc>").hides("┏ Help");
    }
    home.configure("[keys]\nhelp = [\"F10\"]\n");
    studio.shows("The configuration was read again.");
    studio.keys("<F10>").shows("┏ Help").keys("<esc>").hides("┏ Help").quit();
}

#[test]
fn what_is_wrong_can_be_read_on_small_screens() {
    for (columns, rows) in [(80, 24), (40, 12)] {
        let home = Home::new();
        home.configure("[themes.mine]\naccnt = \"red\"");
        let mut studio = Studio::open_in(&home, columns, rows);
        studio.shows("config.toml:2:1").hides("loading…");
        assert_snapshot!(format!("wrong-{columns}x{rows}"), studio.screen());
        studio.quit();
    }
}

#[test]
fn keys_theme_and_prices_change_while_the_studio_runs() {
    let home = Home::new();
    let mut studio = studio_in(&home);
    studio.keys("a fox");
    home.configure(
        "[theme]\nname = \"mine\"\n[themes.mine]\nlabel = \"#123456\"\n\
         [models.\"demo:painter\"]\nprice = 0.25\n",
    );
    studio.shows("The configuration was read again.").shows("Form · about $0.25");
    studio.until_model("the label in its new colour", |model| {
        let label = model.cell(2, 2).filter(|cell| cell.contents() == "M");
        label.is_some_and(|cell| cell.fgcolor() == vt100::Color::Rgb(0x12, 0x34, 0x56))
    });
    studio.keys("<F3>").shows("a fox").quit();
}

#[test]
fn limits_and_the_price_of_an_order_go_by_the_configuration_as_it_is_now() {
    let home = Home::new();
    let mut studio = studio_in(&home);
    studio.keys("a fox<tab>64x64<F2>").shows("64x64");
    home.configure(
        "[demo]\nmoment = 0\n[budget]\nper_batch = 0.1\n[models.\"demo:painter\"]\nprice = 0.25\n",
    );
    studio.shows("read again").press_until("<F5>", "per_batch");
    assert!(home.history().is_empty());
    home.configure("[demo]\nmoment = 0\n");
    studio.shows("read again").generate().shows("1 picture in").quit();
}

#[test]
fn what_the_worker_or_the_form_began_with_counts_from_the_next_start_on() {
    let home = Home::new();
    let mut studio = studio_in(&home);
    home.configure("[queue]\nparallel = 7\n[upload]\nkeep_metadata = true\n");
    studio.shows("Read again; parallel, keep_metadata count from the next start on.");
    home.configure("[studio]\nmodel = \"demo:painter\"\n[queue]\nparallel = 7\n[upload]\nkeep_metadata = true\n");
    studio.shows("Read again; model counts from the next start on.").quit();
}

#[test]
fn it_does_not_matter_how_an_editor_saves() {
    let home = Home::with_config("[keys]\nhelp = [\"F12\"]\n");
    let mut studio = studio_in(&home);
    let (file, beside) = (home.path().join("config.toml"), home.path().join(".config.toml.swp"));
    let bound_to = |key: &str, studio: &mut Studio| {
        studio.shows("read again").keys(key).shows("┏ Help").keys("<esc>").hides("┏ Help");
    };
    // Renamed over it.
    fs::write(&beside, "[keys]\nhelp = [\"ctrl+t\"]\n").expect("it can be written");
    fs::rename(&beside, &file).expect("it can be renamed");
    bound_to("<ctrl+t>", &mut studio);
    // Moved away, and written anew.
    fs::rename(&file, home.path().join("config.toml~")).expect("it can be renamed");
    fs::write(&file, "[keys]\nhelp = [\"F10\"]\n").expect("it can be written");
    bound_to("<F10>", &mut studio);
    // Gone, so that the defaults are in force; and there again.
    fs::remove_file(&file).expect("it can be removed");
    bound_to("<F1>", &mut studio);
    fs::write(&file, "[keys]\nhelp = [\"F11\"]\n").expect("it can be written");
    bound_to("<F11>", &mut studio);
    studio.quit();
}

#[test]
fn a_link_is_followed_to_the_file_and_to_another_one() {
    let home = Home::new();
    let (file, dotfiles) = (home.path().join("config.toml"), home.path().join("dotfiles"));
    fs::create_dir(&dotfiles).expect("it can be made");
    let [one, two] = ["one.toml", "two.toml"].map(|name| dotfiles.join(name));
    fs::write(&one, "[keys]\nhelp = [\"F12\"]\n").expect("it can be written");
    fs::write(&two, "[keys]\nhelp = [\"F10\"]\n").expect("it can be written");
    fs::remove_file(&file).expect("it can be removed");
    symlink(&one, &file).expect("it can be linked");
    let mut studio = studio_in(&home);
    studio.keys("<F12>").shows("┏ Help").keys("<esc>").hides("┏ Help");
    fs::write(&one, "[keys]\nhelp = [\"ctrl+t\"]\n").expect("it can be written");
    studio.shows("read again").keys("<ctrl+t>").shows("┏ Help").keys("<esc>").hides("┏ Help");
    let link = home.path().join("link");
    symlink(&two, &link).expect("it can be linked");
    fs::rename(link, &file).expect("it can be renamed");
    studio.shows("read again").keys("<F10>").shows("┏ Help").keys("<esc>").hides("┏ Help");
    fs::write(&two, "[keys]\nhelp = [\"F11\"]\n").expect("it can be written");
    studio.shows("read again").keys("<F11>").shows("┏ Help").quit();
}

#[test]
fn a_directory_that_is_a_link_is_watched_where_it_leads() {
    let home = Home::new();
    let link = tempfile::tempdir().expect("there is room for a directory");
    let link = link.path().join("pentimento");
    symlink(home.path(), &link).expect("it can be linked");
    let linked = home.clone().with("PENTIMENTO_DIR", &link.display().to_string());
    let mut studio = studio_in(&linked);
    home.configure("[keys]\nhelp = [\"F12\"]\n");
    studio.shows("read again").keys("<F12>").shows("┏ Help").quit();
}

#[test]
fn a_file_that_is_only_touched_is_not_told_of() {
    let home = Home::with_config("[keys]\nhelp = [\"F12\"]\n");
    let mut studio = studio_in(&home);
    let file = home.path().join("config.toml");
    let text = fs::read_to_string(&file).expect("it is there");
    fs::write(&file, text).expect("it can be written");
    fs::write(home.path().join("notes.toml"), "[keys").expect("it can be written");
    studio.keys("<F12>").shows("┏ Help");
    home.configure("[keys]\nhelp = [\"F10\"]\n");
    studio.until("the news of the last change alone", |screen| screen.contains("read again"));
    studio.quit();
}
