//! Trees in numbers: the far line of them, and a forest to stand in.
//!
//! Owns trees that are scenery. Promises mist between the rows. Must never paint the
//! one tree that was asked for (`subjects` does).

use super::super::canvas::Canvas;
use super::super::colour::{Rgb, smooth};
use super::super::light::Light;
use super::super::noise::{Dice, Noise};
use super::super::scene::Scene;
use super::super::shape::Shape;
use super::super::stage::Stage;
use super::super::words::{Meaning, Season, Weather};
use super::Easel;

/// Colours of leaves at this time of the year; needles where it is cold.
fn leaves(scene: &Scene) -> (&'static [u32], bool) {
    if scene.snowy() {
        return (&[0x3C5C5C, 0x486868, 0x345054], true);
    }
    match scene.season {
        Season::Autumn => (&[0xC85424, 0xDC8C2C, 0x9C3A24, 0xE0B03C], false),
        Season::Spring => (&[0x8CC454, 0xF0B8CC, 0x6CAC4C], false),
        _ => (&[0x2E5C40, 0x3C7040, 0x285044], true),
    }
}

/// One tree of the scenery, `tall` units high with its foot at `(x, y)`.
fn tree(canvas: &mut Canvas, dice: &mut Dice, foot: (f32, f32), tall: f32, look: &Look) {
    let (x, y) = foot;
    let dark = look.leaf * 0.72;
    if look.needles {
        let tiers = 5;
        let half = tall * dice.range(0.17, 0.23);
        for side in [-1.0, 1.0] {
            let mut outline = vec![(x, y - tall)];
            for i in 0..tiers {
                let t = (i + 1) as f32 / tiers as f32;
                let reach = half * t * dice.range(0.85, 1.15);
                let at = y - tall * (1.0 - 0.9 * t);
                outline.push((x + side * reach, at));
                outline.push((x + side * reach * 0.5, at - tall * 0.025));
            }
            outline.push((x, y - tall * 0.08));
            let tone = if side * look.sun > 0.0 { look.leaf } else { dark };
            canvas.flat(&Shape::polygon(outline), tone, 1.0);
        }
        canvas.flat(
            &Shape::rectangle((x - tall * 0.018, y - tall * 0.1), (x + tall * 0.018, y)),
            look.trunk,
            1.0,
        );
        if let Some(snow) = look.snow {
            let cap = |t: f32| (x + look.sun * half * t * 0.35, y - tall * (1.0 - 0.86 * t));
            for t in [0.12, 0.36, 0.58, 0.80] {
                let (cx, cy) = cap(t);
                canvas.oval(cx, cy, (half * t * 0.42, tall * 0.013), snow, 0.85);
            }
        }
        return;
    }
    let width = tall * 0.035;
    let bend = tall * dice.range(-0.05, 0.05);
    canvas.flat(
        &Shape::stroke(
            &[(x, y), (x + bend, y - tall * 0.4), (x, y - tall * 0.72)],
            width * 1.6,
            width * 0.5,
        ),
        look.trunk,
        1.0,
    );
    // A large tree is seen closer, so its crown has more and smaller clumps.
    let clumps = (7.0 + 70.0 * tall) as usize;
    for layer in 0..3 {
        let tone = [dark * 0.82, look.leaf * 0.94, look.leaf.mix(look.light, 0.30)][layer];
        let spread = tall * [0.29, 0.25, 0.19][layer];
        let rise = layer as f32 * tall * 0.03;
        for _ in 0..clumps {
            let (sin, cos) = dice.range(0.0, std::f32::consts::TAU).sin_cos();
            let reach = spread * dice.unit().sqrt();
            let centre =
                (x + cos * reach * 0.86 + look.sun * rise, y - tall * 0.67 + sin * reach - rise);
            let radius = tall * dice.range(0.10, 0.16) * (4.0 / clumps as f32).powf(0.42);
            canvas.dab(centre.0, centre.1, radius, tone * dice.range(0.92, 1.08), 0.95);
        }
    }
}

/// The colours of a tree where it stands.
struct Look {
    leaf: Rgb,
    light: Rgb,
    trunk: Rgb,
    snow: Option<Rgb>,
    needles: bool,
    sun: f32,
}

impl Look {
    fn of(scene: &Scene, light: &Light, sun: f32, far: f32, dice: &mut Dice) -> Self {
        let (colours, needles) = leaves(scene);
        let own = Rgb::hex(*dice.pick(colours));
        let own = scene.palette.first().map_or(own, |colour| own.tinted(*colour, 0.35));
        Self {
            leaf: light.on(own, 0.42, far),
            light: light.on(own.mix(Rgb::WHITE, 0.25), 1.0, far),
            trunk: light.on(Rgb::hex(0x4A3830), 0.3, far),
            snow: scene.snowy().then(|| light.on(Rgb::hex(0xF4F8FC), 0.8, far * 0.8)),
            needles,
            sun,
        }
    }
}

fn wanted(scene: &Scene) -> bool {
    scene.allows(Meaning::Subject("tree"))
        && scene.allows(Meaning::Place(super::super::words::Place::Forest))
}

/// A far line of trees at the horizon, `lift` spans above it.
pub(super) fn treeline(easel: &mut Easel<'_>, lift: f32) {
    let Easel { canvas, scene, light, stage } = easel;
    if !wanted(scene) {
        return;
    }
    let mut dice = scene.dice("treeline");
    for row in 0..2 {
        let noise: Noise = dice.noise();
        let far = 0.52 - 0.20 * row as f32;
        let look = Look::of(scene, light, stage.towards_sun(stage.focus), far, &mut dice);
        let rise = stage.span * (0.05 - 0.012 * row as f32);
        let foot = stage.horizon + stage.span * (0.006 + 0.012 * row as f32) - lift * stage.span;
        let needles = look.needles;
        let top = canvas.skyline(|x| {
            let group = noise.line(x * 2.6 / stage.span, 3);
            let t = x * 62.0 / stage.span;
            let crown = noise.cell(t as i32, row);
            let tip = if needles {
                1.0 - 2.0 * (t.fract() - 0.5).abs()
            } else {
                1.0 - (2.0 * t.fract() - 1.0).powi(2)
            };
            let stand = smooth(0.30, 0.62, group);
            foot - rise * stand * (0.35 + 0.55 * crown * tip + 0.25 * group)
        });
        let leaf = look.leaf;
        let lit = look.light;
        canvas.below(&top, None, |x, y, depth| {
            let grain = noise.fbm(x * 55.0 / stage.span, y * 55.0 / stage.span, 2);
            let own = leaf.mix(lit, 0.5 * smooth(0.45, 0.75, grain) * smooth(0.05, 0.0, depth));
            own.mix(light.haze, 0.35 * smooth(0.01, 0.06, depth))
        });
    }
}

/// Single far trees on a hill whose top is given.
pub(super) fn scatter(
    canvas: &mut Canvas,
    scene: &Scene,
    light: &Light,
    stage: &Stage,
    top: &[f32],
    near: f32,
    row: usize,
) {
    if !wanted(scene) {
        return;
    }
    let mut dice = scene.dice(["a", "b", "c", "d", "e"][row.min(4)]);
    let groups = 2 + dice.below(3);
    for _ in 0..groups {
        let centre = dice.unit() * stage.wide;
        for _ in 0..=dice.below(6) {
            let x = centre + dice.range(-0.07, 0.07) * stage.span;
            let tall = stage.span * (0.022 + 0.075 * near) * dice.range(0.7, 1.25);
            let far = 0.55 * (1.0 - near).powf(1.3);
            let look = Look::of(scene, light, stage.towards_sun(x), far, &mut dice);
            let column = ((x * canvas.scale).max(0.0) as usize).min(top.len() - 1);
            let foot = top[column] + tall * 0.12;
            canvas.veil(
                x - look.sun * tall * 0.35,
                foot,
                (tall * 0.55, tall * 0.12),
                look.leaf * 0.5,
                0.6,
            );
            tree(canvas, &mut dice, (x, foot), tall, &look);
        }
    }
}

/// Rows of trees going into the mist, and the clearing before them.
pub(super) fn deep(easel: &mut Easel<'_>) {
    let Easel { canvas, scene, light, stage } = easel;
    let mut dice = scene.dice("forest");
    let misty = if scene.weather(Weather::Fog) { 1.0 } else { 0.78 };
    let rows = 6;
    let ground = light.on(leaf_litter(scene), 0.4, 0.1);
    canvas.shade(stage.horizon, stage.high, |_, y, old| {
        old.mix(ground.mix(light.haze, 0.7), smooth(stage.horizon, stage.horizon + 0.02, y))
    });
    for row in 0..rows {
        let near = row as f32 / (rows - 1) as f32;
        let far = misty * (1.0 - near).powf(1.15) * 0.92;
        let foot = stage.horizon + (stage.high - stage.horizon) * (0.02 + 0.72 * near * near);
        let tall = stage.high * (0.34 + 0.62 * near);
        let gap = stage.span * (0.055 + 0.15 * near);
        let count = (stage.wide / gap).ceil().min(90.0) as usize + 1;
        for i in 0..=count {
            let x = (i as f32 + dice.range(-0.4, 0.4)) * gap;
            let tall = tall * dice.range(0.72, 1.15);
            let open = 0.02 + 0.30 * near * near;
            let (keep, look) =
                (dice.unit(), Look::of(scene, light, stage.towards_sun(x), far, &mut dice));
            // The glade: no near tree stands before the subject or the light.
            let clear = (x - stage.focus).abs() < open * 1.25 * stage.span
                || (x - stage.sun.0).abs() < 0.4 * open * stage.span;
            if !clear && keep > 0.12 {
                let foot = (x, foot + dice.range(0.0, 0.015));
                tree(canvas, &mut dice, foot, tall, &look);
            }
        }
        let fog = light.haze.mix(light.glow, 0.25);
        let top = foot - stage.span * 0.16;
        canvas.shade(top, foot + 0.05, |_, y, old| {
            let mist = smooth(top, foot, y) * 0.55 * misty * (1.0 - near).powf(0.8);
            old.mix(fog, mist)
        });
        floor(canvas, scene, light, stage, foot, near, &mut dice);
    }
    shafts(canvas, light, stage, &mut dice);
}

fn leaf_litter(scene: &Scene) -> Rgb {
    if scene.snowy() {
        return Rgb::hex(0xECF2FA);
    }
    let own = match scene.season {
        Season::Autumn => Rgb::hex(0xA8602C),
        _ => Rgb::hex(0x4C7038),
    };
    scene.ground.map_or(own, |colour| own.tinted(colour, 0.5))
}

fn floor(
    canvas: &mut Canvas,
    scene: &Scene,
    light: &Light,
    stage: &Stage,
    foot: f32,
    near: f32,
    dice: &mut Dice,
) {
    let noise = dice.noise();
    let own = leaf_litter(scene);
    let top =
        canvas.skyline(|x| foot + 0.012 * stage.span * (noise.line(x * 9.0 / stage.span, 3) - 0.5));
    let far = 0.66 * (1.0 - near).powf(1.2);
    canvas.below(&top, None, |x, y, _| {
        let grain = noise.fbm(x * 34.0 / stage.span, y * 70.0 / stage.span, 4) - 0.5;
        let spot = smooth(0.5, 0.7, noise.fbm(x * 4.5, y * 11.0, 2));
        let path = 1.0 / (1.0 + ((x - stage.focus) / (0.25 * stage.span)).powi(2));
        light.on(own * (1.0 + 0.8 * grain), (0.2 + 0.45 * spot + 0.35 * path).min(1.0), far)
    });
}

/// Shafts of light from the sun between the trunks.
fn shafts(canvas: &mut Canvas, light: &Light, stage: &Stage, dice: &mut Dice) {
    if !light.shows {
        return;
    }
    let noise = dice.noise();
    let (sx, sy) = stage.sun;
    let strength = 0.34 * (0.3 + light.key.luma());
    canvas.shade(0.0, stage.high, |x, y, old| {
        let (dx, dy) = ((x - sx) / stage.span, (y - sy) / stage.span + 0.25);
        if dy <= 0.0 {
            return old;
        }
        let beam = smooth(0.45, 0.85, noise.line((dx / dy) * 5.0 + 40.0, 2));
        let fade = 1.0 / (1.0 + 5.0 * (dx * dx + dy * dy));
        old.screened(light.glow * (beam * fade * strength))
    });
}
