//! The studio as a value: keys in, effects and screens out.

#[path = "app/away.rs"]
mod away;
#[path = "app/batch.rs"]
mod batch;
#[path = "app/fixture.rs"]
pub(crate) mod fixture;
#[path = "app/laws.rs"]
mod laws;
#[path = "app/opinions.rs"]
mod opinions;
#[path = "app/reach.rs"]
mod reach;
#[path = "app/screens.rs"]
mod screens;
#[path = "app/updates.rs"]
mod updates;
#[path = "app/why.rs"]
mod why;
