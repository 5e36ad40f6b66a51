//! Promises 1, 2, 4 and 7 under every order of events.
//!
//! What is tried is chosen by chance; what must hold is the judge of [`Paid`]: the model
//! is what the service has sold, and which pictures that was.

use std::cell::Cell;
use std::process::Child;
use std::sync::{Arc, Mutex};

use proptest::prelude::{Just, Strategy, prop_assert_eq, prop_oneof};
use proptest::test_runner::{Config, RngSeed, TestRunner};

use super::paid::{Manner, Paid};
use super::{figures, times};
use crate::home::wait_for;
use crate::server::{Received, Reply};

/// What can happen to a history.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// A request is put into the queue.
    Ask(Manner),
    /// A face has all of it made that waits.
    Make,
    /// Two faces at once do.
    MakeTwice,
    /// A face does, and it and its worker die at this step.
    Crash(Step),
    /// A face does, its worker dies at this step, and it starts another.
    LoseWorker(Step),
    /// One is taken back.
    Cancel(usize),
    /// One is sent again, whatever it costs.
    Resend(usize),
}

/// How far a request has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    /// It is with the service, which says nothing.
    Asked,
    /// The head of the answer is noted.
    Head,
    /// Half of the answer is on the disk.
    Half,
    /// All of it is, and the line still open.
    Whole,
    /// A picture behind an address is asked for.
    Link,
    /// Half of such a picture has come.
    HalfLink,
}

const STEPS: [Step; 6] =
    [Step::Asked, Step::Head, Step::Half, Step::Whole, Step::Link, Step::HalfLink];

fn event() -> impl Strategy<Value = Event> {
    // What is held is held by a step instead.
    let manners: Vec<_> = Manner::ALL.into_iter().filter(|one| *one != Manner::Held).collect();
    let manner = proptest::sample::select(manners);
    let step = || proptest::sample::select(STEPS.to_vec());
    prop_oneof![
        6 => manner.prop_map(Event::Ask),
        2 => Just(Event::Make),
        1 => Just(Event::MakeTwice),
        3 => step().prop_map(Event::Crash),
        2 => step().prop_map(Event::LoseWorker),
        1 => (0..8_usize).prop_map(Event::Cancel),
        2 => (0..8_usize).prop_map(Event::Resend),
    ]
}

/// Where the service stops, if it does.
type Stop = Arc<Mutex<Option<Step>>>;

/// The reply, unless the service stops before its end.
fn up_to(stop: Option<Step>, request: &Received, reply: Reply) -> Reply {
    let length = reply.length();
    if length == 0 {
        return reply;
    }
    let is_post = request.method == "POST";
    match stop {
        Some(Step::Asked) if is_post => reply.hang(),
        Some(Step::Head) if is_post => reply.stall_after(0),
        Some(Step::Half) if is_post => reply.stall_after(length / 2),
        Some(Step::Whole) if is_post => reply.open_ended().stall_after(length),
        Some(Step::Link) if !is_post => reply.hang(),
        Some(Step::HalfLink) if !is_post => reply.stall_after(length / 2),
        _ => reply,
    }
}

/// A history in the hands of chance.
struct Machine {
    paid: Paid,
    stop: Stop,
    asked: usize,
}

impl Machine {
    fn new() -> Self {
        let stop = Stop::default();
        let told = Arc::clone(&stop);
        let paid =
            Paid::with(move |request, reply| up_to(*told.lock().expect("whole"), request, reply));
        Self { paid, stop, asked: 0 }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Ask(manner) => {
                self.paid.ask(&format!("{manner:?} {}", self.asked));
                self.asked += 1;
            }
            Event::Make => {
                self.paid.begin().wait().expect("it ends");
            }
            Event::MakeTwice => {
                let (mut one, mut other) = (self.paid.begin(), self.paid.begin());
                one.wait().and(other.wait()).expect("they end");
            }
            Event::Crash(step) => {
                let mut face = self.run_to(step);
                face.kill().and_then(|()| face.wait()).expect("a child can be killed");
                self.kill_workers();
            }
            Event::LoseWorker(step) => {
                let mut face = self.run_to(step);
                *self.stop.lock().expect("whole") = None;
                self.paid.home.kill_workers();
                face.wait().expect("it ends");
            }
            Event::Cancel(nth) => {
                if let Some(row) = self.paid.rows().get(nth) {
                    self.paid.cancel(row.id);
                }
            }
            Event::Resend(nth) => {
                if let Some(row) = self.paid.rows().get(nth) {
                    self.paid.resend(row.id);
                }
            }
        }
        *self.stop.lock().expect("whole") = None;
    }

    /// Begins to make what waits, until a request has come as far as `step`, or all of
    /// them to their ends.
    fn run_to(&self, step: Step) -> Child {
        *self.stop.lock().expect("whole") = Some(step);
        let before = self.paid.server.count();
        let mut face = self.paid.begin();
        wait_for("a step, or the end", || {
            let ended = face.try_wait().expect("a child can be asked").is_some();
            (ended || self.has_come_to(step, before)).then_some(())
        });
        face
    }

    fn has_come_to(&self, step: Step, before: usize) -> bool {
        let store = &self.paid.store;
        match step {
            Step::Asked => self.paid.server.count() > before,
            Step::Head => {
                let mut open = store.under_way().expect("it can be read").into_iter().flatten();
                open.any(|one| one.attempt.is_some_and(|attempt| attempt.head.is_some()))
            }
            Step::Half | Step::Whole => {
                let waiting = store.waiting_answers().expect("the inbox can be read");
                waiting.iter().any(|answer| !answer.sealed && answer.bytes > 0)
            }
            Step::Link | Step::HalfLink => {
                self.paid.server.requests()[before..].iter().any(|one| one.method == "GET")
            }
        }
    }

    fn kill_workers(&self) {
        wait_for("the workers to die", || (self.paid.home.kill_workers() == 0).then_some(()));
    }
}

#[test]
fn no_order_of_events_loses_a_picture_or_pays_for_one_twice() {
    let cases = times(8, 500) as u32;
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 20,
        rng_seed: RngSeed::Fixed(7),
        ..Config::default()
    };
    let events = proptest::collection::vec(event(), 1..=times(7, 12));
    let (played, jobs) = (Cell::new(0), Cell::new(0));
    let held = TestRunner::new(config).run(&events, |events| {
        let mut machine = Machine::new();
        for event in &events {
            machine.happen(*event);
            prop_assert_eq!(machine.paid.overcharges(), Vec::<String>::new());
        }
        machine.paid.settle();
        prop_assert_eq!(machine.paid.objections(), Vec::<String>::new());
        machine.paid.enter("machine");
        played.set(played.get() + events.len());
        jobs.set(jobs.get() + machine.asked);
        Ok(())
    });
    held.unwrap_or_else(|error| panic!("{error}"));
    figures(
        7,
        &format!(
            "{cases} histories of {} events by chance, {} jobs: every charge has a row, every \
             whole answer is pictures, 0 charged twice unasked",
            played.get(),
            jobs.get()
        ),
    );
}
