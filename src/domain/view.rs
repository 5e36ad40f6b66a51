//! How an image, or what two of them do not share, is looked at: whole, or a part of it enlarged.
//!
//! Promises a zoom of at least [`View::WHOLE`] and a centre inside the image. Must never
//! know pixels or cells: how much of the image that is depends on the box it is shown in.

use super::ImageId;

/// What can be looked at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Subject {
    /// An image.
    Image(ImageId),
    /// By how much the second differs from the first, at each point of that.
    Difference(ImageId, ImageId),
}

impl From<ImageId> for Subject {
    fn from(image: ImageId) -> Self {
        Self::Image(image)
    }
}

/// An image, and what is seen of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct View {
    subject: Subject,
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

    /// All of `subject`.
    pub fn whole(subject: impl Into<Subject>) -> Self {
        Self::near(subject, Self::WHOLE, (Self::EDGE / 2, Self::EDGE / 2))
    }

    /// `subject`, `zoom` percent as large as when it just fits, with the point `centre` of
    /// it in the middle: thousandths of its width and height. Both are brought into range.
    pub fn near(subject: impl Into<Subject>, zoom: u16, centre: (u16, u16)) -> Self {
        let inside = |side: u16| side.min(Self::EDGE);
        Self {
            subject: subject.into(),
            zoom: zoom.clamp(Self::WHOLE, Self::NEAREST),
            centre: (inside(centre.0), inside(centre.1)),
        }
    }

    /// What is looked at.
    pub const fn subject(self) -> Subject {
        self.subject
    }

    /// Which image; of a difference, the first one.
    pub const fn image(self) -> ImageId {
        match self.subject {
            Subject::Image(image) | Subject::Difference(image, _) => image,
        }
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
