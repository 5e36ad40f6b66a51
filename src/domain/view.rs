//! How an image is looked at: whole, or a part of it enlarged.
//!
//! Promises a zoom of at least [`View::WHOLE`] and a centre inside the image. Must never
//! know pixels or cells: how much of the image that is depends on the box it is shown in.

use super::ImageId;

/// An image, and what is seen of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct View {
    image: ImageId,
    zoom: u16,
    centre: (u16, u16),
}

impl View {
    /// The zoom at which the whole image just fits its box, in percent.
    pub const WHOLE: u16 = 100;
    /// The zoom beyond which nothing more is to be seen, in percent.
    pub const NEAREST: u16 = 6400;
    /// The far edge of an image, for a centre.
    pub const EDGE: u16 = 1000;

    /// All of `image`.
    pub const fn whole(image: ImageId) -> Self {
        Self { image, zoom: Self::WHOLE, centre: (Self::EDGE / 2, Self::EDGE / 2) }
    }

    /// `image`, `zoom` percent as large as when it just fits, with the point `centre` of
    /// it in the middle: thousandths of its width and height. Both are brought into range.
    pub fn near(image: ImageId, zoom: u16, centre: (u16, u16)) -> Self {
        let inside = |side: u16| side.min(Self::EDGE);
        Self {
            image,
            zoom: zoom.clamp(Self::WHOLE, Self::NEAREST),
            centre: (inside(centre.0), inside(centre.1)),
        }
    }

    /// Which image.
    pub const fn image(self) -> ImageId {
        self.image
    }

    /// How much larger than when it just fits, in percent.
    pub const fn zoom(self) -> u16 {
        self.zoom
    }

    /// The point in the middle, in thousandths of width and height.
    pub const fn centre(self) -> (u16, u16) {
        self.centre
    }

    /// Whether all of the image is seen.
    pub const fn is_whole(self) -> bool {
        self.zoom == Self::WHOLE
    }
}
