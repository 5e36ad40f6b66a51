//! Chance and texture, the same on every machine and at every run.
//!
//! Owns the seeded generator [`Dice`] and the fields of value noise [`Noise`].
//! Promises that equal seeds give equal answers. Must never read a clock.

use sha2::{Digest, Sha256};

/// A stream of numbers grown from a seed (splitmix64).
pub(crate) struct Dice(u64);

impl Dice {
    /// The stream for `purpose` under `seed`; purposes do not disturb each other.
    pub(crate) fn new(seed: u64, purpose: &str) -> Self {
        Self(purpose.bytes().fold(seed, |seed, byte| step(seed ^ u64::from(byte)).1))
    }

    fn next(&mut self) -> u64 {
        let (state, number) = step(self.0);
        self.0 = state;
        number
    }

    /// A number from 0 up to 1.
    pub(crate) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / 16_777_216.0
    }

    /// A number between the two.
    pub(crate) fn range(&mut self, from: f32, to: f32) -> f32 {
        from + (to - from) * self.unit()
    }

    /// A whole number below `most`, which must not be 0.
    pub(crate) fn below(&mut self, most: usize) -> usize {
        ((self.next() >> 33) as usize) % most
    }

    /// True with that probability.
    pub(crate) fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// One of `of`, which must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// A field of noise of its own.
    pub(crate) fn noise(&mut self) -> Noise {
        Noise(self.next() as u32)
    }
}

fn step(state: u64) -> (u64, u64) {
    let state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (state, z ^ (z >> 31))
}

/// The seed that stands for these parts, in this order.
pub(crate) fn seed_of(parts: &[&[u8]]) -> u64 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    digest.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte))
}

/// The whole number below `x`. On machines without an instruction for it
/// [`f32::floor`] is a call, and this is the innermost of all loops.
fn floor(x: f32) -> i32 {
    let near = x as i32;
    near.wrapping_sub(i32::from(x < near as f32))
}

/// Steps of the lattice under the noise; any two large odd numbers without a pattern.
const ACROSS: u32 = 0x8DA6_B343;
const DOWN: u32 = 0xD816_3841;

/// A number from 0 to 1 without likeness to its neighbours'.
fn scramble(h: u32) -> f32 {
    let h = (h ^ (h >> 15)).wrapping_mul(0x2C1B_3C6D);
    let h = (h ^ (h >> 13)).wrapping_mul(0x297A_2D39);
    (h >> 8) as f32 * (1.0 / 16_777_216.0)
}

/// A smooth field of values from 0 to 1 with features about 1 across.
#[derive(Clone, Copy)]
pub(crate) struct Noise(u32);

impl Noise {
    /// The value tied to one cell of the grid.
    pub(crate) fn cell(self, x: i32, y: i32) -> f32 {
        scramble(self.lattice(x, y))
    }

    fn lattice(self, x: i32, y: i32) -> u32 {
        let (across, down) = ((x as u32).wrapping_mul(ACROSS), (y as u32).wrapping_mul(DOWN));
        across.wrapping_add(down).wrapping_add(self.0)
    }

    /// The field at a point.
    pub(crate) fn value(self, x: f32, y: f32) -> f32 {
        let (ix, iy) = (floor(x), floor(y));
        let ease = |t: f32| t * t * (3.0 - 2.0 * t);
        let (u, v) = (ease(x - ix as f32), ease(y - iy as f32));
        let here = self.lattice(ix, iy);
        let below = here.wrapping_add(DOWN);
        let along = |lattice: u32, t: f32| {
            let left = scramble(lattice);
            left + (scramble(lattice.wrapping_add(ACROSS)) - left) * t
        };
        let upper = along(here, u);
        upper + (along(below, u) - upper) * v
    }

    /// The field with finer and weaker copies of itself, `octaves` deep; 0 to 1.
    pub(crate) fn fbm(self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut weight, mut total) = (0.0, 0.5, 0.0);
        let (mut x, mut y) = (x, y);
        for _ in 0..octaves {
            sum += self.value(x, y) * weight;
            total += weight;
            weight *= 0.5;
            // Turning each octave hides the grid.
            (x, y) = (1.6 * x - 1.2 * y + 17.3, 1.2 * x + 1.6 * y + 9.1);
        }
        sum / total
    }

    /// Like [`Noise::fbm`], with sharp crests: mountains.
    pub(crate) fn ridged(self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut weight, mut total) = (0.0, 0.5, 0.0);
        let (mut x, mut y) = (x, y);
        for _ in 0..octaves {
            let crest = 1.0 - (2.0 * self.value(x, y) - 1.0).abs();
            sum += crest * crest * weight;
            total += weight;
            weight *= 0.48;
            (x, y) = (2.03 * x + 31.7, 2.03 * y + 11.9);
        }
        sum / total
    }

    /// The field along a line.
    pub(crate) fn line(self, x: f32, octaves: u32) -> f32 {
        let (mut sum, mut weight, mut total, mut x) = (0.0, 0.5, 0.0, x);
        for _ in 0..octaves {
            sum += self.value(x, 0.5) * weight;
            total += weight;
            weight *= 0.5;
            x = x * 2.07 + 13.7;
        }
        sum / total
    }
}
