//! From texts to [`Settings`].
//!
//! Owns which keys there are and which values they take. Promises that what is not
//! read here is refused as unknown.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read};
use std::ops::RangeInclusive;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use url::Url;

use super::away;
use super::chord::Chord;
use super::environment::Environment;
use super::error::{ConfigError, Place, Problem};
use super::keymap::{ACTIONS, Keymap};
use super::models::{Catalogue, Model, State};
use super::notify;
use super::paths::Paths;
use super::prices;
use super::section::{Document, Found, Section, Source, place};
use super::themes;
use super::{
    Colors, Demo, Graphics, History, LANGBASE_URL, Langbase, Layout, Prompt, Protocol, Queue,
    Service, Settings, Studio, Upload,
};
use crate::domain::{Background, LIMITS, ModelId, Price, Text, parse_size};

/// The providers by their names.
type Providers = BTreeMap<String, Service>;

/// How many requests to one provider may run at once.
const PARALLEL: RangeInclusive<u32> = 1..=64;

/// What is expected of the address of a service.
const ADDRESS: &str = "an address like https://api.langbase.com, without user or query";

impl Settings {
    /// The defaults, the user's file over them, the environment over that.
    ///
    /// # Errors
    /// The first thing that is wrong, and where.
    pub fn load(paths: &Paths, environment: &Environment) -> Result<Self, ConfigError> {
        let user = read_file(&paths.config_file)?;
        let mut settings = read(user.as_ref())?;
        if let Some(text) = environment.get(LANGBASE_URL) {
            settings.langbase.base_url = address(text).ok_or_else(|| ConfigError {
                place: Place::Variable(LANGBASE_URL),
                problem: Problem::Value {
                    key: LANGBASE_URL.into(),
                    expected: ADDRESS.to_owned(),
                    found: "this text".into(),
                },
            })?;
            settings.langbase.moved = true;
        }
        Ok(settings)
    }
}

impl Default for Settings {
    /// What is in force without a file and without an environment.
    fn default() -> Self {
        read(None).expect("config.example.toml is valid (test)")
    }
}

/// The user's file; `None` when there is none.
fn read_file(path: &Path) -> Result<Option<Source>, ConfigError> {
    let unreadable = |error: std::io::Error| ConfigError {
        place: Place::File(path.to_owned()),
        problem: Problem::Unreadable(error.to_string().into()),
    };
    let mut file = match std::fs::File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(unreadable)?,
    };
    // Asked of the open file: the path may lead elsewhere a moment later.
    let open_to_others = file.metadata().map_err(unreadable)?.mode() & 0o022 != 0;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(unreadable)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(&error.as_bytes()[..valid]);
        ConfigError { place: place(path.to_owned(), &text, valid), problem: Problem::Encoding }
    })?;
    Ok(Some(Source { file: path.to_owned(), text: text.into(), open_to_others }))
}

/// The settings of `user` over the defaults.
fn read(user: Option<&Source>) -> Result<Settings, ConfigError> {
    let defaults = Source::defaults();
    let users = user.map(Source::document).transpose()?;
    let documents: Vec<Document<'_>> = users.into_iter().chain([defaults.built_in()]).collect();
    let mut root = Section::root(&documents);
    let (themes, glyphs) = themes::read(root.child("theme")?, root.child("themes")?)?;
    let (providers, parallel_of) = providers(root.child("providers")?)?;
    let settings = Settings {
        studio: studio(root.child("studio")?)?,
        langbase: langbase(root.child("langbase")?)?,
        providers,
        queue: queue(root.child("queue")?, parallel_of)?,
        notify: notify::read(root.child("notify")?)?,
        budget: prices::budget(root.child("budget")?)?,
        prompt: prompt(root.child("prompt")?)?,
        away: away::read(
            root.child("copy")?,
            root.child("download")?,
            root.child("open")?,
            root.child("export")?,
        )?,
        history: history(root.child("history")?)?,
        upload: upload(root.child("upload")?)?,
        graphics: graphics(root.child("graphics")?)?,
        demo: demo(root.child("demo")?)?,
        theme: themes.on(Background::default(), false).clone(),
        themes,
        glyphs,
        keys: keys(root.child("keys")?)?,
        models: models(root.child("models")?)?,
    };
    root.finish()?;
    Ok(settings)
}

fn studio(mut section: Section<'_>) -> Result<Studio, ConfigError> {
    let studio = Studio {
        model: section.get("model").parse_unless_empty()?,
        mouse: section.get("mouse").boolean()?,
        layout: section.get("layout").choice(&Layout::ALL.map(|it| (it.name(), it)))?,
        slideshow: section.get("slideshow").whole(1..=3600)?,
    };
    section.finish()?;
    Ok(studio)
}

fn queue(
    mut section: Section<'_>,
    parallel_of: BTreeMap<String, u32>,
) -> Result<Queue, ConfigError> {
    let queue = Queue {
        parallel: section.get("parallel").whole(PARALLEL)?,
        parallel_of,
        retry_on_503: section.get("retry_on_503").boolean()?,
    };
    section.finish()?;
    Ok(queue)
}

fn history(mut section: Section<'_>) -> Result<History, ConfigError> {
    let history =
        History { keep_answers_days: section.get("keep_answers_days").whole(0..=36_500)? };
    section.finish()?;
    Ok(history)
}

fn prompt(mut section: Section<'_>) -> Result<Prompt, ConfigError> {
    let prompt = Prompt {
        templates: section.get("templates").boolean()?,
        most: section.get("most").whole(1..=10_000)?,
    };
    section.finish()?;
    Ok(prompt)
}

fn upload(mut section: Section<'_>) -> Result<Upload, ConfigError> {
    let upload = Upload { keep_metadata: section.get("keep_metadata").boolean()? };
    section.finish()?;
    Ok(upload)
}

fn demo(mut section: Section<'_>) -> Result<Demo, ConfigError> {
    let demo = Demo { moment: section.get("moment").number(0.0..=3600.0)? };
    section.finish()?;
    Ok(demo)
}

fn graphics(mut section: Section<'_>) -> Result<Graphics, ConfigError> {
    let colors = section.get("colors").choice(&[
        ("auto", Colors::Auto),
        ("true", Colors::True),
        ("256", Colors::Indexed),
        ("16", Colors::Ansi),
        ("none", Colors::None),
    ])?;
    let protocol = section.get("protocol").choice(&[
        ("auto", Protocol::Auto),
        ("kitty", Protocol::Kitty),
        ("iterm2", Protocol::Iterm),
        ("wezterm", Protocol::WezTerm),
        ("sixel", Protocol::Sixel),
        ("blocks", Protocol::Blocks),
    ])?;
    let cell_size = section.get("cell_size");
    let cell_size = match cell_size.text()? {
        "auto" => None,
        text => Some(cell(text).ok_or_else(|| cell_size.wrong("\"auto\" or pixels as \"10x20\""))?),
    };
    section.finish()?;
    Ok(Graphics { colors, protocol, cell_size })
}

/// Width and height of a cell that is written `10x20`, neither 0 nor absurd.
fn cell(text: &str) -> Option<(u16, u16)> {
    let (width, height) = text.split_once(['x', '×'])?;
    let side = |side: &str| side.trim().parse().ok().filter(|pixels| (1..=256).contains(pixels));
    Some((side(width)?, side(height)?))
}

fn langbase(mut section: Section<'_>) -> Result<Langbase, ConfigError> {
    let base_url = section.get("base_url").owners_only()?;
    let langbase = Langbase {
        base_url: base_url
            .text()
            .ok()
            .and_then(address)
            .ok_or_else(|| base_url.wrong_unseen(ADDRESS))?,
        moved: false,
        service: service(&mut section)?,
    };
    section.finish()?;
    Ok(langbase)
}

/// Where a service is. An address with a user or a query could hide a key in a place
/// that is shown.
fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    let bare = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    (bare && matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

fn service(section: &mut Section<'_>) -> Result<Service, ConfigError> {
    Ok(Service {
        api_key: section.find("api_key").map_or(Ok(None), |key| key.secret())?,
        api_key_cmd: section.find("api_key_cmd").map_or(Ok(None), command)?,
    })
}

/// A program with its arguments; an empty list is none.
pub(super) fn command(found: Found<'_>) -> Result<Option<Vec<String>>, ConfigError> {
    let words = found.list("texts: a program and its arguments")?;
    let words = words.iter().map(|word| word.text().map(str::to_owned));
    let argv = words.collect::<Result<Vec<_>, _>>()?;
    match argv.first().map(String::as_str) {
        None => Ok(None),
        Some("") => Err(found.meaningless("the program has no name")),
        Some(_) => found.owners_only().map(|_| Some(argv)),
    }
}

/// The providers, and how many requests to each run at once where it is said there.
fn providers(mut section: Section<'_>) -> Result<(Providers, BTreeMap<String, u32>), ConfigError> {
    let (mut providers, mut parallel_of) = (Providers::new(), BTreeMap::new());
    for name in section.names() {
        let sound = !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        if !sound || matches!(name, "demo" | "langbase") {
            let why = "a provider is named by letters, digits, - and _, and not demo or langbase";
            let problem = Problem::Meaning { key: Text::capped(name, 60), why: why.into() };
            return Err(section.error(&[name], problem));
        }
        let mut provider = section.child(name)?;
        for key in ["route", "kind", "base_url"] {
            if let Some(found) = provider.find(key) {
                return Err(found.later());
            }
        }
        if let Some(parallel) = provider.find("parallel") {
            parallel_of.insert(name.to_owned(), parallel.whole(PARALLEL)?);
        }
        providers.insert(name.to_owned(), service(&mut provider)?);
        provider.finish()?;
    }
    Ok((providers, parallel_of))
}

fn keys(mut section: Section<'_>) -> Result<Keymap, ConfigError> {
    let mut bound = BTreeMap::new();
    for &(action, name, ..) in ACTIONS {
        let chords = section.get(name).list("keys, for example [\"F5\", \"ctrl+j\"]")?;
        let chords = chords.iter().map(Found::parse).collect::<Result<Vec<Chord>, _>>()?;
        bound.insert(action, chords);
    }
    let keymap = Keymap::new(bound)
        .map_err(|error| section.error(&error.actions(), Problem::Keys(error)))?;
    section.finish()?;
    Ok(keymap)
}

fn models(mut section: Section<'_>) -> Result<Catalogue, ConfigError> {
    section
        .names()
        .into_iter()
        .map(|name| {
            let id = name.parse::<ModelId>().map_err(|error| {
                let why = error.to_string().into();
                section.error(&[name], Problem::Meaning { key: Text::capped(name, 60), why })
            })?;
            model(id, section.child(name)?)
        })
        .collect()
}

/// What is said of the model. What is not said stands in nobody's way: no sizes are
/// offered, and everything is taken to mean something.
fn model(id: ModelId, mut section: Section<'_>) -> Result<Model, ConfigError> {
    let title = section.find("title").map(|title| title.text()).transpose()?.map(Text::from);
    let note = section.find("note").map(|note| note.text()).transpose()?;
    let state = section.find("state").map(|state| state.parse()).transpose()?;
    let max_n = section.find("max_n").map(|most| most.whole(1..=LIMITS.n)).transpose()?;
    let price = section.find("price").map_or_else(|| Ok(Price::default()), prices::read)?;
    let mut takes = |key| section.find(key).map_or(Ok(true), |found| found.boolean());
    let model = Model {
        title: title.filter(|title| !title.is_blank()).unwrap_or_else(|| id.name().into()),
        note: note.unwrap_or_default().into(),
        state: state.unwrap_or(State::Current),
        max_n,
        steps: takes("steps")?,
        image: takes("image")?,
        negative_prompt: takes("negative_prompt")?,
        price,
        sizes: section.find("sizes").map_or(Ok(Vec::new()), sizes)?,
        id,
    };
    section.finish()?;
    Ok(model)
}

fn sizes(found: Found<'_>) -> Result<Vec<(u32, u32)>, ConfigError> {
    let sizes = found.list("sizes, for example [\"1024x1024\"]")?;
    sizes
        .iter()
        .map(|size| match parse_size(size.text()?) {
            Ok((Some(width), Some(height))) => Ok((width, height)),
            Ok(_) => Err(size.meaningless("a size of the catalogue has both sides")),
            Err(error) => Err(size.meaningless(&error.to_string())),
        })
        .collect()
}
