//! The land: what lies between the sky and the lower edge at each place.
//!
//! Owns which parts make up a place, from far to near. Promises that nothing of the
//! sky is left below the horizon. Must never place subjects.

mod city;
mod forest;
mod ground;
mod ridges;
mod water;

use super::canvas::Canvas;
use super::light::Light;
use super::scene::Scene;
use super::stage::Stage;
use super::words::{Feature, Place};

/// What every part of the land is painted with.
pub(crate) struct Easel<'a> {
    /// The picture so far.
    pub(crate) canvas: &'a mut Canvas,
    /// What is to be seen.
    pub(crate) scene: &'a Scene,
    /// In which light.
    pub(crate) light: &'a Light,
    /// Where it stands.
    pub(crate) stage: &'a Stage,
}

/// Paints the land of the scene over the sky.
pub(crate) fn paint(easel: &mut Easel<'_>) {
    let volcano = easel.scene.feature(Feature::Volcano);
    if volcano && easel.scene.place != Place::Mountains {
        ridges::volcano(easel);
    }
    match easel.scene.place {
        Place::Mountains => {
            ridges::mountains(easel, 4);
            if volcano {
                ridges::volcano(easel);
            }
            forest::treeline(easel, 0.0);
            ground::meadow(easel, &ground::Plain::wild());
        }
        Place::Hills => {
            ridges::hills(easel);
            ground::verge(easel);
        }
        Place::Meadow => {
            ridges::mountains(easel, 2);
            forest::treeline(easel, 0.0);
            ground::meadow(easel, &ground::Plain::flowering());
        }
        Place::Forest => forest::deep(easel),
        Place::Sea => {
            ridges::islands(easel);
            water::open(easel, water::Kind::Sea);
            ridges::headland(easel);
        }
        Place::Lake => {
            ridges::mountains(easel, 3);
            forest::treeline(easel, 0.012);
            water::open(easel, water::Kind::Lake);
            ground::shore(easel);
        }
        Place::River => {
            ridges::mountains(easel, 3);
            forest::treeline(easel, 0.0);
            ground::meadow(easel, &ground::Plain::with_river());
        }
        Place::Desert => ridges::dunes(easel),
        Place::City => {
            city::skyline(easel);
            water::open(easel, water::Kind::Harbour);
            city::quay(easel);
        }
        Place::Snowfield => {
            ridges::mountains(easel, 3);
            ground::meadow(easel, &ground::Plain::wild());
        }
        Place::Interior | Place::Space | Place::Underwater | Place::Abstract => {}
    }
}
