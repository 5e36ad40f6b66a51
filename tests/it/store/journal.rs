//! The journal: every change applies once, to the state it is meant for.

use std::collections::BTreeMap;
use std::thread;

use pentimento::domain::{
    Charged, Cost, Failure, FailureKind, GenerationId, Image, Job, Text, Timestamp, Usage,
};
use pentimento::store::{Head, Outcome, Store};
use proptest::prelude::*;

use super::{asked, at, empty, worker};
use crate::unlimited::Unlimited as _;

fn free() -> Failure {
    Failure::before_sending(FailureKind::Unreachable, "No route.", "")
}

fn unknown() -> Failure {
    Failure::before_sending(FailureKind::OutcomeUnknown, "Cut off.", "").charged(Charged::Maybe)
}

fn ended(job: Job) -> Outcome {
    Outcome { job, usage: None, cost: None, words: None }
}

fn job(store: &Store, id: GenerationId) -> Job {
    store.get(id).unwrap().unwrap().job
}

#[test]
fn a_generation_goes_its_way_and_a_crash_after_any_step_loses_nothing() {
    let (dir, mut store) = empty();
    let generation = asked(1, "a fox");
    let id = generation.id;
    let again = |store: Store| {
        drop(store);
        Store::open(dir.path()).unwrap()
    };
    let attempt = |store: &Store| {
        let [found] = store.under_way().unwrap().try_into().unwrap();
        found.unwrap().attempt.unwrap()
    };

    store.enqueue(std::slice::from_ref(&generation)).unwrap();
    store = again(store);
    let [waiting] = store.under_way().unwrap().try_into().unwrap();
    assert_eq!(waiting.unwrap().attempt, None);

    assert_eq!(store.take_up(id, &worker(1), at(2)).unwrap(), Some(1));
    store = again(store);
    assert_eq!(job(&store, id), Job::Running { since: at(2), attempt: 1 });
    assert_eq!((attempt(&store).worker, attempt(&store).connected), (worker(1), None));

    let mut file = store.reserve(id, 1, 4).unwrap();
    assert!(store.connected(id, 1, at(3)).unwrap());
    assert!(!store.connected(id, 1, at(4)).unwrap(), "once");
    store = again(store);
    assert_eq!(attempt(&store).connected, Some(at(3)));

    let head = Head {
        status: 200,
        request_id: Some(Text::new("req_1")),
        length: Some(4),
        service: Some("https://api.example/".to_owned()),
    };
    assert!(store.head(id, 1, &head).unwrap());
    file.write(b"{{}}").unwrap();
    let answer = file.seal().unwrap();
    assert!(store.received(id, 1, &answer, at(5)).unwrap());
    store = again(store);
    assert_eq!(attempt(&store).head, Some(head));
    assert_eq!(attempt(&store).received.unwrap().answer, answer);

    let link = "https://example.org/1.png";
    let names = store.expect_images(id, 1, &[None, Some(link)]).unwrap();
    assert_eq!(names.iter().map(|name| name.index).collect::<Vec<_>>(), [0, 1]);
    store = again(store);
    assert_eq!(store.expect_images(id, 1, &[None, Some(link)]).unwrap(), names, "the same names");
    assert_eq!(job(&store, id), Job::Fetching { done: 0, of: 2 });

    let image = store.keep(&generation, 0, b"bytes").unwrap();
    store = again(store);
    assert_eq!(store.keep(&generation, 0, b"bytes").unwrap(), image, "kept before the crash");
    assert!(store.image_kept(&image).unwrap());
    assert!(!store.image_kept(&image).unwrap(), "once");
    assert!(store.image_lost(names[1], &free()).unwrap());
    assert!(!store.image_lost(names[0], &free()).unwrap(), "it is kept");
    store = again(store);
    assert_eq!(job(&store, id), Job::Fetching { done: 1, of: 2 });
    let [expected] = store.expected_images(id).unwrap().try_into().unwrap();
    assert_eq!((expected.id, expected.link.as_deref()), (names[1], Some(link)));
    assert_eq!(expected.failure, Some(free()));
    store.image_kept(&Image { id: names[1], ..image.clone() }).unwrap();

    let done = Outcome {
        job: Job::Done,
        usage: Some(Usage { total_tokens: Some(9), ..Usage::default() }),
        cost: Cost::from_usd(0.04),
        words: Some(Text::new("Here you are.")),
    };
    assert!(store.finish(id, 1, &done, at(9)).unwrap());
    assert!(!store.finish(id, 1, &ended(Job::Done), at(10)).unwrap(), "once");
    store = again(store);
    let kept = store.get(id).unwrap().unwrap();
    assert_eq!((kept.job, kept.finished), (Job::Done, Some(at(9))));
    assert_eq!((kept.usage, kept.cost, kept.words), (done.usage, done.cost, done.words));
    assert_eq!(kept.request_id, Some(Text::new("req_1")));
    assert_eq!(kept.images.len(), 2);
    assert_eq!(kept.images[0], image);
    assert!(store.under_way().unwrap().is_empty());
    assert_eq!(store.attempts(id).unwrap()[0].ended, Some(at(9)));
}

#[test]
fn only_what_certainly_cost_nothing_goes_back_into_the_queue() {
    let (_dir, mut store) = empty();
    let id = asked(1, "a fox").id;
    store.enqueue(&[asked(1, "a fox")]).unwrap();
    store.take_up(id, &worker(1), at(1)).unwrap();
    assert!(store.release(id, 1, &free(), at(2)).unwrap());
    assert_eq!(job(&store, id), Job::Queued);
    assert_eq!(store.take_up(id, &worker(1), at(3)).unwrap(), Some(2));
    store.connected(id, 2, at(4)).unwrap();
    assert!(!store.release(id, 1, &free(), at(5)).unwrap(), "that attempt has ended");
    assert!(!store.release(id, 2, &unknown(), at(5)).unwrap(), "it may have been charged");
    assert!(!store.resend(id).unwrap(), "it is under way");
    assert!(!store.cancel(id, at(5)).unwrap(), "it may have been sent");
    let interrupted = Job::Interrupted { failure: unknown() };
    assert!(store.finish(id, 2, &ended(interrupted.clone()), at(6)).unwrap());
    assert_eq!(job(&store, id), interrupted);

    let attempts = store.attempts(id).unwrap();
    let sent = attempts.iter().filter(|attempt| attempt.connected.is_some()).count();
    assert_eq!((attempts.len(), sent), (2, 1));
    assert_eq!(attempts[0].failure, Some(free()));
    assert_eq!(attempts[1].failure, Some(unknown()));
}

#[test]
fn a_late_answer_is_read_without_sending_again() {
    let (_dir, mut store) = empty();
    let generation = asked(1, "a fox");
    let id = generation.id;
    store.enqueue(std::slice::from_ref(&generation)).unwrap();
    store.take_up(id, &worker(1), at(1)).unwrap();
    store.connected(id, 1, at(1)).unwrap();
    let interrupted = ended(Job::Interrupted { failure: unknown() });
    store.finish(id, 1, &interrupted, at(2)).unwrap();

    assert!(store.reopen(id, 1, &worker(2)).unwrap());
    assert!(!store.reopen(id, 1, &worker(3)).unwrap(), "once");
    let answer = store.reserve(id, 1, 0).unwrap().seal().unwrap();
    assert!(store.received(id, 1, &answer, at(3)).unwrap());
    assert_eq!(store.expect_images(id, 1, &[None]).unwrap().len(), 1);
    assert!(store.finish(id, 1, &interrupted, at(4)).unwrap());

    // Sent again by the user; then both answers come, and no picture is lost.
    assert!(store.resend(id).unwrap());
    assert_eq!(store.take_up(id, &worker(2), at(5)).unwrap(), Some(2));
    let second = store.expect_images(id, 2, &[None, None]).unwrap();
    assert_eq!(second.iter().map(|name| name.index).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(store.expect_images(id, 1, &[None]).unwrap()[0].index, 0);
    assert_eq!(job(&store, id), Job::Fetching { done: 0, of: 2 });
    assert!(store.expect_images(id, 3, &[None]).unwrap().is_empty(), "no such attempt");
}

#[test]
fn what_a_gone_worker_left_is_taken_over_by_one() {
    let (_dir, mut store) = empty();
    let id = asked(1, "a fox").id;
    store.enqueue(&[asked(1, "a fox")]).unwrap();
    store.take_up(id, &worker(1), at(1)).unwrap();
    assert!(store.take_over(id, 1, &worker(1), &worker(2)).unwrap());
    assert!(!store.take_over(id, 1, &worker(1), &worker(3)).unwrap());
    assert_eq!(store.attempts(id).unwrap()[0].worker, worker(2));
}

#[test]
fn of_many_workers_one_takes_each_generation() {
    let (dir, mut store) = empty();
    let all: Vec<_> = (0..24).map(|n| asked(n, "a fox")).collect();
    store.enqueue(&all).unwrap();
    let claimed: usize = thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|pid| {
                let (dir, all) = (dir.path(), &all);
                scope.spawn(move || {
                    let mut store = Store::open(dir).unwrap();
                    let claim = |generation: &pentimento::domain::Generation| {
                        store.take_up(generation.id, &worker(pid), at(1)).unwrap()
                    };
                    all.iter().filter_map(claim).count()
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    assert_eq!(claimed, all.len());
    for generation in &all {
        assert_eq!(store.attempts(generation.id).unwrap().len(), 1);
    }
}

#[test]
fn a_batch_is_queued_whole_or_not_at_all() {
    let (_dir, mut store) = empty();
    store.enqueue(&[asked(1, "a fox")]).unwrap();
    store.enqueue(&[asked(2, "a hare"), asked(1, "a fox")]).unwrap_err();
    assert_eq!(store.get(asked(2, "").id).unwrap(), None);
}

#[derive(Clone, Debug)]
enum Step {
    Enqueue,
    Claim,
    Connected,
    Release,
    Expect,
    Finish,
    Fail,
    Cancel,
    Resend,
    Reopen,
    Crash,
}

fn step() -> impl Strategy<Value = (u32, u32, Step)> {
    use Step::{
        Cancel, Claim, Connected, Crash, Enqueue, Expect, Fail, Finish, Release, Reopen, Resend,
    };
    let steps = [
        Enqueue, Enqueue, Claim, Claim, Claim, Connected, Release, Expect, Finish, Fail, Fail,
        Cancel, Resend, Resend, Reopen, Crash,
    ];
    (0..3_u32, 0..8_u32, prop::sample::select(steps.to_vec()))
}

/// A generation in the map: the name of its state, and its attempts with whether each
/// has connected.
#[derive(Default)]
struct Model {
    state: &'static str,
    connected: Vec<bool>,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_journal_is_a_plain_map_whatever_is_done_to_it(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let (dir, mut store) = empty();
        let mut map: BTreeMap<u32, Model> = BTreeMap::new();
        for (n, back, step) in steps {
            let id = asked(n, "a fox").id;
            let known = map.contains_key(&n);
            let mut none = Model::default();
            let model = map.get_mut(&n).unwrap_or(&mut none);
            let last = model.connected.len() as u32;
            // Mostly the last attempt, sometimes one that is over.
            let number = if back == 0 { last.saturating_sub(1) } else { last };
            let current = known && number == last && last > 0;
            let (running, over) = (
                current && model.state == "running",
                current && ["failed", "interrupted"].contains(&model.state),
            );
            let under_way = running || (current && model.state == "fetching");
            let now: Timestamp = at(n);
            match step {
                Step::Enqueue => {
                    prop_assert_eq!(store.enqueue(&[asked(n, "a fox")]).is_ok(), !known);
                    map.entry(n).or_insert(Model { state: "queued", connected: Vec::new() });
                }
                Step::Claim => {
                    let expected = (model.state == "queued").then_some(last + 1);
                    prop_assert_eq!(store.take_up(id, &worker(1), now).unwrap(), expected);
                    if expected.is_some() {
                        model.state = "running";
                        model.connected.push(false);
                    }
                }
                Step::Connected => {
                    let first = under_way && !model.connected[number as usize - 1];
                    prop_assert_eq!(store.connected(id, number, now).unwrap(), first);
                    if first {
                        model.connected[number as usize - 1] = true;
                    }
                }
                Step::Release => {
                    prop_assert_eq!(store.release(id, number, &free(), now).unwrap(), running);
                    if running {
                        model.state = "queued";
                    }
                }
                Step::Expect => {
                    store.expect_images(id, number, &[None]).unwrap();
                    if running {
                        model.state = "fetching";
                    }
                }
                Step::Finish => {
                    let done = ended(Job::Done);
                    // What was taken for lost is done all the same when it comes.
                    let comes = under_way || over;
                    prop_assert_eq!(store.finish(id, number, &done, now).unwrap(), comes);
                    if comes {
                        model.state = "done";
                    }
                }
                Step::Fail => {
                    let failed = ended(Job::Failed { failure: unknown() });
                    prop_assert_eq!(store.finish(id, number, &failed, now).unwrap(), under_way);
                    if under_way {
                        model.state = "failed";
                    }
                }
                Step::Cancel => {
                    let queued = model.state == "queued";
                    prop_assert_eq!(store.cancel(id, now).unwrap(), queued);
                    if queued {
                        model.state = "cancelled";
                    }
                }
                Step::Resend => {
                    let ended = ["failed", "interrupted"].contains(&model.state);
                    prop_assert_eq!(store.resend(id).unwrap(), ended);
                    if ended {
                        model.state = "queued";
                    }
                }
                Step::Reopen => {
                    prop_assert_eq!(store.reopen(id, number, &worker(2)).unwrap(), over);
                    if over {
                        model.state = "running";
                    }
                }
                Step::Crash => store = Store::open(dir.path()).unwrap(),
            }
        }
        for (n, model) in &map {
            let id = asked(*n, "a fox").id;
            prop_assert_eq!(job(&store, id).name(), model.state);
            let attempts = store.attempts(id).unwrap();
            let connected: Vec<_> = attempts.iter().map(|a| a.connected.is_some()).collect();
            prop_assert_eq!(&connected, &model.connected);
        }
        let open = map.values().filter(|m| ["queued", "running", "fetching"].contains(&m.state));
        prop_assert_eq!(store.under_way().unwrap().len(), open.count());
        store.check().unwrap();
    }
}
