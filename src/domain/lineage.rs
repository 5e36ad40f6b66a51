//! What came from what: who belongs to the lineage of a generation.
//!
//! Promises that whoever comes from another one of the same lineage comes after it. Must never
//! hold what the generations are: only how they hang together.

use super::GenerationId;

/// A generation as part of a lineage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Relative {
    /// Which.
    pub id: GenerationId,
    /// The one it came from.
    pub parent: Option<GenerationId>,
    /// The first of those it was asked for together with.
    pub batch: Option<GenerationId>,
    /// Whether it was deleted for good, or was never there.
    pub is_gone: bool,
}

/// What a generation came from, and all that came of that.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lineage {
    /// Whose.
    pub of: GenerationId,
    /// Each one after its parent; of one parent, in the order in which they were asked for.
    pub relatives: Vec<Relative>,
    /// Whether there are more, farther away.
    pub is_cut: bool,
}
