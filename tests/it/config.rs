//! The configuration: what it says by default, what it refuses, where keys come from.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be set up fails its test")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pentimento::config::chord::{Chord, Key};
use pentimento::config::environment::Environment;
use pentimento::config::key_command::{CommandError, first_line};
use pentimento::config::keymap::{ACTIONS, Action, Context};
use pentimento::config::models::State;
use pentimento::config::paths::Paths;
use pentimento::config::secrets::{Credentials, KeySource, credentials, present, variables};
use pentimento::config::theme::{Color, Role, Style};
use pentimento::config::{Colors, EXAMPLE, Settings};
use pentimento::domain::nearest;
use pentimento::domain::{Charged, Cost, Failure, FailureKind, Request};
use secrecy::ExposeSecret;
use tempfile::TempDir;

/// A directory of a user, with a configuration in it.
struct Home {
    dir: TempDir,
}

impl Home {
    fn new(config: impl AsRef<[u8]>) -> Self {
        let home = Self { dir: tempfile::tempdir().unwrap() };
        std::fs::write(home.paths().config_file, config).unwrap();
        home.mode(0o600);
        home
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn paths(&self) -> Paths {
        Paths::find(Some(self.path()), &Environment::default()).unwrap()
    }

    fn mode(&self, mode: u32) {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(self.paths().config_file, permissions).unwrap();
    }

    fn dotenv(self, text: &str) -> Self {
        std::fs::write(self.path().join(".env"), text).unwrap();
        self
    }

    fn load(&self) -> Settings {
        Settings::load(&self.paths(), &Environment::default()).unwrap()
    }

    /// What is said of the configuration, without the directory of the file.
    fn refusal(&self) -> String {
        let error = Settings::load(&self.paths(), &Environment::default()).unwrap_err();
        error.to_string().replace(&format!("{}/", self.path().display()), "")
    }

    fn credentials(&self, environment: &[(&str, &str)], provider: &str) -> Credentials {
        self.try_credentials(environment, provider).unwrap()
    }

    fn try_credentials(
        &self,
        environment: &[(&str, &str)],
        provider: &str,
    ) -> Result<Credentials, Failure> {
        let environment: Environment = environment.iter().copied().collect();
        credentials(&self.load(), &environment, self.path(), provider)
            .map(|credentials| credentials.expect("not the demo"))
    }
}

fn refusal(config: &str) -> String {
    Home::new(config).refusal()
}

fn provider_key(credentials: &Credentials) -> &str {
    credentials.provider_key.expose_secret()
}

fn id(model: &str) -> pentimento::domain::ModelId {
    model.parse().unwrap()
}

// The defaults

#[test]
fn the_example_parses_and_says_what_the_documents_say() {
    let settings = Settings::default();
    assert_eq!(settings.langbase.base_url.as_str(), "https://api.langbase.com/");
    assert!(settings.langbase.service.api_key.is_none());
    assert!(settings.langbase.service.api_key_cmd.is_none());
    let providers: Vec<_> = settings.providers.keys().collect();
    assert_eq!(providers, ["google", "openai", "openrouter", "together"]);
    assert_eq!(settings.studio.model, None);
    assert!(settings.studio.mouse);
    assert_eq!(settings.queue.parallel, 3);
    assert_eq!(settings.history.keep_answers_days, 7);
    assert_eq!(settings.graphics.colors, Colors::Auto);
    assert_eq!(settings.theme.style(Role::Accent).fg, Color::Rgb(0xe0, 0xa4, 0x58));
}

#[test]
fn the_example_as_the_users_own_file_changes_nothing() {
    let (given, default) = (Home::new(EXAMPLE).load(), Settings::default());
    assert_eq!(format!("{given:?}"), format!("{default:?}"));
}

#[test]
fn an_empty_or_missing_file_leaves_the_defaults() {
    let default = format!("{:?}", Settings::default());
    let home = Home::new("");
    assert_eq!(format!("{:?}", home.load()), default);
    std::fs::remove_file(home.paths().config_file).unwrap();
    assert_eq!(format!("{:?}", home.load()), default);
}

#[test]
fn every_key_of_the_example_is_explained() {
    let lines: Vec<&str> = EXAMPLE.lines().collect();
    let explained = |at: usize, key: &str| {
        let above = lines[..at].iter().rev();
        lines[at].contains(" # ")
            || above.clone().next().is_some_and(|line| line.starts_with('#'))
            || above.filter(|l| l.starts_with('#')).any(|l| l.contains(&format!("`{key}`")))
    };
    for (at, line) in lines.iter().enumerate() {
        let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with(['#', ' ']))
        else {
            continue;
        };
        assert!(explained(at, key), "line {}: {line}", at + 1);
    }
}

#[test]
fn every_action_has_a_key_and_its_own_words_in_the_example() {
    let keys = Settings::default().keys;
    for (action, name, _, what) in ACTIONS {
        assert!(!keys.chords(*action).is_empty(), "{name} has no key");
        let line = EXAMPLE.lines().find(|line| line.starts_with(&format!("{name} = ["))).unwrap();
        assert!(line.ends_with(&format!("# {what}")), "{line}");
    }
}

#[test]
fn every_role_has_a_look_in_every_theme() {
    for theme in ["dark", "light", "ansi", "ansi-light"] {
        let table = EXAMPLE.split(&format!("[themes.{theme}]\n")).nth(1).unwrap();
        let table = table.split("\n\n").next().unwrap();
        for (_, role) in Role::ALL {
            assert!(
                table.lines().any(|line| line.starts_with(&format!("{role} = \""))),
                "{theme}: {role}"
            );
        }
    }
}

// Laying over

#[test]
fn what_the_user_sets_replaces_the_default_and_nothing_else() {
    let home = Home::new(
        "[queue]\nparallel = 9\n[studio]\nmodel = \"openai:gpt-image-1\"\nmouse = false\n\
         [demo]\nmoment = 0\n[graphics]\ncolors = \"256\"\n[history]\nkeep_answers_days = 0\n",
    );
    let settings = home.load();
    assert_eq!(settings.queue.parallel, 9);
    assert_eq!(settings.studio.model, Some(id("openai:gpt-image-1")));
    assert!(!settings.studio.mouse);
    assert!(settings.demo.moment.abs() < f64::EPSILON);
    assert_eq!(settings.graphics.colors, Colors::Indexed);
    assert_eq!(settings.history.keep_answers_days, 0);
    assert_eq!(settings.langbase.base_url.as_str(), "https://api.langbase.com/");
}

#[test]
fn a_users_keys_replace_those_of_that_action_alone() {
    let settings = Home::new("[keys]\ngenerate = [\"F10\"]\nredraw = []\n").load();
    assert_eq!(settings.keys.chords(Action::Generate), [Chord::plain(Key::F(10))]);
    assert!(settings.keys.chords(Action::Redraw).is_empty());
    let default = Settings::default();
    assert_eq!(settings.keys.chords(Action::Help), default.keys.chords(Action::Help));
}

#[test]
fn the_environment_is_laid_over_the_file() {
    let home = Home::new("[langbase]\nbase_url = \"https://file.example\"\n");
    let at = |url: &str| {
        Settings::load(&home.paths(), &[("PENTIMENTO_LANGBASE_URL", url)].into_iter().collect())
    };
    assert_eq!(
        at("http://127.0.0.1:1/x").unwrap().langbase.base_url.as_str(),
        "http://127.0.0.1:1/x"
    );
    assert_eq!(at("").unwrap().langbase.base_url.as_str(), "https://file.example/");
    for wrong in
        ["nonsense", "ftp://a.example", "https://sk-1@a.example", "https://a.example/?k=sk-1"]
    {
        let error = at(wrong).unwrap_err().to_string();
        assert!(error.starts_with("PENTIMENTO_LANGBASE_URL: "), "{error}");
        assert!(!error.contains("sk-1"), "{error}");
    }
}

#[test]
fn a_role_of_the_users_colours_the_theme_it_belongs_to() {
    let settings = Home::new(
        "[theme]\nname = \"mine\"\n[themes.mine]\naccent = \"bright-red on black bold\"\n",
    )
    .load();
    let accent = settings.theme.style(Role::Accent);
    assert_eq!(
        accent,
        Style { fg: Color::Ansi(9), bg: Color::Ansi(0), bold: true, ..Style::default() }
    );
    let dark = Settings::default().theme;
    assert_eq!(settings.theme.style(Role::Selection), dark.style(Role::Selection));
}

#[test]
fn only_selections_have_a_background() {
    for theme in ["dark", "light"] {
        let theme = Home::new(format!("[theme]\nname = \"{theme}\"")).load().theme;
        for (role, name) in Role::ALL {
            let selects = matches!(role, Role::Selection | Role::SelectionDim);
            assert_eq!(theme.style(role).bg != Color::Default, selects, "{name}");
        }
    }
}

#[test]
fn a_users_model_is_added_and_a_known_one_amended() {
    let settings = Home::new(
        "[models.\"acme:brush\"]\nprice = 0.5\nsteps = false\n\
         [models.\"openai:gpt-image-2\"]\nprice = 0.25\n",
    )
    .load();
    let brush = settings.models.get(&id("acme:brush")).unwrap();
    assert_eq!((brush.title.as_str(), brush.steps, brush.image), ("brush", false, true));
    assert_eq!(brush.state, State::Current);
    assert_eq!(settings.models.iter().last().unwrap().id, id("acme:brush"));
    let known = settings.models.get(&id("openai:gpt-image-2")).unwrap();
    assert_eq!((known.title.as_str(), known.max_n), ("GPT Image 2", Some(10)));
    assert_eq!(settings.models.iter().next().unwrap().id, known.id);
    let asked = Request::new("a fox", known.id.clone());
    assert_eq!(settings.models.estimate(&asked), Cost::from_usd(0.25));
}

// Refusals

#[test]
fn unknown_keys_are_refused_with_their_line_and_the_nearest_known_one() {
    let table = [
        ("[studio]\nmodle = 1", "2:1: unknown key `modle`; did you mean `model`?"),
        ("[studio]\n  muose = true", "2:3: unknown key `muose`; did you mean `mouse`?"),
        ("[studoi]", "1:2: unknown key `studoi`; did you mean `studio`?"),
        ("model = \"a:b\"", "1:1: unknown key `model`; did you mean `models`?"),
        ("\n\n[quueue]\nparallel = 1", "3:2: unknown key `quueue`; did you mean `queue`?"),
        ("queue.paralel = 1", "1:7: unknown key `paralel`; did you mean `parallel`?"),
        ("queue = { Parallel = 1 }", "1:11: unknown key `Parallel`; did you mean `parallel`?"),
        (
            "[langbase]\nurl = \"x\"",
            "2:1: unknown key `url`; known here: base_url, api_key, api_key_cmd",
        ),
        ("[langbase]\napikey = \"x\"", "2:1: unknown key `apikey`; did you mean `api_key`?"),
        (
            "[providers.openai]\napi_key_cmdd = []",
            "2:1: unknown key `api_key_cmdd`; did you mean `api_key_cmd`?",
        ),
        ("[keys]\ngenarate = []", "2:1: unknown key `genarate`; did you mean `generate`?"),
        ("[keys]\nzzzzzz = []", "2:1: unknown key `zzzzzz`; config.example.toml has all there are"),
        ("[theme]\nnmae = \"dark\"", "2:1: unknown key `nmae`; did you mean `name`?"),
        (
            "[themes.mine]\nlike = \"dark\"\nzzzzzz = \"red\"",
            "3:1: unknown key `zzzzzz`; known here: like, text, dim, accent, border, border_focus, \
             title, label, key, selection, selection_dim, found, added, removed, good, warning, \
             bad, placeholder, notice",
        ),
        ("[themes.dark]\naccnt = \"red\"", "2:1: unknown key `accnt`; did you mean `accent`?"),
        (
            "[themes.mine]\nborderfocus = \"red\"",
            "2:1: unknown key `borderfocus`; did you mean `border_focus`?",
        ),
        ("[models.\"a:b\"]\npirce = 1", "2:1: unknown key `pirce`; did you mean `price`?"),
        (
            "[models.\"openai:gpt-image-1\"]\nnegativ_prompt = true",
            "2:1: unknown key `negativ_prompt`; did you mean `negative_prompt`?",
        ),
        (
            "[history]\nkeep_answer_days = 1",
            "2:1: unknown key `keep_answer_days`; did you mean `keep_answers_days`?",
        ),
        ("[graphics]\ncolours = \"16\"", "2:1: unknown key `colours`; did you mean `colors`?"),
        ("[demo]\nq = 1", "2:1: unknown key `q`; known here: moment"),
        ("# é\n[demo]\n\"\\u001b[2J\" = 1", "3:1: unknown key `[2J`; known here: moment"),
    ];
    for (config, expected) in table {
        assert_eq!(refusal(config), format!("config.toml:{expected}"), "{config}");
    }
}

#[test]
fn wrong_values_are_refused_where_they_stand() {
    let table = [
        ("[studio]\nmouse = \"yes\"", "2:9: `mouse` must be true or false, not “yes”"),
        (
            "[studio]\nslideshow = 0",
            "2:13: `slideshow` must be a whole number from 1 to 3600, not 0",
        ),
        ("[studio]\nmodel = 3", "2:9: `model` must be a text in quotes, not 3"),
        (
            "[studio]\nmodel = \"painter\"",
            "2:9: `model`: a model is written provider:name, for example openai:gpt-image-2",
        ),
        ("studio = 1", "1:1: `studio` must be a table, not 1"),
        ("[[queue]]\nparallel = 1", "1:3: `queue` must be a table, not a list"),
        ("[queue]\nparallel = 0", "2:12: `parallel` must be a whole number from 1 to 64, not 0"),
        ("[queue]\nparallel = -1", "2:12: `parallel` must be a whole number from 1 to 64, not -1"),
        (
            "[queue]\nparallel = 99999999999",
            "2:12: `parallel` must be a whole number from 1 to 64, not 99999999999",
        ),
        (
            "[queue]\nparallel = 1.5",
            "2:12: `parallel` must be a whole number from 1 to 64, not 1.5",
        ),
        ("[demo]\nmoment = -0.1", "2:10: `moment` must be a number from 0 to 3600, not -0.1"),
        ("[demo]\nmoment = nan", "2:10: `moment` must be a number from 0 to 3600, not nan"),
        (
            "[demo]\nmoment = 2026-11-23",
            "2:10: `moment` must be a number from 0 to 3600, not a date",
        ),
        (
            "[graphics]\ncolors = \"many\"",
            "2:10: `colors` must be one of \"auto\", \"true\", \"256\", \"16\", \"none\", not “many”",
        ),
        (
            "[graphics]\ncolors = 256",
            "2:10: `colors` must be one of \"auto\", \"true\", \"256\", \"16\", \"none\", not 256",
        ),
        (
            "[keys]\nquit = \"q\"",
            "2:8: `quit` must be a list of keys, for example [\"F5\", \"ctrl+j\"], not “q”",
        ),
        (
            "[keys]\nquit = [\n  \"q\",\n  \"hyper+q\",\n]",
            "4:3: `quit`: “hyper+q” is no key; write for example ctrl+j, alt+enter, F5, G or ?",
        ),
        (
            "[theme]\nname = \"drak\"",
            "2:8: `name`: there is no such theme, only auto, dark, light, ansi, ansi-light; did you mean dark?",
        ),
        (
            "[themes.dark]\ntext = \"gren\"",
            "2:8: `text`: “gren” is no colour (did you mean green?); write for example \"#e0a458 bold\", \"bright-red\" or \"default on #332b22\"",
        ),
        (
            "[models.\"openai:x\"]\nstate = \"old\"",
            "2:9: `state`: write \"current\", \"disputed\", \"retired\" or \"retired 2026-10-23\"",
        ),
        (
            "[models.\"openai:x\"]\nsizes = [\"1x1\", \"big\"]",
            "2:17: `sizes`: “big” is not a size; write WIDTHxHEIGHT, for example 1024x640",
        ),
        (
            "[models.\"openai:x\"]\nprice = -1",
            "2:9: `price` must be a number from 0 to 1000, not -1",
        ),
        (
            "[models.gpt]\nprice = 1",
            "1:9: `gpt`: a model is written provider:name, for example openai:gpt-image-2",
        ),
        (
            "[providers.\"a b\"]",
            "1:12: `a b`: a provider is named by letters, digits, - and _, and not demo or langbase",
        ),
        (
            "[providers.demo]",
            "1:12: `demo`: a provider is named by letters, digits, - and _, and not demo or langbase",
        ),
        (
            "[langbase]\nbase_url = \"api\"",
            "2:12: `base_url` must be an address like https://api.langbase.com, without user or query, not this text",
        ),
        (
            "[langbase]\napi_key_cmd = \"pass x\"",
            "2:15: `api_key_cmd` must be a list of texts: a program and its arguments, not “pass x”",
        ),
    ];
    for (config, expected) in table {
        assert_eq!(refusal(config), format!("config.toml:{expected}"), "{config}");
    }
}

#[test]
fn a_route_of_its_own_is_put_off_to_a_later_version() {
    for key in ["route = \"direct\"", "kind = \"openai-compatible\"", "base_url = \"http://x\""] {
        let said = refusal(&format!("[providers.local]\n{key}"));
        assert!(said.starts_with("config.toml:2:"), "{said}");
        assert!(said.contains("comes with a later version"), "{said}");
    }
}

#[test]
fn what_is_no_toml_is_refused_where_it_breaks() {
    for (config, place) in [
        ("[studio\nmouse = true", "1:8"),
        ("[studio]\nmouse = ", "2:9"),
        ("[studio]\nmouse = true\nmouse = true", "3:1"),
        ("[studio]\nmodel = \"a", "2:11"),
        ("é = 1", "1:1"),
    ] {
        let said = refusal(config);
        assert!(said.starts_with(&format!("config.toml:{place}: ")), "{config}: {said}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_said_to_be_so() {
    assert_eq!(
        Home::new(b"# fine\n# \xC3\xA9\xFF").refusal(),
        "config.toml:2:4: this is not UTF-8 text"
    );
    let home = Home::new("");
    std::fs::remove_file(home.paths().config_file).unwrap();
    std::fs::create_dir(home.paths().config_file).unwrap();
    assert!(home.refusal().starts_with("config.toml: cannot be read: "), "{}", home.refusal());
}

#[test]
fn two_actions_on_one_key_are_refused_on_the_users_line() {
    assert_eq!(
        refusal("[keys]\n# mine\ngenerate = [\"ctrl+l\"]"),
        "config.toml:3:1: Ctrl+L is bound to both `generate` and `redraw`; choose other keys, \
         or [] for none"
    );
    assert_eq!(
        refusal("[keys]\nyank = [\"v\"]"),
        "config.toml:2:1: `yank` is meant in a text, where v types a character; choose other keys, \
         or [] for none"
    );
    // The same key where they cannot be meant at once is fine.
    Home::new("[keys]\nuse_prompt = [\"ctrl+w\"]\n").load();
}

#[test]
fn a_refusal_becomes_a_failure_that_cost_nothing() {
    let home = Home::new("[studio]\nmodle = 1");
    let error = Settings::load(&home.paths(), &Environment::default()).unwrap_err();
    let failure = Failure::from(error);
    assert_eq!((failure.kind, failure.charged), (FailureKind::Config, Charged::No));
    assert!(failure.what.as_str().contains("did you mean `model`?"));
}

// Keys of the keyboard

#[test]
fn chords_are_read_in_every_spelling_a_user_would_try() {
    for (written, shown) in [
        ("ctrl+j", "Ctrl+J"),
        ("Ctrl+J", "Ctrl+J"),
        ("control+shift+j", "Ctrl+J"),
        ("shift+g", "G"),
        ("G", "G"),
        ("ctrl++", "Ctrl++"),
        ("+", "+"),
        ("plus", "+"),
        ("alt+enter", "Alt+Enter"),
        ("meta+Return", "Alt+Enter"),
        ("shift+tab", "Shift+Tab"),
        ("f12", "F12"),
        ("space", "Space"),
        ("é", "é"),
        ("ctrl+i", "Tab"),
        ("ctrl+m", "Enter"),
        ("ctrl+[", "Esc"),
        ("ctrl+7", "Ctrl+_"),
        ("ctrl+/", "Ctrl+_"),
    ] {
        assert_eq!(written.parse::<Chord>().unwrap().to_string(), shown, "{written}");
    }
    for wrong in ["", " ", "F0", "F25", "F300", "ctrl+", "j+ctrl", "hyper+a", "shift+1", "jj"] {
        wrong.parse::<Chord>().unwrap_err();
    }
    "ctrl+\u{1b}".parse::<Chord>().unwrap_err();
}

#[test]
fn undo_answers_to_the_byte_a_plain_terminal_sends_for_it() {
    // The byte 0x1F, as crossterm names it.
    let sent = Chord { ctrl: true, ..Chord::plain(Key::Char('7')) }.canonical();
    assert_eq!(Settings::default().keys.action(Context::Text, sent), Some(Action::Undo));
}

#[test]
fn the_nearest_word_is_near() {
    let known = ["openai", "together", "google"];
    assert_eq!(nearest("opnai", known), Some("openai"));
    assert_eq!(nearest("Gogle", known), Some("google"));
    assert_eq!(nearest("midjourney", known), None);
}

// Places

#[test]
fn a_directory_of_the_users_choice_holds_everything() {
    let environment: Environment = [("PENTIMENTO_DIR", "/x/pentimento")].into_iter().collect();
    let paths = Paths::find(None, &environment).unwrap();
    assert_eq!(paths.dir, PathBuf::from("/x/pentimento"));
    for path in [&paths.config_file, &paths.cache, &paths.logs] {
        assert!(path.starts_with(&paths.dir), "{}", path.display());
    }
    let flag = Paths::find(Some(Path::new("/y")), &environment).unwrap();
    assert_eq!(flag.config_file, PathBuf::from("/y/config.toml"));
    let relative = Paths::find(Some(Path::new("here")), &environment).unwrap();
    assert!(relative.dir.is_absolute());
}

// Keys of services

const LANGBASE: (&str, &str) = ("LANGBASE_API_KEY", "lb-env");

#[test]
fn keys_are_looked_for_in_order() {
    let file = "[providers.google]\napi_key = \"file\"\n";
    let command =
        "[providers.google]\napi_key = \"file\"\napi_key_cmd = [\"/bin/echo\", \"cmd\"]\n";
    let dotenv = "GOOGLE_API_KEY=dotenv-2\nGEMINI_API_KEY=dotenv-1\n";
    let gemini = ("GEMINI_API_KEY", "env-1");
    let google = ("GOOGLE_API_KEY", "env-2");
    for (expected, home, environment) in [
        ("env-1", Home::new(command).dotenv(dotenv), vec![LANGBASE, google, gemini]),
        ("env-2", Home::new(command).dotenv(dotenv), vec![LANGBASE, google]),
        ("env-2", Home::new(command), vec![LANGBASE, google, ("GEMINI_API_KEY", " ")]),
        ("dotenv-1", Home::new(command).dotenv(dotenv), vec![LANGBASE]),
        ("dotenv-2", Home::new(command).dotenv("GOOGLE_API_KEY=dotenv-2"), vec![LANGBASE]),
        ("cmd", Home::new(command), vec![LANGBASE]),
        ("file", Home::new(file), vec![LANGBASE]),
    ] {
        let credentials = home.credentials(&environment, "google");
        assert_eq!(provider_key(&credentials), expected);
        assert_eq!(credentials.key.expose_secret(), "lb-env");
    }
}

#[test]
fn a_dotenv_file_is_read_as_people_write_them() {
    for (line, key) in [
        ("OPENAI_API_KEY=sk-1", "sk-1"),
        ("export OPENAI_API_KEY=sk-1", "sk-1"),
        ("  OPENAI_API_KEY = sk-1  ", "sk-1"),
        ("OPENAI_API_KEY=\"sk-1\" # mine", "sk-1"),
        ("OPENAI_API_KEY='sk-1'", "sk-1"),
        ("OPENAI_API_KEY=sk-1 # mine", "sk-1"),
        ("OPENAI_API_KEY=sk#1", "sk#1"),
        ("OPENAI_API_KEY=\"sk\\\"1\"", "sk\"1"),
        ("\u{FEFF}OPENAI_API_KEY=sk-1\r", "sk-1"),
        ("# OPENAI_API_KEY=no\n\nnonsense\n=x\nOPENAI_API_KEY=sk-1", "sk-1"),
        ("OPENAI_API_KEY=sk-0\nOPENAI_API_KEY=sk-1", "sk-1"),
    ] {
        let credentials = Home::new("").dotenv(line).credentials(&[LANGBASE], "openai");
        assert_eq!(provider_key(&credentials), key, "{line}");
    }
    for empty in ["OPENAI_API_KEY=", "OPENAI_API_KEY=''", "OPENAI_API_KEY= # none"] {
        Home::new("").dotenv(empty).try_credentials(&[LANGBASE], "openai").unwrap_err();
    }
}

#[test]
fn a_dotenv_file_supplies_no_address() {
    let home = Home::new("").dotenv(
        "PENTIMENTO_LANGBASE_URL=https://evil.example\nPENTIMENTO_DIR=/evil\nOPENAI_API_KEY=sk-1\n",
    );
    let credentials = home.credentials(&[LANGBASE], "openai");
    assert_eq!(credentials.base_url.as_str(), "https://api.langbase.com/");
}

#[test]
fn a_key_of_the_configuration_goes_to_no_address_of_the_environment() {
    let key = "[providers.openai]\napi_key = \"sk-file\"\n";
    let command = "[providers.openai]\napi_key_cmd = [\"/no/such/program\"]\n";
    let moved = ("PENTIMENTO_LANGBASE_URL", "https://elsewhere.example");
    for config in [key, command] {
        let home = Home::new(config);
        let find = |variables: &[(&str, &str)]| {
            let environment: Environment = variables.iter().copied().collect();
            let settings = Settings::load(&home.paths(), &environment).unwrap();
            credentials(&settings, &environment, home.path(), "openai")
        };
        let failure = find(&[LANGBASE, moved]).unwrap_err();
        assert_eq!((failure.kind, failure.charged), (FailureKind::MissingKey, Charged::No));
        assert!(failure.what.as_str().contains(moved.0), "{}", failure.what);
        assert!(failure.hint.as_str().contains("OPENAI_API_KEY"), "{}", failure.hint);
        assert!(!failure.what.as_str().contains("sk-file"));
        let found = find(&[LANGBASE, moved, ("OPENAI_API_KEY", "sk-variable")]).unwrap();
        assert_eq!(found.expect("not the demo").base_url.as_str(), "https://elsewhere.example/");
    }
    // An address of the same file is as good as the key beside it.
    let home = Home::new(format!("[langbase]\nbase_url = \"https://mine.example\"\n{key}"));
    assert_eq!(provider_key(&home.credentials(&[LANGBASE], "openai")), "sk-file");
}

#[test]
fn a_missing_key_is_answered_with_every_variable_that_is_needed() {
    let home = Home::new("");
    for (environment, missing) in [
        (vec![], "LANGBASE_API_KEY and GEMINI_API_KEY or GOOGLE_API_KEY are not set."),
        (vec![LANGBASE], "GEMINI_API_KEY or GOOGLE_API_KEY is not set."),
        (vec![("GEMINI_API_KEY", "x")], "LANGBASE_API_KEY is not set."),
    ] {
        let failure = home.try_credentials(&environment, "google").unwrap_err();
        assert_eq!((failure.kind, failure.charged), (FailureKind::MissingKey, Charged::No));
        assert_eq!(failure.what.as_str(), format!("Not sent: {missing}"));
        for named in ["LANGBASE_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY", "demo:painter"] {
            assert!(failure.hint.as_str().contains(named), "{}", failure.hint);
        }
    }
}

#[test]
fn an_unknown_provider_is_answered_with_the_known_ones() {
    let failure = Home::new("").try_credentials(&[LANGBASE], "opneai").unwrap_err();
    assert_eq!(failure.kind, FailureKind::Request);
    assert!(failure.what.as_str().ends_with("Did you mean openai?"), "{}", failure.what);
    assert!(failure.hint.as_str().contains("google, openai, openrouter, together, demo"));
}

#[test]
fn a_provider_of_the_users_has_a_variable_of_its_name() {
    assert_eq!(variables("my-host"), ["MY_HOST_API_KEY"]);
    let home = Home::new("[providers.my-host]\n");
    let credentials = home.credentials(&[LANGBASE, ("MY_HOST_API_KEY", "mine")], "my-host");
    assert_eq!(provider_key(&credentials), "mine");
}

#[test]
fn the_demo_needs_no_key() {
    let settings = Settings::default();
    let nothing = Environment::default();
    let dir = tempfile::tempdir().unwrap();
    assert!(credentials(&settings, &nothing, dir.path(), "demo").unwrap().is_none());
}

#[test]
fn a_key_that_no_header_could_carry_is_not_sent() {
    let home = Home::new("");
    for key in ["sk 1", "sk-“1”", "sk\n1"] {
        let failure =
            home.try_credentials(&[LANGBASE, ("OPENAI_API_KEY", key)], "openai").unwrap_err();
        assert_eq!(failure.kind, FailureKind::MissingKey);
        assert!(failure.what.as_str().contains("OPENAI_API_KEY in the environment"));
        assert!(!failure.to_string().contains("sk"), "{failure}");
    }
}

fn sh(script: &str) -> Vec<String> {
    ["/bin/sh", "-c", script].map(String::from).to_vec()
}

#[test]
fn a_key_command_gives_the_first_line_it_prints_and_sees_no_keys() {
    let environment: Environment =
        [("OPENAI_API_KEY", "secret"), ("ACME_API_KEY", "secret"), ("NAME", "me")]
            .into_iter()
            .collect();
    let script = "echo \" $NAME-$OPENAI_API_KEY-$ACME_API_KEY \"; echo second";
    let key = first_line(&sh(script), &environment, Duration::from_secs(20)).unwrap();
    assert_eq!(key.expose_secret(), "me--");
    // No shell of ours stands between.
    let argv = ["/bin/echo".to_owned(), "$NAME; x".to_owned()];
    let key = first_line(&argv, &environment, Duration::from_secs(20)).unwrap();
    assert_eq!(key.expose_secret(), "$NAME; x");
}

#[test]
fn a_key_command_that_fails_says_how_and_never_what_it_printed() {
    let run = |argv: &[String]| {
        first_line(argv, &Environment::default(), Duration::from_secs(20)).unwrap_err().to_string()
    };
    assert_eq!(run(&sh("echo sk-1; exit 3")), "ended with status 3");
    assert_eq!(run(&sh("kill -9 $$")), "was ended by signal 9");
    assert_eq!(run(&sh("echo; echo sk-1")), "printed no key on its first line");
    assert_eq!(run(&sh("printf '\\377'")), "printed no key on its first line");
    assert!(run(&["/no/such/program".to_owned()]).starts_with("could not be started: "));
}

#[test]
fn a_key_command_that_hangs_is_ended() {
    let slow = sh("/bin/sleep 100 & wait");
    let error = first_line(&slow, &Environment::default(), Duration::from_millis(50)).unwrap_err();
    assert!(matches!(error, CommandError::Slow(_)));
}

#[test]
fn a_failing_key_command_is_not_passed_over_in_silence() {
    let home =
        Home::new("[providers.openai]\napi_key = \"sk-1\"\napi_key_cmd = [\"/bin/false\"]\n");
    let failure = home.try_credentials(&[LANGBASE], "openai").unwrap_err();
    assert_eq!(failure.what.as_str(), "Not sent: the api_key_cmd of openai ended with status 1.");
}

#[test]
fn a_file_that_others_can_write_decides_neither_command_nor_address() {
    for setting in ["api_key_cmd = [\"/bin/echo\", \"x\"]", "base_url = \"https://evil.example\""] {
        let home = Home::new(format!("[langbase]\n{setting}\n"));
        home.load();
        for mode in [0o620, 0o602, 0o666] {
            home.mode(mode);
            let said = home.refusal();
            assert!(said.starts_with("config.toml:2:") && said.contains("chmod go-w"), "{said}");
        }
    }
    let harmless = Home::new("[queue]\nparallel = 2\n[langbase]\napi_key_cmd = []\n");
    harmless.mode(0o666);
    harmless.load();
}

#[test]
fn what_keys_there_are_is_told_without_running_a_command() {
    let marker = tempfile::tempdir().unwrap();
    let touched = marker.path().join("ran");
    let home = Home::new(format!(
        "[providers.openai]\napi_key_cmd = [\"/bin/touch\", \"{}\"]\n[providers.together]\napi_key = \"t\"\n",
        touched.display()
    ))
    .dotenv("GOOGLE_API_KEY=g");
    let environment: Environment = [LANGBASE].into_iter().collect();
    let present = present(&home.load(), &environment, home.path());
    let told: Vec<_> = present.iter().collect();
    assert_eq!(
        told,
        [
            ("langbase", Some(&KeySource::Variable("LANGBASE_API_KEY".into()))),
            ("google", Some(&KeySource::DotEnv("GOOGLE_API_KEY".into()))),
            ("openai", Some(&KeySource::Command)),
            ("openrouter", None),
            ("together", Some(&KeySource::File)),
        ]
    );
    assert!(present.reaches("openai") && present.reaches("demo"));
    assert!(!present.reaches("openrouter") && !present.reaches("acme"));
    assert!(!touched.exists());
}

#[test]
fn no_key_is_ever_shown() {
    const CANARY: &str = "sk-canary";
    let home = Home::new(format!(
        "[langbase]\napi_key = \"{CANARY}\"\n[providers.openai]\napi_key = \"{CANARY}\"\n"
    ));
    let environment: Environment =
        [("OPENAI_API_KEY", CANARY), ("TOGETHER_API_KEY", CANARY)].into_iter().collect();
    let settings = home.load();
    let credentials = home.credentials(&[], "openai");
    let present = present(&settings, &environment, home.path());
    for shown in [
        format!("{settings:?}"),
        format!("{environment:?}"),
        format!("{credentials:?}"),
        format!("{present:?}"),
        refusal(&format!("[langbase]\napi_key = [\"{CANARY}\"]")),
        refusal(&format!("[langbase]\nbase_url = \"https://{CANARY}@x.example\"")),
        refusal(&format!("[langbase]\napi_key = \"{CANARY}")),
        refusal(&format!("[langbase]\napi_key = {CANARY}")),
    ] {
        assert!(!shown.contains(CANARY), "{shown}");
    }
}

// The catalogue

#[test]
fn the_first_model_is_a_current_one_that_the_keys_reach() {
    let settings = Settings::default();
    let dir = tempfile::tempdir().unwrap();
    let start = |keys: &[(&str, &str)]| {
        let environment = keys.iter().copied().collect();
        settings.start_model(&present(&settings, &environment, dir.path())).to_string()
    };
    assert_eq!(start(&[]), "demo:painter");
    assert_eq!(start(&[LANGBASE]), "demo:painter");
    assert_eq!(start(&[("OPENAI_API_KEY", "x")]), "demo:painter");
    assert_eq!(start(&[LANGBASE, ("OPENAI_API_KEY", "x")]), "openai:gpt-image-2");
    assert_eq!(start(&[LANGBASE, ("GOOGLE_API_KEY", "x")]), "google:gemini-3.1-flash-image");
    let chosen = Home::new("[studio]\nmodel = \"acme:brush\"").load();
    let none = present(&chosen, &Environment::default(), dir.path());
    assert_eq!(chosen.start_model(&none), id("acme:brush"));
}

#[test]
fn a_price_is_for_all_pictures_and_never_guessed() {
    let models = Settings::default().models;
    let estimate = |model: &str, n: Option<u32>, size: Option<(u32, u32)>| {
        let (width, height) = size.unzip();
        let request = Request { n, width, height, ..Request::new("a fox", id(model)) };
        models.estimate(&request).map(|cost| cost.to_string())
    };
    let nano = "google:gemini-2.5-flash-image";
    assert_eq!(estimate(nano, None, None).as_deref(), Some("$0.039"));
    assert_eq!(estimate(nano, Some(4), Some((1024, 1024))).as_deref(), Some("$0.156"));
    assert_eq!(estimate(nano, None, Some((2048, 2048))), None);
    assert_eq!(estimate("openai:gpt-image-2", None, None), None);
    assert_eq!(estimate("acme:unheard-of", None, None), None);
    assert_eq!(estimate("demo:painter", Some(9), Some((4096, 4096))).as_deref(), Some("free"));
}

#[test]
fn the_names_of_the_api_reference_are_in_the_catalogue() {
    let models = Settings::default().models;
    for (model, state) in [
        ("openai:gpt-image-1", "retired 2026-10-23"),
        ("together:black-forest-labs/FLUX.1-schnell-Free", "retired"),
        ("google:gemini-2.5-flash-image-preview", "retired 2026-01-15"),
        ("openrouter:google/gemini-2.5-flash-image-preview", "retired 2026-01-15"),
        ("demo:painter", "current"),
    ] {
        assert_eq!(models.get(&id(model)).unwrap().state.to_string(), state);
    }
    for model in models.iter() {
        assert!(!model.title.is_blank() && !model.sizes.is_empty(), "{}", model.id);
    }
}
