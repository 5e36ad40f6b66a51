//! `pentimento generate`: from a prompt to kept pictures.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use super::like::Like;
use super::{Exit, Surroundings, consent, opening, output, queue, show};
use crate::config::{secrets, wildcards};
use crate::domain::template::{self, Template};
use crate::domain::{
    BaseImage, Cost, Draw, Failure, FailureKind, FieldError, Generation, GenerationId, Job, LIMITS,
    ModelId, Plan, Request, Text, parse_count, parse_extra, parse_size,
};
use crate::engine;
use crate::engine::link::{Link, Report};
use crate::face;
use crate::store::Store;

/// How often a pause is counted down, and looked what has become of those that wait.
pub(super) const COUNT: Duration = Duration::from_secs(1);

/// Generate pictures from a prompt and print where they are.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// What you want to see; `-` reads it from standard input. `{red|blue}`, `__wildcard__`
    /// and `$name` stand for many prompts.
    #[arg(required_unless_present = "like")]
    prompt: Option<String>,
    /// Ask as it was asked before: the id of a generation, or the file of a picture that says
    /// how it was made. What else is given takes the place of that.
    #[arg(long, value_name = "ID|FILE")]
    like: Option<OsString>,
    /// Send the prompt as it is written: it stands for itself alone.
    #[arg(long)]
    literal: bool,
    /// Of all prompts it stands for, so many at random.
    #[arg(long, value_name = "N", conflicts_with = "literal")]
    random: Option<u32>,
    /// What they are drawn with: the same number draws the same ones.
    #[arg(long, value_name = "NUMBER", requires = "random", default_value_t = 0)]
    seed: u64,
    /// Who draws, as provider:name. More than one draw each prompt.
    #[arg(short, long, value_name = "MODEL")]
    model: Vec<String>,
    /// The size in pixels, as `WIDTHxHEIGHT`. With more than one each prompt is drawn at each.
    #[arg(long, value_name = "WxH", conflicts_with_all = ["width", "height"])]
    size: Vec<String>,
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
    image: Option<OsString>,
    /// What not to draw.
    #[arg(long, value_name = "TEXT")]
    negative: Option<String>,
    /// A field this program does not know, passed on as it is.
    #[arg(long = "set", value_name = "KEY=JSON")]
    extra: Vec<String>,
    #[command(flatten)]
    manner: Manner,
}

/// How requests are sent, and what is made of what comes.
#[derive(clap::Args, Debug)]
pub(super) struct Manner {
    /// Also copy the pictures into this directory.
    #[arg(short, long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub(super) output: Option<PathBuf>,
    /// Print one JSON object for each request, with what came of it.
    #[arg(long)]
    pub(super) json: bool,
    /// Print each request and its price, and send nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Send without a question, where the budget would ask one.
    #[arg(long)]
    pub(super) yes: bool,
}

pub(super) fn run(arguments: &Arguments, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let settings = surroundings.settings()?;
    let present = secrets::present(settings, &surroundings.environment, &surroundings.cwd);
    let like = arguments.like.as_deref().map(|like| Like::find(like, surroundings)).transpose()?;
    let like = like.unwrap_or_default();
    let mut plan = plan(arguments, &like, surroundings, || settings.start_model(&present))?;
    let requests = requests(&mut plan, arguments, surroundings)?;
    if arguments.manner.dry_run {
        for request in &requests {
            let price = settings.models.estimate(request).map(Cost::usd);
            output::json_line(&json!({ "request": request, "estimate_usd": price }));
        }
        return Ok(Exit::Done);
    }
    make_directory(arguments.manner.output.as_deref())?;
    let Surroundings { environment, cwd, .. } = surroundings;
    let services = face::services(settings, environment, cwd, &requests)?;
    let mut store = opening::open(&surroundings.paths.dir)?;
    queue::refuse_paused(&store, &requests)?;
    let generations = face::queued(settings, requests, plan.written().as_deref(), like.parent);
    // Whatever can fail does so before there is a row to be made.
    let runtime = super::runtime()?;
    let order = |allowance: &_| store.order(&generations, allowance);
    if !consent::order(settings, arguments.manner.yes, order)? {
        return Ok(Exit::Interrupted);
    }
    let service = |it: &Generation| services[it.request.model.provider()].clone();
    let runs = generations.iter().map(|generation| (generation.id, service(generation)));
    let place = surroundings.place(settings);
    let waited = runtime.block_on(async {
        let (link, reports) = Link::new(place);
        runs.for_each(|(id, service)| link.run(id, service));
        wait(reports, &generations, &mut store).await
    });
    runtime.shutdown_background();
    let left = waited?;
    let mut exits = Vec::new();
    for asked in &generations {
        if left.contains(&asked.id) {
            let id = asked.id.short();
            output::say(&format!(
                "pentimento: interrupted. {id} goes on in the background; \
                 see `pentimento show {id}`."
            ));
            exits.push(Exit::Interrupted);
            continue;
        }
        let generation = store.get(asked.id)?.ok_or_else(gone)?;
        let copied = copy(&generation, arguments.manner.output.as_deref());
        print(&generation, arguments, surroundings);
        copied?;
        exits.push(exit_of(&generation));
    }
    Ok(together(&exits))
}

/// How a generation counts.
pub(super) fn exit_of(generation: &Generation) -> Exit {
    match &generation.job {
        Job::Done => Exit::Done,
        _ if !generation.images.is_empty() => Exit::Partly,
        Job::Failed { failure } => output::exit_of(failure),
        _ => Exit::Failed,
    }
}

/// How a whole batch ended, by how its parts did.
pub(super) fn together(exits: &[Exit]) -> Exit {
    let first_other = exits.iter().find(|exit| **exit != Exit::Done);
    match first_other {
        None => Exit::Done,
        Some(_) if exits.contains(&Exit::Interrupted) => Exit::Interrupted,
        Some(_) if exits.contains(&Exit::Done) => Exit::Partly,
        Some(exit) => *exit,
    }
}

fn gone() -> Failure {
    let what = "The generation is gone from the history.";
    Failure::before_sending(FailureKind::Storage, what, "")
}

/// The requests that are to be sent, each of them valid, and not too many.
fn requests(
    plan: &mut Plan,
    arguments: &Arguments,
    surroundings: &Surroundings,
) -> Result<Vec<Request>, Failure> {
    let draw = arguments.random.map(|prompts| Draw { prompts, seed: arguments.seed });
    let (count, most) = (plan.chosen(draw), surroundings.settings()?.prompt.most);
    if count > most.into() {
        let what = format!("Not sent: these are {count} requests, and {most} are allowed.");
        let hint = "Draw some with --random, or change [prompt] most.";
        return Err(Failure::before_sending(FailureKind::Request, what, hint));
    }
    // What is wrong with the words is said before what is wrong with a file.
    plan.requests(draw)?;
    if let Some(image) = &mut plan.base.image {
        let from = face::standpoint(&surroundings.environment, &surroundings.cwd);
        *image = from.check(image)?;
    }
    Ok(plan.requests(draw)?)
}

fn plan(
    arguments: &Arguments,
    like: &Like,
    surroundings: &Surroundings,
    default_model: impl FnOnce() -> ModelId,
) -> Result<Plan, Failure> {
    let read = arguments.model.iter().map(|name| model(name));
    let mut models: Vec<ModelId> = read.collect::<Result<_, _>>()?;
    if models.is_empty() {
        models.push(like.model.clone().unwrap_or_else(default_model));
    }
    let text = match &arguments.prompt {
        Some(text) => prompt(text)?,
        None if arguments.literal => like.prompt.clone(),
        None => like.written.clone(),
    };
    let mut base = Request::new("", models[0].clone());
    let size = |size: &String| parse_size(size).map_err(|e| wrong("--size", &e));
    let mut sizes: Vec<_> = arguments.size.iter().map(size).collect::<Result<_, _>>()?;
    let number = |flag, what, text: &Option<String>, most| {
        let parsed = text.as_ref().map(|text| parse_count(what, text, most)).transpose();
        parsed.map_err(|error| wrong(flag, &error))
    };
    if sizes.is_empty() {
        let width = number("--width", "pixels", &arguments.width, LIMITS.side)?;
        let height = number("--height", "pixels", &arguments.height, LIMITS.side)?;
        sizes.push(if width.or(height).is_some() { (width, height) } else { like.size });
    }
    base.n = number("-n", "pictures", &arguments.n, LIMITS.n)?.or(like.n);
    base.steps = number("--steps", "steps", &arguments.steps, LIMITS.steps)?.or(like.steps);
    base.image = arguments.image.as_deref().map(base_image).or_else(|| like.image.clone());
    base.negative_prompt = arguments.negative.clone().or_else(|| like.negative.clone());
    base.extra.clone_from(&like.extra);
    base.extra.extend(extra(&arguments.extra)?);
    let is_literal = arguments.literal || !surroundings.settings()?.prompt.templates;
    let template = template(&text, is_literal, surroundings)?;
    Ok(Plan { base, models, sizes, template: Arc::new(template), text })
}

/// The base image of this name. One that is no text is a file, which is refused as such.
fn base_image(name: &OsStr) -> BaseImage {
    let text = name.to_str().map(|text| BaseImage::from(text.to_owned()));
    text.unwrap_or_else(|| BaseImage::File(name.into()))
}

/// The model of this name.
pub(super) fn model(name: &str) -> Result<ModelId, Failure> {
    name.parse().map_err(|error| {
        let what = format!("Not sent: “{}”: {error}.", Text::capped(name, 60));
        let hint = "demo:painter needs no key; the README names the others.";
        Failure::before_sending(FailureKind::Request, what, hint)
    })
}

pub(super) fn template(
    text: &str,
    is_literal: bool,
    surroundings: &Surroundings,
) -> Result<Template, Failure> {
    let dir = surroundings.paths.dir.join(wildcards::DIRECTORY);
    let look_up = |name: &str| wildcards::read(&dir, name);
    let read = if is_literal { template::escape(text) } else { text.to_owned() };
    Template::read(&read, &look_up).map_err(|mistake| {
        let what = format!("Not sent: the prompt: {mistake}.");
        let hint = "With --literal it is sent as it is written.";
        Failure::before_sending(FailureKind::Request, what, hint)
    })
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

/// Makes the directory for copies, where there is to be one.
pub(super) fn make_directory(dir: Option<&Path>) -> Result<(), Failure> {
    let Some(dir) = dir else { return Ok(()) };
    fs::create_dir_all(dir).map_err(|error| {
        let what = format!("The directory {} cannot be used: {error}.", dir.display());
        Failure::before_sending(FailureKind::Request, what, "Choose another one with -o.")
    })
}

/// Waits until the worker has settled all of them. Where the user interrupts that, what
/// was not sent yet is taken back; the answer is what goes on nevertheless.
async fn wait(
    mut reports: UnboundedReceiver<Report>,
    generations: &[Generation],
    store: &mut Store,
) -> Result<BTreeSet<GenerationId>, Failure> {
    let mut left: BTreeMap<GenerationId, Job> =
        generations.iter().map(|generation| (generation.id, Job::Queued)).collect();
    let bar = output::progress();
    bar.set_message("waiting");
    bar.enable_steady_tick(Duration::from_millis(120));
    let mut interrupted = std::pin::pin!(tokio::signal::ctrl_c());
    let mut paused = false;
    while !left.is_empty() {
        tokio::select! {
            report = reports.recv() => match report {
                Some(Report::Progress(news)) => {
                    left.entry(news.id).and_modify(|job| *job = news.job);
                }
                Some(Report::Settled(settled)) => drop(left.remove(&settled)),
                Some(Report::Trouble(failure)) => bar.suspend(|| output::failure(&failure)),
                None => left.clear(),
            },
            () = tokio::time::sleep(COUNT) => {
                // What somebody else has taken back or paused no worker tells of.
                let (ended, held) = queue::elsewhere(store, left.keys())?;
                left.retain(|id, _| !ended.contains(id));
                if let Some(failure) = held.filter(|_| !std::mem::replace(&mut paused, true)) {
                    bar.suspend(|| output::failure(&failure));
                }
            }
            _ = &mut interrupted => {
                // What was not sent yet can be taken back for nothing.
                let now = engine::now();
                let ids: Vec<GenerationId> = left.keys().copied().collect();
                for id in ids {
                    if store.cancel(id, now)? {
                        left.remove(&id);
                    }
                }
                break;
            }
        }
        bar.set_message(progress_of(generations, &left));
    }
    bar.finish_and_clear();
    Ok(left.into_keys().collect())
}

/// How far they are, in a few words.
fn progress_of(generations: &[Generation], left: &BTreeMap<GenerationId, Job>) -> String {
    let of_one = |(id, job): (&GenerationId, &Job)| {
        let generation = generations.iter().find(|generation| generation.id == *id);
        words(job, generation.map_or("", |it| it.request.model.provider()))
    };
    match generations.len() {
        1 => left.iter().next().map_or_else(String::new, of_one),
        all => format!("{} of {all} done", all - left.len()),
    }
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

/// Copies the pictures into `dir`, never over another file. One that is there already is
/// left alone: its name is that of the picture.
pub(super) fn copy(generation: &Generation, dir: Option<&Path>) -> Result<(), Failure> {
    let Some(dir) = dir else { return Ok(()) };
    for image in &generation.images {
        let name = image.path.file_name().unwrap_or_default();
        let target = dir.join(name);
        if target.metadata().is_ok_and(|there| there.len() == image.bytes) {
            continue;
        }
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
    if arguments.manner.json {
        output::json_line(&output::json(generation, engine::now()));
        return;
    }
    if io::stdout().is_terminal() {
        show::pictures(&generation.images, surroundings);
    }
    for image in &generation.images {
        output::path(&image.path);
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
