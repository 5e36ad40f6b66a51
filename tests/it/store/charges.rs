//! What was spent, and budgets that nobody exceeds.

use std::collections::BTreeMap;
use std::thread;

use pentimento::domain::{
    Allowance, Budget, Charged, Consent, Cost, Failure, FailureKind, Generation, GenerationId, Job,
    Sum, Timestamp, Verdict,
};
use pentimento::store::{Outcome, Store};
use proptest::prelude::*;
use tempfile::TempDir;

use super::{asked, at, empty, raw, worker};
use crate::unlimited::Unlimited as _;

/// Before and after everything.
fn ever() -> std::ops::Range<Timestamp> {
    Timestamp::from_millis(i64::MIN)..Timestamp::from_millis(i64::MAX)
}

fn cents(cents: u64) -> Cost {
    Cost::from_micros(cents * 10_000)
}

/// Generation number `n`, which is to cost so many cents.
fn priced(n: u32, estimate: Option<u64>) -> Generation {
    Generation { estimate: estimate.map(cents), ..asked(n, "a fox") }
}

/// At most so many cents a day, with the user's consent.
fn a_day(limit: u64) -> Allowance {
    let budget = Budget { per_day: Some(cents(limit)), ask_at: 100, ..Budget::default() };
    Allowance { budget, consent: Consent::Given, now: at(0) }
}

fn failed(charged: Charged) -> Job {
    let failure = Failure::before_sending(FailureKind::Rejected, "It failed.", "");
    Job::Failed { failure: failure.charged(charged) }
}

/// Takes a generation up and ends it so.
fn end(store: &mut Store, id: GenerationId, job: Job, cost: Option<u64>) {
    let attempt = store.take_up(id, &worker(1), at(1)).unwrap().expect("it is in the queue");
    let outcome = Outcome { job, usage: None, cost: cost.map(cents), words: None };
    assert!(store.finish(id, attempt, &outcome, at(2)).unwrap());
}

#[test]
fn what_is_ordered_is_reserved_and_settled_by_what_it_cost() {
    let (_dir, mut store) = empty();
    let all = [priced(1, Some(4)), priced(2, Some(5)), priced(3, None), priced(4, Some(7))];
    store.enqueue(&all).unwrap();
    let reserved = Sum { settled: Cost::FREE, estimated: cents(16), unknown: 1 };
    assert_eq!(store.spent(ever()).unwrap(), reserved);
    end(&mut store, all[0].id, Job::Done, Some(3));
    end(&mut store, all[1].id, Job::Done, None);
    end(&mut store, all[2].id, Job::Done, Some(9));
    assert!(store.cancel(all[3].id, at(3)).unwrap());
    let settled = Sum { settled: cents(12), estimated: cents(5), unknown: 0 };
    assert_eq!(store.spent(ever()).unwrap(), settled);
    assert_eq!(store.spent(at(1)..at(2)).unwrap().settled, cents(3));
    assert_eq!(store.first_charge(at(2)).unwrap(), Some(at(2)));
}

#[test]
fn a_failure_gives_back_what_it_did_not_cost_and_nothing_else() {
    for (charged, left) in [(Charged::No, 0), (Charged::Maybe, 4), (Charged::Yes, 4)] {
        let (_dir, mut store) = empty();
        let fox = priced(1, Some(4));
        store.enqueue(std::slice::from_ref(&fox)).unwrap();
        end(&mut store, fox.id, failed(charged), None);
        assert_eq!(store.spent(ever()).unwrap().cost(), cents(left), "{charged:?}");
        // Sent again it is paid for again, and what may have been paid stays.
        let again = store.order_again(fox.id, Some(cents(6)), &a_day(1000)).unwrap();
        assert_eq!(again, Some(Verdict::Fits));
        assert_eq!(store.spent(ever()).unwrap().cost(), cents(left + 6), "{charged:?}");
        assert!(store.cancel(fox.id, at(3)).unwrap());
        assert_eq!(store.spent(ever()).unwrap().cost(), cents(left), "{charged:?}");
    }
}

#[test]
fn a_batch_over_the_budget_is_not_in_the_queue_at_all() {
    let (_dir, mut store) = empty();
    let batch = [priced(1, Some(30)), priced(2, Some(30))];
    let verdict = store.order(&batch, &a_day(50)).unwrap();
    let Verdict::Refused(bill) = verdict else { panic!("{verdict:?}") };
    let failure = bill.refusal();
    assert_eq!((failure.kind, failure.charged), (FailureKind::Budget, Charged::No));
    for words in ["about $0.60", "$0.50 a day", "after $0 today"] {
        assert!(failure.what.as_str().contains(words), "{} lacks {words}", failure.what);
    }
    assert!(failure.hint.as_str().contains("per_day in [budget]"), "{}", failure.hint);
    assert_eq!(store.get(batch[0].id).unwrap(), None);
    assert_eq!(store.order(&batch, &a_day(60)).unwrap(), Verdict::Fits);
    // What was the limit yesterday does not count tomorrow.
    let tomorrow = Allowance { now: at(2 * 86_400), ..a_day(60) };
    let later = Generation { created: at(2 * 86_400), ..priced(3, Some(60)) };
    assert!(matches!(store.order(&[priced(4, Some(1))], &a_day(60)).unwrap(), Verdict::Refused(_)));
    assert_eq!(store.order(&[later], &tomorrow).unwrap(), Verdict::Fits);
}

#[test]
fn what_was_made_before_prices_were_kept_is_of_unknown_price() {
    let dir = TempDir::new().unwrap();
    Store::open(dir.path()).unwrap().enqueue(&[asked(1, "a fox"), asked(2, "an owl")]).unwrap();
    raw(dir.path())
        .execute_batch(
            "DROP TRIGGER generations_ordered; DROP TRIGGER generations_charged;
             DROP VIEW charged; DROP TABLE charges;
             ALTER TABLE generations DROP COLUMN estimate;
             UPDATE generations SET request = replace(request, 'demo:painter', 'openai:x'),
                 cost = CASE seq WHEN 1 THEN 0.07 END, state = 'done', finished = 1;
             DROP VIEW searched;
             CREATE VIEW searched AS SELECT 1 AS seq, '' AS a, '' AS b, '' AS c, '' AS d;
             DROP INDEX generations_waiting; DROP INDEX generations_running; DROP TABLE pauses;
             ALTER TABLE generations DROP COLUMN turn;
             DROP INDEX generations_parent; DROP TABLE presets;
             ALTER TABLE generations DROP COLUMN batch;
             ALTER TABLE generations DROP COLUMN template;
             PRAGMA user_version = 3;",
        )
        .unwrap();
    let store = Store::open(dir.path()).unwrap();
    let sum = store.spent(ever()).unwrap();
    assert_eq!(sum, Sum { settled: cents(7), estimated: Cost::FREE, unknown: 1 });
    assert_eq!(sum.to_string(), "$0.07 and 1 of unknown price");
}

#[test]
fn sums_are_read_from_an_index_alone() {
    let (dir, mut store) = empty();
    store.enqueue(&[priced(1, Some(4))]).unwrap();
    assert_eq!(store.spent_by_model(ever()).unwrap()[0].0.as_str(), "demo:painter");
    let db = raw(dir.path());
    let sum = "EXPLAIN QUERY PLAN SELECT sum(cost), sum(estimate) FROM charges \
        INDEXED BY charges_standing WHERE NOT released AND at >= 1 AND at < 2";
    let plan: String = db.query_row(sum, [], |row| row.get("detail")).unwrap();
    assert!(plan.contains("COVERING INDEX charges_standing (at>? AND at<?)"), "{plan}");
}

#[test]
fn many_at_once_never_exceed_a_budget_together() {
    let (dir, _store) = empty();
    let dir = dir.path();
    let orders = 12;
    thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                let mut store = Store::open(dir).unwrap();
                for n in 0..orders {
                    let _ = store.order(&[priced(thread * 100 + n, Some(3))], &a_day(50)).unwrap();
                }
            });
        }
    });
    let store = Store::open(dir).unwrap();
    assert_eq!(store.spent(ever()).unwrap().estimated, cents(48), "16 of 3 fit into 50, 17 do not");
    assert_eq!(store.under_way().unwrap().len(), 16);
}

/// What one of several processes does.
#[derive(Clone, Debug)]
enum Step {
    Order(Vec<u64>),
    End { which: usize, charged: Option<Charged>, cost: Option<u64> },
    Again(usize),
    Cancel(usize),
}

fn steps() -> impl Strategy<Value = Vec<(usize, Step)>> {
    let charged = prop_oneof![Just(None), Just(Some(Charged::No)), Just(Some(Charged::Maybe))];
    // What a service charges is at most what was estimated.
    let cost = prop::option::of(0..1_u64);
    let step = prop_oneof![
        3 => prop::collection::vec(1..20_u64, 1..4).prop_map(Step::Order),
        2 => (0..64_usize, charged, cost)
            .prop_map(|(which, charged, cost)| Step::End { which, charged, cost }),
        1 => (0..64_usize).prop_map(Step::Again),
        1 => (0..64_usize).prop_map(Step::Cancel),
    ];
    prop::collection::vec((0..3_usize, step), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_interleaving_of_processes_exceeds_the_budget(steps in steps(), limit in 1..80_u64) {
        let dir = TempDir::new().unwrap();
        let mut stores: Vec<Store> = (0..3).map(|_| Store::open(dir.path()).unwrap()).collect();
        // By a plain book: what each order may have cost, or nothing.
        let mut book: BTreeMap<(usize, u32), u64> = BTreeMap::new();
        let mut known: Vec<(GenerationId, u64, u32)> = Vec::new();
        let allowance = a_day(limit);
        for (process, step) in steps {
            let store = &mut stores[process];
            let spent: u64 = book.values().sum();
            match step {
                Step::Order(prices) => {
                    let first = known.len();
                    let batch: Vec<Generation> = (first..).zip(&prices)
                        .map(|(n, price)| priced(n as u32, Some(*price)))
                        .collect();
                    let fits = spent + prices.iter().sum::<u64>() <= limit;
                    prop_assert_eq!(store.order(&batch, &allowance).unwrap() == Verdict::Fits, fits);
                    if fits {
                        for (generation, price) in batch.iter().zip(prices) {
                            book.insert((known.len(), 0), price);
                            known.push((generation.id, price, 0));
                        }
                    }
                }
                Step::End { which, charged, cost } if !known.is_empty() => {
                    let which = which % known.len();
                    let (id, price, order) = known[which];
                    let Some(attempt) = store.take_up(id, &worker(1), at(1)).unwrap() else { continue };
                    let cost = cost.map(|free| price * free);
                    let job = charged.map_or(Job::Done, failed);
                    let outcome = Outcome { job, usage: None, cost: cost.map(cents), words: None };
                    store.finish(id, attempt, &outcome, at(2)).unwrap();
                    let left = if charged == Some(Charged::No) { 0 } else { cost.unwrap_or(price) };
                    book.insert((which, order), left);
                }
                Step::Again(which) if !known.is_empty() => {
                    let which = which % known.len();
                    let (id, price, order) = known[which];
                    let again = store.order_again(id, Some(cents(price)), &allowance).unwrap();
                    if let Some(verdict) = again {
                        prop_assert_eq!(verdict == Verdict::Fits, spent + price <= limit);
                        if verdict == Verdict::Fits {
                            known[which].2 = order + 1;
                            book.insert((which, order + 1), price);
                        }
                    }
                }
                Step::Cancel(which) if !known.is_empty() => {
                    let which = which % known.len();
                    if store.cancel(known[which].0, at(3)).unwrap() {
                        book.insert((which, known[which].2), 0);
                    }
                }
                _ => {}
            }
            let spent: u64 = book.values().sum();
            prop_assert!(spent <= limit);
            prop_assert_eq!(stores[0].spent(ever()).unwrap().cost(), cents(spent));
        }
    }
}
