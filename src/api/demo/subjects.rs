//! The things a picture is about: how they look, where they stand, how light falls on them.
//!
//! Owns [`Figure`] and the placing of subjects on the stage. Promises that the first
//! subject is large and stands clear of its background. The outlines themselves are
//! data, in one file for each kind. Must never paint scenery.

mod beasts;
mod buildings;
mod people;
mod plants;
mod things;
mod winged;

use super::canvas::Canvas;
use super::colour::{Rgb, smooth};
use super::light::Light;
use super::noise::Dice;
use super::scene::{Scene, Subject};
use super::shape::{Placement, Shape};
use super::stage::Stage;
use super::words::{Place, Weather};

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
        beasts::FIGURES,
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
            placed.push((rank, place(scene, stage, subject, rank, number, &mut dice)));
        }
    }
    placed.sort_by(|a, b| a.1.y.total_cmp(&b.1.y).then(b.0.cmp(&a.0)));
    for (rank, placement) in placed {
        let subject = &scene.subjects[rank];
        draw(canvas, scene, light, stage, subject, &placement);
    }
}

/// Where number `number` of a subject goes, and how large.
fn place(
    scene: &Scene,
    stage: &Stage,
    subject: &Subject,
    rank: usize,
    number: u8,
    dice: &mut Dice,
) -> Placement {
    let figure = subject.figure;
    let solo = scene.subjects.len() == 1 && subject.count == 1;
    let crowd = f32::from(subject.count).powf(-0.36);
    let rank_size = if rank == 0 { 1.0 } else { 0.92 };
    let portrait = (stage.high / stage.wide).clamp(1.0, 1.5).sqrt();
    let size = figure.size
        * stage.span
        * crowd
        * rank_size
        * portrait
        * if solo { dice.range(1.08, 1.24) } else { dice.range(0.86, 1.0) };
    let mirrored = if stage.focus < 0.5 * stage.wide { -1.0 } else { 1.0 };
    let mirrored = if number > 0 && dice.chance(0.35) { -mirrored } else { mirrored };
    let spread = stage.wide.min(stage.span * 1.6);
    let slot = if subject.count > 1 {
        (f32::from(number) + 0.5) / f32::from(subject.count) - 0.5
    } else {
        0.0
    };
    let shift = [0.0, -0.44, 0.26, -0.62, 0.44][rank.min(4)]
        * if stage.focus > 0.5 * stage.wide { 1.0 } else { -1.0 };
    let jitter = if subject.count > 1 { dice.range(-0.05, 0.05) } else { 0.0 };
    let reach = (0.30 + 0.07 * f32::from(subject.count)).min(0.92);
    let middle =
        if subject.count > 2 { stage.focus.mul_add(0.4, stage.wide * 0.3) } else { stage.focus };
    let x = middle + spread * (slot * reach + jitter + shift);
    let x = x.clamp(stage.wide * 0.07, stage.wide * 0.93);
    let far = if subject.count > 1 { dice.unit() } else { 0.0 };
    let depth = stage.high - stage.horizon;
    let (y, scale) = match figure.stand {
        Stand::Sky if scene.place == Place::Space || scene.place == Place::Underwater => (
            stage.high
                * (0.62 + dice.range(-0.06, 0.06)
                    - 0.40 * far * f32::from(u8::from(subject.count > 1))),
            1.0 - 0.4 * far,
        ),
        Stand::Sky => (
            stage.horizon * (0.80 - 0.12 * rank as f32 - 0.52 * far) + 0.08 * size,
            1.0 - 0.45 * far,
        ),
        Stand::Water
            if matches!(scene.place, Place::Sea | Place::Lake | Place::River | Place::City) =>
        {
            let down = 0.22 + 0.10 * dice.unit() - 0.12 * far;
            (stage.horizon + depth * down, 1.0 - 0.45 * far)
        }
        Stand::Water if scene.place == Place::Underwater => {
            (stage.high * (0.55 - 0.25 * far), 1.0 - 0.4 * far)
        }
        _ => {
            let line = if scene.place == Place::City { 0.4 } else { 1.0 };
            (stage.ground + depth * line * (0.05 * rank as f32 - 0.22 * far), 1.0 - 0.42 * far)
        }
    };
    let unit = size * scale / 100.0;
    let (left, top, right, _) = figure.bounds();
    let unit = unit.min(0.64 * stage.wide / (right - left));
    let half = 0.5 * (right - left) * unit;
    let middle = 0.5 * (right + left) * unit * mirrored;
    let margin = (half + 0.03 * stage.wide).min(0.5 * stage.wide);
    let x = if subject.count > 1 {
        x
    } else {
        (x + middle).clamp(margin, stage.wide - margin) - middle
    };
    let y = if figure.stand == Stand::Sky { y.max(0.05 * stage.high - top * unit) } else { y };
    let turn = match figure.stand {
        Stand::Sky if figure.name == "rocket" => 0.5 * mirrored,
        Stand::Sky => dice.range(-0.10, 0.10),
        _ => 0.0,
    };
    Placement { x, y, sx: unit * mirrored, sy: unit, turn }
}

fn draw(
    canvas: &mut Canvas,
    scene: &Scene,
    light: &Light,
    stage: &Stage,
    subject: &Subject,
    at: &Placement,
) {
    let figure = subject.figure;
    let body = subject.colour.unwrap_or(Rgb::hex(figure.colour));
    let (left, top, right, bottom) = figure.outline().placed(at).bounds();
    let far = distance(scene, stage, at);
    let wet = matches!(scene.place, Place::Sea | Place::Lake | Place::River | Place::City)
        && figure.stand == Stand::Water;
    if wet {
        reflect(canvas, figure, body, light, at);
    } else if figure.stand != Stand::Sky {
        let half = 0.5 * (right - left);
        let lean = -stage.towards_sun(at.x) * 0.25 * half;
        let y = bottom.min(at.y + 0.01 * stage.span);
        canvas.veil(
            at.x + lean,
            y,
            (half * 1.35, 0.055 * (bottom - top) + 0.012 * stage.span),
            Rgb::hex(0x0A_0A_14),
            0.55,
        );
    }
    separate(canvas, light, (left, top, right, bottom), body, stage);
    let sun = stage.towards_sun(at.x);
    if light.key.luma() > 0.2 && scene.place != Place::Interior {
        let edge = 0.0045 * stage.span;
        let rim = Placement { x: at.x + sun * edge, y: at.y - edge * 0.5, ..*at };
        canvas.flat(&figure.outline().placed(&rim), light.key.mix(light.disc, 0.4), 0.5);
    }
    let noise = Dice::new(scene.seed, "skin").noise();
    let grain = 15.0 / stage.span;
    let half = (0.5 * (right - left)).max(1e-4);
    let middle = 0.5 * (left + right);
    let tall = (bottom - top).max(1e-4);
    let indoors = scene.place == Place::Interior;
    let at_night = light.lamps;
    for part in figure.parts {
        match part {
            Part::Tone(factor, text) => paint_part(canvas, text, at, &|x, y| {
                shaded(
                    body * *factor,
                    light,
                    (x - middle) / half * sun,
                    (y - top) / tall,
                    noise.fbm(x * grain, y * grain, 3),
                    far,
                    indoors,
                )
            }),
            Part::Afloat(..) if !wet => {}
            Part::Own(colour, text) | Part::Afloat(colour, text) => {
                paint_part(canvas, text, at, &|x, y| {
                    shaded(
                        Rgb::hex(*colour),
                        light,
                        (x - middle) / half * sun,
                        (y - top) / tall,
                        noise.fbm(x * grain, y * grain, 2),
                        far,
                        indoors,
                    )
                })
            }
            Part::Lamp(colour, text) => {
                let own = Rgb::hex(*colour);
                let off = light.on(own.mix(Rgb::hex(0x50_60_70), 0.55), 0.3, far);
                let shine = if figure.name == "candle"
                    || figure.name == "campfire"
                    || figure.name == "rocket"
                {
                    1.0
                } else {
                    at_night
                };
                paint_part(canvas, text, at, &|_, _| off.mix(own * 1.12, shine.min(1.0)));
            }
            Part::Glow(colour, x, y, radius) => {
                let (x, y) = at.place((*x, *y));
                canvas.glow(x, y, radius * at.sy, Rgb::hex(*colour) * (0.18 + 0.5 * at_night));
            }
            Part::Beam(colour, x, y) => {
                let (x, y) = at.place((*x, *y));
                let foggy = scene.weather(Weather::Fog) || scene.weather(Weather::Storm);
                if at_night > 0.3 || foggy {
                    lighthouse_beam(canvas, stage, (x, y), Rgb::hex(*colour), at.sx.signum());
                }
            }
        }
    }
}

fn paint_part(canvas: &mut Canvas, text: &str, at: &Placement, brush: &dyn Fn(f32, f32) -> Rgb) {
    canvas.fill(&Shape::parse(text).placed(at), |x, y| (brush(x, y), 1.0));
}

/// A surface of colour `own`, `across` from -1 (away from the light) to 1, `down` from
/// 0 at the top to 1.
fn shaded(
    own: Rgb,
    light: &Light,
    across: f32,
    down: f32,
    grain: f32,
    far: f32,
    indoors: bool,
) -> Rgb {
    let towards = 0.62 + 0.42 * across - 0.26 * down + 0.24 * (grain - 0.5);
    let own = own * (1.0 + 0.08 * (grain - 0.5));
    if indoors {
        let warm = light.key.mix(Rgb::hex(0xFF_D8_A0), 0.5);
        return own * (Rgb::grey(0.30) + warm * (0.8 * towards.clamp(0.0, 1.0)));
    }
    // Light bounced back from all around keeps a subject readable at night.
    let lifted =
        light.on(own, towards.clamp(0.0, 1.1), 0.0) + own * (0.16 * (1.0 - light.key.luma()));
    lifted.mix(light.haze, far)
}

/// How much of the haze lies before a subject.
fn distance(scene: &Scene, stage: &Stage, at: &Placement) -> f32 {
    let fog = if scene.weather(Weather::Fog) { 0.30 } else { 0.04 };
    fog + 0.28
        * (1.0 - smooth(0.05, 0.5, stage.nearness(at.y)))
        * f32::from(u8::from(at.y > stage.horizon))
}

/// Lightens or darkens what is behind a subject that would be lost in it.
fn separate(
    canvas: &mut Canvas,
    light: &Light,
    bounds: (f32, f32, f32, f32),
    body: Rgb,
    stage: &Stage,
) {
    let (left, top, right, bottom) = bounds;
    let (x, y) = (0.5 * (left + right), 0.5 * (top + bottom));
    let behind = canvas.at(x, y).luma();
    let own = light.on(body, 0.6, 0.0).luma();
    let apart = own - behind;
    let radii =
        ((right - left) * 0.85 + 0.03 * stage.span, (bottom - top) * 0.80 + 0.03 * stage.span);
    if apart.abs() < 0.20 {
        let behind = canvas.at(x, y);
        let tone = if own < 0.46 { behind.mix(Rgb::WHITE, 0.30) * 1.1 } else { behind * 0.62 };
        canvas.veil(x, y, radii, tone, 0.66 * (1.0 - apart.abs() / 0.20));
    }
}

fn reflect(canvas: &mut Canvas, figure: &Figure, body: Rgb, light: &Light, at: &Placement) {
    let down = Placement { sy: -at.sy * 0.72, y: at.y + 0.002, ..*at };
    let reach = (100.0 * at.sy * 0.8).max(1e-4);
    for part in figure.parts {
        let (colour, text) = match part {
            Part::Tone(factor, text) => (body * *factor, text),
            Part::Own(colour, text) | Part::Lamp(colour, text) => (Rgb::hex(*colour), text),
            Part::Afloat(..) | Part::Glow(..) | Part::Beam(..) => continue,
        };
        let lit = light.on(colour, 0.3, 0.12);
        canvas.fill(&Shape::parse(text).placed(&down), |x, y| {
            let depth = (y - at.y) / reach;
            let broken = 0.5 + 0.5 * ((y * 420.0 / (1.0 + 3.0 * depth)) + (x * 60.0).sin()).sin();
            (lit, 0.5 * (1.0 - depth).clamp(0.0, 1.0) * (0.45 + 0.55 * broken))
        });
    }
}

fn lighthouse_beam(canvas: &mut Canvas, stage: &Stage, from: (f32, f32), colour: Rgb, side: f32) {
    let (x0, y0) = from;
    let long = 1.5 * stage.wide;
    for (direction, slope, strength) in [(-side, -0.16, 0.62), (side, 0.10, 0.40)] {
        let at = |spread: f32| (x0 + direction * long, y0 + long * (slope + spread));
        let cone = Shape::polygon(vec![from, at(-0.075), at(0.075)]);
        canvas.fill(&cone, |x, y| {
            let along = ((x - x0).abs() / stage.wide).min(1.0);
            let off = ((y - y0) / (x - x0).abs().max(1e-4) - slope) / 0.075;
            let core = (1.0 - off * off).max(0.0);
            (colour, strength * core * (1.0 - along).powf(1.4))
        });
    }
    canvas.glow(x0, y0, 0.22 * stage.span, colour * 0.75);
}
