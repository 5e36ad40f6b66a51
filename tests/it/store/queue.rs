//! The order of the queue, what is paused, and who takes a generation up.

use std::thread;

use pentimento::domain::{
    Failure, FailureKind, GenerationId, Job, Move, Pause, Pauses, Request, Timestamp,
};
use pentimento::store::{Claim, Limit, Outcome, Store, WorkerId};
use proptest::prelude::*;

use super::{asked, at, empty, worker};
use crate::unlimited::Unlimited as _;

/// The prompts of what waits, in its order.
fn order(store: &Store) -> Vec<String> {
    let (line, _) = store.line(100).unwrap();
    line.into_iter().filter(|it| it.job == Job::Queued).map(|it| it.request.prompt).collect()
}

/// Takes one up where so many of its provider may be under way.
fn claim(store: &mut Store, id: GenerationId, parallel: u32) -> Claim {
    store.claim(id, &worker(1), at(9), Limit { parallel, lives: &|_| true }).unwrap()
}

fn end(store: &mut Store, id: GenerationId, attempt: u32, job: Job) {
    let outcome = Outcome { job, usage: None, cost: None, words: None };
    assert!(store.finish(id, attempt, &outcome, at(20)).unwrap());
}

fn failed() -> Job {
    Job::Failed { failure: Failure::before_sending(FailureKind::Key, "No.", "") }
}

#[test]
fn what_waits_is_moved_and_stays_where_it_was_moved_to() {
    let (dir, mut store) = empty();
    let all: Vec<_> = ["a", "b", "c", "d"].iter().zip(1..).map(|(p, n)| asked(n, p)).collect();
    store.enqueue(&all).unwrap();
    let id = |n: usize| all[n].id;
    assert!(store.move_in_line(id(2), Move::Up).unwrap());
    assert_eq!(order(&store), ["a", "c", "b", "d"]);
    assert!(store.move_in_line(id(0), Move::Down).unwrap());
    assert_eq!(order(&store), ["c", "a", "b", "d"]);
    assert!(store.move_in_line(id(3), Move::First).unwrap());
    assert_eq!(order(&store), ["d", "c", "a", "b"]);
    assert!(!store.move_in_line(id(3), Move::First).unwrap(), "it is the first");
    assert!(!store.move_in_line(id(3), Move::Up).unwrap(), "it is the first");
    assert!(!store.move_in_line(id(1), Move::Down).unwrap(), "it is the last");

    drop(store);
    let mut store = Store::open(dir.path()).unwrap();
    assert_eq!(order(&store), ["d", "c", "a", "b"], "another process sees the same");
    // What comes later stands behind all of them.
    store.enqueue(&[asked(5, "e")]).unwrap();
    assert_eq!(order(&store), ["d", "c", "a", "b", "e"]);
    // What is under way is not moved, and has its place again when it comes back.
    assert_eq!(claim(&mut store, id(2), 9), Claim::Taken(1));
    assert!(!store.move_in_line(id(2), Move::Down).unwrap());
    assert!(store.move_in_line(id(1), Move::First).unwrap());
    let free = Failure::before_sending(FailureKind::RateLimit, "Later.", "");
    assert!(store.release(id(2), 1, &free, at(9)).unwrap());
    assert_eq!(order(&store), ["b", "d", "c", "a", "e"]);
    assert_eq!(
        store.next_in_line(2, |wanted| wanted != id(3)).unwrap(),
        [id(1), id(2)],
        "the first of those that are wanted"
    );
}

#[test]
fn what_is_sent_again_stands_at_the_end_and_before_what_comes_later() {
    let (_dir, mut store) = empty();
    store.enqueue(&[asked(1, "a"), asked(2, "b")]).unwrap();
    let id = asked(1, "").id;
    assert_eq!(claim(&mut store, id, 9), Claim::Taken(1));
    end(&mut store, id, 1, failed());
    assert!(store.resend(id).unwrap());
    assert_eq!(order(&store), ["b", "a"]);
    store.enqueue(&[asked(3, "c")]).unwrap();
    assert_eq!(order(&store), ["b", "a", "c"]);
}

#[test]
fn nothing_is_taken_up_that_is_paused() {
    let (dir, mut store) = empty();
    store.enqueue(&[asked(1, "a fox")]).unwrap();
    let id = asked(1, "").id;
    for pause in [Pause::All, Pause::Provider("demo".to_owned())] {
        assert!(store.pause(&pause).unwrap());
        assert!(!store.pause(&pause).unwrap(), "it is already");
        assert_eq!(claim(&mut store, id, 9), Claim::Waits);
        drop(store);
        store = Store::open(dir.path()).unwrap();
        assert_eq!(store.pauses().unwrap(), Pauses::from_iter([pause.clone()]));
        assert_eq!(claim(&mut store, id, 9), Claim::Waits, "in every process");
        assert!(store.resume(&pause).unwrap());
        assert!(!store.resume(&pause).unwrap(), "it is not");
    }
    store.pause(&Pause::Provider("openai".to_owned())).unwrap();
    assert_eq!(claim(&mut store, id, 9), Claim::Taken(1), "another provider is no matter");
    assert_eq!(store.attempts(id).unwrap().len(), 1);
}

#[test]
fn one_that_cannot_be_read_does_not_hold_up_the_others() {
    let (dir, mut store) = empty();
    let all = [asked(1, "damaged"), asked(2, "whole")];
    store.enqueue(&all).unwrap();
    assert_eq!(claim(&mut store, all[0].id, 9), Claim::Taken(1));
    let db = rusqlite::Connection::open(dir.path().join("history.db")).unwrap();
    // As a disk damages it: no trigger sees that.
    let triggers: Vec<(String, String)> = db
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for (name, _) in &triggers {
        db.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    db.execute("UPDATE generations SET request = '{' WHERE state = 'running'", []).unwrap();
    for (_, sql) in &triggers {
        db.execute_batch(sql).unwrap();
    }
    assert_eq!(store.busy("demo", &|_| true).unwrap(), 0, "nobody knows whose it is");
    assert_eq!(claim(&mut store, all[1].id, 1), Claim::Taken(1));
}

#[test]
fn no_number_of_processes_takes_up_more_of_a_provider_than_it_is_to_have() {
    let (dir, mut store) = empty();
    let all: Vec<_> = (0..24).map(|n| asked(n, "a fox")).collect();
    store.enqueue(&all).unwrap();
    let taken: usize = thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|pid| {
                let (dir, all) = (dir.path(), &all);
                scope.spawn(move || {
                    let mut store = Store::open(dir).unwrap();
                    let limit = Limit { parallel: 5, lives: &|_| true };
                    let mut claim = |id| store.claim(id, &worker(pid), at(1), limit).unwrap();
                    all.iter().filter(|it| matches!(claim(it.id), Claim::Taken(_))).count()
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    assert_eq!(taken, 5);
    assert_eq!(store.busy("demo", &|_| true).unwrap(), 5);
    assert_eq!(store.busy("openai", &|_| true).unwrap(), 0);
    // What a worker holds that is gone stands in nobody's way.
    let waits = all.iter().find(|it| store.attempts(it.id).unwrap().is_empty()).unwrap().id;
    let limit = Limit { parallel: 5, lives: &|worker: &WorkerId| worker.pid > 3 };
    assert_eq!(store.claim(waits, &worker(9), at(2), limit).unwrap(), Claim::Taken(1));
}

#[test]
fn how_long_a_model_usually_takes_is_the_middle_of_what_it_took() {
    let (_dir, mut store) = empty();
    let painter = "demo:painter".parse().unwrap();
    assert_eq!(store.usual_seconds(&painter).unwrap(), None);
    for (n, seconds) in [(1, 4), (2, 100), (3, 6)] {
        let generation = asked(n, "a fox");
        store.enqueue(std::slice::from_ref(&generation)).unwrap();
        assert_eq!(claim(&mut store, generation.id, 9), Claim::Taken(1));
        store.connected(generation.id, 1, at(100)).unwrap();
        let outcome = Outcome { job: Job::Done, usage: None, cost: None, words: None };
        store.finish(generation.id, 1, &outcome, at(100 + seconds)).unwrap();
    }
    assert_eq!(store.usual_seconds(&painter).unwrap(), Some(6.0));
    // One of a name that begins the same is another model.
    let other = pentimento::domain::Generation::queued(
        asked(9, "").id,
        Request::new("a fox", "demo:painter-two".parse().unwrap()),
        at(9),
    );
    store.enqueue(std::slice::from_ref(&other)).unwrap();
    assert_eq!(store.usual_seconds(&other.request.model).unwrap(), None);
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Move(usize, Move),
    Pause(bool),
    Resume(bool),
    Claim(usize),
    Finish(usize),
    Fail(usize),
    Cancel(usize),
    Resend(usize),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let to = || prop_oneof![Just(Move::Up), Just(Move::Down), Just(Move::First)];
    let nth = || 0_usize..6;
    prop_oneof![
        4 => (nth(), to()).prop_map(|(nth, to)| Step::Move(nth, to)),
        1 => any::<bool>().prop_map(Step::Pause),
        2 => any::<bool>().prop_map(Step::Resume),
        5 => nth().prop_map(Step::Claim),
        2 => nth().prop_map(Step::Finish),
        1 => nth().prop_map(Step::Fail),
        1 => nth().prop_map(Step::Cancel),
        1 => nth().prop_map(Step::Resend),
        1 => Just(Step::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Against a plain list: whatever is moved, paused, cancelled or ended, each job is asked
    /// for once unless the user sends it again, in the order of the list, and never while it
    /// is paused or one too many.
    #[test]
    fn the_queue_is_a_plain_list_whatever_is_done_to_it(
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let (dir, mut store) = empty();
        let all: Vec<_> = (0..6_u32).map(|n| asked(n, &n.to_string())).collect();
        store.enqueue(&all).unwrap();
        let mut line: Vec<usize> = (0..6).collect();
        let mut running: Vec<usize> = Vec::new();
        let mut paused = [false; 2];
        // How often each may have been asked for, and how often it was.
        let (mut allowed, mut taken) = ([1_u32; 6], [0_u32; 6]);
        let mut over = [false; 6];
        let pause = |all| if all { Pause::All } else { Pause::Provider("demo".to_owned()) };
        for step in steps {
            match step {
                Step::Move(nth, to) => {
                    let place = line.iter().position(|it| *it == nth);
                    let other = place.and_then(|place| match to {
                        Move::Up => place.checked_sub(1),
                        Move::Down => Some(place + 1).filter(|next| *next < line.len()),
                        Move::First => (place > 0).then_some(0),
                    });
                    let moved = store.move_in_line(all[nth].id, to).unwrap();
                    prop_assert_eq!(moved, other.is_some());
                    if let (Some(place), Some(other)) = (place, other) {
                        let it = line.remove(place);
                        line.insert(other, it);
                    }
                }
                Step::Pause(which) => {
                    prop_assert_eq!(store.pause(&pause(which)).unwrap(), !paused[usize::from(which)]);
                    paused[usize::from(which)] = true;
                }
                Step::Resume(which) => {
                    prop_assert_eq!(store.resume(&pause(which)).unwrap(), paused[usize::from(which)]);
                    paused[usize::from(which)] = false;
                }
                Step::Claim(nth) => {
                    let claimed = claim(&mut store, all[nth].id, 2);
                    let waits = paused != [false; 2] || running.len() >= 2;
                    match line.iter().position(|it| *it == nth) {
                        None => prop_assert_eq!(claimed, Claim::Gone),
                        Some(_) if waits => prop_assert_eq!(claimed, Claim::Waits),
                        Some(place) => {
                            taken[nth] += 1;
                            prop_assert_eq!(claimed, Claim::Taken(taken[nth]));
                            line.remove(place);
                            running.push(nth);
                        }
                    }
                }
                Step::Finish(nth) | Step::Fail(nth) if running.contains(&nth) => {
                    let job = if matches!(step, Step::Fail(_)) { failed() } else { Job::Done };
                    over[nth] = matches!(step, Step::Fail(_));
                    end(&mut store, all[nth].id, taken[nth], job);
                    running.retain(|it| *it != nth);
                }
                Step::Finish(_) | Step::Fail(_) => {}
                Step::Cancel(nth) => {
                    let waits = line.contains(&nth);
                    prop_assert_eq!(store.cancel(all[nth].id, Timestamp::default()).unwrap(), waits);
                    line.retain(|it| *it != nth);
                }
                Step::Resend(nth) => {
                    let is_over = std::mem::take(&mut over[nth]);
                    prop_assert_eq!(store.resend(all[nth].id).unwrap(), is_over);
                    if is_over {
                        allowed[nth] += 1;
                        line.push(nth);
                    }
                }
                Step::Reopen => {
                    drop(store);
                    store = Store::open(dir.path()).unwrap();
                }
            }
            let expected: Vec<String> = line.iter().map(ToString::to_string).collect();
            prop_assert_eq!(order(&store), expected);
            prop_assert!(taken.iter().zip(allowed).all(|(taken, allowed)| *taken <= allowed));
        }
    }
}
