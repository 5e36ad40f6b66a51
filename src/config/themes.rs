//! Which theme is in force: `[theme]` and `[themes]`.
//!
//! Owns the choice. Promises that every theme has a style for every role, and that all of
//! them are read, so that a mistake in one is told before it is needed. Must never know a
//! terminal: what it is like is passed in.

use super::error::ConfigError;
use super::section::{Found, Section};
use super::theme::{Role, Theme};
use crate::domain::{Background, nearest};

/// The theme that everything a theme leaves out is from, unless it names another one.
const FIRST: &str = "dark";

/// The themes that are taken by themselves where there are only sixteen colours.
const SIXTEEN: [&str; 2] = ["ansi", "ansi-light"];

/// Which theme is in force on which terminal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Themes {
    /// This one, whatever the terminal is.
    Always(Box<Theme>),
    /// One of two by what is behind its letters, the one on dark first.
    ByBackground {
        /// Where there are many colours.
        many: Box<[Theme; 2]>,
        /// Where there are sixteen, or none.
        sixteen: Box<[Theme; 2]>,
    },
}

/// What letters, frames and signs may be made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Glyphs {
    /// What the locale allows.
    Auto,
    /// Everything.
    Unicode,
    /// The characters that every terminal has.
    Ascii,
}

impl Themes {
    /// The theme on a terminal with this behind its letters, that has `sixteen` colours or
    /// fewer.
    pub fn on(&self, background: Background, sixteen: bool) -> &Theme {
        match self {
            Self::Always(theme) => theme,
            Self::ByBackground { many, sixteen: few } => {
                let [dark, light] = if sixteen { few.as_ref() } else { many.as_ref() };
                match background {
                    Background::Dark => dark,
                    Background::Light => light,
                }
            }
        }
    }

    /// Whether it depends on what is behind the letters.
    pub const fn follows(&self) -> bool {
        matches!(self, Self::ByBackground { .. })
    }
}

/// Reads the sections `theme` and `themes`.
pub(super) fn read(
    mut choice: Section<'_>,
    mut themes: Section<'_>,
) -> Result<(Themes, Glyphs), ConfigError> {
    let [name, dark, light] = ["name", "dark", "light"].map(|key| choice.get(key));
    let glyphs = choice.get("glyphs").choice(&[
        ("auto", Glyphs::Auto),
        ("unicode", Glyphs::Unicode),
        ("ascii", Glyphs::Ascii),
    ])?;
    choice.finish()?;
    let all = all(&mut themes)?;
    themes.finish()?;
    let find = |wanted: &Found<'_>, others: &[&str]| {
        let text = wanted.text()?;
        let found = all.iter().find(|(name, _)| *name == text);
        found.map(|(_, theme)| theme.clone()).ok_or_else(|| {
            let names = others.iter().copied().chain(all.iter().map(|(name, _)| *name));
            let names: Vec<&str> = names.collect();
            let near = nearest(text, names.iter().copied());
            let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            wanted.meaningless(&format!("there is no such theme, only {}{near}", names.join(", ")))
        })
    };
    // Both are read, whether or not they are chosen.
    let many = [find(&dark, &[])?, find(&light, &[])?];
    let shipped = |name: &str| {
        let found = all.iter().find(|(other, _)| *other == name);
        found.expect("config.example.toml has it (test)").1.clone()
    };
    let themes = match name.text()? {
        "auto" => {
            Themes::ByBackground { many: Box::new(many), sixteen: Box::new(SIXTEEN.map(shipped)) }
        }
        _ => Themes::Always(Box::new(find(&name, &["auto"])?)),
    };
    Ok((themes, glyphs))
}

/// All themes by their names, in the order of the texts.
fn all<'a>(themes: &mut Section<'a>) -> Result<Vec<(&'a str, Theme)>, ConfigError> {
    let first = one(themes.child(FIRST)?, &[(FIRST, Theme::default())])?;
    let mut all = vec![(FIRST, first)];
    for name in themes.names().into_iter().filter(|name| *name != FIRST) {
        let theme = one(themes.child(name)?, &all)?;
        all.push((name, theme));
    }
    Ok(all)
}

/// One theme. What it leaves out is from the one that it says it is like, of those `before`
/// it.
fn one(mut section: Section<'_>, before: &[(&str, Theme)]) -> Result<Theme, ConfigError> {
    let like = match section.find("like") {
        None => before.first(),
        Some(like) => {
            let name = like.text()?;
            let known: Vec<&str> = before.iter().map(|(name, _)| *name).collect();
            let found = before.iter().find(|(other, _)| *other == name);
            Some(found.ok_or_else(|| {
                let known = known.join(", ");
                like.meaningless(&format!("it must be a theme above this one: {known}"))
            })?)
        }
    };
    let mut theme = like.map(|(_, theme)| theme.clone()).unwrap_or_default();
    for (role, name) in Role::ALL {
        if let Some(style) = section.find(name) {
            theme = theme.with(role, style.parse()?);
        }
    }
    section.finish()?;
    Ok(theme)
}
