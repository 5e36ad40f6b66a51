//! `pentimento batch`: a file with a request on each line, over as many runs as it takes.
//!
//! Promises that every line is looked at before anything is sent; that a line is put into the
//! queue once, however often and by however many the file is run; and that what may have been
//! paid for is never sent again. Must never keep a list of its own: what became of a line is
//! in the history.

mod reading;
mod waiting;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::json;

use super::generate::{self, Manner};
use super::{Exit, Surroundings, consent, opening, output, queue};
use crate::config::secrets;
use crate::domain::{
    Charged, Cost, Failure, Generation, GenerationId, Job, Mark, ModelId, Request, Sum,
};
use crate::engine;
use crate::face;
use crate::store::{Line, Store};
use reading::{Lines, refused};
use waiting::Waiting;

/// Send a file with a prompt or a request on each line; what was sent is not sent again
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// A prompt, or a request as JSON, on each line; `-` reads them from standard input.
    /// Empty lines, and those that begin with `#`, are left out.
    #[arg(value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
    /// Who draws, as provider:name, where a line does not say it.
    #[arg(short, long, value_name = "MODEL")]
    model: Option<String>,
    /// The size in pixels, as `WIDTHxHEIGHT`, where a line does not say it.
    #[arg(long, value_name = "WxH")]
    size: Option<String>,
    /// Send the prompts as they are written: each stands for itself alone.
    #[arg(long)]
    literal: bool,
    /// Spend no more than this on the file, in US dollars: lines that would are left for another
    /// run. What earlier runs spent on it counts.
    #[arg(long, value_name = "USD")]
    budget: Option<String>,
    /// Send all lines once more, although they were sent before.
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    manner: Manner,
}

/// One request of the file.
struct Asked {
    /// Which line it is of.
    line: usize,
    /// Its row, as it would be put into the journal.
    row: Generation,
    /// Its row there; [`Known::Gone`] when it was emptied out of the trash.
    known: Option<Known>,
}

/// What is known of a request that was put into the journal once.
enum Known {
    Row(Box<Generation>),
    Gone,
}

/// How a request stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// It was never sent, was taken back, or failed and certainly cost nothing.
    Open,
    /// It waits or is under way.
    UnderWay,
    /// It ended. What may have been paid for is left to the user.
    Ended,
}

pub(super) fn run(arguments: &Arguments, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let settings = surroundings.settings()?;
    let budget = arguments.budget.as_deref().map(amount).transpose()?;
    let lines = reading::read(arguments, surroundings, model(arguments, surroundings)?)?;
    let mut store = opening::open(&surroundings.paths.dir)?;
    let mut all = requests(&lines, arguments.again, surroundings, &store)?;
    let left_out = budget.map_or(Ok(0), |budget| keep_within(budget, &mut all))?;
    announce(&all, left_out);
    if arguments.manner.dry_run {
        all.iter().for_each(print_plan);
        return Ok(Exit::Done);
    }
    generate::make_directory(arguments.manner.output.as_deref())?;
    let open = |all: &[Asked]| -> Vec<Generation> {
        all.iter().filter(|it| it.stand() == Stand::Open).map(|it| it.row.clone()).collect()
    };
    let Surroundings { environment, cwd, .. } = surroundings;
    let unended = all.iter().filter(|it| it.stand() != Stand::Ended);
    let unended: Vec<Request> = unended.map(|it| it.row.request.clone()).collect();
    let services = face::services(settings, environment, cwd, &unended)?;
    queue::refuse_paused(&store, &unended)?;
    // Whatever can fail does so before there is a row to be made.
    let runtime = super::runtime()?;
    let to_order = open(&all);
    let order = |allowance: &_| store.order_lines(&to_order, allowance);
    if !to_order.is_empty() {
        if !consent::order(settings, arguments.manner.yes, order)? {
            return Ok(Exit::Interrupted);
        }
        let known = store.marked(all.iter().map(|asked| asked.row.id.mark()))?;
        look_up(&mut all, &known, &store)?;
    }
    let mut exits = Vec::new();
    let mut tell = |generation: &Generation, line: usize| {
        exits.push(print(generation, line, arguments));
    };
    let mut left = BTreeMap::new();
    for asked in &all {
        let Some(Known::Row(generation)) = &asked.known else { continue };
        if asked.stand() == Stand::UnderWay {
            let service = services[generation.request.model.provider()].clone();
            left.insert(generation.id, Waiting { line: asked.line, service });
        } else {
            tell(generation, asked.line);
        }
    }
    let place = surroundings.place(settings);
    let waited = runtime.block_on(waiting::wait(place, left, &mut store, &mut tell));
    runtime.shutdown_background();
    if let Some(left) = waited? {
        output::say(&format!("pentimento: interrupted. {left} Run it again to go on."));
        return Ok(Exit::Interrupted);
    }
    Ok(match generate::together(&exits) {
        Exit::Done if left_out > 0 => Exit::Partly,
        exit => exit,
    })
}

/// Who draws where a line does not say it.
fn model(arguments: &Arguments, surroundings: &Surroundings) -> Result<ModelId, Failure> {
    if let Some(name) = &arguments.model {
        return generate::model(name);
    }
    let settings = surroundings.settings()?;
    let present = secrets::present(settings, &surroundings.environment, &surroundings.cwd);
    Ok(settings.start_model(&present))
}

/// An amount of money as it is typed.
fn amount(text: &str) -> Result<Cost, Failure> {
    let number = text.trim().trim_start_matches('$').parse().ok();
    number.and_then(Cost::from_usd).ok_or_else(|| {
        refused("--budget is no amount of money.", "Write dollars, for example --budget 2.50.")
    })
}

/// The requests of a file and what became of them: in the round the file is in, or in a new
/// one where it is to be sent `again`.
fn requests(
    lines: &Lines,
    again: bool,
    surroundings: &Surroundings,
    store: &Store,
) -> Result<Vec<Asked>, Failure> {
    let settings = surroundings.settings()?;
    let (mut known, mut round) = (BTreeMap::new(), 0);
    loop {
        let next = store.marked(rows(lines, round + 1).iter().map(|row| row.id.mark()))?;
        if next.is_empty() {
            break;
        }
        (known, round) = (next, round + 1);
    }
    if again {
        (known, round) = (BTreeMap::new(), round + 1);
    }
    let estimated = rows(lines, round.max(1))
        .into_iter()
        .map(|row| Generation { estimate: settings.models.estimate(&row.request), ..row });
    let asked = lines.asked.iter().zip(estimated);
    let mut all: Vec<Asked> =
        asked.map(|(asked, row)| Asked { line: asked.line, row, known: None }).collect();
    look_up(&mut all, &known, store)?;
    // They were asked for together, by whichever run.
    let begun = all.iter().find_map(|asked| match &asked.known {
        Some(Known::Row(generation)) => Some(generation.batch.unwrap_or(generation.id)),
        _ => None,
    });
    let first = begun.or_else(|| (all.len() > 1).then(|| all[0].row.id));
    for asked in &mut all {
        asked.row.batch = first;
    }
    Ok(all)
}

/// The rows of a file in one of its rounds.
fn rows(lines: &Lines, round: u32) -> Vec<Generation> {
    let now = engine::now();
    let mut before: BTreeMap<String, u32> = BTreeMap::new();
    let row = |asked: &reading::Asked| {
        let request = &asked.request;
        let same = before.entry(json!(request).to_string()).or_default();
        let line = Line { file: &lines.name, round, request, before: *same };
        *same += 1;
        let mut row = Generation::queued(line.id(now), request.clone(), now);
        row.template.clone_from(&asked.template);
        row
    };
    lines.asked.iter().map(row).collect()
}

/// Finds out what became of each of which an id is known.
fn look_up(
    all: &mut [Asked],
    known: &BTreeMap<Mark, GenerationId>,
    store: &Store,
) -> Result<(), Failure> {
    for asked in all {
        let id = known.get(&asked.row.id.mark());
        let row = id.map(|id| store.get(*id)).transpose()?;
        asked.known = row.map(|row| row.map_or(Known::Gone, |row| Known::Row(Box::new(row))));
    }
    Ok(())
}

/// Leaves out what `budget` has no room for, from the first line on that it has none for, and
/// says how many that are.
///
/// # Errors
/// When nobody knows what a line costs.
fn keep_within(budget: Cost, all: &mut Vec<Asked>) -> Result<usize, Failure> {
    let mut spent = Cost::FREE;
    for asked in all.iter().filter(|asked| asked.stand() != Stand::Open) {
        let Some(Known::Row(generation)) = &asked.known else { continue };
        let cost = generation.cost.or(generation.estimate).or(asked.row.estimate);
        spent = spent.plus(cost.ok_or_else(|| unknown_price(asked.line))?);
    }
    let mut room = true;
    let before = all.len();
    let mut wrong = None;
    all.retain(|asked| {
        if asked.stand() != Stand::Open {
            return true;
        }
        let Some(cost) = asked.row.estimate else {
            wrong.get_or_insert(asked.line);
            return true;
        };
        let after = spent.plus(cost);
        room &= after <= budget;
        spent = if room { after } else { spent };
        room
    });
    wrong.map_or(Ok(before - all.len()), |line| Err(unknown_price(line)))
}

fn unknown_price(line: usize) -> Failure {
    refused(
        format!("nobody knows what line {line} costs, so --budget cannot be kept."),
        "Give its model a price in config.toml, or leave --budget out.",
    )
}

/// Says how the file stands, for the person who watches.
fn announce(all: &[Asked], left_out: usize) {
    let open = || all.iter().filter(|asked| asked.stand() == Stand::Open);
    let (to_send, count) = (open().count(), all.len() + left_out);
    let price: Sum = open().map(|asked| asked.row.estimate).collect();
    let requests = if count == 1 { "1 request".to_owned() } else { format!("{count} requests") };
    let mut words = vec![match to_send {
        0 => format!("{requests}: none to send"),
        _ => format!("{requests}: {to_send} to send ({price})"),
    }];
    let before = all.len() - to_send;
    words.extend((before > 0).then(|| format!("{before} sent before")));
    words.extend((left_out > 0).then(|| format!("{left_out} left out by --budget")));
    output::say(&format!("{}.", words.join(", ")));
}

fn print_plan(asked: &Asked) {
    let known = match &asked.known {
        Some(Known::Row(generation)) => Some(generation),
        _ => None,
    };
    let status = match (&asked.known, known) {
        (None, _) => "new",
        (_, Some(generation)) => generation.job.name(),
        _ => "deleted",
    };
    output::json_line(&json!({
        "line": asked.line,
        "status": status,
        "sends": asked.stand() == Stand::Open,
        "id": known.map(|generation| generation.id),
        "request": asked.row.request,
        "estimate_usd": asked.row.estimate.map(Cost::usd),
    }));
}

/// Prints what came of one request, and says how that counts.
fn print(generation: &Generation, line: usize, arguments: &Arguments) -> Exit {
    let copied = generate::copy(generation, arguments.manner.output.as_deref());
    if arguments.manner.json {
        let mut value = output::json(generation, engine::now());
        value["line"] = line.into();
        output::json_line(&value);
    } else {
        for image in &generation.images {
            output::path(&image.path);
        }
    }
    let id = generation.id.short();
    if let Some(failure) = generation.job.failure() {
        let what = format!("line {line}, {id}: {}", failure.what).into();
        output::failure(&Failure { what, ..failure.clone() });
    } else if generation.images.is_empty() {
        let job = generation.job.name();
        output::say(&format!("pentimento: line {line}, {id}: {job}, without a picture."));
    }
    if let Job::Interrupted { .. } = generation.job {
        output::say(&format!("  `pentimento resume --send-again {id}` sends it again."));
    }
    if let Err(failure) = copied {
        output::failure(&failure);
        return Exit::Failed;
    }
    generate::exit_of(generation)
}

impl Asked {
    fn stand(&self) -> Stand {
        let Some(known) = &self.known else { return Stand::Open };
        let Known::Row(generation) = known else { return Stand::Ended };
        match &generation.job {
            job if job.is_under_way() => Stand::UnderWay,
            Job::Cancelled => Stand::Open,
            Job::Failed { failure } if failure.charged == Charged::No => Stand::Open,
            _ => Stand::Ended,
        }
    }
}
