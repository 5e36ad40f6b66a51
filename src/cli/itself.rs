//! What the program says of itself: its version, its manual, and to shells how it is
//! completed.
//!
//! Owns the command line as others see it. Promises that what starts processes of ours is
//! in none of them, and that nothing has to be in place for any of them: not even a home.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::{Exit, output};
use crate::config::Settings;
use crate::config::models::State;
use crate::domain::{Failure, FailureKind};
use crate::store;

/// What the program is called on a command line.
const NAME: &str = "pentimento";

/// The commands that are told who draws.
const WITH_MODELS: &[&str] = &["generate", "batch"];

/// Print what completes the command line in a shell
#[derive(clap::Args, Debug)]
pub struct Completions {
    /// Which shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// Print the manual as a page for man
#[derive(clap::Args, Debug)]
pub struct Manual {
    /// Write a page for each command into this directory instead.
    #[arg(short, long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    output: Option<PathBuf>,
}

/// What `--version` says: what one is asked for with a report of a fault.
pub(super) fn version() -> String {
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let (tables, sqlite) = store::versions();
    format!(
        "{}\n\
         for {os} on {arch}\n\
         tables of the history: version {tables}, in SQLite {sqlite}\n\
         licence: {}",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_LICENSE"),
    )
}

/// The command line without what is not for people.
fn command() -> Command {
    let whole = super::Arguments::command();
    let shown = whole.get_subcommands().filter(|command| !command.is_hide_set());
    Command::new(NAME)
        .version(env!("CARGO_PKG_VERSION"))
        .about(whole.get_about().cloned().unwrap_or_default())
        .long_about(whole.get_long_about().cloned().unwrap_or_default())
        .args(whole.get_arguments().cloned())
        .subcommands(shown.cloned())
}

/// Prints what `shell` is told. Models are those of `settings`, but for bash, which takes
/// their colon for the end of a word.
pub(super) fn complete(wanted: &Completions, settings: &Settings) -> Exit {
    let mut command = command();
    if wanted.shell != Shell::Bash {
        let current =
            settings.models.iter().filter(|it| !matches!(it.state, State::Retired { .. }));
        let models: Vec<String> = current.map(|it| it.id.to_string()).collect();
        for name in WITH_MODELS {
            let known = PossibleValuesParser::new(models.clone());
            command = command.mut_subcommand(name, |it| {
                it.mut_arg("model", |model| model.value_parser(known).hide_possible_values(true))
            });
        }
    }
    let mut script = Vec::new();
    clap_complete::generate(wanted.shell, &mut command, NAME, &mut script);
    output::text(&String::from_utf8_lossy(&script));
    Exit::Done
}

/// Prints the manual, or writes it.
///
/// # Errors
/// When it cannot be written where it was asked for.
pub(super) fn explain(wanted: &Manual) -> Result<Exit, Failure> {
    let Some(dir) = &wanted.output else {
        let page = whole_page().expect("writing into memory cannot fail");
        output::text(&String::from_utf8_lossy(&page));
        return Ok(Exit::Done);
    };
    let mut command = command().disable_help_subcommand(true);
    command.build();
    write_pages(&command, dir).map_err(|error| {
        let what = format!("The pages cannot be written to {}: {error}.", dir.display());
        Failure::before_sending(FailureKind::Request, what, "Choose another directory with -o.")
    })?;
    Ok(Exit::Done)
}

/// Writes the page of `command` and of all below it, in place of those of another version.
fn write_pages(command: &Command, dir: &Path) -> io::Result<()> {
    std::fs::create_dir_all(dir)?;
    let man = Man::new(command.clone());
    let path = dir.join(man.get_filename());
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&path)?;
    man.render(&mut file)?;
    if command.get_name() == NAME {
        surroundings().to_writer(&mut file)?;
    }
    file.flush()?;
    output::path(&path);
    command.get_subcommands().try_for_each(|below| write_pages(below, dir))
}

/// One page with everything: the program, and then each command.
fn whole_page() -> io::Result<Vec<u8>> {
    let mut command = command().disable_help_subcommand(true);
    command.build();
    let man = Man::new(command.clone()).manual("Pentimento");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    for below in command.get_subcommands() {
        render_below(below, &mut page)?;
    }
    surroundings().to_writer(&mut page)?;
    man.render_version_section(&mut page)?;
    Ok(page)
}

/// One command, with what is below it, as a part of the whole page.
fn render_below(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    let said = ["dir", "help"];
    let man = Man::new(command.clone().mut_args(|argument| {
        let is_said = said.contains(&argument.get_id().as_str());
        argument.hide(is_said)
    }));
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let mut heading = Roff::new();
    heading.control("SH", [name.to_uppercase().as_str()]);
    heading.to_writer(page)?;
    let mut parts = Vec::new();
    man.render_synopsis_section(&mut parts)?;
    man.render_description_section(&mut parts)?;
    if command.get_arguments().any(|argument| !said.contains(&argument.get_id().as_str())) {
        man.render_options_section(&mut parts)?;
    }
    // What are sections on a page of their own are parts of a section here.
    let parts = String::from_utf8_lossy(&parts).replace("\n.SH ", "\n.SS ");
    page.extend_from_slice(parts.replacen(".SH ", ".SS ", 1).as_bytes());
    command.get_subcommands().try_for_each(|below| render_below(below, page))
}

/// What is around the program: variables, files, and how it ends.
fn surroundings() -> Roff {
    const SECTIONS: [(&str, &[(&str, &str)]); 3] = [
        (
            "ENVIRONMENT",
            &[
                ("LANGBASE_API_KEY", "The key of Langbase, through which every request goes."),
                (
                    "OPENAI_API_KEY, TOGETHER_API_KEY, GEMINI_API_KEY, GOOGLE_API_KEY, \
                     OPENROUTER_API_KEY",
                    "The key of the provider whose model draws.",
                ),
                ("PENTIMENTO_DIR", "Where everything is kept, as with --dir."),
                ("PENTIMENTO_LANGBASE_URL", "Where Langbase is."),
                ("VISUAL, EDITOR", "What opens the prompt with F6."),
                ("NO_COLOR, COLORTERM", "Whether there are colours, and how many."),
            ],
        ),
        (
            "FILES",
            &[
                ("~/.config/pentimento/config.toml", "The configuration, which need not be there."),
                ("~/.config/pentimento/history.db", "The history."),
                ("~/.config/pentimento/images", "The pictures, with a receipt beside each."),
                ("~/.cache/pentimento", "Thumbnails, which can be deleted."),
                ("~/.local/state/pentimento", "The log."),
            ],
        ),
        (
            "EXIT STATUS",
            &[
                ("0", "Done."),
                ("1", "Failed."),
                ("2", "Wrong usage or configuration; nothing was sent."),
                ("3", "Partly done."),
                ("130", "Interrupted."),
            ],
        ),
    ];
    let mut page = Roff::new();
    for (title, entries) in SECTIONS {
        page.control("SH", [title]);
        for (what, words) in entries {
            page.control("TP", []);
            page.text([bold(*what)]);
            page.text([roman(*words)]);
        }
    }
    page
}
