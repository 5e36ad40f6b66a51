//! The command line: what the studio does, for scripts and for one line in a shell.
//!
//! Owns the flags and the exit codes. Promises results on standard output, everything
//! else on standard error, and `--json` with one object a line. Must never open the
//! studio, nor colour or animate what is not a terminal.

mod asking;
mod batch;
mod config;
mod consent;
mod cost;
mod doctor;
mod export;
mod generate;
mod history;
mod import;
mod itself;
mod like;
mod opening;
mod output;
mod queue;
mod resume;
mod show;
mod trash;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand};
use tokio::runtime::{Builder, Runtime};

use crate::config::Settings;
use crate::config::environment::Environment;
use crate::config::paths::Paths;
use crate::domain::{Cost, Failure, FailureKind, Request, printable};
use crate::engine::link::{Place, Service};
use crate::face;
use crate::graphics::probe::Overrides;
use crate::graphics::{Display, Glyphs};

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// All was done.
    Done,
    /// It failed.
    Failed,
    /// The usage or the configuration is wrong.
    Usage,
    /// Some of it was done.
    Partly,
    /// The user interrupted it.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Partly => 3,
            Exit::Interrupted => 130,
        })
    }
}

/// A keyboard-driven studio for AI image generation in the terminal.
///
/// Without a command it opens the studio.
#[derive(Parser, Debug)]
#[command(version, long_version = itself::version(), about, max_term_width = 100)]
pub struct Arguments {
    /// Keep everything (history, configuration, cache, log) below this directory.
    #[arg(long, global = true, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
    /// What to do; nothing opens the studio.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Generate pictures from a prompt and print where they are
    Generate(Box<generate::Arguments>),
    /// Send a file with a prompt or a request on each line; what was sent is not sent again
    Batch(batch::Arguments),
    /// List what was made, newest first
    History(history::Arguments),
    /// Show one generation: its picture inline, its request below
    Show(show::Arguments),
    /// Take pictures made elsewhere into the history, with the requests written in them
    Import(import::Arguments),
    /// Copy pictures, with the request written in them
    Export(export::Arguments),
    /// List what is under way and waits, or pause it
    Queue(queue::Arguments),
    /// Say how much is in the trash, or empty it
    Trash(trash::Arguments),
    /// Say what was spent: today, this month, in all
    Cost(cost::Arguments),
    /// Finish what was interrupted; sends nothing unasked that may have been paid for
    Resume(resume::Arguments),
    /// Say where the configuration is, check it, or begin one
    Config(config::Arguments),
    /// Say what is in effect, and why: terminal, keys, paths, database
    Doctor(doctor::Arguments),
    /// Print what completes the command line in a shell
    Completions(itself::Completions),
    /// Print the manual as a page for man
    Man(itself::Manual),
    /// The process that owns the network; started by the others
    #[command(hide = true)]
    Worker {
        /// Where its log goes.
        #[arg(long)]
        log: PathBuf,
    },
    /// The process that decodes one picture; started by the others
    #[command(hide = true, disable_help_flag = true)]
    Decode {
        /// What its caller says.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<std::ffi::OsString>,
    },
}

/// What every command needs to know of its surroundings.
pub struct Surroundings {
    /// The configuration in force, or what is wrong with it.
    pub settings: Result<Settings, Failure>,
    /// Where everything is.
    pub paths: Paths,
    /// The environment.
    pub environment: Environment,
    /// The working directory.
    pub cwd: PathBuf,
    /// What the terminal can show.
    pub display: Display,
    /// What the user wants of it, whatever it says.
    pub overrides: Overrides,
}

/// Runs a command which is not the studio and not a process of its own.
pub fn run(command: Command, surroundings: &Surroundings) -> Exit {
    let ended = match command {
        Command::Generate(arguments) => generate::run(&arguments, surroundings),
        Command::Batch(arguments) => batch::run(&arguments, surroundings),
        Command::History(arguments) => history::run(&arguments, surroundings),
        Command::Show(arguments) => show::run(&arguments, surroundings),
        Command::Import(arguments) => import::run(&arguments, surroundings),
        Command::Export(arguments) => export::run(&arguments, surroundings),
        Command::Queue(arguments) => queue::run(&arguments, surroundings),
        Command::Trash(arguments) => trash::run(&arguments, surroundings),
        Command::Cost(arguments) => cost::run(&arguments, surroundings),
        Command::Resume(arguments) => resume::run(&arguments, surroundings),
        Command::Config(arguments) => config::run(&arguments, surroundings),
        Command::Doctor(arguments) => doctor::run(&arguments, surroundings),
        Command::Completions(_)
        | Command::Man(_)
        | Command::Worker { .. }
        | Command::Decode { .. } => Ok(Exit::Usage),
    };
    whole(ended)
}

/// How a command ended, with what became of its results.
fn whole(ended: Result<Exit, Failure>) -> Exit {
    let exit = ended.unwrap_or_else(|failure| explain(&failure));
    match output::trouble() {
        Some(failure) if exit == Exit::Done => explain(&failure),
        _ => exit,
    }
}

/// What the program says of itself: nothing has to be in place for it, not even a home.
/// `None` when `command` does something else.
pub fn about_itself(command: &Command, settings: impl FnOnce() -> Settings) -> Option<Exit> {
    match command {
        Command::Completions(wanted) => Some(whole(Ok(itself::complete(wanted, &settings())))),
        Command::Man(wanted) => Some(whole(itself::explain(wanted))),
        _ => None,
    }
}

/// The command line as it was meant.
///
/// # Errors
/// What clap says of arguments it cannot use, or was asked for.
pub fn parse(
    arguments: impl IntoIterator<Item = std::ffi::OsString>,
) -> Result<Arguments, clap::Error> {
    Arguments::try_parse_from(history::flags_first(arguments)).map_err(|mut error| {
        let is_near = error.get(ContextKind::SuggestedSubcommand).is_some();
        if error.kind() == ErrorKind::InvalidSubcommand && !is_near {
            // Whoever only has a prompt has begun with it.
            let tip = "pictures are made with 'pentimento generate PROMPT'";
            let tips = ContextValue::StyledStrs(vec![tip.into()]);
            error.insert(ContextKind::Suggested, tips);
        }
        error
    })
}

/// What commands wait on for their worker and their decoder.
fn runtime() -> Result<Runtime, Failure> {
    Builder::new_current_thread().enable_all().build().map_err(|error| {
        Failure::before_sending(
            FailureKind::Internal,
            format!("No thread could be started: {error}."),
            "Close other programs of yours; `ulimit -u` says how many may run.",
        )
    })
}

/// Notes which characters can be shown to whoever reads what is said.
pub fn limit_to(glyphs: Glyphs) {
    output::limit_to(glyphs);
}

/// Ends with what clap says of arguments it cannot use, or was asked for.
pub fn misused(error: &clap::Error) -> Exit {
    let said = error.render().to_string();
    // What is only of the program itself is printed with its colours.
    if said.is_ascii() && printable(&said) == said {
        error.exit();
    }
    output::say(&said);
    Exit::Usage
}

/// Says a failure where messages go.
pub fn explain(failure: &Failure) -> Exit {
    output::failure(failure);
    output::exit_of(failure)
}

impl Surroundings {
    /// The configuration in force.
    ///
    /// # Errors
    /// What is wrong with it.
    fn settings(&self) -> Result<&Settings, Failure> {
        self.settings.as_ref().map_err(Clone::clone)
    }

    /// Where a worker works.
    fn place(&self, settings: &Settings) -> Place {
        face::place(settings, &self.paths)
    }

    /// What `request` will cost; `None` where that is not known.
    fn estimate(&self, request: &Request) -> Option<Cost> {
        self.settings.as_ref().ok()?.models.estimate(request)
    }

    /// Who makes the pictures of `provider`'s models, with the keys for it.
    ///
    /// # Errors
    /// When a key is missing, or the provider is not known.
    fn service(&self, provider: &str) -> Result<Service, Failure> {
        face::service(self.settings()?, &self.environment, &self.cwd, provider)
    }
}
