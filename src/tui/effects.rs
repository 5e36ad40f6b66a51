//! Effects become work, and work comes back as messages.
//!
//! Owns the executors: the records, the worker, and what may take its time (finding
//! keys). Promises never to block the loop. Must never touch the state.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::away::Found;
use super::files::Files;
use super::records::{Ask, Records, waits};
use super::{Message, looking};
use crate::app::away::Errand;
use crate::app::batch::Batch;
use crate::app::queue::Wish;
use crate::app::{Effect, Event};
use crate::config::Settings;
use crate::config::environment::Environment;
use crate::config::paths::Paths;
use crate::config::{secrets, wildcards};
use crate::domain::{Allowance, Consent, Failure, Generation, GenerationId, ModelId};
use crate::engine;
use crate::engine::link::{Link, Report, Service};
use crate::face;
use crate::face::doctor::{Patient, examine};

/// Whoever does what the loop must not wait for.
#[derive(Clone)]
pub(super) struct Executor {
    settings: Arc<Settings>,
    environment: Arc<Environment>,
    cwd: Arc<PathBuf>,
    paths: Arc<Paths>,
    files: Files,
    records: Arc<Records>,
    link: Arc<Link>,
    inbox: UnboundedSender<Message>,
    /// Effects also follow from what the thread of the records finds, outside of it.
    runtime: Handle,
}

impl Executor {
    pub(super) fn new(
        settings: Settings,
        paths: &Paths,
        environment: Environment,
        cwd: PathBuf,
        records: Records,
        inbox: UnboundedSender<Message>,
    ) -> Self {
        let (link, reports) = Link::new(face::place(&settings, paths));
        let records = Arc::new(records);
        tokio::spawn(pass_on(reports, Arc::clone(&records), inbox.clone()));
        let files = Files::new(&settings, &environment, &cwd, inbox.clone());
        Self {
            files,
            settings: Arc::new(settings),
            environment: Arc::new(environment),
            cwd: Arc::new(cwd),
            paths: Arc::new(paths.clone()),
            records,
            link: Arc::new(link),
            inbox,
            runtime: Handle::current(),
        }
    }

    /// Has an effect done. What the loop itself does is not for here.
    pub(super) fn perform(&self, effect: Effect) {
        match effect {
            Effect::Generate(batch) => self.generate(*batch, Consent::Open),
            Effect::Resend(generation) => self.resend(*generation, Consent::Open),
            Effect::Consented(effect) => match *effect {
                Effect::Generate(batch) => self.generate(*batch, Consent::Given),
                Effect::Resend(generation) => self.resend(*generation, Consent::Given),
                effect => self.perform(effect),
            },
            Effect::Presets(wish) => self.records.ask(Ask::Presets(wish)),
            Effect::FindPrompts(asked) => self.records.ask(Ask::Prompts(asked)),
            Effect::LookAt(text, why) => self.files.look(text, why),
            Effect::Files(wish) => self.files.perform(wish),
            // Without a loop there is nobody to tell.
            Effect::Copy(line) => drop(self.inbox.send(Message::Line(line))),
            Effect::FindModels => self.find_models(),
            Effect::ReadWildcards(names) => self.read_wildcards(names),
            Effect::Look(path) => {
                self.aside(move |it| looking::told(&path, &it.environment, &it.cwd));
            }
            Effect::Complete(typed) => {
                self.aside(move |it| looking::completed(typed, &it.environment, &it.cwd));
            }
            Effect::SumUp => self.records.ask(Ask::SumUp),
            Effect::GiveUp(id) => self.records.ask(Ask::GiveUp(id)),
            Effect::Cancel(id) => self.records.ask(Ask::Cancel(id)),
            Effect::Queue(wish) => self.change_queue(wish),
            Effect::Load(wanted) => self.records.load(wanted),
            Effect::Count(query) => self.records.count(query),
            Effect::ReadRecord(id) => self.records.ask(Ask::Record(id)),
            Effect::Lineage(id) => self.records.ask(Ask::Lineage(id)),
            Effect::Read(ids) => self.read(ids),
            Effect::Opinion(wish) => self.records.ask(Ask::Wish(wish)),
            Effect::SaveDraft(draft) => self.records.ask(Ask::Draft(draft)),
            Effect::Away(errand) => self.find(errand),
            Effect::Examine => self.examine(),
            Effect::StopDownload
            | Effect::Announce(_)
            | Effect::EditPrompt(_)
            | Effect::Redraw
            | Effect::Suspend
            | Effect::Quit => {}
        }
    }

    /// What is ordered from now on goes by these settings, and what is sent again by itself by
    /// their budget.
    pub(super) fn configure(&mut self, settings: Settings) {
        if settings.budget != self.settings.budget {
            self.link.allow(settings.budget);
        }
        self.files.configure(&settings, &self.environment);
        self.settings = Arc::new(settings);
    }

    /// Has done what a start needs, and taken up what an earlier one left.
    pub(super) fn begin(&self, first: Vec<Effect>) {
        for effect in first {
            self.perform(effect);
        }
        self.take_up_waiting();
    }

    /// Has those made that an earlier studio left in the queue, and what it left under
    /// way taken up.
    fn take_up_waiting(&self) {
        let executor = self.clone();
        self.records.ask(Ask::UnderWay(Box::new(move |found, missing| {
            if missing || !found.is_empty() {
                executor.link.wake();
            }
            let mut waiting: BTreeMap<String, (ModelId, Vec<GenerationId>)> = BTreeMap::new();
            for generation in found.into_iter().filter(waits) {
                let model = generation.request.model;
                let of = waiting.entry(model.provider().to_owned());
                of.or_insert_with(|| (model, Vec::new())).1.push(generation.id);
            }
            for (model, ids) in waiting.into_values() {
                let link = Arc::clone(&executor.link);
                executor.find_service(model, move |service| {
                    // Without its key it waits on: the next start tries again.
                    let Ok(service) = service else { return };
                    for id in ids {
                        link.run(id, service.clone());
                    }
                });
            }
        })));
    }

    /// Has the queue changed, and the worker look at it.
    fn change_queue(&self, wish: Wish) {
        let executor = self.clone();
        let changes = !matches!(wish, Wish::Learn(_) | Wish::Usual(_));
        // What was paused may be left by a studio that is gone.
        let resumes = matches!(wish, Wish::Resume(_));
        let then = move || {
            if changes {
                executor.link.look();
            }
            if resumes {
                executor.take_up_waiting();
            }
        };
        self.records.ask(Ask::Queue(wish, Box::new(then)));
    }

    /// Waits for what must be on the disk before leaving.
    pub(super) fn finish(&self) {
        self.records.finish();
    }

    fn generate(&self, batch: Batch, consent: Consent) {
        let executor = self.clone();
        self.runtime.spawn_blocking(move || {
            if let Err(failure) = executor.order(batch, consent) {
                executor.tell(Event::Failed(failure));
            }
        });
    }

    /// Has all requests put into the journal together, and then made.
    fn order(&self, batch: Batch, consent: Consent) -> Result<(), Failure> {
        let Batch { mut requests, parent, template } = batch;
        // All of a form have the same one.
        let image = requests.first().and_then(|request| request.image.as_ref());
        let image = image.map(|image| self.files.standpoint().check(image)).transpose()?;
        for request in &mut requests {
            request.image.clone_from(&image);
        }
        let Self { settings, environment, cwd, .. } = self;
        let services = face::services(settings, environment, cwd, &requests)?;
        let generations = face::queued(settings, requests, template.as_deref(), parent);
        let runs: Vec<(GenerationId, Service)> = generations
            .iter()
            .map(|it| (it.id, services[it.request.model.provider()].clone()))
            .collect();
        let link = Arc::clone(&self.link);
        let then =
            Box::new(move || runs.into_iter().for_each(|(id, service)| link.run(id, service)));
        self.records.ask(Ask::Order(generations, self.allowance(consent), then));
        Ok(())
    }

    /// Finds out which models were asked last, and which providers the keys reach.
    fn find_models(&self) {
        let executor = self.clone();
        self.records.ask(Ask::Models(Box::new(move |used| {
            let Self { settings, environment, cwd, .. } = &executor;
            let present = secrets::present(settings, environment, cwd);
            let known = settings.models.iter().map(|model| &model.id).chain(&used);
            let providers = known.map(|model| model.provider().to_owned());
            let mut reached: BTreeSet<String> =
                providers.filter(|provider| present.reaches(provider)).collect();
            reached.insert("demo".to_owned());
            executor.tell(Event::Models { used, reached });
        })));
    }

    /// Reads generations wherever they stand.
    fn read(&self, ids: Vec<GenerationId>) {
        let executor = self.clone();
        let tell = move |found| executor.tell(Event::Read(found));
        self.records.ask(Ask::Find(ids, Box::new(tell)));
    }

    /// Finds what an errand is about.
    fn find(&self, Errand { task, of, index }: Errand) {
        let inbox = self.inbox.clone();
        // Without a loop there is nobody to tell.
        let tell = move |of| drop(inbox.send(Message::Found(Found { task, of, index })));
        self.records.ask(Ask::Find(of, Box::new(tell)));
    }

    /// Finds out what is in effect beside the terminal. The configuration is read as it is
    /// now: it may have been changed since the start.
    fn examine(&self) {
        let Self { paths, environment, cwd, inbox, .. } = self.clone();
        self.runtime.spawn_blocking(move || {
            let settings = Settings::load(&paths, &environment).map_err(Failure::from);
            let patient = Patient {
                settings: settings.as_ref(),
                paths: &paths,
                environment: &environment,
                cwd: &cwd,
            };
            // Without a loop there is nobody to tell.
            let _ = inbox.send(Message::Examined(examine(&patient)));
        });
    }

    fn read_wildcards(&self, names: BTreeSet<String>) {
        self.aside(move |it| {
            let dir = it.paths.dir.join(wildcards::DIRECTORY);
            let read = |name: String| {
                let found = wildcards::read(&dir, &name);
                (name, found)
            };
            Event::Wildcards(names.into_iter().map(read).collect())
        });
    }

    /// Has something done that may take its time, and tells what came of it.
    fn aside(&self, work: impl FnOnce(&Self) -> Event + Send + 'static) {
        let executor = self.clone();
        self.runtime.spawn_blocking(move || executor.tell(work(&executor)));
    }

    fn resend(&self, mut generation: Generation, consent: Consent) {
        let (executor, id) = (self.clone(), generation.id);
        generation.estimate = self.settings.models.estimate(&generation.request);
        self.find_service(generation.request.model.clone(), move |service| match service {
            Ok(service) => {
                let link = Arc::clone(&executor.link);
                let then = Box::new(move || link.run(id, service));
                let allowance = executor.allowance(consent);
                executor.records.ask(Ask::OrderAgain(Box::new(generation), allowance, then));
            }
            Err(failure) => executor.tell(Event::Failed(failure)),
        });
    }

    /// What an order may cost that is given now.
    fn allowance(&self, consent: Consent) -> Allowance {
        Allowance { budget: self.settings.budget, consent, now: engine::now() }
    }

    /// Finds who makes pictures of `model`, with its keys. A command that knows a key may
    /// take seconds, so this happens beside the loop.
    fn find_service(
        &self,
        model: ModelId,
        then: impl FnOnce(Result<Service, Failure>) + Send + 'static,
    ) {
        let Self { settings, environment, cwd, .. } = self.clone();
        self.runtime.spawn_blocking(move || {
            then(face::service(&settings, &environment, &cwd, model.provider()));
        });
    }

    fn tell(&self, event: Event) {
        // Without a loop there is nobody to tell.
        let _ = self.inbox.send(Message::Event(event));
    }
}

/// Passes on what the worker says; how a job ended is read from the journal.
async fn pass_on(
    mut reports: UnboundedReceiver<Report>,
    records: Arc<Records>,
    inbox: UnboundedSender<Message>,
) {
    while let Some(report) = reports.recv().await {
        let event = match report {
            Report::Progress(news) => Event::Progress(news),
            Report::Settled(id) => {
                records.ask(Ask::Reread(id));
                continue;
            }
            Report::Trouble(failure) => Event::Failed(failure),
        };
        let _ = inbox.send(Message::Event(event));
    }
}
