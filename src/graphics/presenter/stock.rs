//! Pictures made ready to be sent.
//!
//! Owns their strips, as long as there is room: what was wanted longest ago goes first.
//! Promises to keep what was put in until it is taken out or gives way, and to hand out
//! what gives way. Must never know what the terminal has of it.

use std::collections::BTreeMap;

use lru::LruCache;

use super::Spot;
use crate::graphics::drivers::{Protocol, Step, Strip};

/// Pixels of pictures that a terminal is to hold for us: some 70 previews. It takes four
/// bytes for each of them.
const MOST_HELD: usize = 24 << 20;

/// Pixels of pictures whose bytes we hold ourselves: some 20 previews, of half a byte to
/// three for each.
const MOST_KEPT: usize = 8 << 20;

/// One step of a picture.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) strips: Vec<Strip>,
    /// How many bytes it takes to show all of it.
    pub(super) bytes: usize,
}

/// What was made of one picture.
#[derive(Debug, Default)]
struct Made {
    steps: BTreeMap<Step, Sheet>,
    /// The best step that it was made up to, be it needed or not.
    reached: Option<Step>,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Stock {
    made: LruCache<Spot, Made>,
    pixels: usize,
    most: usize,
}

impl Stock {
    /// An empty one for what is sent in `protocol`.
    pub(super) fn new(protocol: Protocol) -> Self {
        let most = if protocol == Protocol::Kitty { MOST_HELD } else { MOST_KEPT };
        Self { made: LruCache::unbounded(), pixels: 0, most }
    }

    /// Puts one step of a picture in, unless it is there, and how far it has been made.
    pub(super) fn put(&mut self, spot: Spot, step: Step, strips: Vec<Strip>, up_to: Option<Step>) {
        if !self.made.contains(&spot) {
            self.pixels += weight(&spot);
        }
        let made = self.made.get_or_insert_mut(spot, Made::default);
        made.reached = made.reached.max(up_to);
        let bytes = strips.iter().map(Strip::bytes).sum();
        made.steps.entry(step).or_insert(Sheet { strips, bytes });
    }

    /// The steps there are of a picture, from coarse to fine.
    pub(super) fn steps(&self, spot: &Spot) -> impl DoubleEndedIterator<Item = (Step, &Sheet)> {
        self.made.peek(spot).into_iter().flat_map(|made| &made.steps).map(|(step, it)| (*step, it))
    }

    /// One strip.
    pub(super) fn strip(&self, spot: &Spot, step: Step, nth: usize) -> Option<&Strip> {
        self.made.peek(spot)?.steps.get(&step)?.strips.get(nth)
    }

    /// Lets go of the bytes of a strip that the terminal holds.
    pub(super) fn forget_units(&mut self, spot: &Spot, step: Step, nth: usize) {
        let sheet = self.made.peek_mut(spot).and_then(|made| made.steps.get_mut(&step));
        if let Some(strip) = sheet.and_then(|sheet| sheet.strips.get_mut(nth)) {
            strip.forget_units();
        }
    }

    /// Up to which step a picture was made.
    pub(super) fn reached(&self, spot: &Spot) -> Option<Step> {
        self.made.peek(spot)?.reached
    }

    /// Takes out what is coarser than `step`.
    pub(super) fn take_coarser(&mut self, spot: &Spot, step: Step) -> Vec<Strip> {
        let Some(made) = self.made.peek_mut(spot) else { return Vec::new() };
        let finer = made.steps.split_off(&step);
        let coarser = std::mem::replace(&mut made.steps, finer);
        coarser.into_values().flat_map(|sheet| sheet.strips).collect()
    }

    /// Notes that these are wanted now.
    pub(super) fn touch<'a>(&mut self, spots: impl Iterator<Item = &'a Spot>) {
        for spot in spots {
            self.made.promote(spot);
        }
    }

    /// Takes out what there is no room for, and is not to be kept.
    pub(super) fn shrink(&mut self, keep: impl Fn(&Spot) -> bool) -> Vec<Strip> {
        let mut gone = Vec::new();
        while self.pixels > self.most
            && let Some(spot) = self.made.iter().rev().map(|(spot, _)| *spot).find(|it| !keep(it))
            && let Some(made) = self.made.pop(&spot)
        {
            self.pixels -= weight(&spot);
            gone.extend(made.steps.into_values().flat_map(|sheet| sheet.strips));
        }
        gone
    }
}

fn weight(spot: &Spot) -> usize {
    let (across, down) = spot.extent.pixels();
    across as usize * down as usize
}
