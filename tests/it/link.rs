//! The line between a face and its worker, with a real one at its other end.

use std::collections::BTreeMap;
use std::slice;

use pentimento::domain::{Budget, Generation, Job, Request};
use pentimento::engine::link::{Link, Place, Report, Service, Terms};
use pentimento::engine::{new_id, now};
use pentimento::store::Store;

use crate::home::{DEADLINE, Home};
use crate::unlimited::Unlimited as _;

#[test]
fn what_is_asked_for_while_it_is_under_way_is_asked_for_once_more_and_made_once() {
    let home = Home::new();
    let mut store = Store::open(home.path()).expect("there is a history");
    let request = Request::new("a fox", "demo:painter".parse().expect("a model"));
    let generation = Generation::queued(new_id(), request, now());
    store.enqueue(slice::from_ref(&generation)).expect("it can be queued");
    let terms = Terms {
        parallel: 1,
        parallel_of: BTreeMap::new(),
        retry_on_503: false,
        budget: Budget::default(),
        keep_answers_days: 1,
        keep_metadata: false,
        base_url: "http://127.0.0.1:9".parse().expect("an address"),
    };
    let place = Place {
        program: env!("CARGO_BIN_EXE_pentimento").into(),
        dir: home.path().to_owned(),
        log: home.path().join("log"),
        terms,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let (link, mut reports) = Link::new(place);
        // It may have ended in the journal, and be in the queue again, before that is reported.
        link.run(generation.id, Service::Demo { moment: 0.0 });
        link.run(generation.id, Service::Demo { moment: 0.0 });
        let mut settled = 0;
        while settled < 2 {
            let report = tokio::time::timeout(DEADLINE, reports.recv()).await;
            let report = report.expect("it is asked for again").expect("the link is there");
            settled += usize::from(report == Report::Settled(generation.id));
        }
    });
    let made = store.get(generation.id).expect("it can be read").expect("it is there");
    assert_eq!((made.job, made.images.len()), (Job::Done, 1));
}
