//! Where each subject goes, and how large.
//!
//! Owns the arrangement of one or many subjects around the focus of the stage. Promises
//! that a single subject is wholly in the picture. Must never draw.

use super::super::noise::Dice;
use super::super::scene::Scene;
use super::super::shape::Placement;
use super::super::stage::Stage;
use super::super::words::Place;
use super::Stand;

/// How far subject after subject stands from the focus, in spreads.
const ASIDE: [f32; 5] = [0.0, -0.44, 0.26, -0.62, 0.44];

/// The placement of one of the subjects of rank `rank`, the `number`th of its kind.
pub(super) fn of(
    scene: &Scene,
    stage: &Stage,
    (rank, number): (usize, u8),
    dice: &mut Dice,
) -> Placement {
    let subject = &scene.subjects[rank];
    let figure = subject.figure;
    let many = subject.count > 1;
    let size = stage.span * figure.size * scale(scene, stage, rank, dice);
    let right_handed = if stage.focus < 0.5 * stage.wide { -1.0 } else { 1.0 };
    let mirrored = if number > 0 && dice.chance(0.35) { -right_handed } else { right_handed };
    let far = if many { dice.unit() } else { 0.0 };
    let (y, nearness) = down(scene, stage, rank, size, far, dice);
    let bounds = figure.bounds();
    let unit = (size * nearness / 100.0).min(0.64 * stage.wide / (bounds.2 - bounds.0));
    let x = if many {
        let count = f32::from(subject.count);
        let slot = (f32::from(number) + 0.5) / count - 0.5;
        let reach = (0.30 + 0.07 * count).min(0.92);
        let middle =
            if subject.count > 2 { stage.focus * 0.4 + stage.wide * 0.3 } else { stage.focus };
        let x = middle + spread(stage) * (slot * reach + ASIDE[rank.min(4)] * right_handed);
        (x + spread(stage) * dice.range(-0.05, 0.05)).clamp(0.07 * stage.wide, 0.93 * stage.wide)
    } else {
        let half = 0.5 * (bounds.2 - bounds.0) * unit;
        let middle = 0.5 * (bounds.2 + bounds.0) * unit * mirrored;
        let margin = (half + 0.03 * stage.wide).min(0.5 * stage.wide);
        let x = stage.focus + spread(stage) * ASIDE[rank.min(4)] * right_handed;
        (x + middle).clamp(margin, stage.wide - margin) - middle
    };
    let turn = match figure.stand {
        Stand::Sky if figure.name == "rocket" => 0.5 * mirrored,
        Stand::Sky => dice.range(-0.10, 0.10),
        _ => 0.0,
    };
    let y = if figure.stand == Stand::Sky { y.max(0.05 * stage.high - bounds.1 * unit) } else { y };
    Placement { x, y, sx: unit * mirrored, sy: unit, turn }
}

/// How wide subjects spread.
fn spread(stage: &Stage) -> f32 {
    stage.wide.min(stage.span * 1.6)
}

/// The factor on the size of a figure: the shot is close or wide, a crowd is small.
fn scale(scene: &Scene, stage: &Stage, rank: usize, dice: &mut Dice) -> f32 {
    let count = scene.subjects[rank].count;
    let solo = scene.subjects.len() == 1 && count == 1;
    let shot =
        if solo { *dice.pick(&[1.28, 1.12, 1.16, 0.94, 0.78]) } else { dice.range(0.86, 1.0) };
    let portrait = (stage.high / stage.wide).clamp(1.0, 1.5).sqrt();
    let second = if rank == 0 { 1.0 } else { 0.92 };
    shot * portrait * second * f32::from(count).powf(-0.36)
}

/// The height of the foot on the picture, and the factor of its distance; `far` 0 to 1.
fn down(
    scene: &Scene,
    stage: &Stage,
    rank: usize,
    size: f32,
    far: f32,
    dice: &mut Dice,
) -> (f32, f32) {
    let depth = stage.high - stage.horizon;
    let floats = matches!(scene.place, Place::Space | Place::Underwater);
    match scene.subjects[rank].figure.stand {
        Stand::Sky if floats => {
            (stage.high * (0.62 + dice.range(-0.06, 0.06) - 0.40 * far), 1.0 - 0.4 * far)
        }
        Stand::Sky => {
            let share = 0.80 - 0.12 * rank as f32 - 0.52 * far;
            (stage.horizon * share + 0.08 * size, 1.0 - 0.45 * far)
        }
        Stand::Water if scene.has_water() => {
            let share = 0.22 + 0.10 * dice.unit() - 0.12 * far;
            (stage.horizon + depth * share, 1.0 - 0.45 * far)
        }
        Stand::Water if floats => (stage.high * (0.55 - 0.25 * far), 1.0 - 0.4 * far),
        _ => {
            let line = if scene.place == Place::City { 0.4 } else { 1.0 };
            (stage.ground + depth * line * (0.05 * rank as f32 - 0.22 * far), 1.0 - 0.42 * far)
        }
    }
}
