//! What is in effect, and why, over the panes.
//!
//! Owns what was found. Promises that nothing old is shown for new: while it is looked at,
//! nothing is. Must never look at anything itself.

use super::{Effect, Overlay, State};
use crate::domain::Finding;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Doctor {
    /// By what it belongs to; `None` while it is looked at.
    pub findings: Option<Vec<Finding>>,
}

/// Has everything looked at.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    state.doctor.findings = None;
    state.overlay = Some(Overlay::Doctor { scroll: 0 });
    vec![Effect::Examine]
}

/// Takes in what was found.
pub(super) fn hear(state: &mut State, mut findings: Vec<Finding>) {
    findings.sort_by_key(|finding| finding.area);
    state.doctor.findings = Some(findings);
}
