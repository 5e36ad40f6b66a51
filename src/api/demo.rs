//! The demo painter, `demo:painter`: pictures from words without a network or a model.
//!
//! Owns everything between a request and its pixels. It reads the words it knows
//! (`words`), decides what the picture shows (`scene`, `light`, `stage`), paints it from
//! far to near (`sky`, `land` and its like, `subjects`, `weather`) and treats it in a style
//! (`style`). Promises the same bytes for the same request, and the same composition at
//! every size. Must never read a clock, a file or the network.

#![expect(clippy::unreadable_literal, reason = "colours are written 0xRRGGBB everywhere")]

mod answer;
mod canvas;
mod colour;
mod interior;
mod land;
mod light;
mod noise;
mod pattern;
mod scene;
mod shape;
mod sky;
mod space;
mod stage;
mod style;
mod subjects;
mod undersea;
mod weather;
mod words;

use std::ops::RangeInclusive;

use image::RgbImage;
use image::imageops::{FilterType, resize};

use self::canvas::Canvas;
use self::land::Easel;
use self::light::Light;
use self::scene::Scene;
use self::stage::Stage;
use self::words::Place;
use crate::domain::{Failure, Request};

/// The side of a picture whose size was not set, in pixels.
pub const DEFAULT_SIDE: u32 = 1024;

/// Steps of refinement when none were set.
pub const DEFAULT_STEPS: u32 = 20;

/// The sides that can be painted, in pixels.
pub const SIDES: RangeInclusive<u32> = 16..=4096;

/// Paints picture number `index` (from 0) of a request, over `base` where one is given.
/// Sides outside [`SIDES`] are brought inside.
pub fn paint(request: &Request, index: u32, base: Option<&RgbImage>) -> RgbImage {
    let side = |side: Option<u32>| side.unwrap_or(DEFAULT_SIDE).clamp(*SIDES.start(), *SIDES.end());
    let (width, height) = (side(request.width), side(request.height));
    let negative = request.negative_prompt.as_deref().unwrap_or_default();
    let reading = words::read(&request.prompt, negative);
    let salt = request.extra.get("seed").map(ToString::to_string).unwrap_or_default();
    let steps = request.steps.unwrap_or(DEFAULT_STEPS).max(1);
    let scene = Scene::compose(&reading, &salt, index, steps);
    let light = Light::of(&scene);
    let mut canvas = match base {
        Some(base) => ground_of(base, width, height),
        None => Canvas::new(width, height),
    };
    let stage = Stage::set(&scene, &light, &canvas);
    if base.is_some() {
        style::underpaint(&mut canvas, scene.dice("ground").noise());
        light.fall_on(&mut canvas, &scene);
    } else {
        set(&mut canvas, &scene, &light, &stage);
    }
    weather::behind(&mut canvas, &scene, &stage);
    subjects::paint(&mut canvas, &scene, &light, &stage);
    weather::before(&mut canvas, &scene, &light, &stage);
    style::finish(canvas, &scene, &stage)
}

/// A base image: rows of red, green and blue, from the top left.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ground {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Three bytes for each pixel.
    pub rgb: Vec<u8>,
}

/// The body of the answer to a request: the pictures it asks for, painted over `base`
/// where one is given.
///
/// # Errors
/// A side outside [`SIDES`], or a base image with fewer pixels than it says; neither is
/// charged.
pub fn answer(request: &Request, base: Option<Ground>) -> Result<Vec<u8>, Failure> {
    answer::size(request)?;
    let base = base.map(answer::picture_of).transpose()?;
    let negative = request.negative_prompt.as_deref().unwrap_or_default();
    let reading = words::read(&request.prompt, negative);
    let urls = (0..request.count())
        .map(|index| answer::data_url(&paint(request, index, base.as_ref())))
        .collect::<Result<Vec<_>, _>>()?;
    let seed = noise::seed_of(&[request.prompt.as_bytes(), negative.as_bytes()]);
    Ok(answer::body(request, &reading, &urls, seed))
}

/// The place of the scene, before anything is put into it.
fn set(canvas: &mut Canvas, scene: &Scene, light: &Light, stage: &Stage) {
    match scene.place {
        Place::Space => space::paint(canvas, scene, stage),
        Place::Interior => interior::paint(canvas, scene, light, stage),
        Place::Underwater => undersea::paint(canvas, scene, stage),
        Place::Abstract => pattern::paint(canvas, scene, stage),
        _ => {
            sky::paint(canvas, scene, light, stage);
            land::paint(&mut Easel { canvas, scene, light, stage });
        }
    }
}

/// A base image cut to the proportions of the picture and brought to its size.
fn ground_of(base: &RgbImage, width: u32, height: u32) -> Canvas {
    let (w, h) = (u64::from(base.width()), u64::from(base.height()));
    let cut_w = w.min(h * u64::from(width) / u64::from(height)).max(1) as u32;
    let cut_h = h.min(w * u64::from(height) / u64::from(width)).max(1) as u32;
    let (x, y) = ((base.width() - cut_w) / 2, (base.height() - cut_h) / 2);
    let cut = image::imageops::crop_imm(base, x, y, cut_w, cut_h).to_image();
    Canvas::of(&resize(&cut, width, height, FilterType::Triangle))
}
