//! The pictures of the studio's screen: wanted by the scene, loaded in the background,
//! painted when they are there.
//!
//! Promises that painting never waits. Must never decide what is shown.

use std::collections::HashMap;

use ratatui::buffer::Buffer;
use tokio::sync::mpsc::UnboundedSender;

use super::Message;
use crate::app::State;
use crate::config::paths::Paths;
use crate::domain::{Failure, Image, ImageId};
use crate::engine::link::own_program;
use crate::graphics::{self, Display, Easel, Missing, Pixels, Thumbnails};
use crate::ui::Scene;

/// Bytes of thumbnails that are kept on disk.
const CACHE: u64 = 256 << 20;

/// What came of loading a picture.
pub(super) struct Loaded(Missing, Result<Pixels, Failure>);

/// The easel, and who brings what it is missing.
pub(super) struct Pictures {
    easel: Easel,
    thumbnails: Thumbnails,
    display: Display,
    inbox: UnboundedSender<Message>,
}

impl Pictures {
    pub(super) fn new(paths: &Paths, display: Display, inbox: UnboundedSender<Message>) -> Self {
        let thumbnails = Thumbnails::new(paths.cache.join("thumbnails"), own_program(), CACHE);
        Self { easel: Easel::default(), thumbnails, display, inbox }
    }

    /// Paints the pictures of a frame and reduces its colours to what the terminal has;
    /// what is missing is on its way when this returns.
    pub(super) fn paint(&mut self, buffer: &mut Buffer, scene: &Scene, state: &State) {
        let missing = self.easel.paint(buffer, &scene.images, self.display);
        if !missing.is_empty() {
            let images: HashMap<ImageId, &Image> = state
                .history
                .rows()
                .iter()
                .flat_map(|row| &row.images)
                .map(|image| (image.id, image))
                .collect();
            for missing in missing {
                if let Some(image) = images.get(&missing.image) {
                    self.load(missing, (*image).clone());
                }
            }
        }
        graphics::reduce_colors(buffer, self.display.depth);
    }

    pub(super) fn take(&mut self, Loaded(missing, result): Loaded) {
        self.easel.insert(missing, result);
    }

    fn load(&self, missing: Missing, image: Image) {
        let (thumbnails, inbox) = (self.thumbnails.clone(), self.inbox.clone());
        tokio::spawn(async move {
            let result = thumbnails.load(&image, missing.fit).await;
            let _ = inbox.send(Message::Picture(Loaded(missing, result)));
        });
    }
}
