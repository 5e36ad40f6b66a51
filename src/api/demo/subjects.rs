//! The things a picture is about: how they look, where they stand, how light falls on them.
//!
//! Owns [`Figure`]; `place` finds each subject its spot, `draw` paints it there, and the
//! outlines themselves are data, in one file for each kind. Promises that the first subject
//! is large and stands clear of its background. Must never paint scenery.

mod beasts;
mod buildings;
mod draw;
mod people;
mod place;
mod plants;
mod tabletop;
mod things;
mod wild;
mod winged;

use super::canvas::Canvas;
use super::light::Light;
use super::noise::Dice;
use super::scene::Scene;
use super::shape::{Placement, Shape};
use super::stage::Stage;
use super::words::Place;

/// How one kind of subject looks.
#[derive(Debug)]
pub(crate) struct Figure {
    /// Its name, which the lexicon uses.
    pub(crate) name: &'static str,
    /// Its main colour unless another is said, `0xRRGGBB`.
    colour: u32,
    /// Its height, as a share of the shorter side of the picture.
    size: f32,
    /// What it stands on.
    pub(crate) stand: Stand,
    /// Places it is at home.
    pub(crate) home: &'static [Place],
    /// What it is made of, from back to front.
    parts: &'static [Part],
}

impl Figure {
    /// The box around it, in its own units: left, top, right, bottom.
    fn bounds(&self) -> (f32, f32, f32, f32) {
        self.outline().bounds()
    }

    /// All its outlines together.
    fn outline(&self) -> Shape {
        let mut whole = Shape::default();
        for part in self.parts {
            if let Part::Tone(_, text) | Part::Own(_, text) | Part::Lamp(_, text) = part {
                whole.join(Shape::parse(text));
            }
        }
        whole
    }

    /// Whether it needs solid ground.
    pub(crate) fn on_ground(&self) -> bool {
        matches!(self.stand, Stand::Ground | Stand::Table)
    }
}

/// What a subject stands on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stand {
    /// The ground.
    Ground,
    /// A table, or the ground where there is none.
    Table,
    /// Water, or the ground where there is none.
    Water,
    /// Nothing: it flies or floats.
    Sky,
}

/// One part of a figure: an outline and how it takes colour.
#[derive(Debug)]
enum Part {
    /// The figure's main colour times a factor.
    Tone(f32, &'static str),
    /// A colour of its own.
    Own(u32, &'static str),
    /// A colour of its own, only where the figure is afloat.
    Afloat(u32, &'static str),
    /// A colour of its own, which shines when lamps do.
    Lamp(u32, &'static str),
    /// Light around a point, when lamps shine: colour, place, radius.
    Glow(u32, f32, f32, f32),
    /// A beam across the sky from a point, when lamps shine.
    Beam(u32, f32, f32),
}

const fn tone(factor: f32, outline: &'static str) -> Part {
    Part::Tone(factor, outline)
}

const fn own(colour: u32, outline: &'static str) -> Part {
    Part::Own(colour, outline)
}

const fn afloat(colour: u32, outline: &'static str) -> Part {
    Part::Afloat(colour, outline)
}

const fn lamp(colour: u32, outline: &'static str) -> Part {
    Part::Lamp(colour, outline)
}

const fn glow(colour: u32, x: f32, y: f32, radius: f32) -> Part {
    Part::Glow(colour, x, y, radius)
}

const fn beam(colour: u32, x: f32, y: f32) -> Part {
    Part::Beam(colour, x, y)
}

/// The figure of that name. The lexicon names no other than those there are.
pub(crate) fn figure(name: &str) -> &'static Figure {
    let all = [
        buildings::FIGURES,
        plants::FIGURES,
        things::FIGURES,
        tabletop::FIGURES,
        beasts::FIGURES,
        wild::FIGURES,
        winged::FIGURES,
        people::FIGURES,
    ];
    all.into_iter()
        .flatten()
        .find(|figure| figure.name == name)
        .expect("every subject of the lexicon has a figure")
}

/// Paints all subjects of the scene, the farthest first.
pub(crate) fn paint(canvas: &mut Canvas, scene: &Scene, light: &Light, stage: &Stage) {
    let mut placed: Vec<(usize, Placement)> = Vec::new();
    for (rank, subject) in scene.subjects.iter().enumerate() {
        let mut dice = Dice::new(scene.seed, subject.figure.name);
        for number in 0..subject.count {
            placed.push((rank, place::of(scene, stage, (rank, number), &mut dice)));
        }
    }
    placed.sort_by(|a, b| a.1.y.total_cmp(&b.1.y).then(b.0.cmp(&a.0)));
    for (rank, placement) in placed {
        let subject = &scene.subjects[rank];
        draw::draw(canvas, scene, light, stage, subject, &placement);
    }
}
