//! The one fixture: a studio whose outside is played by the test.

use pentimento::app::batch::Batch;
use pentimento::app::form::{Draft, Field};
use pentimento::app::history::{From, PAGE, Page};
use pentimento::app::queue::Wish;
use pentimento::app::{Effect, Event, State, update};
use pentimento::config::Settings;
use pentimento::config::chord::{Chord, Key};
use pentimento::domain::{
    Cost, Failure, FailureKind, Generation, GenerationId, Image, ImageFormat, ImageId, Job,
    Lineage, ModelId, Relative, Request, Text, Timestamp, Usage,
};
use pentimento::ui::{self, Scene};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// 2026-11-23 12:07:00 UTC: no zone has its midnight within the minutes before.
pub(crate) const NOON: i64 = 1_795_435_620_000;

/// A studio on a screen of its own.
pub(crate) struct Studio {
    pub(crate) settings: Settings,
    pub(crate) state: State,
    pub(crate) effects: Vec<Effect>,
    pub(crate) scene: Scene,
    pub(crate) terminal: Terminal<TestBackend>,
}

impl Studio {
    /// A first start, with `rows` in the history, at 120 × 40.
    pub(crate) fn with(rows: Vec<Generation>) -> Self {
        Self::sized(rows, 120, 40)
    }

    #[expect(clippy::needless_pass_by_value, reason = "a call reads better with its rows inside")]
    pub(crate) fn sized(rows: Vec<Generation>, columns: u16, lines: u16) -> Self {
        let settings = Settings::default();
        let (state, effects) = State::new(&demo(), None::<&Draft>);
        let terminal = Terminal::new(TestBackend::new(columns, lines)).expect("a test backend");
        let mut studio = Self { settings, state, effects, scene: Scene::default(), terminal };
        studio.happen(Event::Tick(Timestamp::from_millis(NOON)));
        studio.answer(&rows);
        studio.draw();
        studio
    }

    /// Types keys as the configuration writes them, as fast as a hand can: `a fox<F5>`,
    /// `<ctrl+j>`.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        for chord in chords(keys) {
            self.wait(30);
            self.happen(Event::Key(chord));
            self.draw();
        }
        self
    }

    pub(crate) fn happen(&mut self, event: Event) -> &mut Self {
        self.effects.extend(update(&self.settings, &mut self.state, event));
        self
    }

    /// Lets so many milliseconds pass.
    pub(crate) fn wait(&mut self, milliseconds: i64) -> &mut Self {
        let later = Timestamp::from_millis(self.state.now.millis() + milliseconds);
        self.happen(Event::Tick(later))
    }

    /// Answers every question for rows out of `all`, newest first.
    pub(crate) fn answer(&mut self, all: &[Generation]) {
        for effect in std::mem::take(&mut self.effects) {
            match effect {
                Effect::Load(wanted) => {
                    let found: Vec<_> = all
                        .iter()
                        .filter(|row| row.request.prompt.contains(&wanted.query))
                        .cloned()
                        .collect();
                    let place = |id| found.iter().position(|row| row.id == id).unwrap_or(0);
                    let page = PAGE as usize;
                    let range = match wanted.from {
                        From::Newest => 0..page.min(found.len()),
                        From::Oldest => found.len().saturating_sub(page)..found.len(),
                        From::Below(id) => place(id) + 1..(place(id) + 1 + page).min(found.len()),
                        From::Above(id) => place(id).saturating_sub(page)..place(id),
                        From::At(id) => place(id)..(place(id) + page).min(found.len()),
                        From::DayBelow(_) | From::DayAbove(_) => 0..0,
                    };
                    let rows = found[range].to_vec();
                    self.happen(Event::Page(Page { wanted, rows }));
                }
                Effect::Count(query) => {
                    let total =
                        all.iter().filter(|row| row.request.prompt.contains(&query)).count();
                    self.happen(Event::Counted(query, total as u64));
                }
                Effect::Lineage(of) => {
                    let found = lineage(all, of);
                    self.happen(Event::Lineage(found));
                }
                Effect::Read(ids) => {
                    let found = all.iter().filter(|row| ids.contains(&row.id)).cloned();
                    self.happen(Event::Read(found.collect()));
                }
                _ => {}
            }
        }
        self.draw();
    }

    /// Draws as the loop does: again, where the sizes have changed.
    pub(crate) fn draw(&mut self) {
        for _ in 0..2 {
            let (state, settings) = (&self.state, &self.settings);
            let mut scene = Scene::default();
            self.terminal
                .draw(|frame| scene = ui::draw(frame, state, settings))
                .expect("a test backend");
            self.scene = scene;
            if self.scene.labelled != self.state.reach.targets {
                self.happen(Event::Labelled(self.scene.labelled.clone()));
            }
            if self.scene.extents == self.state.extents {
                return;
            }
            let extents = self.scene.extents;
            self.happen(Event::Resized(extents));
        }
    }

    /// The screen as text.
    pub(crate) fn screen(&self) -> String {
        self.terminal.backend().to_string()
    }

    /// The effects since the last time, without drafts and what is found out unasked.
    pub(crate) fn taken(&mut self) -> Vec<Effect> {
        let mut effects = std::mem::take(&mut self.effects);
        effects.retain(|effect| {
            let learns = matches!(effect, Effect::Queue(Wish::Learn(_) | Wish::Usual(_)));
            !learns && !matches!(effect, Effect::SaveDraft(_) | Effect::Announce(_))
        });
        effects
    }

    pub(crate) fn field(&self, field: Field) -> &str {
        self.state.form.text(field)
    }

    /// The notice on the screen, as it is said.
    pub(crate) fn notice(&self) -> String {
        match &self.state.notice {
            None => String::new(),
            Some(pentimento::app::Notice::Said(what)) => what.clone(),
            Some(pentimento::app::Notice::Held(what)) => (*what).to_owned(),
            Some(pentimento::app::Notice::Failed(failure)) => {
                format!("{} {}", failure.what, failure.hint)
            }
        }
    }
}

/// The lineage of `of` out of `all`, as the store finds it; what is not there is gone.
fn lineage(all: &[Generation], of: GenerationId) -> Lineage {
    let relative = |row: &Generation| Relative {
        id: row.id,
        parent: row.parent,
        batch: row.batch,
        is_gone: false,
    };
    let parent_of = |id| all.iter().find(|row| row.id == id).and_then(|row| row.parent);
    let mut root = of;
    while let Some(parent) = parent_of(root) {
        root = parent;
    }
    let gone = Relative { id: root, parent: None, batch: None, is_gone: true };
    let mut relatives = vec![all.iter().find(|row| row.id == root).map_or(gone, relative)];
    let mut next = 0;
    while next < relatives.len() {
        let parent = relatives[next].id;
        let children = all.iter().rev().filter(|row| row.parent == Some(parent));
        relatives.extend(children.map(relative));
        next += 1;
    }
    Lineage { of, relatives, is_cut: false }
}

/// One request without a template is to be made.
pub(crate) fn alone(request: Request, parent: Option<GenerationId>) -> Effect {
    Effect::Generate(Box::new(Batch { requests: vec![request], parent, template: None }))
}

/// `a<F5>` as chords.
pub(crate) fn chords(keys: &str) -> Vec<Chord> {
    let mut chords = Vec::new();
    let mut rest = keys;
    while let Some(c) = rest.chars().next() {
        if let Some((name, after)) = rest.strip_prefix('<').and_then(|inner| inner.split_once('>'))
        {
            chords.push(name.parse().expect("a chord"));
            rest = after;
        } else {
            chords.push(Chord::plain(Key::Char(c)));
            rest = &rest[c.len_utf8()..];
        }
    }
    chords
}

pub(crate) fn demo() -> ModelId {
    "demo:painter".parse().expect("a model")
}

/// The generation number `n`: higher is newer.
pub(crate) fn generation(n: u64, prompt: &str, job: Job) -> Generation {
    let created = NOON as u64 - 360_000 + n;
    let mut entropy = [7; 10];
    entropy[2..].copy_from_slice(&n.to_be_bytes());
    let id = GenerationId::from_parts(created, entropy);
    let created = Timestamp::from_millis(created as i64);
    let mut generation = Generation::queued(id, Request::new(prompt, demo()), created);
    if job == Job::Done {
        generation.images.push(image(id, 0));
        generation.usage = Some(Usage { total_tokens: Some(12), ..Usage::default() });
        generation.cost = Cost::from_usd(0.04);
    }
    if !job.is_under_way() {
        generation.finished = Some(created.plus_seconds(3.25));
    }
    generation.job = job;
    generation
}

pub(crate) fn image(generation: GenerationId, index: u32) -> Image {
    Image {
        id: ImageId { generation, index },
        path: format!("/pictures/2026/11/{}-{index}.png", generation.short()).into(),
        width: 1024,
        height: 640,
        format: ImageFormat::Png,
        bytes: 1_234_567,
        sha256: "0".repeat(64),
    }
}

/// Some of everything, newest first.
pub(crate) fn some_of_everything() -> Vec<Generation> {
    let failure = Failure::before_sending(
        FailureKind::Moderation,
        "OpenAI refused the prompt: “it may show violence”.",
        "Change the words that may be meant.",
    );
    let mut two = generation(4, "two boats under a red sail, watercolour", Job::Done);
    two.images.push(image(two.id, 1));
    two.words = Some(Text::new("Here they are."));
    let since = Timestamp::from_millis(NOON - 4_200);
    vec![
        generation(6, "a lighthouse at dusk, storm", Job::Running { since, attempt: 1 }),
        generation(5, "a quiet street in the rain", Job::Queued),
        two,
        generation(3, "a knight and a dragon", Job::Failed { failure: failure.clone() }),
        generation(2, "a fox in the snow", Job::Done),
        generation(1, "an unsure thing", Job::Interrupted { failure }),
    ]
}

/// A small lineage, newest first: a fox, three steps straight on, a branch, a batch of which
/// nothing came, and one that failed.
pub(crate) fn a_lineage() -> Vec<Generation> {
    let mut rows: Vec<Generation> = Vec::new();
    let words = [
        (1, None, "a fox in the snow, oil painting"),
        (2, Some(1), "a red fox in deep snow, oil painting"),
        (3, Some(1), "a hare in the snow, oil painting"),
        (4, Some(2), "a red fox in deep snow at night, oil painting"),
        (5, Some(2), "a red fox in deep snow, watercolour"),
        (6, Some(2), "a red fox in deep snow, woodcut"),
        (7, Some(4), "a red fox in deep snow at night, oil painting"),
        (8, Some(7), "a red fox and two hares in deep snow at night, oil painting"),
        (9, Some(3), "a hare and a gun, oil painting"),
    ];
    for (n, parent, prompt) in words {
        let failure = Failure::before_sending(FailureKind::Moderation, "Refused.", "");
        let job = if n == 9 { Job::Failed { failure } } else { Job::Done };
        let mut made = generation(n, prompt, job);
        let of =
            |n: u64| rows.iter().find(|row| row.created == generation(n, "", Job::Queued).created);
        made.parent = parent.and_then(of).map(|parent| parent.id);
        if n == 5 || n == 6 {
            made.batch = Some(generation(5, "", Job::Queued).id);
        }
        if n == 7 {
            (made.request.width, made.request.height) = (Some(1024), Some(1536));
            made.request.extra.insert("seed".to_owned(), 42.into());
        }
        rows.push(made);
    }
    rows.reverse();
    rows
}
