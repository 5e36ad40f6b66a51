//! The program: which of its faces or processes this one is.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use pentimento::cli::{self, Arguments, Command, Exit};
use pentimento::config::environment::Environment;
use pentimento::config::paths::Paths;
use pentimento::config::{Colors, Glyphs, Graphics, Protocol, Settings};
use pentimento::domain::{Failure, printable};
use pentimento::engine::base::{Darkroom, Ground};
use pentimento::engine::link::own_program;
use pentimento::engine::worker;
use pentimento::graphics::probe::Overrides;
use pentimento::graphics::{self, drivers};
use pentimento::graphics::{CellSize, ColorDepth, Display, bare, base, decode_child};
use pentimento::tui;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};

/// Most lines of the log that wait for the disk. Room for all of them is made at the
/// start, so the thousands that are usual would be paid for by every first frame.
const LOG_LINES: usize = 1024;

fn main() -> ExitCode {
    keep_to_the_user();
    // What is most often called is told apart without the parser of everything else.
    let arguments = match std::env::args_os().len() {
        1 => Arguments { dir: None, command: None },
        _ => match cli::parse(std::env::args_os()) {
            Ok(arguments) => arguments,
            Err(error) => {
                cli::limit_to(characters(Glyphs::Auto, &Environment::of_process()));
                return cli::misused(&error).into();
            }
        },
    };
    match arguments.command {
        Some(Command::Decode { arguments }) => decode_child(arguments),
        Some(Command::Worker { log }) => work(arguments.dir.as_deref(), &log).into(),
        command => face(arguments.dir.as_deref(), command).into(),
    }
}

/// What this process makes is for its user alone, and so is its memory, which may hold
/// keys: nobody reads it, and no core of it is dumped.
fn keep_to_the_user() {
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        // Refused by no kernel; without it the memory is as safe as that of any program.
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// The studio or a command.
fn face(dir: Option<&Path>, command: Option<Command>) -> Exit {
    let environment = Environment::of_process();
    cli::limit_to(characters(Glyphs::Auto, &environment));
    let found = || Settings::load(&Paths::find(dir, &environment).ok()?, &environment).ok();
    let about_itself = |command| cli::about_itself(command, || found().unwrap_or_default());
    if let Some(exit) = command.as_ref().and_then(about_itself) {
        return exit;
    }
    let paths = match Paths::find(dir, &environment) {
        Ok(paths) => paths,
        Err(failure) => return cli::explain(&failure),
    };
    match command {
        Some(command) => one_command(command, paths, environment),
        None => studio(paths, environment).unwrap_or_else(|failure| cli::explain(&failure)),
    }
}

fn one_command(command: Command, paths: Paths, environment: Environment) -> Exit {
    let log = log_to(&paths.logs);
    let settings = Settings::load(&paths, &environment).map_err(Failure::from);
    let colors = settings.as_ref().map_or(Colors::Auto, |settings| settings.graphics.colors);
    let overrides = settings.as_ref().map(|settings| overrides(&settings.graphics));
    let overrides = overrides.unwrap_or_default();
    let glyphs = settings.as_ref().map_or(Glyphs::Auto, |settings| settings.glyphs);
    let (display, cwd) = (display(colors, glyphs, &environment), cwd());
    cli::limit_to(display.glyphs);
    let surroundings = cli::Surroundings { settings, paths, environment, cwd, display, overrides };
    let exit = cli::run(command, &surroundings);
    drop(log);
    exit
}

fn studio(paths: Paths, environment: Environment) -> Result<Exit, Failure> {
    tui::has_terminal(environment.get("TERM"))?;
    let logs = paths.logs.clone();
    // A configuration that is wrong must not keep anybody from their pictures.
    let (settings, trouble) = match Settings::load(&paths, &environment) {
        Ok(settings) => (settings, None),
        Err(error) => {
            (Settings::default(), Some(error.told("Until it is right the defaults are in force.")))
        }
    };
    let cwd = cwd();
    let terminal = |settings: &Settings, environment: &Environment| {
        let colors = settings.graphics.colors;
        (display(colors, settings.glyphs, environment), overrides(&settings.graphics))
    };
    let surroundings = tui::Surroundings { settings, trouble, paths, environment, cwd, terminal };
    tui::run(surroundings, || log_to(&logs)).map(|()| Exit::Done)
}

/// What the user wants of the terminal, whatever it says.
fn overrides(graphics: &Graphics) -> Overrides {
    Overrides {
        protocol: match graphics.protocol {
            Protocol::Auto => None,
            Protocol::Kitty => Some(Some(drivers::Protocol::Kitty)),
            Protocol::Iterm => Some(Some(drivers::Protocol::Iterm)),
            Protocol::WezTerm => Some(Some(drivers::Protocol::WezTerm)),
            Protocol::Sixel => Some(Some(drivers::Protocol::Sixel)),
            Protocol::Blocks => Some(None),
        },
        cell: graphics.cell_size.and_then(|(width, height)| CellSize::new(width, height)),
    }
}

fn display(colors: Colors, glyphs: Glyphs, environment: &Environment) -> Display {
    let glyphs = characters(glyphs, environment);
    Display { depth: depth(colors, environment), glyphs, cell: cell() }
}

/// Which characters there are, as the user or else the locale says.
fn characters(glyphs: Glyphs, environment: &Environment) -> graphics::Glyphs {
    let variable = |name| environment.get(name);
    match glyphs {
        Glyphs::Auto => {
            graphics::Glyphs::of_locale(variable("LC_ALL"), variable("LC_CTYPE"), variable("LANG"))
        }
        Glyphs::Unicode => graphics::Glyphs::Unicode,
        Glyphs::Ascii => graphics::Glyphs::Ascii,
    }
}

fn cwd() -> PathBuf {
    std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"))
}

/// How the worker has base images opened: in a decoder, never by itself.
const DARKROOM: Darkroom = Darkroom {
    bare: |file, most| Box::pin(async move { bare(&own_program(), &file, most).await }),
    pixels: |file, fit| {
        Box::pin(async move {
            let pixels = base(&own_program(), &file, fit).await?;
            let (width, height) = (pixels.width(), pixels.height());
            Ok(Ground { width, height, rgb: pixels.into_rgb() })
        })
    },
};

/// The process that owns the network.
fn work(dir: Option<&Path>, logs: &Path) -> Exit {
    let log = log_to(logs);
    let Some(dir) = dir else { return Exit::Usage };
    let exit = match worker::run(dir, DARKROOM) {
        Ok(()) => Exit::Done,
        Err(failure) => {
            tracing::error!(what = %failure.what, hint = %failure.hint, "the worker cannot work");
            Exit::Failed
        }
    };
    drop(log);
    exit
}

fn depth(colors: Colors, environment: &Environment) -> ColorDepth {
    let variable = |name| environment.get(name);
    match colors {
        Colors::Auto => {
            ColorDepth::from_env(variable("COLORTERM"), variable("TERM"), variable("NO_COLOR"))
        }
        Colors::True => ColorDepth::True,
        Colors::Indexed => ColorDepth::Indexed256,
        Colors::Ansi => ColorDepth::Ansi16,
        Colors::None => ColorDepth::None,
    }
}

/// The size of a cell, where the terminal says it.
fn cell() -> CellSize {
    rustix::termios::tcgetwinsize(std::io::stdout())
        .ok()
        .filter(|size| size.ws_col > 0 && size.ws_row > 0)
        .and_then(|size| CellSize::new(size.ws_xpixel / size.ws_col, size.ws_ypixel / size.ws_row))
        .unwrap_or_default()
}

/// Sends the log to a file a day in `dir`, warnings and worse unless `RUST_LOG` says
/// otherwise. Without a place for it there is no log, and the program works all the
/// same.
fn log_to(dir: &Path) -> Option<WorkerGuard> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).ok()?;
    let files = tracing_appender::rolling::Builder::new()
        .rotation(tracing_appender::rolling::Rotation::DAILY)
        .filename_prefix("pentimento")
        .filename_suffix("log")
        .max_log_files(7)
        .build(dir)
        .ok()?;
    let (writer, guard) =
        NonBlockingBuilder::default().buffered_lines_limit(LOG_LINES).finish(files);
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    let writer = move || Clean(writer.clone());
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(writer).init();
    Some(guard)
}

/// Lines for the log, which may quote what came from outside.
struct Clean<W>(W);

impl<W: Write> Write for Clean<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(printable(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
