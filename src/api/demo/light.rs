//! The light of an hour: the colours of the sky and what they do to everything else.
//!
//! Owns the palettes of the times of day and how weather, mood and named colours bend
//! them. Promises one harmony for the whole picture. Must never draw a
//! shape.

use super::canvas::Canvas;
use super::colour::Rgb;
use super::scene::Scene;
use super::words::{Feature, Meaning, Mood, Place, Season, Time, Weather};

/// The colours that light a scene.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Light {
    /// The sky overhead, half way down, and at the horizon.
    pub(crate) sky: [Rgb; 3],
    /// The disc of sun or moon.
    pub(crate) disc: Rgb,
    /// The air around it.
    pub(crate) glow: Rgb,
    /// What distance fades into.
    pub(crate) haze: Rgb,
    /// What falls on the side towards the light.
    pub(crate) key: Rgb,
    /// What falls everywhere.
    pub(crate) fill: Rgb,
    /// How strongly stars show, 0 to 1.
    pub(crate) stars: f32,
    /// How strongly lamps and windows shine, 0 to 1.
    pub(crate) lamps: f32,
    /// Height of sun or moon over the horizon, as a share of the sky.
    pub(crate) height: f32,
    /// Whether the disc is the moon.
    pub(crate) moon: bool,
    /// Whether the disc shows at all.
    pub(crate) shows: bool,
    /// The disc's place across the picture, 0 to 1.
    pub(crate) side: f32,
}

/// Zenith, middle, horizon, disc, glow, haze; key and fill; stars, lamps, height.
type Hour = ([u32; 6], [u32; 2], [f32; 3]);

const fn hour(time: Time) -> Hour {
    match time {
        Time::Dawn => (
            [0x5F86C0, 0xC2A6CC, 0xFFCFA4, 0xFFF0D0, 0xFFB084, 0xD6B6C4],
            [0xF6D2BC, 0x787898],
            [0.05, 0.25, 0.16],
        ),
        Time::Morning => (
            [0x3F86D2, 0x92C2EA, 0xF6E8CC, 0xFFFBE6, 0xFFEEC0, 0xBCD2E2],
            [0xFFF2DC, 0x8894AC],
            [0.0, 0.0, 0.55],
        ),
        Time::Noon => (
            [0x226CCC, 0x5CA6E8, 0xC4E4F4, 0xFFFFF4, 0xF0F6FF, 0xB2D2EA],
            [0xFFFEF2, 0x94A2B8],
            [0.0, 0.0, 0.78],
        ),
        Time::Golden => (
            [0x4C7CB4, 0xD6B490, 0xFFCC74, 0xFFF6CC, 0xFFC05C, 0xE4B880],
            [0xFFD68C, 0x766C74],
            [0.0, 0.1, 0.26],
        ),
        Time::Sunset => (
            [0x2A306C, 0xB04A78, 0xFF943C, 0xFFE894, 0xFF7830, 0xC46270],
            [0xFFA268, 0x584666],
            [0.12, 0.5, 0.10],
        ),
        Time::Dusk => (
            [0x181E4C, 0x604888, 0xEC9272, 0xFFDCB8, 0xD86C70, 0x805E88],
            [0xC08C94, 0x46426A],
            [0.4, 0.85, 0.05],
        ),
        Time::Blue => (
            [0x0C1C4C, 0x285498, 0xA4BCDC, 0xF0F4FF, 0x5C84C4, 0x4C70A8],
            [0x84A0D0, 0x384A78],
            [0.35, 1.0, 0.40],
        ),
        Time::Night => (
            [0x04081C, 0x0C1C44, 0x284874, 0xFAF4DE, 0x4A70AC, 0x1C325C],
            [0x7C94C4, 0x222E50],
            [1.0, 1.0, 0.62],
        ),
    }
}

impl Light {
    /// The light of the scene.
    pub(crate) fn of(scene: &Scene) -> Self {
        let (colours, [key, fill], [stars, lamps, height]) = hour(scene.time);
        let [zenith, middle, horizon, disc, glow, haze] = colours.map(Rgb::hex);
        let mut dice = scene.dice("light");
        let side = if dice.chance(0.5) { dice.range(0.16, 0.36) } else { dice.range(0.64, 0.84) };
        let mut light = Self {
            sky: [zenith, middle, horizon],
            disc,
            glow,
            haze,
            key: Rgb::hex(key),
            fill: Rgb::hex(fill),
            stars,
            lamps,
            height: height * dice.range(0.85, 1.15),
            moon: matches!(scene.time, Time::Night | Time::Blue),
            shows: true,
            side,
        };
        light.choose_disc(scene);
        light.weather(scene);
        light.mood(scene);
        light.named(scene);
        light
    }

    fn choose_disc(&mut self, scene: &Scene) {
        let sun = Meaning::Feature(Feature::Sun);
        let moon = Meaning::Feature(Feature::Moon);
        if scene.has(moon) && !scene.has(sun) {
            self.moon = true;
            self.height = self.height.clamp(0.45, 0.68);
            self.disc = Rgb::hex(0xFAF4DE);
        }
        if scene.time == Time::Dusk && !scene.has(sun) && !scene.has(moon) {
            self.shows = false;
        }
        if !scene.allows(if self.moon { moon } else { sun }) {
            self.shows = false;
        }
        if !scene.allows(Meaning::Feature(Feature::Stars)) {
            self.stars = 0.0;
        } else if scene.feature(Feature::Stars) {
            self.stars = self.stars.max(0.8);
        }
    }

    fn weather(&mut self, scene: &Scene) {
        let grey = self.sky[1].mix(self.sky[2], 0.4).saturated(0.35);
        if scene.weather(Weather::Storm) {
            let dark = grey * 0.55;
            self.bend(dark, 0.7);
            self.key = self.key * 0.72;
            self.shows = false;
            self.lamps = self.lamps.max(0.8);
            self.stars = 0.0;
        } else if scene.weather(Weather::Rain) || scene.weather(Weather::Cloudy) {
            self.bend(grey * 0.82, 0.6);
            self.key = self.key.saturated(0.6) * 0.84;
            self.shows = scene.feature(Feature::Sun) || scene.feature(Feature::Moon);
            self.lamps = self.lamps.max(0.5);
            self.stars *= 0.2;
        } else if scene.weather(Weather::Snow) {
            self.bend(grey.mix(Rgb::WHITE, 0.25), 0.42);
        }
        if scene.weather(Weather::Fog) {
            self.haze = self.haze.mix(self.sky[2].saturated(0.5), 0.5);
            self.bend(self.haze.mix(Rgb::WHITE, 0.1), 0.45);
            self.stars *= 0.3;
        }
        if scene.snowy() && scene.place != Place::Space {
            self.fill = self.fill.mix(Rgb::hex(0xC4D4F0) * (0.4 + self.fill.luma()), 0.4);
        }
    }

    fn mood(&mut self, scene: &Scene) {
        if scene.mood(Mood::Golden) {
            let gold = Rgb::hex(0xFFC860);
            self.sky = self.sky.map(|c| c.tinted(gold, 0.3));
            self.haze = self.haze.tinted(gold, 0.45);
            self.key = self.key.tinted(gold, 0.5);
        }
        if scene.mood(Mood::Neon) {
            self.sky = [self.sky[0], Rgb::hex(0x5A1C80), Rgb::hex(0xE83CA4)];
            self.haze = Rgb::hex(0x6A2C96);
            self.key = Rgb::hex(0xFF70D0);
            self.fill = Rgb::hex(0x2C4C8C);
            self.lamps = 1.0;
        }
        if scene.mood(Mood::Dark) {
            self.dim(0.62);
        }
        if scene.mood(Mood::Dramatic) {
            self.sky[0] = self.sky[0] * 0.6;
            self.fill = self.fill * 0.75;
            self.key = self.key * 1.15;
        }
        if scene.mood(Mood::Bright) {
            self.dim(1.16);
        }
        if scene.season == Season::Autumn && self.stars < 0.3 {
            let warm = Rgb::hex(0xFFD090);
            self.key = self.key.tinted(warm, 0.3);
            self.haze = self.haze.tinted(warm, 0.3);
        }
    }

    fn named(&mut self, scene: &Scene) {
        if let Some(colour) = scene.sky {
            self.sky = [
                self.sky[0].tinted(colour, 0.85),
                self.sky[1].mix(colour, 0.5).tinted(colour, 0.6),
                self.sky[2].tinted(colour, 0.55),
            ];
            self.haze = self.haze.tinted(colour, 0.6);
        }
        if let Some(first) = scene.palette.first() {
            let second = scene.palette.get(1).unwrap_or(first);
            self.sky = [
                self.sky[0].tinted(*first, 0.55),
                self.sky[1].tinted(*first, 0.55),
                self.sky[2].tinted(*second, 0.5),
            ];
            self.haze = self.haze.tinted(*first, 0.5);
            self.key = self.key.tinted(*second, 0.3);
            self.glow = self.glow.tinted(*second, 0.5);
            self.fill = self.fill.tinted(*first, 0.35);
        }
    }

    fn bend(&mut self, towards: Rgb, strength: f32) {
        self.sky = self.sky.map(|colour| colour.mix(towards, strength));
        self.haze = self.haze.mix(towards, strength);
        self.glow = self.glow.mix(towards, strength);
    }

    fn dim(&mut self, by: f32) {
        self.sky = self.sky.map(|colour| colour * by);
        self.haze = self.haze * by;
        self.key = self.key * by;
        self.fill = self.fill * by;
    }

    /// How a thing of colour `own` looks where `towards` of the light reaches it
    /// (0 none, 1 full) at a distance from 0 to 1 (lost in haze).
    pub(crate) fn on(&self, own: Rgb, towards: f32, distance: f32) -> Rgb {
        (own * (self.fill + self.key * (0.62 * towards))).mix(self.haze, distance)
    }

    /// Lets the light of the scene fall on a picture that has its own, as far as its words
    /// ask for an hour, a mood or colours.
    pub(crate) fn fall_on(&self, canvas: &mut Canvas, scene: &Scene) {
        if !scene.names_light() {
            return;
        }
        let daylight = Rgb::hex(0xFFFEF2) * 0.62 + Rgb::hex(0x94A2B8);
        let here = self.fill + self.key * 0.62;
        let ratio = Rgb::new(here.r / daylight.r, here.g / daylight.g, here.b / daylight.b);
        let ratio = Rgb::WHITE.mix(ratio, 0.8);
        for pixel in &mut canvas.pixels {
            let lit = *pixel * ratio;
            *pixel = scene.palette.first().map_or(lit, |colour| lit.tinted(*colour, 0.22));
        }
    }
}
