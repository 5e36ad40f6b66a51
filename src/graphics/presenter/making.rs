//! Making pictures ready to be sent.
//!
//! Owns how good a picture is worth being on a line, and the work of making it so, which
//! takes some tens of milliseconds and belongs on a thread of its own. Promises one
//! rendition after the other, from coarse to fine, and none once it was cancelled. Must
//! never know what the terminal shows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Spot;
use crate::graphics::Pixels;
use crate::graphics::drivers::{Extent, Ids, Plate, Protocol, Step, Strip};

/// A picture that travels for less is sent at its best at once, in seconds.
const AT_ONCE: f64 = 0.1;

/// Bytes that a pixel takes, where every one is sent as it is.
const LOSSLESS: f64 = 2.5;

/// Bytes that a pixel of a fine picture takes at full quality.
const FULL: f64 = 0.6;

/// What is known of the line to the terminal.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Line {
    /// Bytes a second; `None` while nothing was measured.
    pub rate: Option<f64>,
}

/// How good a picture is to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Goal {
    pub(super) best: Step,
    /// Whether nothing coarser is to be seen before.
    pub(super) straight: bool,
}

impl Line {
    pub(super) fn goal(self, extent: Extent) -> Goal {
        let (across, down) = extent.pixels();
        let pixels = f64::from(across) * f64::from(down);
        let quick = |bytes: f64| self.rate.is_some_and(|rate| pixels * bytes < rate * AT_ONCE);
        let best = if quick(LOSSLESS) { Step::Lossless } else { Step::Full };
        Goal { best, straight: quick(FULL) }
    }
}

/// A picture that is to be made ready. Clones are the same task.
#[derive(Clone, Debug)]
pub struct Ask {
    spot: Spot,
    goal: Goal,
    protocol: Protocol,
    ids: Ids,
    cancelled: Arc<AtomicBool>,
}

impl Ask {
    pub(super) fn new(spot: Spot, goal: Goal, protocol: Protocol, ids: Ids) -> Self {
        Self { spot, goal, protocol, ids, cancelled: Arc::default() }
    }

    /// What is to be seen.
    pub const fn spot(&self) -> Spot {
        self.spot
    }

    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

/// One step of a picture, ready to be sent.
#[derive(Clone, Debug)]
pub struct Rendition {
    pub(super) spot: Spot,
    pub(super) step: Step,
    pub(super) strips: Vec<Strip>,
    /// The step that was asked for, with the last one.
    pub(super) reached: Option<Step>,
}

/// Makes a picture from all its `pixels`, and tells of each step as soon as it is there.
pub fn make(ask: &Ask, pixels: &Pixels, mut tell: impl FnMut(Rendition)) {
    let Ask { spot, goal, protocol, ids, cancelled } = ask;
    if cancelled.load(Ordering::Relaxed) {
        return;
    }
    let plate = Plate::new(&pixels.seen(spot.view, spot.extent.pixels()), spot.extent);
    let mut steps: Vec<Step> =
        plate.steps(*protocol).iter().copied().filter(|step| *step <= goal.best).collect();
    if goal.straight {
        steps.drain(..steps.len().saturating_sub(1));
    }
    for (nth, step) in (1..).zip(&steps) {
        let strips = plate.strips(*protocol, *step, ids);
        if cancelled.load(Ordering::Relaxed) {
            return;
        }
        let reached = (nth == steps.len()).then_some(goal.best);
        tell(Rendition { spot: *spot, step: *step, strips, reached });
    }
}
