//! The user's stories: the whole program on a terminal, with the demo painter.

#[path = "stories/asking.rs"]
mod asking;
#[path = "stories/away.rs"]
mod away;
#[path = "stories/base.rs"]
mod base;
#[path = "stories/batches.rs"]
mod batches;
#[path = "stories/coming_back.rs"]
mod coming_back;
#[path = "stories/configuring.rs"]
mod configuring;
#[path = "stories/days.rs"]
mod days;
#[path = "stories/doctor.rs"]
mod doctor;
#[path = "stories/elsewhere.rs"]
mod elsewhere;
#[path = "stories/jobs.rs"]
mod jobs;
#[path = "stories/keeping.rs"]
mod keeping;
#[path = "stories/lineage.rs"]
mod lineage;
#[path = "stories/looking.rs"]
mod looking;
#[path = "stories/new_user.rs"]
mod new_user;
#[path = "stories/notices.rs"]
mod notices;
#[path = "stories/outside.rs"]
mod outside;
#[path = "stories/picking.rs"]
mod picking;
#[path = "stories/queue.rs"]
mod queue;
#[path = "stories/recalling.rs"]
mod recalling;
#[path = "stories/refusals.rs"]
mod refusals;
#[path = "stories/screens.rs"]
mod screens;
#[path = "stories/spending.rs"]
mod spending;
#[path = "stories/together.rs"]
mod together;

use crate::home::Home;
use crate::studio::Studio;

/// A usual terminal.
const ROOM: (u16, u16) = (120, 40);

/// An open studio with an empty history.
fn studio() -> Studio {
    studio_in(&Home::new())
}

fn studio_in(home: &Home) -> Studio {
    let mut studio = Studio::open_in(home, ROOM.0, ROOM.1);
    studio.shows("Nothing made yet.");
    studio
}

/// Writes a prompt and asks for a small picture of it.
fn draw<'a>(studio: &'a mut Studio, prompt: &str) -> &'a mut Studio {
    studio.keys("<F2>").keys(prompt).keys("<tab>64x64<F2>").shows("64x64").generate();
    studio.shows("1 picture in")
}

/// Whether a picture stands in the preview: cells of two colours, right of the middle.
fn pictured(screen: &vt100::Screen) -> bool {
    let (rows, columns) = screen.size();
    let cells =
        (0..rows.get()).flat_map(|row| (60..columns.get()).map(move |column| (row, column)));
    let halves = cells
        .filter_map(|(row, column)| screen.cell(row, column))
        .filter(|cell| cell.contents().starts_with(is_block))
        .filter(|cell| cell.bgcolor() != vt100::Color::Default);
    halves.count() > 20
}

/// Whether it draws a part of a cell in the colour in front.
fn is_block(c: char) -> bool {
    "▀▄█▌▐".contains(c) || ('▖'..='▟').contains(&c)
}
