//! The words of the program as types: what is asked, what came of it, and what
//! went wrong.
//!
//! Owns the rules of validity. Promises that a value which exists is valid and
//! that text from outside cannot drive a terminal once it is a [`Text`]. Must never
//! do input or output, read a clock, or know a foreign wire format.

mod attempt;
mod background;
mod base_image;
mod budget;
mod difference;
mod extract;
mod failure;
mod finding;
mod generation;
mod id;
mod lineage;
mod matrix;
mod model;
mod naming;
mod nearest;
mod notify;
mod opinion;
mod plan;
mod price;
mod query;
mod queue;
mod request;
pub mod template;
mod text;
mod time;
mod usage;
mod view;

pub use attempt::{Answer, Attempt, Head, MissingImage, Received, Record, WorkerId};
pub use background::Background;
pub use base_image::{BaseImage, PictureFile, dropped, is_of_windows, names_picture, shown_bytes};
pub use budget::{Allowance, Bill, Budget, Consent, Spent, Verdict};
pub use difference::{Difference, Piece, Setting};
pub use extract::Extract;
pub use failure::{Charged, Doing, Failure, FailureKind, Retry};
pub use finding::{Area, Finding};
pub use generation::{Generation, Image, ImageFormat, Job, Progress};
pub use id::{GenerationId, IdError, ImageId, Mark};
pub use lineage::{Lineage, Relative};
pub use matrix::{Line, Matrix};
pub use model::{IMPORTED, IMPORTED_FROM, ModelError, ModelId};
pub use naming::{Named, Naming, NamingError};
pub use nearest::nearest;
pub use notify::{Done, Notice, Notify};
pub use opinion::{Change, Opinion, Rating, Tag, TagError, Weight};
pub use plan::{Draw, Plan};
pub use price::{ExtraFields, Per, Price, Rate, Sum};
pub use query::{Condition, PRIVATE, Query, SavedSearch, Shape, Term, Wrong};
pub use queue::{Bar, Move, Pause, Pauses, median};
pub use request::{
    FieldError, LIMITS, Limits, Problem, Request, parse_count, parse_extra, parse_size, shown_size,
};
pub use text::{Text, counted, escaped, printable};
pub use time::Timestamp;
pub use usage::{Cost, CostError, Usage};
pub use view::{Subject, View};
