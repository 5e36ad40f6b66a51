//! `pentimento generate`: from a prompt to kept pictures.

use std::fs;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value, json};

use super::{Exit, Surroundings, consent, opening, output, show};
use crate::config::secrets;
use crate::domain::{
    BaseImage, Failure, FailureKind, FieldError, Generation, Job, LIMITS, ModelId, Request,
    parse_count, parse_extra, parse_size,
};
use crate::engine::link::{Link, Place, Report, Service};
use crate::engine::{self, base};
use crate::store::Store;

/// How often a pause is counted down.
const COUNT: Duration = Duration::from_secs(1);

/// Generate pictures from a prompt and print where they are.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// What you want to see; `-` reads it from standard input.
    prompt: String,
    /// Who draws, as provider:name.
    #[arg(short, long, value_name = "MODEL")]
    model: Option<String>,
    /// The size in pixels, as `WIDTHxHEIGHT`.
    #[arg(long, value_name = "WxH", conflicts_with_all = ["width", "height"])]
    size: Option<String>,
    /// Pixels across.
    #[arg(long, value_name = "W", allow_hyphen_values = true)]
    width: Option<String>,
    /// Pixels down.
    #[arg(long, value_name = "H", allow_hyphen_values = true)]
    height: Option<String>,
    /// How many pictures.
    #[arg(short, value_name = "N", allow_hyphen_values = true)]
    n: Option<String>,
    /// Steps of refinement, for models that take them.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    steps: Option<String>,
    /// A picture to begin from: a file of this machine or an address.
    #[arg(long, value_name = "FILE|URL")]
    image: Option<String>,
    /// What not to draw.
    #[arg(long, value_name = "TEXT")]
    negative: Option<String>,
    /// A field this program does not know, passed on as it is.
    #[arg(long = "set", value_name = "KEY=JSON")]
    extra: Vec<String>,
    /// Also copy the pictures into this directory.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Print one JSON object for the generation.
    #[arg(long)]
    json: bool,
    /// Print the request and its price, and send nothing.
    #[arg(long)]
    dry_run: bool,
    /// Send it without a question, where the budget would ask one.
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(arguments: &Arguments, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let settings = surroundings.settings()?;
    let present = secrets::present(settings, &surroundings.environment, &surroundings.cwd);
    let mut request = request(arguments, || settings.start_model(&present))?;
    request.check().map_err(Failure::from)?;
    if let Some(image) = &mut request.image {
        *image = base::check(image, &surroundings.cwd)?;
    }
    if arguments.dry_run {
        let price = settings.models.estimate(&request);
        let price = price.map(crate::domain::Cost::usd);
        output::json_line(&json!({ "request": request, "estimate_usd": price }));
        return Ok(Exit::Done);
    }
    if let Some(dir) = &arguments.output {
        fs::create_dir_all(dir).map_err(|error| no_directory(dir, &error))?;
    }
    let service = surroundings.service(request.model.provider())?;
    let mut store = opening::open(&surroundings.paths.dir)?;
    let mut generation = Generation::queued(engine::new_id(), request, engine::now());
    generation.estimate = settings.models.estimate(&generation.request);
    let id = generation.id;
    // Whatever can fail does so before there is a row to be made.
    let runtime = super::runtime()?;
    let order = |allowance: &_| store.order(std::slice::from_ref(&generation), allowance);
    if !consent::order(settings, arguments.yes, order)? {
        return Ok(Exit::Interrupted);
    }
    let place = surroundings.place(settings);
    let waited = runtime.block_on(wait(place, &generation, service, &mut store));
    runtime.shutdown_background();
    let settled = waited?;
    let generation = store.get(id)?.ok_or_else(|| {
        Failure::before_sending(
            FailureKind::Storage,
            "The generation is gone from the history.",
            "",
        )
    })?;
    if !settled {
        output::say(&format!(
            "pentimento: interrupted. {} goes on in the background; see `pentimento show {}`.",
            id.short(),
            id.short()
        ));
        return Ok(Exit::Interrupted);
    }
    let copied = copy(&generation, arguments.output.as_deref());
    print(&generation, arguments, surroundings);
    copied?;
    Ok(match &generation.job {
        Job::Done => Exit::Done,
        _ if !generation.images.is_empty() => Exit::Partly,
        Job::Failed { failure } => output::exit_of(failure),
        _ => Exit::Failed,
    })
}

fn request(
    arguments: &Arguments,
    default_model: impl FnOnce() -> ModelId,
) -> Result<Request, Failure> {
    let model = match &arguments.model {
        None => default_model(),
        Some(model) => model.parse().map_err(|error| {
            let what = format!("Not sent: “{}”: {error}.", printable_piece(model));
            let hint = "demo:painter needs no key; the README names the others.";
            Failure::before_sending(FailureKind::Request, what, hint)
        })?,
    };
    let mut request = Request::new(prompt(&arguments.prompt)?, model);
    if let Some(size) = &arguments.size {
        (request.width, request.height) = parse_size(size).map_err(|e| wrong("--size", &e))?;
    }
    let number = |flag, what, text: &Option<String>, most| {
        let parsed = text.as_ref().map(|text| parse_count(what, text, most)).transpose();
        parsed.map_err(|error| wrong(flag, &error))
    };
    if arguments.width.is_some() || arguments.height.is_some() {
        request.width = number("--width", "pixels", &arguments.width, LIMITS.side)?;
        request.height = number("--height", "pixels", &arguments.height, LIMITS.side)?;
    }
    request.n = number("-n", "pictures", &arguments.n, LIMITS.n)?;
    request.steps = number("--steps", "steps", &arguments.steps, LIMITS.steps)?;
    request.image = arguments.image.clone().map(BaseImage::from);
    request.negative_prompt.clone_from(&arguments.negative);
    request.extra = extra(&arguments.extra)?;
    Ok(request)
}

fn extra(pairs: &[String]) -> Result<Map<String, Value>, Failure> {
    pairs.iter().map(|pair| parse_extra(pair).map_err(|error| wrong("--set", &error))).collect()
}

fn prompt(argument: &str) -> Result<String, Failure> {
    if argument != "-" {
        return Ok(argument.to_owned());
    }
    let mut text = String::new();
    // The longest prompt in bytes, and some more to tell a longer one.
    let most = LIMITS.prompt as u64 * 4 + 1;
    io::stdin().take(most).read_to_string(&mut text).map_err(|error| {
        let what = format!("Not sent: the prompt on standard input cannot be read: {error}.");
        Failure::before_sending(FailureKind::Request, what, "Write it as UTF-8 text.")
    })?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

fn wrong(flag: &str, error: &FieldError) -> Failure {
    Failure::before_sending(FailureKind::Request, format!("Not sent: {flag}: {error}."), "")
}

fn printable_piece(text: &str) -> crate::domain::Text {
    crate::domain::Text::capped(text, 60)
}

fn no_directory(dir: &Path, error: &io::Error) -> Failure {
    let what = format!("The directory {} cannot be used: {error}.", dir.display());
    Failure::before_sending(FailureKind::Request, what, "Choose another one with -o.")
}

/// Waits until the worker has settled the generation; `false` when the user
/// interrupted the wait and something had been sent.
async fn wait(
    place: Place,
    generation: &Generation,
    service: Service,
    store: &mut Store,
) -> Result<bool, Failure> {
    let (id, provider) = (generation.id, generation.request.model.provider());
    let (link, mut reports) = Link::new(place);
    link.run(id, service);
    let mut job = Job::Queued;
    let bar = progress();
    bar.set_message("waiting");
    bar.enable_steady_tick(Duration::from_millis(120));
    let mut interrupted = std::pin::pin!(tokio::signal::ctrl_c());
    let settled = loop {
        tokio::select! {
            report = reports.recv() => match report {
                Some(Report::Progress(news)) if news.id == id => job = news.job,
                Some(Report::Settled(settled)) if settled == id => break true,
                Some(Report::Trouble(failure)) => bar.suspend(|| output::failure(&failure)),
                Some(_) => {}
                None => break true,
            },
            () = tokio::time::sleep(COUNT), if matches!(job, Job::Paused { .. }) => {}
            _ = &mut interrupted => {
                // What was not sent yet can be taken back for nothing.
                break store.cancel(id, engine::now())?;
            }
        }
        bar.set_message(words(&job, provider));
    };
    bar.finish_and_clear();
    Ok(settled)
}

fn progress() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}");
    ProgressBar::new_spinner().with_style(style.expect("the template is right"))
}

fn words(job: &Job, provider: &str) -> String {
    if let Some(waits_for) = job.waits_for(provider, engine::now()) {
        return waits_for;
    }
    match job {
        Job::Running { attempt: 1, .. } => "drawing".to_owned(),
        Job::Running { attempt, .. } => format!("drawing, attempt {attempt}"),
        Job::Fetching { done, of } => format!("fetching, {done} of {of}"),
        job => job.name().to_owned(),
    }
}

/// Copies the pictures into `dir`, never over another file.
fn copy(generation: &Generation, dir: Option<&Path>) -> Result<(), Failure> {
    let Some(dir) = dir else { return Ok(()) };
    for image in &generation.images {
        let name = image.path.file_name().unwrap_or_default();
        let target = dir.join(name);
        let copied = fs::File::create_new(&target)
            .and_then(|mut target| io::copy(&mut fs::File::open(&image.path)?, &mut target));
        copied.map_err(|error| {
            let what = format!("The copy {} cannot be written: {error}.", target.display());
            let hint = format!("The original is kept at {}.", image.path.display());
            Failure::before_sending(FailureKind::Storage, what, hint)
        })?;
    }
    Ok(())
}

fn print(generation: &Generation, arguments: &Arguments, surroundings: &Surroundings) {
    if arguments.json {
        output::json_line(&output::json(generation, engine::now()));
        return;
    }
    if io::stdout().is_terminal() {
        show::pictures(&generation.images, surroundings);
    }
    for image in &generation.images {
        output::line(&image.path.display().to_string());
    }
    if let Some(failure) = generation.job.failure() {
        output::failure(failure);
    } else if let (true, Some(words)) = (generation.images.is_empty(), &generation.words) {
        output::say(words.as_str());
    }
    if generation.request.model.is_demo() && !generation.images.is_empty() {
        output::say("Painted on this machine by the demo painter, not by a model.");
    }
}
