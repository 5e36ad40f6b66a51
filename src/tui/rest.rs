//! How long the loop rests.
//!
//! Promises that it sleeps while nothing moves and nothing is waited for. Must never do
//! anything when it wakes.

use std::time::{Duration, Instant};

use super::away::Away;
use super::herald::Herald;
use super::pictures::Pictures;
use super::probing::Probing;

/// How often time is shown while something moves.
const TICK: Duration = Duration::from_millis(250);

/// When something is to be done though nothing happens. Without the screen nothing is
/// concluded from what the terminal has not answered.
pub(super) fn wakes_at(
    away: &Away,
    pictures: &Pictures,
    probing: &Probing,
    herald: &Herald,
    has_screen: bool,
) -> Option<Instant> {
    let deadline = probing.deadline().filter(|_| has_screen && pictures.is_waiting());
    if away.holds_screen() {
        return away.wakes_at();
    }
    let due = herald.wakes_at().filter(|_| has_screen);
    pictures.wakes_at().into_iter().chain(deadline).chain(due).min()
}

/// Waits until time is to be shown, if something moves, or until then.
pub(super) async fn pause(moves: bool, then: Option<Instant>) {
    let tick = moves.then(|| Instant::now() + TICK);
    match tick.into_iter().chain(then).min() {
        Some(end) => tokio::time::sleep_until(end.into()).await,
        None => std::future::pending().await,
    }
}
