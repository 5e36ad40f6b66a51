//! The studio as a value: keys in, effects and screens out.

#[path = "app/arranging.rs"]
mod arranging;
#[path = "app/away.rs"]
mod away;
#[path = "app/base.rs"]
mod base;
#[path = "app/batch.rs"]
mod batch;
#[path = "app/comparing.rs"]
mod comparing;
#[path = "app/days.rs"]
mod days;
#[path = "app/details.rs"]
mod details;
#[path = "app/doctor.rs"]
mod doctor;
#[path = "app/files.rs"]
mod files;
#[path = "app/fixture.rs"]
pub(crate) mod fixture;
#[path = "app/keystrokes.rs"]
mod keystrokes;
#[path = "app/laws.rs"]
mod laws;
#[path = "app/lineage.rs"]
mod lineage;
#[path = "app/matrix.rs"]
mod matrix;
#[path = "app/opinions.rs"]
mod opinions;
#[path = "app/picking.rs"]
mod picking;
#[path = "app/presets.rs"]
mod presets;
#[path = "app/queue.rs"]
mod queue;
#[path = "app/reach.rs"]
mod reach;
#[path = "app/screens.rs"]
mod screens;
#[path = "app/selecting.rs"]
mod selecting;
#[path = "app/slideshow.rs"]
mod slideshow;
#[path = "app/spending.rs"]
mod spending;
#[path = "app/told.rs"]
mod told;
#[path = "app/updates.rs"]
mod updates;
#[path = "app/why.rs"]
mod why;
