//! The ground before the viewer: meadow, snow, a river in it, the shore of a lake.
//!
//! Owns everything that lies flat and comes nearer downwards, and what grows on it.
//! Must never paint what stands up against the sky.

use super::super::colour::{Rgb, smooth};
use super::super::scene::Scene;
use super::super::shape::Shape;
use super::super::words::{Feature, Meaning, Place, Season};
use super::Easel;

/// What the plain is like.
pub(super) struct Plain {
    flowers: f32,
    river: bool,
}

impl Plain {
    /// Rough grass.
    pub(super) const fn wild() -> Self {
        Self { flowers: 0.12, river: false }
    }

    /// Full of flowers.
    pub(super) const fn flowering() -> Self {
        Self { flowers: 1.0, river: false }
    }

    /// With a river winding to the viewer.
    pub(super) const fn with_river() -> Self {
        Self { flowers: 0.25, river: true }
    }
}

/// The plain from the horizon to the lower edge.
pub(super) fn meadow(easel: &mut Easel<'_>, plain: &Plain) {
    let grass = grass(easel.scene);
    let Easel { canvas, scene, light, stage } = easel;
    let mut dice = scene.dice("meadow");
    let (noise, broad) = (dice.noise(), dice.noise());
    let (first, second) = grass;
    let depth = stage.high - stage.horizon;
    let bend = [dice.range(1.6, 2.6), dice.range(0.0, 6.0), dice.range(0.16, 0.26)];
    // The river keeps off the ground the subject stands on.
    let mouth = match (scene.subjects.is_empty(), stage.focus < 0.5 * stage.wide) {
        (true, _) => 0.5 * stage.wide,
        (false, true) => 0.84 * stage.wide,
        (false, false) => 0.16 * stage.wide,
    };
    let sky = canvas.clone();
    let cold = scene.snowy();
    let octaves = scene.octaves(4);
    let top =
        canvas.skyline(|x| stage.horizon - 0.016 * stage.span * (broad.line(x * 3.0, 2) - 0.3));
    let river = |y: f32| {
        let near = ((y - stage.horizon) / depth).max(0.0);
        let sway = (bend[0] * std::f32::consts::TAU * near.powf(0.45) + bend[1]).sin();
        let centre = mouth + sway * bend[2] * stage.span * (0.12 + near * 0.5);
        (centre, stage.span * (0.012 + 0.26 * near.powf(1.5)))
    };
    canvas.below(&top, None, |x, y, _| {
        let near = ((y - stage.horizon) / depth).clamp(0.0, 1.0);
        let far = 1.0 / (0.10 + near);
        let (u, v) = ((x - 0.5 * stage.wide) * far * 2.2 / stage.span, far * 3.0);
        let patch = smooth(0.3, 0.7, broad.fbm(u * 0.5, v * 0.8, 3));
        let blades =
            noise.fbm(x * 70.0 / (0.25 + near) / stage.span, y * 26.0 / (0.25 + near), octaves)
                - 0.5;
        let own = first.mix(second, patch) * (1.0 + if cold { 0.10 } else { 0.55 } * blades);
        let drift = broad.fbm(u * 0.35 + 30.0, v * 1.4, 2);
        let towards = if cold { 0.35 + 0.8 * drift } else { 0.68 + 0.5 * blades - 0.25 * near };
        let land = light.on(own, towards.clamp(0.0, 1.0), 0.58 * (1.0 - near).powi(3));
        if !plain.river {
            return land;
        }
        let (centre, half) = river(y);
        let edge = half * (1.0 + 0.16 * (noise.line(y * 40.0, 3) - 0.5));
        let inside = smooth(1.0, 0.93, (x - centre).abs() / edge);
        if inside <= 0.0 {
            let bank = smooth(1.25, 1.0, (x - centre).abs() / edge);
            return land.mix(light.on(Rgb::hex(0x8A7458), 0.3, 0.1), bank * 0.7);
        }
        let wobble = 0.02 * (noise.value(x * 14.0 / (0.2 + near), y * 90.0 / (0.2 + near)) - 0.5);
        let mirror = (stage.horizon * 0.94 - (y - stage.horizon) * 1.1 + wobble * 3.0).max(0.0);
        let water = sky.at(x + wobble, mirror).mix(light.sky[1] * 0.55, 0.18 + 0.2 * near);
        land.mix(water, inside)
    });
    let flowers =
        if scene.feature(Feature::Flowers) { plain.flowers.max(0.9) } else { plain.flowers };
    if !cold {
        growth(easel, flowers, |x, y| {
            let (centre, half) = river(y);
            plain.river && (x - centre).abs() < half * 1.08
        });
    }
}

/// Grass along the lower edge, where other land comes down to it.
pub(super) fn verge(easel: &mut Easel<'_>) {
    if !easel.scene.snowy() {
        let from = easel.stage.ground;
        let flowers = if easel.scene.feature(Feature::Flowers) { 0.9 } else { 0.18 };
        growth(easel, flowers, |_, y| y < from);
    }
}

/// The two colours a meadow is mixed from.
fn grass(scene: &Scene) -> (Rgb, Rgb) {
    let pair = if scene.snowy() {
        (0xF0F4FA, 0xDCE6F4)
    } else {
        match scene.season {
            Season::Autumn => (0xB0843A, 0x8C6A34),
            Season::Spring => (0x7CB84C, 0x5AA048),
            _ => (0x6E9C40, 0x48803C),
        }
    };
    let pair = (Rgb::hex(pair.0), Rgb::hex(pair.1));
    match scene.ground.filter(|_| scene.place != Place::Mountains) {
        Some(colour) => (pair.0.mix(colour, 0.8), (pair.1.mix(colour, 0.7)) * 0.85),
        None => pair,
    }
}

/// Grass and flowers, larger the nearer they are.
fn growth(easel: &mut Easel<'_>, flowers: f32, wet: impl Fn(f32, f32) -> bool) {
    let Easel { canvas, scene, light, stage } = easel;
    let mut dice = scene.dice("growth");
    let depth = stage.high - stage.horizon;
    let allowed = scene.allows(Meaning::Feature(Feature::Flowers))
        && scene.allows(Meaning::Subject("flower"));
    let petals: Vec<Rgb> = if let Some(colour) = scene.palette.first() {
        vec![*colour, colour.mix(Rgb::WHITE, 0.35), *scene.palette.last().unwrap_or(colour)]
    } else {
        let sets: &[[u32; 3]] = match scene.season {
            Season::Autumn => &[[0xD85A2C, 0xE8A838, 0x8A3A2C]],
            _ => &[
                [0xE23C34, 0xF4F0E4, 0xF2C03C],
                [0x8C5CD0, 0xC89CEC, 0xF4F0FA],
                [0xF08CB4, 0xFADCE8, 0xF4D454],
                [0x4C7CE0, 0xF4F4F4, 0xF0C840],
            ],
        };
        dice.pick(sets).map(Rgb::hex).to_vec()
    };
    let (bright, dark) = grass(scene);
    let drift = dice.noise();
    let detail = (scene.steps as f32 / 20.0).clamp(0.35, 1.3);
    let count = (1900.0 * detail * (stage.wide / stage.span).min(5.0)) as usize;
    for i in 0..count {
        // Far ones first, so that near ones cover them.
        let near = (i as f32 / count as f32).sqrt();
        let y = stage.horizon + depth * (near * 1.04);
        let x = dice.unit() * stage.wide;
        let size = stage.span * (0.0012 + 0.0125 * near * near) * dice.range(0.7, 1.3);
        let here = drift.fbm(x * 5.0 / (0.3 + near), near * 7.0, 2);
        let flower = allowed && dice.unit() < flowers * smooth(0.35, 0.62, here);
        let (tone, lean, hue) = (dice.unit(), dice.range(-1.0, 1.0), dice.below(petals.len()));
        if wet(x, y) {
            continue;
        }
        let fade = 0.5 * (1.0 - near).powi(3);
        let blade = light.on(dark.mix(bright, tone) * (0.75 + 0.4 * tone), 0.3 + 0.6 * tone, fade);
        if near > 0.45 {
            let tip = (x + lean * size * 1.6, y - size * (2.4 + 2.4 * tone));
            canvas.flat(
                &Shape::polygon(vec![(x - size * 0.18, y), tip, (x + size * 0.18, y)]),
                blade,
                0.85,
            );
        }
        if flower {
            let y = y - size * 2.2;
            let petal = light.on(petals[hue], 0.55 + 0.45 * tone, fade);
            if size < 0.005 * stage.span {
                canvas.oval(x, y, (size * 0.95, size * 0.75), petal, 0.95);
                continue;
            }
            for i in 0..6_u8 {
                let (sin, cos) = (f32::from(i) * 1.047 + tone * 3.0).sin_cos();
                let shade = petal * (0.88 + 0.2 * (0.5 - 0.5 * sin));
                canvas.oval(
                    x + cos * size * 0.62,
                    y + sin * size * 0.46,
                    (size * 0.46, size * 0.36),
                    shade,
                    0.95,
                );
            }
            let heart = light.on(Rgb::hex(0xF2C03C).mix(petal * 0.5, 0.35), 0.8, fade);
            canvas.oval(x, y, (size * 0.34, size * 0.27), heart, 0.95);
        }
    }
}

/// The near shore of a lake: stones, reeds, or snow.
pub(super) fn shore(easel: &mut Easel<'_>) {
    let (first, second) = grass(easel.scene);
    let Easel { canvas, scene, light, stage } = easel;
    let mut dice = scene.dice("shore");
    let noise = dice.noise();
    let stands = scene.subjects.iter().any(|s| s.figure.on_ground());
    let level = if stands { stage.ground - 0.025 * stage.span } else { 0.95 * stage.high };
    let side = if stage.focus > 0.5 * stage.wide { 1.0 } else { -1.0 };
    let top = canvas.skyline(|x| {
        let inward = (x - stage.focus) * side / stage.span;
        let sweep = 0.14 * stage.span * smooth(0.18, -0.75, inward);
        level + sweep + 0.022 * stage.span * (noise.line(x * 7.0 / stage.span, 4) - 0.5)
    });
    canvas.below(&top, None, |x, y, depth| {
        let grain = noise.fbm(x * 60.0 / stage.span, y * 38.0 / stage.span, 3) - 0.5;
        let own = light.on(
            first.mix(second, noise.value(x * 6.0, y * 9.0)) * (1.0 + 0.7 * grain),
            0.45 + grain,
            0.0,
        );
        let wet = smooth(0.014, 0.0, depth / stage.span);
        own.mix(light.on(Rgb::hex(0x6A5C4C), 0.3, 0.0), 0.75 * wet)
    });
    if scene.snowy() {
        return;
    }
    let reed = light.on(second * 0.62, 0.3, 0.0);
    for _ in 0..150 {
        let x = dice.unit() * stage.wide;
        let y =
            top[((x * canvas.scale) as usize).min(top.len() - 1)] + 0.02 * stage.span * dice.unit();
        let away = ((x - stage.focus).abs() / (0.2 * stage.span)).min(1.0);
        let tall = stage.span * dice.range(0.02, 0.075) * away;
        let lean = tall * dice.range(-0.25, 0.35);
        let width = 0.0028 * stage.span;
        canvas.flat(
            &Shape::stroke(
                &[(x, y), (x + lean * 0.3, y - tall * 0.6), (x + lean, y - tall)],
                width,
                width * 0.2,
            ),
            reed,
            0.9,
        );
    }
}
