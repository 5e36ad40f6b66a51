//! Lines of a file: each is in the history once.

use pentimento::domain::{
    Allowance, Budget, Charged, Consent, Cost, Failure, FailureKind, Generation, Job, Request,
    Timestamp, Verdict,
};
use pentimento::store::{Line, Outcome, Store};

use super::{at, empty, worker};
use crate::unlimited::Unlimited as _;

fn request(prompt: &str) -> Request {
    Request::new(prompt, "demo:painter".parse().unwrap())
}

/// The row of a line that asks for `prompt`, as it would be made at `now`.
fn line(prompt: &str, before: u32, now: Timestamp) -> Generation {
    let request = request(prompt);
    let id = Line { file: b"prompts.txt", round: 1, request: &request, before }.id(now);
    let cents = Cost::from_micros(40_000);
    Generation { estimate: Some(cents), ..Generation::queued(id, request, now) }
}

fn unlimited() -> Allowance {
    Allowance { budget: Budget::default(), consent: Consent::Given, now: at(9) }
}

fn everything() -> std::ops::Range<Timestamp> {
    Timestamp::from_millis(i64::MIN)..Timestamp::from_millis(i64::MAX)
}

/// Takes a generation up and ends it so.
fn end(store: &mut Store, generation: &Generation, job: Job) {
    let attempt = store.take_up(generation.id, &worker(1), at(1)).unwrap().expect("it waits");
    let outcome = Outcome { job, usage: None, cost: None, words: None };
    assert!(store.finish(generation.id, attempt, &outcome, at(2)).unwrap());
}

fn failed(charged: Charged) -> Job {
    let failure = Failure::before_sending(FailureKind::Rejected, "It failed.", "");
    Job::Failed { failure: failure.charged(charged) }
}

#[test]
fn a_line_is_known_by_its_file_its_round_and_what_it_asks_for_whenever_it_is_read() {
    let (fox, owl) = (request("a fox"), request("an owl"));
    let one = Line { file: b"prompts.txt", round: 1, request: &fox, before: 0 };
    assert_eq!(one.id(at(1)).mark(), one.id(at(2)).mark());
    assert_ne!(one.id(at(1)), one.id(at(2)));
    assert_eq!(one.id(at(7)).created(), at(7), "it has its place in time as every id");
    for other in [
        Line { file: b"prompts.tx", ..one },
        Line { round: 2, ..one },
        Line { request: &owl, ..one },
        Line { before: 1, ..one },
    ] {
        assert_ne!(one.id(at(1)).mark(), other.id(at(1)).mark(), "{other:?}");
    }
}

#[test]
fn what_is_ordered_again_is_there_once_and_reserved_once() {
    let (_dir, mut store) = empty();
    let first = [line("a fox", 0, at(1)), line("an owl", 0, at(1))];
    assert_eq!(store.order_lines(&first, &unlimited()).unwrap(), Verdict::Fits);
    let later = [line("a fox", 0, at(5)), line("an owl", 0, at(5)), line("a fox", 1, at(5))];
    assert_eq!(store.order_lines(&later, &unlimited()).unwrap(), Verdict::Fits);
    let known = store.marked(later.iter().map(|it| it.id.mark())).unwrap();
    let ids: Vec<_> = later.iter().map(|it| known[&it.id.mark()]).collect();
    assert_eq!(ids, [first[0].id, first[1].id, later[2].id]);
    assert_eq!(store.spent(everything()).unwrap().estimated, Cost::from_micros(120_000));
}

#[test]
fn only_what_certainly_cost_nothing_goes_back_into_the_queue() {
    for (job, again) in [
        (Job::Done, false),
        (failed(Charged::No), true),
        (failed(Charged::Maybe), false),
        (failed(Charged::Yes), false),
        (
            Job::Interrupted {
                failure: Failure::before_sending(FailureKind::OutcomeUnknown, "Unknown.", ""),
            },
            false,
        ),
    ] {
        let (_dir, mut store) = empty();
        let fox = line("a fox", 0, at(1));
        store.order_lines(std::slice::from_ref(&fox), &unlimited()).unwrap();
        end(&mut store, &fox, job.clone());
        store.order_lines(&[line("a fox", 0, at(5))], &unlimited()).unwrap();
        let now = store.get(fox.id).unwrap().expect("it is there").job;
        assert_eq!(now == Job::Queued, again, "{job:?}");
    }
    let (_dir, mut store) = empty();
    let all = [line("a fox", 0, at(1)), line("an owl", 0, at(1))];
    store.order_lines(&all, &unlimited()).unwrap();
    end(&mut store, &all[0], Job::Done);
    store.cancel_all(&[all[0].id, all[1].id], at(3)).unwrap();
    assert_eq!(store.get(all[0].id).unwrap().expect("it is there").job, Job::Done);
    assert_eq!(store.get(all[1].id).unwrap().expect("it is there").job, Job::Cancelled);
    store.order_lines(&all, &unlimited()).unwrap();
    assert_eq!(store.get(all[1].id).unwrap().expect("it is there").job, Job::Queued);
    // What was taken back and ordered anew is reserved once.
    assert_eq!(store.spent(everything()).unwrap().estimated, Cost::from_micros(80_000));
}

#[test]
fn a_budget_is_judged_by_what_is_new_alone_and_nothing_is_ordered_beyond_it() {
    let (_dir, mut store) = empty();
    let day = Budget { per_day: Some(Cost::from_micros(80_000)), ask_at: 100, ..Budget::default() };
    let allowance = Allowance { budget: day, ..unlimited() };
    let lines: Vec<Generation> = (0..3).map(|before| line("a fox", before, at(9))).collect();
    assert_eq!(store.order_lines(&lines[..2], &allowance).unwrap(), Verdict::Fits);
    assert_eq!(store.order_lines(&lines[..2], &allowance).unwrap(), Verdict::Fits);
    assert!(matches!(store.order_lines(&lines, &allowance).unwrap(), Verdict::Refused(_)));
    assert_eq!(store.marked(lines.iter().map(|it| it.id.mark())).unwrap().len(), 2);
}

#[test]
fn a_history_made_again_from_receipts_still_knows_its_lines() {
    let (dir, mut store) = empty();
    let fox = line("a fox", 0, at(1));
    store.order_lines(std::slice::from_ref(&fox), &unlimited()).unwrap();
    end(&mut store, &fox, Job::Done);
    store.write_receipt(&store.get(fox.id).unwrap().expect("it is there")).unwrap();
    drop(store);
    Store::set_aside(dir.path(), at(7)).unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    store.rebuild().unwrap();
    let again = line("a fox", 0, at(9));
    store.order_lines(std::slice::from_ref(&again), &unlimited()).unwrap();
    assert_eq!(store.marked([again.id.mark()]).unwrap()[&again.id.mark()], fox.id);
    assert_eq!(store.get(again.id).unwrap(), None);
}
