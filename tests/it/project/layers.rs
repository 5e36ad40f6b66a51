//! The layers: a module uses only what stands in its row, and outside crates have homes.

use std::path::{Component, Path};

use super::paths::paths;
use super::{read, sources};

/// What each part of the program may use, besides itself.
const LAYERS: [(&str, &[&str]); 13] = [
    ("domain", &[]),
    ("config", &["domain"]),
    ("store", &["domain"]),
    ("api", &["domain"]),
    ("graphics", &["domain"]),
    ("metadata", &["domain"]),
    ("engine", &["domain", "store", "api"]),
    ("app", &["domain", "config"]),
    ("ui", &["domain", "config", "app"]),
    // What both faces would say in the same words.
    ("face", &["domain", "config", "metadata", "engine"]),
    ("tui", &["domain", "config", "store", "graphics", "engine", "face", "app", "ui"]),
    ("cli", &["domain", "config", "store", "api", "graphics", "engine", "face"]),
    // It starts each kind of process, and finds out what they must be told.
    ("main", &["domain", "config", "graphics", "engine", "tui", "cli"]),
];

/// Where each outside crate may be used. A home is a part of the program or one module.
const HOMES: [(&str, &[&str]); 48] = [
    (
        "base64",
        &["api", "engine::base", "graphics::clipboard", "graphics::download", "graphics::drivers"],
    ),
    ("clap", &["cli"]),
    ("clap_complete", &["cli::itself"]),
    ("clap_mangen", &["cli::itself"]),
    ("crossterm", &["tui"]),
    ("directories", &["config::paths"]),
    ("exif", &["metadata::tags"]),
    ("fast_image_resize", &["graphics::decode", "graphics::drivers"]),
    ("futures", &["api::client", "engine"]),
    ("image", &["api::demo", "graphics"]),
    ("imagesize", &["engine::base", "store::images"]),
    ("img_parts", &["metadata"]),
    ("indicatif", &["cli"]),
    ("jiff", &["api::head", "domain::time"]),
    ("jpeg_encoder", &["graphics::drivers::file"]),
    ("lru", &["graphics::easel", "graphics::presenter"]),
    ("miniz_oxide", &["metadata::png"]),
    ("nucleo_matcher", &["app::fuzzy"]),
    ("percent_encoding", &["api::data_url", "domain::base_image"]),
    ("png", &["graphics::drivers::file"]),
    ("quantette", &["graphics::drivers::palette"]),
    ("ratatui", &["graphics", "tui", "ui"]),
    ("reqwest", &["api"]),
    ("rusqlite", &["store"]),
    ("rusqlite_migration", &["store::schema"]),
    (
        "rustix",
        &["cli", "config::key_command", "engine", "graphics::decode", "main", "store", "tui"],
    ),
    ("secrecy", &["api::client", "api::mask", "config", "engine::link"]),
    (
        "serde",
        &[
            "api",
            "app::form",
            "app::place",
            "app::presets",
            "cli::batch::reading",
            "domain",
            "engine::link",
            "metadata",
            "store",
        ],
    ),
    (
        "serde_json",
        &[
            "api",
            "app::form",
            "app::presets",
            "cli",
            "domain",
            "engine",
            "face",
            "metadata",
            "store",
            "tui",
        ],
    ),
    ("sha2", &["api::demo", "store"]),
    ("shlex", &["domain::base_image", "face::extracts"]),
    ("signal_hook", &["cli::asking", "tui::watch"]),
    ("similar", &["domain::difference"]),
    ("strsim", &["domain::nearest"]),
    ("tempfile", &["face::export", "graphics::thumbnail", "store", "tui::editor"]),
    ("termina", &["tui::keyboard", "tui::input"]),
    ("thiserror", &["config", "domain", "graphics::decode", "metadata", "store"]),
    ("tokio", &["api", "cli", "engine", "graphics", "tui"]),
    ("toml", &["config::tree"]),
    ("tower", &["api::client"]),
    ("tracing", &["engine", "graphics", "main", "tui"]),
    ("tracing_appender", &["main"]),
    ("tracing_subscriber", &["main"]),
    (
        "unicode_segmentation",
        &["app::editor", "domain::difference", "domain::text", "graphics::glyphs", "ui::paint"],
    ),
    ("unicode_width", &["app::editor", "domain::text", "graphics::easel"]),
    ("url", &["api", "config", "domain::base_image", "engine"]),
    ("uuid", &["domain::id"]),
    ("viuer", &["graphics"]),
];

/// The names of the module in `file`: `store::row` for `store/row.rs`.
fn module(file: &Path) -> Vec<String> {
    let names = file.with_extension("");
    let names = names.components().map(Component::as_os_str);
    names.map(|name| name.to_string_lossy().into_owned()).collect()
}

/// What the module in `file` with this `code` must not do and does.
fn violations(file: &Path, code: &str) -> Vec<String> {
    let module = module(file);
    let here = module.join("::");
    let part = module[0].as_str();
    if part == "lib" {
        return Vec::new();
    }
    let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == part) else {
        return vec![format!("{here} is in no layer")];
    };
    let mut found = Vec::new();
    for path in paths(code) {
        let ups = path.iter().take_while(|name| *name == "super").count();
        let used = match path[0].as_str() {
            "crate" | "pentimento" => path.get(1),
            // Not back into itself, so out of the part.
            "super" if ups >= module.len() => path.get(ups),
            name => {
                let homes = HOMES.iter().find(|(home, _)| *home == name).map(|(_, homes)| homes);
                let is_home = |home: &&str| {
                    here == *home
                        || here.strip_prefix(home).is_some_and(|rest| rest.starts_with("::"))
                };
                if homes.is_some_and(|homes| !homes.iter().any(is_home)) {
                    found.push(format!("{here} is no home of {name}"));
                }
                continue;
            }
        };
        let used = used.map_or("everything", String::as_str);
        if used != part && !allowed.contains(&used) {
            found.push(format!("{here} must not use {used} ({})", path.join("::")));
        }
    }
    found
}

#[test]
fn every_module_keeps_to_its_layer_and_every_crate_to_its_home() {
    let sources = sources();
    let found: Vec<String> =
        sources.iter().flat_map(|(file, code)| violations(file, code)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    for (layer, _) in LAYERS {
        let file = Path::new(layer).with_extension("rs");
        assert!(sources.iter().any(|(other, _)| *other == file), "there is no {layer}");
    }
}

#[test]
fn every_dependency_has_a_home_and_is_used_in_each() {
    let manifest: toml::Table = read("Cargo.toml").parse().expect("the manifest is TOML");
    let dependencies = manifest["dependencies"].as_table().expect("a table");
    let mut named: Vec<String> = dependencies.keys().map(|name| name.replace('-', "_")).collect();
    named.sort();
    assert_eq!(named, HOMES.map(|(name, _)| name), "Cargo.toml and the table of homes differ");

    let sources = sources();
    for (name, homes) in HOMES {
        for home in homes {
            let lives = |file: &Path| {
                let here = module(file).join("::");
                here == *home || here.starts_with(&format!("{home}::"))
            };
            let used = sources
                .iter()
                .filter(|(file, _)| lives(file))
                .any(|(_, code)| paths(code).iter().any(|path| path[0] == name));
            assert!(used, "{home} is called a home of {name} and does not use it");
        }
    }
}

#[test]
fn a_step_over_a_wall_is_seen_however_it_is_written() {
    let over = [
        ("app/form.rs", "use crate::store::Store;"),
        ("app.rs", "use crate::{config::Settings, engine::link::{Link, Report}};"),
        ("ui/form.rs", "fn f() { crate::tui::run(); }"),
        ("domain/text.rs", "use super::super::config::Settings;"),
        ("store.rs", "macro_rules! m { () => { $crate::api::Answer } }"),
        ("graphics/easel.rs", "impl crate::config::theme::Role {}"),
        ("tui/effects.rs", "pub(crate) use crate::cli as face;"),
        ("cli/show.rs", "use crate::*;"),
        ("main.rs", "use pentimento::store::Store;"),
        ("helpers.rs", "fn f() {}"),
        ("ui/preview.rs", "use viuer::Config;"),
        ("app/jobs.rs", "#[tokio::main] async fn f() {}"),
        ("config/load.rs", "fn f() { let _ = ::rusqlite::Connection::open_in_memory(); }"),
        ("engine/worker.rs", "use reqwest;"),
    ];
    for (file, code) in over {
        assert!(!violations(Path::new(file), code).is_empty(), "{file}: {code}");
    }
    let within = [
        ("engine/attempt.rs", "use crate::{api::Route, domain::{Job, Failure}, store::Store};"),
        ("api/demo/land/ground.rs", "use super::super::canvas::Canvas;"),
        ("store/row.rs", "// crate::api::Answer\nuse super::StoreError;"),
        ("app/form.rs", "const NAME: &str = \"crate::store\";"),
        ("graphics/decode/child.rs", "use image::ImageReader; use fast_image_resize as resize;"),
    ];
    for (file, code) in within {
        assert_eq!(violations(Path::new(file), code), Vec::<String>::new(), "{file}: {code}");
    }
}
