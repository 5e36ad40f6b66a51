//! `pentimento import`: pictures that were made elsewhere, into the history.
//!
//! Promises that nothing is charged or sent, that a file is only read, that doing it again
//! takes nothing twice, and that one bad file keeps no other from being taken.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Exit, Surroundings, opening, output};
use crate::domain::{
    Failure, FailureKind, Generation, IMPORTED_FROM, ImageFormat, Job, ModelId, Opinion, Request,
    Tag, Timestamp, counted,
};
use crate::face::telling::{self, Picture};
use crate::store::{KnownPictures, Store, StoreError, imported_id};

/// As many bytes as it takes to tell a picture from other files.
const HEAD: u64 = 16;
/// What stands for the program where a picture does not say it.
const UNKNOWN: &str = "unknown";
/// The tag that every imported picture has.
const TAG: &str = "imported";

/// Take pictures made elsewhere into the history, with the requests written in them.
///
/// Each file is copied byte for byte. Requests are read as AUTOMATIC1111, InvokeAI, ComfyUI,
/// SwarmUI, Fooocus and this program write them. What the history has already is left out.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Pictures, and directories with pictures in them at any depth.
    #[arg(required = true, value_name = "FILE|DIR")]
    files: Vec<PathBuf>,
    /// One more tag for each of them, beside "imported".
    #[arg(long, value_name = "WORD")]
    tag: Vec<String>,
    /// Print one JSON object for each file.
    #[arg(long)]
    json: bool,
    /// Say what would be imported, and import nothing.
    #[arg(long)]
    dry_run: bool,
}

/// What became of one file.
enum Outcome {
    /// It is in the history now, or would be.
    Taken(Box<Generation>),
    /// It was there before.
    Known,
}

#[derive(Default)]
struct Count {
    taken: usize,
    known: usize,
    failed: usize,
}

/// Writes what is owed; one that cannot be written stands in nobody's way.
fn settle(store: &mut Store) -> Result<(), StoreError> {
    while store.settle()? {}
    Ok(())
}

pub(super) fn run(arguments: &Arguments, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let tags = tags(&arguments.tag)?;
    let mut store = opening::open(&surroundings.paths.dir)?;
    // Receipts that an import which was broken off still owes.
    if !arguments.dry_run
        && let Err(error) = settle(&mut store)
    {
        output::failure(&error.into());
    }
    let mut known = store.known_pictures()?;
    let mut found = Found::default();
    for file in &arguments.files {
        found.look(&surroundings.cwd.join(file));
    }
    let mut count = Count::default();
    for (path, failure) in found.failures {
        count.failed += 1;
        tell(arguments, &path, &Err(failure));
    }
    // The history is in the order in which it was written: the oldest one first.
    found.pictures.sort();
    for (_, path) in found.pictures {
        let outcome = take(&mut store, &mut known, &path, &tags, arguments.dry_run);
        match &outcome {
            Ok(Outcome::Taken(_)) => count.taken += 1,
            Ok(Outcome::Known) => count.known += 1,
            Err(_) => count.failed += 1,
        }
        tell(arguments, &path, &outcome);
    }
    let verb = if arguments.dry_run { "To be imported" } else { "Imported" };
    output::say(&format!("{verb}: {}.{}", counted(count.taken, "picture"), count.rest()));
    Ok(match count {
        Count { failed: 0, .. } => Exit::Done,
        Count { taken: 0, known: 0, .. } => Exit::Failed,
        _ => Exit::Partly,
    })
}

impl Count {
    fn rest(&self) -> String {
        let mut rest = String::new();
        for (count, what) in [(self.known, "in the history already"), (self.failed, "failed")] {
            if count > 0 {
                rest = format!("{rest} {count} {what}.");
            }
        }
        rest
    }
}

fn tags(words: &[String]) -> Result<BTreeSet<Tag>, Failure> {
    let read = |word: &String| {
        word.parse().map_err(|error| {
            let what = format!("--tag: {error}.");
            Failure::before_sending(FailureKind::Request, what, "")
        })
    };
    let mut tags: BTreeSet<Tag> = words.iter().map(read).collect::<Result<_, _>>()?;
    tags.insert(TAG.parse().expect("it is a word"));
    Ok(tags)
}

/// What was found where the user said.
#[derive(Default)]
struct Found {
    /// Pictures, by when they were written.
    pictures: Vec<(Timestamp, PathBuf)>,
    failures: Vec<(PathBuf, Failure)>,
}

impl Found {
    /// Takes in what the user named: anything else than a picture there is a failure.
    fn look(&mut self, path: &Path) {
        match fs::metadata(path) {
            Ok(about) if about.is_dir() => self.walk(path),
            Ok(about) => self.pictures.push((written(&about), path.to_owned())),
            Err(error) => self.fail(path, &error),
        }
    }

    /// Takes in every picture below a directory. Links are not followed: they may lead out
    /// of it, or round in it.
    fn walk(&mut self, dir: &Path) {
        let mut open = vec![dir.to_owned()];
        while let Some(dir) = open.pop() {
            let entries = match fs::read_dir(&dir) {
                Ok(entries) => entries,
                Err(error) => {
                    self.fail(&dir, &error);
                    continue;
                }
            };
            for entry in entries {
                match entry.and_then(|entry| Ok((entry.path(), entry.metadata()?))) {
                    Ok((path, about)) if about.is_dir() => open.push(path),
                    Ok((path, about)) if about.is_file() => match is_picture(&path) {
                        Ok(true) => self.pictures.push((written(&about), path)),
                        Ok(false) => {}
                        Err(error) => self.fail(&path, &error),
                    },
                    Ok(_) => {}
                    Err(error) => self.fail(&dir, &error),
                }
            }
        }
    }

    fn fail(&mut self, path: &Path, error: &std::io::Error) {
        let what = format!("{} cannot be read: {error}.", path.display());
        let failure = Failure::before_sending(FailureKind::Request, what, "");
        self.failures.push((path.to_owned(), failure));
    }
}

fn written(about: &fs::Metadata) -> Timestamp {
    let since = about.modified().ok();
    let since = since.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    Timestamp::from_millis(since.map_or(0, |since| since.as_millis() as i64))
}

fn is_picture(path: &Path) -> std::io::Result<bool> {
    use std::io::Read;

    let mut head = Vec::new();
    fs::File::open(path)?.take(HEAD).read_to_end(&mut head)?;
    Ok(ImageFormat::sniff(&head) != ImageFormat::Bin)
}

/// Takes one picture into the history, or finds that it would be.
fn take(
    store: &mut Store,
    known: &mut KnownPictures,
    path: &Path,
    tags: &BTreeSet<Tag>,
    dry_run: bool,
) -> Result<Outcome, Failure> {
    let picture = telling::look(path)?;
    // A copy of what was made here, with the request in it.
    let origin = picture.told.as_ref().and_then(|told| told.origin.as_ref());
    if let Some(origin) = origin
        && store.get(origin.id)?.is_some()
    {
        return Ok(Outcome::Known);
    }
    let generation = generation(&picture, path, tags);
    let taken = if dry_run {
        known.note(&picture.bytes).then_some(generation)
    } else {
        store.import(known, generation, &picture.bytes)?
    };
    Ok(taken.map_or(Outcome::Known, |generation| Outcome::Taken(Box::new(generation))))
}

/// What is known of a picture, as an entry of the history.
fn generation(picture: &Picture, path: &Path, tags: &BTreeSet<Tag>) -> Generation {
    let told = picture.told.as_ref();
    let origin = told.and_then(|told| told.origin.as_ref());
    let created = origin.map_or(picture.modified, |origin| origin.created);
    let mut request = told.map_or_else(|| nameless(path), telling::request);
    if !request.model.is_imported() {
        // It was asked elsewhere, and nothing of it was paid here.
        let program = told.map_or(UNKNOWN, |told| told.program.word());
        request.model = ModelId::imported(program, Some(request.model.as_str()));
    }
    request.extra.insert(IMPORTED_FROM.to_owned(), json!(path.display().to_string()));
    let id = imported_id(&picture.bytes, created);
    Generation {
        job: Job::Done,
        finished: Some(created),
        template: origin.and_then(|origin| origin.template.clone()),
        opinion: Opinion { tags: tags.clone(), ..Opinion::default() },
        ..Generation::queued(id, request, created)
    }
}

/// The request of a picture that says nothing: it has the words of its name.
fn nameless(path: &Path) -> Request {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    Request::new(name, ModelId::imported(UNKNOWN, None))
}

/// Says what became of one file.
fn tell(arguments: &Arguments, path: &Path, outcome: &Result<Outcome, Failure>) {
    if arguments.json {
        let (status, more) = match outcome {
            Ok(Outcome::Taken(it)) if arguments.dry_run => ("new", described(it)),
            Ok(Outcome::Taken(it)) => ("imported", described(it)),
            Ok(Outcome::Known) => ("known", json!({})),
            Err(failure) => {
                let error = json!({ "kind": failure.kind.name(), "message": failure.what });
                ("failed", json!({ "error": error }))
            }
        };
        let mut line = json!({ "path": path, "status": status });
        if let (Value::Object(line), Value::Object(more)) = (&mut line, more) {
            line.extend(more);
        }
        return output::json_line(&line);
    }
    match outcome {
        Ok(Outcome::Taken(it)) => {
            let (id, model) = (it.id.short(), it.request.model.name());
            let prompt = it.request.prompt.trim().replace('\n', " ");
            let prompt = crate::domain::Text::capped(&prompt, 60);
            output::line(&format!("{id}  {}  {model}  {prompt}", path.display()));
        }
        Ok(Outcome::Known) => {}
        Err(failure) => output::failure(failure),
    }
}

fn described(generation: &Generation) -> Value {
    json!({
        "id": generation.id,
        "created": generation.created.to_rfc3339(),
        "request": generation.request,
    })
}
