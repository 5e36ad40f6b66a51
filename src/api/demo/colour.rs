//! Colour as the painter mixes it.
//!
//! Owns [`Rgb`]: three channels in display space, where 1.0 is full and light may go
//! beyond. Promises plain arithmetic. Must never know what a colour is used for.

use std::ops::{Add, Mul};

/// One colour; channels are 0.0 to 1.0, above for things that shine.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Rgb {
    /// Red.
    pub(crate) r: f32,
    /// Green.
    pub(crate) g: f32,
    /// Blue.
    pub(crate) b: f32,
}

impl Rgb {
    /// No light.
    pub(crate) const BLACK: Self = Self::grey(0.0);
    /// Full light.
    pub(crate) const WHITE: Self = Self::grey(1.0);

    /// The colour of three channels.
    pub(crate) const fn new(r: f32, g: f32, b: f32) -> Self {
        Self { r, g, b }
    }

    /// The colour written `0xRRGGBB`.
    pub(crate) const fn hex(code: u32) -> Self {
        let [_, r, g, b] = code.to_be_bytes();
        Self::new(r as f32 / 255.0, g as f32 / 255.0, b as f32 / 255.0)
    }

    /// A grey of that value.
    pub(crate) const fn grey(value: f32) -> Self {
        Self::new(value, value, value)
    }

    /// This colour at `t` = 0, `other` at 1.
    pub(crate) fn mix(self, other: Self, t: f32) -> Self {
        self * (1.0 - t) + other * t
    }

    /// Perceived lightness.
    pub(crate) fn luma(self) -> f32 {
        0.299 * self.r + 0.587 * self.g + 0.114 * self.b
    }

    /// Difference of the strongest and the weakest channel.
    pub(crate) fn chroma(self) -> f32 {
        self.r.max(self.g).max(self.b) - self.r.min(self.g).min(self.b)
    }

    /// Moved away from (`amount` above 1) or towards its grey.
    pub(crate) fn saturated(self, amount: f32) -> Self {
        Self::grey(self.luma()).mix(self, amount)
    }

    /// Each channel through `f`.
    pub(crate) fn map(self, f: impl Fn(f32) -> f32) -> Self {
        Self::new(f(self.r), f(self.g), f(self.b))
    }

    /// Light added as on a screen: never beyond white by itself.
    pub(crate) fn screened(self, light: Self) -> Self {
        let one = |a: f32, b: f32| a + b * (1.0 - a).max(0.0);
        Self::new(one(self.r, light.r), one(self.g, light.g), one(self.b, light.b))
    }

    /// The hue and chroma of `hue` at about the lightness of this colour.
    pub(crate) fn tinted(self, hue: Self, strength: f32) -> Self {
        let own = self.luma();
        let pull = own / hue.luma().max(0.08);
        let target = (hue * pull.min(2.2)).map(|v| v.min(1.15));
        self.mix(target, strength)
    }
}

impl Add for Rgb {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(self.r + other.r, self.g + other.g, self.b + other.b)
    }
}

impl Mul<f32> for Rgb {
    type Output = Self;

    fn mul(self, by: f32) -> Self {
        Self::new(self.r * by, self.g * by, self.b * by)
    }
}

impl Mul for Rgb {
    type Output = Self;

    fn mul(self, by: Self) -> Self {
        Self::new(self.r * by.r, self.g * by.g, self.b * by.b)
    }
}

/// 0 below `from`, 1 above `to`, smooth between.
pub(crate) fn smooth(from: f32, to: f32, value: f32) -> f32 {
    let t = ((value - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
