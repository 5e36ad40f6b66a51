//! Promise 2: no charge without a row, whenever the worker dies.

use std::time::{Duration, Instant};

use pentimento::domain::Generation;

use super::chance::Chance;
use super::paid::{Manner, Paid, wait_until};
use super::{figures, times};

/// Jobs that are under way when a worker is killed.
const MANNERS: [Manner; 4] = [Manner::Slow, Manner::Links, Manner::Limited, Manner::Inline];

/// Kills in one history: a start reads all of it.
const ROUNDS: usize = 25;

/// How long the jobs take when nobody is killed.
fn undisturbed(paid: &mut Paid) -> Duration {
    ask(paid, 0);
    let mut face = paid.begin();
    paid.worker(&mut face);
    let begun = Instant::now();
    face.wait().expect("it ends");
    begun.elapsed()
}

fn ask(paid: &mut Paid, round: usize) {
    for manner in MANNERS {
        paid.ask(&format!("{manner:?} {round}"));
    }
}

#[test]
fn a_worker_killed_at_any_moment_charges_nothing_twice_and_loses_no_whole_answer() {
    let wanted = times(6, 1_000);
    let mut chance = Chance::new(2);
    let (mut killed, mut done, mut unknown, mut cut, mut jobs) = (0, 0, 0, 0, 0);
    while killed < wanted {
        let mut paid = Paid::new();
        let whole = undisturbed(&mut paid);
        for round in 1..=ROUNDS.min(wanted - killed) {
            ask(&mut paid, round);
            let mut face = paid.begin();
            if let Some(worker) = paid.worker(&mut face) {
                wait_until(Instant::now(), whole.mul_f64(chance.fraction()));
                killed += usize::from(paid.kill(worker));
            }
            face.wait().expect("it ends");
        }
        paid.settle();
        assert_eq!(paid.objections(), Vec::<String>::new());
        paid.enter("killed worker");
        jobs += paid.rows().len();
        let named = |row: &Generation| {
            row.job.name() != "done" && row.job.name() != "interrupted" && !Paid::is_cut(row)
        };
        let left: Vec<Generation> = paid.rows().into_iter().filter(named).collect();
        assert!(left.is_empty(), "neither made nor marked: {left:#?}");
        done += paid.count("done");
        unknown += paid.count("interrupted");
        cut += paid.cut_short();
    }
    figures(
        2,
        &format!(
            "{killed} workers killed with kill -9: {jobs} jobs, {done} made, {unknown} marked \
             as unknown, {cut} kept as the part that came; 0 POSTs without a row, 0 charged twice, 0 corrupt pictures, databases \
             sound"
        ),
    );
}
